-- SPDX-License-Identifier: Apache-2.0
-- What sides and arbiters do in a dispute (D.11). The states change in core.dispute_move alone.

create type api.dispute_filed as (verdict core.verdict, is_filed boolean, dispute_id uuid, number text, rule text, padding text);

create function api.dispute_file(p_kind core.dispute_kind, p_brand_id int, p_line core.line, p_claim core.long_text, p_evidence_ids uuid[],
    p_phone core.search_text default null, p_email core.short_text default null, p_vin core.search_text default null,
    p_plate core.search_text default null, p_inn core.search_text default null, p_surname core.search_text default null)
returns api.dispute_filed language plpgsql volatile security definer set search_path = '' as $$
declare
    v_data jsonb; given core.registration_given; v_hash bytea; v_basis timestamptz; v_vehicle bigint; j core.judgement_of_claim; d core.dispute;
    v_evidence bigint[]; r api.dispute_filed;
begin
    if p_kind not in ('earlier_evidence', 'false_evidence', 'hidden_inactivity', 'wrong_match') then perform core.fail('ZC402', 'kind'); end if;
    if length(btrim(p_claim)) < 10 then perform core.fail('ZC400', 'claim'); end if;
    v_evidence := core.evidence_own(p_evidence_ids, session.dealer());
    if cardinality(v_evidence) = 0 then perform core.fail('ZC111', 'evidence_ids'); end if;
    v_data := jsonb_build_object('phone', p_phone, 'email', p_email, 'vin', p_vin, 'plate', p_plate, 'inn', p_inn, 'surname', p_surname,
                                 'brand_id', p_brand_id, 'line', p_line);
    given := core.registration_check(session.dealer(), v_data);
    if cardinality(given.keys) = 0 then perform core.fail('ZC400', 'phone'); end if;
    perform core.dispute_quota(session.dealer());
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('probe' || session.dealer(), 3));
    perform core.probe_guard(session.dealer(), session.staff());
    -- R100: within ten working days of the verdict; the earliest one counts that the dealer heard about the present right
    v_hash := sha256(convert_to(array_to_string(given.keys, ','), 'UTF8'));
    if core.is_aftersales(p_line) then select v.vehicle_id into v_vehicle from core.vehicle v where v.vin = core.vin_norm(p_vin); end if;
    j := core.claim_judge(core.party_exact(given.keys, v_data), p_brand_id::smallint, p_line, v_vehicle, session.dealer());
    select min(p.at) into v_basis from core.probe p
    where p.dealer_id = session.dealer() and p.key_hash = v_hash and p.verdict in ('PROTECTED', 'IN_GRACE', 'HQ', 'DISPUTED')
      and p.at >= coalesce((select o.since from core.ownership o where o.ownership_id = j.ownership_id), '-infinity');
    if not exists (select from core.probe p where p.dealer_id = session.dealer() and p.key_hash = v_hash) then perform core.fail('ZC106', 'phone'); end if;
    perform core.probe_count(session.dealer(), session.staff(), given.keys, j.verdict, 'dispute');
    r.verdict := j.verdict; r.rule := 'R100'; r.is_filed := false;
    if j.verdict in ('PROTECTED', 'IN_GRACE', 'HQ') and (select o.line = p_line from core.ownership o where o.ownership_id = j.ownership_id)
       and (select o.state <> 'CLOSED' from core.ownership o where o.ownership_id = j.ownership_id) then
        d := core.dispute_file(p_kind, j.ownership_id, session.dealer(), null, session.staff(), coalesce(v_basis, core.now()), btrim(p_claim), v_evidence);
    end if;
    if d.dispute_id is not null then r.is_filed := true; r.dispute_id := d.public_id; r.number := d.number; end if;
    r.padding := core.verdict_padding(length(r.verdict::text) + length(r.is_filed::text) + case when r.dispute_id is null then 8 else 50 end);
    return r;
