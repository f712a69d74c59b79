-- SPDX-License-Identifier: Apache-2.0
-- What ends touches: loss of the right, withdrawal of consent, stop order, end date, and the orderly finish.
-- The dispatch gate alone already keeps a message from going out (core/outbox.sql); these functions also take it off the
-- queues at once, so that the figures and the locks tell the truth.

create function core.recipient_cancel(p_campaign bigint, p_parties bigint[], p_reason core.drop_reason) returns int
language plpgsql security definer set search_path = '' as $$
declare
  v_units text[];
  v_parties bigint[];
begin
  perform 1 from core.outbox o join core.message m on m.message = o.message
  where o.campaign_id = p_campaign and m.party_id = any (p_parties) and o.state in ('ready', 'leased')
    and o.dispatched_at is null order by o.outbox_id for update of o;
  with gone as (
    update core.recipient r set state = 'CANCELLED', reason = p_reason, changed_at = core.now()
    where r.campaign_id = p_campaign and r.party_id = any (p_parties) and r.state in ('PLANNED', 'LOCKED', 'QUEUED')
      and not exists (select 1 from core.message m join core.outbox o on o.message = m.message
        where m.campaign_id = p_campaign and m.party_id = r.party_id and o.dispatched_at is not null
          and o.state = 'leased')
    returning r.party_id, r.unit)
  select array_agg(g.party_id), array_agg(g.unit order by g.unit) filter (where g.unit is not null)
  into v_parties, v_units from gone g;
  if v_parties is null then return 0; end if;
  update core.outbox o set state = 'cancelled', changed_at = core.now(), last_code = p_reason::text, lease_until = null
  from core.message m
  where m.message = o.message and m.campaign_id = p_campaign and m.party_id = any (v_parties)
    and o.state in ('ready', 'leased') and o.dispatched_at is null;
  update core.call_item i set state = 'cancelled', operator_id = null, offered_until = null, version = i.version + 1
  where i.campaign_id = p_campaign and i.party_id = any (v_parties) and i.state in ('queued', 'offered');
  delete from core.waiting_list w where w.campaign_id = p_campaign and w.party_id = any (v_parties);
  perform core.lock_touch_over(p_campaign, v_units);
  return cardinality(v_parties);
end $$;
comment on function core.recipient_cancel(bigint, bigint[], core.drop_reason) is $$
Take people out of a campaign: their recipients become CANCELLED, queued messages and calls are withdrawn, locks go to
COOLING or are released. A message that is on the wire is left to its record.
in: campaign, people, reason    out: how many were still to be touched    source: R94, R147$$;

create function core.campaign_withdraw(p_party bigint, p_dealer int, p_channel core.channel) returns int
language plpgsql security definer set search_path = '' as $$
declare
  k record;
  v_stopped int := 0;
begin
  for k in
    select c.campaign_id from core.campaign c
    join core.recipient r on r.campaign_id = c.campaign_id and r.party_id = p_party
    where c.state in ('LAUNCHING', 'RUNNING', 'PAUSED') and c.class >= 2
      and r.state in ('PLANNED', 'LOCKED', 'QUEUED')
      and (p_dealer is null or c.dealer_id = p_dealer or r.dealer_id = p_dealer)
      and (p_channel is null or c.channel::text = p_channel::text)
    order by c.campaign_id
  loop
    v_stopped := v_stopped + core.recipient_cancel(k.campaign_id, array[p_party],
      case when p_dealer is null then 'opted_out' else 'no_consent' end::core.drop_reason);
  end loop;
  return v_stopped;
end $$;
comment on function core.campaign_withdraw(bigint, int, core.channel) is $$
Stop the marketing of one person in the scope of a withdrawal, queued messages included.
in: party; dealer (its own campaigns and those in its name), NULL = everybody; channel, NULL = all
out: messages and calls stopped    source: R147$$;

create function core.campaign_right_lost(p_parties bigint[]) returns int
language plpgsql security definer set search_path = '' as $$
declare
  k record;
  v_stopped int := 0;
