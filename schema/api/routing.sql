-- SPDX-License-Identifier: Apache-2.0
-- What routing weighs (R42, R43, R46): agreed shares, capacity, quality, stock; sites that may hand in leads.

create type api.routing_dealer as (dealer_id uuid, name text, city text, region text, share int, capacity int, open int, quality int, accepted int, no_contact int,
    ordered int, stop text, is_active boolean, pieces int, turns bigint, from_on date, models json, cursor_ text);

create function api.routing_dealers(p_brand_id int, p_line core.line, p_limit int default null, p_after text default null) returns setof api.routing_dealer
language sql stable security definer set search_path = '' as $$
select d.public_id, d.name, d.city, d.region_code, coalesce(s.share, 100), s.capacity, (f ->> 'open')::int, (f ->> 'quality')::int, q.accepted, q.no_contact, q.ordered,
    d.routing_stop, d.is_active,
    (select count(*) from core.territory t where t.dealer_id = d.dealer_id and t.brand_id = p_brand_id and t.line = p_line and t.from_on <= core.today()
        and coalesce(t.to_on > core.today(), true))::int,
    (select count(*) from core.lead l join core.route_decision r on r.lead_id = l.lead_id where l.dealer_id = d.dealer_id and l.brand_id = p_brand_id and l.line = p_line
        and l.came_at > core.now() - interval '30 days' and r.dealer_id = d.dealer_id),
    s.from_on,
    (select json_agg(json_build_object('model', m.name, 'due_on', k.due_on, 'cars', k.cars) order by m.name, k.due_on)
     from core.dealer_stock k join core.model m on m.model_id = k.model_id where k.dealer_id = d.dealer_id and m.brand_id = p_brand_id and k.cars > 0),
    d.dealer_id::text
from core.dealer d join core.dealer_brand b on b.dealer_id = d.dealer_id and b.brand_id = p_brand_id and b.line = p_line
left join lateral core.share_of(d.dealer_id, p_brand_id::smallint, p_line, core.today()) s on true
left join core.dealer_quality q on q.dealer_id = d.dealer_id and q.brand_id = p_brand_id and q.line = p_line
cross join lateral (select core.dealer_facts(array[d.dealer_id], p_brand_id::smallint, p_line, '{}', null) -> d.dealer_id::text as f) x
where d.dealer_id > coalesce(nullif(p_after, '')::int, 0) and (session.dealer() is null or d.dealer_id = session.dealer())
order by d.dealer_id limit least(coalesce(p_limit, 100), 100) $$;
comment on function api.routing_dealers is $$
The dealers of a brand and line as routing weighs them: share, capacity and open leads, quality factor and what it is made of, stock, whether
he is stopped (R46), leads got in 30 days. A dealer's manager sees the own row.
in: brand_id, line    rule: R42, R43, R46    cost: a few index probes a dealer $$;

create type api.routing_set as (version bigint, share int, capacity int, from_on date);

create function api.routing_share_set(p_dealer_id uuid, p_brand_id int, p_line core.line, p_share int default null, p_capacity int default null,
    p_is_unlimited boolean default false, p_from_on date default null)
returns api.routing_set language plpgsql volatile security definer set search_path = '' as $$
declare v_dealer int := core.dealer_of(p_dealer_id); v_from date := coalesce(p_from_on, core.today()); v_brand smallint; was core.dealer_share; r api.routing_set;
begin
    if session.dealer() is not null and v_dealer <> session.dealer() then perform core.fail('ZC404'); end if;
    v_brand := core.territory_checked(v_dealer, p_brand_id, p_line, v_from);
    if session.dealer() is not null and p_share is not null then perform core.fail('ZC403', 'share'); end if;     -- shares are agreed with head office
    if p_share not between 0 and 1000 then perform core.fail('ZC402', 'share'); end if;
    if p_capacity not between 0 and 100000 then perform core.fail('ZC402', 'capacity'); end if;
    perform pg_advisory_xact_lock(hashtextextended('route:' || v_brand || ':' || p_line, 5));
    was := core.share_of(v_dealer, v_brand, p_line, v_from);
    r.share := coalesce(p_share, was.share, 100); r.capacity := case when not p_is_unlimited then coalesce(p_capacity, was.capacity) end; r.from_on := v_from;
    r.version := core.routing_bump('share', jsonb_build_object('dealer', p_dealer_id, 'brand', v_brand, 'line', p_line, 'share', r.share, 'capacity', r.capacity, 'from', v_from));
    insert into core.dealer_share as s (dealer_id, brand_id, line, from_on, share, capacity, version, staff_id)
    values (v_dealer, v_brand, p_line, v_from, r.share, r.capacity, r.version, session.staff())
    on conflict (dealer_id, brand_id, line, from_on) do update set share = excluded.share, capacity = excluded.capacity, version = excluded.version, staff_id = excluded.staff_id;
    return r;
end $$;
comment on function api.routing_share_set is $$
Agree a dealer's share (0-1000, 100 is usual) and capacity from a day on; the dealer's manager sets the own capacity alone.
in: dealer_id, brand_id, line, share, capacity - leads open at once, or is_unlimited; from_on
out: version and what holds from then    errors: bad-field, forbidden share    rule: R9, R42, R46, R49 $$;

