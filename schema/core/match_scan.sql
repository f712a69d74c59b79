-- SPDX-License-Identifier: Apache-2.0
-- The comparison of the whole base (R22, R27): server/jobs/scan.c reads people by pages, compares them (server/link) and writes pairs.
-- Only a job of kind match_scan gets an answer, bound to the steward who ordered it (core.job_claim).

create function core.match_scan_claim(p_job bigint) returns core.job
language plpgsql volatile as $$
declare j core.job := core.job_claim(p_job);
begin
    if j.kind <> 'match_scan' then perform core.fail('ZC403'); end if;
    return j;
end $$;
comment on function core.match_scan_claim(bigint) is 'Prove that this transaction runs a comparison of the base. errors: ZC403';

create type core.match_record as (party_id bigint, surname text, given_name text, patronymic text, born_on text, phone text, email text,
    city text, address text);
comment on type core.match_record is 'One person as the matcher reads him.';

create function core.match_scan_page(p_job bigint, p_after bigint, p_limit int, p_kind core.party_kind) returns setof core.match_record
language plpgsql volatile security definer set search_path = '' as $$
begin
    perform core.match_scan_claim(p_job);
    return query
    select p.party_id, case when p.kind = 'PERSON' then coalesce(nullif(p.surname, ''), split_part(p.name, ' ', 1)) else p.name end,
        case when p.kind = 'PERSON' then coalesce(nullif(p.given_name, ''), split_part(p.name, ' ', 2)) else concat_ws('/', p.inn, y.kpp) end, p.patronymic, p.born_on::text, ph.value, em.value, p.city, p.address
    from core.party p
    cross join lateral (select string_agg(x.value, ',' order by x.is_primary desc, x.contact_id) as value from (
        select c.value, c.is_primary, c.contact_id from core.contact_point c where c.party_id = p.party_id and c.kind = 'PHONE' and (c.is_primary or c.is_valid)
        order by c.is_primary desc, c.contact_id limit 4) x) ph
    left join core.contact_point em on em.party_id = p.party_id and em.kind = 'EMAIL' and em.is_primary
    left join core.company y on y.party_id = p.party_id and y.head_id is not null and p.kind = 'COMPANY'
    where p.party_id > p_after and p.kind = p_kind and p.merged_into is null and p.erased_at is null and p.source <> 'undone'
    order by p.party_id limit least(p_limit, 5000);
end $$;
comment on function core.match_scan_page(bigint, bigint, int, core.party_kind) is $$
The next parties of a kind after p_after, with their telephones (the first four that are not known to be wrong, comma between them, the main one
first) and their main e-mail address; of a company its name and INN stand first. The erased have one name all of them and nothing else: they are compared with nobody (R149).
out: at most 5,000; fewer than asked at the end    errors: ZC403    cost: one range of the primary key    source: R23$$;

create function core.match_scan_pairs(p_job bigint, p_pairs json) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare e json; p core.party; q core.party; kinds text[]; is_alike boolean; v_rule core.duplicate_class; made int := 0;
begin
    perform core.match_scan_claim(p_job);
    for e in select x from json_array_elements(p_pairs) x loop
        select x.* into p from core.party x where x.party_id = (e ->> 'a')::bigint and x.merged_into is null and x.erased_at is null;
        select x.* into q from core.party x where x.party_id = (e ->> 'b')::bigint and x.merged_into is null and x.erased_at is null;
        continue when p.party_id is null or q.party_id is null or core.is_one_company(p, q);
        kinds := core.keys_shared(p.party_id, q.party_id);
        is_alike := core.party_alike(p, q);
        v_rule := core.pair_class(kinds, is_alike);
        made := made + core.duplicate_put(p.party_id, q.party_id, least(v_rule, (e ->> 'class')::core.duplicate_class),
                                          (e -> 'weights')::jsonb, 'scan')::int;
    end loop;
    return made;
