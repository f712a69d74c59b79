-- SPDX-License-Identifier: Apache-2.0
-- A lead of head office on its way to a dealer (R40-R49): where it came from, who has it now, and every decision with its inputs.
-- personal: lead.interest, lead.city, lead.postal_code, lead.at_point, web_lead.data

create table core.web_site (                         -- a site that may hand in leads; its key is shown once
  site_id   int generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  name      core.name_text not null,
  key_hash  bytea not null unique,
  dealer_id int references core.dealer,              -- a dealer's own site: the customer named this dealer (R40.2)
  brand_id  smallint references core.brand, line core.line,      -- when the form does not say
  per_hour  int not null default 600 check (per_hour between 1 and 100000),
  created_at timestamptz not null default core.now(), created_by bigint,
  closed_at timestamptz);

create table core.web_lead (                         -- what a site handed in, until the clock takes it
  web_lead_id bigint generated always as identity primary key,
  site_id   int not null references core.web_site,
  external_id text not null check (length(external_id) between 1 and 100),
  data      jsonb,                                   -- emptied when it was taken
  came_at   timestamptz not null,
  taken_at  timestamptz, lead_id bigint, error text,
  unique (site_id, external_id));                    -- a repeat is a no-op (R153)
create index web_lead_waiting on core.web_lead (web_lead_id) where taken_at is null;
create index web_lead_site on core.web_lead (site_id, came_at);

create table core.lead (
  lead_id   bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  party_id  bigint not null references core.party,
  brand_id  smallint not null references core.brand,
  line      core.line not null,
  state     text not null check (state in ('ROUTING', 'OFFERED', 'ACCEPTED', 'DESK', 'DONE')),
  outcome   text check (outcome in ('contacted', 'owner', 'assigned', 'dropped', 'owned_meanwhile', 'ended')),
  came_at   timestamptz not null,
  due_at    timestamptz not null,                    -- came_at + 24 h: the desk has it by then (R45)
  source    text, interest text,
  model_id  smallint references core.model,
  named_dealer_id int references core.dealer,        -- by the customer (R40.2)
  referrer_id bigint references core.party,          -- R39
  city      text, region_code text references core.region, postal_code text check (postal_code ~ '^[0-9]{6}$'), at_point point,
  ownership_id bigint, dealer_id int references core.dealer,     -- the offer that runs now, or the right that came of it
  tried     int[] not null default '{}',             -- dealers who refused it or let it pass
  refusals  int not null default 0,
  decisions int not null default 0,
  desk_at   timestamptz, desk_rule text,
  done_at   timestamptz,
  staff_id  bigint,                                  -- who took it in; NULL = a site
  check ((state = 'DESK') <= (desk_at is not null)),
  check ((state = 'DONE') = (done_at is not null) and (state = 'DONE') = (outcome is not null)),
  check ((state in ('OFFERED', 'ACCEPTED')) <= (ownership_id is not null and dealer_id is not null)));
-- R44: one lead of a person, brand and line is on its way at a time
create unique index lead_one_open on core.lead (party_id, brand_id, line) where state <> 'DONE';
create index lead_open on core.lead (state, came_at) where state <> 'DONE';
create unique index lead_right on core.lead (ownership_id) where ownership_id is not null;
create index lead_dealer on core.lead (dealer_id, lead_id) where dealer_id is not null;
create index lead_party on core.lead (party_id);

-- R40, R48: append-only; inputs are numbers of dealers, counts and weights, never a person's data.
create table core.route_decision (
  decision_id bigint generated always as identity primary key,
  lead_id   bigint not null references core.lead,
  seq       int not null,                            -- of the lead
  at        timestamptz not null,
  version   bigint not null references core.routing_version,   -- R9
  inputs    jsonb not null,
  outcome   jsonb not null,                          -- what core.route_decide makes of the inputs
  wheel     text, wheel_was jsonb, wheel_is jsonb,   -- R42: state of the round robin before and after
  step      int not null, rule text not null,
  dealer_id int references core.dealer,              -- NULL = the desk
  ownership_id bigint,
  staff_id  bigint, reason text check (length(reason) <= 400),   -- by hand
  unique (lead_id, seq));
create index route_decision_wheel on core.route_decision (wheel, decision_id) where wheel is not null;

create table core.route_wheel (                      -- R42: one for each set of candidates of a brand and line
  wheel text primary key, state jsonb not null, turns bigint not null default 0, decision_id bigint);

create table core.lead_answer (                      -- what each dealer who was offered it made of it
  lead_id   bigint not null references core.lead,
  ownership_id bigint not null,
  dealer_id int not null references core.dealer,
  answer    text not null check (answer in ('accepted', 'declined', 'not_accepted', 'no_contact', 'ended')),
  reason    text check (length(reason) <= 400),
  at        timestamptz not null,
  primary key (lead_id, ownership_id, answer));
