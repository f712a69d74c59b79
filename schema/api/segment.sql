-- SPDX-License-Identifier: Apache-2.0
-- Saved audiences. A dealer's manager counts and lists his own people; head office counts the network and sees no one (R136).

create type api.segment as (id uuid, version int, name text, definition jsonb, created_at timestamptz, cursor_ text);
comment on type api.segment is 'A saved audience.';

create function api.segments_list(p_limit int default null, p_after text default null) returns setof api.segment
language sql stable begin atomic
  select s.public_id, s.version, s.name::text, s.definition, s.created_at, s.segment_id::text
  from core.segment s
  where s.dealer_id = coalesce((select session.dealer()), 0)
    and s.segment_id < coalesce(p_after::bigint, 9223372036854775807)
  order by s.segment_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.segments_list(int, text) is $$
List the audiences of the caller's principal, latest first.
out: segments    rule: R136$$;

create function api.segment_get(p_segment_id uuid) returns api.segment
language sql stable begin atomic
  select row(s.public_id, s.version, s.name::text, s.definition, s.created_at, null)::api.segment
  from core.segment s
  where s.public_id = p_segment_id and s.dealer_id = coalesce((select session.dealer()), 0);
end;
comment on function api.segment_get(uuid) is $$
Read one audience of the caller's principal.
out: segment    errors: not-found$$;

create function core.segment_row(p_segment bigint) returns api.segment
language sql stable as $$
  select s.public_id, s.version, s.name::text, s.definition, s.created_at, null::text
  from core.segment s where s.segment_id = p_segment
$$;
comment on function core.segment_row(bigint) is 'Show one audience as the list does.';

create function core.segment_check(p_definition jsonb) returns void
language plpgsql stable as $$
begin
  perform 1 from core.segment_sql(p_definition, case when session.dealer() is null then 'network' else 'dealer' end);
end $$;
comment on function core.segment_check(jsonb) is 'Refuse a definition that does not compile for the caller. errors: segment-invalid';

create function api.segment_add(p_name core.name_text, p_definition jsonb) returns api.segment
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_id bigint;
begin
  perform core.segment_check(p_definition);
  insert into core.segment (dealer_id, name, definition, created_by)
  values (coalesce(session.dealer(), 0), p_name, p_definition, session.staff()) returning segment_id into v_id;
  perform core.ledger_add('segment.added', (select s.public_id::text from core.segment s where s.segment_id = v_id), null,
    'R136');
  return core.segment_row(v_id);
end $$;
comment on function api.segment_add(core.name_text, jsonb) is $$
Save an audience.
in: name; definition - tree of {and|or|not|attr,op,value}    out: segment
errors: segment-invalid naming the node (R136)$$;

create function api.segment_edit(p_segment_id uuid, p_if_match int, p_name core.name_text default null,
  p_definition jsonb default null) returns api.segment
language plpgsql volatile security definer set search_path = '' as $$
declare
  s core.segment;
begin
  select x.* into s from core.segment x
  where x.public_id = p_segment_id and x.dealer_id = coalesce(session.dealer(), 0) for update;
  if not found then perform core.fail('ZC404'); end if;
  if s.version <> p_if_match then perform core.fail('ZC412'); end if;
  if p_definition is not null then perform core.segment_check(p_definition); end if;
  update core.segment x set name = coalesce(p_name, x.name), definition = coalesce(p_definition, x.definition),
    version = x.version + 1 where x.segment_id = s.segment_id;
  return core.segment_row(s.segment_id);
end $$;
comment on function api.segment_edit(uuid, int, core.name_text, jsonb) is $$
Change name or conditions of an audience; campaigns made from it before keep their own copy.
in: If-Match; name; definition    out: segment    errors: not-found, changed, segment-invalid$$;

create function api.segment_count(p_definition jsonb) returns json
language plpgsql stable as $$
declare
  v record;
begin
  if session.dealer() is null then
    select x.n, x.by_kind, x.by_abc into v from core.segment_count_network(p_definition) x;
  else
    select x.n, x.by_kind, x.by_abc into v from core.segment_count(p_definition, 'dealer') x;
  end if;
  return json_build_object('count', v.n, 'is_small', v.n is null or v.n < 10,
    'by', json_build_object('kind', v.by_kind, 'abc', v.by_abc));
end $$;
comment on function api.segment_count(jsonb) is $$
Count an audience without saving it.
in: definition
out: {count, is_small, by: {kind: {PERSON, COMPANY}, abc: {A, B, C, -}}}; for head office figures below 10 are null
errors: segment-invalid naming the node    cost: 1-2 s at 1,000,000 people    rule: R136$$;

create type api.segment_person as (id uuid, kind core.party_kind, name text, city text, phone_masked text,
  email_masked text, abc core.abc, state core.right_state, brand_id int, line core.line, protect_until timestamptz,
  vehicle text, last_visit_on date, order_count int, order_kopecks bigint, next_task_at timestamptz, cursor_ text);
comment on type api.segment_person is 'One of the caller''s people in an audience; contacts masked, the card shows more.';

create function api.segment_people(p_segment_id uuid, p_limit int default null, p_after text default null)
returns setof api.segment_person
language plpgsql stable as $$
declare
  v_definition jsonb;
  v_sql record;
begin
  select s.definition into v_definition from core.segment s
  where s.public_id = p_segment_id and s.dealer_id = session.dealer();
  if not found then perform core.fail('ZC404'); end if;
  select x.clause, x.base, x.params into v_sql from core.segment_sql(v_definition, 'dealer') x;
  return query execute format(
    'select p.public_id, p.kind, p.name, p.city, p.phone_masked, p.email_masked, p.abc, p.state, p.brand_id::int, p.line,'
    ' p.protect_until, p.vehicle, p.last_visit_on, p.order_count, p.order_kopecks, p.next_task_at, p.party_id::text'
    ' from %s where p.party_id > $2 and %s order by p.party_id limit $3', v_sql.base, v_sql.clause)
  using v_sql.params, coalesce(p_after::bigint, 0), least(coalesce(p_limit, 50), 100);
end $$;
comment on function api.segment_people(uuid, int, text) is $$
List the manager's people in an audience.
out: people in a stable order    errors: not-found, segment-invalid    rule: R133, R136$$;
