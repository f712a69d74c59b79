-- SPDX-License-Identifier: Apache-2.0
-- Who is calling: the bind that begins every transaction, repeats, own sessions, links, certificates (sign-in: core/signin.sql).
--
-- session.bind is the only door: it turns a session secret into the identity that row policies read. Its owner, binder, is
-- the only role that may set that identity. Functions named for `login` run before anybody is known; their answers do
-- not tell whether a login exists. Secrets are stored as SHA-256 only; passwords arrive as Argon2id strings made in C.

create function session.letter_of(p_role_bit int) returns text language sql immutable as $$
select case when p_role_bit <= 8 or p_role_bit >= 1024 then 'H' when p_role_bit <= 128 then 'D' when p_role_bit = 256 then 'A' else 'S' end $$;
comment on function session.letter_of(int) is 'Class letter of a fine role: H head office, D dealer, A auditor, S system.';

create function session.login_of(p_letter text) returns name language sql immutable as $$
select (case p_letter when 'H' then 'head_office' when 'D' then 'dealer' when 'A' then 'auditor' else 'system' end)::name $$;
comment on function session.login_of(text) is 'Database login of a class letter.';

create function session.role_name() returns text language sql stable as $$
select case session.role_bit() when 1 then 'admin' when 2 then 'marketer' when 4 then 'router' when 8 then 'arbiter'
  when 16 then 'manager' when 32 then 'seller' when 64 then 'adviser' when 128 then 'operator' when 256 then 'auditor'
  when 512 then 'system' when 1024 then 'steward' when 2048 then 'dpo' end $$;
comment on function session.role_name() is 'Fine role of the caller by name, or NULL.';

-- --- the bind -----------------------------------------------------------------------------------------------------

create function session.identify(p_staff bigint, p_dealer int, p_role_bit int, p_session bigint, p_request text,
    p_route text, p_lang text, p_idem bigint) returns text
language sql as $$
select set_config('clientele.identity', concat(p_staff, '|', nullif(p_dealer, 0), '|', p_role_bit, '|', p_session, '|',
    left(translate(p_request, '|', '/'), 100), '|', left(translate(p_route, '|', '/'), 100), '|', p_lang, '|', p_idem), true) $$;
comment on function session.identify(bigint, int, int, bigint, text, text, text, bigint) is
'Set the identity of this transaction. Invoker rights: it works in the binder''s hands alone. in: p_dealer 0 = head office';

create function session.idempotency_begin(p_staff bigint, p_route text, p_key text, p_hash bytea) returns bigint
language plpgsql as $$
declare made bigint; hash bytea; kept bytea := core.key_hash(encode(p_hash, 'hex'));
begin
    -- keyed: a body may hold a document's number (R20), and a plain hash of all but ten digits gives those away
    if not pg_try_advisory_xact_lock(hashtextextended(p_staff || '|' || p_route || '|' || p_key, 7)) then
        perform core.fail('ZC409');
    end if;
    insert into session.idempotency as i (staff_id, route, key, request_hash) values (p_staff, p_route, p_key, kept)
    on conflict (staff_id, route, key) do update set request_hash = excluded.request_hash, answer = null, status = null, at = excluded.at
    where i.at <= core.now() - interval '24 hours'
    returning i.idem_id into made;
    if made is null then
        select i.request_hash into hash from session.idempotency i where i.staff_id = p_staff and i.route = p_route and i.key = p_key;
        if hash <> kept then perform core.fail('ZC422'); end if;
        perform core.fail('ZC290');
    end if;
    return made;
end $$;
comment on function session.idempotency_begin(bigint, text, text, bytea) is $$
Reserve an Idempotency-Key for this transaction. Invoker rights: it works in the binder's hands alone.
errors: ZC409 the same request is running, ZC422 the key was used with another body, ZC290 answered: replay it$$;

create function session.bind(p_secret bytea, p_roles int, p_route text, p_mode text, p_subject text, p_request text,
    p_lang text default null, p_idem_key text default null, p_idem_hash bytea default null) returns text
