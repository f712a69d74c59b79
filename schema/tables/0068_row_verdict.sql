-- SPDX-License-Identifier: Apache-2.0
-- Why each row that came from outside or was typed has the verdict it has: kept at the moment of the decision, for auditors alone (R24).
-- Ids and codes, nothing of the person. verdict_id is given while the row's keys are locked (core.keys_lock): two rows that share a key
-- have their numbers in the order in which they took effect.

create table core.row_verdict (
  verdict_id bigint generated always as identity primary key,
  at         timestamptz not null default core.now(),
  dealer_id  int not null references core.dealer,
  staff_id   bigint,                                 -- who typed or ordered it; of a system its seat
  channel    text not null check (channel in ('exchange', 'import', 'hand')),
  source     text,                                   -- spool of the dealer's system, public id of the import; NULL by hand
  seq        bigint,                                 -- number in the spool, line of the import
  kind       text not null,                          -- client sale repair_order vehicle ... ; registration by hand
  verdict    text not null, code text, rule text, field text,
  receipt    text,
  person_id  uuid,                                   -- public id of the party matched or made; resolves after merges too (R28)
  brand_id   smallint, line core.line,
  -- the right that decided, as it was then: the one made or renewed, or the one that stood in the way
  right_id   uuid, right_registered_at timestamptz, right_state core.right_state, right_dealer_id int,
  check ((source is null) = (seq is null)), check ((right_id is null) = (right_state is null)),
  constraint row_verdict_one unique (dealer_id, source, seq));
create index row_verdict_at on core.row_verdict (at desc, verdict_id desc);
create index row_verdict_dealer on core.row_verdict (dealer_id, at desc, verdict_id desc);
alter table core.row_verdict enable row level security, force row level security;
