-- SPDX-License-Identifier: Apache-2.0
-- Notices: R140-R145, N1-N15.
begin;
\i tests/sql/fixture.sql
select no_plan();
create function test.at(p_local text) returns void language sql as $$
select test.wait((p_local::timestamp at time zone 'Europe/Moscow') - core.now()) $$;
create function test.notices(p_login text, p_kind text) returns bigint language sql stable as $$
select count(*) from core.notice n where n.staff_id = test.staff(p_login) and n.kind = p_kind $$;
create function test.letters(p_login text) returns bigint language sql stable as $$
select count(*) from core.message m where m.kind = 'notice' and m.address = p_login || '@staff.example' $$;

select test.at('2026-11-23 12:00');

-- the list (R142, R144)
select is((select string_agg(k.kind, ' ' order by k.rank) from core.notice_kind k where k.kind like 'N%'), 'N1 N2 N3 N4 N5 N6 N7 N8 N9 N10 N11 N12 N13 N14 N15', 'N1 to N15 are declared');
select is((select string_agg(k.kind, ' ' order by k.rank) from core.notice_kind k where k.due_min is not null), 'N1 N5 N8', 'N1, N5 and N8 escalate (R142)');
select is((select string_agg(k.kind, ' ' order by k.rank) from core.notice_kind k where k.is_urgent), 'N1 N8 N13 N14', 'N1, N8, N13 and N14 wait for no quiet hour (R143)');
select is((select count(*) from core.notice_kind k cross join (values ('ru'), ('en')) l(lang) where not exists (select from core.notice_template t where t.kind = k.kind and t.lang = l.lang)), 0::bigint, 'each is named in both languages (R144)');

-- exactly once (R141)
select core.notify(test.staff('seller_a'), 'N1', 'x', 'a'), core.notify(test.staff('seller_a'), 'N1', 'x', 'a'), core.notify(test.staff('seller_a'), 'N1', 'x', 'b');
select is(test.notices('seller_a', 'N1'), 2::bigint, 'once per event and receiver (R141)');
select throws_ok(format($$insert into core.notice (staff_id, kind, subject, occurrence) values (%s, 'N1', 'x', 'a')$$, test.staff('seller_a')), '23505', null, 'by a key, whoever writes (R141)');

-- letters (R140, R143, R144)
select core.notice_tick();
select is(test.letters('seller_a'), 2::bigint, 'an offer goes by letter at once (N1)');
select core.notice_tick();
select is(test.letters('seller_a'), 2::bigint, 'once, however often the clock runs (R141)');
select is((select n.mail_state from core.notice n where n.staff_id = test.staff('seller_a') limit 1), 'queued', 'its state is kept');
update core.outbox o set state = 'accepted' from core.message m where m.message = o.message and m.kind = 'notice';
select core.notice_tick();
select is((select bool_and(n.mail_state = 'sent') from core.notice n where n.staff_id = test.staff('seller_a')), true, 'to the end (R141)');
select is((select m.subject from core.message m where m.kind = 'notice' limit 1), 'Clientele: Вам предложен клиент', 'in the reader''s language');
update core.notice_template set subject = '{{network}} - {{title}}', version = 2 where false;
insert into core.notice_template (kind, lang, version, valid_from, subject, body) values ('one', 'ru', 2, core.now(), '{{title}}!', 'Войдите');
select core.notify(test.staff('seller_a'), 'N8', 'y', ''); select core.notice_tick();
select is((select count(*) from core.message m where m.subject = 'По спору есть новости!'), 1::bigint, 'by the version of the template in force (R144)');

-- read at work: no letter; others wait two minutes for that
select core.notify(test.staff('seller_b'), 'N9', 'z', ''); select core.notice_tick();
select is(test.letters('seller_b'), 0::bigint, 'what is not urgent waits for its reader');
select test.call('seller_b', format($$select * from api.notices_read(%L)$$, (select array_agg(n.public_id) from core.notice n where n.staff_id = test.staff('seller_b'))));
select test.wait('3 minutes'); select core.notice_tick();
select is(test.letters('seller_b'), 0::bigint, 'who has read it gets no letter');

