-- SPDX-License-Identifier: Apache-2.0
-- Parts of the record of one person (api.person_get) that need more than a join: forecast of the next service, what to do now,
-- contacts where they are masked.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('service.km', '2000-01-01', 15000, 'count', 1000, 100000), ('service.months', '2000-01-01', 12, 'month', 1, 60)
on conflict (name, valid_from) do nothing;

create function core.contacts_masked(p_party bigint) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    if core.level_for(p_party) < 'MASKED' then return '[]'; end if;
    return (select coalesce(json_agg(json_build_object('id', c.public_id, 'kind', c.kind,
                'value', case c.kind when 'PHONE' then core.phone_mask(c.value) when 'EMAIL' then core.email_mask(c.value) else '***' end,
                'is_primary', c.place = 1, 'is_valid', c.is_valid) order by c.kind, c.place), '[]')
            from (select x.*, row_number() over (partition by x.kind order by x.is_primary desc, x.contact_id) as place from core.contact_point x
                  where x.party_id = p_party and (session.dealer() is null or core.is_given(x, session.dealer()))) c);
end $$;
comment on function core.contacts_masked(bigint) is 'A person''s contacts masked, for those who see him so; nothing for others. source: D.14';

create function core.vehicle_card(p_vehicle bigint) returns json
language plpgsql stable security definer set search_path = '' as $$
begin
    if not exists (select from core.vehicle_owner o where o.vehicle_id = p_vehicle and o.to_on is null and core.level_for(o.party_id) = 'FULL') then
        return null;
    end if;
    return (select json_build_object('id', v.public_id, 'version', v.version, 'vin', v.vin, 'plate', coalesce(v.plate_raw, v.plate), 'brand_id', v.brand_id,
        'brand', b.name, 'model', v.model, 'model_year', v.model_year, 'color', v.color, 'mileage_km', m.last_km, 'mileage_on', m.last_on,
        'km_per_day', round(m.rate, 1), 'next_service_km', n.km,
        'next_service_on', least(n.by_time, case when m.rate > 0 then m.last_on + least(((n.km - m.last_km) / m.rate)::int, 3650) end))
    from core.vehicle v left join core.brand b on b.brand_id = v.brand_id
    left join lateral (
        select (array_agg(r.mileage_km order by r.read_on desc))[1] as last_km, max(r.read_on) as last_on, min(r.mileage_km) as first_km,
               (max(r.mileage_km) - min(r.mileage_km))::numeric / nullif(max(r.read_on) - min(r.read_on), 0) as rate
        from core.odometer_reading r where r.vehicle_id = v.vehicle_id and r.read_on > core.now()::date - 1096) m on true
    left join lateral (select (m.last_km / core.policy_int('service.km') + 1) * core.policy_int('service.km') as km,
        (m.last_on + make_interval(months => core.policy_int('service.months')))::date as by_time) n on true
    where v.vehicle_id = p_vehicle);
end $$;
comment on function core.vehicle_card(bigint) is $$
A car with its odometer, for those who see its owner in full: last reading, kilometres a day over three years, next service by distance or by time, whichever is first.$$;

create function core.right_card(p core.ownership) returns json
language plpgsql stable as $$
begin
    return (select json_build_object('id', p.public_id, 'brand_id', p.brand_id, 'line', p.line, 'state', p.state, 'since', p.since,
        'protect_until', p.protect_until, 'limit_until', p.limit_until, 'accept_until', p.accept_until, 'contact_until',
        case when p.first_contact_at is null then p.contact_until end, 'seat_id', s.public_id, 'seat_name', s.name,
        'is_mine', p.seat_id is not distinct from session.staff() and p.seat_id is not null, 'source', p.source, 'interest', p.interest,
        'dealer_name', case when session.dealer() is null then d.name end,
        'used_share', case when p.limit_until > p.registered_at then round((extract(epoch from core.now() - p.registered_at)
            / extract(epoch from p.limit_until - p.registered_at))::numeric, 3) end,
        'prolongs_until', case when p.state in ('ACTIVE', 'GRACE') then
            least(p.limit_until, core.term_end(p.dealer_id, core.now(), core.policy_int('P4.' || p.line))) end, 'version', p.ver)
    from core.dealer d left join core.staff s on s.staff_id = p.seat_id where d.dealer_id = p.dealer_id);
end $$;
comment on function core.right_card(core.ownership) is 'A right as the record shows it: remaining time, used share of P5, what would prolong. source: R58';

create function core.person_now(p_party bigint, p_dealer int, p_service_on date) returns json
language plpgsql stable as $$
begin
    return (select json_build_object('kind', x.kind, 'title_key', 'now.' || x.kind, 'due_at', x.due_at, 'subject_id', x.subject, 'reason_rule', x.rule)
    from (
        select 1 as n, 'call_lead' as kind, o.accept_until as due_at, o.public_id as subject, 'R44' as rule from core.ownership o
        where o.party_id = p_party and o.dealer_id = p_dealer and o.state = 'OFFERED' and core.is_lead(o.source, o.accept_until)
        union all
        select 2, 'first_contact', o.contact_until, o.public_id, 'P2' from core.ownership o
        where o.party_id = p_party and o.dealer_id = p_dealer and o.state = 'ACTIVE' and o.first_contact_at is null and o.contact_until is not null
        union all
        select 3, 'task', t.due_at, t.public_id, 'R113' from core.task t
        where t.party_id = p_party and t.dealer_id = p_dealer and t.state = 'OPEN' and t.due_at < core.now() + interval '1 day'
        union all
        select 4, 'expiring', o.protect_until, o.public_id, 'R13' from core.ownership o
        where o.party_id = p_party and o.dealer_id = p_dealer and o.state = 'ACTIVE'
          and o.protect_until < core.now() + make_interval(days => core.policy_int('P10.first'))
        union all
        select 5, 'follow_up', o.free_from, o.public_id, 'R15' from core.ownership o
        where o.party_id = p_party and o.dealer_id = p_dealer and o.state = 'GRACE'
        union all
        select 6, 'service_due', p_service_on::timestamptz, null, 'R71' where p_service_on < core.now()::date + 30
        union all
        select 7, 'task', t.due_at, t.public_id, 'R113' from core.task t
        where t.party_id = p_party and t.dealer_id = p_dealer and t.state = 'OPEN'
        union all
        select 8, 'follow_up', o.protect_until, o.public_id, 'R52' from core.ownership o
        where o.party_id = p_party and o.dealer_id = p_dealer and o.state = 'ACTIVE'
        union all
        select 9, 'none', null, null, null) x
    order by x.n, x.due_at limit 1);
end $$;
comment on function core.person_now(bigint, int, date) is $$
The answer to "what now?": the most urgent of offer, first contact, task of today, expiring right, grace, service due, later task.
out: {kind, title_key, due_at, subject_id, reason_rule}$$;
