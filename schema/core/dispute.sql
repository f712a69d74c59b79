-- SPDX-License-Identifier: Apache-2.0
-- The life of a dispute (D.11): filed, admitted by machine, answered, decided, appealed, final. core.dispute_move is the one place
-- that changes a state; a trigger refuses what core.dispute_transition does not hold, whoever writes. Decisions: dispute_decide.sql.

create function core.dispute_guard() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if not exists (select from core.dispute_transition t where t.to_state = new.state
                   and t.from_state is not distinct from case tg_op when 'UPDATE' then old.state end)
       and not (tg_op = 'UPDATE' and new.state = old.state) then
        perform core.fail('ZC107', null, jsonb_build_object('state', new.state));
    end if;
    return new;
end $$;
comment on function core.dispute_guard() is 'Trigger of core.dispute: only the steps of R102 exist, whoever writes. errors: ZC107';
create trigger dispute_guarded before insert or update of state on core.dispute for each row execute function core.dispute_guard();

create function core.dispute_step_keep() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    perform core.fail('ZC101');
    return null;
end $$;
comment on function core.dispute_step_keep() is 'Trigger of core.dispute_step: what happened in a case is never changed. source: R8';
create trigger dispute_step_kept before update or delete on core.dispute_step for each row execute function core.dispute_step_keep();

create function core.dispute_log(d core.dispute, p_event text, p_rule text, p_detail jsonb default '{}') returns void
language plpgsql volatile set search_path = '' as $$
begin
    insert into core.dispute_step (dispute_id, ver, at, staff_id, event, state, rule, detail)
    values (d.dispute_id, d.ver, core.now(), session.staff(), p_event, d.state, p_rule, jsonb_strip_nulls(p_detail));
    perform core.ledger_add('dispute.' || p_event, d.public_id::text, d.party_id, p_rule,
        jsonb_strip_nulls(p_detail) || jsonb_build_object('state', d.state, 'kind', d.kind), d.brand_id, d.line);
end $$;
comment on function core.dispute_log(core.dispute, text, text, jsonb) is 'Write one step of a case and its ledger row. in: ids, counts and states, never contact data. source: R8';

create function core.dispute_move(d core.dispute, p_event text, p_to core.dispute_state, p_detail jsonb default '{}') returns core.dispute
language plpgsql volatile set search_path = '' as $$
declare v_rule text; made core.dispute;
begin
    select t.rule into v_rule from core.dispute x join core.dispute_transition t on t.from_state = x.state and t.event = p_event and t.to_state = p_to
    where x.dispute_id = d.dispute_id and x.ver = d.ver for update of x;
    if v_rule is null then perform core.fail('ZC107', null, jsonb_build_object('state', d.state)); end if;
    update core.dispute x set state = p_to, answer = d.answer, appeal = d.appeal, is_accepted = d.is_accepted, was_state = d.was_state,
        frozen_at = d.frozen_at, left_protect = d.left_protect, left_limit = d.left_limit, left_grace = d.left_grace, arbiter_id = d.arbiter_id,
        due_at = d.due_at, answered_at = d.answered_at, decided_at = d.decided_at, appealed_at = d.appealed_at, appealed_by = d.appealed_by,
        final_at = case when p_to in ('FINAL', 'REJECTED', 'WITHDRAWN') then core.now() else d.final_at end, refused = d.refused,
        outcome = d.outcome, first_outcome = d.first_outcome, rule = d.rule, facts = d.facts, departure = d.departure, decision = d.decision,
        credit_bp = d.credit_bp, is_abuse = d.is_abuse, ownership_id = d.ownership_id, ver = x.ver + 1
    where x.dispute_id = d.dispute_id returning x.* into made;
    perform core.dispute_log(made, p_event, v_rule, p_detail);
    if d.kind = 'credit' and p_to in ('REJECTED', 'WITHDRAWN') then      -- the rule's shares stand
        update core.credit c set state = 'RULED', dispute_id = null where c.dispute_id = d.dispute_id and c.state = 'DISPUTED';
    end if;
    return made;
