-- SPDX-License-Identifier: Apache-2.0
-- Pairs of parties that may be one (R22, R27): found when a party is made or gets a key, and by the scan of the whole base.
-- A pair is a row of core.duplicate, for the data steward. It tells fields, levels and weights, never a value.

create function core.match_weights(p core.party, q core.party, p_kinds text[], p_is_alike boolean) returns jsonb
language plpgsql stable as $$
begin
    return (select coalesce(jsonb_agg(jsonb_build_object('field', f.field, 'weight', w.bits, 'level', f.level) order by w.bits desc), '[]')
    from (values
        ('surname', case when p_is_alike then 'same' else core.match_level('surname', coalesce(p.surname, split_part(p.name, ' ', 1)),
                                                                           coalesce(q.surname, split_part(q.name, ' ', 1))) end),
        ('given_name', core.match_level('name', p.given_name, q.given_name)),
        ('patronymic', core.match_level('name', p.patronymic, q.patronymic)),
        ('born_on', core.match_level('date', p.born_on::text, q.born_on::text)),
        ('city', core.match_level('city', p.city, q.city)),
        ('address', core.match_level('address', p.address, q.address)),
        ('phone', case when 'PHONE' = any (p_kinds) then 'same' end), ('email', case when 'EMAIL' = any (p_kinds) then 'same' end),
        ('car', case when 'CAR' = any (p_kinds) then 'same' end), ('document', case when 'DOCUMENT' = any (p_kinds) then 'same' end),
        ('inn', case when 'INN' = any (p_kinds) then 'same' end)) f(field, level)
    join core.match_weight w on w.field = f.field and w.level = f.level);
end $$;
comment on function core.match_weights(core.party, core.party, text[], boolean) is $$
Why two parties may be one: every field that both have, the level on which it agrees, its weight in bits.
in: p_kinds of keys they share (a VIN and a plate are one car); p_is_alike their names agree in some writing    out: heaviest first
source: R22$$;

create function core.duplicate_put(p_a bigint, p_b bigint, p_class core.duplicate_class, p_weights jsonb, p_source core.duplicate_source)
returns boolean language plpgsql volatile as $$
declare v_score real;
begin
    v_score := (select w.bits from core.match_weight w where w.field = 'prior') + coalesce((select sum((e ->> 'weight')::real)
        from jsonb_array_elements(p_weights) e), 0);
    insert into core.duplicate as d (party_low, party_high, class, score, weights, source)
    values (least(p_a, p_b), greatest(p_a, p_b), p_class, v_score, p_weights, p_source)
    on conflict (party_low, party_high) do update
        set class = excluded.class, score = excluded.score, weights = excluded.weights, ver = d.ver + 1
        where d.state = 'OPEN' and (excluded.class < d.class or (excluded.class = d.class and excluded.score > d.score));
    return found;
end $$;
comment on function core.duplicate_put(bigint, bigint, core.duplicate_class, jsonb, core.duplicate_source) is $$
Record a pair, or that an open one became stronger. What the steward decided stays decided.
out: true when something was written    guard: duplicate_one_pair    source: R27$$;

create function core.keys_shared(p_one bigint, p_other bigint) returns text[]
language plpgsql stable as $$
begin
    return array(select distinct case when a.kind in ('VIN', 'PLATE') then 'CAR' else a.kind::text end
        from (select x.kind, x.value from core.match_key x where x.party_id = p_one limit 100) a
        join core.match_key b on b.kind = a.kind and b.value = a.value and b.party_id = p_other where a.kind <> 'SOURCE');
end $$;
comment on function core.keys_shared(bigint, bigint) is 'Kinds of the keys two parties share, of the first hundred of the one; a VIN and its plate are one CAR.';

create function core.party_alike(p core.party, q core.party) returns boolean language plpgsql immutable as $$
declare a record; b record;
begin
    if p.kind <> 'PERSON' or q.kind <> 'PERSON' then return false; end if;
    a := core.name_pair(p.surname, p.given_name, p.name); b := core.name_pair(q.surname, q.given_name, q.name);
    return core.person_alike(a.surname, a.given, b.surname, b.given);
end $$;
comment on function core.party_alike(core.party, core.party) is 'core.person_alike of two parties; companies never.';

