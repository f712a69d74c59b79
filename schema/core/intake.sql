-- SPDX-License-Identifier: Apache-2.0
-- One row from outside, whoever sent it: a line of an uploaded list, a record of a dealer's own system. Each row gets exactly
-- one verdict; a bad row harms no other. Rows with a document make customers (D.2, R154), rows with consent are registrations
-- (R36), all others are drafts (R30).

create type core.intake_result as (verdict text, code text, receipt text, rule text, field text, party_id bigint, undo jsonb, decided_by bigint, area text);
comment on type core.intake_result is 'What became of a row. decided_by is the right made, renewed or in the way: for the auditor''s record alone, no answer carries it (R24);
area is R32''s note of a claim that stands.';

create function core.intake_row(p_dealer int, p_staff bigint, p_kind text, p_data jsonb, p_source text,
    p_is_trial boolean default false, p_event bigint default null)
returns core.intake_result language plpgsql set search_path = '' as $$
declare x core.intake_result; v_state text; v_field text; v_type text; v_constraint text;
begin
    if core.is_stopped(core.keys_of(p_dealer, p_data)) then        -- R149: an erased person leaves nothing, whatever the row is
        x.verdict := 'OPTED_OUT'; x.rule := 'R24';
        return x;
    end if;
    begin
        case p_kind
            when 'client' then x := core.intake_client(p_dealer, p_staff, core.intake_clean(p_data), p_source, p_event);
            when 'lead' then x := core.intake_lead_take(p_dealer, p_staff, core.intake_lead(core.intake_clean(p_data)), p_source, p_event);
            when 'vehicle' then x := core.intake_vehicle(p_dealer, p_staff, p_data, p_source);
            when 'sale' then x := core.intake_document(p_dealer, p_staff, p_kind, p_data, p_source);
            when 'order' then x := core.intake_document(p_dealer, p_staff, p_kind, p_data, p_source);
            when 'repair_order' then x := core.intake_document(p_dealer, p_staff, p_kind, p_data, p_source);
            when 'order_line' then x := core.intake_order_line(p_dealer, p_data);
            when 'odometer' then x := core.intake_odometer(p_dealer, p_data);
            else perform core.fail('ZC402', 'kind');
        end case;
        if p_is_trial then raise exception using errcode = 'ZC999', message = 'trial'; end if;
    exception
        when sqlstate 'ZC999' then x.undo := null;    -- a trial: the variable outlives the rolled-back work. Not ZC000: that names the class
        when others then
            get stacked diagnostics v_state = returned_sqlstate, v_field = column_name, v_type = pg_datatype_name,
                v_constraint = constraint_name;
            if v_state !~ '^(ZC|22|23)' then raise; end if;
            x := row('error', v_state, null, null, coalesce(nullif(v_field, ''), nullif(v_type, ''), nullif(v_constraint, '')), null, null, null, null);
    end;
    return x;
end $$;
comment on function core.intake_row(int, bigint, text, jsonb, text, boolean, bigint) is $$
Take one row from outside.
in: kind - client lead vehicle sale order repair_order order_line odometer; data - named fields (texts); source - import or dealer-system;
    is_trial - do it, keep only the verdict; event - of a bulk list (R36)
out: verdict created updated YOURS PROTECTED IN_GRACE DISPUTED HQ OPTED_OUT draft stored error; code SQLSTATE of an error;
    field to blame; receipt; undo - what core.intake_undo needs    rule: R154, R155 $$;

create function core.intake_text(p_data jsonb, p_field text) returns text language sql immutable as $$
select nullif(btrim(p_data ->> p_field), '') $$;
comment on function core.intake_text(jsonb, text) is 'A field as text; empty is absent.';

create function core.intake_date(p_data jsonb, p_field text) returns date language plpgsql stable as $$
declare v text := core.intake_text(p_data, p_field); m text[];
begin
    if v is null then return null; end if;
    m := regexp_match(v, '^(\d{4})-(\d{1,2})-(\d{1,2})([T ].*)?$');
    if m is null then m := regexp_match(v, '^(\d{4})(\d\d)(\d\d)$'); end if;
    if m is null then
        m := regexp_match(v, '^(\d{1,2})[./](\d{1,2})[./](\d{4})( .*)?$');
        if m is null then perform core.fail('ZC402', p_field); end if;
        m := array[m[3], m[2], m[1]];
    end if;
    return make_date(m[1]::int, m[2]::int, m[3]::int);
