-- SPDX-License-Identifier: Apache-2.0
-- What a merge does with relatives, companies and leases, where a person stands in more than one column (R28, R29). Each row that goes
-- over is noted in core.merge_row under the name of its table and column, and goes back by it.

create function core.column_move(p_merge bigint, p_from bigint, p_to bigint, p_table text, p_key text, p_column text, p_but text default 'true') returns int
language plpgsql volatile as $$
declare n int;
begin
    execute format($q$
        with gone as (update core.%I t set %I = $2 where t.%I = $1 and (%s) returning t.%I as key)
        insert into core.merge_row (merge_id, table_name, key) select $3, %L, jsonb_build_object(%L, g.key) from gone g$q$,
        p_table, p_column, p_column, p_but, p_key, p_table || '.' || p_column, p_key) using p_from, p_to, p_merge;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.column_move(bigint, bigint, bigint, text, text, text, text) is $$
Let rows of a table name another party in one column, and note them.
in: names are literals of this file; p_but a condition on row t, $1 the old party, $2 the new    out: rows$$;

create function core.column_return(p_merge bigint, p_from bigint, p_to bigint, p_table text, p_key text, p_column text) returns int
language plpgsql volatile as $$
declare n int;
begin
    execute format('update core.%I t set %I = $2 from core.merge_row m where m.merge_id = $3 and m.table_name = %L and t.%I = (m.key ->> %L)::bigint and t.%I = $1',
        p_table, p_column, p_table || '.' || p_column, p_key, p_key, p_column) using p_from, p_to, p_merge;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.column_return(bigint, bigint, bigint, text, text, text) is 'Give back what core.column_move took. out: rows';

create function core.family_merge(p_merge bigint, p_from bigint, p_to bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare c core.company; n int := 0;
begin
    -- a relation to oneself ends; one that the survivor has already stays where it is
    update core.household_link l set to_on = greatest(core.today(), l.from_on)
    where l.to_on is null and least(l.party_id, l.relative_id) = least(p_from, p_to) and greatest(l.party_id, l.relative_id) = greatest(p_from, p_to);
    n := core.column_move(p_merge, p_from, p_to, 'household_link', 'link_id', 'party_id', $c$t.relative_id <> $2 and (t.to_on is not null or not exists (
        select from core.household_link y where y.to_on is null and t.relative_id in (y.party_id, y.relative_id) and $2 in (y.party_id, y.relative_id)))$c$);
    n := n + core.column_move(p_merge, p_from, p_to, 'household_link', 'link_id', 'relative_id', $c$t.party_id <> $2 and (t.to_on is not null or not exists (
        select from core.household_link y where y.to_on is null and t.party_id in (y.party_id, y.relative_id) and $2 in (y.party_id, y.relative_id)))$c$);
    if n > 0 or exists (select from core.party p where p.party_id in (p_from, p_to) and p.household_id is not null) then
        perform core.household_settle(array[p_to, p_from]);
    end if;
    perform core.column_move(p_merge, p_from, p_to, 'company_contact', 'contact_id', 'company_id', $c$not exists (select from core.company_contact y
        where y.company_id = $2 and y.party_id = t.party_id and y.dealer_id = t.dealer_id and y.to_on is null)$c$);
    perform core.column_move(p_merge, p_from, p_to, 'fleet_driver', 'driver_id', 'company_id');
    perform core.column_move(p_merge, p_from, p_to, 'vehicle_lease', 'lease_id', 'lessor_id', 't.lessee_id <> $2');
    perform core.column_move(p_merge, p_from, p_to, 'vehicle_lease', 'lease_id', 'lessee_id', 't.lessor_id <> $2');
    select x.* into c from core.company x where x.party_id = p_from;
    if c.party_id is null or c.head_id is not null then return; end if;              -- a branch keeps its KPP; its company is merged by itself
    if not exists (select from core.company x where x.party_id = p_to) then
        update core.company x set inn = c.inn || '~' || p_merge where x.party_id = p_from;            -- one company an INN: the survivor is it now
        insert into core.company (party_id, inn, kpp, made_by) values (p_to, c.inn, null, c.made_by);
        insert into core.merge_row (merge_id, table_name, key, before) values (p_merge, 'company', jsonb_build_object('party_id', p_to), jsonb_build_object('inn', c.inn));
    end if;
    perform core.column_move(p_merge, p_from, p_to, 'company', 'party_id', 'head_id', 't.party_id <> $2');
    perform core.column_move(p_merge, p_from, p_to, 'carve_out', 'carve_id', 'party_id', $c$t.state = 'ENDED' or not exists (
        select from core.carve_out y where y.party_id = $2 and y.brand_id = t.brand_id and y.line = t.line and y.state <> 'ENDED')$c$);
    perform core.column_move(p_merge, p_from, p_to, 'company_group_member', 'group_id', 'party_id', $c$t.to_on is null and not exists (
        select from core.company_group_member y where y.party_id = $2 and (y.to_on is null or (y.group_id, y.from_on) = (t.group_id, t.from_on)))$c$);
end $$;
comment on function core.family_merge(bigint, bigint, bigint) is 'Relatives, posts, drivers, leases, branches and the group of the merged party go to the survivor. source: R28';

create function core.family_part(p_merge bigint, p_from bigint, p_to bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare n int; v_inn text;
begin
    n := core.column_return(p_merge, p_from, p_to, 'household_link', 'link_id', 'party_id')
       + core.column_return(p_merge, p_from, p_to, 'household_link', 'link_id', 'relative_id');
    if n > 0 or exists (select from core.party p where p.party_id in (p_from, p_to) and p.household_id is not null) then
        perform core.household_settle(array[p_to, p_from]);
    end if;
    perform core.column_return(p_merge, p_from, p_to, 'company_contact', 'contact_id', 'company_id');
    perform core.column_return(p_merge, p_from, p_to, 'fleet_driver', 'driver_id', 'company_id');
    perform core.column_return(p_merge, p_from, p_to, 'vehicle_lease', 'lease_id', 'lessor_id');
    perform core.column_return(p_merge, p_from, p_to, 'vehicle_lease', 'lease_id', 'lessee_id');
    perform core.column_return(p_merge, p_from, p_to, 'company', 'party_id', 'head_id');
    perform core.column_return(p_merge, p_from, p_to, 'carve_out', 'carve_id', 'party_id');
    perform core.column_return(p_merge, p_from, p_to, 'company_group_member', 'group_id', 'party_id');
    select m.before ->> 'inn' into v_inn from core.merge_row m where m.merge_id = p_merge and m.table_name = 'company';
    if v_inn is null then return; end if;
    update core.company x set inn = v_inn || '~' || p_merge || '~' where x.party_id = p_from;
    update core.company x set inn = v_inn where x.party_id = p_to;
    delete from core.company x where x.party_id = p_from and not exists (select from core.company y where y.head_id = p_from)
        and not exists (select from core.company_group_member y where y.party_id = p_from) and not exists (select from core.carve_out y where y.party_id = p_from);
end $$;
comment on function core.family_part(bigint, bigint, bigint) is 'The undo of core.family_merge; households are settled anew. in: merge, survivor, merged    source: R29';
