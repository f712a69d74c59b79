-- SPDX-License-Identifier: Apache-2.0
-- Lists uploaded in the browser: upload, map, dry run, run, undo. The work itself is jobs of core/import.sql.

create type api.import_brief as (id uuid, kind text, state core.import_state, name text, rows_total int, rows_done int,
    created_at timestamptz, done_at timestamptz, staff_name text, cursor_ text);

create function api.imports_list(p_limit int default null, p_after text default null)
returns setof api.import_brief language sql stable begin atomic
    select i.public_id, i.kind, i.state, u.name::text, i.rows_total, i.rows_done, i.created_at, i.done_at, s.name, i.import_id::text
    from core.import i join core.upload u on u.upload_id = i.upload_id join core.staff s on s.staff_id = i.staff_id
    where i.dealer_id = (select session.dealer()) and i.import_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
    order by i.import_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.imports_list is 'List the calling dealer''s uploaded lists, newest first, with state and progress.';

create type api.import_job as (id uuid, job_id uuid, status_ int);

create function api.import_upload(p_upload_sha256 text, p_upload_bytes bigint, p_name core.short_text default null,
    p_kind text default null, p_brand_id int default null, p_line core.line default null, p_event_id uuid default null,
    p_sheet core.short_text default null)
returns api.import_job language plpgsql volatile security definer set search_path = '' as $$
declare v_upload bigint; v_event bigint; i core.import; j core.job; r api.import_job;
begin
    if p_upload_bytes = 0 then perform core.fail('ZC400', 'body'); end if;
    if coalesce(p_kind, 'client') not in ('client', 'vehicle', 'repair_order', 'order_line', 'sale', 'odometer', 'lead', 'order', 'exchange') then perform core.fail('ZC402', 'kind'); end if;
    if p_brand_id is not null and not exists (select from core.brand b where b.brand_id = p_brand_id) then
        perform core.fail('ZC402', 'brand_id');
    end if;
    if p_event_id is not null then
        v_event := (core.event_of((select e.event_id from core.event_list e where e.public_id = p_event_id), session.dealer())).event_id;
    end if;
    insert into core.upload (dealer_id, staff_id, name, size_bytes, sha256)
    values (session.dealer(), session.staff(), coalesce(nullif(btrim(p_name), ''), 'list.csv'), p_upload_bytes, p_upload_sha256)
    returning upload_id into v_upload;
    insert into core.import (dealer_id, staff_id, upload_id, kind, brand_id, line, event_id)
    values (session.dealer(), session.staff(), v_upload, coalesce(p_kind, 'client'), p_brand_id::smallint, p_line, v_event)
    returning * into i;
    j := core.job_add('import_parse', jsonb_strip_nulls(jsonb_build_object('import_id', i.import_id, 'sha256', p_upload_sha256, 'sheet', p_sheet)),
        i.dealer_id, 'D');
    perform core.ledger_add('import.upload', i.public_id::text, null, 'R154', jsonb_build_object('sha256', p_upload_sha256));
    r.id := i.public_id; r.job_id := j.public_id; r.status_ := 202;
    return r;
end $$;
comment on function api.import_upload is $$
Take a list file and read it in the background: CSV of any usual encoding and separator, XLSX, JSON lines, XML of 1C (EnterpriseData,
CommerceML 2, a plain drop), ADF. The form is told by the content.
in: the body is the file, at most 100 MiB; name; kind - client (default) vehicle repair_order order_line sale odometer lead exchange (rows
    name their kind in a column "record"; the formats of 1C and ADF are that whatever is said here); brand_id; line; event_id of a bulk
    list (R36, R37); sheet of a workbook
out: id, job_id    errors: missing-field (empty file), bad-field, event-closed    rule: R154, R36 $$;

