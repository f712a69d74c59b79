-- SPDX-License-Identifier: Apache-2.0
-- Two connections end terms, the even and the odd people. Each has its own range of this index: in one range whoever was ahead read again,
-- with every batch, all that the other had still before it.

drop index core.ownership_clock;
create index ownership_clock on core.ownership ((party_id % 2), protect_until) where state in ('ACTIVE', 'CUSTOMER', 'HELD');
