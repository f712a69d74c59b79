-- SPDX-License-Identifier: Apache-2.0
-- The data steward's desk: pairs that may be one person, side by side, and what a merge would do (R27, R28).

create type api.duplicate_item as (id uuid, class text, score int, source text, state text, found_at timestamptz, version int, low_id uuid,
    low_name text, low_city text, high_id uuid, high_name text, high_city text, fields text[], is_rival boolean, decided_by text,
    decided_at timestamptz, cursor_ text);

create function api.duplicates_list(p_state text default null, p_class text default null, p_limit int default null, p_after text default null)
returns setof api.duplicate_item language sql stable security definer set search_path = '' as $$
with page as (
    select d.*, core.cursor_part(p_after, 1) as after_
    from core.duplicate d
    where d.state = coalesce(p_state, 'OPEN')::core.duplicate_state and (p_class is null or d.class = p_class::core.duplicate_class)
      and (p_after is null or (d.class, -d.score, -d.duplicate_id) > (split_part(core.cursor_part(p_after, 1), '/', 1)::core.duplicate_class,
           -split_part(core.cursor_part(p_after, 1), '/', 2)::real, -split_part(core.cursor_part(p_after, 1), '/', 3)::bigint))
    order by d.class, d.score desc, d.duplicate_id desc limit least(coalesce(p_limit, 50), 100))
select d.public_id, d.class::text, round(d.score)::int, d.source::text, d.state::text, d.found_at, d.ver, a.public_id, a.name::text, a.city, b.public_id, b.name::text, b.city,
       array(select w ->> 'field' from jsonb_array_elements(d.weights) w where (w ->> 'weight')::real > 0 order by (w ->> 'weight')::real desc),
       exists (select from core.ownership x join core.ownership y on y.brand_id = x.brand_id and y.line = x.line and y.dealer_id <> x.dealer_id
               where x.party_id = d.party_low and y.party_id = d.party_high and x.state <> 'CLOSED' and y.state <> 'CLOSED'),
       s.name, d.decided_at,
       core.cursor_make(concat_ws('/', d.class, d.score, d.duplicate_id), d.public_id)
from page d join core.party a on a.party_id = d.party_low join core.party b on b.party_id = d.party_high
left join core.staff s on s.staff_id = d.decided_by
order by d.class, d.score desc, d.duplicate_id desc $$;
comment on function api.duplicates_list is $$
Pairs that may be one person, the surest first: class, weight of evidence, the fields that speak for it, whether two owners meet.
in: state OPEN (default) | MERGED | SEPARATE; class EXACT | STRONG | POSSIBLE    rule: R27 $$;

create function core.duplicate_lock(p_duplicate_id uuid) returns core.duplicate
language plpgsql volatile as $$
declare d core.duplicate;
begin
    select x.* into d from core.duplicate x where x.public_id = p_duplicate_id for update;
    if d.duplicate_id is null then perform core.fail('ZC404'); end if;
    if d.state <> 'OPEN' then perform core.fail('ZC028'); end if;
    return d;
end $$;
comment on function core.duplicate_lock(uuid) is 'Lock a pair that waits for its decision. errors: ZC404, ZC028 decided already';

create function core.duplicate_side(p_party bigint) returns json
language sql stable as $$
select json_build_object('id', p.public_id, 'kind', p.kind, 'fields', core.party_fields(p) - '{household_id,is_opted_out,has_complaint}'::text[],
    'is_opted_out', p.is_opted_out, 'has_complaint', p.has_complaint, 'source', p.source, 'created_at', p.created_at,
    'contacts', (select coalesce(json_agg(json_build_object('kind', c.kind, 'value', c.value, 'is_valid', c.is_valid, 'dealer', x.name) order by c.kind, c.contact_id), '[]')
        from (select y.* from core.contact_point y where y.party_id = p.party_id order by y.kind, y.contact_id limit 50) c
        left join core.dealer x on x.dealer_id = c.source_dealer_id),
    'vehicles', (select coalesce(json_agg(json_build_object('vin', v.vin, 'plate', coalesce(v.plate_raw, v.plate), 'model', v.model, 'model_year', v.model_year,
            'from_on', o.from_on) order by o.from_on desc), '[]')
        from (select y.* from core.vehicle_owner y where y.party_id = p.party_id and y.to_on is null order by y.from_on desc limit 20) o
        join core.vehicle v on v.vehicle_id = o.vehicle_id),
    'rights', (select coalesce(json_agg(json_build_object('brand_id', o.brand_id, 'line', o.line, 'state', o.state, 'dealer', x.name, 'dealer_id', x.public_id,
            'registered_at', o.registered_at, 'protect_until', o.protect_until) order by o.brand_id, o.line), '[]')
        from core.ownership o join core.dealer x on x.dealer_id = o.dealer_id where o.party_id = p.party_id and o.state <> 'CLOSED'),
    'consents', (select coalesce(json_agg(json_build_object('purpose', c.purpose, 'channel', c.channel, 'dealer', x.name, 'given_at', c.given_at,
            'withdrawn_at', c.withdrawn_at) order by c.given_at desc), '[]')
        from (select y.* from core.consent y where y.party_id = p.party_id order by y.given_at desc limit 30) c join core.dealer x on x.dealer_id = c.dealer_id),
    'documents', (select json_build_object('sales', coalesce(sum(y.sale_count), 0), 'orders', coalesce(sum(y.order_count), 0), 'last_visit_on', max(y.last_visit_on))
        from core.party_summary y where y.party_id = p.party_id))