end $$;
comment on function api.dispute_file is $$
Open a dispute about a person whom a verdict refused: by the data of that registration or probe, because the person himself is not known.
The clock admits or rejects it within the hour. Counts as a probe.
in: kind earlier_evidence | false_evidence | hidden_inactivity | wrong_match; phone, email, vin, plate, inn, surname exactly as probed;
    brand_id; line; claim; evidence_ids - own evidence, 1 to 20
out: the verdict of today and, when somebody holds the right, the dispute; equally long for all
errors: verdict-missing (no verdict was given about these data), evidence-missing, dispute-quota, dispute-suspended, probe-limit, bad-field
rule: R24, R25, R26, R100, R108 $$;

create function core.dispute_mine(p_dispute_id uuid, p_sides text[], p_is_manager boolean) returns core.dispute
language plpgsql volatile set search_path = '' as $$
declare d core.dispute; side text;
begin
    select x.* into d from core.dispute x where x.public_id = p_dispute_id for update;
    side := core.dispute_side(d);
    if d.dispute_id is null or side is null or side = 'auditor' then perform core.fail('ZC404'); end if;
    if side <> all (p_sides) or (p_is_manager and session.role_bit() <> 16) then perform core.fail('ZC403'); end if;
    return d;
end $$;
comment on function core.dispute_mine(uuid, text[], boolean) is 'Lock a case in which the caller may act. errors: ZC404 nothing of his, ZC403 not on this side or not the manager. source: R105';

create function core.dispute_show(d core.dispute, p_evidence uuid[]) returns int
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    insert into core.dispute_evidence (dispute_id, evidence_id, dealer_id)
    select d.dispute_id, x, session.dealer() from unnest(core.evidence_own(p_evidence, session.dealer())) x on conflict do nothing;
    get diagnostics n = row_count;
    if (select count(*) from core.dispute_evidence x where x.dispute_id = d.dispute_id and x.dealer_id = session.dealer()) > 50 then
        perform core.fail('ZC402', 'evidence_ids');
    end if;
    if n > 0 then perform core.ledger_add('dispute.evidence', d.public_id::text, d.party_id, 'R101', jsonb_build_object('pieces', n), d.brand_id, d.line); end if;
    return n;
end $$;
comment on function core.dispute_show(core.dispute, uuid[]) is 'Bring own evidence into a case, at most 50 pieces a side. out: how many were new. source: R101';

create function api.dispute_answer(p_dispute_id uuid, p_answer core.long_text, p_evidence_ids uuid[] default null, p_is_agreed boolean default false)
returns api.dispute language plpgsql volatile security definer set search_path = '' as $$
declare d core.dispute := core.dispute_mine(p_dispute_id, '{owner}', true);
begin
    if d.state <> 'ADMITTED' then perform core.fail('ZC107', null, jsonb_build_object('state', d.state)); end if;
    if length(btrim(p_answer)) = 0 then perform core.fail('ZC400', 'answer'); end if;
    perform core.dispute_show(d, p_evidence_ids);
    d.answer := btrim(p_answer); d.is_accepted := coalesce(p_is_agreed, false);
    return core.dispute_row(core.dispute_answered(d, 'answer'));
end $$;
comment on function api.dispute_answer is $$
Answer a dispute as the owner's manager, within two working days; silence means the facts are accepted.
in: dispute_id; answer; evidence_ids - own evidence; is_agreed - the claim is right
out: the dispute    errors: not-found, forbidden, dispute-state, missing-field    rule: R101, R102 $$;

create function api.dispute_evidence_add(p_dispute_id uuid, p_evidence_ids uuid[]) returns api.dispute
language plpgsql volatile security definer set search_path = '' as $$
declare d core.dispute := core.dispute_mine(p_dispute_id, '{claimant,owner}', false);
begin
    if d.state not in ('FILED', 'ADMITTED', 'ANSWERED') then perform core.fail('ZC107', null, jsonb_build_object('state', d.state)); end if;
    if core.dispute_show(d, p_evidence_ids) = 0 then perform core.fail('ZC111', 'evidence_ids'); end if;
    return core.dispute_row(d);
