-- SPDX-License-Identifier: Apache-2.0
-- Campaigns at work: the dry run, the launch, and everything that ends or stops touches.
-- Used by api/campaign.sql (orders), server/jobs (steps), core/clock.sql (finishing) and by the trigger on rights.
-- States change only here: DRAFT -> CHECKED -> LAUNCHING -> RUNNING <-> PAUSED -> FINISHED, any live one -> STOPPED.
-- Invariants: each candidate has one core.recipient row with one state; the counts of all states add up to the candidates.

create type core.judgement as (
  campaign_id bigint, party_id bigint, dealer_id int, unit text, reason core.drop_reason, free_week date,
  next_at timestamptz, address text);
comment on type core.judgement is $$
Answer about one person and one campaign. dealer_id: in whose name (R76); unit: lock unit (R62), NULL when the class locks
nothing; reason: NULL = may be touched; next_at: not before (quiet hours, start); address: e-mail or telephone$$;

create function core.campaign_mine(p_id uuid, p_states core.campaign_state[] default null) returns core.campaign
language plpgsql security definer set search_path = '' as $$
declare
  c core.campaign;
begin
  select k.* into c from core.campaign k
  where k.public_id = p_id and k.dealer_id = coalesce(session.dealer(), 0)
    and coalesce(session.role_bit(), 0) = case when k.dealer_id = 0 then 2 else 16 end
  for update;
  if not found then perform core.fail('ZC404'); end if;
  if p_states is not null and not c.state = any (p_states) then
    perform core.fail('ZC089', null, jsonb_build_object('state', c.state));
  end if;
  return c;
end $$;
comment on function core.campaign_mine(uuid, core.campaign_state[]) is $$
The caller's own campaign, locked for change: a manager's of his dealer, a marketer's of head office.
in: public id; states in which the act is possible    errors: not-found, campaign-state    source: R88, R89$$;

create function core.campaign_complete(c core.campaign) returns void
language plpgsql stable as $$
begin
  if c.channel = 'EMAIL' and coalesce(btrim(c.subject), '') = '' then perform core.fail('ZC091', 'subject'); end if;
  if c.channel = 'EMAIL' and coalesce(btrim(c.body), '') = '' then perform core.fail('ZC091', 'body'); end if;
  if c.channel = 'CALL' and coalesce(btrim(c.script), '') = '' then perform core.fail('ZC091', 'script'); end if;
  if c.ends_at <= core.now() then perform core.fail('ZC091', 'ends_at'); end if;
end $$;
comment on function core.campaign_complete(core.campaign) is $$
Refuse a campaign that lacks what it would send.    errors: campaign-incomplete naming the field    source: R90$$;

create function core.campaign_scope(c core.campaign) returns text
language sql immutable as $$ select case when c.dealer_id = 0 then 'network' else 'dealer' end $$;
comment on function core.campaign_scope(core.campaign) is 'Which base its audience is taken from.';

create function core.campaign_view(p_job bigint, out campaign_id bigint, out dealer_id int, out definition jsonb,
  out is_prepared boolean, out state core.campaign_state, out spec jsonb)
language plpgsql security definer set search_path = '' as $$
declare
  v_job core.job := core.job_claim(p_job);
begin
  select k.campaign_id, k.dealer_id, k.definition, k.is_prepared, k.state, v_job.spec
  into campaign_id, dealer_id, definition, is_prepared, state, spec
  from core.campaign k where k.campaign_id = (v_job.spec ->> 'campaign')::bigint;
end $$;
comment on function core.campaign_view(bigint) is 'What a step needs to know of its campaign. guard: core.job_claim';

create function core.campaign_candidates(p_scope text, p_definition jsonb, p_after bigint, out ids bigint[],
  out next_after bigint, out is_end boolean)
language plpgsql as $$
begin
  if p_scope = 'dealer' then
    select b.ids, b.next_after, b.is_end into ids, next_after, is_end
    from core.segment_batch(p_definition, 'dealer', p_after, 5000) b;
  else
    select b.ids, b.next_after, b.is_end into ids, next_after, is_end
    from core.campaign_candidates_network(p_definition, p_after) b;
  end if;
end $$;
comment on function core.campaign_candidates(text, jsonb, bigint) is $$
Next 5,000 candidates: a dealer's under his own row policies, the network's by a definer function that only a marketer's job
may ask.$$;

create function core.campaign_candidates_network(p_definition jsonb, p_after bigint, out ids bigint[],
  out next_after bigint, out is_end boolean)
