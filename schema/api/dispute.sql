-- SPDX-License-Identifier: Apache-2.0
-- Disputes as their sides, arbiters and auditors read them (R105): each side its own file and the neutral decision, the arbiter both.

create type api.dispute as (id uuid, number text, kind core.dispute_kind, state core.dispute_state, side text, brand_id int, line core.line,
    filed_at timestamptz, due_at timestamptz, awaits text, outcome core.dispute_outcome, person_id uuid, person_name text,
    cursor_ text);

create function core.dispute_side(d core.dispute) returns text
language plpgsql stable set search_path = '' as $$
begin
    if session.role_bit() = 256 then return 'auditor'; end if;
    if session.role_bit() = 8 then
        return (select s.role from core.dispute_seat s where s.dispute_id = d.dispute_id and s.staff_id = session.staff()
                and (s.left_at is null or s.reason = 'silence'));
    end if;
    if session.role_bit() not in (16, 32, 64) then return null; end if;
    return case when session.dealer() = d.claimant_id and (session.role_bit() = 16 or d.claimant_staff = session.staff()) then 'claimant'
                when session.dealer() = d.owner_id and d.state not in ('FILED', 'REJECTED') and (session.role_bit() = 16 or d.owner_seat = session.staff()) then 'owner'
                when session.dealer() = d.owner_id and d.state = 'REJECTED' and d.frozen_at is not null and session.role_bit() = 16 then 'owner' end;
end $$;
comment on function core.dispute_side(core.dispute) is $$
What the caller is in a case: claimant, owner (a manager, or the seat of the case; not before it is admitted), arbiter or committee
(a seat of his own), auditor; NULL nothing.    source: R105, R106$$;

create function core.dispute_awaits(d core.dispute, p_side text) returns text
language sql stable as $$
select case when d.state = 'ADMITTED' and p_side = 'owner' then 'answer'
            when d.state = 'ANSWERED' and p_side = 'arbiter' and d.arbiter_id = session.staff() then 'decision'
            when d.state = 'APPEALED' and p_side = 'committee' and exists (select from core.dispute_seat s where s.dispute_id = d.dispute_id
                 and s.staff_id = session.staff() and s.left_at is null and s.vote is null) then 'vote'
            when d.state = 'DECIDED' and p_side in ('claimant', 'owner')
                 and (d.outcome = 'POOL' or d.kind = 'credit' or (d.outcome = 'OWNER') = (p_side = 'claimant')) then 'appeal' end $$;
comment on function core.dispute_awaits(core.dispute, text) is 'What a case awaits of the caller: answer, decision, vote, appeal (may, not must); NULL nothing.';

create function core.dispute_row(d core.dispute) returns api.dispute
language plpgsql stable set search_path = '' as $$
declare side text := core.dispute_side(d); p core.party;
begin
    if side is null then return null; end if;
    if side in ('owner', 'arbiter', 'committee') then select x.* into p from core.party x where x.party_id = d.party_id; end if;
    return row(d.public_id, d.number, d.kind, d.state, side, d.brand_id::int, d.line, d.filed_at,
        case when d.state <> 'FILED' then d.due_at end, core.dispute_awaits(d, side), d.outcome, p.public_id, p.name,
        d.dispute_id::text)::api.dispute;
end $$;
comment on function core.dispute_row(core.dispute) is 'One case in a list; NULL for whom it is nothing. source: R105';

create function api.disputes_list(p_is_open boolean default null, p_limit int default null, p_after text default null)
returns setof api.dispute language plpgsql stable security definer set search_path = '' as $$
declare v_after bigint := coalesce(nullif(p_after, '')::bigint, 9223372036854775807); v_n int := least(coalesce(p_limit, 50), 100);
        open_states core.dispute_state[] := '{FILED,ADMITTED,ANSWERED,DECIDED,APPEALED}';
begin
    return query
    select y.* from (
        select x.* from core.dispute x
        where x.dispute_id < v_after and (p_is_open is null or (x.state = any (open_states)) = p_is_open)
          and case session.role_bit() when 256 then true
              when 8 then x.dispute_id in (select s.dispute_id from core.dispute_seat s where s.staff_id = session.staff())
              else session.dealer() in (x.claimant_id, x.owner_id) end
          and core.dispute_side(x) is not null
        order by x.dispute_id desc limit v_n) d cross join lateral core.dispute_row(d) y order by d.dispute_id desc;
