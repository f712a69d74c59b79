-- SPDX-License-Identifier: Apache-2.0
-- The life of rights beside the rights themselves: events, cold rows, claims, outcomes of tasks. Reviews, samples and follow-ups are
-- head office's and read by functions that ask who is calling (schema/api/review.sql).

grant select on core.event_list to dealer, head_office;
create policy "a dealer reads its own events and head office's" on core.event_list for select to dealer
    using (dealer_id in ((select session.dealer()), 0));
create policy "head office reads its own events" on core.event_list for select to head_office
    using (dealer_id = 0 and (select session.role_bit()) in (1, 2, 4));
grant select on core.event_quota to dealer, head_office;
create policy "a dealer counts the rows its own seats took of an event" on core.event_quota for select to dealer
    using (dealer_id = (select session.dealer()));
create policy "head office counts the rows taken of its events" on core.event_quota for select to head_office
    using ((select session.role_bit()) in (1, 2, 4));
-- What the dealer itself typed of people it has no right on.
grant select on core.cold_row to dealer, head_office;
create policy "a seat reads its own cold rows, a manager the dealer's" on core.cold_row for select to dealer
    using (dealer_id = (select session.dealer()) and ((select session.role_bit()) = 16 or staff_id = (select session.staff())));
grant select (public_id, brand_id, line, dealer_id, staff_id, at, claim_from, typed) on core.waiting_claim to dealer;
create policy "a dealer reads whom it waits for, as it typed him" on core.waiting_claim for select to dealer
    using (dealer_id = (select session.dealer()) and ((select session.role_bit()) = 16 or staff_id = (select session.staff())));
grant select on core.outage to head_office, auditor;
grant execute on function core.outage_state(core.outage) to head_office, auditor;
create policy "head office and auditors read how long the network stood still" on core.outage for select to head_office, auditor using (true);
grant select on core.task_outcome to dealer;
create policy "a dealer knows how tasks may end" on core.task_outcome for select to dealer using (true);
grant execute on function core.cold_shown(core.cold_row), core.name_of(jsonb), core.extension_of(uuid), core.is_two_sided(core.interaction_kind),
    core.is_of_line(core.interaction_kind, core.line), core.is_customer_initiated(core.interaction_kind) to dealer;
