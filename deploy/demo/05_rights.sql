-- SPDX-License-Identifier: Apache-2.0
-- Rights and their histories. A story is one right from its first row to its last; its steps are the versions that the
-- transitions of D.2 would have written. The last story of a key is the present owner, all steps are the history.
-- Activities (demo.act) belong to a story and are at the same time the timeline: terms and timeline agree by construction.

-- the numbers of D.0 the stories are told with
analyze demo.person, demo.sale, demo.visit, demo.vehicle;
create table demo.term as
select l.line, core.policy_int('P3.' || l.line) as p3, core.policy_int('P4.' || l.line) as p4, core.policy_int('P5.' || l.line) as p5,
       (core.policy_int('P4.' || l.line) * 0.78)::int as gap
from (select unnest(enum_range(null::core.line)) as line) l;

-- ---- prospects: who, where, how it ends ---------------------------------------------------------------------------------------------
create table demo.story (
    story_id bigint primary key, party_id bigint, brand_id int, line core.line, dealer_id int, zone text, seat_id bigint, draw bigint,
    source text, model text, is_offer boolean, start_at timestamptz, accept_at timestamptz, contact_at timestamptz, last_at timestamptz,
    depth int, outcome text, order_at timestamptz, sold_on date, close_at timestamptz, lost core.lost_reason,
    begun_at timestamptz);

create table demo.lead as
with open_now as (      -- being worked today
    select p.party_id, p.dealer_id, p.brand_id, p.kind, p.is_fleet, p.zone, p.party_id * 8 as draw, demo.u(p.party_id, 130) as o, null::date as sold_on,
           null::text as model, null::core.line as line
    from demo.person p where p.life = 'prospect'),
cross_sale as (         -- a service customer who now looks at a new car, often at another dealer of the town
    select p.party_id, coalesce(x.dealer_id, p.dealer_id), coalesce(x.brand_id, p.brand_id), p.kind, p.is_fleet, p.zone, p.party_id * 8 + 1,
           0.1 + 0.9 * demo.u(p.party_id, 131), null::date, null::text, 'NEW'::core.line
    from demo.person p left join lateral (
        select d.dealer_id, d.brands[1 + demo.i(p.party_id, 132, 0, cardinality(d.brands) - 1)] as brand_id from demo.dealer d
        where d.city_id = p.city_id and d.dealer_id <> p.dealer_id and demo.u(p.party_id, 133) < 0.55 order by demo.u(p.party_id + d.dealer_id, 134) limit 1) x on true
    where p.life = 'service' and demo.u(p.party_id, 135) < 0.075),
ended as (              -- was worked, came to nothing
    select p.party_id, p.dealer_id, p.brand_id, p.kind, p.is_fleet, p.zone, p.party_id * 8 + 2, 2 + demo.u(p.party_id, 136), null::date, null::text, null::core.line
    from demo.person p where p.life = 'past'),
won as (                -- the way to a sale since the network began with Clientele
    select distinct on (s.party_id, s.brand_id, s.line) s.party_id, s.dealer_id, s.brand_id, s.kind, true, s.zone, s.draw * 8 + 3, 4.0, s.sold_on, s.model, s.line
    from demo.sale s where s.sold_on > demo.begun_on() + 45 and demo.u(s.draw, 137) < 0.72 and s.turn = 0 order by s.party_id, s.brand_id, s.line, s.sold_on)
select row_number() over (order by draw)::bigint as story_id, l.party_id, l.dealer_id, l.brand_id, l.zone, l.draw, l.o, l.sold_on,
       coalesce(l.line, case when kind = 'COMPANY' and is_fleet then 'FLEET' when demo.u(draw, 138) < 0.63 then 'NEW'
                             when demo.u(draw, 138) < 0.90 then 'USED' else 'SERVICE' end::core.line) as line, l.model
from (select * from open_now union all select * from cross_sale union all select * from ended union all select * from won) l;

