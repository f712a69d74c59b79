-- SPDX-License-Identifier: Apache-2.0
-- Registration of a prospect (R30-R36): one right by first commit, a receipt, a verdict for everybody else, drafts.

create type core.registration as (verdict text, state text, party_id bigint, ownership_id bigint, ver_before int, receipt text,
    protect_until timestamptz, missing text[], is_claim_possible boolean, claim_from date, rule text, is_created boolean, added jsonb,
    draft_id bigint, person_id uuid, right_id uuid, receipt_sha256 text, decided_by bigint, area text);
comment on type core.registration is 'What became of a registration. verdict NULL = draft; ver_before NULL = the right is new; decided_by the right made, one''s own or in the way: never told to a dealer (R24).';

create type core.registration_given as (keys core.party_key[], brand_id smallint);
comment on type core.registration_given is 'What a registration names, normalised: match keys, brand.';

-- Registration is the busiest write of all. Its functions take plain expressions and assignments where they can: each statement with
-- a table, each PERFORM costs 0.01 to 0.04 ms to set up. A function of no result is called as an assignment of its (empty) text.
-- They run inside a SECURITY DEFINER function that has pinned search_path; names are qualified all the same.

create function core.registration_missing(p_data jsonb, p_source text) returns text[]
language plpgsql stable as $$
declare m text[] := '{}';
begin
    if core.name_of(p_data) is not null and p_data ->> 'phone' <> '' and p_data ->> 'brand_id' <> '' and p_data ->> 'line' <> ''
       and btrim(p_data ->> 'source') <> '' and btrim(p_data ->> 'occasion') <> '' and btrim(p_data ->> 'interest') <> ''
       and btrim(p_data ->> 'consent_evidence') <> '' then
        return m;                                      -- nothing is missing: seen at one look
    end if;
    if core.name_of(p_data) is null then m := m || 'name'::text; end if;
    if coalesce(p_data ->> 'phone', '') = '' and coalesce(p_data ->> 'email', '') = '' then m := m || 'phone'::text; end if;
    if coalesce(p_data ->> 'brand_id', p_data ->> 'brand', '') = '' then m := m || 'brand_id'::text; end if;
    if coalesce(p_data ->> 'line', '') = '' then m := m || 'line'::text; end if;
    if p_source = 'hand' then
        if coalesce(btrim(p_data ->> 'source'), '') = '' then m := m || 'source'::text; end if;
        if coalesce(btrim(p_data ->> 'occasion'), '') = '' then m := m || 'occasion'::text; end if;
        if coalesce(btrim(p_data ->> 'interest'), '') = '' then m := m || 'interest'::text; end if;
    end if;
    if coalesce(btrim(p_data ->> 'consent_evidence'), '') = '' then m := m || 'consent_evidence'::text; end if;
    return m;
end $$;
comment on function core.registration_missing(jsonb, text) is
'What R30 asks for and is not there, of data that core.registration_check let pass. in: p_source hand | import | dealer-system';

create function core.registration_check(p_dealer int, p_data jsonb) returns core.registration_given
language plpgsql stable as $$
declare g core.registration_given; brand text := coalesce(p_data ->> 'brand_id', p_data ->> 'brand', '');
begin
    g.keys := core.keys_of(p_dealer, p_data);          -- sorted: a phone comes first
    if coalesce(p_data ->> 'phone', '') <> '' and (g.keys[1]).kind is distinct from 'PHONE' then perform core.fail('ZC402', 'phone'); end if;
    if concat(p_data ->> 'email', p_data ->> 'vin', p_data ->> 'plate', p_data ->> 'inn') <> '' then
        if coalesce(p_data ->> 'email', '') <> '' and core.email_norm(p_data ->> 'email') is null then perform core.fail('ZC402', 'email'); end if;
        if coalesce(p_data ->> 'vin', '') <> '' and core.vin_norm(p_data ->> 'vin') is null then perform core.fail('ZC402', 'vin'); end if;
        if coalesce(p_data ->> 'plate', '') <> '' and core.plate_norm(p_data ->> 'plate') is null then perform core.fail('ZC402', 'plate'); end if;
        if coalesce(p_data ->> 'inn', '') <> '' and core.inn_norm(p_data ->> 'inn') is null then perform core.fail('ZC402', 'inn'); end if;
    end if;
    if p_data ? 'passport' then perform core.fail('ZC402', 'passport'); end if;        -- core.documents_hide left what is no number
    if p_data ? 'licence' then perform core.fail('ZC402', 'licence'); end if;
    if coalesce(p_data ->> 'kpp', '') <> '' and (core.kpp_norm(p_data ->> 'kpp') is null or p_data ->> 'kind' is distinct from 'COMPANY'
        or length(core.inn_norm(p_data ->> 'inn')) is distinct from 10) then
        perform core.fail('ZC402', 'kpp');
    end if;
    if coalesce(p_data ->> 'line', '') <> '' and p_data ->> 'line' not in ('NEW', 'USED', 'FLEET', 'SERVICE', 'PARTS', 'FIN') then
        perform core.fail('ZC402', 'line');
    end if;
    if coalesce(p_data ->> 'kind', 'PERSON') not in ('PERSON', 'COMPANY') then perform core.fail('ZC402', 'kind'); end if;
    if brand <> '' then
        g.brand_id := core.brand_of(brand);
        if g.brand_id is null then perform core.fail('ZC402', 'brand_id'); end if;
    end if;
    return g;
