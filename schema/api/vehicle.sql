-- SPDX-License-Identifier: Apache-2.0
-- Cars of a person, their odometer, sales and repair orders entered by hand; activities on the timeline.

create type api.added as (id uuid);

create function api.vehicle_add(p_person_id uuid, p_vin core.search_text default null, p_plate core.search_text default null, p_brand_id int default null,
    p_model core.search_text default null, p_model_year int default null, p_color core.search_text default null, p_from_on date default null)
returns api.added language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.writable_party(p_person_id); v bigint; r api.added; is_his boolean;
begin
    if p_vin is not null and core.vin_norm(p_vin) is null then perform core.fail('ZC402', 'vin'); end if;
    if p_plate is not null and core.plate_norm(p_plate) is null then perform core.fail('ZC402', 'plate'); end if;
    if p_brand_id is not null and core.brand_of(p_brand_id::text) is null then perform core.fail('ZC402', 'brand_id'); end if;
    if p_model_year not between 1950 and extract(year from core.now())::int + 1 then perform core.fail('ZC402', 'model_year'); end if;
    if p_from_on > core.now()::date then perform core.fail('ZC402', 'from_on'); end if;
    v := core.vehicle_take(v_party, session.dealer(), jsonb_build_object('vin', p_vin, 'plate', p_plate, 'brand_id', p_brand_id, 'model', p_model,
        'model_year', p_model_year, 'color', p_color), p_from_on);
    if v is null then perform core.fail('ZC400', 'vin'); end if;
    select exists (select from core.vehicle_owner o where o.vehicle_id = v and o.party_id = v_party and o.to_on is null) into is_his;
    select x.public_id into r.id from core.vehicle x where x.vehicle_id = v;
    perform core.ledger_add('vehicle.add', r.id::text, v_party, 'R69', jsonb_build_object('is_owner', is_his));
    return r;
end $$;
comment on function api.vehicle_add is $$
Add a car to a person, by VIN or plate; a car that belongs to somebody else stays his until a document says otherwise.
in: person_id; vin, plate; brand_id, model, model_year, color; from_on    out: id of the car
errors: missing-field, bad-field, not-found, not-owner    rule: R20, R69 $$;

create function api.reading_add(p_vehicle_id uuid, p_mileage_km core.mileage_km, p_read_on date default null)
returns api.done language plpgsql volatile security definer set search_path = '' as $$
declare v bigint; v_on date := coalesce(p_read_on, core.dealer_local_on(session.dealer(), core.now())); v_party bigint;
begin
    select x.vehicle_id, o.party_id into v, v_party from core.vehicle x join core.vehicle_owner o on o.vehicle_id = x.vehicle_id and o.to_on is null
    where x.public_id = p_vehicle_id;
    if v is null or core.level_for(v_party) <> 'FULL' then perform core.fail('ZC404'); end if;
    if v_on > core.now()::date + 1 or v_on < '1990-01-01' then perform core.fail('ZC402', 'read_on'); end if;
    insert into core.odometer_reading (vehicle_id, read_on, mileage_km, dealer_id) values (v, v_on, p_mileage_km, session.dealer())
    on conflict (vehicle_id, read_on) do update set mileage_km = excluded.mileage_km, dealer_id = excluded.dealer_id;
    perform core.ledger_add('reading.add', p_vehicle_id::text, v_party, null, jsonb_build_object('mileage_km', p_mileage_km));
    return row(true)::api.done;
end $$;
comment on function api.reading_add is 'Record an odometer reading in km; a second one of the day corrects the first. in: vehicle_id, mileage_km, read_on. out: ok. errors: not-found, bad-field';

create type api.document_added as (id uuid, is_new boolean, verdict text, protect_until timestamptz);

create function core.own_vehicle(p_vehicle uuid, p_party bigint) returns bigint
language plpgsql stable set search_path = '' as $$
declare v bigint;
begin
    if p_vehicle is null then return null; end if;
    select x.vehicle_id into v from core.vehicle x join core.vehicle_owner o on o.vehicle_id = x.vehicle_id and o.party_id = p_party
    where x.public_id = p_vehicle limit 1;
    if v is null then perform core.fail('ZC402', 'vehicle_id'); end if;
    return v;
end $$;
comment on function core.own_vehicle(uuid, bigint) is 'A car of this person. errors: ZC402 vehicle_id, the same for absent and foreign';

