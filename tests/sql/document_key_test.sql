-- SPDX-License-Identifier: Apache-2.0
-- Numbers of identity documents: matched by, kept nowhere, shown nowhere (R20, R149). KPP names a company's branch (R64).
begin;
\i tests/sql/fixture.sql
select plan(59);

-- every text, json and byte of every table, searched for the numbers that were typed
create function pg_temp.places(p_what text) returns text language plpgsql as $$
declare t record; n bigint; found text := '';
begin
    for t in select c.oid::regclass as name from pg_class c where c.relkind = 'r' and c.relnamespace in ('core'::regnamespace, 'session'::regnamespace) loop
        execute format('select count(*) from %s x where x::text ~* $1', t.name) using p_what into n;
        if n > 0 then found := concat_ws(' ', nullif(found, ''), t.name); end if;
    end loop;
    return found;
end $$;
create function pg_temp.one(p_sql text) returns text language plpgsql as $$ declare v text; begin execute p_sql into v; return v; end $$;

-- what counts as one number
select is(core.document_hash('passport', '4510 123456'), core.document_hash('passport', 'Паспорт: серия 45 10 № 123456'), 'a passport number in any writing is one (R20)');
select is(core.document_hash('licence', '77 АА 123456'), core.document_hash('licence', 'в/у 77aa123456'), 'so is a licence, in either alphabet (R20)');
select isnt(core.document_hash('passport', '4510123456'), core.document_hash('licence', '4510123456'), 'a passport and a licence of one number are two documents');
select isnt(core.document_hash('passport', '4510123456'), encode(sha256('DOCUMENT:passport:4510123456'), 'hex'), 'nobody makes the hash without the key (R20)');
select is(core.document_hash('passport', 'есть'), null, 'a remark is no number');
select is(core.document_hash('passport', 'выдан'), null, 'and neither is a word');

-- series and number apart: one number all the same
select is(core.document_hash('passport', '123456', '45 10'), core.document_hash('passport', '4510123456'), 'a series in a field of its own makes the same number (R20)');
select is(core.document_hash('passport', '№ 123456', 'серия 4510'), core.document_hash('passport', '4510123456'), 'in any writing');
select is(core.document_hash('passport', '4510 123456', '4510'), core.document_hash('passport', '4510123456'), 'a series told twice counts once');
select is(core.document_hash('passport', '451045', '4510'), core.document_hash('passport', '4510451045'), 'but a number may begin like its series');
select is(core.document_hash('passport', '12345', '310'), core.document_hash('passport', '0310 012345'), 'zeros that a spreadsheet dropped come back');
select is(core.document_hash('licence', '123456', '77АА'), core.document_hash('licence', '77aa 123456'), 'a licence likewise');
select is(core.document_hash('passport', 'C01X00T47', ''), core.document_hash('passport', 'C01X00T47'), 'a document without a series has none');
select is(core.documents_hide('{"passport_series": "4510"}'), '{"passport": "#"}', 'a series without a number is none, and its text goes no further');
select is(core.document_heads('["Серия паспорта", "Номер паспорта", "В/у серия", "В/у номер", "Дата"]', null),
    '{"0": "passport_series", "1": "passport", "2": "licence_series", "3": "licence"}', 'two columns of one document are known by their heads');
select is(core.document_heads('["ФИО", "Паспорт", "Серия", "Номер", "Номер договора"]', null), '{"1": "passport", "2": "passport_series", "3": "passport"}', 'by what stands beside them where they say less');
select is(core.document_heads('["Номер", "Серия", "Серия и номер паспорта"]', null), '{"0": "passport", "1": "passport_series", "2": "passport"}', 'on either side');
select is(core.document_heads('["Серия", "Номер", "ПТС"]', null), '{}', 'and not where nothing names a document of a person');

