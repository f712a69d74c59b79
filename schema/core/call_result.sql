-- SPDX-License-Identifier: Apache-2.0
-- Results of telemarketing calls and their effects (A000-35, A000-38); undo for thirty seconds.

create function core.call_mine(p_call uuid, p_is_done boolean) returns core.call_item
language plpgsql security definer set search_path = '' as $$
declare
  i core.call_item;
begin
  select x.* into i from core.call_item x
  where x.public_id = p_call and x.dealer_id = session.dealer() for update;
  if not found then perform core.fail('ZC404'); end if;
  if i.operator_id is distinct from session.staff()
     or (not p_is_done and (i.state <> 'offered' or i.offered_until < core.now())) then
    perform core.fail('ZC093');
  end if;
  return i;
end $$;
comment on function core.call_mine(uuid, boolean) is $$
The call item that the caller holds, locked.
errors: not-found, call-not-yours when another holds it or the lease has ended    source: R93$$;

create function core.call_seat(p_party bigint, p_dealer int) returns bigint
language sql stable as $$
  select o.seat_id from core.ownership o
  where o.party_id = p_party and o.dealer_id = p_dealer and o.state <> 'CLOSED' and o.seat_id is not null
  order by o.since desc limit 1
$$;
comment on function core.call_seat(bigint, int) is 'Seat that looks after the person at the dealer; NULL = the queue.';

create function core.call_effect(p_item core.call_item, p_result core.call_result, p_back_at timestamptz, p_note text)
returns jsonb
language plpgsql security definer set search_path = '' as $$
declare
  k core.campaign;
  v_undo jsonb := '{}';
  v_id bigint;
  v_ids bigint[];
  v_title text;
  v_rights jsonb;
begin
  select x.* into k from core.campaign x where x.campaign_id = p_item.campaign_id;
  v_title := concat_ws(': ', k.name, case p_result when 'agreed' then 'согласился' when 'call_back' then 'просил перезвонить'
      when 'refused' then 'отказался' when 'no_answer' then 'не дозвонились' when 'wrong_number' then 'неверный номер'
      else 'просил больше не звонить' end, nullif(p_note, ''));
  if p_result in ('no_answer', 'wrong_number') then -- nobody was reached: a note, no contact (R51)
    insert into core.interaction (party_id, dealer_id, staff_id, kind, at, text, campaign_id)
    values (p_item.party_id, p_item.dealer_id, session.staff(), 'NOTE', core.now(), v_title, k.campaign_id)
    returning interaction_id into v_id;
  else
    select jsonb_agg(jsonb_build_object('id', o.ownership_id, 'ver', o.ver)) into v_rights from core.ownership o
    where o.party_id = p_item.party_id and o.dealer_id = p_item.dealer_id and o.state = 'ACTIVE';
    select a.interaction_id into v_id from core.activity_add(p_item.party_id, p_item.dealer_id, session.staff(), 'CALL_OUT',
      core.now(), v_title, null, k.campaign_id) a;
  end if;
  v_undo := v_undo || jsonb_build_object('interaction', v_id, 'rights', coalesce(v_rights, '[]'));
  if p_result in ('agreed', 'wrong_number') then
    v_title := left(case p_result when 'agreed' then 'Согласие по звонку: ' else 'Уточнить телефон: ' end || k.name, 400);
    insert into core.task (dealer_id, seat_id, party_id, kind, title, due_at, created_by)
    values (p_item.dealer_id, core.call_seat(p_item.party_id, p_item.dealer_id), p_item.party_id,
      case p_result when 'agreed' then 'visit' else 'check' end, v_title,
      core.working_until(p_item.dealer_id, core.now(), 480), session.staff())
    returning task_id into v_id;
    v_undo := v_undo || jsonb_build_object('task', v_id);
  end if;
  if p_result = 'wrong_number' then
    update core.contact_point c set is_valid = false, version = c.version + 1
    where c.contact_id = (select y.contact_id from core.contact_point y
      where y.party_id = p_item.party_id and y.kind = 'PHONE' and y.is_valid
        and core.is_given(y, p_item.dealer_id)
      order by y.is_primary desc, y.contact_id limit 1)
    returning c.contact_id into v_id;
    v_undo := v_undo || jsonb_build_object('contact', v_id);
  elsif p_result = 'do_not_call' then
    with gone as (
      update core.consent c set withdrawn_at = core.now()
      where c.party_id = p_item.party_id and c.purpose = 'ADVERTISING' and c.withdrawn_at is null
        and c.dealer_id in (k.dealer_id, p_item.dealer_id) and (c.channel is null or c.channel = 'CALL')
      returning c.consent_id)
    select array_agg(g.consent_id) into v_ids from gone g;
    v_undo := v_undo || jsonb_build_object('consents', to_jsonb(v_ids));
  end if;
  return v_undo;
