-- SPDX-License-Identifier: Apache-2.0
-- The projection of many new people at once; see project.sql.

-- The same for many people at once who are all new: a list that is brought in.
create function core.project_fresh(p_dealers int[], p_parties bigint[]) returns boolean
language plpgsql volatile set search_path = ''
set enable_nestloop = on set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
begin
    if exists (select from unnest(p_parties) u(p) where
            (select count(*) from core.ownership o where o.party_id = u.p and o.state <> 'CLOSED' and o.seat_id is null) <> 1
            or exists (select from core.ownership o where o.party_id = u.p and o.state = 'CLOSED')
            or exists (select from core.dealer_party t where t.party_id = u.p) or exists (select from core.vehicle_owner v where v.party_id = u.p and v.to_on is null)
            or exists (select from core.party_summary s where s.party_id = u.p) or exists (select from core.task t where t.party_id = u.p)) then
        return false;
    end if;
    insert into core.dealer_party (dealer_id, party_id, public_id, kind, name, name_sort, name_search, city, phone, phone_masked,
        email, email_masked, abc, state, brand_id, line, protect_until, manager_level, colleague_level, ends_at, grace_level,
        order_count, order_kopecks, updated_at)
    select u.d, u.p, p.public_id, p.kind, p.name, core.name_key(p.name), p.name_search, p.city, k.phone, core.phone_mask(k.phone), k.email, core.email_mask(k.email),
        p.abc, o.state, o.brand_id, o.line, o.protect_until, v.manager, greatest(v.colleague, least(v.seat, 'MASKED'::core.see_level)),
        core.term_shown(o, core.term_no(o)), core.grace_level(o.seat_id is null), 0, 0, core.now()
    from unnest(p_dealers, p_parties) u(d, p) join core.party p on p.party_id = u.p join core.ownership o on o.party_id = u.p
    join (select y.state, max(y.level) filter (where y.viewer = 'manager') as manager, max(y.level) filter (where y.viewer = 'colleague') as colleague,
              max(y.level) filter (where y.viewer = 'seat') as seat from core.visibility y group by y.state) v on v.state = o.state
    left join lateral (
        select (array_agg(x.value order by x.is_primary desc, x.contact_id) filter (where x.kind = 'PHONE'))[1] as phone,
               (array_agg(x.value order by x.is_primary desc, x.contact_id) filter (where x.kind = 'EMAIL'))[1] as email
        from core.contact_point x where x.party_id = u.p and x.is_valid and core.is_given(x, u.d)) k on true;
    insert into core.dealer_key (dealer_id, kind, value, party_id)
    select u.d, k.kind, left(k.value, 400), u.p from unnest(p_dealers, p_parties) u(d, p) join core.party p on p.party_id = u.p
    cross join lateral (
        select 'name' as kind, p.name_search as value
        union all select 'name', substr(p.name_search, nullif(strpos(p.name_search, ' '), 0) + 1)
        union all select 'inn', p.inn
        union all select lower(x.kind::text), x.value from core.contact_point x
        where x.party_id = u.p and x.kind in ('PHONE', 'EMAIL') and core.is_given(x, u.d)) k
    where k.value <> '' on conflict do nothing;
    update core.party p set is_pool = false, router_level = v.level from unnest(p_parties) u(p) join core.ownership o on o.party_id = u.p
    join core.visibility v on v.state = o.state and v.viewer = 'router'
    where p.party_id = u.p and (p.is_pool or p.router_level <> v.level);
    return true;
end $$;
comment on function core.project_fresh(int[], bigint[]) is $$
Write the projection of people whose one right has just begun, without seat, car, document or task.
in: a dealer and a party each    out: false when somebody is not so: nothing was written, core.project does it    cost: half of core.project's$$;
