-- SPDX-License-Identifier: Apache-2.0
-- Comparison of branches for auditors and head office; a manager sees his own against the network's median (D.12).
-- Each figure with the count behind it, median and 90th percentile; a rate or median over fewer than five cases is null.

create type api.branch as (dealer_id uuid, dealer_name text, city text,
  accept_count bigint, accept_rate float8, accept_median_min int, accept_p90_min int,
  contact_count bigint, contact_median_min int, contact_p90_min int, contact_in15_share float8,
  registered bigint, contacted bigint, visited bigint, test_drives bigint, offers bigint, orders bigint, deliveries bigint,
  no_contact_rate float8, retention_count bigint, retention_12m float8, retention_24m float8,
  campaign_sent bigint, campaign_answered bigint, campaign_dropped bigint, competing_touches bigint,
  served_here bigint, served_away bigint, credit_shared bigint, credit_gained float8);
comment on type api.branch is 'One dealer in the comparison.';

create function core.rate(p_part bigint, p_whole bigint) returns float8
language sql immutable as $$ select case when p_whole >= 5 then round(p_part::numeric / p_whole, 4)::float8 end $$;
comment on function core.rate(bigint, bigint) is 'Share 0..1, null below five cases.';

create function core.branch_rows(p_from date, p_to date, p_brand smallint, p_line core.line) returns setof api.branch
language sql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan set work_mem = '64MB' as $$
  with span as (select coalesce(p_from, core.today() - 365) as from_on, coalesce(p_to, core.today()) as to_on),
  r as materialized (
    select k.dealer_id, count(*) filter (where k.is_offered) as offered,
      count(*) filter (where k.is_accepted) as accepted,
      percentile_disc(0.5) within group (order by k.accept_min) as accept_median,
      percentile_disc(0.9) within group (order by k.accept_min) as accept_p90,
      count(k.contact_min) as contact_n,
      percentile_disc(0.5) within group (order by k.contact_min) as contact_median,
      percentile_disc(0.9) within group (order by k.contact_min) as contact_p90,
      count(*) filter (where k.contact_min <= 15) as contact_in15,
      count(*) filter (where k.is_registered) as registered, count(*) filter (where k.is_registered and k.is_contacted) as contacted,
      count(*) filter (where k.is_registered and k.is_visited) as visited, count(*) filter (where k.is_registered and k.is_test_drive) as test_drives,
      count(*) filter (where k.is_registered and k.is_offer) as offers, count(*) filter (where k.is_registered and k.is_order) as orders,
      count(*) filter (where k.is_registered and k.is_delivered) as deliveries, count(*) filter (where k.is_no_contact) as no_contact,
      count(*) filter (where k.is_accepted or not k.is_offered) as taken
    from core.right_kpi k, span s
    where k.start_on between s.from_on and s.to_on and (p_brand is null or k.brand_id = p_brand)
      and (p_line is null or k.line = p_line)
    group by k.dealer_id),
  keep as materialized (                             -- cohorts whose 12 (24) months end inside the period
    select m.dealer_id,
      sum(m.visited) filter (where m.month_on + interval '12 months' between s.from_on and s.to_on) as n12,
      sum(m.back_12m) filter (where m.month_on + interval '12 months' between s.from_on and s.to_on) as back12,
      sum(m.visited) filter (where m.month_on + interval '24 months' between s.from_on and s.to_on) as n24,
      sum(m.back_24m) filter (where m.month_on + interval '24 months' between s.from_on and s.to_on) as back24
    from core.dealer_month m, span s where p_brand is null or m.brand_id = p_brand
    group by m.dealer_id),
  camp as materialized (
    select c.dealer_id, sum(c.n) filter (where c.state in ('SENT', 'DONE')) as sent,
      sum(c.n) filter (where c.state = 'DONE') as answered, sum(c.n) filter (where c.state in ('DROPPED', 'CANCELLED')) as dropped
    from core.campaign k join core.campaign_count c on c.campaign_id = k.campaign_id, span s
    where (k.launched_at at time zone 'Europe/Moscow')::date between s.from_on and s.to_on
      and (p_brand is null or k.brand_id is null or k.brand_id = p_brand)
      and (p_line is null or exists (select 1 from core.line_group g where g.line = p_line and g.grp = k.grp))
    group by c.dealer_id),
  serve as materialized (                            -- R119: others' protected customers served here, one's own elsewhere once told (R82)
    select u.dealer_id, sum(u.here) as here, sum(u.away) as away from span s cross join lateral (
      select v.dealer_id, 1 as here, 0 as away from core.serve_visit v
      where v.owner_id is not null and v.kind <> 'note' and v.at >= s.from_on and v.at < s.to_on + 1
        and (p_brand is null or v.brand_id = p_brand) and (p_line is null or v.line = p_line)
      union all
      select v.owner_id, 0, 1 from core.serve_visit v
      where v.owner_id is not null and v.told_at is not null and v.kind <> 'note' and v.at >= s.from_on and v.at < s.to_on + 1
        and (p_brand is null or v.brand_id = p_brand) and (p_line is null or v.line = p_line)) u group by u.dealer_id),
  shared as materialized (                           -- R84: sales one shared, and what one has of others' sales
    select u.dealer_id, sum(u.given) as given, sum(u.gained) as gained from span s cross join lateral (
      select x.seller_id as dealer_id, 1 as given, 0 as gained from core.credit x
      where x.other_bp > 0 and x.at >= s.from_on and x.at < s.to_on + 1 and (p_brand is null or x.brand_id = p_brand) and (p_line is null or x.line = p_line)
      union all
      select x.other_id, 0, x.other_bp from core.credit x
      where x.other_bp > 0 and x.at >= s.from_on and x.at < s.to_on + 1 and (p_brand is null or x.brand_id = p_brand) and (p_line is null or x.line = p_line)) u
    group by u.dealer_id)
  select d.public_id, d.name, d.city, coalesce(r.offered, 0), core.rate(r.accepted, r.offered),
    case when r.accepted >= 5 then r.accept_median end, case when r.accepted >= 5 then r.accept_p90 end,
    coalesce(r.contact_n, 0), case when r.contact_n >= 5 then r.contact_median end,
    case when r.contact_n >= 5 then r.contact_p90 end, core.rate(r.contact_in15, r.contact_n),
    coalesce(r.registered, 0), coalesce(r.contacted, 0), coalesce(r.visited, 0), coalesce(r.test_drives, 0),
    coalesce(r.offers, 0), coalesce(r.orders, 0), coalesce(r.deliveries, 0), core.rate(r.no_contact, r.taken),
    coalesce(k.n12, 0), core.rate(k.back12, k.n12), core.rate(k.back24, k.n24),
    coalesce(c.sent, 0)::bigint, coalesce(c.answered, 0)::bigint, coalesce(c.dropped, 0)::bigint,
    coalesce((m.detail -> 'dealers' ->> d.public_id::text)::bigint, case when m.name is not null then 0 end),
    coalesce(v.here, 0)::bigint, coalesce(v.away, 0)::bigint, coalesce(x.given, 0)::bigint, round(coalesce(x.gained, 0)::numeric / 10000, 2)::float8
  from core.dealer d
  left join r on r.dealer_id = d.dealer_id
  left join keep k on k.dealer_id = d.dealer_id
  left join camp c on c.dealer_id = d.dealer_id
  left join serve v on v.dealer_id = d.dealer_id
  left join shared x on x.dealer_id = d.dealer_id
  left join core.clock_mark m on m.name = 'competing.result'
  where d.dealer_id <> 0 and (d.is_active or r.registered > 0)
  order by d.name, d.dealer_id