language plpgsql security definer set search_path = '' as $$
declare s record; at timestamptz := core.now(); idem bigint; done text;
begin
    -- in the path of every request: an assignment runs as an expression, PERFORM as a query of its own (0.02 ms each)
    select x.session_id, x.staff_id, x.letter::text as letter, x.seen_at, x.idle_until, x.expires_at, x.revoked_at,
           x.certificate_hash, f.dealer_id, f.role, f.role_bit, f.is_active, f.lang into s
    from session.session x join core.staff f on f.staff_id = x.staff_id
    where x.secret_hash = sha256(p_secret);
    if not found or s.revoked_at is not null or s.idle_until <= at or s.expires_at <= at or not s.is_active
       or s.letter <> session.letter_of(s.role_bit) or session_user <> session.login_of(s.letter) then
        perform core.fail('ZC401');
    end if;
    if s.letter = 'S' then                       -- a revoked certificate ends its tokens at once (threat 34)
        if exists (select from session.certificate c where c.spki_sha256 = s.certificate_hash and c.revoked_at is not null) then
            perform core.fail('ZC401');
        end if;
    end if;
    if s.role_bit & p_roles = 0 then perform core.fail('ZC403'); end if;
    if p_mode not in ('w', 'e') then done := set_config('synchronous_commit', 'off', true); end if;
    if s.seen_at < at - interval '1 minute' and s.letter <> 'S' then
        update session.session x set seen_at = at, idle_until = least(at + interval '30 minutes', x.expires_at)
        where x.session_id = (select y.session_id from session.session y where y.session_id = s.session_id
                              for no key update skip locked);
    end if;
    if p_idem_key is not null and p_mode in ('w', 'p') then
        idem := session.idempotency_begin(s.staff_id, p_route, p_idem_key, p_idem_hash);
    end if;
    done := session.identify(s.staff_id, s.dealer_id, s.role_bit, s.session_id, p_request, p_route,
        case when p_lang in ('ru', 'en') then p_lang else s.lang end, idem);
    if p_mode in ('a', 'e') then
        insert into core.ledger (at, staff_id, dealer_id, role, session_id, request_id, kind, subject, rule)
        values (at, s.staff_id, s.dealer_id, s.role, s.session_id, p_request, 'read.' || p_route, left(p_subject, 200), 'R133');
    end if;
    if p_mode not in ('w', 'p', 'e') then done := set_config('transaction_read_only', 'on', true); end if;
    return s.role;
end $$;
comment on function session.bind(bytea, int, text, text, text, text, text, text, bytea) is $$
Begin a request: find the session, set the identity for this transaction, audit a read, reserve a repeat key.
in: p_secret 32 bytes of the cookie or token; p_roles mask of fine roles allowed; p_mode 'r' read, 'a' audited read, 'w'
    write, 'p' write whose caller calls session.flush before it tells anybody of it, 'e' audited read of a file, which
    session.export_open makes read-only when it has let it go; p_subject what is read;
    p_request id of the request in the log
out: name of the fine role. Afterwards reads are transaction_read_only; 'w' alone waits for the disk at its commit
errors: ZC401 no live session, or letter, role and database login disagree; ZC403 role not allowed;
    ZC409, ZC422, ZC290 as session.idempotency_begin
cost: one index lookup and a join; at most once a minute one update; idle 30 min, absolute 12 h$$;

create function session.flush() returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform pg_catalog.pg_logical_emit_message(true, 'clientele', '');
end $$;
comment on function session.flush() is $$
Its commit is the proof that every commit which returned before this call began is on disk: the log is one sequence, and this
transaction writes a record and has an xid, so PostgreSQL flushes the log up to it (one without either would not be flushed).
in: a transaction of its own whose synchronous_commit was not turned off    cost: one flush of the disk, shared by all it covers$$;

create function session.bind_job(p_job bigint, p_lease bytea) returns text
language plpgsql security definer set search_path = '' as $$
declare j record;
begin
    select b.public_id, b.staff_id, b.letter::text as letter, b.role as ordered_as, f.dealer_id, f.role, f.role_bit,
           f.is_active, f.lang into j
    from core.job b left join core.staff f on f.staff_id = b.staff_id
    where b.job_id = p_job and b.lease = p_lease and b.lease_until > core.now() and b.state = 'RUNNING';
    if not found or session_user <> session.login_of(j.letter) then perform core.fail('ZC401'); end if;
    if j.staff_id is null and j.letter = 'S' then          -- nightly work that nobody ordered
        perform session.identify(null, null, 512, null, 'job-' || j.public_id, 'job', null, null);
        return 'system';
    end if;
    if not coalesce(j.is_active, false) or j.role <> j.ordered_as or j.letter <> session.letter_of(j.role_bit) then
        perform core.fail('ZC403');
    end if;
    perform session.identify(j.staff_id, j.dealer_id, j.role_bit, null, 'job-' || j.public_id, 'job', j.lang, null);
    return j.role;
