-- SPDX-License-Identifier: Apache-2.0
-- Figures for auditors (D.12): one row a right in core.right_kpi, cohorts in core.dealer_month, and the proof that campaigns
-- never compete. Kept by the clock within a minute, made anew every night.

create function core.kpi_rights(p_parties bigint[]) returns int
language plpgsql security definer set search_path = '' set plan_cache_mode = force_custom_plan set work_mem = '128MB' as $$
declare
  v_rows int; v_gone int; v_parties bigint[] := p_parties;
begin
  if p_parties is not null then                      -- a merge leaves the history of a right at two persons
    v_parties := array(with recursive near as (
      select u.id from unnest(p_parties) u(id)
      union select case m.survivor_id when n.id then m.merged_id else m.survivor_id end from near n join core.merge m on n.id in (m.survivor_id, m.merged_id))
      select n.id from near n);
  end if;
  with recursive one as materialized (
    select h.ownership_id, min(h.dealer_id) as dealer_id, min(h.successor_of) as successor_of
    from core.ownership_history h where v_parties is null or h.party_id = any (v_parties) group by h.ownership_id),
  chain as (                                         -- the first right of a dealer, and those of his that only go on with it
    select o.ownership_id, o.ownership_id as root_id, o.dealer_id,
      p.ownership_id is null or exists (select from core.ownership_history h where h.ownership_id = o.successor_of and h.event = 'decide'
        and (v_parties is null or h.party_id = any (v_parties))) as is_registered       -- a dispute won begins as a registration does (R107)
    from one o left join one p on p.ownership_id = o.successor_of where p.ownership_id is null or p.dealer_id <> o.dealer_id
    union all
    select o.ownership_id, c.root_id, c.dealer_id, c.is_registered from chain c join one o on o.successor_of = c.ownership_id and o.dealer_id = c.dealer_id),
  told as materialized (
    select h.party_id, h.dealer_id, h.brand_id, h.line, h.recorded_at, h.first_contact_at, h.event, h.source, h.prolonged_on, c.root_id, c.is_registered,
      case when h.state <> 'CLOSED' or f.successor_of is null then h.state end as state, case when f.successor_of is null then h.reason end as reason
    from core.ownership_history h join chain c on c.ownership_id = h.ownership_id
    left join (select distinct o.successor_of, o.dealer_id from one o where o.successor_of is not null) f on f.successor_of = h.ownership_id and f.dealer_id = h.dealer_id
    where v_parties is null or h.party_id = any (v_parties)),
  step as materialized (
    select h.root_id as ownership_id, array_agg(distinct h.party_id) as parties, min(h.dealer_id) as dealer_id, min(h.brand_id) as brand_id,
      bool_and(h.is_registered) as is_registered,
      min(h.line) as line, min(h.recorded_at) as start_at, max(h.first_contact_at) as contact_at,
      min(h.recorded_at) filter (where h.state = 'OFFERED') as offered_at,
      min(h.recorded_at) filter (where h.state in ('ACTIVE', 'HELD', 'CUSTOMER')) as accepted_at,
      min(h.recorded_at) filter (where h.state = 'CLOSED') as closed_at,
      bool_or(h.reason = 'no_contact') as is_no_contact, bool_or(h.state = 'HELD') as is_held,
      bool_or(h.state = 'CUSTOMER') and bool_or(h.state = 'HELD') as is_delivered,
      max(h.source) as source, count(distinct h.prolonged_on)::smallint as prolonged,
      min(h.recorded_at) filter (where h.state in ('CUSTOMER', 'GRACE', 'CLOSED')) as ended_at,
      bool_or(h.event = 'expire') as is_expired
    from told h
    group by h.root_id
    -- a client made by a document alone was never a lead: no acceptance, no first contact, no place in the funnel
    having not bool_and(h.event in ('document', 'expire', 'grace_over', 'seat', 'outage', 'activity'))),
  act as materialized (
    select s.ownership_id, min(i.at) filter (where core.is_two_sided(i.kind)) as contact_at,
      bool_or(i.kind = 'VISIT') as is_visited, bool_or(i.kind = 'TEST_DRIVE') as is_test_drive,
      bool_or(i.kind = 'OFFER') as is_offer, bool_or(i.kind in ('ORDER', 'DEPOSIT')) as is_order,
      bool_or(i.is_qualifying) as is_qualified, bool_and(i.is_manual) filter (where i.is_qualifying) as is_manual
    from step s
    join core.interaction i on i.party_id = any (s.parties) and i.dealer_id = s.dealer_id
      and i.at >= s.start_at and i.at <= coalesce(s.closed_at, 'infinity')
    where v_parties is null or i.party_id = any (v_parties)
    group by s.ownership_id)
  insert into core.right_kpi as k (ownership_id, dealer_id, brand_id, line, start_on, is_offered, is_accepted, accept_min,
    contact_min, is_no_contact, is_contacted, is_visited, is_test_drive, is_offer, is_order, is_delivered,
    source, used_days, prolonged, is_manual_only, is_hoarded, is_registered, kept_at)
  select s.ownership_id, s.dealer_id, s.brand_id, s.line, (s.start_at at time zone 'Europe/Moscow')::date,
    s.offered_at is not null, s.offered_at is not null and s.accepted_at is not null,
    case when s.offered_at is not null and s.accepted_at >= s.offered_at
      then least(extract(epoch from s.accepted_at - s.offered_at) / 60, 10000000)::int end,
    case when c.contact_at >= s.accepted_at
      then least(extract(epoch from c.contact_at - s.accepted_at) / 60, 10000000)::int end,
    coalesce(s.is_no_contact, false), c.contact_at is not null, coalesce(a.is_visited, false),
    coalesce(a.is_test_drive, false), coalesce(a.is_offer, false), coalesce(a.is_order, false) or s.is_held,
    s.is_delivered, s.source, case when s.ended_at is not null then greatest(extract(epoch from s.ended_at - s.start_at) / 86400, 0)::int end,
    s.prolonged, s.prolonged > 0 and coalesce(a.is_manual, false),
    s.is_expired and not s.is_delivered and not coalesce(a.is_qualified, false), s.is_registered, core.now()
  from step s
  left join act a on a.ownership_id = s.ownership_id
  cross join lateral (select coalesce(s.contact_at, a.contact_at) as contact_at) c
  on conflict (ownership_id) do update set dealer_id = excluded.dealer_id, brand_id = excluded.brand_id,
    line = excluded.line, start_on = excluded.start_on, is_offered = excluded.is_offered,
    is_accepted = excluded.is_accepted, accept_min = excluded.accept_min, contact_min = excluded.contact_min,
    is_no_contact = excluded.is_no_contact, is_contacted = excluded.is_contacted, is_visited = excluded.is_visited,
    is_test_drive = excluded.is_test_drive, is_offer = excluded.is_offer, is_order = excluded.is_order,
    is_delivered = excluded.is_delivered,
    source = excluded.source, used_days = excluded.used_days, prolonged = excluded.prolonged,
    is_manual_only = excluded.is_manual_only, is_hoarded = excluded.is_hoarded, is_registered = excluded.is_registered, kept_at = excluded.kept_at
  where (k.is_accepted, k.accept_min, k.contact_min, k.is_no_contact, k.is_contacted, k.is_visited, k.is_test_drive,
      k.is_offer, k.is_order, k.is_delivered, k.start_on, k.dealer_id, k.source, k.used_days, k.prolonged, k.is_manual_only, k.is_hoarded, k.is_registered)
    is distinct from (excluded.is_accepted, excluded.accept_min, excluded.contact_min, excluded.is_no_contact,
      excluded.is_contacted, excluded.is_visited, excluded.is_test_drive, excluded.is_offer, excluded.is_order,
      excluded.is_delivered, excluded.start_on, excluded.dealer_id, excluded.source, excluded.used_days, excluded.prolonged,
      excluded.is_manual_only, excluded.is_hoarded, excluded.is_registered);
  get diagnostics v_rows = row_count;
  -- read once, then compared: a look for each of them would go through all the people again
  with told as materialized (
    select distinct h.ownership_id, h.dealer_id, h.successor_of from core.ownership_history h where v_parties is null or h.party_id = any (v_parties))
  delete from core.right_kpi k using told h join told p on p.ownership_id = h.successor_of and p.dealer_id = h.dealer_id where k.ownership_id = h.ownership_id;
  get diagnostics v_gone = row_count;
  return v_rows + v_gone;
