-- SPDX-License-Identifier: Apache-2.0
-- Probe, registration, waiting claim, drafts, receipts: what a dealer may ask about people he cannot see.

create type api.verdict as (verdict core.verdict, is_claim_possible boolean, claim_from date, rule text, person_id uuid, padding text);

create function core.verdict_row(j core.judgement_of_claim) returns api.verdict
language plpgsql stable as $$
begin
    return (select row(j.verdict, j.is_claim_possible, j.claim_from, j.rule, p.public_id,
        core.verdict_padding(length(j.verdict::text) + length(j.rule) + length(j.is_claim_possible::text)
            + case when j.claim_from is null then 4 else 12 end + case when p.public_id is null then 4 else 38 end))::api.verdict
    from (select 1) one left join core.ownership o on o.ownership_id = j.ownership_id and j.verdict = 'YOURS'
    left join core.party p on p.party_id = o.party_id);
end $$;
comment on function core.verdict_row(core.judgement_of_claim) is 'A verdict as told: equally long whatever it says; the person only when it is one''s own. source: R24, R25';

create function api.probe_check(p_brand_id int, p_line core.line, p_purpose core.short_text, p_consent_evidence core.short_text,
    p_phone core.search_text default null, p_email core.short_text default null, p_vin core.search_text default null,
    p_plate core.search_text default null, p_inn core.search_text default null, p_surname core.search_text default null, p_kpp core.search_text default null)
returns api.verdict language plpgsql volatile security definer set search_path = '' as $$
declare v_data jsonb; given core.registration_given; j core.judgement_of_claim; v_vehicle bigint;
begin
    if btrim(p_purpose) = '' then perform core.fail('ZC027', 'purpose'); end if;
    if btrim(p_consent_evidence) = '' then perform core.fail('ZC027', 'consent_evidence'); end if;
    v_data := jsonb_build_object('phone', p_phone, 'email', p_email, 'vin', p_vin, 'plate', p_plate, 'inn', p_inn, 'surname', p_surname,
                                 'brand_id', p_brand_id, 'line', p_line);
    if p_kpp <> '' then v_data := v_data || jsonb_build_object('kpp', p_kpp, 'kind', 'COMPANY'); end if;
    given := core.registration_check(session.dealer(), v_data);
    if cardinality(given.keys) = 0 then perform core.fail('ZC400', 'phone'); end if;
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('probe' || session.dealer(), 3));   -- the count is exact
    perform core.probe_guard(session.dealer(), session.staff());
    if core.is_aftersales(p_line) then select v.vehicle_id into v_vehicle from core.vehicle v where v.vin = core.vin_norm(p_vin); end if;
    j := core.claim_judge(core.party_exact(given.keys, v_data), p_brand_id::smallint, p_line, v_vehicle, session.dealer());
    if core.is_stopped(given.keys) then j := row('OPTED_OUT', null, null, false, 'R24'); end if;      -- R149: an erased person answers as one who opted out
    perform core.probe_count(session.dealer(), session.staff(), given.keys, j.verdict, p_purpose);
    return core.verdict_row(j);
end $$;
comment on function api.probe_check is $$
Ask whether a person is free for a brand and line, without registering.
in: any of phone, email, vin, plate, inn (of a branch with kpp) with surname; brand_id; line; purpose; consent_evidence
out: verdict FREE YOURS PROTECTED IN_GRACE DISPUTED HQ OPTED_OUT, is_claim_possible, claim_from (a Monday); equally long for all
errors: probe-limit, purpose-missing, missing-field, bad-field    rule: R24, R25, R26, P16 $$;

create type api.receipt_given as (number text, at timestamptz, sha256 text);
create type api.registration as (verdict core.verdict, state text, person_id uuid, right_id uuid, receipt json, protect_until timestamptz,
    missing text[], is_claim_possible boolean, claim_from date, rule text, draft_id uuid, padding text, area text);

create function core.registration_row(r core.registration) returns api.registration
language plpgsql stable as $$
declare v_draft uuid;
begin
    if r.draft_id is not null then select d.public_id into v_draft from core.draft d where d.draft_id = r.draft_id; end if;
    return row(r.verdict::core.verdict, r.state, r.person_id, r.right_id,
        case when r.receipt is not null then json_build_object('number', r.receipt, 'at', core.now(), 'sha256', r.receipt_sha256) end,
        r.protect_until, r.missing, r.is_claim_possible, r.claim_from, r.rule, v_draft,
        case when r.verdict is null or r.verdict = 'FREE' then '' else core.verdict_padding(length(r.verdict) + length(r.rule)
            + length(r.is_claim_possible::text) + case when r.claim_from is null then 4 else 12 end
            + case when r.person_id is null then 4 else 38 end) end, r.area)::api.registration;
