-- SPDX-License-Identifier: Apache-2.0
-- What a dealer gives us of a person: party, contacts, consents, vehicle, found or made by the keys of key.sql. Private; callers
-- check rights.

create function core.name_of(p_data jsonb) returns text
language sql stable as $$
select left(coalesce(nullif(btrim(concat_ws(' ', nullif(btrim(p_data ->> 'surname'), ''), nullif(btrim(p_data ->> 'given_name'), ''),
    nullif(btrim(p_data ->> 'patronymic'), ''))), ''), nullif(btrim(p_data ->> 'name'), '')), 200) $$;
comment on function core.name_of(jsonb) is 'Name as shown: surname, given name and patronymic, else the name field.';

create function core.party_make(p_data jsonb, p_source text, p_is_claimed boolean) returns core.party
language plpgsql volatile as $$
declare made core.party; is_company boolean := coalesce(p_data ->> 'kind', '') = 'COMPANY'; born date;
begin
    if p_data ->> 'born_on' <> '' then
        begin
            born := (p_data ->> 'born_on')::date;
        exception when others then perform core.fail('ZC402', 'born_on');
        end;
    end if;
    if born > core.now()::date or born < '1900-01-01' then perform core.fail('ZC402', 'born_on'); end if;
    insert into core.party (kind, name, surname, given_name, patronymic, sex, born_on, inn, city, address, source, is_pool, router_level)
    values (case when is_company then 'COMPANY' else 'PERSON' end::core.party_kind,
        case when is_company then left(btrim(coalesce(p_data ->> 'name', core.name_of(p_data))), 200) else core.name_of(p_data) end,
        case when not is_company then left(coalesce(nullif(btrim(p_data ->> 'surname'), ''), split_part(btrim(p_data ->> 'name'), ' ', 1)), 100) end,
        left(nullif(btrim(p_data ->> 'given_name'), ''), 100), left(nullif(btrim(p_data ->> 'patronymic'), ''), 100),
        case when p_data ->> 'sex' in ('m', 'f') then p_data ->> 'sex' end, born,
        core.inn_norm(p_data ->> 'inn'), left(nullif(btrim(p_data ->> 'city'), ''), 100),
        left(nullif(btrim(p_data ->> 'address'), ''), 400), p_source, not p_is_claimed,
        case when p_is_claimed then (select v.level from core.visibility v where v.state = 'ACTIVE' and v.viewer = 'router') else 'FULL' end)
    returning * into made;
    return made;
end $$;
comment on function core.party_make(jsonb, text, boolean) is $$
Make a party of what was typed; no key, no contact, no right yet.
in: p_is_claimed a right follows in this transaction: the party never shows in the pool    errors: ZC402 born_on$$;

create function core.contact_take(p_party bigint, p_dealer int, p_kind core.contact_kind, p_value text, p_raw text, p_source text,
    p_is_primary boolean default null) returns bigint
language plpgsql volatile as $$
declare made bigint;
begin
    if p_is_primary then
        update core.contact_point c set is_primary = false, version = c.version + 1
        where c.party_id = p_party and c.kind = p_kind and c.is_primary and c.value <> p_value;
    end if;
    insert into core.contact_point as c (party_id, kind, value, raw, is_primary, source_dealer_id, source)
    values (p_party, p_kind, p_value, left(p_raw, 400), coalesce(p_is_primary, true) and not exists (
            select from core.contact_point x where x.party_id = p_party and x.kind = p_kind and x.is_primary), p_dealer, p_source)
    on conflict (party_id, kind, value) do update
        set shared_ids = case when p_dealer = any (c.shared_ids) or c.source_dealer_id is not distinct from p_dealer
                              then c.shared_ids else c.shared_ids || p_dealer end,
            is_primary = c.is_primary or coalesce(p_is_primary, false),
            -- that another dealer was given it too is no change that its first dealer may notice
            version = c.version + case when coalesce(p_is_primary, false) and not c.is_primary then 1 else 0 end
        where (c.source_dealer_id is distinct from p_dealer and p_dealer <> all (c.shared_ids))
           or (coalesce(p_is_primary, false) and not c.is_primary)
    returning case when xmax = 0 then contact_id end into made;
    perform core.key_add(p_party, p_kind::text::core.key_kind, p_value);
    return made;
end $$;
comment on function core.contact_take(bigint, int, core.contact_kind, text, text, text, boolean) is $$
Add a contact point, or note that this dealer was given a known one too (both sources stay, R27).
in: p_value normalised, p_raw as typed; p_is_primary true makes it the first of its kind, NULL only when there is none
out: contact_id when it is new, else NULL$$;

