-- SPDX-License-Identifier: Apache-2.0
-- Companies (R64): one per INN, a branch per KPP. A right on the company covers its branches: while one dealer holds any of them
-- without a carve-out, no other may claim another one in the same brand and line. A carve-out or key account names another owner.

create function core.company_take(p_party bigint, p_dealer int) returns core.company
language plpgsql volatile set search_path = '' as $$
declare c core.company; p core.party;
begin
    select x.* into c from core.company x where x.party_id = p_party;
    if c.party_id is not null then return c; end if;
    select x.* into p from core.party x where x.party_id = p_party;
    if p.kind is distinct from 'COMPANY' or p.inn is null then perform core.fail('ZC064'); end if;
    insert into core.company (party_id, inn, made_by) values (p_party, p.inn, p_dealer) on conflict do nothing returning * into c;
    if c.party_id is null then perform core.fail('ZC064'); end if;       -- another party is this INN's company: a duplicate to be merged
    return c;
end $$;
comment on function core.company_take(bigint, int) is $$
The company row of a party, made at its first use.
errors: ZC064 the party is no company with an INN, or another party is the company of this INN    source: R64$$;

create function core.company_family(p_party bigint, p_brand smallint, p_line core.line) returns bigint[]
language plpgsql stable as $$
begin
    return (select array_agg(f.party_id order by f.head_id is not null, f.party_id)
        from core.company c join core.company f on f.party_id = coalesce(c.head_id, c.party_id) or f.head_id = coalesce(c.head_id, c.party_id)
        where c.party_id = p_party and not exists (select from core.carve_out v where v.party_id = f.party_id and v.brand_id = p_brand
            and v.line = p_line and v.state = 'IN_FORCE'));
end $$;
comment on function core.company_family(bigint, smallint, core.line) is $$
The company and its branches that no carve-out takes out for this brand and line, the company first; NULL for a party without branches$$;

create function core.company_carve(p_party bigint, p_brand smallint, p_line core.line) returns int
language plpgsql stable as $$
begin
    return (select v.dealer_id from core.carve_out v where v.party_id = p_party and v.brand_id = p_brand and v.line = p_line
        and v.state = 'IN_FORCE');
end $$;
comment on function core.company_carve(bigint, smallint, core.line) is 'The owner whom a carve-out or key account in force names for this very party, or NULL. source: R64';

create function core.company_owner(p_party bigint, p_brand smallint, p_line core.line) returns int
language plpgsql stable security definer set search_path = '' as $$
declare v int := core.company_carve(p_party, p_brand, p_line);
begin
    if v is not null then return v; end if;
    if p_line = 'FLEET' then
        select k.dealer_id into v from core.company c
        join core.company_group_member m on m.party_id = coalesce(c.head_id, c.party_id) and m.to_on is null
        join core.key_account k on k.group_id = m.group_id and k.brand_id = p_brand and k.ended_at is null
        where c.party_id = p_party and core.today() between k.from_on and k.to_on limit 1;
        if v is not null then return v; end if;
    end if;
    return (select o.dealer_id from unnest(core.company_family(p_party, p_brand, p_line)) with ordinality f(party_id, n)
        join core.ownership o on o.party_id = f.party_id and o.brand_id = p_brand and o.line = p_line and o.state in ('ACTIVE', 'HELD', 'CUSTOMER', 'GRACE')
        order by f.n, o.registered_at limit 1);
end $$;
comment on function core.company_owner(bigint, smallint, core.line) is $$
The owner of a company's branch: carve-out, key account (FLEET), the company's own right, that of another branch.
out: dealer number, 0 = head office, NULL none    source: R64$$;

create function core.company_rights(o core.ownership) returns setof core.ownership
language plpgsql stable as $$
begin
    -- a car's right is the car's; a branch that a carve-out names another owner for is not the company's
    if o.vehicle_id is not null or core.company_carve(o.party_id, o.brand_id, o.line) is not null then return; end if;
    return query select x.* from core.ownership x
    where x.party_id = any (core.company_family(o.party_id, o.brand_id, o.line)) and x.party_id <> o.party_id and x.brand_id = o.brand_id and x.line = o.line
      and x.dealer_id = o.dealer_id and x.vehicle_id is null and x.state <> 'CLOSED' order by x.party_id;
