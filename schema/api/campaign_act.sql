-- SPDX-License-Identifier: Apache-2.0
-- Acts on campaigns: draft, edit, check, test, launch, pause, resume, stop. Each is the caller's own campaign or not found;
-- long work is a job (202).

create function core.campaign_class(p_class int) returns smallint
language plpgsql stable as $$
begin
  if session.dealer() is null then
    if coalesce(p_class, 4) not in (0, 1, 4) then perform core.fail('ZC402', 'class'); end if;
    return coalesce(p_class, 4);
  end if;
  if coalesce(p_class, 3) not in (2, 3, 5) then perform core.fail('ZC402', 'class'); end if;
  return coalesce(p_class, 3);
end $$;
comment on function core.campaign_class(int) is $$
Class a principal may run: head office 0, 1 and 4 (default), a dealer 2, 3 (default) and 5, which reaches those whose holder permits it.
errors: bad-field    source: R87, R88$$;

create function api.campaign_add(p_name core.name_text, p_grp core.competition_group, p_channel core.campaign_channel,
  p_definition jsonb, p_class int default null, p_brand_id int default null, p_subject core.short_text default null,
  p_body core.long_text default null, p_script core.long_text default null, p_lock_days int default null,
  p_starts_at timestamptz default null, p_ends_at timestamptz default null, p_topic text default null,
  p_occasion text default null, p_is_direct boolean default null) returns api.campaign
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign;
begin
  perform core.segment_check(p_definition);
  if p_brand_id <> 0 and not exists (select 1 from core.brand b where b.brand_id = p_brand_id) then
    perform core.fail('ZC402', 'brand_id');
  end if;
  if p_lock_days not between 1 and core.policy_int('P13.lock') then perform core.fail('ZC402', 'lock_days'); end if;
  insert into core.campaign (dealer_id, name, class, grp, brand_id, channel, definition, subject, body, script, lock_days,
    starts_at, ends_at, created_by, topic, occasion, is_direct)
  values (coalesce(session.dealer(), 0), p_name, core.campaign_class(p_class), p_grp, nullif(p_brand_id, 0), p_channel, p_definition,
    p_subject, p_body, p_script, coalesce(p_lock_days, core.policy_int('P13.lock')), p_starts_at, p_ends_at, session.staff(),
    nullif(p_topic, ''), nullif(p_occasion, ''), coalesce(p_is_direct, false) and session.dealer() is null)
  returning * into k;
  perform core.ledger_add('campaign.added', k.public_id::text, null, 'R87', jsonb_build_object('class', k.class));
  return core.campaign_row(k);
end $$;
comment on function api.campaign_add is $$
Draft a campaign of the caller's principal.
in: name; grp SALES|AFTERSALES|RELATION; channel EMAIL|CALL; definition - audience; class - 0, 1, 4 for head office, 2, 3 for a
dealer; brand_id - only rights of this brand count; subject, body with {{name}} {{full_name}} {{surname}} {{patronymic}} {{dealer_name}} {{dealer_city}} {{car}} {{plate}} {{city}};
script for calls; lock_days 1..21; starts_at, ends_at; topic - models trade_in test_drive finance thanks delivery | service_due recall tyres
parts repair_quote | greeting survey news | brand safety loyalty; occasion of a greeting or survey (birthday-2026); is_direct - head office in its
own name
out: campaign in DRAFT    errors: segment-invalid, bad-field, campaign-period, campaign-topic, campaign-occasion
rule: R71, R73, R74, R77, R87-R89$$;

create function api.campaign_edit(p_campaign_id uuid, p_if_match int, p_name core.name_text default null,
  p_grp core.competition_group default null, p_channel core.campaign_channel default null, p_definition jsonb default null,
  p_class int default null, p_brand_id int default null, p_subject core.short_text default null,
  p_body core.long_text default null, p_script core.long_text default null, p_lock_days int default null,
  p_starts_at timestamptz default null, p_ends_at timestamptz default null, p_topic text default null,
  p_occasion text default null, p_is_direct boolean default null) returns api.campaign
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign := core.campaign_mine(p_campaign_id, array['DRAFT', 'CHECKED']::core.campaign_state[]);
begin
  if k.version <> p_if_match then perform core.fail('ZC412'); end if;
  if p_definition is not null then perform core.segment_check(p_definition); end if;
  if p_brand_id <> 0 and not exists (select 1 from core.brand b where b.brand_id = p_brand_id) then
    perform core.fail('ZC402', 'brand_id');
  end if;
  if p_lock_days not between 1 and core.policy_int('P13.lock') then perform core.fail('ZC402', 'lock_days'); end if;
  update core.campaign x set name = coalesce(p_name, x.name), grp = coalesce(p_grp, x.grp),
    channel = coalesce(p_channel, x.channel), definition = coalesce(p_definition, x.definition),
    class = case when p_class is null then x.class else core.campaign_class(p_class) end,
    brand_id = nullif(coalesce(p_brand_id, x.brand_id), 0), subject = coalesce(p_subject, x.subject), body = coalesce(p_body, x.body),
    script = coalesce(p_script, x.script), lock_days = coalesce(p_lock_days, x.lock_days),
    starts_at = coalesce(p_starts_at, x.starts_at), ends_at = coalesce(p_ends_at, x.ends_at),
    topic = nullif(coalesce(p_topic, x.topic), ''), occasion = nullif(coalesce(p_occasion, x.occasion), ''),
    is_direct = coalesce(p_is_direct, x.is_direct) and x.dealer_id = 0, announced_at = null, exclude_until = null,
    state = 'DRAFT', check_result = null, checked_at = null, version = x.version + 1
  where x.campaign_id = k.campaign_id returning x.* into k;
  perform core.announce_forget(k.campaign_id);
  return core.campaign_row(k);
