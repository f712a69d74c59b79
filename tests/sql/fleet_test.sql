-- SPDX-License-Identifier: Apache-2.0
-- A company with 2,000 cars is written as quickly as one with a single car. Work is counted, not time: the rows that a write
-- reads. And what the triggers keep piece by piece is what a rebuild makes of the whole.
begin;
\i tests/sql/fixture.sql
select plan(38);

create function test.fleet(p_surname text) returns uuid language sql stable as $$ select public_id from core.party where surname = p_surname $$;
create function test.fleet_id(p_surname text) returns bigint language sql stable as $$ select party_id from core.party where surname = p_surname $$;

-- rows of people, cars, rights and keys read so far in this transaction, by whatever way; small tables are read whole or not, as the planner likes
create function test.rows_read() returns bigint language sql volatile as $$
select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint from pg_stat_xact_user_tables
where schemaname = 'core' and relname in ('party', 'contact_point', 'match_key', 'vehicle', 'vehicle_owner', 'ownership', 'dealer_party', 'dealer_key') $$;

create temp table work (what text, who text, answer jsonb, rows_read bigint);
create function test.work(p_what text, p_who text, p_login text, p_sql text) returns void language plpgsql as $$
declare before bigint; answer jsonb;
begin
    before := test.rows_read();
    answer := test.call(p_login, format(p_sql, test.fleet(p_who)));
    insert into work values (p_what, p_who, answer, test.rows_read() - before);
end $$;

-- two companies, each listed by two dealers; "Парк" gets its 2,000 cars in one statement, as a load does
select test.register('seller_a', 'Один', '+79035550401'), test.register('seller_b', 'Один', '+79035550401', '', 2);
select test.register('seller_a', 'Парк', '+79035550402'), test.register('seller_b', 'Парк', '+79035550402', '', 2);
select is((select count(*) from core.dealer_party where party_id in (test.fleet_id('Один'), test.fleet_id('Парк'))), 4::bigint, 'two dealers list each company');
with car as (
    insert into core.vehicle (vin, plate, plate_raw, brand_id, model)
    select 'XTA' || lpad(i::text, 14, '0'), 'A' || lpad(i::text, 4, '0') || 'AA77', 'а' || i, 1, 'F7' from generate_series(1, 2000) i returning vehicle_id)
insert into core.vehicle_owner (vehicle_id, party_id, from_on, source_dealer_id)
select vehicle_id, test.fleet_id('Парк'), '2026-01-01'::date + (vehicle_id % 100)::int, 1 from car;
insert into core.match_key (kind, value, party_id, surname_key)
select 'VIN', v.vin, o.party_id, p.surname_key from core.vehicle v join core.vehicle_owner o using (vehicle_id) join core.party p using (party_id);
select is((select count(*) from core.dealer_key where party_id = test.fleet_id('Парк') and kind in ('vin', 'plate')), 8000::bigint, 'each dealer finds it by every VIN and plate');
analyze core.vehicle, core.vehicle_owner, core.dealer_key, core.dealer_party, core.match_key, core.contact_point, core.party;

-- every write twice: as the first of its kind, and with plans made
create function test.both(p_what text, p_login text, p_first text, p_second text) returns void language plpgsql as $$
declare who text;
begin
    foreach who in array '{Один,Парк}'::text[] loop
        perform test.work(p_what || ', first', who, p_login, replace(p_first, '#', case who when 'Один' then '1' else '2' end));
        perform test.work(p_what, who, p_login, replace(p_second, '#', case who when 'Один' then '1' else '2' end));
    end loop;
end $$;
select test.both('car', 'seller_a', $$select * from api.vehicle_add(%L, p_vin => 'XTB0000000000001#', p_plate => 'В00#ВВ77', p_brand_id => 1, p_model => 'Jolion')$$,
                                    $$select * from api.vehicle_add(%L, p_vin => 'XTB0000000000002#', p_plate => 'В01#ВВ77', p_brand_id => 1, p_model => 'Dargo')$$);
select test.both('car by plate', 'seller_a', $$select * from api.vehicle_add(%L, p_plate => 'С00#СС77')$$, $$select * from api.vehicle_add(%L, p_plate => 'С01#СС77')$$);
select test.both('known car', 'seller_a', $$select * from api.vehicle_add(%L, p_vin => 'XTB0000000000001#', p_plate => 'Е00#ЕЕ77')$$,
                                          $$select * from api.vehicle_add(%L, p_vin => 'XTB0000000000002#', p_plate => 'Е01#ЕЕ77')$$);
select test.both('contact', 'seller_a', $$select * from api.contact_add(%L, 'PHONE', '+7903555051#')$$, $$select * from api.contact_add(%L, 'PHONE', '+7903555052#')$$);
select test.both('interaction', 'seller_a', $$select * from api.interaction_add(%L, 'VISIT', p_text => 'came', p_evidence => 'a')$$,
                                            $$select * from api.interaction_add(%L, 'TEST_DRIVE', p_text => 'drove', p_evidence => 'b')$$);
select test.both('work order', 'manager_a', $$select * from api.repair_order_add(%L, 'N-#1', core.now()::date, 100000)$$, $$select * from api.repair_order_add(%L, 'N-#2', core.now()::date, 100000)$$);

select is_empty($$select * from work where answer ? 'error'$$, 'every write is taken');
select cmp_ok(f.rows_read, '<=', o.rows_read + 40, format('%s: 2,000 cars read no more rows than one does (%s, %s)', f.what, f.rows_read, o.rows_read))
from work f join work o on o.what = f.what and o.who = 'Один' where f.who = 'Парк' order by f.what;
select cmp_ok(max(rows_read), '<=', 200::bigint, 'no write of them reads more than 200 rows') from work;

