-- SPDX-License-Identifier: Apache-2.0
-- Rows that leave as a file: quota of a day, four eyes above a limit, the number by which a file is known again (R137, threat 35).
-- The server opens an export between the bind and the call of every route with flag EXPORT, in their transaction: it counts the rows
-- by the very call that will send them, and nothing is sent when this refuses.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('export.day', '2000-01-01', 200, 'count', 1, 10000),             -- files of one user in a day
  ('export.day_rows', '2000-01-01', 20000, 'count', 1, 10000000),   -- rows of people in them, but approved ones
  ('export.four_eyes', '2000-01-01', 5000, 'count', 1, 10000000),   -- rows of people above which a second person decides
  ('export.notice', '2000-01-01', 2000, 'count', 1, 10000000),      -- rows of people in a day of which the auditors are told
  ('export.approved', '2000-01-01', 24, 'hour', 1, 168)             -- how long an approval waits for its one download
on conflict (name, valid_from) do nothing;
insert into core.approval_kind (kind, roles, rule, days) values ('export', 1 | 2048, 'R137', 7) on conflict (kind) do nothing;

create function core.export_is_personal(p_route text) returns boolean
language sql immutable as $$ select p_route not in ('branches_export', 'ledger_export', 'verdicts_export') $$;
comment on function core.export_is_personal(text) is
'Whether an export holds rows of people. Every one does that is not named here: figures of branches, the ledger and the verdicts of rows, which know nobody by name.';

create function core.export_number() returns text
language sql volatile as $$ select upper(substr(replace(gen_random_uuid()::text, '-', ''), 1, 10)) $$;
comment on function core.export_number() is 'The number of a file: random, so that it counts nothing.';

create function core.export_open(p_route text, p_subject text, p_rows bigint, out number text, out mark text)
language plpgsql volatile as $$
declare v_staff bigint := session.staff(); is_personal boolean := core.export_is_personal(p_route); files bigint; row_sum bigint; e core.export; s core.staff;
begin
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('export' || v_staff, 3));       -- the counts are exact
    select x.* into e from core.export x
    where x.staff_id = v_staff and x.route = p_route and coalesce(x.subject, '') = coalesce(p_subject, '') and x.state = 'APPROVED'
      and x.valid_until > core.now();
    if e.export_id is not null and p_rows > e.row_count + e.row_count / 10 + 10 then e := null; end if;      -- more than was approved
    select count(*), coalesce(sum(x.row_count) filter (where x.is_personal and x.decided_by is null), 0) into files, row_sum
    from core.export x where x.staff_id = v_staff and x.state = 'DONE' and x.asked_at > core.now() - interval '1 day';
    if e.export_id is null then
        if is_personal and p_rows > core.policy_int('export.four_eyes') then
            perform core.fail('ZC167', null, jsonb_build_object('rows', p_rows, 'limit', core.policy_int('export.four_eyes'), 'route', p_route));
        end if;
        if files >= core.policy_int('export.day') or (is_personal and row_sum + p_rows > core.policy_int('export.day_rows')) then
            perform core.fail('ZC166', null, jsonb_build_object('rows', p_rows, 'rows_today', row_sum, 'limit', core.policy_int('export.day_rows')));
        end if;
        insert into core.export (number, staff_id, dealer_id, route, subject, state, is_personal, row_count, asked_at, done_at, request_id)
        values (core.export_number(), v_staff, coalesce(session.dealer(), 0), p_route, left(p_subject, 200), 'DONE', is_personal, p_rows, core.now(), core.now(),
                session.request_id()) returning * into e;
    else
        update core.export x set state = 'DONE', done_at = core.now(), row_count = p_rows, request_id = session.request_id()
        where x.export_id = e.export_id returning x.* into e;
    end if;
    perform core.ledger_add('export.done', e.number, null, 'R137', jsonb_build_object('route', p_route, 'rows', p_rows, 'approved', e.decided_by is not null));
    select f.* into s from core.staff f where f.staff_id = v_staff;
    if is_personal and (row_sum < core.policy_int('export.notice') or e.decided_by is not null) and row_sum + p_rows >= core.policy_int('export.notice') then
        perform core.notify(a.staff_id, 'N14', s.public_id::text, 'export' || e.number) from core.staff a where a.role = 'auditor' and a.is_active;
        perform core.ledger_add('export.many', s.public_id::text, null, 'R137', jsonb_build_object('rows_today', row_sum + p_rows));
    end if;
    number := e.number;
    mark := concat_ws(' ', e.number, to_char(core.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), s.name);
