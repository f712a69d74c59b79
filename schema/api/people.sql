-- SPDX-License-Identifier: Apache-2.0
-- Lists of people: a dealer's own clients, a router's pool; export and search. Invoker rights under row policies.

create type api.person_item as (id uuid, kind core.party_kind, name text, city text, phone text, phone_masked text, email_masked text,
    abc core.abc, state core.right_state, brand_id int, line core.line, seat_id uuid, seat_name text, protect_until timestamptz, vehicle text,
    last_visit_on date, order_count int, order_kopecks bigint, next_task_at timestamptz, level core.see_level, dealer_name text, cursor_ text);

create function core.people_plain(p_q text, p_city text, p_brand_id int, p_line core.line, p_state core.right_state, p_seat_id text,
    p_abc core.abc, p_model text, p_before date, p_after date, p_sort core.people_sort) returns boolean
language sql immutable as $$
select coalesce(p_q, p_city, p_seat_id, p_model) is null and coalesce(p_brand_id, 0) = 0 and p_line is null and p_state is null
   and p_abc is null and coalesce(p_before, p_after) is null and coalesce(p_sort, 'name') = 'name' $$;
comment on function core.people_plain(text, text, int, core.line, core.right_state, text, core.abc, text, date, date, core.people_sort) is
'Whether a list is asked for without a filter and in the order of names; inlined.';

create function core.people_other(p_q core.search_text, p_city text, p_brand_id int, p_line core.line, p_state core.right_state,
    p_seat_id text, p_abc core.abc, p_model core.search_text, p_before date, p_last_after date, p_sort core.people_sort, p_pool boolean,
    p_limit int, p_after text)
returns setof api.person_item language plpgsql stable as $$
declare v_to timestamptz;
begin
    if session.role_bit() = 4 then
        return query select r.public_id, r.kind, r.name, r.city, r.phone, r.phone_masked, r.email_masked, r.abc, r.state, r.brand_id::int,
            r.line, null::uuid, null::text, r.protect_until, null::text, null::date, null::int, null::bigint, null::timestamptz, r.level,
            r.dealer_name, core.cursor_make(r.name_sort, r.public_id)
        from core.people_pool(p_pool, p_q, p_city, least(coalesce(p_limit, 50), 100), p_after) r;
    elsif session.dealer() is not null then
        v_to := core.expired_to();
        return query select t.public_id, t.kind, t.name, t.city, case when l.level = 'FULL' then t.phone end, t.phone_masked,
            t.email_masked, t.abc, core.state_seen(t.state, t.ends_at, v_to), t.brand_id::int, t.line, t.seat_public_id, t.seat_name, t.protect_until,
            case when l.level = 'FULL' then t.vehicle end, case when l.level = 'FULL' then t.last_visit_on end,
            case when l.level = 'FULL' then t.order_count end, case when l.level = 'FULL' and core.is_price_listed(t) then t.order_kopecks end,
            t.next_task_at, l.level, null::text,
            core.cursor_make(case coalesce(p_sort, 'name') when 'name' then t.name_sort when '-updated' then t.updated_at::text
                when '-last_visit' then coalesce(t.last_visit_on, '-infinity')::text else coalesce(t.protect_until, 'infinity')::text end, t.public_id)
        from core.people_filtered(row(p_city, p_brand_id::smallint, core.line_no(p_line), core.state_no(p_state),
                (select s.staff_id from core.staff s where s.public_id::text = p_seat_id), p_seat_id = 'none', core.abc_no(p_abc), p_model,
                p_before, p_last_after, v_to)::core.people_filter, p_q, p_sort, p_limit, p_after) t
        cross join lateral (select core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids,
            core.colleague_seen(t.colleague_level, t.grace_level, t.ends_at, v_to)) as level) l;
    end if;
end $$;
comment on function core.people_other(core.search_text, text, int, core.line, core.right_state, text, core.abc, core.search_text, date,
    date, core.people_sort, boolean, int, text) is $$