end $$;
comment on function session.bind_job(bigint, bytea) is $$
Begin one step of a job as the one who ordered it.
errors: ZC401 no such lease or the wrong database login, ZC403 the staff member left or has another role now
source: threat 17 (confused deputy)$$;

create function session.refused(p_secret bytea, p_route text, p_subject text, p_request text) returns void
language sql security definer set search_path = '' as $$
insert into core.ledger (at, staff_id, dealer_id, role, session_id, request_id, kind, subject, rule)
select core.now(), f.staff_id, f.dealer_id, f.role, x.session_id, p_request, 'refused.' || p_route, left(p_subject, 200), 'R133'
from session.session x join core.staff f on f.staff_id = x.staff_id where x.secret_hash = sha256(p_secret) $$;
comment on function session.refused(bytea, text, text, text) is $$
Record an attempt that the bind refused with ZC403; called in a transaction of its own.    source: R138, S24$$;

create function session.remember(p_answer json) returns json
language plpgsql security definer set search_path = '' as $$
begin
    update session.idempotency i set answer = p_answer, status = (p_answer ->> 'status_')::int
    where i.idem_id = session.idem_id();
    return p_answer;
end $$;
comment on function session.remember(json) is 'Keep the answer of this request for its repeats, in the same transaction. out: the answer';

create function session.replay(p_secret bytea, p_route text, p_key text, out answer json, out status int)
language sql stable security definer set search_path = '' as $$
select i.answer, i.status
from session.session x join session.idempotency i on i.staff_id = x.staff_id and i.route = p_route and i.key = p_key
where x.secret_hash = sha256(p_secret) and x.revoked_at is null and x.expires_at > core.now()
  and session_user = session.login_of(x.letter::text) and i.at > core.now() - interval '24 hours' $$;
comment on function session.replay(bytea, text, text) is 'The stored answer of an Idempotency-Key, after ZC290. out: answer, status (NULL = the usual one)';

-- --- second factor, own sessions (called after a bind) ------------------------------------------------------------

create function session.totp_begin(p_secret bytea) returns text
language plpgsql security definer set search_path = '' as $$
declare name text;
begin
    if exists (select from session.account a where a.staff_id = session.staff() and a.totp_secret is not null)
       and not exists (select from session.session s where s.session_id = session.session_id()
                       and s.authenticated_at > core.now() - interval '10 minutes') then
        perform core.fail('ZC414');
    end if;
    update session.account a set totp_pending = p_secret where a.staff_id = session.staff() returning a.login into name;
    return name;
end $$;
comment on function session.totp_begin(bytea) is $$
Keep a new second factor until its first code.  in: ciphertext of the secret   out: login, for the otpauth address
errors: ZC414 replacing one needs a sign-in of the last 10 minutes$$;

create function session.totp_pending(out totp_pending bytea)
language sql stable security definer set search_path = '' as $$
select a.totp_pending from session.account a where a.staff_id = session.staff() $$;
comment on function session.totp_pending() is 'Ciphertext of the second factor not yet confirmed, or NULL.';

create function session.totp_confirm(p_step bigint, p_code_hashes bytea[]) returns void
language plpgsql security definer set search_path = '' as $$
declare acc bigint;
begin
    update session.account a set totp_secret = a.totp_pending, totp_pending = null, totp_last_step = p_step
    where a.staff_id = session.staff() and a.totp_pending is not null returning a.account_id into acc;
    if acc is null then perform core.fail('ZC410'); end if;
    delete from session.recovery_code r where r.account_id = acc;
    insert into session.recovery_code (account_id, code_hash) select acc, h from unnest(p_code_hashes) h;
    perform core.ledger_add('session.second_factor', null, null, 'A2');
end $$;
comment on function session.totp_confirm(bigint, bytea[]) is 'The pending second factor becomes the real one, with fresh recovery codes.';

create function session.has_totp(p_staff bigint) returns boolean
language sql stable security definer set search_path = '' as $$
select exists (select from session.account a where a.staff_id = p_staff and a.totp_secret is not null) $$;
comment on function session.has_totp(bigint) is 'Whether a member of staff signs in with a second factor.';

