-- SPDX-License-Identifier: Apache-2.0
-- The service right follows the car's owner (R72, P22): the second paid visit in a row at another dealer, or the first when the
-- present one has not seen the car for a year. He is told and has five working days to object; then it moves, in one transaction.
-- States change here only: ANNOUNCED -> MOVED | VOID | OBJECTED, OBJECTED -> MOVED | VOID.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('P22.visits', '2000-01-01', 2, 'count', 1, 10), ('R72.object', '2000-01-01', 5, 'day', 1, 30),      -- working days of the owner
  ('R70.first', '2000-01-01', 12, 'month', 1, 36)
on conflict (name, valid_from) do nothing;

create function core.move_rule(o core.ownership, p_dealer int, p_vehicle bigint, p_on date) returns text
language plpgsql stable as $$
declare last_at_owner date; n bigint;
begin
    select max(r.opened_on) into last_at_owner from core.repair_order r
    where r.party_id = o.party_id and r.dealer_id = o.dealer_id and r.kind = 'PAID' and r.amount_kopecks > 0
      and (o.vehicle_id is null or r.vehicle_id = o.vehicle_id) and (r.brand_id = o.brand_id or r.vehicle_id = p_vehicle);
    if last_at_owner > p_on then return null; end if;                     -- he was there since: not in a row
    select count(*) into n from core.repair_order r
    where r.party_id = o.party_id and r.dealer_id = p_dealer and r.kind = 'PAID' and r.amount_kopecks > 0
      and (o.vehicle_id is null or r.vehicle_id = o.vehicle_id) and (r.brand_id = o.brand_id or r.vehicle_id = p_vehicle)
      and r.opened_on >= coalesce((select max(y.opened_on) from core.repair_order y        -- whoever else was paid between breaks the row
          where y.party_id = o.party_id and y.dealer_id <> p_dealer and y.kind = 'PAID' and y.amount_kopecks > 0
            and (o.vehicle_id is null or y.vehicle_id = o.vehicle_id) and (y.brand_id = o.brand_id or y.vehicle_id = p_vehicle)), '-infinity');
    if n >= core.policy_int('P22.visits') then return 'second_visit'; end if;
    if n >= 1 and coalesce(last_at_owner, core.dealer_local_on(o.dealer_id, o.since)) < (p_on - make_interval(months => core.policy_int('P22.move')))::date then
        return 'long_unseen';
    end if;
    return null;
end $$;
comment on function core.move_rule(core.ownership, int, bigint, date) is $$
Which part of P22 a paid visit at another dealer fulfils.
in: the service right; that dealer; the car of the visit; its day
out: second_visit, long_unseen, NULL none    cost: the visits of one person    source: P22, R72$$;

create function core.service_visit(p_order bigint) returns core.service_move
language plpgsql volatile set search_path = '' as $$
declare r core.repair_order; o core.ownership; made core.service_move; v_rule text; v_party bigint;
begin
    select x.* into r from core.repair_order x where x.order_id = p_order;
    if r.kind <> 'PAID' or r.amount_kopecks <= 0 or r.brand_id is null then return null; end if;        -- R72: these do not count
    v_party := core.lease_user(r.vehicle_id, r.party_id, r.opened_on);
    -- the customer is back: an announced move is void
    update core.service_move m set state = 'VOID', ended_at = core.now()
    where m.party_id = v_party and m.brand_id = r.brand_id and m.from_dealer_id = r.dealer_id and m.state = 'ANNOUNCED'
      and (m.vehicle_id is null or m.vehicle_id = r.vehicle_id) and r.opened_on >= (select y.opened_on from core.repair_order y where y.order_id = m.order_id);
    select x.* into o from core.ownership x
    where x.party_id = v_party and x.brand_id = r.brand_id and x.line = 'SERVICE' and (x.vehicle_id is null or x.vehicle_id = r.vehicle_id)
      and x.state in ('OFFERED', 'ACTIVE', 'CUSTOMER', 'GRACE') and x.dealer_id <> r.dealer_id limit 1;
    if o.ownership_id is null or exists (select from core.service_move m where m.ownership_id = o.ownership_id and m.state in ('ANNOUNCED', 'OBJECTED'))
       or not exists (select from core.dealer_brand b where b.dealer_id = r.dealer_id and b.brand_id = r.brand_id and b.line = 'SERVICE') then
        return null;
    end if;
    v_rule := core.move_rule(o, r.dealer_id, r.vehicle_id, r.opened_on);
    if v_rule is null then return null; end if;
    insert into core.service_move (party_id, brand_id, vehicle_id, ownership_id, from_dealer_id, to_dealer_id, order_id, rule, object_until)
    values (v_party, r.brand_id, o.vehicle_id, o.ownership_id, o.dealer_id, r.dealer_id, p_order, v_rule,
        core.working_days_end(o.dealer_id, core.now(), core.policy_int('R72.object')))
    on conflict (ownership_id) where state in ('ANNOUNCED', 'OBJECTED') do nothing returning * into made;
    if made.move_id is null then return null; end if;
    perform core.notify_role('manager', o.dealer_id, 'N10', made.public_id::text);
    perform core.ledger_add('service.announce', made.public_id::text, v_party, 'R72', jsonb_build_object('rule', v_rule), r.brand_id, 'SERVICE');
    return made;