-- by hand
select is(test.register('seller_a', 'Двуполев', '+79037770041', ', p_passport => ''654321'', p_passport_series => ''48 01''') -> 0 ->> 'verdict', 'FREE', 'a form of two fields is taken');
select is((select count(*) from core.match_key where kind = 'DOCUMENT' and value = core.document_hash('passport', '4801654321')), 1::bigint, 'as one number');
select is(test.register('seller_a', 'Паспортов', '+79037770001', ', p_passport => ''45 10 777123''') -> 0 ->> 'verdict', 'FREE', 'a registration takes a passport number');
select is((select count(*) from core.match_key where kind = 'DOCUMENT' and value = core.document_hash('passport', '4510777123')), 1::bigint, 'its keyed hash is a match key');
select is(pg_temp.places('4510777123|45 10 777123|777123'), '', 'the number stands in no table: person, ledger, receipt, idempotency, events (R20)');
select is((select count(*) from core.match_key where kind = 'DOCUMENT' and is_exact), 0::bigint, 'a document alone is no certain proof (R22)');
select is(test.register('seller_b', 'Паспортов', '+79037770002', ', p_passport => ''паспорт 4510 777123''') -> 0 ->> 'state', 'PENDING', 'the same bearer by another number waits for the steward (R22, R32)');
select is((select d.class::text from core.duplicate d where d.weights @> '[{"field": "document", "level": "same"}]'), 'STRONG', 'as a STRONG pair that says why');
select is(test.register('seller_b', 'Другов', '+79037770003', ', p_passport => ''4510777123''') -> 0 ->> 'state', 'ACTIVE', 'another name on one document holds up nobody (R22: one key)');
select is((select count(*) from core.duplicate d where d.class = 'POSSIBLE' and d.weights @> '[{"field": "document", "level": "same"}]'), 2::bigint, 'but is POSSIBLE');
select is(test.register('seller_a', 'Кривов', '+79037770004', ', p_licence => ''нет''') ->> 'field', 'licence', 'what is no number is refused with its field');
select is(test.call('seller_a', $$select * from api.registration_add(p_kind => 'PERSON', p_surname => 'Черновой', p_phone => '+79037770005', p_passport => '45 11 888321')$$) -> 0 ->> 'state', 'DRAFT', 'an incomplete one is a draft');
select is(pg_temp.places('4511888321|45 11 888321|888321'), '', 'which keeps no number either');
select ok(test.call('seller_a', 'select data from api.drafts_list()')::text !~ 'document_keys|[0-9a-f]{64}', 'and shows no hash');

-- pushed by a dealer's system
select is(test.call('system_a', $$select api.exchange_push('spool', '[{"seq": 1, "kind": "client", "data": {"surname": "Обменов", "given_name": "Лев", "phone": "+79037770006", "brand": "1",
    "line": "NEW", "consent_evidence": "f", "interest": "F7", "external_id": "x1", "passport": "46 12 999111", "licence": "99 11 222333"}}]') as a$$) #>> '{0,a,items,0,verdict}', 'created', 'a push takes documents');
