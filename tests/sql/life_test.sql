-- SPDX-License-Identifier: Apache-2.0
-- The life of a right beside its row: R3, R8, R9, R15, R17, R19, R32, R34, R36-R38, R53-R59, R113, R116, R138, R151, R161.
begin;
\i tests/sql/fixture.sql
select no_plan();

create function test.right_of(p_surname text) returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname order by o.line limit 1 $$;
create function test.person_of(p_surname text) returns uuid language sql stable as $$
select p.public_id from core.party p where p.surname = p_surname $$;
create function test.at(p_local text) returns void language sql as $$ select test.wait((p_local::timestamp at time zone 'Europe/Moscow') - core.now()) $$;
create function test.right_id(p_surname text) returns uuid language sql stable as $$ select (test.right_of(p_surname)).public_id $$;
create function test.did(p_login text, p_surname text, p_kind text, p_evidence text default null, p_at timestamptz default null) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.interaction_add(%L, %L, p_evidence => %L, p_at => %L)', test.person_of(p_surname), p_kind, p_evidence, p_at)) -> 0 $$;
create function test.close(p_surname text, p_reason text default 'other', p_login text default 'seller_a') returns jsonb language sql as $$
select test.call(p_login, format('select * from api.right_lost(%L, %L)', test.right_id(p_surname), p_reason)) -> 0 $$;
select test.at('2027-03-02 12:00');

-- R3, R8, R161: append-only, replay, as of
select test.register('seller_a', 'Историков', '+79037770001');
create temp table t0 as select core.clock() as at;
select test.wait('1 hour');
select test.did('seller_a', 'Историков', 'VISIT', 'reception 1');
select test.close('Историков');
select test.wait('1 hour');
select test.register('seller_b', 'Историков', '+79037770001');
select is((select count(*) from core.right_differences()), 0::bigint, 'R161: the present is rebuilt from the history exactly, column by column');
select throws_ok($$update core.ownership_history set state = 'HELD' where ver = 1$$, 'ZC011', null, 'R3: history is never changed, not by the owner of the database');
select throws_ok($$delete from core.ownership_history$$, 'ZC011', null, 'R3: nor removed');
select throws_ok($$truncate core.ownership_history$$, 'ZC011', null, 'R3: nor emptied');
select throws_ok($$update core.ownership set protect_until = protect_until + interval '1 day' where state = 'ACTIVE'$$, 'ZC011', null,
    'R59: an expiry that is written by hand is refused: no change without its own version and event');
select is((select r.dealer_id::text || r.state from core.right_replay((select at from t0)) r), '1ACTIVE', 'R3: as it was recorded then');
select is((select x.dealer_id::text || x.state from core.right_as_of(core.now()) x), '2ACTIVE', 'R3: who holds it now');
select is((select x.dealer_id::text || x.state from core.right_as_of((select at from t0)) x), '1ACTIVE', 'R3: who held it then');
select is((select count(*) from core.right_as_of((select at from t0) - interval '1 day')), 0::bigint, 'R3: and nobody before');
alter table core.ownership_history disable trigger user;
update core.ownership_history set protect_until = protect_until - interval '1 day' where ownership_id = (test.right_of('Историков')).ownership_id and ver = 2;
select is((select d.columns from core.right_differences() d), '{protect_until}', 'R161: a change behind the triggers is found and named');
update core.ownership_history set protect_until = protect_until + interval '1 day' where ownership_id = (test.right_of('Историков')).ownership_id and ver = 2;
alter table core.ownership_history enable trigger user;

-- R9: rules have dated versions, decisions name theirs
select is(test.call('seller_a', 'select * from api.policies_list()') ->> 'error', '42501', 'R9: dealers do not read the desk of rules');
select is((select count(*) > 60 from jsonb_array_elements(test.call('auditor', 'select * from api.policies_list()'))), true, 'R9: an auditor reads every number');
select is(test.call('auditor', $$select * from api.policy_add('P3.NEW', 40, 1, 'x')$$) ->> 'error', '42501', 'R138: an auditor changes no rule');
select is(test.call('admin', $$select * from api.policy_add('P3.NEW', 400, 1, 'x')$$) - 'info', '{"error": "ZC009", "field": "value"}', 'R9: a value keeps its range');
select is(test.call('admin', $$select * from api.policy_add('P3.NEW', 40, 1, ' ')$$) ->> 'error', 'ZC057', 'R9: a change has a reason');
select is(test.call('admin', $$select * from api.policy_add('P3.NEW', 40, 1, 'x', core.now() - interval '1 hour')$$) ->> 'error', 'ZC010', 'R9: never in the past');
select is(test.call('admin', $$select * from api.policy_add('P3.NEWER', 40, 1, 'x')$$) ->> 'error', 'ZC404', 'R9: only numbers that exist');
select is(test.call('admin', $$select * from api.policy_add('P3.NEW', 40, 1, 'longer deals', core.now() + interval '1 day')$$) -> 0 ->> 'version', '2', 'R9: an administrator publishes a version');
select is(test.call('admin', $$select * from api.policy_add('P3.NEW', 50, 1, 'x')$$) ->> 'error', 'ZC412', 'R9: who did not see the latest version publishes nothing');
select is((select count(*) from core.notice where kind = 'N15' and subject = 'P3.NEW'), (select count(*) from core.staff s where s.is_active and s.role <> 'admin' and (s.dealer_id = 0 or s.role = 'manager')), 'N15: managers and head office are told, once each');
select is(core.policy_int('P3.NEW'), 30, 'R9: it is not in force before its day');
create temp table v1 as select h.policy_from from core.ownership_history h where h.ownership_id = (test.right_of('Историков')).ownership_id and ver = 2;
select test.wait('2 days');
select is(core.policy_int('P3.NEW'), 40, 'R9: and then it is');
select test.register('seller_a', 'Версиев', '+79037770031');
select is((test.right_of('Версиев')).protect_until, core.term_end(1, core.now(), 40), 'R49: new rights have the new term');
select is((select protect_until from test.right_of('Историков')), core.term_end(2, core.now() - interval '2 days', 30), 'R49: open ones keep theirs');
select is((select h.policy_from > (select policy_from from v1) from core.ownership_history h where h.ownership_id = (test.right_of('Версиев')).ownership_id and ver = 2), true, 'R9: the history of a decision names the version it was taken by');