from core.party p where p.party_id = p_party $$;
comment on function core.duplicate_side(bigint) is 'One side of a pair as the steward compares it: fields, contacts, cars, rights, consents, counts of documents.';

create function api.duplicate_get(p_duplicate_id uuid) returns json
language plpgsql stable security definer set search_path = '' as $$
declare d core.duplicate;
begin
    select x.* into d from core.duplicate x where x.public_id = p_duplicate_id;
    if d.duplicate_id is null then return null; end if;
    return json_build_object('id', d.public_id, 'version', d.ver, 'class', d.class, 'score', d.score, 'weights', d.weights, 'source', d.source, 'state', d.state,
        'found_at', d.found_at, 'low', core.duplicate_side(d.party_low), 'high', core.duplicate_side(d.party_high),
        'survivor', case when core.party_age_rank(d.party_high) < core.party_age_rank(d.party_low) then 'high' else 'low' end);
end $$;
comment on function api.duplicate_get is $$
A pair side by side with the weight of each field, and which side would stay by default: the one with the earlier registration.
out: one document; NULL when there is none    rule: R27, R28 $$;

create function core.party_age_rank(p_party bigint) returns timestamptz
language plpgsql stable as $$
begin
    return coalesce((select min(o.registered_at) from core.ownership o where o.party_id = p_party and o.state <> 'CLOSED'),
                    (select p.created_at + interval '100 years' from core.party p where p.party_id = p_party));
end $$;
comment on function core.party_age_rank(bigint) is 'By which of two persons stays: the earlier open registration, then the older row.';

create function api.duplicate_preview(p_duplicate_id uuid, p_survivor text, p_fields jsonb default null) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare d core.duplicate := core.duplicate_lock(p_duplicate_id); g core.merge; answer json; f jsonb;
begin
    if p_survivor not in ('low', 'high') then perform core.fail('ZC402', 'survivor'); end if;
    begin
        g := core.merge_do(case p_survivor when 'low' then d.party_low else d.party_high end,
                           case p_survivor when 'low' then d.party_high else d.party_low end, coalesce(p_fields, '{}'), d.duplicate_id);
        f := (select core.party_fields(p) from core.party p where p.party_id = g.survivor_id);
        answer := json_build_object('fields', f, 'rights', g.result -> 'rights', 'moved', g.result -> 'moved');
        raise exception using errcode = 'ZC999', message = 'trial';       -- done in earnest, shown, taken back
    exception when sqlstate 'ZC999' then null;
    end;
    return answer;
end $$;
comment on function api.duplicate_preview is $$
What a merge would do, found out by doing it and taking it back: the fields of the one person, what becomes of each right, rows that move,
consents that end.
in: survivor low | high; fields {field: survivor | merged}    errors: as the merge    rule: R28 $$;

create function api.duplicate_merge(p_duplicate_id uuid, p_survivor text, p_if_match int, p_fields jsonb default null) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare d core.duplicate := core.duplicate_lock(p_duplicate_id); g core.merge;
begin
    if d.ver <> p_if_match then perform core.fail('ZC412'); end if;
    if p_survivor not in ('low', 'high') then perform core.fail('ZC402', 'survivor'); end if;
    g := core.merge_do(case p_survivor when 'low' then d.party_low else d.party_high end,
                       case p_survivor when 'low' then d.party_high else d.party_low end, coalesce(p_fields, '{}'), d.duplicate_id);
    return json_build_object('id', g.public_id, 'merged_at', g.merged_at, 'alone_until', g.alone_until, 'rights', g.result -> 'rights', 'moved', g.result -> 'moved');
end $$;
comment on function api.duplicate_merge is $$
Make one person of the pair. Owners that differ go to dispute; nothing is lost, both ids resolve for ever, and it can be undone.
in: survivor low | high; fields {name | sex | born_on | inn | city | region | address | time_zone | household_id: survivor | merged}
errors: not-found, merge-state, changed, bad-field    rule: R28 $$;

create function api.duplicate_separate(p_duplicate_id uuid, p_if_match int) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare d core.duplicate := core.duplicate_lock(p_duplicate_id);
begin
    if d.ver <> p_if_match then perform core.fail('ZC412'); end if;
    update core.duplicate x set state = 'SEPARATE', decided_by = session.staff(), decided_at = core.now(), ver = x.ver + 1 where x.duplicate_id = d.duplicate_id
    returning x.* into d;
    perform core.ledger_add('party.separate', d.public_id::text, null, 'R27', '{}');
    return json_build_object('id', d.public_id, 'state', d.state, 'version', d.ver);
end $$;
comment on function api.duplicate_separate is 'Say that the pair are two people; the matcher does not ask again. errors: not-found, merge-state, changed    rule: R27';
