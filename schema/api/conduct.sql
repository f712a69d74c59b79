-- SPDX-License-Identifier: Apache-2.0
-- How dealers hold what they were given (D.12): yield and hoarding, protection used, tasks, distribution, conflicts, evidence,
-- contact pressure, security. One row a dealer, beside api.branch; a rate or median over fewer than five cases is null.

create type api.conduct as (dealer_id uuid, dealer_name text, city text,
  registered bigint, yield_rate float8, hoarding_rate float8,
  protection_count bigint, protection_median_days int, protection_p90_days int, prolonged_mean float8, manual_only_share float8,
  task_count bigint, overdue_share float8, result_missing_share float8,
  routed bigint, routed_due float8, routed_ratio float8,
  protected_per_100 float8, dispute_count bigint, disputes_per_1000 float8, disputes_won bigint, disputes_lost bigint,
  decision_median_days float8, overturned bigint,
  sample_count bigint, sample_failed_share float8, backdated bigint, voided bigint,
  touch_count bigint, touch_median int, touch_p90 int, budget_refused bigint, opt_outs_per_1000 float8,
  probes bigint, probe_limits bigint, unmasked bigint, exports bigint, staff_changes bigint);
comment on type api.conduct is 'How one dealer holds what it was given.';

create function core.conduct_rows(p_from date, p_to date, p_brand smallint, p_line core.line) returns setof api.conduct
language sql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan set work_mem = '64MB' as $$
  with span as materialized (
    select f.from_on, t.to_on, f.from_on::timestamp at time zone 'Europe/Moscow' as from_at, (t.to_on + 1)::timestamp at time zone 'Europe/Moscow' as to_at
    from (select coalesce(p_from, core.today() - 365) as from_on) f, (select coalesce(p_to, core.today()) as to_on) t),
  r as materialized (                                -- R114, R115
    select k.dealer_id, count(*) filter (where k.is_registered) as registered, count(*) filter (where k.is_registered and k.is_delivered) as delivered,
      count(*) filter (where k.is_registered and k.is_hoarded) as hoarded,
      count(k.used_days) as ended, percentile_disc(0.5) within group (order by k.used_days) as used_median,
      percentile_disc(0.9) within group (order by k.used_days) as used_p90, avg(k.prolonged) as prolonged,
      count(*) filter (where k.prolonged > 0) as carried, count(*) filter (where k.is_manual_only) as manual
    from core.right_kpi k, span s
    where k.start_on between s.from_on and s.to_on and (p_brand is null or k.brand_id = p_brand) and (p_line is null or k.line = p_line)
    group by k.dealer_id),
  t as materialized (                                -- R116: tasks that were due in the period; late is done, or still open, after it
    select k.dealer_id, count(*) as n, count(*) filter (where coalesce(k.done_at, core.now()) > k.due_at) as late,
      count(*) filter (where k.state = 'DONE') as done, count(*) filter (where k.state = 'DONE' and k.outcome_code is null and coalesce(k.outcome, '') = '') as bare
    from core.task k, span s where k.due_at >= s.from_at and k.due_at < least(s.to_at, core.now()) and k.state <> 'CANCELLED'
    group by k.dealer_id),
  turn as materialized (                             -- R118: each turn of the wheel gives every candidate his part of one lead
    select d.decision_id, d.dealer_id, w.key::int as candidate, w.value::float8 / sum(w.value::float8) over (partition by d.decision_id) as part
    from span s join core.route_decision d on d.at >= s.from_at and d.at < s.to_at and d.wheel is not null
    join core.lead l on l.lead_id = d.lead_id cross join lateral jsonb_each_text(d.outcome -> 'weights') w
    where (p_brand is null or l.brand_id = p_brand) and (p_line is null or l.line = p_line)),
  share as materialized (
    select u.candidate as dealer_id, sum(u.part) as due, count(*) filter (where u.dealer_id = u.candidate) as given from turn u group by u.candidate),
  p as materialized (                                -- R120, R125
    select x.dealer_id, count(*) filter (where x.purpose <> 'registration') as probes, count(*) filter (where x.purpose = 'registration' and x.verdict = 'PROTECTED') as hit
    from core.probe x, span s where x.at >= s.from_at and x.at < s.to_at group by x.dealer_id),
  d as materialized (
    select u.dealer_id, count(*) as n, count(*) filter (where u.final_at is not null and u.has_won) as won, count(*) filter (where u.final_at is not null and not u.has_won) as lost,
      count(u.days) as decided, percentile_cont(0.5) within group (order by u.days) as days, count(*) filter (where u.is_turned) as turned
    from (select side.dealer_id, x.final_at, x.outcome = side.wins as has_won, extract(epoch from x.decided_at - x.filed_at) / 86400 as days,
            x.first_outcome is not null and x.first_outcome <> x.outcome as is_turned
          from span s join core.dispute x on x.filed_at >= s.from_at and x.filed_at < s.to_at
          cross join lateral (values (x.claimant_id, 'CLAIMANT'::core.dispute_outcome), (x.owner_id, 'OWNER')) side(dealer_id, wins)
          where (p_brand is null or x.brand_id = p_brand) and (p_line is null or x.line = p_line)) u group by u.dealer_id),
  e as materialized (                                -- R121
    select x.dealer_id, count(*) filter (where x.state in ('TRUE', 'FALSE')) as asked, count(*) filter (where x.state = 'FALSE') as failed
    from core.sample x, span s where x.at >= s.from_at and x.at < s.to_at group by x.dealer_id),
  late as materialized (
    select i.dealer_id, count(*) as n from span s join core.interaction i on i.recorded_at >= s.from_at and i.recorded_at < s.to_at
    where i.is_manual and i.at < i.recorded_at - make_interval(hours => core.policy_int('P21.backdate')) group by i.dealer_id),
  v as materialized (
    select m.dealer_id, count(*) as n from core.seat_mark m, span s where m.kind = 'void' and m.at >= s.from_at and m.at < s.to_at group by m.dealer_id),
  felt as materialized (                             -- R124: touches of a person by this dealer
    select x.dealer_id, x.party_id, count(*) as n, max(x.at) as last_at from core.touch x, span s where x.at >= s.from_at and x.at < s.to_at group by x.dealer_id, x.party_id),
  c as materialized (
    select f.dealer_id, sum(f.n) as n, count(*) as people, percentile_disc(0.5) within group (order by f.n) as median,
      percentile_disc(0.9) within group (order by f.n) as p90, count(o.party_id) as left_us
    from felt f left join (select distinct g.party_id from span s join core.consent g on g.withdrawn_at >= s.from_at and g.withdrawn_at < s.to_at
      where g.purpose = 'ADVERTISING') o on o.party_id = f.party_id group by f.dealer_id),
  b as materialized (
    select n.dealer_id, sum(n.n) as n from span s join core.campaign k on k.launched_at >= s.from_at and k.launched_at < s.to_at
    join core.campaign_count n on n.campaign_id = k.campaign_id where n.reason = 'budget' group by n.dealer_id),
  l as materialized (                                -- R125
    select x.dealer_id, count(*) filter (where x.kind = 'probe.limit') as limits, count(*) filter (where x.kind <> 'probe.limit') as staff
    from core.ledger x, span s where x.at >= s.from_at and x.at < s.to_at and x.kind in ('probe.limit', 'staff.add', 'staff.edit', 'staff.leave') group by x.dealer_id),
  g as materialized (select x.dealer_id, count(*) as n from core.unmask_grant x, span s where x.at >= s.from_at and x.at < s.to_at group by x.dealer_id),
  x as materialized (select y.dealer_id, count(*) as n from core.export y, span s where y.asked_at >= s.from_at and y.asked_at < s.to_at group by y.dealer_id)
  select q.public_id, q.name, q.city, coalesce(r.registered, 0), core.rate(r.delivered, r.registered), core.rate(r.hoarded, r.registered),
    coalesce(r.ended, 0), case when r.ended >= 5 then r.used_median end, case when r.ended >= 5 then r.used_p90 end,
    case when r.registered >= 5 then round(r.prolonged, 2)::float8 end, core.rate(r.manual, r.carried),
    coalesce(t.n, 0), core.rate(t.late, t.n), core.rate(t.bare, t.done),
    coalesce(share.given, 0), round(coalesce(share.due, 0)::numeric, 1)::float8, case when share.due >= 5 then round((share.given / share.due)::numeric, 2)::float8 end,
    core.rate(100 * p.hit, p.hit + r.registered), coalesce(d.n, 0), core.rate(1000 * d.n, r.registered), coalesce(d.won, 0), coalesce(d.lost, 0),
    case when d.decided >= 5 then round(d.days::numeric, 1)::float8 end, coalesce(d.turned, 0),
    coalesce(e.asked, 0), core.rate(e.failed, e.asked), coalesce(late.n, 0), coalesce(v.n, 0),
    coalesce(c.n, 0)::bigint, case when c.people >= 5 then c.median end::int, case when c.people >= 5 then c.p90 end::int, coalesce(b.n, 0)::bigint,
    core.rate(1000 * c.left_us, c.n::bigint), coalesce(p.probes, 0), coalesce(l.limits, 0), coalesce(g.n, 0), coalesce(x.n, 0), coalesce(l.staff, 0)
  from core.dealer q
  left join r on r.dealer_id = q.dealer_id left join t on t.dealer_id = q.dealer_id left join share on share.dealer_id = q.dealer_id
  left join p on p.dealer_id = q.dealer_id left join d on d.dealer_id = q.dealer_id left join e on e.dealer_id = q.dealer_id
  left join late on late.dealer_id = q.dealer_id left join v on v.dealer_id = q.dealer_id left join c on c.dealer_id = q.dealer_id
  left join b on b.dealer_id = q.dealer_id left join l on l.dealer_id = q.dealer_id left join g on g.dealer_id = q.dealer_id
  left join x on x.dealer_id = q.dealer_id
  where q.dealer_id <> 0 and (q.is_active or r.registered > 0)
  order by q.name, q.dealer_id
