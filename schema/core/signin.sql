-- SPDX-License-Identifier: Apache-2.0
-- Sign-in: throttles, the two halves around C's check of the password, the challenge of the second factor, recovery codes. Owned by
-- binder like all of schema session; called as `login`, before anybody is known. Answers do not tell whether a login exists.

create function session.address_key(p_address inet) returns text language sql immutable as $$
select host(network(set_masklen(p_address, case family(p_address) when 4 then 32 else 64 end))) $$;
comment on function session.address_key(inet) is 'What counts as one address: an IPv4 address, an IPv6 /64.';

create function session.failures(p_kind text, p_key text, out n bigint, out last_at timestamptz)
language sql stable security definer set search_path = '' as $$
select coalesce(sum(f.n), 0), max(f.last_at) from session.failure f
where f.kind = p_kind and f.key = p_key and f.window_at > core.now() - interval '75 minutes' and f.n > 0 $$;
comment on function session.failures(text, text) is
'Failed and running attempts of the last hour, and of the whole quarter of an hour in which that began.';

create function session.failure_count(p_kind text, p_key text, p_by int) returns void
language plpgsql security definer set search_path = '' as $$
begin
    insert into session.failure as f (kind, key, window_at, n, last_at)
    values (p_kind, p_key, date_bin('15 minutes', core.now(), '2000-01-01'), greatest(p_by, 0), core.now())
    on conflict (kind, key, window_at) do update set n = greatest(f.n + p_by, 0), last_at = excluded.last_at;
end $$;
comment on function session.failure_count(text, text, int) is 'Count an attempt, or take one back.';

create function session.wait_s(p_account_key text, p_address text, p_is_known boolean) returns int
language plpgsql stable security definer set search_path = '' as $$
declare pair record; addr record; acc record; at timestamptz := core.now(); wait double precision := 0;
begin
    pair := session.failures('pair', p_account_key || '@' || p_address);
    addr := session.failures('address', p_address);
    acc := session.failures('account', p_account_key);
    if pair.n >= 3 then wait := least(2 ^ (pair.n - 3), 900) - extract(epoch from at - pair.last_at); end if;
    if addr.n >= 20 then
        wait := greatest(wait, least(2 ^ (addr.n - 20), 300) - extract(epoch from at - addr.last_at));
    end if;
    -- the owner signs in from where he signed in before, whatever strangers do to his name
    if acc.n >= 80 and not p_is_known then
        wait := greatest(wait, 900 - extract(epoch from at - acc.last_at));
    elsif acc.n >= 10 and not p_is_known then
        wait := greatest(wait, 30 - extract(epoch from at - acc.last_at));
    end if;
    return ceil(greatest(wait, 0));
end $$;
comment on function session.wait_s(text, text, boolean) is $$
Seconds before the next attempt: doubling per account and address (3 free, at most 15 min), per address (20 free), and per
account for addresses it never signed in from; at most 100 failures an account and hour in all.$$;

create function session.login_begin(p_login text, p_address inet, out account_id bigint, out password_phc text,
    out totp_secret bytea, out totp_last_step bigint, out wait_s int)
language plpgsql security definer set search_path = '' as $$
declare a record; key text; addr text := session.address_key(p_address); is_known boolean;
begin
    select c.account_id, c.password_phc, c.totp_secret, c.totp_last_step, c.staff_id, f.is_active and d.is_active as is_live
    into a from session.account c join core.staff f on f.staff_id = c.staff_id join core.dealer d on d.dealer_id = f.dealer_id
    where c.login = lower(btrim(p_login));
    key := coalesce(a.account_id::text, 'x' || left(encode(sha256(convert_to(lower(btrim(p_login)), 'UTF8')), 'hex'), 32));
    is_known := exists (select from session.session s where s.staff_id = a.staff_id
                        and session.address_key(s.address) = addr and s.created_at > core.now() - interval '30 days');
    -- one attempt at a time and account: parallel guesses would all see the same count
    perform pg_advisory_xact_lock(hashtextextended(key, 8));
    wait_s := session.wait_s(key, addr, is_known);
    if wait_s > 0 then return; end if;
    perform session.failure_count('pair', key || '@' || addr, 1), session.failure_count('account', key, 1),
            session.failure_count('address', addr, 1);
    if a.is_live and a.password_phc is not null then
        account_id := a.account_id; password_phc := a.password_phc;
        totp_secret := a.totp_secret; totp_last_step := a.totp_last_step;
    end if;
end $$;
comment on function session.login_begin(text, inet) is $$
First half of a sign-in: what C needs to verify the password. Counts the attempt; login_end takes it back on success.
out: account_id NULL when there is nothing to verify (C then hashes a dummy); wait_s > 0 when throttled$$;

create function session.session_make(p_staff bigint, p_secret bytea, p_agent text, p_address inet, p_certificate bytea,
    p_life interval) returns text
