-- SPDX-License-Identifier: Apache-2.0
-- Events that lists are registered under (R36).

create type api.event_list as (id uuid, version int, name text, kind text, from_on date, to_on date, is_open boolean, is_own boolean, used int, quota int,
    waiting int, cursor_ text);

create function api.event_lists_list(p_limit int default null, p_after text default null)
returns setof api.event_list language sql stable begin atomic
    select e.public_id, e.version, e.name::text, e.kind, e.from_on, e.to_on, e.is_open, e.dealer_id = coalesce((select session.dealer()), 0),
        coalesce((select sum(q.used) from core.event_quota q where q.event_id = e.event_id
            and (q.staff_id = (select session.staff()) or (select session.role_bit()) not in (32, 64, 128))), 0)::int,
        core.policy_int('R36.list'),
        (select count(*) from core.cold_row c where c.event_id = e.event_id and c.state = 'WAITING')::int,
        core.cursor_make(e.from_on::text, e.public_id)
    from core.event_list e
    where (p_after is null or (e.from_on, e.public_id) < (core.cursor_part(p_after, 1)::date, core.cursor_part(p_after, 2)::uuid))
    order by e.from_on desc, e.public_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.event_lists_list is $$
Exhibitions, purchased and cold lists: the own dealer's and head office's, latest first.
out: used - rows of the caller's seat (of the dealer for a manager), quota - rows a seat may take, waiting - cold rows without an answer    rule: R36, R37 $$;

create function api.event_list_add(p_name core.short_text, p_kind text, p_from_on date, p_to_on date)
returns api.event_list language plpgsql volatile security definer set search_path = '' as $$
declare e core.event_list;
begin
    if btrim(p_name) = '' then perform core.fail('ZC400', 'name'); end if;
    if p_kind not in ('exhibition', 'purchased', 'cold', 'other') then perform core.fail('ZC402', 'kind'); end if;
    if p_from_on < core.today() - 366 or p_to_on < p_from_on or p_to_on > p_from_on + 366 then perform core.fail('ZC402', 'to_on'); end if;
    insert into core.event_list (dealer_id, kind, name, from_on, to_on, created_by)
    values (coalesce(session.dealer(), 0), p_kind, btrim(p_name), p_from_on, p_to_on, session.staff()) returning * into e;
    perform core.ledger_add('event_list.add', e.public_id::text, null, 'R36', jsonb_build_object('kind', p_kind));
    return row(e.public_id, e.version, e.name, e.kind, e.from_on, e.to_on, e.is_open, true, 0, core.policy_int('R36.list'), 0, null)::api.event_list;
end $$;
comment on function api.event_list_add is $$
Make the event of a list: a dealer's manager for the dealer, head office for the network.
in: name; kind exhibition | purchased | cold | other; from_on, to_on - days on which lists are taken, at most a year
out: the event    errors: missing-field, bad-field    rule: R36 $$;

create function api.event_list_edit(p_event_id uuid, p_if_match int, p_name core.short_text default null, p_to_on date default null, p_is_open boolean default null)
returns api.event_list language plpgsql volatile security definer set search_path = '' as $$
declare e core.event_list;
begin
    select x.* into e from core.event_list x where x.public_id = p_event_id and x.dealer_id = coalesce(session.dealer(), 0) for update;
    if e.event_id is null then perform core.fail('ZC404'); end if;
    if e.version <> p_if_match then perform core.fail('ZC412'); end if;
    if p_name is not null and btrim(p_name) = '' then perform core.fail('ZC400', 'name'); end if;
    if p_to_on is not null and (p_to_on < e.from_on or p_to_on > e.from_on + 366) then perform core.fail('ZC402', 'to_on'); end if;
    update core.event_list x set name = coalesce(btrim(p_name), x.name), to_on = coalesce(p_to_on, x.to_on), is_open = coalesce(p_is_open, x.is_open),
        version = x.version + 1 where x.event_id = e.event_id returning x.* into e;
    perform core.ledger_add('event_list.edit', e.public_id::text, null, 'R36', jsonb_build_object('is_open', e.is_open));
    return row(e.public_id, e.version, e.name, e.kind, e.from_on, e.to_on, e.is_open, true, null, core.policy_int('R36.list'), null, null)::api.event_list;
end $$;
comment on function api.event_list_edit is 'Rename, lengthen or close an event of one''s own. in: event_id; if_match; name; to_on; is_open. out: the event. errors: not-found, changed, bad-field    rule: R36';
