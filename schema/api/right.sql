-- SPDX-License-Identifier: Apache-2.0
-- What an owner does with a right: accept, decline, lose with a reason, hold by an order, deliver, cancel, hand over to a seat.

create type api.right_state as (id uuid, state core.right_state, version int, protect_until timestamptz, contact_until timestamptz);

create function core.right_shown(o core.ownership) returns api.right_state
language sql immutable as $$ select row(o.public_id, o.state, o.ver, o.protect_until, o.contact_until)::api.right_state $$;
comment on function core.right_shown(core.ownership) is 'A right after a change.';

create function core.seat_checked(p_seat uuid, p_dealer int) returns bigint
language plpgsql stable set search_path = '' as $$
declare s core.staff := core.staff_of(p_seat, p_dealer);
begin
    if s.staff_id is null or s.role not in ('manager', 'seller', 'adviser', 'operator') then perform core.fail('ZC007', 'seat_id'); end if;
    return s.staff_id;
end $$;
comment on function core.seat_checked(uuid, int) is 'An active employee of the owner who can hold people. errors: ZC007. source: R7';

create function core.contacts_pass(p_party bigint, p_dealer int) returns void
language plpgsql volatile as $$
begin
    update core.contact_point c set shared_ids = c.shared_ids || p_dealer
    where c.party_id = p_party and coalesce(c.source_dealer_id, 0) not in (0, p_dealer) and p_dealer <> all (c.shared_ids)
      and exists (select from core.consent x where x.party_id = p_party and x.purpose = 'TRANSFER' and x.withdrawn_at is null);
end $$;
comment on function core.contacts_pass(bigint, int) is 'Pass a person''s contacts to a new owner when the person agreed to a transfer inside the network. source: R148';

create function api.right_accept(p_right_id uuid, p_seat_id uuid default null) returns api.right_state
language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership := core.right_own(p_right_id);
begin
    if o.state <> 'OFFERED' or o.accept_until <= core.now() then
        perform core.fail('ZC011', null, jsonb_build_object('state', o.state, 'event', 'accept'));
    end if;
    if p_seat_id is not null and session.role_bit() <> 16 and p_seat_id <> (select s.public_id from core.staff s where s.staff_id = session.staff()) then
        perform core.fail('ZC403', 'seat_id');
    end if;
    o.seat_id := case when p_seat_id is not null then core.seat_checked(p_seat_id, o.dealer_id)
                      when session.role_bit() in (32, 64) then session.staff() else o.seat_id end;
    if o.seat_id is not null then perform core.seat_guard(o.seat_id); end if;
    o.contact_until := core.working_until(o.dealer_id, core.now(), core.policy_int('P2.limit'));
    o.protect_until := core.term_end(o.dealer_id, core.now(), core.policy_int('P3.' || o.line));
    o.limit_until := core.term_end(o.dealer_id, core.now(), core.policy_int('P5.' || o.line));
    if o.source = 'R70' then           -- the first service of a car just delivered: its day is known, and no call is due today
        o.protect_until := greatest(o.protect_until, o.accept_until); o.limit_until := greatest(o.limit_until, o.accept_until);
        o.contact_until := null; o.first_contact_at := core.now();
    end if;
    o.state := 'ACTIVE'; o.accept_until := null; o.registered_at := core.now();
    perform core.contacts_pass(o.party_id, o.dealer_id);
    o := core.right_change(o, 'accept');
    insert into core.task (dealer_id, seat_id, party_id, kind, title, due_at, created_by)
    select o.dealer_id, o.seat_id, o.party_id, 'lead',
        case when session.lang() = 'en' then 'First contact' else 'Первый контакт' end, o.contact_until, session.staff() where o.contact_until is not null;
    return core.right_shown(o);
end $$;
comment on function api.right_accept is $$
Accept an offered lead: contacts open, the clock of the first contact starts, a task is made.
in: right_id; seat_id - a manager may name one; default the seller or adviser who accepts
out: the right; contact_until is the end of P2 in working hours    errors: not-found, transition-refused, seat-invalid, seat-limit
rule: R44, P1, P2 $$;