language plpgsql security definer set search_path = '' as $$
begin
  if session.role_bit() is distinct from 2 or session.request_id() is null or session.request_id() !~ '^job-' then
    perform core.fail('ZC403');
  end if;
  select b.ids, b.next_after, b.is_end into ids, next_after, is_end
  from core.segment_batch(p_definition, 'network', p_after, 5000) b;
end $$;
comment on function core.campaign_candidates_network(jsonb, bigint) is $$
Candidates over the whole network as internal numbers, for jobs of marketers only: the numbers never leave the database.
errors: forbidden    source: R136$$;

create function core.campaign_sift(p_job bigint, p_campaign bigint, p_ids bigint[]) returns setof core.judgement
language plpgsql security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
begin
  perform core.job_claim(p_job);
  perform 1 from core.campaign_permit y where y.campaign_id = p_campaign order by y.permit_id for share;      -- a permit taken back waits for this batch
  return query
  with outside as materialized (select u.party_id from unnest(core.campaign_outside(p_campaign, p_ids)) u (party_id)),      -- R47
  judged as materialized (
    select j.campaign_id, j.party_id, j.dealer_id, j.unit, case when o.party_id is not null then 'out_of_area'::core.drop_reason else j.reason end as reason,
      j.free_week, j.next_at, j.address, case when j.reason is null and o.party_id is null then hashtextextended(j.address, 0) end as hash
    from core.campaign_judge(array_fill(p_campaign, array[cardinality(p_ids)]), p_ids) j left join outside o on o.party_id = j.party_id),
  fresh as (
    insert into core.campaign_address (job_id, address_hash)
    select p_job, h.hash from (select distinct y.hash from judged y where y.hash is not null) h order by h.hash
    on conflict do nothing returning address_hash)
  select j.campaign_id, j.party_id, j.dealer_id, j.unit, coalesce(j.reason,
      case when j.n > 1 or f.address_hash is null then 'duplicate'::core.drop_reason end), j.free_week, j.next_at, j.address
  from (select y.*, row_number() over (partition by y.hash order by y.party_id) as n from judged y) j
  left join fresh f on f.address_hash = j.hash;
end $$;
comment on function core.campaign_sift(bigint, bigint, bigint[]) is $$
Judge a batch and mark as duplicate whoever shares an address with an earlier person that passed: one address gets one message,
and nobody loses his message to a person who is dropped anyway.
in: running job (its run remembers the addresses), campaign, party ids ascending and each only once a run
out: core.judgement a person    source: R90$$;

