-- SPDX-License-Identifier: Apache-2.0
-- Unmasking with a reason, "why do I (not) see this?", and the sheet for the printer.

create type api.unmasked as (until timestamptz, of_day int);

create function api.person_unmask(p_person_id uuid, p_reason text, p_note core.short_text default null)
returns api.unmasked language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); v_until timestamptz;
begin
    if p_reason is null or btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    if core.level_for(v_party) = 'FULL' then return null; end if;
    v_until := core.unmask(v_party, p_person_id, p_reason, nullif(btrim(p_note), ''));
    return row(v_until, (select count(*)::int from core.unmask_grant g where g.staff_id = session.staff() and g.at > core.now() - interval '1 day'))::api.unmasked;
end $$;
comment on function api.person_unmask is $$
Open the masked contacts of a person for a quarter of an hour, for the caller alone; read them with GET /v1/people/{person_id}.
in: person_id; reason client_asked | colleague_absent | urgent | complaint | dispute | subject_request | duplicate; note
out: until, of_day - how many the caller opened within a day    errors: not-found (also when nothing is masked), reason-missing,
    bad-field reason, offer-masked, unmask-limit    rule: R137, R148, N14 $$;

create type api.sight as (level core.see_level, reasons json, unmasked_until timestamptz, may_unmask boolean);

create function api.sight_get(p_person_id uuid) returns api.sight
language plpgsql stable security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); r api.sight;
begin
    r.level := core.level_for(v_party);
    r.reasons := (select coalesce(json_agg(json_strip_nulls(to_json(x))), '[]') from core.sight_reasons(v_party) x);
    r.unmasked_until := core.unmasked_until(v_party);
    r.may_unmask := r.level = 'MASKED' and not core.is_offer_only(v_party);
    return r;
end $$;
comment on function api.sight_get is $$
Why do I see this person, and how much? For the asker alone.
in: person_id    out: level FULL | MASKED; reasons - [{viewer, level, rule, state, brand_id, line, since, until}], the highest decides;
    unmasked_until; may_unmask    errors: not-found - the same for an invisible person as for none    rule: R139 $$;

create function api.sight_why(p_brand_id int, p_line core.line, p_phone core.search_text default null, p_email core.short_text default null,
    p_surname core.search_text default null)
returns api.verdict language plpgsql volatile security definer set search_path = '' as $$
begin
    return api.probe_check(p_brand_id, p_line, 'why', 'R139', p_phone, p_email, null, null, null, p_surname);
end $$;
comment on function api.sight_why is $$
Why do I not find this person? The answer is a verdict with its rule, and counts as a probe.
in: brand_id, line, phone or email, surname    out, errors: as POST /v1/probes    rule: R24, R26, R139 $$;

create type api.person_sheet as (person json, timeline json, printed_at timestamptz, printed_by text, mark text);

create function api.person_print(p_person_id uuid) returns api.person_sheet
language plpgsql stable as $$
declare r api.person_sheet; p api.person := api.person_get(p_person_id);
begin
    if p.id is null then return null; end if;
    r.person := to_json(p);
    r.timeline := (select coalesce(json_agg(json_build_object('at', t.at, 'kind', t.kind, 'title', t.title, 'text', t.text, 'staff_name', t.staff_name,
        'brand_id', t.brand_id, 'line', t.line, 'document', t.document, 'amount_kopecks', t.amount_kopecks) order by t.at desc), '[]') from api.timeline_list(p_person_id, null, 50, null) t);
    r.printed_at := core.now();
    r.printed_by := (select s.name from core.staff s where s.staff_id = session.staff());
    r.mark := upper(substr(encode(sha256(convert_to(concat_ws('|', session.request_id(), session.staff()), 'UTF8')), 'hex'), 1, 10));
    return r;
end $$;
comment on function api.person_print is $$
The record as a sheet for the printer: what the caller sees of the person, and who printed it when. The print is in the ledger;
mark is made of its request, so that a sheet found leads to its entry.
in: person_id    out: person as GET /v1/people/{person_id}, the latest 50 entries of the timeline, printed_at, printed_by, mark
errors: not-found    rule: R133 $$;
