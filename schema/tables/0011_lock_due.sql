-- SPDX-License-Identifier: Apache-2.0
-- The sweep of ended locks gets an index on an expression that only it uses. With the plain column, or a partial index, the
-- planner walked all live locks to learn that one person has none.

drop index core.campaign_lock_until;
create index campaign_lock_due on core.campaign_lock
  ((case when state <> 'RELEASED' then extract(epoch from until at time zone 'UTC')::bigint end));