create function api.right_decline(p_right_id uuid, p_reason core.short_text) returns api.right_state
language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership := core.right_own(p_right_id);
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    if o.state <> 'OFFERED' then perform core.fail('ZC011', null, jsonb_build_object('state', o.state, 'event', 'decline')); end if;
    o := core.right_close(o, 'decline', 'declined');
    perform core.lead_declined(o.ownership_id, p_reason);
    perform core.notify_role('router', 0, 'N3', p.public_id::text, o.ownership_id::text) from core.party p where p.party_id = o.party_id;
    perform core.ledger_add('right.decline_reason', p_right_id::text, o.party_id, 'R45', jsonb_build_object('reason', left(p_reason, 200)));
    return core.right_shown(o);
end $$;
comment on function api.right_decline is 'Decline an offered lead with a reason; it goes back to the routers. in: right_id, reason. out: the right. errors: not-found, reason-missing, transition-refused. rule: R45';

create function api.right_lost(p_right_id uuid, p_reason core.lost_reason, p_note core.short_text default null) returns api.right_state
language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership := core.right_own(p_right_id);
begin
    if o.state <> 'ACTIVE' then perform core.fail('ZC011', null, jsonb_build_object('state', o.state, 'event', 'lost')); end if;
    o := core.right_close(o, 'lost', 'lost', p_reason,
        case when p_reason = 'no_money' then core.now() + make_interval(days => core.policy_int('R57.no_money')) end);
    perform core.lost_follow(o);
    update core.task t set state = 'CANCELLED', version = t.version + 1
    where t.party_id = o.party_id and t.dealer_id = o.dealer_id and t.state = 'OPEN' and not exists (
        select from core.ownership x where x.party_id = o.party_id and x.dealer_id = o.dealer_id and x.state <> 'CLOSED');
    if nullif(btrim(p_note), '') is not null then
        insert into core.interaction (party_id, dealer_id, staff_id, kind, at, text) values (o.party_id, o.dealer_id, session.staff(), 'NOTE', core.now(), p_note);
    end if;
    if p_reason = 'do_not_contact' then
        update core.consent c set withdrawn_at = core.now() where c.party_id = o.party_id and c.dealer_id = o.dealer_id
            and c.purpose = 'ADVERTISING' and c.withdrawn_at is null;
        perform core.campaign_withdraw(o.party_id, o.dealer_id, null);
        perform core.ledger_add('consent.withdraw', p_right_id::text, o.party_id, 'R147', '{"scope": "dealer"}');
    end if;
    return core.right_shown(o);
end $$;
comment on function api.right_lost is $$
Give a prospect up with a reason; he becomes free, after 90 days when he had no money, and without advertising when he asked for that.
in: right_id; reason of the fixed list; note kept as a note    out: the right
errors: not-found, not-owner, transition-refused    rule: R18, R57 $$;

create function api.right_hold(p_right_id uuid, p_document core.search_text, p_amount_kopecks core.kopecks default null, p_currency core.search_text default null)
returns api.right_state language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership := core.right_own(p_right_id); v_base int := o.ver; v_id bigint; v_today date := core.dealer_local_on(o.dealer_id, core.now());
begin
    if p_amount_kopecks < 0 then perform core.fail('ZC402', 'amount_kopecks'); end if;
    if exists (select from core.interaction i where i.party_id = o.party_id and i.dealer_id = o.dealer_id and i.kind = 'ORDER' and i.evidence = p_document) then
        perform core.fail('ZC087', 'document');
    end if;
    if o.state = 'HELD' then v_base := core.order_base(o); end if;
    o.protect_until := greatest(case o.state when 'HELD' then o.protect_until end, core.term_end(o.dealer_id, core.now(), core.policy_int('P7.hold')));
    o.state := 'HELD'; o.contact_until := null; o.first_contact_at := coalesce(o.first_contact_at, core.now());
    o := core.right_change(o, 'order');
    insert into core.interaction (party_id, dealer_id, staff_id, kind, at, is_manual, is_qualifying, evidence)
    values (o.party_id, o.dealer_id, session.staff(), 'ORDER', core.now(), false, true, p_document) returning interaction_id into v_id;
    perform core.order_sign(v_id, o, o.dealer_id, o.brand_id, o.line, v_today, p_amount_kopecks, core.currency_of(p_currency), v_base);
    return core.right_shown(o);
