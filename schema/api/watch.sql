-- SPDX-License-Identifier: Apache-2.0
-- The auditor's watch list: patterns of abuse by seat and day.

create type api.watch_item as (on_day date, pattern text, count int, staff_id uuid, staff_name text, role core.staff_role, dealer_id uuid, dealer_name text,
    first_at timestamptz, last_at timestamptz, rule text, cursor_ text);

create function api.watch_list(p_pattern text default null, p_limit int default null, p_after text default null)
returns setof api.watch_item language sql stable begin atomic
    select h.on_day, h.pattern, h.count, s.public_id, s.name, s.role, d.public_id, d.name, h.first_at, h.last_at, 'R151'::text,
        core.cursor_make(h.on_day || '/' || h.pattern, s.public_id)
    from core.watch_hit h join core.staff s on s.staff_id = h.staff_id join core.dealer d on d.dealer_id = s.dealer_id
    where (p_pattern is null or h.pattern = p_pattern)
      and (h.on_day, h.pattern, s.public_id) < (coalesce(split_part(core.cursor_part(p_after, 1), '/', 1)::date, 'infinity'),
          coalesce(split_part(core.cursor_part(p_after, 1), '/', 2), ''), coalesce(core.cursor_part(p_after, 2)::uuid, '00000000-0000-0000-0000-000000000000'))
    order by h.on_day desc, h.pattern desc, s.public_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.watch_list is $$
List what looks like abuse, newest day first: sequential_numbers, probes_without_registration, night, one_phone_many_names, claims_at_expiry,
two_places, many_unmasked, many_exported, probe_limit.
in: pattern    out: how often, whose seat, when; never whom it met    rule: R151, R26 $$;