$$;
comment on function core.branch_rows(date, date, smallint, core.line) is $$
Figures of every dealer: rights that began in the period (the funnel is of those he registered, R114), cohorts whose months ended in it, campaigns launched in it.
in: from, to - days, default the last year; brand; line    cost: < 1 s at 1,000,000 rights    source: R84, R110-R113, R119, R122, R123$$;

create function api.branches_list(p_from date default null, p_to date default null, p_brand_id int default null,
  p_line core.line default null) returns setof api.branch
language sql stable security definer set search_path = '' as $$
  select b.* from core.branch_rows(p_from, p_to, p_brand_id::smallint, p_line) b
$$;
comment on function api.branches_list(date, date, int, core.line) is $$
Compare branches: acceptance (R110), first contact (R111), no contact (R112), funnel (R113), retention (R122), campaigns and
competing touches (R123, of the latest hourly check; null before the first).
in: from, to - days, default the last year; brand_id; line
out: dealers by name; rates 0..1 and medians null below five cases$$;

create function api.branches_export(p_from date default null, p_to date default null, p_brand_id int default null,
  p_line core.line default null) returns setof api.branch
language sql stable security definer set search_path = '' as $$
  select b.* from core.branch_rows(p_from, p_to, p_brand_id::smallint, p_line) b
$$;
comment on function api.branches_export(date, date, int, core.line) is $$
Stream the comparison of branches with the filters of the list.
out: dealers by name    rule: D.12$$;

create function api.branch_own(p_from date default null, p_to date default null, p_brand_id int default null,
  p_line core.line default null) returns json
language sql stable security definer set search_path = '' as $$
  with b as materialized (select x.* from core.branch_rows(p_from, p_to, p_brand_id::smallint, p_line) x)
  select json_build_object('own', (select row_to_json(b) from b
      where b.dealer_id = (select d.public_id from core.dealer d where d.dealer_id = session.dealer())),
    'network', json_build_object('dealers', (select count(*) from b), 'medians', (
      select coalesce(json_object_agg(m.key, m.middle), '{}') from (
        select f.key, percentile_cont(0.5) within group (order by f.value::float8) as middle
        from b, jsonb_each_text(to_jsonb(b) - array['dealer_id', 'dealer_name', 'city']) f
        where f.value is not null group by f.key having count(*) >= 3) m)))   -- of two, one would tell the other