end $$;
comment on function core.registration_row(core.registration) is 'A registration as told to the one who made it.';

create function api.registration_add(p_kind core.party_kind, p_brand_id int default null, p_line core.line default null,
    p_name core.name_text default null, p_surname core.search_text default null, p_given_name core.search_text default null,
    p_patronymic core.search_text default null, p_phone core.search_text default null, p_email core.short_text default null,
    p_vin core.search_text default null, p_plate core.search_text default null, p_inn core.search_text default null,
    p_city core.search_text default null, p_source core.search_text default null, p_occasion core.search_text default null,
    p_interest core.short_text default null, p_consent_evidence core.short_text default null, p_consent_channels core.channel[] default null,
    p_consent_text core.search_text default null, p_seat_id uuid default null, p_born_on date default null, p_sex text default null,
    p_kpp core.search_text default null, p_passport core.search_text default null, p_licence core.search_text default null,
    p_passport_series core.search_text default null, p_licence_series core.search_text default null)
returns api.registration language plpgsql volatile security definer set search_path = '' as $$
declare v_data jsonb; r core.registration; v_seat core.staff; done text;
begin
    if p_seat_id is not null then
        v_seat := core.staff_of(p_seat_id, session.dealer());
        if v_seat.staff_id is null or v_seat.role not in ('manager', 'seller', 'adviser', 'operator') then perform core.fail('ZC007', 'seat_id'); end if;
        if session.role_bit() <> 16 and v_seat.staff_id <> session.staff() then perform core.fail('ZC403', 'seat_id'); end if;
    end if;
    -- a registration with a stranger's verdict is a probe too; whoever used his up registers nothing (R26)
    done := core.probe_guard(session.dealer(), session.staff())::text;
    v_data := jsonb_build_object('kind', p_kind, 'name', p_name, 'surname', p_surname, 'given_name', p_given_name, 'patronymic', p_patronymic,
        'phone', p_phone, 'email', p_email, 'vin', p_vin, 'plate', p_plate, 'inn', p_inn, 'city', p_city, 'brand_id', p_brand_id, 'line', p_line,
        'source', p_source, 'occasion', p_occasion, 'interest', p_interest, 'consent_evidence', p_consent_evidence,
        'consent_channels', to_jsonb(coalesce(p_consent_channels, '{}')), 'consent_text', p_consent_text, 'born_on', p_born_on, 'sex', p_sex, 'kpp', p_kpp,
        'seat', coalesce(v_seat.staff_id, case when session.role_bit() in (32, 64) then session.staff() end));
    if concat(p_passport, p_licence, p_passport_series, p_licence_series) <> '' then          -- hashed at the door: nothing behind it has seen the number (R20)
        v_data := core.documents_hide(v_data || jsonb_build_object('passport', p_passport, 'licence', p_licence, 'passport_series', p_passport_series,
            'licence_series', p_licence_series));
    end if;
    r := core.register(session.dealer(), session.staff(), v_data, 'hand');
    if r.verdict in ('PROTECTED', 'IN_GRACE', 'DISPUTED', 'HQ', 'OPTED_OUT') then
        perform core.probe_count(session.dealer(), session.staff(), core.keys_of(session.dealer(), v_data), r.verdict::core.verdict, 'registration');
    end if;
    if r.verdict = 'FREE' then r.area := core.area_note(session.dealer(), p_brand_id::smallint, p_line, p_city, p_phone); end if;      -- R32
    done := core.ledger_add('registration.' || lower(coalesce(r.verdict, 'draft')), r.receipt, case when r.verdict in ('FREE', 'YOURS') then r.party_id end,
        r.rule, case when r.area = 'other' then '{"area": "other"}'::jsonb else '{}' end, p_brand_id::smallint, p_line)::text;
    done := core.row_verdict_add('hand', session.dealer(), session.staff(), null, null, 'registration', coalesce(r.verdict, 'draft'), null, r.rule,
        r.missing[1], r.receipt, r.party_id, r.decided_by, p_brand_id::smallint, p_line)::text;
    if r.verdict = 'FREE' and v_seat.staff_id is not null and v_seat.staff_id <> session.staff() then      -- who registers has the receipt in the answer
        done := core.notify(v_seat.staff_id, 'N2', r.person_id::text, r.receipt)::text;
    end if;
    return core.registration_row(r);
