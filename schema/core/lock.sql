-- SPDX-License-Identifier: Apache-2.0
-- Campaign locks: one current row per (lock unit, competition group). Its primary key is the promise that two campaigns
-- never hold one person (R86).
-- Used by the launch job and the clock, which drive the arbiter, and by the outbox and the call list, which move a lock on.
-- Invariants: only core.lock_take gives a lock, under the arbiter's advisory lock; nobody breaks a live lock (R92); every
-- change stands in core.campaign_lock_history, written by trigger; no lock lives longer than P13 (R89).

create function core.lock_history_keep() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into core.campaign_lock_history
    (unit, grp, ver, campaign_id, dealer_id, class, state, party_id, since, until, recorded_at)
  select n.unit, n.grp, n.ver, n.campaign_id, n.dealer_id, n.class, n.state, n.party_id, n.since, n.until, core.now()
  from new_rows n;
  return null;
end $$;
comment on function core.lock_history_keep() is 'Write every state of a lock to its history. source: R8, findings schema 10';

create trigger campaign_lock_inserted after insert on core.campaign_lock referencing new table as new_rows
  for each statement execute function core.lock_history_keep();
create trigger campaign_lock_updated after update on core.campaign_lock referencing new table as new_rows
  for each statement execute function core.lock_history_keep();

create function core.recipient_count_keep() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    insert into core.campaign_count as t (campaign_id, dealer_id, state, reason, n)
    select r.campaign_id, r.dealer_id, r.state, r.reason, count(*) from new_rows r
    group by r.campaign_id, r.dealer_id, r.state, r.reason order by 1, 2, 3, 4
    on conflict (campaign_id, dealer_id, state, reason) do update set n = t.n + excluded.n;
  else
    insert into core.campaign_count as t (campaign_id, dealer_id, state, reason, n)
    select d.campaign_id, d.dealer_id, d.state, d.reason, sum(d.n) from (
      select r.campaign_id, r.dealer_id, r.state, r.reason, 1 as n from new_rows r
      union all select r.campaign_id, r.dealer_id, r.state, r.reason, -1 from old_rows r) d
    group by d.campaign_id, d.dealer_id, d.state, d.reason having sum(d.n) <> 0 order by 1, 2, 3, 4
    on conflict (campaign_id, dealer_id, state, reason) do update set n = t.n + excluded.n;
  end if;
  return null;
end $$;
comment on function core.recipient_count_keep() is $$
Keep core.campaign_count in the transaction of the change, so that no page counts recipients. source: campaigns B2$$;

create trigger recipient_inserted after insert on core.recipient referencing new table as new_rows
  for each statement execute function core.recipient_count_keep();
create trigger recipient_updated after update on core.recipient referencing old table as old_rows new table as new_rows
  for each statement execute function core.recipient_count_keep();

create function core.lock_arbiter() returns boolean
language sql as $$
  select pg_try_advisory_xact_lock(4270001);
$$;
comment on function core.lock_arbiter() is $$
Become the arbiter for this transaction.
out: false when another transaction is it; then nothing may be taken    source: design 10$$;

create function core.lock_take(p_campaign bigint, p_parties bigint[]) returns int
language plpgsql security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  c core.campaign;
  v_now timestamptz := core.now();
  v_until timestamptz;
  v_parties bigint[];
  v_units text[];
  v_taken text[];
  v_fate record;
  v_granted int := 0;
