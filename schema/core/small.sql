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

create function core.is_nearly_all(p_whole bigint, p_part bigint) returns boolean
language sql immutable as $$ select p_part >= 10 and p_whole - p_part < 10 $$;
comment on function core.is_nearly_all(bigint, bigint) is
'Whether a part leaves fewer than 10 of a told whole, none included: then it is not told, for the whole less the part would be. source: R136';

create function core.reasons_hidden(p_reasons jsonb, p_reached bigint) returns jsonb
language sql immutable strict as $$
  -- who is reached is a part of the whole as well: while it is hidden it hides the others. Of fewer than 10 not even the reasons are told:
  -- that there is one says that it is not nobody
  select case when core.is_nearly_all(p_reached + (select coalesce(sum(e.value::bigint), 0) from jsonb_each_text(p_reasons) e)::bigint, p_reached) then '{}'
    when p_reached < 10 then core.parts_hidden(p_reasons || jsonb_build_object('', p_reached)) - '' else core.parts_hidden(p_reasons) end
$$;
comment on function core.reasons_hidden(jsonb, bigint) is
'Why people are dropped, by reason, as head office is told it beside the whole and the reached. source: R90, R136';

create function core.check_hidden(p_result jsonb) returns jsonb
language sql immutable as $$
  select p_result || jsonb_build_object('total', core.small_hidden(x.total), 'will_get', case when not x.is_nearly_all then core.small_hidden(x.will_get) end,
    'is_nearly_all', x.is_nearly_all, 'reasons', core.reasons_hidden(p_result -> 'reasons', x.will_get))
  from (select y.total, y.will_get, core.is_nearly_all(y.total, y.will_get) as is_nearly_all
    from (select (p_result ->> 'total')::bigint as total, (p_result ->> 'will_get')::bigint as will_get) y) x
$$;
comment on function core.check_hidden(jsonb) is $$
The {total, will_get, reasons} of a dry run or launch as head office is told them, and is_nearly_all: will_get is not told because fewer than
10 of the told total are dropped.    source: R90, R136$$;

create function core.check_confirm(p_result jsonb, p_hides boolean) returns bigint
language sql immutable as $$
  select case when not p_hides then x.will_get when x.will_get < 10 then 10 when core.is_nearly_all(x.total, x.will_get) then x.total else x.will_get end
  from (select (p_result ->> 'total')::bigint as total, (p_result ->> 'will_get')::bigint as will_get) x
$$;
comment on function core.check_confirm(jsonb, boolean) is $$
The number that is typed to launch: the receivers; where they are not told, 10 for "fewer than 10" and the whole for "all but fewer than 10".
What is not told cannot be typed, and must not be found by trying.    source: R90, R136$$;

create function core.counts_hidden(p_counts jsonb, out told jsonb, out left_out text[])
language plpgsql immutable as $$
declare v_sum bigint := (select coalesce(sum(e.value::bigint), 0) from jsonb_each_text(p_counts) e); v_parts jsonb := p_counts;
begin
  if v_sum < 10 then told := core.small_hidden(p_counts); left_out := '{}'; return; end if;
  if not v_parts ?| '{DROPPED,CANCELLED}' then v_parts := v_parts || '{"DROPPED": 0}'; end if;      -- nobody is a small number too
  told := core.parts_hidden(v_parts);
  left_out := array(select k from jsonb_object_keys(v_parts) k where not told ? k order by k);
end $$;
comment on function core.counts_hidden(jsonb) is $$
Recipients by state as head office is told them: parts of a told whole.
out: told - null below 10; left_out - states of 10 and more that would tell the others by subtraction    source: R136$$;

create function core.sums_hidden(p_total bigint, p_sent bigint, p_dropped bigint, p_failed bigint, p_done bigint) returns jsonb
language plpgsql immutable as $$
declare v_told jsonb; v_done bigint := core.small_hidden(p_done); v_out text[];
begin
  if p_total < 10 then
    return '{"total": null, "sent": null, "dropped": null, "failed": null, "done": null, "left_out": []}';
  end if;
  v_told := core.parts_hidden(jsonb_strip_nulls(jsonb_build_object('sent', p_sent, 'dropped', p_dropped, 'failed', nullif(p_failed, 0),
    'rest', nullif(p_total - p_sent - p_dropped - p_failed, 0))));
  if core.is_nearly_all(p_total, p_done) or (core.is_nearly_all(p_sent, p_done) and v_told ->> 'sent' is not null) then v_done := null; end if;
  v_out := array(select e.key from jsonb_each_text(jsonb_build_object('sent', p_sent, 'dropped', p_dropped, 'failed', p_failed)) e
    where e.value::bigint >= 10 and not v_told ? e.key order by e.key) || case when v_done is null and p_done >= 10 then array['done'] else '{}' end;
  return jsonb_build_object('total', p_total, 'sent', v_told -> 'sent', 'dropped', v_told -> 'dropped', 'failed', v_told -> 'failed', 'done', v_done, 'left_out', v_out);
end $$;
comment on function core.sums_hidden(bigint, bigint, bigint, bigint, bigint) is $$
The figures of a campaign, or of one owner's part of it, as head office is told them: null below 10, and null, named in left_out, where
the whole less the others would tell one.    source: R136$$;

create function core.job_hides(j core.job) returns boolean
language sql immutable as $$ select j.dealer_id = 0 and j.kind in ('campaign_check', 'campaign_launch') $$;
comment on function core.job_hides(core.job) is 'Whether the figures of a job are of people whom its reader may not see. source: R136';

create function core.job_figure(j core.job, p_n bigint) returns bigint
language sql immutable as $$
  select case when not core.job_hides(j) then p_n when j.total < case j.kind when 'campaign_launch' then 20 else 10 end then null
    -- in twentieths: how many of the judged were reserved is a figure that was not told
    when p_n >= j.total or j.state = 'DONE' then j.total else p_n * 20 / j.total * j.total / 20 end
$$;
comment on function core.job_figure(core.job, bigint) is $$
Done or total of a job as it is told, head office's campaigns in twentieths; NULL while the whole is fewer than 10 people of head office's audience (a launch counts
each twice: judged, reserved).    source: R136$$;

create function core.job_result(j core.job) returns jsonb
language sql immutable as $$ select case when core.job_hides(j) then core.check_hidden(j.result) else j.result end $$;
comment on function core.job_result(core.job) is 'The result of a job as it is told. source: R136';
