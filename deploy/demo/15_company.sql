-- SPDX-License-Identifier: Apache-2.0
-- Companies with branches, contact persons and drivers, a group with a key account, a carve-out, and service customers who are being served
-- elsewhere; made by the product itself, with its triggers on.

do $$
declare c record; p record; v_branch core.party; n int := 0; v_group bigint; v_key bigint; pool bigint[]; k int := 0; v_dealer int;
    jobs text[] := '{директор,закупки,механик парка,главный бухгалтер,логистика}'; parts text[] := '{Север,Юг,Восток}';
begin
    select array_agg(x.party_id order by x.party_id desc) into pool from (
        select y.party_id from core.party y where y.is_pool and y.kind = 'PERSON' and not y.is_opted_out and y.merged_into is null order by y.party_id desc limit 120) x;
    insert into core.company_group (name) values ('Холдинг «Меридиан»') returning group_id into v_group;
    for c in select x.party_id, x.name, x.inn, x.city, o.dealer_id, o.brand_id, o.line, o.state from core.party x
             join core.ownership o on o.party_id = x.party_id and o.line = 'FLEET' and o.state in ('ACTIVE', 'CUSTOMER')
             where x.kind = 'COMPANY' and length(x.inn) = 10 and not exists (select from core.party y where y.inn = x.inn and y.party_id <> x.party_id)
             order by x.party_id limit 9 loop
        n := n + 1;
        perform core.company_take(c.party_id, 0);
        if n <= 3 then
            insert into core.company_group_member (group_id, party_id, from_on) values (v_group, c.party_id, core.today() - 90);
        end if;
        if n % 3 = 0 then
            for i in 1..3 loop
                v_branch := core.branch_add(c.party_id, left(c.name, 150) || ', филиал «' || parts[i] || '»', left(c.inn, 4) || '0' || i || '001', c.city, null, c.dealer_id);
            end loop;
            select b.dealer_id into v_dealer from core.dealer_brand b where b.brand_id = c.brand_id and b.line = 'FLEET' and b.dealer_id not in (0, c.dealer_id) order by 1 limit 1;
            if v_dealer is not null and n = 6 then
                insert into core.carve_out (party_id, brand_id, line, dealer_id, from_on, to_on, reason)
                values (v_branch.party_id, c.brand_id, 'FLEET', v_dealer, core.today(), core.today() + 365, 'договор с филиалом');
            end if;
        end if;
        for i in 1..2 loop
            k := k + 1;
            select x.party_id, x.name into p from core.party x where x.party_id = pool[k];
            insert into core.company_contact (company_id, party_id, name, job, dealer_id, from_on) values (c.party_id, p.party_id, p.name, jobs[1 + k % 5], c.dealer_id, core.today() - 200 - k);
        end loop;
        for p in select w.vehicle_id from core.vehicle_owner w where w.party_id = c.party_id and w.to_on is null order by 1 limit 2 loop
            k := k + 1;
            insert into core.fleet_driver (vehicle_id, company_id, party_id, name, dealer_id, from_on)
            select p.vehicle_id, c.party_id, x.party_id, x.name, c.dealer_id, core.today() - 100 - k from core.party x where x.party_id = pool[k];
        end loop;
    end loop;
    insert into core.key_account (group_id, brand_id, dealer_id, from_on, to_on, reason)
    values (v_group, 1, 0, core.today(), core.today() + 365, 'рамочный договор с холдингом') returning key_id into v_key;
    perform core.key_spread(v_key);
    perform core.clock_carve();
    -- served elsewhere: two paid visits in a row at another dealer of the brand
    for c in select o.ownership_id, o.party_id, o.brand_id, o.vehicle_id, b.dealer_id from core.ownership o
             join lateral (select y.dealer_id from core.dealer_brand y where y.brand_id = o.brand_id and y.line = 'SERVICE' and y.dealer_id not in (0, o.dealer_id) order by y.dealer_id limit 1) b on true
             where o.line = 'SERVICE' and o.state = 'CUSTOMER' and o.vehicle_id is not null
             order by o.dealer_id % 3, o.ownership_id limit 12 loop
        perform core.document_order(c.dealer_id, null, c.party_id, c.brand_id, 'ЗН-Д-' || c.ownership_id || '-1', core.today() - 45, 850000, c.vehicle_id, null, 'ТО', 'demo');
        perform core.document_order(c.dealer_id, null, c.party_id, c.brand_id, 'ЗН-Д-' || c.ownership_id || '-2', core.today() - 1, 1230000, c.vehicle_id, null, 'Замена колодок', 'demo');
    end loop;
end $$;
