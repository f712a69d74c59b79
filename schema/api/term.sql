-- SPDX-License-Identifier: Apache-2.0
-- The clock of one right as its owner sees it (R58), and what he may do about it: extend (R53), park (R55), take a close back (R19).

create type api.protection as (id uuid, state core.right_state, version int, registered_at timestamptz, protect_until timestamptz, limit_until timestamptz,
    days_left int, used_share numeric, parked_on date, can_park boolean, park_latest_on date, extended_at timestamptz, can_extend boolean,
    extension json, manual_left int, would_prolong json, prolongs_until timestamptz, policy_from timestamptz, grace_until timestamptz);

create function api.protection_get(p_right_id uuid) returns api.protection language plpgsql stable as $$
declare o core.ownership; r api.protection; v_today date;
begin
    select x.* into o from core.ownership x where x.public_id = p_right_id and x.dealer_id = session.dealer() and x.state <> 'CLOSED';
    if o.ownership_id is null or core.level_for(o.party_id) = 'NONE' then return null; end if;
    v_today := core.dealer_local_on(o.dealer_id, core.now());
    r.id := o.public_id; r.state := o.state; r.version := o.ver; r.registered_at := o.registered_at; r.protect_until := o.protect_until;
    r.limit_until := o.limit_until; r.parked_on := o.parked_on; r.extended_at := o.extended_at;
    r.days_left := case when o.state in ('ACTIVE', 'CUSTOMER', 'HELD') then
        greatest(0, core.dealer_local_on(o.dealer_id, o.protect_until - interval '1 second') - v_today) end;
    r.used_share := case when o.limit_until > o.registered_at then round((extract(epoch from core.now() - o.registered_at)
        / extract(epoch from o.limit_until - o.registered_at))::numeric, 3) end;
    r.can_park := o.state = 'ACTIVE' and o.parked_on is null;
    r.park_latest_on := v_today + core.policy_int('R55.longest');
    r.extension := core.extension_of(o.public_id);
    r.can_extend := o.state = 'ACTIVE' and o.extended_at is null and o.limit_until is not null and r.extension is null;
    r.manual_left := greatest(0, core.policy_int('R54.manual') - o.manual_run);
    r.grace_until := case when o.state = 'GRACE' then o.free_from end;
    if o.state in ('ACTIVE', 'GRACE') then
        r.prolongs_until := least(greatest(o.protect_until, core.term_end(o.dealer_id, core.now(), core.policy_int('P4.' || o.line))), o.limit_until);
        r.would_prolong := (select json_agg(json_build_object('kind', k.kind, 'needs_evidence', k.kind in ('CALL_IN', 'CALL_OUT') or r.manual_left = 0)
                                order by k.kind)
            from unnest(enum_range(null::core.interaction_kind)) k(kind)
            where core.is_two_sided(k.kind) and core.is_of_line(k.kind, o.line) and (o.state = 'ACTIVE' or core.is_customer_initiated(k.kind)));
    end if;
    r.policy_from := (select max(p.valid_from) from core.policy p where p.valid_from <= core.now());
    return r;
end $$;
comment on function api.protection_get is $$
The clock of one's own right: days left, used share of the longest term, which activities would prolong it and until when, whether it may
be parked or extended.
in: right_id    out: grace_until - then others may have him (R15); needs_evidence - without a call id or document it would not count (R54)    errors: not-found    rule: R50-R55, R58 $$;

