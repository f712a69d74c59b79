-- SPDX-License-Identifier: Apache-2.0
-- A list may hold customers' signed orders (D.2, R50): the document is kept as an activity, the right is held.

alter table core.import drop constraint import_kind_check;
alter table core.import add constraint import_kind_check
  check (kind in ('client', 'vehicle', 'repair_order', 'order_line', 'sale', 'order', 'odometer', 'lead', 'exchange'));