create function core.is_one_company(p core.party, q core.party) returns boolean language plpgsql stable as $$
begin
    if p.kind <> 'COMPANY' or q.kind <> 'COMPANY' then return false; end if;
    return exists (select from core.company x join core.company y on coalesce(y.head_id, y.party_id) = coalesce(x.head_id, x.party_id)
                   where x.party_id = p.party_id and y.party_id = q.party_id);
end $$;
comment on function core.is_one_company(core.party, core.party) is 'A company and its branches are parties of their own, and no duplicates of each other. source: R64';

create function core.pair_class(p_kinds text[], p_is_alike boolean) returns core.duplicate_class language plpgsql immutable as $$
begin
    return case when 'INN' = any (p_kinds) or (p_is_alike and p_kinds && '{PHONE,EMAIL}'::text[]) then 'EXACT'
        when ('DOCUMENT' = any (p_kinds) and p_is_alike)
             or (select count(*) from unnest(p_kinds) u where u in ('PHONE', 'EMAIL', 'CAR', 'DOCUMENT')) >= 2 then 'STRONG'
        else 'POSSIBLE' end;
end $$;
comment on function core.pair_class(text[], boolean) is 'The class of a pair by the kinds of keys it shares and whether the names agree. source: R22';

create function core.duplicates_note(p_party bigint, p_keys core.party_key[], p_source core.duplicate_source) returns int
language plpgsql volatile as $$
declare p core.party; q core.party; c record; is_alike boolean; v_class core.duplicate_class; made int := 0;
begin
    select x.* into p from core.party x where x.party_id = p_party;
    for c in
        select f.party_id, array_agg(distinct f.kind) as kinds from (
            select m.party_id, case when k.kind in ('VIN', 'PLATE') then 'CAR' else k.kind::text end as kind
            from unnest(p_keys) k cross join lateral (select y.party_id from core.match_key y where y.kind = k.kind and y.value = k.value
                order by y.kind desc, y.value desc, y.party_id desc limit core.key_common()) m where k.kind <> 'SOURCE'
            union all
            (select y.party_id, 'BORN' from core.party y where p.born_on is not null and y.surname_key = p.surname_key
                and y.born_on = p.born_on and p.surname_key <> '' and y.kind = p.kind limit 10)
            union all
            (select y.party_id, 'ADDRESS' from core.party y where p.address is not null and p.surname_key <> '' and y.surname_key = p.surname_key
                and left(lower(y.address), 60) = left(lower(p.address), 60) and y.address is not null and y.kind = p.kind limit 10)) f
        where f.party_id <> p_party group by f.party_id
        order by count(*) filter (where f.kind not in ('BORN', 'ADDRESS')) desc, f.party_id desc limit 30
    loop
        select x.* into q from core.party x where x.party_id = c.party_id and x.merged_into is null and x.source <> 'undone';
        continue when q.party_id is null or core.is_one_company(p, q);
        -- the other keys that both have, so that a second key added later makes the pair STRONG
        c.kinds := array(select distinct u from unnest(c.kinds || core.keys_shared(p_party, c.party_id)) u);
        is_alike := core.party_alike(p, q);
        -- a car that changed hands makes nobody one
        continue when c.kinds = '{CAR}' and not is_alike;
        -- two with a given name each that are different people of one family name (R60) share a birthday or a home, not an identity
        continue when not c.kinds && '{PHONE,EMAIL,DOCUMENT,INN,CAR}'::text[]
            and core.given_differ(p.given_name, q.given_name);
        v_class := core.pair_class(c.kinds, is_alike);
        made := made + core.duplicate_put(p_party, c.party_id, v_class, core.match_weights(p, q, c.kinds, is_alike), p_source)::int;
    end loop;
    return made;
end $$;
comment on function core.duplicates_note(bigint, core.party_key[], core.duplicate_source) is $$
Record with whom a party may be one, by the keys just given to it and by name with day of birth or address.
in: a party just made, or keys just added    out: pairs written
cost: one probe per key and two by name, then at most 30 comparisons, of those who share most; nothing grows with the base or with namesakes    source: R22, R23, R27$$;

create function core.given_differ(p_one text, p_other text) returns boolean
language plpgsql immutable as $$
begin
    if coalesce(p_one, '') = '' or coalesce(p_other, '') = '' or core.given_alike(p_one, p_other) then return false; end if;
    return core.match_level('name', p_one, p_other) in ('none', 'far');
end $$;
comment on function core.given_differ(text, text) is 'True when both given names are known and are no writings of one.';
