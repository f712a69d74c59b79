-- SPDX-License-Identifier: Apache-2.0
-- Evidence (R101): what a side can show. The bytes lie in files_dir under their SHA-256, the row names that hash; neither is
-- ever replaced or deleted. A manual note has no file: the hash is of its text.
-- personal: name, note

create table core.evidence_kind (                    -- R101, strongest first: the order is the weight
  kind    text primary key,
  weight  smallint not null unique,
  is_file boolean not null default true);
insert into core.evidence_kind values
  ('choice', 90, true),                              -- R80: the customer's signed form
  ('order', 80, true), ('test_drive', 70, true), ('consent', 60, true), ('incoming', 50, true),
  ('visit', 40, true), ('offer', 30, true), ('email', 20, true), ('note', 10, false);

create table core.evidence (
  evidence_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  dealer_id  int not null references core.dealer,    -- whose it is; 0 = head office
  staff_id   bigint not null references core.staff,  -- who answers for it (R38)
  kind       text not null references core.evidence_kind,
  happened_at timestamptz not null,                  -- when, as the one who uploaded says
  name       core.short_text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256     text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  note       core.long_text,                         -- kind note: its text
  at         timestamptz not null default core.now(),
  erased_at  timestamptz,                            -- R149: name and note emptied, the hash stays
  check (note is null or kind = 'note'),
  check (happened_at <= at));
create index evidence_dealer on core.evidence (dealer_id, evidence_id desc);
