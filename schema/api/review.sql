-- SPDX-License-Identifier: Apache-2.0
-- Head office's control desk: registrations to be looked at (R32), activities to be asked about (R56), what lost reasons leave (R57).

create type api.review as (id uuid, person_id uuid, person_name text, other_id uuid, other_name text, dealer_name text, staff_name text, brand_id int,
    line core.line, reasons text[], state text, at timestamptz, until_at timestamptz, note text, decided_by text, decided_at timestamptz, cursor_ text);

create function api.reviews_list(p_state text default null, p_limit int default null, p_after text default null)
returns setof api.review language sql stable security definer set search_path = '' as $$
    select r.public_id, p.public_id, p.name, q.public_id, q.name, d.name, s.name, r.brand_id::int, r.line, r.reasons, r.state, r.at, r.until_at,
        r.note::text, f.name, r.decided_at, r.review_id::text
    from core.review r join core.party p on p.party_id = r.party_id left join core.party q on q.party_id = r.other_id
    join core.dealer d on d.dealer_id = r.dealer_id left join core.staff s on s.staff_id = r.staff_id left join core.staff f on f.staff_id = r.decided_by
    where session.role_bit() in (4, 1024) and r.state = coalesce(p_state, 'OPEN')
      and (coalesce(nullif(p_after, '')::bigint, 0) = 0 or case when coalesce(p_state, 'OPEN') = 'OPEN' then r.review_id > p_after::bigint else r.review_id < p_after::bigint end)
    order by case when coalesce(p_state, 'OPEN') = 'OPEN' then r.review_id else -r.review_id end
    limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.reviews_list is $$
Registrations that wait for a look, oldest first: two keys of somebody with another name, a large fleet, patterns of abuse.
in: state OPEN (default), STANDS, REFUSED, EXPIRED    out: persons by name, no contacts; until_at - then the claim stands    rule: R32, R151 $$;

create type api.review_decided as (id uuid, state text, right_state core.right_state);

create function api.review_decide(p_review_id uuid, p_decision text, p_note core.short_text)
returns api.review_decided language plpgsql volatile security definer set search_path = '' as $$
declare r core.review; o core.ownership; v_state text := case p_decision when 'stands' then 'STANDS' when 'refuse' then 'REFUSED' end;
begin
    if v_state is null then perform core.fail('ZC402', 'decision'); end if;
    if btrim(p_note) = '' then perform core.fail('ZC057', 'note'); end if;
    select x.* into r from core.review x where x.public_id = p_review_id for update;
    if r.review_id is null then perform core.fail('ZC404'); end if;
    select x.* into o from core.ownership x where x.ownership_id = r.ownership_id for update;
    if r.state <> 'OPEN' or o.state is distinct from 'PENDING' then perform core.fail('ZC032', null, jsonb_build_object('state', r.state)); end if;
    update core.review x set state = v_state, note = p_note, decided_by = session.staff(), decided_at = core.now() where x.review_id = r.review_id;
    if v_state = 'STANDS' then
        o.state := 'ACTIVE'; o.accept_until := null;
        o := core.right_change(o, 'checked');
    elsif r.reasons && '{sequence,one_phone,night}' then
        o := core.right_void(o, 'review_refused', r.public_id::text);
    else
        o := core.right_close(o, 'conflict', 'conflict');
    end if;
    perform core.notify(t.staff_id, 'N4', p.public_id::text, r.public_id::text) from core.party p, core.staff t
    where p.party_id = o.party_id and t.is_active and (t.staff_id = r.staff_id or (r.staff_id is null and t.dealer_id = r.dealer_id and t.role = 'manager'));
    perform core.ledger_add('review.' || lower(v_state), r.public_id::text, r.party_id, 'R32', jsonb_build_object('reasons', r.reasons), r.brand_id, r.line);
    return row(r.public_id, v_state, o.state)::api.review_decided;
end $$;
comment on function api.review_decide is $$
Let a registration stand, or refuse it: a conflict of persons is closed, a pattern of abuse never was a right and counts against the seat.
in: review_id; decision stands | refuse; note - why    out: what became of it
errors: not-found, review-ended, bad-field, reason-missing    rule: R32, R38 $$;

