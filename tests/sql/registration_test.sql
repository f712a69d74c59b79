-- SPDX-License-Identifier: Apache-2.0
-- Registration, verdicts, probes, drafts: R20-R26, R30-R35, S1, S2.
begin;
\i tests/sql/fixture.sql
select plan(45);

-- S1
select is(test.register('seller_a', 'Иванов', '8 (903) 123-45-67') -> 0 ->> 'verdict', 'FREE', 'the first registration wins (R31)');
select is(test.register('seller_b', 'Ivanov', '+79031234567') -> 0 ->> 'verdict', 'PROTECTED', 'the same phone with the name in Latin is protected (S1, R20)');
select is((select count(*) from core.ownership where state = 'ACTIVE'), 1::bigint, 'one right exists (R1)');
select is((select count(*) from core.receipt), 1::bigint, 'one receipt exists (R31)');
select is((select sha256 from core.receipt), (select encode(sha256(convert_to(body, 'UTF8')), 'hex') from core.receipt), 'the receipt carries the hash of its own bytes (R8)');
create temp table said as select test.register('seller_b', 'Иванов', '9031234567') -> 0 as r;
select is((select array_agg(k order by k) from said, jsonb_object_keys(jsonb_strip_nulls(r)) k),
    '{claim_from,is_claim_possible,padding,rule,verdict}', 'a refusal carries verdict, claim date and rule, nothing of the person (R24)');
select is((select extract(isodow from (r ->> 'claim_from')::date) from said), 1::numeric, 'the claim date is a Monday (R25)');
select is(test.register('seller_a2', 'Иванов', '89031234567') -> 0 ->> 'verdict', 'YOURS', 'a colleague learns that the person is his dealer''s');
select is(test.register('seller_b', 'Иванов', '89031234567', p_brand => 2) -> 0 ->> 'verdict', 'FREE', 'another brand may be registered by another dealer (R35)');
select is((select count(distinct party_id) from core.ownership), 1::bigint, 'both rights are on one person (R27)');
select is(test.register('seller_b', 'Сидоров', '89031234567', p_brand => 3) -> 0 ->> 'verdict', 'FREE', 'the same phone with another surname is another person (R22)');
select is((select count(*) from core.party), 2::bigint, 'two people share the phone');

-- equally long refusals (R25)
select is(test.register('manager_a', 'Петров', '+79035550001', ', p_email => ''petrov@mail.example''') -> 0 ->> 'verdict', 'FREE', 'a manager registers into the queue');
update core.party set is_opted_out = true where surname = 'Сидоров';
select is((select count(distinct length(test.register(l, 'Иванов', '89031234567', p_brand => b)::text)) from (values ('seller_c', 1), ('seller_d', 1), ('seller_c', 2)) v(l, b)),
    1::bigint, 'refusals by PROTECTED are equally long');
select is(length((test.register('seller_c', 'Сидоров', '89031234567', p_brand => 1) -> 0)::text), length((test.register('seller_c', 'Иванов', '89031234567') -> 0)::text),
    'OPTED_OUT is as long as PROTECTED (R25)');
select is(test.register('seller_c', 'Сидоров', '89031234567', p_brand => 1) -> 0 ->> 'verdict', 'OPTED_OUT', 'an opted-out person without a right is OPTED_OUT (R24)');

-- R22 by e-mail, VIN of the current owner, INN
select is(test.register('seller_b', 'Petrov', '+79990000000', ', p_email => ''PETROV@mail.example''') -> 0 ->> 'verdict', 'PROTECTED', 'e-mail and surname match exactly');
select is(test.register('seller_a', 'Волков', '+79035550002', ', p_vin => ''XTA210990Y2765432''') -> 0 ->> 'verdict', 'FREE', 'a person with a car');
select is(test.register('seller_b', 'Волков', '+79035550003', ', p_vin => ''XTA210990Y2765432''') -> 0 ->> 'verdict', 'PROTECTED', 'the VIN of the current owner with the surname matches');
select is(test.call('seller_a', $$select * from api.registration_add(p_kind => 'COMPANY', p_name => 'ООО «Ромашка»', p_inn => '7707083893', p_phone => '+74951112233', p_brand_id => 1,
    p_line => 'FLEET', p_source => 'x', p_occasion => 'referral', p_interest => 'fleet', p_consent_evidence => 'contract')$$) -> 0 ->> 'verdict', 'FREE', 'a company');
