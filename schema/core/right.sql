-- SPDX-License-Identifier: Apache-2.0
-- The life of a right (D.2). core.right_claim makes one, core.right_change changes one, the clock (clock_right.sql) changes many;
-- a trigger refuses every transition that core.right_transition does not hold (R11), whoever writes, and writes history,
-- ledger and projection of what it let pass. History is stamped after the row lock: changed_at never goes back.

create function core.day_after(p_zone text, p_from timestamptz, p_days int) returns timestamptz
language sql immutable as $$ select ((p_from at time zone p_zone)::date + p_days + 1)::timestamp at time zone p_zone $$;
comment on function core.day_after(text, timestamptz, int) is 'Midnight, in a time zone, that ends so many days after the present one. source: R10';

create function core.term_end(p_dealer int, p_from timestamptz, p_days int) returns timestamptz
language plpgsql stable as $$
begin
    return (select core.day_after(d.time_zone, p_from, p_days) from core.dealer d where d.dealer_id = p_dealer);
end $$;
comment on function core.term_end(int, timestamptz, int) is 'End of a term in days: midnight at the dealer. source: R10';

create function core.is_aftersales(p_line core.line) returns boolean
language sql immutable as $$ select p_line in ('SERVICE', 'PARTS') $$;
comment on function core.is_aftersales(core.line) is 'Lines of the competition group AFTERSALES.';

create function core.right_await(p_party bigint) returns void
language plpgsql volatile as $$
begin
    perform 1 from core.ownership o where o.party_id = p_party and o.state in ('ACTIVE', 'CUSTOMER') and o.protect_until <= core.now() order by o.ownership_id for share;
end $$;
comment on function core.right_await(bigint) is $$
Wait while the clock ends another right of a person, and keep it from beginning to: it locks no person, so neither would see what the other
writes, and the list row would show a right that is over until the next change. Asked before any row of a person's rights is written.
cost: one index probe    source: R14, R133$$;

create function core.right_await(p_parties bigint[]) returns void
language plpgsql volatile as $$
begin
    perform 1 from core.ownership o where o.party_id = any (p_parties) and o.state in ('ACTIVE', 'CUSTOMER') and o.protect_until <= core.now() order by o.ownership_id for share;
end $$;
comment on function core.right_await(bigint[]) is 'The same for many people at once, whose rights one statement writes. source: R14, R133';

create function core.right_claim(p_party bigint, p_brand smallint, p_line core.line, p_vehicle bigint, p_dealer int, p_seat bigint,
    p_event text, p_terms jsonb, p_source text, p_interest text, p_is_document boolean default false, p_is_new boolean default false)
returns core.ownership
language plpgsql volatile as $$
declare
    made core.ownership; t core.right_transition; v_vehicle bigint := case when core.is_aftersales(p_line) then p_vehicle end;
    v_since timestamptz := coalesce((p_terms ->> 'since')::timestamptz, core.now()); v_ver int := case p_event when 'checked' then 2 else 1 end;