create type api.sample as (id uuid, person_id uuid, person_name text, dealer_name text, staff_name text, kind core.interaction_kind, happened_at timestamptz,
    state text, at timestamptz, note text, decided_at timestamptz, cursor_ text);

create function api.samples_list(p_state text default null, p_limit int default null, p_after text default null)
returns setof api.sample language sql stable security definer set search_path = '' as $$
    select s.public_id, p.public_id, p.name, d.name, f.name, i.kind, i.at, s.state, s.at, s.note::text, s.decided_at, s.sample_id::text
    from core.sample s join core.interaction i on i.interaction_id = s.interaction_id join core.party p on p.party_id = s.party_id
    join core.dealer d on d.dealer_id = s.dealer_id left join core.staff f on f.staff_id = s.staff_id
    where session.role_bit() in (4, 1024) and s.state = coalesce(p_state, 'OPEN') and s.sample_id > coalesce(nullif(p_after, '')::bigint, 0)
    order by s.sample_id limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.samples_list is $$
Activities entered by hand that head office asks the client about: did it happen? A share of those that prolonged a right.
in: state OPEN (default), TRUE, FALSE, UNREACHED    out: person, dealer, seat, what and when; contacts are opened on the record with a reason    rule: R56, R137 $$;

create type api.sample_decided as (id uuid, state text, shortened int);

create function api.sample_decide(p_sample_id uuid, p_answer text, p_note core.short_text default null)
returns api.sample_decided language plpgsql volatile security definer set search_path = '' as $$
declare s core.sample; n int := 0; v_state text := case p_answer when 'true' then 'TRUE' when 'false' then 'FALSE' when 'unreached' then 'UNREACHED' end;
begin
    if v_state is null then perform core.fail('ZC402', 'answer'); end if;
    if v_state = 'FALSE' and coalesce(btrim(p_note), '') = '' then perform core.fail('ZC057', 'note'); end if;
    select x.* into s from core.sample x where x.public_id = p_sample_id for update;
    if s.sample_id is null then perform core.fail('ZC404'); end if;
    if s.state <> 'OPEN' then perform core.fail('ZC032', null, jsonb_build_object('state', s.state)); end if;
    update core.sample x set state = v_state, note = p_note, decided_by = session.staff(), decided_at = core.now() where x.sample_id = s.sample_id;
    if v_state = 'FALSE' then n := core.sample_void(s); end if;
    perform core.ledger_add('sample.' || lower(v_state), s.public_id::text, s.party_id, 'R56', jsonb_build_object('shortened', n));
    return row(s.public_id, v_state, n)::api.sample_decided;
end $$;
comment on function api.sample_decide is $$
Keep what the client answered; a false activity no longer counts, its prolongation is taken back and marked against the seat.
in: sample_id; answer true | false | unreached; note, needed for false    out: shortened - rights that lost the prolongation
errors: not-found, review-ended, bad-field, reason-missing    rule: R56, R121 $$;

create type api.follow_up as (id uuid, kind text, person_id uuid, person_name text, dealer_name text, brand_id int, line core.line, due_on date, state text,
    at timestamptz, note text, cursor_ text);

create function api.follow_ups_list(p_kind text default null, p_state text default null, p_limit int default null, p_after text default null)
returns setof api.follow_up language sql stable security definer set search_path = '' as $$
    select f.public_id, f.kind, p.public_id, p.name, d.name, f.brand_id::int, f.line, f.due_on, f.state, f.at, f.note::text,
        core.cursor_make(f.due_on::text, f.public_id)
    from core.follow_up f join core.party p on p.party_id = f.party_id join core.dealer d on d.dealer_id = f.dealer_id
    where f.kind = any (case session.role_bit() when 4 then '{recontact,credit_check}' when 8 then '{credit_check}' when 1024 then '{contact_check}' else '{}' end::text[])
      and (p_kind is null or f.kind = p_kind) and f.state = coalesce(p_state, 'OPEN')
      and (f.due_on, f.public_id) > (coalesce(core.cursor_part(p_after, 1)::date, '-infinity'),
            coalesce(core.cursor_part(p_after, 2)::uuid, '00000000-0000-0000-0000-000000000000'))
    order by f.due_on, f.public_id limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.follow_ups_list is $$
What lost reasons leave to head office, by due day: recontact and credit_check for routers, credit_check for arbiters, contact_check for the data steward.
in: kind; state OPEN (default), DONE, DROPPED    rule: R57, R84 $$;

