-- SPDX-License-Identifier: Apache-2.0
-- Audiences: a JSON tree of conditions, checked and compiled from the closed catalogue core.segment_attribute into SQL
-- whose values all travel in one jsonb parameter. No text of a user ever becomes SQL.
-- Used by api/segment.sql (counts, lists) and by core/campaign.sql (candidates of a check or a launch).
-- Invariants: depth <= 8, nodes <= 100, lists <= 500 values; a condition that cannot be decided counts as not met.
-- Conditions of one "and" about the same thing are joined: brand + model + model_year mean one car, brand + line + owner +
-- owner_state one right. A brand alone means a car owned now or an open right of that brand.

create function core.today() returns date
language sql stable parallel safe begin atomic
  select (core.now() at time zone 'Europe/Moscow')::date;
end;
comment on function core.today() is $$
Day of the network (Moscow) for relative conditions and reports.
out: date    source: R10$$;

create function core.json_texts(p_value jsonb) returns text[]
language sql immutable strict parallel safe begin atomic
  select array(select jsonb_array_elements_text(p_value));
end;
comment on function core.json_texts(jsonb) is 'Elements of a JSON array as texts; folded to a constant at planning.';

create function core.segment_fail(p_path text, p_problem text) returns void
language plpgsql immutable as $$
begin
  perform core.fail('ZC105', p_path, jsonb_build_object('node', p_path, 'problem', p_problem));
end $$;
comment on function core.segment_fail(text, text) is $$
Refuse an audience, naming the node.
in: path as in definition/and/2/value; problem - one English word group for the client's table of texts
errors: segment-invalid    source: R136$$;

create function core.segment_value(p_type text, p_value jsonb, p_path text) returns void
language plpgsql immutable as $$
declare
  v_list boolean := p_type in ('texts', 'ints', 'uuids', 'abcs', 'kinds', 'lines', 'states');
  v_item jsonb;
  v_text text;
  v_ok boolean;
begin
  if v_list then
    if jsonb_typeof(p_value) is distinct from 'array' then perform core.segment_fail(p_path, 'list-expected'); end if;
    if jsonb_array_length(p_value) not between 1 and 500 then perform core.segment_fail(p_path, 'list-length'); end if;
    for v_item in select jsonb_array_elements(p_value) loop
      v_text := v_item #>> '{}';
      v_ok := case p_type
        when 'texts' then jsonb_typeof(v_item) = 'string' and length(v_text) between 1 and 200
        when 'ints' then jsonb_typeof(v_item) = 'number' and v_text ~ '^[0-9]{1,5}$' and v_text::int <= 32767
        when 'uuids' then v_text ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
        when 'abcs' then v_text = any (enum_range(null::core.abc)::text[])
        when 'kinds' then v_text = any (enum_range(null::core.party_kind)::text[])
        when 'lines' then v_text = any (enum_range(null::core.line)::text[])
        else v_text = any (enum_range(null::core.right_state)::text[]) end;
      if v_ok is not true then perform core.segment_fail(p_path, 'value-unknown'); end if;
    end loop;
  elsif p_type = 'number_pair' then
    if jsonb_typeof(p_value) is distinct from 'array' or jsonb_array_length(p_value) <> 2 then
      perform core.segment_fail(p_path, 'pair-expected');
    end if;
    perform core.segment_value('number', p_value -> 0, p_path || '/0');
    perform core.segment_value('number', p_value -> 1, p_path || '/1');
    if (p_value -> 0)::bigint > (p_value -> 1)::bigint then perform core.segment_fail(p_path, 'pair-order'); end if;
  elsif p_type in ('number', 'days') then
    if jsonb_typeof(p_value) is distinct from 'number' or p_value #>> '{}' !~ '^[0-9]{1,15}$' then
      perform core.segment_fail(p_path, 'number-expected');
    end if;
    if p_type = 'days' and (p_value)::bigint > 36500 then perform core.segment_fail(p_path, 'number-range'); end if;
  elsif p_type = 'date' then
    v_text := p_value #>> '{}';
    if jsonb_typeof(p_value) is distinct from 'string' or v_text !~ '^[12][0-9]{3}-[01][0-9]-[0-3][0-9]$' then
      perform core.segment_fail(p_path, 'date-expected');
    end if;
    begin
      perform v_text::date;
    exception when datetime_field_overflow or invalid_datetime_format then
      perform core.segment_fail(p_path, 'date-expected');
    end;
  elsif p_type = 'flag' then
    if jsonb_typeof(p_value) is distinct from 'boolean' then perform core.segment_fail(p_path, 'flag-expected'); end if;
  end if;
end $$;
comment on function core.segment_value(text, jsonb, text) is $$
Check one value of an audience against its type in the catalogue.
in: type of core.segment_attribute.value_type; value; path for the message    errors: segment-invalid    source: R136$$;