begin
  select k.* into c from core.campaign k where k.campaign_id = p_campaign;
  v_until := v_now + make_interval(days => least(c.lock_days, core.policy_int('P13.lock')));
  select array_agg(r.party_id order by r.unit), array_agg(r.unit order by r.unit) into v_parties, v_units
  from core.recipient r                              -- by array, not by join: a fresh campaign has no statistics
  where r.campaign_id = p_campaign and r.party_id = any (p_parties) and r.state = 'PLANNED';
  if v_parties is null then return 0; end if;
  with taken as (
    insert into core.campaign_lock as l (unit, grp, campaign_id, dealer_id, class, state, party_id, since, until)
    select distinct on (w.unit) w.unit, c.grp, c.campaign_id, c.dealer_id, c.class, 'HELD', w.party_id, v_now, v_until
    from unnest(v_units, v_parties) as w (unit, party_id)
    where (                                          -- one index probe a person; as NOT EXISTS it became a join over all locks
      select true from core.campaign_lock o
      where o.party_id = w.party_id and o.grp = c.grp and o.unit <> w.unit and o.campaign_id <> c.campaign_id
        and o.state <> 'RELEASED' and o.until > v_now
        and (position('v' in o.unit) = 0 or position('v' in w.unit) = 0) limit 1) is not true
    order by w.unit, w.party_id
    on conflict (unit, grp) do update set campaign_id = excluded.campaign_id, dealer_id = excluded.dealer_id,
      class = excluded.class, state = 'HELD', party_id = excluded.party_id, since = excluded.since,
      until = excluded.until, ver = l.ver + 1
    where l.state = 'RELEASED' or l.until <= v_now
    returning l.unit)
  select coalesce(array_agg(t.unit), '{}') into v_taken from taken t;
  for v_fate in
    select x.is_granted, x.week, array_agg(x.party_id) as ids, array_agg(x.unit) as units from (
      select w.party_id, w.unit, t.unit is not null or o.campaign_id is not distinct from p_campaign as is_granted,
        case when t.unit is null and o.campaign_id is distinct from p_campaign then date_trunc('week', o.until)::date end as week
      from unnest(v_units, v_parties) as w (unit, party_id)
      left join unnest(v_taken) as t (unit) on t.unit = w.unit
      left join lateral (
        select y.campaign_id, y.until from core.campaign_lock y
        where t.unit is null and y.grp = c.grp and (y.unit = w.unit or y.party_id = w.party_id)
          and y.state <> 'RELEASED' and y.until > v_now
        order by y.campaign_id <> p_campaign desc, y.until desc limit 1) o on true) x
    group by x.is_granted, x.week
  loop
    update core.recipient r set changed_at = v_now,
      state = case when v_fate.is_granted then 'LOCKED' else 'DROPPED' end::core.recipient_state,
      reason = case when v_fate.is_granted then null else 'locked'::core.drop_reason end, free_week = v_fate.week
    where r.campaign_id = p_campaign and r.party_id = any (v_fate.ids);
    if v_fate.is_granted then
      v_granted := v_granted + cardinality(v_fate.ids);
    elsif c.ends_at is not null then
      insert into core.waiting_list (unit, grp, campaign_id, party_id, dealer_id, at)
      select u.unit, c.grp, p_campaign, u.party_id, c.dealer_id, v_now
      from unnest(v_fate.units, v_fate.ids) as u (unit, party_id)
      on conflict do nothing;
    end if;
  end loop;
  return v_granted;
end $$;
comment on function core.lock_take(bigint, bigint[]) is $$
Give the campaign the locks of its planned people, or drop them as locked; taken in the order of the lock units.
in: campaign; party ids whose recipients are PLANNED (others are passed over)
out: how many now are LOCKED; the others are DROPPED(locked) with the week in which the lock ends, and wait for it when the
campaign has an end date (R91)
guard: primary key (unit, grp); a lock on a vehicle of the person and one on the person exclude each other (R62, R86); caller
holds core.lock_arbiter()    cost: 20-30 us a person$$;

create function core.lock_tick(p_limit int default 5000) returns int
language plpgsql security definer set search_path = '' as $$
declare
  c record;
  v_ids bigint[];
  v_done int := 0;
  v_waiting core.competition_group[] := '{}';
begin
  if not core.lock_arbiter() then return 0; end if;
  for c in select k.campaign_id, k.grp, k.is_prepared from core.campaign k
    where k.state in ('LAUNCHING', 'RUNNING') and k.class >= 2 and k.requested_at <= core.now() - interval '2 seconds'
      and (not k.is_prepared or exists (
        select 1 from core.recipient r where r.campaign_id = k.campaign_id and r.state = 'PLANNED'))
    order by k.class, k.requested_at, k.campaign_id
  loop
    if not c.is_prepared then
      if exists (select 1 from core.campaign k join core.job j on j.job_id = k.job_id
          where k.campaign_id = c.campaign_id and j.state in ('QUEUED', 'RUNNING')
            and k.requested_at > core.now() - interval '2 minutes') then
        v_waiting := v_waiting || c.grp;
      end if;
      continue;
    end if;
    continue when c.grp = any (v_waiting);
    select array_agg(x.party_id) into v_ids from (
      select r.party_id from core.recipient r
      where r.campaign_id = c.campaign_id and r.state = 'PLANNED'
      order by r.party_id limit p_limit - v_done) x;
    perform core.lock_take(c.campaign_id, v_ids);
    v_done := v_done + cardinality(v_ids);
    exit when v_done >= p_limit;
  end loop;
  return v_done;
end $$;
comment on function core.lock_tick(int) is $$
One turn of the arbiter: requests older than 2 s, ordered by class, place in the queue (when the launch was ordered) and
campaign, at most p_limit people. A campaign that comes first and is still being judged holds up those behind it in its group,
for at most two minutes: priority decides, not which job ran faster.
out: people decided; 0 also when another transaction is the arbiter    source: design 10, R86, R92$$;

create function core.lock_let_go(p_limit int default 5000) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz := core.now();
  v_done int;