end $$;
comment on function core.kpi_rights(bigint[]) is $$
Work out core.right_kpi from the history of rights and the timeline of their owner.
in: people, or NULL for all    out: rows that changed
a right that goes on after a merge, with the same dealer, or a close taken back is one row with the first; is_registered false: it came from another dealer
minutes are minutes of the clock on the wall; contact counts from acceptance (from the start when nothing was offered)
cost: 0.1 ms a person    source: R110-R115$$;

create function core.kpi_refresh() returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_since timestamptz;
  v_to timestamptz := core.now();
  v_parties bigint[];
begin
  select m.at into v_since from core.clock_mark m where m.name = 'kpi.rights';
  v_since := greatest(coalesce(v_since, v_to - interval '1 hour'), v_to - interval '1 day') - interval '2 minutes';
  select array_agg(x.party_id) into v_parties from (
    select h.party_id from core.ownership_history h where h.recorded_at >= v_since
    union select i.party_id from core.interaction i where i.recorded_at >= v_since limit 5000) x;
  insert into core.clock_mark (name, at) values ('kpi.rights', v_to) on conflict (name) do update set at = excluded.at;
  if v_parties is null then return 0; end if;
  perform core.kpi_rights(v_parties);
  return cardinality(v_parties);
end $$;
comment on function core.kpi_refresh() is $$
Bring the figures of people with news of the last minutes up to date; what is late comes with the night.
out: people looked at    cost: two BRIN ranges when nothing happened$$;

