-- SPDX-License-Identifier: Apache-2.0
-- Leads: the router's pool and offers, a dealer's offers and first contacts; head office's own intake and assignment by hand.

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
declare o core.ownership; v_first int[]; v_names text[]; v_minutes int := core.policy_int('P1.accept');
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
        select core.policy_int('R35.refusal') * extract(epoch from d.closes_at - d.opens_at) / 60 into v_minutes
        from core.dealer d where d.dealer_id = p_dealer;
    end if;
    o := core.right_claim(p_party, p_brand, p_line, null, p_dealer, null, 'offer', jsonb_build_object(
        'accept_until', core.working_until(p_dealer, core.now(), v_minutes)), p_source, p_interest, true);
    if o.ownership_id is null then perform core.fail('ZC033'); end if;
    perform core.lead_announce(o);
    return o;
end $$;
comment on function core.right_offer(bigint, int, smallint, core.line, text, text) is $$
Offer a person to one dealer: P1 to accept, three working days to a dealer with the first refusal (R35).
errors: ZC402 the dealer does not hold brand and line, ZC035 with the names of the dealers to be asked first, ZC033 somebody holds
the right (R33, R44)$$;

create type api.lead as (right_id uuid, person_id uuid, name text, phone_masked text, brand_id int, line core.line, state core.right_state,
    accept_until timestamptz, contact_until timestamptz, since timestamptz, source text, interest text, seat_name text, dealer_name text, cursor_ text);

create function api.leads_list(p_limit int default null, p_after text default null) returns setof api.lead language sql stable begin atomic
    (select o.public_id, t.public_id, t.name, t.phone_masked, o.brand_id::int, o.line, o.state, o.accept_until,
        case when o.first_contact_at is null then o.contact_until end, o.since, o.source, o.interest, s.name, null::text,
        core.cursor_make(o.since::text, o.public_id)
     from core.ownership o join core.dealer_party t on t.dealer_id = o.dealer_id and t.party_id = o.party_id
     left join core.staff s on s.staff_id = o.seat_id
     where o.dealer_id = (select session.dealer())
       and (o.state = 'OFFERED' or (o.state = 'ACTIVE' and o.first_contact_at is null and o.contact_until is not null))
       and ((select session.role_bit()) = 16 or o.seat_id is null or o.seat_id = (select session.staff()))
       and o.since > coalesce(core.cursor_part(p_after, 1)::timestamptz, '-infinity')
     order by o.since limit least(coalesce(p_limit, 50), 100))
    union all
    (select o.public_id, p.public_id, p.name::text, c.phone_masked, o.brand_id::int, o.line, o.state, o.accept_until, o.contact_until, o.since,
        o.source, o.interest, null::text, d.name, core.cursor_make(o.since::text, o.public_id)
     from core.ownership o join core.party p on p.party_id = o.party_id join core.dealer d on d.dealer_id = o.dealer_id
     cross join lateral core.router_contacts(p.party_id) c
     where (select session.role_bit()) = 4
       and (o.state = 'OFFERED' or (o.state = 'ACTIVE' and o.first_contact_at is null and o.contact_until is not null))
       and o.since > coalesce(core.cursor_part(p_after, 1)::timestamptz, '-infinity')
     order by o.since limit least(coalesce(p_limit, 50), 100));
end;
comment on function api.leads_list is $$
Leads in the order they came: a dealer's offers and accepted ones without first contact; for a router those of the whole network.
out: name, masked phone, clocks accept_until (P1) and contact_until (P2)    rule: R40-R45, D.14    cost: one partial index $$;

create type api.lead_made as (person_id uuid, right_id uuid, accept_until timestamptz);

create function api.lead_add(p_name core.name_text, p_phone core.search_text, p_brand_id int, p_line core.line, p_interest core.short_text,
    p_source core.search_text, p_consent_evidence core.short_text, p_email core.short_text default null, p_city core.search_text default null,
    p_dealer_id uuid default null)
returns api.lead_made language plpgsql volatile security definer set search_path = '' as $$
declare v_data jsonb; taken core.party_taken; o core.ownership; r api.lead_made; v_dealer int;
begin
    if btrim(p_consent_evidence) = '' then perform core.fail('ZC400', 'consent_evidence'); end if;
    v_data := jsonb_build_object('kind', 'PERSON', 'name', p_name, 'phone', p_phone, 'email', p_email, 'city', p_city, 'brand_id', p_brand_id, 'line', p_line,
        'consent_evidence', p_consent_evidence);
    perform core.registration_check(0, v_data);
    if core.brand_of(p_brand_id::text) is null then perform core.fail('ZC402', 'brand_id'); end if;
    taken := core.party_take(0, session.staff(), v_data, 'hand');
    select p.public_id into r.person_id from core.party p where p.party_id = taken.party_id;
    if p_dealer_id is not null then
        select d.dealer_id into v_dealer from core.dealer d where d.public_id = p_dealer_id and d.dealer_id > 0;
        if v_dealer is null then perform core.fail('ZC402', 'dealer_id'); end if;
        -- R40.1: an existing right comes first, whatever was asked
        select x.* into o from core.ownership x where x.party_id = taken.party_id and x.brand_id = p_brand_id and x.line = p_line and x.state <> 'CLOSED' limit 1;
        if not found then o := core.right_offer(taken.party_id, v_dealer, p_brand_id::smallint, p_line, p_source, p_interest); end if;
        r.right_id := o.public_id; r.accept_until := o.accept_until;
    end if;
    perform core.ledger_add('lead.add', r.person_id::text, taken.party_id, 'R40', '{}', p_brand_id::smallint, p_line);
    return r;
end $$;
comment on function api.lead_add is $$
Take a lead at head office: match, store, and offer it to a dealer when one is named; an existing owner keeps it.
in: name, phone, email, city, brand_id, line, interest, source, consent_evidence, dealer_id
out: person_id, right_id, accept_until    errors: bad-field, missing-field, first-refusal    rule: R27, R35, R40 $$;

create type api.lead_assigned as (right_id uuid, state core.right_state, accept_until timestamptz);

create function api.right_assign(p_person_id uuid, p_dealer_id uuid, p_brand_id int, p_line core.line, p_reason core.short_text)
returns api.lead_assigned language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); v_dealer int; o core.ownership;
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    select d.dealer_id into v_dealer from core.dealer d where d.public_id = p_dealer_id and d.dealer_id > 0;
    if v_dealer is null then perform core.fail('ZC402', 'dealer_id'); end if;
    o := core.right_offer(v_party, v_dealer, p_brand_id::smallint, p_line, 'router', p_reason);
    perform core.ledger_add('lead.assign', o.public_id::text, v_party, 'R48', jsonb_build_object('reason', left(p_reason, 200)), p_brand_id::smallint, p_line);
    return row(o.public_id, o.state, o.accept_until)::api.lead_assigned;
end $$;
comment on function api.right_assign is $$
Offer a person of the pool to a dealer by hand, with the reason that answers "why this dealer?".
in: person_id, dealer_id, brand_id, line, reason    out: the offer with the end of P1 in working hours
errors: not-found, bad-field dealer_id, first-refusal, registration-conflict, reason-missing    rule: R35, R44, R48, P1 $$;