end $$;
comment on function core.company_rights(core.ownership) is
'The rights of the same dealer on the other branches of a company, which go where its right goes: one owner per company, brand and line. source: R64';

create function core.company_right(p_parties bigint[], p_brand smallint, p_line core.line, p_dealer int) returns core.ownership
language plpgsql stable as $$
declare o core.ownership; c record;
begin
    for c in select x.party_id from core.company x where x.party_id = any (p_parties) loop
        select r.* into o from core.ownership r
        where r.party_id = any (core.company_family(c.party_id, p_brand, p_line)) and r.brand_id = p_brand and r.line = p_line
          and r.state <> 'CLOSED' and r.dealer_id <> p_dealer and core.company_carve(c.party_id, p_brand, p_line) is null
        order by r.registered_at limit 1;
        if o.ownership_id is not null then return o; end if;
    end loop;
    return null;
end $$;
comment on function core.company_right(bigint[], smallint, core.line, int) is $$
Another dealer's open right on the same company or a branch of it, which covers the party too; NULL for whoever is no such company.
source: R64    cost: one index probe for all who are no company$$;

create function core.company_is_free(p_party bigint, p_brand smallint, p_line core.line, p_dealer int) returns boolean
language plpgsql volatile set search_path = '' as $$
declare c core.company; v_named int;
begin
    select x.* into c from core.company x where x.party_id = p_party;
    if c.party_id is null then return true; end if;
    -- claims of one company's branches meet at its head
    perform 1 from core.company x where x.party_id = coalesce(c.head_id, c.party_id) for no key update;
    v_named := core.company_carve(p_party, p_brand, p_line);
    if v_named is not null then return v_named = p_dealer; end if;
    return not exists (select from core.ownership r
        where r.party_id = any (core.company_family(p_party, p_brand, p_line)) and r.brand_id = p_brand and r.line = p_line
          and r.state <> 'CLOSED' and r.dealer_id <> p_dealer);
end $$;
comment on function core.company_is_free(bigint, smallint, core.line, int) is $$
May this dealer claim the company or branch? One dealer per company, brand and line; where a carve-out names an owner, only he.
guard: the head's row is locked until the end of the transaction, so two claims on two branches cannot both pass    source: R64$$;

create function core.branch_add(p_head bigint, p_name text, p_kpp text, p_city text, p_address text, p_dealer int) returns core.party
language plpgsql volatile set search_path = '' as $$
declare h core.company := core.company_take(p_head, p_dealer); made core.party;
begin
    if h.head_id is not null then perform core.fail('ZC402', 'person_id', '{"reason": "branch"}'); end if;
    if p_kpp !~ '^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$' then perform core.fail('ZC402', 'kpp'); end if;
    perform 1 from core.company c where c.party_id = p_head for no key update;
    if exists (select from core.company c where c.inn = h.inn and c.kpp = p_kpp) then
        perform core.fail('ZC402', 'kpp', '{"reason": "duplicate"}');
    end if;
    insert into core.party (kind, name, inn, city, address, source)
    values ('COMPANY', left(btrim(p_name), 200), h.inn, left(nullif(btrim(p_city), ''), 100), left(nullif(btrim(p_address), ''), 400), 'hand')
    returning * into made;
    insert into core.company (party_id, inn, kpp, head_id, made_by) values (made.party_id, h.inn, p_kpp, p_head, p_dealer);
    insert into core.match_key (kind, value, party_id, surname_key, is_exact) values ('INN', h.inn || '/' || p_kpp, made.party_id, '', true)
    on conflict do nothing;
    perform core.ledger_add('company.branch', made.public_id::text, made.party_id, 'R64', '{}');
    return made;
