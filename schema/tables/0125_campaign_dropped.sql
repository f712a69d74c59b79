-- SPDX-License-Identifier: Apache-2.0
-- N12: how many of a running campaign's people had been dropped when its owner was last told. What was dropped before this file is no news.
alter table core.campaign add column told_dropped bigint not null default 0;
update core.campaign k set told_dropped = x.n from (
  select c.campaign_id, sum(c.n) as n from core.campaign_count c where c.state = 'CANCELLED' and c.reason <> 'stopped' group by 1) x
where k.campaign_id = x.campaign_id;
