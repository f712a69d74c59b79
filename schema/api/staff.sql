-- SPDX-License-Identifier: Apache-2.0
-- Administration of people who work in the network. The administrator sees all, a manager its own dealer's.

create type api.staff_member as (id uuid, version int, name text, role core.staff_role, email text, login text, dealer_id uuid,
    dealer_name text, is_active boolean, left_at timestamptz, last_seen_at timestamptz, has_totp boolean, cursor_ text);

create function api.staff_list(p_dealer_id uuid default null, p_is_active boolean default null, p_limit int default null,
    p_after text default null)
returns setof api.staff_member language sql stable security definer set search_path = '' as $$
select s.public_id, s.version, s.name, s.role, s.email, a.login, d.public_id, d.name, s.is_active, s.left_at,
       a.seen_at, coalesce(a.has_totp, false), s.staff_id::text
from core.staff s join core.dealer d on d.dealer_id = s.dealer_id
left join session.accounts() a on a.staff_id = s.staff_id
where (session.role_bit() = 1 or s.dealer_id = session.dealer())
  and (p_dealer_id is null or d.public_id = p_dealer_id) and (p_is_active is null or s.is_active = p_is_active)
  and s.staff_id > coalesce(nullif(p_after, '')::bigint, 0)
order by s.staff_id limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.staff_list is $$
List employees: all of the network for the administrator, its own dealer's for a manager.
in: dealer_id; is_active    out: name, role, login, when last seen, whether a second factor is set    rule: R138 $$;

-- Who may change this employee: the administrator anybody, a manager seats of its own dealer.
create function core.staff_lock(p_staff uuid) returns core.staff language plpgsql set search_path = '' as $$
declare s core.staff;
begin
    select * into s from core.staff x where x.public_id = p_staff for update;
    if s.staff_id is null or (session.role_bit() <> 1 and s.dealer_id <> session.dealer()) then perform core.fail('ZC404'); end if;
    if session.role_bit() <> 1 and s.role not in ('seller', 'adviser', 'operator') then perform core.fail('ZC403'); end if;
    return s;
end $$;
comment on function core.staff_lock(uuid) is 'Lock an employee the caller may administer. errors: ZC404, ZC403.';

create function core.staff_row(p_staff bigint) returns api.staff_member language sql stable as $$
select s.public_id, s.version, s.name, s.role, s.email, a.login, d.public_id, d.name, s.is_active, s.left_at, a.seen_at,
       coalesce(a.has_totp, false), null::text
from core.staff s join core.dealer d on d.dealer_id = s.dealer_id
left join session.accounts() a on a.staff_id = s.staff_id where s.staff_id = p_staff $$;
comment on function core.staff_row(bigint) is 'Show one employee as the list does.';

create function api.staff_add(p_name core.name_text, p_role core.staff_role, p_email text, p_login core.search_text,
    p_dealer_id uuid default null, p_lang text default null)
returns api.staff_member language plpgsql volatile security definer set search_path = '' as $$
declare v_dealer int; v_staff bigint; v_email text := core.email_norm(p_email);
begin
    if session.role_bit() = 1 then
        select d.dealer_id into v_dealer from core.dealer d where d.public_id = p_dealer_id;
        if p_dealer_id is not null and v_dealer is null then perform core.fail('ZC402', 'dealer_id'); end if;
        v_dealer := coalesce(v_dealer, 0);
    else
        v_dealer := session.dealer();
        if p_role not in ('seller', 'adviser', 'operator') then perform core.fail('ZC403', 'role'); end if;
    end if;
    if p_role = 'system' or (v_dealer = 0) <> (p_role in ('admin', 'marketer', 'router', 'arbiter', 'steward', 'dpo', 'auditor')) then
        perform core.fail('ZC402', 'role');
    end if;
    if v_email is null then perform core.fail('ZC402', 'email'); end if;
    if coalesce(p_lang, 'ru') not in ('ru', 'en') then perform core.fail('ZC402', 'lang'); end if;
    insert into core.staff (dealer_id, role, name, email, lang) values (v_dealer, p_role, p_name, v_email, coalesce(p_lang, 'ru'))
    returning staff_id into v_staff;
    if not session.account_add(v_staff, lower(btrim(p_login))) then perform core.fail('ZC139', 'login'); end if;
    perform core.mail_staff(v_staff, 'invitation', session.link_make(v_staff, 'invitation'));
    perform core.ledger_add('staff.add', (select s.public_id::text from core.staff s where s.staff_id = v_staff), null, 'R138',
        jsonb_build_object('role', p_role, 'dealer', v_dealer));
    return core.staff_row(v_staff);
end $$;
comment on function api.staff_add is $$
Make an employee with an account and mail the invitation.
in: name; role; email; login (1-100 characters, kept in lower case); dealer_id (administrator; none = head office); lang
out: the employee    errors: bad-field, login-taken, forbidden (a manager makes seats only)    rule: R138 $$;

create function api.staff_edit(p_staff_id uuid, p_if_match int, p_name core.name_text default null,
    p_role core.staff_role default null, p_email text default null, p_is_active boolean default null)
