-- SPDX-License-Identifier: Apache-2.0
-- Production calendars (R10): a year of a country is loaded as it was published, and a dealer works by that of its country.
-- A 'short' day of the calendar is a working day whatever the weekday, and ends an hour earlier.

alter table core.dealer add column country text not null default 'RU' constraint dealer_country check (country in ('RU', 'BY', 'KZ'));
alter table core.calendar_day add column title text check (length(title) <= 200);

create table core.calendar_year (                    -- which years were loaded; the exceptions are rows of core.calendar_day
  country  text not null check (country in ('RU', 'BY', 'KZ')),
  year     int not null check (year between 2000 and 2100),
  published_on date,                                 -- as the file says
  off_days int not null, short_days int not null, work_days int not null,
  loaded_at timestamptz not null, loaded_by bigint,
  primary key (country, year));
