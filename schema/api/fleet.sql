-- SPDX-License-Identifier: Apache-2.0
-- One car: its owners over time and odometer series; its change of owner, its drivers and its lease (R66, R68, R69).

create type api.vehicle_page as (id uuid, version int, vin text, plate text, brand_id int, brand text, model text, model_year int, color text, owners json,
    readings json, drivers json, lease json, card json);
create type api.fleet_added as (id uuid);
create type api.fleet_done as (ok boolean);

create function core.vehicle_seen(p_vehicle uuid, p_least core.see_level default 'FULL') returns bigint
language plpgsql stable set search_path = '' as $$
declare v bigint;
begin
    select x.vehicle_id into v from core.vehicle x where x.public_id = p_vehicle and (
        exists (select from core.vehicle_owner o where o.vehicle_id = x.vehicle_id and o.to_on is null and core.level_for(o.party_id) >= p_least)
        or exists (select from core.vehicle_lease l where l.vehicle_id = x.vehicle_id and l.to_on is null and core.level_for(l.lessee_id) >= p_least));
    if v is null then perform core.fail('ZC404'); end if;
    return v;
end $$;
comment on function core.vehicle_seen(uuid, core.see_level) is 'A car whose present owner or lessee the caller sees in full. errors: ZC404 also when absent. source: R133';

create function api.vehicle_get(p_vehicle_id uuid) returns api.vehicle_page
language plpgsql stable security definer set search_path = '' as $$
declare v bigint := core.vehicle_seen(p_vehicle_id); r api.vehicle_page; d int := session.dealer();
begin
    select x.public_id, x.version, x.vin, coalesce(x.plate_raw, x.plate), x.brand_id, b.name, x.model, x.model_year, x.color
    into r.id, r.version, r.vin, r.plate, r.brand_id, r.brand, r.model, r.model_year, r.color
    from core.vehicle x left join core.brand b on b.brand_id = x.brand_id where x.vehicle_id = v;
    -- an owner whom the caller does not see stays a date in the series, without a name
    r.owners := (select coalesce(json_agg(json_build_object('person_id', case when s.level >= 'MASKED' then p.public_id end,
            'name', case when s.level >= 'MASKED' then p.name end, 'from_on', w.from_on, 'to_on', w.to_on) order by w.from_on desc), '[]')
        from (select y.* from core.vehicle_owner y where y.vehicle_id = v order by y.from_on desc limit 50) w join core.party p on p.party_id = w.party_id
        cross join lateral (select core.level_for(w.party_id) as level) s);
    r.readings := (select coalesce(json_agg(json_build_object('read_on', m.read_on, 'mileage_km', m.mileage_km, 'is_own', m.dealer_id is not distinct from d) order by m.read_on), '[]')
        from (select y.* from core.odometer_reading y where y.vehicle_id = v order by y.read_on desc limit 100) m);
    r.drivers := (select coalesce(json_agg(json_build_object('id', f.public_id, 'name', f.name, 'from_on', f.from_on, 'to_on', f.to_on,
            'person', core.company_person(p.public_id, f.party_id, f.dealer_id)) order by f.to_on nulls first, f.from_on desc), '[]')
        from core.fleet_driver f join core.party p on p.party_id = f.party_id where f.vehicle_id = v and (d is null or f.dealer_id = d));
    r.lease := (select json_build_object('id', l.public_id, 'lessor', a.name, 'lessee', b.name, 'contract', case when d is null or l.dealer_id = d then l.contract end,
            'from_on', l.from_on) from core.vehicle_lease l join core.party a on a.party_id = l.lessor_id join core.party b on b.party_id = l.lessee_id
        where l.vehicle_id = v and l.to_on is null and b.kind = 'COMPANY' and a.kind = 'COMPANY');
    r.card := core.vehicle_card(v);
    return r;
end $$;
comment on function api.vehicle_get is $$
One car: owners over time, odometer series, drivers, lease, forecast of the next service. Of former owners whom the caller does not see
only the dates are told.
in: vehicle_id    out: one document    errors: not-found    rule: R68, R69, R133 $$;