begin
    if not p_is_new then
        perform 1 from core.party p where p.party_id = p_party for no key update;
        perform core.right_await(p_party);
        if not core.company_is_free(p_party, p_brand, p_line, p_dealer) then return null; end if;      -- R64
        -- R1: a right for the whole party and one for a single car of the same line exclude each other
        if exists (select from core.ownership o where o.party_id = p_party and o.brand_id = p_brand and o.line = p_line
                   and o.state <> 'CLOSED' and (o.vehicle_id is null) <> (v_vehicle is null)) then
            return null;
        end if;
        -- R33 under the person's lock: the verdict was given before it, and an order may have been signed meanwhile
        if p_event in ('register', 'checked', 'claim') and not p_is_document and exists (
            select from core.ownership o where o.party_id = p_party and o.brand_id = p_brand and o.state = 'HELD' and o.dealer_id <> p_dealer
            and core.is_aftersales(o.line) = core.is_aftersales(p_line)) then
            return null;
        end if;
    end if;
    -- 'checked' claims and passes the checks at once: one statement here, both transitions in the history
    select * into strict t from core.right_transition x
    where x.event = p_event and x.from_state is not distinct from case p_event when 'checked' then 'PENDING'::core.right_state end;
    if p_is_new then                   -- no other transaction can know the party: nothing to take over
        insert into core.ownership as o (party_id, brand_id, line, vehicle_id, dealer_id, seat_id, state, since, registered_at,
            accept_until, protect_until, limit_until, free_from, source, interest, event, rule, ver, changed_at, changed_by)
        values (p_party, p_brand, p_line, v_vehicle, p_dealer, p_seat, t.to_state, v_since, core.now(), (p_terms ->> 'accept_until')::timestamptz,
            (p_terms ->> 'protect_until')::timestamptz, (p_terms ->> 'limit_until')::timestamptz, 'infinity', p_source, left(p_interest, 400),
            p_event, t.rule, v_ver, core.clock(), session.staff())
        returning o.* into made;
        return made;
    end if;
    insert into core.ownership as o (party_id, brand_id, line, vehicle_id, dealer_id, seat_id, state, since, registered_at,
        accept_until, contact_until, first_contact_at, protect_until, limit_until, free_from, source, interest, event, rule, ver, successor_of,
        manual_run, prolonged_on, extended_at, parked_on, changed_at, changed_by)
    values (p_party, p_brand, p_line, v_vehicle, p_dealer, p_seat, t.to_state, v_since, coalesce((p_terms ->> 'registered_at')::timestamptz, core.now()),
        (p_terms ->> 'accept_until')::timestamptz, (p_terms ->> 'contact_until')::timestamptz, (p_terms ->> 'first_contact_at')::timestamptz, (p_terms ->> 'protect_until')::timestamptz, (p_terms ->> 'limit_until')::timestamptz, 'infinity',
        p_source, left(p_interest, 400), p_event, t.rule, v_ver, (p_terms ->> 'successor_of')::bigint,
        coalesce((p_terms ->> 'manual_run')::smallint, 0::smallint), (p_terms ->> 'prolonged_on')::date, (p_terms ->> 'extended_at')::timestamptz, (p_terms ->> 'parked_on')::date,
        core.clock(), session.staff())
    on conflict on constraint ownership_one_owner do update set ownership_id = excluded.ownership_id, public_id = excluded.public_id,
        dealer_id = excluded.dealer_id, seat_id = excluded.seat_id, state = excluded.state, reason = null, lost = null,
        since = excluded.since, registered_at = excluded.registered_at, accept_until = excluded.accept_until,
        contact_until = excluded.contact_until, first_contact_at = excluded.first_contact_at, protect_until = excluded.protect_until, limit_until = excluded.limit_until,
        free_from = excluded.free_from, manual_run = excluded.manual_run, prolonged_on = excluded.prolonged_on, extended_at = excluded.extended_at,
        parked_on = excluded.parked_on, is_void = false, source = excluded.source, interest = excluded.interest,
        event = excluded.event, rule = excluded.rule, ver = excluded.ver, changed_by = excluded.changed_by, successor_of = excluded.successor_of,
        changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.state = 'CLOSED' and (o.free_from <= core.now() or p_is_document or o.dealer_id = excluded.dealer_id)
    returning o.* into made;
    if made.ownership_id is not null then perform core.claim_used(made); end if;
    return made;
end $$;
comment on function core.right_claim(bigint, smallint, core.line, bigint, int, bigint, text, jsonb, text, text, boolean, boolean) is $$
Take the right if it is free, in one statement; the key of the row decides between two claimants.
in: p_vehicle counts for AFTERSALES only; p_event offer | register | checked (registered, and the checks passed) | document |
    order | claim | reopen; p_terms {since, registered_at, accept_until, contact_until, first_contact_at, protect_until, limit_until, successor_of,
    manual_run, prolonged_on, extended_at, parked_on}; p_is_document true takes it also before a closed right's free_from;
    p_is_new the party was made in this very transaction
out: the right, NULL when somebody holds it, or another line of the group by a signed order    source: R1, R12, R31, R33, design decision 9$$;

