-- SPDX-License-Identifier: Apache-2.0
-- The way of a lead from head office to a dealer (R40-R49): taken in, routed, offered to one dealer at a time, passed on after a refusal or
-- a timeout, on the desk after three of them or 24 hours. Lock order: lead, person, then one routing at a time per brand and line.

create function core.lead_announce(o core.ownership) returns void
language plpgsql volatile set search_path = '' as $$
begin
    perform core.notify(s.staff_id, 'N1', p.public_id::text, o.ownership_id::text), core.event_add(s.staff_id, 'lead', '{}')
    from core.staff s, core.party p
    where p.party_id = o.party_id and s.dealer_id = o.dealer_id and s.is_active and (s.role = 'manager' or s.staff_id = o.seat_id
        or (o.seat_id is null and s.role = case when core.is_aftersales(o.line) then 'adviser'::core.staff_role else 'seller' end));
end $$;
comment on function core.lead_announce(core.ownership) is 'Tell the owner''s manager and seats of an offer, without personal data. source: N1';

create function core.first_refusal(p_party bigint, p_brand smallint, p_line core.line) returns setof core.dealer
language sql stable as $$
select d.* from core.dealer d
where d.is_active and exists (select from core.dealer_brand b where b.dealer_id = d.dealer_id and b.brand_id = p_brand and b.line = p_line)
  and exists (
    select from core.ownership o join core.line_group g on g.line = o.line join core.line_group asked on asked.grp = g.grp
    where o.party_id = p_party and o.brand_id = p_brand and o.dealer_id = d.dealer_id and o.state in ('ACTIVE', 'HELD', 'CUSTOMER')
      and asked.line = p_line and o.line <> p_line)
  and not exists (
    select from core.ownership_history h
    where h.party_id = p_party and h.brand_id = p_brand and h.line = p_line and h.dealer_id = d.dealer_id
      and h.event in ('decline', 'not_accepted') and h.recorded_at > core.now() - interval '30 days') $$;
comment on function core.first_refusal(bigint, smallint, core.line) is $$
Dealers who must be asked first when a person asks head office for this line: each has the person in another line of its group, sells
this one too, and has not let an offer of it go by in the last 30 days.    source: R35$$;

create function core.right_offer(p_party bigint, p_dealer int, p_brand smallint, p_line core.line, p_source text, p_interest text) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; v_first int[]; v_names text[]; v_until timestamptz;
begin
    if not exists (select from core.dealer_brand b join core.dealer d on d.dealer_id = b.dealer_id and d.is_active
                   where b.dealer_id = p_dealer and b.brand_id = p_brand and b.line = p_line) then
        perform core.fail('ZC402', 'dealer_id');
    end if;
    perform 1 from core.party p where p.party_id = p_party for no key update;      -- no right of his comes or goes meanwhile
    select array_agg(f.dealer_id), array_agg(f.name order by f.name) into v_first, v_names from core.first_refusal(p_party, p_brand, p_line) f;
    if p_dealer <> all (v_first) then
        perform core.fail('ZC035', 'dealer_id', jsonb_build_object('dealers', v_names));
    end if;
    if v_first is not null then                        -- whole working days of this dealer, however long his are
        select core.working_until(d.dealer_id, core.now(), (core.policy_int('R35.refusal') * extract(epoch from d.closes_at - d.opens_at) / 60)::int)
        into v_until from core.dealer d where d.dealer_id = p_dealer;
    else
        v_until := core.working_until(p_dealer, core.now(), core.policy_int('P1.accept'));
    end if;
    o := core.right_claim(p_party, p_brand, p_line, null, p_dealer, null, 'offer', jsonb_build_object('accept_until', v_until), p_source, p_interest, true);
    if o.ownership_id is null then perform core.fail('ZC033'); end if;
    perform core.lead_announce(o);
    return o;
end $$;
comment on function core.right_offer(bigint, int, smallint, core.line, text, text) is $$
Offer a person to one dealer: P1 to accept, three working days to a dealer with the first refusal (R35).
errors: ZC402 the dealer does not hold brand and line, ZC035 with the names of the dealers to be asked first, ZC033 somebody holds
the right (R33, R44)$$;

