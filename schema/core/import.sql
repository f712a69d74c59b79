-- SPDX-License-Identifier: Apache-2.0
-- An uploaded file becomes rows, rows become clients and documents: parsed by the server's reader, mapped by a person, tried
-- without effect, run, and undone whole. Each step of a job handles a few hundred rows and can be repeated.
-- States: UPLOADED -> PARSED -> MAPPED -> CHECKED -> RUNNING -> DONE -> UNDOING -> UNDONE; FAILED when the file is no table.

create function core.import_fields(p_kind text) returns table (name text, is_required boolean)
language sql immutable as $$
with known(kind, place, name, is_required) as (values
    ('client', 1, 'name', false), ('client', 2, 'surname', false), ('client', 3, 'given_name', false),
    ('client', 4, 'patronymic', false), ('client', 5, 'phone', false), ('client', 6, 'email', false),
    ('client', 7, 'inn', false), ('client', 8, 'city', false), ('client', 9, 'born_on', false), ('client', 10, 'vin', false),
    ('client', 11, 'plate', false), ('client', 12, 'external_id', false), ('client', 13, 'consent_evidence', false),
    ('client', 14, 'consent_channels', false), ('client', 15, 'interest', false), ('client', 16, 'document_number', false),
    ('client', 17, 'document_on', false), ('client', 18, 'document_amount', false), ('client', 19, 'brand', false), ('client', 20, 'line', false),
    ('client', 21, 'kind', false), ('client', 22, 'address', false), ('client', 23, 'kpp', false), ('client', 24, 'passport', false), ('client', 25, 'licence', false),
    ('client', 26, 'passport_series', false), ('client', 27, 'licence_series', false),
    ('lead', 1, 'name', false), ('lead', 2, 'surname', false), ('lead', 3, 'given_name', false), ('lead', 4, 'phone', false),
    ('lead', 5, 'email', false), ('lead', 6, 'city', false), ('lead', 7, 'interest', false), ('lead', 8, 'source', false),
    ('lead', 9, 'occasion', false), ('lead', 10, 'external_id', false), ('lead', 11, 'consent_evidence', false), ('lead', 12, 'brand', false),
    ('lead', 13, 'line', false),
    ('vehicle', 1, 'vin', true), ('vehicle', 2, 'plate', false), ('vehicle', 3, 'model', false),
    ('vehicle', 4, 'model_year', false), ('vehicle', 5, 'external_id', true),
    ('repair_order', 1, 'external_id', true), ('repair_order', 2, 'number', true), ('repair_order', 3, 'on', true),
    ('repair_order', 4, 'amount', true), ('repair_order', 5, 'vin', false), ('repair_order', 6, 'mileage_km', false),
    ('repair_order', 7, 'what', false), ('repair_order', 8, 'brand', false), ('repair_order', 9, 'order_kind', false), ('repair_order', 10, 'is_paid', false),
    ('order_line', 1, 'number', true), ('order_line', 2, 'position', true), ('order_line', 3, 'what', true), ('order_line', 4, 'amount', true),
    ('order_line', 5, 'code', false), ('order_line', 6, 'quantity', false), ('order_line', 7, 'price', false), ('order_line', 8, 'is_work', false),
    ('odometer', 1, 'vin', true), ('odometer', 2, 'on', true), ('odometer', 3, 'mileage_km', true),
    ('sale', 1, 'external_id', true), ('sale', 2, 'number', true), ('sale', 3, 'on', true), ('sale', 4, 'amount', true),
    ('sale', 5, 'vin', false), ('sale', 6, 'brand', false), ('sale', 7, 'line', false), ('vehicle', 6, 'brand', false),
    ('order', 1, 'external_id', true), ('order', 2, 'number', true), ('order', 3, 'on', true), ('order', 4, 'vin', false), ('order', 5, 'brand', false),
    ('order', 6, 'line', false), ('order', 7, 'amount', false), ('order', 8, 'is_cancelled', false), ('order', 9, 'currency', false), ('exchange', 0, 'record', true))
select x.name, x.is_required from (
    select k.name, k.is_required, k.place from known k where k.kind = p_kind
    union all select k.name, false, min(100 + k.place) from known k where p_kind = 'exchange' and k.kind <> 'exchange' group by k.name) x