end $$;
comment on function core.service_visit(bigint) is $$
What a work order does to another dealer's service right: announces its move when P22 is fulfilled, and voids an announced one when
the customer came back.
in: the stored order    out: the announced move or NULL    guard: service_move_one    source: R72, P22$$;

create function core.move_finish(p_move bigint) returns boolean
language plpgsql volatile set search_path = '' as $$
declare m core.service_move; o core.ownership; r core.repair_order; v_rule text;
begin
    select x.* into m from core.service_move x where x.move_id = p_move for update;
    if m.state not in ('ANNOUNCED', 'OBJECTED') then return false; end if;
    perform 1 from core.party p where p.party_id = m.party_id for no key update;
    select x.* into o from core.ownership x where x.ownership_id = m.ownership_id for update;
    select x.* into r from core.repair_order x where x.party_id = m.party_id and x.dealer_id = m.to_dealer_id and x.kind = 'PAID'
        and x.amount_kopecks > 0 and (o.vehicle_id is null or x.vehicle_id = o.vehicle_id) order by x.opened_on desc limit 1;
    if o.state not in ('OFFERED', 'ACTIVE', 'CUSTOMER', 'GRACE') or o.dealer_id <> m.from_dealer_id
       or not exists (select from core.repair_order x where x.order_id = m.order_id) then
        update core.service_move x set state = 'VOID', ended_at = core.now() where x.move_id = p_move;
        return false;
    end if;
    o := core.right_succeed(o, m.to_dealer_id, null, 'transfer', 'transferred', jsonb_build_object('state', 'CUSTOMER',
        'protect_until', greatest(core.document_term(m.to_dealer_id, 'SERVICE', coalesce(r.opened_on, core.today())), core.now() + interval '1 day'),
        'limit_until', null, 'accept_until', null, 'contact_until', null, 'registered_at', core.now(), 'first_contact_at', core.now()));
    update core.service_move x set state = 'MOVED', ended_at = core.now() where x.move_id = p_move;
    perform core.notify_role('manager', m.from_dealer_id, 'N10', m.public_id || ':moved');
    perform core.notify_role('manager', m.to_dealer_id, 'N10', p.public_id::text, m.public_id::text) from core.party p where p.party_id = m.party_id;
    perform core.ledger_add('service.move', m.public_id::text, m.party_id, 'R72', jsonb_build_object('rule', m.rule), m.brand_id, 'SERVICE');
    return true;
end $$;
comment on function core.move_finish(bigint) is $$
The term to object is over, or the objection was not upheld: the right moves, customer for P9 from the last visit.
out: false when the ground has gone (the right ended or is disputed, the document was undone): then it is void    source: R72, P9$$;

create function core.move_settle(p_move bigint) returns boolean
language plpgsql volatile set search_path = '' as $$
declare m core.service_move; o core.ownership; v_state text; v_on date;
begin
    select x.* into m from core.service_move x where x.move_id = p_move and x.state = 'OBJECTED' for update;
    select d.state::text into v_state from core.dispute d where d.public_id = m.dispute_id;
    if v_state in ('REJECTED', 'WITHDRAWN') then return core.move_finish(p_move); end if;
    if v_state is distinct from 'FINAL' then return false; end if;
    select x.* into o from core.ownership x where x.party_id = m.party_id and x.brand_id = m.brand_id and x.line = 'SERVICE'
        and x.vehicle_id is not distinct from m.vehicle_id and x.state <> 'CLOSED' for update;
    update core.service_move x set ended_at = core.now(), state = case when o.dealer_id = m.to_dealer_id then 'MOVED' else 'VOID' end where x.move_id = p_move;
    if o.dealer_id = m.to_dealer_id and o.state = 'ACTIVE' then                -- he was paid for his visits: a customer, not a prospect
        select max(x.opened_on) into v_on from core.repair_order x where x.party_id = m.party_id and x.dealer_id = m.to_dealer_id and x.kind = 'PAID' and x.amount_kopecks > 0;
        o := core.right_walk(o, core.document_term(m.to_dealer_id, 'SERVICE', coalesce(v_on, core.today())));
    end if;
    return true;
