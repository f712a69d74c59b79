-- SPDX-License-Identifier: Apache-2.0
-- Working time: hours, week, zone and production calendar of a dealer's country (R10, S4).
begin;
\i tests/sql/fixture.sql
select plan(25);

create function pg_temp.until(p_dealer int, p_from text, p_minutes int, p_zone text default 'Europe/Moscow') returns text language sql stable as $$
select to_char(core.working_until(p_dealer, p_from::timestamp at time zone p_zone, p_minutes) at time zone p_zone, 'YYYY-MM-DD HH24:MI') $$;
create function pg_temp.load(p_login text, p_xml text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.calendar_load(%L)', p_xml)) $$;
-- a year with everything: a holiday, a moved day off, a short day, a worked Saturday, a short Saturday
select '<?xml version="1.0" encoding="UTF-8"?><calendar year="2026" lang="ru" date="2025.09.30" country="ru"><holidays><holiday id="1" title="Новый год"/></holidays>
<days><day d="01.01" t="1" h="1"/><day d="01.09" t="1" f="01.03"/><day d="04.30" t="2"/><day d="05.01" t="1"/><day d="11.07" t="3"/><day d="11.14" t="2"/></days></calendar>' as xml \gset

update core.dealer set opens_at = '09:00', closes_at = '18:00', work_days = '{1,2,3,4,5}', time_zone = 'Europe/Moscow' where dealer_id = 1;
update core.dealer set opens_at = '09:00', closes_at = '18:00', work_days = '{1,2,3,4,5}', time_zone = 'Asia/Vladivostok' where dealer_id = 2;
update core.dealer set opens_at = '09:00', closes_at = '18:00', work_days = '{1,2,3,4,5}', time_zone = 'Asia/Almaty', country = 'KZ' where dealer_id = 3;

select is(pg_temp.load('router', :'xml') ->> 'error', null, 'the function itself loads (roles are the route''s affair)');
select is(pg_temp.load('admin', :'xml') -> 0, '{"country": "RU", "year": 2026, "published_on": "2025-09-30", "off_days": 3, "short_days": 2, "work_days": 1}', 'a year becomes what the file says (R10)');
select is((select count(*) from core.calendar_day where country = 'RU' and on_day between '2026-01-01' and '2026-12-31'), 6::bigint, 'loading it twice changes nothing');
select is((select title from core.calendar_day where country = 'RU' and on_day = '2026-01-01'), 'Новый год', 'holidays keep their names');
select is((select count(*) from core.calendar_day where country = 'RU' and on_day = '2027-05-09'), 1::bigint, 'other years stay');
select is(test.call('admin', 'select * from api.calendars_list()') -> 0 ->> 'off_days', '3', 'the administrator sees what is loaded');
select is((select count(*) from core.ledger where kind = 'calendar.load'), 2::bigint, 'each load is in the ledger (R8)');

select is(pg_temp.until(1, '2026-04-29 17:00', 120), '2026-04-30 10:00', 'hours pass over a night');
select is(pg_temp.until(1, '2026-04-30 16:00', 120), '2026-05-04 10:00', 'a short day ends an hour earlier, a holiday and a weekend count nothing (R10)');
select is(pg_temp.until(1, '2026-11-06 17:00', 120), '2026-11-07 10:00', 'a worked Saturday counts');
select is(pg_temp.until(1, '2026-11-14 16:30', 60), '2026-11-16 09:30', 'a short Saturday is a working day that ends at five');
select is(pg_temp.until(1, '2026-01-08 17:00', 120), '2026-01-12 10:00', 'a moved day off counts nothing');
select is(pg_temp.until(2, '2026-11-06 17:00', 120, 'Asia/Vladivostok'), '2026-11-07 10:00', 'hours are the dealer''s local ones');
select is(pg_temp.until(3, '2026-04-30 16:00', 180, 'Asia/Almaty'), '2026-05-01 10:00', 'a dealer works by the calendar of its own country');
select is(core.working_minutes(1, '2026-04-30 15:00 Europe/Moscow', '2026-05-04 10:30 Europe/Moscow'), 210, 'a clock shows working minutes');
select is(core.working_minutes(1, '2026-05-04 10:30 Europe/Moscow', '2026-04-30 15:00 Europe/Moscow'), 0, 'and never less than none');
select is(core.working_days_end(1, '2026-04-29 12:00 Europe/Moscow', 2), '2026-05-05 00:00 Europe/Moscow'::timestamptz, 'working days end at midnight of the dealer and skip holidays (R10, P11)');
select is((core.work_clock(1, core.now() + interval '30 days')).left_min > 0, true, 'a running timer has minutes left');

select is(pg_temp.load('admin', x) ->> 'error' in ('ZC402', 'ZC400'), true, 'refused: ' || w) from (values
    ('not xml at all', 'a text'), ('<calendar year="2026"><days><day d="01.01" t="1"/></days></calendar>', 'no country'),
    ('<calendar year="2026" country="fr"><days><day d="01.01" t="1"/></days></calendar>', 'another country'),
    ('<calendar year="2026" country="ru"><days><day d="13.01" t="1"/></days></calendar>', 'a day that does not exist'),
    ('<calendar year="2026" country="ru"><days><day d="01.01" t="9"/></days></calendar>', 'an unknown kind of day'),
    ('<calendar year="2026" country="ru"><days><day d="01.01" t="1"/><day d="01.01" t="2"/></days></calendar>', 'a day twice'),
    ('<!DOCTYPE a [<!ENTITY b "c">]><calendar year="2026" country="ru"><days><day d="01.01" t="1"/></days></calendar>', 'entities')) v(x, w);
select * from finish();
rollback;
