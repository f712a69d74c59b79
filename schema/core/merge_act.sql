-- SPDX-License-Identifier: Apache-2.0
-- The merge itself and its undo, each one transaction: every fact goes over, nothing is deleted that an undo needs, both ids resolve for
-- ever (R28, R29). No notice goes to the customer; what waits in campaigns is thinned to one.

create function core.party_fields(p core.party) returns jsonb
language sql stable as $$
select jsonb_build_object('name', p.name, 'surname', p.surname, 'given_name', p.given_name, 'patronymic', p.patronymic, 'sex', p.sex,
    'born_on', p.born_on, 'inn', p.inn, 'city', p.city, 'region', p.region, 'address', p.address, 'time_zone', p.time_zone,
    'household_id', p.household_id, 'is_opted_out', p.is_opted_out, 'has_complaint', p.has_complaint) $$;
comment on function core.party_fields(core.party) is 'What a merge chooses between and an undo gives back.';

create function core.party_set(p_party bigint, p_fields jsonb) returns void
language plpgsql volatile as $$
begin
    update core.party p set name = coalesce(f.name, p.name), surname = f.surname, given_name = f.given_name, patronymic = f.patronymic, sex = f.sex,
        born_on = f.born_on, inn = f.inn, city = f.city, region = f.region, address = f.address, time_zone = f.time_zone,
        household_id = f.household_id, is_opted_out = f.is_opted_out, has_complaint = f.has_complaint, version = p.version + 1, updated_at = core.now()
    from jsonb_to_record(p_fields) f (name text, surname text, given_name text, patronymic text, sex text, born_on date, inn text, city text, region text,
        address text, time_zone text, household_id bigint, is_opted_out boolean, has_complaint boolean)
    where p.party_id = p_party;
end $$;
comment on function core.party_set(bigint, jsonb) is 'Write the fields of core.party_fields.';

create function core.merge_fields(p_survivor core.party, p_merged core.party, p_choice jsonb) returns jsonb
language plpgsql stable as $$
declare s jsonb := core.party_fields(p_survivor); m jsonb := core.party_fields(p_merged); k text; side text;
begin
    foreach k in array '{name,sex,born_on,inn,city,region,address,time_zone,household_id}'::text[] loop
        side := p_choice ->> k;
        if side is not null and side not in ('survivor', 'merged') then perform core.fail('ZC402', 'fields'); end if;
        -- a gap is filled from the other side; a name is chosen whole
        if side = 'merged' or (side is null and s ->> k is null and k <> 'name') then
            s := s || jsonb_build_object(k, m -> k);
            if k = 'name' then
                s := s || jsonb_build_object('surname', m -> 'surname', 'given_name', m -> 'given_name', 'patronymic', m -> 'patronymic');
            end if;
        end if;
    end loop;
    if p_choice - '{name,sex,born_on,inn,city,region,address,time_zone,household_id}'::text[] <> '{}' then perform core.fail('ZC402', 'fields'); end if;
    return s || jsonb_build_object('is_opted_out', p_survivor.is_opted_out or p_merged.is_opted_out,
                                   'has_complaint', p_survivor.has_complaint or p_merged.has_complaint);
end $$;
comment on function core.merge_fields(core.party, core.party, jsonb) is $$
The fields of the one person: as chosen, gaps filled from the other side; an opt-out or complaint of either stands.
in: p_choice {field: 'survivor' | 'merged'}    errors: ZC402 fields    source: R28$$;

