-- SPDX-License-Identifier: Apache-2.0
-- The data-protection desk: R146-R152, S23. An erased person is looked for in every row of the whole base.
begin;
\i tests/sql/fixture.sql
select plan(63);

create function test.found(p_words text[]) returns text language plpgsql as $$
declare t regclass; n bigint; answer text := '';
begin
    for t in select c.oid::regclass from pg_class c where c.relnamespace in ('core'::regnamespace, 'session'::regnamespace) and c.relkind = 'r' order by 1 loop
        execute format('select count(*) from %s x where lower(x::text) like any ($1)', t) into n using (select array_agg('%' || lower(w) || '%') from unnest(p_words) w);
        if n > 0 then answer := answer || t || ' ' || n || ' '; end if;
    end loop;
    return btrim(answer);
end $$;
create function test.of(p_surname text) returns core.party language sql stable as $$ select p from core.party p where p.surname = p_surname $$;

-- a person with a trace in every place
select test.register('seller_a', 'Канарейкина', '+79035557001', ', p_email => ''kanareika@mail.example'', p_patronymic => ''Канареевна'', p_born_on => ''1980-05-05'', p_city => ''Канарск''');
create temp table who as select (test.of('Канарейкина')).party_id as id, (test.of('Канарейкина')).public_id as uuid;
select test.call('seller_a', format('select api.interaction_add(%L, ''NOTE'', p_text => ''канарейка поёт'')', uuid)) from who;
select test.call('seller_a', format('select api.task_add(''канарейке позвонить'', ''call'', core.now(), p_person_id => %L)', uuid)) from who;
select test.call('seller_a', format('select api.consent_add(%L, ''PROFILING'', ''1'', ''бланк канарейки'')', uuid)) from who;
select test.call('seller_a', format('select api.attachment_add(%L, ''канарейка.txt'', repeat(''a'', 64), 7)', uuid)) from who;
select test.call('seller_b', 'select api.registration_add(p_kind => ''PERSON'', p_surname => ''Канарейкина'', p_phone => ''+79035557001'', p_brand_id => 1, p_line => ''NEW'')');
select test.register('seller_b', 'Канарейкина', '+79035557001');
select test.call('seller_b', 'select api.waiting_claim_add(p_surname => ''Канарейкина'', p_phone => ''+79035557001'', p_brand_id => 1, p_line => ''NEW'', p_purpose => ''канарейка'')');
insert into core.message (party_id, channel, dealer_id, kind, address, vars) select id, 'EMAIL', 1, 'campaign', 'kanareika@mail.example', '{"name":"Канарейкина"}' from who;
insert into core.upload (dealer_id, staff_id, name, size_bytes, sha256) values (1, test.staff('manager_a'), 'list.csv', 1, repeat('b', 64));
insert into core.import (dealer_id, staff_id, upload_id) select 1, test.staff('manager_a'), upload_id from core.upload;
insert into core.import_row (import_id, line_no, cells) select import_id, 2, '["Канарейкина","+79035557001"]' from core.import;
insert into core.import_result (import_id, line_no, verdict, party_id, undo) select import_id, 2, 'updated', (select id from who), '{"x":"канарейка"}' from core.import;
insert into core.exchange_row (dealer_id, source, seq, kind, sha256, verdict, party_id, detail) select 1, 's', 1, 'client', 'x', 'created', id, '{"name":"Канарейкина"}' from who;
insert into session.idempotency (staff_id, route, key, request_hash, answer) select test.staff('seller_a'), 'r', 'k', 'x', json_build_object('id', uuid, 'name', 'Канарейкина') from who;
select test.call('manager_a', format('select api.sale_add(%L, ''S-77'', core.now()::date, 2, ''NEW'', 100000)', uuid)) from who;
create temp table found_before as select test.found('{канаре,канарск,kanarei,kanarsk,9035557001}') as places;
select is((select count(*) > 12 from unnest(string_to_array((select places from found_before), ' ')) x where x like '%.%'), true, 'the person left traces in many tables: ' || (select places from found_before));

