-- SPDX-License-Identifier: Apache-2.0
-- Campaigns of the last months: audiences by right, every candidate with one state and one reason, locks with their history,
-- touches under those locks, answers on the timeline, call lists half done. No two principals touch one person in one group
-- within overlapping windows: the campaigns of a group either lie weeks apart or belong to dealers of different towns.

create table demo.campaign (campaign_id bigint primary key, dealer_id int, name text, class int, grp core.competition_group, brand_id int, channel core.campaign_channel,
    definition jsonb, subject text, body text, script text, state core.campaign_state, launched_days int, days int, answer double precision, created_by bigint);
insert into demo.campaign
select 1, 0, 'Дни тест-драйва: весь модельный ряд', 4, 'SALES'::core.competition_group, null::int, 'EMAIL'::core.campaign_channel,
       '{"and": [{"attr": "owner_state", "op": "in", "value": ["ACTIVE", "CUSTOMER"]}, {"attr": "consent", "op": "is", "channel": "EMAIL", "value": true}]}'::jsonb,
       'Дни тест-драйва в {{dealer_name}}', E'Здравствуйте, {{name}}!\n\nС четверга по воскресенье весь модельный ряд ждёт вас на маршруте с трассой и городом. Тест-драйв занимает 40 минут, кофе за нами.\n\nЗаписаться можно ответом на это письмо.\n\n{{dealer_name}}\n\nОтписаться: {{unsubscribe_url}}', null, 'FINISHED'::core.campaign_state, 64, 14, 0.042, 2
union all select 2, 0, 'Сервисная проверка перед летом', 4, 'AFTERSALES', null, 'EMAIL',
       '{"and": [{"attr": "last_visit", "op": "within_days", "value": 540}, {"attr": "consent", "op": "is", "channel": "EMAIL", "value": true}]}',
       'Проверка перед летом: 20 пунктов бесплатно', E'Здравствуйте, {{name}}!\n\nПеред отпуском проверим тормоза, подвеску, кондиционер и шины: 20 пунктов, полчаса, бесплатно.\n\n{{dealer_name}}\n\nОтписаться: {{unsubscribe_url}}', null, 'FINISHED', 178, 16, 0.061, 3
union all
select 10 + d.dealer_id, d.dealer_id, 'Шины на сезон: смена и хранение', 3, 'AFTERSALES', null, 'EMAIL', '{"and": [{"attr": "last_visit", "op": "within_days", "value": 400}]}',
       'Пора менять шины: запись без ожидания', E'Здравствуйте, {{name}}!\n\nЗапись на смену шин открыта: выберите утро или вечер, хранение второго комплекта со скидкой.\n\n{{dealer_name}}\n\nОтписаться: {{unsubscribe_url}}', null, 'FINISHED', 44, 10, 0.085, k.manager
from demo.dealer d join demo.desk k using (dealer_id) where d.dealer_id in (1, 6, 8, 11)
union all
select 30 + d.dealer_id, d.dealer_id, 'Возвращаем интерес: предложение на автомобили склада', 3, 'SALES', null, 'CALL', '{"and": [{"attr": "owner_state", "op": "in", "value": ["ACTIVE"]}]}',
       null, null, E'Добрый день, {{name}}! Вас беспокоит {{dealer_name}}.\nНа складе появились автомобили, которые вы смотрели, с выгодой до конца месяца.\nУдобно ли вам приехать в ближайшие дни?', 'FINISHED', 106, 9, 0.2, k.manager
from demo.dealer d join demo.desk k using (dealer_id) where d.dealer_id in (2, 4, 10)
union all
select 50 + d.dealer_id, d.dealer_id, 'Пора на техобслуживание', 2, 'AFTERSALES', null, 'CALL', '{"and": [{"attr": "last_visit", "op": "older_than_days", "value": 300}]}',
       null, null, E'Добрый день, {{name}}! Это {{dealer_name}}, сервис.\nПо нашим данным, подходит срок планового обслуживания вашего автомобиля.\nЗаписать вас на удобный день?\n\nЕсли клиент уже прошёл ТО: поблагодарите и отметьте отказ с пояснением.', 'RUNNING', 4, 18, 0.24, k.manager