create function core.lead_lock(p_lead bigint, p_is_patient boolean) returns core.lead
language plpgsql volatile as $$
declare l core.lead; v_key bigint;
begin
    select * into strict l from core.lead x where x.lead_id = p_lead;
    v_key := hashtextextended('route:' || l.brand_id || ':' || l.line, 5);
    if p_is_patient then
        perform 1 from core.party p where p.party_id = l.party_id for no key update;
        select * into l from core.lead x where x.lead_id = p_lead for update;
        perform pg_catalog.pg_advisory_xact_lock(v_key);
        return l;
    end if;
    perform 1 from core.party p where p.party_id = l.party_id for no key update skip locked;
    if not found then return null; end if;
    select * into l from core.lead x where x.lead_id = p_lead for update skip locked;
    if l.lead_id is null or not pg_catalog.pg_try_advisory_xact_lock(v_key) then return null; end if;
    return l;
end $$;
comment on function core.lead_lock(bigint, boolean) is $$
Lock a lead for routing, always in this order: its person, the lead, then one routing at a time per brand and line, so that turns,
capacities and their decisions are one sequence.
in: p_is_patient false: the clock, which holds rows of other people, waits for nobody    out: the lead, NULL when another has it
source: R42, R44$$;

create function core.lead_decided(l core.lead, p_inputs jsonb, p_outcome jsonb, p_step int, p_rule text, p_dealer int, p_right bigint,
    p_wheel text, p_was jsonb, p_is jsonb, p_reason text) returns bigint
language plpgsql volatile as $$
declare made bigint;
begin
    insert into core.route_decision (lead_id, seq, at, version, inputs, outcome, wheel, wheel_was, wheel_is, step, rule, dealer_id, ownership_id, staff_id, reason)
    values (l.lead_id, l.decisions + 1, core.now(), (select max(v.version) from core.routing_version v), p_inputs, p_outcome, p_wheel, p_was, p_is,
        p_step, p_rule, p_dealer, p_right, case when p_reason is not null then session.staff() end, left(p_reason, 400))
    returning decision_id into made;
    perform core.ledger_add('lead.route', l.public_id::text, l.party_id, p_rule, jsonb_strip_nulls(jsonb_build_object('decision', made, 'step', p_step,
        'dealer', p_dealer, 'seq', l.decisions + 1, 'by_hand', case when p_reason is not null then true end)), l.brand_id, l.line);
    return made;
end $$;
comment on function core.lead_decided(core.lead, jsonb, jsonb, int, text, int, bigint, text, jsonb, jsonb, text) is
'Keep a decision with its inputs and say it in the ledger; p_reason only of one by hand. source: R8, R40, R48';

create function core.lead_to_desk(l core.lead, p_rule text) returns core.lead
language plpgsql volatile as $$
begin
    -- an offer that still runs keeps its P1: hours of a holiday are not the dealer's (R10); the desk has the lead beside it
    update core.lead x set state = case when x.state = 'OFFERED' then x.state else 'DESK' end, desk_at = coalesce(x.desk_at, core.now()), desk_rule = p_rule
    where x.lead_id = l.lead_id returning * into l;
    perform core.notify(s.staff_id, 'N3', l.public_id::text, 'desk:' || l.decisions), core.event_add(s.staff_id, 'lead', '{}')
    from core.staff s where s.role = 'router' and s.dealer_id = 0 and s.is_active;
    return l;
end $$;
comment on function core.lead_to_desk(core.lead, text) is 'Head office''s desk takes a lead; every router is told. source: R45, N3';

create function core.lead_to_owner(l core.lead, o core.ownership) returns core.lead
language plpgsql volatile as $$
begin
    insert into core.task (dealer_id, seat_id, party_id, kind, title, due_at)
    values (o.dealer_id, o.seat_id, o.party_id, 'lead', left('Обращение в головной офис: ' || coalesce(l.interest, ''), 400),
        core.working_until(o.dealer_id, core.now(), core.policy_int('P2.limit')));
    perform core.notify(s.staff_id, 'N1', p.public_id::text, 'lead:' || l.lead_id), core.event_add(s.staff_id, 'lead', '{}')
    from core.staff s, core.party p
    where p.party_id = o.party_id and s.dealer_id = o.dealer_id and s.is_active and (s.role = 'manager' or s.staff_id = o.seat_id);
    update core.lead x set state = 'DONE', outcome = 'owner', done_at = core.now(), ownership_id = null, dealer_id = o.dealer_id
    where x.lead_id = l.lead_id returning * into l;
    return l;
