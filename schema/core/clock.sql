-- SPDX-License-Identifier: Apache-2.0
-- The clock: what happens without anybody asking. server/jobs calls core.clock_tick() about once a second on one connection;
-- every part is set-based, bounded, safe to run twice or late (R14).
-- A part that fails is undone alone, noted in core.clock_mark and tried again at its next turn; the others go on.

create function core.clock_due(p_name text, p_every interval) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  insert into core.clock_mark as m (name, at) values (p_name, core.now())
  on conflict (name) do update set at = excluded.at where m.at <= excluded.at - p_every or m.at > excluded.at;
  return found;
end $$;
comment on function core.clock_due(text, interval) is $$
Is it this part's turn? Marks the turn as taken.
in: name of the part; least distance between turns    out: true at most once per distance$$;

create function core.clock_part(p_name text) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_done int := 0;
begin
  case p_name
    when 'rights' then v_done := core.clock_rights();
    when 'disputes' then v_done := core.dispute_tick();
    when 'notices' then v_done := core.notice_tick();
    when 'leads' then v_done := core.web_lead_tick() + core.lead_tick();
    when 'quality' then v_done := core.quality_refresh();
    when 'watch' then v_done := core.watch_tick();
    when 'arbiter' then v_done := core.lock_tick();
    when 'fill' then v_done := core.outbox_fill();
    when 'clear' then v_done := core.campaign_clear();
    when 'finish' then v_done := core.campaign_finish();
    when 'calls' then v_done := core.call_sweep();
    when 'tell' then v_done := core.campaign_tell() + core.campaign_drop_tell();
    when 'outbox' then v_done := core.outbox_sweep();
    when 'locks' then v_done := core.lock_let_go() + core.lock_waiting();
    when 'seal' then v_done := core.ledger_seal_next();
    when 'kpi' then v_done := core.kpi_refresh();
    when 'tidy' then v_done := core.clock_tidy();
    when 'service' then v_done := core.serve_digest() + core.transfer_clock() + core.choice_clock();
    when 'retention' then v_done := core.retention_tick();
    when 'family' then v_done := core.clock_family();
    when 'keys' then v_done := core.rekey_tick();
    when 'competing' then perform core.competing_remember();
    when 'night' then v_done := core.clock_night();
  end case;
  return v_done;
exception
  when query_canceled or admin_shutdown then
    raise;
  when others then
    insert into core.clock_mark as m (name, at, detail)
    values ('error.' || p_name, core.now(), jsonb_build_object('sqlstate', sqlstate))
    on conflict (name) do update set at = excluded.at, detail = excluded.detail;
    return 0;
end $$;
comment on function core.clock_part(text) is $$
Run one part of the clock in a subtransaction.
in: name    out: rows it moved, 0 = nothing was due or it failed (then core.clock_mark 'error.<part>' holds the SQLSTATE)$$;

create function core.clock_tick(p_spare interval default '4 seconds') returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_part record;
  v_busy int := 0;
  v_done int;
  v_is_first boolean := true;
begin
  if not pg_try_advisory_xact_lock(4270003) then return 1000; end if;
  -- what can wait follows what cannot, the longest overdue first; one of it has its turn however long the turn has been
  for v_part in
    select x.*, case when x.rank >= 10 then coalesce(m.at + make_interval(secs => x.every_s), '-infinity') end as due_at
    from (values (1, 'rights', 0, true), (2, 'leads', 1, false), (3, 'clear', 0, true), (4, 'arbiter', 0, true), (5, 'fill', 0, true),
      (6, 'calls', 1, false), (7, 'finish', 1, false), (8, 'outbox', 5, false), (9, 'locks', 5, true),
      (10, 'tell', 0.9, false), (11, 'disputes', 1, false), (12, 'notices', 5, false), (13, 'seal', 60, false), (14, 'kpi', 60, true),
      (15, 'tidy', 60, false), (16, 'family', 60, false), (17, 'service', 60, false), (18, 'retention', 30, false), (19, 'watch', 900, false),
      (20, 'competing', 600, false), (21, 'night', 60, false), (22, 'quality', 43200, false), (23, 'keys', 1, false)) as x (rank, name, every_s, is_bulk)
    left join core.clock_mark m on m.name = x.name
    order by least(x.rank, 10), due_at, x.rank
  loop
    -- what can wait is left to the next turn when this one has been long; the caller's statement timeout is 10 s
    continue when v_part.rank >= 10 and not v_is_first and clock_timestamp() > statement_timestamp() + p_spare;
    if v_part.every_s = 0 or core.clock_due(v_part.name, make_interval(secs => v_part.every_s)) then
      v_is_first := v_is_first and v_part.rank < 10;
      v_done := core.clock_part(v_part.name);
      if v_part.is_bulk and v_done >= 1000 then v_busy := v_busy + 1; end if;
    end if;
  end loop;
  return case when v_busy > 0 then 20 else 1000 end;
