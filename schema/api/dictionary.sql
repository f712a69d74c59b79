-- SPDX-License-Identifier: Apache-2.0
-- The words that forms and filters offer, in one answer that a client may keep for the session.

create function api.dictionary_get() returns json language sql stable security definer set search_path = '' as $$
select json_build_object(
    'brands', (select coalesce(json_agg(json_build_object('id', b.brand_id, 'name', b.name, 'color_index', b.color_index) order by b.brand_id), '[]')
               from core.brand b),
    'models', (select coalesce(json_agg(json_build_object('brand_id', m.brand_id, 'name', m.name) order by m.brand_id, m.name), '[]') from core.model m),
    'dealers', (select coalesce(json_agg(json_build_object('id', d.public_id, 'name', d.name, 'city', d.city, 'time_zone', d.time_zone,
                                                  'is_active', d.is_active) order by d.dealer_id), '[]')
                from core.dealer d where d.dealer_id > 0),
    'own_lines', core.dealer_lines(session.dealer()),
    'cities', (select coalesce(json_agg(c.name order by c.name collate "ru-x-icu"), '[]') from core.city c),
    'staff', (select coalesce(json_agg(json_build_object('id', s.public_id, 'name', s.name, 'role', s.role) order by s.name collate "ru-x-icu"), '[]')
              from core.staff s where s.dealer_id = session.dealer() and s.dealer_id > 0 and s.is_active and s.role <> 'system'),
    'lines', (select json_agg(json_build_object('line', l.line, 'grp', l.grp) order by l.line) from core.line_group l),
    'lost_reasons', to_json(enum_range(null::core.lost_reason)), 'call_results', to_json(enum_range(null::core.call_result)),
    'interaction_kinds', to_json(enum_range(null::core.interaction_kind)),
    'channels', to_json(enum_range(null::core.channel)), 'right_states', to_json(enum_range(null::core.right_state)),
    'policy', (select json_object_agg(p.name, p.value_int) from (
        select distinct on (x.name) x.name, x.value_int from core.policy x
        where x.valid_from <= core.now() order by x.name, x.valid_from desc) p)) $$;
comment on function api.dictionary_get is $$
Brands, models, dealers, cities, own seats, enumerations and policy numbers in force: what forms and filters offer.
out: one document without personal data of clients    rule: R9 $$;
