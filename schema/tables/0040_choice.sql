-- SPDX-License-Identifier: Apache-2.0
-- The customer's verified choice (R80, P20), walk-ins under a serve grant (R81, R82), and who counts a sale (R84).

create table core.choice (                           -- R80: a customer is asked, or says, who shall serve him
  choice_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),       -- what the signed link names
  party_id  bigint not null references core.party,
  brand_id  smallint not null references core.brand, line core.line not null, vehicle_id bigint references core.vehicle,
  -- LINK: the page behind a letter; CODE: a code of a letter, told at the desk; FORM: a signed form; CALL: a recording that head office
  -- has heard; ORDER: the order itself is the choice (R83)
  kind      text not null check (kind in ('LINK', 'CODE', 'FORM', 'CALL', 'ORDER')),
  dealer_id int not null references core.dealer,     -- who asked; 0 = head office
  staff_id  bigint references core.staff,
  to_dealer_id int references core.dealer,           -- LINK: known when he has chosen
  from_dealer_id int references core.dealer,         -- who had him
  code_hash bytea, tries smallint not null default 0 check (tries between 0 and 5),
  evidence_id bigint,                                -- core.evidence, which comes after this file
  -- KEPT: chosen while the right was in dispute or an order was signed; the arbiter reads it (R104), nothing moved
  state     text not null default 'ASKED' check (state in ('ASKED', 'DONE', 'KEPT', 'REFUSED', 'EXPIRED')),
  at        timestamptz not null default core.now(),
  until_at  timestamptz not null,
  done_at   timestamptz,
  next_at   timestamptz,                             -- P20: no other choice of this right before
  ownership_id bigint,                               -- the right that follows from it
  check ((state in ('DONE', 'KEPT')) = (done_at is not null)), check (state <> 'DONE' or to_dealer_id is not null),
  check (kind <> 'FORM' or evidence_id is not null), check (kind <> 'CALL' or evidence_id is not null),
  -- P20: two choices of one right never lie within its days. An order is a purchase and is never refused (R5)
  slot      bigint not null generated always as (brand_id * 10 + case line when 'NEW' then 1 when 'USED' then 2 when 'FLEET' then 3
    when 'SERVICE' then 4 when 'PARTS' then 5 else 6 end) stored,
  constraint choice_once exclude using gist (int8range(party_id, party_id, '[]') with &&, int8range(slot, slot, '[]') with &&,
    int8range(coalesce(vehicle_id, 0), coalesce(vehicle_id, 0), '[]') with &&, tstzrange(done_at, next_at) with &&)
    where (state = 'DONE' and kind <> 'ORDER'));
create index choice_party on core.choice (party_id, brand_id, line, done_at);
create index choice_dealer on core.choice (dealer_id, choice_id desc);
create index choice_open on core.choice (until_at) where state = 'ASKED';

-- R81: a permission to serve is the customer's own visit: what he says of himself today, and nothing that others know.
-- personal: told_name, typed
alter table core.serve_grant
  add column grant_id bigint generated always as identity,
  add column public_id uuid not null default gen_random_uuid(),
  add column staff_id bigint references core.staff,
  add column told_name text check (length(told_name) <= 200),     -- as the customer says it
  add column typed jsonb not null default '{}',      -- what he gave at the desk: phone, email, vin, plate, inn
  add column is_place_told boolean not null default false,        -- R82: the customer allows that the owner learns where
  add column ended_at timestamptz;
create unique index serve_grant_number on core.serve_grant (grant_id);
create unique index serve_grant_public on core.serve_grant (public_id);
create index serve_grant_dealer on core.serve_grant (dealer_id, until_at desc, grant_id desc);
create index serve_grant_party on core.serve_grant (party_id);

create table core.serve_visit (                      -- R82: served elsewhere; the owner is told once a day
  visit_id  bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  grant_id  bigint not null,
  party_id  bigint not null references core.party, dealer_id int not null references core.dealer, staff_id bigint references core.staff,
  brand_id  smallint not null, line core.line not null,
  owner_id  int references core.dealer,
  kind      text not null check (kind in ('visit', 'repair', 'order', 'sale', 'document', 'note')),
  at        timestamptz not null default core.now(),
  note      core.long_text,                          -- personal: note
  told_at   timestamptz);                            -- in the owner's digest
create index serve_visit_grant on core.serve_visit (grant_id, visit_id);
create index serve_visit_untold on core.serve_visit (owner_id, at) where told_at is null and owner_id is not null;
create index serve_visit_owner on core.serve_visit (owner_id, visit_id desc) where owner_id is not null;
create index serve_visit_party on core.serve_visit (party_id);

create table core.credit (                           -- R84: who counts a sale of a customer whom two dealers worked
  credit_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  party_id  bigint not null references core.party, brand_id smallint not null, line core.line not null,
  seller_id int not null references core.dealer,
  other_id  int not null references core.dealer,     -- who had the right
  ownership_id bigint, sale_id bigint references core.sale,       -- the seller's right by order; the sale, when it is there
  seller_bp int not null check (seller_bp between 0 and 10000),   -- shares in 1/10000; both together are always the whole
  other_bp  int not null generated always as (10000 - seller_bp) stored,
  facts     jsonb not null default '{}',             -- {activity_on, offer_on, why}: dates only
  rule      text not null default 'R84',
  state     text not null default 'RULED' check (state in ('RULED', 'DISPUTED', 'DECIDED')),
  dispute_id bigint,
  at        timestamptz not null default core.now(), decided_by bigint, decided_at timestamptz,
  check (seller_id <> other_id), check (ownership_id is not null or sale_id is not null));
create unique index credit_right on core.credit (ownership_id) where ownership_id is not null;
create unique index credit_sale on core.credit (sale_id) where sale_id is not null;
create index credit_seller on core.credit (seller_id, credit_id desc);
create index credit_other on core.credit (other_id, credit_id desc);
create index credit_party on core.credit (party_id);
