-- SPDX-License-Identifier: Apache-2.0
-- Keys stored by an older way of normalising are made again from what was typed (R20), whatever interrupts it.
begin;
\i tests/sql/fixture.sql
select plan(17);
select test.register('seller_a', 'Долгов', '+4917112345678'), test.register('seller_b', 'Фирсов', '+79035551111', ', p_email => ''f@mail.example'', p_plate => ''А123ВС77''');
select test.register('manager_a', 'Сорок' || n, '+7903555' || (2000 + n * 37)) from generate_series(1, 20) n;
update core.rekey set version = core.key_version();

-- as an older version kept them
insert into core.party (kind, name, surname, given_name, source) values ('PERSON', 'Долгов Иван', 'Долгов', 'Иван', 'old');
insert into core.contact_point (party_id, kind, value, raw, is_primary, source_dealer_id)
select party_id, 'PHONE', '+81049171123456', '8~10 49 171 12345678', true, 2 from core.party where source = 'old';
insert into core.match_key (kind, value, party_id, surname_key, is_exact) select 'PHONE', '+81049171123456', party_id, surname_key, true from core.party where source = 'old';
update core.vehicle set plate = 'А123ВС77' where plate = 'A123BC77';
update core.match_key set value = 'А123ВС77' where kind = 'PLATE';
update core.match_key k set surname_key = 'firsof' from core.party p where p.party_id = k.party_id and p.surname = 'Фирсов' and k.kind <> 'PLATE';
create temp table before_all as select k.* from core.match_key k join core.party p using (party_id) where p.surname like 'Сорок%';

select is((select verdict from core.register(2, test.staff('manager_b'), '{"kind": "PERSON", "surname": "Долгов", "given_name": "Иван", "phone": "8~10 49 171 12345678", "brand_id": 1, "line": "NEW",
    "consent_evidence": "f", "interest": "x"}', 'import')), 'PROTECTED', 'what is typed today meets what was registered today');
select is((select count(*) from core.duplicate), 0::bigint, 'the row of the old way meets nobody');
select is(core.rekey_tick(), 0, 'nothing is looked at while nothing has improved');
update core.rekey set version = core.key_version() - 1;

-- interrupted: a turn that is taken back has not been
do $$
begin
    begin
        perform core.rekey_tick(5);
        raise exception using errcode = 'ZC999', message = 'killed';
    exception when sqlstate 'ZC999' then null;
    end;
end $$;
select is((select after_party from core.rekey), 0::bigint, 'a turn that was killed has not been');
do $$ begin for n in 1 .. 50 loop exit when core.rekey_tick(4) = 0; end loop; end $$;
select is((select version from core.rekey), core.key_version(), 'turn by turn the base is gone through');
select is((select c.value from core.contact_point c join core.party p using (party_id) where p.source = 'old'), '+4917112345678', 'a number that was read wrongly is read rightly (R20)');
select is((select array_agg(k.value) from core.match_key k join core.party p using (party_id) where p.source = 'old'), '{+4917112345678}', 'its key too, and the wrong key is gone');
select is((select d.class::text from core.duplicate d), 'EXACT', 'with whom he shares it now is on the steward''s list (R27)');
select is((select count(*) from core.match_key k where k.value = '+4917112345678' and k.is_exact), 1::bigint, 'and one party still is the proof of the pair (R1)');
select is((select plate from core.vehicle), 'A123BC77', 'a plate');
select is((select array_agg(k.value) from core.match_key k where k.kind = 'PLATE'), '{A123BC77}', 'and its key');
select is((select array_agg(distinct k.surname_key) from core.match_key k join core.party p using (party_id) where p.surname = 'Фирсов'), array[core.surname_key('Фирсов')], 'keys are confirmed by the surname as it is compared today');
select is((select count(*) from core.match_key k join core.party p using (party_id) where p.surname = 'Фирсов' and k.kind in ('PHONE', 'EMAIL') and k.is_exact), 2::bigint, 'and prove again');
select bag_eq('select k.* from core.match_key k join core.party p using (party_id) where p.surname like ''Сорок%''', 'select * from before_all', 'who was right stays as he was');
select is((select detail from core.ledger where kind = 'match.rekey'), '{"repaired": 4}', 'the ledger has a count and no number');
update core.rekey set version = core.key_version() - 1;
do $$ begin for n in 1 .. 50 loop exit when core.rekey_tick(1000) = 0; end loop; end $$;
select is((select repaired from core.rekey), 0::bigint, 'a second round finds nothing') where (select after_party from core.rekey) = 0;

-- local digits stay what their dealer completed them to
insert into core.contact_point (party_id, kind, value, raw, source_dealer_id) select party_id, 'PHONE', '+78432000004', '2000004', 2 from core.party where source = 'old';
update core.rekey set version = core.key_version() - 1;
do $$ begin for n in 1 .. 50 loop exit when core.rekey_tick(1000) = 0; end loop; end $$;
select is((select count(*) from core.contact_point where value = '+78432000004'), 1::bigint, 'local digits are not completed anew by another area code');
select * from finish();
rollback;
