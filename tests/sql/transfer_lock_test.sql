-- SPDX-License-Identifier: Apache-2.0
-- What a transfer does to a running campaign of the old owner (R94, R132), and where rights go by territory (R131, R41).
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select plan(15);
select test.at('2027-03-02 12:00');

select test.people(1, 8, 1);
create temp table c (name text primary key, id uuid) on commit drop;
insert into c values ('a', test.campaign('manager_a', 'Тест-драйв А'));
select test.launch('manager_a', (select id from c where name = 'a'));
select is(test.fates((select id from c where name = 'a')), 'LOCKED=8', 'a campaign of the old owner runs');

-- one by one
select is(test.call('manager_a', format('select * from api.transfer_offer(%L, %L, ''owner_consent'')', (select public_id from core.ownership where party_id = test.party(1)), test.dealer(2))) -> 0 ->> 'state', 'OFFERED', 'a right is offered');
select is((select state::text from core.campaign_lock where party_id = test.party(1)), 'HELD', 'R127: an offer changes nothing');
select is(test.call('manager_b', format('select * from api.transfer_accept(%L)', (select public_id from core.transfer))) -> 0 ->> 'state', 'ACCEPTED', 'and accepted');
select is((select state::text from core.campaign_lock where party_id = test.party(1)), 'COOLING', 'R132: the lock of the old owner goes to COOLING in the same transaction');
select is((select state || ':' || reason from core.recipient where party_id = test.party(1)), 'CANCELLED:not_owner', 'R94: and the campaign loses the person');
select is((select count(*) from core.message where party_id = test.party(1) and kind = 'campaign'), 0::bigint, 'R94: no message goes to him');

-- the dry run counts the locks that would cool
select is(test.call('router', format('select * from api.transfer_batch_add(%L, ''territory'', false, %L, ''territory'')', test.dealer(1),
    json_build_array(json_build_object('dealer_id', test.dealer(2)), json_build_object('dealer_id', test.dealer(4)), json_build_object('dealer_id', test.dealer(3)))))
    -> 0 -> 'counts' ->> 'locked', '7', 'R131: the dry run counts the locks');

-- R41: by territory: who lives in a dealer's territory goes to that dealer
select core.routing_bump('territory', '{}');
update core.party set region = null, city = null, address = '420000, Казань' where surname like 'Клиент%';
insert into core.territory (dealer_id, brand_id, line, postal_from, postal_to, name, from_on, version)
select 4, 1, 'NEW', '420000', '420999', 'Казань', date '2020-01-01', max(version) from core.routing_version;
select is((select string_agg(distinct r.act || ':' || r.to_dealer_id, ' ') from core.transfer_batch b, core.batch_rights(b, 0, 100) r), 'move:4', 'R131, R41: rights go to the dealer in whose territory the person lives');
select is((select core.batch_plan(b) from core.transfer_batch b), 7, 'R131: the plan holds what is left of the dealer');
select is((select x.moved from core.transfer_batch b, core.batch_move(b, 500) x), 7, 'R131: and moves it');
select is((select count(*) from core.ownership where dealer_id = 4), 7::bigint, 'R131: also rights that came by a load without history');
select is((select count(*) from core.campaign_lock where state = 'COOLING'), 8::bigint, 'R132: their locks cool too');
select is((select count(*) from core.dealer_party where dealer_id = 4), 7::bigint, 'R133: the new owner lists them');
select is((select count(*) from core.dealer_party where dealer_id = 1), 0::bigint, 'R133: the old one no longer');
select * from finish();
rollback;
