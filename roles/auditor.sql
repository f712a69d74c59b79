-- SPDX-License-Identifier: Apache-2.0
-- auditor: figures and the ledger, never a person. No privilege on a contact column, on a name of a client, on a text that may
-- hold either (schema/checks.sql proves it); no write anywhere (R138).

grant select on core.ledger, core.ledger_seal to auditor;
create policy "an auditor reads the ledger" on core.ledger for select to auditor using (true);
create policy "an auditor reads the seals" on core.ledger_seal for select to auditor using (true);
-- Facts of rights, documents and contacts by number, for the figures of D.12.
grant select on core.ownership_history to auditor;
create policy "an auditor counts changes of rights" on core.ownership_history for select to auditor using (true);
grant select (ownership_id, party_id, brand_id, line, dealer_id, state, reason, lost, since, registered_at, accept_until, contact_until,
    first_contact_at, protect_until, limit_until, free_from, manual_run, source) on core.ownership to auditor;
create policy "an auditor counts rights" on core.ownership for select to auditor using (true);
grant select (interaction_id, party_id, dealer_id, staff_id, kind, at, recorded_at, is_manual, is_qualifying, campaign_id) on core.interaction to auditor;
create policy "an auditor counts contacts, without their text" on core.interaction for select to auditor using (true);
grant select (sale_id, dealer_id, party_id, brand_id, line, sold_on, amount_kopecks) on core.sale to auditor;
create policy "an auditor counts sales" on core.sale for select to auditor using (true);
grant select (order_id, dealer_id, party_id, brand_id, opened_on, amount_kopecks, is_paid) on core.repair_order to auditor;
create policy "an auditor counts repair orders" on core.repair_order for select to auditor using (true);
grant select (dealer_id, staff_id, at, verdict) on core.probe to auditor;
create policy "an auditor counts probes" on core.probe for select to auditor using (true);

grant select (staff_id, public_id, dealer_id, role, name, is_active, role_bit) on core.staff to auditor;
create policy "an auditor knows who works in the network" on core.staff for select to auditor using (true);

-- Patterns of abuse by seat and day (R151): counts, never whom they met.
grant select on core.watch_hit to auditor;
create policy "an auditor reads the watch list" on core.watch_hit for select to auditor using (true);

-- Why each row has its verdict: ids and codes, written at the decision. No other login reads it (R24).
grant select on core.row_verdict to auditor;
create policy "an auditor reads why a row has its verdict" on core.row_verdict for select to auditor using (true);
grant execute on function core.row_verdict_page(timestamptz, timestamptz, int, text, timestamptz, bigint, int),
    core.row_verdict_words(text, core.row_verdict) to auditor;
