-- SPDX-License-Identifier: Apache-2.0
-- The first screen by role: a few numbers that ask for action, today's work, first steps. Numbers are counts over indexes.

create function core.tile(p_key text, p_value bigint, p_link text, p_unit text default null, p_target bigint default null)
returns json language sql immutable as $$
select json_strip_nulls(json_build_object('key', p_key, 'value', p_value, 'unit', p_unit, 'target', p_target, 'link', p_link)) $$;
comment on function core.tile(text, bigint, text, text, bigint) is 'One number of the first screen: words come from the client by key.';

create function core.home_tasks() returns json language sql stable as $$
select coalesce(json_agg(json_build_object('id', t.id, 'version', t.version, 'kind', t.kind, 'title', t.title, 'due_at', t.due_at,
    'state', t.state, 'person_id', t.person_id, 'person_name', t.person_name, 'is_overdue', t.is_overdue)), '[]')
from (select * from api.tasks_list('mine', null, null, 8)) t $$;
comment on function core.home_tasks() is 'The caller''s next eight tasks.';

create function core.home_seat() returns json language sql stable as $$
select json_build_object('tiles', json_build_array(
    core.tile('tasks_due', (select count(*) from core.task t where t.dealer_id = session.dealer() and t.seat_id = session.staff()
        and t.state = 'OPEN' and t.due_at < core.now() + interval '1 day'), '/tasks'),
    core.tile('leads_new', (select count(*) from core.ownership o where o.dealer_id = session.dealer() and o.state = 'OFFERED' and core.is_lead(o.source, o.accept_until)), '/leads'),
    core.tile('first_contact', (select count(*) from core.ownership o where o.dealer_id = session.dealer() and o.seat_id = session.staff()
        and o.state = 'ACTIVE' and o.first_contact_at is null and o.contact_until is not null), '/leads'),
    core.tile('expiring', (select count(*) from core.ownership o where o.dealer_id = session.dealer() and o.seat_id = session.staff()
        and o.state = 'ACTIVE' and o.protect_until < core.now() + interval '7 days'), '/clients?sort=protect_until&state=ACTIVE'),
    core.tile('clients', (select count(distinct o.party_id) from core.ownership o where o.seat_id = session.staff() and o.state <> 'CLOSED'), '/clients')),
    'tasks', core.home_tasks(),
    'birthdays', (select coalesce(json_agg(json_build_object('person_id', b.public_id, 'name', b.name, 'on', b.born_on)), '[]') from (
        select p.public_id, p.name, p.born_on from core.ownership o join core.party p on p.party_id = o.party_id
        where o.seat_id = session.staff() and o.state in ('ACTIVE', 'HELD', 'CUSTOMER')
          and to_char(p.born_on, 'MMDD') = to_char(core.dealer_local_on(session.dealer(), core.now()), 'MMDD')
        group by p.party_id order by p.name_sort limit 8) b)) $$;
comment on function core.home_seat() is 'The day of a seller, adviser or operator: own tasks, leads with clocks, expiring rights, birthdays.';

create function core.home_manager() returns json language sql stable as $$
select json_build_object('tiles', json_build_array(
    core.tile('leads_new', (select count(*) from core.ownership o where o.dealer_id = session.dealer() and o.state = 'OFFERED' and core.is_lead(o.source, o.accept_until)), '/leads'),
    core.tile('queue', (select count(*) from core.ownership o where o.dealer_id = session.dealer() and o.seat_id is null
        and o.state in ('ACTIVE', 'HELD', 'CUSTOMER')), '/clients?seat_id=none'),
    core.tile('tasks_overdue', (select count(*) from core.task t where t.dealer_id = session.dealer() and t.state = 'OPEN'
        and t.due_at < core.now()), '/tasks?scope=team'),
    core.tile('expiring', (select count(*) from core.ownership o where o.dealer_id = session.dealer() and o.state = 'ACTIVE'
        and o.protect_until < core.now() + interval '7 days'), '/clients?sort=protect_until&state=ACTIVE'),
    core.tile('clients', (select count(*) from core.dealer_party d where d.dealer_id = session.dealer() and d.state <> 'CLOSED'), '/clients')),
    'tasks', core.home_tasks(),
    'seats', (select coalesce(json_agg(json_build_object('id', s.public_id, 'name', s.name, 'role', s.role,
            'clients', (select count(distinct o.party_id) from core.ownership o where o.seat_id = s.staff_id and o.state <> 'CLOSED'),
            'overdue', (select count(*) from core.task t where t.dealer_id = s.dealer_id and t.seat_id = s.staff_id
                and t.state = 'OPEN' and t.due_at < core.now())) order by s.name collate "ru-x-icu"), '[]')
        from core.staff s where s.dealer_id = session.dealer() and s.is_active and s.role in ('seller', 'adviser', 'operator'))) $$;
