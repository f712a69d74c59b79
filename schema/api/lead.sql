-- SPDX-License-Identifier: Apache-2.0
-- Leads: a dealer's offers and first contacts with their clocks; head office's intake, desk and assignment by hand.

create type api.lead as (right_id uuid, person_id uuid, name text, phone_masked text, brand_id int, line core.line, state core.right_state,
    accept_until timestamptz, contact_until timestamptz, since timestamptz, source text, interest text, seat_name text, dealer_name text,
    clock core.work_clock, lead_id uuid, is_desk boolean, due_at timestamptz, offers int, step int, rule text, cursor_ text);

create function api.leads_list(p_show text default null, p_limit int default null, p_after text default null)
returns setof api.lead language sql stable begin atomic
    (select o.public_id, t.public_id, t.name, t.phone_masked, o.brand_id::int, o.line, o.state, o.accept_until,
        case when o.first_contact_at is null then o.contact_until end, o.since, o.source, o.interest, s.name, null::text,
        core.work_clock(o.dealer_id, coalesce(o.accept_until, o.contact_until)), l.public_id, false, null::timestamptz, null::int, null::int, null::text,
        core.cursor_make(o.since::text, o.public_id)
     from core.ownership o join core.dealer_party t on t.dealer_id = o.dealer_id and t.party_id = o.party_id
     left join core.staff s on s.staff_id = o.seat_id left join core.lead l on l.ownership_id = o.ownership_id
     where o.dealer_id = (select session.dealer())
       and (o.state = 'OFFERED' or (o.state = 'ACTIVE' and o.first_contact_at is null and o.contact_until is not null)) and core.is_lead(o.source, o.accept_until)
       and ((select session.role_bit()) = 16 or o.seat_id is null or o.seat_id = (select session.staff()))
       and o.since > coalesce(core.cursor_part(p_after, 1)::timestamptz, '-infinity')
     order by o.since limit least(coalesce(p_limit, 50), 100))
    union all
    (select x.right_id, p.public_id, p.name::text, c.phone_masked, x.brand_id, x.line, x.state, x.accept_until, x.contact_until, x.since,
        x.source, x.interest, null::text, d.name, case when x.dealer_id is not null then core.work_clock(x.dealer_id, coalesce(x.accept_until, x.contact_until)) end,
        x.lead_id, x.is_desk, x.due_at, x.offers, n.step, n.rule, core.cursor_make(x.since::text, x.id)
     from ((select o.public_id as id, o.public_id as right_id, o.party_id, o.brand_id::int, o.line, o.state, o.accept_until, o.contact_until, o.since, o.source,
                o.interest, o.dealer_id, l.public_id as lead_id, l.lead_id as number, l.desk_at is not null as is_desk, l.due_at, l.decisions as offers
            from core.ownership o left join core.lead l on l.ownership_id = o.ownership_id
            where (select session.role_bit()) = 4 and (coalesce(p_show, 'open') <> 'desk' or l.desk_at is not null)
              and (o.state = 'OFFERED' or (o.state = 'ACTIVE' and o.first_contact_at is null and o.contact_until is not null)) and core.is_lead(o.source, o.accept_until)
              and o.since > coalesce(core.cursor_part(p_after, 1)::timestamptz, '-infinity')
            order by o.since limit least(coalesce(p_limit, 50), 100))
           union all
           (select l.public_id, null, l.party_id, l.brand_id, l.line, null, null, null, l.came_at, l.source, l.interest, null, l.public_id, l.lead_id,
                true, l.due_at, l.decisions
            from core.lead l
            where (select session.role_bit()) = 4 and l.state in ('DESK', 'ROUTING') and l.came_at > coalesce(core.cursor_part(p_after, 1)::timestamptz, '-infinity')
            order by l.came_at limit least(coalesce(p_limit, 50), 100))) x
     join core.party p on p.party_id = x.party_id left join core.dealer d on d.dealer_id = x.dealer_id
     cross join lateral core.router_contacts(p.party_id) c
     left join lateral (select r.step, r.rule from core.route_decision r where r.lead_id = x.number order by r.seq desc limit 1) n on true
     order by x.since limit least(coalesce(p_limit, 50), 100));
