-- SPDX-License-Identifier: Apache-2.0
-- login is nobody yet: it may try to sign in, follow a mailed link, stop advertising, and read no table at all.

grant usage on schema session, api to login;
grant execute on function session.login_begin(text, inet), session.login_end(bigint, text, inet, boolean, bytea, text, bigint),
    session.challenge_open(bigint, bytea), session.challenge_get(bytea), session.recovery_use(bigint, bytea),
    session.link_open(text, text, inet), session.link_get(uuid), session.password_set(uuid, text),
    session.certificate_session(bytea, bytea), session.enrol_code_use(bytea, bytea) to login;
-- The server proves that writes it has not told anybody of are on disk: nobody's act, so nobody's login does it.
grant execute on function session.flush() to login;
-- A site's server hands in leads with the site's key; the function looks at no person.
grant execute on function api.web_lead_add(jsonb) to login;