create type api.follow_up_ended as (id uuid, state text);

create function api.follow_up_done(p_follow_id uuid, p_note core.short_text, p_is_dropped boolean default false)
returns api.follow_up_ended language plpgsql volatile security definer set search_path = '' as $$
declare f core.follow_up; v_state text := case when p_is_dropped then 'DROPPED' else 'DONE' end;
begin
    if btrim(p_note) = '' then perform core.fail('ZC057', 'note'); end if;
    select x.* into f from core.follow_up x where x.public_id = p_follow_id
      and x.kind = any (case session.role_bit() when 4 then '{recontact,credit_check}' when 8 then '{credit_check}' when 1024 then '{contact_check}' else '{}' end::text[])
    for update;
    if f.follow_id is null then perform core.fail('ZC404'); end if;
    if f.state <> 'OPEN' then perform core.fail('ZC032', null, jsonb_build_object('state', f.state)); end if;
    update core.follow_up x set state = v_state, note = p_note, decided_by = session.staff(), decided_at = core.now() where x.follow_id = f.follow_id;
    perform core.ledger_add('follow_up.' || lower(v_state), f.public_id::text, f.party_id, 'R57', jsonb_build_object('kind', f.kind));
    return row(f.public_id, v_state)::api.follow_up_ended;
end $$;
comment on function api.follow_up_done is $$
End a follow-up with what came of it. in: follow_id; note; is_dropped - nothing is to be done. out: its state
errors: not-found, review-ended, reason-missing    rule: R57 $$;

create type api.evidence_quality as (dealer_name text, staff_name text, manual int, sampled int, false_count int, unreached int, voids int, back_dated int);

create function api.evidence_quality_list(p_from date default null, p_to date default null)
returns setof api.evidence_quality language sql stable security definer set search_path = '' as $$
    with span as materialized (select coalesce(p_from, core.today() - 90)::timestamptz as since, (coalesce(p_to, core.today()) + 1)::timestamptz as till),
    act as (select i.dealer_id, i.staff_id, count(*) filter (where i.is_qualifying) as manual,
            count(*) filter (where i.at < i.recorded_at - interval '24 hours' and core.is_two_sided(i.kind)) as back_dated
        from span, core.interaction i where i.recorded_at >= span.since and i.recorded_at < span.till and i.is_manual and i.kind <> 'NOTE' group by 1, 2),
    probe as (select s.dealer_id, s.staff_id, count(*) as sampled, count(*) filter (where s.state = 'FALSE') as false_count,
            count(*) filter (where s.state = 'UNREACHED') as unreached
        from span, core.sample s where s.at >= span.since and s.at < span.till group by 1, 2),
    mark as (select m.dealer_id, m.staff_id, count(*) filter (where m.kind <> 'false_activity') as voids
        from span, core.seat_mark m where m.at >= span.since and m.at < span.till group by 1, 2)
    select d.name, s.name, coalesce(a.manual, 0)::int, coalesce(p.sampled, 0)::int, coalesce(p.false_count, 0)::int, coalesce(p.unreached, 0)::int,
        coalesce(m.voids, 0)::int, coalesce(a.back_dated, 0)::int
    from (select dealer_id, staff_id from act union select dealer_id, staff_id from probe union select dealer_id, staff_id from mark) k
    join core.dealer d on d.dealer_id = k.dealer_id left join core.staff s on s.staff_id = k.staff_id
    left join act a on a.dealer_id = k.dealer_id and a.staff_id is not distinct from k.staff_id
    left join probe p on p.dealer_id = k.dealer_id and p.staff_id is not distinct from k.staff_id
    left join mark m on m.dealer_id = k.dealer_id and m.staff_id is not distinct from k.staff_id
    where session.role_bit() in (4, 256) or (session.role_bit() = 16 and k.dealer_id = session.dealer())
    order by coalesce(p.false_count, 0) + coalesce(m.voids, 0) desc, coalesce(a.manual, 0) desc, d.name, s.name limit 500 $$;
comment on function api.evidence_quality_list is $$
Quality of evidence by seat: manual activities that counted, sampled, denied by the client, not reached, rights void or refused, entered late.
in: from, to - days, default the last 90    out: the worst first; a manager sees his dealer    rule: R38, R56, R121 $$;
