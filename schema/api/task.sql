-- SPDX-License-Identifier: Apache-2.0
-- Tasks of a dealer's people: a seat sees its own and the queue, a manager the whole team. A done task has an outcome.

create type api.task as (id uuid, version int, kind text, title text, due_at timestamptz, state core.task_state,
  seat_id uuid, seat_name text, person_id uuid, person_name text, outcome text, is_overdue boolean, outcome_code text, cursor_ text);

create function api.tasks_list(p_scope text default null, p_state core.task_state default null,
  p_due_before timestamptz default null, p_limit int default null, p_after text default null)
returns setof api.task language sql stable begin atomic
  select t.public_id, t.version, t.kind, t.title::text, t.due_at, t.state, s.public_id, s.name, d.public_id, d.name,
    t.outcome::text, t.state = 'OPEN' and t.due_at < core.now(), t.outcome_code, t.due_at || '|' || t.task_id
  from core.task t
  left join core.staff s on s.staff_id = t.seat_id
  left join core.dealer_party d on d.dealer_id = t.dealer_id and d.party_id = t.party_id
  where t.dealer_id = (select session.dealer()) and t.state = coalesce(p_state, 'OPEN')
    and case coalesce(p_scope, 'mine') when 'mine' then t.seat_id = (select session.staff())
                                       when 'queue' then t.seat_id is null else true end
    and (p_due_before is null or t.due_at < p_due_before)
    and (t.due_at, t.task_id) > (coalesce(nullif(split_part(p_after, '|', 1), '')::timestamptz, '-infinity'),
                                 coalesce(nullif(split_part(p_after, '|', 2), '')::bigint, 0))
  order by t.due_at, t.task_id
  limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.tasks_list is $$
