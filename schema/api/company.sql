-- SPDX-License-Identifier: Apache-2.0
-- The panel of a company (R64-R66, R68): its branches and carve-outs, group, contact persons, drivers, leases, and the fleet in pages.

create type api.company as (inn text, kpp text, head json, branches json, groups json, carve_outs json, contacts json, drivers json, leases json,
    cars_count int, may_edit boolean);
create type api.company_added as (id uuid);
create type api.company_done as (ok boolean);

create function core.company_person(p_person uuid, p_party bigint, p_dealer int) returns json
language plpgsql stable as $$
begin
    return (select json_build_object('person_id', case when core.level_for(p_party) >= 'MASKED' then p_person end,
        'contacts', (select coalesce(json_agg(json_build_object('kind', c.kind, 'value', c.value) order by c.kind, c.is_primary desc, c.contact_id), '[]')
            from core.contact_point c where c.party_id = p_party and c.is_valid and c.kind in ('PHONE', 'EMAIL')
              and (p_dealer is null or c.source_dealer_id = p_dealer or p_dealer = any (c.shared_ids)))));
end $$;
comment on function core.company_person(uuid, bigint, int) is $$
A contact person or driver as his company's dealer knows him: the contacts he was given himself, the record where he sees it.    source: R65, R148$$;

create function core.carve_card(c core.carve_out) returns json
language plpgsql stable as $$
begin
    return (select json_build_object('id', c.public_id, 'party_id', p.public_id, 'party', p.name, 'brand_id', c.brand_id, 'brand', b.name, 'line', c.line,
        'dealer', case when session.dealer() is null or c.dealer_id = session.dealer() then d.name end, 'is_mine', c.dealer_id is not distinct from coalesce(session.dealer(), 0),
        'from_on', c.from_on, 'to_on', c.to_on, 'state', c.state, 'reason', case when session.dealer() is null then c.reason end,
        'is_key', c.key_id is not null, 'is_agreed', c.is_agreed,
        'waits', c.state = 'PLANNED' and c.from_on <= core.today(),
        'may_agree', c.state = 'PLANNED' and not c.is_agreed and session.role_bit() = 16 and exists (select from core.ownership o
            where o.party_id = c.party_id and o.brand_id = c.brand_id and o.line = c.line and o.state = 'HELD' and o.dealer_id = session.dealer()))
    from core.party p, core.brand b, core.dealer d where p.party_id = c.party_id and b.brand_id = c.brand_id and d.dealer_id = c.dealer_id);
end $$;
comment on function core.carve_card(core.carve_out) is 'A carve-out as shown: its owner by name to head office and to himself only. source: R64, R133';