create function core.segment_slot(p_type text, p_index int) returns text
language sql immutable begin atomic
  select case p_type
    when 'texts' then format('core.json_texts($1 -> %s)', p_index)
    when 'ints' then format('core.json_texts($1 -> %s)::int[]', p_index)
    when 'uuids' then format('core.json_texts($1 -> %s)::uuid[]', p_index)
    when 'abcs' then format('array(select e::core.abc from unnest(core.json_texts($1 -> %s)) e)', p_index)
    when 'kinds' then format('array(select e::core.party_kind from unnest(core.json_texts($1 -> %s)) e)', p_index)
    when 'lines' then format('array(select e::core.line from unnest(core.json_texts($1 -> %s)) e)', p_index)
    when 'states' then format('array(select e::core.right_state from unnest(core.json_texts($1 -> %s)) e)', p_index)
    when 'number' then format('($1 -> %s)::bigint', p_index)
    when 'date' then format('(select ($1 ->> %s)::date)', p_index)
    when 'days' then format('(select core.today() - ($1 -> %s)::int)', p_index)
  end;
end;
comment on function core.segment_slot(text, int) is $$
SQL text that reads value number p_index of the parameter in its type. The index is ours, never the user's.$$;

create function core.segment_leaf(p_node jsonb, p_path text, p_scope text,
  inout p_params jsonb, out p_entity text, out p_sql text)
language plpgsql stable as $$
declare
  v_row core.segment_attribute;
  v_at int := jsonb_array_length(p_params);
  v_value jsonb := p_node -> 'value';
  v_channel text := p_node ->> 'channel';
  v_key text;
begin
  for v_key in select k from jsonb_object_keys(p_node) k where k not in ('attr', 'op', 'value', 'channel') loop
    perform core.segment_fail(p_path || '/' || left(v_key, 40), 'member-unknown');
  end loop;
  select a.* into v_row from core.segment_attribute a
  where a.attr = p_node ->> 'attr' and a.op = p_node ->> 'op' and a.scope in ('both', p_scope);
  if not found then
    perform core.segment_fail(p_path || case when exists (
      select 1 from core.segment_attribute a where a.attr = p_node ->> 'attr') then '/op' else '/attr' end, 'unknown');
  end if;
  if v_row.entity = 'consent' and jsonb_typeof(v_value) = 'object' then
    v_channel := v_value ->> 'channel';
    v_value := coalesce(v_value -> 'is', 'true'::jsonb);
  end if;
  if v_channel is not null and (v_row.entity <> 'consent'
      or not v_channel = any (enum_range(null::core.channel)::text[])) then
    perform core.segment_fail(p_path || '/channel', 'value-unknown');
  end if;
  perform core.segment_value(v_row.value_type, v_value, p_path || '/value');
  p_entity := v_row.entity;
  if v_row.entity = 'consent' then
    p_sql := replace(v_row.clause, '%c', case when v_channel is null then 'true'
      else format('c.channel = (select ($1 ->> %s)::core.channel)', v_at) end);
    if v_channel is not null then p_params := p_params || to_jsonb(v_channel); end if;
    if v_value = 'false'::jsonb then p_sql := 'not ' || p_sql; end if;
  elsif v_row.value_type = 'number_pair' then
    p_sql := replace(replace(v_row.clause, '%a', core.segment_slot('number', v_at)),
      '%b', core.segment_slot('number', v_at + 1));
    p_params := p_params || jsonb_build_array(v_value -> 0, v_value -> 1);
  else
    p_sql := replace(v_row.clause, '%v', core.segment_slot(v_row.value_type, v_at));
    p_params := p_params || jsonb_build_array(v_value);
  end if;
end $$;
comment on function core.segment_leaf(jsonb, text, text, jsonb) is $$
Compile one condition {attr, op, value[, channel]}.
in: node, its path, scope dealer|network, params so far    out: params with the value(s) appended, entity, SQL on p, v or o
errors: segment-invalid    source: R136$$;

create function core.segment_join(p_cars text[], p_rights text[], p_brands text[], p_scope text)
returns text[]
language plpgsql immutable as $$
declare
  v_car text := 'exists (select 1 from core.vehicle_owner w join core.vehicle v on v.vehicle_id = w.vehicle_id'
    ' where w.party_id = p.party_id and w.to_on is null and %s)';
  v_right text := 'exists (select 1 from core.ownership o where o.party_id = p.party_id'
    || case p_scope when 'dealer' then ' and o.dealer_id = (select session.dealer())' else '' end || ' and %s)';
  v_out text[] := '{}';
  v_brand text;