create function core.consent_take(p_party bigint, p_dealer int, p_purpose core.consent_purpose, p_channel core.channel,
    p_text text, p_evidence text, p_source text, p_given_at timestamptz default null) returns bigint
language plpgsql volatile as $$
declare made bigint;
begin
    if exists (select from core.consent c where c.party_id = p_party and c.dealer_id = p_dealer and c.purpose = p_purpose
               and c.channel is not distinct from p_channel and c.withdrawn_at is null) then
        return null;
    end if;
    insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
    values (p_party, p_dealer, p_purpose, p_channel, left(coalesce(p_text, '1'), 40), left(p_evidence, 400), p_source,
            coalesce(p_given_at, core.now()))
    returning consent_id into made;
    return made;
end $$;
comment on function core.consent_take(bigint, int, core.consent_purpose, core.channel, text, text, text, timestamptz) is
'Record a consent unless the same one is in force. out: consent_id when new. source: R146';

create function core.consents_take(p_party bigint, p_dealer int, p_data jsonb, p_source text, p_is_new boolean default false) returns bigint[]
language plpgsql volatile as $$
declare evidence text := nullif(btrim(p_data ->> 'consent_evidence'), ''); channels text[]; seen text[] := '{}'; made bigint[]; one bigint; way text;
begin
    if evidence is null then return '{}'; end if;
    if jsonb_typeof(p_data -> 'consent_channels') = 'array' then
        for i in 0 .. jsonb_array_length(p_data -> 'consent_channels') - 1 loop
            channels := channels || upper(p_data -> 'consent_channels' ->> i);
        end loop;
        if not channels <@ '{EMAIL,SMS,CALL,PUSH,LETTER}' then perform core.fail('ZC402', 'consent_channels'); end if;
    end if;
    if p_is_new then                                   -- nothing is in force yet
        foreach way in array array[null] || channels loop
            continue when way = any (seen);
            insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
            values (p_party, p_dealer, case when way is null then 'PROCESSING' else 'ADVERTISING' end::core.consent_purpose, way::core.channel,
                left(coalesce(p_data ->> 'consent_text', '1'), 40), left(evidence, 400), p_source, core.now())
            returning consent_id into one;
            made := made || one; seen := seen || way;
        end loop;
        return made;
    end if;
    with added as (
        insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
        select p_party, p_dealer, w.purpose, w.channel, left(coalesce(p_data ->> 'consent_text', '1'), 40), left(evidence, 400), p_source, core.now()
        from (select 'PROCESSING'::core.consent_purpose as purpose, null::core.channel as channel
              union all select distinct 'ADVERTISING'::core.consent_purpose, c::core.channel from unnest(channels) c) w
        where not exists (select from core.consent c where c.party_id = p_party and c.dealer_id = p_dealer and c.purpose = w.purpose
                          and c.channel is not distinct from w.channel and c.withdrawn_at is null)
        returning consent_id)
    select coalesce(array_agg(a.consent_id), '{}') into made from added a;
    return made;
end $$;
comment on function core.consents_take(bigint, int, jsonb, text, boolean) is $$
Processing, and advertising per channel, from one registration: separate rows.
in: p_data consent_evidence, consent_text (version), consent_channels ["EMAIL", ...]; p_is_new a party made in this transaction    source: R146$$;

create function core.vehicle_take(p_party bigint, p_dealer int, p_data jsonb, p_from date default null) returns bigint
language plpgsql volatile as $$
declare v_vin text := core.vin_norm(p_data ->> 'vin'); v_plate text := core.plate_norm(p_data ->> 'plate'); v core.vehicle; owner core.vehicle_owner;
        brand smallint := core.brand_of(coalesce(p_data ->> 'brand_id', p_data ->> 'brand')); v_from date := coalesce(p_from, core.now()::date);