List the tasks of the calling dealer that the caller may see, earliest due first.
in: scope - mine (default), queue (nobody's yet), team; state - OPEN (default), DONE, CANCELLED; due_before - time
out: tasks; is_overdue is open and past its time    cost: one index scan over the dealer's tasks    rule: R133 $$;

create function core.task_row(p_task bigint) returns api.task language sql stable as $$
  select t.public_id, t.version, t.kind, t.title::text, t.due_at, t.state, s.public_id, s.name, p.public_id, p.name,
    t.outcome::text, t.state = 'OPEN' and t.due_at < core.now(), t.outcome_code, null::text
  from core.task t left join core.staff s on s.staff_id = t.seat_id left join core.party p on p.party_id = t.party_id
  where t.task_id = p_task
$$;
comment on function core.task_row is 'Show one task as the list does. in: its number. out: api.task.';

-- A seat may touch its own tasks and the queue's; a manager all of his dealer.
create function core.task_lock(p_task uuid) returns core.task language plpgsql set search_path = '' as $$
declare t core.task;
begin
  select * into t from core.task k where k.public_id = p_task and k.dealer_id = session.dealer() for update;
  if t.task_id is null or (session.role_bit() <> 16 and t.seat_id <> session.staff()) then perform core.fail('ZC404'); end if;
  return t;
end $$;
comment on function core.task_lock is 'Lock a task the caller may change. errors: ZC404 when absent or not his.';

create function core.task_seat_check(p_seat uuid) returns bigint language plpgsql stable set search_path = '' as $$
declare v_seat bigint;
begin
  if p_seat is null then return null; end if;
  select s.staff_id into v_seat from core.staff s
  where s.public_id = p_seat and s.dealer_id = session.dealer() and s.is_active and s.role <> 'system';
  if v_seat is null then perform core.fail('ZC007', 'seat_id'); end if;
  return v_seat;
end $$;
comment on function core.task_seat_check is 'Find an active employee of the calling dealer. errors: ZC007 (R7).';

create function api.task_add(p_title core.short_text, p_kind text, p_due_at timestamptz, p_person_id uuid default null,
  p_seat_id uuid default null)
returns api.task language plpgsql volatile security definer set search_path = '' as $$
declare v_task bigint; v_seat bigint; v_party bigint;
begin
  if p_kind not in ('call', 'visit', 'lead', 'check', 'callback', 'other') then perform core.fail('ZC402', 'kind'); end if;
  if length(btrim(p_title)) = 0 then perform core.fail('ZC400', 'title'); end if;
  if p_due_at < core.now() - interval '1 day' or p_due_at > core.now() + interval '3 years' then
    perform core.fail('ZC402', 'due_at');
  end if;
  v_seat := coalesce(core.task_seat_check(p_seat_id), session.staff());
  if p_person_id is not null then v_party := core.visible_party(p_person_id); end if;
  insert into core.task (dealer_id, seat_id, party_id, kind, title, due_at, created_by)
  values (session.dealer(), v_seat, v_party, p_kind, p_title, p_due_at, session.staff()) returning task_id into v_task;
  perform core.ledger_add('task.add', p_person_id::text, v_party, 'R116', jsonb_build_object('task', v_task));
  return core.task_row(v_task);
end $$;
comment on function api.task_add is $$
Make a task for the caller, or for a colleague of the same dealer.
in: title; kind - call visit lead check callback other; due_at - time, at most 3 years ahead; person_id; seat_id
out: the task    errors: bad-field, missing-field, seat-invalid (R7), not-found (person not visible) $$;

create function api.task_edit(p_task_id uuid, p_if_match int, p_title core.short_text default null,
  p_due_at timestamptz default null, p_seat_id uuid default null, p_state core.task_state default null)
returns api.task language plpgsql volatile security definer set search_path = '' as $$
declare t core.task;
begin
  t := core.task_lock(p_task_id);
  if t.version <> p_if_match then perform core.fail('ZC412'); end if;
  if p_state = 'DONE' then perform core.fail('ZC402', 'state'); end if;   -- an outcome is asked for: task_done
  update core.task k set title = coalesce(p_title, k.title), due_at = coalesce(p_due_at, k.due_at),
    seat_id = coalesce(core.task_seat_check(p_seat_id), k.seat_id), state = coalesce(p_state, k.state),
    done_at = case when coalesce(p_state, k.state) = 'OPEN' then null else core.now() end, version = k.version + 1
  where k.task_id = t.task_id;
  if t.state = 'DONE' and p_state = 'OPEN' then      -- taken back: what followed it goes too
    update core.task k set outcome_code = null, outcome = null where k.task_id = t.task_id;
    update core.task k set state = 'CANCELLED', version = k.version + 1 where k.follows = t.task_id and k.state = 'OPEN';
  end if;
  perform core.ledger_add('task.edit', p_task_id::text, t.party_id, 'R116', '{}');
  return core.task_row(t.task_id);
end $$;
comment on function api.task_edit is $$
Change title, time, seat or state (OPEN, CANCELLED) of a task.
in: task_id; if_match - version; title; due_at; seat_id; state    out: the task
errors: not-found, changed, seat-invalid (R7), bad-field (DONE needs an outcome: task_done) $$;

create type api.task_outcome as (kind text, code text, next_kind text, next_minutes int, needs_note boolean, cursor_ text);

create function api.task_outcomes_list(p_limit int default null, p_after text default null)
returns setof api.task_outcome language sql stable begin atomic
  select o.kind, o.code, o.next_kind, o.next_minutes, o.needs_note, o.kind || ' ' || o.place
  from core.task_outcome o where (o.kind, o.place) > (split_part(coalesce(p_after, ''), ' ', 1), coalesce(nullif(split_part(coalesce(p_after, ''), ' ', 2), '')::int, 0))
  order by o.kind, o.place limit least(coalesce(p_limit, 100), 100);
end;
comment on function api.task_outcomes_list is $$
How a task of each kind may end, and the task that follows by itself.
out: needs_note - the code alone does not say enough; next_kind, next_minutes of working time    rule: R116 $$;

create type api.task_ended as (id uuid, version int, kind text, title text, due_at timestamptz, state core.task_state, outcome_code text, outcome text,
  next_id uuid, next_kind text, next_due_at timestamptz);

create function api.task_done(p_task_id uuid, p_outcome_code text, p_outcome core.short_text default null, p_next_due_at timestamptz default null)
returns api.task_ended language plpgsql volatile security definer set search_path = '' as $$
declare t core.task; o core.task_outcome; n core.task; v_text text := nullif(btrim(p_outcome), '');
begin
  t := core.task_lock(p_task_id);
  select x.* into o from core.task_outcome x
  where x.kind = case when exists (select from core.task_outcome y where y.kind = t.kind) then t.kind else 'other' end and x.code = p_outcome_code;
  if o.code is null then perform core.fail('ZC402', 'outcome_code'); end if;
  if o.needs_note and v_text is null then perform core.fail('ZC400', 'outcome'); end if;
  if t.state <> 'OPEN' then perform core.fail('ZC412'); end if;
  if p_next_due_at is not null and (o.next_kind is null or p_next_due_at < core.now() or p_next_due_at > core.now() + interval '1 year') then
    perform core.fail('ZC402', 'next_due_at');
  end if;
  update core.task k set state = 'DONE', outcome = v_text, outcome_code = o.code, done_at = core.now(), version = k.version + 1
  where k.task_id = t.task_id returning k.* into t;
  -- what follows: for the same seat and person, while the dealer still has him
  if o.next_kind is not null and (t.party_id is null or core.level_for(t.party_id) > 'NONE') then
    insert into core.task (dealer_id, seat_id, party_id, kind, title, due_at, created_by, follows)
    values (t.dealer_id, t.seat_id, t.party_id, o.next_kind, t.title,
      coalesce(p_next_due_at, core.working_until(t.dealer_id, core.now(), o.next_minutes)), session.staff(), t.task_id) returning * into n;
  end if;
  perform core.ledger_add('task.done', p_task_id::text, t.party_id, 'R116', jsonb_build_object('outcome', o.code, 'next', n.kind));
  return row(t.public_id, t.version, t.kind, t.title, t.due_at, t.state, t.outcome_code, t.outcome, n.public_id, n.kind, n.due_at)::api.task_ended;
end $$;
comment on function api.task_done is $$
Close a task with its outcome of the list for its kind; the task that follows is made at once.
in: task_id; outcome_code of GET /v1/task-outcomes; outcome - what came of it, required where the code says so; next_due_at - another time for the next task
out: the task, next_id and its time    errors: not-found, bad-field, missing-field, changed (not open)    rule: R116 $$;