-- R32: review by a person
select test.register('seller_b', 'Медведева', '+79037770040', ', p_email => ''m40@test.example''');
select is(test.register('seller_a', 'Волкова', '+79037770040', ', p_email => ''m40@test.example''') -> 0 ->> 'state', 'PENDING', 'R32: two keys of somebody with another name wait');
select is((select r ->> 'reasons' from jsonb_array_elements(test.call('router', 'select * from api.reviews_list()')) r), '["strong"]', 'R32: on the list of head office');
select is((select count(*) from core.notice n join core.staff s using (staff_id) where n.kind = 'N4' and s.role in ('router', 'steward')), 2::bigint, 'N4: router and steward are told');
create function test.decide(p_login text, p_decision text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.review_decide(%L, %L, ''looked'')', (select r.public_id from core.review r order by r.review_id desc limit 1), p_decision)) $$;
select is(test.decide('manager_a', 'stands') ->> 'error', '42501', 'R32: not the dealer''s own decision');
select is(test.decide('steward', 'maybe') ->> 'error', 'ZC402', 'R32: stands or refuse');
select is(test.decide('steward', 'stands') -> 0 ->> 'right_state', 'ACTIVE', 'R32: the steward lets it stand');
select is(test.decide('router', 'refuse') ->> 'error', 'ZC032', 'R32: decided once');
select test.register('seller_b', 'Зимина', '+79037770041', ', p_email => ''m41@test.example''');
select test.register('seller_a', 'Летова', '+79037770041', ', p_email => ''m41@test.example''');
select is(test.decide('router', 'refuse') -> 0 ->> 'right_state', 'CLOSED', 'R32: or refuses');
select is((select reason::text || rule from test.right_of('Летова')), 'conflictR33', 'R18: with a reason of the list');
select is((select count(*) from core.seat_mark), 0::bigint, 'R32: a mistake of persons is no mark');
select test.register('seller_b', 'Осипова', '+79037770042', ', p_email => ''m42@test.example''');
select test.register('seller_a', 'Весина', '+79037770042', ', p_email => ''m42@test.example''');
select test.wait('3 days'); select core.clock_rights();
select is((select o.state::text || r.state from test.right_of('Весина') o join core.review r using (ownership_id)), 'ACTIVEEXPIRED', 'R32: after a working day without a look it stands');
-- R151: numbers one after another; one number under many names
select test.register('seller_a2', 'Рядов' || i, '+7903888' || (1000 + i)) from generate_series(1, 16) i;
select is((select string_agg(distinct r.reasons::text, '') from core.review r where r.state = 'OPEN'), '{sequence}', 'R151: a run of numbers one after another waits for a look');
select is(test.decide('router', 'refuse') -> 0 ->> 'right_state', 'CLOSED', 'R38: refused as abuse');
select is((select kind from core.seat_mark m where m.staff_id = test.staff('seller_a2')), 'review_refused', 'R38: and counted against the seat');
select is((select o.state from core.ownership o join core.review r using (ownership_id) where r.reasons = '{sequence}'), 'CLOSED', 'R38: the right is closed');
select is((select x.state from core.ownership o join core.review r using (ownership_id) cross join lateral core.right_as_of(o.since, 'infinity', array[o.party_id]) x where r.reasons = '{sequence}'), 'CLOSED', 'R38: void from the start: in valid time it never was');
select is((select x.state from core.ownership o join core.review r using (ownership_id) cross join lateral core.right_as_of(core.clock(), o.changed_at - interval '1 microsecond', array[o.party_id]) x where r.reasons = '{sequence}'), 'PENDING', 'R3: in recorded time it is known what was believed');
select test.register('seller_d', 'Одинов' || i, '+79038889999') from generate_series(1, 5) i;
select is((select r.reasons from core.review r where r.dealer_id = 4), '{one_phone}', 'R151: one number under many names waits for a look');

-- R36: events and their quota
select is(test.call('manager_a', $$select * from api.event_list_add('Мотор-шоу', 'exhibition', core.today(), core.today() + 3)$$) -> 0 ->> 'quota', '500', 'R36: an event gives a seat 500 rows');
create function test.event() returns bigint language sql stable as $$ select max(event_id) from core.event_list where kind = 'exhibition' $$;
select throws_ok($$select core.bulk_guard(1, test.staff('seller_a'), null)$$, 'ZC038', null, 'R36: a list without an event is refused');
select throws_ok($$select core.bulk_guard(2, test.staff('seller_b'), test.event())$$, 'ZC039', null, 'R36: and another dealer''s event');
select is(core.bulk_guard(1, test.staff('seller_a'), test.event(), 450), 450, 'R36: rows are granted');
select is(core.bulk_guard(1, test.staff('seller_a'), test.event(), 100), 50, 'R36: as many as are left');
select throws_ok($$select core.bulk_guard(1, test.staff('seller_a'), test.event())$$, 'ZC037', null, 'R36: and then none');
select is(core.bulk_guard(1, test.staff('seller_a2'), test.event(), 500), 500, 'R36: another seat has its own');
select is(test.call('manager_a', 'select used, is_own from api.event_lists_list()') -> 0, '{"used": 1000, "is_own": true}', 'R36: the manager sees what was taken');
select is(test.call('seller_b', 'select * from api.event_lists_list()'), '[]', 'R36: another dealer nothing of it');
select is(test.call('manager_a', format('select is_open from api.event_list_edit(%L, 1, p_is_open => false)', (select public_id from core.event_list where event_id = test.event()))) -> 0 ->> 'is_open', 'false', 'R36: it is closed');
select throws_ok($$select core.bulk_guard(1, test.staff('adviser_a'), test.event())$$, 'ZC039', null, 'R36: and takes no more');

-- R37: a cold list gives nothing until the client answers
select test.call('manager_a', $$select * from api.event_list_add('База 2026', 'cold', core.today(), core.today() + 30)$$);
create temp table before as select (select count(*) from core.party) as parties, (select count(*) from core.ownership) as rights, (select count(*) from core.match_key) as keys;
select is(test.call('seller_a', format($$select * from api.cold_row_add(%L, 'Холодов Пётр', '+79037770060')$$, (select public_id from core.event_list where kind = 'cold'))) -> 0 ->> 'state', 'WAITING', 'R37: a cold row is kept');
select is(test.call('seller_a', format($$select * from api.cold_row_add(%L, 'Холодов Пётр', '+7 903 777-00-60')$$, (select public_id from core.event_list where kind = 'cold'))) -> 0 ->> 'state', 'WAITING', 'R37: once');
select is((select row(b.parties, b.rights, b.keys)::text from before b), (select row((select count(*) from core.party), (select count(*) from core.ownership), (select count(*) from core.match_key))::text), 'R37: no person, no right, no key');
select is(test.register('seller_b', 'Холодов', '+79037770061') -> 0 ->> 'verdict', 'FREE', 'R37: and it bars nobody');
create function test.answered(p_login text, p_kind text, p_more text default '') returns jsonb language sql as $$
select test.call(p_login, format('select * from api.cold_row_contact(%L, %L, 1, ''NEW'', ''F7'', ''said yes'' %s)', (select public_id from core.cold_row order by cold_id desc limit 1), p_kind, p_more)) $$;
select is(test.answered('seller_a', 'MAIL_OUT') ->> 'error', 'ZC040', 'R37: a letter sent is no answer');
select is(test.answered('seller_a', 'CALL_OUT') ->> 'error', 'ZC040', 'R37: nor a call without its id');
select is(test.answered('seller_b', 'MAIL_IN') ->> 'error', 'ZC404', 'R37: another dealer''s row does not exist');
select is(test.answered('seller_a', 'CALL_OUT', ', p_evidence => ''cti-1''') -> 0 ->> 'state', 'ACTIVE', 'R37: the first two-way contact registers');
select is((select data from core.cold_row where state = 'REGISTERED'), '{"name": "Холодов Пётр"}', 'R37: and the cold row lets go of what it held');
select test.call('seller_a', format($$select * from api.cold_row_add(%L, 'Холодов', '+79037770061')$$, (select public_id from core.event_list where kind = 'cold')));
select is(test.answered('seller_a', 'MAIL_IN') -> 0 ->> 'verdict', 'PROTECTED', 'R37: who is protected elsewhere gives the verdict of any registration');
select test.wait('200 days');
update core.clock_state set real_at = clock_timestamp() - interval '2 hours' where name = 'warnings';
select core.clock_warnings();
select is((select count(*) from core.cold_row), 0::bigint, 'R37: cold rows do not stay for ever');

-- R19: a mistaken close
select test.at('2028-02-01 12:00');
select test.register('seller_a', 'Ошибкин', '+79037770070');
select test.wait('3 days');
create temp table had as select protect_until, limit_until, registered_at, ownership_id, public_id from test.right_of('Ошибкин');
select test.close('Ошибкин');
select is(test.call('seller_a2', format('select * from api.right_reopen(%L)', (select public_id from had))) ->> 'error', 'ZC019', 'R19: only who closed it takes it back');
select is(test.call('seller_a', format('select * from api.right_reopen(%L)', (select public_id from had))) -> 0 ->> 'state', 'ACTIVE', 'R19: he does, within a day');
select is((select row(o.protect_until, o.limit_until, o.registered_at, o.successor_of)::text from test.right_of('Ошибкин') o), (select row(protect_until, limit_until, registered_at, ownership_id)::text from had), 'R19: a successor with the same expiry');
select is((select o.public_id <> h.public_id from test.right_of('Ошибкин') o, had h), true, 'R12: a new right');
select test.close('Ошибкин');
select is(test.call('seller_a', format('select * from api.right_reopen(%L)', test.right_id('Ошибкин'))) ->> 'error', 'ZC019', 'R19: once');
select test.register('seller_a', 'Поздняев', '+79037770071'); select test.close('Поздняев'); select test.wait('25 hours');
select is(test.call('seller_a', format('select * from api.right_reopen(%L)', test.right_id('Поздняев'))) ->> 'error', 'ZC019', 'R19: not after a day');
select test.register('seller_a', 'Уведенов', '+79037770072');
create temp table lost_id as select test.right_id('Уведенов') as id;
select test.close('Уведенов'); select test.register('seller_b', 'Уведенов', '+79037770072');
select is(test.call('seller_a', format('select * from api.right_reopen(%L)', (select id from lost_id))) ->> 'error', 'ZC404', 'R19: not when somebody has him');

-- R53: extension
select test.register('seller_a', 'Долгов', '+79037770080');
create temp table l0 as select limit_until from test.right_of('Долгов');
create function test.extend(p_on date) returns jsonb language sql as $$
select test.call('seller_a', format('select * from api.right_extend(%L, ''bank answers slowly'', ''credit decision'', %L)', test.right_id('Долгов'), p_on)) $$;
select is(test.extend(core.today() + 400) ->> 'error', 'ZC053', 'R53: the next step lies inside the new term');
select is(test.extend(core.today() + 190) -> 0 ->> 'approval_id' is not null, true, 'R53: an extension is asked with a dated next step');
select is(test.extend(core.today() + 190) ->> 'error', 'ZC131', 'R53: once at a time');
create function test.approval() returns uuid language sql stable as $$ select public_id from core.approval where kind = 'extension' order by approval_id desc limit 1 $$;
select is(test.call('marketer', format('select api.approval_approve(%L)', test.approval())) ->> 'error' in ('42501', 'ZC404'), true, 'R53: not a marketer''s decision');
select test.wait('6 days');
select is(test.call('router', format('select api.approval_approve(%L)', test.approval())) ->> 'error', 'ZC133', 'R53: silence for two working days is a refusal');
select is(test.extend(core.today() + 190) -> 0 ->> 'approval_id' is not null, true, 'R53: asked again');
select is(test.call('router', format('select api.approval_approve(%L)', test.approval())) ->> 'error', null, 'R53: head office grants');
select is((test.right_of('Долгов')).limit_until, (select core.term_end(1, limit_until - interval '1 second', 30) from l0), 'R53: the longest term grows by P4');
select is((test.right_of('Долгов')).protect_until, core.day_end(1, core.today() + 190), 'R53: protection reaches the next step');
select is(test.extend(core.today() + 195) ->> 'error', 'ZC053', 'R53: once in its life');

-- R54, R58: what would prolong
select test.register('seller_a', 'Ручнов', '+79037770090');
select is(test.did('seller_a', 'Ручнов', 'VISIT', null, core.now() - interval '2 days') ->> 'is_qualifying', 'false', 'R54: entered two days late does not count (S7)');
select test.did('seller_a', 'Ручнов', 'VISIT'); select test.wait('1 day'); select test.did('seller_a', 'Ручнов', 'VISIT'); select test.wait('1 day');
select is((select (e ->> 'needs_evidence')::boolean from jsonb_array_elements(test.call('seller_a', format('select * from api.protection_get(%L)', test.right_id('Ручнов'))) -> 0 -> 'would_prolong') e where e ->> 'kind' = 'VISIT'), true, 'R58: the owner sees that a third one needs evidence');
select is(test.did('seller_a', 'Ручнов', 'VISIT') ->> 'is_qualifying', 'false', 'R54: the third manual one in a row is refused (S7)');
select is(test.did('seller_a', 'Ручнов', 'VISIT', 'reception 77') ->> 'is_qualifying', 'true', 'R54: with system evidence it counts');
select is(test.call('seller_a', format('select * from api.protection_get(%L)', test.right_id('Ручнов'))) -> 0 ->> 'days_left', '38', 'R58: remaining days');
select is((test.call('seller_a', format('select * from api.protection_get(%L)', test.right_id('Ручнов'))) -> 0 ->> 'used_share')::numeric between 0.01 and 0.02, true, 'R58: used share of the longest term');
select is(test.call('seller_b', format('select * from api.protection_get(%L)', test.right_id('Ручнов'))) -> 0 ->> 'id', null, 'R58: to nobody else');

-- R54: registering again within a day of one's own loss or expiry begins no new row of prolongations by hand
select test.register('seller_a', 'Снован', '+79037770091'); select test.wait('1 day');
select test.did('seller_a', 'Снован', 'VISIT'); select test.wait('1 day'); select test.did('seller_a', 'Снован', 'VISIT'); select test.wait('1 day');
select test.close('Снован'); select test.wait('20 hours');
select is(test.register('seller_a', 'Снован', '+79037770091') -> 0 ->> 'state', 'ACTIVE', 'R19: lost and registered again the same day');
select is(test.did('seller_a', 'Снован', 'VISIT') ->> 'is_qualifying', 'false', 'R54: the third by hand is refused after registering again too');
select is(test.did('seller_a', 'Снован', 'VISIT', 'reception 91') ->> 'is_qualifying', 'true', 'R54: evidence begins a new row there too');
select test.register('seller_a', 'Позжев', '+79037770092'); select test.wait('1 day');
select test.did('seller_a', 'Позжев', 'VISIT'); select test.wait('1 day'); select test.did('seller_a', 'Позжев', 'VISIT'); select test.close('Позжев');
select test.wait('25 hours'); select test.register('seller_a', 'Позжев', '+79037770092');
select is(test.did('seller_a', 'Позжев', 'VISIT') ->> 'is_qualifying', 'true', 'R54: later than a day it is a claim like any other');
select test.register('seller_a', 'Истёкин', '+79037770093'); select test.wait('1 day');
select test.did('seller_a', 'Истёкин', 'VISIT'); select test.wait('1 day'); select test.did('seller_a', 'Истёкин', 'VISIT');
select test.wait('41 days'); select core.clock_rights(); select test.wait('8 days'); select core.clock_rights();
select is((select state::text || reason from test.right_of('Истёкин')), 'CLOSEDexpired', 'a right that ran out');
select is(test.register('seller_a', 'Истёкин', '+79037770093') -> 0 ->> 'state', 'ACTIVE', 'P17: the customer came by himself');
select is((test.right_of('Истёкин')).protect_until, core.term_end(1, core.now(), core.policy_int('P3.NEW')), 'P3: with a term of its own');
select is(test.did('seller_a', 'Истёкин', 'VISIT') ->> 'is_qualifying', 'false', 'R54: one''s own expiry breaks no row either');
select test.register('seller_a', 'Чужаков', '+79037770094'); select test.wait('1 day');
select test.did('seller_a', 'Чужаков', 'VISIT'); select test.wait('1 day'); select test.did('seller_a', 'Чужаков', 'VISIT'); select test.close('Чужаков');
select test.register('seller_b', 'Чужаков', '+79037770094');
select is(test.did('seller_b', 'Чужаков', 'VISIT') ->> 'is_qualifying', 'true', 'R54: what another dealer said by hand is not his');
select test.register('seller_a', 'Машинин', '+79037770096', ', p_vin => ''XTA210990Y2700096''', 1, 'SERVICE'); select test.wait('1 day');
select test.did('seller_a', 'Машинин', 'VISIT'); select test.wait('1 day'); select test.did('seller_a', 'Машинин', 'VISIT'); select test.close('Машинин');
select test.register('seller_a', 'Машинин', '+79037770096', '', 1, 'SERVICE');
select is((select string_agg((o.vehicle_id is null)::text || o.state || o.manual_run, ' ' order by o.state) from core.ownership o join core.party p using (party_id) where p.surname = 'Машинин'),
    'trueACTIVE2 falseCLOSED2', 'R54: nor does leaving out the car');

select test.register('seller_a', 'Льготин', '+79037770095'); select test.wait('41 days'); select core.clock_rights();
select is((select row(x ->> 'state', (x ->> 'grace_until')::timestamptz, (select string_agg(e ->> 'kind', ' ') from jsonb_array_elements(x -> 'would_prolong') e))::text
    from (select test.call('seller_a', format('select * from api.protection_get(%L)', test.right_id('Льготин'))) -> 0 as x) y),
    (select row('GRACE', free_from, 'CALL_IN MAIL_IN SMS_IN VISIT ORDER DEPOSIT')::text from test.right_of('Льготин')), 'R58: in grace it says until when, and what the client himself must do');

-- R55: parked
select test.register('seller_a', 'Майский', '+79037770100');
create function test.park(p_on date) returns jsonb language sql as $$
select test.call('seller_a', format('select * from api.right_park(%L, %L, ''call me in May'')', test.right_id('Майский'), p_on)) $$;
select is(test.park(core.today() + 181) ->> 'error', 'ZC055', 'R55: at most 180 days');
select is(test.park(core.today()) ->> 'error', 'ZC055', 'R55: a day to come');
select is(test.park(core.today() + 170) -> 0 ->> 'state', 'ACTIVE', 'R55: parked');
select is((test.right_of('Майский')).protect_until, core.day_end(1, core.today() + 184), 'R55: the right ends fourteen days after the day');
select is(test.park(core.today() + 170) ->> 'error', 'ZC055', 'R55: once');
select is((select count(*) from core.task t where t.party_id = (test.right_of('Майский')).party_id and t.due_at > core.now() + interval '169 days'), 1::bigint, 'R55: a task for that day');
select is(core.is_parked((test.right_of('Майский')).party_id, 1::smallint), true, 'R55: parked until then');
select test.wait('171 days');
select is(core.is_parked((test.right_of('Майский')).party_id, 1::smallint), false, 'R55: and no longer');

-- R56: samples
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int, version) values ('R56.sample', core.now() - interval '1 second', 1000, 'permille', 0, 1000, 2);
select test.register('seller_a', 'Проверкин', '+79037770110');
create temp table s0 as select protect_until from test.right_of('Проверкин');
select test.wait('20 days'); select test.did('seller_a', 'Проверкин', 'VISIT');
create temp table s1 as select protect_until from test.right_of('Проверкин');
select is((select s1.protect_until > s0.protect_until from s0, s1), true, 'a manual visit prolongs');
select is(jsonb_array_length(test.call('router', 'select * from api.samples_list()')), 1, 'R56: and is sampled');
select is((select core.is_sampled(i, 30) from unnest(array['7f3b2a10-0000-4000-8000-000000000001'::uuid]) i), (select core.is_sampled(i, 30) from unnest(array['7f3b2a10-0000-4000-8000-000000000001'::uuid]) i), 'R56: by its number alone');
select is((select count(*) between 250 and 350 from generate_series(1, 10000) n where core.is_sampled(md5(n::text)::uuid, 30)), true, 'R56: three of a hundred');
create function test.sample(p_answer text, p_note text default 'he was never there') returns jsonb language sql as $$
select test.call('router', format('select * from api.sample_decide(%L, %L, %L)', (select public_id from core.sample order by sample_id desc limit 1), p_answer, p_note)) $$;
select is(test.sample('false', '') ->> 'error', 'ZC057', 'R56: a false one needs its words');
select is(test.sample('false') -> 0 ->> 'shortened', '1', 'R56: the client denies it');
select is((test.right_of('Проверкин')).protect_until, (select protect_until from s0), 'R56: the prolongation is void');
select is((select count(*) from core.seat_mark where kind = 'false_activity' and staff_id = test.staff('seller_a')), 1::bigint, 'R121: and counted against the seat');
select is(test.sample('true') ->> 'error', 'ZC032', 'R56: answered once');
select test.did('seller_a', 'Проверкин', 'VISIT'); select test.wait('5 days'); select test.did('seller_a', 'Проверкин', 'OFFER', 'O-5');
create temp table s2 as select protect_until from test.right_of('Проверкин');
select is(test.sample('false') -> 0 ->> 'shortened', '0', 'R56: what a later documented activity carries stays');
select is((test.right_of('Проверкин')).protect_until, (select protect_until from s2), 'R56: with the same expiry');
select is((select (r ->> 'false_count')::int + (r ->> 'sampled')::int from jsonb_array_elements(test.call('auditor', 'select * from api.evidence_quality_list()')) r where r ->> 'staff_name' = 'seller_a'), 4, 'R121: the auditor sees it by seat');
update core.policy set value_int = 0 where name = 'R56.sample' and version = 2;