begin
  if not core.lock_arbiter() then return 0; end if;
  with due as materialized (
    select l.unit, l.grp from core.campaign_lock l
    where l.state <> 'RELEASED' and l.until <= v_now
      and case when l.state <> 'RELEASED' then extract(epoch from l.until at time zone 'UTC')::bigint end
        <= extract(epoch from v_now)::bigint + 1     -- as index campaign_lock_due has it
    order by l.unit, l.grp limit p_limit for update),
  last as (
    select d.unit, d.grp, l.state, (select max(t.at) from core.touch t
      where t.unit = d.unit and t.grp = d.grp and t.campaign_id = l.campaign_id and t.returned_at is null)
      + make_interval(days => core.policy_int('P13.cooling')) as cool_until
    from due d join core.campaign_lock l using (unit, grp))
  update core.campaign_lock l set ver = l.ver + 1,
    state = case when x.state = 'ACTIVE' and x.cool_until > v_now then 'COOLING' else 'RELEASED' end::core.lock_state,
    until = case when x.state = 'ACTIVE' and x.cool_until > v_now then x.cool_until else l.until end
  from last x where l.unit = x.unit and l.grp = x.grp;
  get diagnostics v_done = row_count;
  return v_done;
end $$;
comment on function core.lock_let_go(int) is $$
Move locks whose term is over: ACTIVE to COOLING for P13 after the last touch, the others to RELEASED.
out: locks moved    source: R89$$;

create function core.lock_waiting(p_limit int default 1000) returns int
language plpgsql security definer set search_path = '' as $$
declare
  w record;
  v_done int := 0;
begin
  if not core.lock_arbiter() then return 0; end if;
  for w in
    select x.campaign_id, array_agg(x.party_id order by x.party_id) as ids from (
      select distinct on (q.unit, q.grp) q.unit, q.grp, q.campaign_id, q.party_id
      from core.waiting_list q
      join core.campaign k on k.campaign_id = q.campaign_id and k.state = 'RUNNING'
        and k.ends_at >= core.now() + interval '3 days'
      left join core.campaign_lock l on l.unit = q.unit and l.grp = q.grp
      where l.unit is null or l.state = 'RELEASED' or l.until <= core.now()
      order by q.unit, q.grp, (q.dealer_id is not distinct from l.dealer_id), q.at, q.campaign_id, q.party_id
      limit p_limit) x
    group by x.campaign_id order by x.campaign_id
  loop
    delete from core.waiting_list q where q.campaign_id = w.campaign_id and q.party_id = any (w.ids);
    update core.recipient r set state = 'PLANNED', reason = null, free_week = null, changed_at = core.now(),
      next_at = j.next_at, dealer_id = j.dealer_id
    from core.campaign_judge(array_fill(w.campaign_id, array[cardinality(w.ids)]), w.ids) j
    where r.campaign_id = w.campaign_id and r.party_id = j.party_id and j.reason is null
      and r.state = 'DROPPED' and r.reason = 'locked';
    v_done := v_done + core.lock_take(w.campaign_id, w.ids);
  end loop;
  return v_done;
end $$;
comment on function core.lock_waiting(int) is $$
Give freed locks to those who wait: per lock unit the earliest eligible campaign that still runs three days; the principal
who held the lock last comes after the others.
out: people now LOCKED    source: R91$$;

create function core.lock_touch_over(p_campaign bigint, p_units text[]) returns void
language sql security definer set search_path = '' as $$
  update core.campaign_lock l set ver = l.ver + 1,
    state = case when x.at is null then 'RELEASED' else 'COOLING' end::core.lock_state,
    until = case when x.at is null then core.now()
      else x.at + make_interval(days => core.policy_int('P13.cooling')) end
  from (
    select o.unit, o.grp, (select max(t.at) from core.touch t where t.unit = o.unit and t.grp = o.grp
      and t.campaign_id = p_campaign and t.returned_at is null) as at
    from core.campaign_lock o
    where o.campaign_id = p_campaign and o.unit = any (p_units) and o.state in ('HELD', 'ACTIVE')
      and not (left(o.unit, 1) = 'h' and exists (select 1 from core.recipient r where r.campaign_id = p_campaign
        and r.unit = o.unit and left(r.unit, 1) = 'h' and r.state in ('PLANNED', 'LOCKED', 'QUEUED')))
    order by o.unit for update) x
  where l.unit = x.unit and l.grp = x.grp
$$;
comment on function core.lock_touch_over(bigint, text[]) is $$
The campaign is through with these lock units: COOLING for P13 from the last touch, RELEASED when nothing reached them. A
household stays locked while another member still is to be touched.    source: R89, R95$$;

create function core.lock_cool(p_campaign bigint, p_units text[]) returns void
language sql security definer set search_path = '' as $$
  update core.campaign_lock l set ver = l.ver + 1, state = 'COOLING',
    until = core.now() + make_interval(days => core.policy_int('P13.cooling'))
  from (select o.unit, o.grp from core.campaign_lock o
    where o.campaign_id = p_campaign and o.unit = any (p_units) and o.state in ('HELD', 'ACTIVE')
    order by o.unit for update) x
  where l.unit = x.unit and l.grp = x.grp
$$;
comment on function core.lock_cool(bigint, text[]) is 'Cool locks at once: the right was lost or the client withdrew. source: R94';