create function api.routing_stop_set(p_dealer_id uuid, p_reason core.short_text default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare v_dealer int := core.dealer_of(p_dealer_id);
begin
    update core.dealer d set routing_stop = left(nullif(btrim(p_reason), ''), 200), version = d.version + 1 where d.dealer_id = v_dealer;
    perform core.routing_bump('dealer', jsonb_build_object('dealer', p_dealer_id, 'is_stopped', nullif(btrim(p_reason), '') is not null));
end $$;
comment on function api.routing_stop_set is $$
Suspend a dealer from routing with a reason, or let him in again without one; the rights he has stay.
in: dealer_id, reason    errors: bad-field dealer_id    rule: R46 $$;

create function api.stock_set(p_model text, p_brand_id int, p_cars int, p_due_on date default null, p_dealer_id uuid default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare v_dealer int := coalesce(session.dealer(), case when p_dealer_id is not null then core.dealer_of(p_dealer_id) end); v_model smallint;
begin
    if v_dealer is null then perform core.fail('ZC400', 'dealer_id'); end if;
    select m.model_id into v_model from core.model m where m.brand_id = p_brand_id and lower(m.name) = lower(btrim(p_model));
    if v_model is null then perform core.fail('ZC402', 'model'); end if;
    if p_cars not between 0 and 10000 then perform core.fail('ZC402', 'cars'); end if;
    if coalesce(p_due_on, core.today()) not between core.today() and core.today() + 730 then perform core.fail('ZC402', 'due_on'); end if;
    if p_due_on is null or p_due_on = core.today() then            -- in stock: one figure a model, the newest
        delete from core.dealer_stock s where s.dealer_id = v_dealer and s.model_id = v_model and s.due_on <= core.today();
    end if;
    insert into core.dealer_stock as s (dealer_id, model_id, due_on, cars) values (v_dealer, v_model, coalesce(p_due_on, core.today()), p_cars)
    on conflict (dealer_id, model_id, due_on) do update set cars = excluded.cars, reported_at = core.now();
    perform core.ledger_add('stock.set', v_dealer::text, null, 'R43', jsonb_build_object('model', v_model, 'cars', p_cars, 'due', p_due_on));
end $$;
comment on function api.stock_set is $$
Report cars of a model in stock, or due on a day; a dealer its own, head office any.
in: model, brand_id, cars, due_on - NULL in stock now; dealer_id - head office only    errors: bad-field, missing-field    rule: R43 $$;

create type api.web_site as (id uuid, name text, dealer_name text, brand_id int, line core.line, per_hour int, created_at timestamptz, closed_at timestamptz,
    leads_30d bigint, failed_30d bigint, waiting bigint, key text, cursor_ text);

create function core.web_site_shown(s core.web_site, p_key text) returns api.web_site
language sql stable as $$
select row(s.public_id, s.name, (select d.name from core.dealer d where d.dealer_id = s.dealer_id), s.brand_id::int, s.line, s.per_hour, s.created_at, s.closed_at,
    (select count(*) from core.web_lead w where w.site_id = s.site_id and w.came_at > core.now() - interval '30 days'),
    (select count(*) from core.web_lead w where w.site_id = s.site_id and w.came_at > core.now() - interval '30 days' and w.error is not null),
    (select count(*) from core.web_lead w where w.site_id = s.site_id and w.taken_at is null), p_key, s.site_id::text)::api.web_site $$;
comment on function core.web_site_shown(core.web_site, text) is 'A site as the administrator sees it; the key once.';

create function api.web_sites_list(p_limit int default null, p_after text default null) returns setof api.web_site language sql stable security definer set search_path = '' as $$
select y.* from core.web_site s cross join lateral core.web_site_shown(s, null) y where s.site_id > coalesce(nullif(p_after, '')::int, 0) order by s.site_id limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.web_sites_list is 'Sites that may hand in leads, with what they handed in during 30 days; keys are not shown again. rule: R40';

create function api.web_site_add(p_name core.name_text, p_dealer_id uuid default null, p_brand_id int default null, p_line core.line default null, p_per_hour int default null)
returns api.web_site language plpgsql volatile security definer set search_path = '' as $$
declare s core.web_site; v_key text := 'wl_' || left(encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'), 40);
begin
    if p_brand_id is not null and core.brand_of(p_brand_id::text) is null then perform core.fail('ZC402', 'brand_id'); end if;
    if p_per_hour not between 1 and 100000 then perform core.fail('ZC402', 'per_hour'); end if;
    insert into core.web_site (name, key_hash, dealer_id, brand_id, line, per_hour, created_by)
    values (p_name, sha256(convert_to(v_key, 'UTF8')), case when p_dealer_id is not null then core.dealer_of(p_dealer_id) end, p_brand_id::smallint, p_line,
        coalesce(p_per_hour, 600), session.staff()) returning * into s;
    perform core.ledger_add('site.add', s.public_id::text, null, 'R40');
    return core.web_site_shown(s, v_key);
end $$;
comment on function api.web_site_add is $$
Let a site hand in leads; the key is shown once, and the site's server sends it with each lead.
in: name; dealer_id - a dealer's own site, whose visitors named this dealer; brand_id, line - when its form does not say; per_hour
out: the site with its key    errors: bad-field    rule: R40 $$;

create function api.web_site_close(p_site_id uuid) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    update core.web_site s set closed_at = core.now() where s.public_id = p_site_id and s.closed_at is null;
    if not found then perform core.fail('ZC404'); end if;
    perform core.ledger_add('site.close', p_site_id::text, null, 'R40');
end $$;
comment on function api.web_site_close is 'A site hands in no more leads; its key is worth nothing from now on. in: site_id. errors: not-found.';