create table demo.plan as
select l.story_id, l.party_id, l.dealer_id, l.brand_id, l.zone, l.draw, l.line, l.sold_on, t.p3, t.p4, t.p5, t.gap,
       d.accept_min, d.contact_min, d.reach, coalesce(l.model, m.name) as model,
       case when l.line in ('SERVICE', 'PARTS') then k.advisers[1 + demo.i(l.draw, 140, 0, cardinality(k.advisers) - 1)]
            else k.sellers[1 + demo.i(l.draw, 140, 0, cardinality(k.sellers) - 1)] end as seat_id,
       demo.pick(array['site', 'site', 'site', 'phone', 'phone', 'walk_in', 'walk_in', 'event', 'partner', 'referral'], demo.u(l.draw, 141)) as source,
       case when l.o >= 4 then 'delivered'
            when l.o >= 2 then case when x.e < x.no_contact then 'no_contact'
                                    when x.e < x.no_contact + x.declined then 'declined'
                                    when x.e < x.no_contact + x.declined + x.missed then 'not_accepted'
                                    when x.e < x.no_contact + x.declined + x.missed + x.expired then 'expired'
                                    when x.e > 0.9925 then 'withdrawn' when x.e > 0.989 then 'merged' when x.e > 0.985 then 'dealer_terminated' when x.e > 0.983 then 'erased'
                                    when x.e > 0.975 then 'conflict' else 'lost' end
            when l.o < 0.016 then 'offered' when l.o < 0.030 then 'waiting' when l.o < 0.034 then 'pending' when l.o < 0.044 then 'disputed'
            when l.o < 0.100 then 'held' when l.o < 0.145 then 'grace' else 'active' end as outcome
from demo.lead l join demo.term t using (line) join demo.dealer d using (dealer_id) join demo.desk k using (dealer_id)
join demo.model_share m on m.brand_id = l.brand_id and demo.u(l.draw, 142) >= m.lo and demo.u(l.draw, 142) < m.hi
cross join lateral (select l.o - 2 as e, 1.4 * d.no_contact as no_contact, 0.03 + 0.25 * d.no_contact as declined, d.no_contact * 0.55 as missed,
                           1.15 * d.hoard as expired) x;

-- a lead the first dealer declined or missed goes to the next of the town (R45)
create table demo.second as
select p.*, n.dealer_id as next_dealer_id
from demo.plan p join demo.dealer d using (dealer_id)
cross join lateral (select o.dealer_id from demo.dealer o where o.city_id = d.city_id and o.dealer_id <> d.dealer_id and o.brands @> array[p.brand_id]
                    and (p.line <> 'FLEET' or o.is_fleet) order by demo.u(p.draw + o.dealer_id, 143) limit 1) n
where p.outcome in ('declined', 'not_accepted');

insert into demo.story
with told as (
    select p.*, p.outcome in ('offered', 'waiting', 'declined', 'not_accepted', 'no_contact') or p.source in ('site', 'phone') and p.outcome <> 'conflict' and demo.u(p.draw, 144) < 0.66 as is_offer,
           demo.u(p.draw, 145) as a, demo.u(p.draw, 146) as b, null::timestamptz as after
    from demo.plan p
    union all
    select s.story_id + 10000000, s.party_id, s.next_dealer_id, s.brand_id, s.zone, s.draw + 4, s.line, null, p3, p4, p5, gap, d.accept_min, d.contact_min, d.reach, s.model,
           k.sellers[1 + demo.i(s.draw, 147, 0, cardinality(k.sellers) - 1)], s.source,
           case when demo.u(s.draw, 148) < 0.1 then 'no_contact' when demo.u(s.draw, 148) < 0.4 then 'expired' else 'lost' end, true, demo.u(s.draw, 145), demo.u(s.draw, 149), null
    from demo.second s join demo.dealer d on d.dealer_id = s.next_dealer_id join demo.desk k on k.dealer_id = s.next_dealer_id),
-- how long ago it began and when the last qualifying activity was, in days
aged as (
    select t.*, case
        when outcome = 'delivered' then (demo.today() - sold_on) + 6 + floor(b * least(p5 * 0.8, 80))::int
        when outcome in ('offered', 'waiting', 'pending') then 0
        when outcome in ('active', 'disputed') then 1 + floor(p5 * 0.9 * a ^ 2.1)::int
        when outcome = 'held' then 8 + floor(p5 * 0.6 * a)::int
        when outcome = 'grace' then p4 + 8 + floor((p5 * 0.6) * a)::int
        else 62 + p4 + floor(a ^ 0.93 * (540 - 64 - p4))::int end as age
    from told t),
