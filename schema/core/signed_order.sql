-- SPDX-License-Identifier: Apache-2.0
-- A customer's signed orders, and what they do to the right they hold (D.2, P7, R83). A hold is never switched on or off: it is what the
-- orders that still stand say, so an order that is called off, taken back (R3) or brought back leaves exactly what the others prove.

create function core.currency_of(p_text text) returns text
language plpgsql immutable as $$
declare v text := upper(btrim(coalesce(p_text, ''), ' .'));
begin
    v := case v when '' then 'RUB' when 'RUR' then 'RUB' when '643' then 'RUB' when '810' then 'RUB' when '₽' then 'RUB' when 'РУБ' then 'RUB'
         when '933' then 'BYN' when '398' then 'KZT' when '840' then 'USD' when '978' then 'EUR' when '156' then 'CNY' else v end;
    if v not in ('RUB', 'BYN', 'KZT', 'USD', 'EUR', 'CNY') then perform core.fail('ZC402', 'currency'); end if;
    return v;
end $$;
comment on function core.currency_of(text) is
'A currency by letter or digit code of ISO 4217, as dealers'' systems write it; none is roubles. All of them have hundredths. errors: ZC402 currency';

create function core.order_base(o core.ownership) returns int
language plpgsql stable as $$
declare v_began int := 0; v_ended int; v_base int;
begin
    -- the hold that counts began with an order; one that a cancellation taken back began anew is the one of before
    select max(h.ver) into v_began from core.ownership_history h where h.party_id = o.party_id and h.brand_id = o.brand_id and h.line = o.line
        and h.ownership_id = o.ownership_id and h.state = 'HELD' and h.event <> 'undo' and not exists (select from core.ownership_history x
        where x.party_id = o.party_id and x.brand_id = o.brand_id and x.line = o.line and x.ownership_id = o.ownership_id and x.ver = h.ver - 1 and x.state = 'HELD');
    if v_began is null then return null; end if;
    select coalesce(max(h.ver), 0) into v_ended from core.ownership_history h where h.party_id = o.party_id and h.brand_id = o.brand_id and h.line = o.line
        and h.ownership_id = o.ownership_id and h.state = 'HELD' and h.ver < v_began;
    -- an order that was signed before acceptance leads through states between: what was before them is in its row
    select coalesce(s.base_ver, 0) into v_base from core.signed_order s
    where s.ownership_id = o.ownership_id and coalesce(s.base_ver, 0) between v_ended and v_began - 1 order by s.order_id desc limit 1;
    return coalesce(v_base, v_began - 1);
end $$;
comment on function core.order_base(core.ownership) is
'The version of a right from before its orders held it last; 0 when an order made the right, NULL when none ever held it. source: R3';

create function core.order_until(o core.ownership) returns timestamptz
language plpgsql stable as $$
begin
    return (select max(s.held_until + core.outage_since(s.recorded_at)) from core.signed_order s join core.interaction i on i.interaction_id = s.interaction_id
            where i.party_id = o.party_id and s.dealer_id = o.dealer_id and s.brand_id = o.brand_id and s.line = o.line and s.cancelled_at is null
              and s.held_until + core.outage_since(s.recorded_at) > core.now());
end $$;
comment on function core.order_until(core.ownership) is 'Until when the owner''s orders that still stand hold a right; NULL when none does. source: P7, R17';

