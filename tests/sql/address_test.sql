-- SPDX-License-Identifier: Apache-2.0
-- A base of before: the network address of an editor in the place of a postal address is emptied, and nothing that anybody typed (0119).
begin;
\i tests/sql/fixture.sql
select no_plan();
create temp table was (surname text primary key, address text, is_kept boolean) on commit drop;
insert into was values ('Сетев', '192.168.1.17', false), ('Шестов', 'fe80::1ff:fe23:4567:890a', false), ('Петлин', '::1', false), ('Смешанов', '::ffff:10.0.0.7', false), ('Полный', '2001:0db8:0000:0000:0000:ff00:0042:8329', false),
    ('Сетева', '192.168.1.17', false),
    ('Домов', 'ул. Баумана, 1, кв. 7', true), ('Цифров', '420000', true), ('Дробин', '12.5', true), ('Квартирин', '1.2.3.4, кв. 5', true), ('Большин', '300.1.2.3', true),
    ('Корпусов', '12:4', true), ('Часов', '1:2:3', true), ('Строчкин', 'fe:80', true), ('Пустов', null, true), ('Буквин', 'ab', true), ('Многоточин', '1.2.3.4.5', true);
insert into core.party (kind, name, surname, address, source) select 'PERSON', w.surname || ' Иван', w.surname, w.address, 'test' from was w;
insert into core.duplicate (party_low, party_high, class, score, weights, source)
select least(a.party_id, b.party_id), greatest(a.party_id, b.party_id), 'POSSIBLE', 9, v.w::jsonb, 'scan' from core.party a, core.party b,
    (values ('Сетева', '[{"field": "address", "level": "same"}]'), ('Домов', '[{"field": "address", "level": "none"}, {"field": "phone", "level": "same"}]')) v(name, w)
where a.surname = 'Сетев' and b.surname = v.name;
insert into core.merge (survivor_id, merged_id, merged_at, alone_until, before, result)
select a.party_id, b.party_id, core.now(), core.now(), jsonb_build_object('survivor', jsonb_build_object('address', '10.1.2.3', 'city', 'Казань'), 'merged', jsonb_build_object('address', 'ул. Мира, 4')), '{}'
from core.party a, core.party b where a.surname = 'Домов' and b.surname = 'Пустов';
\i schema/tables/0119_address_typed.sql
select is((select string_agg(w.surname, ' ' order by w.surname) from was w join core.party p using (surname) where not w.is_kept and p.address is not null), null, 'a network address is no place where anybody lives: emptied, of both kinds and however written');
select is((select string_agg(w.surname, ' ' order by w.surname) from was w join core.party p using (surname) where w.is_kept and p.address is distinct from w.address), null, 'what somebody typed stays, whatever it looks like');
select is((select count(*) from core.party p join was w using (surname) where p.version > 1), 6::bigint, 'who has the old record open is told that it changed');
select is((select string_agg(b.surname, ' ') from core.duplicate d join core.party b on b.surname in ('Сетева', 'Домов') and b.party_id in (d.party_low, d.party_high)), 'Домов', 'two who were paired by the editor''s address are no pair any more, others are');
select is((select m.before from core.merge m), '{"merged": {"address": "ул. Мира, 4"}, "survivor": {"city": "Казань", "address": null}}'::jsonb, 'an unmerge brings back no network address either');
select * from finish();
rollback;
