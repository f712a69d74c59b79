-- SPDX-License-Identifier: Apache-2.0
-- Numbers of identity documents (R20): a passport or a driving licence is told, becomes a keyed hash at the door, and is kept nowhere.
-- The doors are POST /v1/registrations, a dealer system's push and an uploaded list; behind them there is document_keys alone, a list of
-- hashes, which no door takes from outside.

create function core.document_hash(p_kind text, p_number text, p_series text default null) returns text
language plpgsql stable as $$
declare v_words text := 'паспорт|водительское|удостоверение|серия|номер|passport|licen[cs]e|series|number|№|n°|\mсер\M|\mв/?у\M';
    n text := core.code_norm(regexp_replace(lower(p_number), v_words, ' ', 'g')); s text := core.code_norm(regexp_replace(lower(p_series), v_words, ' ', 'g'));
begin
    -- a whole number in the one column, its series once more in the other
    if s <> '' and n <> '' and not (n like s || '%' and length(n) >= length(s) + 5) then
        -- a spreadsheet takes 0310 and 012345 for figures and drops their zeros
        n := case when s ~ '^[0-9]{2,4}$' and n ~ '^[0-9]{3,6}$' then lpad(s, 4, '0') || lpad(n, 6, '0') else s || n end;
    end if;
    if length(n) not between 6 and 30 or n !~ '[0-9].*[0-9].*[0-9].*[0-9]' then return null; end if;
    return encode(core.key_hash('DOCUMENT:' || p_kind || ':' || n), 'hex');
end $$;
comment on function core.document_hash(text, text, text) is $$
Keyed hash of a passport or driving licence number; the number itself is kept nowhere.
in: kind passport | licence; as typed - look-alike letters, spaces, dashes and words like «серия» do not matter; p_series where it is told apart
out: 64 hex digits, the same in one piece or two; NULL for what is no number: less than six or more than thirty characters, less than four digits
source: R20$$;

create function core.documents_hide(p_data jsonb, p_is_sealed boolean default false) returns jsonb
language plpgsql stable as $$
declare made jsonb := p_data - '{document_keys,passport,licence,passport_series,licence_series}'::text[]; keys text[] := '{}'; f text; v text; s text; h text;
begin
    foreach f in array '{passport,licence}'::text[] loop
        v := coalesce(btrim(p_data ->> f), ''); s := coalesce(btrim(p_data ->> (f || '_series')), '');
        continue when v = '' and s = '';
        h := case when p_is_sealed and v ~ '^#[0-9a-f]{64}$' then substr(v, 2) when v <> '' then core.document_hash(f, v, s) end;
        -- what is no number is told by its field, and its text goes no further
        if h is null then made := made || jsonb_build_object(f, '#'); else keys := keys || h; end if;
    end loop;
    if keys <> '{}' then made := made || jsonb_build_object('document_keys', to_jsonb(keys)); end if;
    return made;
end $$;
comment on function core.documents_hide(jsonb, boolean) is $$
What somebody typed, with the numbers of documents replaced by their hashes. The first thing that is done with data from outside.
in: p_data with passport and licence as typed, passport_series and licence_series where a form has two fields; p_is_sealed cells of a list may be
    hashed already (core.cells_seal)
out: document_keys [hash]; a field that is no number, or a series without one, stays as '#', which core.registration_check refuses    source: R20$$;

create function core.document_heads(p_header jsonb, p_mapping jsonb) returns jsonb
language sql immutable as $$
with head as (
    select h.n, h.title ~* 'сери|series' and h.title !~* 'номер|number|№' as is_series, h.title ~* '^\s*(сери[яи]|series)(\s+док.*|\s+of doc.*)?\s*$' as is_bare_series,
        h.title ~* '^\s*(номер|№|number)(\s+док.*|\s+of doc.*)?\s*$' as is_bare_number,
        case when h.title ~* 'паспорт|passport' then 'passport'
            when h.title ~* 'водит.*уд|driv.*licen|(^|[^[:alnum:]])в[./]?у($|[^[:alnum:]])|^licen[cs]e' then 'licence' end as kind
    from jsonb_array_elements_text(case when jsonb_typeof(p_header) = 'array' then p_header else '[]' end) with ordinality h(title, n)),
-- a column that says no more than «Серия» belongs to the document beside it
series as (
    select h.n, coalesce(h.kind, (select o.kind from head o where h.is_bare_series and abs(o.n - h.n) = 1 and o.kind is not null and not o.is_series order by o.n limit 1)) as kind
    from head h where h.is_series),
-- and «Номер» to the series beside it
heads as (
    select s.n, s.kind || '_series' as kind from series s where s.kind is not null
    union all
    select h.n, coalesce(h.kind, (select s.kind from series s where h.is_bare_number and abs(s.n - h.n) = 1 and s.kind is not null order by s.n limit 1))
    from head h where not h.is_series)