end $$;
comment on function core.move_settle(bigint) is $$
What the final word in the dispute makes of an objected move: the case itself has given the right to one side; a case that was rejected or
withdrawn lets the move go on.    out: whether it ended    source: R72, R107$$;

create function core.clock_moves(p_limit int default 500) returns int
language plpgsql volatile set search_path = '' as $$
declare r record; n int := 0;
begin
    for r in select m.move_id from core.service_move m where m.state = 'ANNOUNCED' and m.object_until <= core.now()
             order by m.object_until, m.move_id limit p_limit loop
        perform core.move_finish(r.move_id);
        n := n + 1;
    end loop;
    for r in select m.move_id from core.service_move m join core.dispute d on d.public_id = m.dispute_id
             where m.state = 'OBJECTED' and d.state in ('FINAL', 'REJECTED', 'WITHDRAWN') limit p_limit loop
        n := n + core.move_settle(r.move_id)::int;
    end loop;
    return n;
end $$;
comment on function core.clock_moves(int) is 'Announced moves to which nobody objected in time, and objected ones that were decided. out: moves ended    source: R72, R14';

create function core.clock_family() returns int
language plpgsql volatile security definer set search_path = '' as $$
begin
    return core.clock_moves() + core.clock_carve();
end $$;
comment on function core.clock_family() is 'The clock of this part: service moves, carve-outs, key accounts. Once a minute.';

create function core.is_lead(p_source text, p_accept_until timestamptz) returns boolean
language sql stable as $$ select p_source is distinct from 'R70' or p_accept_until < core.now() + interval '30 days' $$;
comment on function core.is_lead(text, timestamptz) is $$
Is there something to do about an offer now? The first service of a car just delivered is offered for a year (R70): it is no lead, takes
no capacity and rings no bell before its last month.    source: R70$$;

create function core.delivery_offer(p_party bigint, p_brand smallint, p_vehicle bigint, p_dealer int, p_on date) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; v_until timestamptz := core.day_end(p_dealer, (p_on + make_interval(months => core.policy_int('R70.first')))::date);
begin
    if v_until <= core.now() or not exists (select from core.dealer_brand b where b.dealer_id = p_dealer and b.brand_id = p_brand and b.line = 'SERVICE') then
        return null;
    end if;
    o := core.right_claim(p_party, p_brand, 'SERVICE', p_vehicle, p_dealer, null, 'offer', jsonb_build_object('accept_until', v_until), 'R70', null);
    return o;
end $$;
comment on function core.delivery_offer(bigint, smallint, bigint, int, date) is $$
After the delivery the seller is offered the car's first scheduled service, R70.first months long; his first paid visit makes him
the service customer's owner.
out: the offer; NULL when he does not serve the brand, the time has gone by, or somebody holds it    source: R70$$;

create function core.move_dispute(m core.service_move, p_reason text) returns uuid
language plpgsql volatile set search_path = '' as $$
declare d core.dispute := core.dispute_file('service_move', m.ownership_id, m.from_dealer_id, m.to_dealer_id, session.staff(), m.announced_at,
    p_reason, '{}', true);
begin
    if d.dispute_id is null then perform core.fail('ZC072', null, '{"state": "DISPUTED"}'); end if;
    return d.public_id;
end $$;
comment on function core.move_dispute(core.service_move, text) is $$
Open the case that decides an objection; the documents of both are its evidence, so its form is not examined.
out: its public id    errors: ZC072 another case about this right is open, ZC104 the right has ended    source: R72, R100$$;

create function core.delivery_undo(p_sold core.ownership) returns void
language plpgsql volatile set search_path = '' as $$
declare o core.ownership;
begin
    for o in select x.* from core.ownership x where x.party_id = p_sold.party_id and x.brand_id = p_sold.brand_id and x.line = 'SERVICE'
             and x.dealer_id = p_sold.dealer_id and x.state = 'OFFERED' and x.source = 'R70' for update loop
        perform core.right_close(o, 'erase', 'erased');
    end loop;
end $$;
comment on function core.delivery_undo(core.ownership) is 'A delivery is taken back: so is the offer of the first service, unless it was accepted. source: R3, R70';
