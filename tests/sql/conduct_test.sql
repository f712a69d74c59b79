-- SPDX-License-Identifier: Apache-2.0
-- Figures of conduct for auditors: yield, hoarding, protection used, tasks, distribution, conflicts, evidence, pressure, security. D.12.
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
select no_plan();
select test.at('2027-03-02 12:00');
select test.people(i, i, 1) from generate_series(1, 20) i;

-- twenty rights of Альфа begun on 1 February: 1-5 expired untouched, 6-10 expired after an activity, 11-14 delivered, the others run
create function test.step(p_n int, p_ver int, p_event text, p_state core.right_state, p_at timestamptz, p_reason core.close_reason default null, p_prolonged date default null) returns void
language sql as $$
  insert into core.ownership_history (ownership_id, ver, party_id, brand_id, line, dealer_id, state, reason, protect_until, valid_from, recorded_at, event, rule, public_id, source, prolonged_on)
  select o.ownership_id, p_ver, o.party_id, o.brand_id, o.line, o.dealer_id, p_state, p_reason, o.protect_until, p_at, p_at, p_event, 'R44', o.public_id,
    case when p_n <= 10 then 'site' else 'walk_in' end, p_prolonged
  from core.ownership o where o.party_id = test.party(p_n) $$;
select test.step(i, 1, 'register', 'ACTIVE', '2027-02-01 10:00 Europe/Moscow') from generate_series(1, 20) i;
select test.step(i, 2, 'activity', 'ACTIVE', '2027-02-03 10:00 Europe/Moscow', null, '2027-02-03') from generate_series(6, 14) i;
select test.step(i, 3, 'activity', 'ACTIVE', '2027-02-05 10:00 Europe/Moscow', null, '2027-02-05') from generate_series(6, 8) i;
select test.step(i, 4, 'expire', 'GRACE', '2027-02-11 10:00 Europe/Moscow') from generate_series(1, 10) i;
select test.step(i, 4, 'order', 'HELD', '2027-02-08 10:00 Europe/Moscow') from generate_series(11, 14) i;
select test.step(i, 5, 'delivery', 'CUSTOMER', '2027-02-21 10:00 Europe/Moscow') from generate_series(11, 14) i;
insert into core.interaction (party_id, dealer_id, kind, at, is_manual, is_qualifying)
  select test.party(i), 1, 'VISIT', '2027-02-03 10:00 Europe/Moscow', i <= 9, true from generate_series(6, 14) i;
select core.kpi_rebuild();
create function test.conduct(p_dealer text default 'Альфа', p_more text default '') returns jsonb language sql as $$
  select e from jsonb_array_elements(test.call('auditor', format('select * from api.conduct_list(''2027-01-01'', ''2027-03-31''%s)', p_more))) e where e ->> 'dealer_name' = p_dealer $$;
select is(test.conduct() -> 'registered', '20', 'R114: registered');
select is(test.conduct() -> 'yield_rate', '0.2', 'R114: yield is delivered of registered');
select is(test.conduct() -> 'hoarding_rate', '0.25', 'R114: hoarding counts terms that passed without one qualifying activity, not those worked and lost');
select is(test.conduct() -> 'protection_count', '14', 'R115: only protection that ended is measured');
select is(test.conduct() -> 'protection_median_days', '10', 'R115: median of days used');
select is(test.conduct() -> 'protection_p90_days', '20', 'R115: 90th percentile');
select is(test.conduct() -> 'prolonged_mean', '0.6', 'R115: prolongations per right');
select is(test.conduct() -> 'manual_only_share', '0.4444', 'R115: share prolonged by manual entries alone');
select is(test.conduct('Альфа', ', p_line => ''SERVICE''') -> 'registered', '0', 'a line has its own figures');
select is(test.conduct('Альфа', ', p_brand_id => 2') -> 'registered', '0', 'and a brand');
select is(test.conduct('Бета') -> 'yield_rate', 'null', 'no rate over fewer than five');

