-- SPDX-License-Identifier: Apache-2.0
-- Territories (R41): the map of a brand and line on a day with gaps and overlaps; regions, postal ranges and rings added and ended with dates.

create function core.ring_shown(p_ring polygon) returns json
language sql immutable as $$
select case when p_ring is not null then replace(replace(replace(p_ring::text, '((', '[['), '))', ']]'), '),(', '],[')::json end $$;
comment on function core.ring_shown(polygon) is 'A ring as a list of [lon, lat].';

create function core.territory_pieces(p_brand smallint, p_line core.line, p_own int) returns json
language sql stable as $$
select coalesce(json_agg(json_build_object('id', t.public_id, 'dealer_id', d.public_id, 'kind',
        case when t.region_code is not null then 'region' when t.ring is not null then 'ring' else 'postal' end, 'region', t.region_code,
        'postal_from', t.postal_from, 'postal_to', t.postal_to, 'ring', core.ring_shown(t.ring), 'name', t.name, 'from_on', t.from_on, 'to_on', t.to_on)
        order by d.dealer_id, t.region_code, t.postal_from, t.territory_id), '[]')
from core.territory t join core.dealer d on d.dealer_id = t.dealer_id
where t.brand_id = p_brand and t.line = p_line and (p_own is null or t.dealer_id = p_own) and coalesce(t.to_on > t.from_on, true) $$;
comment on function core.territory_pieces(smallint, core.line, int) is 'All pieces of a brand and line with their dates; p_own of one dealer alone.';

create function api.territories_get(p_brand_id int, p_line core.line, p_on date default null) returns json
language plpgsql stable security definer set search_path = '' as $$
declare v_on date := coalesce(p_on, core.today()); v_own int := session.dealer(); v_brand smallint := core.brand_of(p_brand_id::text);
begin
    if v_brand is null then perform core.fail('ZC402', 'brand_id'); end if;
    return (select json_build_object('on', v_on, 'version', (select max(v.version) from core.routing_version v),
        'regions', json_agg(json_build_object('code', g.code, 'iso', g.iso, 'name', g.name, 'name_en', g.name_en, 'lon', g.lon, 'lat', g.lat,
            'dealers', (select coalesce(json_agg(d.public_id order by d.dealer_id), '[]') from core.dealer d where d.dealer_id = any (x.dealers) and (v_own is null or d.dealer_id = v_own)),
            'holders', case when v_own is null then x.holders end) order by g.code),
        'gaps', case when v_own is null then count(*) filter (where x.holders = 0) end, 'overlaps', case when v_own is null then count(*) filter (where x.holders > 1) end,
        'pieces', core.territory_pieces(v_brand, p_line, v_own))
    from core.region g join core.territory_report(v_brand, p_line, v_on) x on x.region_code = g.code);
end $$;
comment on function api.territories_get is $$
The territories of a brand and line on a day: every region with the dealers who hold it, gaps and overlaps counted, and all pieces (regions,
postal ranges, rings) with their dates. A dealer's manager sees the dealer's own.
in: brand_id, line, on (default today)    out: {on, version, regions, gaps, overlaps, pieces}    errors: bad-field    rule: R9, R41 $$;

create type api.territory_set as (version bigint, added int, ended int, gap_count int, overlap_count int);

create function core.territory_checked(p_dealer int, p_brand int, p_line core.line, p_from date) returns smallint
language plpgsql stable as $$
declare v_brand smallint := core.brand_of(p_brand::text);
begin
    if v_brand is null then perform core.fail('ZC402', 'brand_id'); end if;
    if not exists (select from core.dealer_brand b where b.dealer_id = p_dealer and b.brand_id = v_brand and b.line = p_line) then
        perform core.fail('ZC402', 'dealer_id');
    end if;
    -- what was decided by stands: territories change from today on (R49)
    if p_from < core.today() or p_from > core.today() + 3660 then perform core.fail('ZC402', 'from_on'); end if;
    return v_brand;
end $$;
comment on function core.territory_checked(int, int, core.line, date) is 'A dealer that holds brand and line, and a day not past. errors: ZC402';

create function api.territory_set(p_dealer_id uuid, p_brand_id int, p_line core.line, p_add text[] default '{}', p_remove text[] default '{}',
    p_from_on date default null)
returns api.territory_set language plpgsql volatile security definer set search_path = '' as $$
declare v_dealer int := core.dealer_of(p_dealer_id); v_from date := coalesce(p_from_on, core.today()); r api.territory_set; v_brand smallint;
begin
    v_brand := core.territory_checked(v_dealer, p_brand_id, p_line, v_from);
    if coalesce(cardinality(p_add), 0) + coalesce(cardinality(p_remove), 0) not between 1 and 200 or p_add && p_remove then perform core.fail('ZC402', 'add'); end if;
    if exists (select from unnest(p_add || p_remove) c where not exists (select from core.region g where g.code = c)) then perform core.fail('ZC402', 'add'); end if;
    perform pg_advisory_xact_lock(hashtextextended('core.territory', 0));
    r.version := core.routing_bump('territory', jsonb_build_object('dealer', p_dealer_id, 'brand', v_brand, 'line', p_line, 'add', to_jsonb(p_add), 'remove', to_jsonb(p_remove), 'from', v_from));
    update core.territory t set to_on = greatest(v_from, t.from_on), version = r.version
    where t.dealer_id = v_dealer and t.brand_id = v_brand and t.line = p_line and t.region_code = any (p_remove) and t.to_on is null;
    get diagnostics r.ended = row_count;
    insert into core.territory (dealer_id, brand_id, line, region_code, from_on, version, staff_id)
    select distinct v_dealer, v_brand, p_line, c, v_from, r.version, session.staff() from unnest(p_add) c
    where not exists (select from core.territory t where t.dealer_id = v_dealer and t.brand_id = v_brand and t.line = p_line and t.region_code = c and t.to_on is null);
    get diagnostics r.added = row_count;
    if r.added + r.ended > 0 then perform core.territory_tell(v_dealer, r.version); end if;
    select count(*) filter (where x.holders = 0), count(*) filter (where x.holders > 1) into r.gap_count, r.overlap_count from core.territory_report(v_brand, p_line, v_from) x;
    return r;