create function core.merge_do(p_survivor bigint, p_merged bigint, p_choice jsonb, p_duplicate bigint) returns core.merge
language plpgsql volatile security definer set search_path = '' as $$
declare s core.party; m core.party; g core.merge; t text; n int; moved jsonb := '{}'; v_rights jsonb; v_owners jsonb;
begin
    perform 1 from core.party p where p.party_id in (p_survivor, p_merged) order by p.party_id for update;
    select p.* into s from core.party p where p.party_id = p_survivor;
    select p.* into m from core.party p where p.party_id = p_merged;
    if s.party_id is null or m.party_id is null or s.party_id = m.party_id then perform core.fail('ZC404'); end if;
    if s.merged_into is not null or m.merged_into is not null then perform core.fail('ZC028'); end if;
    if s.kind <> m.kind then perform core.fail('ZC402', 'survivor'); end if;
    -- whose dealers knew only one side: their later rows go back with an undo
    select jsonb_build_object('survivor', coalesce(jsonb_agg(x.d) filter (where x.a and not x.b), '[]'), 'merged', coalesce(jsonb_agg(x.d) filter (where x.b and not x.a), '[]'))
    into v_owners from (
        select u.d, bool_or(u.p = p_survivor) as a, bool_or(u.p = p_merged) as b from (
            select o.dealer_id as d, o.party_id as p from core.ownership o where o.party_id in (p_survivor, p_merged) and o.state <> 'CLOSED'
            union select y.dealer_id, y.party_id from core.party_summary y where y.party_id in (p_survivor, p_merged)) u where u.d > 0 group by u.d) x;
    insert into core.merge (survivor_id, merged_id, duplicate_id, merged_by, merged_at, alone_until, before, result, owners)
    values (p_survivor, p_merged, p_duplicate, session.staff(), core.now(), core.now() + make_interval(days => core.policy_int('R29.undo')),
        jsonb_build_object('survivor', core.party_fields(s), 'merged', core.party_fields(m)), '{}', v_owners)
    returning * into g;
    v_rights := core.merge_rights(g.merge_id, p_survivor, p_merged);
    n := core.merge_consents(g.merge_id, p_survivor, p_merged);
    moved := jsonb_build_object('consents_withdrawn', n);
    perform core.merge_keys(g.merge_id, p_survivor, p_merged);
    perform core.merge_campaigns(p_survivor, p_merged);
    for t in select r.table_name from core.party_reference r where r.act = 'move' order by 1 loop
        n := core.rows_move(g.merge_id, t, p_merged, p_survivor);
        if n > 0 then moved := moved || jsonb_build_object(t, n); end if;
    end loop;
    perform core.party_set(p_survivor, core.merge_fields(s, m, p_choice));
    perform core.family_merge(g.merge_id, p_merged, p_survivor);
    update core.party p set merged_into = p_survivor, is_pool = false, version = p.version + 1, updated_at = core.now() where p.party_id = p_merged;
    update core.party_alias a set into_id = p_survivor where a.into_id = p_merged;
    insert into core.party_alias (public_id, into_id) values (m.public_id, p_survivor);
    -- other pairs of the merged person are pairs of the survivor now; a pair he has already is settled
    update core.duplicate d set state = 'MERGED', decided_at = core.now(), decided_by = session.staff(), ver = d.ver + 1
    where d.state = 'OPEN' and (d.duplicate_id = p_duplicate or (least(p_survivor, p_merged), greatest(p_survivor, p_merged)) = (d.party_low, d.party_high)
        or (p_merged in (d.party_low, d.party_high) and exists (select from core.duplicate y
            where (y.party_low, y.party_high) = (least(p_survivor, d.party_low + d.party_high - p_merged), greatest(p_survivor, d.party_low + d.party_high - p_merged)))));
    update core.duplicate d set party_low = least(p_survivor, d.party_low + d.party_high - p_merged),
        party_high = greatest(p_survivor, d.party_low + d.party_high - p_merged), ver = d.ver + 1
    where d.state = 'OPEN' and p_merged in (d.party_low, d.party_high);
    perform core.merge_sums(array[p_survivor, p_merged]);
    update core.merge x set result = jsonb_build_object('rights', v_rights, 'moved', moved) where x.merge_id = g.merge_id returning x.* into g;
    perform core.ledger_add('party.merge', g.public_id::text, p_survivor, 'R28', jsonb_build_object('merged', m.public_id, 'survivor', s.public_id,
        'moved', moved, 'rights', jsonb_array_length(v_rights)));
    return g;
end $$;
comment on function core.merge_do(bigint, bigint, jsonb, bigint) is $$
Make one person of two, whole and reversible.
in: who stays; who is merged into him; {field: 'survivor' | 'merged'}; the pair of the work list or NULL
out: the merge with what it did    errors: ZC404, ZC028 one of them is merged already, ZC402 a person and a company, or fields
guard: merge_one_life; both rows locked in order    cost: the rows of the merged person    source: R28$$;

