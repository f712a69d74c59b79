-- SPDX-License-Identifier: Apache-2.0
-- Jobs: anything long. A job is a row; the runner leases it, repeats short idempotent steps as the one who ordered it,
-- and the row tells everybody how far it is.
-- Used by server/jobs (session.job_*), by api functions that order work (core.job_add) and by core.job_step_<kind>.
-- Invariants: one lease at a time, proved by 32 random bytes; a step that ends after its lease changes nothing; states
-- QUEUED -> RUNNING -> DONE | FAILED | CANCELLED.

create function core.job_add(p_kind text, p_spec jsonb, p_dealer int, p_letter "char", p_total bigint default 0)
returns core.job
language plpgsql security definer set search_path = '' as $$
declare
  v_job core.job;
begin
  insert into core.job (kind, spec, staff_id, dealer_id, letter, role, total)
  values (p_kind, p_spec, session.staff(), p_dealer, p_letter,
    (select s.role from core.staff s where s.staff_id = session.staff()), p_total)
  returning * into v_job;
  return v_job;
end $$;
comment on function core.job_add(text, jsonb, int, "char", bigint) is $$
Order a job for the caller.
in: kind (core.job_step_<kind> must exist, or server/jobs knows it); spec; dealer (0 = head office); letter of the lane that
runs it: D dealer, H head office, S system; total units if known    out: the row    source: design 17$$;

create function core.job_letter() returns "char"
language sql stable begin atomic
  select (case when session.role_bit() in (16, 32, 64, 128) then 'D' when session.role_bit() in (1, 2, 4, 8) then 'H'
    when session.role_bit() = 256 then 'A' else 'S' end)::"char";
end;
comment on function core.job_letter() is 'Lane letter of the caller''s class.';

create function session.job_lease(p_node text, p_limit int, out job_id bigint, out lease bytea, out letter "char",
  out kind text, out spec jsonb) returns setof record
language plpgsql security definer set search_path = '' as $$
begin
  update core.job j set state = 'FAILED', error = 'abandoned', finished_at = core.now(), lease = null
  where j.state = 'RUNNING' and j.lease_until < core.now() and j.attempts >= 20;
  return query
  with due as materialized (       -- a sub-select could be run once a row and lease more than p_limit
    select q.job_id from core.job q
    where q.state in ('QUEUED', 'RUNNING') and q.not_before <= core.now()
      and (q.state = 'QUEUED' or q.lease_until < core.now())
    order by q.not_before, q.job_id limit p_limit for update skip locked)
  update core.job j set state = 'RUNNING', node = p_node, lease_until = core.now() + interval '60 seconds',
    lease = decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex'),
    attempts = j.attempts + 1
  from due where j.job_id = due.job_id
  returning j.job_id, j.lease, j.letter, j.kind, j.spec;
end $$;
comment on function session.job_lease(text, int) is $$
Take waiting jobs, and those whose runner went silent for 60 s.
in: node - name of the runner; at most p_limit jobs    out: job, lease (32 bytes for bind_job), letter of the lane, kind, spec
cost: one partial index    source: design 17$$;

create function session.job_progress(p_job bigint, p_lease bytea, p_done bigint, p_total bigint) returns text
language plpgsql security definer set search_path = '' as $$
declare
  v_state text;
begin
  update core.job j set done = p_done, total = p_total, lease_until = core.now() + interval '60 seconds', attempts = 1
  where j.job_id = p_job and j.lease = p_lease returning j.state::text into v_state;
  perform core.job_tell(p_job);
  return coalesce(v_state, 'LOST');
end $$;
comment on function session.job_progress(bigint, bytea, bigint, bigint) is $$
Report progress of a job that C runs itself, and keep its lease.
out: RUNNING to go on, CANCELLED or PAUSED to stop, LOST when another runner has it$$;

create function session.job_end(p_job bigint, p_lease bytea, p_is_ok boolean, p_error text, p_result jsonb)
returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  v_found boolean;
begin
  update core.job j set state = case when p_is_ok then 'DONE' else 'FAILED' end::core.job_state, error = left(p_error, 200),
    result = coalesce(p_result, j.result), finished_at = core.now(), lease = null, lease_until = null
  where j.job_id = p_job and j.lease = p_lease and j.state = 'RUNNING';
  v_found := found;
  perform core.job_tell(p_job);
  return v_found;
end $$;
comment on function session.job_end(bigint, bytea, boolean, text, jsonb) is $$
End a job that C runs itself, or whose step failed for a reason of the runner (lost connection too often).
in: error - a word or SQLSTATE, no personal data    out: false when the lease is no longer valid$$;

create function session.job_release(p_job bigint, p_lease bytea) returns void
language sql security definer set search_path = '' as $$
  update core.job j set state = 'QUEUED', lease = null, lease_until = null
  where j.job_id = p_job and j.lease = p_lease and j.state = 'RUNNING';
$$;
comment on function session.job_release(bigint, bytea) is 'Give a job back to the queue at once: its runner is about to end.';

