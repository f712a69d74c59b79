-- SPDX-License-Identifier: Apache-2.0
-- R158: an incoming call as the dealer's telephone system or an operator told it. What a stranger's client says is the
-- dealer's own note of that day (G of D.14), never part of the person's record.
-- personal: number, said_name, said_text
create table core.call_arrival (
  arrival_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  dealer_id  int not null references core.dealer,
  staff_id   bigint references core.staff,            -- who opened it; NULL while it only rings
  call_id    text not null check (length(call_id) between 1 and 100),
  number     text,                                    -- emptied after D14.call days
  is_attested boolean not null,                       -- told by the telephone system, not typed
  party_id   bigint references core.party,            -- only when the caller's dealer may see him
  verdict    core.verdict not null,
  said_name  core.short_text, said_text core.short_text,
  at         timestamptz not null,
  unique (dealer_id, call_id));
create index call_arrival_dealer on core.call_arrival (dealer_id, at desc);
create index call_arrival_kept on core.call_arrival (at) where number is not null;       -- what is still to be forgotten
alter table core.call_arrival enable row level security, force row level security;