end $$;
comment on function core.lead_to_owner(core.lead, core.ownership) is 'A person with an owner asked head office: the owner gets a task, no new right arises. source: R40.1, R79';

create function core.lead_route(p_lead bigint, p_is_patient boolean default true) returns core.lead
language plpgsql volatile security definer set search_path = '' as $$
declare l core.lead; i jsonb; d jsonb; o core.ownership; v_dealer int; v_wheel text; v_was jsonb; v_is jsonb; v_decision bigint;
begin
    l := core.lead_lock(p_lead, p_is_patient);
    if l.lead_id is null or l.state <> 'ROUTING' then return l; end if;
    i := core.route_inputs(l);
    d := core.route_decide(i);
    v_dealer := (d ->> 'dealer')::int;
    if d ->> 'result' = 'turn' then
        v_wheel := core.route_wheel(l.brand_id, l.line, d -> 'weights');
        v_was := coalesce((select w.state from core.route_wheel w where w.wheel = v_wheel), '{}');
        select t.state, t.chosen into v_is, v_dealer from core.wheel_turn(v_was, d -> 'weights') t;
    end if;
    if d ->> 'result' in ('offer', 'turn') then
        o := core.right_offer(l.party_id, v_dealer, l.brand_id, l.line, l.source, l.interest);
    elsif d ->> 'result' = 'owner' then
        select * into o from core.ownership x where x.party_id = l.party_id and x.brand_id = l.brand_id and x.line = l.line and x.state <> 'CLOSED'
        order by x.vehicle_id nulls first limit 1;
    end if;
    v_decision := core.lead_decided(l, i, d, (d ->> 'step')::int, d ->> 'rule', nullif(v_dealer, 0), o.ownership_id, v_wheel, v_was, v_is, null);
    if v_wheel is not null then
        insert into core.route_wheel as w (wheel, state, turns, decision_id) values (v_wheel, v_is, 1, v_decision)
        on conflict (wheel) do update set state = excluded.state, turns = w.turns + 1, decision_id = excluded.decision_id;
    end if;
    update core.lead x set decisions = x.decisions + 1 where x.lead_id = l.lead_id returning * into l;
    if d ->> 'result' = 'desk' then return core.lead_to_desk(l, d ->> 'rule'); end if;
    if d ->> 'result' = 'owner' then return core.lead_to_owner(l, o); end if;
    update core.lead x set state = 'OFFERED', ownership_id = o.ownership_id, dealer_id = v_dealer where x.lead_id = l.lead_id returning * into l;
    return l;
end $$;
comment on function core.lead_route(bigint, boolean) is $$
Decide where a lead goes now, keep the decision, and do it: offer it to one dealer, hand it to the owner there is, or put it on the desk.
in: a lead in ROUTING; any other is returned as it is; p_is_patient as core.lead_lock    out: the lead, NULL when another has it
guard: lead_one_open, ownership_one_owner, core.lead_lock    source: R40-R45$$;

create function core.lead_take(p_party bigint, p_brand smallint, p_line core.line, p_source text, p_interest text, p_place jsonb default '{}',
    p_named int default null, p_referrer bigint default null) returns core.lead
language plpgsql volatile as $$
declare l core.lead; v_postal text := substring(p_place ->> 'postal_code' from '^[0-9]{6}$');
begin
    perform 1 from core.party p where p.party_id = p_party for no key update;
    select * into l from core.lead x where x.party_id = p_party and x.brand_id = p_brand and x.line = p_line and x.state <> 'DONE' for update;
    if found then                                      -- he asked again while the first is on its way: one lead, the newer words
        update core.lead x set interest = coalesce(left(nullif(btrim(p_interest), ''), 400), x.interest),
            named_dealer_id = coalesce(p_named, x.named_dealer_id)
        where x.lead_id = l.lead_id returning * into l;
        return l;
    end if;
    insert into core.lead (party_id, brand_id, line, state, came_at, due_at, source, interest, model_id, named_dealer_id, referrer_id, city, region_code,
        postal_code, at_point, staff_id)
    values (p_party, p_brand, p_line, 'ROUTING', core.now(), core.now() + make_interval(hours => core.policy_int('R45.desk')), left(p_source, 100),
        left(p_interest, 400),
        (select m.model_id from core.model m where m.brand_id = p_brand and lower(m.name) = lower(btrim(coalesce(p_place ->> 'model', p_interest)))),
        p_named, p_referrer, left(nullif(btrim(p_place ->> 'city'), ''), 100),
        core.region_of(p_place ->> 'region'), v_postal,
        case when p_place ->> 'lon' is not null and p_place ->> 'lat' is not null
             then point(greatest(-180, least(180, (p_place ->> 'lon')::float8)), greatest(-90, least(90, (p_place ->> 'lat')::float8))) end,
        session.staff())
    returning * into l;
    return l;
