-- SPDX-License-Identifier: Apache-2.0
-- Telemarketing (A000-32 to A000-38): call lists of CALL campaigns, one client for one operator at a time, results with
-- their effects, thirty seconds to take a result back.
-- Used by api/call.sql; core.campaign_launched fills the lists.
-- Invariants: an offered item belongs to one operator for ten minutes, renewed whenever he asks for it again; a call
-- is offered only with a send token (R93); the token is given back when nobody was reached (R95).

create function core.call_fill(p_campaign bigint) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_rows int;
begin
  with new as (
    insert into core.call_item (campaign_id, party_id, dealer_id, next_at, n)
    select r.campaign_id, r.party_id, r.dealer_id, r.next_at,
      row_number() over (partition by r.dealer_id order by r.next_at, r.party_id)
    from core.recipient r
    where r.campaign_id = p_campaign and r.state = 'LOCKED'
    on conflict (campaign_id, party_id) do nothing
    returning party_id)
  update core.recipient r set state = 'QUEUED', changed_at = core.now()
  from new where r.campaign_id = p_campaign and r.party_id = new.party_id;
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;
comment on function core.call_fill(bigint) is $$
Write the call list of a launched CALL campaign: one item a person, at the dealer in whose name it is called (R76).
out: items    guard: unique (campaign, party)    source: A000-33, R96$$;

create function core.call_sweep() returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_rows int;
begin
  with late as materialized (
    select x.call_id, x.token from core.call_item x where x.state = 'offered' and x.offered_until < core.now()
    order by x.call_id for update skip locked),
  gone as (
    update core.call_item i set state = 'queued', operator_id = null, offered_until = null, token = null,
      version = i.version + 1
    from late o where i.call_id = o.call_id returning o.token)
  update core.touch t set returned_at = core.now() from gone g where t.token = g.token;
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;
comment on function core.call_sweep() is $$
Put items whose operator went away back into the queue and give the tokens back.    out: items    source: campaigns B11, R95$$;

create function core.call_offer(p_item bigint) returns boolean
language plpgsql security definer set search_path = '' as $$
declare
  i core.call_item;
  k core.campaign;
  j core.judgement;
  v_lock core.campaign_lock;
  r core.recipient;
begin
  select x.* into i from core.call_item x where x.call_id = p_item;
  select x.* into k from core.campaign x where x.campaign_id = i.campaign_id;
  select x.* into r from core.recipient x where x.campaign_id = i.campaign_id and x.party_id = i.party_id;
  select x.* into j from core.campaign_judge(array[i.campaign_id], array[i.party_id]) x;
  select x.* into v_lock from core.campaign_lock x where x.unit = r.unit and x.grp = k.grp
    and x.campaign_id = k.campaign_id and x.state in ('HELD', 'ACTIVE', 'COOLING') and x.until > core.now();
  if j.reason is not null or j.dealer_id <> i.dealer_id or (k.class >= 2 and v_lock.unit is null) then
    perform core.recipient_cancel(i.campaign_id, array[i.party_id], coalesce(j.reason,
      case when j.dealer_id <> i.dealer_id then 'not_owner' else 'locked' end::core.drop_reason));
    return false;
  end if;
  if j.next_at > core.now() then
    update core.call_item x set next_at = j.next_at where x.call_id = p_item;
    return false;
  end if;
  update core.call_item x set state = 'offered', operator_id = session.staff(), version = x.version + 1,
    offered_until = core.now() + interval '10 minutes', token = gen_random_uuid(), undo = null
  where x.call_id = p_item returning x.* into i;
  insert into core.touch (party_id, channel, campaign_id, dealer_id, class, grp, unit, token, at)
  values (i.party_id, 'CALL', k.campaign_id, k.dealer_id, k.class, k.grp, r.unit, i.token, core.now());
  update core.campaign_lock x set state = 'ACTIVE', ver = x.ver + 1
  where x.unit = r.unit and x.grp = k.grp and x.campaign_id = k.campaign_id and x.state = 'HELD';
  return true;
end $$;
comment on function core.call_offer(bigint) is $$
Offer one locked call item to the calling operator, through the gate and with its send token.
out: false when the person may not be called: then the item is taken out, or waits for the end of the quiet hours
guard: the item's row is locked by the caller; gates go one at a time    source: R93, P14, P15$$;

create function core.call_over(p_item core.call_item, p_state core.recipient_state, p_is_returned boolean) returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_unit text;
begin
  update core.recipient r set state = p_state, changed_at = core.now()
  where r.campaign_id = p_item.campaign_id and r.party_id = p_item.party_id and r.state = 'QUEUED'
  returning r.unit into v_unit;
  if p_is_returned then
    update core.touch t set returned_at = core.now() where t.token = p_item.token;
  end if;
  if v_unit is not null then perform core.lock_touch_over(p_item.campaign_id, array[v_unit]); end if;
end $$;
comment on function core.call_over(core.call_item, core.recipient_state, boolean) is $$
End a person's part in a call campaign: recipient DONE or FAILED, token given back when nobody was reached, lock cooled.
source: R89, R95$$;

create function core.call_retry_at(p_attempts int, p_zone text) returns timestamptz
language sql stable as $$
  select core.quiet_next(case p_attempts
    when 1 then core.now() + interval '2 hours'
    when 2 then (x.day + 1 + case when x.hour < 13 then time '17:00' else time '10:00' end) at time zone p_zone
    else (x.day + 3 + time '18:00') at time zone p_zone end, p_zone, true)
  from (select (core.now() at time zone p_zone)::date as day, extract(hour from core.now() at time zone p_zone) as hour) x
$$;
comment on function core.call_retry_at(int, text) is $$
When to try again after so many vain attempts: +2 h, next day in the other half, three days later in the evening.
in: attempts made 1..3; zone of the person    source: campaigns B11, P15$$;

create function core.call_counters(p_campaign bigint, p_dealer int) returns jsonb
language sql stable as $$
  select jsonb_build_object('total', count(*) filter (where i.state <> 'cancelled'),
    'processed', count(*) filter (where i.state in ('done', 'exhausted')),
    'not_reached', count(*) filter (where i.is_not_reached and i.state <> 'cancelled'),
    'left', count(*) filter (where i.state in ('queued', 'offered')),
    'agreed', count(*) filter (where i.result = 'agreed'))
  from core.call_item i where i.dealer_id = p_dealer and i.campaign_id = p_campaign
$$;
comment on function core.call_counters(bigint, int) is 'Counters "processed, not reached, total" of a dealer''s list. source: A000-34';

create function core.call_script(p_script text, p_party bigint, p_dealer int) returns text
language plpgsql stable as $$
declare
  v_text text := p_script;
  v record;
begin
  for v in
    select e.key, e.value from core.party p
    join core.dealer d on d.dealer_id = p_dealer
    cross join lateral jsonb_each_text(jsonb_build_object('name', coalesce(p.given_name, p.name), 'full_name', p.name,
      'surname', coalesce(p.surname, ''), 'patronymic', coalesce(p.patronymic, ''), 'city', coalesce(p.city, ''),
      'dealer', d.name, 'dealer_name', d.name, 'dealer_city', d.city, 'operator', coalesce((
        select s.name from core.staff s where s.staff_id = session.staff()), ''))) e
    where p.party_id = p_party
  loop
    v_text := replace(v_text, '{{' || v.key || '}}', v.value);
  end loop;
  return v_text;
end $$;
comment on function core.call_script(text, bigint, int) is $$
Fill the script of a call: the variables of campaign mail, and {{operator}}.
in: script, person, dealer that calls    out: text; unknown variables stay as they are    source: A000-36$$;