create function core.right_change(p_row core.ownership, p_event text) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare made core.ownership; v_from core.right_state; v_rule text;
begin
    perform core.right_await(p_row.party_id);
    select o.state into v_from from core.ownership o where o.ownership_id = p_row.ownership_id and o.ver = p_row.ver for update;
    select t.rule into v_rule from core.right_transition t
    where t.event = p_event and t.from_state = v_from and t.to_state = p_row.state;
    if v_rule is null then
        perform core.fail('ZC011', null, jsonb_build_object('state', coalesce(v_from::text, 'CHANGED'), 'event', p_event));
    end if;
    update core.ownership o set state = p_row.state, seat_id = p_row.seat_id, reason = p_row.reason, lost = p_row.lost,
        accept_until = p_row.accept_until, contact_until = p_row.contact_until, first_contact_at = p_row.first_contact_at,
        protect_until = p_row.protect_until, limit_until = p_row.limit_until, manual_run = p_row.manual_run,
        prolonged_on = p_row.prolonged_on, registered_at = p_row.registered_at,
        interest = case p_event when 'erase' then null else o.interest end, extended_at = p_row.extended_at,
        parked_on = p_row.parked_on, is_void = p_row.is_void,
        free_from = case p_row.state when 'CLOSED' then coalesce(p_row.free_from, core.now()) when 'GRACE' then p_row.free_from
                    else 'infinity' end,
        event = p_event, rule = v_rule, ver = o.ver + 1, changed_by = session.staff(),
        changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.ownership_id = p_row.ownership_id returning o.* into made;
    return made;
end $$;
comment on function core.right_change(core.ownership, text) is $$
The one place that changes a right: writes the row as given when the event allows it from the state it has.
in: p_row the row as read, with the new state, seat and terms; its ver guards against a change in between
errors: ZC011 no such transition, or the right changed meanwhile    source: R11, R59$$;

create function core.right_close(p_row core.ownership, p_event text, p_reason core.close_reason, p_lost core.lost_reason default null,
    p_free_from timestamptz default null) returns core.ownership
language plpgsql volatile set search_path = '' as $$
begin
    p_row.state := 'CLOSED'; p_row.reason := p_reason; p_row.lost := p_lost;
    p_row.free_from := coalesce(p_free_from, core.now()); p_row.accept_until := null; p_row.contact_until := null;
    p_row := core.right_change(p_row, p_event);
    if p_row.free_from <= core.now() then perform core.clock_free(array[p_row.ownership_id]); end if;
    return p_row;
end $$;
comment on function core.right_close(core.ownership, text, core.close_reason, core.lost_reason, timestamptz) is
'Close a right with its reason and tell who waits; a new one is a new row (R12, R18). in: p_free_from when others may take it, default now';

create function core.right_succeed(p_old core.ownership, p_dealer int, p_seat bigint, p_close_event text, p_reason core.close_reason,
    p_terms jsonb default '{}', p_party bigint default null) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare made core.ownership; v_party bigint := coalesce(p_party, p_old.party_id); v_state core.right_state := coalesce((p_terms ->> 'state')::core.right_state, p_old.state);
