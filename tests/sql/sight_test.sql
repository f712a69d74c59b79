-- SPDX-License-Identifier: Apache-2.0
-- Seeing (D.14): prices of one's own line, one column mask, unmasking with a reason (R137), "why do I (not) see this?" (R139), the sheet.
begin;
\i tests/sql/fixture.sql
select plan(64);

create function test.person_of(p_surname text) returns uuid language sql stable as $$ select public_id from core.party where surname = p_surname $$;
create function test.card(p_login text, p_surname text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.person_get(%L)', test.person_of(p_surname))) -> 0 $$;

-- seller_a has SALES of Иванов, adviser_a his SERVICE; a sale and a repair order of their dealer
select test.register('seller_a', 'Иванов', '+79031112233');
select test.register('adviser_a', 'Иванов', '+79031112233', '', 1, 'SERVICE');
insert into core.sale (dealer_id, party_id, brand_id, line, number, sold_on, amount_kopecks)
select 1, party_id, 1, 'NEW', 'S-1', '2026-02-01', 250000000 from core.party where surname = 'Иванов';
insert into core.repair_order (dealer_id, party_id, brand_id, number, opened_on, amount_kopecks)
select 1, party_id, 1, 'O-1', '2026-03-01', 777700 from core.party where surname = 'Иванов';

select is(test.card('seller_a', 'Иванов') -> 'sales' -> 0 ->> 'amount_kopecks', '250000000', 'a seat sees the prices of its own line');
select is(test.card('seller_a', 'Иванов') -> 'orders' -> 0 ->> 'opened_on', '2026-03-01', 'of another line it sees the facts');
select is(test.card('seller_a', 'Иванов') -> 'orders' -> 0 ->> 'amount_kopecks', null, 'but no prices (D.14)');
select is(test.card('adviser_a', 'Иванов') -> 'sales' -> 0 ->> 'amount_kopecks', null, 'neither does the adviser see what the car cost');
select is(test.card('adviser_a', 'Иванов') -> 'orders' -> 0 ->> 'amount_kopecks', '777700', 'he sees his repair orders');
select is(test.card('manager_a', 'Иванов') -> 'sales' -> 0 ->> 'amount_kopecks', '250000000', 'a manager sees both');
select is((select string_agg(e ->> 'amount_kopecks', ',' order by e ->> 'kind') from jsonb_array_elements(test.call('seller_a', format('select * from api.timeline_list(%L)', test.person_of('Иванов')))) e where e ->> 'kind' in ('SALE', 'REPAIR_ORDER')),
    '250000000', 'the timeline has the same mask');
select is((select string_agg(e ->> 'order_kopecks', ',') from jsonb_array_elements(test.call('seller_a', 'select * from api.people_list()')) e), null, 'and the list');
select is((select string_agg(e ->> 'order_kopecks', ',') from jsonb_array_elements(test.call('manager_a', 'select * from api.people_list()')) e), '777700', 'whose manager sees the sum');
select unalike(test.call('seller_a', format('select * from api.person_print(%L)', test.person_of('Иванов')))::text, '%777700%', 'and the sheet for the printer');

-- masked: a colleague
select is(test.card('seller_a2', 'Иванов') ->> 'level', 'MASKED', 'a colleague sees a client masked');
select is((select concat_ws('|', e ->> 'vehicle', e ->> 'last_visit_on', e ->> 'order_count', e ->> 'order_kopecks', e ->> 'phone') from jsonb_array_elements(test.call('seller_a2', 'select * from api.people_list()')) e), '',
    'in the list too: no phone, car, visit or sum');
select is(jsonb_array_length(test.call('seller_a2', 'select * from api.people_list(p_last_visit_after => ''2026-01-01'')')), 0, 'what is masked is not found by a filter (R135)');
select is(jsonb_array_length(test.call('seller_a2', 'select * from api.people_list(p_sort => ''-last_visit'')')), 0, 'nor placed by an order');
select is(jsonb_array_length(test.call('seller_a2', 'select * from api.people_list()')), 1, 'the plain list has him');

-- unmasking
create function test.unmask(p_login text, p_surname text, p_reason text default 'client_asked') returns jsonb language sql as $$
select test.call(p_login, format('select * from api.person_unmask(%L, %L)', test.person_of(p_surname), p_reason)) $$;
select is(test.unmask('seller_a2', 'Иванов', ' ') ->> 'error', 'ZC057', 'unmasking needs a reason (R137)');
select is(test.unmask('seller_a2', 'Иванов', 'curious') ->> 'error', '23514', 'one of the list');
select is(test.unmask('seller_b', 'Иванов') ->> 'error', 'ZC404', 'nobody unmasks whom he may not see');
select is(test.unmask('seller_a2', 'Иванов') -> 0 ->> 'of_day', '1', 'with a reason it opens');
select is(test.card('seller_a2', 'Иванов') -> 'contacts' -> 0 ->> 'value', '+79031112233', 'the contacts in full');
select is(test.card('seller_a2', 'Иванов') ->> 'level', 'MASKED', 'and nothing else');
select is(test.card('operator_a', 'Иванов') -> 'contacts' -> 0 ->> 'value' like '%***%', true, 'for him who asked alone');
select is((select count(*) from core.ledger where kind = 'contact.unmask' and detail ->> 'reason' = 'client_asked'), 1::bigint, 'it is in the ledger');
select is(test.call('seller_a2', format('select * from api.sight_get(%L)', test.person_of('Иванов'))) -> 0 ->> 'unmasked_until' is not null, true, 'the sight says until when');
select test.wait('16 minutes');
select is(test.card('seller_a2', 'Иванов') -> 'contacts' -> 0 ->> 'value' like '%***%', true, 'a quarter of an hour later they are masked again');

-- an offer stays masked (R148)
select test.call('router', format('select * from api.lead_add(p_name => %L, p_phone => %L, p_brand_id => 1, p_line => ''NEW'', p_interest => ''x'', p_source => ''site'', p_consent_evidence => ''web'', p_dealer_id => %L)', 'Петров Пётр', '+79035556677', test.dealer(1)));
select is(test.unmask('manager_a', 'Петров') ->> 'error', 'ZC148', 'an offered lead is never unmasked before it is accepted (R148)');
-- N14 on mass use
insert into core.policy values ('R137.notice', core.now() - interval '1 second', 3, 'count', 1, 1000), ('R137.day', core.now() - interval '1 second', 4, 'count', 1, 1000);
select test.unmask('seller_a2', 'Иванов');
select is((select count(*) from core.notice n where n.kind = 'N14'), 0::bigint, 'a few are no matter');
select test.unmask('seller_a2', 'Иванов');
select is((select count(*) from core.notice n where n.kind = 'N14' and n.staff_id = test.staff('auditor')), 1::bigint, 'many are told to the auditor (N14)');
select test.unmask('seller_a2', 'Иванов');
select is(test.unmask('seller_a2', 'Иванов') ->> 'error', 'ZC137', 'and end for the day');

-- why do I (not) see this?
create function test.why(p_login text, p_surname text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.sight_get(%L)', test.person_of(p_surname))) $$;
select is(test.why('seller_a', 'Иванов') -> 0 -> 'reasons' @> '[{"viewer": "seat", "level": "FULL", "line": "NEW", "rule": "R133"}]', true, 'a seat is told its own right (R139)');
select is(test.why('seller_a', 'Иванов') -> 0 -> 'reasons' -> 0 ? 'until', true, 'with its term');
select is(test.why('seller_a2', 'Иванов') -> 0 -> 'reasons' @> '[{"viewer": "colleague", "level": "MASKED"}]', true, 'a colleague, that it is a colleague''s');
select is(test.why('manager_a', 'Петров') -> 0 -> 'reasons' @> '[{"viewer": "manager", "level": "MASKED", "rule": "R148", "state": "OFFERED"}]', true, 'a manager, that an offer is masked');
select is((test.why('manager_a', 'Петров') -> 0 ->> 'may_unmask')::boolean, false, 'and may not be opened');
select is(test.why('seller_b', 'Иванов') ->> 'error', 'ZC404', 'who may not see is told what everybody is told of nobody');
select is(test.why('router', 'Петров') -> 0 -> 'reasons' @> '[{"viewer": "router", "level": "FULL"}]', true, 'a router by the state of the lead');
select is(test.why('dpo', 'Иванов') -> 0 ->> 'level', 'FULL', 'a data-protection officer sees in full (D.14)');
select is(test.why('steward', 'Иванов') -> 0 ->> 'level', 'MASKED', 'a steward masked');
select is(test.card('dpo', 'Иванов') -> 'contacts' -> 0 ->> 'value', '+79031112233', 'the officer reads the contacts');
select is(test.card('steward', 'Иванов') -> 'contacts' -> 0 ->> 'value' like '%***%', true, 'the steward does not');
insert into core.party (kind, name, surname) values ('PERSON', 'Свободин Савва', 'Свободин');
select is(test.why('dpo', 'Свободин') -> 0 ->> 'level', 'MASKED', 'of the pool the officer sees on request only');
select test.unmask('dpo', 'Свободин', 'subject_request');
select is(test.why('dpo', 'Свободин') -> 0 ->> 'level', 'FULL', 'and the request opens it');
select is(test.call('seller_b', 'select * from api.sight_why(1, ''NEW'', ''+79031112233'', null, ''Иванов'')') -> 0 ->> 'verdict', 'PROTECTED', 'why do I not find him? the verdict, no more');
select is((select count(*) from core.probe where dealer_id = 2 and purpose = 'why'), 1::bigint, 'and it counts as a probe (R26)');
select is((select count(*) from core.visibility where viewer in ('steward', 'dpo')) + (select count(*) from core.visibility_case), 38::bigint, 'the matrix is data, whole: every state, pool and erased');
-- R136: a hidden part is not the whole less the others
select is(core.parts_hidden('{"A": 30, "B": 3}'), '{"B": null}', 'one hidden part: the other is not told, or the whole would tell it (R136)');
select is(core.parts_hidden('{"A": 30, "B": 20, "C": 3}'), '{"A": 30, "C": null}', 'of several the smallest is left out');
select is(core.parts_hidden('{"A": 30, "B": 7, "C": 6}'), '{"A": 30, "B": null, "C": null}', 'two hidden parts hide each other');
select is(core.parts_hidden('{"A": 30, "B": 4, "C": 3}'), '{"B": null, "C": null}', 'unless both together are fewer than ten: that is a figure too');
select is(core.parts_hidden('{"A": 30, "B": 9, "C": 9}'), '{"B": null, "C": null}', 'or their sum allows but one answer');
select is(core.parts_hidden('{"A": 10, "B": 10, "C": 40, "D": 3}'), '{"C": 40, "D": null}', 'what is left out because it is the smallest is not known by its neighbour');
select is(core.check_hidden('{"total": 100, "will_get": 60, "reasons": {"locked": 25, "budget": 12, "disputed": 3}}') -> 'reasons', '{"locked": 25, "disputed": null}', 'R136: one small reason of a dry run is not the rest of the whole');
select is(core.check_hidden('{"total": 100, "will_get": 8, "reasons": {"locked": 85, "disputed": 7}}'), '{"total": 100, "will_get": null, "is_nearly_all": false, "reasons": {"locked": 85, "disputed": null}}', 'R136: a hidden number of receivers hides as well as a reason');
select is(core.check_hidden('{"total": 100, "will_get": 97, "reasons": {"locked": 3}}'), '{"total": 100, "will_get": null, "is_nearly_all": true, "reasons": {}}', 'R136: of 100 with 97 to be told, the three are not what is left');
select is(core.check_hidden('{"total": 100, "will_get": 97, "reasons": {"locked": 3}}'), core.check_hidden('{"total": 100, "will_get": 100, "reasons": {}}'), 'R136: and three look like nobody');
select is((select string_agg(core.check_confirm(jsonb_build_object('total', 100, 'will_get', n), true)::text, ' ' order by n) from unnest('{0,9,10,90,91,97,100}'::int[]) n), '10 10 10 90 100 100 100', 'R136: what is typed to launch tells no number that was not told');
select is(core.check_confirm('{"total": 100, "will_get": 97}', false), 97::bigint, 'who sees his own people types their number');
select is((select told || to_jsonb(left_out) from core.counts_hidden('{"SENT": 97, "DROPPED": 3}')), '[{"DROPPED": null}, "SENT"]', 'R136: of a campaign that runs neither');
select is((select told || to_jsonb(left_out) from core.counts_hidden('{"SENT": 100}')), '[{"DROPPED": null}, "SENT"]', 'R136: and there too nobody looks like a few');
select is((select told || to_jsonb(left_out) from core.counts_hidden('{"SENT": 60, "QUEUED": 30, "DROPPED": 3}')), '[{"SENT": 60, "DROPPED": null}, "QUEUED"]', 'R136: what is sent so far is told while the rest hides the dropped');
select is(core.sums_hidden(100, 97, 3, 0, 40), '{"total": 100, "sent": null, "dropped": null, "failed": null, "done": 40, "left_out": ["sent"]}', 'R136: nor in the list of campaigns');
select is(core.sums_hidden(100, 60, 40, 0, 57), '{"total": 100, "sent": 60, "dropped": 40, "failed": null, "done": null, "left_out": ["done"]}', 'R136: who did not answer is such a number too');
select is((select count(*) from generate_series(0, 100) s, generate_series(0, 100) d, lateral core.sums_hidden(100, s, d, 0, 0) h
    where s + d <= 100 and h ->> 'sent' is not null and (d < 10 and s + d = 100 or s < 10 or h ->> 'dropped' is not null and 100 - s - d between 1 and 9)), 0::bigint, 'R136: over every split of a hundred no number below ten is the whole less the told ones');
select is(core.parts_hidden('{"A": 30, "B": 20}'), '{"A": 30, "B": 20}', 'nothing hidden, nothing left out');
select * from finish();
rollback;
