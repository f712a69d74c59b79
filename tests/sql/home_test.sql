-- SPDX-License-Identifier: Apache-2.0
-- The first screen: each role is asked only for first steps that it may take, and each is ticked by the act itself.
begin;
\i tests/sql/fixture.sql
select no_plan();
create function test.steps(p_login text) returns text language sql as $$
  select string_agg(s ->> 'key' || case when (s ->> 'is_done')::boolean then '+' else '' end, ' ')
  from jsonb_array_elements(test.call(p_login, 'select api.home_get() as v') -> 0 -> 'v' -> 'checklist') s $$;

select is(test.steps('admin'), 'totp staff', 'an administrator invites, and prepares no campaign');
select is(test.steps('marketer'), 'totp segment campaign', 'a marketer has no list of clients to keep a view of');
select is(test.steps('router'), 'totp lead view', 'the router distributes');
select is(test.steps('arbiter'), 'totp', 'an arbiter decides only what comes to him');
select is(test.steps('auditor'), 'totp touches ledger', 'an auditor reads');
select is(test.steps('manager_a'), 'totp campaign view task', 'a manager');
select is(test.steps('seller_a'), 'totp view task', 'a seller');
select is(test.steps('operator_a'), 'totp call', 'an operator has calls and nothing else');

insert into core.ledger (at, staff_id, dealer_id, role, kind)   -- the bind writes it for a read
select core.now(), staff_id, 0, 'auditor', 'read.competing_touches' from test.person where login = 'auditor';
select is(test.steps('auditor'), 'totp touches+ ledger', 'what was done is ticked');
select is(test.steps('marketer'), 'totp segment campaign', 'and only for who did it');
-- what waits for the administrator
create function test.admin(p_path text) returns jsonb language sql as $$
  select (test.call('admin', 'select api.home_get() as v') -> 0 -> 'v') #> p_path::text[] $$;
select is(test.admin('{attention,no_factor,count}'), '10', 'head office and managers without a second factor, not the sales staff');
select is(test.admin('{attention,no_factor,items,0,role}'), '"admin"', 'the most powerful first');
select is(jsonb_array_length(test.admin('{attention,no_factor,items}')), 4, 'four names are enough for a line');
select is(test.admin('{attention,no_manager,items}') #>> '{0,name}', 'Гамма', 'a dealer without a manager is named');
select is(test.admin('{attention,not_accepted,count}'), '0', 'whoever has a password took the invitation');
update session.account set password_phc = null where staff_id = test.staff('seller_d');
select is(test.admin('{attention,not_accepted,items,0,name}'), '"seller_d"', 'an invitation not taken is named');
update session.account set totp_secret = '\x00' where staff_id = test.staff('admin');
select is(test.admin('{attention,no_factor,count}'), '9', 'a second factor set leaves the list');
insert into core.job (kind, dealer_id, letter, state, finished_at, error) values ('abc_nightly', 0, 'S', 'FAILED', core.now(), 'x');
select is(test.admin('{attention,failed_jobs,items,0,name}'), '"abc_nightly"', 'a failed job is named');
insert into core.ledger (at, staff_id, dealer_id, role, kind) select core.now(), test.staff('seller_b'), 2, 'seller', 'session.refused';
select is(test.admin('{entries,0}') - 'at', '{"name": "seller_b", "role": "seller", "dealer_name": "Бета", "is_refused": true}', 'a refused sign-in is shown');
insert into core.ledger (at, staff_id, dealer_id, role, kind)
select core.now() - make_interval(mins => n), test.staff(case n when 1 then 'seller_a' else 'admin' end), 0, 'seller', 'session.begin'
from generate_series(9, 1, -1) n;
select is(test.admin('{entries,1,name}'), '"seller_a"', 'the newest sign-in is the first');
select is(jsonb_array_length(test.admin('{entries}')), 8, 'the newest eight');
select is(test.admin('{mail,waiting}'), '0', 'no letter waits');
select ok(not (test.call('marketer', 'select api.home_get() as v') -> 0 -> 'v') ?| '{attention,entries,mail}', 'nobody else is told');
select * from finish();
rollback;
