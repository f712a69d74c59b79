-- SPDX-License-Identifier: Apache-2.0
-- Who is the same person (R20-R23): match keys of what was typed, their locks, and the parties that have them.
--
-- A pair (key, surname) that identifies one party is unique in core.match_key: two registrations of one new person cannot
-- both win. They meet earlier, at core.keys_lock, so that the second finds what the first made. Private; callers check rights.

create type core.party_key as (kind core.key_kind, value text);
comment on type core.party_key is 'One normalised key of R20.';

create function core.keys_of(p_dealer int, p_data jsonb) returns core.party_key[]
language plpgsql stable as $$
declare made core.party_key[] := '{}'; v text;
begin
    if p_data ->> 'phone' <> '' then
        v := core.phone_norm(p_data ->> 'phone', null);
        if v is null then                  -- local digits
            select core.phone_norm(p_data ->> 'phone', d.area_code) into v from core.dealer d where d.dealer_id = p_dealer;
        end if;
        if v is not null then made := made || ('PHONE', v)::core.party_key; end if;
    end if;
    if coalesce(p_data ->> 'email', p_data ->> 'vin', p_data ->> 'plate', p_data ->> 'inn', p_data ->> 'document_keys', p_data ->> 'external_id') is null then return made; end if;
    v := core.email_norm(p_data ->> 'email');
    if v is not null then made := made || ('EMAIL', v)::core.party_key; end if;
    v := core.vin_norm(p_data ->> 'vin');
    if v is not null then made := made || ('VIN', v)::core.party_key; end if;
    v := core.plate_norm(p_data ->> 'plate');
    if v is not null then made := made || ('PLATE', v)::core.party_key; end if;
    v := core.inn_norm(p_data ->> 'inn');
    if v is not null then
        made := made || ('INN', v)::core.party_key;
        if p_data ->> 'kpp' <> '' and core.kpp_norm(p_data ->> 'kpp') is not null and length(v) = 10 then
            made := made || ('INN', v || '/' || core.kpp_norm(p_data ->> 'kpp'))::core.party_key;
        end if;
    end if;
    if jsonb_typeof(p_data -> 'document_keys') = 'array' then
        made := made || array(select ('DOCUMENT', e)::core.party_key from jsonb_array_elements_text(p_data -> 'document_keys') e where e ~ '^[0-9a-f]{64}$' order by e limit 2);
    end if;
    v := p_data ->> 'external_id';
    if v <> '' then made := made || ('SOURCE', p_dealer || ':' || v)::core.party_key; end if;
    return made;
end $$;
comment on function core.keys_of(int, jsonb) is $$
The match keys of what somebody typed.
in: p_dealer whose area code completes local numbers; p_data phone, email, vin, plate, inn with kpp, document_keys (core.documents_hide), external_id
out: normalised, sorted; what does not normalise is left out    source: R20$$;

create function core.surname_key_of(p_data jsonb) returns text
language sql immutable as $$
select coalesce(core.surname_key(case when p_data ->> 'kind' = 'COMPANY' then left(coalesce(nullif(btrim(p_data ->> 'surname'), ''), btrim(p_data ->> 'name')), 200)
    else left(coalesce(nullif(btrim(p_data ->> 'surname'), ''), split_part(btrim(p_data ->> 'name'), ' ', 1)), 100) end), '') $$;
comment on function core.surname_key_of(jsonb) is $$
The surname by which a match is confirmed: the field, else the first word of a person's name, else a company's whole name.$$;

create function core.keys_lock(p_keys core.party_key[]) returns void
language plpgsql volatile as $$
declare done text;
begin
    if cardinality(p_keys) = 1 then
        done := pg_catalog.pg_advisory_xact_lock(hashtextextended((p_keys[1]).kind || ':' || (p_keys[1]).value, 3))::text;
    else
        perform pg_catalog.pg_advisory_xact_lock(h.n) from (
            select distinct hashtextextended(k.kind || ':' || k.value, 3) as n from unnest(p_keys) k order by 1) h;
    end if;
end $$;
comment on function core.keys_lock(core.party_key[]) is $$
Wait until no other registration of these keys runs; released at the end of the transaction. Sorted, hence no deadlock.$$;

create function core.keys_lock(p_dealer int, p_rows jsonb) returns void
language sql volatile as $$
select core.keys_lock((select array_agg(k) from jsonb_array_elements(p_rows) r(data), unnest(core.keys_of(p_dealer, r.data)) k)) $$;
comment on function core.keys_lock(int, jsonb) is 'The same for a batch at once, before its first row: two batches in different order cannot deadlock.';

