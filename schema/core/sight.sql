-- SPDX-License-Identifier: Apache-2.0
-- Why somebody sees what he sees (R139), whose prices he sees (D.14), and contacts opened for a while with a reason (R137).
-- The matrix itself: core.visibility and core.visibility_case; how it reaches lists: core/project.sql.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R137.minutes', '2000-01-01', 15, 'minute', 1, 60),
  ('R137.notice', '2000-01-01', 20, 'count', 1, 1000),              -- of one user in a day: the auditors are told
  ('R137.day', '2000-01-01', 60, 'count', 1, 1000)                  -- and no more
on conflict (name, valid_from) do nothing;

-- D.14 for stewards and data-protection officers, and the rows without an open right. A steward compares people, hence everybody
-- masked; what he must see of a pair his desk shows. 'F on request' of the pool: masked, opened by a request (R137).
insert into core.visibility (state, viewer, level)
select s, v.viewer, v.level::core.see_level from unnest(enum_range(null::core.right_state)) s,
  (values ('steward', 'MASKED'), ('dpo', 'FULL')) v(viewer, level)
on conflict (state, viewer) do nothing;
insert into core.visibility_case (kind, viewer, level) values
  ('pool', 'seat', 'NONE'), ('pool', 'manager', 'NONE'), ('pool', 'colleague', 'NONE'), ('pool', 'other', 'VERDICT'), ('pool', 'marketer', 'NONE'),
  ('pool', 'router', 'FULL'), ('pool', 'arbiter', 'NONE'), ('pool', 'auditor', 'NONE'), ('pool', 'steward', 'MASKED'), ('pool', 'dpo', 'MASKED'),
  ('pool', 'system', 'NONE'),
  ('erased', 'seat', 'NONE'), ('erased', 'manager', 'NONE'), ('erased', 'colleague', 'NONE'), ('erased', 'other', 'VERDICT'), ('erased', 'marketer', 'NONE'),
  ('erased', 'router', 'NONE'), ('erased', 'arbiter', 'NONE'), ('erased', 'auditor', 'NONE'), ('erased', 'steward', 'NONE'), ('erased', 'dpo', 'NONE'),
  ('erased', 'system', 'NONE')
on conflict (kind, viewer) do nothing;

create function core.case_level(p_kind text, p_viewer text) returns core.see_level
language plpgsql stable as $$
begin
    return (select c.level from core.visibility_case c where c.kind = p_kind and c.viewer = p_viewer);
end $$;
comment on function core.case_level(text, text) is 'One cell of D.14 for people without an open right: pool, erased. source: R133';

create function core.prices_seen(p_party bigint) returns core.competition_group[]
language plpgsql stable security definer set search_path = '' as $$
begin
    if session.role_bit() in (16, 512) then return enum_range(null::core.competition_group); end if;
    return (select coalesce(array_agg(distinct g.grp), '{}') from core.ownership o join core.line_group g on g.line = o.line
            where o.party_id = p_party and o.dealer_id = session.dealer() and o.seat_id = session.staff());
end $$;
comment on function core.prices_seen(bigint) is $$
The groups of lines whose prices the caller sees of a person: a manager all, a seat those of its own rights; of another line it sees
the facts - dates, mileage, what was done - without prices.    source: D.14, row CUSTOMER$$;

create function core.is_price_seen(p_groups core.competition_group[], p_line core.line) returns boolean
language sql immutable as $$
select (case when core.is_aftersales(p_line) then 'AFTERSALES' else 'SALES' end)::core.competition_group = any (p_groups) $$;
comment on function core.is_price_seen(core.competition_group[], core.line) is 'Whether a line''s prices are among those seen. in: core.prices_seen';

-- --- unmasking (R137) -----------------------------------------------------------------------------------------------

create function core.unmasked_until(p_party bigint) returns timestamptz
language plpgsql stable security definer set search_path = '' as $$
begin
    return (select max(g.until_at) from core.unmask_grant g
            where g.party_id = p_party and g.staff_id = session.staff() and g.dealer_id = coalesce(session.dealer(), 0) and g.until_at > core.now());
end $$;
comment on function core.unmasked_until(bigint) is 'Until when the caller has a masked person''s contacts open; NULL when he has not. source: R137';

create function core.contacts_opened(p_party bigint) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    -- the grant opens what is masked, nothing that is hidden: a right lost meanwhile takes it with it
    if core.unmasked_until(p_party) is null or core.level_for(p_party) < 'MASKED' or core.is_offer_only(p_party) then return null; end if;
    return (select coalesce(json_agg(json_build_object('id', c.public_id, 'kind', c.kind, 'value', c.value, 'is_primary', c.place = 1,
                'is_valid', c.is_valid) order by c.kind, c.place), '[]')
            from (select x.*, row_number() over (partition by x.kind order by x.is_primary desc, x.contact_id) as place from core.contact_point x
                  where x.party_id = p_party and (session.dealer() is null or core.is_given(x, session.dealer()))) c);
end $$;
comment on function core.contacts_opened(bigint) is $$
A masked person's contacts in full, for a caller who opened them with a reason; NULL for everybody else.    source: R137, R148$$;

