-- SPDX-License-Identifier: Apache-2.0
-- Audiences at work: counting, paging and the candidates of a campaign. The dealer's base is his projection
-- core.dealer_party under its row policy; head office's is core.party, reached only inside definer functions that give
-- counts (R136) or feed the launch.

create function core.segment_sql(p_definition jsonb, p_scope text, out clause text, out base text,
  out params jsonb)
language plpgsql stable as $$
begin
  if length(p_definition::text) > 60000 then perform core.segment_fail('definition', 'too-long'); end if;
  select n.p_sql, n.p_params into clause, params
  from core.segment_node(p_definition, 'definition', 1, p_scope, '[]', 0) n;
  if p_scope = 'dealer' then clause := 'p.dealer_id = (select session.dealer()) and ' || clause; end if;
  base := case p_scope
    when 'dealer' then 'core.dealer_party p'
    else '(select * from core.party where merged_into is null) p left join core.party_total t on t.party_id = p.party_id' end;
end $$;
comment on function core.segment_sql(jsonb, text) is $$
Check and compile an audience.
in: definition; scope dealer|network
out: clause - SQL condition on p; base - what to select from; params - the value of $1    errors: segment-invalid
guard: texts come from core.segment_attribute alone    source: R136$$;

create function core.segment_count(p_definition jsonb, p_scope text, out n bigint, out by_kind jsonb, out by_abc jsonb)
language plpgsql stable set work_mem = '128MB' as $$
declare
  v_sql record;
begin
  select s.clause, s.base, s.params into v_sql from core.segment_sql(p_definition, p_scope) s;
  execute format($q$
    with g as materialized (select p.kind, p.abc, count(*) as n from %s where %s group by p.kind, p.abc)
    select coalesce(sum(g.n), 0)::bigint,
      (select jsonb_object_agg(x.k, x.c) from (select g.kind::text k, sum(g.n)::bigint c from g group by 1) x),
      (select jsonb_object_agg(x.k, x.c) from (select coalesce(g.abc::text, '-') k, sum(g.n)::bigint c from g group by 1) x)
    from g$q$, v_sql.base, v_sql.clause) into n, by_kind, by_abc using v_sql.params;