create function api.company_get(p_person_id uuid) returns api.company
language plpgsql stable security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); c core.company; p core.party; r api.company; d int := session.dealer(); is_full boolean; v_head bigint;
begin
    select x.* into p from core.party x where x.party_id = v_party;
    if p.kind <> 'COMPANY' then perform core.fail('ZC404'); end if;
    select x.* into c from core.company x where x.party_id = v_party;
    v_head := coalesce(c.head_id, v_party);
    is_full := core.level_for(v_party) = 'FULL';
    r.contacts := '[]'; r.drivers := '[]'; r.leases := '[]'; r.cars_count := 0;
    r.inn := case when is_full then coalesce(c.inn, p.inn) end; r.kpp := c.kpp;
    r.may_edit := session.role_bit() = 4 or (is_full and session.role_bit() in (16, 32, 64));
    r.head := (select json_build_object('id', x.public_id, 'name', x.name) from core.party x where c.head_id is not null and x.party_id = c.head_id
               and core.level_for(x.party_id) >= 'MASKED');
    r.branches := (select coalesce(json_agg(json_build_object('id', x.public_id, 'name', x.name, 'kpp', b.kpp, 'city', x.city, 'address', case when is_full then x.address end,
            'is_carved', exists (select from core.carve_out v where v.party_id = b.party_id and v.state = 'IN_FORCE'),
            'is_open', core.level_for(b.party_id) >= 'MASKED') order by b.kpp), '[]')
        from (select y.* from core.company y where y.head_id = v_party order by y.kpp limit 200) b join core.party x on x.party_id = b.party_id);
    r.groups := (select coalesce(json_agg(json_build_object('id', g.public_id, 'name', g.name, 'from_on', m.from_on,
            'keys', (select coalesce(json_agg(json_build_object('brand_id', k.brand_id, 'from_on', k.from_on, 'to_on', k.to_on,
                'dealer', case when d is null or k.dealer_id = d then x.name end, 'is_mine', k.dealer_id = coalesce(d, 0)) order by k.brand_id), '[]')
                from core.key_account k join core.dealer x on x.dealer_id = k.dealer_id where k.group_id = g.group_id and k.ended_at is null))), '[]')
        from core.company_group_member m join core.company_group g on g.group_id = m.group_id where m.party_id = v_head and m.to_on is null);
    r.carve_outs := (select coalesce(json_agg(core.carve_card(v) order by v.state, v.from_on), '[]') from (
        select y.* from core.carve_out y where y.party_id in (select z.party_id from core.company z where z.head_id = v_party or z.party_id = v_party)
          and (d is null or y.dealer_id = d or core.level_for(v_party) = 'FULL') order by y.carve_id desc limit 200) v);
    if is_full then
        r.contacts := (select coalesce(json_agg(json_build_object('id', x.public_id, 'name', x.name, 'job', x.job, 'from_on', x.from_on, 'to_on', x.to_on,
                'person', core.company_person(q.public_id, x.party_id, x.dealer_id)) order by x.to_on nulls first, x.name), '[]')
            from (select y.* from core.company_contact y where y.company_id = v_party and (d is null or y.dealer_id = d) order by y.to_on nulls first, y.contact_id desc limit 100) x
            join core.party q on q.party_id = x.party_id);
        r.drivers := (select coalesce(json_agg(json_build_object('id', x.public_id, 'name', x.name, 'vehicle_id', v.public_id,
                'plate', coalesce(v.plate_raw, v.plate), 'title', v.model, 'from_on', x.from_on, 'person', core.company_person(q.public_id, x.party_id, x.dealer_id)) order by x.name), '[]')
            from (select y.* from core.fleet_driver y where y.company_id = v_party and y.to_on is null and (d is null or y.dealer_id = d) order by y.driver_id desc limit 100) x
            join core.party q on q.party_id = x.party_id join core.vehicle v on v.vehicle_id = x.vehicle_id);
        r.leases := (select coalesce(json_agg(json_build_object('id', x.public_id, 'vehicle_id', v.public_id, 'title', concat_ws(' ', b.name, v.model),
                'plate', coalesce(v.plate_raw, v.plate), 'is_lessee', x.lessee_id = v_party, 'other', q.name, 'contract', case when d is null or x.dealer_id = d then x.contract end,
                'from_on', x.from_on, 'to_on', x.to_on) order by x.to_on nulls first, x.from_on desc), '[]')
            from (select y.* from core.vehicle_lease y where (y.lessee_id = v_party or y.lessor_id = v_party) order by y.lease_id desc limit 100) x
            join core.party q on q.party_id = case when x.lessee_id = v_party then x.lessor_id else x.lessee_id end and q.kind = 'COMPANY'
            join core.vehicle v on v.vehicle_id = x.vehicle_id left join core.brand b on b.brand_id = v.brand_id);
        r.cars_count := (select count(*) from core.vehicle_owner w where w.party_id = v_party and w.to_on is null);
    end if;
    return r;
