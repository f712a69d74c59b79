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
select * from finish();
rollback;
