-- SPDX-License-Identifier: Apache-2.0
-- R15, R34: who has the person waits no longer. Claims that were left when their dealer got him by registration, transfer or in bulk.

delete from core.waiting_claim w using core.ownership o
where o.party_id = w.party_id and o.brand_id = w.brand_id and o.line = w.line and o.dealer_id = w.dealer_id and o.state <> 'CLOSED';
