-- SPDX-License-Identifier: Apache-2.0
-- Campaigns as their owners, the owners of the addressed people, and auditors see them.
-- Head office sees its network campaigns, a manager his dealer's and his own part of network campaigns (R78), arbiter and
-- auditor all. Nobody sees here who the people of another principal are.

create function core.campaign_sees(p_dealer int) returns boolean
language sql stable as $$
  select case session.role_bit() when 2 then p_dealer = 0 when 16 then p_dealer = session.dealer()
    when 8 then true when 256 then true else false end
$$;
comment on function core.campaign_sees(int) is 'May the caller read campaigns of this principal as his own? source: R78, R99';

create function core.figure_told(k core.campaign, p_n bigint) returns bigint
language sql stable as $$
  select case when session.role_bit() = 2 and k.requested_at is not null then core.small_hidden(p_n) else p_n end
$$;
comment on function core.figure_told(core.campaign, bigint) is
'A figure of a campaign as the caller is told it; one that was never launched has none to hide. source: R136';

create type api.campaign_brief as (id uuid, name text, class int, grp core.competition_group,
  channel core.campaign_channel, state core.campaign_state, dealer_name text, is_own boolean, created_at timestamptz,
  launched_at timestamptz, total bigint, sent bigint, dropped bigint, failed bigint, done bigint, left_out text[], cursor_ text);
comment on type api.campaign_brief is 'A campaign in the list; figures of the part the caller may see; left_out names those that would tell a small one.';

create function core.campaign_sums(p_campaign bigint, p_dealer int, out total bigint, out sent bigint, out dropped bigint,
  out failed bigint, out done bigint)
language sql stable as $$
  select coalesce(sum(n.n), 0), coalesce(sum(n.n) filter (where n.state in ('SENT', 'DONE')), 0),
    coalesce(sum(n.n) filter (where n.state in ('DROPPED', 'CANCELLED')), 0),
    coalesce(sum(n.n) filter (where n.state = 'FAILED'), 0), coalesce(sum(n.n) filter (where n.state = 'DONE'), 0)
  from core.campaign_count n where n.campaign_id = p_campaign and (p_dealer is null or n.dealer_id = p_dealer)
$$;
comment on function core.campaign_sums(bigint, int) is 'Figures of a campaign, of one owner''s part when a dealer is given.';

create function api.campaigns_list(p_state core.campaign_state default null, p_limit int default null,
  p_after text default null) returns setof api.campaign_brief
