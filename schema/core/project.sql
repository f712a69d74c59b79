-- SPDX-License-Identifier: Apache-2.0
-- The projection that dealers list and search: core.dealer_party, core.dealer_key, and what a router sees of a person.
--
-- core.project renews given (dealer, person) pairs; triggers call it with what a statement changed, so a load of a million
-- rows is one call per statement. It writes only rows that differ. What a write costs does not grow with what the person has:
-- a company with thousands of cars is a client like any other. Hence a trigger renews the list row, and of the search keys only
-- those that its rows may have changed (core.project_keys of values); the latest car comes from the end of an index. All keys
-- of a pair are read when the pair comes or goes. core.rebuild_projection makes everything anew after a
-- load that ran without triggers. Levels come from core.visibility (D.14); contacts only those the dealer was given (R148).

create function core.project(p_dealers int[], p_parties bigint[], p_is_whole boolean default true) returns void
language plpgsql volatile security definer set search_path = ''
-- one plan for one pair and for a million: per pair, by index. A planner that guesses the length of an array may go quadratic
set enable_nestloop = on set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
declare dealers int[]; parties bigint[]; gone_dealers int[]; gone_parties bigint[];
begin
    with written as (
    insert into core.dealer_party as t (dealer_id, party_id, public_id, kind, name, name_sort, name_search, city, phone, phone_masked,
        email, email_masked, abc, state, brand_id, line, seat_id, seat_public_id, seat_name, seat_ids, masked_seat_ids, protect_until,
        manager_level, colleague_level, ends_at, grace_level, vehicle, last_visit_on, order_count, order_kopecks, next_task_at, updated_at)
    select c.d, c.p, p.public_id, p.kind, p.name, core.name_key(p.name), p.name_search, p.city, k.phone, core.phone_mask(k.phone),
        k.email, core.email_mask(k.email), p.abc, (r.lead).state, (r.lead).brand_id, (r.lead).line, (r.lead).seat_id, f.public_id, f.name,
        r.seat_ids, r.masked_seat_ids, (r.lead).protect_until, r.manager, r.colleague, core.term_shown(r.lead, r.last), core.grace_level(r.is_queued), car.text, s.last_visit_on, coalesce(s.order_count, 0),
        coalesce(s.order_kopecks, 0), due.due_at, core.now()
    from (select distinct u.d, u.p from unnest(p_dealers, p_parties) u(d, p)) c
    join core.party p on p.party_id = c.p
    cross join lateral (
        select bool_or((u.o).seat_id is null) as is_queued, max(v.manager) as manager,
               case when bool_and((u.o).state in ('ACTIVE', 'CUSTOMER', 'GRACE', 'CLOSED')) then max(core.term_no(u.o)) end as last,
               max(greatest(v.colleague, case when (u.o).seat_id is null then least(v.seat, 'MASKED'::core.see_level) end)) as colleague,
               coalesce(array_agg(distinct (u.o).seat_id) filter (where v.seat = 'FULL' and (u.o).seat_id is not null), '{}') as seat_ids,
               coalesce(array_agg(distinct (u.o).seat_id) filter (where v.seat = 'MASKED' and (u.o).seat_id is not null), '{}') as masked_seat_ids,
               (array_agg(u.o order by core.lead_no((u.o).state), core.term_no(u.o) desc, (u.o).since desc))[1] as lead
        from (select o from core.ownership o where o.party_id = c.p and o.dealer_id = c.d and (o.state <> 'CLOSED' or core.is_listed(o))
              union all select f from core.former_rights(c.d, c.p) f) u(o)
        cross join lateral (select max(x.level) filter (where x.viewer = 'manager') as manager,
                                   max(x.level) filter (where x.viewer = 'colleague') as colleague,
                                   max(x.level) filter (where x.viewer = 'seat') as seat
                            from core.visibility x where x.state = (u.o).state) v
        having count(*) > 0) r
    left join core.staff f on f.staff_id = (r.lead).seat_id
    left join lateral (
        select (array_agg(x.value order by x.is_primary desc, x.contact_id) filter (where x.kind = 'PHONE'))[1] as phone,
               (array_agg(x.value order by x.is_primary desc, x.contact_id) filter (where x.kind = 'EMAIL'))[1] as email
        from core.contact_point x where x.party_id = c.p and x.is_valid and core.is_given(x, c.d)) k on true
    left join lateral (select concat_ws(', ', nullif(concat_ws(' ', b.name, y.model), ''), coalesce(y.plate_raw, y.plate)) as text
        from core.vehicle_owner x join core.vehicle y on y.vehicle_id = x.vehicle_id left join core.brand b on b.brand_id = y.brand_id
        where x.party_id = c.p and x.to_on is null order by x.from_on desc, x.vehicle_id desc limit 1) car on true
    left join core.party_summary s on s.party_id = c.p and s.dealer_id = c.d
    left join lateral (select (array_agg(x.due_at order by x.due_at))[1] as due_at from core.task x
        where x.party_id = c.p and x.dealer_id = c.d and x.state = 'OPEN') due on true
    on conflict (dealer_id, party_id) do update set kind = excluded.kind, name = excluded.name, name_sort = excluded.name_sort,
        name_search = excluded.name_search, city = excluded.city, phone = excluded.phone, phone_masked = excluded.phone_masked,
        email = excluded.email, email_masked = excluded.email_masked, abc = excluded.abc, state = excluded.state,
        brand_id = excluded.brand_id, line = excluded.line, seat_id = excluded.seat_id,
        seat_public_id = excluded.seat_public_id, seat_name = excluded.seat_name, seat_ids = excluded.seat_ids, masked_seat_ids = excluded.masked_seat_ids, protect_until = excluded.protect_until,
        manager_level = excluded.manager_level, colleague_level = excluded.colleague_level, ends_at = excluded.ends_at,
        grace_level = excluded.grace_level, vehicle = excluded.vehicle, last_visit_on = excluded.last_visit_on,
        order_count = excluded.order_count, order_kopecks = excluded.order_kopecks, next_task_at = excluded.next_task_at, updated_at = excluded.updated_at
    where (t.kind, t.name, t.city, t.phone, t.email, t.abc, t.state, t.brand_id, t.line, t.seat_id, t.seat_name, t.seat_ids,
           t.masked_seat_ids, t.protect_until, t.manager_level, t.colleague_level, t.ends_at, t.grace_level, t.vehicle, t.last_visit_on, t.order_count,
           t.order_kopecks, t.next_task_at)
       is distinct from
          (excluded.kind, excluded.name, excluded.city, excluded.phone, excluded.email, excluded.abc, excluded.state, excluded.brand_id,
           excluded.line, excluded.seat_id, excluded.seat_name, excluded.seat_ids, excluded.masked_seat_ids, excluded.protect_until,
           excluded.manager_level, excluded.colleague_level, excluded.ends_at, excluded.grace_level, excluded.vehicle, excluded.last_visit_on, excluded.order_count,
           excluded.order_kopecks, excluded.next_task_at)
    returning t.dealer_id, t.party_id, t.xmax = 0 as is_new)         -- a row that was there has the xmax of its update
    select array_agg(w.dealer_id), array_agg(w.party_id) into dealers, parties from written w where w.is_new;
    with gone as (
        delete from core.dealer_party t using (select distinct u.d, u.p from unnest(p_dealers, p_parties) u(d, p)) c
        where t.dealer_id = c.d and t.party_id = c.p
          and not exists (select from core.ownership o where o.party_id = c.p and o.dealer_id = c.d and (o.state <> 'CLOSED' or core.is_listed(o)))
          and not exists (select from core.former_rights(c.d, c.p))
        returning t.dealer_id, t.party_id)
    select array_agg(g.dealer_id), array_agg(g.party_id) into gone_dealers, gone_parties from gone g;
    if p_is_whole then
        perform core.project_keys(p_dealers, p_parties);
    elsif dealers is not null or gone_dealers is not null then
        perform core.project_keys(dealers || gone_dealers, parties || gone_parties);
    end if;
    update core.party p set is_pool = n.is_pool and p.erased_at is null, router_level = n.router_level       -- R149: who is erased is in no pool
    from (select u.p, not coalesce(bool_or(o.state is not null), false) as is_pool, coalesce(min(v.level), 'FULL') as router_level
          from (select distinct x.p from unnest(p_parties) x(p)) u
          left join lateral (select y.state from core.ownership y where y.party_id = u.p and y.state <> 'CLOSED' offset 0) o on true
          left join core.visibility v on v.state = o.state and v.viewer = 'router' group by u.p) n
    where p.party_id = n.p and (p.is_pool, p.router_level) is distinct from (n.is_pool and p.erased_at is null, n.router_level);