Every page of api.people_list but the plain one. A function of its own, so that the plain page starts no plan but its own.
in, out, errors: as api.people_list; p_before, p_last_after = last_visit_before, last_visit_after$$;

create function api.people_list(p_q core.search_text default null, p_city text default null, p_brand_id int default null,
    p_line core.line default null, p_state core.right_state default null, p_seat_id text default null, p_abc core.abc default null,
    p_model core.search_text default null, p_last_visit_before date default null, p_last_visit_after date default null,
    p_sort core.people_sort default null, p_pool boolean default null, p_limit int default null, p_after text default null)
returns setof api.person_item language sql stable begin atomic
    -- the plain list, the one most often asked: one walk of (dealer, name). The position stands in sub-selects because
    -- row security takes COALESCE for leaky and would filter instead of seeking
    (select t.public_id, t.kind, t.name, t.city,
        case when l.level = 'FULL' then t.phone end, t.phone_masked, t.email_masked,
        t.abc, core.state_seen(t.state, t.ends_at, (select core.expired_to())), t.brand_id::int, t.line, t.seat_public_id, t.seat_name, t.protect_until, case when l.level = 'FULL' then t.vehicle end,
        case when l.level = 'FULL' then t.last_visit_on end, case when l.level = 'FULL' then t.order_count end,
        case when l.level = 'FULL' and core.is_price_listed(t) then t.order_kopecks end, t.next_task_at, l.level, null::text,
        core.cursor_make(t.name_sort, t.public_id)
     from core.dealer_party t cross join lateral (select core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids,
         core.colleague_seen(t.colleague_level, t.grace_level, t.ends_at, (select core.expired_to()))) as level) l
     where t.dealer_id = (select session.dealer()) and t.state_no < 8
       and (t.name_sort, t.party_id) > ((select coalesce(core.cursor_part(p_after, 1), '')), (select coalesce(core.cursor_party(p_after), 0)))
       and core.people_plain(p_q, p_city, p_brand_id, p_line, p_state, p_seat_id, p_abc, p_model, p_last_visit_before, p_last_visit_after, p_sort)
     order by t.name_sort, t.party_id limit least(coalesce(p_limit, 50), 100))
    union all
    select r.* from core.people_other(p_q, p_city, p_brand_id, p_line, p_state, p_seat_id, p_abc, p_model, p_last_visit_before,
        p_last_visit_after, p_sort, p_pool, p_limit, p_after) r
    where (select session.dealer()) is null
       or not core.people_plain(p_q, p_city, p_brand_id, p_line, p_state, p_seat_id, p_abc, p_model, p_last_visit_before, p_last_visit_after, p_sort);
end;
comment on function api.people_list is $$
List people: a dealer's own clients; for a router the pool, or everybody with ?pool=false.
in: q beginning of name, phone, e-mail, plate, VIN, INN; city; brand_id, line and state of the leading right (no state asked =
    every open one; CLOSED = own documents, 30 days long); seat_id or 'none' for the dealer's queue; abc; model part of the car's
    name; last_visit_before, last_visit_after; sort name | -updated | -last_visit | protect_until; pool; limit 1..100; after
out: items of the list; phone, car and visits only where the caller sees the person in full, sums only those of its own line; what is not
    shown is not filtered or sorted by either
errors: bad-field after    rule: R133, R135    cost: one index walk of the page $$;

create function api.people_export(p_q core.search_text default null, p_city text default null, p_brand_id int default null,
    p_line core.line default null, p_state core.right_state default null, p_seat_id text default null, p_abc core.abc default null,
    p_model core.search_text default null, p_last_visit_before date default null, p_last_visit_after date default null,
    p_pool boolean default null)