select is(test.call('seller_b', $$select * from api.registration_add(p_kind => 'COMPANY', p_name => 'Romashka LLC', p_inn => '7707083893', p_phone => '+74950000001', p_brand_id => 1,
    p_line => 'FLEET', p_source => 'x', p_occasion => 'referral', p_interest => 'fleet', p_consent_evidence => 'contract')$$) -> 0 ->> 'verdict', 'PROTECTED', 'an INN matches by itself');

-- drafts (R30)
create temp table draft as select test.call('seller_a', $$select * from api.registration_add(p_kind => 'PERSON', p_surname => 'Иванов', p_phone => '89031234567', p_brand_id => 1, p_line => 'NEW')$$) -> 0 as r;
select is((select r ->> 'state' from draft), 'DRAFT', 'an incomplete registration is a draft');
select is((select r ->> 'verdict' from draft), null, 'a draft tells no verdict: it would be a free probe');
select is((select r -> 'missing' from draft), '["source", "occasion", "interest", "consent_evidence"]', 'and names what is missing');
select is(jsonb_array_length(test.call('seller_a', 'select * from api.drafts_list()')), 1, 'the seat sees its draft');
select is(jsonb_array_length(test.call('seller_a2', 'select * from api.drafts_list()')), 0, 'a colleague does not');
select is(jsonb_array_length(test.call('manager_a', 'select * from api.drafts_list()')), 1, 'the manager does');
select is(test.register('seller_a', 'Иванов', '12') ->> 'field', 'phone', 'an impossible phone is refused by name');

-- STRONG: two keys of somebody with another name wait for a router (R32)
select is(test.register('seller_b', 'Медведева', '+79035550001', ', p_email => ''petrov@mail.example''', p_brand => 2) -> 0 ->> 'state', 'PENDING', 'two keys and another name wait for review');
select is((select count(*) from core.notice where kind = 'N4' and staff_id = test.staff('router')), 1::bigint, 'the router is told');
select test.wait('3 days');
select core.clock_rights();
select is((select o.state from core.ownership o join core.party p using (party_id) where p.surname = 'Медведева'), 'ACTIVE', 'after a working day the claim stands (R32)');

-- probes (S2)
delete from core.probe;
create temp table probes as select test.call('seller_b', $$select * from api.probe_check(1, 'NEW', 'walk-in asks', 'form', p_phone => '89031234567', p_surname => 'Иванов')$$) as r from generate_series(1, 31);
select is((select count(*) from probes where r -> 0 ->> 'verdict' = 'PROTECTED'), 30::bigint, 'thirty probes an hour are answered');
select is((select count(*) from probes where r ->> 'error' = 'ZC026'), 1::bigint, 'the 31st is refused (S2, R26)');
select is((select count(*) from core.notice where kind = 'N14' and staff_id = test.staff('auditor')), 1::bigint, 'the auditor is told');
select is((select count(*) from core.ledger where kind like 'probe.%' and kind <> 'probe.limit' and staff_id = test.staff('seller_b') and at > core.now() - interval '1 hour'), 30::bigint, 'every probe is in the ledger');
select is(test.call('seller_b', $$select * from api.probe_check(1, 'NEW', ' ', 'form', p_phone => '89031234567')$$) ->> 'error', 'ZC027', 'a probe needs a purpose');
select test.wait('2 hours');
select is(test.call('seller_c', $$select * from api.waiting_claim_add(1, 'NEW', 'asked', 'form', p_phone => '89031234567', p_surname => 'Иванов')$$) -> 0 ->> 'verdict', 'PROTECTED', 'a waiting claim is a probe too');
select is((select count(*) from core.waiting_claim), 1::bigint, 'and is kept (R34)');

-- consents of a new person, and of one who is known: each once (R146)
select test.call('seller_b', $$select * from api.registration_add(p_kind => 'PERSON', p_surname => 'Согласов', p_phone => '+79035550311', p_brand_id => 2, p_line => 'NEW', p_source => 'x',
    p_occasion => 'visit', p_interest => 'Rio', p_consent_evidence => 'form 1', p_consent_channels => '{CALL,CALL,EMAIL}')$$);
