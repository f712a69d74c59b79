-- SPDX-License-Identifier: Apache-2.0
-- engine owns the functions that decide about rows their caller may not see. It sees every row of schema core by a policy
-- that schema/code.sql writes for each table; it cannot log in, and cannot set an identity. Here: what it may call of sessions.

-- Decisions are written in the caller's name.
grant execute on function session.identity(), session.staff(), session.dealer(), session.role_bit(), session.session_id(),
    session.request_id(), session.route(), session.lang(), session.idem_id(), session.role_name() to engine;
-- Administration of staff ends their sessions (accounts and links: core/account.sql); the clock sweeps what has ended.
grant execute on function session.revoke(bigint, uuid, bigint), session.has_totp(bigint), session.sweep(), session.forget(uuid[]), session.two_places(timestamptz) to engine;
