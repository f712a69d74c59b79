-- SPDX-License-Identifier: Apache-2.0
-- What administration may do to accounts. Owned by binder, called only by functions of engine: no login reaches them.

create function session.accounts() returns table (staff_id bigint, login text, has_totp boolean, seen_at timestamptz, has_password boolean)
language sql stable security definer set search_path = '' as $$
select a.staff_id, a.login, a.totp_secret is not null,
       (select max(s.seen_at) from session.session s where s.staff_id = a.staff_id), a.password_phc is not null from session.account a $$;
comment on function session.accounts() is 'Login, second factor, last presence and whether the invitation was taken, of every employee, without secrets.';

create function session.account_add(p_staff bigint, p_login text) returns boolean
language plpgsql volatile security definer set search_path = '' as $$
begin
    insert into session.account (staff_id, login) values (p_staff, p_login) on conflict (login) do nothing;
    return found;
end $$;
comment on function session.account_add(bigint, text) is 'Make an account without password. out: false when the login is taken.';

create function session.link_make(p_staff bigint, p_kind text) returns uuid
language plpgsql volatile security definer set search_path = '' as $$
declare v_account bigint; v_link uuid;
begin
    select a.account_id into v_account from session.account a where a.staff_id = p_staff;
    update session.link l set used_at = core.now() where l.account_id = v_account and l.kind = p_kind and l.used_at is null;
    insert into session.link (account_id, kind, expires_at)
    values (v_account, p_kind, core.now() + case p_kind when 'reset' then interval '30 minutes' else interval '72 hours' end)
    returning link into v_link;
    return v_link;
end $$;
comment on function session.link_make(bigint, text) is 'Make a single-use link of an account; older ones of the kind end.';

create function session.revoke_staff(p_staff bigint) returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
    update session.session s set revoked_at = core.now() where s.staff_id = p_staff and s.revoked_at is null;
    perform pg_current_xact_id();
    insert into core.event (staff_id, kind) values (p_staff, 'session.revoked');
end $$;
comment on function session.revoke_staff(bigint) is 'End every session of an employee; open streams close within a second (threat 15).';

create function session.has_certificate(p_dealer int) returns boolean
language sql stable security definer set search_path = '' as $$
select exists (select from session.certificate c where c.dealer_id = p_dealer and c.revoked_at is null) $$;
comment on function session.has_certificate(int) is 'Tell whether a dealer''s own system is enrolled.';

create function session.enrol_code_make(p_dealer int, p_code_hash bytea, p_until timestamptz) returns void
language sql volatile security definer set search_path = '' as $$
insert into session.enrol_code (code_hash, dealer_id, created_by, expires_at) values (p_code_hash, p_dealer, session.staff(), p_until) $$;
comment on function session.enrol_code_make(int, bytea, timestamptz) is 'Keep the hash of a one-time enrolment code.';

grant execute on function session.accounts(), session.account_add(bigint, text), session.link_make(bigint, text),
    session.revoke_staff(bigint), session.has_certificate(int), session.enrol_code_make(int, bytea, timestamptz) to engine;