-- requests
select is(test.call('dpo', 'select api.privacy_request_add(''erasure'', ''passport seen'', p_phone => ''8 903 555-70-01'', p_surname => ''Другой'') as v') ->> 'error', 'ZC404', 'a contact alone does not find a person: the surname must fit (R22)');
select is(test.call('dpo', 'select api.privacy_request_add(''erasure'', '' '', p_phone => ''89035557001'', p_surname => ''Kanareykina'') as v') ->> 'error', 'ZC400', 'how he was known to be himself must be said');
select is(test.call('dpo', 'select api.privacy_request_add(''forget'', ''x'') as v') ->> 'error', 'ZC402', 'a kind must be one of the four');
select is(test.call('dpo', 'select api.privacy_request_add(''access'', ''passport seen'', p_phone => ''8 903 555-70-01'', p_surname => ''Kanareykina'') as v') -> 0 -> 'v' ->> 'id' is not null, true, 'any writing of phone and surname finds the person (R20, R21)');
select is(test.call('dpo', 'select api.privacy_request_add(''access'', ''again'', p_phone => ''89035557001'', p_surname => ''Канарейкина'') as v') ->> 'error', 'ZC151', 'one request of a kind is open at a time');
select is(test.call('seller_b', format('select api.privacy_request_add(''access'', ''x'', %L) as v', (select uuid from who))) ->> 'error', 'ZC404', 'another dealer files for nobody he may not see');
select is(test.call('router', 'select * from api.privacy_requests_list()') ->> 'error', null, 'the route is the officer''s; a login of the class reads by it only');
select is((select (r.due_at at time zone 'Europe/Moscow')::date - (r.received_at at time zone 'Europe/Moscow')::date between 13 and 20 from core.privacy_request r), true, 'R147: ten working days, weekends uncounted');
select is(test.call('dpo', format('select api.privacy_dossier(%L) as v', (select public_id from core.privacy_request))) #>> '{0,v,data,contact_point,0,value}' like '%kanareika%'
    or test.call('dpo', format('select api.privacy_dossier(%L) as v', (select public_id from core.privacy_request))) #>> '{0,v,data,contact_point,0,value}' like '+7903%', true, 'R147: access gives what is held, table by table');
select is(test.call('dpo', format('select api.privacy_done(%L, 1, ''given by hand'') as v', (select public_id from core.privacy_request))) -> 0 -> 'v' ->> 'state', 'DONE', 'and is done with its outcome');
select is(test.call('dpo', format('select api.privacy_done(%L, 2, ''x'') as v', (select public_id from core.privacy_request))) ->> 'error', 'ZC150', 'once');

-- correction
select test.call('seller_a', format('select api.privacy_request_add(''correction'', ''asked by phone'', %L) as v', (select uuid from who)));
select is(test.call('dpo', format('select api.privacy_correct(%L, 1, p_given_name => ''Канария'') as v', (select public_id from core.privacy_request where kind = 'correction'))) -> 0 -> 'v' ->> 'version', '2', 'R147: a correction is made at the desk');
select is((select t.name from core.dealer_party t, who where t.party_id = id and t.dealer_id = 1), 'Канарейкина Канария Канареевна', 'and the owner sees it at once');
select is(test.call('dpo', format('select api.privacy_correct(%L, 1, p_given_name => ''x'') as v', (select public_id from core.privacy_request where kind = 'correction'))) ->> 'error', 'ZC412', 'on the version it was based on');

-- withdrawal of processing
select test.call('seller_a', format('select api.consent_withdraw(%L, ''PROCESSING'', ''everybody'', ''letter'')', (select uuid from who)));
select is((select state || ' ' || source from core.privacy_request where kind = 'withdrawal'), 'OPEN withdrawal', 'R147: who withdraws the processing starts the officer''s term');
select is(test.call('dpo', format('select api.privacy_done(%L, 1, ''ended'') as v', (select public_id from core.privacy_request where kind = 'withdrawal'))) -> 0 -> 'v' ->> 'state', 'DONE', 'the desk ends it');
select is((select count(*) from core.consent c, who where c.party_id = id and c.withdrawn_at is null), 0::bigint, 'with every consent of the person');

-- erasure
select test.call('dpo', format('select api.privacy_request_add(''erasure'', ''passport seen, канарейка'', %L) as v', (select uuid from who)));
create temp table ask as select public_id as id from core.privacy_request where kind = 'erasure';
update core.ownership set state = 'HELD', event = 'order', rule = 'R83', ver = ver + 1 where party_id = (select id from who) and state = 'ACTIVE';
select is(test.call('dpo', format('select api.privacy_erase(%L, 1) as v', (select id from ask))) ->> 'error', 'ZC149', 'R149: not while an order runs');
update core.ownership set state = 'ACTIVE', event = 'cancel_order', rule = 'R83', ver = ver + 1 where party_id = (select id from who) and state = 'HELD';
select is(test.call('dpo', format('select api.privacy_erase(%L, 1) as v', (select id from ask))) -> 0 -> 'v' ->> 'state', 'ASKED', 'R149: an erasure needs a second person');
select is(test.call('dpo', format('select api.approval_approve(%L) as v', (select public_id from core.approval))) ->> 'error', 'ZC132', 'who is not the asker');
select is(test.call('admin', format('select api.approval_refuse(%L, ''look again'') as v', (select public_id from core.approval))) -> 0 -> 'v' ->> 'state', 'REFUSED', 'he may refuse');
select is((select state from core.privacy_request where kind = 'erasure'), 'OPEN', 'then the request waits on');
select test.call('dpo', format('select api.privacy_erase(%L, 3) as v', (select id from ask)));
select is(test.call('admin', format('select api.approval_approve(%L) as v', (select public_id from core.approval where state = 'ASKED'))) -> 0 -> 'v' ->> 'state', 'APPROVED', 'or grant, and it happens');
select is(test.found('{канаре,канарск,kanarei,kanarsk,9035557001}'), '', 'R149: no word of the person is left in any table');
select is((select (rows ->> 'contact_point')::int from core.erasure), 2, 'the request file keeps counts');
select is((select count(*) from core.file_gone where sha256 = repeat('a', 64)), 1::bigint, 'R149: bytes of files go too');
select is((select array_agg(distinct o.reason::text) from core.ownership o, who where o.party_id = id), '{erased}', 'rights are closed as erased');
select is((select count(*) from core.sale s, who where s.party_id = id and s.amount_kopecks = 100000), 1::bigint, 'the sale stays a fact of the business');
select is((select name::text from core.party p, who where p.party_id = id), 'Удалённый клиент', 'without its person');
select is(test.call('seller_a', format('select id from api.person_get(%L) where id is not null', (select uuid from who))), '[]', 'nobody opens him');
select is(test.call('dpo', format('select api.privacy_request_add(''access'', ''x'', %L) as v', (select uuid from who))) ->> 'error', 'ZC147', 'a second request says that he is erased');

-- S23: he comes back in B's list, by hand, as a lead, with a sale
select is(test.register('seller_b', 'Канарейкина', '8 (903) 555-70-01') -> 0 ->> 'verdict', 'OPTED_OUT', 'S23: a registration answers OPTED OUT');
select is((core.intake_row(2, test.staff('system_b'), 'client', '{"name":"Канарейкина Мария","phone":"89035557001","brand_id":"1","line":"NEW","consent_evidence":"f"}', 'import')).verdict, 'OPTED_OUT', 'S23: so does a row of a list');
select is((core.intake_row(2, test.staff('system_b'), 'client', '{"name":"Канарейкина Мария","phone":"89035557001"}', 'import')).verdict, 'OPTED_OUT', 'S23: a row that would be a draft too');
select is((core.intake_row(2, test.staff('system_b'), 'client', '{"name":"Канарейкина","phone":"89035557001","document_number":"9","document_on":"2026-01-01","document_amount":"5","brand_id":"1","line":"NEW"}', 'import')).verdict, 'OPTED_OUT', 'S23: and a document of his');
select is(test.found('{канаре,kanarei,9035557001}'), '', 'S23: nothing of it is stored');
select is(test.call('router', 'select * from api.lead_add(''Канарейкина Мария'', ''+79035557001'', 1, ''NEW'', ''F7'', ''site'', ''web'')') ->> 'error', 'ZC024', 'S23: a lead of head office neither');
select is(test.call('dpo', 'select api.stop_lift(''new form'', p_phone => ''+79035557001'') as v') -> 0 -> 'v' ->> 'lifted', '1', 'D.14: only a fresh consent lifts it');
select is(test.register('seller_b', 'Канарейкина', '+79035557001') -> 0 ->> 'verdict', 'FREE', 'then he is a new person');

-- R150: retention
insert into core.party (kind, name, surname, source, created_at) select 'PERSON', 'Старый ' || n, 'Старый', 'test', core.now() - interval '3 years' from generate_series(1, 5) n;
insert into core.consent (party_id, dealer_id, purpose, text_version, evidence, source, given_at) select min(party_id), 0, 'PROCESSING', '1', 'x', 'hand', core.now() - interval '1 year' from core.party where surname = 'Старый';
select is(core.retention_step(100), 4, 'R150: prospects of whom nothing came for 24 months are erased, unless a newer consent says longer');
select is(core.retention_step(100), 0, 'and a second run finds nothing');
-- the walk goes round: what is looked at a turn is bounded, and nobody is left out for it
create temp table walk (n int, erased int, at bigint);
do $$ begin
    for i in 1 .. (select count(*) / 3 + 1 from core.party) loop
        insert into walk (n, erased) values (i, core.retention_step(100, 3));
        update walk w set at = (m.detail ->> 'party')::bigint from core.clock_mark m where m.name = 'retention.people' and w.n = i;
    end loop;
end $$;
select is((select count(*) from walk w where w.at = 0), 1::bigint, 'R150: people are looked at by threes, from where the turn before ended, until the round is over');
select ok((select bool_and(w.at > l.at) from walk w join walk l on l.n = w.n - 1 where w.at > 0), 'each turn goes on behind the one before');
select is((select sum(w.erased) from walk w), 0::bigint, 'a round finds nothing new');

insert into core.import_row (import_id, line_no, cells) select import_id, 3, '["Чужой"]' from core.import;
select test.wait('91 days');
select is((select core.retention_lists() + core.retention_lists()), 2, 'R150: a list older than its term is emptied once');
select is((select count(*) from core.import_row where cells <> '[]') + (select count(*) from core.file_gone where sha256 = repeat('b', 64)), 1::bigint, 'and its file given up');
select core.retention_tick();
select is(exists (select from core.job where kind = 'files_purge' and spec -> 'files' ? repeat('b', 64)), true, 'to the job that takes files off the disk');

-- R150: why rows have their verdicts is kept for its own term
insert into core.row_verdict (dealer_id, channel, kind, verdict, at)
select 1, 'hand', 'registration', 'FREE', core.now() - make_interval(days => core.policy_int('R150.verdicts') + x) from unnest('{-1,1,2}'::int[]) x;
select is(core.retention_verdicts(2) + core.retention_verdicts(1000000), 2, 'R150: explanations of verdicts go when their term is over');
select is((select count(*) from core.row_verdict v where v.at < core.now() - make_interval(days => core.policy_int('R150.verdicts') - 2)), 1::bigint, 'and not a day earlier');

-- R150: so are notices
insert into core.notice (staff_id, kind, subject, occurrence, at)
select test.staff('seller_a'), 'N6', 'x', x::text, core.now() - make_interval(days => core.policy_int('R150.notices') + x) from unnest('{-1,1,2}'::int[]) x;
select is(core.retention_notices(1000000), 2, 'R150: notices go when their term is over');
select is((select count(*) from core.notice v where v.subject = 'x'), 1::bigint, 'and not a day earlier');

-- R152: employees among the clients
select is(test.register('seller_a', 'Сотрудников', '+79035557099', ', p_email => ''seller_a@staff.example''') ->> 'error', 'ZC152', 'R152: nobody registers himself');
select is(test.register('seller_a2', 'Сотрудников', '+79035557099', ', p_email => ''seller_a@staff.example''') -> 0 ->> 'verdict', 'FREE', 'a colleague may');
select is((select m.kind from core.party_mark m join core.party p using (party_id) where p.surname = 'Сотрудников'), 'staff', 'and the record is marked by its address');
select is(test.call('manager_a', format('select api.right_seat(%L, %L)', (select o.public_id from core.ownership o join core.party p using (party_id) where p.surname = 'Сотрудников'), test.staff_uuid('seller_a'))) ->> 'error', 'ZC152', 'nor is he ever made his own seat');
select is(test.call('manager_a', format('select api.person_mark(%L, ''relative'', %L) as v', (test.of('Сотрудников')).public_id, test.staff_uuid('seller_a2'))) -> 0 -> 'v' ->> 'kind', 'relative', 'a relative is marked by hand');
select is((select o.seat_id from core.ownership o join core.party p using (party_id) where p.surname = 'Сотрудников'), null, 'and falls to the queue of the dealer');

-- R149, R27: what is left of an erased person has the same name as any other; the comparison of the base must not take them for one
create temp table pages (party_id bigint);
do $$
declare j core.job;
begin
    j := core.job_add('match_scan', '{}', 0, 'H', 0);
    update core.job x set state = 'RUNNING', lease = '\x01', lease_until = core.now() + interval '1 minute', staff_id = test.staff('steward'), role = 'steward'
    where x.job_id = j.job_id;
    grant insert on pages to head_office;
    set local session authorization head_office;
    perform session.bind_job(j.job_id, '\x01');
    insert into pages select m.party_id from core.match_scan_page(j.job_id, 0, 5000, 'PERSON') m;
    set local session authorization default;
    perform set_config('clientele.identity', '', true);
end $$;
select ok((select count(*) from pages) > 0 and exists (select from core.party p where p.erased_at is not null), 'there are people to compare, and erased ones');
select is((select count(*) from pages join core.party p using (party_id) where p.erased_at is not null), 0::bigint, 'R149: the comparison of the base never reads an erased person');

-- D.14: nobody is left to show, in no list and after no renewal of the lists
select core.rebuild_projection();
select is((select count(*) from core.party p where p.erased_at is not null and p.is_pool), 0::bigint, 'R149: who is erased is in no pool, also when the lists are made anew');
select is(test.call('router', 'select * from api.people_list(p_q => ''Удалённый'')'), '[]', 'a router finds none of them by the name all of them have');
select is((select count(*) from jsonb_array_elements(test.call('router', 'select * from api.people_list(p_pool => false)')) e where e ->> 'name' like 'Удалённый%'), 0::bigint, 'nor in the list of everybody');

select * from finish();
rollback;