comment on function core.home_manager() is 'The branch today: leads, queue, overdue tasks, expiring rights, the load of each seat.';

create function core.home_office() returns json language sql stable as $$
select json_build_object('tiles', json_build_array(
    core.tile('offered', (select count(*) from core.ownership o where o.state = 'OFFERED' and core.is_lead(o.source, o.accept_until)), '/leads'),
    core.tile('offered_late', (select count(*) from core.ownership o where o.state = 'OFFERED' and o.accept_until < core.now()), '/leads'),
    core.tile('lead_desk', (select count(*) from core.lead l where l.state <> 'DONE' and l.desk_at is not null), '/leads?show=desk'),
    core.tile('campaigns_running', (select count(*) from core.campaign c where c.state in ('LAUNCHING', 'RUNNING')), '/campaigns'),
    core.tile('registrations_7d', (select count(*) from core.ownership o where o.registered_at > core.now() - interval '7 days'), '/branches'),
    core.tile('dealers', (select count(*) from core.dealer d where d.dealer_id > 0 and d.is_active), '/dealers'))) $$;
comment on function core.home_office() is 'The network today, counts only (R136).';

create function core.home_auditor() returns json language sql stable as $$
select json_build_object('tiles', json_build_array(
    core.tile('dealers', (select count(*) from core.dealer d where d.dealer_id > 0 and d.is_active), '/branches'),
    core.tile('probe_limits_30d', (select count(*) from core.ledger l where l.kind = 'probe.limit' and l.at > core.now() - interval '30 days'),
        '/ledger?kind=probe.limit'),
    core.tile('watch_7d', (select count(*) from core.watch_hit w where w.on_day > (core.now() at time zone 'UTC')::date - 7), '/watch'),
    core.tile('exports_7d', (select count(*) from core.export e where e.state = 'DONE' and e.asked_at > core.now() - interval '7 days'),
        '/exports'),
    core.tile('unread', (select count(*) from core.notice n where n.staff_id = session.staff() and n.read_at is null), '/ledger'))) $$;
comment on function core.home_auditor() is 'What an auditor looks at first: probe limits, exports, notices.';

-- A few names and how many there are: {count, items}. in: one json object a row, in the order to show
create function core.home_some(p_rows json[]) returns json language sql immutable as $$
select json_build_object('count', cardinality(p_rows), 'items', array_to_json(p_rows[1:4])) $$;
comment on function core.home_some(json[]) is 'The first four of a list and its length, for a line of the first screen.';

-- What only an administrator can mend. Sales staff may work without a second factor; who sees many people may not.
create function core.home_attention() returns json language sql stable as $$
with seat as (
    select s.staff_id, s.role, json_build_object('id', s.public_id, 'name', s.name, 'role', s.role, 'dealer_id', d.public_id,
        'dealer_name', d.name, 'at', s.created_at) as row, s.role_bit, a.login, a.has_totp, a.has_password
    from core.staff s join core.dealer d on d.dealer_id = s.dealer_id
    left join session.accounts() a on a.staff_id = s.staff_id
    where s.is_active and s.role <> 'system')
