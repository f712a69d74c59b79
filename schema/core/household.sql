-- SPDX-License-Identifier: Apache-2.0
-- Households (R60-R63). A household is a set of persons connected by open links; party.household_id names it and is the lock unit of
-- SALES. A link is told only to those who see both of its ends: membership reveals nothing of a member to another dealer, not even
-- that he is there.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R60.members', '2000-01-01', 20, 'count', 2, 100)
on conflict (name, valid_from) do nothing;

create function core.relation_other(p_relation text) returns text
language sql immutable as $$ select case p_relation when 'parent' then 'child' when 'child' then 'parent' else p_relation end $$;
comment on function core.relation_other(text) is 'The same relation seen from the other end.';

create function core.household_lock() returns void
language plpgsql volatile as $$
begin
    perform pg_advisory_xact_lock(4270035);
end $$;
comment on function core.household_lock() is $$
One change of households at a time: two links that meet in one person must end in one household. Such changes are rare.$$;

create function core.household_join(p_one bigint, p_two bigint) returns boolean
language plpgsql volatile set search_path = '' as $$
declare h1 bigint; h2 bigint; v_home bigint; n bigint;
begin
    perform core.household_lock();
    select p.household_id into h1 from core.party p where p.party_id = p_one;
    select p.household_id into h2 from core.party p where p.party_id = p_two;
    if h1 = h2 then return true; end if;
    select count(*) into n from core.party p
    where p.household_id in (h1, h2) or p.party_id in (p_one, p_two);
    if n > core.policy_int('R60.members') then return false; end if;
    v_home := least(h1, h2);
    if v_home is null then insert into core.household default values returning household_id into v_home; end if;
    update core.party p set household_id = v_home
    where (p.household_id in (h1, h2) or p.party_id in (p_one, p_two)) and p.household_id is distinct from v_home;
    return true;
end $$;
comment on function core.household_join(bigint, bigint) is $$
Bring two persons into one household; two households become one, the older.
out: false when it would have more than R60.members persons: a relation that large is a mistake    guard: core.household_lock$$;

create function core.household_part(p_party bigint) returns bigint[]
language plpgsql volatile as $$
begin
    perform core.household_lock();
    return (with recursive part(id) as (
        select p_party
        union
        select case when l.party_id = part.id then l.relative_id else l.party_id end
        from part join core.household_link l on l.to_on is null and (l.party_id = part.id or l.relative_id = part.id))
    select array_agg(part.id order by part.id) from part);
end $$;
comment on function core.household_part(bigint) is 'A person and all whom open links connect to him.    cost: one index probe a member';

create function core.household_settle(p_parties bigint[]) returns void
language plpgsql volatile set search_path = '' as $$
declare one bigint; v_part bigint[]; v_home bigint; done bigint[] := '{}';
begin
    foreach one in array p_parties loop
        continue when one = any (done);
        v_part := core.household_part(one);
        done := done || v_part;
        if cardinality(v_part) = 1 then
            v_home := null;
        else                                           -- the part that has the oldest link keeps the name
            select p.household_id into v_home from core.party p where p.party_id = one;
            if v_home is null or exists (select from core.party p where p.household_id = v_home and p.party_id <> all (v_part)
                                         and p.party_id = any (done)) then
                insert into core.household default values returning household_id into v_home;
            end if;
        end if;
        update core.party p set household_id = v_home where p.party_id = any (v_part) and p.household_id is distinct from v_home;
    end loop;
end $$;
comment on function core.household_settle(bigint[]) is $$
After links ended: each connected part is a household of its own, a person alone is in none. Rights stay where they are (R63).
in: the ends of what ended$$;

create function core.household_link_add(p_party bigint, p_relative bigint, p_relation text, p_is_confirmed boolean, p_evidence text,
    p_from date, p_dealer int, p_staff bigint) returns core.household_link
