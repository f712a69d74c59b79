-- SPDX-License-Identifier: Apache-2.0
-- The dispatch gate and the record of outcomes: the last word before a message leaves, and the first after.

create type core.outgoing as (
  outbox_id bigint, message uuid, address text, sender_name text, sender_address text, subject text, body_text text,
  body_html text, vars json, is_marketing boolean, list_name text);
comment on type core.outgoing is $$
A message that may go: to whom, from whom, templates with {{variables}} and their values; is_marketing asks for List-Unsubscribe,
list_name is the campaign's public id$$;

create function core.outbox_dispatch(p_ids bigint[], p_epoch bigint) returns setof core.outgoing
language plpgsql security definer set search_path = '' as $$
begin
  perform pg_advisory_xact_lock(4270002);
  return query
  with held as materialized (
    select o.outbox_id, o.message, o.campaign_id, m.party_id, m.kind, m.expires_at
    from core.outbox o join core.message m on m.message = o.message
    where o.outbox_id = any (p_ids) and o.state = 'leased' and o.epoch = p_epoch
    order by o.outbox_id for update of o),
  asked as materialized (
    select array_agg(h.campaign_id order by h.outbox_id) as campaigns, array_agg(h.party_id order by h.outbox_id) as parties,
      array_agg(h.message order by h.outbox_id) as messages
    from held h where h.kind = 'campaign'),
  judged as materialized (
    select j.* from asked a cross join lateral core.campaign_judge(a.campaigns, a.parties, a.messages) j
    where a.campaigns is not null),
  verdict as materialized (
    select h.outbox_id, h.message, h.campaign_id, h.party_id, h.kind, r.unit, r.dealer_id, j.address, j.next_at,
      case
        when h.expires_at <= core.now() then 'cancel'
        when h.kind <> 'campaign' then 'go'
        when c.state in ('STOPPED', 'FINISHED') or r.state <> 'QUEUED' then 'cancel'
        when c.state <> 'RUNNING' then 'later'
        when j.reason is not null then 'cancel'
        when j.dealer_id <> r.dealer_id then 'cancel'
        when c.class >= 2 and l.unit is null then 'cancel'
        when j.next_at > core.now() then 'quiet'
        when row_number() over (partition by h.party_id order by h.outbox_id) > 1 then 'later'
        else 'go' end as act,
      case when h.expires_at <= core.now() or c.state in ('STOPPED', 'FINISHED') then 'stopped'
        when j.reason is not null then j.reason when j.dealer_id <> r.dealer_id then 'not_owner'
        else 'locked' end::core.drop_reason as reason,
      c.class, c.grp, c.dealer_id as principal
    from held h
    left join core.campaign c on c.campaign_id = h.campaign_id
    left join judged j on j.campaign_id = h.campaign_id and j.party_id = h.party_id and h.kind = 'campaign'
    left join core.recipient r on r.campaign_id = h.campaign_id and r.party_id = h.party_id and h.kind = 'campaign'
    left join core.campaign_lock l on l.unit = r.unit and l.grp = c.grp and l.campaign_id = h.campaign_id
      and l.state in ('HELD', 'ACTIVE') and l.until > core.now()),
  moved as (
    update core.outbox o set changed_at = core.now(),
      state = case v.act when 'go' then 'leased' when 'cancel' then 'cancelled' else 'ready' end::core.outbox_state,
      dispatched_at = case v.act when 'go' then core.now() end,
      not_before = case v.act when 'quiet' then v.next_at when 'later' then core.now() + interval '10 seconds'
        else o.not_before end,
      lease_until = case v.act when 'go' then core.now() + interval '10 minutes' end,
      last_code = case v.act when 'cancel' then v.reason::text when 'go' then o.last_code else v.act end
    from verdict v where o.outbox_id = v.outbox_id),
  cancelled as (
    update core.recipient r set state = 'CANCELLED', reason = v.reason, changed_at = core.now()
    from verdict v
    where v.act = 'cancel' and v.kind = 'campaign' and r.campaign_id = v.campaign_id and r.party_id = v.party_id
      and r.state = 'QUEUED'),
  token as (
    insert into core.touch as t (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at)
    select v.party_id, 'EMAIL', v.campaign_id, v.principal, v.class, v.grp, v.unit, v.message, core.now()
    from verdict v where v.act = 'go' and v.kind = 'campaign' order by v.party_id
    on conflict (token) do update set returned_at = null),
  active as (
    update core.campaign_lock l set state = 'ACTIVE', ver = l.ver + 1
    from (select distinct v.unit, v.grp, v.campaign_id from verdict v
      where v.act = 'go' and v.kind = 'campaign' and v.unit is not null) v
    where l.unit = v.unit and l.grp = v.grp and l.campaign_id = v.campaign_id and l.state = 'HELD')
  select v.outbox_id, v.message, case when v.kind = 'campaign' then v.address else m.address end,
    s.name, s.sender_address, coalesce(m.subject, c.subject)::text, coalesce(m.body, c.body)::text, null::text,
    m.vars::json, coalesce(v.kind = 'campaign' and c.class >= 2, false), c.public_id::text
  from verdict v
  join core.message m on m.message = v.message
  join core.dealer s on s.dealer_id = m.dealer_id
  left join core.campaign c on c.campaign_id = v.campaign_id
  where v.act = 'go'
  order by v.outbox_id;
  perform core.lock_touch_over(x.campaign_id, array_agg(r.unit))
  from (select distinct o.campaign_id, m.party_id from core.outbox o join core.message m on m.message = o.message
    where o.outbox_id = any (p_ids) and o.state = 'cancelled' and o.campaign_id is not null) x
  join core.recipient r on r.campaign_id = x.campaign_id and r.party_id = x.party_id and r.unit is not null
  group by x.campaign_id;