lasted as (
    select t.*, least(540 - 1, age) as age_days, case
        when outcome = 'delivered' then (demo.today() - sold_on) + floor(b * 5 + 1)::int
        when outcome = 'grace' then p4 + 1 + floor(b * 6)::int
        when outcome = 'held' then 1 + floor(b * 34)::int
        when outcome in ('active', 'disputed') then floor(b ^ 1.25 * (p4 - 1))::int
        else greatest(62 + p4 - 55, age - floor(b ^ 1.6 * least(p5 * 0.7, 95))::int) end as last_days
    from aged t),
begun as (
    select l.*, case
        when outcome = 'offered' then demo.now() - (4 + b * 92) * interval '1 minute'
        when outcome = 'waiting' then demo.now() - (20 + b * 170) * interval '1 minute'
        when outcome = 'pending' then demo.now() - (10 + b * 120) * interval '1 minute'
        when is_offer then (demo.today() - age_days + time '08:00' + demo.u(draw, 150) * interval '13 hours 30 minutes') at time zone zone
        else demo.hours(demo.today() - age_days, zone, demo.u(draw, 150)) end as start_at
    from lasted l),
timed as (
    select g.*, case
        when is_offer and outcome = 'not_accepted' then demo.later(start_at, 120, zone)
        when is_offer and outcome = 'declined' then demo.later(start_at, 4 + 100 * demo.u(draw, 151), zone)
        when outcome = 'waiting' then start_at + least(15 * interval '1 minute', (demo.now() - start_at) / 2)
        when is_offer and outcome <> 'offered' then demo.later(start_at, least(118, accept_min * exp(0.75 * demo.g(draw, 152))), zone) end as accept_at
    from begun g),
called as (
    select t.*, case
        when outcome in ('offered', 'waiting', 'pending', 'no_contact', 'declined', 'not_accepted', 'conflict') then null
        when not is_offer and source in ('walk_in', 'event') then start_at + (2 + 20 * demo.u(draw, 153)) * interval '1 minute'
        else demo.later(coalesce(accept_at, start_at), least(236, contact_min * exp(0.85 * demo.g(draw, 154))), zone) end as contact_at
    from timed t)
select story_id, party_id, brand_id, line, dealer_id, zone, seat_id, draw, source, model, is_offer, start_at, accept_at,
       case when contact_at < demo.now() then contact_at end,
       greatest(contact_at, case when demo.hours(demo.today() - last_days, zone, demo.u(draw, 155)) < demo.now() - interval '3 minutes'
                then demo.hours(demo.today() - last_days, zone, demo.u(draw, 155)) else demo.hours(demo.today() - last_days - 1, zone, demo.u(draw, 155)) end),
       case when outcome in ('offered', 'waiting', 'pending', 'no_contact', 'declined', 'not_accepted', 'conflict') then 0
            when outcome in ('held', 'delivered') then 5
            else 1 + (demo.u(draw, 156) < reach)::int + (demo.u(draw, 156) < reach * 0.62)::int + (demo.u(draw, 156) < reach * 0.44)::int end,
       outcome, null, sold_on, null,
       case when outcome = 'lost' then demo.pick(array['bought_other_brand', 'bought_other_brand', 'no_money', 'no_money', 'no_money', 'other', 'other', 'bought_in_network',
            'wrong_contact', 'do_not_contact'], demo.u(draw, 157))::core.lost_reason end,
       coalesce(accept_at, start_at)
from called c
where start_at < demo.now() and (outcome not in ('active', 'held', 'grace', 'lost', 'expired', 'delivered') or contact_at < demo.now() - interval '2 minutes');
update demo.story set order_at = last_at where outcome in ('held', 'delivered');
-- a second candidate is asked when the first is out
update demo.story s set start_at = f.accept_at + interval '9 minutes', accept_at = greatest(s.accept_at, s.start_at) + (f.accept_at + interval '11 minutes' - s.start_at),
    begun_at = greatest(s.accept_at, s.start_at) + (f.accept_at + interval '11 minutes' - s.start_at),
    contact_at = s.contact_at + (f.accept_at + interval '11 minutes' - s.start_at), last_at = s.last_at + (f.accept_at + interval '11 minutes' - s.start_at)
from demo.story f where f.story_id = s.story_id - 10000000;

-- ---- activities of a story: contact, visit, test drive, offer, order, with calls between so that no term runs out ------------------
create table demo.act as
with laid as (
    select s.*, t.gap, greatest(depth, 1 + ceil(extract(epoch from last_at - contact_at) / 86400 / t.gap)::int) as n
    from demo.story s join demo.term t using (line) where contact_at is not null and depth > 0),