-- R57: what a lost reason leaves
select test.register('seller_a', 'Сетев', '+79037770120'); select test.close('Сетев', 'bought_in_network');
select test.register('seller_a', 'Чужанов', '+79037770121'); select test.close('Чужанов', 'bought_other_brand');
select test.register('seller_a', 'Номеров', '+79037770122'); select test.close('Номеров', 'wrong_contact');
select is((select string_agg(f ->> 'kind', ' ' order by f ->> 'kind') from jsonb_array_elements(test.call('router', 'select * from api.follow_ups_list()')) f), 'credit_check recontact', 'R57: credit check and re-contact plan for the router');
select is((select (f ->> 'due_on')::date from jsonb_array_elements(test.call('router', 'select * from api.follow_ups_list(''recontact'')')) f), (core.today() + interval '12 months')::date, 'R57: in a year');
select is((select string_agg(f ->> 'kind', ' ') from jsonb_array_elements(test.call('steward', 'select * from api.follow_ups_list()')) f), 'contact_check', 'R57: a wrong contact for the steward');
select is(test.call('router', format('select * from api.follow_up_done(%L, ''x'')', (select public_id from core.follow_up where kind = 'contact_check'))) ->> 'error', 'ZC404', 'R57: each his own');
select is(test.call('steward', format('select * from api.follow_up_done(%L, ''corrected'')', (select public_id from core.follow_up where kind = 'contact_check'))) -> 0 ->> 'state', 'DONE', 'R57: done with what came of it');