end $$;
comment on function api.company_get is $$
The panel of a company: INN, head or branches, groups with key accounts, carve-outs, contact persons and drivers with the contacts that
the caller's dealer was given, leases.
in: person_id of a company    out: one document; lists of people only in full sight; the owner of a carve-out is named to head office and
    to himself    errors: not-found - also for a person    rule: R64-R68, R133 $$;

create type api.fleet_car as (id uuid, title text, plate text, vin text, model_year int, from_on date, mileage_km int, mileage_on date, driver text,
    is_leased boolean, cursor_ text);

create function api.fleet_list(p_person_id uuid, p_q core.search_text default null, p_limit int default null, p_after text default null)
returns setof api.fleet_car language plpgsql stable security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id, 'FULL'); v_q text := upper(btrim(p_q)); v_plate text;
begin
    v_plate := coalesce(core.plate_norm(v_q), v_q);
    return query
    select v.public_id, concat_ws(' ', b.name, v.model), coalesce(v.plate_raw, v.plate), v.vin::text, v.model_year::int, w.from_on, m.mileage_km::int, m.read_on,
        (select f.name::text from core.fleet_driver f where f.vehicle_id = v.vehicle_id and f.company_id = v_party and f.to_on is null
           and (session.dealer() is null or f.dealer_id = session.dealer()) limit 1),
        w.is_leased, w.from_on || '|' || v.vehicle_id
    from (
        select x.vehicle_id, x.from_on, false as is_leased from core.vehicle_owner x where x.party_id = v_party and x.to_on is null
        union all
        select l.vehicle_id, l.from_on, true from core.vehicle_lease l where l.lessee_id = v_party and l.to_on is null) w
    join core.vehicle v on v.vehicle_id = w.vehicle_id
    left join core.brand b on b.brand_id = v.brand_id
    left join lateral (select r.mileage_km, r.read_on from core.odometer_reading r where r.vehicle_id = v.vehicle_id order by r.read_on desc limit 1) m on true
    where (v_q is null or strpos(v.vin::text, v_q) > 0 or strpos(v.plate, v_plate) > 0 or strpos(upper(concat_ws(' ', b.name, v.model)), v_q) > 0)
      and (w.from_on, v.vehicle_id) < (coalesce(nullif(split_part(p_after, '|', 1), '')::date, 'infinity'), coalesce(nullif(split_part(p_after, '|', 2), '')::bigint, 0))
    order by w.from_on desc, v.vehicle_id desc limit least(coalesce(p_limit, 50), 100);
end $$;
comment on function api.fleet_list is $$
All cars of a client in pages, latest first, also the leased ones; found by a part of VIN, plate or model.
in: person_id; q    out: cars with last odometer reading and driver    errors: not-found - also below full sight
rule: R64, R68, R133    cost: the cars of this client $$;

create function core.person_told(p_name text, p_phone text, p_email text, p_evidence text) returns bigint
language plpgsql volatile set search_path = '' as $$
declare taken core.party_taken; v_data jsonb;
begin
    if coalesce(btrim(p_name), '') = '' then perform core.fail('ZC400', 'name'); end if;
    if p_phone is null and p_email is null then perform core.fail('ZC400', 'phone'); end if;
    v_data := jsonb_strip_nulls(jsonb_build_object('kind', 'PERSON', 'name', p_name, 'phone', p_phone, 'email', p_email, 'consent_evidence', p_evidence));
    perform core.registration_check(coalesce(session.dealer(), 0), v_data);
    taken := core.party_take(coalesce(session.dealer(), 0), session.staff(), v_data, 'hand');
    return taken.party_id;
end $$;
comment on function core.person_told(text, text, text, text) is $$
A person somebody names: found by exact match or made, without any right. The caller learns nothing of which it was.
errors: ZC400 name, phone; ZC402    source: R22, R27, R65$$;