create function core.order_before(o core.ownership, p_base int) returns core.ownership
language plpgsql stable set search_path = '' as $$
declare h core.ownership_history; v_gap interval; v_later timestamptz; made core.ownership := o;
begin
    select x.* into strict h from core.ownership_history x where x.party_id = o.party_id and x.brand_id = o.brand_id and x.line = o.line
        and x.ownership_id = o.ownership_id and x.ver = p_base;
    v_gap := case when o.parked_on is not distinct from h.parked_on and o.extended_at is not distinct from h.extended_at
             then coalesce(o.limit_until - h.limit_until, interval '0') else interval '0' end;        -- R17: outages since
    made.state := h.state; made.accept_until := h.accept_until + v_gap; made.contact_until := h.contact_until + v_gap;
    made.first_contact_at := h.first_contact_at; made.protect_until := h.protect_until + v_gap; made.free_from := h.free_from + v_gap;
    made.manual_run := h.manual_run; made.prolonged_on := h.prolonged_on; made.limit_until := coalesce(o.limit_until, h.limit_until);
    -- what the owner did with the client while an order held him would have counted without it (R52)
    select max(i.at) into v_later from core.interaction i where i.party_id = o.party_id and i.dealer_id = o.dealer_id and i.is_qualifying and not i.is_manual
        and i.kind <> 'ORDER' and core.is_of_line(i.kind, o.line) and i.recorded_at > h.recorded_at
        and (h.state = 'ACTIVE' or (h.state = 'GRACE' and core.is_customer_initiated(i.kind)));
    if v_later is not null then
        made.state := 'ACTIVE'; made.first_contact_at := coalesce(made.first_contact_at, v_later);
        made.protect_until := least(greatest(made.protect_until, core.term_end(o.dealer_id, v_later, core.policy_int('P4.' || o.line))), made.limit_until);
    end if;
    if exists (select from core.ownership_history x where x.party_id = o.party_id and x.brand_id = o.brand_id and x.line = o.line
               and x.ownership_id = o.ownership_id and x.ver > p_base and x.event = 'activity' and x.ver > (select max(y.ver) from core.ownership_history y
               where y.party_id = o.party_id and y.brand_id = o.brand_id and y.line = o.line and y.ownership_id = o.ownership_id and y.event = 'cancel_order')) then
        made.state := 'ACTIVE'; made.protect_until := greatest(made.protect_until, o.protect_until); made.first_contact_at := coalesce(made.first_contact_at, o.first_contact_at);
        made.manual_run := o.manual_run; made.prolonged_on := o.prolonged_on;
    end if;
    return made;
end $$;
comment on function core.order_before(core.ownership, int) is $$
A right as it would be had no order ever held it: the version from before, its terms longer by the outages and by the documented
activities since. The seat stays who it is.    in: the right as read; core.order_base    out: the row for core.right_change    source: R3, R17, R52$$;

create function core.order_settle(p_row core.ownership) returns boolean
language plpgsql volatile set search_path = '' as $$
declare o core.ownership := p_row; v_until timestamptz; v_base int; v_cancelled timestamptz; v_last int; v_made bigint;
begin
    if o.state not in ('HELD', 'ACTIVE', 'GRACE') then return false; end if;      -- delivered, in dispute, ended: its own way decides
    v_until := core.order_until(o); v_base := core.order_base(o);
    select max(h.ver) into v_last from core.ownership_history h where h.party_id = o.party_id and h.brand_id = o.brand_id and h.line = o.line
        and h.ownership_id = o.ownership_id and h.state = 'HELD';
    if o.state <> 'HELD' and exists (select from core.ownership_history h where h.party_id = o.party_id and h.brand_id = o.brand_id and h.line = o.line
            and h.ownership_id = o.ownership_id and h.ver > v_last and h.event not in ('cancel_order', 'activity', 'seat', 'outage', 'expire', 'undo')) then
        return false;                                              -- people have decided about it since
    end if;
    if v_until is not null then
        if o.state = 'HELD' and o.protect_until = v_until then return false; end if;
        o.protect_until := v_until; o.contact_until := null; o.first_contact_at := coalesce(o.first_contact_at, core.now());
        o.state := 'HELD';
        perform core.right_change(o, case p_row.state when 'HELD' then 'order' else 'undo' end);
        return true;
    end if;
    select max(s.cancelled_at), max(s.ownership_id) into v_cancelled, v_made from core.signed_order s where s.ownership_id = o.ownership_id and coalesce(s.base_ver, 0) >= coalesce(v_base, 0)
        and s.undone_at is null and s.cancelled_at is not null;
    if v_cancelled is not null or not exists (select from core.signed_order s where s.ownership_id = o.ownership_id) then
        if o.state <> 'HELD' then return false; end if;
        perform core.right_unheld(o, coalesce(v_cancelled, core.now()));
        return true;
    end if;
    if coalesce(v_base, 0) = 0 then
        perform core.right_close(o, 'erase', 'erased');
        return true;
    end if;
    perform core.right_change(core.order_before(o, v_base), 'undo');
    return true;
end $$;
comment on function core.order_settle(core.ownership) is $$
Make a right what its orders say: held while one stands; active for what remains of P5 after the last one was called off; what it was
before when all of them were taken back. What people decided about it since is left alone, and so is one that was delivered or is in dispute.
in: the right, locked    out: whether it changed    source: D.2, R3, P7$$;

create function core.order_sign(p_interaction bigint, p_row core.ownership, p_dealer int, p_brand smallint, p_line core.line, p_on date, p_amount bigint,
    p_currency text, p_base int) returns bigint
