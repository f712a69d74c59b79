-- SPDX-License-Identifier: Apache-2.0
-- Locks: units, classes, order of the arbiter, and four campaigns at once. R62, R73, R85-R92, S13, S14.
\setenv PGHOST :HOST
\setenv PGPORT :PORT
\setenv PGUSER :USER
\set free `tests/sql/lock_race.sh free`
\set arbiter `tests/sql/lock_race.sh arbiter`
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select is(:'free'::text, 'locks 4000, granted 4000, double 0, decided 16000', 'R86: four campaigns past the arbiter: everybody locked once, nobody twice, no deadlock');
select is(:'arbiter'::text, '1:1500 2:1000 3:0 4:1500 locks 4000 double 0 undecided 0', 'design 10: four launches at once: class and place in the queue decide, whichever process runs faster');
select test.at('2027-03-02 12:00');

-- S14: the wife registers at C while the husband is worked by A
select test.people(1, 1, 1);
select test.people(2, 2, 2);
update core.party set household_id = 77 where party_id in (test.party(1), test.party(2));
create temp table c (name text primary key, id uuid) on commit drop;
insert into c values ('a', test.campaign('manager_a', 'А')), ('b', test.campaign('manager_b', 'Б')), ('as', test.campaign('manager_a', 'Сервис', p_grp => 'AFTERSALES'));
select test.launch('manager_a', (select id from c where name = 'a'));
select is((select unit from core.campaign_lock), 'h77', 'R62: the lock of SALES covers the household');
select is(test.check('manager_b', (select id from c where name = 'b')) -> 'reasons', '{"locked": 1}', 'S14: one campaign for the household');
select test.right(2, 2, 'SERVICE', 'CUSTOMER');
insert into c values ('bs', test.campaign('manager_b', 'Сервис Б', p_grp => 'AFTERSALES'));
select is(test.check('manager_b', (select id from c where name = 'bs')) -> 'will_get', '1', 'R62: AFTERSALES is per person');

-- two members of one household in one campaign: one lock, two messages
select test.people(3, 4, 1);
update core.party set household_id = 78 where party_id in (test.party(3), test.party(4));
insert into c values ('h', test.campaign('manager_a', 'Семья'));
select test.launch('manager_a', (select id from c where name = 'h'));
select is((select count(*) from core.campaign_lock where unit = 'h78'), 1::bigint, 'one lock');
select is(test.fates((select id from c where name = 'h')), 'DROPPED:locked=1 LOCKED=2', 'for both members');
select test.send();
select is((select count(*) from core.touch where unit = 'h78'), 2::bigint, 'two messages');
select is((select state::text from core.campaign_lock where unit = 'h78'), 'COOLING', 'cooling when the last one has gone');

-- R62: service reminders of two cars by two dealers
select test.people(5, 5, 1, 'SERVICE', 'CUSTOMER', 1);
insert into core.vehicle (brand_id, model) values (1, 'F7'), (2, 'Rio');
insert into core.vehicle_owner (vehicle_id, party_id, from_on) select vehicle_id, test.party(5), '2020-01-01' from core.vehicle;
select test.right(5, 2, 'SERVICE', 'CUSTOMER', 2);
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at) values (test.party(5), 2, 'ADVERTISING', 'EMAIL', 'v1', 'f', 't', core.now() - interval '1 day');
update core.contact_point set shared_ids = '{2}' where party_id = test.party(5);
insert into c values ('r1', test.campaign('manager_a', 'ТО А', p_grp => 'AFTERSALES', p_more => ', p_class => 2, p_brand_id => 1')),
  ('r2', test.campaign('manager_b', 'ТО Б', p_grp => 'AFTERSALES', p_more => ', p_class => 2, p_brand_id => 2')),
  ('r3', test.campaign('manager_b', 'Шины Б', p_grp => 'AFTERSALES', p_definition => '{"attr":"model","op":"in","value":["Rio"]}'));
