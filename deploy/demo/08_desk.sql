-- SPDX-License-Identifier: Apache-2.0
-- What lies on the desks today: tasks open and done, saved views, notices, receipts, probes, drafts, waiting claims, the
-- last pushes of the dealers' own systems. A branch's weak points show here as well: overdue tasks, missed contacts.

insert into core.city (name, region, time_zone) select name, region, zone from demo.city on conflict (name) do update set region = excluded.region, time_zone = excluded.time_zone;
update core.setting set value = 'Автомобильная сеть' where name = 'network_name';

-- ---- tasks: one next step on nearly every open right; service calls; the done ones behind them ------------------------------------
analyze core.ownership, core.repair_order, core.interaction;
create table demo.task_pick as
select role, array_agg(kind order by title) as kinds, array_agg(title order by title) as titles from demo.task_list group by role;
create table demo.task as
select v.ownership_id as draw, v.dealer_id, v.seat_id, v.party_id, t.kinds, t.titles, v.interest, d.overdue, v.zone, v.at as since,
       case when v.line = 'SERVICE' then 'adviser' else 'seller' end as role, true as is_open,
       case when demo.u(v.ownership_id, 301) < d.overdue then -1 * (0.2 + 9 * demo.u(v.ownership_id, 302) ^ 2) else 0.05 + 6 * demo.u(v.ownership_id, 302) ^ 1.4 end as due_days
from demo.version v join demo.dealer d using (dealer_id)
join demo.task_pick t on t.role = case when v.line = 'SERVICE' then 'adviser' else 'seller' end
where v.is_last and v.state in ('ACTIVE', 'HELD') and v.first_contact_at is not null and demo.u(v.ownership_id, 300) < 0.84
  and exists (select from core.ownership o where o.ownership_id = v.ownership_id)
union all   -- service customers whose next visit comes near
select 5000000 + o.ownership_id, o.dealer_id, o.seat_id, o.party_id, t.kinds, t.titles, null, d.overdue, d.zone, o.changed_at, 'adviser', true,
       case when demo.u(o.ownership_id, 304) < d.overdue * 0.8 then -1 * (0.3 + 12 * demo.u(o.ownership_id, 305) ^ 2) else 0.1 + 13 * demo.u(o.ownership_id, 305) end
from core.ownership o join demo.dealer d using (dealer_id) join demo.task_pick t on t.role = 'adviser'
where o.state = 'CUSTOMER' and o.line = 'SERVICE' and demo.u(o.ownership_id, 303) < 0.055;

insert into core.task (task_id, public_id, dealer_id, seat_id, party_id, kind, title, due_at, state, outcome, created_by, created_at, done_at) overriding system value
select n, demo.uuid('task', n), dealer_id, seat_id, party_id, kinds[k], replace(titles[k], '{model}', coalesce(interest, 'новый автомобиль')), due_at, state::core.task_state, outcome, seat_id,
       least(created_at, due_at), done_at
from (select row_number() over (order by due_at, draw) as n, * from (
    select draw, dealer_id, seat_id, party_id, titles, kinds, 1 + demo.i(draw, 306, 0, cardinality(titles) - 1) as k, interest,
           demo.hours(demo.today() + floor(due_days)::int, zone, demo.u(draw, 307)) as due_at, 'OPEN' as state, null as outcome, since as created_at, null::timestamptz as done_at
    from demo.task
    union all   -- each step of a story was once a task
    select a.draw + 100000000, a.dealer_id, a.seat_id, a.party_id, t.titles, t.kinds, 1 + demo.i(a.draw, 308, 0, cardinality(t.titles) - 1), a.model,
           a.at + (demo.u(a.draw, 309) - 0.6) * interval '2 days', 'DONE',
           (array['Выполнено', 'Поговорили, следующий шаг согласован', 'Сделано в срок', 'Клиент приехал', 'Отправлено'])[1 + demo.i(a.draw, 310, 0, 4)],
           a.at - (1 + 5 * demo.u(a.draw, 311)) * interval '1 day', a.at
    from demo.act a join demo.task_pick t on t.role = case when a.line = 'SERVICE' then 'adviser' else 'seller' end
    where a.at > demo.today() - 120 and a.i > 0 and demo.u(a.draw, 312) < 0.5
    union all   -- a manager's own
    select 90000000 + dealer_id * 10 + g, dealer_id, manager, null, t.titles, t.kinds, 1 + g % 2, null,
           demo.hours(demo.today() + demo.i(dealer_id * 10 + g, 313, -3, 6), 'Europe/Moscow', demo.u(dealer_id * 10 + g, 314)), 'OPEN', null, demo.now() - interval '4 days', null
    from demo.desk cross join generate_series(0, 2) g join demo.task_pick t on t.role = 'manager') x) y;