create function session.revoke(p_staff bigint, p_session uuid default null, p_but bigint default null) returns int
language plpgsql security definer set search_path = '' as $$
declare n int;
begin
    update session.session s set revoked_at = core.now()
    where s.staff_id = p_staff and s.revoked_at is null and (p_session is null or s.public_id = p_session)
      and s.session_id is distinct from p_but;
    get diagnostics n = row_count;
    if n > 0 then perform core.event_add(p_staff, 'session.revoked', '{}'); end if;
    return n;
end $$;
comment on function session.revoke(bigint, uuid, bigint) is $$
End sessions of a member of staff and close his streams.
in: p_session one of them, NULL = all; p_but a session_id to spare    out: how many ended$$;

create function session.logout() returns void language plpgsql security definer set search_path = '' as $$
begin
    perform session.revoke(session.staff(), s.public_id) from session.session s where s.session_id = session.session_id();
end $$;
comment on function session.logout() is 'End the caller''s session and its streams.';

create function session.logout_everywhere() returns void language plpgsql security definer set search_path = '' as $$
begin perform session.revoke(session.staff()); end $$;
comment on function session.logout_everywhere() is 'End every session of the caller.';

-- --- links, certificates (accounts: core/account.sql) --------------------------------------------------------------------------------

create function session.link_open(p_login text, p_kind text, p_address inet) returns void
language plpgsql security definer set search_path = '' as $$
declare a record; addr text := session.address_key(p_address);
begin
    if (session.failures('link', addr)).n >= 20 then return; end if;
    perform session.failure_count('link', addr, 1);
    select c.account_id, c.staff_id into a from session.account c join core.staff f on f.staff_id = c.staff_id
    where c.login = lower(btrim(p_login)) and f.is_active and f.role <> 'system';
    if not found or (session.failures('link', 'a' || a.account_id)).n >= 5 then return; end if;
    perform session.failure_count('link', 'a' || a.account_id, 1);
    perform core.mail_staff(a.staff_id, 'reset', session.link_make(a.staff_id, 'reset'));
end $$;
comment on function session.link_open(text, text, inet) is $$
Mail a password link when the login exists; the answer is the same when it does not.
guard: five links an account and hour, twenty an address$$;

create function session.link_get(p_link uuid, out account_id bigint, out kind text, out login text)
returns setof record language sql stable security definer set search_path = '' as $$
select a.account_id, l.kind, a.login from session.link l join session.account a on a.account_id = l.account_id
where l.link = p_link and l.used_at is null and l.expires_at > core.now() $$;
comment on function session.link_get(uuid) is 'What a link is for; no row when used, expired or unknown.';

create function session.password_set(p_link uuid, p_phc text) returns void
language plpgsql security definer set search_path = '' as $$
declare a record;
begin
    update session.link l set used_at = core.now()
    where l.link = p_link and l.used_at is null and l.expires_at > core.now() returning l.account_id, l.kind into a;
    if not found then perform core.fail('ZC411'); end if;
    update session.link l set used_at = core.now() where l.account_id = a.account_id and l.used_at is null;
    update session.account c set password_phc = p_phc, epoch = c.epoch + 1 where c.account_id = a.account_id;
    perform session.revoke(c.staff_id) from session.account c where c.account_id = a.account_id;
    if a.kind = 'reset' then
        perform core.mail_staff(c.staff_id, 'password_changed', null) from session.account c where c.account_id = a.account_id;
    end if;
    insert into core.ledger (at, staff_id, dealer_id, role, kind, rule)
    select core.now(), f.staff_id, f.dealer_id, f.role, 'session.password', 'A2'
    from session.account c join core.staff f on f.staff_id = c.staff_id where c.account_id = a.account_id;
end $$;
comment on function session.password_set(uuid, text) is $$
Set a password by a link, once; ends every session and tells the owner by mail.
in: p_phc Argon2id string made in C    errors: ZC411 the link is used, expired or unknown$$;

create function session.enrol_code_use(p_code_hash bytea, p_spki_sha256 bytea, out dealer uuid, out name text)
language plpgsql security definer set search_path = '' as $$
declare d int; s bigint;
begin
    update session.enrol_code e set used_at = core.now()
    where e.code_hash = p_code_hash and e.used_at is null and e.expires_at > core.now() returning e.dealer_id into d;
    if d is null then perform core.fail('ZC411', 'code'); end if;
    select f.staff_id into s from core.staff f where f.dealer_id = d and f.role = 'system' and f.is_active
    order by f.staff_id limit 1;
    if s is null then perform core.fail('ZC411', 'code'); end if;
    insert into session.certificate (spki_sha256, dealer_id, staff_id, enrolled_at) values (p_spki_sha256, d, s, core.now());
    insert into core.ledger (at, staff_id, dealer_id, role, kind, rule) values (core.now(), s, d, 'system', 'certificate.enrol', 'A2');
    select x.public_id, x.name into dealer, name from core.dealer x where x.dealer_id = d;
