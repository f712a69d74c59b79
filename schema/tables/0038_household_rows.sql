-- SPDX-License-Identifier: Apache-2.0
-- Households that were there before they had rows of their own: their numbers are taken, their members are linked as relatives to the
-- first of them. Read as owner, which forced row security would hide from.

alter table core.party no force row level security;
alter table core.household no force row level security;
alter table core.household_link no force row level security;
insert into core.household (household_id) overriding system value
select distinct p.household_id from core.party p where p.household_id is not null on conflict do nothing;
select setval(pg_get_serial_sequence('core.household', 'household_id'), greatest((select coalesce(max(h.household_id), 0) from core.household h), 1));
insert into core.household_link (party_id, relative_id, relation, dealer_id, from_on)
select f.first_id, p.party_id, 'relative', 0, p.created_at::date
from core.party p join (select q.household_id, min(q.party_id) as first_id from core.party q where q.household_id is not null group by 1) f
    on f.household_id = p.household_id and f.first_id <> p.party_id
on conflict do nothing;
alter table core.household_link force row level security;
alter table core.household force row level security;
alter table core.party force row level security;
