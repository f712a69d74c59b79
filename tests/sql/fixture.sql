-- SPDX-License-Identifier: Apache-2.0
-- A small network for SQL tests: three brands, four dealers, every role, one live session each. Read by each test file after
-- BEGIN, so it is rolled back with it. Runs as a superuser.
--
--   select test.call('seller_a', $$select * from api.people_list()$$)     what that person gets: a json array of rows,
--                                                                        or {"error": SQLSTATE, "field": ..., "info": ...}

set local client_min_messages = warning;
create extension if not exists pgtap;
create schema test;

-- No test may depend on the day and the hour it is run at: nights, weekends and holidays move terms. It is ten in the morning of the next Tuesday
-- after the holidays of June; until November there is none. test.at (campaign.sql) names another day, test.clock=now keeps today.
select set_config('clientele.clock_offset_s', extract(epoch from min(t.at) - now())::bigint::text, true), set_config('test.began_s', extract(epoch from min(t.at) - now())::bigint::text, true)
from generate_series(0, 1) n, make_date(extract(year from now())::int + n, 6, 15) d,
    lateral (select (d + (9 - extract(isodow from d)::int) % 7 + time '10:00') at time zone 'Europe/Moscow' as at) t
where t.at > now() and current_setting('test.clock', true) is distinct from 'now' having count(*) > 0 \g /dev/null

insert into core.brand (brand_id, name, color_index) values (1, 'Haval', 1), (2, 'Kia', 2), (3, 'Lada', 3);
insert into core.dealer (dealer_id, name, legal_name, city, time_zone, area_code, sender_address) values
  (1, 'Альфа', 'ООО «Альфа»', 'Казань', 'Europe/Moscow', '843', 'news@alfa.example'),
  (2, 'Бета', 'ООО «Бета»', 'Москва', 'Europe/Moscow', '495', 'news@beta.example'),
  (3, 'Восток', 'ООО «Восток»', 'Владивосток', 'Asia/Vladivostok', '423', 'news@vostok.example'),
  (4, 'Гамма', 'ООО «Гамма»', 'Москва', 'Europe/Moscow', '495', 'news@gamma.example');
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('P19.notice', '2020-01-01', 0, 'day', 0, 30);   -- campaigns go out the same day
insert into core.dealer_brand select d, b, l from generate_series(1, 4) d, generate_series(1, 3) b, unnest(enum_range(null::core.line)) l;

create table test.person (login text primary key, staff_id bigint, class name);
do $$
declare r record; s bigint;
begin
    for r in select * from (values ('admin', 0, 'admin', 'head_office'), ('marketer', 0, 'marketer', 'head_office'),
        ('router', 0, 'router', 'head_office'), ('arbiter', 0, 'arbiter', 'head_office'), ('steward', 0, 'steward', 'head_office'), ('dpo', 0, 'dpo', 'head_office'), ('auditor', 0, 'auditor', 'auditor'),
        ('manager_a', 1, 'manager', 'dealer'), ('seller_a', 1, 'seller', 'dealer'), ('seller_a2', 1, 'seller', 'dealer'),
        ('adviser_a', 1, 'adviser', 'dealer'), ('operator_a', 1, 'operator', 'dealer'), ('system_a', 1, 'system', 'system'),
        ('manager_b', 2, 'manager', 'dealer'), ('seller_b', 2, 'seller', 'dealer'), ('adviser_b', 2, 'adviser', 'dealer'),
        ('system_b', 2, 'system', 'system'), ('manager_c', 3, 'manager', 'dealer'), ('seller_c', 3, 'seller', 'dealer'),
        ('seller_d', 4, 'seller', 'dealer')) v(login, dealer_id, role, class) loop
        insert into core.staff (dealer_id, role, name, email) values (r.dealer_id, r.role::core.staff_role, r.login, r.login || '@staff.example')
        returning staff_id into s;
        insert into session.account (staff_id, login, password_phc) values (s, r.login, '$argon2id$test');
        insert into session.session (secret_hash, staff_id, letter, created_at, seen_at, authenticated_at, idle_until, expires_at)
        values (sha256(convert_to(r.login, 'UTF8')), s, session.letter_of((select f.role_bit from core.staff f where f.staff_id = s))::"char", core.now(), core.now(),
                core.now(), core.now() + interval '30 minutes', core.now() + interval '12 hours');
        insert into test.person values (r.login, s, r.class);
    end loop;