begin
    perform 1 from core.party p where p.party_id = v_party for no key update;
    perform core.right_await(v_party);
    if p_old.state <> 'CLOSED' then
        made := p_old;
        made.state := 'CLOSED'; made.reason := p_reason; made.lost := null; made.free_from := core.now(); made.accept_until := null; made.contact_until := null;
        made := core.right_change(made, p_close_event);
    end if;
    -- R1: a right for the whole party and one for a single car of the same line exclude each other
    if exists (select from core.ownership o where o.party_id = v_party and o.brand_id = p_old.brand_id and o.line = p_old.line
               and o.state <> 'CLOSED' and (o.vehicle_id is null) <> (p_old.vehicle_id is null)) then
        perform core.fail('ZC033', null, jsonb_build_object('line', p_old.line));
    end if;
    made := null;
    insert into core.ownership as o (party_id, brand_id, line, vehicle_id, dealer_id, seat_id, state, since, registered_at, accept_until,
        contact_until, first_contact_at, protect_until, limit_until, free_from, source, interest, event, rule, successor_of, extended_at, parked_on,
        manual_run, prolonged_on, changed_at, changed_by)
    select v_party, p_old.brand_id, p_old.line, p_old.vehicle_id, p_dealer, p_seat, v_state, coalesce(t.since, core.now()),
        coalesce(t.registered_at, p_old.registered_at), t.accept_until, t.contact_until,
        case when p_terms ? 'first_contact_at' then t.first_contact_at else p_old.first_contact_at end,
        case when p_terms ? 'protect_until' then t.protect_until else p_old.protect_until end,
        case when p_terms ? 'limit_until' then t.limit_until else p_old.limit_until end,
        case v_state when 'GRACE' then coalesce(t.free_from, p_old.free_from) else 'infinity' end,
        p_old.source, p_old.interest, 'succeed', 'R127', p_old.ownership_id, p_old.extended_at, p_old.parked_on,
        -- R54 counts what a dealer says by hand: another dealer begins anew, the same one goes on
        case when p_dealer = p_old.dealer_id then coalesce(t.manual_run, p_old.manual_run) else 0 end,
        case when p_dealer = p_old.dealer_id then coalesce(t.prolonged_on, p_old.prolonged_on) end, core.clock(), session.staff()
    from jsonb_to_record(p_terms) as t (since timestamptz, registered_at timestamptz, accept_until timestamptz, contact_until timestamptz,
        first_contact_at timestamptz, protect_until timestamptz, limit_until timestamptz, free_from timestamptz, manual_run smallint, prolonged_on date)
    on conflict on constraint ownership_one_owner do update set ownership_id = excluded.ownership_id, public_id = excluded.public_id,
        dealer_id = excluded.dealer_id, seat_id = excluded.seat_id, state = excluded.state, reason = null, lost = null,
        since = excluded.since, registered_at = excluded.registered_at, accept_until = excluded.accept_until,
        contact_until = excluded.contact_until, first_contact_at = excluded.first_contact_at, protect_until = excluded.protect_until,
        limit_until = excluded.limit_until, free_from = excluded.free_from, manual_run = excluded.manual_run, prolonged_on = excluded.prolonged_on, source = excluded.source,
        interest = excluded.interest, event = excluded.event, rule = excluded.rule, ver = excluded.ver, extended_at = excluded.extended_at,
        parked_on = excluded.parked_on, is_void = false, successor_of = excluded.successor_of, changed_by = excluded.changed_by,
        changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.state = 'CLOSED'
    returning o.* into made;
    if made.ownership_id is null then perform core.fail('ZC033', null, jsonb_build_object('line', p_old.line)); end if;
    perform core.carve_follow(array[made.ownership_id]);
    perform core.claim_used(made);
    if p_close_event <> 'decide' then perform core.stage_follow(p_old.ownership_id, made); end if;       -- R113: a dispute won begins with one's own
    return made;
end $$;
comment on function core.right_succeed(core.ownership, int, bigint, text, core.close_reason, jsonb, bigint) is $$
Close a right and begin the one that follows it, for another principal or another person, in one go: no gap, no overlap.
in: p_old the right as read, open or just closed; p_close_event transfer | merge | decide ... with its reason (R18); p_terms what differs
    from the old: state, since, registered_at, accept_until, contact_until, first_contact_at, protect_until, limit_until, free_from,
    and of the same dealer manual_run, prolonged_on; p_party another party, when two were merged
out: the new right, successor_of the old    errors: ZC011 no such transition, ZC033 somebody holds the key (R1)    source: R12, R127$$;

create function core.right_steps(n core.ownership, p_is_new boolean)
returns table (ver int, was core.right_state, state core.right_state, event text, rule text)
language sql immutable as $$
select n.ver - 1, null::core.right_state, 'PENDING'::core.right_state, 'register', 'R31' where n.event = 'checked' and p_is_new
union all select n.ver, case when n.event = 'checked' and p_is_new then 'PENDING'::core.right_state end, n.state, n.event, n.rule $$;
comment on function core.right_steps(core.ownership, boolean) is
'The versions that one written row stands for: a claim that passed its checks at once is two (core.right_claim); was is the state between.';

