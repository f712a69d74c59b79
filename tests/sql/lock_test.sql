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

-- design 10: two seconds after the order, and when nobody comes first, a lock is given with the row that is written
select test.people(21, 24, 2);
insert into c values ('early', test.campaign('manager_a', 'Сразу', p_grp => 'RELATION')), ('late', test.campaign('manager_b', 'Потом', p_grp => 'RELATION'));
select test.call('manager_a', format('select * from api.campaign_launch(%L, %s)', id, test.check('manager_a', id) ->> 'will_get')) from c where name = 'early';
select test.work();
select is((select array[max(n) filter (where state = 'LOCKED') > 0, max(n) filter (where state = 'PLANNED') = 0] from core.campaign_count where campaign_id = test.number((select id from c where name = 'early'))), '{t,t}', 'design 10: at first people are only asked for, then the arbiter gives');
select test.launch('manager_b', (select id from c where name = 'late'));
select is((select array[max(n) filter (where state = 'LOCKED') >= 4, count(*) filter (where state = 'PLANNED') = 0] from core.campaign_count where campaign_id = test.number((select id from c where name = 'late'))), '{t,t}', 'design 10: in its turn nobody is asked for twice');
select is((select count(*) from core.campaign_lock where campaign_id = test.number((select id from c where name = 'late')) and state = 'HELD'),
  (select n from core.campaign_count where campaign_id = test.number((select id from c where name = 'late')) and state = 'LOCKED'), 'R86: each has his lock');
insert into c values ('x', test.campaign('manager_a', 'Первая', p_grp => 'AFTERSALES')), ('y', test.campaign('marketer', 'Вторая', p_grp => 'AFTERSALES'));
create temp view turn as select c.name, core.lock_turn(k) as is_turn from core.campaign k join c on c.id = k.public_id where c.name in ('x', 'y');
update core.campaign set state = 'LAUNCHING', requested_at = core.now() - interval '3 seconds', job_id = (select max(job_id) from core.job)
where public_id in (select id from c where name in ('x', 'y'));
update core.job set state = 'RUNNING' where job_id = (select max(job_id) from core.job);
select is((select array_agg(is_turn order by name) from turn), '{t,f}', 'design 10: the one behind waits while the first is being judged');
update core.campaign set requested_at = core.now() where public_id = (select id from c where name = 'x');
select is((select array_agg(is_turn order by name) from turn), '{f,t}', 'for requests older than two seconds');
update core.campaign set requested_at = core.now() - interval '3 minutes' where public_id = (select id from c where name = 'x');
select is((select array_agg(is_turn order by name) from turn), '{t,t}', 'and for two minutes at most');
update core.campaign set requested_at = core.now() - interval '4 seconds', is_prepared = true where public_id = (select id from c where name = 'x');
select is((select array_agg(is_turn order by name) from turn), '{t,t}', 'judged, and nobody is left to ask for');
insert into core.recipient (campaign_id, party_id, dealer_id, unit, state, next_at) values (test.number((select id from c where name = 'x')), test.party(24), 1, 'p' || test.party(24), 'PLANNED', core.now());
select is((select array_agg(is_turn order by name) from turn), '{t,f}', 'its requests come before those behind it');
update core.campaign set grp = 'SALES' where public_id = (select id from c where name = 'y');
select is((select array_agg(is_turn order by name) from turn), '{t,t}', 'in one group');
update core.campaign set class = 0 where public_id = (select id from c where name = 'y');
select is((select array_agg(is_turn order by name) from turn), '{t,f}', 'R87: class 0 takes none');
update core.recipient set state = 'DROPPED', reason = 'stopped' where state = 'PLANNED';

-- no lock outlives P13
select test.wait('22 days');
select core.lock_let_go();
select is((select count(*) from core.campaign_lock where state <> 'RELEASED'), 0::bigint, 'R89: after the longest term and the cooling nothing is held');
select is((select count(*) from (select unit, grp, campaign_id, min(recorded_at) f, max(recorded_at) t from core.campaign_lock_history group by 1, 2, 3) x where t - f > interval '29 days'), 0::bigint, 'R89: in the whole history');
select * from finish();
rollback;