end $$;
comment on function core.dispute_move(core.dispute, text, core.dispute_state, jsonb) is $$
The one place that changes a dispute: writes the row as given when the event allows it from the state it has.
errors: ZC107 no such step, or the case changed meanwhile    source: R102$$;

create function core.dispute_tell(d core.dispute, p_kind text, p_dealer int, p_occurrence text) returns void
language plpgsql volatile set search_path = '' as $$
begin
    perform core.notify(s.staff_id, p_kind, d.public_id::text, p_occurrence) from core.staff s
    where s.is_active and s.dealer_id = p_dealer
      and (s.role = 'manager' or s.staff_id = case when p_dealer = d.claimant_id then d.claimant_staff else d.owner_seat end
           or (p_dealer = 0 and s.role = 'router'));
end $$;
comment on function core.dispute_tell(core.dispute, text, int, text) is 'Notice N8 or N9 to a side: its managers and the seat of the case. source: R142';

create function core.dispute_suspended(p_dealer int) returns timestamptz
language plpgsql stable set search_path = '' as $$
begin
    return (select t.last + make_interval(days => core.policy_int('R108.suspend')) from (
        select max(x.decided_at) as last, count(*) as n from (
            select d.decided_at from core.dispute d where d.claimant_id = p_dealer and d.is_abuse
            order by d.decided_at desc limit core.policy_int('R108.lost')) x) t
    where t.n >= core.policy_int('R108.lost')
      and t.last - (select min(y.decided_at) from (select d.decided_at from core.dispute d where d.claimant_id = p_dealer and d.is_abuse
                    order by d.decided_at desc limit core.policy_int('R108.lost')) y) <= make_interval(days => core.policy_int('R108.window')));
end $$;
comment on function core.dispute_suspended(int) is 'Until when a dealer may not file: three lost for false evidence in 90 days. out: NULL or an instant, perhaps past. source: R108';

create function core.dispute_quota(p_dealer int) returns void
language plpgsql volatile set search_path = '' as $$
declare until timestamptz := core.dispute_suspended(p_dealer);
begin
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('dispute' || p_dealer, 3));      -- the count is exact
    if until > core.now() then perform core.fail('ZC108', null, jsonb_build_object('until', until)); end if;
    if (select count(*) from core.dispute d where d.claimant_id = p_dealer and not d.is_system
        and d.state in ('FILED', 'ADMITTED', 'ANSWERED', 'DECIDED', 'APPEALED')) >= core.policy_int('R100.open') then
        perform core.fail('ZC103');
    end if;
end $$;
comment on function core.dispute_quota(int) is 'Refuse more open disputes than R100 allows, and those of a suspended dealer. errors: ZC103, ZC108. source: R100, R108';

create function core.dispute_file(p_kind core.dispute_kind, p_ownership bigint, p_claimant int, p_other int, p_staff bigint, p_basis_at timestamptz,
    p_claim text, p_evidence bigint[] default '{}', p_is_system boolean default false) returns core.dispute
language plpgsql volatile set search_path = '' as $$
declare d core.dispute; o core.ownership;
begin
    if not p_is_system then perform core.dispute_quota(p_claimant); end if;
    select x.* into o from core.ownership x where x.ownership_id = p_ownership;
    if o.ownership_id is null or (o.state = 'CLOSED' and p_kind <> 'credit') or p_claimant = coalesce(p_other, o.dealer_id) then perform core.fail('ZC104'); end if;
    insert into core.dispute (number, kind, party_id, brand_id, line, vehicle_id, ownership_id, claimant_id, claimant_staff, owner_id, owner_seat,
        is_system, basis_at, claim, due_at)
    values (upper('D' || left(replace(gen_random_uuid()::text, '-', ''), 9)), p_kind, o.party_id, o.brand_id, o.line, o.vehicle_id, o.ownership_id,
        p_claimant, p_staff, coalesce(p_other, o.dealer_id), case when o.dealer_id = coalesce(p_other, o.dealer_id) then o.seat_id end,
        p_is_system, p_basis_at, left(p_claim, 20000), core.now())
    on conflict (party_id, brand_id, line, coalesce(vehicle_id, 0)) where state in ('FILED', 'ADMITTED', 'ANSWERED', 'DECIDED', 'APPEALED') do nothing
    returning * into d;
    if d.dispute_id is null then return null; end if;
    insert into core.dispute_evidence (dispute_id, evidence_id, dealer_id)
    select d.dispute_id, e.evidence_id, p_claimant from core.evidence e where e.evidence_id = any (p_evidence) and e.dealer_id = p_claimant;
    perform core.dispute_log(d, 'file', 'R100', jsonb_build_object('kind', d.kind, 'evidence', cardinality(p_evidence)));
    return d;
