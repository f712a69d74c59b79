-- SPDX-License-Identifier: Apache-2.0
-- The bind, repeats, sign-in and its throttles, links, certificates, streams.
begin;
\i tests/sql/fixture.sql
select plan(73);

-- Binds in a subtransaction of its own; what it set is undone. out: what the expression after it says, or the SQLSTATE.
create function test.bind(p_user name, p_secret text, p_roles int, p_mode text, p_then text, p_key text default null, p_hash bytea default null)
returns text language plpgsql as $$
declare v text;
begin
    begin
        execute format('set local session authorization %I', p_user);
        perform session.bind(convert_to(p_secret, 'UTF8'), p_roles, 'people_get', p_mode, 'subject-1', 'rq-1', null, p_key, p_hash);
        execute 'select (' || p_then || ')::text' into v;
        raise exception using errcode = 'ZZ000', message = coalesce(v, '<null>');
    exception when sqlstate 'ZZ000' then return sqlerrm; when others then return sqlstate;
    end;
end $$;

select is(test.bind('dealer', 'seller_a', 32, 'w', 'session.staff()'), test.staff('seller_a')::text, 'the bind tells who is calling');
select is(test.bind('dealer', 'seller_a', 32, 'w', 'session.dealer()'), '1', 'and for which dealer');
select is(test.bind('head_office', 'router', 4, 'w', 'session.dealer()'), '<null>', 'head office has no dealer');
select is(test.bind('dealer', 'seller_a', 16, 'w', '1'), 'ZC403', 'a role that the route does not name is refused');
select is(test.bind('dealer', 'nobody', 1023, 'w', '1'), 'ZC401', 'an unknown secret is refused');
select is(test.bind('head_office', 'seller_a', 1023, 'w', '1'), 'ZC401', 'a session on a connection of another class is refused');
select is(test.bind('dealer', 'router', 1023, 'w', '1'), 'ZC401', 'in both directions');
select is(test.bind('login', 'seller_a', 1023, 'w', '1'), '42501', 'login cannot bind at all');
select is(test.bind('dealer', 'seller_a', 32, 'r', 'current_setting(''transaction_read_only'')'), 'on', 'a read is read only');
select is(test.bind('dealer', 'seller_a', 32, 'a', 'current_setting(''synchronous_commit'')'), 'off', 'an audited read does not wait for the disk');
select is(test.bind('dealer', 'seller_a', 32, 'r', 'current_setting(''synchronous_commit'')'), 'off', 'nor does a plain one');
-- the two writes: alike but for the flush, which the caller of 'p' does himself before he tells anybody
select is(test.bind('dealer', 'seller_a', 32, 'w', 'current_setting(''synchronous_commit'')'), 'on', 'a write is on disk when its commit returns');
select is(test.bind('dealer', 'seller_a', 32, 'p', 'current_setting(''synchronous_commit'')'), 'off', 'a padded one is not: session.flush follows it');
select is(test.bind('dealer', 'seller_a', 32, 'w', 'current_setting(''transaction_read_only'')'), 'off', 'a write may write');
select is(test.bind('dealer', 'seller_a', 32, 'p', 'current_setting(''transaction_read_only'')'), 'off', 'a padded one too');
select is(test.bind('dealer', 'seller_a', 16, 'p', '1'), 'ZC403', 'and is refused as any other');
select is((select count(*) from pg_proc p where p.oid = 'session.flush()'::regprocedure and p.prosecdef and p.proowner = 'binder'::regrole), 1::bigint, 'the flush is the binder''s');
-- the ledger row of a read is seen only while its transaction lives: look at it from within
select is(test.bind('auditor', 'auditor', 256, 'a', '(select count(*) from core.ledger l where l.kind = ''read.people_get'' and l.subject = ''subject-1'' and l.staff_id = session.staff())'), '1', 'and is in the ledger with its subject');
update session.session set letter = 'H' where secret_hash = sha256('seller_b');
select is(test.bind('dealer', 'seller_b', 1023, 'w', '1'), 'ZC401', 'a letter that disagrees with the role is refused');
update session.session set letter = 'D' where secret_hash = sha256('seller_b');
update core.staff set role = 'adviser' where staff_id = test.staff('seller_a2');
select is(test.bind('dealer', 'seller_a2', 32, 'w', '1'), 'ZC403', 'a changed role holds at the next request (threat 15)');
select is(test.bind('dealer', 'seller_a2', 64, 'w', 'session.role_name()'), 'adviser', 'in the new role');
update core.staff set is_active = false where staff_id = test.staff('seller_a2');
select is(test.bind('dealer', 'seller_a2', 1023, 'w', '1'), 'ZC401', 'a leaver is out at once');
select test.after(1799);
select is(test.bind('dealer', 'seller_a', 32, 'w', '1'), '1', 'alive before 30 idle minutes');
select test.after(1801);
select is(test.bind('dealer', 'seller_a', 32, 'w', '1'), 'ZC401', 'dead after');
select test.after(120);
select is(test.bind('dealer', 'seller_a', 32, 'r', '(select s.idle_until > core.now() + interval ''29 minutes'' from session.session s)'), 'true', 'a read renews the half hour, at most once a minute');
update session.session set idle_until = core.now() + interval '20 hours';
select test.after(12 * 3600 + 1);
select is(test.bind('dealer', 'seller_a', 32, 'w', '1'), 'ZC401', 'twelve hours are the end');
select test.after(0);
update session.session set revoked_at = core.now() where secret_hash = sha256('seller_d');
select is(test.bind('dealer', 'seller_d', 1023, 'w', '1'), 'ZC401', 'a revoked session is dead');

