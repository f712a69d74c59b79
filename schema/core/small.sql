-- SPDX-License-Identifier: Apache-2.0
-- R136: head office works on people it may not see, by figures. A figure below 10 would point at somebody, so it is told as NULL,
-- "fewer than 10": in audiences, dry runs, campaigns, jobs and events alike. Zero is such a figure too. What is kept is exact.

create function core.small_hidden(p_n bigint) returns bigint
language sql immutable as $$ select case when p_n >= 10 then p_n end $$;
comment on function core.small_hidden(bigint) is 'A count as head office is told it: NULL below 10. source: R136';

create function core.small_hidden(p_counts jsonb) returns jsonb
language sql immutable strict as $$
  select coalesce(jsonb_object_agg(e.key, core.small_hidden(e.value::bigint)), '{}') from jsonb_each_text(p_counts) e
$$;
comment on function core.small_hidden(jsonb) is 'Counts by name as head office is told them: null below 10. source: R136';

create function core.parts_hidden(p_parts jsonb) returns jsonb
language sql immutable strict as $$
  -- of parts whose whole is told, one hidden figure is the whole less the others: the smallest told part is then left out as well
  select coalesce(jsonb_object_agg(e.key, core.small_hidden(e.n)) filter (where (e.hidden = 1 and e.place = 1) is not true), '{}')
  from (select x.key, x.n, count(*) filter (where x.n < 10) over () as hidden,
               case when x.n >= 10 then row_number() over (partition by x.n >= 10 order by x.n, x.key) end as place
        from (select k.key, k.value::bigint as n from jsonb_each_text(p_parts) k) x) e
$$;
comment on function core.parts_hidden(jsonb) is $$
Parts of a told whole as head office is told them: null below 10, and where that leaves one unknown, the smallest other part is not told either.
source: R136, threat 20$$;

create function core.check_hidden(p_result jsonb) returns jsonb
language sql immutable as $$
  select p_result || jsonb_build_object('total', core.small_hidden((p_result ->> 'total')::bigint),
    'will_get', core.small_hidden((p_result ->> 'will_get')::bigint), 'reasons', core.small_hidden(p_result -> 'reasons'))
$$;
comment on function core.check_hidden(jsonb) is
'The {total, will_get, reasons} of a dry run or launch as head office is told them. source: R90, R136';

create function core.job_hides(j core.job) returns boolean
language sql immutable as $$ select j.dealer_id = 0 and j.kind in ('campaign_check', 'campaign_launch') $$;
comment on function core.job_hides(core.job) is 'Whether the figures of a job are of people whom its reader may not see. source: R136';

create function core.job_figure(j core.job, p_n bigint) returns bigint
language sql immutable as $$
  select case when core.job_hides(j) and j.total < case j.kind when 'campaign_launch' then 20 else 10 end then null else p_n end
$$;
comment on function core.job_figure(core.job, bigint) is $$
Done or total of a job as it is told: NULL while the whole is fewer than 10 people of head office's audience (a launch counts
each twice: judged, reserved).    source: R136$$;

create function core.job_result(j core.job) returns jsonb
language sql immutable as $$ select case when core.job_hides(j) then core.check_hidden(j.result) else j.result end $$;
comment on function core.job_result(core.job) is 'The result of a job as it is told. source: R136';