exception when datetime_field_overflow then perform core.fail('ZC402', p_field); return null;
end $$;
comment on function core.intake_date(jsonb, text) is 'A date written 2026-11-22, 22.11.2026 or 20261122. errors: ZC402.';

-- Kopecks from «1 234,56», 1234.56 or a field <name>_kopecks.
create function core.intake_kopecks(p_data jsonb, p_field text) returns bigint language plpgsql stable as $$
declare v text := core.intake_text(p_data, p_field || '_kopecks'); m text[];
begin
    if v is not null then
        if v !~ '^-?\d{1,15}$' then perform core.fail('ZC402', p_field || '_kopecks'); end if;
        return v::bigint;
    end if;
    v := replace(regexp_replace(core.intake_text(p_data, p_field), '[\s  '']', '', 'g'), ',', '.');
    if v is null then perform core.fail('ZC400', p_field); end if;
    m := regexp_match(v, '^(-?)(\d{1,13})(?:\.(\d{1,2}))?$');
    if m is null then perform core.fail('ZC402', p_field); end if;
    return (m[1] || m[2] || rpad(coalesce(m[3], ''), 2, '0'))::bigint;
end $$;
comment on function core.intake_kopecks(jsonb, text) is 'Money in kopecks, without floating point. errors: ZC400 absent, ZC402 not a sum.';

create function core.intake_brand(p_data jsonb) returns smallint language plpgsql stable as $$
declare v text := coalesce(core.intake_text(p_data, 'brand_id'), core.intake_text(p_data, 'brand')); v_brand smallint;
begin
    select b.brand_id into v_brand from core.brand b where b.brand_id::text = v or lower(b.name) = lower(v);
    if v_brand is null then perform core.fail(case when v is null then 'ZC400' else 'ZC402' end, 'brand'); end if;
    return v_brand;
end $$;
comment on function core.intake_brand(jsonb) is 'The brand named by number or name. errors: ZC400, ZC402.';

create function core.intake_line(p_data jsonb, p_default text) returns core.line language plpgsql stable as $$
declare v text := upper(coalesce(core.intake_text(p_data, 'line'), p_default));
begin
    if v <> all (enum_range(null::core.line)::text[]) then perform core.fail('ZC402', 'line'); end if;
    return v::core.line;
end $$;
comment on function core.intake_line(jsonb, text) is 'The business line, or the default of the document. errors: ZC402.';

-- What files write in ways of their own, in ours: dates, several telephones in one cell, channels as a text.
create function core.intake_clean(p_data jsonb) returns jsonb language plpgsql stable as $$
declare made jsonb := p_data; channels jsonb;
begin
    if p_data ->> 'born_on' is not null then
        made := made || jsonb_build_object('born_on', core.intake_date(p_data, 'born_on'));
    end if;
    if p_data ->> 'phone' ~ '[,;]' then
        made := made || jsonb_build_object('phone', btrim((regexp_split_to_array(p_data ->> 'phone', '[,;]'))[1]));
    end if;
    if jsonb_typeof(p_data -> 'consent_channels') = 'string' then
        select to_jsonb(array_agg(w.w)) into channels from regexp_split_to_table(upper(p_data ->> 'consent_channels'), '[\s,;|]+') w(w) where w.w <> '';
        made := made || jsonb_build_object('consent_channels', coalesce(channels, '[]'));
    end if;
    return made;
end $$;
comment on function core.intake_clean(jsonb) is 'A client''s fields as registration wants them. errors: ZC402 born_on.';

create function core.intake_lead(p_data jsonb) returns jsonb language sql immutable as $$
select p_data || jsonb_strip_nulls(jsonb_build_object('external_id', 'lead ' || (p_data ->> 'external_id'),
    'occasion', coalesce(p_data ->> 'occasion', 'web_request'))) - case when p_data ->> 'external_id' is null then 'external_id' else '' end $$;
comment on function core.intake_lead(jsonb) is $$
A request that somebody sent to a portal, as a registration: its number is not the number of a client. The request, named by number and
date, is the evidence; without it the row is a draft.    rule: R30, R36$$;

-- Whether a row is about somebody who must not be kept: nothing of it is stored then, not even a draft.
create function core.intake_stopped(p_dealer int, p_data jsonb) returns boolean language plpgsql stable as $$
begin
    return core.is_stopped(core.keys_of(p_dealer, p_data))
        or exists (select from core.party p where p.party_id = any (core.party_exact(core.keys_of(p_dealer, p_data), core.surname_key_of(p_data)))
                   and p.is_opted_out);
