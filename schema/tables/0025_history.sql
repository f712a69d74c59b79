-- SPDX-License-Identifier: Apache-2.0
-- R3, R8, R161: the history of a right holds every column from which the present row is rebuilt (core.right_replay), in valid time
-- (valid_from: since when it is so at the client) and in recorded time (recorded_at: since when the network says so).
-- R9: policy_from is the version of the rules a decision was taken by: the date of the youngest policy row in force.
-- interest is free text somebody typed; it never changes in the life of a right and must be erasable: it is not in the history.

-- the owner of the tables is held by their row security too; the renewal of the code forces it again
alter table core.ownership no force row level security;
alter table core.ownership_history no force row level security;
alter table core.right_transition no force row level security;

alter table core.ownership
  add column extended_at timestamptz,                -- R53: P5 was extended, once
  add column parked_on date,                         -- R55: the client asked to be called on this day; once
  add column is_void boolean not null default false; -- R38: never was a right

alter table core.ownership_history
  add column since timestamptz, add column registered_at timestamptz,
  add column manual_run smallint, add column prolonged_on date,
  add column extended_at timestamptz, add column parked_on date, add column is_void boolean not null default false,
  add column policy_from timestamptz;

-- What was written before: the version that is the present right takes its missing values from the row, an older one what is certain.
update core.ownership_history h set since = o.since, registered_at = o.registered_at, manual_run = o.manual_run, prolonged_on = o.prolonged_on,
  recorded_at = o.changed_at, staff_id = o.changed_by, source = o.source
from core.ownership o where o.party_id = h.party_id and o.brand_id = h.brand_id and o.line = h.line
  and o.ownership_id = h.ownership_id and o.ver = h.ver;
update core.ownership_history h set since = f.valid_from, registered_at = f.valid_from, manual_run = 0
from (select x.ownership_id, min(x.valid_from) as valid_from from core.ownership_history x group by 1) f
where f.ownership_id = h.ownership_id and h.since is null;

create index policy_from on core.policy (valid_from);
alter table core.policy drop constraint if exists policy_unit_check;
alter table core.policy add constraint policy_unit_check check (unit in ('day', 'minute', 'count', 'hour', 'month', 'percent', 'permille', 'point'));
alter table core.policy add column staff_id bigint references core.staff, add column recorded_at timestamptz not null default core.now(),
  add column reason text check (length(reason) <= 400);

-- R11, R59: what the clock of protection does besides what D.2 names
insert into core.right_transition values
  ('extend', 'ACTIVE', 'ACTIVE', 'R53'), ('park', 'ACTIVE', 'ACTIVE', 'R55'), ('void_activity', 'ACTIVE', 'ACTIVE', 'R56'),
  ('reopen', null, 'ACTIVE', 'R19'), ('claim', null, 'OFFERED', 'R15');
-- R38 is a decision: of a dispute, or of the review that a registration waits for
insert into core.right_transition values ('void', 'DISPUTED', 'CLOSED', 'R38'), ('void', 'PENDING', 'CLOSED', 'R38');