end $$;
comment on function core.call_effect(core.call_item, core.call_result, timestamptz, text) is $$
What a result does besides ending the call: a line on the timeline, which is the first contact when somebody answered; agreed - a task for the seat; wrong_number - the number is
marked and a task to check it; do_not_call - advertising by telephone is withdrawn (R147).
out: numbers of the rows touched, for core.call_back    source: A000-35, A000-38, campaigns B11$$;

create function core.call_close(p_item core.call_item, p_result core.call_result, p_back_at timestamptz, p_note text)
returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_undo jsonb := core.call_effect(p_item, p_result, p_back_at, p_note);
  v_attempts int := p_item.attempts + 1;
  v_zone text;
  v_retry boolean := p_result = 'call_back' or (p_result = 'no_answer' and v_attempts < 4);
begin
  select coalesce(p.time_zone, d.time_zone) into v_zone from core.party p, core.dealer d
  where p.party_id = p_item.party_id and d.dealer_id = p_item.dealer_id;
  update core.call_item i set result = p_result, note = p_note, called_at = core.now(), attempts = v_attempts,
    interaction_id = (v_undo ->> 'interaction')::bigint, is_not_reached = p_result in ('no_answer', 'wrong_number'),
    state = case when v_retry then 'queued' when p_result = 'no_answer' then 'exhausted' else 'done' end,
    next_at = case when p_result = 'call_back' then p_back_at
      when v_retry then core.call_retry_at(v_attempts, v_zone) else i.next_at end,
    operator_id = session.staff(), offered_until = null, version = i.version + 1,
    undo = v_undo || jsonb_build_object('attempts', p_item.attempts, 'next_at', p_item.next_at, 'result', p_item.result,
      'note', p_item.note, 'is_not_reached', p_item.is_not_reached, 'at', core.now())
  where i.call_id = p_item.call_id;
  if v_retry then
    update core.touch t set returned_at = core.now() where t.token = p_item.token and p_result = 'no_answer';
  else
    perform core.call_over(p_item, case when p_result in ('no_answer', 'wrong_number') then 'FAILED' else 'DONE'
      end::core.recipient_state, p_result in ('no_answer', 'wrong_number'));
  end if;
  if p_result = 'do_not_call' then
    perform core.campaign_withdraw(p_item.party_id, p_item.dealer_id, 'CALL');
  end if;
end $$;
comment on function core.call_close(core.call_item, core.call_result, timestamptz, text) is $$
Write a result: the item is done, queued again (call_back at its time; no_answer by the ladder, at most 4 attempts) or
exhausted; counters follow.    source: A000-34, campaigns B11, R95$$;

create function core.call_back(p_item core.call_item) returns void
language plpgsql security definer set search_path = '' as $$
declare
  k core.campaign;
  v_unit text;