from demo.dealer d join demo.desk k using (dealer_id) where d.dealer_id in (1, 4, 8, 10);
insert into core.segment (public_id, dealer_id, name, definition, created_by, created_at)
select demo.uuid('segment', row_number() over (order by dealer_id, k)), dealer_id, name, definition::jsonb, created_by, demo.now() - (20 + 7 * k) * interval '1 day'
from (values (0, 1, 'Активные клиенты с согласием на письма', '{"and": [{"attr": "owner_state", "op": "in", "value": ["ACTIVE", "CUSTOMER"]}, {"attr": "consent", "op": "is", "channel": "EMAIL", "value": true}]}', 2),
             (0, 2, 'Были на сервисе за полтора года', '{"and": [{"attr": "last_visit", "op": "within_days", "value": 540}]}', 3),
             (0, 3, 'Клиенты класса А с автомобилем старше пяти лет', '{"and": [{"attr": "abc", "op": "in", "value": ["A"]}, {"attr": "model_year", "op": "between", "value": [2010, 2021]}]}', 2)) v(dealer_id, k, name, definition, created_by)
union all
select demo.uuid('segment', 100 + dealer_id), dealer_id, 'Давно не были на сервисе', '{"and": [{"attr": "last_visit", "op": "older_than_days", "value": 300}]}'::jsonb, manager, demo.now() - interval '40 days' from demo.desk;

-- ---- who stood in each audience, and what became of him ----------------------------------------------------------------------------
analyze demo.version;
-- a right as it stood when the campaign was launched, from the history
create table demo.audience as
select distinct on (k.campaign_id, v.party_id) k.campaign_id, k.dealer_id as principal, k.class, k.grp, k.channel, v.party_id, v.dealer_id, v.state, v.vehicle_id, k.launched_at, k.answer, k.days, k.state as campaign_state,
       v.zone, (k.campaign_id * 100000000 + v.party_id) as draw
from (select c.*, demo.hours(demo.today() - launched_days, 'Europe/Moscow', 0.15) as launched_at from demo.campaign c) k
join core.line_group g on g.grp = k.grp
join (select x.*, lead(x.at) over (partition by x.ownership_id order by x.ver) as until from demo.version x) v on v.line = g.line
     and v.at <= k.launched_at and coalesce(v.until, 'infinity') > k.launched_at and v.state <> 'CLOSED'
where (k.dealer_id = 0 or v.dealer_id = k.dealer_id)
  and (k.campaign_id >= 10 or k.campaign_id = 1 and demo.u(v.party_id, 400) < 0.62 or k.campaign_id = 2 and demo.u(v.party_id, 401) < 0.55)
  and (k.campaign_id not between 30 and 49 or v.state in ('ACTIVE', 'HELD', 'GRACE'))
  and (k.class <> 2 or v.protect_until < k.launched_at + interval '250 days' and demo.u(v.party_id, 402) < 0.5)
  and (k.campaign_id not between 10 and 29 or v.protect_until > k.launched_at + interval '140 days')
order by k.campaign_id, v.party_id, v.state = 'CUSTOMER' desc, v.at desc;

create index on demo.audience (party_id);
analyze demo.audience, core.party, core.consent, core.contact_point, core.vehicle_owner;
create table demo.ads as select party_id, dealer_id, channel, given_at, coalesce(withdrawn_at, 'infinity') as until from core.consent where purpose = 'ADVERTISING';
create index on demo.ads (party_id);
create table demo.judged as
select a.*, c.value as address,
       case when a.grp = 'SALES' and p.household_id is not null then 'h' || p.household_id
            when a.class = 2 and coalesce(a.vehicle_id, w.vehicle_id) is not null then 'p' || a.party_id || 'v' || coalesce(a.vehicle_id, w.vehicle_id) else 'p' || a.party_id end as unit,
       case when a.state = 'DISPUTED' then 'disputed' when p.has_complaint then 'complaint' when p.is_opted_out then 'opted_out'
            when not exists (select from demo.ads s where s.party_id = a.party_id and s.channel = a.channel::text::core.channel
                             and s.dealer_id in (a.principal, a.dealer_id) and s.given_at <= a.launched_at and s.until > a.launched_at) then 'no_consent'
            when c.value is null then 'invalid_contact'
            when demo.u(a.draw, 403) < 0.012 then 'budget'
            when a.class = 4 and a.state in ('HELD', 'GRACE') then 'excluded' when a.state = 'GRACE' then 'not_owner'
            when row_number() over (partition by a.campaign_id, c.value order by a.party_id) > 1 then 'duplicate' end::core.drop_reason as reason
from demo.audience a join core.party p using (party_id)
left join lateral (select min(o.vehicle_id) as vehicle_id from core.vehicle_owner o where o.party_id = a.party_id and o.to_on is null) w on a.class = 2
left join lateral (select k.value from core.contact_point k where k.party_id = a.party_id and k.is_valid and k.kind = case a.channel when 'EMAIL' then 'EMAIL' else 'PHONE' end::core.contact_kind
                   and (a.principal = 0 or k.source_dealer_id in (0, a.principal) or a.principal = any (k.shared_ids)) order by k.is_primary desc, k.contact_id limit 1) c on true;