language plpgsql security definer set search_path = '' as $$
declare f record; at timestamptz := core.now();
begin
    select s.role, s.role_bit, s.dealer_id into f from core.staff s where s.staff_id = p_staff and s.is_active;
    insert into session.session (secret_hash, staff_id, letter, agent, address, certificate_hash, created_at, seen_at,
        authenticated_at, idle_until, expires_at)
    values (sha256(p_secret), p_staff, session.letter_of(f.role_bit)::"char", left(p_agent, 200), p_address, p_certificate,
        at, at, at, at + least(p_life, interval '30 minutes'), at + p_life);
    -- at most 50 live sessions a person: the oldest ends
    update session.session x set revoked_at = at where x.session_id in (
        select y.session_id from session.session y where y.staff_id = p_staff and y.revoked_at is null
        order by y.session_id desc offset 50);
    insert into core.ledger (at, staff_id, dealer_id, role, kind, rule)
    values (at, p_staff, f.dealer_id, f.role, 'session.begin', 'A2');
    return f.role;
end $$;
comment on function session.session_make(bigint, bytea, text, inet, bytea, interval) is 'Store a session and its ledger row. out: fine role';

create function session.login_end(p_account bigint, p_login text, p_address inet, p_is_ok boolean, p_secret bytea,
    p_agent text, p_totp_step bigint, out letter text, out role text)
language plpgsql security definer set search_path = '' as $$
declare a record; v_key text; addr text := session.address_key(p_address); is_ok boolean := p_is_ok;
begin
    select c.account_id, c.staff_id, c.totp_secret, f.role_bit, f.role, f.dealer_id into a
    from session.account c join core.staff f on f.staff_id = c.staff_id
    where c.account_id = p_account and f.is_active for update of c;
    is_ok := coalesce(is_ok, false) and found;
    if is_ok and a.totp_secret is not null then
        if p_totp_step > 0 then        -- each step works once
            update session.account c set totp_last_step = p_totp_step
            where c.account_id = p_account and c.totp_last_step < p_totp_step;
            is_ok := found;
        else                           -- a recovery code used just before
            is_ok := p_totp_step = -1 and exists (select from session.recovery_code r
                where r.account_id = p_account and r.used_at > core.now() - interval '1 minute');
        end if;
    end if;
    if is_ok then
        v_key := a.account_id::text;
        delete from session.failure x where x.kind = 'pair' and x.key = v_key || '@' || addr;
        perform session.failure_count('account', v_key, -1), session.failure_count('address', addr, -1);
        role := session.session_make(a.staff_id, p_secret, p_agent, p_address, null, interval '12 hours');
        letter := session.letter_of(a.role_bit);
    else
        insert into core.ledger (at, staff_id, dealer_id, role, kind, rule)
        values (core.now(), a.staff_id, a.dealer_id, a.role, 'session.refused', 'A2');
    end if;
end $$;
comment on function session.login_end(bigint, text, inet, boolean, bytea, text, bigint) is $$
Second half of a sign-in. A good one makes the session of sha256(p_secret); a bad one stays counted.
in: p_totp_step the step whose code was verified; -1 after session.recovery_use said true; NULL without second factor
out: letter and role; both NULL = refused (also when the step was used before)$$;

create function session.challenge_open(p_account bigint, p_secret bytea) returns void
language plpgsql security definer set search_path = '' as $$
begin
    insert into session.challenge (secret_hash, account_id, expires_at)
    values (sha256(p_secret), p_account, core.now() + interval '5 minutes');
end $$;
comment on function session.challenge_open(bigint, bytea) is 'Between password and second factor: five minutes, five tries.';

create function session.challenge_get(p_secret bytea, out account_id bigint, out login text, out totp_secret bytea,
    out totp_last_step bigint, out tries int)
returns setof record language plpgsql security definer set search_path = '' as $$
declare c record;
begin
    update session.challenge x set tries = x.tries + 1
    where x.secret_hash = sha256(p_secret) and x.expires_at > core.now() and x.tries < 5 returning x.account_id, x.tries into c;
    if not found then return; end if;
    if c.tries > 1 then perform session.failure_count('account', c.account_id::text, 1); end if;
    return query select a.account_id, a.login, a.totp_secret, a.totp_last_step, c.tries::int
                 from session.account a where a.account_id = c.account_id;
end $$;
comment on function session.challenge_get(bytea) is $$
Take one try of a challenge. The first is the attempt that login_begin counted; each further one counts on the account as a
failure of its own, so that guessing codes is slowed down like guessing passwords.
out: no row when it is unknown, expired or used up$$;

create function session.recovery_use(p_account bigint, p_code_hash bytea) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
    update session.recovery_code r set used_at = core.now()
    where r.account_id = p_account and r.code_hash = p_code_hash and r.used_at is null;
    return found;
end $$;
comment on function session.recovery_use(bigint, bytea) is 'Use up a recovery code. in: SHA-256 of the code';