end $$;
comment on function core.outbox_dispatch(bigint[], bigint) is $$
The gate: of the leased messages give back those that may go this moment, each with its send token taken; the others are
cancelled with the reason or wait (quiet hours, paused campaign).
in: outbox ids leased under p_epoch    out: core.outgoing, ready for the template engine
checks, in one statement: right now, consent now, opt-out, complaint, contact, lock of this campaign, budget over all
principals, quiet hours of the person, state of the campaign, expiry
guard: unique token = message; gates go one at a time, so that two messages cannot both take the last of a budget
cost: about 60 us a message in batches of 200    source: R93-R96, P14, P15$$;

create function core.outbox_record(p_epoch bigint, p_ids bigint[], p_outcomes text[], p_codes text[]) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_ids bigint[];
  v_outcomes text[];
  v_codes text[];
begin
  select array_agg(u.id), array_agg(u.outcome), array_agg(u.code) into v_ids, v_outcomes, v_codes
  from unnest(p_ids, p_outcomes, p_codes) as u (id, outcome, code)
  join core.outbox o on o.outbox_id = u.id and o.state = 'leased' and o.epoch = p_epoch
  where u.outcome in ('accepted', 'deferred', 'failed', 'unknown', 'unsent');
  if v_ids is not null then perform core.outbox_record_rows(v_ids, v_outcomes, v_codes); end if;
end $$;
comment on function core.outbox_record(bigint, bigint[], text[], text[]) is $$
Record what became of dispatched messages. Rows no longer leased under this epoch are passed over.
in: parallel arrays; outcome accepted | deferred | failed | unknown | unsent (never on the wire); code - reply code or word
source: campaigns B8, R95$$;

create function core.outbox_record_rows(p_ids bigint[], p_outcomes text[], p_codes text[]) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_now timestamptz := core.now();
  v_waits int[] := array[5, 15, 60, 240, 720];       -- minutes
  k record;
begin
  for k in
    with fact as materialized (
      select o.outbox_id, o.message, o.campaign_id, o.attempt, m.party_id, m.kind, m.address, u.code,
        case
          when u.outcome = 'unsent' then 'deferred'
          when u.outcome = 'deferred' and (o.attempt >= 5
            or m.expires_at <= v_now + make_interval(mins => v_waits[o.attempt + 1])) then 'failed'
          when u.outcome = 'unknown' and m.kind <> 'campaign' then case when o.attempt >= 5 then 'failed' else 'deferred' end
          else u.outcome end as outcome, u.outcome = 'unsent' as is_unsent
      from unnest(p_ids, p_outcomes, p_codes) as u (outbox_id, outcome, code)
      join core.outbox o on o.outbox_id = u.outbox_id
      join core.message m on m.message = o.message
      order by o.outbox_id for update of o),
    moved as (
      update core.outbox o set changed_at = v_now, lease_until = null, last_code = left(f.code, 80),
        state = case f.outcome when 'deferred' then 'ready' else f.outcome end::core.outbox_state,
        dispatched_at = case when f.outcome = 'deferred' then null else o.dispatched_at end,
        attempt = o.attempt + case when f.is_unsent then 0 else 1 end,
        not_before = case when f.outcome <> 'deferred' then o.not_before when f.is_unsent then v_now + interval '5 seconds'
          else v_now + make_interval(mins => v_waits[least(o.attempt + 1, 5)]) * (0.9 + random() * 0.2) end
      from fact f where o.outbox_id = f.outbox_id),
    people as (
      update core.recipient r set changed_at = v_now,
        state = case f.outcome when 'failed' then 'FAILED' else 'SENT' end::core.recipient_state
      from fact f
      where f.kind = 'campaign' and f.outcome <> 'deferred' and r.campaign_id = f.campaign_id
        and r.party_id = f.party_id and r.state = 'QUEUED'
      returning r.campaign_id, r.unit),
    given_back as (
      update core.touch t set returned_at = v_now from fact f
      where f.outcome = 'failed' and t.token = f.message and t.returned_at is null),
    bounced as (
      update core.contact_point c set is_valid = false, version = c.version + 1 from fact f
      where f.outcome = 'failed' and f.code ~ '(^|[^0-9])5\.1\.[0-9]' and c.party_id = f.party_id and c.kind = 'EMAIL'
        and c.value = f.address and c.is_valid)
    select p.campaign_id, array_agg(p.unit order by p.unit) as units from people p
    where p.unit is not null group by p.campaign_id order by p.campaign_id
  loop
    perform core.lock_touch_over(k.campaign_id, k.units);
  end loop;
end $$;
comment on function core.outbox_record_rows(bigint[], text[], text[]) is $$
Write outcomes: accepted and unknown -> SENT; failed -> FAILED with the budget given back and, for 5.1.x, the address marked
invalid; deferred -> again after 5, 15, 60, 240, 720 minutes, then failed; unsent -> again in 5 s. Unknown marketing mail is never sent again, unknown
system mail is. Locks of finished people go to COOLING.    source: R95, campaigns B8$$;
