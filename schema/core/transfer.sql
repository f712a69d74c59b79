-- SPDX-License-Identifier: Apache-2.0
-- Transfers one by one (R126-R132): an offer to the new owner, who accepts; then the old right closes and the new one begins in one
-- transaction (core.right_succeed), and what belongs to it follows (core.transfer_follow). Many at once: transfer_batch.sql.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('R127.offer', '2000-01-01', 5, 'day', 1, 30)
on conflict (name, valid_from) do nothing;

create function core.transfer_offer(o core.ownership, p_to int, p_reason text) returns core.transfer
language plpgsql volatile set search_path = '' as $$
declare t core.transfer; v_held core.right_state;
begin
    select x.state into v_held from core.company_rights(o) x where x.state not in ('ACTIVE', 'CUSTOMER', 'GRACE', 'OFFERED', 'PENDING') limit 1;
    if v_held is not null then perform core.fail('ZC121', null, jsonb_build_object('state', v_held)); end if;      -- a branch's
    if o.state not in ('ACTIVE', 'CUSTOMER', 'GRACE') then         -- R67: never a signed order; R103: never during a dispute
        perform core.fail('ZC121', null, jsonb_build_object('state', o.state));
    end if;
    if p_to = o.dealer_id or (p_to > 0 and not core.is_served_by(p_to, o.brand_id, o.line)) then perform core.fail('ZC123', 'to_dealer_id'); end if;
    insert into core.transfer (ownership_id, party_id, brand_id, line, vehicle_id, from_dealer_id, to_dealer_id, from_seat_id, reason, asked_by, until_at)
    values (o.ownership_id, o.party_id, o.brand_id, o.line, o.vehicle_id, o.dealer_id, p_to, o.seat_id, p_reason, session.staff(),
        core.day_after((select d.time_zone from core.dealer d where d.dealer_id = p_to), core.now(), core.policy_int('R127.offer')))
    on conflict (ownership_id) where state = 'OFFERED' do nothing returning * into t;
    if t.transfer_id is null then perform core.fail('ZC122'); end if;
    perform core.ledger_add('transfer.offer', t.public_id::text, t.party_id, 'R127', jsonb_build_object('reason', p_reason), t.brand_id, t.line);
    perform core.transfer_tell(p_to, null, t.public_id::text, 'offered');
    return t;
end $$;
comment on function core.transfer_offer(core.ownership, int, text) is $$
Offer a right to another principal, once at a time.
in: the right, locked; to whom; a reason of R126    errors: ZC121 its state, ZC122 offered already, ZC123 the dealer does not hold the line
guard: transfer_open    source: R126, R127, N10$$;

create function core.transfer_tell(p_dealer int, p_seat bigint, p_subject text, p_occurrence text) returns void
language plpgsql volatile as $$
begin
    perform core.notify(s.staff_id, 'N10', p_subject, p_occurrence) from core.staff s
    where s.is_active and s.dealer_id = p_dealer and (s.staff_id = p_seat or s.role = case p_dealer when 0 then 'router' else 'manager' end::core.staff_role);
end $$;
comment on function core.transfer_tell(int, bigint, text, text) is 'Tell a principal''s manager (head office''s router) and a seat of a transfer. source: N10';

create function core.transfer_mine(p_public uuid, p_side text) returns core.transfer
language plpgsql volatile set search_path = '' as $$
declare t core.transfer; d int := coalesce(session.dealer(), 0);
begin
    -- person, right, offer: the order in which everything that changes a right locks. An order that is signed meanwhile voids the offer
    -- from the right's side; offer first would be a deadlock with it
    select x.* into t from core.transfer x where x.public_id = p_public;
    perform 1 from core.party p where p.party_id = t.party_id for no key update;
    perform 1 from core.ownership o where o.ownership_id = t.ownership_id for update;
    select x.* into t from core.transfer x where x.public_id = p_public for update;
    if t.transfer_id is null or d <> (case p_side when 'to' then t.to_dealer_id else t.from_dealer_id end) then
        if t.transfer_id is null or d <> 0 or session.role_bit() <> 4 or p_side = 'to' then perform core.fail('ZC404'); end if;
    end if;
    return t;
end $$;
comment on function core.transfer_mine(uuid, text) is $$
Lock a transfer that concerns the caller.
in: p_side to - he is offered it; from - it is his, or he is a router    errors: ZC404 absent or another's$$;

