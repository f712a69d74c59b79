-- SPDX-License-Identifier: Apache-2.0
-- Figures for auditors: acceptance, first contact, funnel, retention, campaigns; the proof of no competing touches. D.12, R85, R123.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select test.at('2027-03-02 12:00');
select test.people(i, i, 1) from generate_series(1, 10) i;

-- ten rights offered on 1 February at 10:00: accepted after i minutes, contacted 2 * i minutes later; the last never contacted
create function test.step(p_n int, p_ver int, p_state core.right_state, p_at timestamptz, p_reason core.close_reason default null) returns void
language sql as $$
  insert into core.ownership_history (ownership_id, ver, party_id, brand_id, line, dealer_id, state, reason, protect_until, valid_from, recorded_at, event, rule, public_id)
  select o.ownership_id, p_ver, o.party_id, o.brand_id, o.line, o.dealer_id, p_state, p_reason, o.protect_until, p_at, p_at, 'test', 'R44', o.public_id
  from core.ownership o where o.party_id = test.party(p_n) $$;
select test.step(i, 1, 'OFFERED', '2027-02-01 10:00 Europe/Moscow') from generate_series(1, 10) i;
select test.step(i, 2, 'ACTIVE', '2027-02-01 10:00 Europe/Moscow'::timestamptz + i * interval '1 minute') from generate_series(1, 10) i;
select test.step(10, 3, 'CLOSED', '2027-02-02 10:00 Europe/Moscow', 'no_contact');
select test.step(1, 3, 'HELD', '2027-02-10 10:00 Europe/Moscow');
select test.step(1, 4, 'CUSTOMER', '2027-02-20 10:00 Europe/Moscow');
insert into core.interaction (party_id, dealer_id, kind, at, is_qualifying)
  select test.party(i), 1, 'CALL_OUT', '2027-02-01 10:00 Europe/Moscow'::timestamptz + 3 * i * interval '1 minute', true from generate_series(1, 9) i;
insert into core.interaction (party_id, dealer_id, kind, at) select test.party(i), 1, k::core.interaction_kind, '2027-02-05 12:00 Europe/Moscow' from (values (1, 'VISIT'), (1, 'TEST_DRIVE'), (1, 'OFFER'), (2, 'VISIT'), (2, 'TEST_DRIVE'), (3, 'VISIT')) v (i, k);
insert into core.interaction (party_id, dealer_id, kind, at) values (test.party(4), 2, 'VISIT', '2027-02-05 12:00 Europe/Moscow');
-- retention: six clients visited in January 2026, three came back within a year, one more within two
insert into core.repair_order (dealer_id, party_id, brand_id, number, opened_on, amount_kopecks) select 1, test.party(i), 1, 'a' || i, '2026-02-10', 100000 from generate_series(1, 6) i;
insert into core.repair_order (dealer_id, party_id, brand_id, number, opened_on, amount_kopecks) select 1, test.party(i), 1, 'b' || i, '2026-11-10', 100000 from generate_series(1, 3) i;
select core.kpi_rebuild();

create function test.branch(p_from text default '2027-01-01', p_to text default '2027-03-31') returns jsonb language sql as $$
  select e from jsonb_array_elements(test.call('auditor', format('select * from api.branches_list(%L, %L)', p_from, p_to))) e where e ->> 'dealer_name' = 'Альфа' $$;
