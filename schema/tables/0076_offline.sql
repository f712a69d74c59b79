-- SPDX-License-Identifier: Apache-2.0
-- R156: a registration that a dealer's system made while its line was down. Our monitor of the line, and the evidence it may bring.

alter type core.dispute_kind add value 'offline';

create table core.link_watch (                       -- a dealer's system as we see it: the last contact, and since when it comes steadily
  dealer_id int primary key references core.dealer,
  seen_at   timestamptz not null,
  steady_at timestamptz not null);
create table core.link_gap (                         -- a line that was steady and then was silent
  dealer_id int not null references core.dealer,
  from_at   timestamptz not null, until_at timestamptz not null check (until_at > from_at),
  primary key (dealer_id, from_at));
alter table core.link_watch enable row level security, force row level security;
alter table core.link_gap enable row level security, force row level security;

-- the system's own statement: number, local time and hash of the row. Weaker than anything a client took part in
insert into core.evidence_kind values ('offline', 15, false);
alter table core.evidence drop constraint evidence_check;
alter table core.evidence add constraint evidence_note_kind check (note is null or kind in ('note', 'offline'));
