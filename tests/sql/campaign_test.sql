-- SPDX-License-Identifier: Apache-2.0
-- Campaigns: check, launch, reasons, S8, S9, and the ends of touches. R76, R78, R85-R96, R147.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select test.at('2027-03-02 12:00');

-- S8: A and B invite the same 30 prospects; only the right holder may target (R88, R90)
select test.people(1, 30, 1);
select test.right(i, 2, 'SERVICE', 'CUSTOMER') from generate_series(1, 30) i;
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
  select test.party(i), 2, 'ADVERTISING', 'EMAIL', 'v1', 'form', 'test', core.now() - interval '1 day' from generate_series(1, 30) i;
update core.contact_point set shared_ids = '{2}';
create temp table c (name text primary key, id uuid) on commit drop;
insert into c values ('a', test.campaign('manager_a', 'Тест-драйв А')), ('b', test.campaign('manager_b', 'Тест-драйв Б'));
select is(test.check('manager_a', (select id from c where name = 'a')), '{"total": 30, "reasons": {}, "will_get": 30}'::jsonb, 'S8: the owner may target its prospects');
select is(test.check('manager_b', (select id from c where name = 'b')), '{"total": 30, "reasons": {"not_owner": 30}, "will_get": 0}'::jsonb, 'S8: the other dealer gets "not owner" for each (R88)');
select is(test.call('manager_b', format('select * from api.campaign_launch(%L, 0)', (select id from c where name = 'b'))) ->> 'error', 'ZC092', 'R90: nobody to send to is no launch');
select is(test.call('manager_a', format('select * from api.campaign_launch(%L, 29)', (select id from c where name = 'a'))) ->> 'error', 'ZC092', 'R90: the count must be confirmed');
select is((select count(*) from core.campaign_lock), 0::bigint, 'R90: a check locks nobody');
select is(test.call('manager_b', format('select * from api.campaign_get(%L)', (select id from c where name = 'a'))) ->> 'error', 'ZC404', 'R99: another dealer does not see the campaign');

select test.launch('manager_a', (select id from c where name = 'a'));
select is(test.fates((select id from c where name = 'a')), 'LOCKED=30', 'R89: launch gives each a lock');
select is((select count(*) from core.campaign_lock where state = 'HELD'), 30::bigint, 'R89: locks are HELD at launch');
select is((select state::text from core.campaign where public_id = (select id from c where name = 'a')), 'RUNNING', 'the campaign runs');
select is((select count(*) from core.campaign_lock_history), 30::bigint, 'R8: every lock stands in the history');

-- S9: head office meets A's running campaign on 30 of 50 (R90-R92)
select test.people(31, 50, 0);
insert into c values ('hq', test.campaign('marketer', 'Сеть', p_more => format(', p_ends_at => %L', core.now() + interval '40 days')));
select is(test.check('marketer', (select id from c where name = 'hq')), '{"total": 50, "reasons": {"locked": 30}, "will_get": 20}'::jsonb, 'S9: the locked are counted before launch');
select test.launch('marketer', (select id from c where name = 'hq'));
select is(test.fates((select id from c where name = 'hq')), 'DROPPED:locked=30 LOCKED=20', 'S9: the locked are dropped, A is unbroken (R92)');
select is((select count(*) from core.recipient where campaign_id = test.number((select id from c where name = 'hq')) and free_week = date '2027-03-22'), 30::bigint, 'S9: locked until the week in which the lock ends');
select is((select count(*) from core.waiting_list), 30::bigint, 'R91: dropped as locked, they wait');
select is((select count(*) from core.campaign_lock where campaign_id = test.number((select id from c where name = 'a')) and state = 'HELD'), 30::bigint, 'R92: nobody breaks a live lock');
select is(test.fates((select id from c where name = 'hq')), test.counts((select id from c where name = 'hq')), 'the roll-up says what the recipients say');

-- the gate and the budget (R93, R95, P14)
select is(test.send(), 50, 'R93: everybody who may be touched is touched once');
select is(test.fates((select id from c where name = 'a')), 'SENT=30', 'sent');
select is((select count(*) from core.touch where returned_at is null), 50::bigint, 'R95: one token a message');
select is((select count(*) from core.campaign_lock where state = 'COOLING' and until::date = date '2027-03-09'), 50::bigint, 'R89: COOLING seven days after the last touch');
select is(test.send(), 0, 'R96: nothing goes twice');
select throws_ok($$insert into core.message (campaign_id, party_id, channel, dealer_id, kind, address)
  select campaign_id, party_id, 'EMAIL', dealer_id, 'campaign', 'x@y.example' from core.message where kind = 'campaign' limit 1$$, '23505', null, 'R96: the intent is unique in the database');
select is((select sender_count from (select count(distinct m.dealer_id) as sender_count from core.message m where m.campaign_id = test.number((select id from c where name = 'hq'))) x), 1::bigint, 'R76: pool people are written to by head office');

