-- SPDX-License-Identifier: Apache-2.0
-- Sales and repair orders, and the rights they prove (D.2, R154, R157). A document is never refused because somebody else owns
-- the person (R5): it is stored, and gives the permission to serve.

create type core.document_result as (document_id bigint, public_id uuid, is_new boolean, verdict text, ownership_id bigint, ver_before int, decided_by bigint,
    undo jsonb);
comment on type core.document_result is 'A stored document and the right it proved. verdict NULL = none arose; ver_before NULL = the right is new; undo what an order did.';

create type core.proof as (verdict text, ownership_id bigint, ver_before int, decided_by bigint);
comment on type core.proof is 'What a document did to a right.';

create function core.document_term(p_dealer int, p_line core.line, p_on date) returns timestamptz
language plpgsql stable as $$
begin
    return (select core.day_end(p_dealer, (p_on + make_interval(months => core.policy_int(
        case when core.is_aftersales(p_line) then 'P9.aftersales' else 'P8.sales' end)))::date));
end $$;
comment on function core.document_term(int, core.line, date) is 'End of a customer right from a document''s date. source: P8, P9';

create function core.right_walk(p_row core.ownership, p_term timestamptz) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare o core.ownership := p_row;
begin
    -- the states between are walked one by one, so that history says what a document implies: nothing is skipped (R11)
    if o.state = 'OFFERED' then o.state := 'ACTIVE'; o.accept_until := null; o.first_contact_at := core.now(); o := core.right_change(o, 'accept'); end if;
    if o.state = 'PENDING' then o.state := 'ACTIVE'; o.accept_until := null; o := core.right_change(o, 'checked'); end if;
    if o.state = 'GRACE' then o.state := 'ACTIVE'; o := core.right_change(o, 'activity'); end if;
    if o.state = 'ACTIVE' then o.state := 'HELD'; o.contact_until := null; o.first_contact_at := coalesce(o.first_contact_at, core.now()); o := core.right_change(o, 'order'); end if;
    if o.state = 'HELD' then
        o.state := 'CUSTOMER'; o.protect_until := greatest(p_term, core.now()); o.limit_until := null;
        o := core.right_change(o, 'delivery');
    elsif o.state = 'CUSTOMER' and p_term > coalesce(o.protect_until, '-infinity') then
        o.protect_until := p_term;
        o := core.right_change(o, 'document');
    end if;
    return o;
end $$;
comment on function core.right_walk(core.ownership, timestamptz) is 'Lead one''s own open right to CUSTOMER with this term, through every state between. DISPUTED stays (R103).';

create function core.right_prove(p_dealer int, p_staff bigint, p_party bigint, p_brand smallint, p_line core.line, p_vehicle bigint, p_on date,
    p_number text, p_source text) returns core.proof
language plpgsql volatile set search_path = '' as $$
declare r core.proof; o core.ownership; j core.judgement_of_claim; term timestamptz := core.document_term(p_dealer, p_line, p_on);
begin
    perform 1 from core.party p where p.party_id = p_party for no key update;
    j := core.claim_judge(array[p_party], p_brand, p_line, p_vehicle, p_dealer);
    r.verdict := j.verdict; r.decided_by := j.ownership_id;
    if j.verdict = 'YOURS' then
        select x.* into o from core.ownership x where x.ownership_id = j.ownership_id for update;
        r.ver_before := o.ver;
        if term > core.now() then o := core.right_walk(o, term); end if;
        r.ownership_id := o.ownership_id;
    elsif j.verdict in ('PROTECTED', 'HQ', 'DISPUTED') or (j.verdict = 'IN_GRACE' and j.rule = 'R15') then
        insert into core.serve_grant (party_id, dealer_id, brand_id, line, reason, document, from_at, until_at)
        values (p_party, p_dealer, p_brand, p_line, 'R154', p_number, core.now(), core.now() + make_interval(days => core.policy_int('R154.grant')))
        on conflict do nothing;
    elsif term > core.now() then      -- nobody holds it: the document is stronger than an opt-out of advertising or a pause (D.2)
        o := core.right_claim(p_party, p_brand, p_line, p_vehicle, p_dealer, null, 'document',
            jsonb_build_object('since', p_on::timestamp at time zone 'UTC', 'protect_until', term), p_source, null, true);
        r.ownership_id := o.ownership_id; r.decided_by := o.ownership_id;
        r.verdict := case when o.ownership_id is null then 'PROTECTED' else 'FREE' end;
    else
        r.verdict := null;             -- the term of so old a document is over
    end if;
    return r;
end $$;
comment on function core.right_prove(int, bigint, bigint, smallint, core.line, bigint, date, text, text) is $$
What a sale or paid visit does to rights: a new CUSTOMER right when nobody holds one, a longer term of one's own, a serve grant
beside a stranger's.
out: verdict FREE (new right), YOURS, PROTECTED ...; NULL when the term would be over    source: D.2, R5, R154, R157$$;

create function core.document_sale(p_dealer int, p_staff bigint, p_party bigint, p_brand smallint, p_line core.line, p_number text, p_on date,
    p_amount bigint, p_vehicle bigint, p_source text) returns core.document_result