end $$;
comment on function core.intake_stopped(int, jsonb) is 'Somebody who withdrew from everybody: a row without a document leaves nothing behind. rule: R24, S23';

create function core.intake_client(p_dealer int, p_staff bigint, p_data jsonb, p_source text, p_event bigint) returns core.intake_result
language plpgsql set search_path = '' as $$
declare x core.intake_result; v_draft bigint; t core.party_taken; r core.registration; v_doc jsonb := p_data -> 'document';
begin
    if v_doc is null and core.intake_text(p_data, 'document_number') is not null then
        v_doc := jsonb_strip_nulls(jsonb_build_object('number', p_data -> 'document_number', 'on', p_data -> 'document_on',
            'amount', p_data -> 'document_amount', 'amount_kopecks', p_data -> 'document_amount_kopecks',
            'kind', coalesce(p_data ->> 'document_kind', 'sale')));
    end if;
    if jsonb_typeof(v_doc) = 'object' then
        t := core.party_take(p_dealer, p_staff, p_data, p_source);
        x := core.intake_document_of(p_dealer, p_staff, t.party_id, coalesce(v_doc ->> 'kind', 'sale'),
            v_doc || jsonb_strip_nulls(jsonb_build_object('brand', p_data -> 'brand', 'brand_id', p_data -> 'brand_id',
                'line', p_data -> 'line', 'vin', p_data -> 'vin')), p_source);
        if x.verdict in ('stored', 'YOURS') then x.verdict := case when t.is_created then 'created' else 'updated' end; end if;
        x.undo := coalesce(x.undo, '{}') || jsonb_build_object('party', t.party_id, 'is_created', t.is_created, 'added', t.added);
        return x;
    end if;
    if p_event is not null and (select e.kind from core.event_list e where e.event_id = p_event) = 'cold' then     -- R37: no right until he answers
        x.verdict := case when core.intake_stopped(p_dealer, p_data) then 'OPTED_OUT'
            when core.cold_add(p_dealer, p_staff, p_event, p_data) then 'cold' else 'duplicate' end;
        x.rule := 'R37';
        return x;
    end if;
    if core.intake_text(p_data, 'consent_evidence') is null then
        if core.name_of(p_data) is null and core.intake_text(p_data, 'phone') is null and core.intake_text(p_data, 'email') is null then
            perform core.fail('ZC400', 'name');            -- a row of separators
        end if;
        if core.intake_stopped(p_dealer, p_data) then
            x.verdict := 'OPTED_OUT'; x.rule := 'R24';
            return x;
        end if;
        t.party_id := core.source_party(p_dealer, core.intake_text(p_data, 'external_id'));
        if t.party_id is not null and not exists (select from unnest(core.keys_of(p_dealer, p_data)) k
                where not exists (select from core.match_key m where m.kind = k.kind and m.value = k.value and m.party_id = t.party_id)) then
            x.verdict := 'updated'; x.party_id := t.party_id;      -- whom a document has made a client waits no longer (R154)
            return x;
        end if;
        select d.draft_id into v_draft from core.draft d where d.dealer_id = p_dealer
            and hashtextextended(d.data::text, 0) = hashtextextended(p_data::text, 0) and d.data = p_data;
        if v_draft is null then          -- a list sent again makes no second draft
            x.undo := jsonb_build_object('draft', core.draft_keep(p_dealer, p_staff, p_data, array['consent_evidence'], p_source));
        end if;
        x.verdict := 'draft'; x.rule := 'R30'; x.field := 'consent_evidence';
        return x;
    end if;
    if p_event is not null then perform core.bulk_guard(p_dealer, p_staff, p_event); end if;
    r := core.register(p_dealer, p_staff, p_data || jsonb_build_object('brand_id', core.intake_brand(p_data),
        'line', core.intake_line(p_data, 'NEW')), p_source);
    x.verdict := case when r.state = 'DRAFT' then 'draft' when r.verdict <> 'FREE' then r.verdict
                      when r.is_created then 'created' else 'updated' end;
    x.receipt := r.receipt; x.rule := r.rule; x.field := r.missing[1]; x.decided_by := r.decided_by;
    if r.verdict = 'FREE' then      -- R32: by what the row itself gave
        x.area := core.area_note(p_dealer, core.intake_brand(p_data), core.intake_line(p_data, 'NEW'), core.intake_text(p_data, 'city'), core.intake_text(p_data, 'phone'));
    end if;
    if r.draft_id is not null then
        if exists (select from core.draft n join core.draft d on d.dealer_id = n.dealer_id and d.draft_id < n.draft_id
                   and hashtextextended(d.data::text, 0) = hashtextextended(n.data::text, 0) and d.data = n.data where n.draft_id = r.draft_id) then
            delete from core.draft d where d.draft_id = r.draft_id;
        else
            x.undo := jsonb_build_object('draft', r.draft_id);
        end if;
    end if;
    if r.verdict in ('FREE', 'YOURS') and r.party_id is not null then
        x.party_id := r.party_id;
        x.undo := jsonb_build_object('party', r.party_id, 'is_created', r.is_created, 'added', r.added,
            'ownership', r.ownership_id, 'ver_before', r.ver_before);
    end if;
    return x;
