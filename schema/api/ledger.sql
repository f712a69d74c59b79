-- SPDX-License-Identifier: Apache-2.0
-- The ledger for auditors: who saw and did what. No contact data is in it: ids, kinds, rules and counts.

create type api.ledger_entry as (id bigint, at timestamptz, staff_id uuid, staff_name text, role text, dealer_name text,
  kind text, subject text, rule text, detail jsonb, request_id text, cursor_ text);
comment on type api.ledger_entry is 'A line of the ledger.';

create function core.ledger_page(p_from timestamptz, p_to timestamptz, p_kind text, p_staff bigint, p_dealer int,
  p_subject text, p_before bigint, p_limit int) returns setof api.ledger_entry
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
  return query
  select l.ledger_id, l.at, s.public_id, s.name, l.role, d.name, l.kind, l.subject, l.rule, l.detail, l.request_id,
    l.ledger_id::text
  from core.ledger l
  left join core.staff s on s.staff_id = l.staff_id
  left join core.dealer d on d.dealer_id = l.dealer_id
  where (p_before is null or l.ledger_id < p_before)
    and (p_from is null or l.at >= p_from) and (p_to is null or l.at < p_to)
    and (p_kind is null or l.kind = p_kind or (right(p_kind, 1) = '*' and l.kind ^@ rtrim(p_kind, '*')))
    and (p_staff is null or l.staff_id = p_staff) and (p_dealer is null or l.dealer_id = p_dealer)
    and (p_subject is null or l.subject = p_subject)
  order by l.ledger_id desc limit p_limit;
end $$;
comment on function core.ledger_page(timestamptz, timestamptz, text, bigint, int, text, bigint, int) is $$
A page of the ledger, latest first; planned for the filters that are really given.$$;

create function core.staff_number(p_id uuid) returns bigint
language sql stable as $$ select s.staff_id from core.staff s where s.public_id = p_id $$;
comment on function core.staff_number(uuid) is 'Internal number of a member of staff, in the caller''s view; -1 when there is none.';

create function api.ledger_list(p_from timestamptz default null, p_to timestamptz default null, p_kind text default null,
  p_staff_id uuid default null, p_dealer_id uuid default null, p_subject text default null, p_limit int default null,
  p_after text default null) returns setof api.ledger_entry
language sql stable begin atomic
  select p.id, p.at, p.staff_id, p.staff_name, p.role, p.dealer_name, p.kind, p.subject, p.rule, p.detail, p.request_id,
    p.cursor_
  from core.ledger_page(p_from, p_to, p_kind,
    case when p_staff_id is not null then coalesce((select s.staff_id from core.staff s where s.public_id = p_staff_id), -1) end,
    case when p_dealer_id is not null then coalesce((select d.dealer_id from core.dealer d where d.public_id = p_dealer_id), -1) end,
    p_subject, p_after::bigint, least(coalesce(p_limit, 50), 100)) p;
end;
comment on function api.ledger_list(timestamptz, timestamptz, text, uuid, uuid, text, int, text) is $$
Read the ledger, latest first.
in: from, to - times; kind, a trailing * for all of a noun (read.*); staff_id; dealer_id; subject - public id
out: entries    rule: R8, R125, R138$$;

create function api.ledger_export(p_from timestamptz default null, p_to timestamptz default null, p_kind text default null,
  p_staff_id uuid default null, p_dealer_id uuid default null, p_subject text default null) returns setof api.ledger_entry
language sql stable begin atomic
  select l.ledger_id, l.at, s.public_id, s.name, l.role, d.name, l.kind, l.subject, l.rule, l.detail, l.request_id, null::text
  from core.ledger l
  left join core.staff s on s.staff_id = l.staff_id
  left join core.dealer d on d.dealer_id = l.dealer_id
  where (p_from is null or l.at >= p_from) and (p_to is null or l.at < p_to)
    and (p_kind is null or l.kind = p_kind or (right(p_kind, 1) = '*' and l.kind ^@ rtrim(p_kind, '*')))
    and (p_staff_id is null or s.public_id = p_staff_id) and (p_dealer_id is null or d.public_id = p_dealer_id)
    and (p_subject is null or l.subject = p_subject)
  order by l.ledger_id desc;
end;
comment on function api.ledger_export(timestamptz, timestamptz, text, uuid, uuid, text) is $$
Stream the ledger, latest first, with the filters of the list.
out: entries    rule: R125$$;

create type api.ledger_verdict as (is_valid boolean, rows bigint, last_seal_at timestamptz, broken_id bigint,
  broken_how text, unsealed bigint);
comment on type api.ledger_verdict is 'Result of checking the chain.';

create function api.ledger_check() returns api.ledger_verdict
language sql stable security definer set search_path = '' as $$
  select v.is_valid, v.row_total, v.last_seal_at, v.broken_id, v.broken_how, (select count(*) from core.ledger l
    where l.xid >= coalesce((select max(s.to_xid::text::bigint) from core.ledger_seal s), 0)::text::xid8)
  from core.ledger_verify() v
$$;
comment on function api.ledger_check() is $$
Check the chain of seals against every row.
out: is_valid, rows sealed, last_seal_at, broken_id - the first row that was altered, removed or added, broken_how; unsealed -
rows younger than the last seal
cost: 16 us a row    rule: R8, R125, S27$$;
