-- SPDX-License-Identifier: Apache-2.0
-- What every other file leans on: refusals, the clock after a lock, the ledger, notices and events, policy numbers.

create function core.fail(p_code text, p_field text default null, p_info jsonb default null) returns void
language plpgsql volatile as $$
begin
    raise exception using errcode = p_code, message = 'refused', column = coalesce(p_field, ''), detail = coalesce(p_info::text, '');
end $$;
comment on function core.fail(text, text, jsonb) is $$
Refuse: raise an error of server/errors.def.
in: p_code SQLSTATE of class ZC; p_field the member to blame; p_info public extras, become member info
out: never returns    source: R162$$;

create function core.clock() returns timestamptz language sql volatile as $$
select clock_timestamp() + (core.now() - now()) $$;
comment on function core.clock() is $$
The clock at this instant (not the transaction's start), with the same offset as core.now().
Stamps what must follow a row lock: a transaction that waited began before the one it waited for.$$;

create function core.uuid_ordered() returns uuid language sql volatile as $$
select (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid $$;
comment on function core.uuid_ordered() is $$
A UUID of version 7: milliseconds first, then 74 random bits, so that mass inserts meet at one end of their index.
Only for what shows its time anyway: the number tells when it was made.    cost: 2 us    source: RFC 9562 5.7$$;

create function core.policy_int(p_name text) returns int language plpgsql stable as $$
declare v int;
begin
    select p.value_int into v from core.policy p
    where p.name = p_name and p.valid_from <= core.now() order by p.valid_from desc limit 1;
    if v is null then raise exception 'no policy %', p_name; end if;
    return v;
end $$;
comment on function core.policy_int(text) is $$
A policy parameter as valid now.
in: p_name 'P3.NEW' ...    out: days, minutes or counts as the row's unit says    cost: one index probe    source: R9$$;

create function core.ledger_add(p_kind text, p_subject text default null, p_party_id bigint default null,
    p_rule text default null, p_detail jsonb default '{}', p_brand smallint default null, p_line core.line default null)
returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    insert into core.ledger (at, staff_id, dealer_id, role, session_id, request_id, kind, subject, party_id, brand_id, line,
                             rule, detail)
    values (core.now(), session.staff(), case when session.staff() is not null then coalesce(session.dealer(), 0) end,
            session.role_name(), session.session_id(), session.request_id(), p_kind, p_subject, p_party_id, p_brand, p_line, p_rule,
            coalesce(p_detail, '{}'));
end $$;
comment on function core.ledger_add(text, text, bigint, text, jsonb, smallint, core.line) is $$
Write one ledger row in the name of the caller.
in: p_kind noun.verb; p_subject public id or hash; p_detail ids, counts and states, never contact data    source: R8$$;

create function core.event_add(p_staff bigint, p_kind text, p_payload jsonb default '{}') returns void
language plpgsql volatile as $$
begin
    perform pg_current_xact_id();    -- before the number is drawn: session.events_after relies on the order
    insert into core.event (staff_id, kind, payload) values (p_staff, p_kind, coalesce(p_payload, '{}'));
end $$;
comment on function core.event_add(bigint, text, jsonb) is $$
Wake the streams of one member of staff.    in: p_payload ids and counts only$$;

create function core.notify_role(p_role core.staff_role, p_dealer int, p_kind text, p_subject text, p_occurrence text default '') returns void
language plpgsql volatile as $$
begin
    perform core.notify(s.staff_id, p_kind, p_subject, p_occurrence) from core.staff s
    where s.role = p_role and s.dealer_id = p_dealer and s.is_active;
end $$;
comment on function core.notify_role(core.staff_role, int, text, text, text) is
'Give one notice to everybody of a role at a principal (0 = head office). in: p_occurrence - what happened to the subject, when it can happen again. source: R141, R142';

create function core.notify_limit(p_subject uuid, p_limit text, p_window interval) returns void
language plpgsql volatile set search_path = '' as $$
begin
    perform core.notify(a.staff_id, 'N14', p_subject::text, p_limit || '.' || to_char(core.now(), 'YYYYMMDDHH24MISSUS')) from core.staff a
    where a.role = 'auditor' and a.is_active and not exists (select from core.notice n where n.staff_id = a.staff_id and n.kind = 'N14'
        and n.subject = p_subject::text and n.occurrence like p_limit || '.%' and n.at > core.now() - p_window);
end $$;
comment on function core.notify_limit(uuid, text, interval) is $$
Tell the auditors that somebody has used up a limit that counts over a sliding window: each limit by itself, and again when its window has passed;
within the window it is the same event, however often the count comes back to it.
in: public id of the staff; name of the limit; its window    guard: the caller holds the lock under which he counts    source: R141, N14$$;

create function core.staff_of(p_public uuid, p_dealer int) returns core.staff
language plpgsql stable as $$
begin
    return (select s from core.staff s where s.public_id = p_public and s.dealer_id = p_dealer and s.is_active);
end $$;
comment on function core.staff_of(uuid, int) is 'The active employee of that principal, or NULL. source: R7';

create function core.dealer_local_on(p_dealer int, p_at timestamptz) returns date
language plpgsql stable as $$
begin
    return (select (p_at at time zone d.time_zone)::date from core.dealer d where d.dealer_id = p_dealer);
end $$;
comment on function core.dealer_local_on(int, timestamptz) is 'The date at a dealer at an instant. source: R10';

create function core.day_end(p_dealer int, p_on date) returns timestamptz
language plpgsql stable as $$
begin
    return (select (p_on + 1)::timestamp at time zone d.time_zone from core.dealer d where d.dealer_id = p_dealer);
end $$;
comment on function core.day_end(int, date) is 'Midnight at which a day ends at a dealer: day-based terms end then. source: R10';