returns setof api.person_item language sql stable begin atomic
    -- in an order of its own: that of the pages on disk would tell which rows somebody else's act has rewritten
    (select t.public_id, t.kind, t.name, t.city,
        case when l.level = 'FULL' then t.phone end, t.phone_masked, t.email_masked,
        t.abc, core.state_seen(t.state, t.ends_at, (select core.expired_to())), t.brand_id::int, t.line, t.seat_public_id, t.seat_name, t.protect_until, case when l.level = 'FULL' then t.vehicle end,
        case when l.level = 'FULL' then t.last_visit_on end, case when l.level = 'FULL' then t.order_count end,
        case when l.level = 'FULL' and core.is_price_listed(t) then t.order_kopecks end, t.next_task_at, l.level, null::text, null::text
    from core.dealer_party t cross join lateral (select core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids,
        core.colleague_seen(t.colleague_level, t.grace_level, t.ends_at, (select core.expired_to()))) as level) l
    where t.dealer_id = (select session.dealer())
      and case when p_state is null then t.state_no < 8 else core.state_seen(t.state, t.ends_at, (select core.expired_to())) = p_state end
      and (p_city is null or t.city = p_city) and (p_brand_id is null or t.brand_id = p_brand_id)
      and (p_line is null or t.line_no = core.line_no(p_line)) and (p_abc is null or t.abc_no = core.abc_no(p_abc))
      and (p_seat_id is null or (p_seat_id = 'none' and t.seat_id is null) or t.seat_public_id::text = p_seat_id)
      and (p_model is null or (l.level = 'FULL' and strpos(lower(t.vehicle), lower(p_model)) > 0))
      and (p_last_visit_before is null or (l.level = 'FULL' and t.last_visit_on < p_last_visit_before))
      and (p_last_visit_after is null or (l.level = 'FULL' and t.last_visit_on > p_last_visit_after))
      and (p_q is null or t.party_id in (select k.party_id from core.people_keys(p_q, 100000) k))
    order by t.name_sort, t.party_id)
    union all
    (select p.public_id, p.kind, p.name, p.city, c.phone, c.phone_masked, c.email_masked, p.abc, null, null, null, null, null, null, null, null,
        null, null, null, p.router_level, null, null
    from core.party p cross join lateral core.router_contacts(p.party_id) c
    where (select session.role_bit()) = 4 and p.is_pool and p.source <> 'undone' and coalesce(p_pool, true)
      and (p_city is null or p.city = p_city)
    order by p.name_sort, p.party_id);
end;
comment on function api.people_export is $$
Every row of the list, as a stream for CSV; a router exports the pool only.
in: the filters of the list    out: the same columns    rule: R133, R137 - the export is in the ledger $$;

create type api.person_found as (id uuid, name text, matched text, phone_masked text, vehicle text, state core.right_state);

create function api.people_search(p_q core.search_text) returns setof api.person_found language sql stable begin atomic
    (select t.public_id, t.name, min(k.kind), t.phone_masked, case when core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL' then t.vehicle end,
        core.state_seen(t.state, t.ends_at, (select core.expired_to()))
     from core.people_keys(p_q, 60) k join core.dealer_party t on t.dealer_id = (select session.dealer()) and t.party_id = k.party_id
     where (select session.dealer()) is not null
     group by t.public_id, t.name, t.phone_masked, t.vehicle, t.state, t.ends_at, t.name_sort, t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level
     order by t.name_sort limit 20)
    union all
    (select p.public_id, p.name::text, f.kind, c.phone_masked, null::text, null::core.right_state
     from (select r.party_id, min(r.kind) as kind from (
               select x.party_id, x.kind from core.router_find(p_q, 20) x
               union all
               select x.party_id, 'name' from core.people_pool(null, p_q, null, 20, null) x) r group by r.party_id) f
     join core.party p on p.party_id = f.party_id cross join lateral core.router_contacts(p.party_id) c
     where (select session.role_bit()) = 4 and p.source <> 'undone' order by p.name_sort limit 20);
end;
comment on function api.people_search is $$
Find a few people by the beginning of a name, phone, e-mail, plate, VIN or INN: the box of every screen.
in: q 1..100 characters    out: at most 20 with what matched; contacts masked
rule: R135 - where contacts are masked only a whole number or address matches    cost: one index range per kind $$;