end $$;
comment on function core.project(int[], bigint[], boolean) is $$
Renew the projection of (dealer, person) pairs: list row, search keys, the person's pool flag and router level.
in: two arrays of equal length, duplicates allowed; p_is_whole false when nothing changed that a key shows, or the caller
    renews those keys: then only pairs that come or go have theirs written
cost: about 0.3 ms a pair alone, less in bulk, and the keys of the pair when whole    source: R133, R148$$;

-- What most registrations need: a person's only right makes him appear at its dealer. The same row and keys as core.project
-- writes, from plain look-ups: setting up its one large statement costs more than what it finds. Nobody else can write this row
-- meanwhile: it follows from a right, and whoever makes one has locked the person or has made him (core.right_claim).
create function core.project_first(o core.ownership) returns boolean
language plpgsql volatile set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
declare p_dealer int := o.dealer_id; p_party bigint := o.party_id; n record; c record; kinds text[]; vals text[]; v_phone text; v_email text; v_car text;
begin
    select p.public_id, p.kind, p.name, p.name_search, p.city, p.abc, p.inn, p.is_pool, p.router_level, f.public_id as seat_public_id,
        f.name as seat_name, v.manager, v.colleague, v.seat, v.router, s.last_visit_on, s.order_count, s.order_kopecks,
        (select (array_agg(y.due_at order by y.due_at))[1] from core.task y
         where y.party_id = p_party and y.dealer_id = p_dealer and y.state = 'OPEN') as due_at,
        array(select y.vehicle_id from core.vehicle_owner y where y.party_id = p_party and y.to_on is null
              order by y.from_on desc, y.vehicle_id desc limit 21) as cars,
        exists (select from core.dealer_party t where t.dealer_id = p_dealer and t.party_id = p_party)
        or exists (select from core.ownership y where y.party_id = p_party and y.ownership_id <> o.ownership_id) as is_known
    into n
    from core.party p
    cross join (select max(y.level) filter (where y.viewer = 'manager') as manager, max(y.level) filter (where y.viewer = 'colleague') as colleague,
                       max(y.level) filter (where y.viewer = 'seat') as seat, max(y.level) filter (where y.viewer = 'router') as router
                from core.visibility y where y.state = o.state) v
    left join core.staff f on f.staff_id = o.seat_id
    left join core.party_summary s on s.party_id = p_party and s.dealer_id = p_dealer
    where p.party_id = p_party;
    if n.is_known or o.state = 'CLOSED' or cardinality(n.cars) > 20 then return false; end if;         -- a fleet: not car by car
    kinds := '{name,name}';
    vals := array[left(n.name_search, 400), left(substr(n.name_search, nullif(strpos(n.name_search, ' '), 0) + 1), 400)];
    for c in select y.kind, y.value, y.is_valid from core.contact_point y
             where y.party_id = p_party and y.kind in ('PHONE', 'EMAIL') and core.is_given(y, p_dealer) order by y.is_primary desc, y.contact_id loop
        kinds := kinds || lower(c.kind::text); vals := vals || left(c.value, 400);
        if c.is_valid and c.kind = 'PHONE' then v_phone := coalesce(v_phone, c.value);
        elsif c.is_valid then v_email := coalesce(v_email, c.value); end if;
    end loop;
    if cardinality(n.cars) > 0 then
        for c in select y.vin, y.plate, concat_ws(', ', nullif(concat_ws(' ', b.name, y.model), ''), coalesce(y.plate_raw, y.plate)) as text
                 from unnest(n.cars) with ordinality u(id, no) join core.vehicle y on y.vehicle_id = u.id
                 left join core.brand b on b.brand_id = y.brand_id order by u.no loop
            v_car := coalesce(v_car, c.text);
            kinds := kinds || '{vin,plate}'::text[]; vals := vals || array[left(c.vin::text, 400), left(c.plate, 400)];
        end loop;
    end if;
    if n.inn <> '' then kinds := kinds || 'inn'::text; vals := vals || left(n.inn, 400); end if;
    insert into core.dealer_party (dealer_id, party_id, public_id, kind, name, name_sort, name_search, city, phone, phone_masked,
        email, email_masked, abc, state, brand_id, line, seat_id, seat_public_id, seat_name, seat_ids, masked_seat_ids, protect_until,
        manager_level, colleague_level, ends_at, grace_level, vehicle, last_visit_on, order_count, order_kopecks, next_task_at, updated_at)
    values (p_dealer, p_party, n.public_id, n.kind, n.name, core.name_key(n.name), n.name_search, n.city, v_phone, core.phone_mask(v_phone),
        v_email, core.email_mask(v_email), n.abc, o.state, o.brand_id, o.line, o.seat_id, n.seat_public_id, n.seat_name,
        case when n.seat = 'FULL' and o.seat_id is not null then array[o.seat_id] else '{}' end,
        case when n.seat = 'MASKED' and o.seat_id is not null then array[o.seat_id] else '{}' end, o.protect_until, n.manager,
        greatest(n.colleague, case when o.seat_id is null then least(n.seat, 'MASKED'::core.see_level) end), core.term_shown(o, core.term_no(o)),
        core.grace_level(o.seat_id is null), v_car, n.last_visit_on,
        coalesce(n.order_count, 0), coalesce(n.order_kopecks, 0), n.due_at, core.now());
    insert into core.dealer_key (dealer_id, kind, value, party_id)
    select p_dealer, k.kind, k.value, p_party from unnest(kinds, vals) k(kind, value) where k.value <> '' on conflict do nothing;
    if n.is_pool or n.router_level <> n.router then
        update core.party p set is_pool = false, router_level = n.router where p.party_id = p_party;
    end if;
    return true;
