-- SPDX-License-Identifier: Apache-2.0
-- The projection after the clock: nothing but rights changed, so nothing but what rights show is renewed, for many pairs at once.
-- A test holds it against core.project.

create function core.project_rights(p_dealers int[], p_parties bigint[]) returns int
language plpgsql volatile security definer set search_path = '' set enable_seqscan = off set plan_cache_mode = force_custom_plan set work_mem = '64MB' as $$
declare n int;
begin
    with v as materialized (
        select x.state, max(x.level) filter (where x.viewer = 'manager') as manager, max(x.level) filter (where x.viewer = 'colleague') as colleague,
            max(x.level) filter (where x.viewer = 'seat') as seat from core.visibility x group by x.state),
    pair as materialized (select distinct u.d, u.p from unnest(p_dealers, p_parties) u(d, p)),
    seen as materialized (
        select c.d, c.p, o.ownership_id, o.state, o.brand_id, o.line, o.seat_id, o.protect_until, v.manager, v.colleague, v.seat,
            row_number() over (partition by c.d, c.p order by case o.state when 'HELD' then 1 when 'ACTIVE' then 2 when 'CUSTOMER' then 3
                when 'DISPUTED' then 4 when 'PENDING' then 5 when 'OFFERED' then 6 when 'GRACE' then 7 else 8 end, o.since desc) as place
        from pair c cross join lateral (select y.* from core.ownership y where y.party_id = c.p and y.dealer_id = c.d
            and (y.state <> 'CLOSED' or core.is_listed(y)) offset 0) o
        join v on v.state = o.state),
    shown as (
        select s.d, s.p, max(s.manager) as manager,
            max(greatest(s.colleague, case when s.seat_id is null then least(s.seat, 'MASKED'::core.see_level) end)) as colleague,
            coalesce(array_agg(distinct s.seat_id) filter (where s.seat = 'FULL' and s.seat_id is not null), '{}') as seat_ids,
            coalesce(array_agg(distinct s.seat_id) filter (where s.seat = 'MASKED' and s.seat_id is not null), '{}') as masked_seat_ids,
            max(s.ownership_id) filter (where s.place = 1) as lead
        from seen s group by s.d, s.p)
    update core.dealer_party t set state = l.state, brand_id = l.brand_id, line = l.line, seat_id = l.seat_id, seat_public_id = f.public_id, seat_name = f.name,
        seat_ids = h.seat_ids, masked_seat_ids = h.masked_seat_ids, protect_until = l.protect_until, manager_level = h.manager, colleague_level = h.colleague,
        updated_at = core.now()
    from shown h join seen l on l.d = h.d and l.p = h.p and l.place = 1 left join core.staff f on f.staff_id = l.seat_id
    where t.dealer_id = h.d and t.party_id = h.p
      and (t.state, t.brand_id, t.line, t.seat_id, t.seat_name, t.seat_ids, t.masked_seat_ids, t.protect_until, t.manager_level, t.colleague_level)
          is distinct from (l.state, l.brand_id, l.line, l.seat_id, f.name, h.seat_ids, h.masked_seat_ids, l.protect_until, h.manager, h.colleague);
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.project_rights(int[], bigint[]) is $$
Renew what the list shows of rights, for pairs that stay listed and whose person did not change: state, seat, term, levels.
in: arrays of equal length, duplicates allowed    out: rows changed    cost: a third of core.project    source: R133$$;