end $$;
comment on function api.territory_set is $$
Give a dealer regions and take others, from a day on. Overlaps and gaps are legal and told. Leads under way keep their dealer (R49).
in: dealer_id, brand_id, line, add and remove - two-digit region codes, from_on - today or later
out: version, pieces added and ended, gaps and overlaps afterwards; the dealer's managers are told    errors: bad-field    rule: R9, R41, R49, N15 $$;

create type api.territory_piece as (id uuid, version bigint);

create function api.territory_add(p_dealer_id uuid, p_brand_id int, p_line core.line, p_postal_from text default null, p_postal_to text default null,
    p_ring json default null, p_name core.short_text default null, p_from_on date default null)
returns api.territory_piece language plpgsql volatile security definer set search_path = '' as $$
declare v_dealer int := core.dealer_of(p_dealer_id); v_from date := coalesce(p_from_on, core.today()); r api.territory_piece; v_ring polygon; v_brand smallint;
    v_low text := nullif(btrim(p_postal_from), ''); v_high text := coalesce(nullif(btrim(p_postal_to), ''), nullif(btrim(p_postal_from), ''));
begin
    v_brand := core.territory_checked(v_dealer, p_brand_id, p_line, v_from);
    if (p_ring is not null) = (v_low is not null) then perform core.fail('ZC402', 'ring'); end if;
    if v_low !~ '^[0-9]{1,6}$' or v_high !~ '^[0-9]{1,6}$' then perform core.fail('ZC402', 'postal_from'); end if;
    v_low := rpad(v_low, 6, '0'); v_high := rpad(v_high, 6, '9');      -- a prefix is the range it stands for
    if v_high < v_low then perform core.fail('ZC402', 'postal_to'); end if;
    if p_ring is not null then
        begin
            if json_array_length(p_ring) not between 3 and 500 or exists (select from json_array_elements(p_ring) e where json_array_length(e) <> 2
               or (e ->> 0)::float8 not between -180 and 180 or (e ->> 1)::float8 not between -90 and 90) then
                perform core.fail('ZC402', 'ring');
            end if;
            select ('(' || string_agg(format('(%s,%s)', (e ->> 0)::float8, (e ->> 1)::float8), ',' order by n) || ')')::polygon into v_ring
            from json_array_elements(p_ring) with ordinality x(e, n);
        exception when query_canceled then raise; when others then perform core.fail('ZC402', 'ring');
        end;
    end if;
    r.version := core.routing_bump('territory', jsonb_build_object('dealer', p_dealer_id, 'brand', v_brand, 'line', p_line, 'postal', v_low || '-' || v_high,
        'ring', json_array_length(p_ring), 'from', v_from));
    insert into core.territory (dealer_id, brand_id, line, postal_from, postal_to, ring, name, from_on, version, staff_id)
    values (v_dealer, v_brand, p_line, v_low, v_high, v_ring, left(nullif(btrim(p_name), ''), 200), v_from, r.version, session.staff()) returning public_id into r.id;
    perform core.territory_tell(v_dealer, r.version);
    return r;
end $$;
comment on function api.territory_add is $$
Give a dealer a range of postal codes (six digits, or prefixes) or a ring of points, from a day on.
in: dealer_id, brand_id, line; postal_from, postal_to - or ring: 3 to 500 points [lon, lat]; name; from_on
out: id, version; the dealer's managers are told    errors: bad-field    rule: R9, R41, N15 $$;

create function api.territory_end(p_territory_id uuid, p_to_on date default null) returns api.territory_piece
language plpgsql volatile security definer set search_path = '' as $$
declare t core.territory; r api.territory_piece; v_to date := coalesce(p_to_on, core.today());
begin
    select * into t from core.territory x where x.public_id = p_territory_id for update;
    if t.territory_id is null then perform core.fail('ZC404'); end if;
    if v_to < core.today() or v_to > core.today() + 3660 or t.to_on <= core.today() then perform core.fail('ZC402', 'to_on'); end if;
    r.version := core.routing_bump('territory', jsonb_build_object('piece', p_territory_id, 'to', v_to));
    update core.territory x set to_on = greatest(v_to, x.from_on), version = r.version where x.territory_id = t.territory_id;
    if t.to_on is distinct from greatest(v_to, t.from_on) then perform core.territory_tell(t.dealer_id, r.version); end if;
    r.id := p_territory_id;
    return r;
end $$;
comment on function api.territory_end is $$
End a piece of a territory; it stays on record.    in: territory_id, to_on - the first day without it, today or later
out: id, version; the dealer's managers are told    errors: not-found, bad-field to_on    rule: R9, R41, R49, N15 $$;