returns api.staff_member language plpgsql volatile security definer set search_path = '' as $$
declare s core.staff := core.staff_lock(p_staff_id);
begin
    if s.version <> p_if_match then perform core.fail('ZC412'); end if;
    if p_role is not null and p_role <> s.role then
        if s.staff_id = session.staff() or s.role = 'system' or p_role = 'system'
           or (s.dealer_id = 0) <> (p_role in ('admin', 'marketer', 'router', 'arbiter', 'steward', 'dpo', 'auditor'))
           or (session.role_bit() <> 1 and p_role not in ('seller', 'adviser', 'operator')) then
            perform core.fail('ZC403', 'role');
        end if;
    end if;
    if p_email is not null and core.email_norm(p_email) is null then perform core.fail('ZC402', 'email'); end if;
    if s.role = 'admin' and (coalesce(p_role, 'admin') <> 'admin' or not coalesce(p_is_active, true)) then
        perform core.last_admin_check(s.staff_id);
    end if;
    update core.staff x set name = coalesce(p_name, x.name), role = coalesce(p_role, x.role),
        email = coalesce(core.email_norm(p_email), x.email), is_active = coalesce(p_is_active, x.is_active),
        left_at = case when coalesce(p_is_active, x.is_active) then null else coalesce(x.left_at, core.now()) end,
        version = x.version + 1
    where x.staff_id = s.staff_id;
    -- a new role means new sessions: the old letter must not outlive it (threat 15)
    if coalesce(p_role, s.role) <> s.role or not coalesce(p_is_active, true) then
        perform session.revoke_staff(s.staff_id);
        perform core.staff_release(s.staff_id);
    end if;
    perform core.ledger_add('staff.edit', p_staff_id::text, null, 'R138',
        jsonb_strip_nulls(jsonb_build_object('role', p_role, 'is_active', p_is_active)));
    return core.staff_row(s.staff_id);
end $$;
comment on function api.staff_edit is $$
Change name, role, mail address or activity of an employee; a changed role ends every session at once.
in: staff_id; if_match - version; name; role; email; is_active
out: the employee    errors: not-found, changed, forbidden, bad-field, last-admin    rule: R138, R7 $$;

create function core.last_admin_check(p_staff bigint) returns void language plpgsql set search_path = '' as $$
begin
    perform from core.staff s where s.role = 'admin' and s.is_active order by s.staff_id for update;
    if not exists (select from core.staff s where s.role = 'admin' and s.is_active and s.staff_id <> p_staff) then
        perform core.fail('ZC138');
    end if;
end $$;
comment on function core.last_admin_check(bigint) is 'Refuse to lose the last active administrator, also when two try at once. errors: ZC138.';

-- R7: what a leaver held falls to the dealer's queue at once; the rights stay with the dealer.
create function core.staff_release(p_staff bigint) returns int language plpgsql set search_path = '' as $$
declare v_rights int;
begin
    update core.task t set seat_id = null, version = t.version + 1 where t.seat_id = p_staff and t.state = 'OPEN';
    update core.call_item c set state = 'queued', operator_id = null, offered_until = null
    where c.operator_id = p_staff and c.state = 'offered';
    v_rights := core.right_release_seat(p_staff);
    return v_rights;
end $$;
comment on function core.staff_release(bigint) is 'Give the queue what an employee held: rights keep their owner, tasks and calls go on (R7). out: rights moved.';

create type api.staff_left as (moved int);

create function api.staff_leave(p_staff_id uuid) returns api.staff_left language plpgsql volatile security definer
set search_path = '' as $$
declare s core.staff := core.staff_lock(p_staff_id); r api.staff_left;
begin
    if s.staff_id = session.staff() then perform core.fail('ZC403'); end if;
    if s.role = 'admin' then perform core.last_admin_check(s.staff_id); end if;
    update core.staff x set is_active = false, left_at = coalesce(x.left_at, core.now()), version = x.version + 1
    where x.staff_id = s.staff_id;
    perform session.revoke_staff(s.staff_id);
    r.moved := core.staff_release(s.staff_id);
    perform core.notify_role('manager', s.dealer_id, 'N5', p_staff_id::text, to_char(core.now(), 'YYYYMMDD'));
    perform core.ledger_add('staff.leave', p_staff_id::text, null, 'R7', jsonb_build_object('moved', r.moved));
    return r;
end $$;
comment on function api.staff_leave is $$
An employee leaves: the account closes, sessions end, clients fall to the dealer's queue, the rights stay (R7).
in: staff_id    out: moved - rights that went to the queue    errors: not-found, forbidden (oneself), last-admin $$;

create function api.staff_invite(p_staff_id uuid) returns void language plpgsql volatile security definer
set search_path = '' as $$
declare s core.staff := core.staff_lock(p_staff_id);
begin
    if not s.is_active then perform core.fail('ZC007', 'staff_id'); end if;
    perform core.mail_staff(s.staff_id, 'invitation', session.link_make(s.staff_id, 'invitation'));
    perform core.ledger_add('staff.invite', p_staff_id::text, null, 'R138');
end $$;
comment on function api.staff_invite is 'Mail a fresh invitation; older ones stop working. in: staff_id. errors: not-found, seat-invalid (has left).';