create function core.transfer_accept(t core.transfer, p_seat bigint) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; made core.ownership; terms jsonb := '{}'; covered boolean; branch core.ownership; next core.ownership;
begin
    if t.state <> 'OFFERED' or t.until_at <= core.now() then
        perform core.fail('ZC120', null, jsonb_build_object('state', case t.state when 'OFFERED' then 'EXPIRED' else t.state end));
    end if;
    select x.* into o from core.ownership x where x.ownership_id = t.ownership_id for update;
    if o.ownership_id is null or o.state not in ('ACTIVE', 'CUSTOMER', 'GRACE') then
        perform core.fail('ZC121', null, jsonb_build_object('state', coalesce(o.state::text, 'CLOSED')));
    end if;
    if t.to_dealer_id > 0 and not core.is_served_by(t.to_dealer_id, o.brand_id, o.line) then perform core.fail('ZC123'); end if;
    if p_seat is not null and o.state in ('ACTIVE', 'GRACE') then perform core.seat_guard(p_seat); end if;
    if o.state = 'ACTIVE' and o.first_contact_at is null and o.contact_until is not null then
        terms := jsonb_build_object('contact_until', core.working_until(t.to_dealer_id, core.now(), core.policy_int('P2.limit')));
    end if;
    perform 1 from core.company c where c.party_id in (select coalesce(y.head_id, y.party_id) from core.company y where y.party_id = o.party_id) for no key update;
    for branch in select * from core.company_rights(o) loop              -- R64: the company is one
        select y.* into branch from core.ownership y where y.ownership_id = branch.ownership_id for update;
        if branch.state not in ('ACTIVE', 'CUSTOMER', 'GRACE', 'OFFERED', 'PENDING') then perform core.fail('ZC121', null, jsonb_build_object('state', branch.state)); end if;
        next := core.right_succeed(branch, t.to_dealer_id, p_seat, 'transfer', 'transferred', case when branch.state in ('OFFERED', 'PENDING') then
            jsonb_build_object('state', 'ACTIVE', 'protect_until', core.term_end(t.to_dealer_id, core.now(), core.policy_int('P3.' || branch.line)),
                'limit_until', core.term_end(t.to_dealer_id, core.now(), core.policy_int('P5.' || branch.line))) else '{}' end);
        perform core.transfer_follow(branch, next, t.reason, false);
    end loop;
    made := core.right_succeed(o, t.to_dealer_id, p_seat, 'transfer', 'transferred', terms);
    covered := core.transfer_follow(o, made, t.reason, false);
    update core.transfer x set state = 'ACCEPTED', answered_by = session.staff(), answered_at = core.now(), made_id = made.ownership_id, is_covered = covered
    where x.transfer_id = t.transfer_id;
    perform core.ledger_add('transfer.accept', t.public_id::text, t.party_id, 'R127', jsonb_build_object('reason', t.reason, 'covered', covered), t.brand_id, t.line);
    return made;
end $$;
comment on function core.transfer_accept(core.transfer, bigint) is $$
Accept: the old right closes and the new one begins, same state and terms, in this transaction; with a company's right go those of its branches.
in: the offer, locked; a seat of the new owner, NULL = the queue    errors: ZC120 no longer offered, ZC121 the right's state, ZC123, ZC018
guard: ownership_one_owner    source: R127$$;

create function core.transfer_end(t core.transfer, p_state text, p_answer text) returns core.transfer
language plpgsql volatile set search_path = '' as $$
begin
    if t.state <> 'OFFERED' then perform core.fail('ZC120', null, jsonb_build_object('state', t.state)); end if;
    update core.transfer x set state = p_state, answered_by = session.staff(), answered_at = core.now(), answer = nullif(btrim(p_answer), '')
    where x.transfer_id = t.transfer_id returning x.* into t;
    perform core.ledger_add('transfer.' || lower(p_state), t.public_id::text, t.party_id, 'R127', '{}', t.brand_id, t.line);
    perform core.transfer_tell(case p_state when 'WITHDRAWN' then t.to_dealer_id else t.from_dealer_id end, t.from_seat_id, t.public_id::text, lower(p_state));
    return t;