placed as (
    select l.*, i, case when n = 1 then contact_at else contact_at + (last_at - contact_at) * (i::double precision / (n - 1)) end as raw_at,
           case when n = 1 then 1 else 1 + floor((depth - 1) * i::double precision / (n - 1))::int end as stage,
           case when n = 1 or i = 0 then 0 else 1 + floor((depth - 1) * (i - 1)::double precision / (n - 1))::int end as before
    from laid l cross join lateral generate_series(0, n - 1) i)
select story_id, party_id, dealer_id, seat_id, zone, draw * 64 + i as draw, i, model, line,
       case when i = 0 or i = n - 1 then raw_at
            else greatest(contact_at + i * interval '2 minutes', least(last_at - (n - i) * interval '1 minute',
                demo.hours((raw_at at time zone zone)::date, zone, demo.u(draw * 64 + i, 160)))) end as at,
       case when i = n - 1 and order_at is not null then 'order'
            when stage > before and stage > 1 and not (stage = 5) then (array['contact', 'visit', 'testdrive', 'offer'])[stage]
            when i > 0 and stage = 5 then case when demo.u(draw * 64 + i, 161) < 0.5 then 'credit' else 'appraisal' end
            when i = 0 then 'contact'
            else demo.pick(array['recall', 'recall', 'recall', 'callin', 'mailin', 'visit', 'smsin'], demo.u(draw * 64 + i, 162)) end as situation
from placed;
update demo.act set situation = case situation when 'contact' then 'fleetcontact' when 'recall' then 'fleetrecall' else 'fleetvisit' end
where line = 'FLEET' and situation in ('contact', 'visit', 'recall');
update demo.act set situation = case when situation in ('visit', 'offer') then 'appointment' else 'servicecall' end
where line = 'SERVICE' and situation in ('contact', 'recall', 'callin', 'mailin', 'visit', 'testdrive', 'offer', 'credit', 'appraisal');
update demo.act set situation = 'callin' where line = 'FLEET' and situation in ('smsin', 'appraisal');
delete from demo.act where at >= demo.now();
create index on demo.act (story_id);
update demo.act a set at = greatest(a.at, s.begun_at + (2 + a.i) * interval '1 minute') from demo.story s where s.story_id = a.story_id;

-- ---- steps --------------------------------------------------------------------------------------------------------------------------
create table demo.step (
    story_id bigint, at timestamptz, ord int, state core.right_state, event text, rule text, seat_id bigint, staff_id bigint,
    protect_until timestamptz, reason core.close_reason, lost core.lost_reason, prolonged_on date);

analyze demo.story, demo.act;
-- prolongations: the term runs at least to activity + P4, never beyond P5 (R52)
create table demo.term_run as
select a.story_id, a.at, a.draw, a.situation, s.seat_id, s.zone,
       least(demo.day_end(s.begun_at, s.zone, t.p5), greatest(demo.day_end(s.begun_at, s.zone, t.p3),
           max(demo.day_end(a.at, s.zone, t.p4)) over (partition by a.story_id order by a.at rows unbounded preceding))) as protect_until
from demo.act a join demo.story s using (story_id) join demo.term t on t.line = s.line;
create table demo.story_end as
select story_id, max(protect_until) as protect_until, max(at) as last_at from demo.term_run group by story_id;
alter table demo.story_end add primary key (story_id);

insert into demo.step
select story_id, start_at, 0, 'OFFERED', 'offer', 'R40', null, 4, null, null, null, null from demo.story where is_offer; -- registered by a seat: stored and checked in the same moment
insert into demo.step
select story_id, start_at, 0, 'PENDING', 'register', 'R31', seat_id, seat_id, null, null, null, null from demo.story where not is_offer;
insert into demo.step
select story_id, start_at + interval '1 second', 1, 'ACTIVE', 'checked', 'R32', seat_id, null, demo.day_end(start_at, zone, t.p3), null, null, null
from demo.story join demo.term t using (line) where not is_offer and outcome not in ('pending', 'conflict');
insert into demo.step
select story_id, start_at + interval '5 seconds', 1, 'CLOSED', 'conflict', 'R33', seat_id, null, null, 'conflict', null, null from demo.story where outcome = 'conflict' and not is_offer;
insert into demo.step
select story_id, accept_at, 1, 'ACTIVE', 'accept', 'R44', seat_id, seat_id, demo.day_end(accept_at, zone, t.p3), null, null, null
from demo.story join demo.term t using (line) where is_offer and outcome not in ('offered', 'declined', 'not_accepted', 'conflict');
insert into demo.step
select story_id, accept_at, 1, 'CLOSED', case outcome when 'declined' then 'decline' else 'not_accepted' end, 'R45', null,
       case outcome when 'declined' then seat_id end, null, case outcome when 'declined' then 'declined' else 'not_accepted' end::core.close_reason, null, null