language plpgsql volatile set search_path = '' as $$
declare v_order bigint;
begin
    insert into core.signed_order (interaction_id, dealer_id, brand_id, line, signed_on, held_until, amount_kopecks, currency, ownership_id, base_ver)
    values (p_interaction, p_dealer, p_brand, p_line, p_on, core.term_end(p_dealer, p_on::timestamp at time zone 'UTC', core.policy_int('P7.hold')), p_amount,
        coalesce(p_currency, 'RUB'), p_row.ownership_id, nullif(p_base, 0))
    returning order_id into v_order;
    return v_order;
end $$;
comment on function core.order_sign(bigint, core.ownership, int, smallint, core.line, date, bigint, text, int) is $$
Keep a signed order beside its entry of the timeline.
in: the right it holds, empty when another's stands in the way; p_base the version before, 0 = the order made it    out: order_id    source: P7$$;

create function core.order_undone(p_dealer int, p_order bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare s core.signed_order; i core.interaction; o core.ownership;
begin
    select x.* into s from core.signed_order x where x.order_id = p_order and x.dealer_id = p_dealer and x.undone_at is null for update;
    if s.order_id is null then return; end if;
    select x.* into i from core.interaction x where x.interaction_id = s.interaction_id;
    perform 1 from core.party p where p.party_id = i.party_id for no key update;
    update core.signed_order x set undone_at = core.now(), interaction_id = null where x.order_id = p_order;
    delete from core.interaction x where x.interaction_id = i.interaction_id and x.kind = 'ORDER';
    update core.serve_grant g set ended_at = core.now() where g.dealer_id = p_dealer and g.party_id = i.party_id and g.brand_id = s.brand_id and g.line = s.line
        and g.reason = 'R154' and g.document = i.evidence and g.ended_at is null;
    select x.* into o from core.ownership x where x.party_id = i.party_id and x.brand_id = s.brand_id and x.line = s.line and x.dealer_id = p_dealer
        and x.state <> 'CLOSED' and x.vehicle_id is null for update;
    if o.ownership_id is not null and s.ownership_id is not null then perform core.order_settle(o); end if;
end $$;
comment on function core.order_undone(int, bigint) is $$
An order that an import brought never was: its entry goes, the permission to serve it gave ends, the right becomes what the others say.
guard: an order of this dealer, once    source: R3$$;

create function core.order_revived(p_dealer int, p_order bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare s core.signed_order; i core.interaction; o core.ownership;
begin
    select x.* into s from core.signed_order x where x.order_id = p_order and x.dealer_id = p_dealer and x.undone_at is null and x.cancelled_at is not null for update;
    if s.order_id is null then return; end if;
    select x.* into i from core.interaction x where x.interaction_id = s.interaction_id;
    perform 1 from core.party p where p.party_id = i.party_id for no key update;
    update core.signed_order x set cancelled_at = null where x.order_id = p_order;
    select x.* into o from core.ownership x where x.party_id = i.party_id and x.brand_id = s.brand_id and x.line = s.line and x.dealer_id = p_dealer
        and x.state <> 'CLOSED' and x.vehicle_id is null for update;
    if o.ownership_id is not null and s.ownership_id is not null then perform core.order_settle(o); end if;
end $$;
comment on function core.order_revived(int, bigint) is 'A cancellation that an import brought never was: the order stands again and holds the right as before. source: R3';

create function core.order_cancel(p_row core.ownership, p_number text) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare o core.ownership := p_row; v_orders bigint[];
begin
    if o.state <> 'HELD' then perform core.fail('ZC011', null, jsonb_build_object('state', o.state, 'event', 'cancel_order')); end if;
    select array_agg(s.order_id) into v_orders from core.signed_order s join core.interaction i on i.interaction_id = s.interaction_id
    where i.party_id = o.party_id and s.dealer_id = o.dealer_id and s.brand_id = o.brand_id and s.line = o.line and s.cancelled_at is null
      and (p_number is null or i.evidence = left(p_number, 100));
    if p_number is not null and v_orders is null then perform core.fail('ZC402', 'document'); end if;
    if p_number is null and cardinality(v_orders) > 1 then perform core.fail('ZC400', 'document'); end if;      -- which of them?
    update core.signed_order s set cancelled_at = core.now() where s.order_id = any (v_orders);
    if core.order_until(o) is null then return core.right_unheld(o); end if;
    perform core.order_settle(o);
    select x.* into o from core.ownership x where x.ownership_id = p_row.ownership_id;
    return o;
end $$;
comment on function core.order_cancel(core.ownership, text) is $$
An order of a held right is called off; the right is active again when no other order stands.
in: the right, locked; the order's number, NULL when only one stands    out: the right
errors: ZC011 no order holds it, ZC402 document no such order, ZC400 document several stand and none is named    source: D.2, R83$$;