select is((select count(*) from core.match_key m join core.party p using (party_id) where m.kind = 'DOCUMENT' and p.surname = 'Обменов'), 2::bigint, 'both are keys');
select is(pg_temp.places('4612999111|46 12 999111|9911222333|99 11 222333'), '', 'and stand nowhere');
select is((select r.sha256 from core.exchange_row r where r.seq = 1 and r.source = 'spool'), encode(sha256(convert_to('client|' || core.documents_hide('{"surname": "Обменов", "given_name": "Лев", "phone": "+79037770006", "brand": "1",
    "line": "NEW", "consent_evidence": "f", "interest": "F7", "external_id": "x1", "passport": "46 12 999111", "licence": "99 11 222333"}')::text, 'UTF8')), 'hex'),
    'the hash by which a repeat is known is of the row without them: who has it cannot try numbers');
select is(test.call('system_a', $$select api.exchange_push('spool', '[{"seq": 2, "kind": "client", "data": {"surname": "Ложный", "phone": "+79037770007", "brand": "1", "line": "NEW",
    "consent_evidence": "f", "document_keys": ["0000000000000000000000000000000000000000000000000000000000000000"]}}]') as a$$) #>> '{0,a,items,0,verdict}', 'created', 'hashes from outside are no keys');
select is((select count(*) from core.match_key m join core.party p using (party_id) where m.kind = 'DOCUMENT' and p.surname = 'Ложный'), 0::bigint, 'they are left out');
select is(test.call('system_a', $$select api.exchange_push('spool', '[{"seq": 3, "kind": "client", "data": {"surname": "Купилов", "phone": "+79037770008", "brand": "1",
    "document": {"number": "ДКП-9", "on": "2026-11-01", "amount": "1000000", "kind": "sale"}}}]') as a$$) #>> '{0,a,items,0,verdict}', 'created', 'the document of a sale is');
select is((select count(*) from core.match_key m join core.party p using (party_id) where m.kind = 'DOCUMENT' and p.surname = 'Купилов'), 0::bigint, 'no document of a person');

-- a list
insert into core.upload (dealer_id, staff_id, name, size_bytes, sha256) values (1, test.staff('manager_a'), 'list', 1, repeat('a', 64));
insert into core.import (dealer_id, staff_id, upload_id, kind, brand_id, line) select 1, test.staff('manager_a'), upload_id, 'client', 1, 'NEW' from core.upload;
create function pg_temp.list(p_sql text) returns jsonb language sql as $$ select test.call('manager_a', replace(p_sql, 'IMPORT', (select max(import_id)::text from core.import))) $$;
select pg_temp.list($$select core.import_header_set(IMPORT, '{"format": "csv", "is_named": false}', '["Фамилия", "Телефон", "Согласие", "Паспорт", "Прим."]')$$);
select is((select document_columns from core.import), '{"3": "passport"}', 'a column of passports is known by its head');
select pg_temp.list($$select core.import_rows_add(IMPORT, 2, '[["Листов", "+79037770010", "анкета", "47 01 333444", "47 02 555666"], ["Паспортов", "+79037770011", "анкета", "4510 777123", ""], ["Пустов", "+79037770012", "анкета", "", ""]]')$$);
select is(pg_temp.places('47 01 333444|4701333444'), '', 'its cells are hashes before the row is stored');
select pg_temp.list('select core.import_parsed(IMPORT, null)');
select pg_temp.list(format($$select api.import_map('%s', '{"surname": 0, "phone": 1, "consent_evidence": 2, "passport": 3, "licence": 4}')$$, public_id)) from core.import;
select ok(pg_temp.list(format($$select api.import_get('%s') as a$$, public_id)) #>> '{0,a,sample,0}' !~ '[0-9a-f]{20}' , 'a sample shows neither number nor hash') from core.import;
update core.import set state = 'RUNNING';
do $$
declare i core.import;
begin
    set local session authorization dealer;
    perform session.bind(convert_to('manager_a', 'UTF8'), 4095, 'test', 'w', null, 'test');
    set local session authorization default;
    select x.* into i from core.import x;
    perform core.import_rows_do(i, 200, false);
end $$;
select is(pg_temp.places('47 02 555666|4702555666'), '', 'a column that only the mapping names is sealed before its rows are brought in');
select is((select array_agg(verdict order by line_no) from core.import_result), '{created,created,created}', 'the rows are brought in');
select is((select count(*) from core.match_key where kind = 'DOCUMENT' and value in (core.document_hash('passport', '4701333444'), core.document_hash('licence', '4702555666'))), 2::bigint, 'with both documents as keys');
select is((select count(*) from core.review v where 'strong' = any (v.reasons)), 2::bigint, 'and the bearer of a known passport waits, by whatever way he comes');
do $$ declare i core.import; begin select x.* into i from core.import x; perform core.import_file_forget(i); end $$;
select is((select count(*) from core.file_gone where sha256 = repeat('a', 64)), 1::bigint, 'the file with the numbers goes off the disk');

-- a list that tells series and number apart
create function pg_temp.rows_do(p_import bigint) returns void language plpgsql as $$
declare i core.import;
begin
    set local session authorization dealer;
    perform session.bind(convert_to('manager_a', 'UTF8'), 4095, 'test', 'w', null, 'test');
    set local session authorization default;
    select x.* into i from core.import x where x.import_id = p_import;
    perform core.import_rows_do(i, 200, false);
end $$;
insert into core.import (dealer_id, staff_id, upload_id, kind, brand_id, line) select 1, test.staff('manager_a'), upload_id, 'client', 1, 'NEW' from core.upload;
select pg_temp.list($$select core.import_header_set(IMPORT, '{"format": "xlsx", "is_named": false}', '["Фамилия", "Телефон", "Согласие", "Серия паспорта", "Номер паспорта", "Прим.1", "Прим.2"]')$$);
select pg_temp.list($$select core.import_rows_add(IMPORT, 2, '[["Раздельнов", "+79037770042", "анкета", "310", "77712", "4709", "888333"]]')$$);
select is((select array[r.cells ->> 3, regexp_replace(r.cells ->> 4, '^#[0-9a-f]{64}$', '#hash')] from core.import_row r where r.import_id = (select max(import_id) from core.import)),
    '{#,#hash}', 'neither half is stored');
select pg_temp.list('select core.import_parsed(IMPORT, null)');
select pg_temp.list(format($$select api.import_map('%s', '{"surname": 0, "phone": 1, "consent_evidence": 2, "passport_series": 3, "passport": 4, "licence_series": 5, "licence": 6}')$$, public_id))
    from core.import order by import_id desc limit 1;
update core.import set state = 'RUNNING' where import_id = (select max(import_id) from core.import);
select pg_temp.rows_do(max(import_id)) from core.import;
select is((select array_agg(m.value order by m.value) from core.match_key m join core.party p using (party_id) where m.kind = 'DOCUMENT' and p.surname = 'Раздельнов'),
    (select array_agg(h order by h) from unnest(array[core.document_hash('passport', '0310 077712'), core.document_hash('licence', '4709888333')]) h),
    'both documents are whole, also the one that only the mapping names');
insert into core.import (dealer_id, staff_id, upload_id, kind, brand_id, line) select 1, test.staff('manager_a'), upload_id, 'client', 1, 'NEW' from core.upload;
select pg_temp.list($$select core.import_header_set(IMPORT, '{"format": "csv", "is_named": false}', '["Фамилия", "Прим.", "Паспорт"]')$$);
select pg_temp.list($$select core.import_rows_add(IMPORT, 2, '[["Поздних", "4510", "123456"]]')$$);
select pg_temp.list('select core.import_parsed(IMPORT, null)');
select is((select pg_temp.list(format($$select api.import_map('%s', '{"surname": 0, "passport_series": 1, "passport": 2}')$$, public_id)) ->> 'error' from core.import order by import_id desc limit 1),
    'ZC402', 'a series named when its numbers are hashes already is refused, not lost');

-- erasure: the key goes, the stop list knows the document
do $$
declare p bigint := (select party_id from core.party where surname = 'Обменов');
begin
    set local session authorization head_office;
    perform session.bind(convert_to('dpo', 'UTF8'), 4095, 'test', 'w', null, 'test');
    set local session authorization default;
    perform core.person_erase(p, null, 'request');
end $$;
select is(pg_temp.places(core.document_hash('passport', '4612999111')), '', 'an erasure takes the hash out of the base (R149)');
select is(test.register('seller_b', 'Обменов', '+79037770020', ', p_passport => ''4612 999111''') -> 0 ->> 'verdict', 'OPTED_OUT', 'and the stop list knows the document (R149)');

-- KPP
create function pg_temp.company(p_login text, p_name text, p_phone text, p_inn text, p_kpp text) returns jsonb language sql as $$
select test.call(p_login, format('select * from api.registration_add(p_kind => ''COMPANY'', p_name => %L, p_phone => %L, p_inn => %L, p_kpp => %L, '
    'p_brand_id => 1, p_line => ''FLEET'', p_source => ''x'', p_occasion => ''walk_in'', p_interest => ''x'', p_consent_evidence => ''f'')', p_name, p_phone, p_inn, p_kpp)) $$;
select is(pg_temp.company('seller_a', 'ООО «Весна»', '+74951110001', '7707083893', '770701001') -> 0 ->> 'verdict', 'FREE', 'a company is registered with its KPP (R64)');
select is((select c.kpp || ' ' || (c.head_id is null) from core.company c where c.inn = '7707083893'), '770701001 true', 'which is its own when the reason says so');
select is(pg_temp.company('seller_b', 'ООО «Весна», Тула', '+74951110002', '7707083893', '710743001') -> 0 ->> 'verdict', 'PROTECTED', 'its branch is covered by the right on the company (R64)');
select is(pg_temp.company('seller_a', 'ООО «Весна», Тула', '+74951110003', '7707083893', '710743001') -> 0 ->> 'verdict', 'YOURS', 'its owner names the branch');
select is((select p.name::text from core.match_key m join core.party p using (party_id) where m.kind = 'INN' and m.value = '7707083893/710743001'), 'ООО «Весна», Тула', 'which then is a party found by INN and KPP');
select is(pg_temp.company('seller_a', 'ООО «Лето»', '+74951110004', '7736207543', '12') ->> 'field', 'kpp', 'a KPP of another form is refused');
select * from finish();
rollback;