create function core.right_detail(p_was core.right_state, p_state core.right_state, p_reason core.close_reason, p_lost core.lost_reason, p_ver int) returns jsonb
language sql stable as $$
-- words of ours, so text is JSON: building it value by value cost more than the row's index entries
select ('{' || case when p_was is not null then '"from":"' || p_was::text || '",' else '' end || '"to":"' || p_state::text || '",'
    || case when p_reason is not null then '"reason":"' || p_reason::text || '",' else '' end
    || case when p_lost is not null then '"lost":"' || p_lost::text || '",' else '' end || '"ver":' || p_ver::text || '}')::jsonb $$;
comment on function core.right_detail(core.right_state, core.right_state, core.close_reason, core.lost_reason, int) is
'What the ledger says of a step of a right: {from, to, reason, lost, ver}, what is NULL left out. cost: 1 us';

-- The plan of these statements is kept from the first, perhaps one-row, change: a nested loop would be quadratic for the clock's batches.
create function core.right_log() returns trigger
language plpgsql security definer set search_path = '' set enable_nestloop = off as $$
begin
    -- an INSERT ... ON CONFLICT fires both triggers, one of them over nothing
    if not exists (select from new_rows) then return null; end if;
    -- R11 for whoever writes: each new state must be a transition of D.2
    perform core.fail('ZC011', null, jsonb_build_object('event', x.event, 'state', x.state))
    from (select distinct n.event, n.state,
              case when o.ownership_id = n.ownership_id then o.state when n.event = 'checked' then 'PENDING'::core.right_state end as from_state,
              o.ownership_id <> n.ownership_id and o.state <> 'CLOSED' as is_taken
          from new_rows n left join old_rows o on o.party_id = n.party_id and o.brand_id = n.brand_id and o.line = n.line
                                              and coalesce(o.vehicle_id, 0) = coalesce(n.vehicle_id, 0)) x
    where x.is_taken or not exists (select from core.right_transition t where t.event = x.event and t.to_state = x.state
                                    and t.from_state is not distinct from x.from_state);
    insert into core.ownership_history (ownership_id, ver, party_id, brand_id, line, vehicle_id, dealer_id, seat_id, state, reason, lost,
        protect_until, limit_until, free_from, valid_from, recorded_at, staff_id, event, rule, public_id, source, accept_until,
        contact_until, first_contact_at, since, registered_at, manual_run, prolonged_on, extended_at, parked_on, is_void, policy_from, successor_of)
    select n.ownership_id, s.ver, n.party_id, n.brand_id, n.line, n.vehicle_id, n.dealer_id, n.seat_id, s.state, n.reason, n.lost,
        n.protect_until, n.limit_until, n.free_from,
        case when n.is_void or o.ownership_id is null then greatest(least(n.since, n.changed_at), w.changed_at) else n.changed_at end, n.changed_at,
        n.changed_by, s.event, s.rule, n.public_id, n.source, n.accept_until, n.contact_until, n.first_contact_at, n.since, n.registered_at,
        n.manual_run, n.prolonged_on, n.extended_at, n.parked_on, n.is_void, v.policy_from, n.successor_of
    from new_rows n left join old_rows o on o.ownership_id = n.ownership_id
    left join old_rows w on w.ownership_id <> n.ownership_id and w.party_id = n.party_id and w.brand_id = n.brand_id and w.line = n.line
                        and coalesce(w.vehicle_id, 0) = coalesce(n.vehicle_id, 0)       -- the right whose row this one takes
    cross join (select max(p.valid_from) as policy_from from core.policy p where p.valid_from <= core.now()) v
    cross join lateral core.right_steps(n, o.ownership_id is null) s;
    insert into core.ledger (at, staff_id, dealer_id, role, session_id, request_id, kind, subject, party_id, brand_id, line, rule, detail)
    select n.changed_at, n.changed_by, n.dealer_id, case when n.changed_by is not null then session.role_name() end,
        session.session_id(), session.request_id(), 'right.' || s.event, n.public_id::text, n.party_id, n.brand_id, n.line, s.rule,
        core.right_detail(coalesce(s.was, o.state), s.state, n.reason, n.lost, s.ver)
    from new_rows n left join old_rows o on o.ownership_id = n.ownership_id
    cross join lateral core.right_steps(n, o.ownership_id is null) s
    where n.event <> 'outage';                         -- one ledger row an outage (R17), a version in the history for each right
    -- a bulk transfer closes and succeeds in two statements: the second renews the list rows of both owners (core.batch_move)
    if current_setting('right.follows', true) = 'on' then return null; end if;
    -- a term that ran out is told by the list row itself
    if not exists (select from new_rows n where n.event <> 'expire') then
        perform core.project_ended(array_agg(n.dealer_id), array_agg(n.party_id), array_agg(n.protect_until)) from new_rows n;
        return null;
    end if;
    -- the clock's batches move terms, and leave every pair listed
    if not exists (select from new_rows n where n.event not in ('outage', 'checked', 'cancel_order') or n.changed_by is not null)
       and (select count(*) from new_rows) > 50 then
        perform core.project_rights(array_agg(n.dealer_id), array_agg(n.party_id)) from new_rows n;
        return null;
    end if;
    perform core.project(array_agg(c.dealer_id), array_agg(c.party_id), false) from (
        select n.dealer_id, n.party_id from new_rows n union select o.dealer_id, o.party_id from old_rows o) c having count(*) > 0;
    return null;
