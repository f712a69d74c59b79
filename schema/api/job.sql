-- SPDX-License-Identifier: Apache-2.0
-- Jobs as those see them who ordered them; a manager sees his dealer's, an administrator head office's.

create type api.job as (id uuid, kind text, state core.job_state, done bigint, total bigint, created_at timestamptz,
  finished_at timestamptz, result jsonb, error text, cursor_ text);
comment on type api.job is 'Long work and how far it is.';

create function api.jobs_list(p_limit int default null, p_after text default null) returns setof api.job
language sql stable begin atomic
  select j.public_id, j.kind, j.state, core.job_figure(j, j.done), core.job_figure(j, j.total), j.created_at,
    j.finished_at, core.job_result(j), j.error, j.job_id::text
  from core.job j
  where j.job_id < coalesce(p_after::bigint, 9223372036854775807) and not j.spec ? 'helps'      -- a second connection of another job
  order by j.job_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.jobs_list(int, text) is $$
List the jobs the caller may see, latest first.
out: jobs    rule: policies of roles/    source: design 17$$;

create function api.job_get(p_job_id uuid) returns api.job
language sql stable begin atomic
  select row(j.public_id, j.kind, j.state, core.job_figure(j, j.done), core.job_figure(j, j.total), j.created_at, j.finished_at,
    core.job_result(j), j.error, null)::api.job
  from core.job j where j.public_id = p_job_id;
end;
comment on function api.job_get(uuid) is $$
Read one job.
out: job; head office's campaign jobs tell no figure below 10 (R136)    errors: not-found$$;

create function api.job_cancel(p_job_id uuid) returns api.job
language plpgsql volatile security definer set search_path = '' as $$
declare
  j core.job;
begin
  select x.* into j from core.job x
  where x.public_id = p_job_id and x.dealer_id = coalesce(session.dealer(), 0)
    and (x.staff_id = session.staff() or session.role_bit() in (1, 16)) for update;
  if not found then perform core.fail('ZC404'); end if;
  if j.state not in ('QUEUED', 'RUNNING', 'PAUSED') then perform core.fail('ZC170'); end if;
  update core.job x set state = 'CANCELLED', finished_at = core.now(), lease = null, lease_until = null
  where x.job_id = j.job_id returning x.* into j;
  delete from core.campaign_address a where a.job_id = j.job_id;
  if j.kind = 'campaign_launch' then
    update core.campaign k set state = 'STOPPED', stop_reason = 'launch cancelled', version = k.version + 1
    where k.campaign_id = (j.spec ->> 'campaign')::bigint and k.state = 'LAUNCHING';
  end if;
  perform core.job_tell(j.job_id);
  perform core.ledger_add('job.cancelled', j.public_id::text, null, null, jsonb_build_object('kind', j.kind));
  return row(j.public_id, j.kind, j.state, core.job_figure(j, j.done), core.job_figure(j, j.total), j.created_at, j.finished_at,
    core.job_result(j), j.error, null)::api.job;
end $$;
comment on function api.job_cancel(uuid) is $$
Cancel a job that still waits or runs; a cancelled launch stops its campaign and frees its locks.
out: job    errors: not-found, job-state when it has ended    source: design 17$$;
