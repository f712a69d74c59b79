-- SPDX-License-Identifier: Apache-2.0
-- The sealed ledger and what an auditor may do with it. R8, R125, R138, S27.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
insert into core.ledger (at, kind) values (core.now(), 'test.before');
select throws_ok($$update core.ledger set detail = '{}' where ledger_id = (select max(ledger_id) from core.ledger)$$, 'ZC011', null, 'R8: nobody changes the ledger, the owner of the database included');
select throws_ok('truncate core.ledger', 'ZC011', null, 'R8: nor empties it');
alter table core.ledger disable trigger user;   -- what only he can do who switches triggers off is found by the chain
insert into core.ledger (at, kind, subject, rule, detail, xid) select core.now(), 'test.act', i::text, 'R8', jsonb_build_object('n', i), (i / 10 + 3)::text::xid8 from generate_series(1, 40) i;
delete from core.ledger where xid > '10'::xid8;
select is((select string_agg(core.ledger_seal_next(15)::text, ' ') from generate_series(1, 3)), '15 15 10', 'settled rows are sealed, in parts when they are many');
select is((select string_agg(is_whole::text, ' ' order by seal_id) from core.ledger_seal), 'false false true', 'a full seal leaves its range open');
select is(core.ledger_seal_next(), 0, 'once');
insert into core.ledger (at, kind) values (core.now(), 'test.unsettled');
select is(core.ledger_seal_next(), 0, 'a transaction that still runs is not sealed');
select is((select is_valid || ' ' || row_total from core.ledger_verify()), 'true 40', 'the chain holds');

savepoint s;
update core.ledger set detail = '{"n": 999}' where subject = '17';
select is((select is_valid || ' ' || broken_how || ' ' || (select subject from core.ledger where ledger_id = broken_id) from core.ledger_verify()), 'false altered 17', 'S27: an altered row is named');
rollback to s;
delete from core.ledger where subject = '25';
select is((select is_valid || ' ' || broken_how from core.ledger_verify()), 'false removed', 'S27: a removed row is noticed');
rollback to s;
insert into core.ledger (at, kind, subject, xid) values (core.now(), 'test.late', 'x', '4'::xid8);
select is((select is_valid || ' ' || broken_how || ' ' || (select subject from core.ledger where ledger_id = broken_id) from core.ledger_verify()), 'false added x', 'S27: a row slipped in later is named');
rollback to s;
update core.ledger_seal set previous = '\x00' where seal_id = (select min(seal_id) from core.ledger_seal);
select is((select is_valid || ' ' || broken_how from core.ledger_verify()), 'false chain', 'S27: a changed seal breaks the chain');
rollback to s;

-- the auditor's page
select test.call('manager_a', 'select * from api.segment_add(''К'', ''{"and":[]}'')');
select is(test.call('auditor', 'select kind, staff_name, role, dealer_name, rule from api.ledger_list(p_kind => ''segment.added'')'), '[{"kind": "segment.added", "role": "manager", "rule": "R136", "staff_name": "manager_a", "dealer_name": "Альфа"}]', 'who did what');
select is(jsonb_array_length(test.call('auditor', 'select * from api.ledger_list(p_kind => ''test.*'', p_limit => 100)')), 41, 'all of a noun');
select is(jsonb_array_length(test.call('auditor', 'select * from api.ledger_list(p_kind => ''test.*'', p_limit => 10)')), 10, 'a page');
select is(jsonb_array_length(test.call('auditor', format('select * from api.ledger_list(p_kind => ''test.*'', p_limit => 100, p_after => %L)', (select ledger_id from core.ledger where subject = '11')))), 10, 'the page after');
select is(jsonb_array_length(test.call('auditor', format('select * from api.ledger_list(p_dealer_id => %L)', test.dealer(1)))), 1, 'by dealer');
select is(jsonb_array_length(test.call('auditor', format('select * from api.ledger_list(p_staff_id => %L)', test.staff_uuid('manager_a')))), 1, 'by person');
select is(jsonb_array_length(test.call('auditor', format('select * from api.ledger_list(p_staff_id => %L)', test.dealer(1)))), 0, 'by an unknown one: nothing');
select is(jsonb_array_length(test.call('auditor', 'select * from api.ledger_export(p_kind => ''test.act'')')), 40, 'exported');
select is(test.call('manager_a', 'select * from api.ledger_list()') ->> 'error', '42501', 'R138: nobody else reads it');
select is(test.call('auditor', 'select value from core.contact_point') ->> 'error', '42501', 'R138: the auditor reads no contact');
select is(test.call('auditor', 'insert into core.ledger (at, kind) values (now(), ''x'') returning 1') ->> 'error' is not null, true, 'R138: and writes nothing');
select is(test.call('auditor', 'select is_valid, rows from api.ledger_check()') -> 0, '{"rows": 40, "is_valid": true}', 'R125: the check on the page');
select * from finish();
rollback;
