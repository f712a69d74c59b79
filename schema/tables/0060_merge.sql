-- SPDX-License-Identifier: Apache-2.0
-- A merge of two parties, whole and reversible (R28, R29): what it moved, row by row, and what each right was before.
-- personal: core.merge.before

-- The row of the merged party stays and is nobody: its id resolves to the survivor (core.party_alias), and an undo gives it its life
-- back. merged_into is the person it was merged into at the time, who may have been merged further since; the alias leads to the living one.
alter table core.party add column merged_into bigint references core.party;
alter table core.party add constraint party_not_into_itself check (merged_into <> party_id);
create index party_merged on core.party (merged_into) where merged_into is not null;

create table core.merge (
  merge_id   bigint generated always as identity primary key,
  public_id  uuid not null unique default gen_random_uuid(),
  survivor_id bigint not null references core.party,
  merged_id  bigint not null references core.party,
  duplicate_id bigint references core.duplicate,
  merged_by  bigint references core.staff, merged_at timestamptz not null,
  alone_until timestamptz not null,                  -- until then one person may take it back, later two must (R29)
  undone_by  bigint references core.staff, undone_at timestamptz,
  reason     core.short_text,                        -- of the undo
  before     jsonb not null,                         -- {survivor: {field: value}, merged: {field: value}} as they were
  result     jsonb not null,                         -- {rights: [...], moved: {table: n}, consents_withdrawn: n}
  owners     jsonb not null default '{}',            -- {survivor: [dealer], merged: [dealer]}: whose later rows belong to whom
  check (survivor_id <> merged_id));
create unique index merge_one_life on core.merge (merged_id) where undone_at is null;   -- a party is merged away once at a time
create index merge_survivor on core.merge (survivor_id) where undone_at is null;
create index merge_at on core.merge (merged_at desc, merge_id desc);

create table core.merge_row (                        -- one row a fact that changed hands; before: columns it had besides the party
  merge_id  bigint not null references core.merge, row_no bigint generated always as identity,
  table_name text not null, key jsonb not null, before jsonb,
  primary key (merge_id, row_no));

create table core.merge_right (                      -- one row a right that a side had open
  merge_id  bigint not null references core.merge,
  side      text not null check (side in ('survivor', 'merged')),
  ownership_id bigint not null,                      -- as it was
  outcome   text not null check (outcome in ('kept', 'disputed', 'closed', 'moved', 'moved_disputed')),
  after_id  bigint,                                  -- the right of the survivor that goes on with it
  before    jsonb not null,                          -- the whole row of core.ownership
  primary key (merge_id, ownership_id));

-- Where a person's rows are, and what a merge does with them. A test holds this list against the catalogue.
create table core.party_reference (
  table_name text primary key,
  act        text not null check (act in ('move', 'special', 'derived', 'stay')),
  key        text[] not null default '{}',           -- primary key without the party
  twin       text[] not null default '{}',           -- with the party unique: a row the survivor has already stays where it is
  made_at    text,                                   -- column of time: a later row goes back to the side its dealer knew (R29)
  column_name text not null default 'party_id');

insert into core.right_transition
select 'unmerge', 'DISPUTED', s.state, 'R29' from unnest(enum_range(null::core.right_state)) s(state) where s.state not in ('CLOSED', 'DISPUTED');

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('R29.undo', '2000-01-01', 30, 'day', 0, 365);
insert into core.approval_kind (kind, roles, rule, days) values ('unmerge', 1024 | 1, 'R29', 7);
