-- SPDX-License-Identifier: Apache-2.0
-- What the campaign tests share: people with rights, contacts and consents, and a runner that does the jobs as the server would.
-- Read after fixture.sql, inside the test's transaction.

-- People p_from .. p_to of one dealer (0 = the pool), each with mail, telephone and a consent for both channels.
create function test.people(p_from int, p_to int, p_dealer int, p_line core.line default 'NEW',
  p_state core.right_state default 'ACTIVE', p_brand int default 1) returns void
language plpgsql as $$
begin
  insert into core.party (kind, name, surname, given_name, city, source)
  select 'PERSON', format('Клиент%s Иван', i), format('Клиент%s', i), 'Иван', case when i % 2 = 0 then 'Казань' else 'Москва' end, 'test'
  from generate_series(p_from, p_to) i;
  insert into core.contact_point (party_id, kind, value, raw, is_primary, source_dealer_id)
  select test.party(i), k.kind::core.contact_kind, k.value, k.value, true, nullif(p_dealer, 0)
  from generate_series(p_from, p_to) i
  cross join lateral (values ('EMAIL', format('k%s@mail.example', i)), ('PHONE', '+7900' || lpad(i::text, 7, '0'))) k (kind, value);
  insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
  select test.party(i), p_dealer, 'ADVERTISING', ch.c::core.channel, 'v1', 'form', 'test', core.now() - interval '1 day'
  from generate_series(p_from, p_to) i, (values ('EMAIL'), ('CALL')) ch (c);
  if p_dealer <> 0 then
    perform test.right(i, p_dealer, p_line, p_state, p_brand) from generate_series(p_from, p_to) i;
  end if;
end $$;

create function test.party(p_n int) returns bigint language sql stable as $$
  select party_id from core.party where surname = format('Клиент%s', p_n) $$;

-- A right in any state, as a loader would bring it (without the triggers that want a transition), listed for its dealer.
create function test.right(p_n int, p_dealer int, p_line core.line, p_state core.right_state, p_brand int default 1) returns void
language plpgsql as $$
begin
  set local session_replication_role = replica;
  insert into core.ownership (party_id, brand_id, line, dealer_id, state, reason, since, registered_at, protect_until, limit_until,
    free_from, event, rule, changed_at)
  values (test.party(p_n), p_brand, p_line, p_dealer, p_state, case when p_state = 'CLOSED' then 'expired'::core.close_reason end,
    core.now() - interval '10 days', core.now() - interval '10 days', core.now() + interval '20 days',
    core.now() + interval '170 days', 'infinity', 'test', 'R31', core.now());
  set local session_replication_role = origin;
  perform core.project(array[p_dealer], array[test.party(p_n)]);
end $$;

create function test.move(p_n int, p_event text, p_state core.right_state, p_lost core.lost_reason default null) returns void
language sql as $$
  update core.ownership set state = p_state, reason = case when p_state = 'CLOSED' then 'lost'::core.close_reason end, lost = p_lost,
    ver = ver + 1, changed_at = core.now(), event = p_event, rule = 'R11'
  where party_id = test.party(p_n) and line in ('NEW', 'USED') $$;

-- Runs every waiting job to its end, each step bound as session.bind_job binds it.
create function test.work() returns int language plpgsql as $$
declare
  j record; s record; v_steps int := 0; who name;
begin
  for round in 1..200 loop
    select * into j from session.job_lease('test', 1);
    if not found then
      exit when not exists (select 1 from core.job where state in ('QUEUED', 'RUNNING'));
      update core.job set not_before = core.now() where state = 'QUEUED';
      perform test.wait('1 second');
      continue;
    end if;
    who := case j.letter when 'D' then 'dealer' when 'H' then 'head_office' else 'system' end;
    for step in 1..500 loop
      execute format('set local session authorization %I', who);
      perform session.bind_job(j.job_id, j.lease);
      select * into s from core.job_step(j.job_id);
      set local session authorization default;
      perform set_config('clientele.identity', '', true);
      v_steps := v_steps + 1;
      exit when s.is_done;
    end loop;
  end loop;
  return v_steps;
end $$;

-- Drafts, checks and launches a campaign over everybody the caller may address; returns its public id.
create function test.campaign(p_login text, p_name text, p_grp text default 'SALES', p_channel text default 'EMAIL',
  p_definition text default '{"and":[]}', p_more text default '') returns uuid language plpgsql as $$
