-- SPDX-License-Identifier: Apache-2.0
-- Derived data: match keys, sums, ABC classes, the dealers' lists, the auditors' figures.

-- Triggers stay off: the projections are made whole. Keys and sums come first, and are analysed: without figures the planner
-- takes what this very transaction loaded for empty.
select core.rebuild_keys() \g /dev/null
insert into core.party_summary (party_id, dealer_id, sale_count, sale_kopecks, order_count, order_kopecks, last_visit_on, last_sale_on)
select party_id, dealer_id, sum(sales), sum(sale_k), sum(orders), sum(order_k), max(visit_on), max(sale_on)
from (select party_id, dealer_id, 1 as sales, amount_kopecks as sale_k, 0 as orders, 0 as order_k, null::date as visit_on, sold_on as sale_on from core.sale
      union all select party_id, dealer_id, 0, 0, 1, amount_kopecks, opened_on, null from core.repair_order) d group by party_id, dealer_id;
select core.party_total_rebuild() \g /dev/null
-- ABC as every night does it (A000-12)
analyze core.party_total;
select core.abc_plan() \g /dev/null
select core.abc_apply(100000000) \g /dev/null
analyze;
select core.rebuild_projection() \g /dev/null
select core.kpi_rebuild() \g /dev/null