end $$;
comment on function api.disputes_list is $$
List disputes, newest first: a dealer's own on either side (a seat: those of its own clients), an arbiter's, all for an auditor.
in: is_open    out: number, kind, state, side claimant | owner | arbiter | committee | auditor, what is awaited of the caller and until when; person_id, person_name of
    the customer for owner and judge; the claimant never learns whose client it is    rule: R100, R105, R106 $$;

create type api.dispute_case as (id uuid, number text, kind core.dispute_kind, state core.dispute_state, side text, awaits text, brand_id int,
    line core.line, filed_at timestamptz, due_at timestamptz, person_id uuid, person_name text, is_accepted boolean, claim text, answer text, appeal text,
    evidence json, activities json, facts json, steps json, outcome core.dispute_outcome, rule text, decision text, departure text,
    credit_bp int, is_abuse boolean, seats json, sides json, version_ int);

create function core.dispute_evidence_json(d core.dispute, p_dealer int) returns json
language plpgsql stable set search_path = '' as $$
begin
    return (select coalesce(json_agg(json_build_object('id', e.public_id, 'side', case when x.dealer_id = d.claimant_id then 'claimant' else 'owner' end,
        'kind', e.kind, 'weight', k.weight, 'name', e.name, 'note', e.note, 'happened_at', e.happened_at, 'uploaded_at', e.at, 'media_type', e.media_type,
        'size_bytes', e.size_bytes, 'sha256', e.sha256, 'is_false', g.ref is not null) order by x.dealer_id = d.claimant_id desc, k.weight desc, e.evidence_id), '[]')
    from core.dispute_evidence x join core.evidence e on e.evidence_id = x.evidence_id join core.evidence_kind k on k.kind = e.kind
    left join core.dispute_finding g on g.dispute_id = d.dispute_id and g.ref = e.public_id and (g.is_final or p_dealer is null)
    where x.dispute_id = d.dispute_id and (p_dealer is null or x.dealer_id = p_dealer));
end $$;
comment on function core.dispute_evidence_json(core.dispute, int) is 'Evidence of one side, or of both for the arbiter (p_dealer NULL). source: R105';

create function api.dispute_get(p_dispute_id uuid) returns api.dispute_case
language plpgsql stable security definer set search_path = '' as $$
declare d core.dispute; r api.dispute_case; side text; is_judge boolean; is_over boolean; p core.party;
begin
    select x.* into d from core.dispute x where x.public_id = p_dispute_id;
    side := core.dispute_side(d);
    if d.dispute_id is null or side is null then perform core.fail('ZC404'); end if;
    is_judge := side in ('arbiter', 'committee'); is_over := d.outcome is not null;
    select x.* into p from core.party x where x.party_id = d.party_id;
    r.id := d.public_id; r.number := d.number; r.kind := d.kind; r.state := d.state; r.side := side; r.awaits := core.dispute_awaits(d, side);
    r.brand_id := d.brand_id; r.line := d.line; r.filed_at := d.filed_at; r.due_at := case when d.state <> 'FILED' then d.due_at end;
    r.is_accepted := case when side <> 'claimant' or is_over then d.is_accepted end; r.version_ := d.ver;
    if is_judge or side = 'owner' then r.person_id := p.public_id; r.person_name := p.name; end if;
    -- what the other side says and shows is the arbiter's alone (R105)
    r.claim := case when is_judge or side = 'claimant' then d.claim end;
    r.answer := case when is_judge or side = 'owner' then d.answer end;
    r.appeal := case when is_judge or (side in ('claimant', 'owner') and d.appealed_by = session.dealer()) then d.appeal end;
    r.evidence := case when is_judge then core.dispute_evidence_json(d, null) when side in ('claimant', 'owner') then core.dispute_evidence_json(d, session.dealer())
                  else '[]' end;
    if is_judge then
        r.activities := (select coalesce(json_agg(y.j), '[]') from (
            select json_build_object('id', i.public_id, 'side', case when i.dealer_id = d.claimant_id then 'claimant' else 'owner' end, 'kind', i.kind,
                'at', i.at, 'is_manual', i.is_manual, 'evidence', i.evidence, 'text', i.text, 'staff_name', s.name,
                'is_false', exists (select from core.dispute_finding g where g.dispute_id = d.dispute_id and g.ref = i.public_id)) as j
            from core.interaction i left join core.staff s on s.staff_id = i.staff_id
            where i.party_id = d.party_id and i.dealer_id in (d.claimant_id, d.owner_id) and i.is_qualifying
            order by i.at desc limit 50) y);
        r.facts := coalesce(d.facts, core.dispute_facts(d))::json;
        r.sides := (select json_build_object('claimant', a.name, 'owner', b.name) from core.dealer a, core.dealer b
                    where a.dealer_id = d.claimant_id and b.dealer_id = d.owner_id);
        r.seats := (select json_agg(json_build_object('role', s.role, 'name', f.name, 'left_at', s.left_at, 'reason', s.reason,
                        'vote', case when d.state = 'FINAL' or s.staff_id = session.staff() then s.vote end) order by s.assigned_at)
                    from core.dispute_seat s join core.staff f on f.staff_id = s.staff_id where s.dispute_id = d.dispute_id);
    end if;
    r.steps := (select json_agg(json_build_object('at', s.at, 'event', s.event, 'state', s.state, 'rule', s.rule) order by s.ver)
                from core.dispute_step s where s.dispute_id = d.dispute_id and (side <> 'owner' or s.event not in ('file')));
    r.outcome := d.outcome; r.rule := d.rule; r.decision := d.decision; r.credit_bp := d.credit_bp;
    r.departure := case when is_over then d.departure end; r.is_abuse := is_over and d.is_abuse;
    return r;