end $$;
comment on function core.lead_take(bigint, smallint, core.line, text, text, jsonb, int, bigint) is $$
A person asks head office for a brand and line: one lead, or the one that is under way.
in: p_place {city, region, postal_code, lon, lat, model}; p_named the dealer the customer named; p_referrer who sent him (R39)
out: the lead, in ROUTING when it is new: call core.lead_route    guard: lead_one_open    source: R40, R44$$;

create function core.lead_answered(l core.lead, p_answer text, p_at timestamptz) returns void
language plpgsql volatile as $$
begin
    insert into core.lead_answer (lead_id, ownership_id, dealer_id, answer, at) values (l.lead_id, l.ownership_id, l.dealer_id, p_answer, p_at)
    on conflict do nothing;
end $$;
comment on function core.lead_answered(core.lead, text, timestamptz) is 'What a dealer made of an offer; a reason given with a decline is there already.';

create function core.lead_declined(p_right bigint, p_reason text) returns void
language plpgsql volatile as $$
begin
    insert into core.lead_answer (lead_id, ownership_id, dealer_id, answer, reason, at)
    select l.lead_id, l.ownership_id, l.dealer_id, 'declined', left(p_reason, 400), core.now() from core.lead l where l.ownership_id = p_right
    on conflict do nothing;
end $$;
comment on function core.lead_declined(bigint, text) is 'Keep the reason of a decline for those who ask why the next dealer got it. source: R45, R48';

create function core.lead_note(l core.lead) returns core.lead
language plpgsql volatile as $$
declare o core.ownership; s core.ownership; h core.ownership_history; v_waits boolean;
begin
    if l.state not in ('OFFERED', 'ACCEPTED') then return l; end if;
    select * into o from core.ownership x where x.ownership_id = l.ownership_id;
    if o.ownership_id is null or o.state = 'CLOSED' then       -- merged or transferred: the lead follows the right that succeeds (R127)
        select * into s from core.ownership x where x.successor_of = l.ownership_id and x.state <> 'CLOSED'
          and x.party_id in (l.party_id, (select p.merged_into from core.party p where p.party_id = l.party_id)) and x.brand_id = l.brand_id and x.line = l.line;
        if s.ownership_id is not null then
            update core.lead x set ownership_id = s.ownership_id, dealer_id = nullif(s.dealer_id, 0) where x.lead_id = l.lead_id and s.dealer_id > 0 returning * into l;
            if found then o := s; end if;
        end if;
    end if;
    if o.ownership_id is null then                     -- the row has gone on to another right: the last word on ours is history
        select * into h from core.ownership_history x where x.party_id = l.party_id and x.brand_id = l.brand_id and x.line = l.line
          and x.ownership_id = l.ownership_id order by x.ver desc limit 1;
        o.state := 'CLOSED'; o.reason := coalesce(h.reason, 'merged'); o.changed_at := coalesce(h.valid_from, core.now());
    end if;
    if o.state = 'OFFERED' then return l; end if;
    if o.state <> 'CLOSED' then
        v_waits := o.first_contact_at is null and o.contact_until is not null;
        perform core.lead_answered(l, 'accepted', o.changed_at);
        update core.lead x set state = case when v_waits then 'ACCEPTED' else 'DONE' end, outcome = case when not v_waits then 'contacted' end,
            done_at = case when not v_waits then core.now() end
        where x.lead_id = l.lead_id returning * into l;
        return l;
    end if;
    perform core.lead_answered(l, case when o.reason in ('declined', 'not_accepted', 'no_contact') then o.reason::text else 'ended' end, o.changed_at);
    if o.reason not in ('declined', 'not_accepted', 'no_contact') then     -- lost, erased, transferred ...: nothing left to route
        update core.lead x set state = 'DONE', outcome = 'ended', done_at = core.now() where x.lead_id = l.lead_id returning * into l;
    else
        update core.lead x set state = 'ROUTING', tried = x.tried || x.dealer_id, refusals = x.refusals + 1, ownership_id = null, dealer_id = null
        where x.lead_id = l.lead_id returning * into l;
    end if;
    return l;
