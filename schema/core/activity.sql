-- SPDX-License-Identifier: Apache-2.0
-- The protection clock's fuel: what happened with a client, whether it counts (R50, R51, R54), and how far it carries (R52).

create function core.is_two_sided(p_kind core.interaction_kind) returns boolean
language sql immutable as $$
select p_kind in ('CALL_OUT', 'CALL_IN', 'MAIL_IN', 'SMS_IN', 'VISIT', 'TEST_DRIVE', 'OFFER', 'APPRAISAL', 'CREDIT', 'ORDER', 'DEPOSIT', 'APPOINTMENT') $$;
comment on function core.is_two_sided(core.interaction_kind) is 'Kinds in which the client takes part: they count as first contact; mail, notes and greetings do not (R51).';

create function core.is_customer_initiated(p_kind core.interaction_kind) returns boolean
language sql immutable as $$ select p_kind in ('CALL_IN', 'MAIL_IN', 'SMS_IN', 'VISIT', 'APPOINTMENT', 'ORDER', 'DEPOSIT') $$;
comment on function core.is_customer_initiated(core.interaction_kind) is 'What brings a right back from grace (D.2).';

create function core.is_of_line(p_kind core.interaction_kind, p_line core.line) returns boolean
language sql immutable as $$
select case when p_kind = 'APPOINTMENT' then p_line in ('SERVICE', 'PARTS')
            when p_kind in ('TEST_DRIVE', 'OFFER', 'APPRAISAL', 'CREDIT', 'ORDER', 'DEPOSIT') then p_line not in ('SERVICE', 'PARTS')
            else true end $$;
comment on function core.is_of_line(core.interaction_kind, core.line) is 'Which lines an activity speaks of: an appointment is service, a test drive is sales, a call may be either.';

create type core.activity_result as (interaction_id bigint, public_id uuid, is_qualifying boolean, protect_until timestamptz, rule text);
comment on type core.activity_result is 'A kept activity; rule says why it counted or not.';

create function core.activity_right(p_row core.ownership, p_kind core.interaction_kind, p_at timestamptz, p_is_counted boolean, p_has_evidence boolean)
returns core.ownership language plpgsql volatile set search_path = '' as $$
declare o core.ownership := p_row; local_on date := core.dealer_local_on(o.dealer_id, p_at);
begin
    if o.state = 'ACTIVE' and o.contact_until is not null and o.first_contact_at is null and core.is_two_sided(p_kind) then
        o.first_contact_at := p_at;                                             -- P2 is met, whether or not it prolongs
    end if;
    if p_is_counted and (p_has_evidence or o.manual_run < core.policy_int('R54.manual') or o.prolonged_on = local_on) then
        o.protect_until := least(greatest(o.protect_until, core.term_end(o.dealer_id, p_at, core.policy_int('P4.' || o.line))), o.limit_until);
        if p_has_evidence then o.manual_run := 0;
        elsif o.prolonged_on is distinct from local_on then o.manual_run := o.manual_run + 1; end if;
        o.prolonged_on := greatest(o.prolonged_on, local_on);
        if o.state = 'GRACE' and o.protect_until > core.now() then o.state := 'ACTIVE'; end if;
    end if;
    if (o.state, o.first_contact_at, o.protect_until, o.manual_run, o.prolonged_on)
       is distinct from (p_row.state, p_row.first_contact_at, p_row.protect_until, p_row.manual_run, p_row.prolonged_on)
       and o.state in ('ACTIVE', 'HELD', 'CUSTOMER') then
        o := core.right_change(o, 'activity');
    end if;
    return o;
end $$;
comment on function core.activity_right(core.ownership, core.interaction_kind, timestamptz, boolean, boolean) is $$
What an activity does to one right: the first contact, a later expiry (never beyond P5), the way back from grace.
in: p_is_counted it qualifies; p_has_evidence else at most two manual ones in a row prolong    source: R52, R54, D.2$$;

create function core.activity_add(p_party bigint, p_dealer int, p_staff bigint, p_kind core.interaction_kind, p_at timestamptz, p_text text,
    p_evidence text, p_campaign bigint default null) returns core.activity_result
language plpgsql volatile security definer set search_path = '' as $$
declare
    r core.activity_result; o core.ownership; after core.ownership; at timestamptz := coalesce(p_at, core.now());
    has_evidence boolean := coalesce(btrim(p_evidence), '') <> ''; counted boolean; moved boolean := false; kept boolean := false;
    rights bigint[] := '{}'; longer bigint[] := '{}'; before timestamptz[] := '{}'; v_stage smallint;
begin
    if at > core.now() + interval '5 minutes' or at < core.now() - interval '3 years' then perform core.fail('ZC054', 'at'); end if;
    counted := core.is_two_sided(p_kind) and (has_evidence or p_kind not in ('CALL_OUT', 'CALL_IN'));
    r.rule := case when counted then 'R50' else 'R51' end;
    if counted and at < core.now() - make_interval(hours => core.policy_int('P21.backdate'))
       and at < core.now() - make_interval(hours => core.policy_int('P21.backdate')) - core.outage_since(at) then counted := false; r.rule := 'R54'; end if;      -- R17
    for o in select x.* from core.ownership x where x.party_id = p_party and x.dealer_id = p_dealer
             and x.state in ('ACTIVE', 'GRACE') and core.is_of_line(p_kind, x.line) order by x.ownership_id for update loop
        if o.state = 'GRACE' and not (counted and core.is_customer_initiated(p_kind)) then continue; end if;
        after := core.activity_right(o, p_kind, at, counted, has_evidence);
        kept := true; rights := rights || o.ownership_id;
        if after.protect_until > o.protect_until then longer := longer || o.ownership_id; before := before || o.protect_until; end if;
        moved := moved or after.prolonged_on is not distinct from core.dealer_local_on(p_dealer, at);
        r.protect_until := greatest(r.protect_until, after.protect_until);
    end loop;
    if counted and kept and not moved then counted := false; r.rule := 'R54'; end if;
    r.is_qualifying := counted;
    insert into core.interaction (party_id, dealer_id, staff_id, kind, at, is_manual, is_qualifying, evidence, text, campaign_id)
    values (p_party, p_dealer, p_staff, p_kind, at, not has_evidence, counted, left(nullif(btrim(p_evidence), ''), 400), p_text, p_campaign)
    returning interaction_id, public_id into r.interaction_id, r.public_id;
    v_stage := core.stage_of_kind(p_kind, counted);
    if v_stage is not null and cardinality(rights) > 0 then perform core.stage_reach(rights, p_dealer, v_stage, at); end if;
    if counted and not has_evidence then perform core.sample_take(r.interaction_id, r.public_id, p_party, p_dealer, p_staff, longer, before); end if;
    update core.dealer_party t set updated_at = core.now() where t.dealer_id = p_dealer and t.party_id = p_party;
    perform core.ledger_add('interaction.add', r.public_id::text, p_party, r.rule, jsonb_build_object('kind', p_kind, 'counts', counted));
    return r;
end $$;
comment on function core.activity_add(bigint, int, bigint, core.interaction_kind, timestamptz, text, text, bigint) is $$
Keep an activity and let it move the dealer's rights of its line.
in: p_at when it happened, default now; p_evidence call id, agreement or document number
out: is_qualifying, the latest expiry, rule R50 counts, R51 does not by kind, R54 late or too many manual ones
errors: ZC054 in the future or older than three years    source: R50-R54, P21$$;