$$;
comment on function api.branch_own(date, date, int, core.line) is $$
The manager's own branch against the median of the network's dealers; no other dealer can be told.
in: as branches_list    out: {own: branch, network: {dealers, medians: figure -> median, from three dealers on}}    rule: D.12$$;

create type api.branch_point as (dealer_id uuid, month_on date, value float8, count bigint);
comment on type api.branch_point is 'One month of one dealer in a series.';

create function api.branch_series(p_measure text, p_dealer_id uuid[] default null, p_from date default null,
  p_to date default null, p_brand_id int default null, p_line core.line default null) returns setof api.branch_point
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_from date := date_trunc('month', coalesce(p_from, core.today() - 365))::date;
  v_to date := coalesce(p_to, core.today());
begin
  if p_measure in ('retention_12m', 'retention_24m', 'work_orders', 'work_order_kopecks', 'visitors') then
    return query
    select d.public_id, m.month_on, case p_measure when 'retention_12m' then core.rate(sum(m.back_12m), sum(m.visited))
        when 'retention_24m' then core.rate(sum(m.back_24m), sum(m.visited))
        when 'work_orders' then sum(m.order_count)::float8 when 'visitors' then sum(m.visited)::float8
        else sum(m.order_kopecks)::float8 end, sum(m.visited)::bigint
    from core.dealer_month m join core.dealer d on d.dealer_id = m.dealer_id
    where m.month_on between v_from and v_to and (p_dealer_id is null or d.public_id = any (p_dealer_id))
      and (p_brand_id is null or m.brand_id = p_brand_id)
    group by d.public_id, m.month_on order by d.public_id, m.month_on;
  elsif p_measure in ('registered', 'accept_rate', 'accept_median_min', 'contact_median_min', 'contact_in15_share',
      'no_contact_rate', 'test_drives', 'offers', 'orders', 'deliveries') then
    return query
    select d.public_id, date_trunc('month', k.start_on)::date, case p_measure when 'registered' then count(*) filter (where k.is_registered)::float8
        when 'accept_rate' then core.rate(count(*) filter (where k.is_accepted), count(*) filter (where k.is_offered))
        when 'accept_median_min' then case when count(k.accept_min) >= 5
          then percentile_disc(0.5) within group (order by k.accept_min)::float8 end
        when 'contact_median_min' then case when count(k.contact_min) >= 5
          then percentile_disc(0.5) within group (order by k.contact_min)::float8 end
        when 'contact_in15_share' then core.rate(count(*) filter (where k.contact_min <= 15), count(k.contact_min))
        when 'no_contact_rate' then core.rate(count(*) filter (where k.is_no_contact),
          count(*) filter (where k.is_accepted or not k.is_offered))
        when 'test_drives' then count(*) filter (where k.is_registered and k.is_test_drive)::float8
        when 'offers' then count(*) filter (where k.is_registered and k.is_offer)::float8
        when 'orders' then count(*) filter (where k.is_registered and k.is_order)::float8
        else count(*) filter (where k.is_registered and k.is_delivered)::float8 end, count(*)
    from core.right_kpi k join core.dealer d on d.dealer_id = k.dealer_id
    where k.start_on between v_from and v_to and d.dealer_id <> 0 and (p_dealer_id is null or d.public_id = any (p_dealer_id))
      and (p_brand_id is null or k.brand_id = p_brand_id) and (p_line is null or k.line = p_line)
    group by d.public_id, date_trunc('month', k.start_on) order by d.public_id, date_trunc('month', k.start_on);
  else
    perform core.fail('ZC402', 'measure');
  end if;
end $$;
comment on function api.branch_series(text, uuid[], date, date, int, core.line) is $$
A figure of dealers month by month.
in: measure - registered, accept_rate, accept_median_min, contact_median_min, contact_in15_share, no_contact_rate, test_drives,
offers, orders, deliveries, retention_12m, retention_24m, visitors, work_orders, work_order_kopecks; dealer_id - some dealers;
from, to - days; brand_id; line - of rights, retention and work orders have none, as in the table
out: points; value null below five cases    errors: bad-field    rule: D.12$$;

create type api.competing as (count bigint, checked_touches bigint, query_version int, at timestamptz, items jsonb);
comment on type api.competing is 'Proof that campaigns do not compete.';

create function api.competing_touches() returns api.competing
language sql stable security definer set search_path = '' as $$
  select jsonb_array_length(f.items)::bigint, f.checked, 1, core.now(), f.items from core.competing_find() f
$$;
comment on function api.competing_touches() is $$
Prove, now, over every touch and the history of locks, that no two principals touched one person in one competition group under
overlapping reservations.
out: count (must be 0), checked_touches, query_version, at, items - ids, dealers, moments    rule: R85, R123$$;