from demo.story where is_offer and outcome in ('declined', 'not_accepted');
insert into demo.step
select story_id, accept_at, 1, 'CLOSED', 'conflict', 'R33', null, null, null, 'conflict', null, null from demo.story where is_offer and outcome = 'conflict';
insert into demo.step
select story_id, demo.later(begun_at, 240, zone), 2, 'CLOSED', 'no_contact', 'R112', seat_id, null, demo.day_end(begun_at, zone, t.p3), 'no_contact', null, null
from demo.story join demo.term t using (line) where outcome = 'no_contact';

insert into demo.step      -- one prolongation a day
select distinct on (story_id, (at at time zone zone)::date) story_id, at, 3, 'ACTIVE', 'activity', 'R52', seat_id, seat_id, protect_until, null, null, (at at time zone zone)::date
from demo.term_run where situation <> 'order' order by story_id, (at at time zone zone)::date, at;
insert into demo.step
select r.story_id, r.at, 4, 'HELD', 'order', 'R83', r.seat_id, r.seat_id, demo.day_end(r.at, r.zone, 365), null, null, null from demo.term_run r where situation = 'order';
insert into demo.step
select s.story_id, demo.hours(s.sold_on, s.zone, 0.75 + 0.2 * demo.u(s.draw, 165)), 5, 'CUSTOMER', 'delivery', 'R70', s.seat_id, s.seat_id,
       demo.day_end(((s.sold_on + interval '36 months')::date + time '12:00') at time zone s.zone, s.zone, 0), null, null, null
from demo.story s where outcome = 'delivered';
insert into demo.step      -- lost, and other ends on somebody's word
select s.story_id, least(demo.now() - interval '1 hour', demo.hours((e.last_at at time zone s.zone)::date + demo.i(s.draw, 166, 1, 11), s.zone, demo.u(s.draw, 167))), 5, 'CLOSED',
       case s.outcome when 'lost' then 'lost' when 'withdrawn' then 'withdraw' when 'merged' then 'merge' when 'erased' then 'erase' else 'terminate' end,
       case s.outcome when 'lost' then 'R57' when 'withdrawn' then 'R18' when 'merged' then 'R28' when 'erased' then 'R149' else 'R131' end,
       s.seat_id, case when s.outcome in ('lost', 'withdrawn') then s.seat_id else 1 end, e.protect_until, s.outcome::core.close_reason, s.lost, null
from demo.story s join demo.story_end e using (story_id) where s.outcome in ('lost', 'withdrawn', 'merged', 'erased', 'dealer_terminated');
insert into demo.step      -- the term ran out: grace, then the pool (R14, R15)
select s.story_id, e.protect_until, 5, 'GRACE', 'expire', 'R14', s.seat_id, null, e.protect_until, null, null, null
from demo.story s join demo.story_end e using (story_id) where s.outcome in ('expired', 'grace') and e.protect_until < demo.now();
insert into demo.step
select s.story_id, e.protect_until + interval '7 days', 6, 'CLOSED', 'grace_over', 'R15', s.seat_id, null, e.protect_until, 'expired', null, null
from demo.story s join demo.story_end e using (story_id) where s.outcome in ('expired', 'grace') and e.protect_until + interval '7 days' < demo.now();
insert into demo.step
select s.story_id, greatest(e.last_at + interval '1 minute', demo.now() - (6 + 80 * demo.u(s.draw, 168)) * interval '1 hour'), 5, 'DISPUTED', 'dispute', 'R103', s.seat_id, 5, e.protect_until, null, null, null
from demo.story s join demo.story_end e using (story_id) where s.outcome = 'disputed';