-- R113: the board
select test.register('seller_a', 'Доскин', '+79037770130');
create function test.stage(p_surname text, p_login text default 'seller_a') returns int language sql as $$
select n from generate_series(0, 6) n where exists (select from jsonb_array_elements(test.call(p_login, format('select * from api.funnel_list(%s, p_limit => 100)', n))) c where c ->> 'person_id' = test.person_of(p_surname)::text) $$;
select is(test.stage('Доскин'), 0, 'R113: registered');
select test.did('seller_a', 'Доскин', 'NOTE'); select is(test.stage('Доскин'), 0, 'R51: a note moves nothing');
select test.did('seller_a', 'Доскин', 'CALL_OUT'); select is(test.stage('Доскин'), 1, 'R113: contact');
select test.did('seller_a', 'Доскин', 'TEST_DRIVE', 'TD-1'); select is(test.stage('Доскин'), 3, 'R113: a test drive with its number');
select test.did('seller_a', 'Доскин', 'VISIT', 'reception 2'); select is(test.stage('Доскин'), 3, 'R113: a later visit takes nothing back');
select test.did('seller_a', 'Доскин', 'OFFER', 'O-9'); select is(test.stage('Доскин'), 4, 'R113: an offer');
select is(test.stage('Доскин', 'seller_b'), null, 'R133: on nobody else''s board');
select is(test.stage('Доскин', 'seller_a2'), null, 'R133: not on a colleague''s either');
select is(test.stage('Доскин', 'manager_a'), 4, 'R113: on the manager''s');
select test.call('seller_a', format($$select * from api.right_hold(%L, 'C-77')$$, test.right_id('Доскин'))); select is(test.stage('Доскин'), 5, 'R113: an order');
select test.call('seller_a', format($$select * from api.right_deliver(%L, 'D-77')$$, test.right_id('Доскин'))); select is(test.stage('Доскин'), 6, 'R113: delivered');
select is((select sum((c ->> 'total')::int)::bigint from jsonb_array_elements(test.call('manager_a', 'select * from api.funnel_counts()')) c), (select count(*) from core.ownership o where o.dealer_id = 1 and (o.state in ('PENDING', 'ACTIVE', 'GRACE', 'HELD') or (o.state = 'CUSTOMER' and o.event = 'delivery'))), 'R113: every right stands in one column');
create temp table stages as select * from core.right_stage;
select core.rebuild_stages();
select is((select count(*) from stages s join core.ownership o using (ownership_id) full join core.right_stage r on r.ownership_id = s.ownership_id
    where o.state <> 'CLOSED' and (r.stage, r.dealer_id) is distinct from (s.stage, s.dealer_id)), 0::bigint, 'R113: stages are rebuilt from activities as they were kept');