create function api.import_sheet(p_import_id uuid, p_sheet core.short_text) returns api.import_job
language plpgsql volatile security definer set search_path = '' as $$
declare i core.import := core.import_find(p_import_id); n core.import; j core.job; r api.import_job;
begin
    if i.state not in ('PARSED', 'MAPPED', 'CHECKED', 'FAILED') then perform core.fail('ZC153'); end if;
    if p_sheet <> all (coalesce(i.sheets, '{}')) then perform core.fail('ZC402', 'sheet'); end if;
    insert into core.import (dealer_id, staff_id, upload_id, kind, brand_id, line, event_id)
    values (i.dealer_id, session.staff(), i.upload_id, i.kind, i.brand_id, i.line, i.event_id) returning * into n;
    j := core.job_add('import_parse', jsonb_build_object('import_id', n.import_id, 'sheet', p_sheet,
        'sha256', (select u.sha256 from core.upload u where u.upload_id = i.upload_id)), i.dealer_id, 'D');
    update core.import x set state = 'FAILED', error = 'other-sheet', version = x.version + 1 where x.import_id = i.import_id;
    perform core.ledger_add('import.upload', n.public_id::text, null, 'R154', jsonb_build_object('again', i.public_id));
    r.id := n.public_id; r.job_id := j.public_id; r.status_ := 202;
    return r;
end $$;
comment on function api.import_sheet is $$
Read another sheet of a workbook: a list of its own, the one of the first sheet is put aside.
in: import_id; sheet - one of sheets    out: id of the new list, job_id    errors: import-state, bad-field $$;

create function core.import_find(p_import uuid) returns core.import language plpgsql set search_path = '' as $$
declare i core.import;
begin
    select * into i from core.import x where x.public_id = p_import and x.dealer_id = session.dealer() for update;
    if i.import_id is null then perform core.fail('ZC404'); end if;
    return i;
end $$;
comment on function core.import_find(uuid) is 'Lock an import of the calling dealer. errors: ZC404.';

create function api.import_get(p_import_id uuid) returns json language sql stable begin atomic
    select json_build_object('id', i.public_id, 'version', i.version, 'kind', i.kind, 'state', i.state, 'name', u.name,
        'brand_id', i.brand_id, 'line', i.line, 'format', i.format, 'encoding', i.encoding, 'separator', i.separator,
        'sheets', coalesce(to_json(i.sheets), '[]'), 'sheet', i.sheet, 'is_named', i.is_named, 'is_remembered', i.is_remembered,
        'flaws', i.flaw_count, 'same_as', (select x.public_id from core.import x join core.upload o on o.upload_id = x.upload_id
            where x.dealer_id = i.dealer_id and x.kind = i.kind and x.import_id < i.import_id and o.sha256 = u.sha256
              and x.sheet is not distinct from i.sheet and x.state = 'DONE' order by x.import_id desc limit 1),
        'header', coalesce(i.header, '[]'), 'mapping', coalesce(i.mapping, '{}'),
        'rows_total', i.rows_total, 'rows_done', i.rows_done, 'error', i.error,
        'sample', (select coalesce(json_agg(core.cells_shown(s.cells, i.document_columns) order by s.line_no), '[]') from (
            select r.line_no, r.cells from core.import_row r where r.import_id = i.import_id order by r.line_no limit 5) s),
        'counts', i.counts,
        'fields', (select json_agg(f) from core.import_fields(i.kind) f),
        'job_id', (select j.public_id from core.job j where (j.spec ->> 'import_id')::bigint = i.import_id
                   and j.dealer_id = i.dealer_id order by j.job_id desc limit 1))
    from core.import i join core.upload u on u.upload_id = i.upload_id
    where i.dealer_id = (select session.dealer()) and i.public_id = p_import_id;
end;
comment on function api.import_get is $$
Show one uploaded list: what was detected, the first rows, the mapping, counts by verdict, progress.
in: import_id    errors: not-found    same_as - an earlier list of the same file that was brought in $$;

create type api.import_line as (line_no int, cells json, verdict text, field text, error text, person_id uuid, receipt text, area text,
    cursor_ text);

create function api.import_rows_list(p_import_id uuid, p_verdict text default null, p_limit int default null,
    p_after text default null)
