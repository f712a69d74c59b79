-- SPDX-License-Identifier: Apache-2.0
-- binder owns the functions of schema session, above all session.bind. It is the only role that may set the identity
-- (schema/roles.sql), knows the session tables whole, and of the trade only who works where.

grant execute on function session.identity(), session.staff(), session.dealer(), session.role_bit(), session.session_id(),
    session.request_id(), session.route(), session.lang(), session.idem_id() to binder;
grant execute on all functions in schema session to binder;
grant execute on function core.now(), core.fail(text, text, jsonb), core.event_add(bigint, text, jsonb),
    core.mail_staff(bigint, text, uuid), core.ledger_add(text, text, bigint, text, jsonb, smallint, core.line), core.key_hash(text), core.link_note(int) to binder;

-- Who works where, in which role, since the bind decides by it.
grant select on core.staff, core.dealer to binder;
create policy "the binder knows the staff" on core.staff to binder using (true);
create policy "the binder knows the dealers" on core.dealer to binder using (true);
-- A job runs as the one who ordered it.
grant select on core.job to binder;
create policy "the binder knows who ordered a job" on core.job for select to binder using (true);
-- Reads, sign-ins and refusals are audited by the bind itself.
grant insert on core.ledger to binder;
create policy "the binder writes the audit of reads" on core.ledger for insert to binder with check (true);
-- Ended sessions close their streams.
grant insert on core.event to binder;
create policy "the binder ends streams" on core.event for insert to binder with check (true);