select coalesce(jsonb_object_agg((x.n - 1)::text, x.kind) filter (where x.kind is not null), '{}')
       || (select coalesce(jsonb_object_agg(m.value, m.key), '{}') from jsonb_each_text(coalesce(p_mapping, '{}')) m
           where m.key in ('passport', 'licence', 'passport_series', 'licence_series'))
from heads x $$;
comment on function core.document_heads(jsonb, jsonb) is $$
Which columns of a list hold numbers of documents: by what its header calls them, and by the mapping, which prevails.
out: {column: passport | licence | passport_series | licence_series}$$;

create function core.cells_seal(p_cells jsonb, p_columns jsonb) returns jsonb
language plpgsql stable as $$
declare made jsonb := p_cells; c record; v text; s text;
begin
    for c in select e.key::int as at, e.value as kind from jsonb_each_text(p_columns) e loop
        v := btrim(p_cells ->> c.at);
        continue when coalesce(v, '') = '' or v ~ '^#([0-9a-f]{64})?$';
        s := null;
        if c.kind not like '%_series' then
            select nullif(btrim(p_cells ->> e.key::int), '#') into s from jsonb_each_text(p_columns) e
            where e.value = c.kind || '_series' order by abs(e.key::int - c.at) limit 1;
        end if;
        made := jsonb_set(made, array[c.at::text], to_jsonb('#' || case when c.kind like '%_series' then '' else coalesce(core.document_hash(c.kind, v, s), '') end));
    end loop;
    return made;
end $$;
comment on function core.cells_seal(jsonb, jsonb) is $$
The cells of a row with numbers of documents replaced by # and their hash, by # alone when they are none or a series. A sealed row stays as it is.
in: p_columns of core.document_heads; a number is sealed with the series of its document that stands nearest$$;

create function core.is_sealed_apart(p_import bigint, p_columns jsonb, p_mapping jsonb) returns text
language sql stable as $$
select m.key from jsonb_each_text(p_mapping) m
where m.key in ('passport_series', 'licence_series') and p_columns ->> m.value is distinct from m.key
  and exists (select from core.import_row r where r.import_id = p_import and r.cells ->> (p_mapping ->> replace(m.key, '_series', ''))::int ~ '^#')
limit 1 $$;
comment on function core.is_sealed_apart(bigint, jsonb, jsonb) is $$
The series that a mapping names too late: its numbers are hashes already, made without it, and nobody can put it in front of them.
in: p_columns of the list so far    out: the field, NULL when there is none    source: R20$$;

create function core.cells_shown(p_cells jsonb, p_columns jsonb) returns jsonb
language plpgsql immutable as $$
begin
    if p_columns = '{}' then return p_cells; end if;
    return (select coalesce(jsonb_agg(case when p_columns ? (e.n - 1)::text and e.cell #>> '{}' <> '' then '"•••"'::jsonb else e.cell end order by e.n), '[]')
        from jsonb_array_elements(p_cells) with ordinality e(cell, n));
end $$;
comment on function core.cells_shown(jsonb, jsonb) is 'The cells of a row as shown: of a document only that there is one. source: R20';

create function core.import_seal(p_import core.import, p_last int) returns void
language plpgsql volatile set search_path = '' as $$
begin
    if p_import.document_columns = '{}' then return; end if;
    update core.import_row r set cells = core.cells_seal(r.cells, p_import.document_columns)
    where r.import_id = p_import.import_id and r.line_no > p_import.done_line and r.line_no <= p_last
      and exists (select from jsonb_object_keys(p_import.document_columns) k where btrim(r.cells ->> k::int) <> '' and r.cells ->> k::int !~ '^#([0-9a-f]{64})?$');
end $$;
comment on function core.import_seal(core.import, int) is $$
Seal the next rows of a list whose columns of documents were named only by its mapping, before anything is done with them.
in: p_last the last line of the batch    source: R20$$;

create function core.import_file_forget(p_import core.import) returns void
language plpgsql volatile set search_path = '' as $$
begin
    if p_import.document_columns = '{}' then return; end if;
    insert into core.file_gone (sha256) select u.sha256 from core.upload u where u.upload_id = p_import.upload_id
      and not exists (select from core.attachment a where a.sha256 = u.sha256 and a.deleted_at is null)
      and not exists (select from core.import i join core.upload y on y.upload_id = i.upload_id where y.sha256 = u.sha256 and i.state = 'UPLOADED')
    on conflict (sha256) do update set at = core.now(), gone_at = null;
end $$;
comment on function core.import_file_forget(core.import) is $$
A list that holds numbers of documents was brought in: its file has done its work and goes off the disk. source: R20, R149$$;