-- ---- saved views -------------------------------------------------------------------------------------------------------------------
insert into core.saved_view (public_id, staff_id, screen, name, query, created_at)
select demo.uuid('view', s.staff_id * 10 + v.k), s.staff_id, 'clients', v.name, v.query, demo.now() - (5 + 90 * demo.u(s.staff_id * 10 + v.k, 320)) * interval '1 day'
from demo.staff s join (values
    ('manager', 1, 'Истекает на неделе', 'state=ACTIVE&sort=protect_until'), ('manager', 2, 'Очередь без ответственного', 'seat_id=none'), ('manager', 3, 'Ключевые клиенты', 'abc=A&sort=-last_visit'),
    ('seller', 1, 'Мои в работе', 'state=ACTIVE&sort=protect_until'), ('seller', 2, 'Заказы', 'state=HELD'),
    ('adviser', 1, 'Давно не были', 'line=SERVICE&sort=last_visit'), ('router', 1, 'Без владельца, новые', 'pool=true&sort=-updated')) v(role, k, name, query) on v.role = s.role
where s.left_at is null and (v.k = 1 or demo.u(s.staff_id * 10 + v.k, 321) < 0.7);

-- ---- notices: offers, missed contacts, expiring and expired rights -----------------------------------------------------------------
insert into core.notice (public_id, staff_id, kind, subject, occurrence, at, read_at)
select demo.uuid('notice', n), staff_id, kind, demo.uuid('party', party_id)::text, occurrence, at,
       case when demo.u(n, 322) < 0.62 or at < demo.now() - interval '6 days' then least(demo.now(), at + (3 + 400 * demo.u(n, 323)) * interval '1 minute') end
from (select row_number() over (order by at, staff_id, party_id, kind, occurrence) as n, * from (
    select s.staff_id, 'N1' as kind, v.party_id, v.ownership_id::text as occurrence, v.at
    from demo.version v join core.staff s on s.dealer_id = v.dealer_id and s.is_active and s.role in ('manager', 'seller') where v.state = 'OFFERED' and v.at > demo.now() - interval '9 days'
    union all select k.manager, 'N5', v.party_id, v.ownership_id::text, v.at from demo.version v join demo.desk k using (dealer_id) where v.event = 'no_contact' and v.at > demo.now() - interval '75 days'
    union all select v.seat_id, 'N6', v.party_id, v.ownership_id || ':expired', v.at from demo.version v where v.event = 'expire' and v.at > demo.now() - interval '14 days'
    union all select v.seat_id, 'N6', v.party_id, v.ownership_id || ':P10.first:' || v.protect_until::date, v.protect_until - interval '7 days' from demo.version v
    where v.is_last and v.state = 'ACTIVE' and v.protect_until between demo.now() and demo.now() + interval '7 days') x
    where at < demo.now() and staff_id in (select staff_id from core.staff where is_active)) z;

-- ---- receipts of the last year, probes of the last month ----------------------------------------------------------------------------
insert into core.receipt (number, dealer_id, staff_id, party_id, ownership_id, at, body, sha256)
select number, dealer_id, seat_id, party_id, ownership_id, at, body, encode(sha256(convert_to(body, 'UTF8')), 'hex')
from (select x.*, concat_ws(E'\n', 'receipt ' || number, 'at ' || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'dealer ' || demo.uuid('dealer', x.dealer_id) || ' ' || d.name,
             'person ' || demo.uuid('party', party_id), 'right ' || demo.uuid('right', ownership_id), 'brand ' || b.name, 'line ' || line,
             'since ' || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'rule ' || x.rule) as body
      from (select v.*, upper(left(md5(:'seed' || 'receipt' || ownership_id), 14)) as number from demo.version v where event = 'checked' and at > demo.now() - interval '365 days') x
      join demo.dealer d on d.dealer_id = x.dealer_id join demo.brand b using (brand_id)) r order by at, ownership_id;