create function core.job_step_campaign_check(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql as $$
declare
  v record;
  b record;
begin
  select x.* into v from core.campaign_view(p_job) x;
  select x.* into b from core.campaign_candidates(case when v.dealer_id = 0 then 'network' else 'dealer' end,
    v.definition, coalesce((v.spec ->> 'after')::bigint, 0)) x;
  select x.is_done, x.done, x.total into is_done, done, total
  from core.campaign_check_note(p_job, core.campaign_with_drivers(p_job, b.ids), b.next_after, b.is_end) x;
  -- a crash takes back the newest steps whole, with the place they had reached; the last one flushes all
  if not is_done then perform set_config('synchronous_commit', 'off', true); end if;
end $$;
comment on function core.job_step_campaign_check(bigint) is $$
Step of a dry run: judge the next 5,000 candidates and count them by reason; nothing is locked or written for them.
source: R90$$;

create function core.campaign_check_note(p_job bigint, p_ids bigint[], p_after bigint, p_is_end boolean,
  out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare
  v_job core.job := core.job_claim(p_job);
  v_counts jsonb;
  v_result jsonb;
  v_seen bigint := coalesce((v_job.spec ->> 'seen')::bigint, 0) + cardinality(p_ids);
begin
  select coalesce(jsonb_object_agg(x.reason, x.n), '{}') into v_counts from (
    select coalesce(s.reason::text, 'will_get') as reason, count(*) as n
    from core.campaign_sift(p_job, (v_job.spec ->> 'campaign')::bigint, p_ids) s group by 1) x;
  select jsonb_object_agg(x.key, x.n) into v_counts from (
    select e.key, sum(e.value::bigint) as n from (
      select * from jsonb_each_text(v_counts)
      union all select * from jsonb_each_text(coalesce(v_job.spec -> 'counts', '{}'))) e group by 1) x;
  v_counts := coalesce(v_counts, '{}');
  done := v_seen;
  total := greatest(v_seen, v_job.total);
  is_done := p_is_end;
  update core.job set spec = v_job.spec || jsonb_build_object('after', p_after, 'seen', v_seen, 'counts', v_counts)
  where job_id = p_job;
  if is_done then
    total := v_seen;
    v_result := jsonb_build_object('total', v_seen, 'will_get', coalesce((v_counts ->> 'will_get')::bigint, 0),
      'reasons', v_counts - 'will_get');
    update core.campaign k set state = 'CHECKED', checked_at = core.now(), check_result = v_result
    where k.campaign_id = (v_job.spec ->> 'campaign')::bigint and k.state in ('DRAFT', 'CHECKED')
      and k.version = (v_job.spec ->> 'version')::int;
    if not found then perform core.fail('ZC412'); end if;
    update core.job set result = v_result where job_id = p_job;
    delete from core.campaign_address where job_id = p_job;
    perform core.ledger_add('campaign.checked', (select k.public_id::text from core.campaign k
      where k.campaign_id = (v_job.spec ->> 'campaign')::bigint), null, 'R90', v_result);
  end if;
end $$;
comment on function core.campaign_check_note(bigint, bigint[], bigint, boolean) is $$
Count a judged batch of the dry run; at the end write {total, will_get, reasons} to the campaign.
errors: changed when the campaign was edited meanwhile    guard: core.job_claim    source: R90$$;

create function core.job_step_campaign_launch(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql as $$
declare
  v record;
  b record;
begin
  select x.* into v from core.campaign_view(p_job) x;
  if not v.is_prepared and v.state = 'LAUNCHING' then
    select x.* into b from core.campaign_candidates(case when v.dealer_id = 0 then 'network' else 'dealer' end,
      v.definition, coalesce((v.spec ->> 'after')::bigint, 0)) x;
    select x.done, x.total into done, total from core.campaign_plan(p_job, core.campaign_with_drivers(p_job, b.ids), b.next_after, b.is_end) x;
    is_done := false;
  else
    select x.is_done, x.done, x.total into is_done, done, total from core.campaign_reserve(p_job) x;
  end if;
  -- a crash takes back the newest steps whole, with the place they had reached; the last one flushes all
  if not is_done then perform set_config('synchronous_commit', 'off', true); end if;
end $$;
comment on function core.job_step_campaign_launch(bigint) is $$
Step of a launch: first every candidate is judged and written, 5,000 a transaction, with his lock when it is this campaign's turn;
then the arbiter gives the locks that are still asked for.
source: R90, design 10, 11$$;

create function core.campaign_plan(p_job bigint, p_ids bigint[], p_after bigint, p_is_end boolean,
  out done bigint, out total bigint)
language plpgsql security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_job core.job := core.job_claim(p_job);
  c core.campaign;
  v_seen bigint := coalesce((v_job.spec ->> 'seen')::bigint, 0) + cardinality(p_ids);
  s record;
  v_is_turn boolean;
  v_lost record;
begin
  -- key share: who stops or pauses waits until this batch is written, and the batch sees that it was stopped
  select k.* into c from core.campaign k where k.campaign_id = (v_job.spec ->> 'campaign')::bigint for key share;
  if c.state <> 'LAUNCHING' then
    done := v_job.done; total := v_job.total;
    return;
  end if;
  select array_agg(x.party_id) as ids, array_agg(x.dealer_id) as dealers, array_agg(x.unit) as units,
    array_agg(x.reason) as reasons, array_agg(x.free_week) as weeks, array_agg(x.next_at) as nexts,
    array_agg(x.party_id) filter (where x.reason is null and x.unit is not null) as free_ids,
    array_agg(x.unit) filter (where x.reason is null and x.unit is not null) as free_units
  into s from core.campaign_sift(p_job, c.campaign_id, p_ids) x;
  v_is_turn := s.free_ids is not null and core.lock_turn(c);
  if v_is_turn then select g.ids, g.weeks into v_lost from core.lock_give(c, s.free_ids, s.free_units) g;
  else select null::bigint[] as ids, null::date[] as weeks into v_lost; end if;
  with lost as materialized (select l.party_id, l.week from unnest(v_lost.ids, v_lost.weeks) as l (party_id, week)),
  planned as (
    insert into core.recipient (campaign_id, party_id, dealer_id, unit, state, reason, free_week, next_at, changed_at)
    select c.campaign_id, x.party_id, x.dealer_id, x.unit, case when x.reason is not null or l.party_id is not null then 'DROPPED'
        when x.unit is null or v_is_turn then 'LOCKED' else 'PLANNED' end::core.recipient_state,
      case when l.party_id is not null then 'locked' else x.reason end,
      case when l.party_id is not null then l.week when x.reason = 'locked' then x.week end, x.next_at, core.now()
    from unnest(s.ids, s.dealers, s.units, s.reasons, s.weeks, s.nexts) as x (party_id, dealer_id, unit, reason, week, next_at)
    left join lost l on l.party_id = x.party_id
    order by x.party_id
    on conflict do nothing
    returning unit, party_id, reason)
  insert into core.waiting_list (unit, grp, campaign_id, party_id, dealer_id, at)
  select p.unit, c.grp, c.campaign_id, p.party_id, c.dealer_id, core.now()
  from planned p where p.reason = 'locked' and c.ends_at is not null
  on conflict do nothing;
  done := v_seen;
  total := greatest(v_job.total, 2 * v_seen);
  update core.job set spec = v_job.spec || jsonb_build_object('after', p_after, 'seen', v_seen) where job_id = p_job;
  if p_is_end then
    update core.campaign set is_prepared = true where campaign_id = c.campaign_id;
    delete from core.campaign_address where job_id = p_job;
  end if;
end $$;
comment on function core.campaign_plan(bigint, bigint[], bigint, boolean) is $$
Write one batch of candidates: DROPPED with its reason, LOCKED when the class needs no lock or it is this campaign's turn to take
locks, else PLANNED: the arbiter comes to them.
guard: core.job_claim; primary key (campaign, party): a repeated step changes nothing    source: R87, R90, R91$$;

create function core.campaign_reserve(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare
  v_job core.job := core.job_claim(p_job);
  v_id bigint := (v_job.spec ->> 'campaign')::bigint;
  v_left bigint;
begin
  if core.lock_tick() = 0 and exists (select 1 from core.recipient r where r.campaign_id = v_id and r.state = 'PLANNED')
     and exists (select 1 from core.campaign k where k.campaign_id = v_id and k.state in ('LAUNCHING', 'RUNNING')) then
    perform core.job_wait(p_job, 200);
    is_done := true; done := v_job.done; total := v_job.total;
    return;
  end if;
  select coalesce(sum(n.n) filter (where n.state = 'PLANNED'), 0), coalesce(sum(n.n), 0) into v_left, total
  from core.campaign_count n where n.campaign_id = v_id;
  total := 2 * total;
  done := total - v_left;
  is_done := v_left = 0;
  if is_done then perform core.campaign_launched(p_job, v_id); end if;
end $$;
comment on function core.campaign_reserve(bigint) is $$
Drive the arbiter until this launch has no request left, then let the campaign run. Rests 200 ms when it is another's turn.
guard: core.job_claim    source: design 10$$;

create function core.campaign_launched(p_job bigint, p_campaign bigint) returns void
language plpgsql security definer set search_path = '' as $$
declare
  c core.campaign;
  v_result jsonb;
begin
  update core.campaign k set state = 'RUNNING', launched_at = core.now()
  where k.campaign_id = p_campaign and k.state = 'LAUNCHING' returning k.* into c;
  if not found then return; end if;
  select jsonb_build_object('total', coalesce(sum(n.n), 0), 'will_get', coalesce(sum(n.n) filter (where n.state = 'LOCKED'), 0),
    'reasons', coalesce((select jsonb_object_agg(x.reason, x.n) from (select m.reason, sum(m.n) as n
      from core.campaign_count m where m.campaign_id = p_campaign and m.reason is not null group by 1
      having sum(m.n) > 0) x), '{}')) into v_result
  from core.campaign_count n where n.campaign_id = p_campaign;
  update core.job set result = v_result where job_id = p_job;
  if c.channel = 'CALL' then perform core.call_fill(p_campaign); end if;
  if c.dealer_id = 0 and c.class = 4 then            -- N11: owners learn that their clients are addressed in their name
    perform core.notify(s.staff_id, 'N11', c.public_id::text, 'launched')
    from (select distinct r.dealer_id from core.recipient r where r.campaign_id = p_campaign and r.dealer_id > 0 and r.state <> 'DROPPED') o
    join core.staff s on s.dealer_id = o.dealer_id and s.role = 'manager' and s.is_active;
  end if;
  if v_result -> 'reasons' <> '{}' then perform core.campaign_say(c.campaign_id, 'launch.dropped'); end if;
  if exists (select from core.waiting_list w where w.campaign_id = p_campaign) then perform core.campaign_say(c.campaign_id, 'launch.waiting'); end if;
  perform core.ledger_add('campaign.launched', c.public_id::text, null, 'R90', v_result);
end $$;
comment on function core.campaign_launched(bigint, bigint) is $$
All locks are decided: the campaign runs; a CALL campaign gets its call lists; the counts go to job and ledger; owners of the addressed are told
(N11), and who runs it that some were dropped or wait (N12).
source: R89, R90, R91, N11, N12$$;
