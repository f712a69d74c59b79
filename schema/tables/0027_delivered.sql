-- SPDX-License-Identifier: Apache-2.0
-- The funnel's last column: deliveries of the last weeks, without a walk over all customers of a dealer.

create index ownership_delivered on core.ownership (dealer_id, changed_at) where state = 'CUSTOMER' and event = 'delivery';
