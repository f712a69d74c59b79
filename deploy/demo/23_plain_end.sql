-- SPDX-License-Identifier: Apache-2.0
-- A large base: the lists' own indexes, and the auditors' figures.

select demo.dress(null) \g /dev/null
analyze core.dealer_party, core.dealer_key;
select core.kpi_rebuild() \g /dev/null
