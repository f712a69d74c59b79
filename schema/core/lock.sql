-- SPDX-License-Identifier: Apache-2.0
-- Campaign locks: one current row per (lock unit, competition group). Its primary key is the promise that two campaigns
-- never hold one person (R86).
-- Used by the launch job and the clock, which drive the arbiter, and by the outbox and the call list, which move a lock on.
-- Invariants: only core.lock_give gives a lock, under the arbiter's advisory lock; nobody breaks a live lock (R92); every
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

create function core.household_until(p_unit text, p_grp core.competition_group, p_campaign bigint) returns timestamptz
language plpgsql stable as $$
begin
  return (select max(o.until) from core.party m join core.campaign_lock o on o.party_id = m.party_id
    where m.household_id = nullif(substr(p_unit, 2), '')::bigint and o.grp = p_grp and o.unit <> p_unit and o.campaign_id <> p_campaign
      and o.state <> 'RELEASED' and o.until > core.now());
end $$;
comment on function core.household_until(text, core.competition_group, bigint) is $$
How long a member of a household is held by another campaign under a unit of his own: he was locked before they were one household.
source: R62$$;

create function core.lock_give(c core.campaign, p_parties bigint[], p_units text[], out ids bigint[], out weeks date[])
language plpgsql security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_now timestamptz := core.now();
  v_until timestamptz := core.now() + make_interval(days => least(c.lock_days, core.policy_int('P13.lock')));
begin
  with wanted as materialized (select w.unit, w.party_id from unnest(p_units, p_parties) as w (unit, party_id)),
  taken as (
    insert into core.campaign_lock as l (unit, grp, campaign_id, dealer_id, class, state, party_id, since, until)
    select distinct on (w.unit) w.unit, c.grp, c.campaign_id, c.dealer_id, c.class, 'HELD', w.party_id, v_now, v_until
    from wanted w
    where (                                          -- one index probe a person; as NOT EXISTS it became a join over all locks
      select true from core.campaign_lock o
      where o.party_id = w.party_id and o.grp = c.grp and o.unit <> w.unit and o.campaign_id <> c.campaign_id
        and o.state <> 'RELEASED' and o.until > v_now
        and (position('v' in o.unit) = 0 or position('v' in w.unit) = 0) limit 1) is not true
      and (left(w.unit, 1) <> 'h' or core.household_until(w.unit, c.grp, c.campaign_id) is null)
    order by w.unit, w.party_id
    on conflict (unit, grp) do update set campaign_id = excluded.campaign_id, dealer_id = excluded.dealer_id,
      class = excluded.class, state = 'HELD', party_id = excluded.party_id, since = excluded.since,
      until = excluded.until, ver = l.ver + 1
    where l.state = 'RELEASED' or l.until <= v_now
    returning l.unit)
  select array_agg(w.party_id order by w.unit), array_agg(date_trunc('week', coalesce(o.until,
      case when left(w.unit, 1) = 'h' then core.household_until(w.unit, c.grp, c.campaign_id) end))::date order by w.unit) into ids, weeks
  from wanted w
  left join taken t on t.unit = w.unit
  left join lateral (
    select y.campaign_id, y.until from core.campaign_lock y
    where t.unit is null and y.grp = c.grp and (y.unit = w.unit or y.party_id = w.party_id)
      and y.state <> 'RELEASED' and y.until > v_now
    order by y.campaign_id <> c.campaign_id desc, y.until desc limit 1) o on true
  where t.unit is null and o.campaign_id is distinct from c.campaign_id;
end $$;
comment on function core.lock_give(core.campaign, bigint[], text[]) is $$
Give the campaign the locks of people, in the order of the lock units.
in: campaign; parallel arrays: people, their lock units
out: those who are held by another campaign, and the week in which that lock ends; all others are now locked by this one
guard: primary key (unit, grp); a lock on a vehicle of the person and one on the person exclude each other (R62, R86); caller
holds core.lock_arbiter()    cost: 10-15 us a person$$;

create function core.lock_take(p_campaign bigint, p_parties bigint[]) returns int
language plpgsql security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  c core.campaign;
  v_now timestamptz := core.now();
  v_parties bigint[];
  v_units text[];
  v_lost record;