select json_build_object(
    'no_factor', (select core.home_some(coalesce(array_agg(x.row order by x.role_bit, x.staff_id), '{}')) from seat x
        where x.role_bit & (1 | 2 | 4 | 8 | 16 | 256 | 1024 | 2048) > 0 and x.has_password and not x.has_totp),
    'not_accepted', (select core.home_some(coalesce(array_agg(x.row order by x.staff_id), '{}')) from seat x
        where x.login is not null and not x.has_password),
    'no_manager', (select core.home_some(coalesce(array_agg(json_build_object('id', d.public_id, 'name', d.name) order by d.dealer_id), '{}'))
        from core.dealer d where d.dealer_id > 0 and d.is_active
          and not exists (select from core.staff s where s.dealer_id = d.dealer_id and s.is_active and s.role = 'manager')),
    'failed_jobs', (select core.home_some(coalesce(array_agg(json_build_object('id', j.public_id, 'name', j.kind, 'at', j.finished_at)
        order by j.job_id desc), '{}')) from core.job j where j.state = 'FAILED' and j.created_at > core.now() - interval '7 days')) $$;
comment on function core.home_attention() is 'Accounts, dealers and jobs that wait for the administrator; each {count, items}.';

-- The newest eight: the index on time is read backwards and left at the eighth.
create function core.home_entries() returns json language sql stable as $$
select coalesce(json_agg(json_build_object('at', e.at, 'is_refused', e.kind = 'session.refused', 'name', s.name, 'role', s.role,
    'dealer_name', d.name) order by e.at desc, e.ledger_id desc), '[]')
from (select l.ledger_id, l.at, l.kind, l.staff_id from core.ledger l where l.kind in ('session.begin', 'session.refused')
          and l.at > core.now() - interval '7 days' order by l.at desc, l.ledger_id desc limit 8) e
left join core.staff s on s.staff_id = e.staff_id left join core.dealer d on d.dealer_id = s.dealer_id $$;
comment on function core.home_entries() is 'Who signed in lately, and who was refused.';

create function core.home_mail() returns json language sql stable as $$
select json_build_object(
    'waiting', (select count(*) from core.outbox o where o.state in ('ready', 'leased')),
    'waiting_since', (select min(o.not_before) from core.outbox o where o.state = 'ready' and o.not_before < core.now()),
    'accepted', count(*) filter (where x.state = 'accepted'), 'failed', count(*) filter (where x.state in ('failed', 'unknown')),
    'last_at', max(x.changed_at) filter (where x.state = 'accepted'))
from (select o.state, o.changed_at from core.outbox o order by o.outbox_id desc limit 1000) x $$;
comment on function core.home_mail() is 'The mail gateway: what waits and since when; what became of the latest thousand letters.';

create function core.home_admin() returns json language sql stable as $$
select json_build_object('tiles', json_build_array(
    core.tile('staff', (select count(*) from core.staff s where s.is_active), '/staff'),
    core.tile('no_second_factor', (select count(*) from core.staff s left join session.accounts() a on a.staff_id = s.staff_id
        where s.is_active and s.dealer_id = 0 and not coalesce(a.has_totp, false)), '/staff'),
    core.tile('jobs_failed', (select count(*) from core.job j where j.state = 'FAILED' and j.created_at > core.now() - interval '7 days'), '/staff'),
    core.tile('mail_waiting', (select count(*) from core.outbox o where o.state = 'ready'), '/mail'),
    core.tile('dealers', (select count(*) from core.dealer d where d.dealer_id > 0), '/dealers')),
    'attention', core.home_attention(), 'entries', core.home_entries(), 'mail', core.home_mail()) $$;
comment on function core.home_admin() is 'Health at a glance: accounts, second factors, failed jobs, mail; what waits for the administrator; who signed in lately.';

create function core.home_steward() returns json language sql stable as $$
select json_build_object('tiles', json_build_array(
    core.tile('pairs', (select count(*) from core.duplicate d where d.state = 'OPEN'), '/duplicates'),
    core.tile('pairs_sure', (select count(*) from core.duplicate d where d.state = 'OPEN' and d.class in ('EXACT', 'STRONG')), '/duplicates'),
    core.tile('merged_30d', (select count(*) from core.merge g where g.merged_at > core.now() - interval '30 days' and g.undone_at is null), '/merges'))) $$;
comment on function core.home_steward() is 'What the data steward looks at first: pairs to decide, merges that one person may still undo.';