begin
  select x.* into k from core.campaign x where x.campaign_id = p_item.campaign_id;
  delete from core.interaction i where i.interaction_id = (p_item.undo ->> 'interaction')::bigint;
  perform core.right_undo(p_item.dealer_id, o.ownership_id, (e ->> 'ver')::int)
  from jsonb_array_elements(p_item.undo -> 'rights') e
  join core.ownership o on o.party_id = p_item.party_id and o.ownership_id = (e ->> 'id')::bigint and o.ver = (e ->> 'ver')::int + 1;
  update core.task t set state = 'CANCELLED', outcome = 'Результат звонка отменён', done_at = core.now()
  where t.task_id = (p_item.undo ->> 'task')::bigint and t.state = 'OPEN';
  update core.contact_point c set is_valid = true, version = c.version + 1
  where c.contact_id = (p_item.undo ->> 'contact')::bigint;
  update core.consent c set withdrawn_at = null
  where jsonb_typeof(p_item.undo -> 'consents') = 'array'
    and c.consent_id in (select e::bigint from jsonb_array_elements_text(p_item.undo -> 'consents') e);
  update core.recipient r set state = 'QUEUED', reason = null, changed_at = core.now()
  where r.campaign_id = p_item.campaign_id and r.party_id = p_item.party_id and r.state in ('DONE', 'FAILED')
  returning r.unit into v_unit;
  update core.touch t set returned_at = null where t.token = p_item.token;
  update core.campaign_lock l set state = 'ACTIVE', ver = l.ver + 1,
    until = l.since + make_interval(days => least(k.lock_days, core.policy_int('P13.lock')))
  where l.unit = v_unit and l.grp = k.grp and l.campaign_id = k.campaign_id;
  update core.call_item i set state = 'offered', operator_id = session.staff(), version = i.version + 1,
    offered_until = core.now() + interval '10 minutes', attempts = (p_item.undo ->> 'attempts')::smallint,
    next_at = (p_item.undo ->> 'next_at')::timestamptz, result = (p_item.undo ->> 'result')::core.call_result,
    note = p_item.undo ->> 'note', is_not_reached = (p_item.undo ->> 'is_not_reached')::boolean, called_at = null,
    interaction_id = null, undo = null
  where i.call_id = p_item.call_id;
end $$;
comment on function core.call_back(core.call_item) is $$
Take a result back: every effect is undone and the operator holds the call again.
in: the item with its undo record, at most 30 s old    source: A000-38$$;

create function core.call_recommend(p_party bigint, p_dealer int) returns jsonb
language sql stable as $$
  select coalesce(jsonb_agg(x.what order by x.rank), '[]') from (
    select 1 as rank, jsonb_build_object('key', 'next_service', 'on', y.due_on, 'vehicle', y.title) as what from (
      select (r.opened_on + interval '1 year')::date as due_on, concat_ws(' ', b.name, v.model) as title
      from core.repair_order r
      join core.vehicle v on v.vehicle_id = r.vehicle_id left join core.brand b on b.brand_id = v.brand_id
      where r.party_id = p_party and r.dealer_id = p_dealer order by r.opened_on desc limit 1) y
    where y.due_on < core.today() + 60
    union all
    select 2, jsonb_build_object('key', 'expiring_right', 'until', o.protect_until, 'line', o.line)
    from core.ownership o where o.party_id = p_party and o.dealer_id = p_dealer and o.state in ('ACTIVE', 'CUSTOMER')
      and o.protect_until < core.now() + interval '14 days'
    union all
    select 3, jsonb_build_object('key', 'birthday', 'on', to_char(p.born_on, 'MM-DD'))
    from core.party p where p.party_id = p_party and p.born_on is not null
      and (make_date(2000, extract(month from p.born_on)::int, least(extract(day from p.born_on)::int, 28))
        - make_date(2000, extract(month from core.today())::int, least(extract(day from core.today())::int, 28)))
        between 0 and 14
    union all
    select 4, jsonb_build_object('key', 'abc', 'value', p.abc) from core.party p
    where p.party_id = p_party and p.abc is not null
    union all
    select 5, jsonb_build_object('key', 'open_task', 'title', t.title, 'due_at', t.due_at) from (
      select t.title, t.due_at from core.task t where t.party_id = p_party and t.dealer_id = p_dealer and t.state = 'OPEN'
      order by t.due_at limit 2) t) x
$$;
comment on function core.call_recommend(bigint, int) is $$
What the operator might say: service due, a right about to end, a birthday, the client's class, open tasks.
out: array of {key, ...}, the most useful first    source: A000-36$$;