end $$;
comment on function api.dispute_evidence_add is $$
Bring more evidence of one's own into a running dispute, until it is decided.
in: dispute_id; evidence_ids    out: the dispute    errors: not-found, dispute-state, evidence-missing    rule: R101 $$;

create function api.dispute_withdraw(p_dispute_id uuid) returns api.dispute
language plpgsql volatile security definer set search_path = '' as $$
declare d core.dispute := core.dispute_mine(p_dispute_id, '{claimant}', true); v_was core.dispute_state := d.state;
begin
    if d.is_system then perform core.fail('ZC107', null, jsonb_build_object('state', d.state)); end if;
    d.due_at := null;
    d := core.dispute_move(d, 'withdraw', 'WITHDRAWN');
    perform core.dispute_thaw(d);
    if v_was <> 'FILED' then perform core.dispute_tell(d, 'N9', d.owner_id, 'withdrawn'); end if;
    return core.dispute_row(d);
end $$;
comment on function api.dispute_withdraw is $$
Take a dispute back before it is decided, by the claimant's manager; the right has its remaining term again.
in: dispute_id    out: the dispute    errors: not-found, forbidden, dispute-state    rule: R102, R103 $$;

create function api.dispute_appeal(p_dispute_id uuid, p_reason core.long_text) returns api.dispute
language plpgsql volatile security definer set search_path = '' as $$
declare d core.dispute := core.dispute_mine(p_dispute_id, '{claimant,owner}', true);
begin
    if d.state <> 'DECIDED' or d.due_at <= core.now() then perform core.fail('ZC107', null, jsonb_build_object('state', d.state)); end if;
    if length(btrim(p_reason)) < 10 then perform core.fail('ZC400', 'reason'); end if;
    d.appeal := btrim(p_reason); d.appealed_at := core.now(); d.appealed_by := session.dealer();
    d.due_at := core.working_days_end(0, core.now(), core.policy_int('P11.appeal'));
    d := core.dispute_move(d, 'appeal', 'APPEALED', jsonb_build_object('until', d.due_at));
    perform core.committee_fill(d);
    perform core.dispute_tell(d, 'N8', case when session.dealer() = d.claimant_id then d.owner_id else d.claimant_id end, 'appeal');
    return core.dispute_row(d);
end $$;
comment on function api.dispute_appeal is $$
Appeal against a decision to the committee of head office: two other arbiters, who overturn it only when both agree. It acts meanwhile.
in: dispute_id; reason    out: the dispute    errors: not-found, forbidden, dispute-state, missing-field    rule: R102 $$;

create function api.dispute_find(p_dispute_id uuid, p_ref uuid, p_is_false boolean) returns api.dispute_case
language plpgsql volatile security definer set search_path = '' as $$
declare d core.dispute := core.dispute_mine(p_dispute_id, '{arbiter,committee}', false); v_dealer int; v_staff bigint; v_what text;
begin
    if core.dispute_awaits(d, core.dispute_side(d)) not in ('decision', 'vote') or core.dispute_awaits(d, core.dispute_side(d)) is null then
        perform core.fail('ZC107', null, jsonb_build_object('state', d.state));
    end if;
    select x.dealer_id, e.staff_id, 'evidence' into v_dealer, v_staff, v_what from core.dispute_evidence x join core.evidence e on e.evidence_id = x.evidence_id
    where x.dispute_id = d.dispute_id and e.public_id = p_ref;
    if v_what is null then
        select i.dealer_id, i.staff_id, 'activity' into v_dealer, v_staff, v_what from core.interaction i
        where i.public_id = p_ref and i.party_id = d.party_id and i.dealer_id in (d.claimant_id, d.owner_id);
    end if;
    if v_what is null then perform core.fail('ZC404', 'ref'); end if;
    if p_is_false then
        insert into core.dispute_finding (dispute_id, ref, what, dealer_id, staff_id, found_by)
        values (d.dispute_id, p_ref, v_what, v_dealer, v_staff, session.staff()) on conflict do nothing;
    else
        delete from core.dispute_finding f where f.dispute_id = d.dispute_id and f.ref = p_ref and not f.is_final;
    end if;
    perform core.ledger_add('dispute.finding', d.public_id::text, d.party_id, 'R38', jsonb_build_object('ref', p_ref, 'what', v_what, 'false', p_is_false), d.brand_id, d.line);
    return api.dispute_get(p_dispute_id);
