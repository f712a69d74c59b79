-- SPDX-License-Identifier: Apache-2.0
-- Households (R60-R63), companies (R64-R68), cars (R69), service moves (R70-R72, P22).
begin;
\i tests/sql/fixture.sql
select plan(138);

create function test.party(p_surname text) returns bigint language sql stable as $$ select party_id from core.party where surname = p_surname or name = p_surname order by 1 limit 1 $$;
create function test.who(p_surname text) returns uuid language sql stable as $$ select public_id from core.party where party_id = test.party(p_surname) $$;
create function test.right_on(p_surname text, p_line text, p_brand int default 1) returns core.ownership language sql stable as $$
select o from core.ownership o where o.party_id = test.party(p_surname) and o.line = p_line::core.line and o.brand_id = p_brand and o.state <> 'CLOSED' limit 1 $$;
create function test.relate(p_login text, p_who text, p_more text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.relative_add(%L, %s)', test.who(p_who), p_more)) $$;

-- households -------------------------------------------------------------------------------------------------------------------
select test.register('seller_a', 'Мужев', '+79035551001'), test.register('seller_c', 'Женина', '+79035551002'), test.register('seller_a', 'Сынов', '+79035551003');
select is(test.relate('seller_c', 'Женина', $$'spouse', p_surname => 'Мужев', p_phone => '8 (903) 555-10-01'$$), '[{"ok": true}]', 'R60: a relative is named blindly');
select is(test.relate('seller_c', 'Женина', $$'sibling', p_surname => 'Никтоев', p_phone => '+79035559999'$$), '[{"ok": true}]', 'R60: and the answer is the same for one whom nobody knows');
select ok((select a.household_id = b.household_id and a.household_id is not null from core.party a, core.party b where a.party_id = test.party('Мужев') and b.party_id = test.party('Женина')), 'R60: they are one household');
select is(test.call('seller_c', format('select links from api.family_get(%L)', test.who('Женина'))), '[{"links": []}]', 'R60, S14: the dealer of the wife is not told of the husband');
select is(test.call('seller_a', format('select links from api.family_get(%L)', test.who('Мужев'))), '[{"links": []}]', 'R60, S14: nor the dealer of the husband of the wife');
select is(jsonb_array_length(test.call('router', format('select links from api.family_get(%L)', test.who('Мужев'))) -> 0 -> 'links'), 1, 'a router sees the relation');
select is(test.relate('seller_c', 'Женина', format('''spouse'', %L', test.who('Мужев'))), '{"error": "ZC404"}', 'R60: a record that is not to be seen cannot be named');
select is(test.relate('seller_a', 'Мужев', format('''child'', %L', test.who('Сынов'))), '[{"ok": true}]', 'R60: a relative whom one sees is named by his record');
select is((select jsonb_agg(x ->> 'relation') from jsonb_array_elements(test.call('seller_a', format('select links from api.family_get(%L)', test.who('Сынов'))) -> 0 -> 'links') x), '["parent"]', 'R60: seen from the other end the child has a parent');
select is((select count(distinct household_id) from core.party where surname in ('Мужев', 'Женина', 'Сынов')), 1::bigint, 'R60: links that meet make one household');
select is(test.relate('seller_a', 'Мужев', $$'aunt', p_surname => 'Х', p_phone => '+79035551004'$$) ->> 'error', 'ZC402', 'a relation of the list');
select is(test.relate('seller_a', 'Мужев', format('''child'', %L', test.who('Мужев'))) ->> 'error', 'ZC402', 'nobody is his own relative');
select is(test.relate('seller_a', 'Мужев', format('''child'', %L, p_is_confirmed => true', test.who('Сынов'))) ->> 'error', 'ZC400', 'R60: a confirmation needs evidence');
select test.relate('seller_a', 'Мужев', format('''child'', %L, p_is_confirmed => true, p_evidence => ''certificate 7''', test.who('Сынов')));
select ok((select is_confirmed from core.household_link where relative_id = test.party('Сынов')), 'R60: a declared relation is confirmed by evidence');

-- R61: first offer, not a right
select is(core.family_owner(test.party('Женина'), 1::smallint, 'USED'), 1, 'R61: the husband''s owner is asked first for the wife''s interest in the same group');
select is(core.family_owner(test.party('Женина'), 2::smallint, 'NEW'), null, 'R61: not for another brand');
select is(core.family_owner(test.party('Женина'), 1::smallint, 'SERVICE'), null, 'R61: not for another group');
select is((test.right_on('Женина', 'NEW')).dealer_id, 3, 'R61, S14: the wife stays with the dealer who registered her');

-- R63
create temp table link as select public_id as id from core.household_link where relative_id = test.party('Сынов');
select is(test.call('seller_c', format('select * from api.relative_end(%L)', (select id from link))), '{"error": "ZC404"}', 'R60: who does not see both ends cannot end a relation');
select test.call('seller_a', format('select * from api.relative_end(%L)', (select id from link)));
select is((select household_id from core.party where surname = 'Сынов'), null, 'R63: who is linked to nobody is in no household');
select ok((select count(distinct household_id) = 1 and count(household_id) = 2 from core.party where surname in ('Мужев', 'Женина')), 'R63: the others stay one');
select ok((select to_on is not null from core.household_link where relative_id = test.party('Сынов')), 'R63: the link ends with a date');
select is((test.right_on('Сынов', 'NEW')).dealer_id, 1, 'R63: rights stay with the person registered');

-- R62: the lock covers the household, also when another member was locked before they were one
select test.register('seller_a', 'Первый', '+79035551011'), test.register('seller_b', 'Вторая', '+79035551012');
insert into core.campaign (campaign_id, dealer_id, name, class, grp, channel, definition, created_by, state) overriding system value values
    (9001, 1, 'A', 3, 'SALES', 'EMAIL', '{}', test.staff('manager_a'), 'RUNNING'), (9002, 2, 'B', 3, 'SALES', 'EMAIL', '{}', test.staff('manager_b'), 'RUNNING'),
    (9003, 2, 'C', 3, 'AFTERSALES', 'EMAIL', '{}', test.staff('manager_b'), 'RUNNING');
select core.lock_give(k, array[test.party('Первый')], array['p' || test.party('Первый')]) from core.campaign k where k.campaign_id = 9001;
select core.household_link_add(test.party('Первый'), test.party('Вторая'), 'spouse', false, null, core.today(), 0, null);
select is((select (core.lock_give(k, array[test.party('Вторая')], array['h' || (select household_id from core.party where surname = 'Вторая')])).ids from core.campaign k where k.campaign_id = 9002),
    array[test.party('Вторая')], 'R62: a member is not locked while another member is, by whatever unit');
insert into core.contact_point (party_id, kind, value, raw, source_dealer_id) select test.party('Вторая'), 'EMAIL', 'v@x.example', 'v@x.example', 2;
select is((select reason::text from core.campaign_judge(array[9002::bigint], array[test.party('Вторая')]) j), 'locked', 'R62: two members are not worked at once by two principals');
select is((select (core.lock_give(k, array[test.party('Вторая')], array['p' || test.party('Вторая')])).ids from core.campaign k where k.campaign_id = 9003), null, 'R62: for AFTERSALES the lock is per person');

-- companies --------------------------------------------------------------------------------------------------------------------
select test.call('seller_a', $$select * from api.registration_add(p_kind => 'COMPANY', p_name => 'ООО Парк', p_inn => '7707083893', p_phone => '+79035552001', p_brand_id => 1,
    p_line => 'FLEET', p_source => 'walk-in', p_occasion => 'walk_in', p_interest => 'F7', p_consent_evidence => 'form 1')$$);
select is((test.right_on('ООО Парк', 'FLEET')).dealer_id, 1, 'a company is registered by its INN');
create function test.branch(p_login text, p_kpp text, p_name text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.branch_add(%L, %L, %L)', test.who('ООО Парк'), p_name, p_kpp)) $$;
select ok(test.branch('seller_a', '770701001', 'Парк Север') -> 0 ? 'id' and test.branch('seller_a', '770702001', 'Парк Юг') -> 0 ? 'id' and test.branch('manager_a', '770703001', 'Парк Восток') -> 0 ? 'id', 'R64: three branches by KPP');
select is(test.branch('seller_a', '770701001', 'Ещё раз') ->> 'error', 'ZC402', 'R64: one branch a KPP');
select is(test.branch('seller_a', '77', 'Плохо') ->> 'error', 'ZC402', 'a KPP has nine characters');
select is(test.branch('seller_b', '770704001', 'Чужой') ->> 'error', 'ZC404', 'another dealer cannot add to a company he does not see');
select is((select array_agg(core.family_owner(party_id, 1::smallint, 'FLEET') order by name) from core.party where name like 'Парк %'), array[1, 1, 1], 'R64: branches inherit the company''s owner');
select is((core.claim_judge(array[test.party('Парк Юг')], 1::smallint, 'FLEET', null, 2)).verdict::text, 'PROTECTED', 'R64: another dealer is told PROTECTED of a branch');
select is((core.right_claim(test.party('Парк Юг'), 1::smallint, 'FLEET', null, 2, null, 'register', '{}', 'x', null)).ownership_id, null, 'R64: and cannot claim it');
select is((core.claim_judge(array[test.party('Парк Юг')], 1::smallint, 'FLEET', null, 1)).verdict::text, 'FREE', 'R64: the owner may work a branch by itself');
create function test.carve(p_name text, p_dealer int, p_more text default '') returns jsonb language sql as $$
select test.call('router', format('select * from api.carve_out_add(%L, 1, ''FLEET'', core.today(), core.today() + 300, ''agreement 5'', %L%s)', test.who(p_name), case when p_dealer > 0 then test.dealer(p_dealer) end, p_more)) $$;
select ok(test.carve('Парк Юг', 4) -> 0 ? 'id', 'R64: a carve-out names another owner');
select is((select row((test.right_on('Парк Юг', 'FLEET')).dealer_id, (test.right_on('Парк Юг', 'FLEET')).state::text)::text), '(4,ACTIVE)', 'R64: who holds the branch at once');
select is(core.family_owner(test.party('Парк Юг'), 1::smallint, 'FLEET'), 4, 'R64, S15: the branch is routed to him');
select is((select array_agg(core.family_owner(party_id, 1::smallint, 'FLEET') order by name) from core.party where name in ('Парк Север', 'Парк Восток')), array[1, 1], 'S15: the others to the company''s owner');
select is(test.carve('Парк Юг', 2) ->> 'error', 'ZC067', 'R64: one owner at a time');
select is((core.right_claim(test.party('Парк Север'), 1::smallint, 'FLEET', null, 4, null, 'register', '{}', 'x', null)).ownership_id, null, 'R64: a carve-out gives nothing in another branch');

-- R67: never over a signed order
select core.right_claim(test.party('Парк Север'), 1::smallint, 'FLEET', null, 1, null, 'order', jsonb_build_object('protect_until', core.now() + interval '100 days'), 'x', null);
select ok(test.carve('Парк Север', 2) -> 0 ? 'id', 'R67: a carve-out over a signed order is planned');
select is((select row((test.right_on('Парк Север', 'FLEET')).dealer_id, (test.right_on('Парк Север', 'FLEET')).state::text)::text), '(1,HELD)', 'R67: the order stays with its dealer');
select core.clock_carve();
select is((test.right_on('Парк Север', 'FLEET')).dealer_id, 1, 'R67: the clock does not take it over either');
select core.document_sale(1, null, test.party('Парк Север'), 1::smallint, 'FLEET', 'F-1', core.today(), 100, null, 'hand');
select core.clock_carve();
select is((select row(o.dealer_id, o.state::text, o.event)::text from test.right_on('Парк Север', 'FLEET') o), '(2,CUSTOMER,succeed)', 'R67: after the delivery it starts');

-- R131: the named owner leaves the network before his day
select test.branch('seller_a', '770706001', 'Парк Запад');
select core.right_claim(test.party('Парк Запад'), 1::smallint, 'FLEET', null, 1, null, 'order', jsonb_build_object('protect_until', core.now() + interval '100 days'), 'x', null);
select ok(test.carve('Парк Запад', 3) -> 0 ? 'id', 'R64: another is planned');
update core.dealer set is_active = false where dealer_id = 3;
select core.clock_carve();
select is((select state from core.carve_out where party_id = test.party('Парк Запад')), 'ENDED', 'R64, R131: a dealer that has left is nobody''s owner, whatever was planned');
update core.dealer set is_active = true where dealer_id = 3;
select core.document_sale(1, null, test.party('Парк Запад'), 1::smallint, 'FLEET', 'F-9', core.today(), 100, null, 'hand');
select core.clock_carve();
select is((test.right_on('Парк Запад', 'FLEET')).dealer_id, 1, 'R131: and the client stays where he is');

-- key accounts
create temp table grp as select (test.call('router', $$select * from api.company_group_add('Холдинг')$$) -> 0 ->> 'id')::uuid as id;
select ok(test.call('router', format('select * from api.group_member_add(%L, %L)', (select id from grp), test.who('ООО Парк'))) -> 0 ? 'ok', 'R64: a company joins a group');
select is(test.call('router', format('select * from api.group_member_add(%L, %L)', (select id from grp), test.who('Парк Юг'))) ->> 'error', 'ZC064', 'a branch does not');
select ok(test.call('router', format('select * from api.key_account_add(%L, 1, core.today(), core.today() + 365, ''tender'', null)', (select id from grp))) -> 0 ? 'id', 'R64: head office takes the key account');
select is((select row(o.dealer_id, o.state::text)::text from test.right_on('ООО Парк', 'FLEET') o), '(0,ACTIVE)', 'R64, R75: head office holds FLEET of the member');
select is(core.family_owner(test.party('Парк Восток'), 1::smallint, 'FLEET'), 0, 'R64: and of its branches');
select is(test.call('seller_a', format('select * from api.key_account_end(%L)', gen_random_uuid())) ->> 'error', '42501', 'a dealer names no key account');
select test.call('router', format('select * from api.key_account_end(%L)', (select public_id from core.key_account)));
select is(test.right_on('ООО Парк', 'FLEET'), null, 'R64: when it ends the company is free');

-- contact persons, drivers (R65, R66)
select test.register('seller_b', 'Директоров', '+79035552100');
select test.call('seller_a', $$select * from api.registration_add(p_kind => 'COMPANY', p_name => 'АО Такси', p_inn => '7736050003', p_phone => '+79035552002', p_brand_id => 1,
    p_line => 'SERVICE', p_source => 'walk-in', p_occasion => 'walk_in', p_interest => 'ТО', p_consent_evidence => 'form 1')$$);
select ok(test.call('seller_a', format('select * from api.company_contact_add(%L, ''Директоров П.'', ''закупки'', ''+7 903 555-21-00'')', test.who('АО Такси'))) -> 0 ? 'id', 'R65: a contact person is named');
select is((select party_id from core.company_contact), test.party('Директоров'), 'R65: he is the person of his own whom the network knows');
select is((select j.c -> 'contacts' -> 0 ->> 'name' || (j.c -> 'contacts' -> 0 -> 'person' ->> 'person_id' is null)::text from (select test.call('seller_a', format('select * from api.company_get(%L)', test.who('АО Такси'))) -> 0 as c) j),
    'Директоров П.true', 'R65: the dealer sees what it was told, and not the record of another dealer''s client');
select test.call('seller_a', format('select * from api.vehicle_add(%L, p_vin => ''XTA21000000000101'', p_brand_id => 1, p_model => ''F7'')', test.who('АО Такси')));
select ok(test.call('seller_a', format('select * from api.driver_add(%L, ''Шофёров Иван'', ''+79035552200'', ''driver@x.example'', ''form 8'', ''{EMAIL,SMS}'')', (select public_id from core.vehicle where vin = 'XTA21000000000101'))) -> 0 ? 'id', 'R66: a driver is named');
insert into core.campaign (campaign_id, dealer_id, name, class, grp, channel, definition, created_by, state) overriding system value values
    (9011, 1, 'Service', 2, 'AFTERSALES', 'EMAIL', '{}', test.staff('manager_a'), 'RUNNING'), (9012, 1, 'Sales', 3, 'SALES', 'EMAIL', '{}', test.staff('manager_a'), 'RUNNING'),
    (9013, 2, 'Service B', 2, 'AFTERSALES', 'EMAIL', '{}', test.staff('manager_b'), 'RUNNING'), (9014, 1, 'Parts', 3, 'AFTERSALES', 'EMAIL', '{}', test.staff('manager_a'), 'RUNNING');
select is((select string_agg(coalesce(j.reason::text, 'goes'), ' ' order by j.campaign_id) from core.campaign_judge(array[9011, 9012, 9013, 9014]::bigint[], array_fill(test.party('Шофёров Иван'), array[4])) j),
    'goes not_owner not_owner not_owner', 'R66, S16: the SERVICE owner reminds the driver of service; no sales campaign and no other dealer reaches him');

-- cars that change hands (R69) -------------------------------------------------------------------------------------------------
create function test.order(p_dealer int, p_who text, p_vin text, p_number text, p_days_ago int, p_kind text default 'PAID', p_amount bigint default 500000) returns core.document_result
language sql as $$ select core.document_order(p_dealer, null, test.party(p_who), 1::smallint, p_number, core.today() - p_days_ago, p_amount,
    (select vehicle_id from core.vehicle where vin = p_vin), null, 'ТО', 'dealer-system', p_kind) $$;
create function test.car(p_who text, p_vin text, p_from date default core.today() - 900) returns bigint language sql as $$
select core.vehicle_take(test.party(p_who), 1, jsonb_build_object('vin', p_vin, 'brand_id', 1, 'model', 'F7'), p_from) $$;
create function test.moves(p_who text) returns text language sql stable as $$
select coalesce(string_agg(concat_ws(' ', m.rule, m.from_dealer_id || '>' || m.to_dealer_id, m.state), ', ' order by m.move_id), '-') from core.service_move m where m.party_id = test.party(p_who) $$;

select test.register('seller_a', 'Прежнев', '+79035553001'), test.register('seller_a', 'Новиков', '+79035553002');
select test.car('Прежнев', 'XTA21000000000201');
select test.order(2, 'Прежнев', 'XTA21000000000201', 'B-1', 100);
select is((test.right_on('Прежнев', 'SERVICE')).dealer_id, 2, 'a visit makes the service right of the car');
select is(test.call('seller_a', format('select * from api.owner_change(%L, core.today(), ''ДКП 1'', %L)', (select public_id from core.vehicle where vin = 'XTA21000000000201'), test.who('Новиков'))), '[{"ok": true}]', 'R69: a car has another owner');
select is(test.right_on('Прежнев', 'SERVICE'), null, 'R69: the AFTERSALES link of the old owner to this car ends');
select is((select row(o.dealer_id, o.state::text, o.source)::text from test.right_on('Новиков', 'SERVICE') o), '(2,OFFERED,R69)', 'R69: the new one is offered to the last service dealer');
select is((select count(*) from core.vehicle_owner o join core.vehicle v using (vehicle_id) where v.vin = 'XTA21000000000201'), 2::bigint, 'R69: owners are a dated series');
select is(jsonb_path_query_array(test.call('seller_a', format('select owners from api.vehicle_get(%L)', (select public_id from core.vehicle where vin = 'XTA21000000000201'))), '$[0].owners[*].name')::text, '["Новиков Иван", "Прежнев Иван"]', 'R69: the series is shown to who sees both');

-- R70: first service offered at delivery, customer on the first paid visit
select test.register('seller_a', 'Покупаев', '+79035553003');
select core.document_sale(1, null, test.party('Покупаев'), 1::smallint, 'NEW', 'S-70', core.today(), 100, test.car('Покупаев', 'XTA21000000000202', core.today()), 'hand');
select is((select row(o.dealer_id, o.state::text)::text from test.right_on('Покупаев', 'SERVICE') o), '(1,OFFERED)', 'R70: at delivery the seller is offered AFTERSALES');
select ok((test.right_on('Покупаев', 'SERVICE')).accept_until > core.now() + interval '11 months', 'R70: for the first scheduled service');
select test.order(1, 'Покупаев', 'XTA21000000000202', 'A-70', 0);
select is((select row(o.dealer_id, o.state::text)::text from test.right_on('Покупаев', 'SERVICE') o), '(1,CUSTOMER)', 'R70: it becomes CUSTOMER on the first paid visit');
select is((test.right_on('Покупаев', 'NEW')).state::text, 'CUSTOMER', 'R70: SALES stays for P8');

-- R72, P22
select test.register('seller_a', 'Сервисов', '+79035553004');
select test.car('Сервисов', 'XTA21000000000203');
select test.order(1, 'Сервисов', 'XTA21000000000203', 'A-1', 300);
select test.order(2, 'Сервисов', 'XTA21000000000203', 'B-2', 200, 'RECALL');
select test.order(2, 'Сервисов', 'XTA21000000000203', 'B-3', 190, 'WARRANTY', 0);
select test.order(2, 'Сервисов', 'XTA21000000000203', 'B-4', 180, 'EMERGENCY');
select test.order(2, 'Сервисов', 'XTA21000000000203', 'B-5', 170);
select is(test.moves('Сервисов'), '-', 'R72: recall, warranty and emergency do not count, and one paid visit is not enough');
select test.order(2, 'Сервисов', 'XTA21000000000203', 'B-6', 3);
select is(test.moves('Сервисов'), 'second_visit 1>2 ANNOUNCED', 'P22: the second paid visit in a row announces the move');
select is((test.right_on('Сервисов', 'SERVICE')).dealer_id, 1, 'R72: the right has not moved yet');
select is((select count(*) from core.notice where kind = 'N10' and staff_id = test.staff('manager_a') and subject = (select public_id::text from core.service_move where party_id = test.party('Сервисов'))), 1::bigint, 'R72: the present owner has notice');
select is((select object_until from core.service_move where party_id = test.party('Сервисов')), core.working_days_end(1, core.now(), 5), 'R72: and five working days to object');
select is(jsonb_path_query_array(test.call('manager_a', 'select * from api.service_moves_list()'), '$[*].to_dealer')::text, '[null]', 'R72: he is not told to whom');
select is(test.call('manager_b', 'select * from api.service_moves_list()'), '[]', 'R72: the other is told nothing before it has moved');
select core.clock_moves();
select is(test.moves('Сервисов'), 'second_visit 1>2 ANNOUNCED', 'R72: nothing moves within the term');
select test.wait('14 days');
select core.clock_moves();
select is((select row(o.dealer_id, o.state::text, o.event)::text from test.right_on('Сервисов', 'SERVICE') o), '(2,CUSTOMER,succeed)', 'R72: then it moves');
select is((select h.reason::text from core.ownership_history h where h.ownership_id = (test.right_on('Сервисов', 'SERVICE')).successor_of order by h.ver desc limit 1), 'transferred', 'R72, R12: the old right is closed, the new one follows it');
select is((select count(*) from core.ownership where party_id = test.party('Сервисов') and line = 'SERVICE' and state <> 'CLOSED'), 1::bigint, 'R1: one owner before and after');

select test.register('seller_a', 'Долгов', '+79035553005');
select test.car('Долгов', 'XTA21000000000204');
select test.order(1, 'Долгов', 'XTA21000000000204', 'A-2', 400);
select test.order(2, 'Долгов', 'XTA21000000000204', 'B-7', 1);
select is(test.moves('Долгов'), 'long_unseen 1>2 ANNOUNCED', 'P22: the first visit, when the owner saw the car more than 12 months ago');
select test.order(1, 'Долгов', 'XTA21000000000204', 'A-3', 0);
select is(test.moves('Долгов'), 'long_unseen 1>2 VOID', 'R72: the customer is back: the move is void');

select test.register('seller_a', 'Третьяков', '+79035553006');
select test.car('Третьяков', 'XTA21000000000205');
select test.order(1, 'Третьяков', 'XTA21000000000205', 'A-4', 200), test.order(2, 'Третьяков', 'XTA21000000000205', 'B-8', 150), test.order(3, 'Третьяков', 'XTA21000000000205', 'C-1', 100),
    test.order(2, 'Третьяков', 'XTA21000000000205', 'B-9', 50);
select is(test.moves('Третьяков'), '-', 'P22: visits that a third dealer parts are not consecutive');

-- R72: an objection is a case
select test.order(2, 'Третьяков', 'XTA21000000000205', 'B-10', 10);
create temp table mv as select public_id as id from core.service_move where party_id = test.party('Третьяков');
select is(test.call('manager_b', format('select * from api.service_move_object(%L, ''нет'')', (select id from mv))) ->> 'error', 'ZC404', 'R72: only the present owner objects');
select is(test.call('manager_a', format('select * from api.service_move_object(%L, '' '')', (select id from mv))) ->> 'error', 'ZC057', 'R72: with a reason');
select is(test.call('manager_a', format('select state from api.service_move_object(%L, ''машина была у нас в марте'')', (select id from mv))), '[{"state": "OBJECTED"}]', 'R72: an objection holds the move');
select is((select d.kind::text || ' ' || d.claimant_id || ' ' || d.owner_id from core.dispute d join core.service_move m on m.dispute_id = d.public_id where m.party_id = test.party('Третьяков')), 'service_move 1 2', 'R72, R100: it is a dispute between the two');
select is(test.call('manager_a', format('select * from api.service_move_object(%L, ''ещё раз'')', (select id from mv))) ->> 'error', 'ZC072', 'R72: once');
select test.wait('30 days');
select core.clock_moves();
select is(test.moves('Третьяков'), 'second_visit 1>2 OBJECTED', 'R72: an objected move waits for the decision');
update core.dispute set state = 'WITHDRAWN' where public_id = (select dispute_id from core.service_move where party_id = test.party('Третьяков'));
select core.clock_moves();
select is((test.right_on('Третьяков', 'SERVICE')).dealer_id, 2, 'R72: a case withdrawn lets it go on');

-- R68: leasing
select test.call('seller_a', format('select * from api.vehicle_add(%L, p_vin => ''XTA21000000000206'', p_brand_id => 1, p_model => ''F7'')', test.who('АО Такси')));
select ok(test.call('seller_a', format('select * from api.lease_add(%L, %L, ''ООО Лизинг'', ''7702070139'', core.today(), ''Л-5'')', (select public_id from core.vehicle where vin = 'XTA21000000000206'), test.who('АО Такси'))) -> 0 ? 'id', 'R68: a car is leased');
select is((select o.party_id from core.vehicle_owner o join core.vehicle v using (vehicle_id) where v.vin = 'XTA21000000000206' and o.to_on is null), test.party('ООО Лизинг'), 'R68: the lessor owns it');
select core.document_sale(4, null, test.party('ООО Лизинг'), 1::smallint, 'FLEET', 'L-1', core.today(), 100, (select vehicle_id from core.vehicle where vin = 'XTA21000000000206'), 'hand');
select is((select coalesce((test.right_on('ООО Лизинг', 'FLEET')).dealer_id, 0) || ' ' || (test.right_on('АО Такси', 'FLEET')).dealer_id), '0 4', 'R68: rights are on the lessee');
select is(test.call('seller_a', format('select x.leases -> 0 ->> ''other'' as other from api.company_get(%L) x', test.who('АО Такси'))), '[{"other": "ООО Лизинг"}]', 'R68: both are visible');
select is(jsonb_array_length(test.call('seller_a', format('select * from api.fleet_list(%L, ''0206'')', test.who('АО Такси')))), 1, 'the fleet is searched by a part of the VIN, the leased cars with it');

-- R71: a hint travels without its source
select test.call('adviser_b', format('select * from api.referral_add(%L, ''trade_in'')', test.who('Сервисов')));
select is((select t.dealer_id || ' ' || t.kind || ' ' || coalesce(t.created_by::text, 'nobody') || ' ' || (t.title ~ 'Бета|adviser')::text from core.task t where t.party_id = test.party('Сервисов') and t.kind = 'referral'), '1 referral nobody false', 'R71: a trade-in hint is a task of the SALES owner that does not tell where it came from');
select is(test.call('seller_d', format('select * from api.referral_add(%L, ''trade_in'')', test.who('Сервисов'))) ->> 'error', 'ZC404', 'R71: only from who sees the client');

-- what a campaign speaks of (R71, R73, R74, R77) -------------------------------------------------------------------------------
create function test.campaign(p_id bigint, p_dealer int, p_class int, p_grp text, p_topic text, p_occasion text default null, p_direct boolean default false) returns void language sql as $$
insert into core.campaign (campaign_id, dealer_id, name, class, grp, channel, definition, created_by, state, topic, occasion, is_direct) overriding system value
values (p_id, p_dealer, 'C' || p_id, p_class, p_grp::core.competition_group, 'EMAIL', '{}', test.staff('manager_b'), 'RUNNING', p_topic, p_occasion, p_direct) $$;
create function test.judged(p_campaign bigint, p_who text) returns text language sql as $$
select coalesce((select j.reason::text from core.campaign_judge(array[p_campaign], array[test.party(p_who)]) j), 'goes') $$;
-- SALES at A, AFTERSALES at B
select test.register('seller_a', 'Двойнов', '+79035554001', ', p_email => ''dvoinov@x.example''');
select test.car('Двойнов', 'XTA21000000000301');
select core.document_sale(1, null, test.party('Двойнов'), 1::smallint, 'NEW', 'S-200', core.today() - 600, 100, null, 'hand');
select core.right_close(test.right_on('Двойнов', 'SERVICE'), 'erase', 'erased') where test.right_on('Двойнов', 'SERVICE') is not null;
select test.order(2, 'Двойнов', 'XTA21000000000301', 'B-200', 3);
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
select test.party('Двойнов'), d, 'ADVERTISING', 'EMAIL', '1', 'e', 'hand', core.now() - interval '1 day' from unnest(array[0, 2]) d;
update core.contact_point set shared_ids = '{2}', source_dealer_id = 1 where party_id = test.party('Двойнов') and kind = 'EMAIL';
select is((select string_agg(line || ' ' || dealer_id, ', ' order by line) from core.ownership where party_id = test.party('Двойнов') and state = 'CUSTOMER'), 'NEW 1, SERVICE 2', 'R70: buys at A, services at B');
select test.campaign(9101, 2, 2, 'AFTERSALES', 'service_due'), test.campaign(9102, 2, 3, 'SALES', 'trade_in'), test.campaign(9103, 1, 3, 'SALES', 'models'), test.campaign(9104, 1, 3, 'AFTERSALES', 'tyres'),
    test.campaign(9105, 2, 5, 'SALES', 'trade_in');
select is(concat_ws(' ', test.judged(9101, 'Двойнов'), test.judged(9102, 'Двойнов'), test.judged(9103, 'Двойнов'), test.judged(9104, 'Двойнов')),
    'goes not_owner goes not_owner', 'R71: each owner speaks of his own business, and not of the other''s');
select throws_ok($$select test.campaign(9106, 2, 3, 'AFTERSALES', 'trade_in')$$, '23514', null, 'R71: a topic belongs to its group: trade-in competes with sales');
select is(test.judged(9105, 'Двойнов'), 'not_owner', 'R71, R88: crossing topics needs the other owner''s permit');
insert into core.campaign_permit (campaign_id, dealer_id, asked_by) values (9105, 1, test.staff('manager_b'));
select is(test.judged(9105, 'Двойнов'), 'not_owner', 'R71: asked is not granted');
select is(test.call('manager_b', format('select state from api.permit_grant(%L)', (select public_id from core.campaign_permit))) ->> 'error', 'ZC404', 'R71: who asks cannot grant');
select is(test.call('manager_a', format('select state from api.permit_grant(%L)', (select public_id from core.campaign_permit))), '[{"state": "GRANTED"}]', 'R71: the holder grants it for this campaign');
select is(test.judged(9105, 'Двойнов'), 'goes', 'R71: then it may be sent');
select test.call('manager_a', format('select state from api.permit_refuse(%L)', (select public_id from core.campaign_permit)));
select is(test.judged(9105, 'Двойнов'), 'not_owner', 'R71, R93: taken back it may not, at this moment');
-- greetings and surveys
select is(core.greeting_owner(test.party('Двойнов')) || ' ' || core.greeting_owner(test.party('Директоров')) || ' ' || core.greeting_owner(test.party('Шофёров Иван')), '1 2 0', 'R73: the SALES owner greets, else head office');
select test.campaign(9111, 1, 3, 'RELATION', 'greeting', 'birthday-2026'), test.campaign(9112, 2, 3, 'RELATION', 'greeting', 'birthday-2026'), test.campaign(9113, 0, 4, 'RELATION', 'greeting', 'birthday-2026'),
    test.campaign(9114, 1, 3, 'RELATION', 'greeting', 'birthday-2026'), test.campaign(9115, 1, 3, 'RELATION', 'survey', 'csi-order-1'), test.campaign(9116, 1, 3, 'RELATION', 'survey', 'nps-2026');
select is(concat_ws(' ', test.judged(9111, 'Двойнов'), test.judged(9112, 'Двойнов'), test.judged(9113, 'Двойнов')), 'goes not_owner not_owner', 'R73, S28: one principal greets');
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at) values (test.party('Двойнов'), 'EMAIL', 9111, 1, 3, 'RELATION', 'p' || test.party('Двойнов'), gen_random_uuid(), core.now());
select is(test.judged(9114, 'Двойнов'), 'duplicate', 'R73: one greeting an occasion');
select throws_ok(format($$insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at) values (%s, 'EMAIL', 9114, 1, 3, 'RELATION', 'x', gen_random_uuid(), core.now())$$, test.party('Двойнов')), '23505', null,
    'R73: no token is given for a second one, whoever writes it');
select is(test.judged(9115, 'Двойнов'), 'goes', 'R74: a survey is another occasion');
insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at) values (test.party('Двойнов'), 'EMAIL', 9115, 1, 3, 'RELATION', 'p' || test.party('Двойнов'), gen_random_uuid(), core.now());
select is(test.judged(9116, 'Двойнов'), 'budget', 'R74: thirty days between two surveys to a person');
select test.wait('31 days');
select is(test.judged(9116, 'Двойнов'), 'goes', 'R74: then another may be asked');
-- head office in its own name (R77)
select test.campaign(9121, 0, 4, 'SALES', 'models', null, true), test.campaign(9122, 0, 4, 'SALES', 'brand', null, true), test.campaign(9123, 0, 4, 'SALES', 'models');
select is(concat_ws(' ', test.judged(9121, 'Двойнов'), test.judged(9122, 'Двойнов'), test.judged(9123, 'Двойнов')), 'not_owner goes goes', 'R77: in its own name head office speaks to owned clients of the brand, safety and loyalty only; R76: else in the owner''s');
select is((select string_agg(j.dealer_id::text, ' ' order by j.campaign_id) from core.campaign_judge(array[9122, 9123]::bigint[], array_fill(test.party('Двойнов'), array[2])) j), '0 1', 'R76: response and result go to the owner');
-- R79
select is(test.call('router', format('select * from api.right_assign(%L, %L, 1, ''NEW'', ''answer to a campaign'')', test.who('Двойнов'), test.dealer(4))) ->> 'error', 'ZC033', 'R79: a response to head office opens no right for another dealer');

-- merges (R28, R29)
select test.register('seller_a', 'Дубль', '+79035555001'), test.register('seller_b', 'Дублин', '+79035555002'), test.register('seller_a', 'Супругова', '+79035555003');
select core.household_link_add(test.party('Дублин'), test.party('Супругова'), 'spouse', false, null, core.today(), 2, null);
create temp table merged as select (core.merge_do(test.party('Дубль'), test.party('Дублин'), '{}', null)).merge_id as id;
select ok((select a.household_id = b.household_id from core.party a, core.party b where a.party_id = test.party('Дубль') and b.party_id = test.party('Супругова')), 'R28: relatives go over to the survivor of a merge');
select core.merge_undo((select id from merged), 'mistake');
select ok((select a.household_id is null and b.household_id = c.household_id from core.party a, core.party b, core.party c
    where a.party_id = test.party('Дубль') and b.party_id = test.party('Супругова') and c.party_id = test.party('Дублин')), 'R29: and go back with an undo');
select test.call('seller_b', $$select * from api.registration_add(p_kind => 'COMPANY', p_name => 'Парк', p_phone => '+79035555009', p_brand_id => 2,
    p_line => 'FLEET', p_source => 'walk-in', p_occasion => 'walk_in', p_interest => 'F7', p_consent_evidence => 'form 1')$$);
create temp table merged2 as select (core.merge_do(test.party('Парк'), test.party('ООО Парк'), '{}', null)).merge_id as id;
select is((select count(*) from core.company where head_id = test.party('Парк')), 4::bigint, 'R28: the branches of a company go over with it');
select core.merge_undo((select id from merged2), 'mistake');
select is((select count(*) || ' ' || (select c.inn from core.company c where c.party_id = test.party('ООО Парк')) from core.company where head_id = test.party('ООО Парк')), '4 7707083893', 'R29: and go back, with the INN');

-- announcements (R78, P19)
insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('P19.notice', '2021-01-01', 5, 'day', 0, 30);
insert into core.campaign (campaign_id, dealer_id, name, class, grp, channel, definition, created_by, state, subject, body, check_result) overriding system value values
    (9201, 0, 'Network', 4, 'SALES', 'EMAIL', '{"and": []}', test.staff('marketer'), 'CHECKED', 's', 'b', '{"total": 30, "will_get": 30, "reasons": {}}'),
    (9202, 1, 'Local', 3, 'SALES', 'EMAIL', '{"and": []}', test.staff('manager_a'), 'CHECKED', 's', 'b', '{"total": 30, "will_get": 30, "reasons": {}}');
create function test.cid(p_id bigint) returns uuid language sql stable as $$ select public_id from core.campaign where campaign_id = p_id $$;
select is(test.call('marketer', format('select * from api.campaign_launch(%L, 30)', test.cid(9201))) ->> 'error', 'ZC078', 'R78: a network campaign is not launched before the owners had notice');
select ok(test.call('manager_a', format('select * from api.campaign_launch(%L, 30)', test.cid(9202))) -> 0 ? 'job_id', 'R78: a dealer''s own needs none');
select ok(test.call('marketer', format('select * from api.campaign_announce(%L)', test.cid(9201))) -> 0 ? 'exclude_until', 'R78: head office announces it');
select is((select exclude_until from core.campaign where campaign_id = 9201), core.working_days_end(0, core.now(), 5), 'P19: five working days ahead');
select is(test.call('marketer', format('select * from api.campaign_launch(%L, 30)', test.cid(9201))) ->> 'error', 'ZC078', 'R78: announced is not enough');
insert into core.campaign_part (campaign_id, party_id, dealer_id) select 9201, party_id, 1 from core.dealer_party where dealer_id = 1 order by party_id limit 15;
insert into core.campaign_part_count values (9201, 1, 15, 0);
create temp table own as select p.public_id as id, p.party_id, row_number() over (order by p.party_id) as n from core.campaign_part c join core.party p using (party_id) where c.campaign_id = 9201;
create function test.exclude(p_login text, p_n int, p_reason text) returns text language sql as $$
select coalesce(r ->> 'error', r -> 0 ->> 'excluded') from test.call(p_login, format('select * from api.announcement_exclude(%L, %L, %L)', test.cid(9201), (select id from own where n = p_n), p_reason)) r $$;
select is(concat_ws(' ', test.exclude('manager_a', 1, ' '), test.exclude('manager_a', 1, 'переговоры'), test.exclude('manager_a', 1, 'ещё раз'), test.exclude('manager_a', 2, 'жалоба'), test.exclude('manager_a', 3, 'третий')),
    'ZC057 1 1 2 ZC077', 'P19: with a reason, a tenth of his part and not one more');
select is(test.exclude('manager_b', 1, 'чужой'), 'ZC404', 'R78: nobody leaves out another''s people');
select is((select count(*) from jsonb_array_elements(test.call('manager_a', format('select * from api.announcement_people(%L, true)', test.cid(9201))))), 2::bigint, 'R78: he sees his own part');
select is(test.call('manager_a', format('select excluded from api.announcement_include(%L, %L)', test.cid(9201), (select id from own where n = 2))), '[{"excluded": 1}]', 'P19: one is taken in again');
select test.wait('30 days');
select is(test.exclude('manager_a', 4, 'поздно'), 'ZC079', 'P19: not after the term');
select ok(test.call('marketer', format('select * from api.campaign_launch(%L, 30)', test.cid(9201))) -> 0 ? 'job_id', 'R78: then it is launched');

-- an erased person leaves no relation behind (R149)
select core.rows_forget('household_link', array[test.party('Супругова')]);
select is((select count(*) from core.household_link where test.party('Супругова') in (party_id, relative_id)) + (select count(household_id) from core.party where party_id in (test.party('Супругова'), test.party('Дублин'))), 0::bigint,
    'R149, R63: an erasure takes a relation from whichever end, and the household with it');

-- an undone import (R3)
select test.register('seller_a', 'Продавцов', '+79035556001'), test.register('seller_a', 'Покупцов', '+79035556002');
select test.car('Продавцов', 'XTA21000000000401');
select test.order(2, 'Продавцов', 'XTA21000000000401', 'B-300', 60);
create temp table sold as select (core.document_sale(1, null, test.party('Покупцов'), 1::smallint, 'USED', 'S-300', core.today(), 100, (select vehicle_id from core.vehicle where vin = 'XTA21000000000401'), 'import')).document_id as id;
select is((select row(o.dealer_id, o.state::text, coalesce((test.right_on('Продавцов', 'SERVICE')).dealer_id, 0))::text from test.right_on('Покупцов', 'SERVICE') o), '(2,OFFERED,0)', 'R69: a sale hands a car over, with its service');
select core.sale_undone((select id from sold), 1);
select is((select row(o.dealer_id, o.state::text)::text from test.right_on('Продавцов', 'SERVICE') o), '(2,CUSTOMER)', 'R3, R69: undone, the former owner has his service right again');
select is((select w.party_id from core.vehicle_owner w join core.vehicle v using (vehicle_id) where v.vin = 'XTA21000000000401' and w.to_on is null), test.party('Продавцов'), 'R3: and his car');
select test.order(1, 'Продавцов', 'XTA21000000000401', 'A-301', 20), test.order(1, 'Продавцов', 'XTA21000000000401', 'A-302', 1);
select is(test.moves('Продавцов'), 'second_visit 2>1 ANNOUNCED', 'P22: two visits announce a move');
delete from core.repair_order where number = 'A-302';
select is(test.moves('Продавцов'), '-', 'R3: with the undone order its move goes');
select * from finish();
rollback;
