-- SPDX-License-Identifier: Apache-2.0
-- The operator's screen: call lists of the caller's dealer, the next client, the result (A000-32 to A000-38).

create type api.call_list as (campaign_id uuid, name text, is_network boolean, state core.campaign_state, total bigint,
  processed bigint, not_reached bigint, "left" bigint, agreed bigint, script text, cursor_ text);
comment on type api.call_list is 'A call list with its counters.';

create function api.call_lists(p_limit int default null, p_after text default null) returns setof api.call_list
language sql stable security definer set search_path = '' as $$
  select k.public_id, k.name::text, k.dealer_id = 0, k.state, (c.n ->> 'total')::bigint, (c.n ->> 'processed')::bigint,
    (c.n ->> 'not_reached')::bigint, (c.n ->> 'left')::bigint, (c.n ->> 'agreed')::bigint, k.script::text,
    k.campaign_id::text
  from core.campaign k
  cross join lateral (select core.call_counters(k.campaign_id, session.dealer()) as n) c
  where k.channel = 'CALL' and k.state in ('RUNNING', 'PAUSED')
    and exists (select 1 from core.call_item i where i.dealer_id = session.dealer() and i.campaign_id = k.campaign_id)
    and k.campaign_id > coalesce(p_after::bigint, 0)
  order by k.campaign_id limit least(coalesce(p_limit, 50), 100)
$$;
comment on function api.call_lists(int, text) is $$
List the running call lists of the caller's dealer with "processed, not reached, total".
out: lists    cost: one index range a list    source: A000-32, A000-34$$;

create type api.call_line as (call_id uuid, n int, name text, phone text, processed boolean, not_reached boolean,
  state text, called_at timestamptz, result core.call_result, operator_name text, next_at timestamptz, cursor_ text);
comment on type api.call_line is 'A line of a call list: N, client, telephone, marks, date, result.';

create function api.call_items_list(p_campaign_id uuid, p_limit int default null, p_after text default null)
returns setof api.call_line
language sql stable security definer set search_path = '' as $$
  select i.public_id, i.n, d.name,
    case when i.operator_id = session.staff() and i.state = 'offered' then d.phone else d.phone_masked end,
    i.state in ('done', 'exhausted'), i.is_not_reached, i.state, i.called_at, i.result, s.name, i.next_at, i.n::text
  from core.campaign k
  join core.call_item i on i.campaign_id = k.campaign_id and i.dealer_id = session.dealer()
  join core.dealer_party d on d.dealer_id = session.dealer() and d.party_id = i.party_id
  left join core.staff s on s.staff_id = i.operator_id
  where k.public_id = p_campaign_id and i.state <> 'cancelled' and i.n > coalesce(p_after::int, 0)
  order by i.n limit least(coalesce(p_limit, 50), 100)
$$;
comment on function api.call_items_list(uuid, int, text) is $$
List the clients of a call list in its order; the telephone is masked except for the call one holds.
in: campaign    out: lines    source: A000-35, R133$$;

create function core.call_card(p_item core.call_item) returns json
language sql stable as $$
  select json_build_object('call_id', p_item.public_id, 'version', p_item.version, 'person', json_build_object(
      'id', p.public_id, 'name', p.name, 'kind', p.kind, 'city', p.city, 'phone', a.value, 'contact_kind', 'PHONE'),
    'vehicles', coalesce((select json_agg(json_build_object('brand', b.name, 'model', v.model, 'model_year', v.model_year,
        'plate', v.plate_raw) order by w.from_on desc, w.vehicle_id desc)
      from (select o.vehicle_id, o.from_on from core.vehicle_owner o where o.party_id = p.party_id and o.to_on is null
            order by o.from_on desc, o.vehicle_id desc limit 100) w join core.vehicle v on v.vehicle_id = w.vehicle_id
      left join core.brand b on b.brand_id = v.brand_id), '[]'),
    'last_contacts', coalesce((select json_agg(json_build_object('at', y.at, 'kind', y.kind, 'text', y.text,
        'staff_name', s.name)) from (select i.at, i.kind, i.text, i.staff_id from core.interaction i
        where i.party_id = p.party_id and i.dealer_id = p_item.dealer_id order by i.at desc limit 5) y
      left join core.staff s on s.staff_id = y.staff_id), '[]'),
    'recommendations', core.call_recommend(p.party_id, p_item.dealer_id), 'script',
    core.call_script(k.script, p.party_id, p_item.dealer_id), 'attempts', p_item.attempts, 'offered_until', p_item.offered_until,
    'counters', core.call_counters(p_item.campaign_id, p_item.dealer_id))
  from core.party p
  join core.campaign k on k.campaign_id = p_item.campaign_id
  left join lateral (
    select c.value from core.contact_point c
    where c.party_id = p.party_id and c.kind = 'PHONE' and c.is_valid
      and core.is_given(c, p_item.dealer_id)
    order by c.is_primary desc, c.contact_id limit 1) a on true
  where p.party_id = p_item.party_id