begin
  for k in
    -- all of a campaign in one judgement: to plan and set it up for one person costs more than to judge a thousand
    select x.campaign_id, j.reason, array_agg(j.party_id order by j.party_id) as ids, array_agg(j.unit) as units
    from (select r.campaign_id, array_agg(r.party_id) as parties, array_agg(r.dealer_id) as dealers from core.campaign c
      join core.recipient r on r.campaign_id = c.campaign_id and r.party_id = any (p_parties)
      where c.state in ('LAUNCHING', 'RUNNING', 'PAUSED') and c.class >= 2
        and r.state in ('PLANNED', 'LOCKED', 'QUEUED') group by 1) x
    cross join lateral (
      select y.party_id, case when y.reason in ('not_owner', 'disputed', 'excluded') then y.reason
          when y.dealer_id <> u.dealer_id then 'not_owner'::core.drop_reason end as reason, y.unit
      from core.campaign_judge(array_fill(x.campaign_id, array[cardinality(x.parties)]), x.parties) y
      join unnest(x.parties, x.dealers) u (party_id, dealer_id) on u.party_id = y.party_id) j
    where j.reason is not null
    group by x.campaign_id, j.reason order by x.campaign_id
  loop
    perform core.lock_cool(k.campaign_id, k.units);
    v_stopped := v_stopped + core.recipient_cancel(k.campaign_id, k.ids, k.reason);
  end loop;
  return v_stopped;
end $$;
comment on function core.campaign_right_lost(bigint[]) is $$
Re-judge people whose rights changed: campaigns that may no longer touch them lose them at once, locks go to COOLING.
in: party ids    out: people stopped    source: R94$$;

create function core.ownership_campaign_stop() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  v_parties bigint[];
begin
  if not exists (select from new_rows) then return null; end if;     -- fired by an INSERT ... ON CONFLICT without conflict
  select array_agg(distinct n.party_id) into v_parties
  from new_rows n
  join old_rows o on o.party_id = n.party_id and o.brand_id = n.brand_id and o.line = n.line
    and o.vehicle_id is not distinct from n.vehicle_id
  where o.state in ('ACTIVE', 'HELD', 'CUSTOMER')
    and (n.dealer_id <> o.dealer_id or n.state not in ('ACTIVE', 'HELD', 'CUSTOMER') or (n.state = 'HELD' and o.state <> 'HELD'));
  if v_parties is not null and exists (
      select 1 from core.campaign c where c.state in ('LAUNCHING', 'RUNNING', 'PAUSED')) then
    perform core.campaign_right_lost(v_parties);
  end if;
  return null;
end $$;
comment on function core.ownership_campaign_stop() is $$
Stop campaigns in the transaction that ends the right. Costs nothing while no right is lost. source: R94$$;

create trigger ownership_campaign_stop after update on core.ownership
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.ownership_campaign_stop();

create function core.campaign_say(p_campaign bigint, p_occurrence text) returns void
language plpgsql volatile set search_path = '' as $$
begin
  perform core.notify(s.staff_id, 'N12', k.public_id::text, p_occurrence)
  from core.campaign k join core.staff s on s.dealer_id = k.dealer_id and s.is_active
    and s.role = case when k.dealer_id = 0 then 'marketer' else 'manager' end::core.staff_role
  where k.campaign_id = p_campaign;
end $$;
comment on function core.campaign_say(bigint, text) is $$
Tell who runs a campaign that people were dropped from it, wait for another's lock, or came free.
in: campaign; what happened and when: launch.dropped | launch.waiting | dropped.<day> | freed.<day>    source: R90, R91, R94, N12$$;

create function core.campaign_drop_tell() returns int
language plpgsql security definer set search_path = '' as $$
declare
  k record;
  v_done int := 0;