end $$;
comment on function core.clock_tick(interval) is $$
One turn of the clock: rights (R14), stops, the arbiter, the outbox, call leases, finishing, locks; then what can wait: events, seals, figures,
tidying, nightly jobs. Of these the longest overdue has its turn however long the others took, so each has one within as many turns as there are parts.
in: p_spare how long a turn may have been for what can wait to begin
out: milliseconds until the next turn is wanted; 20 while bulk work waits, else 1000
guard: one clock at a time over all nodes (advisory lock)    cost: a few ms when nothing is due    source: design 17, R14$$;

create function core.clock_tidy() returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_rows int;
  v_all int := 0;
begin
  delete from core.draft d where d.created_at < core.now() - make_interval(days => core.policy_int('R30.draft')) - core.outage_since(d.created_at);
  get diagnostics v_rows = row_count;
  v_all := v_all + v_rows;
  delete from core.event e where e.event_id in (
    select x.event_id from core.event x where x.at < core.now() - interval '1 day' order by x.event_id limit 20000);
  get diagnostics v_rows = row_count;
  v_all := v_all + v_rows;
  delete from core.outbox o where o.outbox_id in (
    select x.outbox_id from core.outbox x where x.state in ('accepted', 'failed', 'unknown', 'cancelled')
      and x.changed_at < core.now() - interval '7 days' limit 5000);
  get diagnostics v_rows = row_count;
  v_all := v_all + v_rows;
  v_all := v_all + core.arrivals_forget();
  perform session.sweep();
  return v_all;
end $$;
comment on function core.clock_tidy() is $$
Delete what has had its time: drafts (R30), streamed events after a day, finished outbox rows after a week (intents stay), ended
sessions and repeats.    out: rows$$;

create function core.clock_night() returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_on date := core.today();
  v_rows int;
begin
  if extract(hour from core.now() at time zone 'Europe/Moscow') < 2 then return 0; end if;
  insert into core.job (kind, spec, staff_id, dealer_id, letter, not_before)
  select k.kind, jsonb_build_object('on', v_on), null, 0, 'S', core.now()
  from (values ('nightly_abc'), ('nightly_kpi')) as k (kind)
  on conflict (kind, (spec ->> 'on')) where staff_id is null do nothing;
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;
comment on function core.clock_night() is $$
Order the jobs of the night once a day, from 02:00 Moscow: ABC classes and figures.
out: jobs ordered    guard: unique index job_nightly    source: A000-12, D.12$$;

create function core.campaign_tell() returns int
language plpgsql security definer set search_path = '' as $$
declare
  k record;
  v_told int := 0;
begin
  for k in
    select c.campaign_id, c.public_id, c.dealer_id, x.payload from core.campaign c
    cross join lateral (select jsonb_build_object('id', c.public_id, 'state', c.state,
      'counts', case when c.dealer_id = 0 then (select h.told from core.counts_hidden(n.counts) h) else n.counts end) as payload
      from core.campaign_counts(c.campaign_id, null) n(counts)) x
    where (c.state in ('LAUNCHING', 'RUNNING', 'PAUSED')
        or (c.requested_at is not null and c.finished_at > core.now() - interval '1 minute')
        or (c.state = 'STOPPED' and c.finished_at is null))
      and x.payload is distinct from c.told
    order by c.campaign_id
  loop
    update core.campaign c set told = k.payload where c.campaign_id = k.campaign_id;
    perform core.event_add(s.staff_id, 'campaign', k.payload) from core.staff s
    where s.dealer_id = k.dealer_id and s.is_active
      and s.role = case when k.dealer_id = 0 then 'marketer' else 'manager' end::core.staff_role;
    v_told := v_told + 1;
  end loop;
  return v_told;
end $$;
comment on function core.campaign_tell() is $$
Tell those who may read a campaign its counts, at most once a turn of the clock and only when they changed.
out: campaigns told    source: design 17$$;
