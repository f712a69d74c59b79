-- SPDX-License-Identifier: Apache-2.0
-- What a dispute stops, and what decides beside evidence: R80, R84, R100, R103, R104, R105; the organisation of silence in the committee (R102).
begin;
\i tests/sql/fixture.sql
select no_plan();
do $$
declare s bigint; l text;
begin
    foreach l in array array['arbiter2', 'arbiter3'] loop
        insert into core.staff (dealer_id, role, name, email) values (0, 'arbiter', l, l || '@staff.example') returning staff_id into s;
        insert into session.account (staff_id, login, password_phc) values (s, l, '$argon2id$test');
        insert into session.session (secret_hash, staff_id, letter, created_at, seen_at, authenticated_at, idle_until, expires_at)
        values (sha256(convert_to(l, 'UTF8')), s, 'H', core.now(), core.now(), core.now(), core.now() + interval '30 minutes', core.now() + interval '12 hours');
        insert into test.person values (l, s, 'head_office');
    end loop;
end $$;
create function test.party(p_surname text) returns bigint language sql stable as $$ select p.party_id from core.party p where p.surname = p_surname $$;
create function test.right_of(p_surname text, p_line text default 'NEW') returns core.ownership language sql stable as $$
select o from core.ownership o where o.party_id = test.party(p_surname) and o.line::text = p_line $$;
create function test.evidence(p_login text, p_kind text, p_at timestamptz) returns uuid language sql as $$
select (test.call(p_login, format('select * from api.evidence_add(%L, %L, ''файл.pdf'', %L, 10)', p_kind, p_at, encode(sha256(gen_random_uuid()::text::bytea), 'hex'))) -> 0 ->> 'id')::uuid $$;
create function test.file(p_login text, p_surname text, p_phone text, p_evidence uuid[], p_kind text default 'earlier_evidence') returns jsonb language sql as $$
select test.call(p_login, format('select * from api.dispute_file(%L, 1, ''NEW'', ''Клиент обратился к нам раньше'', %L, p_phone => %L, p_surname => %L)', p_kind, p_evidence, p_phone, p_surname)) $$;
create function test.dispute(p_surname text) returns core.dispute language sql stable as $$
select d from core.dispute d where d.party_id = test.party(p_surname) order by d.dispute_id desc limit 1 $$;
create function test.judge(p_surname text) returns text language sql stable as $$ select t.login from test.person t where t.staff_id = (test.dispute(p_surname)).arbiter_id $$;
create function test.facts(p_surname text) returns jsonb language sql as $$
select test.call(test.judge(p_surname), format('select * from api.dispute_get(%L)', (test.dispute(p_surname)).public_id)) -> 0 -> 'facts' $$;
create function test.contest(p_surname text, p_phone text, p_kind text default 'visit', p_days int default 2) returns void language plpgsql as $$
begin
    perform test.register('seller_a', p_surname, p_phone), test.register('seller_b', p_surname, p_phone);
    perform test.file('seller_b', p_surname, p_phone, array[test.evidence('seller_b', p_kind, core.now() - make_interval(days => p_days))]);
    perform core.dispute_tick();
end $$;

select test.wait((timestamp '2026-11-23 10:00' at time zone 'Europe/Moscow') - core.now());   -- a Monday

-- R103: neither side markets while it runs, whatever else it holds; others and safety do
select test.contest('Спорова', '+79041110001');
select test.register('seller_b', 'Спорова', '+79041110001', p_line => 'USED');
select is((test.right_of('Спорова', 'USED')).dealer_id, 2, 'the claimant holds another line of the group');
insert into core.campaign (campaign_id, dealer_id, name, class, grp, channel, definition, created_by, state) overriding system value values
    (9101, 1, 'A', 3, 'SALES', 'EMAIL', '{}', test.staff('manager_a'), 'RUNNING'), (9102, 2, 'B', 3, 'SALES', 'EMAIL', '{}', test.staff('manager_b'), 'RUNNING'),
    (9103, 0, 'HQ', 4, 'SALES', 'EMAIL', '{}', test.staff('marketer'), 'RUNNING'), (9104, 1, 'recall', 0, 'SALES', 'EMAIL', '{}', test.staff('manager_a'), 'RUNNING');