begin
  select k.* into c from core.campaign k where k.campaign_id = p_campaign;
  select array_agg(r.party_id), array_agg(r.unit) into v_parties, v_units
  from core.recipient r                              -- by array, not by join: a fresh campaign has no statistics
  where r.campaign_id = p_campaign and r.party_id = any (p_parties) and r.state = 'PLANNED';
  if v_parties is null then return 0; end if;
  select g.ids, g.weeks into v_lost from core.lock_give(c, v_parties, v_units) g;
  update core.recipient r set changed_at = v_now, state = 'LOCKED'
  where r.campaign_id = p_campaign and r.party_id = any (v_parties)
    and r.party_id <> all (coalesce(v_lost.ids, '{}'));
  if v_lost.ids is null then return cardinality(v_parties); end if;
  with dropped as (
    update core.recipient r set changed_at = v_now, state = 'DROPPED', reason = 'locked', free_week = l.week
    from unnest(v_lost.ids, v_lost.weeks) as l (party_id, week)
    where r.campaign_id = p_campaign and r.party_id = l.party_id
    returning r.unit, r.party_id)
  insert into core.waiting_list (unit, grp, campaign_id, party_id, dealer_id, at)
  select d.unit, c.grp, p_campaign, d.party_id, c.dealer_id, v_now from dropped d where c.ends_at is not null
  on conflict do nothing;
  return cardinality(v_parties) - cardinality(v_lost.ids);
end $$;
comment on function core.lock_take(bigint, bigint[]) is $$
Give the campaign the locks of its planned people, or drop them as locked.
in: campaign; party ids whose recipients are PLANNED (others are passed over)
out: how many now are LOCKED; the others are DROPPED(locked) with the week in which the lock ends, and wait for it when the
campaign has an end date (R91)
guard: core.lock_give; caller holds core.lock_arbiter()    cost: 20-30 us a person$$;

create function core.campaign_is_awaited(k core.campaign) returns boolean
language sql stable as $$
  select k.requested_at > core.now() - interval '2 minutes' and exists (
    select 1 from core.job j where j.job_id = k.job_id and j.state in ('QUEUED', 'RUNNING'))
$$;
comment on function core.campaign_is_awaited(core.campaign) is $$
Whether those behind it wait for a launch that is still being judged: for at most two minutes, and while its job lives.$$;

create function core.lock_turn(c core.campaign) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  if c.class < 2 or c.requested_at > core.now() - interval '2 seconds' or not core.lock_arbiter() then return false; end if;
  return not exists (
    select from core.campaign k
    where k.state in ('LAUNCHING', 'RUNNING') and k.class >= 2 and k.grp = c.grp
      and k.requested_at <= core.now() - interval '2 seconds'
      and (k.class, k.requested_at, k.campaign_id) < (c.class, c.requested_at, c.campaign_id)
      and case when k.is_prepared then exists (
          select 1 from core.recipient r where r.campaign_id = k.campaign_id and r.state = 'PLANNED')
        else core.campaign_is_awaited(k) end);
end $$;
comment on function core.lock_turn(core.campaign) is $$
Become the arbiter, if it is this campaign's turn: its request is older than 2 s, and no campaign that comes before it in its group
has requests or is still being judged.
out: true - the caller may give it locks in this transaction    source: design 10, R86, R92$$;

create function core.lock_tick(p_limit int default 5000) returns int
language plpgsql security definer set search_path = '' as $$
declare
  c record;
  v_ids bigint[];
  v_done int := 0;
  v_waiting core.competition_group[] := '{}';
begin
  if not core.lock_arbiter() then return 0; end if;
  for c in select k.campaign_id, k.grp, k.is_prepared, core.campaign_is_awaited(k) as is_awaited from core.campaign k
    where k.state in ('LAUNCHING', 'RUNNING') and k.class >= 2 and k.requested_at <= core.now() - interval '2 seconds'
      and (not k.is_prepared or exists (
        select 1 from core.recipient r where r.campaign_id = k.campaign_id and r.state = 'PLANNED'))
    order by k.class, k.requested_at, k.campaign_id
  loop
    if not c.is_prepared then
      if c.is_awaited then v_waiting := v_waiting || c.grp; end if;
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
  v_taken int;
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
    v_taken := core.lock_take(w.campaign_id, w.ids);
    v_done := v_done + v_taken;
    if v_taken > 0 then perform core.campaign_say(w.campaign_id, 'freed.' || to_char(core.now(), 'YYYYMMDD')); end if;
  end loop;
  return v_done;
end $$;
comment on function core.lock_waiting(int) is $$
Give freed locks to those who wait: per lock unit the earliest eligible campaign that still runs three days; the principal
who held the lock last comes after the others. Who runs the campaign is told, once a day.
out: people now LOCKED    source: R91, N12$$;

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