end $$;
comment on function api.dispute_get is $$
Show one dispute: to a side its own statement and evidence and the neutral decision; to its arbiter or committee both files, the facts and
the proposal of R104; to an auditor steps and decision without either file.
in: dispute_id    out: the case; claim, answer, evidence of the other side are null for a side    errors: not-found    rule: R104, R105, R107 $$;

create function api.dispute_file_get(p_dispute_id uuid, p_evidence_id uuid) returns api.download
language plpgsql stable security definer set search_path = '' as $$
declare d core.dispute; r api.download; side text;
begin
    select x.* into d from core.dispute x where x.public_id = p_dispute_id;
    side := core.dispute_side(d);
    if d.dispute_id is not null and side in ('claimant', 'owner', 'arbiter', 'committee') then
        select e.sha256, e.name, e.media_type into r from core.dispute_evidence x join core.evidence e on e.evidence_id = x.evidence_id
        where x.dispute_id = d.dispute_id and e.public_id = p_evidence_id and e.note is null and e.erased_at is null
          and (side in ('arbiter', 'committee') or x.dealer_id = session.dealer());
    end if;
    if r.sha256 is null then perform core.fail('ZC404'); end if;
    return r;
end $$;
comment on function api.dispute_file_get is $$
Send one file of evidence: to the side that brought it, and to the arbiter. Its bytes are held against the hash of the upload on the way out.
in: dispute_id, evidence_id    out: the file    errors: not-found, evidence-broken    rule: R101, R105 $$;

create type api.precedent as (number text, kind core.dispute_kind, brand_id int, line core.line, outcome core.dispute_outcome, rule text,
    decision text, departure text, credit_bp int, is_overturned boolean, decided_on date, cursor_ text);

create function api.precedents_list(p_q core.search_text default null, p_kind core.dispute_kind default null,
    p_outcome core.dispute_outcome default null, p_limit int default null, p_after text default null)
returns setof api.precedent language plpgsql stable security definer set search_path = '' as $$
declare v_after bigint := coalesce(nullif(p_after, '')::bigint, 9223372036854775807); v_words tsquery;
begin
    if btrim(coalesce(p_q, '')) <> '' then v_words := websearch_to_tsquery('russian'::regconfig, p_q); end if;
    return query
    select d.number, d.kind, d.brand_id::int, d.line, d.outcome, d.rule, d.decision::text, d.departure::text, d.credit_bp, d.first_outcome is not null,
        d.decided_at::date, d.dispute_id::text
    from core.dispute d
    where d.state in ('DECIDED', 'APPEALED', 'FINAL') and d.decision is not null and d.dispute_id < v_after
      and (v_words is null or d.search @@ v_words)
      and (p_kind is null or d.kind = p_kind) and (p_outcome is null or d.outcome = p_outcome)
    order by d.dispute_id desc limit least(coalesce(p_limit, 50), 100);
end $$;
comment on function api.precedents_list is $$
Search decided cases: facts in neutral words, rule, outcome, share of credit. No person, no dealer.
in: q - words of the decision; kind; outcome    out: newest first    rule: R107 $$;
