-- SPDX-License-Identifier: Apache-2.0
-- What the comparison of conduct counts (D.12, R114, R115, R124, R125): a right's source, how long it was protected and by what;
-- and short ways to withdrawals and to what auditors count in the ledger.

alter table core.right_kpi
  add column source text,                            -- where the client came from (R114)
  add column used_days int,                          -- days of protection used when it ended; NULL while it runs (R115)
  add column prolonged smallint not null default 0,  -- days on which an activity carried it further (R52)
  add column is_manual_only boolean not null default false,   -- prolonged, and by manual entries alone
  add column is_hoarded boolean not null default false;       -- its term passed without one qualifying activity (R114)

create index consent_withdrawn on core.consent (withdrawn_at) where withdrawn_at is not null;
create index ledger_conduct on core.ledger (at) where kind in ('probe.limit', 'staff.add', 'staff.edit', 'staff.leave', 'read.ledger_check');
create index unmask_grant_at on core.unmask_grant (at);
create index export_at on core.export (asked_at);