order by x.place, x.name $$;
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

-- Rows of lists without an event that this dealer may still bring in today: its own records (R154), counted and watched (R36, R151).
create function core.import_quota_left(p_dealer int) returns int language sql stable as $$
select core.policy_int('R36.import_day') - coalesce(sum(i.rows_total), 0)::int from core.import i join core.dealer d on d.dealer_id = i.dealer_id
where i.dealer_id = p_dealer and i.state in ('RUNNING', 'DONE') and i.event_id is null and i.kind in ('client', 'lead', 'exchange')
  and i.started_at >= date_trunc('day', core.now() at time zone d.time_zone) at time zone d.time_zone $$;
comment on function core.import_quota_left(int) is 'Rows left of the daily quota of lists without an event. rule: R36, R151';

create function core.import_header_set(p_import bigint, p_facts json, p_header json) returns int
language plpgsql security definer set search_path = '' as $$
declare i core.import := core.import_own(p_import); m core.import_mapping; v_named boolean := (p_facts ->> 'is_named')::boolean;
    v_kind text; v_signature text;
begin
    if i.state <> 'UPLOADED' then perform core.fail('ZC153'); end if;
    if json_typeof(p_header) <> 'array' or json_array_length(p_header) > 512 then perform core.fail('ZC402', 'header'); end if;
    v_kind := case when v_named then 'exchange' else i.kind end;
    v_signature := encode(sha256(convert_to(concat_ws('|', p_facts ->> 'format', p_header::jsonb), 'UTF8')), 'hex');
    select x.* into m from core.import_mapping x where x.dealer_id = i.dealer_id and x.kind = v_kind and x.signature = v_signature;
    if v_named and m.dealer_id is null then      -- the file says itself which column is which field
        m.mapping := (select jsonb_object_agg(h.value, h.n - 1) from json_array_elements_text(p_header) with ordinality h(value, n));
    end if;
    update core.import x set format = p_facts ->> 'format', encoding = p_facts ->> 'encoding', separator = p_facts ->> 'separator',
        sheets = (select array_agg(e) from json_array_elements_text(p_facts -> 'sheets') e),
        sheet = p_facts -> 'sheets' ->> (p_facts ->> 'sheet')::int, is_named = v_named, kind = v_kind, signature = v_signature,
        header = p_header::jsonb, mapping = m.mapping, document_columns = core.document_heads(p_header::jsonb, m.mapping), is_remembered = m.dealer_id is not null,
        brand_id = coalesce(x.brand_id, m.brand_id), line = coalesce(x.line, m.line)
    where x.import_id = p_import;
    return (select coalesce(max(r.line_no), 0) from core.import_row r where r.import_id = p_import);
end $$;
comment on function core.import_header_set(bigint, json, json) is $$
Keep how a file is written and what its header names, with the mapping the dealer used for such a file before. Called by the parsing job.
in: facts - {format, encoding, separator, is_named, sheets, sheet}; header - names
out: the last line stored so far, so that a parse that was interrupted goes on behind it    errors: import-state $$;

create function core.import_rows_add(p_import bigint, p_first_line int, p_rows json) returns int
language plpgsql security definer set search_path = '' as $$
declare i core.import := core.import_own(p_import); n int; v_flaws int;
begin
    if i.state <> 'UPLOADED' then perform core.fail('ZC153'); end if;
    with added as (
        insert into core.import_row (import_id, line_no, cells, flaw)
        select p_import, coalesce((r.value ->> 'line')::int, p_first_line + r.ordinality::int - 1),
            case when i.document_columns = '{}' then c.cells else core.cells_seal(c.cells, i.document_columns) end, r.value ->> 'flaw'
        from json_array_elements(p_rows) with ordinality r
        cross join lateral (select coalesce(r.value -> 'cells', case when json_typeof(r.value) = 'array' then r.value end, '[]')::jsonb as cells offset 0) c on conflict do nothing returning flaw)
    select count(*), count(a.flaw) into n, v_flaws from added a;
    update core.import x set rows_total = x.rows_total + n, flaw_count = x.flaw_count + v_flaws where x.import_id = p_import;
    return n;
