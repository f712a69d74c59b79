-- SPDX-License-Identifier: Apache-2.0
-- Files of rows: what was fetched, what waits for a second person, and how a large one is asked for.

create type api.export_item as (id uuid, number text, route text, state text, row_count bigint, is_personal boolean, reason text, staff_name text,
    dealer_name text, asked_at timestamptz, decided_at timestamptz, valid_until timestamptz, done_at timestamptz, is_own boolean, cursor_ text);

create function core.export_item(e core.export) returns api.export_item
language plpgsql stable as $$
declare r api.export_item;
begin
    select e.public_id, e.number, e.route, case when e.state in ('WAITING', 'APPROVED') and e.valid_until <= core.now() then 'EXPIRED' else e.state end,
        e.row_count, e.is_personal, e.reason, s.name, d.name, e.asked_at, e.decided_at, e.valid_until, e.done_at, e.staff_id = session.staff(), null
    into r from core.staff s join core.dealer d on d.dealer_id = e.dealer_id where s.staff_id = e.staff_id;
    return r;
end $$;
comment on function core.export_item(core.export) is 'An export as it is told.';

create function api.exports_list(p_number text default null, p_limit int default null, p_after text default null)
returns setof api.export_item language sql stable begin atomic
    select e.public_id, e.number, e.route, case when e.state in ('WAITING', 'APPROVED') and e.valid_until <= (select core.now()) then 'EXPIRED' else e.state end,
        e.row_count, e.is_personal, e.reason::text, s.name, d.name, e.asked_at, e.decided_at, e.valid_until, e.done_at, e.staff_id = (select session.staff()),
        core.cursor_make(to_char(e.asked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.public_id)
    from core.export e join core.staff s on s.staff_id = e.staff_id join core.dealer d on d.dealer_id = e.dealer_id
    where (p_number is null or e.number = upper(p_number))
      and (e.asked_at, e.public_id) < (coalesce(core.cursor_part(p_after, 1)::timestamptz, 'infinity'),
                                       coalesce(core.cursor_part(p_after, 2)::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    order by e.asked_at desc, e.public_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.exports_list is $$
List the files of rows that left or wait: one's own; a manager the dealer's; auditor, administrator and data-protection officer all.
in: number - the one that stands in every row of a found file    out: the newest first    rule: R137 $$;

create function api.export_request(p_route text, p_rows bigint, p_reason core.short_text, p_query core.long_text default null, p_subject text default null)
returns api.export_item language plpgsql volatile security definer set search_path = '' as $$
declare v_subject text;
begin
    if p_route !~ '^[a-z_]{1,60}_export$' then perform core.fail('ZC402', 'route'); end if;
    if p_rows not between 1 and 100000000 then perform core.fail('ZC402', 'rows'); end if;
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    if length(p_subject) > 100 or length(p_query) > 4000 then perform core.fail('ZC402', case when length(p_subject) > 100 then 'subject' else 'query' end); end if;
    -- the bind names a filter by half a hash of the query as it was sent (server/api/wait.c)
    v_subject := coalesce(nullif(p_subject, ''), encode(substr(sha256(convert_to(coalesce(p_query, ''), 'UTF8')), 1, 16), 'hex'));
    return core.export_item(core.export_ask(p_route, v_subject, p_rows, btrim(p_reason)));
end $$;
comment on function api.export_request is $$
Ask a second person for a file that is larger than one person may take; then fetch it with the same address, once, within a day.
in: route and rows as the refusal export-approval told them; query - of the address refused, without ?; subject - the id in its path, if any; reason
out: the export, WAITING    errors: bad-field, reason-missing, approval-waits    rule: R137 $$;
