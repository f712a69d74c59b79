-- SPDX-License-Identifier: Apache-2.0
-- Seeing (D.14): the rows of the matrix that are no state of a right, unmasking with a reason.

-- R133: what the matrix says of people without an open right. A customer's own sight comes with his cabinet.
create table core.visibility_case (
  kind   text not null check (kind in ('pool', 'erased')),
  viewer text not null,
  level  core.see_level not null,
  primary key (kind, viewer));
alter table core.visibility_case enable row level security, force row level security;

-- R137: a masked person's contacts opened for one caller, for a while, with a reason.
-- personal: note
create table core.unmask_grant (
  grant_id bigint generated always as identity primary key,
  staff_id bigint not null references core.staff, dealer_id int not null references core.dealer,
  party_id bigint not null references core.party,
  reason   text not null, note core.short_text,
  at       timestamptz not null, until_at timestamptz not null,
  constraint unmask_reason check (reason in ('client_asked', 'colleague_absent', 'urgent', 'complaint', 'dispute', 'subject_request', 'duplicate')),
  check (until_at > at));
create index unmask_grant_staff on core.unmask_grant (staff_id, at);
create index unmask_grant_party on core.unmask_grant (party_id, staff_id, until_at);
alter table core.unmask_grant enable row level security, force row level security;
