-- SPDX-License-Identifier: Apache-2.0
-- R17: what an outage extends beside the terms of rights, and what it does not.
begin;
\i tests/sql/fixture.sql
select no_plan();

create function test.right_of(p_surname text) returns core.ownership language sql stable as $$
select o from core.ownership o join core.party p on p.party_id = o.party_id where p.surname = p_surname order by o.line limit 1 $$;
create function test.party(p_surname text) returns bigint language sql stable as $$ select p.party_id from core.party p where p.surname = p_surname $$;
create function test.at(p_local text) returns void language sql as $$ select test.wait((p_local::timestamp at time zone 'Europe/Moscow') - core.now()) $$;
create function test.outage(p_for interval) returns void language sql as $$
update core.clock_state set real_at = clock_timestamp() - p_for where name = 'rights'; select core.clock_rights(); select core.clock_rights() $$;
create function test.grown(p_was timestamptz, p_is timestamptz) returns interval language sql as $$ select date_trunc('minute', p_is - p_was + interval '30 seconds') $$;
select test.at('2027-03-02 12:00');
select core.clock_rights();

-- the 24 hours of a lead (R45), an offer, a review, a first-contact task, a transfer offer, an approval, a permission to serve, a notice
select test.register('seller_a', 'Простоев', '+79037780001');
select test.register('seller_a', 'Разрешин', '+79037780002');
insert into core.party (kind, name, surname, given_name) values ('PERSON', 'Лидов Иван', 'Лидов', 'Иван');
insert into core.lead (party_id, brand_id, line, state, came_at, due_at, source)
values (test.party('Лидов'), 1, 'NEW', 'ROUTING', core.now(), core.now() + interval '24 hours', 'site');
insert into core.review (ownership_id, party_id, dealer_id, brand_id, line, reasons, until_at)
select o.ownership_id, o.party_id, 1, 1, 'NEW', '{strong}', core.now() + interval '8 hours' from test.right_of('Разрешин') o;
insert into core.task (dealer_id, party_id, kind, title, due_at) values (1, test.party('Разрешин'), 'lead', 'x', core.now() + interval '2 hours'),
    (1, test.party('Разрешин'), 'callback', 'agreed hour', core.now() + interval '2 hours');
insert into core.approval (kind, subject, dealer_id, asked_by, until_at) values ('extension', (test.right_of('Простоев')).public_id, 1, test.staff('seller_a'), core.now() + interval '1 day');
insert into core.serve_grant (party_id, dealer_id, brand_id, line, reason, document, from_at, until_at) values
    (test.party('Простоев'), 2, 1, 'NEW', 'R81', 'V-1', core.now(), core.now() + interval '7 days'),
    (test.party('Разрешин'), 2, 1, 'NEW', 'R81', 'V-2', core.now() - interval '8 days', core.now() - interval '1 day');
select core.notify(test.staff('manager_a'), 'N1', 'x', 'outage');
insert into core.unmask_grant (staff_id, dealer_id, party_id, reason, at, until_at)
values (test.staff('router'), 0, test.party('Простоев'), 'complaint', core.now(), core.now() + interval '15 minutes');
create temp table was as select
    (select due_at from core.lead where party_id = test.party('Лидов')) as lead, (select until_at from core.review where party_id = test.party('Разрешин')) as review,
    (select due_at from core.task where kind = 'lead' and title = 'x') as task, (select due_at from core.task where title = 'agreed hour') as agreed,
    (select until_at from core.approval where kind = 'extension') as approval, (select until_at from core.serve_grant where until_at > core.now()) as serve,
    (select until_at from core.serve_grant where until_at < core.now()) as served,
    (select escalate_at from core.notice where subject = 'x' and occurrence = 'outage') as notice, (select until_at from core.unmask_grant limit 1) as unmask;
select test.outage('5 hours');
select is(test.grown(w.lead, l.due_at), interval '5 hours', 'R17: the 24 hours of a lead (R45) grow by an outage') from was w, core.lead l where l.party_id = test.party('Лидов');
select is(test.grown(w.review, r.until_at), interval '5 hours', 'R17: a review (R32) grows by an outage') from was w, core.review r where r.party_id = test.party('Разрешин');
select is(test.grown(w.task, t.due_at), interval '5 hours', 'R17: the task of the first contact (P2) grows by an outage') from was w, core.task t where t.title = 'x';
select is(test.grown(w.agreed, t.due_at), interval '0', 'R17: an hour that somebody chose stays') from was w, core.task t where t.title = 'agreed hour';
select is(test.grown(w.approval, a.until_at), interval '5 hours', 'R17: two days to answer a request for a longer term (R53) grow by an outage') from was w, core.approval a where a.kind = 'extension';
select is(test.grown(w.serve, g.until_at), interval '5 hours', 'R17: a permission to serve (R81) grows by an outage') from was w, core.serve_grant g where g.party_id = test.party('Простоев');
select is(test.grown(w.served, g.until_at), interval '0', 'R17: what was over before stays over') from was w, core.serve_grant g where g.party_id = test.party('Разрешин');
select is(test.grown(w.notice, n.escalate_at), interval '5 hours', 'R17: a notice that nobody could read goes on to the manager later (R142)') from was w, core.notice n where n.subject = 'x' and n.occurrence = 'outage';
select is(test.grown(w.unmask, u.until_at), interval '0', 'R17: a look into masked data (R137) does not grow') from was w, core.unmask_grant u;
select test.outage('1 minute');
select is(test.grown(w.lead, l.due_at), interval '5 hours', 'R17: once, whatever runs twice') from was w, core.lead l where l.party_id = test.party('Лидов');

-- R45: after an outage of 30 hours a lead of yesterday is still with its dealer, not on the desk
select test.outage('30 hours');
select is(test.grown(w.lead, l.due_at), interval '35 hours', 'R17: a second outage adds its own length') from was w, core.lead l where l.party_id = test.party('Лидов');

-- what is counted backwards: back-dating (P21), taking back a close (R19)
select is(core.outage_since(core.now() - interval '10 minutes') < interval '21 minutes', true, 'R17: of an outage counts what lies after the instant asked about (two outages here)');
select test.register('seller_a', 'Поздняков', '+79037780003');
select is((test.call('seller_a', format($$select * from api.interaction_add(%L, 'VISIT', p_evidence => 'V-1', p_at => core.now() - interval '26 hours')$$,
    (select public_id from core.party where surname = 'Поздняков'))) -> 0 ->> 'is_qualifying')::boolean, true, 'R17, P21: hours of an outage do not count against the day in which an activity is entered');
select is((test.call('seller_a', format($$select * from api.interaction_add(%L, 'VISIT', p_evidence => 'V-2', p_at => core.now() - interval '60 hours')$$,
    (select public_id from core.party where surname = 'Поздняков'))) -> 0 ->> 'is_qualifying')::boolean, false, 'R54: later than that it does not qualify');

-- an outage that begins while the one before is still being made good is not lost
update core.clock_state set real_at = clock_timestamp() - interval '5 hours' where name = 'rights';
select core.clock_outage(1);
update core.clock_state set real_at = clock_timestamp() - interval '6 hours' where name = 'rights';
create temp table before2 as select protect_until from test.right_of('Простоев');
select count(core.clock_rights()) from generate_series(1, 5);
select is((select count(*) from core.outage where not is_planned and finished_at is not null), 4::bigint, 'R17: an outage during the repair of another is made good after it');
select is((select count(*) from core.outage where finished_at is null), 0::bigint, 'R17: and all are finished');
select is((select count(*) from core.right_differences()), 0::bigint, 'R161: every right is rebuilt from its history');
select * from finish();
rollback;