-- ---- customers by documents: SALES by sale, AFTERSALES by paid visit (D.2, R154, R157) ----------------------------------------------
create table demo.proof as
with sold as (      -- what a told story already delivered is not told twice
    select s.party_id, s.brand_id, s.line, null::bigint as vehicle_id, s.dealer_id, s.zone, s.sold_on as on_day, 36 as months
    from demo.sale s left join demo.story t on t.party_id = s.party_id and t.brand_id = s.brand_id and t.line = s.line and t.outcome = 'delivered'
    where t.story_id is null or s.sold_on > t.sold_on),
apart as (select party_id, brand_id from demo.visit group by party_id, brand_id having count(distinct dealer_id) > 1),
came as (
    select v.party_id, v.brand_id, 'SERVICE'::core.line, case when a.party_id is not null then v.vehicle_id end, v.dealer_id, v.zone, v.on_day, 18
    from demo.visit v left join apart a using (party_id, brand_id) where v.kind <> 'warranty')
select * from sold union all select * from came;
-- a person who is being worked for the same line stays with that story
delete from demo.proof p using demo.story s
where s.party_id = p.party_id and s.brand_id = p.brand_id and s.line = p.line and s.outcome <> 'delivered';

-- visits so far apart that the term ran out between them: only the last unbroken row of them counts
create table demo.chain as
with gap as (
    select p.*, on_day - lag(on_day) over w > months * 30 + 7 as is_new from demo.proof p
    window w as (partition by party_id, brand_id, line, vehicle_id order by on_day)),
run as (select g.*, count(*) filter (where is_new) over (partition by party_id, brand_id, line, vehicle_id order by on_day rows unbounded preceding) as run_no from gap g),
latest as (select r.*, max(run_no) over (partition by party_id, brand_id, line, vehicle_id) as last_no from run r)
select party_id, brand_id, line, vehicle_id, dealer_id, zone, on_day, months from latest where run_no = last_no;

create table demo.customer as
select 1000000000 + row_number() over (order by c.party_id, c.brand_id, c.line, c.vehicle_id)::bigint as story_id, c.party_id, c.brand_id, c.line, c.vehicle_id,
       min(c.dealer_id) as dealer_id, min(c.zone) as zone, min(on_day) as first_on, max(on_day) as last_on, min(months) as months, t.story_id as told_id
from demo.chain c left join demo.story t on t.party_id = c.party_id and t.brand_id = c.brand_id and t.line = c.line and t.outcome = 'delivered' and c.line <> 'SERVICE'
group by c.party_id, c.brand_id, c.line, c.vehicle_id, t.story_id;
create index on demo.customer (party_id, brand_id, line);

delete from demo.customer where told_id is null and last_on + months * interval '1 month' < demo.begun_on() + 2;   -- over before the network began: no right (D.2)

-- told stories and customers in one list of rights
create table demo.owned as
select s.story_id, s.party_id, s.brand_id, s.line, null::bigint as vehicle_id, s.dealer_id, s.zone, s.seat_id, s.draw, s.source, s.model as interest, s.start_at, s.begun_at, s.is_offer,
       s.accept_at, s.contact_at, s.outcome
from demo.story s
union all
select c.story_id, c.party_id, c.brand_id, c.line, c.vehicle_id, c.dealer_id, c.zone,
       case when demo.u(c.story_id, 170) < 0.93 then case when c.line = 'SERVICE' then k.advisers[1 + demo.i(c.party_id, 171, 0, cardinality(k.advisers) - 1)]
            else k.sellers[1 + demo.i(c.party_id, 171, 0, cardinality(k.sellers) - 1)] end end,
       c.story_id, 'document', null, greatest(demo.hours(c.first_on, c.zone, 0.8), demo.hours(demo.begun_on(), c.zone, 0.1)), greatest(demo.hours(c.first_on, c.zone, 0.8), demo.hours(demo.begun_on(), c.zone, 0.1)),
       false, null, null, 'customer'
from demo.customer c join demo.desk k using (dealer_id) where c.told_id is null;
alter table demo.owned add primary key (story_id);

insert into demo.step
with renewed as (
    select coalesce(c.told_id, c.story_id) as story_id, c.zone, c.told_id, h.on_day,
           greatest(demo.hours(h.on_day, c.zone, 0.8), demo.hours(demo.begun_on(), c.zone, 0.1)) as at,
           demo.day_end(((h.on_day + c.months * interval '1 month')::date + time '12:00') at time zone c.zone, c.zone, 0) as protect_until
    from demo.customer c join demo.chain h on h.party_id = c.party_id and h.brand_id = c.brand_id and h.line = c.line and h.vehicle_id is not distinct from c.vehicle_id)