end;
comment on function api.leads_list is $$
Leads in the order they came: a dealer's offers and accepted ones without first contact; for a router those of the whole network and head
office's desk.
in: show desk = what waits for a router alone
out: name, masked phone, clocks accept_until (P1) and contact_until (P2), clock: the same in working time of the dealer {is_open, left_min,
    runs_from, runs_until}; for a router lead_id, is_desk, due_at (24 h), offers made, step and rule of the latest decision
rule: R10, R40-R45, D.14    cost: partial indexes of what is open $$;

create type api.lead_made as (person_id uuid, right_id uuid, accept_until timestamptz, lead_id uuid, state text, dealer_id uuid, rule text);

create function core.lead_shown(l core.lead) returns api.lead_made
language plpgsql stable as $$
declare r api.lead_made;
begin
    select p.public_id into r.person_id from core.party p where p.party_id = l.party_id;
    select o.public_id, o.accept_until into r.right_id, r.accept_until from core.ownership o
    where o.party_id = l.party_id and o.brand_id = l.brand_id and o.line = l.line and o.state <> 'CLOSED' limit 1;
    r.lead_id := l.public_id; r.state := l.state;
    select d.public_id into r.dealer_id from core.dealer d where d.dealer_id = l.dealer_id;
    select x.rule into r.rule from core.route_decision x where x.lead_id = l.lead_id order by x.seq desc limit 1;
    return r;
end $$;
comment on function core.lead_shown(core.lead) is 'A lead as its taker is told: who, where, by which rule.';

create function api.lead_add(p_name core.name_text, p_phone core.search_text, p_brand_id int, p_line core.line, p_interest core.short_text,
    p_source core.search_text, p_consent_evidence core.short_text, p_email core.short_text default null, p_city core.search_text default null,
    p_dealer_id uuid default null, p_region core.search_text default null, p_postal_code core.search_text default null,
    p_referrer_id uuid default null)
returns api.lead_made language plpgsql volatile security definer set search_path = '' as $$
declare v_data jsonb; taken core.party_taken; l core.lead; v_dealer int; v_brand smallint := core.brand_of(p_brand_id::text); v_referrer bigint; v_names text[];
begin
    if btrim(p_consent_evidence) = '' then perform core.fail('ZC400', 'consent_evidence'); end if;
    v_data := jsonb_build_object('kind', 'PERSON', 'name', p_name, 'phone', p_phone, 'email', p_email, 'city', p_city, 'brand_id', p_brand_id, 'line', p_line,
        'consent_evidence', p_consent_evidence);
    perform core.registration_check(0, v_data);
    if v_brand is null then perform core.fail('ZC402', 'brand_id'); end if;
    if p_postal_code !~ '^[0-9]{6}$' then perform core.fail('ZC402', 'postal_code'); end if;
    if p_region is not null and core.region_of(p_region) is null then perform core.fail('ZC402', 'region'); end if;
    if p_referrer_id is not null then
        v_referrer := core.party_of(p_referrer_id);
        if v_referrer is null then perform core.fail('ZC402', 'referrer_id'); end if;
    end if;
    if p_dealer_id is not null then
        select d.dealer_id into v_dealer from core.dealer d join core.dealer_brand b on b.dealer_id = d.dealer_id and b.brand_id = v_brand and b.line = p_line
        where d.public_id = p_dealer_id and d.dealer_id > 0 and d.is_active;
        if v_dealer is null then perform core.fail('ZC402', 'dealer_id'); end if;
    end if;
    taken := core.party_take(0, session.staff(), v_data, 'hand');
    l := core.lead_take(taken.party_id, v_brand, p_line, p_source, p_interest,
        jsonb_build_object('city', p_city, 'region', p_region, 'postal_code', p_postal_code), v_dealer, v_referrer);
    if v_dealer is not null and not exists (select from core.ownership o where o.party_id = l.party_id and o.brand_id = v_brand and o.line = p_line and o.state <> 'CLOSED') then
        select array_agg(f.name order by f.name) into v_names from core.first_refusal(l.party_id, v_brand, p_line) f
        having v_dealer <> all (array_agg(f.dealer_id));
        if v_names is not null then perform core.fail('ZC035', 'dealer_id', jsonb_build_object('dealers', v_names)); end if;
    end if;
    l := core.lead_follow(l.lead_id);
    perform core.ledger_add('lead.add', l.public_id::text, taken.party_id, 'R40', '{}', v_brand, p_line);
    return core.lead_shown(l);