end $$;
comment on function api.campaign_edit is $$
Change a campaign that was not launched; the check must be run again.
in: If-Match; the fields of campaign_add, absent = unchanged; brand_id 0 = of any brand; topic, occasion empty = none
out: campaign in DRAFT    errors: not-found, campaign-state, changed, segment-invalid, bad-field    rule: R90$$;

create type api.job_started as (job_id uuid, status_ int);
comment on type api.job_started is 'Work accepted as a job.';

create function api.campaign_check(p_campaign_id uuid) returns api.job_started
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign := core.campaign_mine(p_campaign_id, array['DRAFT', 'CHECKED']::core.campaign_state[]);
  j core.job;
begin
  perform core.campaign_complete(k);
  j := core.job_add('campaign_check', jsonb_build_object('campaign', k.campaign_id, 'version', k.version), k.dealer_id,
    core.job_letter());
  update core.campaign x set job_id = j.job_id where x.campaign_id = k.campaign_id;
  return row(j.public_id, 202)::api.job_started;
end $$;
comment on function api.campaign_check(uuid) is $$
Dry run: count candidates and, by reason, those who would be dropped; nothing is locked or sent.
out: job_id (202); the result stands in the campaign's "check"
errors: not-found, campaign-state, campaign-incomplete naming the field    rule: R90$$;

create function api.campaign_launch(p_campaign_id uuid, p_confirm_count int) returns api.job_started
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign := core.campaign_mine(p_campaign_id, array['DRAFT', 'CHECKED']::core.campaign_state[]);
  j core.job;
begin
  if k.state <> 'CHECKED' then perform core.fail('ZC090'); end if;
  perform core.campaign_complete(k);
  perform core.announce_guard(k);
  if core.check_confirm(k.check_result, k.dealer_id = 0) <> p_confirm_count then
    perform core.fail('ZC092', 'confirm_count');
  end if;
  if p_confirm_count = 0 then perform core.fail('ZC092', 'confirm_count', '{"will_get": 0}'); end if;
  j := core.job_add('campaign_launch', jsonb_build_object('campaign', k.campaign_id, 'version', k.version), k.dealer_id,
    core.job_letter(), 2 * (k.check_result ->> 'total')::bigint);
  update core.campaign x set state = 'LAUNCHING', requested_at = core.now(), is_prepared = false, job_id = j.job_id,
    version = x.version + 1 where x.campaign_id = k.campaign_id;
  perform core.ledger_add('campaign.launch', k.public_id::text, null, 'R90',
    jsonb_build_object('confirmed', p_confirm_count, 'class', k.class));
  return row(j.public_id, 202)::api.job_started;
end $$;
comment on function api.campaign_launch(uuid, int) is $$
Launch a checked campaign.
in: confirm_count - the number of receivers of the latest check, typed by the person who launches; 10 where head office was told
    "fewer than 10", the whole where it was told "all but fewer than 10"
out: job_id (202)    errors: campaign-unchecked, not-announced, count-mismatch, campaign-incomplete, campaign-state, not-found    rule: R89, R90, R136$$;

create type api.campaign_moved as (id uuid, state core.campaign_state);
comment on type api.campaign_moved is 'New state of a campaign.';

create function api.campaign_pause(p_campaign_id uuid) returns api.campaign_moved
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign := core.campaign_mine(p_campaign_id, array['RUNNING']::core.campaign_state[]);
begin
  update core.campaign x set state = 'PAUSED', version = x.version + 1 where x.campaign_id = k.campaign_id;
  perform core.ledger_add('campaign.paused', k.public_id::text, null, 'R89');
  return row(k.public_id, 'PAUSED')::api.campaign_moved;
end $$;
comment on function api.campaign_pause(uuid) is $$
Pause: the gate lets nothing more out, locks stay.
out: id, state    errors: not-found, campaign-state    rule: R89, R93$$;

create function api.campaign_resume(p_campaign_id uuid) returns api.campaign_moved
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign := core.campaign_mine(p_campaign_id, array['PAUSED']::core.campaign_state[]);
begin
  update core.campaign x set state = 'RUNNING', version = x.version + 1 where x.campaign_id = k.campaign_id;
  update core.outbox o set not_before = core.now()
  where o.campaign_id = k.campaign_id and o.state = 'ready' and o.last_code = 'later';
  perform core.ledger_add('campaign.resumed', k.public_id::text, null, 'R89');
  return row(k.public_id, 'RUNNING')::api.campaign_moved;