-- R116: outcomes and what follows
create function test.task() returns uuid language sql stable as $$ select public_id from core.task where dealer_id = 1 and state = 'OPEN' order by task_id desc limit 1 $$;
select test.call('seller_a', format($$select * from api.task_add('Позвонить', 'call', core.now() + interval '1 hour', %L)$$, test.person_of('Ручнов')));
select is(test.call('seller_a', format($$select * from api.task_done(%L, 'whatever')$$, test.task())) ->> 'error', 'ZC402', 'R116: an outcome is one of the list');
select is(test.call('seller_a', format($$select * from api.task_done(%L, 'came', 'x')$$, test.task())) ->> 'error', 'ZC402', 'R116: of its own kind');
select is(test.call('seller_a', format($$select * from api.task_done(%L, 'reached')$$, test.task())) ->> 'error', 'ZC400', 'R116: some need words');
select is(test.call('seller_a', format($$select * from api.task_done(%L, 'visit_agreed')$$, test.task())) -> 0 ->> 'next_kind', 'visit', 'R116: an agreed visit is the next task');
select is((select t.kind || (t.seat_id = test.staff('seller_a'))::text || (t.follows is not null)::text from core.task t where t.public_id = test.task()), 'visittruetrue', 'R116: for the same seat');
select is((select count(*) from core.task_outcome o where o.next_kind is not null and not exists (select from core.task_outcome n where n.kind = o.next_kind)), 0::bigint, 'R116: every chain leads to a kind that has outcomes');

