-- SPDX-License-Identifier: Apache-2.0
-- Disputes and arbitration: R38, R100-R109, S19.
begin;
\i tests/sql/fixture.sql
select no_plan();

-- three more arbiters, one of them tied to the group of dealer 1
do $$
declare s bigint; l text;
begin
    foreach l in array array['arbiter2', 'arbiter3', 'arbiter4'] loop
        insert into core.staff (dealer_id, role, name, email) values (0, 'arbiter', l, l || '@staff.example') returning staff_id into s;
        insert into session.account (staff_id, login, password_phc) values (s, l, '$argon2id$test');
        insert into session.session (secret_hash, staff_id, letter, created_at, seen_at, authenticated_at, idle_until, expires_at)
        values (sha256(convert_to(l, 'UTF8')), s, 'H', core.now(), core.now(), core.now(), core.now() + interval '30 minutes', core.now() + interval '12 hours');
        insert into test.person values (l, s, 'head_office');
    end loop;
end $$;
create function test.at(p_local text) returns void language sql as $$
select test.wait((p_local::timestamp at time zone 'Europe/Moscow') - core.now()) $$;
create function test.right_of(p_surname text) returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname and o.line = 'NEW' $$;
create function test.evidence(p_login text, p_kind text, p_at timestamptz default core.now() - interval '1 hour') returns uuid language sql as $$
select (test.call(p_login, format('select * from api.evidence_add(%L, %L, ''файл.pdf'', %L, 10)', p_kind, p_at, encode(sha256(gen_random_uuid()::text::bytea), 'hex'))) -> 0 ->> 'id')::uuid $$;
create function test.note(p_login text, p_at timestamptz) returns uuid language sql as $$
select (test.call(p_login, format('select * from api.evidence_note(%L, ''заметка'', ''Клиент обещал прийти'')', p_at)) -> 0 ->> 'id')::uuid $$;
create function test.file(p_login text, p_surname text, p_phone text, p_evidence uuid[], p_kind text default 'earlier_evidence') returns jsonb language sql as $$
select test.call(p_login, format('select * from api.dispute_file(%L, 1, ''NEW'', ''Клиент обратился к нам раньше'', %L, p_phone => %L, p_surname => %L)', p_kind, p_evidence, p_phone, p_surname)) $$;
create function test.dispute(p_surname text) returns core.dispute language sql stable as $$
select d from core.dispute d join core.party p using (party_id) where p.surname = p_surname order by d.dispute_id desc limit 1 $$;
create function test.judge(p_surname text) returns text language sql stable as $$
select t.login from test.person t where t.staff_id = (test.dispute(p_surname)).arbiter_id $$;

select test.at('2026-11-23 10:00');            -- a Monday

-- filing by the data of one's own verdict (R100, R24)
select test.register('seller_a', 'Иванов', '+79031110001');
select is(test.file('seller_b', 'Иванов', '+79031110001', '{}') ->> 'error', 'ZC111', 'a dispute needs evidence (R101)');
select is(test.file('seller_b', 'Иванов', '+79031110001', array[test.evidence('seller_b', 'visit', core.now() - interval '3 days')]) ->> 'error', 'ZC106',
    'nobody disputes a verdict he was never given (R100)');
select is(test.register('seller_b', 'Иванов', '+79031110001') -> 0 ->> 'verdict', 'PROTECTED', 'the second dealer hears PROTECTED');
select is(test.file('seller_b', 'Иванов', '+79031110001', array[test.evidence('seller_a', 'visit')]) ->> 'error', 'ZC404', 'another dealer''s evidence is not found (R105)');
create temp table filed as select test.file('seller_b', 'Иванов', '+79031110001', array[test.evidence('seller_b', 'visit', core.now() - interval '3 days')]) -> 0 as r;
select is((select r ->> 'verdict' || (r ->> 'is_filed') from filed), 'PROTECTEDtrue', 'with evidence a dispute is filed');
select is((select r ? 'person_id' or r ? 'owner' from filed), false, 'and tells nothing of the person or the owner (R24)');
select is((test.dispute('Иванов')).state, 'FILED', 'FILED');
select is(jsonb_array_length(test.call('manager_a', 'select * from api.disputes_list()')), 0, 'before it is admitted the owner does not see it');
select is((test.file('seller_b', 'Иванов', '+79031110001', array[test.evidence('seller_b', 'visit', core.now() - interval '3 days')]) -> 0 ->> 'is_filed'), 'false', 'one at a time for a person, brand and line (R100)');