end $$;
comment on function core.right_log() is 'Trigger of core.ownership: guard, history, ledger, projection; set-based. A term changes by an event of the table or not at all. source: R3, R8, R11, R59';

create function core.right_log_insert() returns trigger
language plpgsql security definer set search_path = '' as $$
declare written int; refused int; orphans int; dealers int[]; parties bigint[]; first core.ownership[]; done text;
begin
    -- one statement: whatever it writes is gone again when a row is not allowed
    with history as (
        insert into core.ownership_history (ownership_id, ver, party_id, brand_id, line, vehicle_id, dealer_id, seat_id, state, reason, lost,
            protect_until, limit_until, free_from, valid_from, recorded_at, staff_id, event, rule, public_id, source, accept_until,
            contact_until, first_contact_at, since, registered_at, manual_run, prolonged_on, extended_at, parked_on, is_void, policy_from, successor_of)
        select n.ownership_id, s.ver, n.party_id, n.brand_id, n.line, n.vehicle_id, n.dealer_id, n.seat_id, s.state, n.reason, n.lost,
            n.protect_until, n.limit_until, n.free_from, least(n.since, n.changed_at), n.changed_at, n.changed_by, s.event, s.rule, n.public_id,
            n.source, n.accept_until, n.contact_until, n.first_contact_at, n.since, n.registered_at, n.manual_run, n.prolonged_on, n.extended_at,
            n.parked_on, n.is_void, (select max(p.valid_from) from core.policy p where p.valid_from <= core.now()), n.successor_of
        from new_rows n cross join lateral core.right_steps(n, true) s),
    ledger as (
        insert into core.ledger (at, staff_id, dealer_id, role, session_id, request_id, kind, subject, party_id, brand_id, line, rule, detail)
        select n.changed_at, n.changed_by, n.dealer_id, case when n.changed_by is not null then session.role_name() end,
            session.session_id(), session.request_id(), 'right.' || s.event, n.public_id::text, n.party_id, n.brand_id, n.line, s.rule,
            core.right_detail(s.was, s.state, null, null, s.ver)
        from new_rows n cross join lateral core.right_steps(n, true) s)
    select count(*), count(core.fail('ZC011', null, jsonb_build_object('event', n.event, 'state', n.state))) filter (where not exists (
               select from core.right_transition t where t.event = n.event and t.to_state = n.state
               and t.from_state is not distinct from case n.event when 'checked' then 'PENDING'::core.right_state end)),
           array_agg(n.dealer_id), array_agg(n.party_id), array(select x::core.ownership from new_rows x limit 1),
           count(core.parent_none('ownership', 'party_id')) filter (where not exists (select from core.party p where p.party_id = n.party_id))
           + count(core.parent_none('ownership', 'dealer_id')) filter (where not exists (select from core.dealer d where d.dealer_id = n.dealer_id))
           + count(core.parent_none('ownership', 'brand_id')) filter (where not exists (select from core.brand b where b.brand_id = n.brand_id))
    into written, refused, dealers, parties, first, orphans
    from new_rows n;
    if current_setting('right.follows', true) = 'on' then return null; end if;      -- core.bulk_store writes the list rows itself
    if (written > 1 and not core.project_fresh(dealers, parties)) or (written = 1 and not core.project_first(first[1])) then
        done := core.project(dealers, parties, false)::text;
    end if;
    return null;
