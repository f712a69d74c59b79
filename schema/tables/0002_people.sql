-- SPDX-License-Identifier: Apache-2.0
-- People and companies: one row each in the whole network; contact points, match keys, consents, attachments.

create table core.party (
  party_id    bigint generated always as identity primary key,
  public_id   uuid not null unique default gen_random_uuid(),
  kind        core.party_kind not null,
  name        core.name_text not null,               -- as shown: «Иванов Иван Иванович» or «ООО …»
  surname     text, given_name text, patronymic text,
  sex         text check (sex in ('m', 'f')),
  born_on     date,
  inn         text,
  city        text,
  region      text,
  address     text,
  time_zone   text,                                  -- of the person; NULL = owner dealer's
  name_sort   text not null collate "ru-x-icu" generated always as (name) stored,
  name_search text not null collate "C" generated always as (core.name_fold(name)) stored,
  surname_key text not null collate "C" generated always as                 -- compared by the blind match
    (coalesce(core.surname_key(case when kind = 'COMPANY' then name else surname end), '')) stored,
  abc         core.abc,
  is_pool     boolean not null default true,         -- no open right at all (R6), kept by trigger
  router_level core.see_level not null default 'FULL',  -- what a router sees of the contacts (D.14), kept by trigger
  is_opted_out boolean not null default false,       -- withdrew advertising from everybody (R147)
  has_complaint boolean not null default false,
  household_id bigint,
  source      text not null default 'hand',          -- hand | dealer-system | import | demo
  version     int not null default 1,
  created_at  timestamptz not null default core.now(),
  updated_at  timestamptz not null default core.now());
create index party_pool on core.party (name_sort, party_id) where is_pool;
create index party_search on core.party (name_search);
create index party_sort on core.party (name_sort, party_id);

create table core.contact_point (
  contact_id  bigint generated always as identity primary key,
  public_id   uuid not null unique default gen_random_uuid(),
  party_id    bigint not null references core.party,
  kind        core.contact_kind not null,
  value       text not null,                         -- normalised: E.164, lower-case e-mail
  raw         text not null,                         -- as given (A000-37)
  is_primary  boolean not null default false,
  is_valid    boolean not null default true,         -- false: bounced hard or wrong number
  source_dealer_id int references core.dealer,       -- who was given this contact; 0 or NULL = head office
  shared_ids  int[] not null default '{}',           -- other dealers who were given it too, or to whom it was passed (R148)
  source      text not null default 'hand',
  version     int not null default 1,
  created_at  timestamptz not null default core.now(),
  unique (party_id, kind, value));
create unique index contact_point_one_primary on core.contact_point (party_id, kind) where is_primary;

-- R20, R22: every key by which the network finds a party; several parties may share one key.
create table core.match_key (
  kind     core.key_kind not null,
  value    text not null collate "C",
  party_id bigint not null references core.party,
  surname_key text not null collate "C" default '',  -- '' for INN and SOURCE, which need no name (R22)
  is_exact boolean not null default false,           -- this pair identifies the party: no second one may claim it
  primary key (kind, value, party_id));
create unique index match_key_one_party on core.match_key (kind, value, surname_key) where is_exact;
create index match_key_party on core.match_key (party_id);

-- R146: append-only; a withdrawal sets withdrawn_at once.
create table core.consent (
  consent_id  bigint generated always as identity primary key,
  party_id    bigint not null references core.party,
  dealer_id   int not null references core.dealer,   -- legal entity; 0 = head office
  purpose     core.consent_purpose not null,
  channel     core.channel,                          -- NULL = every channel (PROCESSING)
  text_version text not null,
  evidence    text not null check (length(evidence) between 1 and 400),
  source      text not null,
  given_at    timestamptz not null,
  withdrawn_at timestamptz,
  recorded_at timestamptz not null default core.now());
create index consent_party on core.consent (party_id, purpose, channel, dealer_id) where withdrawn_at is null;

-- R30: an incomplete registration; gives no protection, deleted after 7 days.
create table core.draft (
  draft_id  bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer,
  staff_id  bigint references core.staff,
  source    text not null,
  data      jsonb not null,
  missing   text[] not null,
  created_at timestamptz not null default core.now());
create index draft_dealer on core.draft (dealer_id, created_at);

create table core.attachment (
  attachment_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  party_id   bigint not null references core.party,
  dealer_id  int not null references core.dealer,    -- who uploaded; only he sees it
  staff_id   bigint not null references core.staff,
  name       core.short_text not null,
  media_type text not null,
  size_bytes bigint not null,
  sha256     text not null,
  created_at timestamptz not null default core.now(),
  deleted_at timestamptz);
create index attachment_party on core.attachment (dealer_id, party_id);
