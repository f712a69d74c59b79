-- SPDX-License-Identifier: Apache-2.0
-- R156: a registration made while the dealer's line was down.
begin;
\i tests/sql/fixture.sql
select no_plan();

create function test.at(p_local text) returns void language sql as $$ select test.wait((p_local::timestamp at time zone 'Europe/Moscow') - core.now()) $$;
create function test.right_of(p_surname text) returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname and o.line = 'NEW' $$;
create function test.dispute(p_surname text) returns core.dispute language sql stable as $$
select d from core.dispute d join core.party p using (party_id) where p.surname = p_surname order by d.dispute_id desc limit 1 $$;
create function test.push(p_login text, p_seq bigint, p_surname text, p_phone text, p_at timestamptz, p_kind text default 'client') returns jsonb language sql as $$
select test.call(p_login, format('select api.exchange_push(''spool'', %L) as a', json_build_array(json_build_object('seq', p_seq, 'kind', p_kind,
    'at', to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'data', json_build_object('surname', p_surname, 'phone', p_phone, 'brand', 'Haval', 'line', 'NEW',
    'consent_evidence', 'form', 'external_id', 'x' || p_seq))))) #> '{0,a,items,0}' $$;
select test.at('2026-11-23 10:00');            -- a Monday

-- our monitor: silence after a steady hour is a gap, other silence is none
select core.link_note(2);
do $$ begin for i in 1..9 loop perform test.wait('10 minutes'); perform core.link_note(2); end loop; end $$;
create temp table t as select core.now() as down_at;
select test.wait('1 hour');
select test.register('seller_a', 'Поздний', '+79045550001');           -- the competing registration, while B's line is down
select test.register('seller_a', 'Ранний', '+79045550002');
select test.wait('3 hours');
select core.link_note(2);
select is((select count(*) from core.link_gap where dealer_id = 2), 1::bigint, 'R156: silence of a line that came steadily is a gap by our monitor');
select is(core.link_was_down(2, (select down_at from t) + interval '30 minutes'), true, 'R156: the line was down then');
select is(core.link_was_down(2, (select down_at from t) - interval '30 minutes'), false, 'R156: and was not before');
select core.link_note(3); select test.wait('1 day'); select core.link_note(3);
select is((select count(*) from core.link_gap where dealer_id = 3), 0::bigint, 'R156: a system that comes once a day has no line that could be down');
select test.wait('-1 day');

-- before it: the right begins at the server, the offline registration opens a dispute
create temp table answer as select test.push('system_b', 1, 'Поздний', '+79045550001', (select down_at from t) + interval '20 minutes') as a;
select is((select a ->> 'verdict' from answer), 'PROTECTED', 'R156: the right began when the server had it: an offline registration gets the verdict of today');
select is((test.right_of('Поздний')).dealer_id, 1, 'R156: never an automatic win');
select isnt((select a ->> 'dispute' from answer), null, 'R156: a registration made while the line was down opens a dispute');
select is((test.dispute('Поздний')).kind::text || (test.dispute('Поздний')).is_system, 'offlinetrue', 'R156: by the rule, outside the quota of R100');
select is((select e.kind || ':' || (e.note ~ 'local time .*Z') || ':' || (e.note ~ 'sha256 [0-9a-f]{64}') || ':' || (e.note !~ 'Поздний|555') from core.evidence e where e.dealer_id = 2), 'offline:true:true:true',
    'R156: its evidence is the system''s statement, number, local time and hash, and names nobody');
select core.dispute_tick();
select is((test.dispute('Поздний')).state, 'ADMITTED', 'R156: made before the competing one and within a day of it, it is admitted');
select is((test.right_of('Поздний')).state, 'DISPUTED', 'R103: the owner keeps serving under a stopped clock');
select is((core.dispute_facts(test.dispute('Поздний')) ->> 'credit_bp')::int, 5000, 'R156, R104: the local time alone is no qualifying activity: at most an equal split is proposed');
select is(test.push('system_b', 1, 'Поздний', '+79045550001', (select down_at from t) + interval '20 minutes') ->> 'dispute', (select a ->> 'dispute' from answer), 'R153: sent again it is the same answer');
select is((select count(*) from core.dispute), 1::bigint, 'R153: and no second dispute');

-- made after the competing one: filed, because that is told to nobody, and not admitted
select isnt(test.push('system_b', 2, 'Ранний', '+79045550002', (select down_at from t) + interval '2 hours') ->> 'dispute', null, 'R156: filed as well');
select core.dispute_tick();
select is((test.dispute('Ранний')).state::text || (test.dispute('Ранний')).refused, 'REJECTEDnot_older', 'R156: not admitted when the competing registration was there first');
select is((test.right_of('Ранний')).state, 'ACTIVE', 'R156: its right stays untouched');

-- no gap, no dispute; a time of the future or without zone is none
select test.register('seller_a', 'Обычный', '+79045550003');
select is(test.push('system_b', 3, 'Обычный', '+79045550003', (select down_at from t) - interval '40 minutes') ->> 'dispute', null, 'R156: a local time when the line was up opens nothing');
select is(test.push('system_b', 4, 'Обычный', '+79045550003', core.now() + interval '2 days') ->> 'dispute', null, 'R156: nor does a time to come');
select is(core.offline_at('2026-11-23T10:00:00'), null, 'R156: a local time names its zone');
select is(core.offline_at('2026-13-45T10:00:00Z'), null, 'R156: and is a time');

-- more than a day apart
select test.wait('-2 hours');
update core.link_gap set from_at = from_at - interval '3 days' where dealer_id = 2;
select test.push('system_b', 5, 'Обычный', '+79045550003', core.now() - interval '2 days');
select core.dispute_tick();
select is((test.dispute('Обычный')).refused, 'not_older', 'R156: more than a day before the competing one is too far');

-- the owner's own row and a free person
select is(test.push('system_a', 1, 'Обычный', '+79045550003', core.now()) ->> 'verdict', 'YOURS', 'one''s own is YOURS and no dispute');
select is(test.push('system_b', 6, 'Свободный', '+79045550004', (select down_at from t) + interval '1 minute') ->> 'verdict', 'created', 'R156: a free person is registered as ever');
select is((test.right_of('Свободный')).registered_at >= core.now() - interval '1 minute', true, 'R156: from the server''s receipt, not from the local time');

-- bounds
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('R156.day', '2026-01-01', 0, 'count', 0, 1000);
select test.register('seller_a', 'Сотый', '+79045550005');
select is(test.push('system_b', 7, 'Сотый', '+79045550005', (select down_at from t)) ->> 'dispute', null, 'R156: no more of them in a day than the rule allows');
select is((select count(*) from core.right_differences()), 0::bigint, 'R161: every right is rebuilt from its history');
select * from finish();
rollback;