-- R116
insert into core.task (dealer_id, kind, title, due_at, state, done_at, outcome_code)
select 1, 'call', 'Т', '2027-02-10 12:00 Europe/Moscow', s::core.task_state, d::timestamptz, o from (values
  ('DONE', '2027-02-10 11:00 Europe/Moscow', 'reached'), ('DONE', '2027-02-10 11:00 Europe/Moscow', 'reached'), ('DONE', '2027-02-10 11:00 Europe/Moscow', 'reached'),
  ('DONE', '2027-02-12 11:00 Europe/Moscow', 'reached'), ('DONE', '2027-02-10 11:00 Europe/Moscow', null), ('OPEN', null, null), ('CANCELLED', null, null)) v(s, d, o);
insert into core.task (dealer_id, kind, title, due_at) values (1, 'call', 'Т', '2027-03-20 12:00 Europe/Moscow');
select is(test.conduct() -> 'task_count', '6', 'R116: tasks that fell due; a cancelled one and one not yet due are not counted');
select is(test.conduct() -> 'overdue_share', '0.3333', 'R116: done late, or open after its time');
select is(test.conduct() -> 'result_missing_share', '0.2', 'R116: done without a result');

-- R118: ten turns between A and B of equal weight; A was given eight
insert into core.lead (party_id, brand_id, line, state, outcome, came_at, due_at, done_at, desk_at, desk_rule)
select test.party(1), 1, 'NEW', 'DONE', 'assigned', '2027-02-01 10:00+03', '2027-02-02 10:00+03', '2027-02-03', case when i <= 2 then '2027-02-02 10:00+03'::timestamptz end, case when i <= 2 then 'R45' end
from generate_series(1, 10) i;
insert into core.route_decision (lead_id, seq, at, version, inputs, outcome, wheel, step, rule, dealer_id)
select l.lead_id, 1, '2027-02-01 10:00+03', (select max(version) from core.routing_version), '{}', '{"weights": {"1": 50, "2": 50}}', 'w', 7, 'R42',
  case when row_number() over (order by l.lead_id) <= 8 then 1 else 2 end from core.lead l;
select is(test.conduct() -> 'routed', '8', 'R118: leads given by turn');
select is(test.conduct() -> 'routed_ratio', '1.6', 'R118: eight where the weights agreed gave five');
select is(test.conduct('Бета') -> 'routed_ratio', '0.4', 'R118: and two where they gave five');
select is(core.gini('{1,1,1,1}'), 0::float8, 'R118: all alike');
select is(core.gini('{0,0,0,4}'), 0.75::float8, 'R118: one has everything');
select is(core.gini('{1,2}'), null, 'R118: two say nothing');

-- R120, R125
insert into core.probe (dealer_id, staff_id, at, key_hash, verdict, purpose)
select 1, test.staff('seller_a'), '2027-02-01 10:00+03', '\x00', v::core.verdict, p from (values ('PROTECTED', 'registration'), ('PROTECTED', 'registration'), ('FREE', 'registration'), ('PROTECTED', 'Звонок клиента')) x(v, p), generate_series(1, 5) i;
select is(test.conduct() -> 'protected_per_100', '33.3333', 'R120: ten registrations refused for another''s client beside twenty that stood');
select is(test.conduct() -> 'probes', '5', 'R125: probes are not registrations');
set local session_replication_role = replica;      -- cases long closed: their steps are dispute_test's
insert into core.dispute (number, kind, state, party_id, brand_id, line, ownership_id, claimant_id, owner_id, basis_at, claim, filed_at, decided_at, final_at, outcome, first_outcome, rule, decision)
select 'T' || i, 'earlier_evidence', 'FINAL', test.party(1), 1, 'NEW', (select ownership_id from core.ownership where party_id = test.party(1)), 2, 1, '2027-02-01', 'c', '2027-02-01 10:00+03', '2027-02-06 10:00+03', '2027-02-20',
  o::core.dispute_outcome, f::core.dispute_outcome, 'R104', 'd' from (values (1, 'OWNER', null), (2, 'OWNER', null), (3, 'CLAIMANT', null), (4, 'OWNER', 'CLAIMANT'), (5, 'POOL', null)) v(i, o, f);
