-- SPDX-License-Identifier: Apache-2.0
-- The outbox: intent -> lease -> gate -> record. Used by server/deliver on the system lane and by the clock (filling).
-- core.message is the intent and never changes (R96); core.outbox is narrow and hot and holds only what goes out next.
-- Invariants: no message leaves without core.outbox_dispatch, which takes the send token in the same statement that checks
-- right, consent, budget, quiet hours, opt-out, lock and campaign (R93); a token is the message's own uuid, so a retry never
-- counts twice; who lost the lease changes nothing (epoch).

create function core.outbox_fill(p_limit int default 6000) returns int
language plpgsql security definer set search_path = '' as $$
declare
  k core.campaign;
  v_room int;
  v_share int;
  v_done int := 0;
begin
  select p_limit - count(*) into v_room from (
    select 1 from core.outbox o where o.state = 'ready' and o.prio > 0 and o.not_before <= core.now() limit p_limit) x;
  if v_room <= 0 then return 0; end if;
  select greatest(v_room / greatest(count(*), 1), 200) into v_share
  from core.campaign c where c.state = 'RUNNING' and c.channel = 'EMAIL';
  for k in
    select c.* from core.campaign c
    where c.state = 'RUNNING' and c.channel = 'EMAIL' and coalesce(c.starts_at, '-infinity') <= core.now()
      and coalesce(c.ends_at, 'infinity') > core.now()
      and exists (select 1 from core.recipient r
        where r.campaign_id = c.campaign_id and r.state = 'LOCKED' and r.next_at <= core.now())
    order by c.class, c.requested_at, c.campaign_id
  loop
    v_done := v_done + core.outbox_intend(k, least(v_share, v_room - v_done));
    exit when v_done >= v_room;
  end loop;
  return v_done;
end $$;
comment on function core.outbox_fill(int) is $$
Keep up to p_limit campaign messages ready, shared fairly among running campaigns; people in their quiet hours stay where they
are until morning.
out: messages intended    cost: 10,000 a second    source: campaigns B1, B8; P15$$;

create function core.outbox_intend(k core.campaign, p_limit int) returns int
language plpgsql security definer set search_path = '' set plan_cache_mode = force_custom_plan as $$
declare
  v_now timestamptz := core.now();
  v_with_car boolean := k.body ~ '\{\{\s*(car|plate)' or k.subject ~ '\{\{\s*(car|plate)';
  v_ids bigint[];
  v_dealers int[];
  v_lost bigint[];
begin
  with due as materialized (
    select r.party_id, r.dealer_id from core.recipient r
    where r.campaign_id = k.campaign_id and r.state = 'LOCKED' and r.next_at <= v_now
    order by r.next_at, r.party_id limit p_limit for update skip locked)
  select array_agg(d.party_id), array_agg(d.dealer_id) into v_ids, v_dealers from due d;
  if v_ids is null then return 0; end if;
  with ready as materialized (
    select d.party_id, d.dealer_id, a.value as address,
      jsonb_strip_nulls(jsonb_build_object('name', coalesce(p.given_name, p.name), 'full_name', p.name,
        'surname', p.surname, 'patronymic', p.patronymic, 'city', p.city, 'dealer', o.name, 'dealer_name', o.name,
        'dealer_city', o.city,
        'car', car.title, 'plate', car.plate_raw)) as vars
    from unnest(v_ids, v_dealers) as d (party_id, dealer_id)
    join core.party p on p.party_id = d.party_id
    join core.dealer o on o.dealer_id = d.dealer_id
    left join lateral (
      select c.value from core.contact_point c
      where c.party_id = d.party_id and c.kind = 'EMAIL' and c.is_valid
        and (k.dealer_id = 0 or core.is_given(c, k.dealer_id))
      order by c.is_primary desc, c.contact_id limit 1) a on true
    left join lateral (
      select concat_ws(' ', b.name, v.model) as title, v.plate_raw
      from core.vehicle_owner w join core.vehicle v on v.vehicle_id = w.vehicle_id
      left join core.brand b on b.brand_id = v.brand_id
      where v_with_car and w.party_id = d.party_id and w.to_on is null
      order by v.vehicle_id desc limit 1) car on true),
  intent as (
    insert into core.message (campaign_id, wave, party_id, channel, dealer_id, kind, address, vars, expires_at, created_at)
    select k.campaign_id, 1, y.party_id, 'EMAIL', y.dealer_id, 'campaign', y.address, y.vars,
      coalesce(k.ends_at, v_now + interval '7 days'), v_now
    from ready y where y.address is not null order by y.party_id
    on conflict on constraint message_once do nothing
    returning message, party_id),
  queued as (
    insert into core.outbox (message, campaign_id, prio, not_before, changed_at)
    select i.message, k.campaign_id, greatest(1, least(k.class + 1, 5)), v_now, v_now from intent i)
  select coalesce(array_agg(y.party_id) filter (where y.address is null), '{}') into v_lost from ready y;
  update core.recipient r set changed_at = v_now, state = 'QUEUED'
  where r.campaign_id = k.campaign_id and r.party_id = any (v_ids) and r.party_id <> all (v_lost);
  update core.recipient r set changed_at = v_now, state = 'CANCELLED', reason = 'invalid_contact'
  where r.campaign_id = k.campaign_id and r.party_id = any (v_lost);
  return cardinality(v_ids);