end $$;
comment on function core.transfer_end(core.transfer, text, text) is 'An offer that did not come about: REFUSED by the new owner, WITHDRAWN by the old one. errors: ZC120. source: R127, N10';

create function core.transfer_follow(p_old core.ownership, p_new core.ownership, p_reason text, p_is_chosen boolean) returns boolean
language plpgsql volatile set search_path = '' as $$
declare v_covered boolean; v_person text := (select p.public_id::text from core.party p where p.party_id = p_old.party_id);
begin
    -- R127: the old owner's open errands
    if p_old.dealer_id > 0 and p_old.state not in ('OFFERED', 'PENDING') then
        insert into core.serve_grant (party_id, dealer_id, brand_id, line, reason, document, from_at, until_at)
        values (p_old.party_id, p_old.dealer_id, p_old.brand_id, p_old.line, 'R127', 'right ' || p_old.public_id, core.now(),
            core.term_end(p_old.dealer_id, core.now(), core.policy_int('R127.serve')))
        on conflict do nothing;
    end if;
    perform core.transfer_tasks(array[p_new.ownership_id]);
    -- R130: consent does not travel by itself
    v_covered := p_is_chosen or core.is_covered(p_old.party_id, p_new.dealer_id);
    if p_is_chosen then
        update core.transfer t set state = 'WITHDRAWN', answered_at = core.now(), answer = 'R80' where t.ownership_id = p_old.ownership_id and t.state = 'OFFERED';
    else
        perform core.contacts_pass(p_old.party_id, p_new.dealer_id);
        perform core.company_pass(p_old.party_id, p_old.dealer_id, p_new.dealer_id);
        if not v_covered then perform core.transfer_inform(array[p_old.party_id], array[p_new.dealer_id]); end if;
    end if;
    perform core.transfer_tell(p_old.dealer_id, p_old.seat_id, v_person, 'lost:' || p_new.ownership_id);      -- the fact, not the words (R80)
    perform core.transfer_tell(p_new.dealer_id, p_new.seat_id, v_person, 'got:' || p_new.ownership_id);
    return v_covered;
end $$;
comment on function core.transfer_follow(core.ownership, core.ownership, text, boolean) is $$
What follows a right to its new owner: tasks with their dates, contacts as far as consent goes, a neutral message where it does not; the old
owner may serve for seven days. Locks went to COOLING with the close (ownership_campaign_stop, R94).
in: the right as it was, its successor; whether the customer chose    out: whether consent covers the new legal entity
source: R127, R128, R130, R132, N10$$;

create function core.is_covered(p_party bigint, p_dealer int) returns boolean
language plpgsql stable as $$
begin
    return p_dealer = 0 or exists (select from core.consent c where c.party_id = p_party and c.withdrawn_at is null
        and ((c.purpose = 'PROCESSING' and c.dealer_id = p_dealer) or c.purpose = 'TRANSFER'));
end $$;
comment on function core.is_covered(bigint, int) is 'Whether a person''s consents reach this legal entity: its own, or one to transfer inside the network. source: R130, R148';

create function core.transfer_tasks(p_rights bigint[]) returns int
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    -- tasks are the work of a dealer with a person: they go when nothing of him is left there
    with moved as materialized (
        select o.party_id, o.dealer_id as to_id, o.seat_id, f.dealer_id as from_id
        from core.ownership o join core.ownership_history f on f.party_id = o.party_id and f.brand_id = o.brand_id and f.line = o.line
            and f.ownership_id = o.successor_of and f.state = 'CLOSED'
        where o.ownership_id = any (p_rights) and f.dealer_id <> o.dealer_id
          and not exists (select from core.ownership x where x.party_id = o.party_id and x.dealer_id = f.dealer_id and x.state <> 'CLOSED')),
    ended as (
        update core.task t set state = 'CANCELLED', outcome = 'R132', done_at = core.now(), version = t.version + 1
        from (select distinct on (m.party_id, m.from_id) m.* from moved m order by m.party_id, m.from_id, m.to_id) m
        where t.party_id = m.party_id and t.dealer_id = m.from_id and t.state = 'OPEN'
        returning m.to_id, m.seat_id, t.party_id, t.kind, t.due_at)
    -- the words are the old dealer's own and stay with him (R128): the kind and the date go on
    insert into core.task (dealer_id, seat_id, party_id, kind, title, due_at)
    select e.to_id, e.seat_id, e.party_id, e.kind, case e.kind when 'call' then 'Позвонить' when 'visit' then 'Визит' when 'lead' then 'Первый контакт'
        when 'callback' then 'Перезвонить' when 'check' then 'Проверить' else 'Задача прежнего дилера' end, e.due_at from ended e where e.to_id > 0;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.transfer_tasks(bigint[]) is 'Make the old owner''s open tasks anew for the new seats, due dates kept. in: the successors. out: tasks made. source: R132';