end $$;
comment on function core.right_log_insert() is 'The same for rights that never had a row.';

create trigger right_inserted after insert on core.ownership referencing new table as new_rows
    for each statement execute function core.right_log_insert();
create trigger right_updated after update on core.ownership referencing old table as old_rows new table as new_rows
    for each statement execute function core.right_log();

create function core.right_own(p_public uuid) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare o core.ownership;
begin
    -- person before right, as every claim and transfer locks: what a change shows in the person's row would meet them crosswise
    perform 1 from core.party p where p.party_id = (select x.party_id from core.ownership x where x.public_id = p_public) for no key update;
    select x.* into o from core.ownership x where x.public_id = p_public for update;
    if o.ownership_id is null or o.dealer_id is distinct from session.dealer() or o.state = 'CLOSED'
       or core.level_for(o.party_id) = 'NONE' then
        perform core.fail('ZC404');
    end if;
    -- a seat changes its own rights and the queue's; the manager all of the dealer's
    if session.role_bit() <> 16 and o.seat_id is not null and o.seat_id <> session.staff() then perform core.fail('ZC088'); end if;
    return o;
end $$;
comment on function core.right_own(uuid) is $$
Lock a right that the caller may change.
errors: ZC404 absent or another dealer's (the same answer), ZC088 another seat's    source: R133, R7$$;

create function core.right_release_seat(p_staff bigint) returns int
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    perform core.right_await(array(select o.party_id from core.ownership o where o.seat_id = p_staff and o.state <> 'CLOSED'));
    update core.ownership o set seat_id = null, event = 'seat', rule = 'R7', ver = o.ver + 1, changed_by = session.staff(),
        changed_at = greatest(core.clock(), o.changed_at + interval '1 microsecond')
    where o.seat_id = p_staff and o.state <> 'CLOSED';
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.right_release_seat(bigint) is 'Every right of a seat falls to the dealer''s queue; the rights stay. out: how many. source: R7';

create function core.right_undo(p_dealer int, p_ownership bigint, p_ver_before int) returns boolean
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; h core.ownership_history;
begin
    select x.* into o from core.ownership x where x.ownership_id = p_ownership and x.dealer_id = p_dealer for update;
    if o.ownership_id is null or o.state = 'CLOSED' then return false; end if;
    if not core.is_aftersales(o.line) then perform core.delivery_undo(o); end if;      -- R70: the offer that followed goes with it
    if p_ver_before is null then
        perform core.right_close(o, 'erase', 'erased');
        return true;
    end if;
    select x.* into h from core.ownership_history x where x.party_id = o.party_id and x.brand_id = o.brand_id and x.line = o.line
        and x.ownership_id = p_ownership and x.ver = p_ver_before;
    if h.ownership_id is null or o.state not in ('CUSTOMER', 'ACTIVE', 'HELD') then return false; end if;
    o.state := h.state; o.protect_until := h.protect_until; o.limit_until := h.limit_until; o.seat_id := h.seat_id;
    o.free_from := h.free_from; o.contact_until := h.contact_until; o.first_contact_at := h.first_contact_at;
    if exists (select from core.right_transition t join core.ownership x on x.ownership_id = p_ownership
               where t.event = 'undo' and t.from_state = x.state and t.to_state = o.state) then
        o := core.right_change(o, 'undo');
        if o.state = 'HELD' then perform core.order_settle(o); end if;         -- the order may be gone by now
        return true;
    end if;
    return false;
end $$;
comment on function core.right_undo(int, bigint, int) is $$
Take back what an import did to a right: a new one closes as erased, a changed one becomes as that version of the history said.
in: p_ver_before NULL for a right the import made    out: false when somebody changed it since    source: R3$$;
