-- SPDX-License-Identifier: Apache-2.0
-- An announced outage can be called off (R17): the row stays, with when and by whom.

alter table core.outage add column public_id uuid not null unique default gen_random_uuid(), add column cancelled_at timestamptz,
  add column cancelled_by bigint;
alter table core.outage add constraint outage_cancelled_planned check (cancelled_at is null or is_planned and finished_at is not null);