begin
  if not array_to_string(p_rights, ' ') like '%o.state = any%' then
    p_rights := p_rights || case when cardinality(p_rights) > 0 then array['o.state <> ''CLOSED'''] else '{}'::text[] end;
  end if;
  if cardinality(p_cars) = 0 and cardinality(p_rights) = 0 then
    foreach v_brand in array p_brands loop
      v_out := v_out || format('(%s or %s)', format(v_car, 'v' || v_brand),
        format(v_right, 'o' || v_brand || ' and o.state <> ''CLOSED'''));
    end loop;
    return v_out;
  end if;
  if cardinality(p_cars) > 0 then
    v_out := v_out || format(v_car, array_to_string(
      p_cars || array(select 'v' || b from unnest(p_brands) b), ' and '));
  end if;
  if cardinality(p_rights) > 0 then
    v_out := v_out || format(v_right, array_to_string(
      p_rights || array(select 'o' || b from unnest(p_brands) b), ' and '));
  end if;
  return v_out;
end $$;
comment on function core.segment_join(text[], text[], text[], text) is $$
Join the conditions of one "and" that speak of the same car or the same right into one EXISTS each.
in: clauses on v, on o, and brand clauses without alias    out: clauses on p$$;

create function core.segment_node(p_node jsonb, p_path text, p_depth int, p_scope text,
  inout p_params jsonb, inout p_nodes int, out p_sql text)
language plpgsql stable as $$
declare
  v_kind text := case when p_node ? 'and' then 'and' when p_node ? 'or' then 'or' when p_node ? 'not' then 'not' end;
  v_child jsonb;
  v_entity text;
  v_part text;
  v_parts text[] := '{}';
  v_cars text[] := '{}';
  v_rights text[] := '{}';
  v_brands text[] := '{}';
  v_i int := 0;
begin
  p_nodes := p_nodes + 1;
  if p_nodes > 100 then perform core.segment_fail(p_path, 'too-many-nodes'); end if;
  if p_depth > 8 then perform core.segment_fail(p_path, 'too-deep'); end if;
  if jsonb_typeof(p_node) is distinct from 'object' then perform core.segment_fail(p_path, 'object-expected'); end if;
  if v_kind is null then
    if not p_node ? 'attr' then perform core.segment_fail(p_path, 'unknown'); end if;
    select l.p_params, l.p_entity, l.p_sql into p_params, v_entity, v_part
    from core.segment_leaf(p_node, p_path, p_scope, p_params) l;
    p_sql := case v_entity
      when 'car' then (core.segment_join(array[v_part], '{}', '{}', p_scope))[1]
      when 'right' then (core.segment_join('{}', array[v_part], '{}', p_scope))[1]
      when 'brand' then (core.segment_join('{}', '{}', array[v_part], p_scope))[1]
      else '(' || v_part || ')' end;
    return;
  end if;
  if (select count(*) from jsonb_object_keys(p_node)) <> 1 then perform core.segment_fail(p_path, 'member-unknown'); end if;
  if v_kind = 'not' then
    select n.p_params, n.p_nodes, n.p_sql into p_params, p_nodes, v_part
    from core.segment_node(p_node -> 'not', p_path || '/not', p_depth + 1, p_scope, p_params, p_nodes) n;
    p_sql := case when v_part ~ '^exists ' then 'not ' || v_part else '((' || v_part || ') is not true)' end;
    return;
  end if;
  if jsonb_typeof(p_node -> v_kind) is distinct from 'array' then
    perform core.segment_fail(p_path || '/' || v_kind, 'list-expected');
  end if;
  for v_child in select jsonb_array_elements(p_node -> v_kind) loop
    if v_kind = 'and' and v_child ? 'attr' then
      p_nodes := p_nodes + 1;
      if p_nodes > 100 then perform core.segment_fail(p_path, 'too-many-nodes'); end if;
      select l.p_params, l.p_entity, l.p_sql into p_params, v_entity, v_part
      from core.segment_leaf(v_child, format('%s/%s/%s', p_path, v_kind, v_i), p_scope, p_params) l;
      case v_entity
        when 'car' then v_cars := v_cars || v_part;
        when 'right' then v_rights := v_rights || v_part;
        when 'brand' then v_brands := v_brands || v_part;
        else v_parts := v_parts || ('(' || v_part || ')');
      end case;
    else
      select n.p_params, n.p_nodes, n.p_sql into p_params, p_nodes, v_part
      from core.segment_node(v_child, format('%s/%s/%s', p_path, v_kind, v_i), p_depth + 1, p_scope, p_params, p_nodes) n;
      v_parts := v_parts || v_part;
    end if;
    v_i := v_i + 1;
  end loop;
  v_parts := v_parts || core.segment_join(v_cars, v_rights, v_brands, p_scope);
  p_sql := case when cardinality(v_parts) > 0 then '(' || array_to_string(v_parts, ' ' || v_kind || ' ') || ')'
    when v_kind = 'and' then '(true)' else '(false)' end;
end $$;
comment on function core.segment_node(jsonb, text, int, text, jsonb, int) is $$
Compile one node of an audience: {and:[..]} | {or:[..]} | {not:..} | condition. An empty "and" is everybody.
in: node, path, depth from 1, scope dealer|network, params and node count so far    out: params, count, SQL on p
errors: segment-invalid naming the node    source: R136, campaigns B5$$;