-- R34, R15: claims
select test.register('seller_a', 'Очередин', '+79037770140');
create function test.wait_for(p_login text) returns text language sql as $$
select test.call(p_login, $q$select * from api.waiting_claim_add(1, 'NEW', 'asked', 'form', p_phone => '+7 903 777-01-40', p_surname => 'Очередин')$q$) -> 0 ->> 'verdict' $$;
select test.wait_for('seller_b'); select test.wait('1 minute'); select test.wait_for('seller_c'); select test.wait('1 minute'); select test.wait_for('seller_d');
select is(test.call('seller_b', 'select name, phone, brand_id, line from api.waiting_claims_list()') -> 0, '{"line": "NEW", "name": "Очередин", "phone": "+7 903 777-01-40", "brand_id": 1}', 'R34: a dealer sees whom it waits for, as it typed him');
select is(test.call('seller_d', format('select api.waiting_claim_delete(%L)', (select public_id from core.waiting_claim where dealer_id = 2))) ->> 'error', 'ZC404', 'R34: nobody else withdraws it');
select is(test.call('seller_d', format('select api.waiting_claim_delete(%L)', (select public_id from core.waiting_claim where dealer_id = 4))) ->> 'error', null, 'R34: he himself does');
select test.wait('45 days'); select core.clock_rights(); select core.clock_rights();
select is((test.right_of('Очередин')).state, 'GRACE', 'R15: in grace nobody else gets him');
select test.wait('8 days'); select core.clock_rights();
select is((select dealer_id::text || state || rule from test.right_of('Очередин')), '2OFFEREDR15', 'R15: at the end of grace the first claim is tried');
select is(test.call('seller_b', 'select name, phone_masked from api.leads_list()') -> 0, '{"name": "Очередин Иван", "phone_masked": "+7 903 ***-**-40"}', 'R15: as an offer like any other');
select test.wait('2 days'); select core.clock_rights();
select is((select dealer_id::text || state from test.right_of('Очередин')), '3OFFERED', 'R15: let go by, the next claim is tried');
select test.call('seller_c', format('select * from api.right_accept(%L)', test.right_id('Очередин')));
select is((test.right_of('Очередин')).state, 'ACTIVE', 'R15: and accepted');

