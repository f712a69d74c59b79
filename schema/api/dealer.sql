-- SPDX-License-Identifier: Apache-2.0
-- Dealers of the network: names are known to all staff, changes are the administrator's.

create type api.dealer_line as (brand_id int, line core.line);
create type api.dealer as (id uuid, version int, name text, legal_name text, city text, time_zone text, is_active boolean,
    sender_address text, has_system boolean, lines json, country text, opens_at text, closes_at text, work_days int[], region text, cursor_ text);

create function core.dealer_lines(p_dealer int) returns json language sql stable as $$
select coalesce(json_agg(json_build_object('brand_id', b.brand_id, 'line', b.line) order by b.brand_id, b.line), '[]')
from core.dealer_brand b where b.dealer_id = p_dealer $$;
comment on function core.dealer_lines(int) is 'Brands and lines a dealer holds, as the reply shows them.';

create function api.dealers_list(p_limit int default null, p_after text default null)
returns setof api.dealer language sql stable security definer set search_path = '' as $$
select d.public_id, d.version, d.name, d.legal_name, d.city, d.time_zone, d.is_active,
       case when session.role_bit() = 1 then d.sender_address end,
       case when session.role_bit() = 1 then session.has_certificate(d.dealer_id) end,
       core.dealer_lines(d.dealer_id), d.country, to_char(d.opens_at, 'HH24:MI'), to_char(d.closes_at, 'HH24:MI'), d.work_days::int[], d.region_code, d.dealer_id::text
from core.dealer d where d.dealer_id > coalesce(nullif(p_after, '')::int, 0)
order by d.dealer_id limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.dealers_list is 'List the dealers of the network: name, city, zone, brands and lines; sender and system for the administrator.';

create function core.dealer_lines_set(p_dealer int, p_lines json) returns void language plpgsql set search_path = '' as $$
declare l record;
begin
    if json_typeof(p_lines) <> 'array' or json_array_length(p_lines) > 500 then perform core.fail('ZC402', 'lines'); end if;
    delete from core.dealer_brand b where b.dealer_id = p_dealer;
    for l in select x.value ->> 'brand_id' as brand, x.value ->> 'line' as line from json_array_elements(p_lines) x loop
        if l.line is null or l.line <> all (enum_range(null::core.line)::text[])
           or not exists (select from core.brand b where b.brand_id::text = l.brand) then
            perform core.fail('ZC402', 'lines');
        end if;
        insert into core.dealer_brand values (p_dealer, l.brand::smallint, l.line::core.line) on conflict do nothing;
    end loop;
end $$;
comment on function core.dealer_lines_set(int, json) is 'Replace what a dealer may sell and serve. in: list of {brand_id, line}. errors: ZC402. Open rights stay (R46, R49).';

create function core.dealer_row(p_dealer int) returns api.dealer language sql stable as $$
select d.public_id, d.version, d.name, d.legal_name, d.city, d.time_zone, d.is_active, d.sender_address,
       session.has_certificate(d.dealer_id), core.dealer_lines(d.dealer_id), d.country, to_char(d.opens_at, 'HH24:MI'), to_char(d.closes_at, 'HH24:MI'), d.work_days::int[], d.region_code, null::text
from core.dealer d where d.dealer_id = p_dealer $$;
comment on function core.dealer_row(int) is 'Show one dealer as the list does.';

create function core.zone_check(p_zone text) returns text language plpgsql stable set search_path = '' as $$
begin
    if p_zone is not null and not exists (select from pg_catalog.pg_timezone_names z where z.name = p_zone) then
        perform core.fail('ZC402', 'time_zone');
    end if;
    return p_zone;
end $$;
comment on function core.zone_check(text) is 'Accept an IANA time zone name or nothing. errors: ZC402.';

create function core.dealer_time_set(p_dealer int, p_country text, p_opens_at text, p_closes_at text, p_work_days int[], p_region text, p_lon float8, p_lat float8)
returns void language plpgsql volatile set search_path = '' as $$
declare d core.dealer; v_region text := core.region_of(p_region);
begin
    if p_country not in ('RU', 'BY', 'KZ') then perform core.fail('ZC402', 'country'); end if;
    if p_opens_at !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' then perform core.fail('ZC402', 'opens_at'); end if;
    if p_closes_at !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' then perform core.fail('ZC402', 'closes_at'); end if;
    if cardinality(p_work_days) not between 1 and 7 or not p_work_days <@ '{1,2,3,4,5,6,7}' then perform core.fail('ZC402', 'work_days'); end if;
    if p_region is not null and v_region is null then perform core.fail('ZC402', 'region'); end if;
    if (p_lon is null) <> (p_lat is null) or p_lon not between -180 and 180 or p_lat not between -90 and 90 then perform core.fail('ZC402', 'lon'); end if;
    update core.dealer x set country = coalesce(p_country, x.country), opens_at = coalesce(p_opens_at::time, x.opens_at), closes_at = coalesce(p_closes_at::time, x.closes_at),
        work_days = coalesce((select array_agg(distinct w::smallint order by w::smallint) from unnest(p_work_days) w), x.work_days), region_code = coalesce(v_region, x.region_code),
        lon = coalesce(p_lon::real, x.lon), lat = coalesce(p_lat::real, x.lat)
    where x.dealer_id = p_dealer returning * into d;
    if d.closes_at <= d.opens_at then perform core.fail('ZC402', 'closes_at'); end if;
    if v_region is not null or p_lon is not null then perform core.routing_bump('dealer', jsonb_build_object('dealer', d.public_id, 'region', d.region_code)); end if;