end $$;
comment on function core.registration_check(int, jsonb) is
'Refuse what was given and is not valid. out: its match keys (core.keys_of) and brand. errors: ZC402 with the field';

create function core.draft_keep(p_dealer int, p_staff bigint, p_data jsonb, p_missing text[], p_source text) returns bigint
language plpgsql volatile as $$
declare made bigint;
begin
    insert into core.draft (dealer_id, staff_id, source, data, missing) values (p_dealer, p_staff, p_source, p_data, p_missing)
    returning draft_id into made;
    return made;
end $$;
comment on function core.draft_keep(int, bigint, jsonb, text[], text) is 'Keep an incomplete registration: no protection, deleted after 7 days. source: R30';

create function core.receipt_make(p_staff bigint, p_person uuid, o core.ownership, out number text, out sha256 text)
language plpgsql volatile as $$
begin
    insert into core.receipt as r (number, dealer_id, staff_id, party_id, ownership_id, at, body, sha256)
    select n.number, o.dealer_id, p_staff, o.party_id, o.ownership_id, core.now(), x.body,
           encode(pg_catalog.sha256(convert_to(x.body, 'UTF8')), 'hex')
    from (select upper(left(replace(gen_random_uuid()::text, '-', ''), 14)) as number offset 0) n
    cross join core.dealer d cross join core.brand b
    cross join lateral (select concat_ws(E'\n', 'receipt ' || n.number, 'at ' || to_char(core.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'dealer ' || d.public_id || ' ' || d.name, 'person ' || p_person, 'right ' || o.public_id, 'brand ' || b.name, 'line ' || o.line,
        'since ' || to_char(o.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), 'rule ' || o.rule) as body offset 0) x
    where d.dealer_id = o.dealer_id and b.brand_id = o.brand_id
    returning r.number, r.sha256 into number, sha256;
end $$;
comment on function core.receipt_make(bigint, uuid, core.ownership) is
'Receipt of a registration with the hash of its own bytes. in: who registered, public id of the person, the right. source: R31';

create function core.ban_guard(p_parties bigint[], p_brand smallint, p_line core.line, p_dealer int, p_occasion text) returns void
language plpgsql stable as $$
declare until timestamptz;
begin
    -- P17: whose right expired may not simply take it again, unless the customer came by himself
    if p_occasion in ('walk_in', 'incoming_call', 'web_request', 'customer_request') then return; end if;
    select max(h.recorded_at) + make_interval(days => core.policy_int('P17.ban')) into until
    from core.ownership_history h
    where h.party_id = any (p_parties) and h.brand_id = p_brand and h.line = p_line and h.dealer_id = p_dealer
      and h.state = 'CLOSED' and h.reason = 'expired';
    if until > core.now() then perform core.fail('ZC017', null, jsonb_build_object('from', core.week_after(until))); end if;
end $$;
comment on function core.ban_guard(bigint[], smallint, core.line, int, text) is 'Refuse a registration within 14 days of one''s own expired right. errors: ZC017. source: P17, R32';

create function core.seat_guard(p_seat bigint) returns void
language plpgsql stable as $$
begin
    if (select count(*) from core.ownership o where o.seat_id = p_seat and o.state in ('OFFERED', 'PENDING', 'ACTIVE', 'GRACE'))
       >= core.policy_int('P18.seat') then
        perform core.fail('ZC018', 'seat_id');
    end if;
end $$;
comment on function core.seat_guard(bigint) is 'Refuse more open prospects than a seat can work. errors: ZC018. source: P18';

create function core.prospect_claim(p_dealer int, p_party bigint, p_brand smallint, p_line core.line, p_vehicle bigint, p_seat bigint,
    p_source text, p_interest text, p_strong bigint, p_is_new boolean, p_staff bigint default null, p_reasons text[] default '{}')
returns core.ownership
language plpgsql volatile as $$
declare o core.ownership; v_protect timestamptz; v_limit timestamptz; v_stands boolean := p_strong is null and cardinality(p_reasons) = 0;
    v_terms jsonb := '{}'; v_vehicle bigint := case when core.is_aftersales(p_line) then p_vehicle end; v_since timestamptz := core.now() - make_interval(hours => core.policy_int('R19.undo'));
begin
    select core.day_after(d.time_zone, core.now(), core.policy_int('P3.' || p_line)), core.day_after(d.time_zone, core.now(), core.policy_int('P5.' || p_line))
    into v_protect, v_limit from core.dealer d where d.dealer_id = p_dealer;
    if not p_is_new then
        -- who lost him a day ago goes on: by R19 with the term he had and what he was given once (R53, R55), or closing would renew them; what he
        -- says by hand (R54) is a row that no end of his own breaks. A right for a single car and one for the whole party are the same here
        select least(v_protect, min(x.protect_until) filter (where x.reason = 'lost')), least(v_limit, min(x.limit_until) filter (where x.reason = 'lost')),
            jsonb_strip_nulls(jsonb_build_object('manual_run', max(x.manual_run), 'prolonged_on', max(x.prolonged_on),
                'extended_at', max(x.extended_at) filter (where x.reason = 'lost'), 'parked_on', max(x.parked_on) filter (where x.reason = 'lost')))
        into v_protect, v_limit, v_terms
        from core.ownership x where x.party_id = p_party and x.brand_id = p_brand and x.line = p_line
            and (x.vehicle_id is null or v_vehicle is null or x.vehicle_id = v_vehicle) and x.dealer_id = p_dealer
            and x.state = 'CLOSED' and x.reason in ('lost', 'expired') and x.changed_at > v_since - core.outage_since(x.changed_at);      -- R17
    end if;
    o := core.right_claim(p_party, p_brand, p_line, p_vehicle, p_dealer, p_seat, case when v_stands then 'checked' else 'register' end,
        v_terms || jsonb_build_object('protect_until', v_protect, 'limit_until', v_limit), p_source, p_interest, p_is_new => p_is_new);
    if v_stands or o.ownership_id is null then return o; end if;
    return core.review_open(o, p_staff, case when p_strong is null then p_reasons else array['strong'] || p_reasons end, p_strong);
end $$;
comment on function core.prospect_claim(int, bigint, smallint, core.line, bigint, bigint, text, text, bigint, boolean, bigint, text[]) is
'Claim and pass the automatic checks, or wait for review. in: p_strong the party of a strong match, p_staff who registers, p_reasons core.review_reasons, p_is_new the party was made in this transaction. out: the right, NULL when taken meanwhile. source: R19, R31, R32, R53-R55, P3, P5';

create function core.register(p_dealer int, p_staff bigint, p_data jsonb, p_source text) returns core.registration
language plpgsql volatile security definer set search_path = '' as $$
declare
    given core.registration_given := core.registration_check(p_dealer, p_data);
    r core.registration; keys core.party_key[]; parties bigint[]; j core.judgement_of_claim; taken core.party_taken; o core.ownership;
    v_brand smallint := given.brand_id; v_line core.line; v_seat bigint; v_vehicle bigint; strong bigint; reasons text[] := '{}'; receipt record; done text;
begin
    r.is_created := false;
    if core.is_stopped(given.keys) then                -- R149: nothing is stored, not even a draft
        r.verdict := 'OPTED_OUT'; r.rule := 'R24'; r.is_claim_possible := false;
        return r;
    end if;
    r.missing := core.registration_missing(p_data, p_source);
    if cardinality(r.missing) > 0 then
        r.state := 'DRAFT'; r.rule := 'R30'; r.is_claim_possible := false;
        r.draft_id := core.draft_keep(p_dealer, p_staff, p_data, r.missing, p_source);
        return r;
    end if;
    r.missing := null;
    v_line := (p_data ->> 'line')::core.line;
    v_seat := case when p_source = 'hand' then (p_data ->> 'seat')::bigint end;
    keys := given.keys;
    done := core.keys_lock(keys)::text;
    parties := core.party_exact(keys, p_data);
    if core.is_aftersales(v_line) then
        select v.vehicle_id into v_vehicle from core.vehicle v where v.vin = core.vin_norm(p_data ->> 'vin');
    end if;
    j := core.claim_judge(parties, v_brand, v_line, v_vehicle, p_dealer);
    if j.verdict = 'FREE' and cardinality(parties) > 0 then
        -- who waited longer is tried first (R15, D.2), also in the hour before the clock comes by
        perform core.claim_next(w.party_id, v_brand, v_line, v_vehicle) from (
            select distinct on (x.party_id) x.party_id, x.dealer_id from core.waiting_claim x
            where x.party_id = any (parties) and x.brand_id = v_brand and x.line = v_line order by x.party_id, x.at, x.dealer_id) w where w.dealer_id <> p_dealer;
        if found then j := core.claim_judge(parties, v_brand, v_line, v_vehicle, p_dealer); end if;
    end if;
    if j.verdict = 'FREE' then
        if cardinality(parties) > 0 then done := core.ban_guard(parties, v_brand, v_line, p_dealer, p_data ->> 'occasion')::text; end if;
        if v_seat is not null then done := core.seat_guard(v_seat)::text; end if;
        if cardinality(parties) = 0 and cardinality(keys) > 1 then strong := core.party_strong(keys, parties, core.surname_key_of(p_data)); end if;
        if p_source = 'hand' then reasons := core.review_reasons(p_dealer, p_staff, keys, parties, v_line); end if;
        taken := core.party_take(p_dealer, p_staff, p_data, p_source, parties[1], keys);
        if core.is_aftersales(v_line) then v_vehicle := (taken.added ->> 'vehicle')::bigint; end if;
        o := core.prospect_claim(p_dealer, taken.party_id, v_brand, v_line, v_vehicle, v_seat,
                                 coalesce(p_data ->> 'source', p_source), p_data ->> 'interest', strong, taken.is_created, p_staff, reasons);
        if o.ownership_id is not null then
            r.verdict := 'FREE'; r.state := o.state; r.party_id := taken.party_id; r.ownership_id := o.ownership_id; r.decided_by := o.ownership_id;
            r.protect_until := o.protect_until; r.is_claim_possible := true; r.rule := o.rule; r.is_created := taken.is_created;
            r.added := taken.added; r.person_id := taken.public_id; r.right_id := o.public_id;
            receipt := core.receipt_make(p_staff, taken.public_id, o);
            r.receipt := receipt.number; r.receipt_sha256 := receipt.sha256;
            return r;
        end if;
        -- taken between the verdict and the claim (another line's row was locked): say what it is now
        j := core.claim_judge(array[taken.party_id], v_brand, v_line, v_vehicle, p_dealer);
        if j.verdict = 'FREE' then j.verdict := 'PROTECTED'; j.rule := 'R33'; j.is_claim_possible := false; end if;
    elsif j.verdict = 'YOURS' then
        select x.* into o from core.ownership x where x.ownership_id = j.ownership_id;
        taken := core.party_take(p_dealer, p_staff, p_data, p_source, o.party_id, keys);
        r.party_id := o.party_id; r.ownership_id := o.ownership_id; r.person_id := taken.public_id; r.right_id := o.public_id; r.state := o.state; r.ver_before := o.ver;
        r.protect_until := o.protect_until; r.added := taken.added;
    end if;
    r.verdict := j.verdict; r.is_claim_possible := j.is_claim_possible; r.claim_from := j.claim_from; r.rule := j.rule; r.decided_by := j.ownership_id;
    return r;
end $$;
comment on function core.register(int, bigint, jsonb, text) is $$
Register a prospect: match over the whole network, verdict, and when free the right with its receipt. First commit wins.
in: p_data the fields of POST /v1/registrations, external_id, seat (staff_id, by hand only); p_source hand | import | dealer-system
out: core.registration; PROTECTED and its like carry nothing of the person; YOURS adds what was new to one's own
errors: ZC402 invalid field, ZC017 ban, ZC018 seat limit    guard: match_key_one_party, ownership_one_owner
source: R15, R22-R27, R30-R34, R36$$;