-- what the clock does to many at once shows in the lists as what it does to one
select core.register(1, test.staff('seller_a2'), jsonb_build_object('kind', 'PERSON', 'surname', 'Многов' || i, 'phone', '+7904' || (7919 * i + 1000000), 'brand_id', 1, 'line', 'NEW', 'source', 'x',
    'occasion', 'walk_in', 'interest', 'F7', 'consent_evidence', 'f', 'seat', case when i % 3 > 0 then test.staff('seller_a2') end), 'hand') from generate_series(1, 120) i;
select core.right_claim(o.party_id, 1::smallint, 'SERVICE', null, 1, test.staff('adviser_a'), 'document', jsonb_build_object('protect_until', core.now() + interval '500 days'), 'x', null)
from core.ownership o join core.party p using (party_id) where p.surname like 'Многов%5';
select test.wait('60 days');
select core.clock_rights();
select is((select count(*) >= 120 from core.ownership o join core.party p using (party_id) where p.surname like 'Многов%' and o.state = 'GRACE'), true, 'R14: many rights end in one step');
create function test.shown(t core.dealer_party) returns jsonb language sql stable as $$
select to_jsonb(t) - array['updated_at', 'state', 'state_no', 'colleague_level', 'grace_level', 'ends_at']
    || jsonb_build_object('state', core.state_seen(t.state, t.ends_at, core.expired_to()), 'colleague', core.colleague_seen(t.colleague_level, t.grace_level, t.ends_at, core.expired_to())) $$;
create temp table shown as select dealer_id, party_id, test.shown(t) as j from core.dealer_party t;
select core.project(array_agg(dealer_id), array_agg(party_id), false) from core.dealer_party;
select is((select count(*) from shown s full join core.dealer_party t using (dealer_id, party_id) where s.j is distinct from test.shown(t)), 0::bigint, 'R133: the lists are as if each had ended alone');
create function test.told_many() returns bigint language sql stable as $$ select count(*) from core.notice n join core.party p on p.public_id::text = n.subject
    where n.kind = 'N6' and n.staff_id = test.staff('seller_a2') and n.occurrence like '%:expired:%' and p.surname like 'Многов%' $$;
