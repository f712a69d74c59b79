-- SPDX-License-Identifier: Apache-2.0
-- A whole case as one file for auditors (R109). The server signs its bytes; deploy/verify-case checks them.

create function core.text_masked(d core.dispute, p_text text) returns text
language plpgsql stable set search_path = '' as $$
declare v_text text := p_text; w text;
begin
    if p_text is null then return null; end if;
    v_text := regexp_replace(v_text, '[^\s@]+@[^\s@]+', '***', 'g');
    v_text := regexp_replace(v_text, '\m[A-HJ-NPR-Za-hj-npr-z0-9]{17}\M', '***', 'g');
    v_text := regexp_replace(v_text, '\m[АВЕКМНОРСТУХавекмнорстухABEKMHOPCTYXabekmhopctyx]\s?\d{3}\s?[АВЕКМНОРСТУХавекмнорстухABEKMHOPCTYXabekmhopctyx]{2}\s?\d{2,3}\M', '***', 'g');
    v_text := regexp_replace(v_text, '\+?(\d[\s().-]*){7,}', '*** ', 'g');
    for w in select distinct x from core.party p, regexp_split_to_table(replace(concat_ws(' ', p.name, p.surname, p.given_name, p.patronymic), 'ё', 'е'), '[^А-Яа-яA-Za-z0-9]+') x
             where p.party_id = d.party_id and length(x) >= 3 loop
        v_text := regexp_replace(replace(v_text, 'ё', 'е'), '\m' || case when length(w) > 4 then left(w, -1) else w end || '\w*', '***', 'gi');
    end loop;
    return v_text;
end $$;
comment on function core.text_masked(core.dispute, text) is 'A statement without e-mails, phones, VINs, plates and the person''s names. source: R107, R109';

create function api.dispute_export(p_dispute_id uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
declare d core.dispute; side text;
begin
    select x.* into d from core.dispute x where x.public_id = p_dispute_id;
    side := core.dispute_side(d);
    if d.dispute_id is null or side is null then perform core.fail('ZC404'); end if;
    return (jsonb_build_object('format', 'clientele-case-1', 'exported_at', core.now(), 'number', d.number, 'id', d.public_id, 'kind', d.kind, 'state', d.state,
        'network', (select s.value from core.setting s where s.name = 'network_name'),
        'brand', (select b.name from core.brand b where b.brand_id = d.brand_id), 'line', d.line,
        'person', (select p.public_id from core.party p where p.party_id = d.party_id),
        'claimant', (select jsonb_build_object('id', x.public_id, 'name', x.name) from core.dealer x where x.dealer_id = d.claimant_id),
        'owner', (select jsonb_build_object('id', x.public_id, 'name', x.name) from core.dealer x where x.dealer_id = d.owner_id),
        'filed_at', d.filed_at, 'basis_at', d.basis_at, 'answered_at', d.answered_at, 'decided_at', d.decided_at, 'appealed_at', d.appealed_at, 'final_at', d.final_at,
        'is_accepted', d.is_accepted, 'refused', d.refused,
        'statements', (select jsonb_agg(jsonb_build_object('of', s.of, 'text', core.text_masked(d, s.body), 'sha256', encode(sha256(convert_to(s.body, 'UTF8')), 'hex')))
            from (values ('claim', d.claim::text), ('answer', d.answer::text), ('appeal', d.appeal::text)) s(of, body) where s.body is not null),
        'evidence', (select jsonb_agg(jsonb_build_object('id', e.public_id, 'side', case when x.dealer_id = d.claimant_id then 'claimant' else 'owner' end, 'kind', e.kind,
                'happened_at', e.happened_at, 'uploaded_at', e.at, 'media_type', e.media_type, 'size_bytes', e.size_bytes, 'sha256', e.sha256,
                'note', core.text_masked(d, e.note), 'is_false', exists (select from core.dispute_finding f where f.dispute_id = d.dispute_id and f.ref = e.public_id))
                order by e.evidence_id)
            from core.dispute_evidence x join core.evidence e on e.evidence_id = x.evidence_id where x.dispute_id = d.dispute_id),
        'findings', (select jsonb_agg(jsonb_build_object('ref', f.ref, 'what', f.what, 'at', f.at) order by f.at) from core.dispute_finding f where f.dispute_id = d.dispute_id),
        'facts', d.facts, 'outcome', d.outcome, 'first_outcome', d.first_outcome, 'rule', d.rule, 'decision', d.decision, 'departure', d.departure,
        'credit_bp', d.credit_bp, 'is_abuse', d.is_abuse,
        'seats', (select jsonb_agg(jsonb_build_object('role', s.role, 'staff', f.public_id, 'assigned_at', s.assigned_at, 'left_at', s.left_at, 'reason', s.reason,
                'vote', s.vote, 'text', s.vote_text) order by s.assigned_at) from core.dispute_seat s join core.staff f on f.staff_id = s.staff_id where s.dispute_id = d.dispute_id),
        'steps', (select jsonb_agg(jsonb_build_object('no', s.ver, 'at', s.at, 'event', s.event, 'state', s.state, 'rule', s.rule, 'detail', s.detail) order by s.ver)
            from core.dispute_step s where s.dispute_id = d.dispute_id))
        || jsonb_build_object('rights', (select jsonb_agg(jsonb_build_object('right', h.public_id, 'ver', h.ver, 'dealer', x.public_id, 'state', h.state, 'event', h.event,
                'rule', h.rule, 'at', h.valid_from) order by h.valid_from, h.ver)
            from core.ownership_history h join core.dealer x on x.dealer_id = h.dealer_id
            where h.party_id = d.party_id and h.brand_id = d.brand_id and h.line = d.line and h.vehicle_id is not distinct from d.vehicle_id)))::text::json;
end $$;
comment on function api.dispute_export is $$
Export a whole case as one signed file: sides, statements without personal data and their hashes, hashes of all evidence, facts, findings,
decision, committee, every step, the history of the right.
in: dispute_id    out: two lines: the case as JSON, and its Ed25519 signature; deploy/verify-case checks them    errors: not-found    rule: R109 $$;