select test.launch('manager_a', (select id from c where name = 'r1'));
select test.launch('manager_b', (select id from c where name = 'r2'));
select is((select count(*) from core.campaign_lock where party_id = test.party(5) and unit ~ 'v' and state = 'HELD'), 2::bigint, 'R62: two dealers may remind of two different cars');
select is(test.check('manager_b', (select id from c where name = 'r3')) -> 'reasons' ->> 'locked', '1', 'R62: a campaign for the person is locked by a reminder of his car');
select test.send();
select test.wait('11 seconds');                      -- one message a person and turn of the gate
select test.send();
select is((select count(*) from core.touch where party_id = test.party(5)), 2::bigint, 'inside one contact budget both go');
select is(test.call('auditor', 'select count from api.competing_touches()') -> 0 ->> 'count', '0', 'and do not compete');

-- S13: a recall goes out regardless of locks, consent and opt-out, once
update core.party set is_opted_out = true where party_id = test.party(1);
insert into c values ('recall', test.campaign('marketer', 'Отзыв', p_more => ', p_class => 0'));
select is(test.check('marketer', (select id from c where name = 'recall')) -> 'reasons', '{}', 'S13: class 0 needs no lock, no consent, no budget');
select test.launch('marketer', (select id from c where name = 'recall'));
select is(test.send(), 5, 'S13: everybody gets it');
select is((select count(*) from core.campaign_lock where campaign_id = test.number((select id from c where name = 'recall'))), 0::bigint, 'R87: it holds nobody');

-- R73: greetings come from the SALES owner, else the AFTERSALES owner
insert into c values ('ga', test.campaign('manager_a', 'Поздравление', p_grp => 'RELATION')), ('gb', test.campaign('manager_b', 'Поздравление', p_grp => 'RELATION'));
select test.people(6, 6, 1);
select test.right(6, 2, 'SERVICE', 'CUSTOMER');
select is((select reason::text from core.campaign_judge(array[test.number((select id from c where name = 'gb'))], array[test.party(6)])), 'not_owner', 'R73: the AFTERSALES owner leaves the greeting to the SALES owner');
select is((select reason::text from core.campaign_judge(array[test.number((select id from c where name = 'ga'))], array[test.party(6)])), null, 'R73: who sends it');

-- states of rights (R15, R78, R103)
select test.people(11, 11, 1, 'NEW', 'GRACE'); select test.people(12, 12, 1, 'NEW', 'DISPUTED'); select test.people(13, 13, 1, 'NEW', 'HELD');
select test.people(14, 14, 1, 'NEW', 'OFFERED'); select test.people(15, 15, 1, 'NEW', 'CUSTOMER'); select test.people(16, 16, 1, 'NEW', 'CLOSED');
select is((select string_agg(coalesce(j.reason::text, 'ok'), ' ' order by j.party_id) from core.campaign_judge(array_fill(test.number((select id from c where name = 'a')), array[6]), array(select test.party(i) from generate_series(11, 16) i)) j),
  'not_owner disputed ok not_owner ok not_owner', 'R15, R88, R103: who may target in each state of the right');
insert into c values ('n', test.campaign('marketer', 'Сеть'));
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at) select test.party(i), 0, 'ADVERTISING', 'EMAIL', 'v1', 'f', 't', core.now() - interval '1 day' from generate_series(11, 16) i;
select is((select string_agg(coalesce(j.reason::text, 'ok'), ' ' order by j.party_id) from core.campaign_judge(array_fill(test.number((select id from c where name = 'n')), array[6]), array(select test.party(i) from generate_series(11, 16) i)) j),
  'excluded disputed excluded ok ok ok', 'R15, R78: head office leaves out GRACE, DISPUTED and HELD');
insert into core.interaction (party_id, dealer_id, kind, at) values (test.party(15), 1, 'OFFER', core.now() - interval '13 days');
select is((select reason::text from core.campaign_judge(array[test.number((select id from c where name = 'n'))], array[test.party(15)])), 'excluded', 'R78: and offers of the last fourteen days');

-- no lock outlives P13
select test.wait('22 days');
select core.lock_let_go();
select is((select count(*) from core.campaign_lock where state <> 'RELEASED'), 0::bigint, 'R89: after the longest term and the cooling nothing is held');
select is((select count(*) from (select unit, grp, campaign_id, min(recorded_at) f, max(recorded_at) t from core.campaign_lock_history group by 1, 2, 3) x where t - f > interval '29 days'), 0::bigint, 'R89: in the whole history');
select * from finish();
rollback;