create function api.owner_change(p_vehicle_id uuid, p_from_on date, p_document core.short_text, p_person_id uuid default null) returns api.fleet_done
language plpgsql volatile security definer set search_path = '' as $$
declare v bigint := core.vehicle_seen(p_vehicle_id); v_new bigint; w core.vehicle_owner;
begin
    if btrim(p_document) = '' then perform core.fail('ZC400', 'document'); end if;
    select x.* into w from core.vehicle_owner x where x.vehicle_id = v and x.to_on is null;
    if p_from_on > core.today() + 1 or p_from_on < coalesce(w.from_on, '1990-01-01') then perform core.fail('ZC402', 'from_on'); end if;
    if p_person_id is not null then
        v_new := core.visible_party(p_person_id, 'FULL');
        if v_new = w.party_id then perform core.fail('ZC402', 'person_id'); end if;
    elsif w.party_id is null then
        perform core.fail('ZC400', 'person_id');
    end if;
    perform core.vehicle_hand_over(v, v_new, p_from_on, session.dealer());
    perform core.ledger_add('vehicle.owner', p_vehicle_id::text, w.party_id, 'R69', jsonb_build_object('is_known', v_new is not null));
    return row(true)::api.fleet_done;
end $$;
comment on function api.owner_change is $$
The car has another owner. The service right of the old one for this car ends; the last service dealer is offered the new one's.
in: vehicle_id; person_id - none when the new owner is unknown; from_on; document that proves it    out: ok
errors: not-found, missing-field, bad-field    rule: R69 $$;

create function api.driver_add(p_vehicle_id uuid, p_name core.name_text, p_phone core.search_text default null, p_email core.short_text default null,
    p_consent_evidence core.short_text default null, p_consent_channels text[] default null, p_from_on date default null)
returns api.fleet_added language plpgsql volatile security definer set search_path = '' as $$
declare v bigint := core.vehicle_seen(p_vehicle_id); v_company bigint; v_party bigint; v_on date := coalesce(p_from_on, core.today()); r api.fleet_added;
begin
    select coalesce((select l.lessee_id from core.vehicle_lease l where l.vehicle_id = v and l.to_on is null), o.party_id) into v_company
    from core.vehicle_owner o where o.vehicle_id = v and o.to_on is null;
    if v_company is null or core.level_for(v_company) <> 'FULL' then perform core.fail('ZC404'); end if;
    if (select p.kind from core.party p where p.party_id = v_company) <> 'COMPANY' then perform core.fail('ZC402', 'vehicle_id', '{"reason": "person"}'); end if;
    if v_on > core.today() + 1 or v_on < '1990-01-01' then perform core.fail('ZC402', 'from_on'); end if;
    v_party := core.person_told(p_name, p_phone, p_email, null);
    if coalesce(btrim(p_consent_evidence), '') <> '' then
        perform core.consents_take(v_party, session.dealer(), jsonb_build_object('consent_evidence', p_consent_evidence,
            'consent_channels', to_jsonb(coalesce(p_consent_channels, '{}'))), 'hand');
    end if;
    insert into core.fleet_driver as f (vehicle_id, company_id, party_id, name, dealer_id, from_on)
    values (v, v_company, v_party, p_name, session.dealer(), v_on)
    on conflict (vehicle_id, party_id) where to_on is null do update set name = excluded.name returning f.public_id into r.id;
    perform core.ledger_add('fleet.driver', r.id::text, v_company, 'R66', '{}');
    return r;
end $$;
comment on function api.driver_add is $$
Name the driver of a fleet car. The holder of SERVICE may remind him of this car's service; no sales campaign reaches him for it.
in: vehicle_id; name; phone or email; consent_evidence with consent_channels; from_on    out: id
errors: not-found, missing-field, bad-field    rule: R66 $$;

create function api.driver_end(p_driver_id uuid, p_on date default null) returns api.fleet_done
language plpgsql volatile security definer set search_path = '' as $$
declare f core.fleet_driver;
begin
    select x.* into f from core.fleet_driver x where x.public_id = p_driver_id and x.to_on is null and x.dealer_id = session.dealer() for update;
    if f.driver_id is null or core.level_for(f.company_id) <> 'FULL' then perform core.fail('ZC404'); end if;
    if p_on > core.today() + 1 or p_on < f.from_on then perform core.fail('ZC402', 'on'); end if;
    update core.fleet_driver x set to_on = greatest(coalesce(p_on, core.today()), x.from_on) where x.driver_id = f.driver_id;
    perform core.ledger_add('fleet.driver_end', p_driver_id::text, f.company_id, 'R66', '{}');
    return row(true)::api.fleet_done;