end $$;
comment on function core.branch_add(bigint, text, text, text, text, int) is $$
Make a branch of a company: a party of its own, found by INN/KPP. It has no right of its own; the company's covers it.
errors: ZC402 kpp (form, duplicate), person_id of a branch; ZC064 no company    guard: unique (inn, kpp)    source: R64$$;

create function core.kpp_take(p_party bigint, p_dealer int, p_data jsonb) returns jsonb
language plpgsql volatile set search_path = '' as $$
declare c core.company; v_kpp text := core.kpp_norm(p_data ->> 'kpp'); made core.party; added jsonb := '{}';
begin
    select x.* into c from core.company x where x.party_id = p_party;
    if c.party_id is null then
        if v_kpp is null or not exists (select from core.party p where p.party_id = p_party and p.kind = 'COMPANY' and length(p.inn) = 10
            and not exists (select from core.company y where y.inn = p.inn and y.head_id is null)) then return added; end if;
        c := core.company_take(p_party, p_dealer);
        added := jsonb_build_object('company', c.party_id);
    end if;
    if v_kpp is null or exists (select from core.company x where x.inn = c.inn and x.kpp = v_kpp) then return added; end if;
    select x.* into c from core.company x where x.party_id = coalesce(c.head_id, c.party_id) for no key update;
    if c.kpp is null and substr(v_kpp, 5, 2) in ('01', '50') then          -- of the company itself: at its seat, or as a largest taxpayer
        update core.company x set kpp = v_kpp where x.party_id = c.party_id;
        insert into core.match_key (kind, value, party_id, surname_key, is_exact) values ('INN', c.inn || '/' || v_kpp, c.party_id, '', true) on conflict do nothing;
        return added || jsonb_build_object('kpp', v_kpp);
    end if;
    made := core.branch_add(c.party_id, coalesce(core.name_of(p_data), (select p.name from core.party p where p.party_id = c.party_id)), v_kpp,
        p_data ->> 'city', p_data ->> 'address', p_dealer);
    return added || jsonb_build_object('branch', made.party_id);
end $$;
comment on function core.kpp_take(bigint, int, jsonb) is $$
A registration named a company with its KPP: the company's own (reason 01, 50) is kept with it, any other is a branch, made when nobody
knows it. The right stays with the company, per INN.
in: the party found or made by INN; p_data kpp, name, city, address    out: what was added, for an undo: company, kpp, branch
guard: company_one_head, company_one_branch; INN and INN/KPP are locked by core.keys_lock    source: R20, R64; order MMV-7-6/435$$;

create function core.kpp_undo(p_party bigint, p_added jsonb) returns void
language plpgsql volatile set search_path = '' as $$
declare v_branch bigint := (p_added ->> 'branch')::bigint;
begin
    if v_branch is not null and not exists (select from core.ownership o where o.party_id = v_branch)
       and not exists (select from core.carve_out x where x.party_id = v_branch) and not exists (select from core.sale s where s.party_id = v_branch)
       and not exists (select from core.repair_order s where s.party_id = v_branch) then
        delete from core.company c where c.party_id = v_branch;
        delete from core.match_key k where k.party_id = v_branch;
        update core.party p set source = 'undone' where p.party_id = v_branch;
    end if;
    if p_added ->> 'kpp' is not null then
        delete from core.match_key k using core.company c where c.party_id = p_party and k.party_id = p_party and k.kind = 'INN' and k.value = c.inn || '/' || c.kpp;
        update core.company c set kpp = null where c.party_id = p_party and c.kpp = p_added ->> 'kpp';
    end if;
    delete from core.company c where c.party_id = (p_added ->> 'company')::bigint and c.head_id is null
      and not exists (select from core.company b where b.head_id = c.party_id) and not exists (select from core.carve_out x where x.party_id = c.party_id)
      and not exists (select from core.company_group_member m where m.party_id = c.party_id);
end $$;
comment on function core.kpp_undo(bigint, jsonb) is 'Take back what core.kpp_take added, unless somebody has used it since. rule: R3, R64';