-- what lies before the beginning of the network came with one import: one step
select distinct on (r.story_id, r.at) r.story_id, r.at, 7, 'CUSTOMER', 'document',
       case when r.told_id is not null or row_number() over (partition by r.story_id order by r.on_day) > 1 then 'R157' else 'R154' end, o.seat_id, null,
       r.protect_until, null, null, null
from renewed r join demo.owned o using (story_id) order by r.story_id, r.at, r.on_day desc;
create index on demo.step (story_id, at);
insert into demo.step
select story_id, protect_until, 8, 'GRACE', 'expire', 'R14', seat_id, null, protect_until, null, null, null
from (select distinct on (story_id) * from demo.step order by story_id, at desc, ord desc) l where state in ('ACTIVE', 'CUSTOMER') and protect_until < demo.now();
insert into demo.step
select story_id, protect_until + interval '7 days', 9, 'CLOSED', 'grace_over', 'R15', seat_id, null, protect_until, 'expired', null, null
from (select distinct on (story_id) * from demo.step where event = 'expire' and ord = 8) l where protect_until + interval '7 days' < demo.now();
delete from demo.step where at > demo.now();

-- ---- some right came from another dealer of the town: closed there as transferred, offered and accepted here (R126, R127) -----------
create table demo.transfer as
select s.story_id + 20000000 as story_id, s.story_id as to_id, s.party_id, s.brand_id, s.line, s.zone, s.draw, s.source, s.model, o.dealer_id, k.sellers[1] as seat_id,
       s.start_at as moved_at, s.start_at - (9 + 12 * demo.u(s.draw, 173)) * interval '1 day' as start_at
from demo.story s join demo.dealer d using (dealer_id)
cross join lateral (select x.dealer_id from demo.dealer x where x.city_id = d.city_id and x.dealer_id <> d.dealer_id and x.brands @> array[s.brand_id] order by 1 limit 1) o
join demo.desk k on k.dealer_id = o.dealer_id
where s.outcome = 'active' and s.is_offer and s.story_id < 10000000 and demo.u(s.draw, 172) < 0.12 and s.line = 'NEW';
insert into demo.owned
select story_id, party_id, brand_id, line, null, dealer_id, zone, seat_id, draw, source, model, start_at, start_at, false, null, start_at + interval '20 minutes', 'transferred' from demo.transfer;
insert into demo.step
select story_id, start_at, 0, 'PENDING', 'register', 'R31', seat_id, seat_id, null, null, null, null from demo.transfer;
insert into demo.step
select story_id, start_at + interval '1 second', 1, 'ACTIVE', 'checked', 'R32', seat_id, null, demo.day_end(start_at, zone, 30), null, null, null from demo.transfer;
insert into demo.step
select story_id, start_at + interval '20 minutes', 2, 'ACTIVE', 'activity', 'R52', seat_id, seat_id, demo.day_end(start_at, zone, 30), null, null, (start_at at time zone zone)::date from demo.transfer;
insert into demo.step
select story_id, moved_at - interval '1 second', 3, 'CLOSED', 'transfer', 'R127', seat_id, 4, demo.day_end(start_at, zone, 30), 'transferred', null, null from demo.transfer;

-- ---- seats: what a leaver held fell to the queue that day (R7); most of it was handed on -------------------------------------------
create table demo.left_behind as
select o.story_id, k.leaver, k.left_at, o.seat_id as heir_id, demo.u(o.draw, 174) < 0.75 as is_handed
from demo.owned o join demo.desk k using (dealer_id)
where k.leaver is not null and o.line <> 'SERVICE' and o.start_at < k.left_at and o.seat_id is not null and demo.u(o.draw, 175) < 0.2;
insert into demo.step
select l.story_id, l.left_at, 20, s.state, 'seat', 'R7', null, s.staff, s.protect_until, null, null, s.prolonged_on
from demo.left_behind l cross join lateral (select x.*, 1::bigint as staff from demo.step x where x.story_id = l.story_id and x.at < l.left_at order by x.at desc, x.ord desc limit 1) s
where s.state <> 'CLOSED';
insert into demo.step
select l.story_id, l.left_at + (1 + 40 * demo.u(l.story_id, 176)) * interval '1 hour', 21, s.state, 'seat', 'R126', l.heir_id, (select k.manager from demo.owned o join demo.desk k using (dealer_id) where o.story_id = l.story_id),
       s.protect_until, null, null, s.prolonged_on