-- repeats
set local session authorization dealer;
select session.bind('seller_a', 1023, 'r1', 'w', null, 'rq', null, 'k1', '\x01');
select session.remember('{"a": 1, "status_": 202}');
set local session authorization default;
select is((select (answer ->> 'a') || status from session.idempotency), '1202', 'the answer and its status are kept');
select is(test.bind('dealer', 'seller_a', 1023, 'w', '1', 'k1', '\x01'), '1', 'another route is another key');
create function test.rebind(p_hash bytea, p_mode text default 'w') returns text language plpgsql as $$
begin
    execute 'set local session authorization dealer';
    perform session.bind('seller_a', 1023, 'r1', p_mode, null, 'rq', null, 'k1', p_hash);
    execute 'set local session authorization default';
    return 'bound';
exception when others then return sqlstate;
end $$;
select is(test.rebind('\x01'), 'ZC290', 'the same request again is answered from store');
select is(test.rebind('\x01', 'p'), 'ZC290', 'a padded write keeps to its key too');
select is(test.rebind('\x02'), 'ZC422', 'the same key with another body is refused');
set local session authorization dealer;
select set_config('test.replay', (select answer ->> 'a' from session.replay('seller_a', 'r1', 'k1')), true), set_config('test.replay_b', coalesce((select answer ->> 'a' from session.replay('seller_b', 'r1', 'k1')), 'none'), true);
set local session authorization default;
select is(current_setting('test.replay'), '1', 'replayed to its owner');
select is(current_setting('test.replay_b'), 'none', 'and to nobody else');
select test.wait('25 hours'); select session.sweep();
select is((select count(*) from session.idempotency), 0::bigint, 'kept for 24 hours');

-- sign-in
create function test.begin(p_login text, p_address inet default '10.0.0.1') returns record language sql as $$ select session.login_begin(p_login, p_address) $$;
create function test.login(p_login text, p_ok boolean, p_address inet default '10.0.0.1', p_step bigint default null) returns text language plpgsql as $$
declare b record;
begin
    b := session.login_begin(p_login, p_address);
    if b.wait_s > 0 then return 'wait ' || b.wait_s; end if;
    return coalesce((session.login_end(b.account_id, p_login, p_address, p_ok, gen_random_uuid()::text::bytea, 'agent', p_step)).role, 'refused');
end $$;
select is((session.login_begin('seller_b', '10.9.9.9')).password_phc, '$argon2id$test', 'the hash goes to C');
select is((session.login_begin('SELLER_B ', '10.9.9.9')).account_id is not null, true, 'logins do not care for case and blanks');
select is((session.login_begin('stranger', '10.9.9.8')).account_id, null, 'an unknown login gives nothing to verify');
select is(test.login('seller_b', true), 'seller', 'a good sign-in makes a session');
select is((select count(*) from core.ledger where kind = 'session.begin'), 1::bigint, 'it is in the ledger');
select is(array_agg(test.login('manager_b', false)), '{refused,refused,refused,"wait 1"}', 'three failures are free, then one waits') from generate_series(1, 4);
select test.wait('2 seconds');
select is(array_agg(test.login('manager_b', false)), '{refused,"wait 2"}', 'each time twice as long') from generate_series(1, 2);
select test.wait('3 seconds');
select is(test.login('manager_b', true), 'manager', 'the right password after the wait');
select is(test.login('manager_b', false), 'refused', 'a success clears the pair');
-- guessing from many addresses: at most 100 an hour, and the owner signs in from his own place
create temp table guess as select test.login('manager_b', false, ('10.' || i / 250 || '.' || i % 250 || '.7')::inet) as r, test.wait('5 seconds')::text as w from generate_series(1, 700) i;
select cmp_ok((select count(*) from guess where r = 'refused'), '<=', 100::bigint, 'a hundred guesses an hour and account at most');
select is(test.login('manager_b', true), 'manager', 'the owner is not locked out of his own place');
select is(test.login('manager_b', true, '10.200.0.1') like 'wait%', true, 'a stranger''s address waits');

