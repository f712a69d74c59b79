-- SPDX-License-Identifier: Apache-2.0
-- A person's relatives and his parts in companies, as far as the caller sees the others himself (R60).

create type api.family as (links json, jobs json, cars json);
create type api.family_done as (ok boolean);

create function api.family_get(p_person_id uuid) returns api.family
language plpgsql stable security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); r api.family;
begin
    r.links := core.family_json(v_party);
    r.jobs := (select coalesce(json_agg(json_build_object('id', c.public_id, 'company_id', p.public_id, 'name', p.name, 'job', c.job, 'from_on', c.from_on,
            'to_on', c.to_on) order by c.to_on nulls first, p.name), '[]')
        from core.company_contact c join core.party p on p.party_id = c.company_id
        where c.party_id = v_party and core.level_for(c.company_id) >= 'MASKED' and (session.dealer() is null or c.dealer_id = session.dealer()));
    r.cars := (select coalesce(json_agg(json_build_object('id', f.public_id, 'vehicle_id', v.public_id, 'company_id', p.public_id, 'company', p.name,
            'title', concat_ws(' ', b.name, v.model), 'plate', coalesce(v.plate_raw, v.plate), 'from_on', f.from_on) order by f.from_on desc), '[]')
        from core.fleet_driver f join core.vehicle v on v.vehicle_id = f.vehicle_id join core.party p on p.party_id = f.company_id
        left join core.brand b on b.brand_id = v.brand_id
        where f.party_id = v_party and f.to_on is null and core.level_for(f.company_id) = 'FULL');
    return r;
end $$;
comment on function api.family_get is $$
A person's relatives, his posts in companies and the fleet cars he drives: only those ends that the caller sees himself, and nothing that
tells of others.
in: person_id    out: links [{id, person_id, name, relation, is_confirmed, from_on, to_on}], jobs, cars    errors: not-found    rule: R60, R65, R66 $$;

create function core.relative_found(p_relative uuid, p_name text, p_surname text, p_phone text, p_email text) returns bigint
language plpgsql volatile set search_path = '' as $$
declare v_data jsonb; keys core.party_key[]; found_ids bigint[]; v_staff bigint := session.staff(); v_dealer int := coalesce(session.dealer(), 0);
begin
    if p_relative is not null then return core.visible_party(p_relative); end if;
    if coalesce(btrim(p_surname), btrim(p_name), '') = '' then perform core.fail('ZC400', 'surname'); end if;
    if p_phone is null and p_email is null then perform core.fail('ZC400', 'phone'); end if;
    perform core.probe_guard(v_dealer, v_staff);
    v_data := jsonb_strip_nulls(jsonb_build_object('name', p_name, 'surname', p_surname, 'phone', p_phone, 'email', p_email));
    keys := core.keys_of(v_dealer, v_data);
    if p_phone is not null and not exists (select from unnest(keys) k where k.kind = 'PHONE') then perform core.fail('ZC402', 'phone'); end if;
    if p_email is not null and not exists (select from unnest(keys) k where k.kind = 'EMAIL') then perform core.fail('ZC402', 'email'); end if;
    found_ids := core.party_exact(keys, v_data);
    insert into core.probe (dealer_id, staff_id, at, key_hash, verdict, purpose)
    values (v_dealer, v_staff, core.now(), sha256(convert_to(array_to_string(keys, ','), 'UTF8')), 'FREE', 'relative');
    return found_ids[1];
end $$;
comment on function core.relative_found(uuid, text, text, text, text) is $$
The relative named by his record, or blindly by surname and contact: then the answer says nothing of whether he is known, and the
question counts as a probe.
errors: ZC404, ZC400, ZC402, ZC026    source: R23, R26, R60$$;

create function api.relative_add(p_person_id uuid, p_relation text, p_relative_id uuid default null, p_surname core.search_text default null,
    p_name core.name_text default null, p_phone core.search_text default null, p_email core.short_text default null, p_from_on date default null,
    p_is_confirmed boolean default null, p_evidence core.short_text default null)
returns api.family_done language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := case when session.dealer() is null then core.visible_party(p_person_id) else core.writable_party(p_person_id) end;
    v_other bigint; v_on date := coalesce(p_from_on, core.today()); made core.household_link; k text;
begin
    if p_relation is null or p_relation not in ('spouse', 'parent', 'child', 'sibling', 'relative', 'other') then perform core.fail('ZC402', 'relation'); end if;
    if v_on > core.today() + 1 or v_on < '1900-01-01' then perform core.fail('ZC402', 'from_on'); end if;
    if p_is_confirmed and coalesce(btrim(p_evidence), '') = '' then perform core.fail('ZC400', 'evidence'); end if;
    select p.kind into k from core.party p where p.party_id = v_party;
    if k <> 'PERSON' then perform core.fail('ZC402', 'person_id', '{"reason": "company"}'); end if;
    v_other := core.relative_found(p_relative_id, p_name, p_surname, p_phone, p_email);
    if p_relative_id is not null and (v_other = v_party or (select p.kind from core.party p where p.party_id = v_other) <> 'PERSON') then
        perform core.fail('ZC402', 'relative_id');
    end if;
    if v_other <> v_party and (select p.kind from core.party p where p.party_id = v_other) = 'PERSON' then
        made := core.household_link_add(v_party, v_other, p_relation, coalesce(p_is_confirmed, false), p_evidence, v_on, coalesce(session.dealer(), 0), session.staff());
        if made.link_id is null and p_relative_id is not null and core.level_for(v_other) >= 'MASKED' then perform core.fail('ZC060'); end if;
    end if;
    return row(true)::api.family_done;
