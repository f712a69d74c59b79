-- SPDX-License-Identifier: Apache-2.0
-- Transfers one by one: offered, accepted, refused, withdrawn; what the new owner receives (R128); the chain of owners (R132).

create type api.transfer as (id uuid, side text, person_id uuid, person_name text, person_kind core.party_kind, city text, brand_id int, line core.line,
    right_state core.right_state, protect_until timestamptz, reason text, state text, from_dealer text, to_dealer text, asked_by text, asked_at timestamptz,
    until_at timestamptz, answered_at timestamptz, answer text, is_covered boolean, notes text, can_answer boolean, can_withdraw boolean, cursor_ text);

create function core.transfer_row(t core.transfer) returns api.transfer
language plpgsql stable as $$
begin
    return (select row(t.public_id, x.side, case when y.party_id is not null or x.side = 'office' then p.public_id end,
        -- the new owner reads the name of an offer, as of a lead (D.14 OFFERED); the old one whom he still lists
        case when y.party_id is not null or x.side = 'office' or (x.side = 'in' and t.state = 'OFFERED') then p.name end, p.kind,
        case when z.is_seen or y.party_id is not null then p.city end, t.brand_id::int, t.line, case when z.is_seen then o.state end,
        case when z.is_seen then o.protect_until end, t.reason, case when t.state = 'OFFERED' and t.until_at <= core.now() then 'EXPIRED' else t.state end, a.name, b.name,
        case when x.side <> 'in' then s.name end, t.asked_at, t.until_at, t.answered_at, t.answer::text, t.is_covered,
        case when t.notes_released_at is not null then 'released' when t.notes_asked_at is not null then 'asked' end,
        x.side = 'in' and t.state = 'OFFERED' and t.until_at > core.now(), x.side in ('out', 'office') and t.state = 'OFFERED' and t.until_at > core.now(),
        core.cursor_make(t.transfer_id::text, t.public_id))::api.transfer
    from (select case coalesce(session.dealer(), 0) when t.to_dealer_id then 'in' when t.from_dealer_id then 'out' else 'office' end as side) x
    -- the right is read by who has it and, while it is offered, by who may take it: not by who refused, nor by who gave it away (R24, R129)
    cross join lateral (select case x.side when 'office' then true when 'in' then t.state in ('OFFERED', 'ACCEPTED') else t.state <> 'ACCEPTED' end as is_seen) z
    join core.party p on p.party_id = t.party_id
    join core.dealer a on a.dealer_id = t.from_dealer_id join core.dealer b on b.dealer_id = t.to_dealer_id
    left join core.staff s on s.staff_id = t.asked_by
    left join core.ownership o on o.ownership_id = coalesce(t.made_id, t.ownership_id)
    left join core.dealer_party y on y.dealer_id = session.dealer() and y.party_id = t.party_id);
end $$;
comment on function core.transfer_row(core.transfer) is 'A transfer as its side reads it.';

create function api.transfer_offer(p_right_id uuid, p_to_dealer_id uuid, p_reason text) returns api.transfer
language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership; t core.transfer; v_to int; is_office boolean := session.dealer() is null;
begin
    select d.dealer_id into v_to from core.dealer d where d.public_id = p_to_dealer_id and d.is_active;
    if v_to is null then perform core.fail('ZC402', 'to_dealer_id'); end if;
    if p_reason is null or p_reason <> all (case when is_office then array['territory', 'key_account', 'dealer_closed', 'dealer_terminated', 'dealer_sold', 'owner_consent']
        else array['owner_consent'] end) then
        perform core.fail('ZC402', 'reason');
    end if;
    if is_office then
        select x.* into o from core.ownership x where x.public_id = p_right_id for update;
        if o.ownership_id is null or o.state = 'CLOSED' then perform core.fail('ZC404'); end if;
        if p_reason = 'owner_consent' and o.dealer_id <> 0 then perform core.fail('ZC402', 'reason'); end if;      -- only the owner gives it
    else
        o := core.right_own(p_right_id);
    end if;
    t := core.transfer_offer(o, v_to, p_reason);
    return core.transfer_row(t);
