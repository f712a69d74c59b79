-- SPDX-License-Identifier: Apache-2.0
-- What a list row shows of rights, after the clock: nothing else changed, so nothing else is renewed, for many pairs at once, and a term
-- that ran out is told by the row itself. Tests hold both against core.project.

create function core.lead_no(p_state core.right_state) returns int language sql immutable as $$
select case p_state when 'HELD' then 1 when 'ACTIVE' then 2 when 'CUSTOMER' then 3 when 'DISPUTED' then 4 when 'PENDING' then 5 when 'OFFERED' then 6
    when 'GRACE' then 7 else 8 end $$;
comment on function core.lead_no(core.right_state) is 'Which of a dealer''s rights on a person leads his list row: the lowest; of equals the one that lasts longest, then the latest.';

create function core.term_no(p_right core.ownership) returns timestamptz language sql immutable as $$
select case when p_right.state in ('ACTIVE', 'CUSTOMER') then coalesce(p_right.protect_until, 'infinity') else '-infinity' end $$;
comment on function core.term_no(core.ownership) is 'How long a right runs that the clock will end; -infinity for the others.';

create function core.term_shown(p_right core.ownership, p_last timestamptz) returns timestamptz
language sql stable as $$
select case when p_right.state in ('ACTIVE', 'CUSTOMER') and core.term_no(p_right) >= p_last then core.term_no(p_right) else 'infinity' end $$;
comment on function core.term_shown(core.ownership, timestamptz) is $$
From when on a list row shows its right as GRACE without being written: its term, when none of the dealer's other rights on the person runs
longer. Else the row is renewed then, for another will lead.
in: the leading right; the longest term of them all, NULL when one is in a state that leads GRACE and has no term    source: R14, 0110_term_shown.sql$$;

create function core.grace_level(p_is_queued boolean) returns core.see_level
language plpgsql stable as $$
begin
    return greatest(core.level_of('GRACE', 'colleague'), case when p_is_queued then least(core.level_of('GRACE', 'seat'), 'MASKED'::core.see_level) end);
end $$;
comment on function core.grace_level(boolean) is $$
What colleagues see of a person once the terms are over. What seats and the manager see does not change.
in: whether one of the rights is of the queue, which stays masked    source: D.14$$;

create function core.project_rights(p_dealers int[], p_parties bigint[]) returns int
language plpgsql volatile security definer set search_path = ''
-- pair by pair, by index, as core.project does: the trigger that calls this forbids nested loops, and a merge reads the whole list
set enable_nestloop = on set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan set work_mem = '64MB' as $$
declare n int;
begin
    with v as materialized (
        select x.state, max(x.level) filter (where x.viewer = 'manager') as manager, max(x.level) filter (where x.viewer = 'colleague') as colleague,
            max(x.level) filter (where x.viewer = 'seat') as seat from core.visibility x group by x.state),
    g as materialized (select core.grace_level(true) as queued, core.grace_level(false) as seated),
    shown as materialized (
        select c.d, c.p, bool_or((r.o).seat_id is null) as is_queued,
            case when bool_and((r.o).state in ('ACTIVE', 'CUSTOMER', 'GRACE', 'CLOSED')) then max(core.term_no(r.o)) end as last, max(v.manager) as manager,
            max(greatest(v.colleague, case when (r.o).seat_id is null then least(v.seat, 'MASKED'::core.see_level) end)) as colleague,
            coalesce(array_agg(distinct (r.o).seat_id) filter (where v.seat = 'FULL' and (r.o).seat_id is not null), '{}') as seat_ids,
            coalesce(array_agg(distinct (r.o).seat_id) filter (where v.seat = 'MASKED' and (r.o).seat_id is not null), '{}') as masked_seat_ids,
            (array_agg(r.o order by core.lead_no((r.o).state), core.term_no(r.o) desc, (r.o).since desc))[1] as lead
        from (select distinct u.d, u.p from unnest(p_dealers, p_parties) u(d, p)) c
        cross join lateral (select o from core.ownership o where o.party_id = c.p and o.dealer_id = c.d
            and (o.state <> 'CLOSED' or core.is_listed(o)) offset 0) r
        join v on v.state = (r.o).state group by c.d, c.p)
    update core.dealer_party t set state = (h.lead).state, brand_id = (h.lead).brand_id, line = (h.lead).line, seat_id = (h.lead).seat_id,
        seat_public_id = f.public_id, seat_name = f.name, seat_ids = h.seat_ids, masked_seat_ids = h.masked_seat_ids,
        protect_until = (h.lead).protect_until, manager_level = h.manager, colleague_level = h.colleague,
        ends_at = core.term_shown(h.lead, h.last), grace_level = case when h.is_queued then g.queued else g.seated end, updated_at = core.now()
    from g, shown h left join core.staff f on f.staff_id = (h.lead).seat_id
    where t.dealer_id = h.d and t.party_id = h.p
      and (t.state, t.brand_id, t.line, t.seat_id, t.seat_name, t.seat_ids, t.masked_seat_ids, t.protect_until, t.manager_level, t.colleague_level, t.ends_at)
          is distinct from ((h.lead).state, (h.lead).brand_id, (h.lead).line, (h.lead).seat_id, f.name, h.seat_ids, h.masked_seat_ids,
                            (h.lead).protect_until, h.manager, h.colleague, core.term_shown(h.lead, h.last));
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.project_rights(int[], bigint[]) is $$
Renew what the list shows of rights, for pairs that stay listed and whose person did not change: state, seat, term, levels.
in: arrays of equal length, duplicates allowed    out: rows changed    cost: a third of core.project    source: R133$$;

create function core.project_ended(p_dealers int[], p_parties bigint[], p_terms timestamptz[]) returns int
language plpgsql volatile security definer set search_path = ''
set enable_nestloop = on set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
declare d int[]; p bigint[];
begin
    select array_agg(u.d), array_agg(u.p) into d, p from unnest(p_dealers, p_parties, p_terms) u(d, p, term)
    left join core.dealer_party t on t.dealer_id = u.d and t.party_id = u.p
    -- a row that tells its own end has none of its rights running longer, and shows none that ends before
    where (t.ends_at >= u.term and t.ends_at < 'infinity') is not true;
    return case when d is not null then core.project_rights(d, p) else 0 end;
end $$;
comment on function core.project_ended(int[], bigint[], timestamptz[]) is $$
Rights whose terms ran out: most list rows tell it themselves (0110_term_shown.sql), the others are renewed.
in: arrays of equal length; p_terms what has run out    out: rows changed    cost: one look at a row    source: R14, R133$$;
