-- SPDX-License-Identifier: Apache-2.0
-- Orders that were never delivered (P7) were looked for among all terms that are over: with a million of them due, each batch read the whole
-- million to find none. They have an index of their own.

create index ownership_held on core.ownership (protect_until) where state = 'HELD';
drop index core.ownership_clock;
create index ownership_clock on core.ownership ((party_id % 2), protect_until) where state in ('ACTIVE', 'CUSTOMER');
