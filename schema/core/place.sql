-- SPDX-License-Identifier: Apache-2.0
-- Where a person belongs (R41): the residence, else the place given, else the area of the call. And how far that is from a dealer.

create function core.region_fold(p_name text) returns text
language sql immutable as $$
select array_to_string(array(
    select w from unnest(string_to_array(translate(lower(p_name collate "ru-x-icu"), 'ё.,-–—()«»"/', 'е           '), ' ')) with ordinality x(w, n)
    where w <> '' and w <> all ('{область,обл,республика,респ,край,г,город,автономный,автономная,округ,ао,россия,рф}') order by n), ' ') $$;
comment on function core.region_fold(text) is 'Name of a region or city without its kind: "г. Москва" and "Москва" are one, "Алтайский край" and "Республика Алтай" two.';

create function core.region_of(p_name text) returns text
language plpgsql stable as $$
declare v_fold text := core.region_fold(left(p_name, 100)); v_code text;
begin
    if coalesce(v_fold, '') = '' then return null; end if;
    select r.code into v_code from core.region r where core.region_fold(r.name) = v_fold or r.code = v_fold or lower(r.iso) = v_fold;
    if v_code is null then select a.code into v_code from core.region_alias a where a.fold = v_fold; end if;
    return v_code;
end $$;
comment on function core.region_of(text) is 'Region by name as people write it, or by code; NULL when unknown.    cost: a walk over 83 rows';

create type core.place as (region_code text, postal_code text, lon real, lat real, known_by text);
comment on type core.place is 'A person''s place; known_by: residence | given | call_area, NULL when nothing is known. lon, lat only of a city or a point given.';

create function core.place_read(p_city text, p_region text, p_postal text, p_by text) returns core.place
language plpgsql stable as $$
declare r core.place; c core.city;
begin
    r.postal_code := substring(p_postal from '\m[1-9][0-9]{5}\M');
    select x.* into c from core.city x where x.name = btrim(regexp_replace(p_city, '^\s*(г\.|г|город)\s+', ''));
    r.lon := c.lon; r.lat := c.lat;
    r.region_code := coalesce(core.region_of(p_region), c.region_code, core.region_of(c.region), core.region_of(p_city));
    if r.region_code is not null or r.postal_code is not null then r.known_by := p_by; end if;
    return r;
end $$;
comment on function core.place_read(text, text, text, text) is 'A place from city, region and a text that holds a postal code; each may be NULL.';

create function core.place_of(p_party bigint, p_given core.place default null) returns core.place
language plpgsql stable as $$
declare r core.place; p core.party; v_phone text;
begin
    select x.* into p from core.party x where x.party_id = p_party;
    r := core.place_read(p.city, p.region, coalesce(p.address, (select c.raw from core.contact_point c
        where c.party_id = p_party and c.kind = 'POSTAL' and c.is_valid order by c.is_primary desc limit 1)), 'residence');
    if r.known_by is not null then return r; end if;
    if (p_given).known_by is not null then return p_given; end if;
    select c.value into v_phone from core.contact_point c where c.party_id = p_party and c.kind = 'PHONE' and c.is_valid and c.value like '+7%'
    order by c.is_primary desc limit 1;
    r.region_code := (select a.code from core.phone_area a
    where a.prefix in (substr(v_phone, 3, 3), substr(v_phone, 3, 4), substr(v_phone, 3, 5), substr(v_phone, 3, 6)) order by length(a.prefix) desc limit 1);
    if r.region_code is not null then r.known_by := 'call_area'; end if;
    return r;
end $$;
comment on function core.place_of(bigint, core.place) is $$
The place of a person: residence, else the place given with the lead, else the area of his phone number.
out: known_by says which; all NULL when nothing is known    source: R41$$;

create function core.distance_km(p_lon1 real, p_lat1 real, p_lon2 real, p_lat2 real) returns int
language sql immutable strict as $$
select round(12742 * asin(least(1, sqrt(power(sin(radians(p_lat2 - p_lat1) / 2), 2)
    + cos(radians(p_lat1)) * cos(radians(p_lat2)) * power(sin(radians(p_lon2 - p_lon1) / 2), 2)))))::int $$;
comment on function core.distance_km(real, real, real, real) is 'Distance on the globe in km, whole, so that it compares the same everywhere.';