end $$;
comment on function core.project_first(core.ownership) is $$
Write the projection that a new right begins, when it is open, the person's only one, he has at most 20 cars, and the dealer
does not list him yet.
out: false when it is not so: nothing was written, core.project does it    cost: half of core.project's$$;

create function core.is_listed(p_right core.ownership) returns boolean
language plpgsql stable as $$
begin
    return (select p_right.state <> 'CLOSED' or (p_right.reason <> 'erased' and core.listed_until(p_right.dealer_id, p_right.party_id, p_right.changed_at) > core.now()
        and exists (select from core.party_summary s where s.party_id = p_right.party_id and s.dealer_id = p_right.dealer_id)));
end $$;
comment on function core.is_listed(core.ownership) is
'Whether a dealer still lists this person: an open right, or one''s own documents (core.listed_until). source: D.14, R129';

create function core.is_given(p_contact core.contact_point, p_dealer int) returns boolean
language sql immutable as $$
select coalesce(p_contact.source_dealer_id, 0) = 0 or p_contact.source_dealer_id = p_dealer or p_dealer = any (p_contact.shared_ids) $$;
comment on function core.is_given(core.contact_point, int) is
'Whether a contact was given to this dealer, or to head office for all owners. source: R148';

create function core.project_keys(p_dealers int[], p_parties bigint[]) returns void
language plpgsql volatile security definer set search_path = ''
set enable_nestloop = on set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
begin
    -- what is there and what is shown meet in one grouping: no plan of it is quadratic, whatever the planner takes the arrays for
    with pair as materialized (select distinct u.d, u.p from unnest(p_dealers, p_parties) u(d, p)),
    differs as materialized (
        select x.d, x.p, x.kind, x.value, max(x.place) as place
        from (select c.d, c.p, k.kind, k.value, k.place, false as is_shown from pair c cross join lateral (
                  select y.kind, y.value, y.ctid as place from core.dealer_key y where y.dealer_id = c.d and y.party_id = c.p offset 0) k
              union all
              select c.d, c.p, k.kind, k.value, null, true from pair c cross join lateral (
                  select s.kind, left(s.value, 400) collate "C" as value from core.dealer_party t cross join lateral core.keys_shown(t) s
                  where t.dealer_id = c.d and t.party_id = c.p offset 0) k) x
        group by x.d, x.p, x.kind, x.value having count(x.place) = 0 or not bool_or(x.is_shown)),
    gone as (delete from core.dealer_key x where x.ctid = any (array(select f.place from differs f where f.place is not null)))
    insert into core.dealer_key (dealer_id, kind, value, party_id)
    select f.d, f.kind, f.value, f.p from differs f where f.place is null on conflict do nothing;