create function core.document_shown(d core.document_result) returns api.document_added
language plpgsql stable as $$
begin
    return (select row(d.public_id, d.is_new, d.verdict, o.protect_until)::api.document_added from (select 1) one
    left join core.ownership o on o.ownership_id = d.ownership_id and o.dealer_id = session.dealer());
end $$;
comment on function core.document_shown(core.document_result) is 'A stored document as told to the one who entered it.';

create function api.sale_add(p_person_id uuid, p_number core.search_text, p_sold_on date, p_brand_id int, p_line core.line, p_amount_kopecks core.kopecks,
    p_vehicle_id uuid default null)
returns api.document_added language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id, 'FULL');
begin
    if core.brand_of(p_brand_id::text) is null then perform core.fail('ZC402', 'brand_id'); end if;
    if p_amount_kopecks < 0 then perform core.fail('ZC402', 'amount_kopecks'); end if;
    return core.document_shown(core.document_sale(session.dealer(), session.staff(), v_party, p_brand_id::smallint, p_line, p_number, p_sold_on,
        p_amount_kopecks, core.own_vehicle(p_vehicle_id, v_party), 'hand'));
end $$;
comment on function api.sale_add is $$
Store a sale; it makes or renews the customer right of its line. The same number again changes nothing (is_new false).
in: person_id; number; sold_on; brand_id; line; amount_kopecks; vehicle_id    out: id, is_new, verdict, protect_until
errors: not-found, bad-field, activity-date    rule: R154, P8 $$;

create function api.repair_order_add(p_person_id uuid, p_number core.search_text, p_opened_on date, p_amount_kopecks core.kopecks,
    p_mileage_km core.mileage_km default null, p_vehicle_id uuid default null, p_what core.short_text default null, p_order_kind text default null)
returns api.document_added language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id, 'FULL'); v_vehicle bigint := core.own_vehicle(p_vehicle_id, v_party); v_brand smallint;
begin
    if p_amount_kopecks < 0 then perform core.fail('ZC402', 'amount_kopecks'); end if;
    select coalesce((select v.brand_id from core.vehicle v where v.vehicle_id = v_vehicle),
                    (select o.brand_id from core.ownership o where o.party_id = v_party and o.dealer_id = session.dealer() and o.state <> 'CLOSED'
                     order by core.is_aftersales(o.line) desc, o.since desc limit 1)) into v_brand;
    return core.document_shown(core.document_order(session.dealer(), session.staff(), v_party, v_brand, p_number, p_opened_on, p_amount_kopecks,
        v_vehicle, p_mileage_km, p_what, 'hand', coalesce(p_order_kind, 'PAID')));
end $$;
comment on function api.repair_order_add is $$
Store a work order; a paid one makes or renews the service right, a recall or warranty proves nothing, an emergency on the road moves none.
in: person_id; number; opened_on; amount_kopecks; mileage_km; vehicle_id; what; order_kind PAID (default), RECALL, WARRANTY, EMERGENCY    out: id, is_new, verdict, protect_until
errors: not-found, bad-field, activity-date    rule: R157, R72, P9 $$;

create type api.interaction_added as (id uuid, is_qualifying boolean, protect_until timestamptz, rule text);

create function api.interaction_add(p_person_id uuid, p_kind core.interaction_kind, p_at timestamptz default null, p_text core.long_text default null,
    p_evidence core.short_text default null)
returns api.interaction_added language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); r core.activity_result;
begin
    if p_kind in ('SYSTEM', 'GREETING') then perform core.fail('ZC402', 'kind'); end if;
    -- a colleague may note that the client came: the right is the dealer's, whoever opened the door
    r := core.activity_add(v_party, session.dealer(), session.staff(), p_kind, p_at, p_text, p_evidence);
    return row(r.public_id, r.is_qualifying, r.protect_until, r.rule)::api.interaction_added;
end $$;
comment on function api.interaction_add is $$
Put something that happened on the timeline; what the client took part in prolongs the protection.
in: person_id; kind; at - default now, at most three years back; text; evidence - call id, agreement or document number
out: id, is_qualifying, protect_until, rule: R50 counts, R51 this kind does not, R54 late or the third manual one in a row
errors: not-found, activity-date, bad-field kind    rule: R50-R54, P4, P21 $$;
