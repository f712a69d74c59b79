-- SPDX-License-Identifier: Apache-2.0
-- head_office: administrator, marketer, router, arbiter, data steward, data-protection officer. They share a login; what is a person's, only routers (bit 4) and, of a
-- dispute, arbiters (bit 8) read. Administrators and marketers have no policy on any table of people.

-- Routers see everybody by name, and the free and the offered in full (party.router_level, kept from D.14).
grant select on core.party to head_office;
create policy "a router reads everybody's name" on core.party for select to head_office
    using ((select session.role_bit()) = 4 and merged_into is null);
create policy "an arbiter reads the person of a dispute" on core.party for select to head_office
    using ((select session.role_bit()) = 8 and exists (select from core.ownership o where o.party_id = party.party_id and o.state = 'DISPUTED'));
create policy "a steward reads everybody's name" on core.party for select to head_office using ((select session.role_bit()) = 1024);
create policy "a data-protection officer reads the person of a request" on core.party for select to head_office
    using ((select session.role_bit()) = 2048);
grant select on core.contact_point to head_office;
create policy "a data-protection officer reads contacts, of the pool on request only" on core.contact_point for select to head_office
    using ((select session.role_bit()) = 2048 and core.level_for(party_id) = 'FULL');
create policy "a router reads the contacts of the free and the offered" on core.contact_point for select to head_office
    using ((select session.role_bit()) = 4
           and exists (select from core.party p where p.party_id = contact_point.party_id and p.router_level = 'FULL'));
create policy "an arbiter reads the contacts of a dispute" on core.contact_point for select to head_office
    using ((select session.role_bit()) = 8 and exists (select from core.ownership o where o.party_id = contact_point.party_id and o.state = 'DISPUTED'));
grant select on core.vehicle_owner, core.vehicle, core.odometer_reading, core.consent to head_office;
create policy "a router reads the cars of the free and the offered" on core.vehicle_owner for select to head_office
    using ((select session.role_bit()) = 4
           and exists (select from core.party p where p.party_id = vehicle_owner.party_id and p.router_level = 'FULL'));
create policy "a router reads those cars" on core.vehicle for select to head_office
    using ((select session.role_bit()) = 4
           and exists (select from core.vehicle_owner o where o.vehicle_id = vehicle.vehicle_id and o.to_on is null));
create policy "a router reads their odometers" on core.odometer_reading for select to head_office
    using ((select session.role_bit()) = 4
           and exists (select from core.vehicle_owner o where o.vehicle_id = odometer_reading.vehicle_id and o.to_on is null));
create policy "a router reads the consents of the free and the offered" on core.consent for select to head_office
    using ((select session.role_bit()) = 4
           and exists (select from core.party p where p.party_id = consent.party_id and p.router_level = 'FULL'));
create policy "a data-protection officer reads whose car it is" on core.vehicle_owner for select to head_office
    using ((select session.role_bit()) = 2048 and core.level_for(party_id) = 'FULL');
create policy "a data-protection officer reads those cars" on core.vehicle for select to head_office
    using ((select session.role_bit()) = 2048
           and exists (select from core.vehicle_owner o where o.vehicle_id = vehicle.vehicle_id and o.to_on is null));
create policy "a data-protection officer reads consents" on core.consent for select to head_office
    using ((select session.role_bit()) = 2048 and core.level_for(party_id) = 'FULL');
grant select on core.ownership, core.ownership_history to head_office;
create policy "stewards and data-protection officers read all rights" on core.ownership for select to head_office
    using ((select session.role_bit()) in (1024, 2048));
create policy "routers and arbiters read all rights" on core.ownership for select to head_office using ((select session.role_bit()) in (4, 8));
create policy "routers and arbiters read the history of rights" on core.ownership_history for select to head_office
    using ((select session.role_bit()) in (4, 8));

-- Named in functions that dealers share; without a policy these give head office no row.
grant select on core.dealer_party, core.dealer_key, core.sale, core.repair_order, core.interaction, core.signed_order,
    core.task, core.attachment, core.touch, core.campaign to head_office;

grant select (staff_id, public_id, dealer_id, role, name, is_active, role_bit) on core.staff to head_office;
create policy "head office knows who works in the network" on core.staff for select to head_office using (true);

grant execute on function core.people_filtered(core.people_filter, text, core.people_sort, int, text),
    core.people_plain(text, text, int, core.line, core.right_state, text, core.abc, text, date, date, core.people_sort),
    core.people_other(core.search_text, text, int, core.line, core.right_state, text, core.abc, core.search_text, date, date,
        core.people_sort, boolean, int, text),
    core.people_by_name(core.people_filter, text, int, text, bigint, int),
    core.people_range(core.people_filter), core.people_few(core.people_range, int), core.people_in_grace(core.people_filter, int, text, bigint, int),
    core.people_match(core.dealer_party, core.people_filter),
    core.people_keys(text, int), core.contacts_masked(bigint), core.vehicle_card(bigint), core.right_card(core.ownership),
    core.person_now(bigint, int, date) to head_office;

-- Possible duplicates: pairs name two people of the whole network, so the data steward (bit 1024) alone reads them (R27).
grant select on core.duplicate to head_office;
create policy "the data steward reads which people may be one" on core.duplicate for select to head_office
    using ((select session.role_bit()) = 1024);

-- Leads and where each is: the router's desk (R45), and the arbiter's question why (R48). A dealer knows its own through its rights alone.
grant select on core.lead, core.route_decision to head_office;
create policy "routers and arbiters read leads on their way" on core.lead for select to head_office using ((select session.role_bit()) in (4, 8));
create policy "routers and arbiters read why a lead went where" on core.route_decision for select to head_office using ((select session.role_bit()) in (4, 8));