end $$;
comment on function core.dealer_time_set(int, text, text, text, int[], text, float8, float8) is
'Country of the calendar, hours and week on which timers run, place of the salon. errors: ZC402 with the field. source: R10, R40.7';

create function api.dealer_add(p_name core.name_text, p_legal_name core.name_text, p_city core.name_text, p_time_zone text,
    p_sender_address text, p_lines json default null, p_area_code text default null, p_country text default null, p_opens_at text default null,
    p_closes_at text default null, p_work_days int[] default null, p_region core.search_text default null, p_lon float8 default null, p_lat float8 default null)
returns api.dealer language plpgsql volatile security definer set search_path = '' as $$
declare v_dealer int; v_sender text := core.email_norm(p_sender_address);
begin
    if v_sender is null then perform core.fail('ZC402', 'sender_address'); end if;
    if p_area_code !~ '^[0-9]{3,5}$' then perform core.fail('ZC402', 'area_code'); end if;
    perform core.zone_check(p_time_zone);
    perform pg_advisory_xact_lock(hashtextextended('core.dealer', 0));
    select max(d.dealer_id) + 1 into v_dealer from core.dealer d;
    insert into core.dealer (dealer_id, name, legal_name, city, time_zone, area_code, sender_address)
    values (v_dealer, p_name, p_legal_name, p_city, p_time_zone, p_area_code, v_sender);
    if p_lines is not null then perform core.dealer_lines_set(v_dealer, p_lines); end if;
    perform core.dealer_time_set(v_dealer, p_country, p_opens_at, p_closes_at, p_work_days, p_region, p_lon, p_lat);
    perform core.ledger_add('dealer.add', (core.dealer_row(v_dealer)).id::text, null, 'R9');
    return core.dealer_row(v_dealer);
end $$;
comment on function api.dealer_add is $$
Add a dealer to the network.
in: name; legal_name; city; time_zone - IANA name; sender_address - of its mail; lines - list of {brand_id, line}; area_code -
    completes short local phone numbers; country RU | BY | KZ, opens_at and closes_at HH:MM, work_days 1-7 from Monday: on them timers run;
    region, lon, lat - where the salon stands    out: the dealer    errors: bad-field    rule: R10, R41 $$;

create function api.dealer_edit(p_dealer_id uuid, p_if_match int, p_name core.name_text default null,
    p_city core.name_text default null, p_time_zone text default null, p_sender_address text default null,
    p_is_active boolean default null, p_lines json default null, p_country text default null, p_opens_at text default null,
    p_closes_at text default null, p_work_days int[] default null, p_region core.search_text default null, p_lon float8 default null, p_lat float8 default null)
returns api.dealer language plpgsql volatile security definer set search_path = '' as $$
declare d core.dealer;
begin
    select * into d from core.dealer x where x.public_id = p_dealer_id and x.dealer_id > 0 for update;
    if d.dealer_id is null then perform core.fail('ZC404'); end if;
    if d.version <> p_if_match then perform core.fail('ZC412'); end if;
    if p_sender_address is not null and core.email_norm(p_sender_address) is null then perform core.fail('ZC402', 'sender_address'); end if;
    update core.dealer x set name = coalesce(p_name, x.name), city = coalesce(p_city, x.city),
        time_zone = coalesce(core.zone_check(p_time_zone), x.time_zone),
        sender_address = coalesce(core.email_norm(p_sender_address), x.sender_address),
        is_active = coalesce(p_is_active, x.is_active), version = x.version + 1
    where x.dealer_id = d.dealer_id;
    if p_lines is not null then perform core.dealer_lines_set(d.dealer_id, p_lines); end if;
    perform core.dealer_time_set(d.dealer_id, p_country, p_opens_at, p_closes_at, p_work_days, p_region, p_lon, p_lat);
    -- nobody of an inactive dealer signs in, so nobody of it stays signed in
    if d.is_active and not coalesce(p_is_active, true) then
        perform session.revoke_staff(f.staff_id) from core.staff f where f.dealer_id = d.dealer_id;
    end if;
    perform core.ledger_add('dealer.edit', p_dealer_id::text, null, 'R46');
    return core.dealer_row(d.dealer_id);
end $$;
comment on function api.dealer_edit is $$
Change a dealer. A dealer set inactive gets no new leads and keeps its rights (R46); its people and systems are signed out.
in: dealer_id; if_match - version; name; city; time_zone; sender_address; is_active; lines; country, opens_at, closes_at, work_days - on which
    timers run (those that run keep their end); region, lon, lat
out: the dealer    errors: not-found, changed, bad-field $$;

create type api.enrol_code as (code text, expires_at timestamptz);

create function api.enrol_code_add(p_dealer_id uuid) returns api.enrol_code language plpgsql volatile security definer
set search_path = '' as $$
declare v_dealer int; r api.enrol_code;
begin
    select d.dealer_id into v_dealer from core.dealer d where d.public_id = p_dealer_id and d.dealer_id > 0 and d.is_active;
    if v_dealer is null then perform core.fail('ZC404'); end if;
    -- 128 random bits: two version 4 UUIDs give 244, hashed to 32 hex digits
    r.code := left(encode(sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea), 'hex'), 32);
    r.expires_at := core.now() + interval '15 minutes';
    perform session.enrol_code_make(v_dealer, sha256(r.code::bytea), r.expires_at);
    perform core.ledger_add('dealer.enrol_code', p_dealer_id::text, null, 'R153');
    return r;
end $$;
comment on function api.enrol_code_add is $$
Make the one-time code with which a dealer's own system enrols; shown once, 15 minutes.
in: dealer_id    out: code, expires_at    errors: not-found $$;
