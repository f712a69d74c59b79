-- SPDX-License-Identifier: Apache-2.0
-- What may happen to the term of a right besides activities: extension (R53), parking (R55), a close taken back (R19), and a right that
-- never was (R38). Nothing here writes an expiry that a rule does not give (R59).

create function core.right_extend_approved(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; a core.approval; v_limit timestamptz;
begin
    select x.* into a from core.approval x where x.approval_id = p_approval;
    select x.* into o from core.ownership x where x.public_id = p_subject for update;
    if o.ownership_id is null or o.state <> 'ACTIVE' or o.extended_at is not null or o.limit_until is null then
        perform core.fail('ZC053', null, jsonb_build_object('state', coalesce(o.state::text, 'CLOSED')));
    end if;
    v_limit := core.term_end(o.dealer_id, o.limit_until - interval '1 second', core.policy_int('P4.' || o.line));
    o.limit_until := v_limit;
    o.protect_until := greatest(o.protect_until, least(v_limit, core.day_end(o.dealer_id, (a.detail ->> 'next_on')::date)));
    o.extended_at := core.now();
    o := core.right_change(o, 'extend');
    perform core.notify(o.seat_id, 'N6', p.public_id::text, o.ownership_id || ':extended') from core.party p
    where p.party_id = o.party_id and o.seat_id is not null;
end $$;
comment on function core.right_extend_approved(uuid, bigint) is $$
The extension that head office granted: the longest term grows by P4, once, and the protection reaches the dated next step.
errors: ZC053 the right ended meanwhile or was extended before    source: R53$$;

create function core.right_park(p_row core.ownership, p_on date) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare o core.ownership := p_row; v_today date := core.dealer_local_on(p_row.dealer_id, core.now());
begin
    if o.state <> 'ACTIVE' then perform core.fail('ZC011', null, jsonb_build_object('state', o.state, 'event', 'park')); end if;
    if o.parked_on is not null then perform core.fail('ZC055', null, jsonb_build_object('parked_on', o.parked_on)); end if;
    if p_on <= v_today or p_on > v_today + core.policy_int('R55.longest') then
        perform core.fail('ZC055', 'on', jsonb_build_object('until', v_today + core.policy_int('R55.longest')));
    end if;
    o.parked_on := p_on;
    o.protect_until := core.day_end(o.dealer_id, p_on + core.policy_int('R55.after'));
    o.limit_until := greatest(o.limit_until, o.protect_until);
    o.first_contact_at := coalesce(o.first_contact_at, core.now());       -- he was spoken to
    return core.right_change(o, 'park');
end $$;
comment on function core.right_park(core.ownership, date) is $$
Park a right until the day the client named: it ends 14 days after it, nobody markets before it (core.is_parked), once in its life.
errors: ZC011 not active, ZC055 parked before, or a day not within 180 days    source: R55$$;

create function core.is_parked(p_party bigint, p_brand smallint) returns boolean
language plpgsql stable as $$
begin
    return exists (select from core.ownership o where o.party_id = p_party and o.state = 'ACTIVE' and o.parked_on is not null
        and (p_brand is null or o.brand_id = p_brand) and core.now() < core.day_end(o.dealer_id, o.parked_on - 1));
end $$;
comment on function core.is_parked(bigint, smallint) is 'Whether the client asked to be left in peace until a day that has not come. in: party; brand, NULL = any. source: R55';

create function core.right_reopen(p_row core.ownership) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare made core.ownership; j core.judgement_of_claim; o core.ownership := p_row;
begin
    if o.state <> 'CLOSED' or o.reason <> 'lost' or o.changed_by is distinct from session.staff()
       or o.changed_at <= core.now() - make_interval(hours => core.policy_int('R19.undo')) - core.outage_since(o.changed_at)      -- R17
       or exists (select from core.ownership_history h where h.party_id = o.party_id and h.brand_id = o.brand_id and h.line = o.line
                  and h.ownership_id = o.ownership_id and h.event = 'reopen') then
        perform core.fail('ZC019');
    end if;
    perform 1 from core.party p where p.party_id = o.party_id for no key update;
    j := core.claim_judge(array[o.party_id], o.brand_id, o.line, o.vehicle_id, o.dealer_id);
    if j.verdict <> 'FREE' then perform core.fail('ZC019', null, jsonb_build_object('verdict', j.verdict)); end if;
    if o.seat_id is not null then perform core.seat_guard(o.seat_id); end if;
    made := core.right_claim(o.party_id, o.brand_id, o.line, o.vehicle_id, o.dealer_id, o.seat_id, 'reopen', jsonb_build_object(
        'protect_until', o.protect_until, 'limit_until', o.limit_until, 'registered_at', o.registered_at, 'first_contact_at', o.first_contact_at,
        'successor_of', o.ownership_id, 'manual_run', o.manual_run, 'prolonged_on', o.prolonged_on, 'extended_at', o.extended_at, 'parked_on', o.parked_on), o.source, o.interest);
    if made.ownership_id is null then perform core.fail('ZC019'); end if;
    perform core.stage_follow(o.ownership_id, made);
    return made;
end $$;
comment on function core.right_reopen(core.ownership) is $$
Take back one's own mistaken close: a successor with the same expiry, within 24 hours, once, while the person is free.
in: the closed right, locked    errors: ZC019    source: R19$$;

create function core.right_unheld(p_row core.ownership, p_at timestamptz default core.now()) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare o core.ownership := p_row;
begin
    o.state := 'ACTIVE';
    o.protect_until := least(core.term_end(o.dealer_id, p_at, core.policy_int('P4.' || o.line)), greatest(o.limit_until, p_at));
    return core.right_change(o, 'cancel_order');
end $$;
comment on function core.right_unheld(core.ownership, timestamptz) is
'The last order of a held right is called off: active again for P4 from then, never beyond P5. in: the right, locked. errors: ZC011 when no order holds it. source: R83, P7';

create function core.right_void(p_row core.ownership, p_kind text default 'void', p_subject text default null) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare o core.ownership := p_row; v_seat bigint := p_row.seat_id;
begin
    if o.state not in ('DISPUTED', 'PENDING', 'CLOSED') then              -- a void is a decision, and a decision is taken in a dispute (D.2)
        o.state := 'DISPUTED'; o.accept_until := null; o.contact_until := null;
        o := core.right_change(o, 'dispute');
    end if;
    if o.state <> 'CLOSED' then
        o.is_void := true;
        o := core.right_close(o, 'void', 'conflict');
    end if;
    -- reversed: what it had taken from others
    perform core.campaign_right_lost(array[o.party_id]);
    perform core.credit_void(p_row);
    insert into core.seat_mark (dealer_id, staff_id, kind, ownership_id, subject, rule)
    values (o.dealer_id, coalesce(v_seat, (select h.staff_id from core.ownership_history h where h.party_id = o.party_id and h.brand_id = o.brand_id
        and h.line = o.line and h.ownership_id = o.ownership_id and h.ver = 1)), p_kind, o.ownership_id, p_subject, 'R38');
    return o;
end $$;
comment on function core.right_void(core.ownership, text, text) is $$
A right that false evidence got never was: closed with valid time from its own beginning, its campaign locks let go, its credit reversed, a mark against the seat.
in: the right, locked, in any state; p_kind of the mark; p_subject what was false (public id)
out: the closed right; the person is free    source: R38$$;

create function core.lost_follow(p_row core.ownership) returns void
language plpgsql volatile set search_path = '' as $$
begin
    insert into core.follow_up (kind, party_id, dealer_id, ownership_id, brand_id, line, due_on)
    select k.kind, p_row.party_id, p_row.dealer_id, p_row.ownership_id, p_row.brand_id, p_row.line, k.due_on
    from (values ('bought_in_network', 'credit_check', core.today()),
                 ('bought_other_brand', 'recontact', (core.today() + make_interval(months => core.policy_int('R57.recontact')))::date),
                 ('wrong_contact', 'contact_check', core.today())) k(lost, kind, due_on)
    where k.lost = p_row.lost::text on conflict do nothing;
    if p_row.lost = 'wrong_contact' then
        perform core.notify_role('steward', 0, 'N3', p.public_id::text, p_row.ownership_id::text) from core.party p where p.party_id = p_row.party_id;
    end if;
end $$;
comment on function core.lost_follow(core.ownership) is $$
What a lost reason leaves to head office: a check of credit (R84), a plan to contact again, a contact to be corrected.
in: the right just closed    source: R57$$;