end $$;
comment on function core.dispute_file(core.dispute_kind, bigint, int, int, bigint, timestamptz, text, bigint[], boolean) is $$
File a dispute about a right; the clock admits or rejects it within the hour.
in: p_ownership the open right it is about (R84: a sale is counted when the right has ended, too); p_claimant dealer who claims, p_other the other side (NULL = the right's owner; another dealer
    when the owner himself objects, R72, or a credit is disputed, R84); p_basis_at the verdict or notice it is about; p_evidence numbers of
    the claimant's own evidence (core.evidence_own); p_is_system filed by a rule: no quota, admitted without checks of form
out: the dispute, NULL when another is open for the same person, brand, line and car
errors: ZC103 quota, ZC108 suspended, ZC104 no such open right or the claimant is the other side    guard: dispute_one_open    source: R100$$;

create function core.dispute_inadmissible(d core.dispute) returns text
language plpgsql stable set search_path = '' as $$
declare o core.ownership; first_at timestamptz;
begin
    select x.* into o from core.ownership x where x.ownership_id = d.ownership_id;
    if o.ownership_id is null or (d.kind <> 'credit' and (o.state = 'CLOSED' or (o.state = 'DISPUTED' and not d.is_system))) then return 'right'; end if;
    if d.kind = 'offline' then                           -- R156: within a day before the competing registration
        select min(e.happened_at) into first_at from core.dispute_evidence x join core.evidence e on e.evidence_id = x.evidence_id
        where x.dispute_id = d.dispute_id and e.kind = 'offline';
        return case when first_at < o.registered_at and first_at >= o.registered_at - make_interval(hours => core.policy_int('R156.hours')) then null
               else 'not_older' end;
    end if;
    if d.is_system then return null; end if;
    if o.dealer_id not in (d.claimant_id, d.owner_id) and d.kind <> 'credit' then return 'right'; end if;
    if d.filed_at >= core.working_days_end(d.claimant_id, d.basis_at, core.policy_int('R100.file')) + core.outage_since(d.basis_at) then return 'late'; end if;    -- R17
    if d.kind = 'credit' then return null; end if;       -- the documents of the sale are its evidence (R84)
    if d.kind in ('earlier_evidence', 'hidden_inactivity') and exists (       -- R83: the customer's order was his choice, whoever knew him first
           select from core.credit c where c.ownership_id = d.ownership_id and c.other_id = d.claimant_id) then
        return 'choice';
    end if;
    select min(e.happened_at) into first_at from core.dispute_evidence x join core.evidence e on e.evidence_id = x.evidence_id
    where x.dispute_id = d.dispute_id and x.dealer_id = d.claimant_id;
    if first_at is null then return 'evidence'; end if;
    if d.kind = 'earlier_evidence' and first_at >= o.registered_at then return 'not_older'; end if;
    return null;