end $$;
comment on function core.segment_count(jsonb, text) is $$
Count an audience in the caller's view of the base.
in: definition; scope dealer|network (the caller's policies decide what a dealer can count)
out: n people; by_kind, by_abc - the same by kind and ABC class    errors: segment-invalid
cost: one pass over the base, 1-2 s at 1,000,000 parties    source: R136$$;

create function core.segment_count_network(p_definition jsonb, out n bigint, out by_kind jsonb, out by_abc jsonb)
language plpgsql stable security definer set search_path = '' as $$
begin
  if coalesce(session.role_bit(), 0) <> 2 then perform core.fail('ZC403'); end if;
  select s.n, core.parts_hidden(s.by_kind), core.parts_hidden(s.by_abc) into n, by_kind, by_abc
  from core.segment_count(p_definition, 'network') s;
  if n < 10 then n := null; by_kind := null; by_abc := null; end if;
end $$;
comment on function core.segment_count_network(jsonb) is $$
Count an audience over the whole network for a head-office marketer: figures, never people.
out: as core.segment_count, every figure below 10 is NULL    guard: role marketer    source: R136$$;

create function core.segment_batch(p_definition jsonb, p_scope text, p_after bigint, p_limit int, p_scan int default 50000,
  out ids bigint[], out next_after bigint, out is_end boolean)
language plpgsql stable set work_mem = '64MB' set max_parallel_workers_per_gather = 0 as $$
declare
  v_sql record;
  v_to bigint;
begin
  if p_scope = 'dealer' then
    select max(x.party_id) into v_to from (
      select p.party_id from core.dealer_party p where p.party_id > p_after
        and p.dealer_id = (select session.dealer()) order by p.party_id limit p_scan) x;
  else                                               -- numbers are given in order: a range of them holds no more people
    select min(p.party_id) + p_scan - 1 into v_to from core.party p where p.party_id > p_after;
  end if;
  ids := '{}'; is_end := v_to is null; next_after := coalesce(v_to, p_after);
  if is_end then return; end if;
  select s.clause, s.base, s.params into v_sql from core.segment_sql(p_definition, p_scope) s;
  execute format('select coalesce(array_agg(x.party_id order by x.party_id), ''{}'') from (select p.party_id from %s'
    ' where p.party_id > $2 and p.party_id <= $3 and %s order by p.party_id limit $4) x', v_sql.base, v_sql.clause)
  into ids using v_sql.params, p_after, v_to, p_limit;
  if cardinality(ids) = p_limit then next_after := ids[p_limit]; end if;
end $$;
comment on function core.segment_batch(jsonb, text, bigint, int, int) is $$
Next candidates of an audience in order of party_id.
in: definition, scope, last party_id seen, at most p_limit people, at most p_scan people looked at
out: ids (ascending); next_after - where to go on; is_end - nobody is left
cost: bounded by p_scan index rows    source: R90$$;

create function core.party_total_keep() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if tg_op = 'INSERT' then
    insert into core.party_total as t
      (party_id, sale_count, sale_kopecks, order_count, order_kopecks, last_visit_on, last_sale_on)
    select n.party_id, sum(n.sale_count), sum(n.sale_kopecks), sum(n.order_count), sum(n.order_kopecks),
      max(n.last_visit_on), max(n.last_sale_on)
    from new_rows n group by n.party_id order by n.party_id
    on conflict (party_id) do update set sale_count = t.sale_count + excluded.sale_count,
      sale_kopecks = t.sale_kopecks + excluded.sale_kopecks, order_count = t.order_count + excluded.order_count,
      order_kopecks = t.order_kopecks + excluded.order_kopecks,
      last_visit_on = greatest(t.last_visit_on, excluded.last_visit_on),
      last_sale_on = greatest(t.last_sale_on, excluded.last_sale_on);
  elsif tg_op = 'UPDATE' then
    update core.party_total t set sale_count = t.sale_count + d.sales, sale_kopecks = t.sale_kopecks + d.sale_kopecks,
      order_count = t.order_count + d.orders, order_kopecks = t.order_kopecks + d.order_kopecks,
      last_visit_on = case when d.is_back then (select max(s.last_visit_on) from core.party_summary s
        where s.party_id = t.party_id) else greatest(t.last_visit_on, d.visit_on) end,
      last_sale_on = case when d.is_back then (select max(s.last_sale_on) from core.party_summary s
        where s.party_id = t.party_id) else greatest(t.last_sale_on, d.sale_on) end
    from (select n.party_id, sum(n.sale_count - o.sale_count) as sales, sum(n.sale_kopecks - o.sale_kopecks) as sale_kopecks,
        sum(n.order_count - o.order_count) as orders, sum(n.order_kopecks - o.order_kopecks) as order_kopecks,
        max(n.last_visit_on) as visit_on, max(n.last_sale_on) as sale_on,
        bool_or(n.last_visit_on < o.last_visit_on or n.last_sale_on < o.last_sale_on
          or (n.last_visit_on is null) > (o.last_visit_on is null)
          or (n.last_sale_on is null) > (o.last_sale_on is null)) as is_back
      from new_rows n join old_rows o using (party_id, dealer_id) group by n.party_id order by n.party_id) d
    where t.party_id = d.party_id;
  else
    delete from core.party_total t where t.party_id in (select o.party_id from old_rows o);
    insert into core.party_total (party_id, sale_count, sale_kopecks, order_count, order_kopecks, last_visit_on, last_sale_on)
    select s.party_id, sum(s.sale_count), sum(s.sale_kopecks), sum(s.order_count), sum(s.order_kopecks),
      max(s.last_visit_on), max(s.last_sale_on)
    from core.party_summary s where s.party_id in (select o.party_id from old_rows o)
    group by s.party_id order by s.party_id;
  end if;
  return null;
end $$;
comment on function core.party_total_keep() is $$
Keep core.party_total with every change of core.party_summary, by differences so that two dealers' documents of one
person may arrive at once.    source: design 16$$;

create trigger party_total_insert after insert on core.party_summary referencing new table as new_rows
  for each statement execute function core.party_total_keep();
create trigger party_total_update after update on core.party_summary
  referencing old table as old_rows new table as new_rows
  for each statement execute function core.party_total_keep();

create trigger party_total_delete after delete on core.party_summary referencing old table as old_rows
  for each statement execute function core.party_total_keep();

create function core.party_total_rebuild() returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_rows bigint;
begin
  delete from core.party_total;
  insert into core.party_total (party_id, sale_count, sale_kopecks, order_count, order_kopecks, last_visit_on, last_sale_on)
  select s.party_id, sum(s.sale_count), sum(s.sale_kopecks), sum(s.order_count), sum(s.order_kopecks),
    max(s.last_visit_on), max(s.last_sale_on)
  from core.party_summary s group by s.party_id;
  get diagnostics v_rows = row_count;
  return v_rows;
end $$;
comment on function core.party_total_rebuild() is $$
Make the network totals anew from core.party_summary; after a bulk load without triggers.
out: rows    cost: 3-5 s per 1,000,000 people$$;