create function core.merge_undo(p_merge bigint, p_reason text) returns core.merge
language plpgsql volatile security definer set search_path = '' as $$
declare g core.merge; t text; v_dealers int[]; k record; n int; given int := 0;
begin
    select x.* into g from core.merge x where x.merge_id = p_merge for update;
    if g.undone_at is not null then perform core.fail('ZC028'); end if;
    perform 1 from core.party p where p.party_id in (g.survivor_id, g.merged_id) order by p.party_id for update;
    -- what was merged later into or with the survivor is undone first
    if exists (select from core.party p where p.party_id = g.survivor_id and p.merged_into is not null)
       or exists (select from core.merge x where x.survivor_id = g.survivor_id and x.merge_id > g.merge_id and x.undone_at is null) then
        perform core.fail('ZC029');
    end if;
    v_dealers := array(select jsonb_array_elements_text(g.owners -> 'merged')::int);
    update core.party p set merged_into = null where p.party_id = g.merged_id;
    delete from core.party_alias a using core.party p where p.party_id = g.merged_id and a.public_id = p.public_id;
    with recursive below as (                          -- who had been merged into him before, at any depth
        select p.party_id, p.public_id from core.party p where p.merged_into = g.merged_id
        union select p.party_id, p.public_id from core.party p join below b on p.merged_into = b.party_id)
    update core.party_alias a set into_id = g.merged_id from below b where a.public_id = b.public_id;
    n := core.unmerge_rights(p_merge, g.survivor_id, g.merged_id);
    for t in select r.table_name from core.party_reference r where r.act = 'move' order by 1 loop
        given := given + core.rows_return(p_merge, t, g.survivor_id, g.merged_id, g.merged_at, v_dealers);
    end loop;
    update core.consent c set withdrawn_at = null from core.merge_row m where m.merge_id = p_merge and m.table_name = 'consent' and m.before is not null
        and c.consent_id = (m.key ->> 'consent_id')::bigint and c.withdrawn_at = g.merged_at;
    -- contacts and keys: the merged person's come back; what only dealers of his side brought since comes with them
    update core.contact_point c set party_id = g.merged_id, is_primary = (m.before ->> 'is_primary')::boolean, version = c.version + 1
    from core.merge_row m where m.merge_id = p_merge and m.table_name = 'contact_point' and c.contact_id = (m.key ->> 'contact_id')::bigint
        and c.party_id = g.survivor_id;
    update core.contact_point c set party_id = g.merged_id, is_primary = c.is_primary and not exists (select from core.contact_point y
            where y.party_id = g.merged_id and y.kind = c.kind and y.is_primary), version = c.version + 1
    where c.party_id = g.survivor_id and c.created_at > g.merged_at and c.source_dealer_id = any (v_dealers) and c.shared_ids <@ v_dealers
        and not exists (select from core.contact_point y where y.party_id = g.merged_id and y.kind = c.kind and y.value = c.value);
    update core.contact_point c set shared_ids = array(select jsonb_array_elements_text(m.before -> 'shared_ids')::int), version = c.version + 1
    from core.merge_row m where m.merge_id = p_merge and m.table_name = 'contact_shared' and c.contact_id = (m.key ->> 'contact_id')::bigint;
    for k in select x.* from core.merge_row m cross join lateral jsonb_populate_record(null::core.match_key, m.before) x
             where m.merge_id = p_merge and m.table_name = 'match_key' loop
        delete from core.match_key y where y.kind = k.kind and y.value = k.value and y.party_id = g.survivor_id and not exists (
            select from core.contact_point c where c.party_id = g.survivor_id and c.kind::text = k.kind::text and c.value = k.value)
            and not exists (select from core.merge_row o where o.merge_id = p_merge and o.table_name = 'contact_shared'
                            and o.key ->> 'contact_id' in (select c.contact_id::text from core.contact_point c where c.party_id = g.survivor_id and c.value = k.value))
            and not exists (select from core.vehicle_owner o join core.vehicle v on v.vehicle_id = o.vehicle_id
                            where o.party_id = g.survivor_id and o.to_on is null and k.value in (v.vin, v.plate));
        insert into core.match_key (kind, value, party_id, surname_key, is_exact)
        select k.kind, k.value, g.merged_id, k.surname_key, k.is_exact and not exists (
            select from core.match_key y where y.kind = k.kind and y.value = k.value and y.surname_key = k.surname_key and y.is_exact)
        on conflict do nothing;
    end loop;
    perform core.party_set(g.survivor_id, core.party_fields(p) || core.unmerged_fields(g, p)) from core.party p where p.party_id = g.survivor_id;
    perform core.family_part(p_merge, g.survivor_id, g.merged_id);
    update core.duplicate d set state = 'SEPARATE', decided_at = core.now(), decided_by = session.staff(), ver = d.ver + 1
    where (d.party_low, d.party_high) = (least(g.survivor_id, g.merged_id), greatest(g.survivor_id, g.merged_id));
    perform core.merge_sums(array[g.survivor_id, g.merged_id]);
    update core.merge x set undone_at = core.now(), undone_by = session.staff(), reason = left(btrim(p_reason), 400) where x.merge_id = p_merge returning x.* into g;
    perform core.ledger_add('party.unmerge', g.public_id::text, g.survivor_id, 'R29', jsonb_build_object('rights', n, 'rows', given));
    return g;
end $$;
comment on function core.merge_undo(bigint, text) is $$
Make two persons of one again: rights, seats, consents, tasks, documents, contacts and keys as they were; what came since goes to the side
that its dealer knew, else it stays. Campaign locks stay with the survivor until they end.
errors: ZC028 undone already, ZC029 a later merge of the same person must be undone first    source: R29$$;

create function core.unmerged_fields(p_merge core.merge, p core.party) returns jsonb
language sql stable as $$
-- a field that the merge set and nobody changed since is as before
select coalesce(jsonb_object_agg(b.key, b.value), '{}')
from jsonb_each(p_merge.before -> 'survivor') b
where core.party_fields(p) -> b.key is distinct from b.value
  and (core.party_fields(p) -> b.key = p_merge.before -> 'merged' -> b.key or b.key in ('is_opted_out', 'has_complaint'))
  and not (b.key = 'is_opted_out' and p.is_opted_out and exists (select from core.consent c where c.party_id = p.party_id
           and c.purpose = 'ADVERTISING' and c.withdrawn_at > p_merge.merged_at)) $$;
comment on function core.unmerged_fields(core.merge, core.party) is 'The survivor''s fields that an undo puts back: those the merge took from the other and nobody edited since.';

create function core.unmerge_approved(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile as $$
begin
    perform core.merge_undo(g.merge_id, a.detail ->> 'reason') from core.merge g, core.approval a where g.public_id = p_subject and a.approval_id = p_approval;
end $$;
comment on function core.unmerge_approved(uuid, bigint) is 'A second person granted that a merge is taken back after its thirty days. source: R29';
