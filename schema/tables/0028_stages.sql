-- SPDX-License-Identifier: Apache-2.0
-- R113: stages of the rights that are open when the board comes, from the activities that counted (core.stage_of_kind says the same).

alter table core.ownership no force row level security;
alter table core.interaction no force row level security;
alter table core.right_stage no force row level security;
insert into core.right_stage (ownership_id, dealer_id, stage, reached_at)
select distinct on (o.ownership_id) o.ownership_id, o.dealer_id, k.stage, i.at
from core.ownership o join core.interaction i on i.party_id = o.party_id and i.dealer_id = o.dealer_id and i.at >= o.since
cross join lateral (select case when i.is_qualifying and i.kind in ('OFFER', 'CREDIT', 'ORDER', 'DEPOSIT') then 4 when i.is_qualifying and i.kind = 'TEST_DRIVE' then 3
    when i.is_qualifying and i.kind in ('VISIT', 'APPRAISAL', 'APPOINTMENT') then 2 when i.kind in ('CALL_OUT', 'CALL_IN', 'MAIL_IN', 'SMS_IN', 'VISIT', 'TEST_DRIVE',
        'OFFER', 'APPRAISAL', 'CREDIT', 'ORDER', 'DEPOSIT', 'APPOINTMENT') then 1 end::smallint as stage) k
where o.state in ('PENDING', 'ACTIVE', 'GRACE', 'HELD') and k.stage is not null
  and (i.kind not in ('APPOINTMENT', 'TEST_DRIVE', 'OFFER', 'APPRAISAL', 'CREDIT', 'ORDER', 'DEPOSIT') or (i.kind = 'APPOINTMENT') = (o.line in ('SERVICE', 'PARTS')))
order by o.ownership_id, k.stage desc, i.at
on conflict (ownership_id) do nothing;