$$;
comment on function core.conduct_rows(date, date, smallint, core.line) is $$
Conduct of every dealer: rights that began in the period, tasks that fell due, leads distributed, disputes filed, entries made in it.
in: from, to - days, default the last year; brand; line - of rights, leads and disputes; tasks, probes, touches have none
out: routed_due is the number of leads the agreed weights gave (R42), routed_ratio what it had of it; a dispute counts for both sides
cost: one pass over each table of the period    source: R114-R116, R118, R120, R121, R124, R125$$;

create function api.conduct_list(p_from date default null, p_to date default null, p_brand_id int default null,
  p_line core.line default null) returns setof api.conduct
language sql stable security definer set search_path = '' as $$
  select b.* from core.conduct_rows(p_from, p_to, p_brand_id::smallint, p_line) b
$$;
comment on function api.conduct_list(date, date, int, core.line) is $$
Compare how dealers hold what they were given: yield and hoarding (R114), protection used (R115), tasks (R116), distribution (R118),
conflicts (R120), evidence (R121), contact pressure (R124), security (R125).
in: from, to - days, default the last year; brand_id; line
out: dealers by name; shares 0..1, rates and medians null below five cases$$;

create function api.conduct_export(p_from date default null, p_to date default null, p_brand_id int default null,
  p_line core.line default null) returns setof api.conduct
