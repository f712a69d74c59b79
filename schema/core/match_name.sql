-- SPDX-License-Identifier: Apache-2.0
-- Names in any writing (R21): which of the few parties that share a key are the same person under another alphabet, layout or case.
-- Used by core.party_exact after the look-up by key found nobody. Private.

create function core.name_pair(p_surname text, p_given text, p_name text, out surname text, out given text) language plpgsql immutable as $$
declare n text := btrim(regexp_replace(coalesce(p_name, ''), '\s+', ' ', 'g'));
begin
    surname := coalesce(nullif(btrim(p_surname), ''), nullif(split_part(n, ' ', 1), ''));
    given := coalesce(nullif(btrim(p_given), ''), nullif(split_part(n, ' ', 2), ''));
end $$;
comment on function core.name_pair(text, text, text) is $$
Surname and given name as the match compares them: the fields, else the first two words of the name as shown. Who is typed and who is
stored are read alike, so that it does not matter who came first; one without a surname is compared by the word he is known by.$$;

create function core.surname_given(p_data jsonb, out surname text, out given text) language plpgsql stable as $$
declare n record;
begin
    -- what core.party_make would store
    n := core.name_pair(coalesce(nullif(btrim(p_data ->> 'surname'), ''), split_part(btrim(p_data ->> 'name'), ' ', 1)), p_data ->> 'given_name', core.name_of(p_data));
    surname := n.surname; given := n.given;
end $$;
comment on function core.surname_given(jsonb) is 'core.name_pair of what was typed.';

create function core.person_alike(p_surname text, p_given text, q_surname text, q_given text) returns boolean
language plpgsql immutable as $$
declare s int := core.name_alike(p_surname, q_surname);
begin
    if s >= 2 then return true; end if;                -- one key, or another alphabet or keyboard layout
    if coalesce(p_given, '') = '' or coalesce(q_given, '') = '' then return false; end if;
    -- a case form may be his wife's nominative: the given names decide
    if s = 1 then return core.given_alike(p_given, q_given); end if;
    return core.name_alike(p_surname, q_given) >= 2 and core.name_alike(p_given, q_surname) >= 2;
end $$;
comment on function core.person_alike(text, text, text, text) is $$
Tell whether two names are of one person as far as names tell: surnames in any writing; in another case when the given names are alike as
well; surname and given name exchanged. Proves nothing without a key.    source: R21, R22$$;

create function core.party_exact(p_keys core.party_key[], p_data jsonb) returns bigint[]
language plpgsql stable as $$
declare found_ids bigint[] := core.party_exact(p_keys, core.surname_key_of(p_data)); n record;
begin
    if cardinality(found_ids) > 0 or cardinality(p_keys) = 0 or p_data ->> 'kind' = 'COMPANY' then return found_ids; end if;
    -- whoever shares a key at all: usually nobody, and then no name is looked at
    if not exists (select from unnest(p_keys) k join core.match_key m on m.kind = k.kind and m.value = k.value
                   where k.kind in ('PHONE', 'EMAIL', 'VIN')) then return found_ids; end if;
    n := core.surname_given(p_data);
    if n.surname is null then return found_ids; end if;
    return (select coalesce(array_agg(p.party_id order by p.party_id), '{}')
        from (select distinct m.party_id, k.kind from unnest(p_keys) k
              cross join lateral (select x.party_id from core.match_key x where x.kind = k.kind and x.value = k.value
                                  order by x.kind, x.value, x.party_id limit core.key_common()) m
              where k.kind in ('PHONE', 'EMAIL')
              union all
              select o.party_id, k.kind from unnest(p_keys) k join core.vehicle v on v.vin = k.value
              join core.vehicle_owner o on o.vehicle_id = v.vehicle_id and o.to_on is null where k.kind = 'VIN' and core.vin_is_checked(k.value)) c
        join core.party p on p.party_id = c.party_id
        cross join lateral core.name_pair(p.surname, p.given_name, p.name) q
        where p.kind = 'PERSON' and core.person_alike(n.surname, n.given, q.surname, q.given));
end $$;
comment on function core.party_exact(core.party_key[], jsonb) is $$
Parties that are the same person for certain: by the surname's key, and where that finds nobody by any writing of the name among those who
share a telephone, address or car.
in: p_keys of p_data    out: usually none or one    cost: one probe per key; names of at most core.key_common() parties a key    source: R21, R22, R27$$;