create function core.extension_of(p_right uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    return (select json_build_object('asked_at', a.asked_at, 'until_at', a.until_at, 'next_on', a.detail ->> 'next_on', 'next_step', a.detail ->> 'next_step')
        from core.approval a where a.kind = 'extension' and a.subject = p_right and a.state = 'ASKED' and a.until_at > core.now());
end $$;
comment on function core.extension_of(uuid) is 'The request for an extension that waits for head office, or NULL. Callers have checked the right. source: R53';

create type api.extension_asked as (approval_id uuid, until_at timestamptz);

create function api.right_extend(p_right_id uuid, p_reason core.short_text, p_next_step core.short_text, p_next_on date)
returns api.extension_asked language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership := core.right_own(p_right_id); r api.extension_asked; v_most timestamptz;
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    if btrim(p_next_step) = '' then perform core.fail('ZC400', 'next_step'); end if;
    if o.state <> 'ACTIVE' or o.extended_at is not null or o.limit_until is null then
        perform core.fail('ZC053', null, jsonb_build_object('state', o.state, 'extended_at', o.extended_at));
    end if;
    v_most := core.term_end(o.dealer_id, o.limit_until - interval '1 second', core.policy_int('P4.' || o.line));
    if p_next_on <= core.dealer_local_on(o.dealer_id, core.now()) or core.day_end(o.dealer_id, p_next_on) > v_most then
        perform core.fail('ZC053', 'next_on', jsonb_build_object('until', core.dealer_local_on(o.dealer_id, v_most - interval '1 second')));
    end if;
    r.approval_id := core.approval_ask('extension', o.public_id, jsonb_build_object('next_on', p_next_on, 'next_step', left(p_next_step, 200),
        'reason', left(p_reason, 200), 'limit_until', o.limit_until, 'would_be', v_most));
    -- silence of head office for two working days is a refusal
    update core.approval a set until_at = core.working_until(0, core.now(),
        (core.policy_int('R53.answer') * extract(epoch from d.closes_at - d.opens_at) / 60)::int)
    from core.dealer d where d.dealer_id = 0 and a.public_id = r.approval_id returning a.until_at into r.until_at;
    return r;
end $$;
comment on function api.right_extend is $$
Ask head office to extend the longest term by P4, once, with a reason and a dated next step; no answer in two working days is a refusal.
in: right_id; reason; next_step; next_on - its day, inside the new term    out: approval_id; until_at
errors: not-found, not-owner, extension-refused, approval-open, reason-missing    rule: R53 $$;

create function api.right_park(p_right_id uuid, p_on date, p_note core.short_text) returns api.right_state
language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership := core.right_own(p_right_id);
begin
    if btrim(p_note) = '' then perform core.fail('ZC400', 'note'); end if;
    o := core.right_park(o, p_on);
    insert into core.interaction (party_id, dealer_id, staff_id, kind, at, text) values (o.party_id, o.dealer_id, session.staff(), 'NOTE', core.now(), p_note);
    insert into core.task (dealer_id, seat_id, party_id, kind, title, due_at, created_by)
    values (o.dealer_id, o.seat_id, o.party_id, 'call', case when session.lang() = 'en' then 'Call as the client asked' else 'Позвонить, как просил клиент' end,
        core.working_until(o.dealer_id, core.day_end(o.dealer_id, p_on - 1), 60), session.staff());
    perform core.campaign_right_lost(array[o.party_id]);                -- no marketing until that day
    return core.right_shown(o);
end $$;
comment on function api.right_park is $$
The client asked to be called on a later day: no marketing until then, protection until 14 days after, once in the life of a right; a task
is made for that day.
in: right_id; on - at most 180 days ahead; note - what he said    out: the right
errors: not-found, not-owner, transition-refused, parking-refused, missing-field    rule: R55 $$;

create function api.right_reopen(p_right_id uuid) returns api.right_state
language plpgsql volatile security definer set search_path = '' as $$
declare o core.ownership;
begin
    select x.* into o from core.ownership x where x.public_id = p_right_id and x.dealer_id = session.dealer() for update;
    if o.ownership_id is null then perform core.fail('ZC404'); end if;
    return core.right_shown(core.right_reopen(o));
end $$;
comment on function api.right_reopen is $$
Take one's own mistaken close back: a new right with the same expiry, within 24 hours, once, while the person is free.
in: right_id of the closed right    out: the new right    errors: not-found, reopen-refused, seat-limit    rule: R19 $$;