-- R91: when the locks free, the one who waits gets them
select core.campaign_finish();
select is((select state::text from core.campaign where public_id = (select id from c where name = 'a')), 'FINISHED', 'a campaign in which everybody has an outcome finishes');
select is((select state::text from core.campaign where public_id = (select id from c where name = 'hq')), 'RUNNING', 'R91: one with an end date goes on waiting');
select test.wait('8 days');
select is(core.lock_let_go(), 50, 'R89: cooled locks are released');
select core.lock_waiting();
select is(test.fates((select id from c where name = 'hq')), 'LOCKED=30 SENT=20', 'R91: the waiting campaign gets the freed locks');
select is((select count(*) from core.recipient where campaign_id = test.number((select id from c where name = 'hq')) and state = 'LOCKED' and dealer_id = 1), 30::bigint, 'R76: in the name of the owner');

-- S10, R94: the right expires during the campaign
select test.move(1, 'lost', 'CLOSED', 'other');
select is((select state || ':' || reason from core.recipient where campaign_id = test.number((select id from c where name = 'hq')) and party_id = test.party(1)), 'CANCELLED:not_owner', 'R94: the loss of the right stops it in the same transaction');
select is((select state::text from core.campaign_lock where party_id = test.party(1)), 'COOLING', 'R94: the lock goes to COOLING');
-- consent now (R93, R147)
update core.consent set withdrawn_at = core.now() where party_id = test.party(2) and channel = 'EMAIL';
-- budget now (P14): person 3 has four mails of other groups in 30 days
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, token, at)
  select test.party(3), 'EMAIL', 0, 0, 4, 'AFTERSALES', gen_random_uuid(), core.now() - interval '3 days' from generate_series(1, 3);
update core.party set has_complaint = true where party_id = test.party(4);
update core.party set is_opted_out = true where party_id = test.party(5);
update core.contact_point set is_valid = false where party_id = test.party(6) and kind = 'EMAIL';
select test.move(7, 'order', 'HELD');
select is(test.send(), 23, 'R93: right, consent, budget, complaint, opt-out and contact are asked again at the gate');
select is((select string_agg(concat_ws(':', substr(p.surname, 7), r.reason), ' ' order by p.party_id) from core.recipient r join core.party p using (party_id)
  where r.campaign_id = test.number((select id from c where name = 'hq')) and r.state = 'CANCELLED'),
  '1:not_owner 2:no_consent 3:budget 4:complaint 5:opted_out 6:invalid_contact 7:excluded', 'R90: each refusal has its reason; HELD is left out by head office (R78)');
select is(test.fates((select id from c where name = 'hq')), test.counts((select id from c where name = 'hq')), 'the roll-up still agrees');
select is(test.call('auditor', 'select * from api.competing_touches()') -> 0 ->> 'count', '0', 'R123: no competing touches');

-- quiet hours (P15), pause, resume, stop
select test.people(101, 110, 3);
select test.at('2027-03-20 20:00');
insert into c values ('v', test.campaign('manager_c', 'Восток')), ('s', test.campaign('manager_a', 'Стоп', p_grp => 'AFTERSALES'));
select test.launch('manager_c', (select id from c where name = 'v'));
select is(test.send(), 0, 'P15: in Vladivostok it is night, nothing goes');
select is((select min(next_at) from core.recipient where campaign_id = test.number((select id from c where name = 'v'))), '2027-03-21 09:00 Asia/Vladivostok'::timestamptz, 'P15: at nine of the person''s zone');
select test.at('2027-03-21 02:30');
select is(test.call('manager_c', format('select * from api.campaign_pause(%L)', (select id from c where name = 'v'))) -> 0 ->> 'state', 'PAUSED', 'pause');
select is(test.send(), 0, 'R93: a paused campaign sends nothing');
select is(test.call('manager_b', format('select * from api.campaign_stop(%L)', (select id from c where name = 'v'))) ->> 'error', 'ZC404', 'only its owner may stop it');
select is(test.call('manager_c', format('select * from api.campaign_resume(%L)', (select id from c where name = 'v'))) -> 0 ->> 'state', 'RUNNING', 'resume');
select is(test.send('deferred', '450'), 10, 'a passing refusal');
select is((select count(*) from core.outbox where state = 'ready' and attempt = 1), 10::bigint, 'is tried again later');
select is(test.call('manager_c', format('select * from api.campaign_stop(%L, ''довольно'')', (select id from c where name = 'v'))) -> 0 ->> 'state', 'STOPPED', 'stop');
select core.campaign_clear();
select is(test.fates((select id from c where name = 'v')), 'CANCELLED:stopped=10', 'stopped people are counted');
select is((select count(*) from core.outbox where state in ('ready', 'leased')), 0::bigint, 'nothing is left in the outbox');

