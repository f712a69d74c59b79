-- SPDX-License-Identifier: Apache-2.0
-- What dealers' systems tell of a customer before he buys: his request (a lead) and his signed order.

create function core.order_released(p_dealer int, p_ownership bigint) returns boolean
language plpgsql volatile set search_path = '' as $$
declare o core.ownership;
begin
    select x.* into o from core.ownership x where x.ownership_id = p_ownership and x.dealer_id = p_dealer for update;
    if o.ownership_id is null or o.state <> 'HELD' then return false; end if;
    perform core.right_unheld(o);
    return true;
end $$;
comment on function core.order_released(int, bigint) is 'A right held for an order is active again for what remains of P5. out: false when no order holds it. source: D.2';

create function core.document_signed(p_dealer int, p_staff bigint, p_party bigint, p_brand smallint, p_line core.line, p_number text, p_on date,
    p_is_cancelled boolean, p_vehicle bigint, p_source text) returns core.document_result
language plpgsql volatile set search_path = '' as $$
declare r core.document_result; o core.ownership; j core.judgement_of_claim; v_held timestamptz; v_known boolean; v_latest text;
begin
    if core.is_aftersales(p_line) then perform core.fail('ZC402', 'line'); end if;
    perform 1 from core.party p where p.party_id = p_party for no key update;
    select i.interaction_id, i.public_id into r.document_id, r.public_id from core.interaction i
    where i.party_id = p_party and i.dealer_id = p_dealer and i.kind = 'ORDER' and i.evidence = left(p_number, 100) limit 1;
    v_known := r.document_id is not null;
    r.is_new := not v_known and not p_is_cancelled;
    if r.is_new then
        insert into core.interaction (party_id, dealer_id, staff_id, kind, at, is_manual, is_qualifying, evidence)
        values (p_party, p_dealer, p_staff, 'ORDER', least(core.now(), core.day_after((select d.time_zone from core.dealer d where d.dealer_id = p_dealer),
            p_on::timestamp at time zone 'UTC', 0)), false, true, left(p_number, 100))
        returning interaction_id, public_id into r.document_id, r.public_id;
        perform core.ledger_add('order.add', r.public_id::text, p_party, 'R154', '{}', p_brand, p_line);
    end if;
    if v_known = not p_is_cancelled then return r; end if;         -- sent before, or the end of an order that never came
    j := core.claim_judge(array[p_party], p_brand, p_line, p_vehicle, p_dealer);
    r.verdict := j.verdict; r.decided_by := j.ownership_id;
    if p_is_cancelled then
        select i.evidence into v_latest from core.interaction i where i.party_id = p_party and i.dealer_id = p_dealer and i.kind = 'ORDER'
        order by i.interaction_id desc limit 1;
        if j.verdict = 'YOURS' and v_latest = left(p_number, 100) and core.order_released(p_dealer, j.ownership_id) then
            perform core.ledger_add('order.cancel', r.public_id::text, p_party, 'R154', '{}', p_brand, p_line);
        end if;
        return r;
    end if;
    v_held := core.term_end(p_dealer, p_on::timestamp at time zone 'UTC', core.policy_int('P7.hold'));
    if j.verdict = 'YOURS' then
        select x.* into o from core.ownership x where x.ownership_id = j.ownership_id for update;
        if v_held <= core.now() or o.state not in ('OFFERED', 'PENDING', 'ACTIVE', 'GRACE') then return r; end if;
        r.ver_before := o.ver; r.ownership_id := o.ownership_id;
        if o.state = 'OFFERED' then o.state := 'ACTIVE'; o.accept_until := null; o.first_contact_at := core.now(); o := core.right_change(o, 'accept'); end if;
        if o.state = 'PENDING' then o.state := 'ACTIVE'; o.accept_until := null; o := core.right_change(o, 'checked'); end if;
        if o.state = 'GRACE' then o.state := 'ACTIVE'; o := core.right_change(o, 'activity'); end if;
        o.state := 'HELD'; o.contact_until := null; o.first_contact_at := coalesce(o.first_contact_at, core.now()); o.protect_until := v_held;
        o := core.right_change(o, 'order');
    elsif j.verdict in ('PROTECTED', 'HQ', 'DISPUTED') or (j.verdict = 'IN_GRACE' and j.rule = 'R15') then
        insert into core.serve_grant (party_id, dealer_id, brand_id, line, reason, document, from_at, until_at)
        values (p_party, p_dealer, p_brand, p_line, 'R154', p_number, core.now(), core.now() + make_interval(days => core.policy_int('R154.grant')))
        on conflict do nothing;
    elsif v_held > core.now() then
        o := core.right_claim(p_party, p_brand, p_line, p_vehicle, p_dealer, null, 'order', jsonb_build_object('protect_until', v_held,
            'limit_until', core.term_end(p_dealer, core.now(), core.policy_int('P5.' || p_line))), p_source, null, true);
        r.ownership_id := o.ownership_id; r.decided_by := o.ownership_id;
        r.verdict := case when o.ownership_id is null then 'PROTECTED' else 'FREE' end;
    else
        r.verdict := null;             -- so old an order holds nothing
    end if;
    return r;
end $$;
comment on function core.document_signed(int, bigint, bigint, smallint, core.line, text, date, boolean, bigint, text) is $$
A customer's order that was signed, or called off, in the dealer's own system: kept once by client and number; his own right is held
(P7 from the order's date), a free one arises held, a stranger's stays and the dealer may serve (R5). Only the latest order's end releases.
errors: ZC402 line of aftersales    source: D.2, R50, R83, R154$$;

create function core.intake_lead_take(p_dealer int, p_staff bigint, p_data jsonb, p_source text, p_event bigint) returns core.intake_result
language plpgsql volatile set search_path = '' as $$
declare x core.intake_result; o core.ownership; v_task bigint; v_name text := core.intake_text(p_data, 'external_id');
    v_known boolean := v_name is not null and core.source_party(p_dealer, v_name) is not null;
begin
    x := core.intake_client(p_dealer, p_staff, p_data, p_source, p_event);
    if v_known or x.party_id is null or x.verdict not in ('created', 'updated', 'YOURS') then return x; end if;
    select y.* into o from core.ownership y where y.ownership_id = x.decided_by and y.dealer_id = p_dealer and y.state <> 'CLOSED';
    if o.ownership_id is null then return x; end if;
    insert into core.task (dealer_id, seat_id, party_id, kind, title, due_at)
    values (p_dealer, o.seat_id, x.party_id, 'lead', left('Заявка: ' || coalesce(core.intake_text(p_data, 'interest'), o.line::text), 400),
        core.working_until(p_dealer, core.now(), core.policy_int('P2.limit')))
    returning task_id into v_task;
    x.undo := coalesce(x.undo, '{}') || jsonb_build_object('task', v_task);
    return x;
end $$;
comment on function core.intake_lead_take(int, bigint, jsonb, text, bigint) is $$
A request that came to the dealer himself: his own effort, so a registration and not head office's lead (R31 beats R40.6, R47), answered
within P2 of his working hours: a task of the seat or of the queue. The same request again makes no second task.
in: data of core.intake_lead    rule: R30, R47, P2 $$;