-- who was reached, when, and what came of it; the running lists are about half done
create table demo.reached as
select j.*, case when j.reason is not null then 'DROPPED'
         when channel = 'EMAIL' then case when demo.u(draw, 404) < 0.018 then 'FAILED' else 'SENT' end
         when campaign_state = 'RUNNING' and pace > 0.47 then 'QUEUED'
         when r.u < answer * (0.6 + d.reach * 0.7) then 'agreed' when r.u < 0.52 then 'refused' when r.u < 0.55 then 'do_not_call' when r.u < 0.585 then 'wrong_number'
         when campaign_state = 'RUNNING' and r.u < 0.70 then 'call_back' when campaign_state = 'RUNNING' then 'no_answer'
         when r.u < 0.80 then 'refused' else 'no_answer' end as outcome,
       case when j.reason is null then case when channel = 'EMAIL' then launched_at + (2 + pace * 50) * interval '1 minute'
            else least(demo.now() - interval '40 minutes', demo.hours((launched_at at time zone j.zone)::date + floor(least(pace / case when campaign_state = 'RUNNING' then 0.47 else 1 end, 0.999) * least(days, 4 + days / 3))::int, j.zone,
                 0.1 + 0.85 * demo.u(draw, 405))) end end as touched_at,
       demo.u(draw, 406) as reply_u
from (select x.*, demo.u(draw, 407) as pace from demo.judged x) j join demo.dealer d using (dealer_id) cross join lateral (select demo.u(j.draw, 408) as u) r;
update demo.reached set touched_at = launched_at + interval '1 hour' where touched_at < launched_at;
update demo.reached set outcome = 'QUEUED' where outcome in ('agreed', 'refused', 'do_not_call', 'wrong_number', 'call_back', 'no_answer') and touched_at >= demo.now();

insert into core.campaign (campaign_id, public_id, dealer_id, name, class, grp, brand_id, channel, definition, subject, body, script, state, lock_days, starts_at, ends_at, checked_at, requested_at,
    is_prepared, launched_at, finished_at, check_result, created_by, created_at) overriding system value
select c.campaign_id, demo.uuid('campaign', c.campaign_id), c.dealer_id, c.name, c.class, c.grp, c.brand_id, c.channel, c.definition, c.subject, c.body, c.script, c.state, 21, null,
       a.launched_at + c.days * interval '1 day', a.launched_at - interval '50 minutes', a.launched_at - interval '1 minute', true, a.launched_at,
       case when c.state = 'FINISHED' then a.launched_at + c.days * interval '1 day' end,
       jsonb_build_object('total', a.total, 'will_get', a.total - a.dropped, 'reasons', coalesce(a.reasons, '{}')), c.created_by, a.launched_at - interval '2 days'
from demo.campaign c join (
    select campaign_id, min(launched_at) as launched_at, sum(n) as total, sum(n) filter (where reason is not null) as dropped, jsonb_object_agg(reason, n) filter (where reason is not null) as reasons
    from (select campaign_id, launched_at, reason, count(*) as n from demo.reached group by 1, 2, 3) x group by campaign_id) a using (campaign_id);
insert into core.campaign (campaign_id, public_id, dealer_id, name, class, grp, channel, definition, subject, body, state, lock_days, ends_at, created_by, created_at) overriding system value
select 90 + k, demo.uuid('campaign', 90 + k), dealer_id, name, class, grp::core.competition_group, 'EMAIL', definition::jsonb, subject, body, 'DRAFT', 14, demo.now() + interval '30 days', created_by, demo.now() - k * interval '9 hours'
from (values (1, 0, 'Зимний сервис: проверка перед морозами', 4, 'AFTERSALES', '{"and": [{"attr": "last_visit", "op": "within_days", "value": 540}, {"attr": "consent", "op": "is", "channel": "EMAIL", "value": true}]}',
              'Зимняя проверка в {{dealer_name}}', E'Здравствуйте, {{name}}!\n\nАккумулятор, тормоза, антифриз: проверим за полчаса до морозов.\n\n{{dealer_name}}\n\nОтписаться: {{unsubscribe_url}}', 2),
             (2, 3, 'Закрытый показ нового кроссовера', 3, 'SALES', '{"and": [{"attr": "abc", "op": "in", "value": ["A"]}]}',
              'Приглашение на закрытый показ', E'Здравствуйте, {{name}}!\n\nПриглашаем на закрытый показ. Ждём вас с семьёй.\n\n{{dealer_name}}\n\nОтписаться: {{unsubscribe_url}}', 301)) v(k, dealer_id, name, class, grp, definition, subject, body, created_by);

