-- SPDX-License-Identifier: Apache-2.0
-- The record shows withdrawn consents too; an index of those in force alone made every card read the whole table.

drop index core.consent_party;
create index consent_party on core.consent (party_id, purpose, channel, dealer_id);
