-- SPDX-License-Identifier: Apache-2.0
-- Orders of a list as plain columns: an index over COALESCE cannot be sought under row security, which takes COALESCE for leaky.

alter table core.dealer_party
  add column visit_key   date not null generated always as (coalesce(last_visit_on, '-infinity')) stored,
  add column protect_key timestamptz not null generated always as (coalesce(protect_until, 'infinity')) stored;
drop index core.dealer_party_visit;
drop index core.dealer_party_protect;
create index dealer_party_visit on core.dealer_party (dealer_id, visit_key, party_id);
create index dealer_party_protect on core.dealer_party (dealer_id, protect_key, party_id);
