-- SPDX-License-Identifier: Apache-2.0
-- What the four logins of known callers share: the door, their own sign-in, and what every screen reads.
-- None of them holds a write privilege on any table: what is written is written by functions (schema/README.md).

grant usage on schema core, session, api to dealer, head_office, auditor, system;
-- The door, and repeats of an answer.
grant execute on function session.bind(bytea, int, text, text, text, text, text, text, bytea), session.bind_job(bigint, bytea),
    session.refused(bytea, text, text, text), session.remember(json), session.replay(bytea, text, text)
    to dealer, head_office, auditor, system;
-- Row policies run as the caller and read who he is.
grant execute on function session.staff(), session.dealer(), session.role_bit(), session.session_id(), session.request_id(),
    session.route(), session.lang(), session.role_name(), core.now() to dealer, head_office, auditor, system;
-- One's own sign-in.
grant execute on function session.logout(), session.logout_everywhere(), session.totp_begin(bytea), session.totp_pending(),
    session.totp_confirm(bigint, bytea[]), session.has_totp(bigint), api.session_get() to dealer, head_office, auditor;
grant select (session_id, public_id, staff_id, agent, address, created_at, seen_at, idle_until, expires_at, revoked_at)
    on session.session to dealer, head_office, auditor;
create policy "everybody sees where he himself is signed in" on session.session for select to dealer, head_office, auditor
    using (staff_id = (select session.staff()));
-- Streams and jobs run on connections of the class system.
grant execute on function session.events_after(bigint, int) to system;

-- Own views and notices.
grant select on core.saved_view, core.notice to dealer, head_office, auditor;
create policy "everybody reads his own views" on core.saved_view for select to dealer, head_office, auditor
    using (staff_id = (select session.staff()));
create policy "everybody reads his own notices" on core.notice for select to dealer, head_office, auditor
    using (staff_id = (select session.staff()));

-- Four eyes: one's own asks, and what one may decide, a dealer's own matters at that dealer only.
grant select on core.approval, core.approval_kind to dealer, head_office, auditor;
create policy "everybody at work reads what needs a second person" on core.approval_kind for select to dealer, head_office, auditor using (true);
create policy "who asks and who may decide reads an approval" on core.approval for select to dealer, head_office, auditor
    using (asked_by = (select session.staff())
           or ((select session.dealer()) is null or dealer_id = (select session.dealer()))
              and exists (select from core.approval_kind k where k.kind = approval.kind and k.roles & (select session.role_bit()) > 0));

grant select on core.notice_kind, core.notice_setting to dealer, head_office, auditor;
create policy "everybody knows what he may be told" on core.notice_kind for select to dealer, head_office, auditor using (true);
create policy "everybody reads how he himself is told" on core.notice_setting for select to dealer, head_office, auditor
    using (staff_id = (select session.staff()));

-- The network itself is known to all who work in it: names of dealers and brands, calendar, policy numbers, the matrix.
grant select on core.brand, core.model, core.line_group, core.dealer_brand, core.calendar_day, core.calendar_year, core.policy, core.visibility, core.city,
    core.setting, core.right_transition to dealer, head_office, auditor;
grant select (dealer_id, public_id, name, city, time_zone, area_code, is_active, opens_at, closes_at, work_days, country, version) on core.dealer
    to dealer, head_office, auditor;
do $$
declare t text;
begin
    foreach t in array array['brand', 'model', 'line_group', 'dealer_brand', 'calendar_day', 'calendar_year', 'policy', 'visibility', 'city', 'setting',
                             'right_transition', 'dealer'] loop
        execute format('create policy "everybody at work reads the network''s own words" on core.%I for select to dealer, head_office, auditor using (true)', t);
    end loop;
end $$;

-- Small things reads are made of: refusals, positions in lists, numbers of enumerations, terms, masks.
grant execute on function core.is_lead(text, timestamptz), core.party_of(uuid), core.fail(text, text, jsonb), core.policy_int(text), core.cursor_make(text, uuid), core.cursor_part(text, int),
    core.cursor_party(text), core.state_no(core.right_state), core.line_no(core.line), core.abc_no(core.abc), core.key_range_end(text),
    core.level_seen(core.see_level, bigint[], bigint[], core.see_level), core.level_for(bigint), core.visible_party(uuid, core.see_level),
    core.dealer_local_on(int, timestamptz), core.day_end(int, date), core.day_after(text, timestamptz, int),
    core.term_end(int, timestamptz, int), core.is_aftersales(core.line),
    core.level_of(core.right_state, text), core.phone_mask(text), core.email_mask(text), core.name_fold(text),
    core.job_figure(core.job, bigint), core.job_result(core.job), core.job_hides(core.job),
    core.check_hidden(jsonb), core.is_nearly_all(bigint, bigint), core.reasons_hidden(jsonb, bigint), core.parts_hidden(jsonb), core.small_hidden(jsonb), core.small_hidden(bigint),
    core.phone_norm(text, text), core.email_norm(text), core.vin_norm(text), core.plate_norm(text), core.inn_norm(text)
    to dealer, head_office, auditor, system;
-- Files of rows: who fetched what. A found file is looked up by the number in its rows.
grant select on core.export to dealer, head_office, auditor;
create policy "everybody reads the files he fetched himself" on core.export for select to dealer, head_office using (staff_id = (select session.staff()));
create policy "a manager reads which files his dealer's people fetched" on core.export for select to dealer
    using (dealer_id = (select session.dealer()) and (select session.role_bit()) = 16);
create policy "an administrator and a data-protection officer read which files left" on core.export for select to head_office
    using ((select session.role_bit()) in (1, 2048));
create policy "an auditor reads which files left" on core.export for select to auditor using (true);
grant execute on function session.export_open(text, bigint) to dealer, head_office, auditor;
-- Masks and reasons of D.14 (schema/core/sight.sql): each asks who is calling.
-- How far the clock of rights has come tells nothing of anybody.
grant execute on function core.expired_to(), core.state_seen(core.right_state, timestamptz, timestamptz),
    core.colleague_seen(core.see_level, core.see_level, timestamptz, timestamptz) to dealer, head_office, auditor, system;
grant execute on function core.is_full(core.dealer_party), core.is_price_listed(core.dealer_party), core.prices_seen(bigint),
    core.is_price_seen(core.competition_group[], core.line), core.unmasked_until(bigint), core.contacts_opened(bigint)
    to dealer, head_office, auditor, system;
-- Named in functions that routers and dealers share; each gives rows to a router only.
grant execute on function core.people_pool(boolean, text, text, int, text), core.router_contacts(bigint), core.router_find(text, int)
    to dealer, head_office;

-- Response clocks in working time (R10), of one's own leads and, for routers, all.
grant execute on function core.work_clock(int, timestamptz), core.working_minutes(int, timestamptz, timestamptz), core.work_spans(int, date, int)
    to dealer, head_office;