end $$;
comment on function api.registration_add is $$
Register a prospect: blind match over the network, verdict in place, and when free the right with a receipt. First commit wins.
in: kind; name or surname, given_name, patronymic; phone, email, vin, plate, inn; brand_id; line; source; occasion (walk_in, incoming_call,
    web_request, customer_request, referral, exhibition, other); interest; consent_evidence, consent_channels, consent_text; seat_id
    (default the caller; a manager's goes to the queue); city, born_on, sex; kpp of a company with its inn (R64); passport, licence -
    numbers, of which only a keyed hash is kept and nothing is ever shown (R20); passport_series, licence_series where a form has two fields
out: verdict with person_id, right_id, receipt, protect_until when FREE, and area - whose territory the client lives in by what was given: own,
    other, nobody, unknown (a note: it stops nothing, R32, R47); state DRAFT with missing[] when incomplete (kept 7 days, no
    protection); PROTECTED and its like with claim_from and nothing else, equally long
errors: bad-field, seat-invalid, seat-limit, registration-ban, probe-limit    rule: R20-R26, R30-R33    cost: below 10 ms $$;

create type api.receipt as (number text, at timestamptz, body text, sha256 text);

create function api.receipt_get(p_receipt_id core.search_text) returns api.receipt language sql stable begin atomic
    select r.number, r.at, r.body, r.sha256 from core.receipt r
    where r.number = p_receipt_id and r.dealer_id = (select session.dealer());
end;
comment on function api.receipt_get is $$
Show a receipt of the own dealer. in: receipt_id - its number. out: number, at, body, sha256 of the body's bytes. errors: not-found. rule: R31 $$;

create function api.waiting_claim_add(p_brand_id int, p_line core.line, p_purpose core.short_text, p_consent_evidence core.short_text,
    p_phone core.search_text default null, p_email core.short_text default null, p_vin core.search_text default null,
    p_plate core.search_text default null, p_inn core.search_text default null, p_surname core.search_text default null, p_kpp core.search_text default null)
returns api.verdict language plpgsql volatile security definer set search_path = '' as $$
declare v api.verdict; v_party bigint; v_data jsonb;
begin
    v := api.probe_check(p_brand_id, p_line, p_purpose, p_consent_evidence, p_phone, p_email, p_vin, p_plate, p_inn, p_surname, p_kpp);
    if v.verdict in ('PROTECTED', 'IN_GRACE', 'HQ', 'DISPUTED') then
        v_data := jsonb_build_object('phone', p_phone, 'email', p_email, 'vin', p_vin, 'plate', p_plate, 'inn', p_inn, 'surname', p_surname, 'kpp', p_kpp);
        v_party := (core.party_exact(core.keys_of(session.dealer(), v_data), v_data))[1];
        insert into core.waiting_claim (party_id, brand_id, line, dealer_id, staff_id, at, claim_from, typed)
        values (v_party, p_brand_id::smallint, p_line, session.dealer(), session.staff(), core.now(), v.claim_from,
            jsonb_strip_nulls(v_data || jsonb_build_object('consent_evidence', p_consent_evidence))) on conflict do nothing;
        perform core.ledger_add('claim.wait', null, null, 'R34', '{}', p_brand_id::smallint, p_line);
    end if;
    return v;
end $$;
comment on function api.waiting_claim_add is $$
Ask to be told when a person becomes free: one claim per dealer, brand and line. Counts as a probe.
in, out, errors: as POST /v1/probes    rule: R15, R34 $$;

create type api.draft as (id uuid, created_at timestamptz, source text, staff_name text, missing text[], data json, cursor_ text);

create function api.drafts_list(p_limit int default null, p_after text default null)
returns setof api.draft language sql stable begin atomic
    select d.public_id, d.created_at, d.source, s.name, d.missing, (d.data - 'document_keys')::json, core.cursor_make(d.draft_id::text, d.public_id)
    from core.draft d left join core.staff s on s.staff_id = d.staff_id
    where d.dealer_id = (select session.dealer()) and d.draft_id < coalesce(core.cursor_part(p_after, 1)::bigint, 9223372036854775807)
    order by d.draft_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.drafts_list is $$
List incomplete registrations: of the whole dealer for a manager, one's own for a seat. They protect nothing and go after 7 days.
out: what was typed and what is missing    rule: R30 $$;