end $$;
comment on function api.transfer_offer is $$
Offer one right to another principal; nothing changes until he accepts.
in: right_id; to_dealer_id; reason owner_consent (the owner's manager) | territory, key_account, dealer_closed, dealer_terminated, dealer_sold
    (head office)    out: the transfer
errors: not-found, transfer-refused for a signed order or a dispute, transfer-open, dealer-unsuited, bad-field    rule: R126, R127 $$;

create function api.transfers_list(p_side text default null, p_state text default null, p_limit int default null, p_after text default null)
returns setof api.transfer language sql stable security definer set search_path = '' as $$
select r.* from core.transfer t cross join lateral core.transfer_row(t) r
where (session.role_bit() in (4, 8) or coalesce(session.dealer(), -1) in (t.from_dealer_id, t.to_dealer_id))
  and (session.role_bit() in (4, 8, 16) or t.to_dealer_id = session.dealer() or t.from_seat_id = session.staff())
  and (p_side is null or (p_side = 'in') = (t.to_dealer_id = coalesce(session.dealer(), 0)))
  and (p_state is null or case when t.state = 'OFFERED' and t.until_at <= core.now() then 'EXPIRED' else t.state end = p_state)
  and t.transfer_id < coalesce(core.cursor_part(p_after, 1)::bigint, 9223372036854775807)
order by t.transfer_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.transfers_list is $$
Transfers to and from the caller's dealer, head office's router and arbiter all, the newest first.
in: side in | out; state OFFERED | ACCEPTED | REFUSED | WITHDRAWN | EXPIRED    out: a person by name while he is offered or listed    rule: R127, R132 $$;

create function api.transfer_accept(p_transfer_id uuid, p_seat_id uuid default null) returns api.transfer
language plpgsql volatile security definer set search_path = '' as $$
declare t core.transfer := core.transfer_mine(p_transfer_id, 'to'); o core.ownership; v_seat bigint;
begin
    if p_seat_id is not null and session.dealer() is not null and session.role_bit() <> 16
       and p_seat_id <> (select s.public_id from core.staff s where s.staff_id = session.staff()) then
        perform core.fail('ZC403', 'seat_id');
    end if;
    v_seat := case when t.to_dealer_id = 0 then null when p_seat_id is not null then core.seat_checked(p_seat_id, t.to_dealer_id)
                   when session.role_bit() in (32, 64) then session.staff() end;
    o := core.transfer_accept(t, v_seat);
    select x.* into t from core.transfer x where x.transfer_id = t.transfer_id;
    return core.transfer_row(t);
end $$;
comment on function api.transfer_accept is $$
Accept a right: the old owner's closes and yours begins in the same instant, with its state and terms.
in: transfer_id; seat_id - a manager may name one    out: the transfer; is_covered false: serve only until the customer consents (R130)
errors: not-found, transfer-ended, transfer-refused, seat-invalid, seat-limit, dealer-unsuited    rule: R127 $$;

create function api.transfer_refuse(p_transfer_id uuid, p_reason core.short_text) returns api.transfer
language plpgsql volatile security definer set search_path = '' as $$
declare t core.transfer := core.transfer_mine(p_transfer_id, 'to');
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    t := core.transfer_end(t, 'REFUSED', p_reason);
    return core.transfer_row(t);
end $$;
comment on function api.transfer_refuse is 'Refuse an offered right, with the reason; it stays where it is. errors: not-found, reason-missing, transfer-ended    rule: R127';

create function api.transfer_withdraw(p_transfer_id uuid, p_reason core.short_text) returns api.transfer
language plpgsql volatile security definer set search_path = '' as $$
declare t core.transfer := core.transfer_mine(p_transfer_id, 'from');
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    t := core.transfer_end(t, 'WITHDRAWN', p_reason);
    return core.transfer_row(t);
end $$;
comment on function api.transfer_withdraw is 'Take an offer back before it is answered, with the reason. errors: not-found, reason-missing, transfer-ended    rule: R127';

create function api.transfer_notes(p_transfer_id uuid) returns api.transfer
language plpgsql volatile security definer set search_path = '' as $$
declare t core.transfer; d int := session.dealer();
begin
    select x.* into t from core.transfer x where x.public_id = p_transfer_id for update;
    if t.transfer_id is null or d is null or d not in (t.from_dealer_id, t.to_dealer_id) then perform core.fail('ZC404'); end if;
    if t.state <> 'ACCEPTED' then perform core.fail('ZC120', null, jsonb_build_object('state', t.state)); end if;
    if d = t.to_dealer_id then
        update core.transfer x set notes_asked_at = coalesce(x.notes_asked_at, core.now()) where x.transfer_id = t.transfer_id returning x.* into t;
        perform core.transfer_tell(t.from_dealer_id, null, t.public_id::text, 'notes');
    else
        if session.role_bit() <> 16 then perform core.fail('ZC403'); end if;
        update core.transfer x set notes_released_at = coalesce(x.notes_released_at, core.now()) where x.transfer_id = t.transfer_id returning x.* into t;
        perform core.transfer_tell(t.to_dealer_id, null, t.public_id::text, 'released');
        perform core.ledger_add('transfer.notes', t.public_id::text, t.party_id, 'R128', '{}', t.brand_id, t.line);
    end if;
    return core.transfer_row(t);
end $$;
comment on function api.transfer_notes is $$
The new owner asks for the old one's notes; the old owner's manager releases them. Prices and internal words of documents never go.
out: the transfer; notes asked | released    errors: not-found, transfer-ended, forbidden    rule: R128 $$;

-- --- what the new owner receives ---------------------------------------------------------------------------------------------

create type api.inheritance as (person_id uuid, cars json, visits json, sales json, appointments json, complaint boolean, interests json, campaigns json,
    notes json, transfers json);

create function api.inheritance_get(p_person_id uuid) returns api.inheritance
language plpgsql stable security definer set search_path = '' as $$
declare v_party bigint; r api.inheritance; d int := session.dealer(); v_from int[]; v_released int[]; v_lines core.line[];
begin
    v_party := core.visible_party(p_person_id, 'FULL');
    -- former owners of the rights he holds here, by transfer, choice or decision
    select array_agg(distinct h.dealer_id), array_agg(distinct o.line) into v_from, v_lines from core.ownership o
    join core.ownership_history h on h.party_id = o.party_id and h.brand_id = o.brand_id and h.line = o.line and h.ownership_id = o.successor_of
    where o.party_id = v_party and o.dealer_id = d and o.state not in ('CLOSED', 'OFFERED') and o.successor_of is not null and h.dealer_id <> d;
    if v_from is null then return null; end if;
    v_released := array(select t.from_dealer_id from core.transfer t where t.party_id = v_party and t.to_dealer_id = d and t.notes_released_at is not null);
    r.person_id := p_person_id;
    r.cars := (select coalesce(json_agg(core.vehicle_card(y.vehicle_id)), '[]') from (select x.vehicle_id from core.vehicle_owner x
        where x.party_id = v_party and x.to_on is null order by x.from_on desc, x.vehicle_id desc limit 100) y);
    r.visits := (select coalesce(json_agg(json_build_object('on', x.opened_on, 'mileage_km', x.mileage_km, 'brand_id', x.brand_id, 'plate', v.plate_raw)
        order by x.opened_on desc), '[]') from (select y.* from core.repair_order y where y.party_id = v_party and y.dealer_id = any (v_from)
        order by y.opened_on desc limit 100) x left join core.vehicle v on v.vehicle_id = x.vehicle_id);
    r.sales := (select coalesce(json_agg(json_build_object('on', x.sold_on, 'brand_id', x.brand_id, 'line', x.line, 'model', v.model) order by x.sold_on desc), '[]')
        from (select y.* from core.sale y where y.party_id = v_party and y.dealer_id = any (v_from) order by y.sold_on desc limit 100) x
        left join core.vehicle v on v.vehicle_id = x.vehicle_id);
    r.appointments := (select coalesce(json_agg(json_build_object('at', x.at, 'kind', x.kind) order by x.at), '[]') from (
        select i.at, 'appointment' as kind from core.interaction i where i.party_id = v_party and i.dealer_id = any (v_from) and i.kind = 'APPOINTMENT' and i.at > core.now()
        union all select t.due_at, t.kind from core.task t where t.party_id = v_party and t.dealer_id = d and t.state = 'OPEN' and t.kind = 'visit' limit 100) x);
    r.complaint := (select p.has_complaint from core.party p where p.party_id = v_party);
    r.interests := (select coalesce(json_agg(distinct o.interest) filter (where o.interest is not null), '[]') from core.ownership o where o.party_id = v_party and o.dealer_id = d and o.state <> 'CLOSED');
    r.campaigns := (select coalesce(json_agg(json_build_object('at', x.at, 'channel', x.channel) order by x.at desc), '[]') from (
        select t.at, t.channel from core.touch t where t.party_id = v_party and t.dealer_id = any (v_from) and t.returned_at is null order by t.at desc limit 100) x);
    r.notes := (select coalesce(json_agg(json_build_object('at', x.at, 'text', x.text) order by x.at desc), '[]') from (
        select i.at, i.text from core.interaction i where i.party_id = v_party and i.dealer_id = any (v_released) and i.kind = 'NOTE' and i.text is not null
        order by i.at desc limit 100) x);
    r.transfers := (select coalesce(json_agg(json_build_object('id', t.public_id, 'reason', t.reason, 'at', t.answered_at, 'is_covered', t.is_covered,
        'notes', case when t.notes_released_at is not null then 'released' when t.notes_asked_at is not null then 'asked' end) order by t.transfer_id desc), '[]')
        from core.transfer t where t.party_id = v_party and t.to_dealer_id = d and t.state = 'ACCEPTED');
    return r;
end $$;
comment on function api.inheritance_get is $$
What came with a person from his former owner: cars, visits and sales as facts, open appointments, complaint, interests, campaigns as facts;
notes when the former owner released them. Never prices, margins, what staff wrote on documents, or who he was.
errors: not-found - also when nothing came with him    rule: R128 $$;

create type api.owner_entry as (right_id uuid, dealer_name text, brand_id int, line core.line, since timestamptz, until timestamptz, state core.right_state,
    begun_by text, begun_rule text, ended_by text, reason text, ended_rule text, transfer_reason text, is_own boolean, cursor_ text);

create function api.owners_list(p_person_id uuid, p_limit int default null, p_after text default null)
returns setof api.owner_entry language sql stable security definer set search_path = '' as $$
select x.public_id, d.name, x.brand_id::int, x.line, x.begun_at, case when x.state = 'CLOSED' then x.ended_at end, x.state, x.begun_by, x.begun_rule,
    case when x.state = 'CLOSED' then x.ended_by end, coalesce(x.lost, x.reason), case when x.state = 'CLOSED' then x.ended_rule end,
    coalesce(t.reason, case when c.choice_id is not null then 'customer_choice' end, case when b.batch_id is not null then b.reason end),
    x.dealer_id is not distinct from session.dealer(),
    core.cursor_make(to_char(x.begun_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), x.public_id)
from (select h.ownership_id, h.dealer_id, h.brand_id, h.line, max(h.party_id) as party_id, min(h.valid_from) as begun_at, max(h.valid_from) as ended_at,
             (array_agg(h.public_id order by h.ver))[1] as public_id, (array_agg(h.event order by h.ver))[1] as begun_by, (array_agg(h.rule order by h.ver))[1] as begun_rule,
             (array_agg(h.event order by h.ver desc))[1] as ended_by, (array_agg(h.rule order by h.ver desc))[1] as ended_rule,
             (array_agg(h.state order by h.ver desc))[1] as state, (array_agg(h.reason::text order by h.ver desc))[1] as reason,
             (array_agg(h.lost::text order by h.ver desc))[1] as lost
      from core.ownership_history h
      where h.party_id = any (core.party_all(core.visible_party(p_person_id))) and (session.dealer() is null or h.dealer_id = session.dealer())
      group by h.ownership_id, h.dealer_id, h.brand_id, h.line) x
join core.dealer d on d.dealer_id = x.dealer_id
left join core.transfer t on t.made_id = x.ownership_id
left join core.choice c on c.party_id = x.party_id and c.ownership_id = x.ownership_id and c.state = 'DONE' and c.from_dealer_id is not null
left join core.transfer_batch_right r on r.made_id = x.ownership_id left join core.transfer_batch b on b.batch_id = r.batch_id
where x.begun_at < coalesce(core.cursor_part(p_after, 1)::timestamptz, 'infinity')
order by x.begun_at desc, x.ownership_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.owners_list is $$
The chain of owners of a person: one row a right, since when, until when, how it began and ended, with reasons and rules.
out: the newest first; a dealer is told of its own rights only (R24)    errors: not-found    rule: R132, R8 $$;

create type api.past_document as (id uuid, kind text, number text, on_day date, brand_id int, line core.line, amount_kopecks core.kopecks, cursor_ text);

create function api.past_documents_list(p_limit int default null, p_after text default null)
returns setof api.past_document language sql stable security definer set search_path = '' as $$
select x.public_id, x.kind, x.number, x.on_day, x.brand_id::int, x.line, x.amount, core.cursor_make(x.on_day::text, x.public_id)
from ((select s.public_id, 'sale' as kind, s.number, s.sold_on as on_day, s.brand_id, s.line, s.amount_kopecks as amount from core.sale s
       where s.dealer_id = session.dealer() and s.sold_on <= coalesce(core.cursor_part(p_after, 1)::date, 'infinity')
         and not exists (select from core.dealer_party y where y.dealer_id = s.dealer_id and y.party_id = s.party_id)
       order by s.sold_on desc, s.public_id desc limit 1000)
      union all
      (select o.public_id, 'repair_order', o.number, o.opened_on, o.brand_id, 'SERVICE', o.amount_kopecks from core.repair_order o
       where o.dealer_id = session.dealer() and o.opened_on <= coalesce(core.cursor_part(p_after, 1)::date, 'infinity')
         and not exists (select from core.dealer_party y where y.dealer_id = o.dealer_id and y.party_id = o.party_id)
       order by o.opened_on desc, o.public_id desc limit 1000)) x
where (x.on_day, x.public_id) < (coalesce(core.cursor_part(p_after, 1)::date, 'infinity'), coalesce(core.cursor_part(p_after, 2)::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
order by x.on_day desc, x.public_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.past_documents_list is $$
The dealer's own sales and repair orders of people it no longer lists: numbers, dates, amounts, nobody's name.
rule: R129 $$;