returns setof api.import_line language sql stable begin atomic
    select r.line_no, core.cells_shown(r.cells, i.document_columns)::json, coalesce(x.verdict, case when r.flaw is not null then 'error' end), x.field, coalesce(x.error, r.flaw),
        d.public_id, x.receipt, x.area, r.line_no::text
    from core.import i join core.import_row r on r.import_id = i.import_id
    left join core.import_result x on x.import_id = r.import_id and x.line_no = r.line_no and r.line_no <= i.done_line
    left join core.dealer_party d on d.dealer_id = i.dealer_id and d.party_id = x.party_id
    where i.dealer_id = (select session.dealer()) and i.public_id = p_import_id
      and (p_verdict is null or r.line_no = any (array(
          select y.line_no from core.import_result y where y.import_id = i.import_id and y.verdict = p_verdict
            and y.line_no > coalesce(nullif(p_after, '')::int, 0) and y.line_no <= i.done_line
          order by y.line_no limit least(coalesce(p_limit, 50), 100)))) and r.line_no > coalesce(nullif(p_after, '')::int, 0)
    order by r.line_no limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.import_rows_list is $$
List the rows of an uploaded list with their verdicts, by line number.
in: import_id; verdict - only rows of it    out: cells as read, verdict, field and error, person when the caller may see it, area - whose territory a registered client lives in (R32) $$;

create function api.import_export(p_import_id uuid) returns setof api.import_line language sql stable begin atomic
    select r.line_no, core.cells_shown(r.cells, i.document_columns)::json, coalesce(x.verdict, case when r.flaw is not null then 'error' end), x.field, coalesce(x.error, r.flaw),
        d.public_id, x.receipt, x.area, r.line_no::text
    from core.import i join core.import_row r on r.import_id = i.import_id
    left join core.import_result x on x.import_id = r.import_id and x.line_no = r.line_no and r.line_no <= i.done_line
    left join core.dealer_party d on d.dealer_id = i.dealer_id and d.party_id = x.party_id
    where i.dealer_id = (select session.dealer()) and i.public_id = p_import_id
    order by r.line_no;
end;
comment on function api.import_export is 'Every row of an uploaded list with verdict and receipt, as CSV. in: import_id.';

create function api.import_map(p_import_id uuid, p_mapping json, p_brand_id int default null, p_line core.line default null)
returns void language plpgsql volatile security definer set search_path = '' as $$
declare i core.import := core.import_find(p_import_id); m record; v_missing text[]; v_columns int; v_late text;
begin
    if i.state not in ('PARSED', 'MAPPED', 'CHECKED') then perform core.fail('ZC153'); end if;
    if json_typeof(p_mapping) <> 'object' then perform core.fail('ZC402', 'mapping'); end if;
    if p_brand_id is not null and not exists (select from core.brand b where b.brand_id = p_brand_id) then
        perform core.fail('ZC402', 'brand_id');
    end if;
    v_columns := jsonb_array_length(i.header);
    for m in select * from json_each_text(p_mapping) loop
        if not (i.is_named or exists (select from core.import_fields(i.kind) f where f.name = m.key)) or m.value !~ '^[0-9]{1,3}$'
           or m.value::int >= v_columns then
            perform core.fail('ZC402', 'mapping', jsonb_build_object('field', left(m.key, 60)));
        end if;
    end loop;
    select array_agg(f.name) into v_missing from core.import_fields(i.kind) f
    where f.is_required and not p_mapping::jsonb ? f.name;
    if i.kind = 'client' and not p_mapping::jsonb ?| array['name', 'surname'] then v_missing := array_append(v_missing, 'name'); end if;
    if coalesce(p_brand_id, i.brand_id) is null and i.kind in ('client', 'sale') then v_missing := array_append(v_missing, 'brand_id'); end if;
    if coalesce(p_line, i.line) is null and i.kind in ('client', 'sale') then v_missing := array_append(v_missing, 'line'); end if;
    if v_missing is not null then perform core.fail('ZC154', 'mapping', jsonb_build_object('missing', v_missing)); end if;
    v_late := core.is_sealed_apart(i.import_id, i.document_columns, p_mapping::jsonb);
    if v_late is not null then perform core.fail('ZC402', 'mapping', jsonb_build_object('field', v_late)); end if;
    update core.import x set mapping = p_mapping::jsonb, document_columns = core.document_heads(x.header, p_mapping::jsonb), brand_id = coalesce(p_brand_id::smallint, x.brand_id),
        line = coalesce(p_line, x.line), state = 'MAPPED', version = x.version + 1, rows_done = 0, done_line = 0, ahead = '{}', is_shared = false, counts = '{}'
    where x.import_id = i.import_id returning * into i;
    insert into core.import_mapping as y (dealer_id, kind, signature, mapping, brand_id, line, staff_id)
    select i.dealer_id, i.kind, i.signature, i.mapping, i.brand_id, i.line, session.staff() where i.signature is not null
    on conflict (dealer_id, kind, signature) do update set mapping = excluded.mapping, brand_id = excluded.brand_id, line = excluded.line,
        staff_id = excluded.staff_id, used_at = excluded.used_at;