declare v jsonb;
begin
  v := test.call(p_login, format('select * from api.campaign_add(p_name => %L, p_grp => %L, p_channel => %L, p_definition => %L, '
    'p_subject => ''Тема {{name}}'', p_body => ''Здравствуйте, {{name}}'', p_script => ''Добрый день''%s)', p_name, p_grp, p_channel, p_definition, p_more));
  if v ? 'error' then raise exception 'campaign_add: %', v; end if;
  return (v -> 0 ->> 'id')::uuid;
end $$;

create function test.check(p_login text, p_id uuid) returns jsonb language plpgsql as $$
declare v jsonb;
begin
  v := test.call(p_login, format('select * from api.campaign_check(%L)', p_id));
  if v ? 'error' then raise exception 'campaign_check: %', v; end if;
  perform test.work();
  return (select check_result from core.campaign where public_id = p_id);
end $$;

create function test.launch(p_login text, p_id uuid) returns void language plpgsql as $$
declare v jsonb;
begin
  perform test.check(p_login, p_id);
  -- as the caller is told it: 10 is what head office types for a hidden figure (R136)
  v := test.call(p_login, format('select "check" from api.campaign_get(%L)', p_id)) -> 0 -> 'check' -> 'confirm_count';
  v := test.call(p_login, format('select * from api.campaign_launch(%L, %s)', p_id, v #>> '{}'));
  if v ? 'error' then raise exception 'campaign_launch: %', v; end if;
  perform test.wait('3 seconds');
  perform test.work();
end $$;

create function test.number(p_id uuid) returns bigint language sql stable as $$
  select campaign_id from core.campaign where public_id = p_id $$;
-- state[:reason] = n, ... of a campaign, from the recipients themselves
create function test.fates(p_id uuid) returns text language sql stable as $$
  select string_agg(x.k || '=' || x.n, ' ' order by x.k) from (
    select concat_ws(':', r.state, r.reason) as k, count(*) as n from core.recipient r
    where r.campaign_id = test.number(p_id) group by 1) x $$;
-- the same from the roll-up
create function test.counts(p_id uuid) returns text language sql stable as $$
  select string_agg(x.k || '=' || x.n, ' ' order by x.k) from (
    select concat_ws(':', c.state, c.reason) as k, sum(c.n) as n from core.campaign_count c
    where c.campaign_id = test.number(p_id) group by 1 having sum(c.n) > 0) x $$;

-- One turn of a sender: fill, lease, gate, record everything with one outcome; returns the messages that went.
create function test.send(p_outcome text default 'accepted', p_code text default '250') returns int language plpgsql as $$
declare v_epoch bigint; v_ids bigint[]; v_gone bigint[]; v_sent int := 0;
begin
  perform core.outbox_fill();
  v_epoch := core.outbox_begin('test', true);
  loop
    select array_agg(x) into v_ids from core.outbox_lease('test', v_epoch, 200) x;
    exit when v_ids is null;
    select array_agg(d.outbox_id) into v_gone from core.outbox_dispatch(v_ids, v_epoch) d;
    if v_gone is not null then
      perform core.outbox_record(v_epoch, v_gone, array_fill(p_outcome, array[cardinality(v_gone)]), array_fill(p_code, array[cardinality(v_gone)]));
      v_sent := v_sent + cardinality(v_gone);
    end if;
    exit when p_outcome = 'deferred';
  end loop;
  return v_sent;
end $$;

create function test.at(p_local text) returns void language sql as $$   -- puts the clock at a local time of Moscow
  select test.wait((p_local::timestamp at time zone 'Europe/Moscow') - core.now()) $$;

-- Runs SQL as the login of public pages: no session, no identity.
create function test.public(p_sql text) returns jsonb language plpgsql as $$
declare answer jsonb; v_state text;
begin
  begin
    set local session authorization login;
    execute format('select coalesce(jsonb_agg(to_jsonb(r)), ''[]'') from (%s) r', p_sql) into answer;
    set local session authorization default;
  exception when others then
    get stacked diagnostics v_state = returned_sqlstate;
    return jsonb_build_object('error', v_state);
  end;
  return answer;
end $$;
