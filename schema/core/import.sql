-- SPDX-License-Identifier: Apache-2.0
-- An uploaded file becomes rows, rows become clients and documents: parsed by the server's reader, mapped by a person, tried
-- without effect, run, and undone whole. Each step of a job handles a few hundred rows and can be repeated.
-- States: UPLOADED -> PARSED -> MAPPED -> CHECKED -> RUNNING -> DONE -> UNDOING -> UNDONE; FAILED when the file is no table.

create function core.import_fields(p_kind text) returns table (name text, is_required boolean)
language sql immutable as $$
select f.name, f.is_required from (values
    ('client', 1, 'name', false), ('client', 2, 'surname', false), ('client', 3, 'given_name', false),
    ('client', 4, 'patronymic', false), ('client', 5, 'phone', false), ('client', 6, 'email', false),
    ('client', 7, 'inn', false), ('client', 8, 'city', false), ('client', 9, 'born_on', false), ('client', 10, 'vin', false),
    ('client', 11, 'plate', false), ('client', 12, 'external_id', false), ('client', 13, 'consent_evidence', false),
    ('client', 14, 'interest', false), ('client', 15, 'document_number', false), ('client', 16, 'document_on', false),
    ('client', 17, 'document_amount', false),
    ('vehicle', 1, 'vin', true), ('vehicle', 2, 'plate', false), ('vehicle', 3, 'model', false),
    ('vehicle', 4, 'model_year', false), ('vehicle', 5, 'external_id', true),
    ('repair_order', 1, 'external_id', true), ('repair_order', 2, 'number', true), ('repair_order', 3, 'on', true),
    ('repair_order', 4, 'amount', true), ('repair_order', 5, 'vin', false), ('repair_order', 6, 'mileage_km', false),
    ('repair_order', 7, 'what', false),
    ('sale', 1, 'external_id', true), ('sale', 2, 'number', true), ('sale', 3, 'on', true), ('sale', 4, 'amount', true),
    ('sale', 5, 'vin', false)) f(kind, place, name, is_required)
where f.kind = p_kind order by f.place $$;
comment on function core.import_fields(text) is 'Fields that a column of an uploaded list may fill, and which a list of this kind must have.';

-- The import that the running job works on, locked. The job's identity is the person's who ordered it.
create function core.import_of_job(p_job bigint) returns core.import language plpgsql set search_path = '' as $$
declare i core.import;
begin
    select x.* into i from core.import x join core.job j on (j.spec ->> 'import_id')::bigint = x.import_id
    where j.job_id = p_job and x.dealer_id = session.dealer() for update of x;
    if i.import_id is null then perform core.fail('ZC404'); end if;
    return i;
end $$;
comment on function core.import_of_job(bigint) is 'Lock the import of a running job of the caller''s dealer. errors: ZC404.';

create function core.import_own(p_import bigint) returns core.import language plpgsql security definer set search_path = '' as $$
declare i core.import;
begin
    select * into i from core.import x where x.import_id = p_import and x.dealer_id = session.dealer() for update;
    if i.import_id is null then perform core.fail('ZC404'); end if;
    return i;
end $$;
comment on function core.import_own(bigint) is 'Lock an import of the caller''s dealer by its number. errors: ZC404.';

create function core.import_header_set(p_import bigint, p_encoding text, p_separator text, p_header json) returns int
language plpgsql security definer set search_path = '' as $$
declare i core.import := core.import_own(p_import);
begin
    if i.state <> 'UPLOADED' then perform core.fail('ZC153'); end if;
    if json_typeof(p_header) <> 'array' or json_array_length(p_header) > 512 then perform core.fail('ZC402', 'header'); end if;
    update core.import x set encoding = p_encoding, separator = p_separator, header = p_header::jsonb where x.import_id = p_import;
    return (select coalesce(max(r.line_no), 0) from core.import_row r where r.import_id = p_import);
end $$;
comment on function core.import_header_set(bigint, text, text, json) is $$
Keep what the reader found in the first line of a file. Called by the parsing job.
out: the last line stored so far, so that a parse that was interrupted goes on behind it    errors: import-state $$;

create function core.import_rows_add(p_import bigint, p_first_line int, p_rows json) returns int
language plpgsql security definer set search_path = '' as $$
declare i core.import := core.import_own(p_import); n int;
begin
    if i.state <> 'UPLOADED' then perform core.fail('ZC153'); end if;
    insert into core.import_row (import_id, line_no, cells, verdict, error)
    select p_import, coalesce((r.value ->> 'line')::int, p_first_line + r.ordinality::int - 1),
        coalesce(r.value -> 'cells', case when json_typeof(r.value) = 'array' then r.value end, '[]')::jsonb,
        case when r.value ->> 'flaw' is not null then 'error' end, r.value ->> 'flaw'
    from json_array_elements(p_rows) with ordinality r on conflict do nothing;
    get diagnostics n = row_count;
    update core.import x set rows_total = x.rows_total + n where x.import_id = p_import;
    return n;