create function core.home_dpo() returns json language sql stable as $$
select json_build_object('tiles', json_build_array(
    core.tile('privacy_open', (select count(*) from core.privacy_request r where r.state in ('OPEN', 'ASKED')), '/privacy'),
    core.tile('privacy_soon', (select count(*) from core.privacy_request r where r.state in ('OPEN', 'ASKED') and r.due_at < core.now() + interval '2 days'), '/privacy'),
    core.tile('erased_30d', (select count(*) from core.erasure e where e.at > core.now() - interval '30 days'), '/privacy'))) $$;
comment on function core.home_dpo() is 'What the data-protection officer looks at first: requests that wait, those whose term ends, erasures.';

create function core.home_arbiter() returns json language sql stable as $$
select json_build_object('tiles', json_build_array(
    core.tile('disputes_decide', count(*) filter (where d.state in ('ANSWERED', 'APPEALED')), '/disputes'),
    core.tile('disputes_soon', count(*) filter (where d.state in ('ANSWERED', 'APPEALED') and d.due_at < core.now() + interval '2 days'), '/disputes'),
    core.tile('disputes_answer', count(*) filter (where d.state in ('FILED', 'ADMITTED')), '/disputes'),
    core.tile('approvals', (select count(*) from core.approval a join core.approval_kind k on k.kind = a.kind where a.state = 'ASKED' and a.until_at > core.now()
        and a.asked_by <> session.staff() and k.roles & 8 > 0), '/approvals')))
from core.dispute d where d.dispute_id in (select s.dispute_id from core.dispute_seat s where s.staff_id = session.staff())
  and d.state in ('FILED', 'ADMITTED', 'ANSWERED', 'APPEALED') $$;
comment on function core.home_arbiter() is 'What an arbiter looks at first: cases that wait for his decision, those whose term ends, those that wait for an answer, approvals. source: R102, R106';

create function core.has_done(p_kind text) returns boolean language sql stable as $$
select exists (select from core.ledger l where l.staff_id = session.staff() and l.kind = p_kind) $$;
comment on function core.has_done(text) is 'Whether the ledger has such an act of the caller (index on staff).';

-- First steps of this role, each judged by what the caller has really done. Roles by bit: 1 admin, 2 marketer, 4 router, 8 arbiter,
-- 16 manager, 32 seller, 64 adviser, 128 operator, 256 auditor, 1024 steward, 2048 data-protection officer.
create function core.home_checklist() returns json language sql stable as $$
select coalesce(json_agg(json_build_object('key', s.key, 'is_done', coalesce(s.is_done, false)) order by s.place), '[]') from (values
    (1, 'totp', 511 | 1024 | 2048, session.has_totp(session.staff())),
    (2, 'staff', 1, core.has_done('staff.add')),
    (3, 'segment', 2, exists (select from core.segment g where g.created_by = session.staff())),
    (4, 'campaign', 2 | 16, exists (select from core.campaign c where c.created_by = session.staff())),
    (5, 'lead', 4, core.has_done('lead.assign')),
    (6, 'view', 4 | 16 | 32 | 64, exists (select from core.saved_view v where v.staff_id = session.staff())),
    (7, 'task', 16 | 32 | 64, exists (select from core.task t where t.seat_id = session.staff() and t.state = 'DONE')),
    (8, 'call', 128, core.has_done('call.result')),
    (9, 'touches', 256, core.has_done('read.competing_touches')),
    (10, 'ledger', 256, core.has_done('read.ledger_list'))) s(place, key, roles, is_done)
where s.roles & session.role_bit() > 0 $$;
comment on function core.home_checklist() is 'First steps of a new user of this role with what is done.';

create function api.home_get() returns json language plpgsql stable security definer set search_path = '' as $$
declare v_role int := session.role_bit(); v jsonb;
begin
    v := case when v_role = 16 then core.home_manager() when v_role in (32, 64, 128) then core.home_seat()
              when v_role = 256 then core.home_auditor() when v_role = 1 then core.home_admin()
              when v_role = 8 then core.home_arbiter() when v_role = 1024 then core.home_steward() when v_role = 2048 then core.home_dpo() else core.home_office() end::jsonb;
    return v || jsonb_build_object('role', session.role_name(), 'checklist', core.home_checklist());
end $$;
comment on function api.home_get is $$
The first screen of the caller's role: tiles with keys and links, next tasks, birthdays, the load of seats, first steps.
out: one document; counts come from indexes and cover only what the role may see (R135, R136) $$;