end $$;
comment on function api.lead_add is $$
Take a lead at head office: match, store, and let the order of rules find its dealer; an existing owner keeps the person, and where no dealer is
found the lead is on the desk.
in: name, phone, email, city, region, postal_code, brand_id, line, interest, source, consent_evidence; dealer_id the dealer the customer
    named; referrer_id the person who sent him
out: person_id, lead_id, its state, right_id, accept_until, dealer_id, rule    errors: bad-field, missing-field, first-refusal
rule: R27, R35, R39, R40-R44 $$;

create type api.lead_assigned as (right_id uuid, state core.right_state, accept_until timestamptz);

create function core.dealer_of(p_public uuid) returns int
language plpgsql stable as $$
declare v int;
begin
    select d.dealer_id into v from core.dealer d where d.public_id = p_public and d.dealer_id > 0;
    if v is null then perform core.fail('ZC402', 'dealer_id'); end if;
    return v;
end $$;
comment on function core.dealer_of(uuid) is 'Number of a dealer by its public id. errors: ZC402 dealer_id';

create function api.right_assign(p_person_id uuid, p_dealer_id uuid, p_brand_id int, p_line core.line, p_reason core.short_text)
returns api.lead_assigned language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); v_dealer int; o core.ownership;
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    v_dealer := core.dealer_of(p_dealer_id);
    if core.brand_of(p_brand_id::text) is null then perform core.fail('ZC402', 'brand_id'); end if;
    o := core.lead_by_hand(v_party, v_dealer, p_brand_id::smallint, p_line, p_reason);
    perform core.ledger_add('lead.assign', o.public_id::text, v_party, 'R48', jsonb_build_object('reason', left(p_reason, 200)), p_brand_id::smallint, p_line);
    return row(o.public_id, o.state, o.accept_until)::api.lead_assigned;
end $$;
comment on function api.right_assign is $$
Offer a person of the pool to a dealer by hand, with the reason that answers "why this dealer?".
in: person_id, dealer_id, brand_id, line, reason    out: the offer with the end of P1 in working hours
errors: not-found, bad-field dealer_id, first-refusal, registration-conflict, reason-missing    rule: R35, R44, R48, P1 $$;

create function core.lead_of(p_public uuid) returns core.lead
language plpgsql stable as $$
declare l core.lead;
begin
    select * into l from core.lead x where x.public_id = p_public;
    if l.lead_id is null then perform core.fail('ZC404'); end if;
    return l;
end $$;
comment on function core.lead_of(uuid) is 'A lead by its public id. errors: ZC404';

create function api.lead_assign(p_lead_id uuid, p_dealer_id uuid, p_reason core.short_text) returns api.lead_assigned
language plpgsql volatile security definer set search_path = '' as $$
declare l core.lead := core.lead_of(p_lead_id); o core.ownership;
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    o := core.lead_by_hand(l.party_id, core.dealer_of(p_dealer_id), l.brand_id, l.line, p_reason);
    perform core.ledger_add('lead.assign', o.public_id::text, l.party_id, 'R48', jsonb_build_object('reason', left(p_reason, 200)), l.brand_id, l.line);
    return row(o.public_id, o.state, o.accept_until)::api.lead_assigned;
end $$;
comment on function api.lead_assign is $$
Offer a lead of the desk to a dealer by hand.    in: lead_id, dealer_id, reason    out: the offer
errors: not-found, bad-field dealer_id, first-refusal, registration-conflict when another offer runs, reason-missing    rule: R44, R45, R48 $$;

create function api.lead_drop(p_lead_id uuid, p_reason core.short_text) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare l core.lead := core.lead_of(p_lead_id);
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    l := core.lead_lock(l.lead_id, true);
    l := core.lead_note(l);
    if l.state not in ('DESK', 'ROUTING') then perform core.fail('ZC045', null, jsonb_build_object('state', l.state)); end if;
    update core.lead x set state = 'DONE', outcome = 'dropped', done_at = core.now() where x.lead_id = l.lead_id;
    perform core.ledger_add('lead.drop', p_lead_id::text, l.party_id, 'R45', jsonb_build_object('reason', left(p_reason, 200)), l.brand_id, l.line);
end $$;
comment on function api.lead_drop is $$
End a lead of the desk without a dealer, with a reason; the person stays in the pool.
in: lead_id, reason    errors: not-found, reason-missing, lead-not-on-desk    rule: R45 $$;
