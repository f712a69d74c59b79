-- SPDX-License-Identifier: Apache-2.0
-- ABC classes (A000-4, A000-12): in the order of turnover, A while the running share stays within 75 %, B within 95 %, then C; who crosses
-- a line belongs to the next class; nobody without turnover has one; ties by number. Worked out page by page, whatever the size of the
-- base: how many people have which turnover (core.abc_collect), where the two lines are (core.abc_line), who changes (core.abc_apply).

create function core.abc_collect(p_after bigint, p_limit int) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_last bigint;
begin
  if p_after = 0 then delete from core.abc_value; end if;
  with page as materialized (
    select t.party_id, t.sale_kopecks + t.order_kopecks as kopecks from core.party_total t
    where t.party_id > p_after order by t.party_id limit p_limit),
  counted as (
    insert into core.abc_value as v (kopecks, people)
    select x.kopecks, count(*) from page x where x.kopecks > 0 group by x.kopecks
    on conflict (kopecks) do update set people = v.people + excluded.people)
  select max(x.party_id) into v_last from page x;
  return v_last;
end $$;
comment on function core.abc_collect(bigint, int) is $$
Count the turnovers of the next people.
in: p_after the last one counted, 0 begins anew    out: the last one of this page, NULL when there is none    cost: 5 us a person$$;

create type core.abc_end as (kopecks bigint, party_id bigint);
comment on type core.abc_end is 'The last one before a line: who has more than kopecks, or as much and a number up to party_id, stands before it; NULL = all do.';

create function core.abc_line(p_percent int) returns core.abc_end
language plpgsql stable security definer set search_path = '' as $$
declare
  v_end core.abc_end; v_inside bigint;
begin
  -- the group of equal turnovers in which the line lies, and how many of it stand before the line
  select x.kopecks, greatest(floor((x.whole * p_percent / 100 - x.before) / x.kopecks), 0) into v_end.kopecks, v_inside
  from (select v.kopecks, v.people, sum(v.kopecks * v.people::numeric) over () as whole,
          coalesce(sum(v.kopecks * v.people::numeric) over (order by v.kopecks desc rows between unbounded preceding and 1 preceding), 0) as before
        from core.abc_value v) x
  where (x.before + x.kopecks * x.people) * 100 > x.whole * p_percent order by x.kopecks desc limit 1;
  v_end.party_id := 0;
  if v_inside > 0 then
    select t.party_id into v_end.party_id from core.party_total t where t.sale_kopecks + t.order_kopecks = v_end.kopecks
    order by t.party_id offset v_inside - 1 limit 1;
  end if;
  return v_end;
end $$;
comment on function core.abc_line(int) is $$
The line within which so many percent of the turnover lie.
cost: the different turnovers once, and one pass over the totals when the line divides equal ones$$;

create function core.abc_apply(p_after bigint, p_limit int, p_a core.abc_end, p_b core.abc_end) returns bigint
language plpgsql security definer set search_path = '' as $$
declare
  v_last bigint;
begin
  with page as materialized (
    select p.party_id, p.abc from core.party p where p.party_id > p_after order by p.party_id limit p_limit),
  classed as (
    select g.party_id, g.abc, case when coalesce(s.kopecks, 0) <= 0 then null
        when p_a.kopecks is null or s.kopecks > p_a.kopecks or (s.kopecks = p_a.kopecks and g.party_id <= p_a.party_id) then 'A'
        when p_b.kopecks is null or s.kopecks > p_b.kopecks or (s.kopecks = p_b.kopecks and g.party_id <= p_b.party_id) then 'B'
        else 'C' end::core.abc as now_abc
    from page g left join lateral (
      select t.sale_kopecks + t.order_kopecks as kopecks from core.party_total t where t.party_id = g.party_id) s on true),
  changed as (
    update core.party p set abc = c.now_abc from classed c where p.party_id = c.party_id and c.abc is distinct from c.now_abc)
  select max(g.party_id) into v_last from page g;
  return v_last;
end $$;
comment on function core.abc_apply(bigint, int, core.abc_end, core.abc_end) is $$
Give the next people their class.
in: the last one done; how many; the lines of 75 and of 95 percent as core.abc_line says    out: the last one of this page, NULL = the end$$;

create function core.abc_recompute() returns void
language plpgsql security definer set search_path = '' as $$
declare
  v_at bigint := 0; a core.abc_end; b core.abc_end;
begin
  while v_at is not null loop v_at := core.abc_collect(v_at, 1000000); end loop;
  a := core.abc_line(75);
  b := core.abc_line(95);
  v_at := 0;
  while v_at is not null loop v_at := core.abc_apply(v_at, 1000000, a, b); end loop;
end $$;
comment on function core.abc_recompute() is 'Class everybody at once; after a bulk load.    source: A000-12';

create function core.job_step_nightly_abc(p_job bigint, out is_done boolean, out done bigint, out total bigint)
language plpgsql security definer set search_path = '' as $$
declare
  v_job core.job := core.job_claim(p_job); s jsonb := v_job.spec; v_at bigint := coalesce((v_job.spec ->> 'after')::bigint, 0); a core.abc_end; b core.abc_end;
begin
  is_done := false; total := 0; done := v_job.done;
  case coalesce(s ->> 'phase', 'collect')
    when 'collect' then
      v_at := core.abc_collect(v_at, 50000);
      s := s || case when v_at is null then '{"phase": "lines"}' else jsonb_build_object('after', v_at) end;
    when 'lines' then
      a := core.abc_line(75);
      b := core.abc_line(95);
      s := s || jsonb_build_object('phase', 'apply', 'after', 0, 'a', array[a.kopecks, a.party_id], 'b', array[b.kopecks, b.party_id]);
    when 'apply' then
      a := row((s -> 'a' ->> 0)::bigint, (s -> 'a' ->> 1)::bigint);
      b := row((s -> 'b' ->> 0)::bigint, (s -> 'b' ->> 1)::bigint);
      v_at := core.abc_apply(v_at, 10000, a, b);
      is_done := v_at is null;
      done := v_job.done + case when v_at is null then 0 else 10000 end;
      s := s || jsonb_build_object('after', v_at);
  end case;
  update core.job j set spec = s where j.job_id = p_job;
end $$;
comment on function core.job_step_nightly_abc(bigint) is 'A page of the night''s classes: counting, the lines, writing. source: A000-12';
