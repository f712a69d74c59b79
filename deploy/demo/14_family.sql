-- SPDX-License-Identifier: Apache-2.0
-- Couples are households with a link of their own (R60).

insert into core.household (household_id, created_at) overriding system value
select distinct p.household_id, demo.begun_on()::timestamptz from core.party p where p.household_id is not null;
insert into core.household_link (public_id, party_id, relative_id, relation, is_confirmed, dealer_id, from_on, created_at)
select demo.uuid('link', h.party_id), h.party_id, w.party_id, 'spouse', demo.u(h.party_id, 920) < 0.4, 0, demo.begun_on(), demo.begun_on()
from core.party h join core.party w on w.household_id = h.household_id and w.party_id > h.party_id
where h.household_id = h.party_id;
