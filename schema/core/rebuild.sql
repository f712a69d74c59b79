-- SPDX-License-Identifier: Apache-2.0
-- Everything derived, made anew after a load that ran without triggers (demo, benchmarks, restore). Not called by the product.

create function core.rebuild_keys() returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
    insert into core.match_key (kind, value, party_id, surname_key, is_exact)
    select k.kind, k.value, k.party_id, case when k.kind = 'INN' then '' else k.surname_key end,
           (k.kind = 'INN' or (k.kind in ('PHONE', 'EMAIL') and k.surname_key <> ''))
           and row_number() over (partition by k.kind, k.value, case when k.kind = 'INN' then '' else k.surname_key end order by k.party_id) = 1
    from (select c.kind::text::core.key_kind as kind, c.value, c.party_id, p.surname_key
          from core.contact_point c join core.party p on p.party_id = c.party_id where c.kind in ('PHONE', 'EMAIL')
          union select 'INN', p.inn, p.party_id, '' from core.party p where p.inn is not null
              and not exists (select from core.company c where c.party_id = p.party_id and c.head_id is not null)
          union select 'INN', c.inn || '/' || c.kpp, c.party_id, '' from core.company c where c.kpp is not null
          union select v.kind, v.value, o.party_id, p.surname_key
          from core.vehicle_owner o join core.vehicle y on y.vehicle_id = o.vehicle_id join core.party p on p.party_id = o.party_id
          cross join lateral (values ('VIN'::core.key_kind, y.vin::text), ('PLATE', y.plate)) v(kind, value)
          where o.to_on is null and v.value is not null) k
    on conflict do nothing;
end $$;
comment on function core.rebuild_keys() is 'Match keys from contacts, INN and cars; keys that are there stay (SOURCE and DOCUMENT keys belong to the loader).';

create function core.rebuild_sums() returns void
language plpgsql volatile security definer set search_path = '' as $$
begin
    delete from core.party_summary;
    insert into core.party_summary (party_id, dealer_id, sale_count, sale_kopecks, order_count, order_kopecks, last_visit_on, last_sale_on)
    select x.party_id, x.dealer_id, sum(x.sales), sum(x.sale_kopecks), sum(x.orders), sum(x.order_kopecks), max(x.visit_on), max(x.sold_on)
    from (select s.party_id, s.dealer_id, count(*) as sales, sum(s.amount_kopecks) as sale_kopecks, 0 as orders, 0 as order_kopecks,
                 null::date as visit_on, max(s.sold_on) as sold_on from core.sale s group by 1, 2
          union all
          select r.party_id, r.dealer_id, 0, 0, count(*), sum(r.amount_kopecks), max(r.opened_on), null from core.repair_order r group by 1, 2) x
    group by 1, 2;
    perform core.party_total_rebuild();
end $$;
comment on function core.rebuild_sums() is 'Sums of sales and work orders per client and dealer, and over the network.    cost: 10 s per 1,000,000 documents';

create function core.rebuild_projection(p_dealer int default null) returns bigint
language plpgsql volatile security definer set search_path = '' as $$
declare n bigint := 0; d int[]; p bigint[]; last_dealer int := -1; last_party bigint := -1;
begin
    if p_dealer is null then
        -- in one pass, so that core.project finds nothing to change
        update core.party q set is_pool = x.level is null and q.erased_at is null, router_level = coalesce(x.level, 'FULL')
        from (select y.party_id, min(v.level) as level from core.party y
              left join core.ownership o on o.party_id = y.party_id and o.state <> 'CLOSED'
              left join core.visibility v on v.state = o.state and v.viewer = 'router' group by 1) x
        where q.party_id = x.party_id and (q.is_pool, q.router_level) is distinct from (x.level is null and q.erased_at is null, coalesce(x.level, 'FULL'));
    end if;
    delete from core.dealer_party t where p_dealer is null or t.dealer_id = p_dealer;
    delete from core.dealer_key t where p_dealer is null or t.dealer_id = p_dealer;
    loop
        select array_agg(x.dealer_id), array_agg(x.party_id) into d, p from (
            select distinct o.dealer_id, o.party_id from core.ownership o
            where (o.dealer_id, o.party_id) > (last_dealer, last_party) and (p_dealer is null or o.dealer_id = p_dealer)
            order by 1, 2 limit 20000) x;
        exit when d is null;
        perform core.project(d, p);
        n := n + cardinality(d);
        last_dealer := d[cardinality(d)]; last_party := p[cardinality(p)];
    end loop;
    return n;
end $$;
comment on function core.rebuild_projection(int) is $$
Make the dealers' list rows and search keys anew, and every person's pool flag; after core.rebuild_keys and core.rebuild_sums.
in: p_dealer one dealer's list only, NULL everything    out: pairs    cost: about 0.15 ms a pair$$;