end $$;
comment on function core.import_rows_add(bigint, int, json) is $$
Store rows of a file as read. Called by the parsing job with at most 2,000 rows; a repeat adds nothing.
in: rows - list of lists of cells, or of {line, cells, flaw}; numbers of documents are sealed before they are stored (R20)    out: rows added    errors: import-state $$;

create function core.import_parsed(p_import bigint, p_error text) returns void
language plpgsql security definer set search_path = '' as $$
begin
    perform core.import_own(p_import);
    update core.import x set state = case when p_error is null then 'PARSED' else 'FAILED' end::core.import_state,
        error = left(p_error, 200), version = x.version + 1
    where x.import_id = p_import and x.state = 'UPLOADED';
end $$;
comment on function core.import_parsed(bigint, text) is 'The parsing job has read the whole file, or says why it cannot.';
grant execute on function core.import_header_set(bigint, json, json), core.import_rows_add(bigint, int, json),
    core.import_parsed(bigint, text) to dealer;

-- One row's cells as the fields of core.intake_row, by the person's mapping {field: column index from 0}.
create function core.import_data(p_import core.import, p_cells jsonb) returns jsonb
language sql stable as $$
select core.documents_hide(jsonb_strip_nulls(jsonb_object_agg(m.key, nullif(btrim(p_cells ->> m.value::int), '')))
       || jsonb_strip_nulls(jsonb_build_object('brand_id', (p_import).brand_id, 'line', (p_import).line)), true)
from jsonb_each_text((p_import).mapping) m $$;
comment on function core.import_data(core.import, jsonb) is 'Turn the cells of a row into named fields; empty cells are absent.';

-- Handle the next rows of an import: p_is_trial does everything and takes it back, keeping only the verdict.
create function core.import_rows_do(p_import core.import, p_limit int, p_is_trial boolean) returns int
language plpgsql set search_path = '' as $$
declare r record; x core.intake_result; n int; v_last int; v_counts jsonb; v_data jsonb; v_done int[]; v_rows core.bulk_row[];
begin
    if p_import.is_shared then
        select t.p_from, t.p_rows, t.p_last into p_import.done_line, v_rows, v_last from core.import_take_beside(p_import.import_id, p_limit) t;
    else
        select t.p_rows, t.p_last into v_rows, v_last from core.import_take(p_import, p_limit) t;
    end if;
    if v_last is null then return 0; end if;
    select count(*) into n from core.import_row q where q.import_id = p_import.import_id and q.line_no > p_import.done_line and q.line_no <= v_last;
    v_done := core.import_bulk(p_import, v_rows, p_is_trial);
    for r in select * from core.import_row w where w.import_id = p_import.import_id and w.line_no > p_import.done_line and w.line_no <= v_last
             and not exists (select from unnest(v_done) d(line_no) where d.line_no = w.line_no) order by w.line_no loop
        if r.flaw is not null then
            x := row('error', r.flaw, null, null, null, null, null, null, null);
        else
            v_data := core.import_data(p_import, r.cells);
            x := core.intake_row(p_import.dealer_id, p_import.staff_id, case p_import.kind when 'exchange' then coalesce(v_data ->> 'record', '')
                 else p_import.kind end, v_data - 'record', 'import', p_is_trial, p_import.event_id);
        end if;
        perform core.import_result_add(p_import.import_id, r.line_no, x, p_is_trial);
    end loop;
    select coalesce(jsonb_object_agg(y.verdict, y.n), '{}') into v_counts from (select w.verdict, count(*) as n from core.import_result w
        where w.import_id = p_import.import_id and w.line_no > p_import.done_line and w.line_no <= v_last group by 1) y;
    -- the row is locked for the end of the transaction alone: another connection may work on the same list
    update core.import i set rows_done = i.rows_done + n, counts = (
            select coalesce(jsonb_object_agg(c.verdict, c.n), '{}') from (
                select e.key as verdict, sum(e.value::bigint) as n from (select * from jsonb_each_text(i.counts) union all select * from jsonb_each_text(v_counts)) e group by 1) c),
        done_line = case when i.done_line = p_import.done_line then core.import_behind(i, v_last) else i.done_line end,
        ahead = case when i.done_line = p_import.done_line then i.ahead - int4multirange(int4range(null, core.import_behind(i, v_last) + 1))
                else i.ahead + int4multirange(int4range(p_import.done_line + 1, v_last + 1)) end
    where i.import_id = p_import.import_id;
    return n;
