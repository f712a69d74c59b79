-- SPDX-License-Identifier: Apache-2.0
-- What the four logins of known callers share: the door, their own sign-in, and what every screen reads.
-- None of them holds a write privilege on any table: what is written is written by functions (schema/README.md).

grant usage on schema core, session, api to dealer, head_office, auditor, system;
-- The door, and repeats of an answer.
grant execute on function session.bind(bytea, int, text, text, text, text, text, text, bytea), session.bind_job(bigint, bytea),
    session.refused(bytea, text, text, text), session.remember(json), session.replay(bytea, text, text)
    to dealer, head_office, auditor, system;
-- Row policies run as the caller and read who he is.
grant execute on function session.staff(), session.dealer(), session.role_bit(), session.session_id(), session.lang(),
    session.role_name(), core.now() to dealer, head_office, auditor, system;
-- One's own sign-in.
grant execute on function session.logout(), session.logout_everywhere(), session.totp_begin(bytea), session.totp_pending(),
    session.totp_confirm(bigint, bytea[]), session.has_totp(bigint) to dealer, head_office, auditor;
-- Streams and jobs run on connections of the class system.
grant execute on function session.events_after(bigint, int) to system;