insert into core.recipient (campaign_id, party_id, dealer_id, unit, state, reason, next_at, changed_at)
select campaign_id, party_id, dealer_id, unit,
       case when outcome in ('agreed', 'refused', 'do_not_call') then 'DONE' when outcome in ('wrong_number') or outcome = 'no_answer' and campaign_state <> 'RUNNING' then 'FAILED'
            when outcome in ('call_back', 'no_answer') then 'QUEUED' else outcome end::core.recipient_state,
       reason, launched_at, coalesce(case when outcome <> 'QUEUED' then touched_at end, launched_at)
from demo.reached;

insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at, returned_at)
select party_id, channel::text::core.channel, campaign_id, principal, class, grp, unit, demo.uuid(case channel when 'EMAIL' then 'message' else 'call' end, draw), touched_at,
       case when outcome in ('FAILED', 'wrong_number', 'no_answer') then touched_at + interval '2 minutes' end
from demo.reached where reason is null and outcome <> 'QUEUED' order by touched_at, draw;
insert into core.message (message, campaign_id, wave, party_id, channel, dealer_id, kind, address, created_at, expires_at)
select demo.uuid('message', draw), campaign_id, 1, party_id, 'EMAIL', dealer_id, 'campaign', address, launched_at, launched_at + interval '7 days'
from demo.reached where channel = 'EMAIL' and reason is null;
insert into core.outbox (message, prio, state, campaign_id, attempt, not_before, dispatched_at, last_code, changed_at)
select demo.uuid('message', draw), 5, case outcome when 'FAILED' then 'failed' else 'accepted' end::core.outbox_state, campaign_id, 1, launched_at, touched_at, case outcome when 'FAILED' then '550 5.1.1' else '250 2.0.0' end,
       touched_at + interval '1 second'
from demo.reached where channel = 'EMAIL' and reason is null order by touched_at, draw;

-- ---- locks: taken at launch, active at the touch, cooling for a week, then free (R89); numbered along each unit ------------------
create table demo.lock_step as
select unit, grp, campaign_id, principal, class, party_id, since, at, state, until, row_number() over (partition by unit, grp order by at, k)::int as ver
from (
    select distinct on (r.campaign_id, r.unit, s.k) r.unit, r.grp, r.campaign_id, r.principal, r.class, r.party_id, r.launched_at as since, s.k, s.at, s.state::core.lock_state as state, s.until
    from (select *, outcome in ('FAILED', 'wrong_number') or outcome = 'no_answer' as is_returned, launched_at + interval '21 days' as term, touched_at + interval '7 days' as cool from demo.reached where reason is null) r
    cross join lateral (values (1, launched_at, 'HELD', term), (2, case when outcome <> 'QUEUED' then touched_at end, 'ACTIVE', term),
        (3, case when outcome <> 'QUEUED' and not is_returned and outcome <> 'call_back' then touched_at + interval '1 minute' end, 'COOLING', cool),
        (4, case when outcome = 'QUEUED' or outcome in ('call_back', 'no_answer') and campaign_state = 'RUNNING' then null when is_returned then touched_at + interval '3 minutes' when cool < demo.now() then cool end, 'RELEASED', case when is_returned then touched_at + interval '3 minutes' else cool end)) s(k, at, state, until)
    where s.at is not null and s.at < demo.now()
    order by r.campaign_id, r.unit, s.k, s.at desc) x;
insert into core.campaign_lock_history (unit, grp, ver, campaign_id, dealer_id, class, state, party_id, since, until, recorded_at)
select unit, grp, ver, campaign_id, principal, class, state, party_id, since, until, at from demo.lock_step;
insert into core.campaign_lock (unit, grp, campaign_id, dealer_id, class, state, party_id, since, until, ver)
select distinct on (unit, grp) unit, grp, campaign_id, principal, class, state, party_id, since, until, ver from demo.lock_step order by unit, grp, ver desc;

-- ---- what people said: answers to mail, results of calls, on the timeline and on the call lists ------------------------------------
create table demo.answered as
select r.*, case when channel = 'CALL' then case outcome when 'agreed' then 'callagreed' when 'refused' then 'callrefused' when 'call_back' then 'callback' else outcome end else 'answer' end as situation,
       case when channel = 'CALL' then touched_at else least(demo.now() - interval '1 hour', demo.hours((touched_at at time zone zone)::date + demo.i(draw, 409, 1, 6), zone, demo.u(draw, 410))) end as said_at,
       (select max(interaction_id) from core.interaction) + row_number() over (order by touched_at, draw) as interaction_id