create function test.judged(p_campaign bigint, p_surname text) returns text language sql as $$
select coalesce((select j.reason::text from core.campaign_judge(array[p_campaign], array[test.party(p_surname)]) j), 'goes') $$;
select is(test.judged(9101, 'Спорова'), 'disputed', 'R103: the owner does not advertise');
select is(test.judged(9102, 'Спорова'), 'disputed', 'R103: nor does the claimant, though he holds another line');
select is(test.judged(9103, 'Спорова'), 'disputed', 'R103: nor head office');
select isnt(test.judged(9104, 'Спорова'), 'disputed', 'R87: a recall goes out');
select test.call('manager_b', format('select * from api.dispute_withdraw(%L)', (test.dispute('Спорова')).public_id));
select isnt(test.judged(9102, 'Спорова'), 'disputed', 'R103: afterwards the claimant''s own line is his again');
select is((test.right_of('Спорова')).state, 'ACTIVE', 'R103: and the owner''s right is as it was');

-- R103: the interim owner serves and goes on with an order; the customer's visit at him counts
select test.contest('Служилов', '+79041110002');
select is(test.call('seller_a', format($$select * from api.interaction_add(%L, 'VISIT', p_evidence => 'V-2')$$, (select p.public_id from core.party p where p.surname = 'Служилов'))) ->> 'error', null, 'R103: the interim owner serves');
select is(test.call('seller_a', format($$select * from api.person_get(%L)$$, (select p.public_id from core.party p where p.surname = 'Служилов'))) -> 0 ->> 'name' is not null, true, 'R103: and sees his client');
select is(test.call('seller_b', $$select * from api.people_list()$$) @? '$[*] ? (@.name like_regex "Служилов")', false, 'R105: the claimant does not');

-- R104: the customer's verified choice beats the order, the order beats the earlier visit
select test.register('seller_a', 'Выборов', '+79041110003');
select test.call('seller_a', format($$select * from api.right_hold(%L, 'C-3')$$, (test.right_of('Выборов')).public_id));
select test.register('seller_b', 'Выборов', '+79041110003');
select test.file('seller_b', 'Выборов', '+79041110003', array[test.evidence('seller_b', 'visit', core.now() - interval '20 days')]);
select core.dispute_tick(); select test.wait('4 days'); select core.dispute_tick();
select is(test.facts('Выборов') ->> 'step', 'order', 'R104: a signed order is above an earlier visit');
select test.call('seller_b', format('select * from api.dispute_evidence_add(%L, %L)', (test.dispute('Выборов')).public_id, array[test.evidence('seller_b', 'choice', core.now() - interval '1 day')]));
select is((test.facts('Выборов') ->> 'step') || (test.facts('Выборов') ->> 'outcome'), 'choiceCLAIMANT', 'R104: the customer''s own written choice is above the order');
insert into core.choice (party_id, brand_id, line, kind, dealer_id, to_dealer_id, state, until_at, done_at)
values (test.party('Выборов'), 1, 'NEW', 'CODE', 1, 1, 'KEPT', core.now(), core.now());
select is((test.facts('Выборов') ->> 'step') || (test.facts('Выборов') ->> 'outcome'), 'choiceOWNER', 'R104, R80: a later choice by code, kept during the dispute, is above an earlier one');

-- R104: density, territory, split
select test.contest('Густов', '+79041110004', 'email', 3);
select test.wait('4 days'); select core.dispute_tick();
select is((test.facts('Густов') ->> 'step') || (test.facts('Густов') ->> 'credit_bp'), 'split5000', 'R104: with nothing to tell them apart the credit is halved');
select is(test.facts('Густов') ->> 'outcome', 'CLAIMANT', 'R104: and the right goes to the earlier');

