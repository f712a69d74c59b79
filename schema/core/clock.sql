-- SPDX-License-Identifier: Apache-2.0
-- The clock: what happens without anybody asking. server/jobs/clockwork.c goes round the parts about once a second on one connection: it
-- asks core.clock_next() whose turn it is and runs it by core.clock_part(), each in a transaction of its own, so that a part which a busy
-- machine cannot do in the time of a statement takes no other with it. Every part is set-based, bounded, safe to run twice or late (R14).

create function core.clock_parts() returns table (rank int, name text, every_s numeric, again_s numeric)
language sql immutable as $$
values (1, 'rights', 0.0, 0.0), (2, 'leads', 1, null), (3, 'clear', 0, 0), (4, 'arbiter', 0, 0), (5, 'fill', 0, 0),
  (6, 'calls', 1, null), (7, 'finish', 1, null), (8, 'outbox', 5, null), (9, 'locks', 5, 0),
  -- what can wait
  (10, 'tell', 0.9, null), (11, 'disputes', 1, null), (12, 'notices', 5, null), (13, 'seal', 60, 1), (14, 'kpi', 60, null),
  (15, 'tidy', 60, null), (16, 'family', 60, null), (17, 'service', 60, null), (18, 'retention', 30, null), (19, 'watch', 900, null),
  (20, 'competing', 600, null), (21, 'night', 60, null), (22, 'quality', 43200, null), (23, 'keys', 1, null), (24, 'warnings', 60, 1),
  (25, 'former', 10, null) $$;
comment on function core.clock_parts() is $$
The parts of the clock, in their order.
out: least distance between two turns, 0 = each round; again_s: the same for one that did 1,000 rows or more and may have left some$$;

create function core.clock_next(p_place int, out place int, out name text, out is_bulk boolean)
language plpgsql security definer set search_path = '' as $$
declare
  v_urgent constant int := 9;            -- these in their order, once a round; then what can wait, the longest overdue first
  v_part record;
begin
  place := 0;
  if not pg_try_advisory_xact_lock(4270003) then return; end if;
  select x.*, coalesce(m.at + make_interval(secs => x.every_s), '-infinity') as due_at into v_part
  from core.clock_parts() x left join core.clock_mark m on m.name = x.name
  where (x.every_s = 0 or m.at is null or m.at <= core.now() - make_interval(secs => x.every_s) or m.at > core.now())
    and case when x.rank <= v_urgent then x.rank > p_place else p_place < (select count(*) from core.clock_parts()) end
  order by least(x.rank, v_urgent + 1), due_at, x.rank limit 1;
  if not found then return; end if;
  place := case when v_part.rank <= v_urgent then v_part.rank else greatest(p_place, v_urgent) + 1 end;
  name := v_part.name;
  is_bulk := v_part.again_s = 0;
  if v_part.every_s > 0 then             -- begun: one that is cut off is due again within a minute, and not before the others
    insert into core.clock_mark as m (name, at) values (v_part.name, core.now() - make_interval(secs => greatest(v_part.every_s - 60, 0)))
    on conflict on constraint clock_mark_pkey do update set at = excluded.at;
  end if;
end $$;
comment on function core.clock_next(int) is $$
Whose turn it is in this round of the clock. Marks the turn as begun.
in: the place of the part before in this round, 0 for its first    out: its place and name, NULL when the round is over; is_bulk: the next round follows at once when it does 1,000 rows
    or more
guard: one clock at a time over all nodes (advisory lock)    cost: 0.2 ms    source: design 17, R14$$;

create function core.clock_part(p_name text) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_done int := 0;
begin
  if not pg_try_advisory_xact_lock(4270003) then return 0; end if;
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
    when 'seal' then v_done := core.ledger_seal_next(5000);
    when 'kpi' then v_done := core.kpi_refresh();
    when 'tidy' then v_done := core.clock_tidy();
    when 'service' then v_done := core.serve_digest() + core.transfer_clock() + core.choice_clock();
    when 'retention' then v_done := core.retention_tick();
    when 'family' then v_done := core.clock_family();
    when 'keys' then v_done := core.rekey_tick();
    when 'competing' then perform core.competing_remember();
    when 'night' then v_done := core.clock_night();
    when 'warnings' then v_done := core.clock_warnings(2000);
    when 'former' then v_done := core.former_step();
  end case;
  update core.clock_mark m set at = core.now() - make_interval(secs => case when v_done >= 1000 then coalesce(p.every_s - p.again_s, 0) else 0 end)
  from core.clock_parts() p where m.name = p_name and p.name = p_name;
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
Run one part of the clock. One that fails is undone, noted and due again within a minute.
in: name    out: rows it moved, 0 = nothing was due or it failed (then core.clock_mark 'error.<part>' holds the SQLSTATE)$$;

create function core.clock_tidy() returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_rows int;
  v_all int := 0;
begin
  delete from core.draft d where d.created_at < core.now() - make_interval(days => core.policy_int('R30.draft')) - core.outage_since(d.created_at);
  get diagnostics v_rows = row_count;
  v_all := v_all + v_rows;
  -- numbers grow with time, so the oldest stand at the start of the key
  delete from core.event e where e.at < core.now() - interval '1 day'
    and e.event_id = any (array(select x.event_id from core.event x order by x.event_id limit 20000));
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