language sql stable security definer set search_path = '' as $$
  select b.* from core.conduct_rows(p_from, p_to, p_brand_id::smallint, p_line) b
$$;
comment on function api.conduct_export(date, date, int, core.line) is $$
Stream the comparison of conduct with the filters of the list.
out: dealers by name    rule: D.12$$;

create function core.gini(p_values float8[]) returns float8
language sql immutable as $$
select case when count(*) >= 3 and sum(v) > 0 then round((2 * sum(n * v) / (count(*) * sum(v)) - (count(*) + 1.0) / count(*))::numeric, 3)::float8 end
from (select u.v, row_number() over (order by u.v) as n from unnest(p_values) u(v)) x $$;
comment on function core.gini(float8[]) is 'Inequality of parts: 0 all alike, towards 1 one has everything; null for fewer than three.    source: R118';

create function api.conduct_network(p_from date default null, p_to date default null, p_brand_id int default null,
  p_line core.line default null) returns json
language sql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
  with span as (select coalesce(p_from, core.today() - 365)::timestamp at time zone 'Europe/Moscow' as from_at,
                       (coalesce(p_to, core.today()) + 1)::timestamp at time zone 'Europe/Moscow' as to_at),
  pool as (                                          -- R117
    select count(*) filter (where l.state <> 'DONE') as waiting,
      percentile_disc(0.5) within group (order by extract(epoch from core.now() - l.came_at)::bigint / 60) filter (where l.state in ('ROUTING', 'OFFERED', 'DESK')) as median_min,
      max(extract(epoch from core.now() - l.came_at)::bigint / 60) filter (where l.state in ('ROUTING', 'OFFERED', 'DESK')) as oldest_min,
      count(*) filter (where l.state in ('ROUTING', 'OFFERED') and l.due_at < core.now()) as overdue
    from core.lead l where l.state <> 'DONE' and (p_brand_id is null or l.brand_id = p_brand_id) and (p_line is null or l.line = p_line)),
  breach as (select count(*) as n from core.lead l, span s where l.came_at >= s.from_at and l.came_at < s.to_at and l.desk_rule = 'R45'
    and (p_brand_id is null or l.brand_id = p_brand_id) and (p_line is null or l.line = p_line)),
  source as (                                        -- R114
    select coalesce(k.source, 'other') as source, count(*) as registered, count(*) filter (where k.is_delivered) as delivered,
      count(*) filter (where k.is_hoarded) as hoarded
    from core.right_kpi k, span s where k.is_registered and k.start_on >= (s.from_at at time zone 'Europe/Moscow')::date and k.start_on < (s.to_at at time zone 'Europe/Moscow')::date
      and (p_brand_id is null or k.brand_id = p_brand_id) and (p_line is null or k.line = p_line)
    group by 1 having count(*) >= 5),
  felt as (                                          -- R124: how many people were touched how often, by anybody
    select least(n, 10) as touches, count(*) as people
    from (select count(*) as n from core.touch t, span s where t.at >= s.from_at and t.at < s.to_at group by t.party_id) x group by 1)
  select json_build_object(
    'pool', (select row_to_json(pool) from pool), 'desk_after_day', (select n from breach),
    'gini', (select core.gini(array_agg(c.routed_ratio)) from core.conduct_rows(p_from, p_to, p_brand_id::smallint, p_line) c where c.routed_ratio is not null),
    'sources', (select coalesce(json_agg(json_build_object('source', x.source, 'registered', x.registered, 'yield_rate', core.rate(x.delivered, x.registered),
        'hoarding_rate', core.rate(x.hoarded, x.registered)) order by x.registered desc, x.source), '[]') from source x),
    'pressure', (select coalesce(json_agg(json_build_object('touches', f.touches, 'people', core.small_hidden(f.people)) order by f.touches), '[]') from felt f),
    'sealed_at', (select m.at from core.clock_mark m where m.name = 'seal'),
    'chain_checked_at', (select max(l.at) from core.ledger l where l.kind = 'read.ledger_check' and l.at > core.now() - interval '366 days'))
$$;
comment on function api.conduct_network(date, date, int, core.line) is $$
Conduct of the network: the pool's age and what went to the desk after a day (R117), fairness of distribution (R118), yield by
source (R114), how often people were touched (R124), when the ledger was sealed and last checked (R125).
in: from, to - days, default the last year; brand_id; line
out: {pool: {waiting, median_min, oldest_min, overdue}, desk_after_day, gini, sources: [{source, registered, yield_rate,
hoarding_rate}] of five and more, pressure: [{touches (10 = ten and more), people, null below ten}], sealed_at, chain_checked_at}$$;
