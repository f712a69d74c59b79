-- SPDX-License-Identifier: Apache-2.0
-- A list by the set and row by row: the same verdict for every line and the same base. R22-R24, R30, R31, R36, R154.
begin;
\i tests/sql/fixture.sql
select plan(14);

-- who is there before: another dealer's client, one's own, somebody who withdrew
select test.register('seller_b', 'Занятова', '+79031110001'), test.register('manager_a', 'Своя', '+79031110002', ', p_email => ''svoya@mail.example'''),
    test.register('seller_b', 'Стертова', '+79031110003'), test.register('seller_b', 'Марочная', '+79031110004', p_brand => 2);
update core.party set is_opted_out = true where surname = 'Стертова';
select core.right_close(o, 'lost', 'lost', 'other') from core.ownership o join core.party p using (party_id) where p.surname = 'Стертова';

-- and one who was erased (R149)
insert into core.stop_key (key_hash, erasure_id) select core.stop_hash('PHONE', '+79032000032'), null;
insert into core.upload (dealer_id, staff_id, name, size_bytes, sha256) values (1, test.staff('manager_a'), 'list', 1, 'x');
insert into core.import (dealer_id, staff_id, upload_id, kind, brand_id, line, state, header, mapping, rows_total)
select 1, test.staff('manager_a'), upload_id, 'client', 1, 'NEW', 'RUNNING', '[]', '{"surname": 0, "given_name": 1, "phone": 2, "email": 3,
    "external_id": 4, "consent_evidence": 5, "consent_channels": 6, "born_on": 7, "city": 8, "inn": 9, "vin": 10, "name": 11, "kind": 12,
    "document_number": 13, "document_on": 14, "document_amount": 15}', 0 from core.upload;