end $$;
comment on function core.intake_client(int, bigint, jsonb, text, bigint) is $$
A client: with a document he becomes a customer, with consent he is registered, else he is a draft, unless the sender named him before and
says nothing new; a list of an event takes of the
seat's quota, of a cold one it keeps rows and no more.    rule: R30, R36, R37, R154 $$;

-- The party of a row that names its client by the sender's own number.
create function core.intake_party(p_dealer int, p_data jsonb) returns bigint language plpgsql stable as $$
declare v text := core.intake_text(p_data, 'external_id'); v_party bigint;
begin
    if v is null then perform core.fail('ZC400', 'external_id'); end if;
    v_party := core.source_party(p_dealer, v);
    if v_party is null then perform core.fail('ZC402', 'external_id'); end if;
    return v_party;
end $$;
comment on function core.intake_party(int, jsonb) is 'The party that the sender calls by this number. errors: ZC400 absent, ZC402 unknown to this dealer.';

create function core.intake_vehicle(p_dealer int, p_staff bigint, p_data jsonb, p_source text) returns core.intake_result
language plpgsql set search_path = '' as $$
declare x core.intake_result; v_party bigint := core.intake_party(p_dealer, p_data); t core.party_taken;
begin
    if core.vin_norm(core.intake_text(p_data, 'vin')) is null then perform core.fail('ZC402', 'vin'); end if;
    t := core.party_take(p_dealer, p_staff, jsonb_build_object('external_id', p_data -> 'external_id', 'vin', p_data -> 'vin',
        'plate', p_data -> 'plate', 'brand', p_data -> 'brand', 'brand_id', p_data -> 'brand_id', 'model', p_data -> 'model',
        'model_year', p_data -> 'model_year'), p_source);
    x.verdict := 'stored'; x.party_id := v_party;
    x.undo := jsonb_build_object('party', v_party, 'is_created', false, 'added', t.added);
    return x;
end $$;
comment on function core.intake_vehicle(int, bigint, jsonb, text) is 'A vehicle of a known client. errors: ZC402 vin, external_id.';

create function core.import_result_add(p_import bigint, p_line int, x core.intake_result, p_is_trial boolean) returns void
language plpgsql set search_path = '' as $$
begin
    insert into core.import_result as r (import_id, line_no, verdict, field, error, receipt, area, party_id, undo)
    values (p_import, p_line, x.verdict, x.field, x.code, x.receipt, x.area, case when not p_is_trial then x.party_id end, case when not p_is_trial then x.undo end)
    on conflict (import_id, line_no) do update set verdict = excluded.verdict, field = excluded.field, error = excluded.error,
        receipt = excluded.receipt, area = excluded.area, party_id = excluded.party_id, undo = excluded.undo;
    if not p_is_trial then
        perform core.row_verdict_add('import', i.dealer_id, i.staff_id, i.public_id::text, p_line, i.kind, x.verdict, x.code, x.rule, x.field, x.receipt,
            x.party_id, x.decided_by, i.brand_id, i.line) from core.import i where i.import_id = p_import;
    end if;
    if x.verdict = 'OPTED_OUT' and not p_is_trial then
        update core.import_row w set cells = '[]' where w.import_id = p_import and w.line_no = p_line;
    end if;
end $$;
comment on function core.import_result_add(bigint, int, core.intake_result, boolean) is 'Keep what became of a row; of somebody who must not be kept not even his row (S23).';
