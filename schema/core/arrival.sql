-- SPDX-License-Identifier: Apache-2.0
-- An incoming call (R158): the person by number over the whole network. Who may see him gets him on the screen; who may not gets the
-- verdict, and may note what the client says himself (G of D.14), for the day and for his own dealer.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R158.day', '2000-01-01', 2000, 'count', 1, 1000000),            -- calls a dealer's telephone system may tell in a day
  ('D14.call', '2000-01-01', 30, 'day', 1, 365)                     -- then the number and what was said are emptied
on conflict (name, valid_from) do nothing;

create type core.arrival_found as (party_ids bigint[], shown json, verdict core.verdict, is_claim_possible boolean, claim_from date, rule text);
comment on type core.arrival_found is 'Whom a number means: the people the caller may see, and the verdict on all of them.';

create function core.arrival_find(p_number text, p_brand int, p_line core.line) returns core.arrival_found
language plpgsql stable as $$
declare r core.arrival_found; d int := session.dealer(); v_brand int := p_brand; v_line core.line := p_line; seen bigint[];
begin
    if v_brand is null or v_line is null then
        select b.brand_id, b.line into v_brand, v_line from core.dealer_brand b
        where b.dealer_id = d and (p_brand is null or b.brand_id = p_brand) and (p_line is null or b.line = p_line) order by b.brand_id, b.line limit 1;
    end if;
    r.party_ids := array(select m.party_id from core.match_key m where m.kind = 'PHONE' and m.value = p_number order by m.kind, m.value, m.party_id limit 50);
    -- a known key is no proof that this dealer was given the number (R148): his own keys say whom he finds by it
    seen := array(select k.party_id from core.dealer_key k where k.dealer_id = d and k.value = p_number and k.kind = 'phone' and core.level_for(k.party_id) >= 'MASKED'
                  order by k.party_id limit 5);
    r.shown := (select coalesce(json_agg(json_build_object('id', t.public_id, 'name', t.name, 'level', l.level, 'state', t.state, 'seat_name', t.seat_name,
            'vehicle', case when l.level = 'FULL' then t.vehicle end) order by l.level desc, t.name_sort), '[]')
        from core.dealer_party t cross join lateral (select core.level_for(t.party_id) as level) l where t.dealer_id = d and t.party_id = any (seen));
    select j.verdict, j.is_claim_possible, j.claim_from, j.rule into r.verdict, r.is_claim_possible, r.claim_from, r.rule
    from core.claim_judge(r.party_ids, v_brand::smallint, v_line, null, d) j;
    return r;
end $$;
comment on function core.arrival_find(text, int, core.line) is $$
The people of a number, over the whole network.
in: p_number normal form; brand and line NULL = the dealer's first
out: shown - at most 5 whom the caller may see, by his own keys; verdict as for a claim    source: R23, R158$$;

create function core.arrival_ring(p_arrival uuid, p_parties bigint[], p_dealer int) returns int
language plpgsql volatile as $$
declare n int;
begin
    -- the seats of one's own rights; when there are none, everybody who answers calls
    perform core.event_add(s.staff_id, 'call', jsonb_build_object('arrival_id', p_arrival)) from core.staff s
    where s.dealer_id = p_dealer and s.is_active and s.staff_id in (
        select o.seat_id from core.ownership o where o.party_id = any (p_parties) and o.dealer_id = p_dealer and o.state not in ('CLOSED'));
    get diagnostics n = row_count;
    if n = 0 then
        perform core.event_add(s.staff_id, 'call', jsonb_build_object('arrival_id', p_arrival)) from core.staff s
        where s.dealer_id = p_dealer and s.is_active and s.role = 'operator';
        get diagnostics n = row_count;
    end if;
    return n;
end $$;
comment on function core.arrival_ring(uuid, bigint[], int) is 'Bring a call before its seats, else before the operators. out: whom    source: R158';

create function core.arrivals_forget() returns bigint
language plpgsql volatile as $$
declare n bigint;
begin
    update core.call_arrival a set number = null, said_name = null, said_text = null
    where a.number is not null and a.at < core.now() - make_interval(days => core.policy_int('D14.call'));
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.arrivals_forget() is 'Empty numbers and words of old calls. Safe to run twice.    source: R150';