insert into core.city (name, region, region_code, lon, lat) values ('Казань', 'Республика Татарстан', '16', 49.106, 55.796), ('Тула', 'Тульская область', '71', 37.6, 54.2) on conflict do nothing;
insert into core.territory (dealer_id, brand_id, line, region_code, from_on, version)
select x.d, 1, 'NEW', x.r, '2020-01-01', v.v from core.routing_bump('territory', '{}') v(v), (values (1, '16'), (2, '71')) x(d, r);     -- R32: the note too
create function pg_temp.line(p_line int, variadic c text[]) returns void language sql as $$
insert into core.import_row (import_id, line_no, cells) select import_id, p_line, to_jsonb(c) from core.import where dealer_id = 1 $$;
select pg_temp.line(2, 'Новиков', 'Пётр', '8 (903) 200-00-01', '', '', 'анкета 1'),
    pg_temp.line(3, 'Новикова', 'Анна', '', 'Anna@Mail.Example', 'c-3', 'анкета 2', 'email; call', '01.02.1984', 'Казань'),
    pg_temp.line(4, 'Полный', 'Лев', '2000004', 'lev@mail.example', 'c-4', 'анкета 3', 'SMS', '1990-12-28', 'Тула', '500100732259'),
    pg_temp.line(5, 'Бессогласный', 'Ян', '+79032000005', '', 'c-5', ''),
    pg_temp.line(6, 'Плохотелефонный', 'Ян', '12', '', '', 'анкета'),
    pg_temp.line(7, 'Занятова', 'Вера', '+79031110001', '', '', 'анкета'),
    pg_temp.line(8, 'Другая', 'Вера', '+79031110001', '', '', 'анкета'),
    pg_temp.line(9, 'Своя', '', '+79031110002', '', '', 'form 1'),
    pg_temp.line(10, 'Своя', '', '+79031110002', 'new@mail.example', '', 'анкета'),
    pg_temp.line(11, 'Стертова', '', '+79031110003', '', '', 'анкета'),
    pg_temp.line(12, 'Стертова', '', '+79031110003', '', '', ''),
    pg_temp.line(13, 'Дважды', 'А', '+79032000013', '', '', 'анкета'),
    pg_temp.line(14, 'Дважды', 'Б', '+79032000013', '', '', 'анкета'),
    pg_temp.line(15, 'Соседов', 'В', '+79032000013', '', '', 'анкета'),
    pg_temp.line(16, 'Машинин', 'Г', '+79032000016', '', '', 'анкета', '', '', '', '', 'XZGFF04A0KA000117'),
    pg_temp.line(17, 'Купилов', 'Д', '+79032000017', '', 'c-17', '', '', '', '', '', '', '', '', 'ДКП-1', '01.11.2026', '1 250 000,50'),
    pg_temp.line(18, '', '', '+79032000018', '', '', 'анкета', '', '', '', '', '', 'Петров Пётр Петрович'),
    pg_temp.line(19, '', '', '+79032000019', '', '', 'анкета', '', '', '', '', '', 'ООО Ромашка', 'COMPANY'),
    pg_temp.line(20, '', '', '+79032000020', '', '', 'анкета'),
    pg_temp.line(21, 'Рождённый', 'Не', '+79032000021', '', '', 'анкета', '', '31.02.1984'),
    pg_temp.line(22, 'Каналов', 'Не', '+79032000022', '', '', 'анкета', 'PIGEON'),
    pg_temp.line(23, 'Почтов', 'Не', '', 'not an address', '', 'анкета'),
    pg_temp.line(24, 'Иннов', 'Не', '+79032000024', '', '', 'анкета', '', '', '', '500100732250'),
    pg_temp.line(25, repeat('Длинный ', 60), 'О', '+79032000025', '', '', repeat('я', 500)),
    pg_temp.line(26, '''=1+1', 'о', '+79032000026, +79032000027', '', '', 'анкета'),
    pg_temp.line(27, 'Ещё', 'Один', '+7 903 200 00 28', '', 'c-3', 'анкета');
select pg_temp.line(32, 'Забытый', 'Н', '+79032000032', '', '', 'анкета'), pg_temp.line(33, 'Забытый', 'Н', '+79032000032', '', '', '');
select pg_temp.line(30, 'Тёзкин', 'Олег', '+79032000030', '', '', 'анкета', '', '1971-05-06', 'Пермь'),
    pg_temp.line(31, 'Тезкин', 'Олег', '', 'tezkin@mail.example', '', 'анкета', '', '06.05.1971', 'Пермь');
select pg_temp.line(29, 'Марочная', '', '+79031110004', '', '', 'анкета');
insert into core.import_row (import_id, line_no, cells, flaw) select import_id, 28, '[]', 'quote-broken' from core.import where dealer_id = 1;
update core.import i set rows_total = 32 where i.dealer_id = 1;

create function pg_temp.run(p_is_trial boolean) returns void language plpgsql as $$
declare i core.import;
begin
    set local session authorization dealer;
    perform session.bind(convert_to('manager_a', 'UTF8'), 4095, 'test', 'w', null, 'test');
    set local session authorization default;
    loop
        select * into i from core.import x where x.dealer_id = 1;
        exit when core.import_rows_do(i, 1000, p_is_trial) = 0;
    end loop;
    perform set_config('clientele.identity', '', true);
end $$;

-- everything that a list leaves behind, without numbers of rows and instants
create function pg_temp.base() returns table (what text, v jsonb) language sql as $$
select 'result', jsonb_build_object('line', r.line_no, 'verdict', r.verdict, 'field', r.field, 'error', r.error, 'receipt', r.receipt is not null,
    'party', p.name, 'undo', (select jsonb_object_agg(e.key, jsonb_typeof(e.value)) from jsonb_each(r.undo) e where e.value <> 'null'),
    'added', (select jsonb_object_agg(e.key, case jsonb_typeof(e.value) when 'array' then jsonb_array_length(e.value) end) from jsonb_each(r.undo -> 'added') e))
    from core.import_result r left join core.party p using (party_id)
union all select 'why', to_jsonb(v) - '{verdict_id,at,person_id,right_id,right_registered_at,receipt}'::text[]
    || jsonb_build_object('receipt', v.receipt is not null, 'person', v.person_id is not null, 'right', v.right_id is not null) from core.row_verdict v
union all select 'party', to_jsonb(p) - '{party_id,public_id,created_at,updated_at}'::text[] from core.party p
union all select 'contact', to_jsonb(c) - '{contact_id,public_id,party_id,created_at}'::text[] || jsonb_build_object('of', p.name) from core.contact_point c join core.party p using (party_id)
union all select 'key', to_jsonb(k) - 'party_id' || jsonb_build_object('of', p.name) from core.match_key k join core.party p using (party_id)
union all select 'consent', to_jsonb(c) - '{consent_id,party_id,given_at,recorded_at}'::text[] || jsonb_build_object('of', p.name) from core.consent c join core.party p using (party_id)
union all select 'right', to_jsonb(o) - '{ownership_id,public_id,party_id,changed_at,vehicle_id}'::text[] || jsonb_build_object('of', p.name) from core.ownership o join core.party p using (party_id)
union all select 'history', to_jsonb(o) - '{ownership_id,public_id,party_id,valid_from,recorded_at,vehicle_id}'::text[] || jsonb_build_object('of', p.name) from core.ownership_history o join core.party p using (party_id)
union all select 'ledger', jsonb_build_object('kind', l.kind, 'of', p.name, 'staff', l.staff_id, 'dealer', l.dealer_id, 'role', l.role, 'rule', l.rule,
    'brand', l.brand_id, 'line', l.line, 'detail', l.detail) from core.ledger l left join core.party p using (party_id)
union all select 'receipt', jsonb_build_object('of', p.name, 'lines', length(regexp_replace(r.body, '[0-9A-Za-z:.-]+', 'x', 'g')),
    'is_right', r.sha256 = encode(sha256(convert_to(r.body, 'UTF8')), 'hex') and exists (select from core.ownership o where o.ownership_id = r.ownership_id
        and o.party_id = r.party_id and strpos(r.body, o.public_id::text) > 0), 'dealer', r.dealer_id, 'staff', r.staff_id) from core.receipt r join core.party p using (party_id)
union all select 'list', to_jsonb(t) - '{party_id,public_id,updated_at,seat_public_id}'::text[] from core.dealer_party t
union all select 'search', to_jsonb(k) - 'party_id' || jsonb_build_object('of', p.name) from core.dealer_key k join core.party p using (party_id)
union all select 'draft', to_jsonb(d) - '{draft_id,public_id,created_at}'::text[] from core.draft d
union all select 'sale', jsonb_build_object('number', s.number, 'of', p.name, 'k', s.amount_kopecks) from core.sale s join core.party p using (party_id)
union all select 'pair', jsonb_build_object('class', d.class, 'low', p.name, 'high', q.name) from core.duplicate d
    join core.party p on p.party_id = d.party_low join core.party q on q.party_id = d.party_high $$;


savepoint before;
create or replace function core.import_bulk(p_import core.import, p_rows core.bulk_row[], p_is_trial boolean) returns int[] language sql as $$ select '{}'::int[] $$;
select pg_temp.run(false);
create temp table by_row as select * from pg_temp.base();
\o /dev/null
select string_agg(what || ' ' || v::text, E'\n' order by what, v::text) as by_row, encode(sha256(convert_to(string_agg(what || ' ' || v::text, E'\n' order by what, v::text), 'UTF8')), 'hex') as by_row_hash,
    (select jsonb_object_agg(line_no, concat_ws(' ', verdict, field, error, area)) from core.import_result) as by_row_verdicts from by_row \gset
\o
rollback to before;
select pg_temp.run(true);
select is((select jsonb_object_agg(line_no, concat_ws(' ', verdict, field, error, area)) from core.import_result),
    (:'by_row_verdicts'::jsonb || '{"14": "created unknown", "27": "created unknown"}'), 'a dry run by the set says what a run will, but for rows about one person of the same list');
select is((select count(*) from core.party), 4::bigint, 'and keeps nothing');
select is((select count(*) from core.ownership_history h join core.party p using (party_id) where p.source = 'import'), 0::bigint, 'no right');
update core.import i set done_line = 0, rows_done = 0, counts = '{}' where i.dealer_id = 1;
select pg_temp.run(false);
select is((select jsonb_object_agg(line_no, concat_ws(' ', verdict, field, error, area)) from core.import_result), :'by_row_verdicts'::jsonb, 'the set gives each line the verdict of the row path');
select is((select string_agg(d.t, E'\n') from (select b.what || ' ' || b.v::text as t from pg_temp.base() b
    except all select l from regexp_split_to_table(:'by_row', E'\n') l) d), null, 'and leaves the same base: people, keys, contacts, consents, rights, history, ledger, receipts, lists');
select is((select string_agg(d.l, E'\n') from (select l from regexp_split_to_table(:'by_row', E'\n') l
    except all select b.what || ' ' || b.v::text from pg_temp.base() b) d), null, 'nothing is missing');
select ok(exists (select from core.duplicate d join core.party p on p.party_id = d.party_low where p.surname like 'Т%зкин'), 'R22: two of one name and birthday are a pair for the steward');
select is((select i.counts from core.import i where i.dealer_id = 1), (select jsonb_object_agg(verdict, n) from (select verdict, count(*) n from core.import_result group by 1) c), 'the counts are those of the rows');
-- most of this list goes by the set
select ok((select count(*) from core.import_result r join core.party p using (party_id) where p.source = 'import' and r.verdict = 'created') >= 9, 'people were made');
-- taken back by the set and row by row: the same base
create function pg_temp.undo() returns void language plpgsql as $$
declare j bigint;
begin
    set local session authorization dealer;
    perform session.bind(convert_to('manager_a', 'UTF8'), 4095, 'test', 'w', null, 'test');
    set local session authorization default;
    insert into core.job (kind, spec, staff_id, dealer_id, letter, role) select 'import_undo', jsonb_build_object('import_id', i.import_id), i.staff_id, 1, 'D', 'manager'
    from core.import i where i.dealer_id = 1 returning job_id into j;
    while not (core.job_step_import_undo(j)).is_done loop end loop;
    perform set_config('clientele.identity', '', true);
end $$;
savepoint done;
create or replace function core.bulk_undo(p_import core.import, p_lines int[]) returns int[] language sql as $$ select '{}'::int[] $$;
select pg_temp.undo();
\o /dev/null
select string_agg(b.what || ' ' || (b.v - 'changed_at')::text, E'\n' order by b.what, b.v::text) as undone_by_row from pg_temp.base() b \gset
\o
rollback to done;
select pg_temp.undo();
select is((select string_agg(d.t, E'\n') from (select b.what || ' ' || (b.v - 'changed_at')::text as t from pg_temp.base() b
    except all select l from regexp_split_to_table(:'undone_by_row', E'\n') l) d), null, 'R3: an undo by the set leaves the base of an undo row by row');
select is((select string_agg(d.l, E'\n') from (select l from regexp_split_to_table(:'undone_by_row', E'\n') l
    except all select b.what || ' ' || (b.v - 'changed_at')::text from pg_temp.base() b) d), null, 'and takes no more away');
select is((select count(*) from core.ownership o join core.party p using (party_id) where o.state <> 'CLOSED' and o.source = 'import'), 0::bigint, 'no right of the list is left');
rollback to done;
-- the same list again: nothing new, no second draft
create temp table first_time as select * from pg_temp.base() where what not in ('result');
update core.import i set public_id = gen_random_uuid(), done_line = 0, rows_done = 0, counts = '{}' where i.dealer_id = 1;
delete from core.import_row r where r.cells = '[]' and r.flaw is null or r.line_no in (32, 33);
select pg_temp.run(false);
select is((select count(*) from core.draft), (select count(*) from first_time where what = 'draft'), 'R153: a list sent again makes no second draft');
select is((select count(*) from core.party), (select count(*) from first_time where what = 'party'), 'and no second person');
select * from finish();
rollback;