end $$;
comment on function core.match_scan_pairs(bigint, json) is $$
Write pairs that the comparison found; a repeat changes nothing.
in: [{a, b, class, weights [{field, weight, level}]}], at most some hundred; the rules of R22 may make the class stronger, never weaker
out: rows written    errors: ZC403    source: R22, R27$$;

create function core.match_scan_keys(p_job bigint, p_after bigint, p_limit int) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare j core.job := core.match_scan_claim(p_job); c record; p core.party; q core.party; v_last bigint; is_alike boolean; made int := 0;
begin
    select max(x.party_id) into v_last from (select y.party_id from core.party y where y.party_id > p_after order by y.party_id limit least(p_limit, 5000)) x;
    for c in
        select a.party_id as low, b.party_id as high, array_agg(distinct case when a.kind in ('VIN', 'PLATE') then 'CAR' else a.kind::text end) as kinds
        from core.match_key a
        cross join lateral (select x.party_id from core.match_key x where x.kind = a.kind and x.value = a.value and x.party_id > a.party_id
                            order by x.kind, x.value, x.party_id limit core.key_common()) b
        where a.party_id > p_after and a.party_id <= v_last and a.kind <> 'SOURCE'
          -- what more people share tells nobody from anybody
          and (select count(*) from (select from core.match_key z where z.kind = a.kind and z.value = a.value limit core.key_common() + 1) z) <= core.key_common()
        group by 1, 2
    loop
        select x.* into p from core.party x where x.party_id = c.low and x.merged_into is null and x.source <> 'undone';
        select x.* into q from core.party x where x.party_id = c.high and x.merged_into is null and x.source <> 'undone';
        continue when p.party_id is null or q.party_id is null or core.is_one_company(p, q);
        is_alike := core.party_alike(p, q);
        continue when c.kinds = '{CAR}' and not is_alike;          -- a car that changed hands makes nobody one
        made := made + core.duplicate_put(c.low, c.high, core.pair_class(c.kinds, is_alike), core.match_weights(p, q, c.kinds, is_alike), 'scan')::int;
    end loop;
    update core.job x set result = coalesce(x.result, '{}') || jsonb_build_object('by_key', coalesce((x.result ->> 'by_key')::bigint, 0) + made) where x.job_id = j.job_id;
    return v_last;
end $$;
comment on function core.match_scan_keys(bigint, bigint, int) is $$
Write the pairs that share any key, also a second telephone or address, and companies: of the next parties after p_after with those after
them. A repeat changes nothing.
out: the last party looked at, NULL when there is none    errors: ZC403    cost: a probe a key, at most core.key_common() pairs each    source: R22, R27$$;

create function core.match_scan_end(p_job bigint, p_result json) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare j core.job := core.match_scan_claim(p_job); v_people bigint := (p_result ->> 'people')::bigint;
begin
    if v_people >= core.policy_int('R22.learn') then
        insert into core.match_weight (field, level, bits)
        select e ->> 'field', e ->> 'level', greatest(least((e ->> 'bits')::real, 60), -60) from json_array_elements(p_result -> 'weights') e
        on conflict (field, level) do update set bits = excluded.bits;
    end if;
    update core.job x set result = coalesce(x.result, '{}') || jsonb_build_object('people', v_people, 'companies', (p_result ->> 'companies')::bigint,
        'pairs', (p_result ->> 'pairs')::bigint, 'open', (select count(*) from core.duplicate d where d.state = 'OPEN')) where x.job_id = j.job_id;
    perform core.ledger_add('match.scan', j.public_id::text, null, 'R27', jsonb_build_object('people', v_people, 'pairs', (p_result ->> 'pairs')::bigint));
end $$;
comment on function core.match_scan_end(bigint, json) is $$
The comparison is over: keep what it learned, when the base is large enough to learn from (policy R22.learn), and say how much it found.
in: {people, companies, pairs, weights [{field, level, bits}]}    errors: ZC403    source: R8, R22$$;

grant execute on function core.match_scan_page(bigint, bigint, int, core.party_kind), core.match_scan_keys(bigint, bigint, int), core.match_scan_pairs(bigint, json), core.match_scan_end(bigint, json) to head_office;