end $$;
comment on function api.right_hold is $$
An order is signed: the right is held until delivery or cancellation, at most 365 days; a second order holds it too.
in: right_id; document - order number; amount_kopecks - hundredths of currency, RUB when none is named
out: the right. errors: not-found, not-owner, transition-refused, document-used, bad-field amount_kopecks, currency    rule: P7, R83 $$;

create function api.right_cancel_order(p_right_id uuid, p_reason core.short_text, p_document core.search_text default null) returns api.right_state
language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership := core.right_own(p_right_id);
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    o := core.order_cancel(o, nullif(btrim(p_document), ''));
    insert into core.interaction (party_id, dealer_id, staff_id, kind, at, text)
    values (o.party_id, o.dealer_id, session.staff(), 'SYSTEM', core.now(), p_reason);
    return core.right_shown(o);
end $$;
comment on function api.right_cancel_order is $$
An order is cancelled: the right is active again for what remains of P5, unless another order still holds it.
in: right_id; reason; document - the order's number, needed when several stand
out: the right. errors: not-found, reason-missing, transition-refused, field-missing document, bad-field document    rule: D.2, R83 $$;

create function api.right_deliver(p_right_id uuid, p_document core.search_text, p_amount_kopecks core.kopecks default null, p_vin core.search_text default null)
returns api.right_state language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership := core.right_own(p_right_id); v_vehicle bigint; v_today date := core.dealer_local_on(o.dealer_id, core.now());
begin
    if o.state <> 'HELD' then perform core.fail('ZC011', null, jsonb_build_object('state', o.state, 'event', 'delivery')); end if;
    if p_vin is not null and core.vin_norm(p_vin) is null then perform core.fail('ZC402', 'vin'); end if;
    if p_vin is not null then
        v_vehicle := core.vehicle_take(o.party_id, o.dealer_id, jsonb_build_object('vin', p_vin, 'brand_id', o.brand_id, 'is_owner', 'true'), v_today);
    end if;
    insert into core.sale (dealer_id, party_id, vehicle_id, brand_id, line, number, sold_on, amount_kopecks, staff_id)
    values (o.dealer_id, o.party_id, v_vehicle, o.brand_id, o.line, p_document, v_today, coalesce(p_amount_kopecks, 0), session.staff());
    o.state := 'CUSTOMER'; o.protect_until := core.document_term(o.dealer_id, o.line, v_today); o.limit_until := null;
    o := core.right_change(o, 'delivery');
    -- R70: the seller is offered the first service
    if not core.is_aftersales(o.line) then perform core.delivery_offer(o.party_id, o.brand_id, v_vehicle, o.dealer_id, v_today); end if;
    return core.right_shown(o);
end $$;
comment on function api.right_deliver is $$
The car is delivered: prospect becomes customer for 36 months, the sale is stored, the service right is offered to the seller first.
in: right_id; document - its number; amount_kopecks; vin    out: the right
errors: not-found, not-owner, transition-refused, bad-field vin, a number used before    rule: R70, P8 $$;

create function api.right_seat(p_right_id uuid, p_seat_id uuid default null) returns api.right_state
language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership := core.right_own(p_right_id); v_seat bigint;
begin
    if p_seat_id is not null then
        v_seat := core.seat_checked(p_seat_id, o.dealer_id);
        if v_seat is distinct from o.seat_id and o.state in ('PENDING', 'ACTIVE', 'GRACE') then perform core.seat_guard(v_seat); end if;
    end if;
    update core.task t set seat_id = v_seat, version = t.version + 1
    where t.party_id = o.party_id and t.dealer_id = o.dealer_id and t.state = 'OPEN' and t.seat_id is not distinct from o.seat_id;
    o.seat_id := v_seat;
    o := core.right_change(o, 'seat');
    if v_seat is not null then
        perform core.notify(v_seat, 'N10', p.public_id::text, o.ver::text) from core.party p where p.party_id = o.party_id;
    end if;
    return core.right_shown(o);
end $$;
comment on function api.right_seat is 'Hand a client over to another seat, with the open tasks; none = the dealer''s queue. The right does not change. in: right_id, seat_id. out: the right. errors: not-found, seat-invalid, seat-limit. rule: R126, R7';