end $$;
comment on function core.import_rows_do(core.import, int, boolean) is $$
Give the next rows their verdicts: those that are like most by the set (core.import_bulk), the others one by one in their order.
out: rows handled; 0 when none is left$$;

-- One step of a trial or a run. out: what core.job_step wants; is_over when the whole list is done and this is the job to say so
create function core.import_step(p_job bigint, p_is_trial boolean, out is_done boolean, out done bigint, out total bigint, out is_over boolean)
language plpgsql volatile set search_path = '' as $$
declare j core.job; i core.import; n int;
begin
    select x.* into j from core.job x where x.job_id = p_job;
    select x.* into i from core.import x where x.import_id = (j.spec ->> 'import_id')::bigint and x.dealer_id = session.dealer() for key share;
    if i.import_id is null then perform core.fail('ZC404'); end if;
    is_over := false;
    if j.spec ? 'helps' then
        n := case when core.import_is_helped(p_job) then core.import_rows_do(i, core.import_batch(i), p_is_trial) else 0 end;
        is_done := n = 0;
    else
        if i.done_line = 0 and not i.is_shared and core.import_is_long(i) then
            update core.import x set is_shared = true where x.import_id = i.import_id returning x.* into i;
            perform core.import_help(i, p_job);
        end if;
        n := core.import_rows_do(i, core.import_batch(i), p_is_trial);
    end if;
    select x.* into i from core.import x where x.import_id = i.import_id;
    done := i.rows_done; total := i.rows_total;
    if j.spec ? 'helps' then return; end if;
    is_over := i.rows_done >= i.rows_total or (n = 0 and not exists (select from core.import_row r where r.import_id = i.import_id and r.line_no > i.done_line));
    is_done := n = 0 or is_over;
    if is_done and not is_over then perform core.job_wait(p_job, 100); end if;         -- the other connection is at its last batch
    if is_over then update core.import x set is_shared = false, ahead = '{}' where x.import_id = i.import_id; end if;
end $$;
comment on function core.import_step(bigint, boolean) is $$
Handle the next batch of a list; a long one is shared with a second job.
out: is_done - the runner lets go of it (over, or waiting for the other connection); is_over - every line has its verdict$$;