select is(test.branch() -> 'accept_count', '10', 'R110: offered');
select is(test.branch() -> 'accept_rate', '1', 'R110: all accepted');
select is(test.branch() -> 'accept_median_min', '5', 'R110: median');
select is(test.branch() -> 'accept_p90_min', '9', 'R110: 90th percentile');
select is(test.branch() -> 'contact_count', '9', 'R111: contacted');
select is(test.branch() -> 'contact_median_min', '10', 'R111: median from acceptance');
select is(test.branch() -> 'contact_in15_share', '0.7778', 'R111: share within fifteen minutes');
select is(test.branch() -> 'no_contact_rate', '0.1', 'R112: closed for no contact');
select is((select string_agg(test.branch() ->> k, ' ' order by n) from (values (1, 'registered'), (2, 'contacted'), (3, 'visited'), (4, 'test_drives'), (5, 'offers'), (6, 'orders'), (7, 'deliveries')) v (n, k)), '10 9 3 2 1 1 1', 'R113: the funnel; a visit at another dealer is not ours');
select is((select string_agg(coalesce(test.branch() ->> k, '-'), ' ' order by n) from (values (1, 'retention_count'), (2, 'retention_12m'), (3, 'retention_24m')) v (n, k)), '6 0.5 -', 'R122: half of six came back in twelve months; fewer than five make no rate');
select is(test.branch('2027-03-01', '2027-03-31') -> 'accept_rate', 'null', 'no rate over fewer than five');
select is(test.call('auditor', 'select * from api.branch_series(''registered'', p_from => ''2027-01-01'')') -> 0 ->> 'value', '10', 'a series by month');
select is(test.call('auditor', 'select * from api.branch_series(''phones'')') ->> 'error', 'ZC402', 'only known measures');
select is(test.call('manager_b', 'select api.branch_own(''2027-01-01'') as v') -> 0 -> 'v' -> 'own' ->> 'dealer_name', 'Бета', 'a manager sees his own');
select is((test.call('manager_b', 'select api.branch_own(''2027-01-01'') as v') -> 0 -> 'v' -> 'network')::text ~ 'Альфа', false, 'and no other by name');
select is((test.call('manager_b', 'select api.branch_own(''2027-01-01'') as v') -> 0 -> 'v' -> 'network' -> 'medians') ? 'registered', true, 'the middle of the network beside it, figure by figure');
select is((test.call('manager_b', 'select api.branch_own(''2027-01-01'') as v') -> 0 -> 'v' -> 'network' -> 'medians') ? 'accept_rate', false, 'but not of fewer than three dealers');
select is(test.call('manager_b', 'select * from api.branches_list()') ->> 'error', '42501', 'the comparison is for auditors and head office');

-- news within a minute
insert into core.interaction (party_id, dealer_id, kind, at) values (test.party(5), 1, 'VISIT', core.now());
select core.kpi_refresh();
select is(test.branch() -> 'visited', '4', 'what happens now is counted within a minute');

-- R123: the query finds a competing touch when there is one, so its zero means something
select is(test.call('auditor', 'select count, checked_touches from api.competing_touches()') -> 0, '{"count": 0, "checked_touches": 0}', 'R123: nothing yet');
create temp table c on commit drop as select test.campaign('manager_a', 'К') as id;
select test.launch('manager_a', (select id from c));
select test.send();
select is(test.call('auditor', 'select count, checked_touches from api.competing_touches()') -> 0, '{"count": 0, "checked_touches": 10}', 'R123: ten touches, none competing');
savepoint s;
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at) values (test.party(1), 'EMAIL', 0, 2, 3, 'SALES', 'p' || test.party(1), gen_random_uuid(), core.now() + interval '1 day');
select is(test.call('auditor', 'select count, items -> 0 -> ''person_id'' as person from api.competing_touches()') -> 0, jsonb_build_object('count', 1, 'person', (select public_id from core.party where party_id = test.party(1))), 'R85: another principal, same person and group, overlapping: found');
rollback to s;
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at) values (test.party(1), 'EMAIL', 0, 2, 3, 'AFTERSALES', 'p' || test.party(1), gen_random_uuid(), core.now() + interval '1 day');
select is(test.call('auditor', 'select count from api.competing_touches()') -> 0 ->> 'count', '0', 'R85: another group does not compete');
rollback to s;
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at) values (test.party(1), 'EMAIL', 0, 0, 0, 'SALES', null, gen_random_uuid(), core.now());
select is(test.call('auditor', 'select count from api.competing_touches()') -> 0 ->> 'count', '0', 'R87: a recall competes with nothing (S13)');
select core.competing_remember();
select is(test.branch() -> 'competing_touches', '0', 'the page of branches says so too');
select is(test.branch() -> 'campaign_sent', '10', 'R123: sent');

