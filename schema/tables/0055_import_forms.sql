-- SPDX-License-Identifier: Apache-2.0
-- Lists of any form: workbooks, JSON lines, XML of 1C and ADF; mappings that are remembered; lines of work orders; results of rows
-- beside the rows, so that a verdict does not write the row's cells again.
-- personal: import_row.cells, draft.data

alter table core.import drop constraint import_kind_check;
alter table core.import add constraint import_kind_check
  check (kind in ('client', 'vehicle', 'repair_order', 'order_line', 'sale', 'odometer', 'lead', 'exchange'));
alter table core.import
  add column format text not null default 'csv',     -- csv xlsx json-lines xml enterprise-data commerceml adf
  add column sheets text[], add column sheet text,    -- of a workbook
  add column is_named boolean not null default false, -- the file names our own fields: nothing to map
  add column signature text,                          -- of format and header: by it a mapping is remembered
  add column is_remembered boolean not null default false,
  add column event_id bigint references core.event_list,   -- R36: the list's event; NULL = the dealer's own records (R154)
  add column flaw_count int not null default 0,       -- rows that could not be read
  add column done_line int not null default 0,        -- the last line that has its result in this round
  add column started_at timestamptz,                  -- of the run or the latest dry run
  add column counts jsonb not null default '{}';      -- results of this round by verdict

create table core.import_mapping (
  dealer_id int not null references core.dealer, kind text not null, signature text not null,
  mapping   jsonb not null, brand_id smallint references core.brand, line core.line,
  staff_id  bigint not null references core.staff, used_at timestamptz not null default core.now(),
  primary key (dealer_id, kind, signature));

create table core.import_result (
  import_id bigint not null references core.import,
  line_no   int not null,
  verdict   text not null,                           -- created | updated | YOURS | PROTECTED | draft | error | ...
  field text, error text, party_id bigint, receipt text, undo jsonb,
  primary key (import_id, line_no));
create index import_result_verdict on core.import_result (import_id, verdict, line_no);
create index import_result_undo on core.import_result (import_id, line_no desc) where undo is not null;

alter table core.import_row no force row level security;
alter table core.import no force row level security;
alter table core.import_row add column flaw text;
insert into core.import_result (import_id, line_no, verdict, field, error, party_id, receipt, undo)
select r.import_id, r.line_no, r.verdict, r.field, r.error, r.party_id, r.receipt, r.undo from core.import_row r where r.verdict is not null;
update core.import_row r set flaw = r.error where r.verdict = 'error' and r.error !~ '^(ZC|22|23)';
update core.import i set done_line = coalesce((select max(x.line_no) from core.import_result x where x.import_id = i.import_id), 0),
  flaw_count = (select count(*) from core.import_row r where r.import_id = i.import_id and r.flaw is not null),
  counts = (select coalesce(jsonb_object_agg(c.verdict, c.n), '{}') from (
    select x.verdict, count(*) as n from core.import_result x where x.import_id = i.import_id group by 1) c);
-- public functions are made again after the tables; until then they would hold the columns
drop function if exists api.import_get(uuid), api.import_rows_list(uuid, text, int, text), api.import_export(uuid);
alter table core.import_row drop column verdict, drop column field, drop column error, drop column party_id, drop column receipt,
  drop column undo;

create table core.repair_order_line (
  order_id  bigint not null references core.repair_order on delete cascade,
  position  smallint not null check (position between 1 and 9999),
  code      text check (length(code) <= 100), what core.short_text not null,
  is_work   boolean not null default false,          -- labour, else a part
  quantity  numeric(12, 3) not null default 1, price_kopecks core.kopecks, amount_kopecks core.kopecks not null,
  primary key (order_id, position));

-- a list or a push repeated makes no second draft; a document finds the draft of its client
create index draft_same on core.draft (dealer_id, hashtextextended(data::text, 0));
create index draft_external on core.draft (dealer_id, (data ->> 'external_id')) where data ->> 'external_id' is not null;