end $$;

-- Random acts of a test: other ones in every run, the same for the same CLIENTELE_TEST_SEED, which is printed (tests/lib/setup.sh).
create function test.dice() returns text language sql as $$
select 'seed ' || x.seed from (select coalesce(nullif(current_setting('test.seed', true), ''), '1')::bigint as seed) x cross join lateral setseed((x.seed % 1000003) / 1000003.0) $$;

create function test.staff(p_login text) returns bigint language sql stable as $$ select staff_id from test.person where login = p_login $$;
create function test.staff_uuid(p_login text) returns uuid language sql stable as $$
select f.public_id from core.staff f where f.staff_id = test.staff(p_login) $$;
create function test.dealer(p_id int) returns uuid language sql stable as $$ select public_id from core.dealer where dealer_id = p_id $$;

-- Runs SQL as a person, bound as the server binds. An error rolls back what it did, as a request would.
create function test.call(p_login text, p_sql text) returns jsonb language plpgsql as $$
declare who name := (select class from test.person where login = p_login); answer jsonb; v_state text; v_field text; v_info text;
begin
    begin
        execute format('set local session authorization %I', who);
        perform session.bind(convert_to(p_login, 'UTF8'), 4095, 'test', 'w', null, 'test');
        execute format('select coalesce(jsonb_agg(to_jsonb(r)), ''[]'') from (%s) r', p_sql) into answer;
        set local session authorization default;
        perform set_config('clientele.identity', '', true);
    exception when others then
        get stacked diagnostics v_state = returned_sqlstate, v_field = column_name, v_info = pg_exception_detail;
        return jsonb_strip_nulls(jsonb_build_object('error', v_state, 'field', nullif(v_field, ''), 'info', nullif(v_info, ''),
            'message', case when v_state !~ '^ZC' then sqlerrm end));
    end;
    return answer;
end $$;

-- One registration by hand with everything R30 asks for; more fields by p_more.
create function test.register(p_login text, p_surname text, p_phone text, p_more text default '', p_brand int default 1, p_line text default 'NEW')
returns jsonb language sql as $$
select test.call(p_login, format('select * from api.registration_add(p_kind => ''PERSON'', p_surname => %L, p_given_name => ''Иван'', p_phone => %L, '
    'p_brand_id => %s, p_line => %L, p_source => ''walk-in'', p_occasion => ''walk_in'', p_interest => ''F7'', p_consent_evidence => ''form 1'', '
    'p_consent_channels => ''{EMAIL,SMS,CALL}''%s)', p_surname, p_phone, p_brand, p_line, p_more)) $$;

-- The clock so many seconds after the beginning; nobody is kept awake.
create function test.after(p_s int) returns void language sql as $$
select set_config('clientele.clock_offset_s', (coalesce(nullif(current_setting('test.began_s', true), ''), '0')::int + p_s)::text, true) $$;

-- A round of the clock, as server/jobs/clockwork.c goes it. out: the parts that had a turn, in their order
create function test.round() returns text[] language plpgsql as $$
declare t record; parts text[] := '{}';
begin
    t := core.clock_next(0);
    while t.name is not null loop
        perform core.clock_part(t.name);
        parts := parts || t.name;
        t := core.clock_next(t.place);
    end loop;
    return parts;
end $$;

-- Moves the clock of core.now() for the rest of the transaction; the sessions live on.
create function test.wait(p_for interval) returns void language plpgsql as $$
begin
    perform set_config('clientele.clock_offset_s', ceil(extract(epoch from current_setting('clientele.clock_offset_s')::interval + p_for))::int::text, true);
    update session.session set seen_at = core.now(), idle_until = core.now() + interval '30 minutes', expires_at = core.now() + interval '12 hours';
end $$;