begin
    if v_vin is null and v_plate is null then return null; end if;
    if v_vin is not null then
        insert into core.vehicle (vin, plate, plate_raw, brand_id, model, model_year, color)
        values (v_vin, v_plate, p_data ->> 'plate', brand, left(p_data ->> 'model', 100), core.year_of(p_data ->> 'model_year'), left(p_data ->> 'color', 50))
        on conflict (vin) do update set plate = coalesce(excluded.plate, core.vehicle.plate),
            plate_raw = coalesce(excluded.plate_raw, core.vehicle.plate_raw), brand_id = coalesce(core.vehicle.brand_id, excluded.brand_id),
            model = coalesce(core.vehicle.model, excluded.model), model_year = coalesce(core.vehicle.model_year, excluded.model_year),
            color = coalesce(core.vehicle.color, excluded.color), version = core.vehicle.version + 1
        returning * into v;
    else
        -- from the plate to its owner, never by way of all that he owns
        select x.* into v from core.vehicle x where x.plate = v_plate
          and (select o.party_id from core.vehicle_owner o where o.vehicle_id = x.vehicle_id and o.to_on is null) = p_party limit 1;
        if not found then
            insert into core.vehicle (plate, plate_raw, brand_id, model, model_year, color)
            values (v_plate, p_data ->> 'plate', brand, left(p_data ->> 'model', 100), core.year_of(p_data ->> 'model_year'), left(p_data ->> 'color', 50))
            returning * into v;
        end if;
    end if;
    select * into owner from core.vehicle_owner o where o.vehicle_id = v.vehicle_id and o.to_on is null for update;
    if not found then
        insert into core.vehicle_owner (vehicle_id, party_id, from_on, source_dealer_id) values (v.vehicle_id, p_party, v_from, p_dealer)
        on conflict do nothing;
    elsif owner.party_id <> p_party and v_from >= owner.from_on and coalesce(p_data ->> 'is_owner', 'false') = 'true' then
        perform core.vehicle_hand_over(v.vehicle_id, p_party, v_from, p_dealer);       -- R69
    end if;
    if v_vin is not null then perform core.key_add(p_party, 'VIN', v_vin); end if;
    if v_plate is not null then perform core.key_add(p_party, 'PLATE', v_plate); end if;
    return v.vehicle_id;
end $$;
comment on function core.vehicle_take(bigint, int, jsonb, date) is $$
Find or make the car by VIN, else by plate among the party's own; the party owns it when nobody does. A car of somebody else
changes hands only by a document: p_data.is_owner 'true' (R69).
in: p_data vin, plate, brand_id or brand, model, model_year, color    out: vehicle_id, NULL without VIN and plate$$;

create function core.brand_of(p_brand text) returns smallint
language plpgsql stable as $$
begin
    return (select b.brand_id from core.brand b where b.brand_id::text = btrim(p_brand) or lower(b.name) = lower(btrim(p_brand)) limit 1);
end $$;
comment on function core.brand_of(text) is 'Brand by number or name, NULL when unknown.';

create function core.year_of(p_year text) returns smallint
language sql immutable as $$
select case when btrim(p_year) ~ '^(19|20)[0-9]{2}$' then btrim(p_year)::smallint end $$;
comment on function core.year_of(text) is 'A year from text, NULL when it is none.';

create type core.party_taken as (party_id bigint, public_id uuid, is_created boolean, added jsonb);
comment on type core.party_taken is 'A party found or made, and what was added to it, so that an undo can take it back.';

create function core.keys_give(p core.party, p_dealer int, p_keys core.party_key[], p_data jsonb, p_source text) returns bigint[]
language plpgsql volatile as $$
declare contacts bigint[] := '{}'; wanted int := 0; kept int; k core.party_key; made bigint;
begin
    foreach k in array p_keys loop
        if k.kind not in ('VIN', 'PLATE') then wanted := wanted + 1; end if;
        if k.kind in ('PHONE', 'EMAIL') then
            insert into core.contact_point (party_id, kind, value, raw, is_primary, source_dealer_id, source)
            values (p.party_id, k.kind::text::core.contact_kind, k.value, left(btrim(p_data ->> lower(k.kind::text)), 400), true, p_dealer, p_source)
            returning contact_id into made;
            contacts := contacts || made;
        end if;
    end loop;
    insert into core.match_key (kind, value, party_id, surname_key, is_exact)
    select x.kind, x.value, p.party_id, case when x.kind in ('INN', 'SOURCE') then '' else p.surname_key end,
           x.kind in ('INN', 'SOURCE') or (x.kind <> 'DOCUMENT' and p.surname_key <> '')
    from unnest(p_keys) x where x.kind not in ('VIN', 'PLATE') on conflict do nothing;
    get diagnostics kept = row_count;
    if kept < wanted then
        foreach k in array p_keys loop
            if k.kind not in ('VIN', 'PLATE') then perform core.key_add(p.party_id, k.kind, k.value); end if;
        end loop;
    end if;
    return contacts;