select results_eq($$select c.purpose::text, coalesce(c.channel::text, '-'), c.evidence from core.consent c join core.party p using (party_id) where p.surname = 'Согласов' order by 1, 2$$,
    $$values ('ADVERTISING', 'CALL', 'form 1'), ('ADVERTISING', 'EMAIL', 'form 1'), ('PROCESSING', '-', 'form 1')$$, 'each consent of a new person is one row');
select test.call('seller_b', $$select * from api.registration_add(p_kind => 'PERSON', p_surname => 'Согласов', p_phone => '+79035550311', p_brand_id => 2, p_line => 'NEW', p_source => 'x',
    p_occasion => 'visit', p_interest => 'Rio', p_consent_evidence => 'form 2', p_consent_channels => '{CALL,SMS}')$$);
select is((select string_agg(c.evidence || ' ' || c.channel, ', ' order by c.consent_id) from core.consent c join core.party p using (party_id) where p.surname = 'Согласов' and c.evidence = 'form 2'),
    'form 2 SMS', 'what is in force already is not written again');

-- the projection of a first right (core.project_first) is what core.project makes of the same pair
create temp table pairs as select o.dealer_id, o.party_id, o as r, row_number() over () as n from core.ownership o where o.state <> 'CLOSED';
create temp table projected (how text, n bigint, list jsonb, keys jsonb, party jsonb);
create function test.project_anew(p_how text) returns void language plpgsql as $$
declare x record;
begin
    for x in select * from pairs loop
        delete from core.dealer_party t where t.party_id = x.party_id;
        delete from core.dealer_key k where k.party_id = x.party_id;
        update core.party p set is_pool = true, router_level = 'FULL' where p.party_id = x.party_id;
        if p_how = 'first' then perform core.project_first(x.r);
        else perform core.project(array[x.dealer_id], array[x.party_id]); end if;
        insert into projected select p_how, x.n, (select to_jsonb(t) - 'updated_at' from core.dealer_party t where t.party_id = x.party_id),
            (select jsonb_agg(to_jsonb(k) order by k.kind, k.value) from core.dealer_key k where k.party_id = x.party_id),
            (select jsonb_build_array(p.is_pool, p.router_level) from core.party p where p.party_id = x.party_id);
    end loop;
end $$;
insert into core.task (party_id, dealer_id, kind, title, due_at)
select x.party_id, x.dealer_id, 'call', 'call back', core.now() + make_interval(hours => h) from pairs x, generate_series(1, 2) h where x.n % 2 = 1;
select test.project_anew('first'); select test.project_anew('general');
select cmp_ok((select count(*) from projected where how = 'first' and list is not null and keys is not null), '>=', 5::bigint, 'people with a phone, an address, a car, an INN are projected');
select is((select count(*) from pairs x where core.project_first(x.r)), 0::bigint, 'a pair that has its row is left to core.project');
select is_empty($$select f.list, f.keys, f.party, g.list, g.keys, g.party from projected f join projected g on g.n = f.n and g.how = 'general'
    where f.how = 'first' and f.list is not null and (f.list, f.keys, f.party) is distinct from (g.list, g.keys, g.party)$$, 'a first projection is what any later one is');

-- seat limit (P18), ban (P17)
update core.policy set value_int = 2, min_int = 1 where name = 'P18.seat';
select is(test.register('seller_a', 'Новый', '+79035550099') ->> 'error', 'ZC018', 'a seat has a limit of prospects (P18)');
update core.policy set value_int = 150 where name = 'P18.seat';
select test.wait('40 days'); select core.clock_rights(); select test.wait('8 days'); select core.clock_rights();
select test.call('seller_c', format($$select * from api.right_decline(%L, 'gone')$$, o.public_id)) from core.ownership o where o.rule = 'R15' and o.state = 'OFFERED';   -- he had waited
select is(test.call('seller_a', $$select * from api.registration_add(p_kind => 'PERSON', p_surname => 'Иванов', p_phone => '89031234567', p_brand_id => 1, p_line => 'NEW', p_source => 'x',
    p_occasion => 'exhibition', p_interest => 'F7', p_consent_evidence => 'f')$$) ->> 'error', 'ZC017', 'whose right expired may not take it again for 14 days (P17)');
select * from finish();
rollback;