end $$;
comment on function core.project_keys(int[], bigint[]) is $$
Renew what a dealer finds a person by: name from both ends, phones, e-mails, VIN, plate, INN.
cost: all keys of each pair, read once; what only a few values changed is the other project_keys'$$;

create function core.project_keys(p_parties bigint[], p_kinds text[], p_values text[]) returns void
language plpgsql volatile security definer set search_path = ''
set enable_nestloop = on set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set plan_cache_mode = force_generic_plan as $$
begin
    with touched as materialized (
        select t.dealer_id, t.party_id, c.kind, left(c.value, 400) as value, case c.kind
            when 'name' then left(c.value, 400) in (left(t.name_search, 400), left(substr(t.name_search, strpos(t.name_search, ' ') + 1), 400))
            when 'inn' then c.value = (select p.inn from core.party p where p.party_id = t.party_id)
            -- from the value to its car to its one owner: never by way of all that he owns
            when 'vin' then t.party_id = (select (select o.party_id from core.vehicle_owner o where o.vehicle_id = y.vehicle_id and o.to_on is null)
                                          from core.vehicle y where y.vin = c.value)
            when 'plate' then t.party_id = any (array(
                select (select o.party_id from core.vehicle_owner o where o.vehicle_id = y.vehicle_id and o.to_on is null)
                from core.vehicle y where y.plate = c.value))
            else exists (select from core.contact_point x where x.party_id = t.party_id and x.kind = upper(c.kind)::core.contact_kind
                         and x.value = c.value and core.is_given(x, t.dealer_id)) end is true as is_shown
        from (select distinct u.party_id, u.kind, u.value from unnest(p_parties, p_kinds, p_values) u(party_id, kind, value) where u.value <> '') c
        cross join lateral (select y.dealer_id, y.party_id, y.name_search from core.dealer_party y where y.party_id = c.party_id offset 0) t),
    gone as (delete from core.dealer_key x where x.ctid = any (array(
        select (select y.ctid from core.dealer_key y where y.dealer_id = k.dealer_id and y.value = k.value collate "C" and y.kind = k.kind
                and y.party_id = k.party_id) from touched k where not k.is_shown)))
    insert into core.dealer_key (dealer_id, kind, value, party_id)
    select distinct k.dealer_id, k.kind, k.value, k.party_id from touched k where k.is_shown on conflict do nothing;