$$;
comment on function core.call_card(core.call_item) is 'Card of the call: person, cars, last contacts, recommendations, script, counters. source: A000-36';

create function api.call_next(p_campaign_id uuid) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign;
  i core.call_item;
begin
  select x.* into k from core.campaign x where x.public_id = p_campaign_id and x.channel = 'CALL'
    and exists (select 1 from core.call_item y where y.dealer_id = session.dealer() and y.campaign_id = x.campaign_id);
  if not found then perform core.fail('ZC404'); end if;
  if k.state <> 'RUNNING' then perform core.fail('ZC089', null, jsonb_build_object('state', k.state)); end if;
  select x.* into i from core.call_item x
  where x.operator_id = session.staff() and x.state = 'offered' and x.campaign_id = k.campaign_id
    and x.offered_until > core.now() order by x.offered_until, x.call_id limit 1 for update;   -- two, when a result was taken back
  if found then
    update core.call_item x set offered_until = core.now() + interval '10 minutes' where x.call_id = i.call_id;
    return core.call_card(i);
  end if;
  perform pg_advisory_xact_lock(4270002);
  for attempt in 1..50 loop
    select x.* into i from core.call_item x
    where x.dealer_id = session.dealer() and x.campaign_id = k.campaign_id and x.state = 'queued' and x.next_at <= core.now()
    order by x.next_at, x.call_id limit 1 for update skip locked;
    exit when not found;
    if core.call_offer(i.call_id) then
      select x.* into i from core.call_item x where x.call_id = i.call_id;
      perform core.ledger_add('read.call_next', (select p.public_id::text from core.party p where p.party_id = i.party_id),
        i.party_id, 'R93', jsonb_build_object('campaign', k.public_id));
      return core.call_card(i);
    end if;
  end loop;
  return json_build_object('call_id', null, 'next_at', (select min(x.next_at) from core.call_item x
      where x.dealer_id = session.dealer() and x.campaign_id = k.campaign_id and x.state = 'queued'),
    'counters', core.call_counters(k.campaign_id, session.dealer()));
end $$;
comment on function api.call_next(uuid) is $$
Take the next client of a list: locked for this operator, with a send token; asked again, the same client comes back until a
result is given or ten minutes have passed.
in: campaign
out: {call_id, version, person, vehicles, last_contacts, recommendations, script, attempts, counters}; call_id null and next_at
when nobody can be called now
guard: SKIP LOCKED, gate of R93; quiet hours and holidays of the person (P15), one call in 14 days (P14)
errors: not-found, campaign-state    source: A000-36$$;

create function api.call_result(p_call_id uuid, p_result core.call_result, p_call_back_at timestamptz default null,
  p_note core.long_text default null) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare
  i core.call_item := core.call_mine(p_call_id, false);
begin
  if p_result = 'call_back' and p_call_back_at is null then perform core.fail('ZC400', 'call_back_at'); end if;
  if p_result = 'call_back' and p_call_back_at not between core.now() and core.now() + interval '60 days' then
    perform core.fail('ZC402', 'call_back_at');
  end if;
  perform core.call_close(i, p_result, p_call_back_at, p_note);
  perform core.ledger_add('call.result', (select p.public_id::text from core.party p where p.party_id = i.party_id),
    i.party_id, 'R93', jsonb_build_object('result', p_result, 'attempt', i.attempts + 1));
  return json_build_object('counters', core.call_counters(i.campaign_id, i.dealer_id));
end $$;
comment on function api.call_result(uuid, core.call_result, timestamptz, core.long_text) is $$
Fix the result of the call one holds.
in: result agreed|call_back|refused|no_answer|wrong_number|do_not_call; call_back_at for call_back, at most 60 days ahead; note
out: {counters}    errors: not-found, call-not-yours (R93), missing-field, bad-field    source: A000-35, A000-38$$;

create function api.call_undo(p_call_id uuid) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare
  i core.call_item := core.call_mine(p_call_id, true);
begin
  if i.undo is null or (i.undo ->> 'at')::timestamptz < core.now() - interval '30 seconds' then
    perform core.fail('ZC093');
  end if;
  perform core.call_back(i);
  perform core.ledger_add('call.undo', (select p.public_id::text from core.party p where p.party_id = i.party_id),
    i.party_id, 'R93', jsonb_build_object('result', i.result));
  select x.* into i from core.call_item x where x.call_id = i.call_id;
  return core.call_card(i);
end $$;
comment on function api.call_undo(uuid) is $$
Take back the result one has just given, within 30 s: timeline, task, number and consent are as before, and the call is held
again.
out: the card of the call, as of POST .../next    errors: not-found, call-not-yours when it is another's or too late    source: A000-38$$;