create function core.job_tell(p_job bigint) returns void
language sql security definer set search_path = '' as $$
  select core.event_add(j.staff_id, 'job', jsonb_build_object('id', j.public_id, 'kind', j.kind, 'state', j.state,
    'done', core.job_figure(j, j.done), 'total', core.job_figure(j, j.total)))
  from core.job j where j.job_id = p_job and j.staff_id is not null and not j.spec ? 'helps';
$$;
comment on function core.job_tell(bigint) is 'Tell the one who ordered the job how far it is (stream event "job").';

create function core.job_claim(p_job bigint) returns core.job
language plpgsql security definer set search_path = '' as $$
declare
  v_job core.job;
begin
  select j.* into v_job from core.job j where j.job_id = p_job for update;
  if v_job.job_id is null or v_job.lease is null or v_job.lease_until < core.now()
     or v_job.staff_id is distinct from session.staff()
     or session.request_id() is distinct from 'job-' || v_job.public_id then
    perform core.fail('ZC403');
  end if;
  return v_job;
end $$;
comment on function core.job_claim(bigint) is $$
Prove that this transaction runs the job (session.bind_job set its identity) and lock its row, so that one step runs at a time.
out: the row    errors: forbidden$$;

create function core.job_note(p_job bigint, p_is_done boolean, p_done bigint, p_total bigint, p_error text default null)
returns void
language plpgsql security definer set search_path = '' as $$
begin
  perform core.job_claim(p_job);
  update core.job j set done = coalesce(p_done, j.done), total = coalesce(p_total, j.total), error = left(p_error, 200),
    lease_until = core.now() + interval '60 seconds', attempts = 1,
    state = case when p_error is not null then 'FAILED' when p_is_done and j.not_before <= core.now() then 'DONE'
      when p_is_done then 'QUEUED' else j.state::text end::core.job_state,
    finished_at = case when p_error is not null or (p_is_done and j.not_before <= core.now()) then core.now() end,
    lease = case when p_is_done or p_error is not null then null else j.lease end
  where j.job_id = p_job and j.state = 'RUNNING';
  if p_error is not null then delete from core.campaign_address a where a.job_id = p_job; end if;
  update core.job j set told_at = clock_timestamp() where j.job_id = p_job
    and (p_is_done or p_error is not null or coalesce(j.told_at, '-infinity') < clock_timestamp() - interval '1 second');
  if found then perform core.job_tell(p_job); end if;
end $$;
comment on function core.job_note(bigint, boolean, bigint, bigint, text) is $$
Write what a step achieved. A step that must wait sets job.not_before in the future and says done: the row goes back to the
queue instead of ending.
in: is_done; units done and in all; error ends the job as FAILED    source: design 17$$;

create function core.job_step(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql as $$
declare
  v_job core.job := core.job_claim(p_job);
  v_state text;
  v_field text;
begin
  if v_job.state <> 'RUNNING' then
    is_done := true; done := v_job.done; total := v_job.total;
    return;
  end if;
  if v_job.kind !~ '^[a-z_]{3,40}$' or to_regprocedure(format('core.job_step_%s(bigint)', v_job.kind)) is null then
    perform core.job_note(p_job, true, null, null, 'unknown-kind');
    is_done := true;
    return;
  end if;
  begin
    execute format('select s.is_done, s.done, s.total from core.job_step_%s($1) s', v_job.kind)
      into is_done, done, total using p_job;
    perform core.job_note(p_job, is_done, done, total);
  exception
    when serialization_failure or deadlock_detected or query_canceled or lock_not_available
      or admin_shutdown or too_many_connections then
      raise;
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_field = column_name;
      perform core.job_note(p_job, true, v_job.done, v_job.total, concat_ws(' ', v_state, nullif(v_field, '')));
      is_done := true; done := v_job.done; total := v_job.total;
  end;
end $$;
comment on function core.job_step(bigint) is $$
Do one short step of a leased job as the one who ordered it.
in: job bound by session.bind_job    out: is_done - the runner lets go of it; done of total units
errors: forbidden without the lease; deadlocks and cancellations pass through, to be tried again; any other error ends the job
as FAILED with its SQLSTATE    cost: <= 1 s a step    source: design 17$$;

create function core.job_wait(p_job bigint, p_ms int) returns void
language sql security definer set search_path = '' as $$
  update core.job set not_before = core.now() + make_interval(secs => p_ms / 1000.0)
  where job_id = (core.job_claim(p_job)).job_id;
$$;
comment on function core.job_wait(bigint, int) is 'Let the job rest for some milliseconds: the step then answers is_done.';

-- they stand in schema session because the runner calls them before any identity exists, but they work on core.job
alter function session.job_lease(text, int) owner to engine;
alter function session.job_progress(bigint, bytea, bigint, bigint) owner to engine;
alter function session.job_release(bigint, bytea) owner to engine;
alter function session.job_end(bigint, bytea, boolean, text, jsonb) owner to engine;