-- R102: a committee that is silent to the end leaves the decision as it is
select test.contest('Молчанов', '+79041110005');
select test.wait('4 days'); select core.dispute_tick();
select test.call(test.judge('Молчанов'), format($$select * from api.dispute_decide(%L, 'CLAIMANT', 'Визит предшествует регистрации.')$$, (test.dispute('Молчанов')).public_id));
select test.call('manager_a', format($$select * from api.dispute_appeal(%L, 'Визит не подтверждён')$$, (test.dispute('Молчанов')).public_id));
select is((test.dispute('Молчанов')).state, 'APPEALED', 'appealed');
select test.wait('9 days'); select core.dispute_tick();
select is((test.dispute('Молчанов')).state::text || (test.dispute('Молчанов')).outcome, 'FINALCLAIMANT', 'R102: nobody left to overturn it: the decision stands');
select test.contest('Спокойнов', '+79041110006');
select test.wait('4 days'); select core.dispute_tick();
select test.call(test.judge('Спокойнов'), format($$select * from api.dispute_decide(%L, 'CLAIMANT', 'Визит предшествует регистрации.')$$, (test.dispute('Спокойнов')).public_id));
select test.wait('9 days'); select core.dispute_tick();
select is((test.dispute('Спокойнов')).state, 'FINAL', 'R102: five working days without an appeal make it final');
select is(test.call('manager_a', format($$select * from api.dispute_appeal(%L, 'Визит не подтверждён')$$, (test.dispute('Спокойнов')).public_id)) ->> 'error', 'ZC107', 'R102: then it is too late');

-- R17: an outage extends the steps of disputes too
select test.contest('Простоев', '+79041110009');
create temp table was as select (test.dispute('Простоев')).due_at as due;
select core.clock_rights();
update core.clock_state set real_at = real_at - interval '5 hours' where name = 'rights';
select core.clock_rights(); select core.clock_rights();
select is(date_trunc('minute', (test.dispute('Простоев')).due_at - (select due from was) + interval '30 seconds'), interval '5 hours', 'R17: five hours without the clock give the owner five more to answer, once');

-- a right that ends meanwhile ends the case
select test.contest('Концов', '+79041110007');
update core.ownership set state = 'CLOSED', reason = 'erased', event = 'erase', rule = 'R149', ver = ver + 1, changed_at = core.clock(), free_from = core.now() where ownership_id = (test.right_of('Концов')).ownership_id;
select test.wait('4 days'); select core.dispute_tick();
select is((test.dispute('Концов')).state, 'REJECTED', 'nothing is left to decide of an erased right (R149)');

-- grace: what was in grace gets no new term by a dispute
select test.register('seller_a', 'Грейсов', '+79041110008');
select test.wait('32 days'); select core.clock_rights();
select is((test.right_of('Грейсов')).state, 'GRACE', 'a right in grace');
select is(test.register('seller_b', 'Грейсов', '+79041110008') -> 0 ->> 'verdict', 'IN_GRACE', 'is heard as such');
select test.file('seller_b', 'Грейсов', '+79041110008', array[test.evidence('seller_b', 'visit', core.now() - interval '50 days')]);
select core.dispute_tick();
select test.call('manager_b', format('select * from api.dispute_withdraw(%L)', (test.dispute('Грейсов')).public_id));
select core.clock_rights();
select is((test.right_of('Грейсов')).state, 'GRACE', 'R103: and is in grace again, with no new term');

select is((select count(*) from core.right_differences()), 0::bigint, 'R161: every right is rebuilt from its history');
select is((select count(*) from core.dispute d join core.dispute_step s on s.dispute_id = d.dispute_id and s.ver = d.ver where s.state <> d.state), 0::bigint, 'R8: the last step of every case is its state');
select is((select string_agg(distinct l.kind, ' ' order by l.kind) from core.ledger l where l.kind like 'dispute.%' and l.detail::text ~ '\+7|@|Спорова'), null, 'no personal data in the ledger of disputes (R140)');
select * from finish();
rollback;
