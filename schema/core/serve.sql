-- SPDX-License-Identifier: Apache-2.0
-- Serving a person whom another dealer has (R81, R82): permission to serve, never to market (R4). The dealer sees what the customer
-- himself said at the desk and nothing else (G of D.14); the owner learns the fact once a day, without place unless the customer allows.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R81.grant', '2000-01-01', 7, 'day', 1, 30), ('R127.serve', '2000-01-01', 7, 'day', 0, 30)
on conflict (name, valid_from) do nothing;

create function core.serve_owner(p_party bigint, p_brand smallint, p_line core.line, p_dealer int) returns int
language plpgsql stable as $$
begin
    return (select o.dealer_id from core.ownership o where o.party_id = p_party and o.brand_id = p_brand and o.dealer_id <> p_dealer
              and o.state <> 'CLOSED' and core.is_aftersales(o.line) = core.is_aftersales(p_line) order by o.line = p_line desc, o.since limit 1);
end $$;
comment on function core.serve_owner(bigint, smallint, core.line, int) is 'Whose protected customer another dealer serves; NULL nobody''s. source: R82';

create function core.serve_granted() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    -- a document of a stranger's customer is a visit too (R154); the days after a transfer are the former owner's own errands (R127)
    insert into core.serve_visit (grant_id, party_id, dealer_id, staff_id, brand_id, line, owner_id, kind, at)
    select n.grant_id, n.party_id, n.dealer_id, n.staff_id, n.brand_id, n.line, core.serve_owner(n.party_id, n.brand_id, n.line, n.dealer_id),
        case n.reason when 'R154' then 'document' else 'visit' end, n.from_at
    from new_rows n where n.reason in ('R81', 'R154');
    return null;
end $$;
comment on function core.serve_granted() is 'Trigger of core.serve_grant: the first visit is the one it is given for. source: R82';
create trigger serve_granted after insert on core.serve_grant referencing new table as new_rows
    for each statement execute function core.serve_granted();

create function core.serve_open(p_party bigint, p_brand smallint, p_line core.line, p_name text, p_typed jsonb) returns core.serve_grant
language plpgsql volatile as $$
declare g core.serve_grant;
begin
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('serve' || session.dealer() || ':' || p_party, 3));
    select x.* into g from core.serve_grant x where x.dealer_id = session.dealer() and x.party_id = p_party and x.brand_id = p_brand and x.line = p_line
        and x.reason = 'R81' and x.until_at > core.now() and x.ended_at is null;
    if g.grant_id is not null then                     -- he came again: the same days, one visit more
        perform core.serve_note(g, 'visit', null);
        return g;
    end if;
    insert into core.serve_grant (party_id, dealer_id, brand_id, line, reason, document, from_at, until_at, staff_id, told_name, typed)
    values (p_party, session.dealer(), p_brand, p_line, 'R81', 'W' || left(replace(gen_random_uuid()::text, '-', ''), 12), core.now(),
        core.day_after((select d.time_zone from core.dealer d where d.dealer_id = session.dealer()), core.now(), core.policy_int('R81.grant')),
        session.staff(), left(p_name, 200), p_typed)
    returning * into g;
    perform core.ledger_add('serve.open', g.public_id::text, p_party, 'R81', '{}', p_brand, p_line);
    return g;
end $$;
comment on function core.serve_open(bigint, smallint, core.line, text, jsonb) is $$
Open the permission to serve for seven days, or go on with the one that is open.
in: p_name as the customer says it; p_typed what he gave    out: the grant: to serve, never to market    source: R4, R81$$;

create function core.serve_note(g core.serve_grant, p_kind text, p_note text) returns bigint
language plpgsql volatile as $$
declare made bigint;
begin
    insert into core.serve_visit (grant_id, party_id, dealer_id, staff_id, brand_id, line, owner_id, kind, note)
    values (g.grant_id, g.party_id, g.dealer_id, session.staff(), g.brand_id, g.line, core.serve_owner(g.party_id, g.brand_id, g.line, g.dealer_id),
        p_kind, nullif(btrim(p_note), ''))
    returning visit_id into made;
    perform core.ledger_add('serve.' || p_kind, g.public_id::text, g.party_id, 'R81', '{}', g.brand_id, g.line);
    return made;
end $$;
comment on function core.serve_note(core.serve_grant, text, text) is 'Record what was done under a permission to serve. in: kind visit | repair | order | sale | note; the dealer''s own words. out: visit_id';

create function core.serve_own(p_public uuid) returns core.serve_grant
language plpgsql volatile as $$
declare g core.serve_grant;
begin
    select x.* into g from core.serve_grant x where x.public_id = p_public for update;
    if g.grant_id is null or g.dealer_id is distinct from session.dealer() then perform core.fail('ZC404'); end if;
    if g.ended_at is not null or g.until_at <= core.now() then perform core.fail('ZC085', null, jsonb_build_object('until', least(g.until_at, g.ended_at))); end if;
    return g;
end $$;
comment on function core.serve_own(uuid) is 'Lock an open permission to serve of the caller''s dealer. errors: ZC404, ZC085 over';

create function core.serve_digest(p_limit int default 5000) returns int
language plpgsql volatile set search_path = '' as $$
declare ids bigint[];
begin
    -- a visit is told when its day is over at the owner's (R82): never the same hour, which would say where he stands now
    select array_agg(v.visit_id) into ids from (
        select x.visit_id from core.serve_visit x join core.dealer d on d.dealer_id = x.owner_id
        where x.told_at is null and x.owner_id is not null
          and (x.at at time zone d.time_zone)::date < (core.now() at time zone d.time_zone)::date
        order by x.visit_id limit p_limit for update of x skip locked) v;
    if ids is null then return 0; end if;
    perform core.notify(s.staff_id, 'N7', p.public_id::text, to_char(w.on_day, 'YYYYMMDD'))
    from (select distinct v.owner_id, v.party_id, v.brand_id, (v.at at time zone d.time_zone)::date as on_day
          from core.serve_visit v join core.dealer d on d.dealer_id = v.owner_id where v.visit_id = any (ids)) w
    join core.party p on p.party_id = w.party_id
    join core.staff s on s.dealer_id = w.owner_id and s.is_active and (
        (w.owner_id > 0 and s.role = 'manager') or (w.owner_id = 0 and s.role = 'router')
        or exists (select from core.ownership o where o.party_id = w.party_id and o.brand_id = w.brand_id and o.dealer_id = w.owner_id
                   and o.seat_id = s.staff_id and o.state <> 'CLOSED'));
    update core.serve_visit v set told_at = core.now() where v.visit_id = any (ids);
    return cardinality(ids);
end $$;
comment on function core.serve_digest(int) is $$
Tell owners, once a day and person, that a protected customer was served elsewhere.
out: visits told    source: R82, N7$$;