-- admission: freeze, clock stopped (R102, R103)
select core.dispute_tick();
select is((test.dispute('Иванов')).state, 'ADMITTED', 'the machine admits it at once (R102)');
select is((test.right_of('Иванов')).state, 'DISPUTED', 'the right is frozen (R103)');
select is((test.dispute('Иванов')).due_at, timestamptz '2026-11-26 00:00+03', 'the owner has two working days to answer (P11)');
select is((select count(*) from core.notice n where n.kind = 'N8' and n.subject = (test.dispute('Иванов')).public_id::text and n.staff_id = test.staff('manager_a')), 1::bigint, 'and his manager is told (N8)');
select is(test.register('seller_c', 'Иванов', '+79031110001') -> 0 ->> 'verdict', 'DISPUTED', 'others hear DISPUTED (R24)');
select is(test.file('seller_c', 'Иванов', '+79031110001', array[test.evidence('seller_c', 'order', core.now() - interval '9 days')]) -> 0 ->> 'is_filed', 'false', 'and cannot dispute a disputed right (R100)');

-- what each side sees (R105)
create function test.case_of(p_login text, p_surname text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.dispute_get(%L)', (test.dispute(p_surname)).public_id)) $$;
select is(test.case_of('seller_b', 'Иванов') -> 0 ->> 'person_id', null, 'the claimant does not learn whose client it is (R105)');
select is(test.case_of('manager_a', 'Иванов') -> 0 ->> 'claim', null, 'the owner does not read the claim (R105)');
select is(jsonb_array_length(test.case_of('manager_a', 'Иванов') -> 0 -> 'evidence'), 0, 'nor the claimant''s evidence');
select is(test.case_of('seller_c', 'Иванов') ->> 'error', 'ZC404', 'a third dealer finds nothing');
select is(test.case_of('seller_a2', 'Иванов') ->> 'error', 'ZC404', 'nor does a colleague of the owner''s seat');
select is(test.case_of('marketer', 'Иванов') ->> 'error', 'ZC404', 'nor does a marketer');
select is(test.case_of('auditor', 'Иванов') -> 0 -> 'evidence', '[]', 'an auditor reads neither file');
select is(test.case_of('auditor', 'Иванов') -> 0 ->> 'person_name', null, 'nor a name');

-- answer, arbiter, facts (R102, R104)
select is(test.call('manager_b', format($$select * from api.dispute_answer(%L, 'нет')$$, (test.dispute('Иванов')).public_id)) ->> 'error', 'ZC403', 'the claimant does not answer himself');
select test.call('seller_a', format($$select * from api.interaction_add((select p.public_id from core.party p where p.surname = 'Иванов'), 'TEST_DRIVE', p_evidence => 'TD-7')$$));
select is(test.call('manager_a', format($$select * from api.dispute_answer(%L, 'Клиент работает с нами')$$, (test.dispute('Иванов')).public_id)) -> 0 ->> 'state', 'ANSWERED', 'the owner answers');
select is((test.dispute('Иванов')).due_at, timestamptz '2026-12-01 00:00+03', 'the arbiter has five working days (P11)');
select is(test.case_of(test.judge('Иванов'), 'Иванов') -> 0 ->> 'claim', 'Клиент обратился к нам раньше', 'the arbiter reads the claim');
select is(test.case_of(test.judge('Иванов'), 'Иванов') -> 0 ->> 'answer', 'Клиент работает с нами', 'and the answer (R105)');
select is(test.case_of(test.judge('Иванов'), 'Иванов') -> 0 -> 'facts' ->> 'step', 'registration', 'facts name the rule that decides');
select is(test.case_of(test.judge('Иванов'), 'Иванов') -> 0 -> 'facts' ->> 'outcome', 'CLAIMANT', 'the earlier visit wins over the later registration (R104)');
select is(test.call(case test.judge('Иванов') when 'arbiter' then 'arbiter2' else 'arbiter' end, format($$select * from api.dispute_decide(%L, 'CLAIMANT', 'Обращение было раньше.')$$, (test.dispute('Иванов')).public_id)) ->> 'error',
    'ZC404', 'an arbiter without this case finds nothing (R106)');
create function test.decide(p_surname text, p_outcome text, p_text text, p_why text default null) returns jsonb language sql as $$
select test.call(test.judge(p_surname), format('select * from api.dispute_decide(%L, %L, %L, %L)', (test.dispute(p_surname)).public_id, p_outcome, p_text, p_why)) $$;
select is(test.decide('Иванов', 'CLAIMANT', 'Господин Иванова был раньше.') ->> 'error', 'ZC109', 'a decision that names the client is refused (R107)');
select is(test.decide('Иванов', 'CLAIMANT', 'Звонок с 8 903 111-00-01 был раньше.') ->> 'error', 'ZC109', 'or a phone');
select is(test.decide('Иванов', 'CLAIMANT', 'Дилер Альфа опоздал с ответом.') ->> 'error', 'ZC109', 'or a dealer');
select is(test.decide('Иванов', 'OWNER', 'Регистрация раньше обращения.') ->> 'error', 'ZC110', 'a departure needs its reason (R104)');
create temp table before as select o.ownership_id, o.public_id from core.ownership o where o.ownership_id = (test.dispute('Иванов')).ownership_id;
select is(test.decide('Иванов', 'CLAIMANT', 'Визит заявителя 20.11.2026 подтверждён и предшествует регистрации.') -> 0 ->> 'state', 'DECIDED', 'the arbiter decides');
select is((select o.dealer_id || o.state::text from core.ownership o where o.ownership_id = (test.dispute('Иванов')).ownership_id), '2ACTIVE', 'the right is the claimant''s at once (R108)');
select is((select o.successor_of from core.ownership o where o.ownership_id = (test.dispute('Иванов')).ownership_id), (select ownership_id from before), 'as the successor of the old one: no gap, no overlap (R12)');
select is((select h.reason || h.rule from core.ownership_history h where h.ownership_id = (select ownership_id from before) and h.state = 'CLOSED'), 'conflictR107', 'which closed by the decision');
select is((select count(*) from core.notice n where n.kind = 'N9' and n.subject = (test.dispute('Иванов')).public_id::text), 4::bigint, 'both sides are told, managers and seats (N9)');
select is(test.call('seller_b', $$select * from api.people_list()$$) -> 0 ->> 'name' is not null, true, 'the claimant now sees the person');
select is(test.case_of('manager_a', 'Иванов') -> 0 ->> 'decision' like 'Визит%', true, 'the former owner reads the neutral decision');
select is(test.case_of('manager_a', 'Иванов') -> 0 ->> 'facts', null, 'not the facts of the other side');

-- appeal (R102): both must agree
select is(test.call('seller_a', format($$select * from api.dispute_appeal(%L, 'Визит был не у них')$$, (test.dispute('Иванов')).public_id)) ->> 'error', 'ZC403', 'only the manager appeals');
select is(test.call('manager_a', format($$select * from api.dispute_appeal(%L, 'Визит был не у них')$$, (test.dispute('Иванов')).public_id)) -> 0 ->> 'state', 'APPEALED', 'the former owner appeals');
select is((select count(distinct s.staff_id) from core.dispute_seat s where s.dispute_id = (test.dispute('Иванов')).dispute_id and s.role = 'committee' and s.staff_id <> (test.dispute('Иванов')).arbiter_id), 2::bigint, 'to two other arbiters');
create function test.vote(p_surname text, p_outcome text, p_n int) returns jsonb language sql as $$
select test.call((select t.login from core.dispute_seat s join test.person t on t.staff_id = s.staff_id where s.dispute_id = (test.dispute(p_surname)).dispute_id
    and s.role = 'committee' and s.left_at is null order by s.staff_id offset p_n - 1 limit 1), format('select * from api.dispute_vote(%L, %L, ''Визит не подтверждён документами.'')', (test.dispute(p_surname)).public_id, p_outcome)) $$;
select is(test.vote('Иванов', 'OWNER', 1) -> 0 ->> 'state', 'APPEALED', 'one vote overturns nothing');
select is(test.vote('Иванов', 'OWNER', 1) ->> 'error', 'ZC107', 'nobody votes twice');
select is(test.vote('Иванов', 'OWNER', 2) -> 0 ->> 'state', 'FINAL', 'two votes end it');
select is((test.dispute('Иванов')).first_outcome || '>' || (test.dispute('Иванов')).outcome, 'CLAIMANT>OWNER', 'overturned');
select is((select o.dealer_id || o.state::text from core.ownership o where o.ownership_id = (test.dispute('Иванов')).ownership_id), '1ACTIVE', 'and the right goes back, forward only (R108)');
select is((select count(*) from core.ownership o join core.party p using (party_id) where p.surname = 'Иванов' and o.state <> 'CLOSED'), 1::bigint, 'never two owners (R1)');

-- S19: a forged note against a signed order
select test.register('seller_a', 'Петров', '+79031110002');
select test.call('seller_a', format($$select * from api.right_hold(%L, 'C-19')$$, (test.right_of('Петров')).public_id));
select test.register('seller_b', 'Петров', '+79031110002');
create temp table forged as select test.note('seller_b', core.now() - interval '30 days') as id;
select is(test.file('seller_b', 'Петров', '+79031110002', array[(select id from forged)]) -> 0 ->> 'is_filed', 'true', 'S19: filed with a note of a month ago');
select core.dispute_tick();
select is((test.dispute('Петров')).was_state, 'HELD', 'S19: the order is frozen as it was');
select is(test.register('seller_c', 'Петров', '+79031110002') -> 0 ->> 'verdict', 'DISPUTED', 'S19: and stays disputed');
select test.wait('3 days'); select core.dispute_tick();
select is((test.dispute('Петров')).is_accepted, true, 'S19: the owner''s silence accepts the facts (R102)');
select is(test.case_of(test.judge('Петров'), 'Петров') -> 0 -> 'facts' ->> 'step', 'order', 'S19: the signed order decides (R104)');
select is(test.case_of(test.judge('Петров'), 'Петров') -> 0 -> 'facts' ->> 'outcome', 'OWNER', 'S19: for the owner, silence is no loss');
select is(test.call(test.judge('Петров'), format('select * from api.dispute_find(%L, %L, true)', (test.dispute('Петров')).public_id, (select id from forged))) -> 0 -> 'facts' -> 'claimant' ->> 'false', '1', 'S19: the arbiter finds the note false');
select is(test.decide('Петров', 'OWNER', 'Заметка заявителя не подтверждена, есть подписанный заказ.') -> 0 ->> 'state', 'DECIDED', 'S19: decided');
select is((test.right_of('Петров')).state, 'HELD', 'S19: the order goes on');
select is((test.right_of('Петров')).dealer_id, 1, 'S19: at the owner');
select is((select count(*) from core.dispute_finding f where f.staff_id = test.staff('seller_b') and f.is_final), 1::bigint, 'S19: counted against the seat (R38)');
select is((test.dispute('Петров')).is_abuse, true, 'S19: and as a case lost for false evidence (R108)');
select is((select count(*) from core.ledger l where l.kind = 'seat.false_evidence' and l.rule = 'R38'), 1::bigint, 'S19: in the ledger');
select throws_ok(format('update core.evidence set happened_at = core.now() where public_id = %L', (select id from forged)), 'ZC101', null, 'S19: the note can never be changed');

-- the clock given back (R16, R103)
select test.register('seller_a', 'Сидоров', '+79031110003');
select test.register('seller_b', 'Сидоров', '+79031110003');
create temp table term as select (test.right_of('Сидоров')).protect_until - core.now() as left_;
select test.file('seller_b', 'Сидоров', '+79031110003', array[test.evidence('seller_b', 'email', core.now() - interval '2 days')]);
select core.dispute_tick();
select test.wait('9 days'); select core.dispute_tick(); select core.clock_rights();
select is((test.right_of('Сидоров')).state, 'DISPUTED', 'nine days of dispute end no right');
create temp table first_judge as select (test.dispute('Сидоров')).arbiter_id as who;
select test.wait('9 days'); select core.dispute_tick();
select isnt((test.dispute('Сидоров')).arbiter_id, (select who from first_judge), 'the silent arbiter is replaced (R102)');
select is((test.dispute('Сидоров')).state, 'ANSWERED', 'never an automatic win');
select is(test.case_of(test.judge('Сидоров'), 'Сидоров') -> 0 -> 'facts' ->> 'step', 'split', 'an e-mail does not qualify: equal split (R104)');
select is(test.decide('Сидоров', 'OWNER', 'Квалифицирующих действий нет ни у кого.', 'Письмо не подтверждает обращения клиента.') -> 0 ->> 'state', 'DECIDED', 'the arbiter departs with a reason');
select is((test.dispute('Сидоров')).rule, 'departure', 'and the case says so');
select is((test.right_of('Сидоров')).protect_until - core.now(), (select left_ from term), 'the right has the term it had left (R16)');
select is((test.right_of('Сидоров')).state, 'ACTIVE', 'and is active');

-- inadmissible (R100)
select test.register('seller_a', 'Кузнецов', '+79031110004');
select test.register('seller_b', 'Кузнецов', '+79031110004');
select test.file('seller_b', 'Кузнецов', '+79031110004', array[test.evidence('seller_b', 'visit', core.now())]);
select core.dispute_tick();
select is((test.dispute('Кузнецов')).state || (test.dispute('Кузнецов')).refused, 'REJECTEDnot_older', 'evidence that is not older is not admitted (R100)');
select is((test.right_of('Кузнецов')).state, 'ACTIVE', 'the right was never touched');
select is(test.case_of('seller_b', 'Кузнецов') -> 0 ->> 'rule', null, 'why is not told: it would say when the owner registered (R24)');
select test.register('seller_a', 'Лукин', '+79031110005');
select test.register('seller_b', 'Лукин', '+79031110005');
select test.wait('16 days');
select test.file('seller_b', 'Лукин', '+79031110005', array[test.evidence('seller_b', 'visit', core.now() - interval '40 days')]);
select core.dispute_tick();
select is((test.dispute('Лукин')).refused, 'late', 'after ten working days it is too late (R100)');

-- withdrawal, quota, suspension (R100, R108)
select test.register('seller_a', 'Морозов', '+79031110006');
select test.register('seller_b', 'Морозов', '+79031110006');
select test.file('seller_b', 'Морозов', '+79031110006', array[test.evidence('seller_b', 'visit', core.now() - interval '2 days')]);
select core.dispute_tick();
select is(test.call('manager_b', format('select * from api.dispute_withdraw(%L)', (test.dispute('Морозов')).public_id)) -> 0 ->> 'state', 'WITHDRAWN', 'the claimant takes it back');
select is((test.right_of('Морозов')).state, 'ACTIVE', 'and the right lives on (R103)');
insert into core.policy (name, valid_from, value_int, unit) values ('R100.open', core.now(), 1, 'count');
select is(test.file('seller_b', 'Морозов', '+79031110006', array[test.evidence('seller_b', 'visit', core.now() - interval '2 days')]) -> 0 ->> 'is_filed', 'true', 'what is over counts no more');
select is(test.file('seller_b', 'Морозов', '+79031110006', array[test.evidence('seller_b', 'visit', core.now() - interval '2 days')]) ->> 'error', 'ZC103', 'more open disputes than the quota are refused (R100)');
update core.dispute set is_abuse = true where claimant_id = 2 and state in ('DECIDED', 'FINAL');
select is((select count(*) from core.dispute where is_abuse), 3::bigint, 'three lost for false evidence');
select is(test.file('seller_b', 'Морозов', '+79031110006', array[test.evidence('seller_b', 'visit', core.now() - interval '2 days')]) ->> 'error', 'ZC108', 'suspend filing (R108)');
select test.wait('91 days'); select core.dispute_tick();
select isnt(test.file('seller_b', 'Морозов', '+79031110006', array[test.evidence('seller_b', 'visit', core.now() - interval '2 days')]) ->> 'error', 'ZC108', 'for 90 days (R108)');

-- conflict of interest by the organisation tree (R106)
insert into core.dealer_group (name) values ('Холдинг');
update core.dealer set group_id = (select group_id from core.dealer_group) where dealer_id in (1, 4);
insert into core.staff_tie (staff_id, dealer_id, kind) values (test.staff('arbiter'), 4, 'reports');
select is(core.arbiter_conflict(test.staff('arbiter'), 2, 1), true, 'who reports to a dealer of the same group is tied (R106)');
select is(core.arbiter_conflict(test.staff('arbiter'), 2, 3), false, 'and free of others');
insert into core.staff (dealer_id, role, name, email) values (3, 'seller', 'бывший', 'Arbiter2@staff.example');
select is(core.arbiter_conflict(test.staff('arbiter2'), 3, 1), true, 'an account at a side is a tie too (R106)');
create temp table turns as select d.arbiter_id, count(*) as n from core.dispute d where d.arbiter_id is not null group by 1;
select cmp_ok((select count(*) from turns), '>=', 3::bigint, 'cases go round among arbiters (R106)');

select is(test.call('admin', format($$select * from api.staff_ties_put(%L, %L)$$, test.staff_uuid('arbiter3'), json_build_array(json_build_object('dealer_id', test.dealer(2), 'kind', 'family')))) -> 0 -> 'ties' -> 0 ->> 'kind', 'family', 'the administrator keeps the ties');
select is((select count(*) from core.dispute d where d.state in ('ADMITTED', 'ANSWERED') and core.arbiter_conflict(d.arbiter_id, d.claimant_id, d.owner_id)), 0::bigint, 'and no running case stays with who is tied (R106)');
select is(test.call('admin', format($$select * from api.dealer_group_save('Холдинг', %L)$$, array[test.dealer(1), test.dealer(3)])) -> 0 ->> 'name', 'Холдинг', 'groups too');
select is(core.arbiter_conflict(test.staff('arbiter'), 2, 1), false, 'a dealer that left the group binds no more');

-- R38: what false evidence got never was a right
select test.register('seller_a', 'Обманов', '+79031110011');
select test.call('seller_a', $$select * from api.interaction_add((select p.public_id from core.party p where p.surname = 'Обманов'), 'VISIT', p_evidence => 'V-1')$$);
select test.register('seller_c', 'Обманов', '+79031110011');
select test.file('seller_c', 'Обманов', '+79031110011', array[test.evidence('seller_c', 'consent', core.now() - interval '1 hour')], 'false_evidence');
select core.dispute_tick(); select test.wait('4 days'); select core.dispute_tick();
select is(test.call(test.judge('Обманов'), format('select * from api.dispute_find(%L, %L, true)', (test.dispute('Обманов')).public_id,
    (select i.public_id from core.interaction i join core.party p using (party_id) where p.surname = 'Обманов' and i.is_qualifying))) -> 0 -> 'facts' -> 'owner' ->> 'qualifying', '0', 'R38: a false activity counts no more');
select is(test.decide('Обманов', 'CLAIMANT', 'Визит, на котором основано право, не состоялся.') ->> 'error', null, 'R38: decided');
select is((select h.is_void from core.ownership_history h join core.party p using (party_id) where p.surname = 'Обманов' and h.dealer_id = 1 and h.state = 'CLOSED'), true, 'R38: the right is void from its start');
select is((select o.dealer_id from core.ownership o join core.party p using (party_id) where p.surname = 'Обманов' and o.state <> 'CLOSED'), 3, 'R38: and the claimant has his own');
select cmp_ok((select count(*) from core.seat_mark m where m.staff_id = test.staff('seller_a') and m.rule = 'R38'), '>', 0::bigint, 'R38: the seat is marked');
select is((select count(*) from core.right_differences()), 0::bigint, 'R161: what disputes did to rights is rebuilt from the history');

-- no other step exists, whoever writes (R102)
select throws_ok($$update core.dispute set state = 'FILED' where state = 'FINAL'$$, 'ZC107', null, 'no superuser reopens a case');
select throws_ok($$delete from core.dispute_step$$, 'ZC101', null, 'nor removes what happened');
select is((select count(*) from core.dispute d where d.ver <> (select max(s.ver) from core.dispute_step s where s.dispute_id = d.dispute_id) and not d.is_abuse), 0::bigint, 'every change of a case is a step of it');

-- precedents (R107)
select is(jsonb_array_length(test.call('seller_c', $$select * from api.precedents_list(p_q => 'заказ')$$)), 1, 'anybody at work finds a precedent by its words');
select is(test.call('seller_c', $$select * from api.precedents_list(p_q => 'подписанные заказы')$$) -> 0 ->> 'outcome', 'OWNER', 'in any form of the word (R107)');
select is((select bool_or(x::text ~ 'Иванов|Петров|Альфа|Бета|9031110') from jsonb_array_elements(test.call('seller_c', $$select * from api.precedents_list()$$)) x), false, 'without a person or a dealer (R107)');
select * from finish();
rollback;