end $$;
comment on function api.campaign_resume(uuid) is $$
Go on after a pause.    out: id, state    errors: not-found, campaign-state    rule: R89$$;

create function api.campaign_stop(p_campaign_id uuid, p_reason core.short_text default null) returns api.campaign_moved
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign := core.campaign_mine(p_campaign_id, array['LAUNCHING', 'RUNNING', 'PAUSED']::core.campaign_state[]);
begin
  update core.campaign x set state = 'STOPPED', stop_reason = p_reason, version = x.version + 1
  where x.campaign_id = k.campaign_id;
  perform core.ledger_add('campaign.stopped', k.public_id::text, null, 'R92');
  begin
    perform set_config('lock_timeout', '300ms', true);
    perform core.campaign_clear(500);
  exception when lock_not_available then null;       -- rows of a batch under way: the clock clears them after it
  end;
  return row(k.public_id, 'STOPPED')::api.campaign_moved;
end $$;
comment on function api.campaign_stop(uuid, core.short_text) is $$
Stop for good: the gate refuses from this moment, the queues empty within seconds, untouched locks are released.
in: reason    out: id, state    errors: not-found, campaign-state    rule: R92, R94$$;

create type api.message_sent as (message uuid, status_ int);
comment on type api.message_sent is 'A message on its way.';

create function api.campaign_test(p_campaign_id uuid) returns api.message_sent
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign := core.campaign_mine(p_campaign_id);
  s core.staff;
  v_message uuid;
begin
  if k.channel <> 'EMAIL' then perform core.fail('ZC402', 'channel'); end if;
  perform core.campaign_complete(k);
  select x.* into s from core.staff x where x.staff_id = session.staff();
  if (select count(*) from core.message m where m.campaign_id = k.campaign_id and m.kind = 'test'
      and m.created_at > core.now() - interval '1 hour') >= 20 then
    perform core.fail('ZC429');
  end if;
  insert into core.message (campaign_id, party_id, channel, dealer_id, kind, address, vars, expires_at)
  values (k.campaign_id, null, 'EMAIL', k.dealer_id, 'test', s.email, jsonb_build_object('name', 'Иван',
      'full_name', 'Иванов Иван Иванович', 'surname', 'Иванов', 'patronymic', 'Иванович',
      'city', (select d.city from core.dealer d where d.dealer_id = k.dealer_id),
      'dealer', (select d.name from core.dealer d where d.dealer_id = k.dealer_id),
      'dealer_name', (select d.name from core.dealer d where d.dealer_id = k.dealer_id),
      'dealer_city', (select d.city from core.dealer d where d.dealer_id = k.dealer_id),
      'car', coalesce((select b.name from core.brand b where b.brand_id = k.brand_id), 'автомобиль'), 'plate', 'А123ВС77'),
    core.now() + interval '1 hour')
  returning message into v_message;
  insert into core.outbox (message, campaign_id, prio) values (v_message, k.campaign_id, 0);
  return row(v_message, 202)::api.message_sent;
end $$;
comment on function api.campaign_test(uuid) is $$
Mail the campaign, filled with a sample person, to the caller's own address; to nobody else.
out: message (202)    errors: campaign-incomplete, too-many (20 an hour), bad-field for calls    rule: R90$$;

create type api.unsubscribe_view as (sender text, address_masked text, is_done boolean);
comment on type api.unsubscribe_view is 'What the public page of a link shows.';

create function api.unsubscribe_page(p_link uuid) returns api.unsubscribe_view
language sql stable security definer set search_path = '' as $$
  select s.name, core.email_mask(m.address), p.is_opted_out or not exists (
    select 1 from core.consent c where c.party_id = m.party_id and c.purpose = 'ADVERTISING' and c.withdrawn_at is null
      and (c.channel is null or c.channel = m.channel) and c.dealer_id in (m.dealer_id, k.dealer_id))
  from core.message m
  join core.campaign k on k.campaign_id = m.campaign_id
  join core.dealer s on s.dealer_id = m.dealer_id
  join core.party p on p.party_id = m.party_id
  where m.message = p_link and m.kind = 'campaign'
$$;
comment on function api.unsubscribe_page(uuid) is $$
Show whose messages a link stops.
in: link - message of the signed link    out: sender, masked address, is_done; nothing for an unknown link    rule: R147$$;

create function api.unsubscribe(p_link uuid, p_is_everybody boolean default null) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
  perform core.unsubscribe(p_link, coalesce(p_is_everybody, false));
end $$;
comment on function api.unsubscribe(uuid, boolean) is $$
Stop advertising at once, queued messages included; may be repeated.
in: link; is_everybody - the whole network and every channel    errors: bad-link    rule: R147, RFC 8058$$;