create function core.kpi_months(p_dealer int) returns void
language plpgsql security definer set search_path = '' set plan_cache_mode = force_custom_plan set work_mem = '256MB' as $$
begin
  delete from core.dealer_month m where p_dealer is null or m.dealer_id = p_dealer;
  insert into core.dealer_month (dealer_id, month_on, brand_id, visited, back_12m, back_24m, order_count, order_kopecks)
  select v.dealer_id, v.month_on, v.brand_id, count(*), count(*) filter (where v.next_on <= v.month_on + interval '12 months'),
    count(*) filter (where v.next_on <= v.month_on + interval '24 months'), sum(v.n), sum(v.kopecks)
  from (
    select o.dealer_id, o.party_id, coalesce(o.brand_id, 0)::smallint as brand_id,
      date_trunc('month', o.opened_on)::date as month_on, count(*) as n, sum(o.amount_kopecks::bigint) as kopecks,
      lead(date_trunc('month', o.opened_on)::date) over (partition by o.dealer_id, coalesce(o.brand_id, 0), o.party_id
        order by date_trunc('month', o.opened_on)::date) as next_on
    from core.repair_order o where o.is_paid and (p_dealer is null or o.dealer_id = p_dealer)
    group by o.dealer_id, coalesce(o.brand_id, 0), o.party_id, date_trunc('month', o.opened_on)::date) v
  group by v.dealer_id, v.month_on, v.brand_id;
end $$;
comment on function core.kpi_months(int) is $$
Make the months of a dealer anew, NULL = of all.
retention cohort: clients with a paid visit in the month; back_12m, back_24m of them had another visit in a later month within 12
and 24 months    source: R122$$;

create function core.kpi_rebuild() returns void
language plpgsql security definer set search_path = '' as $$
begin
  delete from core.right_kpi k where not exists (
    select 1 from core.ownership_history h where h.ownership_id = k.ownership_id);
  perform core.kpi_rights(null);
  perform core.kpi_months(null);
end $$;
comment on function core.kpi_rebuild() is 'Make all figures of D.12 anew at once, after a bulk load.    cost: 15-20 s at 1,000,000 people    source: R110-R115, R122';