end $$;
comment on function core.dispute_inadmissible(core.dispute) is $$
Why a dispute is not admissible, by rules a machine can check; NULL when it is.
out: right (ended, or disputed already) | late | choice (the right is a walk-in's signed order, R83) | evidence | not_older; kept for the auditor, told to nobody (R24)    source: R83, R100$$;

create function core.dispute_freeze(d core.dispute) returns core.dispute
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; v_now timestamptz := core.now();
begin
    if d.kind = 'credit' then return d; end if;         -- R83, R84: the right itself is not in dispute
    select x.* into strict o from core.ownership x where x.ownership_id = d.ownership_id for update;
    d.was_state := o.state; d.frozen_at := v_now;
    if o.state = 'DISPUTED' then d.was_state := 'ACTIVE'; end if;       -- a merge put it there (R28): its terms stand as they are
    d.left_protect := greatest(o.protect_until - v_now, interval '0'); d.left_limit := greatest(o.limit_until - v_now, interval '0');
    d.left_grace := case when o.state = 'GRACE' then greatest(o.free_from - v_now, interval '0') end;
    if o.state <> 'DISPUTED' then
        o.state := 'DISPUTED';
        perform core.right_change(o, 'dispute');
    end if;
    return d;
end $$;
comment on function core.dispute_freeze(core.dispute) is 'Stop the clock of the right: its remaining terms are kept and given back. out: the case with them. source: R103, R16';

create function core.dispute_thaw(d core.dispute) returns void
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; v_now timestamptz := core.now();
begin
    select x.* into o from core.ownership x where x.ownership_id = d.ownership_id for update;
    if o.ownership_id is null or o.state <> 'DISPUTED' or d.frozen_at is null then return; end if;
    -- D.2 leads from DISPUTED to ACTIVE, HELD and CUSTOMER: what was in grace is ACTIVE without time left, and the clock takes it to grace
    o.state := case when d.was_state in ('HELD', 'CUSTOMER') then d.was_state else 'ACTIVE' end;
    o.protect_until := case when d.was_state = 'GRACE' then v_now
                       else v_now + coalesce(d.left_protect, make_interval(days => core.policy_int('P3.' || o.line))) end;
    o.limit_until := v_now + d.left_limit;
    o.accept_until := null;
    if d.was_state = 'OFFERED' then
        o.protect_until := core.term_end(o.dealer_id, v_now, core.policy_int('P3.' || o.line));
        o.limit_until := core.term_end(o.dealer_id, v_now, core.policy_int('P5.' || o.line));
        o.contact_until := core.working_until(o.dealer_id, v_now, core.policy_int('P2.limit'));
    elsif o.contact_until is not null and o.first_contact_at is null then
        o.contact_until := o.contact_until + (v_now - d.frozen_at);
    end if;
    o := core.right_change(o, 'decide');
    if o.state = 'HELD' and core.order_until(o) is null and exists (select from core.signed_order s where s.ownership_id = o.ownership_id) then
        perform core.order_settle(o);                          -- called off while it was frozen
    end if;
end $$;
comment on function core.dispute_thaw(core.dispute) is 'Give a frozen right back to its owner with the terms it had left. source: R103, R16';

create function core.dispute_admit(d core.dispute) returns core.dispute
language plpgsql volatile set search_path = '' as $$
declare why text := core.dispute_inadmissible(d);
begin
    if why is not null then
        d.refused := why; d.due_at := null;
        d := core.dispute_move(d, 'reject', 'REJECTED', jsonb_build_object('why', why));
        perform core.dispute_tell(d, 'N8', d.claimant_id, 'rejected');
        return d;
    end if;
    d := core.dispute_freeze(d);
    d.arbiter_id := core.arbiter_next(d, 'arbiter', null);
    d.due_at := core.working_days_end(d.owner_id, core.now(), core.policy_int('P11.answer'));
    d := core.dispute_move(d, 'admit', 'ADMITTED', jsonb_build_object('was', d.was_state, 'until', d.due_at));
    if exists (select from core.campaign c where c.state in ('LAUNCHING', 'RUNNING', 'PAUSED')) then   -- the claimant's too (R103, R94)
        perform core.campaign_right_lost(array[d.party_id]);
    end if;
    perform core.dispute_tell(d, 'N8', d.owner_id, 'answer');
    perform core.dispute_tell(d, 'N8', d.claimant_id, 'admitted');
    return d;
end $$;
comment on function core.dispute_admit(core.dispute) is 'Automatic admissibility: admit with freeze, arbiter and term to answer, or reject. source: R102, R103, N8';

create function core.dispute_answered(d core.dispute, p_event text) returns core.dispute
language plpgsql volatile set search_path = '' as $$
begin
    d.answered_at := core.now();
    d.due_at := core.working_days_end(0, core.now(), core.policy_int('P11.decision'));
    if d.arbiter_id is null then d.arbiter_id := core.arbiter_next(d, 'arbiter', d.due_at);
    else update core.dispute_seat s set due_at = d.due_at where s.dispute_id = d.dispute_id and s.staff_id = d.arbiter_id; end if;
    d := core.dispute_move(d, p_event, 'ANSWERED', jsonb_build_object('accepted', d.is_accepted, 'until', d.due_at));
    if d.arbiter_id is not null then perform core.notify(d.arbiter_id, 'N8', d.public_id::text, 'decide'); end if;
    perform core.dispute_tell(d, 'N8', d.claimant_id, 'answered');
    return d;
end $$;
comment on function core.dispute_answered(core.dispute, text) is 'The owner answered, or was silent and the facts are accepted: the arbiter''s five working days begin. source: R102';

create function core.dispute_outage(p_gap interval) returns int
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    update core.dispute d set due_at = d.due_at + p_gap
    where d.state in ('ADMITTED', 'ANSWERED', 'DECIDED', 'APPEALED') and d.due_at > core.now() - p_gap;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.dispute_outage(interval) is 'An outage extends every step that ran when it began, by its length; its ledger row is the outage''s. out: cases. source: R17';

create function core.dispute_due(d core.dispute) returns void
language plpgsql volatile set search_path = '' as $$
begin
    -- erased, terminated or withdrawn by the customer meanwhile: nothing is left to decide
    if d.state in ('ADMITTED', 'ANSWERED') and d.kind <> 'credit' and not exists (
           select from core.ownership o where o.ownership_id = d.ownership_id and o.state <> 'CLOSED') then
        d.refused := 'right'; d.due_at := null;
        d := core.dispute_move(d, 'end', 'REJECTED', '{"why": "right"}');
        return;
    end if;
    case d.state
        when 'FILED' then d := core.dispute_admit(d);
        when 'ADMITTED' then d.is_accepted := true; d := core.dispute_answered(d, 'silence');
        when 'ANSWERED' then d := core.arbiter_pass(d, 'silence');
        when 'DECIDED' then d := core.dispute_final(d, 'final');
        else d := core.committee_pass(d);
    end case;
end $$;
comment on function core.dispute_due(core.dispute) is 'What the clock does with a case whose term has come. in: the case, locked. source: R102';

create function core.dispute_tick(p_limit int default 200) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare d core.dispute; n int := 0;
begin
    for d in select x.* from core.dispute x where x.state in ('FILED', 'ADMITTED', 'ANSWERED', 'DECIDED', 'APPEALED') and x.due_at <= core.now()
             order by x.due_at limit p_limit for update skip locked loop
        n := n + 1;
        begin
            perform core.dispute_due(d);
        exception
            when query_canceled or admin_shutdown then raise;
            when others then           -- one case never stops the others: it is tried again in an hour
                update core.dispute x set due_at = core.now() + interval '1 hour' where x.dispute_id = d.dispute_id;
                insert into core.clock_mark as m (name, at, detail)
                values ('error.dispute', core.now(), jsonb_build_object('sqlstate', sqlstate, 'dispute', d.public_id))
                on conflict (name) do update set at = excluded.at, detail = excluded.detail;
        end;
    end loop;
    return n;
end $$;
comment on function core.dispute_tick(int) is $$
One turn of the clock of disputes: admissibility, the owner's silence, the arbiter's, the end of the time to appeal, the committee's silence.
out: cases moved    cost: one index probe when nothing is due    source: R102, R14$$;