-- edits and states
select is(test.call('manager_a', format('select * from api.campaign_edit(%L, 99, p_name => ''x'')', (select id from c where name = 's'))) ->> 'error', 'ZC412', 'an edit needs the latest version');
select test.check('manager_a', (select id from c where name = 's'));
select is(test.call('manager_a', format('select * from api.campaign_edit(%L, 1, p_name => ''x'')', (select id from c where name = 's'))) -> 0 ->> 'state', 'DRAFT', 'an edit takes the check back');
select is(test.call('manager_a', format('select * from api.campaign_launch(%L, 1)', (select id from c where name = 's'))) ->> 'error', 'ZC090', 'R90: no launch without a check');
select is(test.call('manager_a', format('select * from api.campaign_edit(%L, 2, p_brand_id => 2)', (select id from c where name = 's'))) -> 0 ->> 'brand_id', '2', 'a brand narrows it');
select is(test.call('manager_a', format('select * from api.campaign_edit(%L, 3, p_subject => ''y'')', (select id from c where name = 's'))) -> 0 ->> 'brand_id', '2', 'what is absent stays');
select is(test.call('manager_a', format('select * from api.campaign_edit(%L, 4, p_brand_id => 0)', (select id from c where name = 's'))) -> 0 -> 'brand_id', 'null', '0 makes it of any brand again');
select is(test.call('manager_a', format('select * from api.campaign_edit(%L, 5, p_class => 4)', (select id from c where name = 's'))) ->> 'error', 'ZC402', 'R87: a dealer runs no network campaign');
select is(test.call('marketer', format('select * from api.campaign_edit(%L, 1, p_name => ''x'')', (select id from c where name = 'hq'))) ->> 'error', 'ZC089', 'a launched campaign is not edited');
select is(test.call('manager_a', format('select * from api.campaign_test(%L)', (select id from c where name = 's'))) -> 0 ->> 'status_', '202', 'a test message');
select is((select m.address from core.message m where m.kind = 'test'), 'manager_a@staff.example', 'goes to one''s own address');
select is(test.send(), 1, 'and needs no lock');

-- lists: own part of a network campaign, figures of head office without names
select is(test.call('manager_a', 'select name, is_own, total from api.campaigns_list()') @> '[{"name": "Сеть", "is_own": false, "total": 30}]', true, 'R78: an owner sees its part');
select is(test.call('manager_a', format('select * from api.campaign_get(%L)', (select id from c where name = 'hq'))) -> 0 -> 'definition', 'null'::jsonb, 'but not the audience');
select is(jsonb_array_length(test.call('manager_a', format('select * from api.recipients_list(%L, p_state => ''CANCELLED'')', (select id from c where name = 'hq')))), 6, 'R133: its own people by name; the lost one is gone');
select is((select sum((e ->> 'total')::int) from jsonb_array_elements(test.call('marketer', format('select * from api.campaign_dealers(%L)', (select id from c where name = 'hq')))) e), 50::bigint, 'head office sees figures by owner');
select is((test.call('manager_a', 'select * from api.conflicts_list()') -> 0 ->> 'own_audience_share_locked') is not null, true, 'R99: the share of one''s own people that others hold');

-- R147 by link
create temp table u on commit drop as select m.message from core.message m
  where m.campaign_id = test.number((select id from c where name = 'a')) and m.party_id = test.party(20);
select is(test.public('select * from api.unsubscribe_page(gen_random_uuid())') -> 0 ->> 'sender', null::text, 'an unknown link shows nothing');
select is(test.public('select api.unsubscribe(gen_random_uuid())') ->> 'error', 'ZC411', 'and stops nothing');
select is(test.public(format('select * from api.unsubscribe_page(%L)', (select message from u))) -> 0 ->> 'sender', 'Альфа', 'the page says who writes');
select is(test.public(format('select * from api.unsubscribe_page(%L)', (select message from u))) -> 0 ->> 'is_done', 'false', 'and that it goes on');
select is(test.public(format('select api.unsubscribe(%L)', (select message from u))) ? 'error', false, 'R147: one click');
select is(test.public(format('select api.unsubscribe(%L)', (select message from u))) ? 'error', false, 'may be repeated');
select is(test.public(format('select * from api.unsubscribe_page(%L)', (select message from u))) -> 0 ->> 'is_done', 'true', 'the page says it is done');
select is(test.public('select count(*) from core.message') ->> 'error', '42501', 'the login of public pages reads no table');
select is((select count(*) from core.consent where party_id = test.party(20) and withdrawn_at is null and channel = 'EMAIL' and dealer_id = 1), 0::bigint, 'the consent of the sender is withdrawn');
select is((select unsubscribed from core.campaign where public_id = (select id from c where name = 'a')), 1, 'counted once');
select is((select count(*) from core.ledger where kind = 'consent.unsubscribed'), 1::bigint, 'R8: in the ledger');

select * from finish();
rollback;
