-- SPDX-License-Identifier: Apache-2.0
-- Derived data: match keys, sums, ABC classes, the dealers' lists, the auditors' figures.

-- Triggers stay off: the projections are made whole. Keys and sums come first, and are analysed: without figures the planner
-- takes what this very transaction loaded for empty.
select core.rebuild_keys() \g /dev/null
select core.rebuild_sums() \g /dev/null
select core.rebuild_stages() \g /dev/null
-- ABC as every night does it (A000-12)
analyze core.party_total;
select core.abc_recompute() \g /dev/null
analyze;
select core.rebuild_projection() \g /dev/null
select core.kpi_rebuild() \g /dev/null