end $$;
comment on function session.enrol_code_use(bytea, bytea) is $$
Bind a dealer's key to the dealer by a one-time code.  in: SHA-256 of the code, SHA-256 of the public key (SPKI)
errors: ZC411$$;

create function session.certificate_session(p_spki_sha256 bytea, p_secret bytea, out dealer uuid, out role text)
returns setof record language plpgsql security definer set search_path = '' as $$
declare c record;
begin
    select x.staff_id, d.public_id into c from session.certificate x
    join core.staff f on f.staff_id = x.staff_id and f.is_active
    join core.dealer d on d.dealer_id = x.dealer_id and d.is_active
    where x.spki_sha256 = p_spki_sha256 and x.revoked_at is null;
    if not found then return; end if;
    perform core.link_note((select f.dealer_id from core.staff f where f.staff_id = c.staff_id));       -- R156: the line is up
    dealer := c.public_id;
    role := session.session_make(c.staff_id, p_secret, 'token', null, p_spki_sha256, interval '10 minutes');
    return next;
end $$;
comment on function session.certificate_session(bytea, bytea) is $$
Session of a dealer's system for one token: 10 minutes.    out: no row when the certificate is not mapped$$;

-- --- streams, cleaning --------------------------------------------------------------------------------------------

create function session.events_after(p_id bigint, p_limit int, out id bigint, out staff_id bigint, out kind text, out payload json)
returns setof record language plpgsql stable security definer set search_path = '' as $$
begin
    if p_id < 0 then
        return query select coalesce(max(e.event_id), 0), null::bigint, 'start'::text, '{}'::json from core.event e
                     where e.xid < pg_snapshot_xmin(pg_current_snapshot());
    else
        return query select e.event_id, e.staff_id, e.kind, e.payload::json from core.event e
                     where e.event_id > p_id and e.xid < pg_snapshot_xmin(pg_current_snapshot())
                     order by e.event_id limit least(p_limit, 1000);
    end if;
end $$;
alter function session.events_after(bigint, int) owner to engine;
comment on function session.events_after(bigint, int) is $$
Events after a number, settled ones only, so that a late commit is never skipped.
in: p_id -1 = only the present end, as one row of kind 'start'    out: at most 1000 in order$$;

create function session.forget(p_ids uuid[]) returns void language plpgsql security definer set search_path = '' as $$
begin
    delete from session.idempotency i where exists (select from unnest(p_ids) x(id) where i.answer::text like '%' || x.id || '%');
end $$;
comment on function session.forget(uuid[]) is 'Drop kept answers that name one of these people: a repeat must not bring an erased person back. cost: the answers of a day. source: R149';

create function session.sweep() returns void language plpgsql security definer set search_path = '' as $$
declare v_at timestamptz := core.now(); v_staff bigint[];
begin
    delete from session.idempotency i where i.at < v_at - interval '24 hours';
    delete from session.failure f where f.window_at < v_at - interval '2 hours';
    delete from session.challenge c where c.expires_at < v_at;
    with ended as (
        update session.session s set revoked_at = v_at
        where s.revoked_at is null and s.letter <> 'S' and (s.idle_until <= v_at or s.expires_at <= v_at) returning s.staff_id)
    select array_agg(distinct e.staff_id) into v_staff from ended e;
    perform core.event_add(x, 'session.revoked') from unnest(v_staff) x;
    delete from session.session s where s.letter = 'S' and s.expires_at < v_at - interval '1 day';
    delete from session.session s where coalesce(s.revoked_at, s.expires_at) < v_at - interval '90 days';
    delete from session.link l where l.expires_at < v_at - interval '30 days';
    delete from session.enrol_code e where e.expires_at < v_at - interval '30 days';
end $$;
comment on function session.sweep() is $$
End the streams of sessions that idled away or grew old, and delete what has ended: repeats after 24 h, counts, challenges,
old sessions and links. Safe to run twice.$$;