from demo.reached r where reason is null and (channel = 'CALL' and outcome <> 'QUEUED' or channel = 'EMAIL' and outcome = 'SENT' and reply_u < answer * (select 0.3 + 1.1 * d.reach from demo.dealer d where d.dealer_id = r.dealer_id));
-- who answered a letter is done with the campaign (R97)
update core.recipient r set state = 'DONE', changed_at = a.said_at from demo.answered a where a.channel = 'EMAIL' and r.campaign_id = a.campaign_id and r.party_id = a.party_id;
insert into core.campaign_count (campaign_id, dealer_id, state, reason, n) select campaign_id, dealer_id, state, reason, count(*) from core.recipient group by 1, 2, 3, 4;
insert into core.interaction (interaction_id, public_id, party_id, dealer_id, staff_id, kind, at, recorded_at, is_manual, is_qualifying, evidence, text, campaign_id) overriding system value
select a.interaction_id, demo.uuid('talk', a.interaction_id), a.party_id, a.dealer_id, case when a.channel = 'CALL' then k.operator end, case when a.channel = 'CALL' then 'CALL_OUT' else 'MAIL_IN' end::core.interaction_kind,
       a.said_at, a.said_at, a.channel = 'CALL', a.channel = 'EMAIL', null,
       case when a.channel = 'EMAIL' then demo.say('answer', p.sex, null, demo.u(a.draw, 411))
            else c.name || ': ' || case a.outcome when 'agreed' then 'согласие. ' || demo.say('callagreed', p.sex, null, demo.u(a.draw, 411)) when 'refused' then 'отказ. ' || demo.say('callrefused', p.sex, null, 0)
                 when 'call_back' then 'просьба перезвонить' when 'no_answer' then 'не дозвонились' when 'wrong_number' then 'неверный номер' else 'просьба больше не звонить' end end, a.campaign_id
from demo.answered a join demo.desk k using (dealer_id) join demo.person p using (party_id) join demo.campaign c using (campaign_id);
insert into core.call_item (public_id, campaign_id, party_id, dealer_id, state, operator_id, attempts, next_at, result, note, called_at, interaction_id, token, n, is_not_reached)
select demo.uuid('call_item', r.draw), r.campaign_id, r.party_id, r.dealer_id,
       case when r.outcome = 'QUEUED' or r.outcome in ('call_back', 'no_answer') and r.campaign_state = 'RUNNING' then 'queued' when r.outcome = 'no_answer' then 'exhausted' else 'done' end,
       case when r.outcome <> 'QUEUED' then k.operator end, case when r.outcome = 'QUEUED' then 0 when r.outcome = 'no_answer' and r.campaign_state <> 'RUNNING' then 4 else 1 end,
       case when r.outcome = 'call_back' then demo.now() + (0.5 + 40 * demo.u(r.draw, 412)) * interval '1 hour' when r.outcome = 'no_answer' then r.touched_at + interval '22 hours' else r.launched_at end,
       case when r.outcome <> 'QUEUED' then r.outcome::core.call_result end, case r.outcome when 'call_back' then 'Просьба перезвонить вечером' when 'refused' then 'Недавно обслуживался в другом месте' end,
       case when r.outcome <> 'QUEUED' then r.touched_at end, a.interaction_id, case when r.outcome <> 'QUEUED' then demo.uuid('call', r.draw) end,
       row_number() over (partition by r.campaign_id, r.dealer_id order by r.pace, r.party_id), r.outcome in ('no_answer', 'wrong_number')
from demo.reached r join demo.desk k using (dealer_id) left join demo.answered a using (draw) where r.channel = 'CALL' and r.reason is null;
-- who asked not to be called took his consent back; some readers of mail as well
update core.consent s set withdrawn_at = r.touched_at + interval '1 minute' from demo.reached r
where r.party_id = s.party_id and s.purpose = 'ADVERTISING' and s.channel = r.channel::text::core.channel and s.dealer_id in (r.principal, r.dealer_id) and s.withdrawn_at is null and s.given_at < r.touched_at
  and (r.outcome = 'do_not_call' or r.outcome = 'SENT' and demo.u(r.draw, 413) < 0.006);
update core.campaign c set unsubscribed = (select count(*) from demo.reached r where r.campaign_id = c.campaign_id and r.outcome = 'SENT' and demo.u(r.draw, 413) < 0.006);
