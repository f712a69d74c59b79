-- SPDX-License-Identifier: Apache-2.0
-- Why each row has its verdict: one line a row, the right that decided as it was then, for auditors alone. R24, R31, R33, R125, R138, R154.
begin;
\i tests/sql/fixture.sql
select no_plan();
create function pg_temp.push(p_dealer int, p_staff text, p_seq bigint, p_data jsonb) returns text language sql as $$
select (core.exchange_one(p_dealer, test.staff(p_staff), 'spool', p_seq, 'client', p_data)).verdict $$;
create function pg_temp.of(p_surname text, p_phone text) returns jsonb language sql as $$
select jsonb_build_object('surname', p_surname, 'given_name', 'Ян', 'phone', p_phone, 'brand', '1', 'line', 'NEW', 'consent_evidence', 'form') $$;

select test.register('seller_a', 'Иванов', '+79031110001');
create temp table said as select test.register('seller_b', 'Иванов', '+79031110001') -> 0 as r;
select is((select array_agg(k order by k) from said, jsonb_object_keys(jsonb_strip_nulls(r)) k), '{claim_from,is_claim_possible,padding,rule,verdict}',
    'R24: the refused dealer is told verdict, date and rule as before, and no right');
select results_eq($$select v.channel, v.verdict, v.right_id = o.public_id, v.person_id = p.public_id, v.right_registered_at = o.registered_at, v.right_dealer_id, v.right_state::text
    from core.row_verdict v, core.ownership o, core.party p where p.party_id = o.party_id order by verdict_id$$,
    $$values ('hand', 'FREE', true, true, true, 1, 'ACTIVE'), ('hand', 'PROTECTED', true, true, true, 1, 'ACTIVE')$$,
    'a typed row names the right that was made, a refused one the right in its way');
select test.call('seller_b', $$select * from api.registration_add(p_kind => 'PERSON', p_surname => 'Недосказанов', p_phone => '+79031110009', p_line => 'NEW')$$);
select is((select count(*)::int from core.row_verdict where verdict = 'draft' and person_id is null and right_id is null and field = 'brand_id'), 1,
    'R30: a draft has its line, with what is missing, and no person');

-- the system of a dealer
select is(pg_temp.push(2, 'manager_b', 1, pg_temp.of('Иванов', '+79031110001')), 'PROTECTED', 'a pushed row is refused');
select is(pg_temp.push(2, 'manager_b', 1, pg_temp.of('Иванов', '+79031110001')), 'PROTECTED', 'its repeat is acknowledged (R153)');
select is(pg_temp.push(2, 'manager_b', 2, pg_temp.of('Петров', '+79031110002')), 'created', 'another is new');
select is(pg_temp.push(2, 'manager_b', 3, pg_temp.of('Петров', '12')), 'error', 'a bad one is an error');
select is(pg_temp.push(2, 'manager_b', 4, pg_temp.of('Иванов', '+79031110001') || '{"document": {"kind": "sale", "number": "S-1", "on": "2026-11-01", "amount": "10"}}'),
    'PROTECTED', 'a sale to a stranger''s client is stored and says so (R5, R154)');
select results_eq($$select seq, verdict, coalesce(right_dealer_id, -1), code is not null from core.row_verdict where channel = 'exchange' order by verdict_id$$,
    $$values (1::bigint, 'PROTECTED', 1, false), (2, 'created', 2, false), (3, 'error', -1, true), (4, 'PROTECTED', 1, false)$$,
    'one line a pushed row, a repeat has none of its own; a document refused names the right in its way');
select throws_ok($$insert into core.row_verdict (dealer_id, channel, source, seq, kind, verdict) values (2, 'exchange', 'spool', 1, 'client', 'created')$$, '23505', null,
    'no row is explained twice: a constraint');

-- afterwards the right changes, the line does not
update core.party set surname = 'Стёртый', name = 'Стёртый' where surname = 'Иванов';
select core.right_close(o, 'lost', 'lost', 'other') from core.ownership o where o.dealer_id = 1;
select is((select string_agg(distinct right_state::text, ' ') from core.row_verdict where verdict = 'PROTECTED'), 'ACTIVE', 'a line tells the right as it was at the decision');

-- who reads it
select is(jsonb_array_length(test.call('auditor', 'select * from api.verdicts_list()')), 7, 'an auditor lists them all');
select is(jsonb_array_length(test.call('auditor', format('select * from api.verdicts_list(p_dealer_id => %L)', test.dealer(1)))), 1, 'by dealer');
select is(jsonb_array_length(test.call('auditor', 'select * from api.verdicts_list(p_from => ''2000-01-01'', p_to => ''2001-01-01'')')), 0, 'by period');
select is(jsonb_array_length(test.call('auditor', 'select * from api.verdicts_list(p_channel => ''exchange'')')), 4, 'by channel');
create temp table page as select test.call('auditor', 'select * from api.verdicts_list(p_limit => 3)') as r;
select is(jsonb_array_length(test.call('auditor', format('select * from api.verdicts_list(p_after => %L)', (select r -> 2 ->> 'cursor_' from page)))), 4, 'the next page goes on behind the last');
select is(jsonb_array_length(test.call('auditor', 'select * from api.verdicts_export()')), 7, 'and takes them as a file');
select is((select count(*)::int from jsonb_array_elements(test.call('auditor', 'select * from api.verdicts_export()')) e where e ->> 'explanation' ~ '\.$'), 7, 'each with a sentence');
select ok(test.call('auditor', 'select * from api.verdicts_export()')::text !~ 'Иванов|Петров|Стёртый|903111|mail\.example', 'R138: no name of a client and no contact');
select is(test.call('manager_a', 'select * from api.verdicts_list()') ->> 'error', '42501', 'R24: no dealer reads why');
select is(test.call('router', 'select * from api.verdicts_export()') ->> 'error', '42501', 'nor head office');
select is((select count(*)::int from (select core.row_verdict_words(l, (null, now(), 1, null, 'hand', null, null, 'x', w, null, null, null, null, null, null, null, null, now(), 'ACTIVE', 1)::core.row_verdict) as t
    from unnest('{ru,en}'::text[]) l, unnest('{created,updated,FREE,YOURS,PROTECTED,IN_GRACE,DISPUTED,HQ,OPTED_OUT,draft,stored,cold,duplicate,error,other}'::text[]) w) x where t is null or t = ''), 0,
    'every verdict has its words in both languages');
select * from finish();
rollback;
