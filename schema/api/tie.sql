-- SPDX-License-Identifier: Apache-2.0
-- The organisation tree (R106): groups of dealers under one owner, and whom of head office a dealer is tied to. The administrator keeps both.

create type api.dealer_group as (id uuid, name text, parent_id uuid, dealer_ids uuid[]);

create function api.dealer_groups_list() returns setof api.dealer_group language plpgsql stable security definer set search_path = '' as $$
begin
    return query select g.public_id, g.name::text, p.public_id, array(select d.public_id from core.dealer d where d.group_id = g.group_id order by d.name)
    from core.dealer_group g left join core.dealer_group p on p.group_id = g.parent_id order by g.name limit 1000;
end $$;
comment on function api.dealer_groups_list is $$
List groups of dealers under one owner. out: name, group above, dealers. rule: R106 $$;

create function api.dealer_group_save(p_name core.search_text, p_dealer_ids uuid[], p_parent_id uuid default null)
returns api.dealer_group language plpgsql volatile security definer set search_path = '' as $$
declare v_group int; v_parent int; v_ids int[];
begin
    if btrim(p_name) = '' then perform core.fail('ZC400', 'name'); end if;
    if coalesce(cardinality(p_dealer_ids), 0) > 1000 then perform core.fail('ZC402', 'dealer_ids'); end if;
    v_ids := array(select d.dealer_id from core.dealer d where d.public_id = any (p_dealer_ids) and d.dealer_id > 0);
    if cardinality(v_ids) <> (select count(distinct x) from unnest(p_dealer_ids) x) then perform core.fail('ZC402', 'dealer_ids'); end if;
    if p_parent_id is not null then
        select g.group_id into v_parent from core.dealer_group g where g.public_id = p_parent_id;
        if v_parent is null then perform core.fail('ZC402', 'parent_id'); end if;
    end if;
    insert into core.dealer_group as g (name, parent_id) values (btrim(p_name), v_parent)
    on conflict (name) do update set parent_id = excluded.parent_id returning g.group_id into v_group;
    -- a group never stands under itself: walking up from the parent must not meet it
    if exists (with recursive up as (select v_parent as id, 1 as n union all select g.parent_id, u.n + 1 from up u join core.dealer_group g on g.group_id = u.id where u.n < 20)
               select from up where id = v_group) then
        perform core.fail('ZC402', 'parent_id');
    end if;
    update core.dealer d set group_id = null where d.group_id = v_group and d.dealer_id <> all (v_ids);
    update core.dealer d set group_id = v_group where d.dealer_id = any (v_ids);
    perform core.ledger_add('group.save', (select g.public_id::text from core.dealer_group g where g.group_id = v_group), null, 'R106',
        jsonb_build_object('dealers', cardinality(v_ids)));
    perform core.ties_apply();
    return (select r from api.dealer_groups_list() r join core.dealer_group g on g.public_id = r.id where g.group_id = v_group);
end $$;
comment on function api.dealer_group_save is $$
Make a group of dealers under one owner, or give the one of this name other members. Running cases whose arbiter is now tied to a side pass on.
in: name; dealer_ids - all its members; parent_id - the group it stands under    out: the group
errors: bad-field (unknown dealer, unknown parent, a circle), missing-field    rule: R106 $$;

create type api.staff_tie as (staff_id uuid, name text, role core.staff_role, ties json, cursor_ text);

create function api.staff_ties_list() returns setof api.staff_tie language plpgsql stable security definer set search_path = '' as $$
begin
    return query select s.public_id, s.name, s.role,
        (select coalesce(json_agg(json_build_object('dealer_id', d.public_id, 'kind', t.kind) order by d.name), '[]')
         from core.staff_tie t join core.dealer d on d.dealer_id = t.dealer_id where t.staff_id = s.staff_id), null::text
    from core.staff s where s.role = 'arbiter' and s.is_active order by s.name limit 1000;
end $$;
comment on function api.staff_ties_list is $$
List the arbiters and what each is tied to: employed, reports, family, share. rule: R106 $$;

create function core.ties_apply() returns int
language plpgsql volatile set search_path = '' as $$
declare d core.dispute; n int := 0;
begin
    for d in select x.* from core.dispute x where x.state in ('ADMITTED', 'ANSWERED') and x.arbiter_id is not null
             and core.arbiter_conflict(x.arbiter_id, x.claimant_id, x.owner_id) order by x.dispute_id for update loop
        perform core.arbiter_pass(d, 'conflict');
        n := n + 1;
    end loop;
    update core.dispute_seat s set left_at = core.now(), reason = 'conflict' from core.dispute x
    where x.dispute_id = s.dispute_id and x.state = 'APPEALED' and s.role = 'committee' and s.left_at is null and s.vote is null
      and core.arbiter_conflict(s.staff_id, x.claimant_id, x.owner_id);
    for d in select x.* from core.dispute x where x.state = 'APPEALED'
             and (select count(*) from core.dispute_seat s where s.dispute_id = x.dispute_id and s.role = 'committee' and s.left_at is null) < 2 loop
        perform core.committee_fill(d);
    end loop;
    return n;
end $$;
comment on function core.ties_apply() is 'Running cases whose arbiter is tied to a side go to the next; so do seats of a committee. out: cases passed on. source: R106';

create function api.staff_ties_put(p_staff_id uuid, p_ties json) returns api.staff_tie
language plpgsql volatile security definer set search_path = '' as $$
declare v_staff bigint := (select s.staff_id from core.staff s where s.public_id = p_staff_id and s.dealer_id = 0); t record; v_dealer int;
begin
    if v_staff is null then perform core.fail('ZC404'); end if;
    if json_typeof(p_ties) <> 'array' or json_array_length(p_ties) > 100 then perform core.fail('ZC402', 'ties'); end if;
    delete from core.staff_tie x where x.staff_id = v_staff;
    for t in select e ->> 'dealer_id' as dealer_id, e ->> 'kind' as kind from json_array_elements(p_ties) e loop
        v_dealer := (select d.dealer_id from core.dealer d where d.public_id::text = t.dealer_id);
        if v_dealer is null or coalesce(t.kind, '') not in ('employed', 'reports', 'family', 'share') then perform core.fail('ZC402', 'ties'); end if;
        insert into core.staff_tie (staff_id, dealer_id, kind, set_by) values (v_staff, v_dealer, t.kind, session.staff()) on conflict do nothing;
    end loop;
    perform core.ledger_add('tie.set', p_staff_id::text, null, 'R106', jsonb_build_object('ties', json_array_length(p_ties)));
    perform core.ties_apply();
    return (select r from api.staff_ties_list() r where r.staff_id = p_staff_id);
end $$;
comment on function api.staff_ties_put is $$
Say whom a member of head office is tied to; he then judges no dispute of that dealer or of its group. His running cases pass on.
in: staff_id; ties - [{dealer_id, kind employed | reports | family | share}], all of them    out: the ties
errors: not-found, bad-field    rule: R106 $$;
