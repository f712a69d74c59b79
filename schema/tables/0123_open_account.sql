-- SPDX-License-Identifier: Apache-2.0
-- R129: an open account keeps the former owner's look at a client: it is a work order that was not paid.

create index repair_order_unpaid on core.repair_order (dealer_id, party_id) where not is_paid;