create function core.company_mine(p_person uuid) returns bigint
language plpgsql volatile set search_path = '' as $$
declare v_party bigint := case when session.dealer() is null then core.visible_party(p_person) else core.writable_party(p_person) end;
begin
    if (select p.kind from core.party p where p.party_id = v_party) <> 'COMPANY' then perform core.fail('ZC402', 'person_id', '{"reason": "person"}'); end if;
    return v_party;
end $$;
comment on function core.company_mine(uuid) is 'A company that the caller may change. errors: ZC404, ZC088, ZC402 person_id';

create function api.company_contact_add(p_person_id uuid, p_name core.name_text, p_job core.short_text, p_phone core.search_text default null,
    p_email core.short_text default null, p_consent_evidence core.short_text default null, p_from_on date default null)
returns api.company_added language plpgsql volatile security definer set search_path = '' as $$
declare v_company bigint := core.company_mine(p_person_id); v_party bigint; v_on date := coalesce(p_from_on, core.today()); r api.company_added;
begin
    if btrim(p_job) = '' then perform core.fail('ZC400', 'job'); end if;
    if v_on > core.today() + 1 or v_on < '1990-01-01' then perform core.fail('ZC402', 'from_on'); end if;
    v_party := core.person_told(p_name, p_phone, p_email, nullif(btrim(p_consent_evidence), ''));
    insert into core.company_contact as c (company_id, party_id, name, job, dealer_id, from_on)
    values (v_company, v_party, p_name, p_job, coalesce(session.dealer(), 0), v_on)
    on conflict (company_id, party_id, dealer_id) where to_on is null do update set name = excluded.name, job = excluded.job
    returning c.public_id into r.id;
    perform core.ledger_add('company.contact', r.id::text, v_company, 'R65', '{}');
    return r;
end $$;
comment on function api.company_contact_add is $$
Name a contact person of a company. He is a person of his own: as a contact of the company he follows its right, as a private person his own.
in: person_id of the company; name; job; phone or email; consent_evidence; from_on    out: id
errors: not-found, not-owner, missing-field, bad-field    rule: R65, R27 $$;

create function api.company_contact_end(p_contact_id uuid, p_on date default null) returns api.company_done
language plpgsql volatile security definer set search_path = '' as $$
declare c core.company_contact;
begin
    select x.* into c from core.company_contact x where x.public_id = p_contact_id and x.to_on is null
        and x.dealer_id = coalesce(session.dealer(), x.dealer_id) for update;
    if c.contact_id is null or core.level_for(c.company_id) < 'MASKED' then perform core.fail('ZC404'); end if;
    perform core.company_mine(p.public_id) from core.party p where p.party_id = c.company_id;      -- whose company it was reads, no more
    if p_on > core.today() + 1 or p_on < c.from_on then perform core.fail('ZC402', 'on'); end if;
    update core.company_contact x set to_on = greatest(coalesce(p_on, core.today()), x.from_on) where x.contact_id = c.contact_id;
    perform core.ledger_add('company.contact_end', p_contact_id::text, c.company_id, 'R65', '{}');
    return row(true)::api.company_done;
end $$;
comment on function api.company_contact_end is 'A contact person left the company: the post ends with a date. in: contact_id; on - default today. out: ok. errors: not-found, not-owner, bad-field. rule: R65';

create function api.branch_add(p_person_id uuid, p_name core.name_text, p_kpp core.search_text, p_city core.search_text default null, p_address core.short_text default null)
returns api.company_added language plpgsql volatile security definer set search_path = '' as $$
declare v_head bigint := core.company_mine(p_person_id); made core.party;
begin
    made := core.branch_add(v_head, p_name, upper(btrim(p_kpp)), p_city, p_address, coalesce(session.dealer(), 0));
    return row(made.public_id)::api.company_added;
end $$;
comment on function api.branch_add is $$
Add a branch of a company by its KPP. The company's right covers it until a carve-out names another owner.
in: person_id of the company; name; kpp nine characters; city; address    out: id of the branch
errors: not-found, not-owner, no-company, bad-field kpp    rule: R64 $$;