end $$;
comment on function api.import_map is $$
Say which column fills which field; verdicts of an earlier dry run are forgotten. Remembered for the next file of this form.
in: import_id; mapping - {field: column number from 0}; brand_id and line for clients and sales
errors: import-state, import-mapping (info.missing names what is required), bad-field (info.field: no such field or column, or the series of a document
    whose numbers are sealed already)$$;

create function core.import_start(p_import uuid, p_from core.import_state[], p_to core.import_state, p_kind text)
returns api.import_job language plpgsql set search_path = '' as $$
declare i core.import := core.import_find(p_import); j core.job; r api.import_job;
begin
    if not i.state = any (p_from) then perform core.fail('ZC153'); end if;
    if p_kind = 'import_run' and i.kind in ('client', 'lead', 'exchange') and i.event_id is null
       and core.import_quota_left(i.dealer_id) < i.rows_total then
        perform core.fail('ZC036', null, jsonb_build_object('quota_left', core.import_quota_left(i.dealer_id)));
    end if;
    update core.import x set state = coalesce(p_to, x.state), rows_done = 0, version = x.version + 1 where x.import_id = i.import_id;
    if p_kind <> 'import_undo' then   -- all is judged anew
        update core.import x set done_line = 0, ahead = '{}', is_shared = false, undo_line = null, counts = '{}', started_at = core.now() where x.import_id = i.import_id;
    end if;
    j := core.job_add(p_kind, jsonb_build_object('import_id', i.import_id), i.dealer_id, 'D', i.rows_total);
    perform core.ledger_add('import.' || p_kind, i.public_id::text, null, 'R154');
    r.id := i.public_id; r.job_id := j.public_id; r.status_ := 202;
    return r;
end $$;
comment on function core.import_start(uuid, core.import_state[], core.import_state, text) is 'Move an import on and order the job that does it. errors: ZC404, ZC153.';

create function api.import_check(p_import_id uuid) returns api.import_job language plpgsql volatile security definer
set search_path = '' as $$
begin
    return core.import_start(p_import_id, '{MAPPED,CHECKED}', null, 'import_check');
end $$;
comment on function api.import_check is 'Dry run: every row gets the verdict it would have now, nothing is stored. in: import_id. errors: import-state.';

create function api.import_run(p_import_id uuid) returns api.import_job language plpgsql volatile security definer
set search_path = '' as $$
begin
    return core.import_start(p_import_id, '{MAPPED,CHECKED}', 'RUNNING', 'import_run');
end $$;
comment on function api.import_run is 'Bring the rows in; each gets its verdict and receipt. in: import_id. errors: import-state. rule: R154, R36.';

create function api.import_undo(p_import_id uuid) returns api.import_job language plpgsql volatile security definer
set search_path = '' as $$
begin
    return core.import_start(p_import_id, '{DONE}', 'UNDOING', 'import_undo');
end $$;
comment on function api.import_undo is $$
Take a whole list back: what it made goes, what it changed returns; what others did since stays.
in: import_id    errors: import-state $$;
