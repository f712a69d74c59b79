-- SPDX-License-Identifier: Apache-2.0
-- Documents prove rights (D.2, R5, R154, R157), per car where the car is known (R1), and an undo takes back what they did (R3).
begin;
\i tests/sql/fixture.sql
select plan(23);

create function test.party(p_dealer int, p_data jsonb) returns bigint language sql as $$
select (core.party_take(p_dealer, null, '{"kind": "PERSON", "given_name": "Анна"}' || p_data, 'dealer-system')).party_id $$;
create temp table p as select test.party(1, '{"surname": "Белова", "phone": "+79037770001", "external_id": "1C-1", "vin": "XTA210990Y2765001", "brand": "Haval"}') as id;

select is((core.document_sale(1, null, (select id from p), 1::smallint, 'NEW', 'S-1', core.now()::date - 10, 100, null, 'dealer-system')).verdict, 'FREE', 'a sale makes a customer when nobody holds the right');
select is((select state::text || ' ' || rule from core.ownership), 'CUSTOMER R154', 'by its document');
select is((select protect_until::date from core.ownership), ((core.now()::date - 10 + interval '36 months')::date), 'the term runs from the document''s date (P8)');
select is((core.document_sale(1, null, (select id from p), 1::smallint, 'NEW', 'S-1', core.now()::date, 100, null, 'dealer-system')).is_new, false, 'the same number again changes nothing');
select is((select sale_count from core.party_summary), 1, 'and is summed once');
select is((core.document_sale(2, null, (select id from p), 1::smallint, 'NEW', 'S-9', core.now()::date, 100, null, 'dealer-system')).verdict, 'PROTECTED', 'another dealer''s sale is stored beside the owner''s right');
select is((select count(*) from core.serve_grant where dealer_id = 2), 1::bigint, 'with the permission to serve (R5, R154)');
select is(test.call('manager_b', 'select * from api.people_list()'), '[]', 'which shows no person');
select is((core.document_sale(2, null, (select id from p), 2::smallint, 'NEW', 'S-10', core.now()::date - 2000, 100, null, 'dealer-system')).verdict, null, 'no right arises when the term is over');
select is((core.document_sale(1, null, (select id from p), 1::smallint, 'NEW', 'S-2', core.now()::date, 100, null, 'dealer-system')).verdict, 'YOURS', 'a second sale');
select is((select protect_until::date from core.ownership where line = 'NEW' and brand_id = 1), (core.now()::date + interval '36 months')::date, 'renews the term');

-- two cars, two dealers (R1)
select core.vehicle_take((select id from p), 2, '{"vin": "XTA210990Y2765002", "brand": "Haval"}');
create temp table car as select vehicle_id as id, vin from core.vehicle;
select is((core.document_order(1, null, (select id from p), null, 'O-1', core.now()::date, 500, (select id from car where vin like '%001'), 15000, 'ТО', 'dealer-system')).verdict, 'FREE', 'a paid visit makes the service right of a car');
select is((core.document_order(2, null, (select id from p), null, 'O-1', core.now()::date, 500, (select id from car where vin like '%002'), 9000, 'ТО', 'dealer-system')).verdict, 'FREE', 'another dealer''s for another car of the same person');
select is((core.document_order(2, null, (select id from p), null, 'O-2', core.now()::date, 500, (select id from car where vin like '%001'), 15100, 'ТО', 'dealer-system')).verdict, 'PROTECTED', 'not for the first car');
select is((core.document_order(3, null, (select id from p), 1::smallint, 'O-3', core.now()::date, 500, null, null, 'ТО', 'dealer-system')).verdict, 'PROTECTED', 'nor for the whole person beside rights of cars');
select is((core.document_order(3, null, (select id from p), 3::smallint, 'O-4', core.now()::date, 0, null, null, 'отзыв', 'dealer-system')).verdict, null, 'a recall proves nothing (R72)');
select is((select max(mileage_km)::int from core.odometer_reading), 15100, 'the odometer is read');

-- a prospect's purchase walks every state between
select test.register('seller_a', 'Громов', '+79037770002');
select core.document_sale(1, null, (select party_id from core.party where surname = 'Громов'), 1::smallint, 'NEW', 'S-3', core.now()::date, 100, null, 'import');
select is((select string_agg(h.event, ' ' order by h.ver) from core.ownership_history h join core.party q using (party_id) where q.surname = 'Громов' and h.line = 'NEW'), 'register checked order delivery', 'prospect, order, delivery: nothing is skipped (R11)');
select is((select o.state::text || ' ' || o.source from core.ownership o join core.party q using (party_id) where q.surname = 'Громов' and o.line = 'SERVICE'), 'OFFERED R70', 'the seller is offered the first service (R70)');
-- undo
select is((select core.right_undo(1, o.ownership_id, 2) from core.ownership o join core.party q using (party_id) where q.surname = 'Громов' and o.line = 'NEW'), true, 'an undone import takes it back');
select is((select state from core.ownership o join core.party q using (party_id) where q.surname = 'Громов' and o.line = 'NEW'), 'ACTIVE', 'to the state before');
select is((select core.right_undo(1, o.ownership_id, null) from core.ownership o join core.party q using (party_id) where q.surname = 'Громов' and o.line = 'NEW'), true, 'a right the import made');
select is((select reason::text || ' ' || q.is_pool from core.ownership o join core.party q using (party_id) where q.surname = 'Громов' and o.line = 'NEW'), 'erased true', 'is closed, the person free');
select * from finish();
rollback;