language plpgsql volatile set search_path = '' as $$
declare made core.household_link;
begin
    if not core.household_join(p_party, p_relative) then return null; end if;
    insert into core.household_link as l (party_id, relative_id, relation, is_confirmed, evidence, dealer_id, staff_id, from_on)
    values (p_party, p_relative, p_relation, p_is_confirmed, nullif(btrim(p_evidence), ''), p_dealer, p_staff, p_from)
    on conflict (least(party_id, relative_id), greatest(party_id, relative_id)) where to_on is null do update
        set is_confirmed = l.is_confirmed or excluded.is_confirmed, evidence = coalesce(l.evidence, excluded.evidence)
    returning l.* into made;
    perform core.ledger_add('household.link', made.public_id::text, p_party, 'R60',
        jsonb_build_object('relation', made.relation, 'is_confirmed', made.is_confirmed));
    return made;
end $$;
comment on function core.household_link_add(bigint, bigint, text, boolean, text, date, int, bigint) is $$
Link two persons; said again it may confirm what was declared.
in: p_relation what the relative is to the party    out: the link, NULL when the household would be too large    source: R60$$;

create function core.household_link_end(p_link bigint, p_on date) returns void
language plpgsql volatile set search_path = '' as $$
declare l core.household_link;
begin
    perform core.household_lock();
    update core.household_link x set to_on = greatest(p_on, x.from_on) where x.link_id = p_link and x.to_on is null returning x.* into l;
    if l.link_id is null then return; end if;
    perform core.household_settle(array[l.party_id, l.relative_id]);
    perform core.ledger_add('household.end', l.public_id::text, l.party_id, 'R63', '{}');
end $$;
comment on function core.household_link_end(bigint, date) is 'End a link with a date; the household splits where nothing else connects it. source: R63';

create function core.family_owner(p_party bigint, p_brand smallint, p_line core.line) returns int
language plpgsql stable security definer set search_path = '' as $$
declare p record;
begin
    select x.kind, x.household_id into p from core.party x where x.party_id = p_party;
    if p.kind = 'COMPANY' then return core.company_owner(p_party, p_brand, p_line); end if;
    if p.household_id is null then return null; end if;
    return (select o.dealer_id
        from core.party m join core.ownership o on o.party_id = m.party_id
        join core.line_group g on g.line = o.line join core.line_group asked on asked.line = p_line and asked.grp = g.grp
        join core.dealer d on d.dealer_id = o.dealer_id and d.is_active
        where m.household_id = p.household_id and m.party_id <> p_party and o.brand_id = p_brand and o.state in ('ACTIVE', 'HELD', 'CUSTOMER')
          and (o.dealer_id = 0 or exists (select from core.dealer_brand b where b.dealer_id = o.dealer_id and b.brand_id = p_brand and b.line = p_line))
          and not exists (select from core.ownership_history h
            where h.party_id = p_party and h.brand_id = p_brand and h.line = p_line and h.dealer_id = o.dealer_id
              and h.event in ('decline', 'not_accepted') and h.recorded_at > core.now() - interval '30 days')
        order by o.line = p_line desc, o.registered_at, o.ownership_id limit 1);
end $$;
comment on function core.family_owner(bigint, smallint, core.line) is $$
Who is to be asked first for the interest of a person or company: the owner of another member of the household in the same group, or
the company's owner (carve-out, key account, the company itself). A first offer, not a right (R61).
out: dealer number, 0 = head office, NULL = nobody; who declined this person within 30 days is not asked again
source: R40.5, R60, R61, R64    cost: one index probe a member$$;

create function core.family_json(p_party bigint) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    return (select coalesce(json_agg(json_build_object('id', x.public_id, 'person_id', m.public_id, 'name', m.name, 'relation', x.relation,
            'is_confirmed', x.is_confirmed, 'from_on', x.from_on, 'to_on', x.to_on) order by x.to_on nulls first, x.from_on, x.link_id), '[]')
        from (
            select l.link_id, l.public_id, l.relative_id as other, l.relation, l.is_confirmed, l.from_on, l.to_on
            from core.household_link l where l.party_id = p_party
            union all
            select l.link_id, l.public_id, l.party_id, core.relation_other(l.relation), l.is_confirmed, l.from_on, l.to_on
            from core.household_link l where l.relative_id = p_party) x
        join core.party m on m.party_id = x.other
        where core.level_for(x.other) >= 'MASKED');
end $$;
comment on function core.family_json(bigint) is $$
The relatives of a person, those whom the caller sees himself and no others, nor how many there are.
guard: the caller has checked that he sees the person    source: R60$$;