create function core.is_offer_only(p_party bigint) returns boolean
language plpgsql stable security definer set search_path = '' as $$
begin
    return session.dealer() is not null and not exists (select from core.ownership o where o.party_id = p_party and o.dealer_id = session.dealer()
                                                        and o.state not in ('OFFERED', 'CLOSED'));
end $$;
comment on function core.is_offer_only(bigint) is 'Whether the caller''s dealer knows this person by an offer alone: masked until accepted, without exception. source: R148';

create function core.unmask(p_party bigint, p_public uuid, p_reason text, p_note text) returns timestamptz
language plpgsql volatile as $$
declare v_staff bigint := session.staff(); day_count bigint; v_until timestamptz; s core.staff;
begin
    if core.is_offer_only(p_party) then perform core.fail('ZC148'); end if;
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('unmask' || v_staff, 3));       -- the count is exact
    select count(*) into day_count from core.unmask_grant g where g.staff_id = v_staff and g.at > core.now() - interval '1 day';
    if day_count >= core.policy_int('R137.day') then perform core.fail('ZC137'); end if;
    v_until := core.now() + make_interval(mins => core.policy_int('R137.minutes'));
    insert into core.unmask_grant (staff_id, dealer_id, party_id, reason, note, at, until_at)
    values (v_staff, coalesce(session.dealer(), 0), p_party, p_reason, p_note, core.now(), v_until);
    perform core.ledger_add('contact.unmask', p_public::text, p_party, 'R137', jsonb_build_object('reason', p_reason, 'of_day', day_count + 1));
    if day_count + 1 = core.policy_int('R137.notice') then
        select f.* into s from core.staff f where f.staff_id = v_staff;
        perform core.notify_limit(s.public_id, 'unmask', interval '1 day');
        perform core.ledger_add('unmask.many', s.public_id::text, null, 'R137', jsonb_build_object('of_day', day_count + 1));
    end if;
    return v_until;
end $$;
comment on function core.unmask(bigint, uuid, text, text) is $$
Open a masked person's contacts for the caller; counted, in the ledger, the auditors told of many.
out: until when    errors: ZC148 an offer stays masked, ZC137 the day's number is used up    source: R137, N14$$;

-- --- why do I (not) see this? (R139) ----------------------------------------------------------------------------------

create type core.sight_reason as (viewer text, level core.see_level, rule text, state core.right_state, brand_id int, line core.line,
    since timestamptz, until timestamptz);
comment on type core.sight_reason is 'One cell of the matrix that decides for the caller: which, since when, until when.';

create function core.sight_reasons(p_party bigint) returns setof core.sight_reason
language plpgsql stable security definer set search_path = '' as $$
declare bit int := session.role_bit(); d int := session.dealer(); v_viewer text;
begin
    if core.level_for(p_party) < 'MASKED' then return; end if;
    if d is not null then
        return query select x.viewer, case x.viewer when 'queue' then greatest(core.level_of(o.state, 'colleague'), least(core.level_of(o.state, 'seat'), 'MASKED'))
                else core.level_of(o.state, x.viewer) end,
            case when o.state = 'GRACE' then 'R15' when o.state = 'OFFERED' then 'R148' when o.state = 'CLOSED' and o.changed_at <= core.now() - make_interval(days => core.policy_int('D14.closed')) then 'R129' else 'R133' end, o.state, o.brand_id::int, o.line, o.since,
            case o.state when 'OFFERED' then o.accept_until when 'GRACE' then o.free_from when 'DISPUTED' then null
                 when 'CLOSED' then core.listed_until(o.dealer_id, o.party_id, o.changed_at) else o.protect_until end
        from (select y.* from core.ownership y where y.party_id = p_party and y.dealer_id = d and (y.state <> 'CLOSED' or core.is_listed(y))
              union all select y.* from core.former_rights(d, p_party) y) o
        cross join lateral (select case when bit = 16 then 'manager' when bit = 512 then 'system' when o.seat_id = session.staff() then 'seat'
                                        when o.seat_id is null then 'queue' else 'colleague' end as viewer) x
        order by o.since desc limit 50;
    else
        v_viewer := session.role_name();
        return query select v_viewer, core.level_of(o.state, v_viewer), 'R133', o.state, o.brand_id::int, o.line, o.since,
            case o.state when 'OFFERED' then o.accept_until when 'GRACE' then o.free_from else o.protect_until end
        from core.ownership o where o.party_id = p_party and (o.state <> 'CLOSED' or bit in (1024, 2048)) order by o.since desc limit 50;
        if not found then
            return query select v_viewer, core.case_level('pool', v_viewer), 'R6', null::core.right_state, null::int, null::core.line,
                null::timestamptz, null::timestamptz;
        end if;
    end if;
    return query select 'unmask', 'FULL'::core.see_level, 'R137', null::core.right_state, null::int, null::core.line, g.at, g.until_at
        from core.unmask_grant g where g.party_id = p_party and g.staff_id = session.staff() and g.until_at > core.now() order by g.until_at desc limit 1;
end $$;
comment on function core.sight_reasons(bigint) is $$
Every reason for which the caller sees a person as he does: his dealer's own rights by the cell of the matrix, head office's by role,
contacts opened for a while.    out: nothing when he may not see the person    source: R139$$;
