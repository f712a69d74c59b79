-- SPDX-License-Identifier: Apache-2.0
-- dealer: managers, sellers, service advisers and operators of one dealer. They read the people their dealer has a right on, each
-- role at its level of D.14, and the dealer's own documents; they write through functions only.

-- Lists come from the projection: one leading index column, then the level of the viewer.
grant select on core.dealer_party to dealer;
create policy "a dealer lists the people it has a right on, each role at its level" on core.dealer_party for select to dealer
    using (dealer_id = (select session.dealer())
           and ((select session.role_bit()) = 16 or core.colleague_seen(colleague_level, grace_level, ends_at, (select core.expired_to())) > 'VERDICT' or (select session.staff()) = any (seat_ids)
                or (select session.staff()) = any (masked_seat_ids)));
grant select on core.dealer_key to dealer;
create policy "a dealer searches the keys of its own people" on core.dealer_key for select to dealer
    using (dealer_id = (select session.dealer()));

-- The record: whoever is in the projection.
grant select on core.party to dealer;
create policy "a dealer reads a person it lists" on core.party for select to dealer
    using (exists (select from core.dealer_party t where t.dealer_id = (select session.dealer()) and t.party_id = party.party_id));
-- Contacts only in full sight, and only those that were given to this dealer or to head office (R148).
grant select on core.contact_point to dealer;
create policy "a dealer reads the contacts it was given, in full sight" on core.contact_point for select to dealer
    using ((coalesce(source_dealer_id, 0) = 0 or source_dealer_id = (select session.dealer()) or (select session.dealer()) = any (shared_ids))
           and exists (select from core.dealer_party t where t.dealer_id = (select session.dealer()) and t.party_id = contact_point.party_id
                       and core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'));
grant select on core.vehicle_owner, core.vehicle, core.odometer_reading to dealer;
create policy "a dealer reads whose car it is, in full sight" on core.vehicle_owner for select to dealer
    using (exists (select from core.dealer_party t where t.dealer_id = (select session.dealer()) and t.party_id = vehicle_owner.party_id
                   and core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'));
create policy "a dealer reads the cars of its people" on core.vehicle for select to dealer
    using (exists (select from core.vehicle_owner o where o.vehicle_id = vehicle.vehicle_id and o.to_on is null));
create policy "a dealer reads the odometer of its people's cars" on core.odometer_reading for select to dealer
    using (exists (select from core.vehicle_owner o where o.vehicle_id = odometer_reading.vehicle_id and o.to_on is null));
grant select on core.consent to dealer;
create policy "a dealer reads consents given to itself and to head office, in full sight" on core.consent for select to dealer
    using (dealer_id in ((select session.dealer()), 0)
           and exists (select from core.dealer_party t where t.dealer_id = (select session.dealer()) and t.party_id = consent.party_id
                       and core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'));

-- Rights and their history: the dealer's own. Others' are a verdict (schema/core/verdict.sql).
grant select on core.ownership, core.ownership_history, core.serve_grant to dealer;
create policy "a dealer reads its own rights" on core.ownership for select to dealer using (dealer_id = (select session.dealer()));
create policy "a dealer reads the history of its own rights" on core.ownership_history for select to dealer
    using (dealer_id = (select session.dealer()));
create policy "a dealer reads its permissions to serve" on core.serve_grant for select to dealer using (dealer_id = (select session.dealer()));

-- Own documents and work.
grant select on core.sale, core.repair_order, core.party_summary, core.interaction to dealer;
create policy "a dealer reads its own sales, in full sight of the person" on core.sale for select to dealer
    using (dealer_id = (select session.dealer()) and exists (select from core.dealer_party t where t.dealer_id = (select session.dealer())
           and t.party_id = sale.party_id and core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'));
create policy "a dealer reads its own repair orders, in full sight of the person" on core.repair_order for select to dealer
    using (dealer_id = (select session.dealer()) and exists (select from core.dealer_party t where t.dealer_id = (select session.dealer())
           and t.party_id = repair_order.party_id and core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'));
create policy "a dealer reads its own sums per client" on core.party_summary for select to dealer using (dealer_id = (select session.dealer()));
create policy "a dealer reads its own contacts with people, in full sight" on core.interaction for select to dealer
    using (dealer_id = (select session.dealer()) and exists (select from core.dealer_party t where t.dealer_id = (select session.dealer())
           and t.party_id = interaction.party_id and core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'));
grant select on core.signed_order to dealer;
create policy "a dealer reads what its signed orders are worth, in full sight of the person" on core.signed_order for select to dealer
    using (exists (select from core.interaction i where i.interaction_id = signed_order.interaction_id));
grant select on core.task, core.attachment, core.draft, core.receipt to dealer;
create policy "a seat sees its own tasks and the queue's, a manager the team's" on core.task for select to dealer
    using (dealer_id = (select session.dealer())
           and ((select session.role_bit()) = 16 or seat_id is null or seat_id = (select session.staff())));
create policy "a dealer reads the files its people attached, in full sight" on core.attachment for select to dealer
    using (dealer_id = (select session.dealer()) and exists (select from core.dealer_party t where t.dealer_id = (select session.dealer())
           and t.party_id = attachment.party_id and core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'));
create policy "a seat reads its own drafts, a manager the dealer's" on core.draft for select to dealer
    using (dealer_id = (select session.dealer()) and ((select session.role_bit()) = 16 or staff_id = (select session.staff())));
create policy "a dealer reads its receipts" on core.receipt for select to dealer using (dealer_id = (select session.dealer()));
grant select on core.upload, core.import, core.import_row, core.import_result to dealer;
grant execute on function core.import_fields(text), core.cells_shown(jsonb, jsonb), core.job_step_import_check(bigint), core.job_step_import_run(bigint),
    core.job_step_import_undo(bigint) to dealer;
create policy "a manager reads what the dealer uploaded" on core.upload for select to dealer
    using (dealer_id = (select session.dealer()) and (select session.role_bit()) = 16);
create policy "a manager reads the dealer's imports" on core.import for select to dealer
    using (dealer_id = (select session.dealer()) and (select session.role_bit()) = 16);
create policy "a manager reads the rows of the dealer's imports" on core.import_row for select to dealer
    using (exists (select from core.import i where i.import_id = import_row.import_id));
create policy "a manager reads what became of the rows of the dealer's imports" on core.import_result for select to dealer
    using (exists (select from core.import i where i.import_id = import_result.import_id));
-- Lines of work orders, for whom the order itself is visible.
grant select on core.repair_order_line to dealer;
create policy "a dealer reads the lines of its own repair orders, in full sight of the person" on core.repair_order_line for select to dealer
    using (exists (select from core.repair_order o where o.order_id = repair_order_line.order_id));

-- Campaign touches of one's own people: by name of the campaign, whoever ran it in one's name (R76).
grant select (touch_id, party_id, channel, campaign_id, dealer_id, at, returned_at) on core.touch to dealer;
create policy "a dealer reads its own touches and head office's to its people" on core.touch for select to dealer
    using (dealer_id = (select session.dealer())
           or (dealer_id = 0 and exists (select from core.dealer_party t where t.dealer_id = (select session.dealer()) and t.party_id = touch.party_id)));
grant select (campaign_id, public_id, dealer_id, name, class, channel) on core.campaign to dealer;
create policy "a dealer knows its own campaigns and the network's by name" on core.campaign for select to dealer
    using (dealer_id in ((select session.dealer()), 0));

-- Colleagues by name; not their mail addresses.
grant select (staff_id, public_id, dealer_id, role, name, is_active, role_bit) on core.staff to dealer;
create policy "a dealer knows its own people at work" on core.staff for select to dealer using (dealer_id = (select session.dealer()));

-- What its reads are made of. Each of these asks who is calling.
grant execute on function core.people_filtered(core.people_filter, text, core.people_sort, int, text),
    core.people_plain(text, text, int, core.line, core.right_state, text, core.abc, text, date, date, core.people_sort),
    core.people_other(core.search_text, text, int, core.line, core.right_state, text, core.abc, core.search_text, date, date,
        core.people_sort, boolean, int, text),
    core.people_by_name(core.people_filter, text, int, text, bigint, int),
    core.people_range(core.people_filter), core.people_few(core.people_range, int), core.people_in_grace(core.people_filter, int, text, bigint, int),
    core.people_match(core.dealer_party, core.people_filter),
    core.people_keys(text, int), core.contacts_masked(bigint), core.vehicle_card(bigint), core.right_card(core.ownership),
    core.person_now(bigint, int, date) to dealer;

-- Evidence: a dealer's own; the other side never reads it (R105).
grant select on core.evidence, core.evidence_kind to dealer;
create policy "a seat reads its own evidence, a manager the dealer's" on core.evidence for select to dealer
    using (dealer_id = (select session.dealer()) and ((select session.role_bit()) = 16 or staff_id = (select session.staff())));
create policy "a dealer reads the kinds of evidence" on core.evidence_kind for select to dealer using (true);

-- The lead behind a right of one's own, without who had it before; decisions are told by api.lead_why alone (R48).
grant select (lead_id, public_id, party_id, brand_id, line, state, source, interest, came_at, due_at, desk_at, decisions, ownership_id, dealer_id) on core.lead to dealer;
grant select on core.route_decision to dealer;         -- named in the list that routers share; without a policy it gives no row
create policy "a dealer knows the lead of a right of its own" on core.lead for select to dealer using (dealer_id = (select session.dealer()));