end $$;
comment on function core.project_keys(bigint[], text[], text[]) is $$
The same where only these values may have come or gone; every dealer's row of the person is renewed already.
in: three arrays of equal length; kind as in core.dealer_key, old and new values, duplicates and NULL values allowed
cost: some index probes a value and dealer, however many keys the person has$$;

create function core.keys_shown(t core.dealer_party) returns table (kind text, value text)
language sql stable as $$
select 'name', t.name_search where t.name_search <> ''
union all
select 'name', substr(t.name_search, strpos(t.name_search, ' ') + 1) where strpos(t.name_search, ' ') > 0
union all
select lower(x.kind::text), x.value from core.contact_point x
where x.party_id = t.party_id and x.kind in ('PHONE', 'EMAIL') and core.is_given(x, t.dealer_id)
union all
select v.kind, v.value from core.vehicle_owner o join core.vehicle y on y.vehicle_id = o.vehicle_id
cross join lateral (values ('vin', y.vin::text), ('plate', y.plate)) v(kind, value)
where o.party_id = t.party_id and o.to_on is null and v.value <> ''
union all
select 'inn', p.inn from core.party p where p.party_id = t.party_id and p.inn <> '' $$;
comment on function core.keys_shown(core.dealer_party) is 'What a dealer finds this person by.';