insert into core.probe (dealer_id, staff_id, at, key_hash, verdict, purpose)
select d.dealer_id, k.sellers[1 + demo.i(n * 1000 + d.dealer_id, 330, 0, cardinality(k.sellers) - 1)],
       demo.hours(demo.today() - demo.i(n * 1000 + d.dealer_id, 331, 1, 30), d.zone, demo.u(n * 1000 + d.dealer_id, 332)), sha256(convert_to('probe' || :'seed' || n || '.' || d.dealer_id, 'UTF8')),
       demo.pick(array['FREE', 'FREE', 'FREE', 'PROTECTED', 'PROTECTED', 'YOURS', 'YOURS', 'IN_GRACE', 'OPTED_OUT'], demo.u(n * 1000 + d.dealer_id, 333))::core.verdict,
       demo.pick(array['Клиент в салоне', 'Звонок клиента', 'Заявка с нашего сайта'], demo.u(n * 1000 + d.dealer_id, 334))
from demo.dealer d join demo.desk k using (dealer_id) cross join generate_series(1, 60) n where n < 18 + 26 * d.weight order by 3;

-- ---- drafts that lack something, and who asked to be told ---------------------------------------------------------------------------
insert into core.draft (public_id, dealer_id, staff_id, source, data, missing, created_at)
select demo.uuid('draft', d.dealer_id * 10 + k), d.dealer_id, t.sellers[1 + k % cardinality(t.sellers)], 'walk_in',
       jsonb_build_object('kind', 'PERSON', 'surname', n.m, 'given_name', g.names[1 + demo.i(d.dealer_id * 10 + k, 340, 0, 199)],
           'brand_id', d.brands[1], 'line', 'NEW', 'interest', m.name, 'source', 'walk_in'),
       case k % 3 when 0 then array['contact'] when 1 then array['consent_evidence'] else array['contact', 'consent_evidence'] end,
       demo.now() - (2 + 130 * demo.u(d.dealer_id * 10 + k, 341)) * interval '1 hour'
from demo.dealer d join demo.desk t using (dealer_id) cross join generate_series(0, 2) k
join demo.surname n on n.grp = 'ru' and n.n = 1 + demo.i(d.dealer_id * 10 + k, 342, 0, 150)
join demo.given g on g.grp = 'ru' and g.sex = 'm' and g.step = 397
join demo.model_share m on m.brand_id = d.brands[1] and demo.u(d.dealer_id * 10 + k, 343) >= m.lo and demo.u(d.dealer_id * 10 + k, 343) < m.hi
where demo.u(d.dealer_id * 10 + k, 344) < 0.7;
insert into core.waiting_claim (party_id, brand_id, line, dealer_id, staff_id, at, typed)
select o.party_id, o.brand_id, o.line, x.dealer_id, k.sellers[1], demo.now() - (1 + 100 * demo.u(o.ownership_id, 350)) * interval '1 hour',
       jsonb_build_object('surname', coalesce(p.surname, p.name), 'phone', (select min(c.value) from core.contact_point c where c.party_id = o.party_id and c.kind = 'PHONE'))
from core.ownership o join core.party p using (party_id) join demo.dealer d using (dealer_id)
cross join lateral (select e.dealer_id from demo.dealer e where e.city_id = d.city_id and e.dealer_id <> d.dealer_id and e.brands @> array[o.brand_id::int] order by e.dealer_id limit 1) x
join demo.desk k on k.dealer_id = x.dealer_id
where o.state in ('GRACE', 'ACTIVE') and o.line <> 'SERVICE' and demo.u(o.ownership_id, 351) < 0.03;

-- ---- what the dealers' own systems pushed in the last fortnight: each row once, each with its verdict (R153) ------------------------
insert into core.exchange_row (dealer_id, source, seq, kind, sha256, verdict, receipt, party_id, at)
select dealer_id, 'dms-' || lpad(dealer_id::text, 2, '0'), row_number() over (partition by dealer_id order by opened_on, order_id), 'repair_order',
       encode(sha256(convert_to(number || opened_on, 'UTF8')), 'hex'), case when n = 1 then 'created' else 'stored' end, null, party_id,
       demo.hours(opened_on, d.zone, 0.97)
from (select o.*, row_number() over (partition by party_id order by opened_on) as n from core.repair_order o) o join demo.dealer d using (dealer_id)
where opened_on >= demo.today() - 14 order by 9;
