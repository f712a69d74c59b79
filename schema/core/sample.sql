-- SPDX-License-Identifier: Apache-2.0
-- Samples (R56): a share of manual activities that prolonged a right; head office asks the client one question. A false one takes back
-- what it prolonged and counts against the seat.

create function core.is_sampled(p_id uuid, p_permille int) returns boolean
language sql immutable as $$ select ('x' || substr(md5('sample' || p_id), 1, 6))::bit(24)::int % 1000 < p_permille $$;
comment on function core.is_sampled(uuid, int) is 'Whether this activity is of the sample: by its number alone, so the same for ever. in: parts of a thousand. source: R56';

create function core.sample_take(p_interaction bigint, p_public uuid, p_party bigint, p_dealer int, p_staff bigint, p_rights bigint[], p_before timestamptz[])
returns boolean language plpgsql volatile as $$
begin
    if cardinality(p_rights) = 0 or not core.is_sampled(p_public, core.policy_int('R56.sample')) then return false; end if;
    insert into core.sample (interaction_id, party_id, dealer_id, staff_id, rights, before_at)
    values (p_interaction, p_party, p_dealer, p_staff, p_rights, p_before) on conflict do nothing;
    return found;
end $$;
comment on function core.sample_take(bigint, uuid, bigint, int, bigint, bigint[], timestamptz[]) is
'Put a manual activity that prolonged rights into the sample when its number says so. in: rights and the terms they had before. source: R56';

create function core.sample_void(p_sample core.sample) returns int
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; n int := 0; i record; v_left timestamptz; v_kept core.interaction;
begin
    update core.interaction x set is_qualifying = false where x.interaction_id = p_sample.interaction_id returning x.* into v_kept;
    for i in select u.id, u.before_at from unnest(p_sample.rights, p_sample.before_at) u(id, before_at) order by u.id loop
        select x.* into o from core.ownership x where x.ownership_id = i.id for update;
        continue when o.ownership_id is null or o.state <> 'ACTIVE' or o.protect_until is null or o.limit_until is null;
        -- what it has without this activity: the term before it, and what later ones that count carry
        select greatest(i.before_at, max(core.term_end(o.dealer_id, x.at, core.policy_int('P4.' || o.line)))) into v_left
        from core.interaction x where x.party_id = o.party_id and x.dealer_id = o.dealer_id and x.is_qualifying and x.at >= v_kept.at
          and core.is_of_line(x.kind, o.line);
        v_left := least(v_left, o.limit_until, o.protect_until);
        if o.parked_on is not null then v_left := greatest(v_left, least(o.protect_until, core.day_end(o.dealer_id, o.parked_on + core.policy_int('R55.after')))); end if;
        if v_left < o.protect_until then
            o.protect_until := v_left;
            o.prolonged_on := null;
            o := core.right_change(o, 'void_activity');
            n := n + 1;
        end if;
    end loop;
    insert into core.seat_mark (dealer_id, staff_id, kind, ownership_id, subject, rule)
    values (p_sample.dealer_id, p_sample.staff_id, 'false_activity', p_sample.rights[1], p_sample.public_id::text, 'R56');
    return n;
end $$;
comment on function core.sample_void(core.sample) is $$
The client denies it: the activity no longer counts, the rights fall back to what other activities carry, a mark against the seat.
out: rights shortened    source: R56, R121$$;