begin
  -- told by the clock, not where the right is lost: a notice that many transactions write at once would make them wait for each other
  for k in
    select c.campaign_id, x.n from core.campaign c
    cross join lateral (select coalesce(sum(n.n), 0)::bigint as n from core.campaign_count n
      where n.campaign_id = c.campaign_id and n.state = 'CANCELLED' and n.reason <> 'stopped') x
    where (c.state in ('LAUNCHING', 'RUNNING', 'PAUSED') or c.finished_at > core.now() - interval '1 hour') and x.n > c.told_dropped
    order by c.campaign_id
  loop
    update core.campaign c set told_dropped = k.n where c.campaign_id = k.campaign_id;
    perform core.campaign_say(k.campaign_id, 'dropped.' || to_char(core.now(), 'YYYYMMDD'));
    v_done := v_done + 1;
  end loop;
  return v_done;
end $$;
comment on function core.campaign_drop_tell() is $$
Tell once a day and campaign that people who were to be touched no longer are: a right lost, a consent withdrawn, a dispute.
out: campaigns    source: R94, N12$$;

create function core.campaign_clear(p_limit int default 5000) returns int
language plpgsql security definer set search_path = '' as $$
declare
  k record;
  v_ids bigint[];
  v_done int := 0;
begin
  for k in
    select c.campaign_id, c.dealer_id from core.campaign c
    where ((c.state = 'STOPPED' and c.finished_at is null)
        or (c.state in ('RUNNING', 'PAUSED') and c.ends_at <= core.now()))
    order by c.campaign_id
  loop
    select array_agg(x.party_id) into v_ids from (
      select r.party_id from core.recipient r where r.campaign_id = k.campaign_id
        and r.state in ('PLANNED', 'LOCKED', 'QUEUED') order by r.party_id limit p_limit) x;
    if v_ids is null or core.recipient_cancel(k.campaign_id, v_ids, 'stopped') = 0 then
      if not exists (select 1 from core.outbox o where o.campaign_id = k.campaign_id and o.state = 'leased') then
        perform core.campaign_close(k.campaign_id);
      end if;
    else
      v_done := v_done + cardinality(v_ids);
    end if;
    exit when v_done >= p_limit;
  end loop;
  return v_done;
end $$;
comment on function core.campaign_clear(int) is $$
Empty the queues of campaigns that were stopped or have passed their end date, a batch at a time; then close them.
out: people taken out    source: R92, R94$$;

create function core.campaign_close(p_campaign bigint) returns void
language plpgsql security definer set search_path = '' as $$
declare
  c core.campaign;
begin
  update core.campaign k set finished_at = core.now(),
    state = case when k.state = 'STOPPED' then 'STOPPED' else 'FINISHED' end::core.campaign_state
  where k.campaign_id = p_campaign and k.finished_at is null returning k.* into c;
  if not found then return; end if;
  delete from core.waiting_list w where w.campaign_id = p_campaign;
  update core.campaign_lock l set ver = l.ver + 1, state = 'RELEASED', until = core.now()
  where l.campaign_id = p_campaign and l.state = 'HELD';
  perform core.ledger_add('campaign.finished', c.public_id::text, null, 'R89', (
    select coalesce(jsonb_object_agg(x.state, x.n), '{}') from (select n.state, sum(n.n) as n from core.campaign_count n
      where n.campaign_id = p_campaign group by 1 having sum(n.n) > 0) x));
end $$;
comment on function core.campaign_close(bigint) is $$
Close a campaign that has nothing left to do: locks that were never used are released, the counts go to the ledger.
source: R89$$;

create function core.campaign_finish() returns int
language plpgsql security definer set search_path = '' as $$
declare
  k record;
  v_done int := 0;
begin
  for k in
    select c.campaign_id from core.campaign c
    where c.state = 'RUNNING'
      and not exists (select 1 from core.campaign_count n where n.campaign_id = c.campaign_id and n.n > 0
        and n.state in ('PLANNED', 'LOCKED', 'QUEUED'))
      and not exists (select 1 from core.waiting_list w where w.campaign_id = c.campaign_id
        and c.ends_at >= core.now() + interval '3 days')
  loop
    perform core.campaign_close(k.campaign_id);
    v_done := v_done + 1;
  end loop;
  return v_done;
end $$;
comment on function core.campaign_finish() is $$
Finish running campaigns in which everybody has an outcome; one with an end date waits for locks while three days are left.
out: campaigns finished    source: R89, R91$$;
