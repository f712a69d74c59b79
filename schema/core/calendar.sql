-- SPDX-License-Identifier: Apache-2.0
-- Working time of a dealer (R10): its hours, its week, its zone and the production calendar of its country.
-- Off days of the calendar are nobody's; worked and short days of it are everybody's, whatever the weekday; a short day ends an hour earlier.

create function core.work_spans(p_dealer int, p_from date, p_days int)
returns table (day_on date, opens timestamptz, closes timestamptz)
language plpgsql stable as $$
begin
    return query
    select g.day_on, (g.day_on + d.opens_at) at time zone d.time_zone,
           (g.day_on + d.closes_at) at time zone d.time_zone
           - case when c.kind = 'short' then make_interval(mins => core.policy_int('R10.short')) else interval '0' end
    from core.dealer d cross join lateral (select p_from + n as day_on from generate_series(0, p_days - 1) n) g
    left join core.calendar_day c on c.country = d.country and c.on_day = g.day_on
    where d.dealer_id = p_dealer and d.closes_at > d.opens_at
      and case when c.kind is null then extract(isodow from g.day_on)::smallint = any (d.work_days) else c.kind <> 'off' end
    order by g.day_on;
end $$;
comment on function core.work_spans(int, date, int) is $$
When a dealer works in so many days from a local date on.    out: a row a working day, in order    cost: one index range    source: R10$$;

create function core.working_until(p_dealer int, p_from timestamptz, p_minutes int) returns timestamptz
language plpgsql stable as $$
declare w record; v_left interval := make_interval(mins => p_minutes); v_begin timestamptz; v_day date := core.dealer_local_on(p_dealer, p_from);
begin
    -- a fortnight at first: most timers end in it
    for w in select * from core.work_spans(p_dealer, v_day, 14) union all select * from core.work_spans(p_dealer, v_day + 14, 106) loop
        v_begin := greatest(w.opens, p_from);
        continue when w.closes <= v_begin;
        if v_begin + v_left <= w.closes then return v_begin + v_left; end if;
        v_left := v_left - (w.closes - v_begin);
    end loop;
    return p_from + interval '120 days';
end $$;
comment on function core.working_until(int, timestamptz, int) is $$
The instant by which so many working minutes of a dealer have passed, by his hours, week and holidays.
in: p_from any time, also outside working hours    out: at most 120 days ahead    source: R10, P1, P2$$;

create function core.working_minutes(p_dealer int, p_from timestamptz, p_to timestamptz) returns int
language plpgsql stable as $$
declare v_day date := core.dealer_local_on(p_dealer, p_from);
begin
    if p_to <= p_from then return 0; end if;
    return (select coalesce(floor(sum(extract(epoch from least(w.closes, p_to) - greatest(w.opens, p_from))) / 60), 0)::int
            from core.work_spans(p_dealer, v_day, least(core.dealer_local_on(p_dealer, p_to) - v_day + 1, 400)) w
            where w.opens < p_to and w.closes > p_from);
end $$;
comment on function core.working_minutes(int, timestamptz, timestamptz) is
'Working minutes of a dealer between two instants: what a response clock shows. source: R10';

create function core.working_days_end(p_dealer int, p_from timestamptz, p_days int) returns timestamptz
language plpgsql stable as $$
declare v_on date;
begin
    select w.day_on into v_on from core.work_spans(p_dealer, core.dealer_local_on(p_dealer, p_from) + 1, p_days * 4 + 30) w
    order by w.day_on offset p_days - 1 limit 1;
    return core.day_end(p_dealer, coalesce(v_on, core.dealer_local_on(p_dealer, p_from) + p_days * 4 + 30));
end $$;
comment on function core.working_days_end(int, timestamptz, int) is $$
Midnight at which so many working days of a principal have passed; the day of p_from does not count.
in: p_dealer 0 = head office; p_days 1-90    source: R10, P11, P19$$;

create type core.work_clock as (is_open boolean, left_min int, runs_from timestamptz, runs_until timestamptz);
comment on type core.work_clock is 'A timer of working hours as a screen ticks it: runs now or not, minutes left, when it goes on, when it next stands still.';

create function core.work_clock(p_dealer int, p_until timestamptz) returns core.work_clock
language plpgsql stable as $$
declare c core.work_clock; v_now timestamptz := core.now(); v_from date := core.dealer_local_on(p_dealer, v_now); v_opens timestamptz;
begin
    if p_until is null then return null; end if;
    select coalesce(floor(sum(extract(epoch from least(w.closes, p_until) - greatest(w.opens, v_now))) filter (where w.opens < p_until) / 60), 0),
        min(w.opens), min(w.closes)
    into c.left_min, v_opens, c.runs_until
    from core.work_spans(p_dealer, v_from, greatest(21, least(p_until::date - v_from + 2, 400))) w where w.closes > v_now;
    c.is_open := coalesce(v_opens <= v_now, false); c.runs_from := greatest(v_opens, v_now);
    return c;