create function core.project_parties(p_parties bigint[]) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
    perform core.project(array_agg(t.dealer_id), array_agg(t.party_id), false)
    from core.dealer_party t where t.party_id = any (p_parties) having count(*) > 0;
end $$;
comment on function core.project_parties(bigint[]) is 'Renew every dealer''s row of these people; no keys.';

create function core.party_rekey(p_parties bigint[]) returns void
language plpgsql volatile security definer set search_path = '' set enable_nestloop = on as $$
begin
    -- a changed surname changes the pair by which the person is known
    update core.match_key m set surname_key = p.surname_key, is_exact = m.kind in ('PHONE', 'EMAIL') and p.surname_key <> '' and not exists (
        select from core.match_key x where x.kind = m.kind and x.value = m.value and x.surname_key = p.surname_key and x.is_exact and x.party_id <> m.party_id)
    from core.party p where p.party_id = any (p_parties) and m.party_id = p.party_id and m.kind not in ('INN', 'SOURCE');
end $$;
comment on function core.party_rekey(bigint[]) is 'Renew the surname beside the match keys of these people.';

create function core.party_projected() returns trigger
language plpgsql security definer set search_path = '' set enable_nestloop = off as $$
declare changed bigint[]; renamed bigint[];
begin
    select array_agg(n.party_id), array_agg(n.party_id) filter (where o.surname_key <> n.surname_key) into changed, renamed
    from new_rows n join old_rows o on o.party_id = n.party_id
    where (o.name, o.city, o.kind, o.abc, o.inn, o.surname_key) is distinct from (n.name, n.city, n.kind, n.abc, n.inn, n.surname_key);
    if changed is not null then
        perform core.project_parties(changed);
        perform core.project_keys(array_agg(x.party_id), array_agg(k.kind), array_agg(k.value))
        from (select n.party_id, n.name_search, n.inn from new_rows n where n.party_id = any (changed)
              union select o.party_id, o.name_search, o.inn from old_rows o where o.party_id = any (changed)) x
        cross join lateral (values ('name', x.name_search), ('name', substr(x.name_search, strpos(x.name_search, ' ') + 1)), ('inn', x.inn)) k(kind, value);
    end if;
    if renamed is not null then perform core.party_rekey(renamed); end if;
    return null;
end $$;
comment on function core.party_projected() is 'Trigger of core.party.';
create trigger party_updated after update on core.party referencing old table as old_rows new table as new_rows
    for each statement execute function core.party_projected();

