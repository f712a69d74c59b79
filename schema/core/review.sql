-- SPDX-License-Identifier: Apache-2.0
-- Registrations that a person looks at before they stand (R32): two keys of somebody with another name, a large fleet, simple patterns of
-- abuse (R151). The claim keeps its place meanwhile, and stands by itself after one working day.

create function core.review_reasons(p_dealer int, p_staff bigint, p_keys core.party_key[], p_parties bigint[], p_line core.line) returns text[]
language plpgsql stable as $$
declare r text[] := '{}'; v_phone text; v_made int; v_near int; v_same int;
begin
    if p_line = 'FLEET' and cardinality(p_parties) > 0 then
        if (select count(*) from (select 1 from core.vehicle_owner o where o.party_id = p_parties[1] and o.to_on is null
                                  limit core.policy_int('R32.fleet') + 1) x) > core.policy_int('R32.fleet') then
            r := r || 'fleet'::text;
        end if;
    end if;
    if (p_keys[1]).kind = 'PHONE' then
        v_phone := (p_keys[1]).value;
        -- numbers one after another, taken by this dealer within a day; one number under many names
        if length(v_phone) between 11 and 13 then
            select count(*) filter (where m.value <> v_phone), count(*) filter (where m.value = v_phone) into v_near, v_same
            from ((select x.value, x.party_id from core.match_key x where x.kind = 'PHONE' and x.value = v_phone
                   order by x.kind desc, x.value desc, x.party_id desc limit core.key_common())
                  union all
                  (select x.value, x.party_id from core.match_key x where x.kind = 'PHONE'
                   and x.value >= '+' || (substr(v_phone, 2)::bigint - 20)::text and x.value < v_phone and length(x.value) = length(v_phone)
                   order by x.value desc limit 200)
                  union all
                  (select x.value, x.party_id from core.match_key x where x.kind = 'PHONE'
                   and x.value > v_phone and x.value <= '+' || (substr(v_phone, 2)::bigint + 20)::text and length(x.value) = length(v_phone)
                   order by x.value limit 200)) m
            join core.ownership o on o.party_id = m.party_id and o.dealer_id = p_dealer and o.registered_at > core.now() - interval '1 day';
            if v_near >= core.policy_int('R32.sequence') then r := r || 'sequence'::text; end if;
            if v_same >= core.policy_int('R32.one_phone') then r := r || 'one_phone'::text; end if;
        end if;
    end if;
    if extract(hour from core.now() at time zone (select d.time_zone from core.dealer d where d.dealer_id = p_dealer)) between 0 and 4 then
        select count(*) into v_made from core.receipt x where x.staff_id = p_staff and x.at > core.now() - interval '1 hour';
        if v_made >= core.policy_int('R32.night') then r := r || 'night'::text; end if;
    end if;
    return r;
end $$;
comment on function core.review_reasons(int, bigint, core.party_key[], bigint[], core.line) is $$
Why a registration by hand is to be looked at: fleet - a company with more than 50 cars; sequence - numbers one after another within a day;
one_phone - one number under many names; night - many in an hour of the night.
in: dealer, seat, keys as typed, parties they match exactly    out: reasons, usually none    cost: one range of 41 numbers, at most 450 rows
source: R32, R151$$;

create function core.review_open(p_row core.ownership, p_staff bigint, p_reasons text[], p_other bigint) returns core.ownership
language plpgsql volatile as $$
declare o core.ownership := p_row;
begin
    o.accept_until := core.working_until(o.dealer_id, core.now(), core.policy_int('R32.review'));
    o := core.right_change(o, 'review');
    insert into core.review (ownership_id, party_id, dealer_id, staff_id, brand_id, line, reasons, other_id, until_at)
    values (o.ownership_id, o.party_id, o.dealer_id, p_staff, o.brand_id, o.line, p_reasons, p_other, o.accept_until);
    perform core.notify_role(r.role, 0, 'N4', p.public_id::text, o.ownership_id::text) from core.party p, (values ('router'::core.staff_role), ('steward')) r(role)
    where p.party_id = o.party_id;
    if p_reasons && '{sequence,one_phone,night}' then
        perform core.ledger_add('abuse.suspected', o.public_id::text, o.party_id, 'R151', jsonb_build_object('reasons', p_reasons));
    end if;
    return o;
end $$;
comment on function core.review_open(core.ownership, bigint, text[], bigint) is $$
Let a claim wait to be looked at for one working day.
in: the PENDING right; who registered; reasons; the other party of a strong match    out: the right    source: R32, N4$$;