-- quiet hours, muting, digest (R143)
select is(test.call('manager_b', $$select * from api.notice_settings_put('{N8}')$$) ->> 'error', 'ZC143', 'urgent kinds cannot be muted (R143)');
select is(test.call('manager_b', $$select * from api.notice_settings_put('{N99}')$$) ->> 'field', 'muted', 'only kinds that exist');
select is(test.call('manager_b', $$select * from api.notice_settings_put(p_quiet_from => 22)$$) ->> 'field', 'quiet_to', 'quiet hours have two ends');
select is(test.call('manager_b', $$select * from api.notice_settings_put('{N15}', p_quiet_from => 20, p_quiet_to => 8)$$) -> 0 ->> 'quiet_to', '8', 'settings are kept');
select test.at('2026-11-23 22:30');
select core.notify(test.staff('manager_b'), 'N9', 'q1', ''), core.notify(test.staff('manager_b'), 'N15', 'q2', ''), core.notify(test.staff('manager_b'), 'N8', 'q3', '');
select test.wait('3 minutes'); select core.notice_tick();
select is(test.letters('manager_b'), 1::bigint, 'in quiet hours only the urgent one comes (R143)');
select test.at('2026-11-24 08:01'); select core.notice_tick();
select is(test.letters('manager_b'), 2::bigint, 'the other when they end; the muted one never');
select test.call('seller_d', $$select * from api.notice_settings_put(p_is_digest => true, p_digest_hour => 9)$$);
select core.notify(test.staff('seller_d'), 'N9', 'd1', ''), core.notify(test.staff('seller_d'), 'N9', 'd2', ''), core.notify(test.staff('seller_d'), 'N7', 'd3', ''), core.notify(test.staff('seller_d'), 'N1', 'd4', '');
select test.wait('3 minutes'); select core.notice_tick();
select is(test.letters('seller_d'), 1::bigint, 'with a digest only the urgent one comes alone (R143)');
select test.at('2026-11-24 09:05'); select core.notice_tick(); select core.notice_tick();
select is(test.letters('seller_d'), 2::bigint, 'the rest as one letter a day');
select is((select m.body like '%По спору принято решение: 2%' and m.subject like '%— 3' from core.message m where m.subject like '%уведомления%'), true, 'with kinds and counts');

-- escalation (R142, R145)
select core.notify(test.staff('adviser_b'), 'N5', 'e1', '');
select test.wait('9 hours'); select core.notice_tick();
select is((select n.occurrence from core.notice n where n.staff_id = test.staff('manager_b') and n.kind = 'N5'), 'up ', 'an unread N5 goes on to the manager (R142)');
select test.wait('9 hours'); select core.notice_tick();
select is(test.notices('manager_b', 'N5'), 1::bigint, 'once, and no further');
select core.notify(test.staff('arbiter'), 'N8', 'e2', 'decide');
select test.wait('9 hours'); select core.notice_tick();
select is((select count(*) from core.notice n where n.staff_id = test.staff('admin') and n.kind = 'N8'), 1::bigint, 'a silent arbiter''s goes to the administrator');

-- N1 repeats at half of P1 and ends at the manager; the right runs by its own clock (R145)
select test.at('2026-11-25 10:00');
select test.call('router', format($$select * from api.lead_add('Волков Олег', '+79032220001', 1, 'NEW', 'F7', 'site', 'form', p_dealer_id => %L)$$, test.dealer(1)));
select is((select count(*) from core.ownership o where o.state = 'OFFERED'), 1::bigint, 'an offer');
create temp table told as select count(*) as n from core.notice n where n.kind = 'N1' and n.occurrence = (select o.ownership_id::text from core.ownership o where o.state = 'OFFERED');
select cmp_ok((select n from told), '>', 0::bigint, 'is told (N1)');
select test.wait('61 minutes'); select core.notice_tick(); select core.notice_tick();
select is((select count(*) from core.notice n where n.occurrence like '%:half'), (select n from told), 'again at half of P1, once');
select test.wait('62 minutes'); select core.clock_rights(); select core.notice_tick();
select cmp_ok((select count(*) from core.notice n where n.staff_id = test.staff('manager_a') and n.kind = 'N1' and n.occurrence like 'up %'
    and n.subject = (select p.public_id::text from core.party p where p.surname = 'Волков')), '>', 0::bigint, 'and to the manager when it ended unread (R142)');
select is((select o.state::text from core.ownership o join core.party p using (party_id) where p.surname = 'Волков'), 'CLOSED', 'the offer ended by its own term, read or not (R145)');