end $$;
comment on function core.import_rows_add(bigint, int, json) is $$
Store rows of a file as read. Called by the parsing job with at most 500 rows; a repeat adds nothing.
in: rows - list of lists of cells, or of {line, cells, flaw}    out: rows added    errors: import-state $$;

create function core.import_parsed(p_import bigint, p_error text) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform core.import_own(p_import);
    update core.import x set state = case when p_error is null then 'PARSED' else 'FAILED' end::core.import_state,
        error = left(p_error, 200), version = x.version + 1
    where x.import_id = p_import and x.state = 'UPLOADED';
end $$;
comment on function core.import_parsed(bigint, text) is 'The parsing job has read the whole file, or says why it cannot.';
grant execute on function core.import_header_set(bigint, text, text, json), core.import_rows_add(bigint, int, json),
    core.import_parsed(bigint, text) to dealer;

-- One row's cells as the fields of core.intake_row, by the person's mapping {field: column index from 0}.
create function core.import_data(p_import core.import, p_cells jsonb) returns jsonb
language sql stable as $$
select jsonb_strip_nulls(jsonb_object_agg(m.key, nullif(btrim(p_cells ->> m.value::int), '')))
       || jsonb_strip_nulls(jsonb_build_object('brand_id', (p_import).brand_id, 'line', (p_import).line))
from jsonb_each_text((p_import).mapping) m $$;
comment on function core.import_data(core.import, jsonb) is 'Turn the cells of a row into named fields; empty cells are absent.';

-- Handle the next rows of an import: p_is_trial does everything and takes it back, keeping only the verdict.
create function core.import_rows_do(p_import core.import, p_limit int, p_is_trial boolean) returns int
language plpgsql set search_path = '' as $$
declare r core.import_row; x core.intake_result; n int := 0;
begin
    perform core.keys_lock(p_import.dealer_id, coalesce(jsonb_agg(core.import_data(p_import, w.cells)), '[]'))
    from (select q.cells from core.import_row q where q.import_id = p_import.import_id and q.verdict is null
          order by q.line_no limit p_limit) w;
    for r in select * from core.import_row w where w.import_id = p_import.import_id and w.verdict is null
             order by w.line_no limit p_limit loop
        x := core.intake_row(p_import.dealer_id, p_import.staff_id, p_import.kind, core.import_data(p_import, r.cells),
                             'import', p_is_trial);
        update core.import_row w set verdict = x.verdict, field = x.field, error = x.code, receipt = x.receipt,
            party_id = case when not p_is_trial then x.party_id end, undo = case when not p_is_trial then x.undo end
        where w.import_id = r.import_id and w.line_no = r.line_no;
        n := n + 1;
    end loop;
    update core.import i set rows_done = i.rows_done + n where i.import_id = p_import.import_id;
    return n;
end $$;
comment on function core.import_rows_do(core.import, int, boolean) is $$
Give the next rows their verdicts. out: rows handled; fewer than the limit means that none is left.$$;

create function core.job_step_import_check(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare i core.import := core.import_of_job(p_job); n int;
begin
    n := core.import_rows_do(i, 200, true);
    is_done := n < 200; done := i.rows_done + n; total := i.rows_total;
    if is_done then update core.import x set state = 'CHECKED', version = x.version + 1 where x.import_id = i.import_id; end if;
end $$;
comment on function core.job_step_import_check(bigint) is 'Dry run: the next 200 rows get the verdict they would have now; nothing else is kept.';

create function core.job_step_import_run(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare i core.import := core.import_of_job(p_job); n int;
begin
    n := core.import_rows_do(i, 200, false);
    is_done := n < 200; done := i.rows_done + n; total := i.rows_total;
    if is_done then
        update core.import x set state = 'DONE', done_at = core.now(), version = x.version + 1 where x.import_id = i.import_id;
        perform core.ledger_add('import.done', i.public_id::text, null, 'R154', (
            select coalesce(jsonb_object_agg(v.verdict, v.n), '{}') from (
                select w.verdict, count(*) n from core.import_row w where w.import_id = i.import_id group by 1) v));
    end if;
end $$;
comment on function core.job_step_import_run(bigint) is 'The next 200 rows take effect; a row once done is never done again.';

create function core.job_step_import_undo(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare i core.import := core.import_of_job(p_job); r core.import_row; n int := 0;
begin
    -- backwards, so that what a later row built on an earlier one goes first
    for r in select * from core.import_row w where w.import_id = i.import_id and w.undo is not null
             order by w.line_no desc limit 200 loop
        perform core.intake_undo(i.dealer_id, r.undo);
        update core.import_row w set undo = null, verdict = 'undone' where w.import_id = r.import_id and w.line_no = r.line_no;
        n := n + 1;
    end loop;
    is_done := n < 200;
    select count(*) filter (where w.undo is null), count(*) into done, total from core.import_row w where w.import_id = i.import_id;
    if is_done then
        update core.import x set state = 'UNDONE', version = x.version + 1 where x.import_id = i.import_id;
        perform core.ledger_add('import.undone', i.public_id::text, null, 'R154');
    end if;
end $$;
comment on function core.job_step_import_undo(bigint) is 'Take back the next 200 rows, last line first.';