create function core.contact_projected() returns trigger language plpgsql security definer set search_path = '' as $$
declare dealers int[]; parties bigint[]; orphans int;
begin
    select array_agg(t.dealer_id), array_agg(t.party_id) into dealers, parties from core.dealer_party t
    where t.party_id = any (array(select distinct n.party_id from new_rows n));
    if tg_op = 'INSERT' then
        select count(core.parent_none('contact_point', 'party_id')) filter (where not exists (select from core.party p where p.party_id = n.party_id))
            + count(core.parent_none('contact_point', 'source_dealer_id')) filter (where n.source_dealer_id is not null
                and not exists (select from core.dealer d where d.dealer_id = n.source_dealer_id)) into orphans from new_rows n;
    end if;
    if dealers is null then return null; end if;
    perform core.project(dealers, parties, false);
    perform core.project_keys(array_agg(n.party_id), array_agg(lower(n.kind::text)), array_agg(n.value))
    from new_rows n where n.kind in ('PHONE', 'EMAIL') having count(*) > 0;
    if tg_op = 'UPDATE' then
        perform core.project_keys(array_agg(o.party_id), array_agg(lower(o.kind::text)), array_agg(o.value))
        from old_rows o where o.kind in ('PHONE', 'EMAIL')
          and not exists (select from new_rows n where n.contact_id = o.contact_id and n.kind = o.kind and n.value = o.value) having count(*) > 0;
    end if;
    return null;
end $$;
comment on function core.contact_projected() is 'Trigger of core.contact_point.';
create trigger contact_inserted after insert on core.contact_point referencing new table as new_rows
    for each statement execute function core.contact_projected();
create trigger contact_updated after update on core.contact_point referencing old table as old_rows new table as new_rows
    for each statement execute function core.contact_projected();
create trigger contact_deleted after delete on core.contact_point referencing old table as new_rows
    for each statement execute function core.contact_projected();

create function core.owner_projected() returns trigger language plpgsql security definer set search_path = '' as $$
declare dealers int[]; parties bigint[];
begin
    select array_agg(t.dealer_id), array_agg(t.party_id) into dealers, parties from core.dealer_party t
    where t.party_id = any (array(select distinct n.party_id from new_rows n));
    if dealers is null then return null; end if;
    perform core.project(dealers, parties, false);
    perform core.project_keys(array_agg(n.party_id), array_agg(k.kind), array_agg(k.value)) from new_rows n
    cross join lateral (select y.vin, y.plate from core.vehicle y where y.vehicle_id = n.vehicle_id offset 0) y
    cross join lateral (values ('vin', y.vin::text), ('plate', y.plate)) k(kind, value) where k.value <> '' having count(*) > 0;
    return null;
end $$;
comment on function core.owner_projected() is 'Trigger of core.vehicle_owner; which car and whose is a row''s key and never changes.';
create trigger owner_inserted after insert on core.vehicle_owner referencing new table as new_rows
    for each statement execute function core.owner_projected();
create trigger owner_updated after update on core.vehicle_owner referencing new table as new_rows
    for each statement execute function core.owner_projected();
create trigger owner_deleted after delete on core.vehicle_owner referencing old table as new_rows
    for each statement execute function core.owner_projected();

create function core.vehicle_projected() returns trigger
language plpgsql security definer set search_path = '' set enable_nestloop = off as $$
declare changed bigint[]; parties bigint[]; kinds text[]; vals text[];
begin
    select array_agg(n.vehicle_id) into changed from new_rows n join old_rows o on o.vehicle_id = n.vehicle_id
    where (o.vin, o.plate, o.plate_raw, o.model, o.brand_id) is distinct from (n.vin, n.plate, n.plate_raw, n.model, n.brand_id);
    if changed is null then return null; end if;
    -- owners one by one, by index: a join would be planned for the size of another statement
    select array_agg(x.party_id), array_agg(x.kind), array_agg(x.value) into parties, kinds, vals from (
        select (select o.party_id from core.vehicle_owner o where o.vehicle_id = y.vehicle_id and o.to_on is null) as party_id, k.kind, k.value
        from (select n.vehicle_id, n.vin, n.plate from new_rows n where n.vehicle_id = any (changed)
              union select o.vehicle_id, o.vin, o.plate from old_rows o where o.vehicle_id = any (changed)) y
        cross join lateral (values ('vin', y.vin::text), ('plate', y.plate)) k(kind, value)) x
    where x.party_id is not null;
    if parties is not null then
        perform core.project_parties(parties);
        perform core.project_keys(parties, kinds, vals);
    end if;
    return null;
