-- SPDX-License-Identifier: Apache-2.0
-- The projection after the clock: nothing but rights changed, so nothing but what rights show is renewed, for many pairs at once.
-- A test holds it against core.project.

create function core.project_rights(p_dealers int[], p_parties bigint[]) returns int
language plpgsql volatile security definer set search_path = ''
-- pair by pair, by index, as core.project does: the trigger that calls this forbids nested loops, and a merge reads the whole list
set enable_nestloop = on set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan set work_mem = '64MB' as $$
declare n int;
begin
    with v as materialized (
        select x.state, max(x.level) filter (where x.viewer = 'manager') as manager, max(x.level) filter (where x.viewer = 'colleague') as colleague,
            max(x.level) filter (where x.viewer = 'seat') as seat from core.visibility x group by x.state),
    shown as materialized (
        select c.d, c.p, max(v.manager) as manager,
            max(greatest(v.colleague, case when (r.o).seat_id is null then least(v.seat, 'MASKED'::core.see_level) end)) as colleague,
            coalesce(array_agg(distinct (r.o).seat_id) filter (where v.seat = 'FULL' and (r.o).seat_id is not null), '{}') as seat_ids,
            coalesce(array_agg(distinct (r.o).seat_id) filter (where v.seat = 'MASKED' and (r.o).seat_id is not null), '{}') as masked_seat_ids,
            (array_agg(r.o order by case (r.o).state when 'HELD' then 1 when 'ACTIVE' then 2 when 'CUSTOMER' then 3 when 'DISPUTED' then 4
                when 'PENDING' then 5 when 'OFFERED' then 6 when 'GRACE' then 7 else 8 end, (r.o).since desc))[1] as lead
        from (select distinct u.d, u.p from unnest(p_dealers, p_parties) u(d, p)) c
        cross join lateral (select o from core.ownership o where o.party_id = c.p and o.dealer_id = c.d
            and (o.state <> 'CLOSED' or core.is_listed(o)) offset 0) r
        join v on v.state = (r.o).state group by c.d, c.p)
    update core.dealer_party t set state = (h.lead).state, brand_id = (h.lead).brand_id, line = (h.lead).line, seat_id = (h.lead).seat_id,
        seat_public_id = f.public_id, seat_name = f.name, seat_ids = h.seat_ids, masked_seat_ids = h.masked_seat_ids,
        protect_until = (h.lead).protect_until, manager_level = h.manager, colleague_level = h.colleague, updated_at = core.now()
    from shown h left join core.staff f on f.staff_id = (h.lead).seat_id
    where t.dealer_id = h.d and t.party_id = h.p
      and (t.state, t.brand_id, t.line, t.seat_id, t.seat_name, t.seat_ids, t.masked_seat_ids, t.protect_until, t.manager_level, t.colleague_level)
          is distinct from ((h.lead).state, (h.lead).brand_id, (h.lead).line, (h.lead).seat_id, f.name, h.seat_ids, h.masked_seat_ids,
                            (h.lead).protect_until, h.manager, h.colleague);
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.project_rights(int[], bigint[]) is $$
Renew what the list shows of rights, for pairs that stay listed and whose person did not change: state, seat, term, levels.
in: arrays of equal length, duplicates allowed    out: rows changed    cost: a third of core.project    source: R133$$;
