-- SPDX-License-Identifier: Apache-2.0
-- Accounts, sessions, links, certificates, idempotency, throttles. Read and written only by functions of role binder.

create table session.account (
  account_id bigint generated always as identity primary key,
  staff_id   bigint not null unique references core.staff,
  login      text not null unique,
  password_phc text,
  totp_secret bytea, totp_pending bytea, totp_last_step bigint not null default 0,
  epoch      int not null default 1,
  created_at timestamptz not null default core.now());
create table session.recovery_code (account_id bigint not null references session.account, code_hash bytea not null,
  used_at timestamptz, primary key (account_id, code_hash));
create table session.session (
  session_id bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  secret_hash bytea not null unique,
  staff_id   bigint not null references core.staff,
  letter     "char" not null,
  agent text, address inet, certificate_hash bytea,
  created_at timestamptz not null, seen_at timestamptz not null,
  authenticated_at timestamptz not null,             -- step-up (threat 35)
  idle_until timestamptz not null, expires_at timestamptz not null,
  revoked_at timestamptz);
create index session_staff on session.session (staff_id) where revoked_at is null;
create table session.challenge (secret_hash bytea primary key, account_id bigint not null, tries smallint not null default 0,
  expires_at timestamptz not null);
-- failed and running attempts of one hour; a success takes its own back
create table session.failure (kind text not null check (kind in ('account', 'address', 'pair', 'link')), key text not null,
  window_at timestamptz not null, n int not null, last_at timestamptz not null, primary key (kind, key, window_at));
create table session.link (link uuid primary key default gen_random_uuid(), account_id bigint not null references session.account,
  kind text not null check (kind in ('invitation', 'reset')), expires_at timestamptz not null, used_at timestamptz);
create table session.certificate (spki_sha256 bytea primary key, dealer_id int not null references core.dealer,
  staff_id bigint not null references core.staff, enrolled_at timestamptz not null, revoked_at timestamptz);
create table session.enrol_code (code_hash bytea primary key, dealer_id int not null references core.dealer,
  created_by bigint, expires_at timestamptz not null, used_at timestamptz);
create table session.idempotency (
  idem_id bigint generated always as identity primary key,
  staff_id bigint not null, route text not null, key text not null, request_hash bytea not null,
  answer json, status int, at timestamptz not null default core.now(),
  unique (staff_id, route, key));
create index idempotency_at on session.idempotency (at);