create function core.job_step_nightly_kpi(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare
  v_job core.job := core.job_claim(p_job); s jsonb := v_job.spec; v_parties bigint[]; v_dealer int;
begin
  is_done := false; total := 0; done := v_job.done;
  if s ->> 'dealer' is null then
    v_parties := array(select distinct h.party_id from core.ownership_history h where h.party_id > coalesce((s ->> 'after')::bigint, 0)
                       order by h.party_id limit 5000);
    if cardinality(v_parties) > 0 then perform core.kpi_rights(v_parties); end if;
    s := s || case when cardinality(v_parties) > 0 then jsonb_build_object('after', v_parties[cardinality(v_parties)]) else '{"dealer": -1}' end;
    done := v_job.done + cardinality(v_parties);
  else
    select min(d.dealer_id) into v_dealer from core.dealer d where d.dealer_id > (s ->> 'dealer')::int;
    if v_dealer is null then is_done := true; else perform core.kpi_months(v_dealer); s := s || jsonb_build_object('dealer', v_dealer); end if;
  end if;
  update core.job j set spec = s where j.job_id = p_job;
end $$;
comment on function core.job_step_nightly_kpi(bigint) is $$
A page of the figures of D.12 made anew, so that late and corrected entries count: the rights of some people, then the months of a dealer.
cost: under a second a step, whatever the size of the base    source: D.12$$;

create function core.competing_find(out checked bigint, out items jsonb)
language plpgsql stable security definer set search_path = '' set work_mem = '128MB' as $$
begin
  select count(*) into checked from core.touch t where t.class >= 2;
  with suspect as materialized (
    select t.party_id, t.grp, null::text as unit from core.touch t
    where t.class >= 2 group by t.party_id, t.grp having count(distinct t.dealer_id) > 1
    union
    select null, t.grp, t.unit from core.touch t
    where t.class >= 2 and left(t.unit, 1) = 'h' group by t.grp, t.unit having count(distinct t.dealer_id) > 1),
  touched as materialized (
    select t.touch_id, t.party_id, t.grp, t.unit, t.campaign_id, t.dealer_id, t.at from suspect s
    join core.touch t on t.grp = s.grp and t.party_id = s.party_id where t.class >= 2
    union
    select t.touch_id, t.party_id, t.grp, t.unit, t.campaign_id, t.dealer_id, t.at from suspect s
    join core.touch t on t.grp = s.grp and t.unit = s.unit where t.class >= 2),
  windowed as materialized (                         -- the reservation under which each touch was made
    select t.touch_id, t.party_id, t.grp, t.unit, t.campaign_id, t.dealer_id, t.at, w.from_at, w.to_at
    from touched t
    left join lateral (
      select min(h.recorded_at) as from_at, (array_agg(case when h.state = 'RELEASED' then least(h.until, h.recorded_at)
        else h.until end order by h.ver desc))[1] as to_at
      from core.campaign_lock_history h
      where h.unit = t.unit and h.grp = t.grp and h.campaign_id = t.campaign_id) w on true)
  select coalesce(jsonb_agg(jsonb_build_object('person_id', p.public_id, 'grp', a.grp,
    'dealers', (select jsonb_agg(d.public_id) from core.dealer d where d.dealer_id in (a.dealer_id, b.dealer_id)), 'first_at', a.at, 'second_at', b.at,
    'first_campaign', (select k.public_id from core.campaign k where k.campaign_id = a.campaign_id),
    'second_campaign', (select k.public_id from core.campaign k where k.campaign_id = b.campaign_id))), '[]') into items
  from windowed a
  join windowed b on b.grp = a.grp and b.dealer_id <> a.dealer_id and a.touch_id < b.touch_id
    and (b.party_id = a.party_id or b.unit = a.unit)
    and (position('v' in coalesce(a.unit, '')) = 0 or position('v' in coalesce(b.unit, '')) = 0 or a.unit = b.unit)
    and coalesce(a.from_at, a.at) < coalesce(b.to_at, b.at) and coalesce(b.from_at, b.at) < coalesce(a.to_at, a.at)
  join core.party p on p.party_id = a.party_id;
end $$;
comment on function core.competing_find() is $$
Look for competing touches: two touches of class >= 2 by different principals, same competition group, same person or household
(two vehicles of one person do not compete), made under reservations whose windows overlap. The windows come from the history of
locks, not from their present state; a touch without a lock counts with its own moment.
out: touches checked; items must be []    cost: one grouping of core.touch    source: R85, R123$$;

create function core.competing_remember() returns void
language sql security definer set search_path = '' as $$
  insert into core.clock_mark as m (name, at, detail)
  select 'competing.result', core.now(), jsonb_build_object('checked', f.checked, 'count', jsonb_array_length(f.items), 'dealers', (
    select coalesce(jsonb_object_agg(x.dealer, x.n), '{}') from (select e as dealer, count(*) as n
      from jsonb_array_elements(f.items) i, jsonb_array_elements_text(i -> 'dealers') e group by 1) x))
  from core.competing_find() f
  on conflict (name) do update set at = excluded.at, detail = excluded.detail;
$$;
comment on function core.competing_remember() is 'Keep the latest result of core.competing_find for the pages. source: R123';