create function core.job_step_import_check(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare is_over boolean;
begin
    select s.is_done, s.done, s.total, s.is_over into is_done, done, total, is_over from core.import_step(p_job, true) s;
    if is_over then update core.import x set state = 'CHECKED', version = x.version + 1 where x.import_id = (select (j.spec ->> 'import_id')::bigint from core.job j where j.job_id = p_job); end if;
end $$;
comment on function core.job_step_import_check(bigint) is 'Dry run: the next rows get the verdict they would have now; nothing else is kept.';

create function core.job_step_import_run(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare i core.import; is_over boolean;
begin
    select s.is_done, s.done, s.total, s.is_over into is_done, done, total, is_over from core.import_step(p_job, false) s;
    if is_over then
        update core.import x set state = 'DONE', done_at = core.now(), version = x.version + 1
        where x.import_id = (select (j.spec ->> 'import_id')::bigint from core.job j where j.job_id = p_job) returning * into i;
        perform core.import_file_forget(i);
        perform core.ledger_add('import.done', i.public_id::text, null, 'R154', i.counts);
    end if;
end $$;
comment on function core.job_step_import_run(bigint) is 'The next rows take effect; a row once done is never done again.';

create function core.job_step_import_undo(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare i core.import := core.import_of_job(p_job); r core.import_result; n int := 0; v_lines int[]; v_set int[] := '{}'; v_batch int := core.import_batch(i);
begin
    -- backwards, so that what a later row built on an earlier one goes first
    v_lines := array(select w.line_no from core.import_result w where w.import_id = i.import_id and w.undo is not null
        and w.line_no < coalesce(i.undo_line, 2147483647) order by w.line_no desc limit v_batch);
    n := cardinality(v_lines);
    for r in select * from core.import_result w where w.import_id = i.import_id and w.line_no = any (v_lines)
             and (w.undo ->> 'is_created' is distinct from 'true' or i.kind <> 'client') order by w.line_no desc loop
        perform core.intake_undo(i.dealer_id, r.undo);
        v_set := v_set || r.line_no;
    end loop;
    v_set := v_set || core.bulk_undo(i, array(select l from unnest(v_lines) l where l <> all (v_set)));
    for r in select * from core.import_result w where w.import_id = i.import_id and w.line_no = any (v_lines) and w.line_no <> all (v_set)
             order by w.line_no desc loop
        perform core.intake_undo(i.dealer_id, r.undo);
    end loop;
    update core.import_result w set undo = null, verdict = 'undone' where w.import_id = i.import_id and w.line_no = any (v_lines);
    is_done := n < v_batch;
    total := i.rows_total; done := least(i.rows_total, coalesce((i.counts ->> 'undone')::bigint, 0) + n);
    update core.import x set counts = x.counts || jsonb_build_object('undone', done), undo_line = v_lines[n] where x.import_id = i.import_id;
    if is_done then
        update core.import x set state = 'UNDONE', version = x.version + 1, counts = (
            select coalesce(jsonb_object_agg(c.verdict, c.n), '{}') from (
                select w.verdict, count(*) as n from core.import_result w where w.import_id = i.import_id group by 1) c)
        where x.import_id = i.import_id;
        perform core.ledger_add('import.undone', i.public_id::text, null, 'R154');
    end if;
end $$;
comment on function core.job_step_import_undo(bigint) is $$
Take back the next rows, last line first: what changed somebody one by one, whom the list made and nobody used by the set.$$;

-- However the work on a list ends, the list comes to a state from which somebody can go on.
create function core.import_left() returns trigger language plpgsql security definer set search_path = '' as $$
declare i core.import;
begin
    -- waits for the batch of a second connection: what it brings in is counted, and it finds no work after this
    select x.* into i from core.import x where x.import_id = (new.spec ->> 'import_id')::bigint for update;
    if new.kind = 'import_parse' and i.state = 'UPLOADED' then
        update core.import x set state = 'FAILED', error = case new.state when 'CANCELLED' then 'cancelled' else 'stopped' end, version = x.version + 1 where x.import_id = i.import_id;
    elsif new.kind = 'import_check' and i.state in ('MAPPED', 'CHECKED') then
        update core.import x set state = 'MAPPED', is_shared = false, ahead = '{}', rows_done = 0, done_line = 0, counts = '{}', version = x.version + 1 where x.import_id = i.import_id;
    elsif new.kind = 'import_run' and i.state = 'RUNNING' and i.rows_done = 0 then
        update core.import x set state = 'MAPPED', is_shared = false, ahead = '{}', version = x.version + 1 where x.import_id = i.import_id;
    elsif new.kind = 'import_run' and i.state = 'RUNNING' then
        -- what came in stays and can be taken back; lines behind it have no verdict, those of a dry run are forgotten
        delete from core.import_result r where r.import_id = i.import_id and r.line_no > i.done_line and not r.line_no <@ i.ahead;
        update core.import x set state = 'DONE', done_at = core.now(), is_shared = false, ahead = '{}', version = x.version + 1,
            done_line = greatest(x.done_line, upper(x.ahead) - 1) where x.import_id = i.import_id;
        perform core.import_file_forget(i);
        perform core.ledger_add('import.stopped', i.public_id::text, null, 'R154', i.counts);
    elsif new.kind = 'import_undo' and i.state = 'UNDOING' then
        update core.import x set state = 'DONE', version = x.version + 1 where x.import_id = i.import_id;      -- asked again, it goes on behind undo_line
    end if;
    return null;
end $$;
comment on function core.import_left() is $$
Trigger of core.job: a cancelled or failed job leaves no list in the middle. What was brought in stays and can be undone; a list of which
nothing came in can be run again. source: R154, S23$$;
create trigger import_left after update of state on core.job for each row
    when (new.kind ^@ 'import_' and new.state in ('CANCELLED', 'FAILED') and old.state <> new.state and not new.spec ? 'helps')
    execute function core.import_left();
