-- SPDX-License-Identifier: Apache-2.0
-- A large base's derived data: each table is filled whole, then its indexes; the dealers' lists are left to two connections.

select core.rebuild_keys() \g /dev/null
select demo.dress('{match_key}') \g /dev/null
select core.rebuild_sums() \g /dev/null
select demo.dress('{party_summary,party_total}') \g /dev/null
select core.rebuild_stages() \g /dev/null
analyze core.party_total;
select core.abc_recompute() \g /dev/null
update core.party q set is_pool = x.level is null, router_level = coalesce(x.level, 'FULL')
from (select y.party_id, min(v.level) as level from core.party y
      left join core.ownership o on o.party_id = y.party_id and o.state <> 'CLOSED'
      left join core.visibility v on v.state = o.state and v.viewer = 'router' group by 1) x
where q.party_id = x.party_id and (q.is_pool, q.router_level) is distinct from (x.level is null, coalesce(x.level, 'FULL'));
select demo.dress('{party}') \g /dev/null
-- who lists whom, in shares that either connection may take
create table demo.share as
select share, array_agg(dealer_id) as dealers, array_agg(party_id) as parties
from (select o.dealer_id, o.party_id, (row_number() over (order by o.dealer_id, o.party_id) - 1) / 20000 as share
      from (select distinct dealer_id, party_id from core.ownership) o) x group by share;
analyze;
