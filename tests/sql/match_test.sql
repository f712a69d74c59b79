-- SPDX-License-Identifier: Apache-2.0
-- Who is the same person: R20-R23, R27; S1 in writings of names.
begin;
\i tests/sql/fixture.sql
select plan(42);

create function pg_temp.reg(p_login text, p_surname text, p_given text, p_phone text, p_more text default '') returns text language sql as $$
select test.call(p_login, format('select * from api.registration_add(p_kind => ''PERSON'', p_surname => %L, p_given_name => %L, p_phone => %L, '
    'p_brand_id => 1, p_line => ''NEW'', p_source => ''walk-in'', p_occasion => ''walk_in'', p_interest => ''F7'', p_consent_evidence => ''form 1'', '
    'p_consent_channels => ''{EMAIL,SMS,CALL}''%s)', p_surname, p_given, p_phone, p_more)) -> 0 ->> 'verdict' $$;
create function pg_temp.pair(p_one text, p_other text) returns core.duplicate language sql as $$
select d from core.duplicate d join core.party l on l.party_id = d.party_low join core.party h on h.party_id = d.party_high
where l.name = p_one and h.name = p_other $$;

-- names
select is(core.name_alike('Иванов', 'Ivanov'), 3, 'both alphabets have one key (R21)');
select is(core.name_alike('Жуков', 'Jukov'), 2, 'a transliteration without a key of its own is known (R21)');
select is(core.name_alike('Иванов', 'Bdfyjd'), 2, 'the wrong keyboard layout is known (R21)');
select is(core.name_alike('Smith', 'Ыьшер'), 2, 'and in the other direction (R21)');
select is(core.name_alike('Иванов', 'Иванову'), 1, 'a case is a form (R21)');
select is(core.name_alike('Сидорова-Петрова', 'Сидоровой-Петровой'), 1, 'both parts of a compound name are declined (R21)');
select is(core.name_alike('Пётр', 'Петр'), 3, 'ё is е (R21)');
select is(core.name_alike('Иванов', 'Петров'), 0, 'another name is another name');
select ok(core.given_alike('Саша', 'Александр') and core.given_alike('Sasha', 'Александра'), 'a pet name is a form of the name (R21)');
select ok(not core.given_alike('Саша', 'Алексей'), 'of its own names only');

-- EXACT by any writing joins
select is(pg_temp.reg('seller_a', 'Жуков', 'Александр', '89031230001'), 'FREE', 'A registers');
select is(pg_temp.reg('seller_b', 'Jukov', 'Aleksandr', '+7 903 123-00-01'), 'PROTECTED', 'B in a transliteration gets PROTECTED (S1, R21)');
select is(pg_temp.reg('seller_b', ';erjd', 'Fktrcfylh', '8(903)1230001'), 'PROTECTED', 'B in the wrong layout gets PROTECTED (S1, R21)');
select is(pg_temp.reg('seller_b', 'Жукову', 'Саша', '9031230001'), 'PROTECTED', 'B in a case and by a pet name gets PROTECTED (S1, R21)');
select is(pg_temp.reg('seller_b', 'Александр', 'Жуков', '89031230001'), 'PROTECTED', 'B with the names exchanged gets PROTECTED (R21)');
select is((select count(*) from core.party where surname_key = 'zhukov' or surname like '%ук%'), 1::bigint, 'one person exists');
select is(pg_temp.reg('seller_b', 'Жукова', 'Мария', '89031230001'), 'FREE', 'his wife on his telephone is another person (R21, R22)');
select is((pg_temp.pair('Жуков Александр', 'Жукова Мария')).class, 'POSSIBLE'::core.duplicate_class, 'one key and another name is POSSIBLE (R22)');
select is(pg_temp.reg('seller_b', 'Медведев', 'Олег', '89031230001'), 'FREE', 'a name alone or a key alone joins nobody (R22)');

-- STRONG: two independent keys, another name
select is(pg_temp.reg('seller_a', 'Орлов', 'Олег', '89031230002', ', p_email => ''orlov@mail.example'''), 'FREE', 'a person with two keys');
select is(pg_temp.reg('seller_b', 'Соколов', 'Илья', '89031230002', ', p_email => ''orlov@mail.example'''), 'FREE', 'another name on both is no certain match');
select is((pg_temp.pair('Орлов Олег', 'Соколов Илья')).class, 'STRONG'::core.duplicate_class, 'and goes to the steward as STRONG (R22, R27, R32)');
select is((select state::text from core.ownership o join core.party p using (party_id) where p.name = 'Соколов Илья'), 'PENDING', 'while the claim waits (R32)');
select ok((pg_temp.pair('Орлов Олег', 'Соколов Илья')).weights @> '[{"field": "phone", "level": "same"}, {"field": "email", "level": "same"}]', 'the pair says which fields agree');
select ok((select bool_and(e ? 'weight' and e ->> 'level' in ('none', 'far', 'near', 'close', 'same')) from core.duplicate d, jsonb_array_elements(d.weights) e), 'with level and weight of each');
select is((select count(*) from core.duplicate d where d.weights::text ~ '(\d{5}|@|орлов|соколов)'), 0::bigint, 'and holds no contact and no name (R24)');
select is((pg_temp.pair('Орлов Олег', 'Соколов Илья')).source, 'registration'::core.duplicate_source, 'and where it was found');

