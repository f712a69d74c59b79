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
language plpgsql immutable strict as $$
declare x record; small bigint; v_sum bigint; larger bigint := 0; is_safe boolean; told jsonb := '{}';
begin
  select count(*), coalesce(sum(e.value::bigint), 0) into small, v_sum from jsonb_each_text(p_parts) e where e.value::bigint < 10;
  select coalesce(jsonb_object_agg(e.key, null), '{}') into told from jsonb_each_text(p_parts) e where e.value::bigint < 10;
  for x in select e.key, e.value::bigint as n from jsonb_each_text(p_parts) e where e.value::bigint >= 10 order by 2, 1 loop
    -- v_sum is what the whole less the told parts gives: does it leave what is hidden more than one value, and no figure below 10?
    is_safe := small = 0 or case when larger = 0 then v_sum >= 10 and v_sum > small and v_sum < 9 * small
      else least(9 * small, v_sum - 10 * larger) > greatest(small, v_sum - larger * x.n) end;
    if is_safe then told := told || jsonb_build_object(x.key, x.n);
    else larger := larger + 1; v_sum := v_sum + x.n; end if;
  end loop;
  return told;
end $$;
comment on function core.parts_hidden(jsonb) is $$
Parts of a told whole as head office is told them: null below 10; the smallest others are left out until the whole less what is told
neither gives a hidden part nor is itself a figure below 10.    source: R136, threat 20$$;

create function core.reasons_hidden(p_reasons jsonb, p_reached bigint) returns jsonb
language sql immutable strict as $$
  -- who is reached is a part of the whole as well: while it is hidden it hides the others
  select case when p_reached < 10 then core.parts_hidden(p_reasons || jsonb_build_object('', p_reached)) - '' else core.parts_hidden(p_reasons) end
$$;
comment on function core.reasons_hidden(jsonb, bigint) is
'Why people are dropped, by reason, as head office is told it beside the whole and the reached. source: R90, R136';

create function core.check_hidden(p_result jsonb) returns jsonb
language sql immutable as $$
  select p_result || jsonb_build_object('total', core.small_hidden((p_result ->> 'total')::bigint),
    'will_get', core.small_hidden((p_result ->> 'will_get')::bigint), 'reasons', core.reasons_hidden(p_result -> 'reasons', (p_result ->> 'will_get')::bigint))
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
