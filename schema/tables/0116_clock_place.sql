-- SPDX-License-Identifier: Apache-2.0
-- Terms end at the end of a day, so a million share one instant, and a run that begins each batch at the left of the index walks over all
-- that it has ended already for as long as anybody's snapshot keeps them. With the right's number behind the instant a run goes on where
-- it was (core.job_step_expiry).
drop index core.ownership_clock;
create index ownership_clock on core.ownership ((party_id % 2), protect_until, ownership_id) where state in ('ACTIVE', 'CUSTOMER');