end $$;
comment on function core.export_open(text, text, bigint) is $$
Let a file go, or refuse: the day's quota, and above a limit the approval of a second person, once.
in: p_route name of the route; p_subject hash of its filter or the id in its path; p_rows counted in this transaction
out: number of the file; mark - number, time, who: the server writes it into every row
errors: ZC166 quota, ZC167 approval needed    source: R137, N14$$;

create function core.export_ask(p_route text, p_subject text, p_rows bigint, p_reason text) returns core.export
language plpgsql volatile as $$
declare e core.export; v_staff bigint := session.staff();
begin
    update core.export x set state = 'EXPIRED' where x.staff_id = v_staff and x.route = p_route and coalesce(x.subject, '') = coalesce(p_subject, '')
      and x.state in ('WAITING', 'APPROVED') and x.valid_until <= core.now();
    insert into core.export (number, staff_id, dealer_id, route, subject, state, is_personal, row_count, reason, asked_at, valid_until)
    select core.export_number(), v_staff, coalesce(session.dealer(), 0), p_route, p_subject, 'WAITING', core.export_is_personal(p_route), p_rows, p_reason,
           core.now(), core.now() + make_interval(days => k.days) from core.approval_kind k where k.kind = 'export'
    on conflict do nothing returning * into e;
    if e.export_id is null then perform core.fail('ZC131', null, jsonb_build_object('kind', 'export')); end if;
    perform core.approval_ask('export', e.public_id, jsonb_build_object('route', p_route, 'rows', p_rows, 'reason', p_reason, 'number', e.number));
    return e;
end $$;
comment on function core.export_ask(text, text, bigint, text) is $$
Ask a second person for a large file.    errors: ZC131 the same file waits already, or is approved and not yet fetched$$;

create function core.export_approved(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile as $$
begin
    update core.export x set state = 'APPROVED', decided_at = core.now(), decided_by = session.staff(),
        valid_until = core.now() + make_interval(hours => core.policy_int('export.approved'))
    where x.public_id = p_subject and x.state = 'WAITING';
    if not found then perform core.fail('ZC133'); end if;
end $$;
comment on function core.export_approved(uuid, bigint) is 'A large file was granted: it may be fetched once, for a day. in: as core.approval_apply';

create function core.export_refused(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile as $$
begin
    update core.export x set state = 'REFUSED', decided_at = core.now(), decided_by = session.staff() where x.public_id = p_subject and x.state = 'WAITING';
end $$;
comment on function core.export_refused(uuid, bigint) is 'A large file was refused. in: as core.approval_refused';

-- Called by the server between the bind and the call of an export; what comes after it in this transaction only reads.
create function session.export_open(p_subject text, p_rows bigint, out number text, out mark text)
language plpgsql volatile security definer set search_path = '' as $$
declare x record;
begin
    select o.* into x from core.export_open(session.route(), p_subject, p_rows) o;
    number := x.number; mark := x.mark;
    perform set_config('transaction_read_only', 'on', true);
end $$;
alter function session.export_open(text, bigint) owner to engine;
comment on function session.export_open(text, bigint) is $$
Open the export that this transaction was bound for with mode 'e'.
in: p_subject as the bind's; p_rows how many rows will be sent    out, errors: core.export_open    source: R137$$;
