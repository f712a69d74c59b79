-- SPDX-License-Identifier: Apache-2.0
-- Campaigns, call lists, jobs and reports: what each class may read and call. Writing is done by functions of engine alone.

-- A dealer's manager and head office compile and count audiences under their own policies.
grant select on core.segment, core.segment_attribute to dealer, head_office;
create policy "a dealer sees the audiences it saved" on core.segment for select to dealer
  using (dealer_id = (select session.dealer()));
create policy "head office sees the audiences it saved" on core.segment for select to head_office using (dealer_id = 0);
create policy "everybody may read the catalogue of conditions" on core.segment_attribute for select
  to dealer, head_office using (true);
grant execute on function core.segment_count(jsonb, text), core.segment_sql(jsonb, text), core.segment_batch(jsonb, text, bigint, int, int),
  core.segment_node(jsonb, text, int, text, jsonb, int), core.segment_leaf(jsonb, text, text, jsonb),
  core.segment_join(text[], text[], text[], text), core.segment_slot(text, int), core.segment_value(text, jsonb, text),
  core.segment_fail(text, text), core.json_texts(jsonb), core.today(), core.fail(text, text, jsonb)
  to dealer, head_office;
grant execute on function core.segment_count_network(jsonb) to head_office;

-- Jobs run on the lane of the class that ordered them; each step proves the lease (core.job_claim).
grant select on core.job to dealer, head_office, auditor;
create policy "a seat sees the jobs it ordered" on core.job for select to dealer
  using (dealer_id = (select session.dealer()) and staff_id = (select session.staff()));
create policy "a manager sees the jobs of the dealer" on core.job for select to dealer
  using (dealer_id = (select session.dealer()) and (select session.role_bit()) = 16);
create policy "head office sees the jobs it ordered" on core.job for select to head_office
  using (dealer_id = 0 and staff_id = (select session.staff()));
create policy "an administrator sees head office's jobs" on core.job for select to head_office
  using (dealer_id = 0 and (select session.role_bit()) = 1);
create policy "an auditor sees the jobs he ordered" on core.job for select to auditor
  using (staff_id = (select session.staff()));
grant execute on function core.job_step(bigint), core.job_claim(bigint),
  core.job_note(bigint, boolean, bigint, bigint, text), core.job_wait(bigint, int),
  core.job_step_campaign_check(bigint), core.job_step_campaign_launch(bigint), core.campaign_view(bigint),
  core.campaign_candidates(text, jsonb, bigint), core.campaign_check_note(bigint, bigint[], bigint, boolean),
  core.campaign_plan(bigint, bigint[], bigint, boolean), core.campaign_reserve(bigint),
  core.campaign_with_drivers(bigint, bigint[]) to dealer, head_office;
grant execute on function core.job_step_campaign_announce(bigint), core.announce_note(bigint, bigint[], bigint, boolean) to head_office;
grant execute on function core.campaign_candidates_network(jsonb, bigint), core.job_step_transfer_batch(bigint) to head_office;

-- The runner, the clock and the sender work on connections of the class system.
grant execute on function session.job_lease(text, int), session.job_release(bigint, bytea), session.job_progress(bigint, bytea, bigint, bigint),
  session.job_end(bigint, bytea, boolean, text, jsonb), core.job_step(bigint), core.job_claim(bigint),
  core.job_note(bigint, boolean, bigint, bigint, text),
  core.job_step_nightly_abc(bigint), core.job_step_nightly_kpi(bigint), core.job_step_expiry(bigint), core.clock_next(int), core.clock_part(text), core.files_purged(bigint), core.fail(text, text, jsonb),
  core.outbox_begin(text, boolean), core.outbox_lease(text, bigint, int), core.outbox_dispatch(bigint[], bigint),
  core.outbox_record(bigint, bigint[], text[], text[]) to system;

-- Whoever holds a message's signed link may stop such messages; no session is needed.
grant execute on function api.unsubscribe_page(uuid), api.unsubscribe(uuid, boolean) to login;
-- So does whom a customer chooses behind his letter (R80).
grant execute on function api.choice_page(uuid, boolean), api.choice_make(uuid, text, boolean) to login;

-- Auditors page through the ledger under their own policies; what they compare comes from functions that give figures.
grant execute on function core.ledger_page(timestamptz, timestamptz, text, bigint, int, text, bigint, int) to auditor;