end $$;
comment on function core.outbox_intend(core.campaign, int) is $$
Write the intents of the next due people of one campaign: core.message (unique per campaign, wave, person, channel) and its
place in the outbox.
out: people moved to QUEUED (or CANCELLED when the address was lost)    guard: constraint message_once    source: R96$$;

create function core.outbox_begin(p_worker text, p_is_journal_whole boolean) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_epoch bigint;
  v_ids bigint[];
begin
  insert into core.sender_epoch as e (worker, epoch, at) values (p_worker, 1, core.now())
  on conflict (worker) do update set epoch = e.epoch + 1, at = excluded.at
  returning epoch into v_epoch;
  select array_agg(o.outbox_id order by o.outbox_id) into v_ids from core.outbox o
  where o.state = 'leased' and o.worker = p_worker and o.epoch < v_epoch;
  if v_ids is not null then
    perform core.outbox_record_rows(v_ids, array_agg(case when p_is_journal_whole or o.dispatched_at is null then 'unsent'
        else 'unknown' end order by o.outbox_id), array_agg('restart'::text order by o.outbox_id))
    from core.outbox o where o.outbox_id = any (v_ids);
  end if;
  return v_epoch;
end $$;
comment on function core.outbox_begin(text, boolean) is $$
Begin a worker's life: a new epoch fences off every process that still runs under an older one.
in: worker name; is_journal_whole - the caller has recorded everything its wire journal knows, so what is still leased never
left; otherwise dispatched rows become unknown
out: the epoch    source: campaigns B8$$;

create function core.outbox_lease(p_worker text, p_epoch bigint, p_limit int) returns setof bigint
language plpgsql security definer set search_path = '' as $$
begin
  if not exists (select 1 from core.sender_epoch e where e.worker = p_worker and e.epoch = p_epoch) then return; end if;
  return query
  with due as materialized (       -- a sub-select could be run once a row and lease more than p_limit
    select q.outbox_id from core.outbox q
    where q.state = 'ready' and q.not_before <= core.now()
    order by q.prio, q.not_before, q.outbox_id limit least(p_limit, 1000) for update skip locked)
  update core.outbox o set state = 'leased', worker = p_worker, epoch = p_epoch, dispatched_at = null,
    lease_until = core.now() + interval '10 minutes', changed_at = core.now()
  from due where o.outbox_id = due.outbox_id
  returning o.outbox_id;
end $$;
comment on function core.outbox_lease(text, bigint, int) is $$
Lease messages that may be tried now, system mail first, for 10 minutes.
in: worker name, its epoch, at most 1,000    out: outbox ids; none when a newer epoch holds the worker's name
cost: one partial index, rows of others are skipped    source: campaigns B8$$;

create function core.outbox_sweep() returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_ids bigint[];
  v_done int;
begin
  update core.outbox o set state = 'ready', lease_until = null, changed_at = core.now()
  where o.state = 'leased' and o.lease_until < core.now() and o.dispatched_at is null;
  get diagnostics v_done = row_count;
  select array_agg(o.outbox_id) into v_ids from core.outbox o
  where o.state = 'leased' and o.lease_until < core.now() - interval '10 minutes' and o.dispatched_at is not null;
  if v_ids is not null then
    perform core.outbox_record_rows(v_ids, array_fill('unknown'::text, array[cardinality(v_ids)]),
      array_fill('lease-lost'::text, array[cardinality(v_ids)]));
  end if;
  return v_done + coalesce(cardinality(v_ids), 0);
end $$;
comment on function core.outbox_sweep() is $$
Rows of workers that never came back: not yet through the gate - ready again; through it - unknown after 10 minutes, which for
marketing means never resent (0 double sends) and for system mail tried again.    source: campaigns B8$$;
