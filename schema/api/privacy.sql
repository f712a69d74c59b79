-- SPDX-License-Identifier: Apache-2.0
-- The data-protection desk (R146-R152): what people ask about their own data, and what is done about it within its term.

create type api.privacy_item as (id uuid, version int, kind text, state text, source text, person_id uuid, person_name text, dealer_name text, received_at timestamptz,
    due_at timestamptz, evidence text, outcome text, created_by text, decided_by text, decided_at timestamptz, cursor_ text);

create function api.privacy_requests_list(p_state text default null, p_limit int default null, p_after text default null)
returns setof api.privacy_item language sql stable security definer set search_path = '' as $$
select r.public_id, r.version, r.kind, r.state, r.source, p.public_id, p.name::text, d.name, r.received_at, r.due_at, r.evidence::text, r.outcome::text, a.name, b.name,
       r.decided_at, core.cursor_make(to_char(r.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '/' || r.request_id, r.public_id)
from core.privacy_request r join core.party p on p.party_id = r.party_id join core.dealer d on d.dealer_id = r.dealer_id
left join core.staff a on a.staff_id = r.created_by left join core.staff b on b.staff_id = r.decided_by
where (case when p_state is null then r.state in ('OPEN', 'ASKED') else r.state = p_state end)
  and (p_after is null or (r.due_at, r.request_id) > (split_part(core.cursor_part(p_after, 1), '/', 1)::timestamptz, split_part(core.cursor_part(p_after, 1), '/', 2)::bigint))
order by r.due_at, r.request_id limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.privacy_requests_list is $$
Requests of people about their data, the most urgent first.
in: state OPEN | ASKED | DONE | REFUSED; none = those that wait    rule: R147 $$;

create function core.privacy_find(p_phone text, p_email text, p_surname text) returns bigint
language plpgsql stable as $$
declare v bigint[];
begin
    v := core.party_exact(core.keys_of(0, jsonb_strip_nulls(jsonb_build_object('phone', p_phone, 'email', p_email))), jsonb_build_object('surname', p_surname));
    return v[1];
end $$;
comment on function core.privacy_find(text, text, text) is 'The person who asks, by contact and surname: both must fit, as in an exact match. source: R22';

create function api.privacy_request_add(p_kind text, p_evidence core.short_text, p_person_id uuid default null, p_phone text default null,
    p_email text default null, p_surname core.search_text default null, p_received_on date default null) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint; r core.privacy_request; v_at timestamptz := core.now();
begin
    if p_kind not in ('access', 'correction', 'withdrawal', 'erasure') then perform core.fail('ZC402', 'kind'); end if;
    if btrim(p_evidence) = '' then perform core.fail('ZC400', 'evidence'); end if;
    if p_received_on is not null then
        if p_received_on > core.now()::date or p_received_on < core.now()::date - 60 then perform core.fail('ZC402', 'received_on'); end if;
        v_at := least(core.now(), (p_received_on + time '12:00') at time zone 'Europe/Moscow');
    end if;
    if session.dealer() is not null or p_person_id is not null then
        if p_person_id is null then perform core.fail('ZC400', 'person_id'); end if;
        v_party := case when session.dealer() is not null then core.visible_party(p_person_id) else core.party_of(p_person_id) end;
    else
        if coalesce(p_phone, p_email) is null then perform core.fail('ZC400', 'phone'); end if;
        if p_surname is null then perform core.fail('ZC400', 'surname'); end if;
        v_party := core.privacy_find(p_phone, p_email, p_surname);
    end if;
    if v_party is null then perform core.fail('ZC404'); end if;
    if (select p.erased_at from core.party p where p.party_id = v_party) is not null then perform core.fail('ZC147'); end if;
    r := core.privacy_ask(p_kind, v_party, case when session.dealer() is null then 'desk' else 'dealer' end, v_at, p_evidence);
    if r.request_id is null then perform core.fail('ZC151'); end if;
    return json_build_object('id', r.public_id, 'due_at', r.due_at);
end $$;
comment on function api.privacy_request_add is $$
Take in what a person asks about his own data; the term runs from the day it came.
in: kind access | correction | withdrawal | erasure; evidence - how he was known to be himself; person_id, or phone or email with surname (head office)
out: id, due_at    errors: not-found, privacy-open the same waits already, privacy-erased, bad-field    rule: R147 $$;

create function core.privacy_lock(p_request_id uuid, p_version int) returns core.privacy_request
language plpgsql volatile as $$
declare r core.privacy_request;
begin
    select x.* into r from core.privacy_request x where x.public_id = p_request_id for update;
    if r.request_id is null then perform core.fail('ZC404'); end if;
    if r.version <> p_version then perform core.fail('ZC412'); end if;
    if r.state <> 'OPEN' then perform core.fail('ZC150', null, jsonb_build_object('state', r.state)); end if;
    return r;
end $$;
comment on function core.privacy_lock(uuid, int) is 'Lock a request that waits. errors: ZC404, ZC412, ZC150 asked or decided';

create function api.privacy_request_get(p_request_id uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
declare r core.privacy_request; v_all bigint[]; v_tables json;
begin
    select x.* into r from core.privacy_request x where x.public_id = p_request_id;
    if r.request_id is null then return null; end if;
    v_all := core.party_all(r.party_id);
    return json_build_object('id', r.public_id, 'version', r.version, 'kind', r.kind, 'state', r.state, 'source', r.source, 'received_at', r.received_at, 'due_at', r.due_at,
        'evidence', r.evidence, 'outcome', r.outcome, 'decided_at', r.decided_at, 'person', case when r.state in ('OPEN', 'ASKED') then core.duplicate_side(r.party_id) end,
        'blocked', (select o.state from core.ownership o where o.party_id = r.party_id and o.state in ('HELD', 'DISPUTED') limit 1),
        'erasure', (select json_build_object('at', e.at, 'rows', e.rows, 'files', e.files) from core.erasure e where e.party_id = r.party_id),
        'counts', (select json_object_agg(t.name, t.n) from (
            select 'interaction' as name, count(*) as n from core.interaction i where i.party_id = any (v_all)
            union all select 'sale', count(*) from core.sale s where s.party_id = any (v_all)
            union all select 'repair_order', count(*) from core.repair_order o where o.party_id = any (v_all)
            union all select 'message', count(*) from core.touch m where m.party_id = any (v_all)
            union all select 'attachment', count(*) from core.attachment a where a.party_id = any (v_all) and a.deleted_at is null) t where t.n > 0));
end $$;
comment on function api.privacy_request_get is $$
One request with the person it is about, as long as it waits; what stands in the way of an erasure; what an erasure touched.
out: one document, NULL when there is none    rule: R147-R149 $$;

create function api.privacy_dossier(p_request_id uuid) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare r core.privacy_request; v_all bigint[]; t core.party_reference; v json; made jsonb := '{}';
begin
    select x.* into r from core.privacy_request x where x.public_id = p_request_id;
    if r.request_id is null or r.state in ('DONE', 'REFUSED') then perform core.fail('ZC404'); end if;
    v_all := core.party_all(r.party_id);
    for t in select x.* from core.party_reference x where x.table_name not in ('dealer_key', 'dealer_party', 'match_key', 'ledger', 'campaign_lock', 'campaign_lock_history',
                 'duplicate', 'waiting_list', 'recipient', 'message', 'ownership_history', 'exchange_row', 'import_result', 'unmask_grant', 'sample', 'review')
             and exists (select from pg_attribute a where a.attrelid = to_regclass('core.' || x.table_name) and a.attname = x.column_name) order by 1 loop
        execute format('select coalesce(json_agg(to_jsonb(x) - ''{token,unit,ver,version,search,key_hash,changed_by,recorded_by}''::text[]), ''[]'') from (select * from core.%I y where y.%I = any ($1) limit 10000) x',
            t.table_name, t.column_name) into v using v_all;
        if v::text <> '[]' then made := made || jsonb_build_object(t.table_name, v); end if;
    end loop;
    perform core.ledger_add('privacy.dossier', r.public_id::text, r.party_id, 'R147', '{}');
    return json_build_object('made_at', core.now(), 'person', (select to_jsonb(p) - '{surname_key,name_search,name_sort}'::text[] from core.party p where p.party_id = r.party_id), 'data', made);
end $$;
comment on function api.privacy_dossier is $$
Everything the network holds about the person, table by table, for a request that waits: what he is given when he asks.
out: one document; at most 10,000 rows a table    errors: not-found    rule: R147 $$;

create function api.privacy_erase(p_request_id uuid, p_if_match int) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare r core.privacy_request := core.privacy_lock(p_request_id, p_if_match); asked uuid; v_state core.right_state;
begin
    if r.kind <> 'erasure' then perform core.fail('ZC402', 'kind'); end if;
    select o.state into v_state from core.ownership o where o.party_id = r.party_id and o.state in ('HELD', 'DISPUTED') limit 1;
    if v_state is not null then perform core.fail('ZC149', null, jsonb_build_object('state', v_state)); end if;
    asked := core.approval_ask('erase', r.public_id, jsonb_build_object('received_at', r.received_at, 'due_at', r.due_at));
    update core.privacy_request x set state = 'ASKED', version = x.version + 1 where x.request_id = r.request_id returning x.* into r;
    return json_build_object('id', r.public_id, 'version', r.version, 'state', r.state, 'approval_id', asked);
end $$;
comment on function api.privacy_erase is $$
Ask a second person to grant an erasure, which cannot be taken back; with his grant it happens.
errors: not-found, changed, privacy-state, erase-held an order or a dispute runs, approval-open    rule: R149 $$;

create function api.privacy_done(p_request_id uuid, p_if_match int, p_outcome core.short_text) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare r core.privacy_request := core.privacy_lock(p_request_id, p_if_match);
begin
    if r.kind = 'erasure' then perform core.fail('ZC402', 'kind'); end if;
    if btrim(p_outcome) = '' then perform core.fail('ZC400', 'outcome'); end if;
    if r.kind = 'withdrawal' then
        update core.consent c set withdrawn_at = core.now() where c.party_id = r.party_id and c.withdrawn_at is null;
        update core.party p set is_opted_out = true, version = p.version + 1 where p.party_id = r.party_id and not p.is_opted_out;
        perform core.campaign_withdraw(r.party_id, null, null);
    end if;
    r := core.privacy_close(r, 'DONE', p_outcome);
    return json_build_object('id', r.public_id, 'state', r.state, 'version', r.version);
end $$;
comment on function api.privacy_done is $$
Say what was done: access given, data corrected. A withdrawal ends every consent of the person, everywhere, and stops what is on its way.
errors: not-found, changed, privacy-state, missing-field outcome, bad-field kind (an erasure is granted by a second person)    rule: R147 $$;

create function api.privacy_refuse(p_request_id uuid, p_if_match int, p_outcome core.short_text) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare r core.privacy_request := core.privacy_lock(p_request_id, p_if_match);
begin
    if btrim(p_outcome) = '' then perform core.fail('ZC057', 'outcome'); end if;
    r := core.privacy_close(r, 'REFUSED', p_outcome);
    return json_build_object('id', r.public_id, 'state', r.state, 'version', r.version);
end $$;
comment on function api.privacy_refuse is 'Refuse a request with the reason that the person is told. errors: not-found, changed, privacy-state, reason-missing    rule: R147';

create function api.privacy_correct(p_request_id uuid, p_if_match int, p_surname core.search_text default null, p_given_name core.search_text default null,
    p_patronymic core.search_text default null, p_born_on date default null, p_sex text default null, p_city core.search_text default null,
    p_address core.short_text default null) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare r core.privacy_request := core.privacy_lock(p_request_id, p_if_match); p core.party; f jsonb;
begin
    if p_sex is not null and p_sex not in ('m', 'f') then perform core.fail('ZC402', 'sex'); end if;
    if p_born_on > core.now()::date or p_born_on < '1900-01-01' then perform core.fail('ZC402', 'born_on'); end if;
    select x.* into p from core.party x where x.party_id = r.party_id for update;
    f := core.party_fields(p) || jsonb_strip_nulls(jsonb_build_object('surname', p_surname, 'given_name', p_given_name, 'patronymic', p_patronymic,
        'born_on', p_born_on, 'sex', p_sex, 'city', p_city, 'address', p_address));
    if p.kind = 'PERSON' and coalesce(p_surname, p_given_name, p_patronymic) is not null then
        f := f || jsonb_build_object('name', left(concat_ws(' ', f ->> 'surname', f ->> 'given_name', f ->> 'patronymic'), 200));
    end if;
    perform core.party_set(r.party_id, f);
    update core.match_key k set surname_key = y.surname_key, is_exact = k.is_exact and not exists (select from core.match_key z where z.kind = k.kind and z.value = k.value
            and z.surname_key = y.surname_key and z.is_exact and z.party_id <> k.party_id)
    from core.party y where y.party_id = r.party_id and k.party_id = r.party_id and k.kind not in ('INN', 'SOURCE') and k.surname_key is distinct from y.surname_key;
    perform core.merge_sums(array[r.party_id]);
    perform core.ledger_add('privacy.correct', r.public_id::text, r.party_id, 'R147', jsonb_build_object('fields', array(select jsonb_object_keys(jsonb_strip_nulls(
        jsonb_build_object('name', coalesce(p_surname, p_given_name, p_patronymic), 'born_on', p_born_on, 'sex', p_sex, 'city', p_city, 'address', p_address))))));
    update core.privacy_request x set version = x.version + 1 where x.request_id = r.request_id returning x.* into r;
    return json_build_object('id', r.public_id, 'version', r.version);
end $$;
comment on function api.privacy_correct is $$
Put right what the person says is wrong; every owner sees it at once.
in: only the fields that change    errors: not-found, changed, privacy-state, bad-field    rule: R147 $$;

create function api.stop_lift(p_evidence core.short_text, p_phone text default null, p_email text default null) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare k core.party_key; n int := 0;
begin
    if coalesce(p_phone, p_email) is null then perform core.fail('ZC400', 'phone'); end if;
    if btrim(p_evidence) = '' then perform core.fail('ZC400', 'evidence'); end if;
    foreach k in array core.keys_of(0, jsonb_strip_nulls(jsonb_build_object('phone', p_phone, 'email', p_email))) loop
        update core.stop_key s set lifted_at = core.now(), lifted_by = session.staff(), evidence = btrim(p_evidence)
        where s.key_hash = core.stop_hash(k.kind::text, k.value) and s.lifted_at is null;
        if found then n := n + 1; end if;
    end loop;
    if n = 0 then perform core.fail('ZC404'); end if;
    perform core.ledger_add('stop.lift', null, null, 'R149', jsonb_build_object('keys', n));
    return json_build_object('lifted', n);
end $$;
comment on function api.stop_lift is $$
Let an erased person in again: by a fresh consent that he gave himself, and by nothing else.
in: evidence of that consent; phone, email    out: lifted - keys    errors: not-found, missing-field    rule: R149, D.14 $$;
