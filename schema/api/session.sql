-- SPDX-License-Identifier: Apache-2.0
-- One's own presence: who am I and what may I do, where am I signed in.

create function core.menu_of(p_role_bit int) returns text[]
language sql immutable as $$
select array_agg(m.key order by m.n) from (values
    (1, 'home', 4095), (2, 'people', 16|32|64|4), (3, 'register', 16|32|64|128), (4, 'leads', 16|32|64|4), (5, 'pool', 4), (6, 'tasks', 16|32|64),
    (7, 'calls', 16|32|128), (8, 'imports', 16), (9, 'segments', 2|16), (10, 'campaigns', 2|16|8|256), (11, 'conflicts', 2|16),
    (12, 'branches', 256|2), (13, 'branch', 16), (14, 'touches', 256), (15, 'ledger', 256), (16, 'staff', 1|16), (17, 'dealers', 1),
    (18, 'export', 16|4|256|2), (19, 'assign', 4), (20, 'edit', 16|32|64), (21, 'jobs', 511|1024|2048), (22, 'mail', 1), (23, 'drafts', 16|32|64), (24, 'account', 511|1024|2048), (25, 'duplicates', 1024), (26, 'approvals', 1|4|8|16|1024|2048),
    (30, 'territories', 1|2|4|8|16), (31, 'calendars', 1), (32, 'sites', 1),
    (60, 'service_moves', 16|4|8), (61, 'permits', 16), (74, 'area_permits', 16|4), (62, 'key_accounts', 4),
    (40, 'funnel', 16|32|64), (41, 'rules', 1|2|4|8|256|1024|2048), (42, 'control', 4|8|1024), (46, 'outages', 1|2|4|8|256|1024|2048), (47, 'quality', 16|4|256), (43, 'lists', 16|32|64|1|2|4),
    (44, 'claims', 16|32|64), (45, 'privacy', 2048), (50, 'disputes', 8|16|32|64|256), (51, 'precedents', 4|8|16|32|64|256), (52, 'ties', 1|256),
    (63, 'card', 16|32|64|128|4|8|1024|2048), (64, 'incoming', 16|32|64|128), (65, 'exports', 1|2|4|16|256|2048), (66, 'watch', 256),
    (70, 'walkins', 16|32|64|128), (71, 'transfers', 16|32|64|4|8), (72, 'batches', 1|4|8), (73, 'credits', 16|8|256)) m(n, key, roles)
where m.roles & p_role_bit <> 0 $$;
comment on function core.menu_of(int) is 'What a fine role finds in its menu; the routes themselves are in server/routes.def.';

create type api.session_shown as (staff_id uuid, name text, role core.staff_role, email text, dealer_id uuid, dealer_name text, city text, lang text,
    time_zone text, has_totp boolean, rights text[], network_name text, now timestamptz);

create function api.session_get() returns api.session_shown language sql stable security definer set search_path = '' as $$
select row(s.public_id, s.name, s.role, s.email, case when d.dealer_id > 0 then d.public_id end, d.name, d.city, s.lang, d.time_zone,
    session.has_totp(s.staff_id), core.menu_of(s.role_bit),
    (select x.value from core.setting x where x.name = 'network_name'), core.now())::api.session_shown
from core.staff s join core.dealer d on d.dealer_id = s.dealer_id where s.staff_id = session.staff() $$;
comment on function api.session_get is $$
Who the caller is: name, role, dealer, language, zone, second factor, what the menu offers, name of the network, the server's clock.
out: one document; the server adds the CSRF token $$;

create type api.session_item as (id uuid, agent text, address text, created_at timestamptz, seen_at timestamptz, is_current boolean, cursor_ text);

create function api.sessions_list(p_limit int default null, p_after text default null) returns setof api.session_item language sql stable begin atomic
    select s.public_id, s.agent, host(s.address), s.created_at, s.seen_at, s.session_id = (select session.session_id()),
           core.cursor_make(s.session_id::text, s.public_id)
    from session.session s
    where s.staff_id = (select session.staff()) and s.revoked_at is null and s.expires_at > core.now() and s.idle_until > core.now()
      and s.session_id < coalesce(core.cursor_part(p_after, 1)::bigint, 9223372036854775807)
    order by s.session_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.sessions_list is 'Where the caller is signed in, newest first. out: browser, address, times, is_current';

create function api.session_revoke(p_session_id uuid) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    if session.revoke(session.staff(), p_session_id) = 0 then perform core.fail('ZC404'); end if;
    perform core.ledger_add('session.revoke', p_session_id::text, null, 'A2');
end $$;
comment on function api.session_revoke is 'End one of the caller''s sessions; its streams close within a second. in: session_id. errors: not-found';