-- each change leaves what a rebuild would make
create function test.projection() returns jsonb language sql stable as $$
select jsonb_build_object('rows', (select jsonb_agg(to_jsonb(t) - 'updated_at' order by t.dealer_id, t.party_id) from core.dealer_party t),
    'keys', (select jsonb_agg(jsonb_build_array(k.dealer_id, k.party_id, k.kind, k.value) order by k.dealer_id, k.party_id, k.kind, k.value) from core.dealer_key k)) $$;
create function test.is_as_rebuilt(p_what text) returns text language plpgsql as $$
declare kept jsonb := test.projection();
begin
    perform core.rebuild_projection();
    return ok(kept = test.projection(), p_what || ': list and keys are as a rebuild makes them');
end $$;
create function test.keys(p_surname text, p_value text) returns bigint language sql stable as $$
select count(*) from core.dealer_key where party_id = test.fleet_id(p_surname) and value = p_value $$;

select test.is_as_rebuilt('cars, contacts, orders');
select is((select distinct vehicle from core.dealer_party where party_id = test.fleet_id('Парк')),
    (select concat_ws(', ', nullif(concat_ws(' ', b.name, v.model), ''), coalesce(v.plate_raw, v.plate)) from core.vehicle_owner o join core.vehicle v using (vehicle_id)
     left join core.brand b using (brand_id) where o.party_id = test.fleet_id('Парк') order by o.from_on desc, vehicle_id desc limit 1), 'the list shows the latest car');
select is(test.keys('Парк', 'B012BB77'), 0::bigint, 'a plate that was changed finds nobody');
select is(test.keys('Парк', 'E012EE77'), 2::bigint, 'the new one does, for both dealers');

-- two cars with one plate: it finds their owner until both are gone
update core.vehicle set plate = 'A0001AA77' where vin = 'XTA00000000000002';
select is(test.keys('Парк', 'A0002AA77'), 0::bigint, 'the old plate goes');
update core.vehicle_owner o set to_on = core.now()::date from core.vehicle v where v.vehicle_id = o.vehicle_id and v.vin = 'XTA00000000000001';
select is(test.keys('Парк', 'A0001AA77'), 2::bigint, 'a plate that another car of his bears stays');
select is(test.keys('Парк', 'XTA00000000000001'), 0::bigint, 'the VIN of the car that left goes');
delete from core.vehicle_owner o using core.vehicle v where v.vehicle_id = o.vehicle_id and v.vin = 'XTA00000000000002';
select is(test.keys('Парк', 'A0001AA77'), 0::bigint, 'with the last car of that plate it goes');
select test.is_as_rebuilt('cars that leave');

-- the other company buys half of the fleet in one statement, then gives one back
update core.vehicle_owner set to_on = core.now()::date where party_id = test.fleet_id('Парк') and to_on is null and vehicle_id % 2 = 0;
insert into core.vehicle_owner (vehicle_id, party_id, from_on)
select vehicle_id, test.fleet_id('Один'), core.now()::date from core.vehicle_owner where party_id = test.fleet_id('Парк') and to_on is not null;
select cmp_ok((select count(*) from core.dealer_key where party_id = test.fleet_id('Один')), '>', 3000::bigint, 'half a fleet changes hands');
select test.is_as_rebuilt('half a fleet');

-- names, INN, contacts
update core.party set name = 'ООО Новое Имя', inn = '7707083893' where party_id = test.fleet_id('Парк');
select is((select count(*) from core.dealer_key where party_id = test.fleet_id('Парк') and kind in ('name', 'inn')), 6::bigint, 'a new name is found from both ends, and the INN');
update core.contact_point set value = '+79035550999' where party_id = test.fleet_id('Парк') and value = '+79035550402';
select is(test.keys('Парк', '+79035550402') * 10 + test.keys('Парк', '+79035550999'), 2::bigint, 'a corrected phone replaces the old one, for both who were given it');
update core.contact_point set shared_ids = '{}' where value = '+79035550999';
select is(test.keys('Парк', '+79035550999'), 1::bigint, 'no longer shared, it finds for its source alone');
delete from core.contact_point where value = '+79035550522';
select is(test.keys('Парк', '+79035550522'), 0::bigint, 'a phone that is taken away finds nobody');
update core.party set inn = null where party_id = test.fleet_id('Парк');
select test.is_as_rebuilt('name, INN, contacts');

-- a dealer who comes to list it gets all keys, and loses them with its right
select test.register('seller_c', 'Парк', '+79035550402', '', 3);
select is((select count(*) from core.dealer_key where dealer_id = 3 and party_id = test.fleet_id('Парк') and kind in ('vin', 'plate')),
    (select count(*) from core.dealer_key where dealer_id = 1 and party_id = test.fleet_id('Парк') and kind in ('vin', 'plate')), 'a third dealer finds it by all its cars');
select test.is_as_rebuilt('one more dealer');
update core.ownership set state = 'CLOSED', reason = 'lost', lost = 'other', event = 'lost', changed_at = core.now(), ver = ver + 1 where dealer_id = 3 and party_id = test.fleet_id('Парк');
select is((select count(*) from core.dealer_key where dealer_id = 3 and party_id = test.fleet_id('Парк')), 0::bigint, 'and by none when its right ends');
select test.is_as_rebuilt('one dealer less');

-- its record
create temp table card as select test.call('seller_a', format('select * from api.person_get(%L)', test.fleet('Парк'))) -> 0 as r;
select is((select jsonb_array_length(r -> 'vehicles') from card), 100, 'its record shows the latest 100 cars');
select is((select (r ->> 'vehicles_count')::bigint from card), (select count(*) from core.vehicle_owner where party_id = test.fleet_id('Парк') and to_on is null), 'and says how many there are');
select * from finish();
rollback;