from demo.left_behind l cross join lateral (select x.* from demo.step x where x.story_id = l.story_id and x.at < l.left_at + (1 + 40 * demo.u(l.story_id, 176)) * interval '1 hour' order by x.at desc, x.ord desc limit 1) s
where l.is_handed and s.state <> 'CLOSED';
update demo.step x set seat_id = case when x.at < l.left_at then l.leaver when not l.is_handed and x.event <> 'seat' and x.at > l.left_at then null else x.seat_id end,
    staff_id = case when x.staff_id = l.heir_id and x.at < l.left_at then l.leaver else x.staff_id end
from demo.left_behind l where l.story_id = x.story_id and x.ord < 20 and x.seat_id is not null;

-- ---- versions: what stands in core ---------------------------------------------------------------------------------------------------
analyze demo.step, demo.owned;
create table demo.number as
    select story_id, row_number() over (order by min(at), story_id)::bigint as ownership_id, max(at) as last_at from demo.step group by story_id;
alter table demo.number add primary key (story_id);
create table demo.version as
select n.ownership_id, n.last_at, s.*, o.party_id, o.brand_id, o.line, o.vehicle_id, o.dealer_id, o.zone, o.source, o.interest, o.start_at, o.begun_at, o.draw,
       row_number() over w as ver, lead(s.at) over w is null as is_last,
       case s.state when 'OFFERED' then demo.later(s.at, 120, o.zone) when 'PENDING' then demo.later(s.at, 480, o.zone) end as accept_until,
       case when o.is_offer and s.state not in ('OFFERED', 'CLOSED', 'GRACE') then demo.later(o.begun_at, 240, o.zone) end as contact_until,
       case when o.contact_at <= s.at then o.contact_at end as first_contact_at,
       case when o.outcome <> 'customer' and s.state not in ('OFFERED', 'PENDING', 'CUSTOMER') then demo.day_end(o.begun_at, o.zone, t.p5) end as limit_until,
       case when s.state = 'GRACE' then s.protect_until + interval '7 days'
            when s.state = 'CLOSED' then s.at + case when s.lost = 'no_money' then interval '90 days' else interval '0' end
            else 'infinity' end as free_from
from demo.step s join demo.number n using (story_id) join demo.owned o using (story_id) join demo.term t on t.line = o.line
window w as (partition by s.story_id order by s.at, s.ord);

insert into core.ownership_history (ownership_id, ver, public_id, party_id, brand_id, line, vehicle_id, dealer_id, seat_id, state, reason, lost, event, rule, source,
    accept_until, contact_until, first_contact_at, protect_until, limit_until, free_from, valid_from, recorded_at, staff_id, since, registered_at, manual_run, prolonged_on)
select ownership_id, ver, demo.uuid('right', ownership_id), party_id, brand_id, line, vehicle_id, dealer_id, seat_id, state, reason, lost, event, rule, source,
       accept_until, contact_until, first_contact_at, protect_until, limit_until, free_from, at, at, staff_id,
       at, start_at, 0, prolonged_on
from demo.version;
insert into core.ownership (ownership_id, public_id, party_id, brand_id, line, vehicle_id, dealer_id, seat_id, state, reason, lost, since, registered_at, accept_until, contact_until,
    first_contact_at, protect_until, limit_until, free_from, prolonged_on, source, interest, event, rule, changed_at, changed_by, ver) overriding system value
select distinct on (party_id, brand_id, line, vehicle_id) ownership_id, demo.uuid('right', ownership_id), party_id, brand_id, line, vehicle_id, dealer_id, seat_id, state, reason, lost, at,
       start_at, accept_until, contact_until, first_contact_at, protect_until, limit_until, free_from, prolonged_on, source, interest, event, rule, at, staff_id, ver
from demo.version where is_last order by party_id, brand_id, line, vehicle_id, at desc, ownership_id desc;

-- the person is as old as his first right or document
update core.party p set created_at = x.at, updated_at = x.last_at
from (select party_id, min(at) as at, max(at) as last_at from demo.version group by party_id) x where x.party_id = p.party_id;
-- an erased person keeps a number, and nothing else (R149); withdrawn: no advertising by anybody (R147)
update demo.person p set is_erased = true from demo.story s where s.party_id = p.party_id and s.outcome = 'erased';