create function core.key_common() returns int language sql immutable as $$ select 50 $$;
comment on function core.key_common() is $$
So many parties of one key are looked at, no more: what more people share (a dealer's own number, an invented one) tells nobody from anybody,
and a registration must cost the same whoever typed it. The one party a key proves is found by the key's own index.$$;

create function core.party_exact(p_keys core.party_key[], p_surname_key text) returns bigint[]
language plpgsql stable as $$
declare only_key core.party_key; found_ids bigint[];
begin
    if cardinality(p_keys) = 1 and (p_keys[1]).kind in ('PHONE', 'EMAIL') then
        if p_surname_key = '' then return '{}'; end if;
        only_key := p_keys[1];
        select array_agg(distinct f.party_id) into found_ids from (
            select m.party_id from core.match_key m
            where m.kind = only_key.kind and m.value = only_key.value and m.surname_key = p_surname_key and m.is_exact
            union all
            select m.party_id from (select x.party_id, x.surname_key from core.match_key x where x.kind = only_key.kind and x.value = only_key.value
                                    order by x.kind, x.value, x.party_id limit core.key_common()) m where m.surname_key = p_surname_key) f;
        return coalesce(found_ids, '{}');
    end if;
    return (select coalesce(array_agg(f.party_id order by f.rank, f.party_id), '{}') from (
        select c.party_id, min(c.rank) as rank, bool_or(min(c.rank) = 2) over () as is_branch from (
            select m.party_id, case when k.kind = 'SOURCE' then 1 when k.kind = 'INN' and strpos(k.value, '/') > 0 then 2 when k.kind = 'INN' then 3 else 4 end as rank
            from unnest(p_keys) k
            cross join lateral (
                select x.party_id from core.match_key x
                where x.kind = k.kind and x.value = k.value and x.surname_key = p_surname_key and x.is_exact and p_surname_key <> ''
                union all
                select y.party_id from (select x.party_id, x.surname_key from core.match_key x where x.kind = k.kind and x.value = k.value
                                        order by x.kind, x.value, x.party_id limit core.key_common()) y
                where k.kind in ('SOURCE', 'INN') or (y.surname_key = p_surname_key and p_surname_key <> '')) m
            where k.kind in ('SOURCE', 'INN', 'PHONE', 'EMAIL')
            union all
            select p.party_id, 5
            from unnest(p_keys) k join core.vehicle v on v.vin = k.value
            join core.vehicle_owner o on o.vehicle_id = v.vehicle_id and o.to_on is null
            join core.party p on p.party_id = o.party_id
            where k.kind = 'VIN' and core.vin_is_checked(k.value) and p.surname_key = p_surname_key and p_surname_key <> '') c
        group by c.party_id) f
        where f.rank <> 3 or not f.is_branch);          -- INN and KPP name the branch, not its company (R64)
end $$;
comment on function core.party_exact(core.party_key[], text) is $$
Parties that are the same person for certain: phone, e-mail or VIN of the current owner with the surname; INN; the dealer's own number. A VIN whose check
digit is wrong (where the maker's region has one) is likely another car's: it proves nothing.
out: best first, usually none or one    cost: two probes per key, however many share it (core.key_common)    source: R22, R27$$;

create function core.party_strong(p_keys core.party_key[], p_but bigint[], p_surname_key text default '') returns bigint
language plpgsql stable as $$
begin
    -- a VIN and a plate are one car: no two independent keys
    return (select c.party_id from (
            select distinct m.party_id from unnest(p_keys) k
            cross join lateral (select x.party_id from core.match_key x where x.kind = k.kind and x.value = k.value
                                order by x.kind, x.value, x.party_id limit core.key_common()) m
            where k.kind in ('PHONE', 'EMAIL', 'VIN', 'PLATE', 'DOCUMENT')) c
        where c.party_id <> all (p_but)
          and (select greatest(count(distinct case when k.kind = 'PLATE' then 'VIN' else k.kind end),
                   -- a document names its bearer: with the surname it is as much as two keys
                   2 * count(*) filter (where k.kind = 'DOCUMENT' and m.surname_key = p_surname_key and p_surname_key <> ''))
               from unnest(p_keys) k join core.match_key m on m.kind = k.kind and m.value = k.value and m.party_id = c.party_id
               where k.kind in ('PHONE', 'EMAIL', 'VIN', 'PLATE', 'DOCUMENT')) >= 2
        order by c.party_id limit 1);
end $$;
comment on function core.party_strong(core.party_key[], bigint[], text) is 'A party with two of the keys and another name, or with the document and the surname: a router looks (R22, R32).';

create function core.source_party(p_dealer int, p_external text) returns bigint
language plpgsql stable as $$
begin
    return (select m.party_id from core.match_key m where m.kind = 'SOURCE' and m.value = p_dealer || ':' || p_external limit 1);
end $$;
comment on function core.source_party(int, text) is 'The party a dealer''s own system knows by this number.';

create function core.key_add(p_party bigint, p_kind core.key_kind, p_value text) returns boolean
language plpgsql volatile as $$
declare has_name boolean := p_kind not in ('INN', 'SOURCE');
begin
    insert into core.match_key (kind, value, party_id, surname_key, is_exact)
    select p_kind, p_value, p_party, case when has_name then p.surname_key else '' end,
           not has_name or (p_kind in ('PHONE', 'EMAIL') and p.surname_key <> '')
    from core.party p where p.party_id = p_party on conflict do nothing;
    if not found then                  -- another party is known by this very pair: kept as a key, not as a proof
        insert into core.match_key (kind, value, party_id, surname_key, is_exact)
        select p_kind, p_value, p_party, case when has_name then p.surname_key else '' end, false
        from core.party p where p.party_id = p_party on conflict do nothing;
    end if;
    return found;
end $$;
comment on function core.key_add(bigint, core.key_kind, text) is $$
Let a party be found by a key.    out: true when the key is new for the party
guard: match_key_one_party, one party per (key, surname)$$;