end $$;
comment on function core.keys_give(core.party, int, core.party_key[], jsonb, text) is $$
The first contacts and keys of a party just made; a car's keys come with the car.
in: p_keys one of a kind at most; p_data what was typed    out: contact_ids
guard: match_key_one_party; a pair that another party has is kept by core.key_add, as a key and no proof$$;

create function core.party_take(p_dealer int, p_staff bigint, p_data jsonb, p_source text, p_party bigint default null,
    p_keys core.party_key[] default null) returns core.party_taken language plpgsql volatile as $$
declare
    is_matched boolean := p_keys is not null; keys core.party_key[] := coalesce(p_keys, core.keys_of(p_dealer, p_data)); k core.party_key;
    taken core.party_taken; contacts bigint[] := '{}'; new_keys jsonb := '[]'; one bigint; vehicle bigint; had boolean;
    is_new_vehicle boolean := false; consents bigint[]; made core.party;
begin
    taken.party_id := p_party;
    if p_party is null and not is_matched then
        perform core.keys_lock(keys);
        taken.party_id := (core.party_exact(keys, p_data))[1];
    end if;
    if p_data ->> 'kpp' <> '' then          -- INN/KPP is the key of whom core.kpp_take says
        keys := array(select x from unnest(keys) x where x.kind <> 'INN' or strpos(x.value, '/') = 0);
    end if;
    taken.is_created := taken.party_id is null;
    if taken.is_created then
        if core.is_stopped(keys) then perform core.fail('ZC024'); end if;
        if core.name_of(p_data) is null then perform core.fail('ZC400', 'name'); end if;
        made := core.party_make(p_data, p_source, is_matched);
        taken.party_id := made.party_id; taken.public_id := made.public_id;
        if p_data ->> 'email' <> '' then perform core.mark_staff(made.party_id, keys); end if;
        contacts := core.keys_give(made, p_dealer, keys, p_data, p_source);
    else
        select p.public_id into taken.public_id from core.party p where p.party_id = taken.party_id;
        -- what nobody knew yet is kept (R27)
        update core.party p set city = coalesce(p.city, left(nullif(btrim(p_data ->> 'city'), ''), 100)),
            address = coalesce(p.address, left(nullif(btrim(p_data ->> 'address'), ''), 400)),
            given_name = coalesce(p.given_name, left(nullif(btrim(p_data ->> 'given_name'), ''), 100)),
            patronymic = coalesce(p.patronymic, left(nullif(btrim(p_data ->> 'patronymic'), ''), 100)),
            sex = coalesce(p.sex, case when p_data ->> 'sex' in ('m', 'f') then p_data ->> 'sex' end)
        where p.party_id = taken.party_id
          and ((p.city is null and btrim(p_data ->> 'city') <> '') or (p.address is null and btrim(p_data ->> 'address') <> '')
               or (p.kind = 'PERSON' and ((p.given_name is null and btrim(p_data ->> 'given_name') <> '')
                   or (p.patronymic is null and btrim(p_data ->> 'patronymic') <> '') or (p.sex is null and p_data ->> 'sex' in ('m', 'f')))));
    end if;
    foreach k in array keys loop
        if taken.is_created then
            new_keys := new_keys || jsonb_build_array(jsonb_build_array(k.kind, k.value));
            continue;
        end if;
        had := exists (select from core.match_key m where m.kind = k.kind and m.value = k.value and m.party_id = taken.party_id);
        if k.kind in ('PHONE', 'EMAIL') then
            one := core.contact_take(taken.party_id, p_dealer, k.kind::text::core.contact_kind, k.value,
                                     btrim(p_data ->> lower(k.kind::text)), p_source);
            if one is not null then contacts := contacts || one; end if;
        elsif k.kind in ('INN', 'SOURCE', 'DOCUMENT') then
            perform core.key_add(taken.party_id, k.kind, k.value);
        end if;
        if not had then new_keys := new_keys || jsonb_build_array(jsonb_build_array(k.kind, k.value)); end if;
    end loop;
    if coalesce(p_data ->> 'vin', p_data ->> 'plate') is not null then
        vehicle := core.vehicle_take(taken.party_id, p_dealer, p_data);
        -- an undo must not take back what was there before
        is_new_vehicle := exists (select from core.vehicle_owner o where o.vehicle_id = vehicle and o.party_id = taken.party_id
                                  and o.from_on = core.now()::date and o.source_dealer_id = p_dealer);
    end if;
    consents := core.consents_take(taken.party_id, p_dealer, p_data, p_source, taken.is_created);
    if taken.is_created or new_keys <> '[]' then
        perform core.duplicates_note(taken.party_id, keys, case p_source when 'hand' then 'registration' else 'import' end::core.duplicate_source);
    end if;
    taken.added := jsonb_build_object('contacts', to_jsonb(contacts), 'consents', to_jsonb(consents), 'keys', new_keys,
                                      'vehicles', case when is_new_vehicle then jsonb_build_array(vehicle) else '[]' end, 'vehicle', vehicle);
    if p_data ->> 'kpp' <> '' then taken.added := taken.added || core.kpp_take(taken.party_id, p_dealer, p_data); end if;
    return taken;