language plpgsql volatile security definer set search_path = '' as $$
declare r core.document_result; proof core.proof; v_user bigint := core.lease_user(p_vehicle, p_party, p_on);      -- R68
begin
    if p_on > core.now()::date + 1 or p_on < '1990-01-01' then perform core.fail('ZC054', 'sold_on'); end if;
    if coalesce(btrim(p_number), '') = '' then perform core.fail('ZC400', 'number'); end if;
    if core.is_aftersales(p_line) then perform core.fail('ZC402', 'line'); end if;
    insert into core.sale (dealer_id, party_id, vehicle_id, brand_id, line, number, sold_on, amount_kopecks, source, staff_id)
    values (p_dealer, p_party, p_vehicle, p_brand, p_line, left(p_number, 100), p_on, p_amount, p_source, p_staff)
    on conflict (dealer_id, number) do nothing returning sale_id, public_id into r.document_id, r.public_id;
    r.is_new := r.document_id is not null;
    if not r.is_new then
        select s.sale_id, s.public_id into r.document_id, r.public_id from core.sale s where s.dealer_id = p_dealer and s.number = left(p_number, 100);
        return r;
    end if;
    perform core.ledger_add('sale.add', r.public_id::text, p_party, 'R154', '{}', p_brand, p_line);
    if p_vehicle is not null and p_line in ('NEW', 'USED', 'FLEET') then perform core.vehicle_hand_over(p_vehicle, p_party, p_on, p_dealer); end if;   -- R69
    proof := core.right_prove(p_dealer, p_staff, v_user, p_brand, p_line, p_vehicle, p_on, p_number, p_source);
    r.verdict := proof.verdict; r.ownership_id := proof.ownership_id; r.ver_before := proof.ver_before; r.decided_by := proof.decided_by;
    if proof.verdict = 'YOURS' and exists (select from core.ownership_history h where h.party_id = v_user and h.brand_id = p_brand and h.line = p_line
            and h.ownership_id = proof.ownership_id and h.ver = proof.ver_before and h.state <> 'CUSTOMER') then
        perform core.delivery_offer(v_user, p_brand, p_vehicle, p_dealer, p_on);      -- R70: this was a delivery
    end if;
    return r;
end $$;
comment on function core.document_sale(int, bigint, bigint, smallint, core.line, text, date, bigint, bigint, text) is $$
Store a sale once by (dealer, number) and let it prove a right of its line; a car sold with it changes hands (R69), a right that was
open becomes a customer's and is offered the first service (R70), a leased car counts for the lessee (R68).
in: p_on sold on; p_amount kopecks; p_vehicle may be NULL    errors: ZC054 date, ZC400 number, ZC402 line    source: R154$$;

create function core.document_order(p_dealer int, p_staff bigint, p_party bigint, p_brand smallint, p_number text, p_on date, p_amount bigint,
    p_vehicle bigint, p_mileage int, p_what text, p_source text, p_kind text default 'PAID', p_is_paid boolean default null) returns core.document_result
language plpgsql volatile security definer set search_path = '' as $$
declare r core.document_result; proof core.proof; v_brand smallint := p_brand; v_kind text := case when p_kind = 'PAID' and p_amount = 0 then 'WARRANTY' else p_kind end;
begin
    if v_kind not in ('PAID', 'RECALL', 'WARRANTY', 'EMERGENCY') then perform core.fail('ZC402', 'order_kind'); end if;
    if p_on > core.now()::date + 1 or p_on < '1990-01-01' then perform core.fail('ZC054', 'opened_on'); end if;
    if coalesce(btrim(p_number), '') = '' then perform core.fail('ZC400', 'number'); end if;
    if v_brand is null then select v.brand_id into v_brand from core.vehicle v where v.vehicle_id = p_vehicle; end if;
    insert into core.repair_order (dealer_id, party_id, vehicle_id, brand_id, number, opened_on, amount_kopecks, mileage_km, what, source, staff_id, kind, is_paid)
    values (p_dealer, p_party, p_vehicle, v_brand, left(p_number, 100), p_on, p_amount, p_mileage, left(p_what, 400), p_source, p_staff, v_kind, coalesce(p_is_paid, true))
    on conflict (dealer_id, number) do nothing returning order_id, public_id into r.document_id, r.public_id;
    r.is_new := r.document_id is not null;
    if not r.is_new then
        select s.order_id, s.public_id into r.document_id, r.public_id from core.repair_order s where s.dealer_id = p_dealer and s.number = left(p_number, 100);
        -- R129: the same order, paid by now, or not any more
        update core.repair_order s set is_paid = p_is_paid where s.order_id = r.document_id and s.party_id = p_party and s.is_paid <> p_is_paid;
        if found then perform core.project(array[p_dealer], array[p_party], false); end if;
        return r;
    end if;
    if p_vehicle is not null and p_mileage is not null then
        insert into core.odometer_reading (vehicle_id, read_on, mileage_km, dealer_id) values (p_vehicle, p_on, p_mileage, p_dealer)
        on conflict (vehicle_id, read_on) do update set mileage_km = greatest(core.odometer_reading.mileage_km, excluded.mileage_km);
    end if;
    perform core.ledger_add('repair_order.add', r.public_id::text, p_party, 'R157', '{}', v_brand, 'SERVICE');
    if v_brand is not null and p_amount > 0 and v_kind in ('PAID', 'EMERGENCY') then
        proof := core.right_prove(p_dealer, p_staff, core.lease_user(p_vehicle, p_party, p_on), v_brand, 'SERVICE', p_vehicle, p_on, p_number, p_source);
        r.verdict := proof.verdict; r.ownership_id := proof.ownership_id; r.ver_before := proof.ver_before; r.decided_by := proof.decided_by;
        perform core.service_visit(r.document_id);     -- R72
    end if;
    return r;
end $$;
comment on function core.document_order(int, bigint, bigint, smallint, text, date, bigint, bigint, int, text, text, text, boolean) is $$
Store a repair order once by (dealer, number); a paid one proves the right of SERVICE, per car when the car is known.
in: p_on opened on; p_amount kopecks, 0 = recall or warranty, which proves nothing (R72); p_mileage km; p_kind PAID | RECALL | WARRANTY |
    EMERGENCY (on the road: proves a right that is free, counts toward no move)
errors: ZC054 date, ZC400 number, ZC402 order_kind    source: R157, R70$$;