create function core.transfer_inform(p_parties bigint[], p_dealers int[]) returns int
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    with told as (
        insert into core.transfer_told (party_id, dealer_id)
        select distinct u.p, u.d from unnest(p_parties, p_dealers) u(p, d) where u.d > 0 order by 1, 2
        on conflict do nothing returning party_id, dealer_id),
    written as (
        insert into core.message (channel, party_id, dealer_id, kind, address, vars, subject, body, expires_at)
        select 'EMAIL', t.party_id, 0, 'transfer', c.value, jsonb_strip_nulls(jsonb_build_object('name', coalesce(p.given_name, p.name), 'dealer', d.name,
                'legal_name', d.legal_name, 'city', d.city, 'network', s.value)),
            'Вас обслуживает другой дилер / Another dealer serves you',
            E'Здравствуйте, {{name}}!\n\nТеперь вас обслуживает «{{dealer}}» ({{legal_name}}, {{city}}). Без вашего согласия он не будет присылать рекламу. '
            'Если вы не хотите, чтобы он обрабатывал ваши данные, или выбираете другого дилера, ответьте на это письмо.\n\n{{network}}\n\n'
            '--\n\nHello {{name}},\n\n{{dealer}} ({{legal_name}}, {{city}}) serves you from now on. Without your consent it sends no advertising. '
            'If you do not want it to process your data, or choose another dealer, answer this letter.\n\n{{network}}',
            core.now() + interval '7 days'
        from told t join core.party p on p.party_id = t.party_id join core.dealer d on d.dealer_id = t.dealer_id
        left join core.setting s on s.name = 'network_name'
        cross join lateral (select x.value from core.contact_point x where x.party_id = t.party_id and x.kind = 'EMAIL' and x.is_valid
                            order by x.is_primary desc, x.contact_id limit 1) c
        returning message, party_id),
    queued as (insert into core.outbox (message, prio) select w.message, 1 from written w)
    select count(*) into n from written;
    return n;
end $$;
comment on function core.transfer_inform(bigint[], int[]) is $$
Send each person one neutral message by head office that another legal entity serves him, once a pair; who has no address is told by the new
owner when he comes.    in: people and their new dealers    out: messages    guard: key of core.transfer_told    source: R130$$;

create function core.transfer_clock() returns int
language plpgsql volatile set search_path = '' as $$
declare t core.transfer; n int := 0;
begin
    for t in select x.* from core.transfer x where x.state = 'OFFERED' and x.until_at <= core.now() order by x.until_at limit 1000 for update skip locked loop
        perform core.transfer_end(t, 'EXPIRED', null);
        n := n + 1;
    end loop;
    return n;
end $$;
comment on function core.transfer_clock() is 'Offers whose time is over; the right stays where it is. out: how many. source: R127';

create function core.transfer_void() returns trigger
language plpgsql security definer set search_path = '' set enable_nestloop = off as $$
begin
    if not exists (select from new_rows) or not exists (select from core.transfer t where t.state = 'OFFERED') then return null; end if;
    -- a right that ended otherwise is nobody's to offer
    update core.transfer t set state = 'WITHDRAWN', answered_at = core.now(), answer = 'R12' from old_rows o
    where t.ownership_id = o.ownership_id and t.state = 'OFFERED'
      and not exists (select from new_rows n where n.ownership_id = o.ownership_id and n.state in ('ACTIVE', 'CUSTOMER', 'GRACE'))
      and not exists (select from new_rows n where n.ownership_id = o.ownership_id and n.event = 'transfer');
    return null;
end $$;
comment on function core.transfer_void() is 'Trigger of core.ownership: an offer ends with its right, and with an order or a dispute. source: R12, R67, R103';
create trigger transfer_void after update on core.ownership referencing old table as old_rows new table as new_rows
    for each statement execute function core.transfer_void();