language sql stable security definer set search_path = '' as $$
  select k.public_id, k.name::text, k.class::int, k.grp, k.channel, k.state, d.name, core.campaign_sees(k.dealer_id),
    k.created_at, k.launched_at, h.total, h.sent, h.dropped, h.failed, h.done, h.left_out,
    to_char(k.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.USOF') || '|' || k.campaign_id
  from core.campaign k
  join core.dealer d on d.dealer_id = k.dealer_id
  cross join lateral core.campaign_sums(k.campaign_id,
    case when not core.campaign_sees(k.dealer_id) then session.dealer() end) n
  cross join lateral jsonb_to_record(case when session.role_bit() = 2 and k.requested_at is not null then core.sums_hidden(n.total, n.sent, n.dropped, n.failed, n.done)
    else to_jsonb(n) end) as h (total bigint, sent bigint, dropped bigint, failed bigint, done bigint, left_out text[])
  where (core.campaign_sees(k.dealer_id) or (session.role_bit() = 16 and k.dealer_id = 0 and k.launched_at is not null
      and exists (select 1 from core.campaign_count c where c.campaign_id = k.campaign_id
        and c.dealer_id = session.dealer() and c.n > 0)))
    and (p_state is null or k.state = p_state)
    and (p_after is null or (k.created_at, k.campaign_id)
      < (split_part(p_after, '|', 1)::timestamptz, split_part(p_after, '|', 2)::bigint))
  order by k.created_at desc, k.campaign_id desc
  limit least(coalesce(p_limit, 50), 100)
$$;
comment on function api.campaigns_list(core.campaign_state, int, text) is $$
List campaigns, latest first.
in: state - only these    out: campaigns; is_own false = a network campaign, figures of the caller's people only; head office is told no figure below 10
cost: figures from roll-ups, no recipients are counted    rule: R78, R99, R136$$;

create type api.campaign as (id uuid, version int, name text, class int, grp core.competition_group, brand_id int,
  channel core.campaign_channel, definition jsonb, subject text, body text, script text, lock_days int,
  starts_at timestamptz, ends_at timestamptz, state core.campaign_state, dealer_id uuid, dealer_name text, is_own boolean,
  created_at timestamptz, checked_at timestamptz, launched_at timestamptz, finished_at timestamptz, stop_reason text,
  job_id uuid, "check" jsonb, counts jsonb, reasons jsonb, progress jsonb, results jsonb, unsubscribed int, topic text,
  occasion text, is_direct boolean, announced_at timestamptz, exclude_until timestamptz, needs_notice boolean, left_out text[]);
comment on type api.campaign is 'A campaign with its figures.';

create function core.campaign_counts(p_campaign bigint, p_dealer int) returns jsonb
language sql stable as $$
  select coalesce(jsonb_object_agg(x.state, x.n), '{}') from (
    select n.state, sum(n.n) as n from core.campaign_count n
    where n.campaign_id = p_campaign and (p_dealer is null or n.dealer_id = p_dealer)
    group by n.state having sum(n.n) <> 0) x
$$;
comment on function core.campaign_counts(bigint, int) is 'Recipients by state.';

create function core.campaign_progress(k core.campaign, p_counts jsonb) returns jsonb
language sql stable as $$
  select jsonb_build_object('done', x.done, 'total', x.total, 'rate_per_min', (
    select count(*) from core.touch t where t.campaign_id = k.campaign_id and k.state = 'RUNNING'
      and t.touch_id > coalesce((select max(y.touch_id) from core.touch y), 0) - 20000
      and t.at > core.now() - interval '1 minute'))
  from (select coalesce(sum(e.value::bigint) filter (where e.key in ('SENT', 'DONE', 'FAILED', 'CANCELLED')), 0) as done,
    coalesce(sum(e.value::bigint) filter (where e.key <> 'DROPPED'), 0) as total from jsonb_each_text(p_counts) e) x
$$;
comment on function core.campaign_progress(core.campaign, jsonb) is 'How far the touches are: done of total, and touches of the last minute.';

create function core.campaign_row(k core.campaign) returns api.campaign
language plpgsql stable as $$
declare
  v_own boolean := core.campaign_sees(k.dealer_id);
  v_part int := case when v_own then null else session.dealer() end;
  v_counts jsonb := core.campaign_counts(k.campaign_id, v_part);
  v_hides boolean := session.role_bit() = 2;
  v_all bigint;
  r api.campaign;
begin
  select k.public_id, k.version, k.name::text, k.class::int, k.grp, k.brand_id::int, k.channel,
    case when v_own then k.definition end, k.subject::text, k.body::text, k.script::text, k.lock_days::int, k.starts_at,
    k.ends_at, k.state, d.public_id, d.name, v_own, k.created_at, k.checked_at, k.launched_at, k.finished_at,
    k.stop_reason::text, (select j.public_id from core.job j where v_own and j.job_id = k.job_id),
    case when v_own and k.check_result is not null then case when v_hides then core.check_hidden(k.check_result)
      else k.check_result end || jsonb_build_object('at', k.checked_at, 'confirm_count', core.check_confirm(k.check_result, k.dealer_id = 0)) end,
    v_counts, (select coalesce(jsonb_object_agg(x.reason, x.n), '{}') from (
      select n.reason, sum(n.n) as n from core.campaign_count n where n.campaign_id = k.campaign_id
        and n.reason is not null and (v_part is null or n.dealer_id = v_part) group by 1 having sum(n.n) <> 0) x),
    core.campaign_progress(k, v_counts),
    case when k.channel = 'CALL' then (select coalesce(jsonb_object_agg(x.result, x.n), '{}') from (
      select i.result, count(*) as n from core.call_item i where i.campaign_id = k.campaign_id and i.result is not null
        and (v_part is null or i.dealer_id = v_part) group by 1) x) end,
    k.unsubscribed, k.topic, k.occasion, k.is_direct, k.announced_at, k.exclude_until,
    k.class = 4 and core.policy_int('P19.notice') > 0
  into r from core.dealer d where d.dealer_id = k.dealer_id;
  if v_hides then
    select coalesce(sum(e.value::bigint), 0) into v_all from jsonb_each_text(r.counts) e;
    select h.told, h.left_out into r.counts, r.left_out from core.counts_hidden(r.counts) h;
    r.reasons := core.reasons_hidden(r.reasons, (select coalesce(sum(n.n), 0)::bigint from core.campaign_count n
      where n.campaign_id = k.campaign_id and n.state not in ('DROPPED', 'CANCELLED')));
    r.results := core.parts_hidden(r.results); r.unsubscribed := core.figure_told(k, r.unsubscribed);
    if (r.progress ->> 'total')::bigint < 10 then r.progress := r.progress || '{"done": null, "total": null}';
    else
      r.progress := r.progress || jsonb_build_object('done', core.small_hidden((r.progress ->> 'done')::bigint));
      if core.is_nearly_all(v_all, (r.progress ->> 'done')::bigint) then r.progress := r.progress || '{"done": null}'; end if;
      if core.is_nearly_all(v_all, (r.progress ->> 'total')::bigint) then r.progress := r.progress || jsonb_build_object('total', v_all); end if;
    end if;
    r.progress := r.progress || jsonb_build_object('rate_per_min', core.small_hidden((r.progress ->> 'rate_per_min')::bigint));
  end if;
  return r;
end $$;
comment on function core.campaign_row(core.campaign) is 'Show a campaign to the caller: all of his own, of another''s only his part; head office is told no figure below 10 (R136).';

create function api.campaign_get(p_campaign_id uuid) returns api.campaign
language plpgsql stable security definer set search_path = '' as $$
declare
  k core.campaign;
begin
  select x.* into k from core.campaign x where x.public_id = p_campaign_id;
  if k.campaign_id is null or not (core.campaign_sees(k.dealer_id) or (session.role_bit() = 16 and k.dealer_id = 0
      and k.launched_at is not null and exists (select 1 from core.campaign_count c
        where c.campaign_id = k.campaign_id and c.dealer_id = session.dealer() and c.n > 0))) then
    perform core.fail('ZC404');
  end if;
  return core.campaign_row(k);
end $$;
comment on function api.campaign_get(uuid) is $$
Read a campaign: its text, latest check, counts by state and by reason, progress, results of calls.
out: campaign; for head office every figure below 10 is null, and none tells one by subtraction (left_out, check.is_nearly_all);
  check.confirm_count is what campaign_launch wants    errors: not-found    rule: R78, R90, R99, R136$$;

create type api.recipient as (person_id uuid, name text, state core.recipient_state, reason core.drop_reason,
  free_week date, changed_at timestamptz, cursor_ text);
comment on type api.recipient is 'One person of the caller in a campaign.';

create function api.recipients_list(p_campaign_id uuid, p_state core.recipient_state default null,
  p_reason core.drop_reason default null, p_limit int default null, p_after text default null) returns setof api.recipient
language plpgsql stable security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  k core.campaign;
begin
  select x.* into k from core.campaign x
  where x.public_id = p_campaign_id and (x.dealer_id = session.dealer() or (x.dealer_id = 0 and x.launched_at is not null));
  if k.campaign_id is null then perform core.fail('ZC404'); end if;
  return query
  select d.public_id, d.name, r.state, r.reason, r.free_week, r.changed_at, r.party_id::text
  from core.recipient r
  join core.dealer_party d on d.dealer_id = session.dealer() and d.party_id = r.party_id
  where r.campaign_id = k.campaign_id and r.party_id > coalesce(p_after::bigint, 0)
    and (k.dealer_id = session.dealer() or r.dealer_id = session.dealer())
    and (p_state is null or r.state = p_state) and (p_reason is null or r.reason = p_reason)
  order by r.party_id limit least(coalesce(p_limit, 50), 100);
end $$;
comment on function api.recipients_list(uuid, core.recipient_state, core.drop_reason, int, text) is $$
List the manager's own people in a campaign with what became of each.
in: campaign; state; reason    out: recipients; free_week is the Monday of the week in which a lock ends
errors: not-found    rule: R90, R133$$;

create type api.campaign_dealer as (dealer_id uuid, dealer_name text, total bigint, sent bigint, dropped bigint,
  failed bigint, done bigint, left_out text[], cursor_ text);
comment on type api.campaign_dealer is 'One owner''s part of a network campaign.';

create function api.campaign_dealers(p_campaign_id uuid, p_limit int default null, p_after text default null)
returns setof api.campaign_dealer
language sql stable security definer set search_path = '' as $$
  with part as materialized (
    select c.dealer_id, n.total, n.sent, n.dropped, n.failed, n.done from core.campaign k
    join (select distinct x.campaign_id, x.dealer_id from core.campaign_count x where x.n > 0) c on c.campaign_id = k.campaign_id
    cross join lateral core.campaign_sums(k.campaign_id, c.dealer_id) n
    where k.public_id = p_campaign_id and k.dealer_id = 0 and session.role_bit() = 2),
  -- the owners are parts of the whole as well: the last of them must not be what the others leave
  owner as materialized (select core.parts_hidden(jsonb_object_agg(p.dealer_id, p.total)) as total, core.parts_hidden(jsonb_object_agg(p.dealer_id, p.sent)) as sent,
    core.parts_hidden(jsonb_object_agg(p.dealer_id, p.dropped)) as dropped, core.parts_hidden(jsonb_object_agg(p.dealer_id, p.failed)) as failed,
    core.parts_hidden(jsonb_object_agg(p.dealer_id, p.done)) as done from part p)
  select d.public_id, case when d.dealer_id = 0 then null else d.name end, x.total, x.sent, x.dropped, x.failed, x.done,
    array(select e.key from jsonb_each_text(to_jsonb(p) - 'dealer_id') e where e.value::bigint >= 10 and to_jsonb(x) ->> e.key is null order by e.key), d.dealer_id::text
  from part p join core.dealer d on d.dealer_id = p.dealer_id cross join owner o
  cross join lateral core.sums_hidden(p.total, p.sent, p.dropped, p.failed, p.done) h
  cross join lateral (select case when h ->> 'total' is not null then (o.total ->> p.dealer_id::text)::bigint end as total,
    case when h ->> 'sent' is not null then (o.sent ->> p.dealer_id::text)::bigint end as sent,
    case when h ->> 'dropped' is not null then (o.dropped ->> p.dealer_id::text)::bigint end as dropped,
    case when h ->> 'failed' is not null then (o.failed ->> p.dealer_id::text)::bigint end as failed,
    case when h ->> 'done' is not null then (o.done ->> p.dealer_id::text)::bigint end as done) x
  where p.dealer_id > coalesce(p_after::int, -1)
  order by d.dealer_id limit least(coalesce(p_limit, 50), 100)
$$;
comment on function api.campaign_dealers(uuid, int, text) is $$
Split a network campaign by owner; a row without a name is the pool.
out: figures only, null below 10, and where the others would tell such a one (left_out)    rule: R76, R136$$;

create type api.conflict as (week_on date, own_audience bigint, own_audience_share_locked float8);
comment on type api.conflict is 'Share of the caller''s people whom others'' campaigns hold in a week.';

create function api.conflicts_list(p_from date default null, p_to date default null) returns setof api.conflict
language sql stable security definer set search_path = '' as $$
  with me as (select coalesce(session.dealer(), 0) as dealer_id),
  own as (select case when (select m.dealer_id from me m) = 0 then (select count(*) from core.party)
    else (select count(*) from core.dealer_party p where p.dealer_id = (select m.dealer_id from me m)) end as n),
  week as (
    select w::date as week_on from generate_series(
      date_trunc('week', greatest(coalesce(p_from, core.today()), core.today() - 60)::timestamp),
      date_trunc('week', least(coalesce(p_to, core.today() + 28), core.today() + 60)::timestamp), interval '7 days') w),
  held as materialized (
    select l.since::date as since_on, l.until::date as until_on, count(distinct l.party_id) as n
    from core.campaign_lock l
    where l.dealer_id <> (select m.dealer_id from me m) and l.until > (core.today() - 60)::timestamptz
      and (l.state <> 'RELEASED')
      and ((select m.dealer_id from me m) = 0 or exists (select 1 from core.dealer_party p
        where p.dealer_id = (select m.dealer_id from me m) and p.party_id = l.party_id))
    group by 1, 2)
  select w.week_on, own.n, case when own.n >= 10 then round(least(coalesce(sum(h.n), 0) / own.n, 1), 4)::float8 end
  from week w cross join own
  left join held h on h.since_on <= w.week_on + 6 and h.until_on >= w.week_on
  group by w.week_on, own.n order by w.week_on
$$;
comment on function api.conflicts_list(date, date) is $$
Calendar of conflicts: per week the share of the caller's own people that others' campaigns hold; never who holds them or why.
in: from, to - dates, default the next four weeks    out: weeks; share 0..1, null below 10 people    rule: R99$$;
