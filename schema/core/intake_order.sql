-- SPDX-License-Identifier: Apache-2.0
-- What dealers' systems tell of a customer before he buys: his request (a lead) and his signed order.

create function core.document_signed(p_dealer int, p_staff bigint, p_party bigint, p_brand smallint, p_line core.line, p_number text, p_on date,
    p_is_cancelled boolean, p_vehicle bigint, p_source text, p_amount bigint default null, p_currency text default null) returns core.document_result
language plpgsql volatile set search_path = '' as $$
declare r core.document_result; o core.ownership; j core.judgement_of_claim; v_held timestamptz; s core.signed_order; v_base int; v_currency text := core.currency_of(p_currency);
begin
    if core.is_aftersales(p_line) then perform core.fail('ZC402', 'line'); end if;
    if p_amount < 0 then perform core.fail('ZC402', 'amount'); end if;
    perform 1 from core.party p where p.party_id = p_party for no key update;
    select i.interaction_id, i.public_id into r.document_id, r.public_id from core.interaction i
    where i.party_id = p_party and i.dealer_id = p_dealer and i.kind = 'ORDER' and i.evidence = left(p_number, 100) limit 1;
    r.is_new := r.document_id is null and not p_is_cancelled;
    if r.document_id is not null then
        select x.* into s from core.signed_order x where x.interaction_id = r.document_id for update;
        if s.order_id is null then                             -- of before orders were kept: nothing says which right it held
            s.order_id := core.order_sign(r.document_id, null, p_dealer, p_brand, p_line, p_on, null, null, null);
            select x.* into s from core.signed_order x where x.order_id = s.order_id;
        end if;
        if p_amount is not null and (s.amount_kopecks, s.currency) is distinct from (p_amount, v_currency) then
            r.undo := jsonb_build_object('priced', jsonb_build_object('order', s.order_id, 'was', s.amount_kopecks, 'was_in', s.currency, 'now', p_amount, 'now_in', v_currency));
            update core.signed_order x set amount_kopecks = p_amount, currency = v_currency where x.order_id = s.order_id;
        end if;
    end if;
    if not p_is_cancelled and r.document_id is not null or p_is_cancelled and (s.order_id is null or s.cancelled_at is not null) then
        return r;                                              -- sent before, or the end of an order that never came
    end if;
    j := core.claim_judge(array[p_party], p_brand, p_line, p_vehicle, p_dealer);
    r.verdict := j.verdict; r.decided_by := j.ownership_id;
    if j.verdict = 'YOURS' then select x.* into o from core.ownership x where x.ownership_id = j.ownership_id and x.dealer_id = p_dealer for update; end if;
    if p_is_cancelled then
        update core.signed_order x set cancelled_at = core.now() where x.order_id = s.order_id;
        r.undo := coalesce(r.undo, '{}') || jsonb_build_object('cancelled', s.order_id);
        perform core.ledger_add('order.cancel', r.public_id::text, p_party, 'R154', '{}', p_brand, p_line);
        if o.state = 'HELD' and (s.brand_id, s.line) = (o.brand_id, o.line) then
            if core.order_until(o) is null then perform core.right_unheld(o); else perform core.order_settle(o); end if;
        end if;
        return r;
    end if;
    insert into core.interaction (party_id, dealer_id, staff_id, kind, at, is_manual, is_qualifying, evidence)
    values (p_party, p_dealer, p_staff, 'ORDER', least(core.now(), core.day_after((select d.time_zone from core.dealer d where d.dealer_id = p_dealer),
        p_on::timestamp at time zone 'UTC', 0)), false, true, left(p_number, 100))
    returning interaction_id, public_id into r.document_id, r.public_id;
    perform core.ledger_add('order.add', r.public_id::text, p_party, 'R154', '{}', p_brand, p_line);
    v_held := core.term_end(p_dealer, p_on::timestamp at time zone 'UTC', core.policy_int('P7.hold'));
    if j.verdict = 'YOURS' then
        if v_held > core.now() and o.state in ('OFFERED', 'PENDING', 'ACTIVE', 'GRACE', 'HELD') then
            v_base := case o.state when 'HELD' then core.order_base(o) else o.ver end;
            r.ver_before := o.ver; r.ownership_id := o.ownership_id;
            if o.state = 'OFFERED' then o.state := 'ACTIVE'; o.accept_until := null; o.first_contact_at := core.now(); o := core.right_change(o, 'accept'); end if;
            if o.state = 'PENDING' then o.state := 'ACTIVE'; o.accept_until := null; o := core.right_change(o, 'checked'); end if;
            if o.state = 'GRACE' then o.state := 'ACTIVE'; o := core.right_change(o, 'activity'); end if;
            if o.state = 'ACTIVE' or v_held > o.protect_until then
                o.protect_until := v_held; o.contact_until := null; o.first_contact_at := coalesce(o.first_contact_at, core.now()); o.state := 'HELD';
                o := core.right_change(o, 'order');
            end if;
        else
            o := null;
        end if;
    elsif j.verdict in ('PROTECTED', 'HQ', 'DISPUTED') or (j.verdict = 'IN_GRACE' and j.rule = 'R15') then
        insert into core.serve_grant (party_id, dealer_id, brand_id, line, reason, document, from_at, until_at)
        values (p_party, p_dealer, p_brand, p_line, 'R154', p_number, core.now(), core.now() + make_interval(days => core.policy_int('R154.grant')))
        on conflict do nothing;
    elsif v_held > core.now() then
        o := core.right_claim(p_party, p_brand, p_line, p_vehicle, p_dealer, null, 'order', jsonb_build_object('protect_until', v_held,
            'limit_until', core.term_end(p_dealer, core.now(), core.policy_int('P5.' || p_line))), p_source, null, true);
        v_base := 0;
        r.ownership_id := o.ownership_id; r.decided_by := o.ownership_id;
        r.verdict := case when o.ownership_id is null then 'PROTECTED' else 'FREE' end;
    else
        r.verdict := null;             -- so old an order holds nothing
    end if;
    perform core.order_sign(r.document_id, o, p_dealer, p_brand, p_line, p_on, p_amount, v_currency, v_base);
    return r;
end $$;
comment on function core.document_signed(int, bigint, bigint, smallint, core.line, text, date, boolean, bigint, text, bigint, text) is $$
A customer's order that was signed, or called off, in the dealer's own system: kept once by client and number, with what it is worth; his own
right is held (P7 from the order's date), a free one arises held, a stranger's stays and the dealer may serve (R5). The end of an order
releases when no other stands; the same order with another amount is that order with another amount.
in: p_amount hundredths of p_currency, NULL = not told    errors: ZC402 line of aftersales, amount, currency    source: D.2, R50, R83, R154$$;

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