select is(test.told_many(), 80::bigint, 'N6: each seat is told of each, once');
select core.clock_rights();
select is(test.told_many(), 80::bigint, 'R141: and not again');

-- R17: an outage in batches, made good once; a planned one of any length
update core.clock_state set real_at = clock_timestamp() - interval '5 hours' where name = 'rights';
create temp table running as select ownership_id, protect_until, ver from core.ownership where state in ('ACTIVE', 'CUSTOMER', 'GRACE', 'HELD', 'OFFERED', 'PENDING');
select is((select count(*) > 4 from generate_series(1, 300) where core.clock_outage(5) > 0), true, 'R17: an outage is made good in many short steps');
select is((select count(*) from core.ownership o join running r using (ownership_id) where o.ver = r.ver + 1 and o.event = 'outage'), (select count(*) from running), 'R17: every running term once');
select is((select count(*) from core.ledger where kind = 'clock.outage'), 1::bigint, 'R17: one ledger row');
select is((select count(*) from core.ledger where kind = 'right.outage'), 0::bigint, 'R17: and not one a right');
select core.clock_rights(5) from generate_series(1, 30);
select is((select count(*) from core.outage where not is_planned), 1::bigint, 'R17: run again it is over (S26)');
-- a planned one counts whatever its length
select is(test.call('admin', $$select * from api.outage_add(core.now() + interval '1 day', core.now() + interval '9 days', 'x')$$) ->> 'error', 'ZC402', 'R17: a planned outage is a week at most');
select is(test.call('admin', $$select state from api.outage_add(core.now() + interval '1 day', core.now() + interval '26 hours', 'called off')$$) -> 0 ->> 'state', 'PLANNED', 'R17: an outage is planned for tomorrow');
create function test.outage_id(p_reason text) returns text language sql stable as $$ select public_id::text from core.outage where reason = p_reason $$;
select is(test.call('manager_a', 'select * from api.outage_cancel(' || quote_literal(test.outage_id('called off')) || $$, 'x')$$) ->> 'error', '42501', 'R17: only an administrator calls one off');
select is(test.call('router', 'select * from api.outage_cancel(' || quote_literal(test.outage_id('called off')) || $$, 'x')$$) ->> 'error', 'ZC403', 'R17: nor does anybody else of head office, whatever the route says');
select is(test.call('router', $$select * from api.outage_add(core.now() + interval '1 day', core.now() + interval '26 hours', 'x')$$) ->> 'error', 'ZC403', 'R17: nor plans one');
select is(test.call('admin', 'select * from api.outage_cancel(' || quote_literal(test.outage_id('called off')) || $$, ' ')$$) ->> 'error', 'ZC057', 'R17: not without a reason');
select is(test.call('admin', 'select state from api.outage_cancel(' || quote_literal(test.outage_id('called off')) || $$, 'disks are late')$$) -> 0 ->> 'state', 'CANCELLED', 'R17: an administrator calls it off');
select is(test.call('admin', 'select * from api.outage_cancel(' || quote_literal(test.outage_id('called off')) || $$, 'again')$$) ->> 'error', 'ZC171', 'R17: once');
select is((select count(*) from core.ledger where kind in ('outage.plan', 'outage.cancel')), 2::bigint, 'R8: both stand in the ledger');
select test.call('admin', $$select * from api.outage_add(core.now() - interval '1 minute', core.now() + interval '1 hour', 'now and not')$$);
select test.call('admin', 'select * from api.outage_cancel(' || quote_literal(test.outage_id('now and not')) || $$, 'not needed')$$);
update core.clock_state set real_at = clock_timestamp() - interval '20 minutes' where name = 'rights';
select core.clock_rights();
select is((select count(*) from core.outage where not is_planned), 1::bigint, 'R17: a stop inside an outage that was called off extends nothing');
select is(test.call('admin', $$select is_planned from api.outage_add(core.now() - interval '1 minute', core.now() + interval '1 hour', 'new disks')$$) -> 0 ->> 'is_planned', 'true', 'R17: an administrator announces one');
create temp table running2 as select ownership_id, protect_until from core.ownership where state in ('ACTIVE', 'CUSTOMER');
update core.clock_state set real_at = clock_timestamp() - interval '20 minutes' where name = 'rights';
select core.clock_rights(); select core.clock_rights();
select is((select count(*) from core.ownership o join running2 r using (ownership_id) where o.protect_until between r.protect_until + interval '20 minutes' and r.protect_until + interval '21 minutes'),
    (select count(*) from running2), 'R17: twenty minutes of a planned outage extend every term once');
update core.clock_state set real_at = clock_timestamp() - interval '20 minutes' where name = 'rights';
select core.clock_rights();
select is((select count(*) from core.outage where not is_planned), 2::bigint, 'R17: a short stop that nobody announced extends nothing');
select is((select jsonb_array_length(test.call('auditor', 'select * from api.outages_list()'))), 5, 'R17: the auditor reads them');
select is(test.call('auditor', $$select bool_or(can_cancel) as any from api.outages_list()$$) -> 0 ->> 'any', 'false', 'R138: and calls none off');
select is((select count(*) from core.right_differences()), 0::bigint, 'R161: after all of it the present is still what the history says');
select * from finish();
rollback;
