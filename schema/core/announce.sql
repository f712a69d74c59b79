-- SPDX-License-Identifier: Apache-2.0
-- Head office announces a network campaign (R78): a job judges the audience and notes each owner's part; P19 later it may be launched,
-- without those whom their owners left out. A policy P19.notice of 0 days lets it be launched at once.

create function core.announce_guard(k core.campaign) returns void
language plpgsql stable as $$
begin
  if k.class <> 4 or core.policy_int('P19.notice') = 0 then return; end if;
  if k.announced_at is null or k.exclude_until > core.now() then
    perform core.fail('ZC078', null, jsonb_strip_nulls(jsonb_build_object('until', k.exclude_until)));
  end if;
end $$;
comment on function core.announce_guard(core.campaign) is 'Refuse to launch a network campaign before the owners had their days. errors: ZC078. source: R78, P19';

create function core.job_step_campaign_announce(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql as $$
declare
  v record;
  b record;
begin
  select x.* into v from core.campaign_view(p_job) x;
  select x.* into b from core.campaign_candidates('network', v.definition, coalesce((v.spec ->> 'after')::bigint, 0)) x;
  select x.is_done, x.done, x.total into is_done, done, total from core.announce_note(p_job, b.ids, b.next_after, b.is_end) x;
end $$;
comment on function core.job_step_campaign_announce(bigint) is 'Step of an announcement: the next 5,000 candidates with their owners. source: R78';

create function core.announce_note(p_job bigint, p_ids bigint[], p_after bigint, p_is_end boolean, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_job core.job := core.job_claim(p_job);
  k core.campaign;
  v_seen bigint := coalesce((v_job.spec ->> 'seen')::bigint, 0) + cardinality(p_ids);
begin
  select x.* into k from core.campaign x where x.campaign_id = (v_job.spec ->> 'campaign')::bigint;
  if k.version <> (v_job.spec ->> 'version')::int then perform core.fail('ZC412'); end if;
  with judged as materialized (
    select j.party_id, j.dealer_id from core.campaign_judge(array_fill(k.campaign_id, array[cardinality(p_ids)]), p_ids) j
    where j.dealer_id <> 0 and (j.reason is null or j.reason in ('locked', 'budget', 'quiet'))),
  made as (
    insert into core.campaign_part (campaign_id, party_id, dealer_id) select k.campaign_id, j.party_id, j.dealer_id from judged j order by j.party_id
    on conflict do nothing returning dealer_id)
  insert into core.campaign_part_count as c (campaign_id, dealer_id, people) select k.campaign_id, m.dealer_id, count(*) from made m group by m.dealer_id order by m.dealer_id
  on conflict (campaign_id, dealer_id) do update set people = c.people + excluded.people;
  done := v_seen;
  total := greatest(v_seen, v_job.total);
  is_done := p_is_end;
  update core.job set spec = v_job.spec || jsonb_build_object('after', p_after, 'seen', v_seen) where job_id = p_job;
  if is_done then
    perform core.notify(s.staff_id, 'N11', k.public_id::text, coalesce(extract(epoch from k.announced_at)::bigint::text, ''))
    from core.campaign_part_count c join core.staff s on s.dealer_id = c.dealer_id and s.role = 'manager' and s.is_active
    where c.campaign_id = k.campaign_id and c.people > 0;
    perform core.ledger_add('campaign.announced', k.public_id::text, null, 'R78', jsonb_build_object('until', k.exclude_until));
  end if;
end $$;
comment on function core.announce_note(bigint, bigint[], bigint, boolean) is $$
Note whose people a batch holds; at the end tell their managers. Those whom the launch leaves out anyway (deal in progress, dispute, complaint,
an offer of the last 14 days, no consent) are in nobody's part, so they count for nothing.
guard: core.job_claim; primary key (campaign, party)    source: R78, P19$$;

create function core.announce_forget(p_campaign bigint) returns void
language plpgsql volatile set search_path = '' as $$
begin
  delete from core.campaign_part p where p.campaign_id = p_campaign;
  delete from core.campaign_part_count c where c.campaign_id = p_campaign;
end $$;
comment on function core.announce_forget(bigint) is 'A campaign that was changed after its announcement is announced anew.';
