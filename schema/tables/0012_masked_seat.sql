-- SPDX-License-Identifier: Apache-2.0
-- D.14 gives the seat of an offered right masked sight. seat_ids holds full sight only, so such a seat fell among its colleagues,
-- who see nothing. core.project keeps the column; rows that are there already catch up here, as their owner (forced row security
-- would hide them from this very statement).

alter table core.dealer_party add column masked_seat_ids bigint[] not null default '{}';   -- masked sight by a right of their own
alter table core.dealer_party no force row level security;
alter table core.ownership no force row level security;
alter table core.visibility no force row level security;
update core.dealer_party t set masked_seat_ids = x.seats
from (select o.dealer_id, o.party_id, array_agg(distinct o.seat_id) as seats
      from core.ownership o join core.visibility v on v.state = o.state and v.viewer = 'seat' and v.level = 'MASKED'
      where o.seat_id is not null group by 1, 2) x
where t.dealer_id = x.dealer_id and t.party_id = x.party_id;
alter table core.visibility force row level security;
alter table core.ownership force row level security;
alter table core.dealer_party force row level security;