end $$;
comment on function core.lead_note(core.lead) is $$
Look what became of the offer of a locked lead: accepted, contacted, ended, or free to go on when the dealer refused it, let it pass or did
not call (P1, P2).    source: R45, D.2$$;

create function core.lead_follow(p_lead bigint, p_is_patient boolean default true) returns core.lead
language plpgsql volatile as $$
declare l core.lead := core.lead_lock(p_lead, p_is_patient);
begin
    if l.lead_id is null then return null; end if;
    l := core.lead_note(l);
    if l.state = 'OFFERED' and l.due_at <= core.now() and l.desk_at is null then return core.lead_to_desk(l, 'R45'); end if;
    return case when l.state = 'ROUTING' then core.lead_route(p_lead, p_is_patient) else l end;
end $$;
comment on function core.lead_follow(bigint, boolean) is 'core.lead_note, and the next candidate when the lead is free to go on. in: p_is_patient as core.lead_lock. source: R45';

create function core.lead_by_hand(p_party bigint, p_dealer int, p_brand smallint, p_line core.line, p_reason text) returns core.ownership
language plpgsql volatile as $$
declare l core.lead; i jsonb; d jsonb; o core.ownership;
begin
    l := core.lead_take(p_party, p_brand, p_line, 'router', p_reason);
    l := core.lead_note(core.lead_lock(l.lead_id, true));
    if l.state = 'OFFERED' and l.desk_at is not null then      -- its 24 hours are over: the router ends the offer that still waits (R45)
        select * into o from core.ownership x where x.ownership_id = l.ownership_id for update;
        perform core.right_close(o, 'not_accepted', 'not_accepted');
        l := core.lead_note(l);
    end if;
    if l.state = 'DONE' then l := core.lead_lock((core.lead_take(p_party, p_brand, p_line, 'router', p_reason)).lead_id, true); end if;
    if l.state not in ('ROUTING', 'DESK') then perform core.fail('ZC033'); end if;
    i := core.route_inputs(l); d := core.route_decide(i);       -- what the rules would have said stands beside what was done
    o := core.right_offer(p_party, p_dealer, p_brand, p_line, coalesce(nullif(l.source, ''), 'router'), l.interest);
    perform core.lead_decided(l, i, d, 8, 'R48', p_dealer, o.ownership_id, null, null, null, p_reason);
    update core.lead x set state = 'OFFERED', ownership_id = o.ownership_id, dealer_id = p_dealer, decisions = x.decisions + 1, desk_at = null, desk_rule = null,
        due_at = greatest(x.due_at, core.now() + make_interval(hours => core.policy_int('R45.desk')))      -- its hours begin anew with the router's word
    where x.lead_id = l.lead_id;
    return o;
end $$;
comment on function core.lead_by_hand(bigint, int, smallint, core.line, text) is $$
A router offers a person to a dealer, with a reason; a lead on the desk leaves it.
errors: ZC033 another offer runs (R44), ZC402, ZC035 as core.right_offer    source: R40.8, R44, R48$$;

create function core.lead_tick(p_limit int default 50) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare v_ids bigint[]; v_id bigint; n int := 0;
begin
    select array_agg(x.lead_id) into v_ids from (
        select l.lead_id from core.lead l left join core.ownership o on o.ownership_id = l.ownership_id
        where l.state = 'OFFERED' and (o.state is distinct from 'OFFERED' or (l.due_at <= core.now() and l.desk_at is null))
        union all
        select l.lead_id from core.lead l left join core.ownership o on o.ownership_id = l.ownership_id
        where l.state = 'ACCEPTED' and (o.state is distinct from 'ACTIVE' or o.first_contact_at is not null)
        union all
        select l.lead_id from core.lead l where l.state = 'ROUTING'
        limit p_limit) x;
    foreach v_id in array coalesce(v_ids, '{}') loop
        if (core.lead_follow(v_id, false)).lead_id is not null then n := n + 1; end if;
    end loop;
    return n;
end $$;
comment on function core.lead_tick(int) is $$
The clock's part of leads: refusals and timeouts pass on, answered ones are noted.
out: leads looked at    cost: one index probe a lead that is under way    source: R45$$;
