-- SPDX-License-Identifier: Apache-2.0
-- The ledger's past: rights and campaigns, sign-ins and reads of the last weeks (R8); never contact data
create table demo.past as
select v.at, v.staff_id, v.dealer_id, 'right.' || v.event as kind, demo.uuid('right', v.ownership_id)::text as subject, v.party_id, v.brand_id::smallint as brand_id, v.line, v.rule,
       jsonb_strip_nulls(jsonb_build_object('from', lag(v.state) over w, 'to', v.state, 'reason', v.reason, 'lost', v.lost, 'ver', v.ver)) as detail, v.ownership_id * 64 + v.ver as draw
from demo.version v window w as (partition by v.ownership_id order by v.ver);
delete from demo.past where at < demo.now() - interval '200 days';
insert into demo.past
select i.recorded_at, i.staff_id, i.dealer_id, 'interaction.add', i.public_id::text, i.party_id, null, null, case when i.is_qualifying then 'R50' else 'R51' end,
       jsonb_build_object('kind', i.kind, 'counts', i.is_qualifying), 10000000 + i.interaction_id
from core.interaction i where i.recorded_at > demo.now() - interval '60 days' and i.staff_id is not null;
insert into demo.past
select p.at, p.staff_id, p.dealer_id, 'probe.' || lower(p.verdict::text), null, null, null, null, 'R26', '{}'::jsonb, 20000000 + p.probe_id from core.probe p;
insert into demo.past
select s.at, c.created_by, c.dealer_id, s.kind, c.public_id::text, null, null, null, s.rule, s.detail, 30000000 + c.campaign_id * 8 + s.k
from core.campaign c cross join lateral (values (1, c.created_at, 'campaign.added', 'R87', jsonb_build_object('class', c.class, 'grp', c.grp)), (2, c.checked_at, 'campaign.checked', 'R90', c.check_result),
    (3, c.requested_at, 'campaign.launch', 'R90', '{}'), (4, c.launched_at, 'campaign.launched', 'R90', c.check_result), (5, c.finished_at, 'campaign.finished', 'R89', '{}')) s(k, at, kind, rule, detail)
where s.at is not null;
create table demo.seat_people as select seat_id, (array_agg(party_id order by ownership_id))[1:41] as ids from core.ownership where state <> 'CLOSED' and seat_id is not null group by seat_id;
insert into demo.past      -- a working day of every seat: sign-in, the list, some cards; now and then an export
select demo.hours(d.on_day, coalesce(l.zone, 'Europe/Moscow'), t.u), s.staff_id, s.dealer_id, t.kind, t.subject, t.party_id, null, null, case when t.kind = 'session.begin' then 'A2' else 'R133' end, '{}', s.staff_id * 100000 + (d.on_day - demo.today() + 40) * 100 + t.k + 400000000
from demo.staff s left join demo.dealer l using (dealer_id) cross join (select demo.today() - g as on_day from generate_series(1, 21) g) d
cross join lateral (select (s.staff_id * 64 + (d.on_day - demo.today() + 40))::bigint as key) y
cross join lateral (
    select 0 as k, 0.01 + 0.08 * demo.u(y.key, 500) as u, 'session.begin' as kind, null::text as subject, null::bigint as party_id
    union all select 1, 0.1 + 0.1 * demo.u(y.key, 501), 'read.people_list', left(encode(sha256(convert_to(y.key::text, 'UTF8')), 'hex'), 16), null where s.role in ('manager', 'seller', 'adviser', 'operator', 'router')
    union all select 10 + k, 0.12 + 0.85 * demo.u(y.key * 16 + k, 502), 'read.person_get', demo.uuid('party', x.party_id)::text, x.party_id
    from generate_series(1, 2 + demo.i(y.key, 503, 0, 5)) k
    join demo.seat_people m on m.seat_id = s.staff_id cross join lateral (select m.ids[1 + demo.i(y.key * 16 + k, 504, 0, cardinality(m.ids) - 1)] as party_id) x
    where s.role in ('seller', 'adviser')
    union all select 40, 0.6, 'read.people_export', left(encode(sha256(convert_to('x' || y.key, 'UTF8')), 'hex'), 16), null where s.role = 'manager' and demo.u(y.key, 505) < 0.06
    union all select 41, 0.4, 'read.ledger_list', left(encode(sha256(convert_to('l' || y.key, 'UTF8')), 'hex'), 16), null where s.role = 'auditor'
    union all select 42, 0.3, 'refused.person_get', demo.uuid('party', 1 + demo.i(y.key, 506, 0, 5000))::text, null where s.role = 'marketer' and demo.u(y.key, 507) < 0.05) t
where s.left_at is null and s.role <> 'system' and demo.u(y.key, 508) < 0.72 and extract(isodow from d.on_day) <> case when s.dealer_id = 0 then 7 else 0 end;
insert into core.ledger (at, staff_id, dealer_id, role, request_id, kind, subject, party_id, brand_id, line, rule, detail)
select p.at, p.staff_id, p.dealer_id, s.role, case when p.staff_id is not null then left(md5(:'seed' || 'rq' || p.draw), 16) end, p.kind, p.subject, p.party_id, p.brand_id, p.line, p.rule, coalesce(p.detail, '{}')
from demo.past p left join demo.staff s using (staff_id) where p.at < demo.now() order by p.at, p.draw;