-- a VIN and its plate are one car
select is(pg_temp.reg('seller_a', 'Тихонов', 'Лев', '89031230003', ', p_vin => ''XTA210990Y2765432'', p_plate => ''А123ВС77'''), 'FREE', 'a person with a car');
select is(pg_temp.reg('seller_b', 'Гусев', 'Яков', '89031230004', ', p_vin => ''XTA210990Y2765432'', p_plate => ''А123ВС77'''), 'FREE', 'its next owner');
select is((pg_temp.pair('Тихонов Лев', 'Гусев Яков')).class, null, 'a car that changed hands makes nobody one (R22)');

-- name with day of birth
select is(pg_temp.reg('seller_a', 'Белов', 'Антон', '89031230005', ', p_born_on => ''1980-04-05'''), 'FREE', 'a person with a birthday');
select is(pg_temp.reg('seller_b', 'Белов', 'Антон', '89031230006', ', p_born_on => ''1980-04-05'''), 'FREE', 'the same name and day under another number is not joined');
select is((pg_temp.pair('Белов Антон', 'Белов Антон')).class, 'POSSIBLE'::core.duplicate_class, 'but is POSSIBLE (R22)');
select is(pg_temp.reg('seller_c', 'Белов', 'Роман', '89031230007', ', p_born_on => ''1980-04-05'''), 'FREE', 'his twin');
select is((pg_temp.pair('Белов Антон', 'Белов Роман')).class, null, 'two brothers share a birthday, not an identity (R60)');

-- documents as keyed hash
select matches(core.document_hash('licence', '77 АА 123456'), '^[0-9a-f]{64}$', 'a document number becomes a keyed hash (R20)');
select is(core.document_hash('licence', '77 АА 123456'), core.document_hash('licence', '77aa-123456'), 'the same in either alphabet (R20)');
select isnt(core.document_hash('licence', '77 АА 123456'), encode(sha256(convert_to('77aa123456', 'UTF8')), 'hex'), 'which nobody makes without the key (R20)');
select is(core.document_hash('passport', '12'), null, 'too short a number is none');

-- decisions stay, and only the steward reads
update core.duplicate set state = 'SEPARATE', decided_at = core.now() where duplicate_id = (pg_temp.pair('Орлов Олег', 'Соколов Илья')).duplicate_id;
select is(core.duplicate_put((pg_temp.pair('Орлов Олег', 'Соколов Илья')).party_low, (pg_temp.pair('Орлов Олег', 'Соколов Илья')).party_high, 'EXACT', '[]', 'scan'),
    false, 'what the steward decided no later match opens again (R27)');
select throws_ok($$insert into core.duplicate (party_low, party_high, class, score, source)
    select party_low, party_high, 'EXACT', 1, 'scan' from core.duplicate limit 1$$, '23505', null, 'a pair exists once (duplicate_one_pair)');
-- the comparison of the base reads every telephone that is not known to be wrong, the main one first
insert into core.contact_point (party_id, kind, value, raw, is_valid) select (select party_id from core.party where name = 'Орлов Олег'), 'PHONE', v.value, v.value, v.is_valid
from (values ('+74951230000', true), ('+74951230001', false)) v(value, is_valid);
create temp table pages (phone text);
do $$
declare j core.job;
begin
    j := core.job_add('match_scan', '{}', 0, 'H', 0);
    update core.job x set state = 'RUNNING', lease = '\x01', lease_until = core.now() + interval '1 minute', staff_id = test.staff('steward'), role = 'steward'
    where x.job_id = j.job_id;
    grant insert on pages to head_office;
    set local session authorization head_office;
    perform session.bind_job(j.job_id, '\x01');
    insert into pages select m.phone from core.match_scan_page(j.job_id, 0, 5000, 'PERSON') m where m.surname = 'Орлов';
    set local session authorization default;
end $$;
select is((select phone from pages), (select c.value from core.contact_point c join core.party p using (party_id) where p.name = 'Орлов Олег' and c.is_primary and c.kind = 'PHONE') || ',+74951230000',
    'a second telephone is compared too (R21)');
select * from finish();
rollback;