end $$;
comment on function core.vehicle_projected() is 'Trigger of core.vehicle.';
create trigger vehicle_updated after update on core.vehicle referencing old table as old_rows new table as new_rows
    for each statement execute function core.vehicle_projected();

create function core.task_projected() returns trigger language plpgsql security definer set search_path = '' as $$
begin
    update core.dealer_party t set next_task_at = n.due_at
    from (select x.dealer_id, x.party_id, (select (array_agg(y.due_at order by y.due_at))[1] from core.task y where y.party_id = x.party_id and y.dealer_id = x.dealer_id
                                           and y.state = 'OPEN') as due_at
          from (select distinct r.dealer_id, r.party_id from new_rows r where r.party_id is not null) x) n
    where t.dealer_id = n.dealer_id and t.party_id = n.party_id and t.next_task_at is distinct from n.due_at;
    return null;
end $$;
comment on function core.task_projected() is 'Trigger of core.task: the next task of a person.';
create trigger task_inserted after insert on core.task referencing new table as new_rows
    for each statement execute function core.task_projected();
create trigger task_updated after update on core.task referencing new table as new_rows
    for each statement execute function core.task_projected();

create function core.document_summed() returns trigger language plpgsql security definer set search_path = '' as $$
declare sign int := case tg_op when 'DELETE' then -1 else 1 end;
begin
    if tg_table_name = 'sale' then
        insert into core.party_summary as s (party_id, dealer_id, sale_count, sale_kopecks, last_sale_on)
        select n.party_id, n.dealer_id, sign * count(*), sign * sum(n.amount_kopecks), max(n.sold_on) from new_rows n group by 1, 2
        on conflict (party_id, dealer_id) do update set sale_count = s.sale_count + excluded.sale_count,
            sale_kopecks = s.sale_kopecks + excluded.sale_kopecks,
            last_sale_on = case when sign > 0 then greatest(s.last_sale_on, excluded.last_sale_on)
                else (select max(x.sold_on) from core.sale x where x.party_id = s.party_id and x.dealer_id = s.dealer_id) end;
    else
        insert into core.party_summary as s (party_id, dealer_id, order_count, order_kopecks, last_visit_on)
        select n.party_id, n.dealer_id, sign * count(*), sign * sum(n.amount_kopecks), max(n.opened_on) from new_rows n group by 1, 2
        on conflict (party_id, dealer_id) do update set order_count = s.order_count + excluded.order_count,
            order_kopecks = s.order_kopecks + excluded.order_kopecks,
            last_visit_on = case when sign > 0 then greatest(s.last_visit_on, excluded.last_visit_on)
                else (select max(x.opened_on) from core.repair_order x where x.party_id = s.party_id and x.dealer_id = s.dealer_id) end;
    end if;
    update core.dealer_party t set last_visit_on = s.last_visit_on, order_count = s.order_count, order_kopecks = s.order_kopecks,
        updated_at = core.now()
    from core.party_summary s, (select distinct n.party_id, n.dealer_id from new_rows n) n
    where s.party_id = n.party_id and s.dealer_id = n.dealer_id and t.dealer_id = s.dealer_id and t.party_id = s.party_id;
    return null;
end $$;
comment on function core.document_summed() is 'Trigger of core.sale and core.repair_order: sums per client and dealer, and the list row.';
create trigger sale_inserted after insert on core.sale referencing new table as new_rows
    for each statement execute function core.document_summed();
create trigger sale_deleted after delete on core.sale referencing old table as new_rows
    for each statement execute function core.document_summed();
create trigger order_inserted after insert on core.repair_order referencing new table as new_rows
    for each statement execute function core.document_summed();
create trigger order_deleted after delete on core.repair_order referencing old table as new_rows
    for each statement execute function core.document_summed();