-- second factor
update session.account set totp_secret = '\x00', totp_last_step = 10 where login = 'seller_c';
select is(test.login('seller_c', true), 'refused', 'a second factor cannot be left out');
select is(test.login('seller_c', true, p_step => 11), 'seller', 'a new step signs in');
select is(test.login('seller_c', true, p_step => 11), 'refused', 'a step works once');
select is(test.login('seller_c', true, p_step => -1), 'refused', 'a recovery must have been used');
insert into session.recovery_code select account_id, '\xaa' from session.account where login = 'seller_c';
select is((select session.recovery_use(account_id, '\xaa') from session.account where login = 'seller_c'), true, 'a recovery code works');
select test.wait('10 seconds');
select is(test.login('seller_c', true, p_step => -1), 'seller', 'and signs in');
select is((select session.recovery_use(account_id, '\xaa') from session.account where login = 'seller_c'), false, 'once');
select session.challenge_open((select account_id from session.account where login = 'seller_c'), 'ch');
select is((select array_agg(c.tries) from generate_series(1, 7) i left join lateral session.challenge_get(('ch' || left(i::text, 0))::bytea) c on true), '{1,2,3,4,5,NULL,NULL}', 'a challenge has five tries');

-- who knows the password and guesses the code: each code is a guess, or five of them would count as one
select test.wait('2 hours'); select session.sweep();
create function test.guess_codes(p_login text, p_address inet, p_secret bytea) returns int language plpgsql as $$
declare b record;
begin
    b := session.login_begin(p_login, p_address);
    if b.wait_s > 0 then return 0; end if;
    perform session.challenge_open(b.account_id, p_secret);
    for i in 1 .. 5 loop perform session.challenge_get(p_secret); end loop;
    return 5;
end $$;
create temp table codes as select test.guess_codes('seller_c', ('10.' || i / 250 || '.' || i % 250 || '.8')::inet, convert_to('c' || i, 'UTF8')) as n,
    test.wait('5 seconds')::text as w from generate_series(1, 700) i;
select cmp_ok((select sum(n) from codes), '<=', 120::bigint, 'a hundred codes an hour and account, and those of four challenges');

-- a stream ends with its session
select test.wait('2 hours');
insert into session.session (secret_hash, staff_id, letter, created_at, seen_at, authenticated_at, idle_until, expires_at)
select '\xab', test.staff('manager_a'), 'D', core.now(), core.now(), core.now(), core.now() + interval '1 minute', core.now() + interval '12 hours';
select session.sweep();
create temp table told as select count(*) as n from core.event where kind = 'session.revoked' and staff_id = test.staff('manager_a');
update session.session set idle_until = core.now() where secret_hash = '\xab'; select session.sweep();
select is((select revoked_at is not null from session.session where secret_hash = '\xab'), true, 'a session that idled away is ended by the clock');
select is((select count(*) from core.event where kind = 'session.revoked' and staff_id = test.staff('manager_a')), (select n + 1 from told), 'and its stream with it');
select session.sweep();
select is((select count(*) from core.event where kind = 'session.revoked' and staff_id = test.staff('manager_a')), (select n + 1 from told), 'once');

-- links
select session.link_open('seller_b', 'reset', '10.0.0.1'); select session.link_open('stranger', 'reset', '10.0.0.1');
select is((select count(*) from session.link), 1::bigint, 'a link for the login that exists, the same answer for the other');
select is((select body like '%{{password_url}}%' and address = 'seller_b@staff.example' from core.message), true, 'it is in the mail queue');
select is((select login from session.link_get((select link from session.link))), 'seller_b', 'the link knows its login');
select session.password_set((select link from session.link), 'new-phc');
select is((select password_phc from session.account where login = 'seller_b'), 'new-phc', 'the password is set');
select is((select count(*) from session.session where staff_id = test.staff('seller_b') and revoked_at is null), 0::bigint, 'every session ends');
select is((select count(*) from core.event where kind = 'session.revoked' and staff_id = test.staff('seller_b')), 1::bigint, 'and every stream');
select throws_ok('select session.password_set((select link from session.link), ''x'')', 'ZC411', null, 'a link works once');

-- certificates
insert into session.enrol_code values ('\x01', 1, null, core.now() + interval '1 day', null);
select is((session.enrol_code_use('\x01', '\xbeef')).name, 'Альфа', 'a code binds a key to its dealer');
select throws_ok('select session.enrol_code_use(''\x01'', ''\xbabe'')', 'ZC411', null, 'a code works once');
select is((select role from session.certificate_session('\xbeef', 'tok')), 'system', 'the certificate gets a session');
select is((select expires_at - created_at from session.session where secret_hash = sha256('tok')), interval '10 minutes', 'of ten minutes');
select is(test.bind('system', 'tok', 512, 'w', 'session.dealer()'), '1', 'its token works');
update session.certificate set revoked_at = core.now();
select is(test.bind('system', 'tok', 512, 'w', '1'), 'ZC401', 'a revoked certificate ends its tokens at once');
select is((select count(*) from session.certificate_session('\xdead', 'tok2')), 0::bigint, 'an unmapped certificate gets nothing');
select * from finish();
rollback;