set local session_replication_role = origin;
select is(test.conduct() -> 'dispute_count', '5', 'R120: disputes count for both sides');
select is(test.conduct() -> 'disputes_per_1000', '250', 'R120: per thousand rights');
select is((test.conduct() ->> 'disputes_won') || ' ' || (test.conduct() ->> 'disputes_lost'), '3 2', 'R120: the owner''s side');
select is((test.conduct('Бета') ->> 'disputes_won') || ' ' || (test.conduct('Бета') ->> 'disputes_lost'), '1 4', 'R120: the claimant''s; what went to the pool nobody won');
select is(test.conduct() -> 'decision_median_days', '5', 'R120: days to the decision');
select is(test.conduct() -> 'overturned', '1', 'R120: changed on appeal');

-- R121
insert into core.sample (interaction_id, party_id, dealer_id, rights, before_at, state, at)
select i.interaction_id, i.party_id, 1, '{1}', array[core.now()], case when row_number() over (order by i.interaction_id) <= 2 then 'FALSE' else 'TRUE' end, '2027-02-04'
from core.interaction i where i.dealer_id = 1 order by i.interaction_id limit 5;
insert into core.seat_mark (dealer_id, kind, rule, at) values (1, 'void', 'R38', '2027-02-04'), (1, 'lost_dispute', 'R108', '2027-02-04');
select is(test.conduct() -> 'sample_failed_share', '0.4', 'R121: failed samples');
select is(test.conduct() -> 'voided', '1', 'R121: voided rights');
select is(test.conduct() -> 'backdated', '4', 'R121: entries by hand later than P21');

-- R124
create temp table c on commit drop as select test.campaign('manager_a', 'К') as id;
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, token, at)
select test.party(i), 'EMAIL', test.number((select id from c)), 1, 3, 'SALES', gen_random_uuid(), '2027-02-20' from generate_series(1, 10) i, generate_series(1, 3) t where t = 1 or i > 8;
update core.consent set withdrawn_at = '2027-02-25' where party_id = test.party(1) and purpose = 'ADVERTISING';
select is((test.conduct() ->> 'touch_count') || ' ' || (test.conduct() ->> 'touch_median') || ' ' || (test.conduct() ->> 'touch_p90'), '14 1 3', 'R124: touches of a person');
select is(test.conduct() -> 'opt_outs_per_1000', '71.4286', 'R124: withdrawals per thousand touches');

create function test.network() returns jsonb language sql as $$ select test.call('auditor', 'select api.conduct_network(''2027-01-01'', ''2027-03-31'') as v') -> 0 -> 'v' $$;
select is(test.network() -> 'sources', '[{"source": "site", "registered": 10, "yield_rate": 0, "hoarding_rate": 0.5}, {"source": "walk_in", "registered": 10, "yield_rate": 0.4, "hoarding_rate": 0}]', 'R114: by source');
select is(test.network() -> 'desk_after_day', '2', 'R117: leads that nobody took within a day');
update core.lead set state = 'DESK', outcome = null, done_at = null, desk_at = core.now(), came_at = core.now() - interval '90 minutes' where lead_id = (select max(lead_id) from core.lead);
select is(test.network() -> 'pool' -> 'oldest_min', '90', 'R117: the oldest that waits');
select is(test.network() -> 'pressure', '[{"people": null, "touches": 1}, {"people": null, "touches": 3}]', 'R124, R136: fewer than ten people are not told');
select is(test.call('manager_a', 'select * from api.conduct_list()') ->> 'error', '42501', 'conduct is for auditors');
select is(test.call('marketer', 'select * from api.conduct_list()') ->> 'error', '42501', 'not for those whom it judges');
select * from finish();
rollback;