end $$;
comment on function core.party_take(int, bigint, jsonb, text, bigint, core.party_key[]) is $$
Find the person by exact match or make him, and add what the dealer gave: contacts, keys, vehicle, consents. No right is touched.
in: p_data fields of POST /v1/registrations and external_id; p_party the match made already; p_keys of a registration,
    which has locked and matched them, and whose claim follows
out: party_id, is_created, added {contacts, consents, keys, vehicles}    errors: ZC400 name, ZC402    source: R20-R27$$;

create function core.level_for(p_party bigint) returns core.see_level
language plpgsql stable security definer set search_path = '' as $$
declare v core.see_level; bit int := session.role_bit();
begin
    if bit in (16, 32, 64, 128, 512) then
        select case when bit = 512 then (select max(core.level_of(o.state, 'system')) from core.ownership o
                                         where o.party_id = p_party and o.dealer_id = session.dealer())
            when bit = 16 then d.manager_level when session.staff() = any (d.seat_ids) then 'FULL'
            when session.staff() = any (d.masked_seat_ids) then greatest(l.colleague, 'MASKED'::core.see_level) else l.colleague end
        into v from core.dealer_party d
        cross join lateral (select core.colleague_seen(d.colleague_level, d.grace_level, d.ends_at, core.expired_to()) as colleague) l where d.dealer_id = session.dealer() and d.party_id = p_party;
    elsif bit = 4 then
        select p.router_level into v from core.party p where p.party_id = p_party;
    elsif bit = 8 then
        select max(core.level_of(o.state, 'arbiter')) into v from core.ownership o where o.party_id = p_party and o.state <> 'CLOSED';
    elsif bit in (1024, 2048) then
        select coalesce(max(core.level_of(o.state, session.role_name())), core.case_level('pool', session.role_name())) into v
        from core.ownership o where o.party_id = p_party;                     -- a closed right is a cell of its own for these two
        if not exists (select from core.party p where p.party_id = p_party) then v := 'NONE'; end if;
        if bit = 2048 and v = 'MASKED' and core.unmasked_until(p_party) is not null then v := 'FULL'; end if;      -- the pool on request
    end if;
    if v > 'NONE' and bit in (4, 8, 1024, 2048) and exists (select from core.party p where p.party_id = p_party and p.erased_at is not null) then
        v := core.case_level('erased', session.role_name());
    end if;
    return coalesce(v, 'NONE');
end $$;
comment on function core.level_for(bigint) is 'How much of a person the caller may see: the matrix of D.14 for his role: the permission to see. source: R4, R133';

create function core.visible_party(p_public uuid, p_least core.see_level default 'MASKED') returns bigint
language plpgsql stable security definer set search_path = '' as $$
declare found_id bigint;
begin
    found_id := core.party_of(p_public);
    -- absent and invisible do the same work (threat 6)
    if core.level_for(coalesce(found_id, 0)) < p_least or found_id is null then perform core.fail('ZC404'); end if;
    return found_id;
end $$;
comment on function core.visible_party(uuid, core.see_level) is $$
The person behind a public id, when the caller may see him; else the same answer as for nobody.
errors: ZC404    source: R133, threat 1$$;

create function core.writable_party(p_public uuid) returns bigint
language plpgsql stable security definer set search_path = '' as $$
declare found_id bigint := core.visible_party(p_public);
begin
    if core.level_for(found_id) <> 'FULL' or not exists (
        select from core.ownership o where o.party_id = found_id and o.dealer_id = session.dealer()
        and o.state in ('PENDING', 'ACTIVE', 'HELD', 'CUSTOMER', 'DISPUTED')) then
        perform core.fail('ZC088');
    end if;
    return found_id;
end $$;
comment on function core.writable_party(uuid) is $$
The same for an edit: full sight and a right that is neither offered nor in grace (read only).
errors: ZC404 not visible, ZC088 visible but not yours to change$$;
