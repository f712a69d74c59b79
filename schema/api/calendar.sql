-- SPDX-License-Identifier: Apache-2.0
-- Production calendars (R10): which years are loaded, and loading one.

create type api.calendar as (country text, year int, published_on date, off_days int, short_days int, work_days int, loaded_at timestamptz,
    days json, cursor_ text);

create function api.calendars_list(p_country text default null, p_limit int default null, p_after text default null)
returns setof api.calendar language sql stable begin atomic
    select y.country, y.year, y.published_on, y.off_days, y.short_days, y.work_days, y.loaded_at,
        (select json_agg(json_build_object('on', c.on_day, 'kind', c.kind, 'title', c.title) order by c.on_day)
         from core.calendar_day c where c.country = y.country and c.on_day between make_date(y.year, 1, 1) and make_date(y.year, 12, 31)),
        (y.country || y.year)
    from core.calendar_year y
    where (p_country is null or y.country = p_country) and y.country || y.year > coalesce(p_after, '')
    order by y.country || y.year limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.calendars_list is $$
The production calendars that are loaded, each with its exceptions: off, short and worked days.
in: country RU | BY | KZ    out: days is a list of {on, kind, title}    rule: R10 $$;

create type api.calendar_loaded as (country text, year int, published_on date, off_days int, short_days int, work_days int);

create function api.calendar_load(p_xml text, p_country text default null) returns api.calendar_loaded
language plpgsql volatile security definer set search_path = '' as $$
declare y core.calendar_year;
begin
    y := core.calendar_load(p_xml, p_country);
    return row(y.country, y.year, y.published_on, y.off_days, y.short_days, y.work_days)::api.calendar_loaded;
end $$;
comment on function api.calendar_load is $$
Load a year of a country's production calendar as published (XML with day types 1 off, 2 short, 3 worked weekend); the year becomes
what the file says. Timers already running keep their end.
in: xml - the text of the file; country RU | BY | KZ, for a file that does not say
out: country, year and counts    errors: bad-field xml, missing-field country    rule: R10, R49 $$;