end $$;
comment on function api.driver_end is 'A driver no longer drives the car: the link ends with a date. in: driver_id; on - default today. out: ok. errors: not-found, bad-field. rule: R66';

create function api.lease_add(p_vehicle_id uuid, p_lessee_id uuid, p_lessor_name core.name_text, p_lessor_inn core.search_text, p_from_on date,
    p_contract core.short_text default null)
returns api.fleet_added language plpgsql volatile security definer set search_path = '' as $$
declare v bigint; v_lessee bigint := core.visible_party(p_lessee_id, 'FULL'); v_lessor bigint; r api.fleet_added; taken core.party_taken; w core.vehicle_owner;
begin
    select x.vehicle_id into v from core.vehicle x where x.public_id = p_vehicle_id
        and exists (select from core.vehicle_owner o where o.vehicle_id = x.vehicle_id and o.to_on is null and core.level_for(o.party_id) = 'FULL');
    if v is null then perform core.fail('ZC404'); end if;
    if (select p.kind from core.party p where p.party_id = v_lessee) <> 'COMPANY' then perform core.fail('ZC402', 'lessee_id'); end if;
    if core.inn_norm(p_lessor_inn) is null then perform core.fail('ZC402', 'lessor_inn'); end if;
    select x.* into w from core.vehicle_owner x where x.vehicle_id = v and x.to_on is null;
    if p_from_on > core.today() + 1 or p_from_on < w.from_on then perform core.fail('ZC402', 'from_on'); end if;
    if exists (select from core.vehicle_lease l where l.vehicle_id = v and l.to_on is null) then perform core.fail('ZC402', 'vehicle_id', '{"reason": "leased"}'); end if;
    taken := core.party_take(session.dealer(), session.staff(), jsonb_build_object('kind', 'COMPANY', 'name', p_lessor_name, 'inn', p_lessor_inn), 'hand');
    v_lessor := taken.party_id;
    if v_lessor = v_lessee then perform core.fail('ZC402', 'lessor_inn'); end if;
    -- the lessor owns the car from now on; the lessee keeps the service right of the car he drives
    if w.party_id <> v_lessor then
        update core.vehicle_owner o set to_on = p_from_on where o.vehicle_id = v and o.to_on is null;
        insert into core.vehicle_owner (vehicle_id, party_id, from_on, source_dealer_id) values (v, v_lessor, p_from_on, session.dealer())
        on conflict (vehicle_id, party_id, from_on) do update set to_on = null;
        if w.party_id <> v_lessee then perform core.vehicle_ended(v, w.party_id, null); end if;
    end if;
    insert into core.vehicle_lease (vehicle_id, lessor_id, lessee_id, contract, dealer_id, from_on)
    values (v, v_lessor, v_lessee, nullif(btrim(p_contract), ''), session.dealer(), p_from_on) returning public_id into r.id;
    perform core.ledger_add('vehicle.lease', r.id::text, v_lessee, 'R68', '{}');
    return r;
end $$;
comment on function api.lease_add is $$
A car is leased: the lessor owns it, the lessee uses it and holds the rights. The caller sees the car's owner and the lessee.
in: vehicle_id; lessee_id - a company; lessor_name, lessor_inn; from_on; contract    out: id
errors: not-found, bad-field - also a car already leased    rule: R68 $$;

create function api.lease_end(p_lease_id uuid, p_on date default null) returns api.fleet_done
language plpgsql volatile security definer set search_path = '' as $$
declare l core.vehicle_lease;
begin
    select x.* into l from core.vehicle_lease x where x.public_id = p_lease_id and x.to_on is null for update;
    if l.lease_id is null or core.level_for(l.lessee_id) <> 'FULL' then perform core.fail('ZC404'); end if;
    if p_on > core.today() + 1 or p_on < l.from_on then perform core.fail('ZC402', 'on'); end if;
    update core.vehicle_lease x set to_on = greatest(coalesce(p_on, core.today()), x.from_on) where x.lease_id = l.lease_id;
    perform core.ledger_add('vehicle.lease_end', p_lease_id::text, l.lessee_id, 'R68', '{}');
    return row(true)::api.fleet_done;
end $$;
comment on function api.lease_end is 'A lease ends with a date; documents of later days count for the owner. in: lease_id; on - default today. out: ok. errors: not-found, bad-field. rule: R68';