end $$;
comment on function api.relative_add is $$
Declare a relation between two persons, or confirm it with evidence. The relative is named by his record when the caller sees him, else
by surname and contact: the answer is the same whether he is known or not.
in: person_id; relation spouse | parent | child | sibling | relative | other, what the relative is to the person; relative_id, or surname or
    name with phone or email; from_on; is_confirmed with evidence    out: ok
errors: not-found, not-owner, bad-field, missing-field, probe-limit, household-full    rule: R60, R26, R62 $$;

create function api.relative_end(p_link_id uuid, p_on date default null) returns api.family_done
language plpgsql volatile security definer set search_path = '' as $$
declare l core.household_link;
begin
    select x.* into l from core.household_link x where x.public_id = p_link_id and x.to_on is null;
    if l.link_id is null or core.level_for(l.party_id) < 'MASKED' or core.level_for(l.relative_id) < 'MASKED'
       or (session.dealer() is not null and core.level_for(l.party_id) <> 'FULL' and core.level_for(l.relative_id) <> 'FULL') then
        perform core.fail('ZC404');
    end if;
    if p_on > core.today() + 1 or p_on < l.from_on then perform core.fail('ZC402', 'on'); end if;
    perform core.household_link_end(l.link_id, coalesce(p_on, core.today()));
    return row(true)::api.family_done;
end $$;
comment on function api.relative_end is $$
End a relation with its date; the household splits where nothing else connects it, rights stay with the persons registered.
in: link_id; on - default today    errors: not-found - also when one end is not the caller's to see, bad-field    rule: R63 $$;

create function api.referral_add(p_person_id uuid, p_kind text, p_vehicle_id uuid default null) returns api.family_done
language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); v_grp core.competition_group; v_vehicle bigint; v_brand smallint; o core.ownership; en boolean;
begin
    if p_kind is null or p_kind not in ('trade_in', 'test_drive', 'new_car', 'service', 'repair') then perform core.fail('ZC402', 'kind'); end if;
    v_grp := case when p_kind in ('service', 'repair') then 'AFTERSALES' else 'SALES' end;
    if p_vehicle_id is not null then
        select w.vehicle_id into v_vehicle from core.vehicle x join core.vehicle_owner w on w.vehicle_id = x.vehicle_id and w.party_id = v_party and w.to_on is null
        where x.public_id = p_vehicle_id;
        if v_vehicle is null then perform core.fail('ZC402', 'vehicle_id'); end if;
    end if;
    select x.brand_id into v_brand from core.vehicle x where x.vehicle_id = v_vehicle;
    select x.* into o from core.ownership x join core.line_group g on g.line = x.line and g.grp = v_grp
    where x.party_id = v_party and x.state in ('ACTIVE', 'HELD', 'CUSTOMER')
    order by (v_brand is null or x.brand_id = v_brand) desc, x.state = 'CUSTOMER' desc, x.since desc limit 1;
    if o.ownership_id is not null and o.dealer_id <> 0 then
        select s.lang = 'en' into en from core.staff s where s.staff_id = o.seat_id;
        insert into core.task (dealer_id, seat_id, party_id, kind, title, due_at, created_by)
        select o.dealer_id, o.seat_id, v_party, 'referral', case p_kind when 'trade_in' then case when en then 'Referral: wants to exchange the car' else 'Подсказка: думает об обмене автомобиля' end
            when 'test_drive' then case when en then 'Referral: asks for a test drive' else 'Подсказка: интересуется тест-драйвом' end
            when 'new_car' then case when en then 'Referral: asks for a new car' else 'Подсказка: интересуется новым автомобилем' end
            else case when en then 'Referral: asks for service' else 'Подсказка: интересуется сервисом' end end,
            core.working_until(o.dealer_id, core.now(), core.policy_int('P1.accept')), null
        where not exists (select from core.task t where t.dealer_id = o.dealer_id and t.party_id = v_party and t.kind = 'referral' and t.state = 'OPEN');
    else
        perform core.notify_role('router', 0, 'N3', p_person_id::text, 'referral' || to_char(core.now(), 'YYYYMMDD'));
    end if;
    perform core.ledger_add('referral.add', p_person_id::text, v_party, 'R71', jsonb_build_object('kind', p_kind));
    return row(true)::api.family_done;
end $$;
comment on function api.referral_add is $$
Pass a hint on: the service adviser heard of a trade-in, the seller of a repair. The holder of the other business gets a task that names
neither who passed it nor any word of his; where nobody holds it, the routers are told. The answer is always the same.
in: person_id; kind trade_in | test_drive | new_car | service | repair; vehicle_id    out: ok    errors: not-found, bad-field    rule: R71, R39 $$;