end $$;
comment on function core.work_clock(int, timestamptz) is 'A timer that ends at p_until, as working time of a dealer. source: R10, P1, P2';

create type core.calendar_given as (on_day date, kind text, title text);
comment on type core.calendar_given is 'One exception of a production calendar.';

create function core.calendar_read(p_xml text, p_country text, out y core.calendar_year, out days core.calendar_given[])
language plpgsql stable as $$
declare doc xml;
begin
    if p_xml ~* '<!(doctype|entity)' then perform core.fail('ZC402', 'xml'); end if;     -- a calendar needs no entities
    begin
        doc := xmlparse(document p_xml);
        select upper(coalesce(x.country, p_country)), x.year, replace(x.published, '.', '-')::date into y.country, y.year, y.published_on
        from xmltable('/calendar' passing doc columns country text path '@country', year int path '@year', published text path '@date') x;
        select array_agg((make_date(y.year, split_part(x.d, '.', 1)::int, split_part(x.d, '.', 2)::int),
                          case x.t when '1' then 'off' when '2' then 'short' when '3' then 'work' else x.t end, left(h.title, 200))::core.calendar_given)
        into days
        from xmltable('/calendar/days/day' passing doc columns d text path '@d', t text path '@t', h text path '@h') x
        left join xmltable('/calendar/holidays/holiday' passing doc columns id text path '@id', title text path '@title') h on h.id = x.h;
    exception when query_canceled then raise; when others then perform core.fail('ZC402', 'xml');
    end;
    if p_country is not null and upper(p_country) <> y.country then perform core.fail('ZC402', 'country'); end if;
    if y.country is null then perform core.fail('ZC400', 'country'); end if;
    if y.country not in ('RU', 'BY', 'KZ') or coalesce(y.year, 0) not between 2000 and 2100 then perform core.fail('ZC402', 'xml'); end if;
    if coalesce(cardinality(days), 0) not between 1 and 366
       or exists (select from unnest(days) d where d.kind not in ('off', 'short', 'work') or d.kind is null)
       or (select count(distinct d.on_day) from unnest(days) d) <> cardinality(days) then
        perform core.fail('ZC402', 'xml');
    end if;
    y.off_days := (select count(*) from unnest(days) d where d.kind = 'off');
    y.short_days := (select count(*) from unnest(days) d where d.kind = 'short');
    y.work_days := (select count(*) from unnest(days) d where d.kind = 'work');
end $$;
comment on function core.calendar_read(text, text) is $$
A production calendar as published: <calendar year country date><holidays/><days><day d="MM.DD" t="1|2|3" h/></days></calendar>; t 1 off,
2 short, 3 worked weekend.    out: the year and its exceptions    errors: ZC402 xml, whatever is wrong with it$$;

create function core.calendar_load(p_xml text, p_country text default null) returns core.calendar_year
language plpgsql volatile as $$
declare r record; made core.calendar_year;
begin
    select * into r from core.calendar_read(p_xml, p_country);
    perform pg_advisory_xact_lock(hashtextextended('core.calendar_day', 0));
    delete from core.calendar_day c where c.country = (r.y).country
      and c.on_day between make_date((r.y).year, 1, 1) and make_date((r.y).year, 12, 31);
    insert into core.calendar_day (country, on_day, kind, title) select (r.y).country, d.on_day, d.kind, d.title from unnest(r.days) d;
    insert into core.calendar_year as k (country, year, published_on, off_days, short_days, work_days, loaded_at, loaded_by)
    values ((r.y).country, (r.y).year, (r.y).published_on, (r.y).off_days, (r.y).short_days, (r.y).work_days, core.now(), session.staff())
    on conflict (country, year) do update set published_on = excluded.published_on, off_days = excluded.off_days,
        short_days = excluded.short_days, work_days = excluded.work_days, loaded_at = excluded.loaded_at, loaded_by = excluded.loaded_by
    returning * into made;
    perform core.ledger_add('calendar.load', made.country || ' ' || made.year, null, 'R10',
        jsonb_build_object('off', made.off_days, 'short', made.short_days, 'work', made.work_days));
    return made;
end $$;
comment on function core.calendar_load(text, text) is $$
A year of a country becomes what the file says, whole; loading the same again changes nothing. Timers already running keep their end (R49).
in: the text of a production calendar    errors: ZC402 xml    source: R8, R10$$;