-- each of the list is really sent by somebody (R142)
select is((select string_agg(k.kind, ' ' order by k.rank) from core.notice_kind k where not exists (select from pg_proc p
    where p.pronamespace in ('core'::regnamespace, 'api'::regnamespace) and p.proname !~ '^notice_' and p.prosrc like '%''' || k.kind || '''%')), null, 'every kind of the list has its sender (R142)');
create function test.person_of(p_surname text) returns uuid language sql stable as $$ select p.public_id from core.party p where p.surname = p_surname $$;
create function test.told(p_login text, p_kind text, p_surname text) returns bigint language sql stable as $$
select count(*) from core.notice n where n.staff_id = test.staff(p_login) and n.kind = p_kind and n.subject = test.person_of(p_surname)::text $$;
select test.at('2026-12-01 11:00');
select test.register('manager_b', 'Ходынин', '+79032220011', format(', p_seat_id => %L', test.staff_uuid('seller_b')));
select is(test.told('seller_b', 'N2', 'Ходынин'), 1::bigint, 'N2: who did not register himself learns of his new client');
select is(test.told('manager_b', 'N2', 'Ходынин'), 0::bigint, 'N2: who did has the receipt');
select test.wait('24 days'); delete from core.clock_state where name = 'warnings'; select core.clock_warnings();
select is(test.told('seller_b', 'N6', 'Ходынин'), 1::bigint, 'N6: a week before the end');
select test.wait('5 days 2 hours'); delete from core.clock_state where name = 'warnings'; select core.clock_warnings();
select is(test.told('seller_b', 'N6', 'Ходынин'), 2::bigint, 'N6: two days before');
select test.wait('3 days'); select core.clock_rights();
select is(test.told('seller_b', 'N6', 'Ходынин'), 3::bigint, 'N6: at the end');
select test.wait('8 days'); select core.clock_rights(); select core.clock_rights();
select is(test.told('seller_b', 'N6', 'Ходынин'), 4::bigint, 'N6: and when grace is over; each once');
select is(core.notify_all('N6', array[test.staff('seller_b'), test.staff('seller_b'), null], array['m', 'm', 'm'], array['1', '1', '2']), 1, 'many at once: once per event and receiver too (R141)');
select test.register('seller_a', 'Согласов', '+79032220012');
select test.call('seller_a', format($$select * from api.consent_withdraw(%L, 'ADVERTISING', 'everybody', 'call')$$, test.person_of('Согласов')));
select is(test.told('seller_a', 'N13', 'Согласов'), 1::bigint, 'N13: the seat of the right, once');

-- each kind at its event, once for each event, and again when it happens again (R141)
create function test.kind(p_login text, p_kind text, p_surname text) returns bigint language sql stable as $$
select count(*) from core.notice n join core.party p on n.subject = p.public_id::text where n.staff_id = test.staff(p_login) and n.kind = p_kind and p.surname = p_surname $$;
create function test.offered(p_surname text) returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p using (party_id) where p.surname = p_surname and o.state <> 'CLOSED' limit 1 $$;
select test.at('2027-02-01 11:00');
select test.call('router', format($$select * from api.lead_add('Отказов Олег', '+79032220021', 1, 'NEW', 'F7', 'site', 'form', p_dealer_id => %L)$$, test.dealer(1)));
create temp table first_offer as select (test.offered('Отказов')).public_id as id;
grant select on first_offer to public;
select is(test.call('manager_a', $$select * from api.right_decline((select id from first_offer), 'no car')$$) ->> 'error', null, 'N3: a dealer declines');
select is(test.kind('router', 'N3', 'Отказов'), 1::bigint, 'N3: the router is told of a declined offer');
select isnt(test.call('manager_a', $$select * from api.right_decline((select id from first_offer), 'no car')$$) ->> 'error', null, 'N3: declining again is refused');
select is(test.kind('router', 'N3', 'Отказов'), 1::bigint, 'N3: and tells nothing twice');
create temp table second_offer as select core.right_claim(p.party_id, 1::smallint, 'NEW', null, 2, null, 'offer', jsonb_build_object('accept_until', core.now() + interval '1 minute'), 'R45', null) as o
  from core.party p where p.surname = 'Отказов' and not exists (select from core.ownership x where x.party_id = p.party_id and x.state <> 'CLOSED');
select test.wait('1 day'); select core.clock_rights(); select core.clock_rights();
select is(test.kind('router', 'N3', 'Отказов'), 2::bigint, 'N3: an offer of the same client that ends unanswered is another event, told once (R45, R141)');
select is((select string_agg(n.occurrence, ' ' order by n.notice_id) from core.notice n join core.party p on n.subject = p.public_id::text
    where n.staff_id = test.staff('router') and n.kind = 'N3' and p.surname = 'Отказов'),
  (select string_agg(h.ownership_id::text, ' ' order by h.recorded_at) from core.ownership_history h join core.party p using (party_id)
    where p.surname = 'Отказов' and h.state = 'CLOSED' and h.reason in ('declined', 'not_accepted')), 'N3: one notice for each right that nobody took, and no other');

-- nothing of a person in a letter (R140)
select is((select count(*) from core.message m join core.notice n on n.message = m.message where m.body ~ '(\+7|Волков|[0-9a-f]{8}-)' or m.subject ~ 'Волков'), 0::bigint, 'no letter names anybody (R140)');
-- one's own only
select is(jsonb_array_length(test.call('seller_a2', $$select * from api.notices_list(p_is_unread => true) where subject in ('x', 'y')$$)), 0, 'nobody reads another''s notices');
select * from finish();
rollback;