-- R114: a right that follows another is no registration
create function test.registered(p_dealer text) returns int language sql as $$
  select (e ->> 'registered')::int from jsonb_array_elements(test.call('auditor', 'select * from api.branches_list(''2027-01-01'', ''2027-12-31'')')) e where e ->> 'dealer_name' = p_dealer $$;
create function test.own(p_surname text) returns core.ownership language sql as $$
  select o from core.ownership o join core.party q using (party_id) where q.surname = p_surname and o.state <> 'CLOSED' $$;
create temp table n as select test.registered('Альфа') as a, test.registered('Бета') as b;
select test.register('seller_a', 'Цепнова', '+79037781001'); select test.wait('1 minute');
select test.register('seller_a', 'Цепкова', '+79037781002'); select test.wait('1 minute');
select core.kpi_refresh();
select is(test.registered('Альфа'), (select a + 2 from n), 'R114: two registrations');
insert into core.duplicate (party_low, party_high, class, score, weights, source) select least(a.party_id, b.party_id), greatest(a.party_id, b.party_id), 'STRONG', 17, '[]', 'scan' from core.party a, core.party b where a.surname = 'Цепнова' and b.surname = 'Цепкова';
-- the survivor's own right is the later one: the merged person's goes on at him, so it gets a row that follows
select is(test.call('steward', (select format('select api.duplicate_merge(%L, %L, d.ver) as v', d.public_id, case d.party_low when p.party_id then 'low' else 'high' end) || format(' from core.duplicate d where d.public_id = %L', d.public_id)
  from core.duplicate d join core.party p on p.surname = 'Цепкова' and p.party_id in (d.party_low, d.party_high))) -> 0 ? 'v', true, 'two records are one person');
select isnt((select (test.own('Цепкова')).successor_of), null, 'the earlier right goes on as another row');
select test.wait('1 minute'); select core.kpi_refresh();
select is(test.registered('Альфа'), (select a + 2 from n), 'R114: a merge registers nobody');
insert into core.interaction (party_id, dealer_id, kind, at) select party_id, 1, 'VISIT', core.now() from core.party where surname = 'Цепкова';
create temp table v as select test.branch('2027-01-01', '2027-12-31') ->> 'visited' as was;
select core.kpi_refresh();
select is((test.branch('2027-01-01', '2027-12-31') ->> 'visited')::int, (select was::int + 1 from v), 'R113: what happens after the merge is told of the registration that goes on, once');
select core.kpi_rebuild();
select is(test.registered('Альфа'), (select a + 2 from n), 'R114: nor does the night find more');
select core.right_succeed(test.own('Цепкова'), 2, null, 'transfer', 'transferred');
select test.wait('1 minute'); select core.kpi_refresh();
select is(test.registered('Альфа') || ' ' || test.registered('Бета'), (select (a + 2) || ' ' || b from n), 'R114: a transfer is a registration of nobody');
select is((select count(*) from core.right_kpi k join core.ownership o using (ownership_id) join core.party q using (party_id) where q.surname = 'Цепкова' and k.dealer_id = 2 and not k.is_registered), 1::bigint, 'but the new owner''s work with him is measured');
select test.register('seller_a', 'Цепляева', '+79037781003');
select test.call('seller_a', format('select api.right_lost(%L, ''other'')', (test.own('Цепляева')).public_id));
select test.call('seller_a', format('select api.right_reopen(%L)', (select o.public_id from core.ownership o join core.party q using (party_id) where q.surname = 'Цепляева')));
select test.wait('1 minute'); select core.kpi_refresh();
select is(test.registered('Альфа'), (select a + 3 from n), 'R19: a close taken back is no second registration');
select * from finish();
rollback;