end $$;
comment on function api.dispute_find is $$
Find a piece of evidence or a recorded activity false, or take that back before deciding: it counts no more among the facts, and from the
decision on against the seat that brought it.
in: dispute_id; ref - id of the evidence or activity; is_false    out: the case with the facts anew
errors: not-found, dispute-state    rule: R38, R104 $$;

create function api.dispute_decide(p_dispute_id uuid, p_outcome core.dispute_outcome, p_decision core.long_text, p_departure core.long_text default null,
    p_credit_bp int default null) returns api.dispute
language plpgsql volatile security definer set search_path = '' as $$
declare d core.dispute := core.dispute_mine(p_dispute_id, '{arbiter}', false);
begin
    if d.arbiter_id is distinct from session.staff() then perform core.fail('ZC403'); end if;
    if p_credit_bp is not null and p_credit_bp not between 0 and 10000 then perform core.fail('ZC402', 'credit_bp'); end if;
    return core.dispute_row(core.dispute_decide(d, p_outcome, p_decision, p_departure, p_credit_bp));
end $$;
comment on function api.dispute_decide is $$
Decide a dispute: confirm what follows from the facts, or depart from it with a reason. It acts at once and forward only.
in: dispute_id; outcome CLAIMANT | OWNER | POOL; decision - the facts in neutral words, no names; departure - why not as proposed; credit_bp
out: the dispute    errors: not-found, forbidden, dispute-state, decision-names, departure-missing, missing-field    rule: R104, R107, R108 $$;

create function api.dispute_vote(p_dispute_id uuid, p_outcome core.dispute_outcome, p_text core.long_text) returns api.dispute
language plpgsql volatile security definer set search_path = '' as $$
declare d core.dispute := core.dispute_mine(p_dispute_id, '{committee}', false);
begin
    if d.state <> 'APPEALED' then perform core.fail('ZC107', null, jsonb_build_object('state', d.state)); end if;
    return core.dispute_row(core.dispute_vote(d, session.staff(), p_outcome, p_text));
end $$;
comment on function api.dispute_vote is $$
Vote in the committee of an appeal. Both must agree on another outcome, else the decision stands.
in: dispute_id; outcome; text - why, in neutral words    out: the dispute    errors: not-found, forbidden, dispute-state, decision-names    rule: R102 $$;

create function api.dispute_recuse(p_dispute_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare d core.dispute := core.dispute_mine(p_dispute_id, '{arbiter,committee}', false); side text := core.dispute_side(d);
begin
    if side = 'arbiter' and d.arbiter_id = session.staff() and d.state in ('ADMITTED', 'ANSWERED') then
        perform core.arbiter_pass(d, 'conflict');
    elsif side = 'committee' and d.state = 'APPEALED' and core.dispute_awaits(d, side) = 'vote' then
        update core.dispute_seat s set left_at = core.now(), reason = 'conflict' where s.dispute_id = d.dispute_id and s.staff_id = session.staff();
        perform core.committee_fill(d);
        perform core.ledger_add('dispute.recuse', d.public_id::text, d.party_id, 'R106', '{}', d.brand_id, d.line);
    else
        perform core.fail('ZC107', null, jsonb_build_object('state', d.state));
    end if;
end $$;
comment on function api.dispute_recuse is $$
Leave a case because of a conflict of interest that the organisation tree does not know; the next arbiter has it.
in: dispute_id    errors: not-found, dispute-state    rule: R106 $$;
