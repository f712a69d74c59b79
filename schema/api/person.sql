-- SPDX-License-Identifier: Apache-2.0
-- The record of one person: what the caller may see of it, and edits that keep their source.

create type api.person as (id uuid, version int, kind core.party_kind, name text, surname text, given_name text, patronymic text, sex text,
    born_on date, inn text, city text, region text, address text, abc core.abc, level core.see_level, is_opted_out boolean, contacts json,
    vehicles json, rights json, consents json, sales json, orders json, tasks json, attachments_count int, now json, vehicles_count int, unmasked_until timestamptz);

create function api.person_get(p_person_id uuid) returns api.person language plpgsql stable as $$
declare r api.person; p core.party; d int := session.dealer(); is_full boolean; service_on date; prices core.competition_group[];
begin
    select x.* into p from core.party x where x.public_id = p_person_id;
    if not found then                                  -- merged into another, unseen, or nobody (R28)
        select x.* into p from core.party x where x.party_id = core.party_of(p_person_id);
    end if;
    r.level := core.level_for(coalesce(p.party_id, 0));      -- absent and invisible do the same work (threat 6)
    if r.level < 'MASKED' then return null; end if;
    is_full := r.level = 'FULL';
    if d is not null and is_full then prices := core.prices_seen(p.party_id); end if;
    r.id := p.public_id; r.version := p.version; r.kind := p.kind; r.name := p.name; r.city := p.city; r.region := p.region; r.abc := p.abc;
    r.is_opted_out := p.is_opted_out; r.surname := p.surname; r.given_name := p.given_name; r.patronymic := p.patronymic; r.sex := p.sex;
    r.rights := (select coalesce(json_agg(core.right_card(o) order by o.state = 'CLOSED', o.since desc), '[]') from core.ownership o
                 where o.party_id = p.party_id and (o.dealer_id = d or (d is null and o.state <> 'CLOSED')));
    if is_full then
        r.born_on := p.born_on; r.inn := p.inn; r.address := p.address;
        -- a contact that another dealer was given too is told as one's own: neither who, nor how he wrote it, nor which he put first
        r.contacts := (select coalesce(json_agg(json_build_object('id', c.public_id, 'kind', c.kind, 'value', c.value, 'raw', c.raw_seen,
            'is_primary', c.place = 1, 'is_valid', c.is_valid, 'source', case when c.raw_seen = c.raw then c.source else 'hand' end, 'source_dealer', s.name, 'version', c.version)
            order by c.kind, c.place), '[]')
            from (select x.*, row_number() over (partition by x.kind order by x.is_primary desc, x.contact_id) as place,
                      case when d is null or coalesce(x.source_dealer_id, 0) in (d, 0) then coalesce(x.source_dealer_id, 0) else d end as source_seen,
                      case when d is null or coalesce(x.source_dealer_id, 0) in (d, 0) then x.raw else x.value end as raw_seen
                  from core.contact_point x where x.party_id = p.party_id) c
            left join core.dealer s on s.dealer_id = c.source_seen and (c.source_dealer_id is not null or c.source_seen > 0));
        r.vehicles := (select coalesce(json_agg(core.vehicle_card(o.vehicle_id) order by o.from_on desc, o.vehicle_id desc), '[]')
                       from (select y.vehicle_id, y.from_on from core.vehicle_owner y where y.party_id = p.party_id and y.to_on is null
                             order by y.from_on desc, y.vehicle_id desc limit 100) o);
        r.vehicles_count := (select count(*) from core.vehicle_owner y where y.party_id = p.party_id and y.to_on is null);
        r.consents := (select coalesce(json_agg(json_build_object('purpose', c.purpose, 'channel', c.channel, 'dealer', q.name, 'given_at', c.given_at,
            'withdrawn_at', c.withdrawn_at, 'text_version', c.text_version, 'evidence', c.evidence) order by c.given_at desc), '[]')
            from core.consent c join core.dealer q on q.dealer_id = c.dealer_id where c.party_id = p.party_id and (d is null or c.dealer_id in (d, 0)));
        r.sales := (select coalesce(json_agg(json_build_object('id', x.public_id, 'number', x.number, 'sold_on', x.sold_on, 'line', x.line,
            'brand_id', x.brand_id, 'amount_kopecks', case when core.is_price_seen(prices, x.line) then x.amount_kopecks end) order by x.sold_on desc), '[]')
            from (select y.* from core.sale y where y.party_id = p.party_id and y.dealer_id = d order by y.sold_on desc limit 100) x);
        r.orders := (select coalesce(json_agg(json_build_object('id', x.public_id, 'number', x.number, 'opened_on', x.opened_on,
            'amount_kopecks', case when core.is_price_seen(prices, 'SERVICE') then x.amount_kopecks end, 'mileage_km', x.mileage_km, 'what', x.what) order by x.opened_on desc), '[]')
            from (select y.* from core.repair_order y where y.party_id = p.party_id and y.dealer_id = d order by y.opened_on desc limit 100) x);
        r.attachments_count := (select count(*) from core.attachment a where a.dealer_id = d and a.party_id = p.party_id and a.deleted_at is null);
    else
        r.contacts := core.contacts_opened(p.party_id);
        if r.contacts is not null then r.unmasked_until := core.unmasked_until(p.party_id);
        else r.contacts := core.contacts_masked(p.party_id); end if;
        r.vehicles := '[]'; r.consents := '[]'; r.sales := '[]'; r.orders := '[]'; r.attachments_count := 0; r.vehicles_count := 0;
    end if;
    r.tasks := (select coalesce(json_agg(json_build_object('id', t.public_id, 'version', t.version, 'kind', t.kind, 'title', t.title, 'due_at', t.due_at,
        'state', t.state, 'seat_id', s.public_id, 'seat_name', s.name, 'person_id', p.public_id, 'person_name', p.name, 'outcome', t.outcome,
        'is_overdue', t.due_at < core.now()) order by t.due_at), '[]')
        from core.task t left join core.staff s on s.staff_id = t.seat_id where t.party_id = p.party_id and t.dealer_id = d and t.state = 'OPEN');
    service_on := (select min((v ->> 'next_service_on')::date) from json_array_elements(r.vehicles) v);
    r.now := core.person_now(p.party_id, d, service_on);
    return r;
end $$;
comment on function api.person_get is $$
Show one person: contacts, cars with the forecast of the next service, rights with their remaining time, consents, documents of the own
dealer, open tasks, and the answer to "what now?".
in: person_id    out: one document; contacts masked, and personal details left out, where the caller sees no more; the latest 100 cars,
    sales and orders - vehicles_count says how many cars there are; amounts of another line than one's own are null; contacts that
    the caller opened with a reason stand in full until unmasked_until (R137)
errors: not-found - absent and invisible alike    rule: R133, D.14    cost: about fifteen index probes $$;

create type api.person_edited as (id uuid, version int, name text);

create function api.person_edit(p_person_id uuid, p_if_match int, p_name core.name_text default null, p_surname core.search_text default null,
    p_given_name core.search_text default null, p_patronymic core.search_text default null, p_sex text default null, p_born_on date default null,
    p_city core.search_text default null, p_address core.short_text default null)
returns api.person_edited language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.writable_party(p_person_id); p core.party; r api.person_edited;
begin
    select x.* into p from core.party x where x.party_id = v_party for no key update;
    if p.version <> p_if_match then perform core.fail('ZC412'); end if;
    if p_sex is not null and p_sex not in ('m', 'f') then perform core.fail('ZC402', 'sex'); end if;
    if p_born_on > core.now()::date or p_born_on < '1900-01-01' then perform core.fail('ZC402', 'born_on'); end if;
    update core.party x set surname = coalesce(p_surname, x.surname), given_name = coalesce(p_given_name, x.given_name),
        patronymic = coalesce(p_patronymic, x.patronymic), sex = coalesce(p_sex, x.sex), born_on = coalesce(p_born_on, x.born_on),
        city = coalesce(p_city, x.city), address = coalesce(p_address, x.address), version = x.version + 1, updated_at = core.now(),
        name = case when coalesce(p_surname, p_given_name, p_patronymic) is not null and x.kind = 'PERSON' and p_name is null
            then left(concat_ws(' ', coalesce(p_surname, x.surname), coalesce(p_given_name, x.given_name), coalesce(p_patronymic, x.patronymic)), 200)
            else coalesce(p_name, x.name) end
    where x.party_id = v_party returning x.public_id, x.version, x.name into r;
    perform core.ledger_add('person.edit', p_person_id::text, v_party, 'R8', jsonb_build_object('fields', (
        select jsonb_agg(k.f) from (values ('name', p_name::text), ('surname', p_surname::text), ('given_name', p_given_name::text),
            ('patronymic', p_patronymic::text), ('sex', p_sex), ('born_on', p_born_on::text), ('city', p_city::text), ('address', p_address::text)) k(f, v)
        where k.v is not null)));
    return r;
end $$;
comment on function api.person_edit is $$
Edit a person's own data.
in: person_id; if_match - version; name, surname, given_name, patronymic, sex m|f, born_on, city, address: what is given changes
out: id, version, name    errors: not-found, not-owner (grace, masked), changed, bad-field    rule: R133; field names go to the ledger, values never $$;

create type api.contact_added as (id uuid, value text, is_new boolean);

create function api.contact_add(p_person_id uuid, p_kind core.contact_kind, p_value core.short_text, p_is_primary boolean default null)
returns api.contact_added language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.writable_party(p_person_id); v text := core.contact_norm(session.dealer(), p_kind, p_value); r api.contact_added; made bigint;
begin
    made := core.contact_take(v_party, session.dealer(), p_kind, v, btrim(p_value), 'hand', p_is_primary);
    select c.public_id, c.value, made is not null into r from core.contact_point c where c.party_id = v_party and c.kind = p_kind and c.value = v;
    if made is not null and p_kind <> 'POSTAL' then
        perform core.duplicates_note(v_party, array[(p_kind::text, v)::core.party_key], 'edit');
    end if;
    perform core.ledger_add('contact.add', r.id::text, v_party, 'R27', jsonb_build_object('kind', p_kind));
    return r;
end $$;
comment on function api.contact_add is $$
Add a phone, e-mail or postal address; what was typed is kept beside the normal form, the source too.
in: person_id; kind; value as typed; is_primary true makes it the first of its kind
out: id, value - normalised    errors: bad-field value, not-found, not-owner    rule: R20, R27, A000-37 $$;

create function core.contact_norm(p_dealer int, p_kind core.contact_kind, p_value text) returns text
language plpgsql stable set search_path = '' as $$
declare v text;
begin
    v := case p_kind when 'PHONE' then core.phone_norm(p_value, (select d.area_code from core.dealer d where d.dealer_id = p_dealer))
                     when 'EMAIL' then core.email_norm(p_value) else nullif(btrim(p_value), '') end;
    if v is null then perform core.fail('ZC402', 'value'); end if;
    return v;
end $$;
comment on function core.contact_norm(int, core.contact_kind, text) is 'A contact in normal form. errors: ZC402 value';

create type api.contact_edited as (id uuid, version int, value text);

create function api.contact_edit(p_person_id uuid, p_contact_id uuid, p_if_match int, p_value core.short_text default null,
    p_is_primary boolean default null, p_is_valid boolean default null)
returns api.contact_edited language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.writable_party(p_person_id); c core.contact_point; v text; r api.contact_edited;
begin
    select x.* into c from core.contact_point x where x.public_id = p_contact_id and x.party_id = v_party for update;
    if not found or not core.is_given(c, session.dealer()) then perform core.fail('ZC404'); end if;
    if c.version <> p_if_match then perform core.fail('ZC412'); end if;
    v := case when p_value is null then c.value else core.contact_norm(session.dealer(), c.kind, p_value) end;
    if v <> c.value and exists (select from core.contact_point x where x.party_id = v_party and x.kind = c.kind and x.value = v) then
        perform core.fail('ZC402', 'value', jsonb_build_object('reason', 'duplicate'));
    end if;
    if p_is_primary then
        update core.contact_point x set is_primary = false, version = x.version + 1
        where x.party_id = v_party and x.kind = c.kind and x.is_primary and x.contact_id <> c.contact_id;
    end if;
    update core.contact_point x set value = v, raw = coalesce(btrim(p_value), x.raw), is_primary = coalesce(p_is_primary, x.is_primary),
        is_valid = coalesce(p_is_valid, case when v <> x.value then true end, x.is_valid), version = x.version + 1,
        source = case when v <> x.value then 'hand' else x.source end,
        source_dealer_id = case when v <> x.value then session.dealer() else x.source_dealer_id end,
        shared_ids = case when v <> x.value then '{}' else x.shared_ids end
    where x.contact_id = c.contact_id returning x.public_id, x.version, x.value into r;
    if v <> c.value and c.kind <> 'POSTAL' then
        delete from core.match_key k where k.party_id = v_party and k.kind = c.kind::text::core.key_kind and k.value = c.value;
        perform core.key_add(v_party, c.kind::text::core.key_kind, v);
        perform core.duplicates_note(v_party, array[(c.kind::text, v)::core.party_key], 'edit');
    end if;
    perform core.ledger_add('contact.edit', p_contact_id::text, v_party, 'R8', jsonb_build_object('kind', c.kind, 'is_valid', p_is_valid, 'is_new_value', v <> c.value));
    return r;
end $$;
comment on function api.contact_edit is $$
Correct a contact, make it the first of its kind, or mark it as not working.
in: person_id, contact_id; if_match - version; value, is_primary, is_valid
out: id, version, value    errors: not-found, not-owner, changed, bad-field (also a duplicate)    rule: R23, A000-37 $$;

create type api.done as (ok boolean);

create function api.consent_add(p_person_id uuid, p_purpose core.consent_purpose, p_text_version core.search_text, p_evidence core.short_text,
    p_channel core.channel default null, p_given_at timestamptz default null)
returns api.done language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.writable_party(p_person_id); made bigint;
begin
    if btrim(p_evidence) = '' then perform core.fail('ZC400', 'evidence'); end if;
    if p_purpose = 'ADVERTISING' and p_channel is null then perform core.fail('ZC400', 'channel'); end if;
    if p_given_at > core.now() + interval '5 minutes' or p_given_at < '1990-01-01' then perform core.fail('ZC402', 'given_at'); end if;
    made := core.consent_take(v_party, session.dealer(), p_purpose, p_channel, p_text_version, p_evidence, 'hand', p_given_at);
    if made is not null and p_purpose = 'ADVERTISING' then
        update core.party p set is_opted_out = false where p.party_id = v_party and p.is_opted_out;      -- a fresh consent of the client himself (R24)
    end if;
    perform core.ledger_add('consent.add', p_person_id::text, v_party, 'R146', jsonb_build_object('purpose', p_purpose, 'channel', p_channel, 'is_new', made is not null));
    return row(true)::api.done;
end $$;
comment on function api.consent_add is $$
Record a consent of the person for the caller's dealer: purpose, channel, text version, evidence, time.
in: person_id; purpose; channel - needed for ADVERTISING; text_version; evidence; given_at default now
out: ok    errors: missing-field, bad-field, not-found, not-owner    rule: R146 $$;

create type api.consent_withdrawn as (ok boolean, stopped int);

create function api.consent_withdraw(p_person_id uuid, p_purpose core.consent_purpose, p_scope text, p_evidence core.short_text,
    p_channel core.channel default null)
returns api.consent_withdrawn language plpgsql volatile security definer set search_path = '' as $$
declare v_party bigint := core.visible_party(p_person_id); stopped int := 0; v_dealer int := case when p_scope = 'dealer' then session.dealer() end;
begin
    if p_scope not in ('dealer', 'everybody') then perform core.fail('ZC402', 'scope'); end if;
    if btrim(p_evidence) = '' then perform core.fail('ZC400', 'evidence'); end if;
    update core.consent c set withdrawn_at = core.now()
    where c.party_id = v_party and c.purpose = p_purpose and c.withdrawn_at is null and (v_dealer is null or c.dealer_id = v_dealer)
      and (p_channel is null or c.channel is null or c.channel = p_channel);
    if p_purpose in ('ADVERTISING', 'PROCESSING') then
        if v_dealer is null and p_channel is null then
            update core.party p set is_opted_out = true, version = p.version + 1 where p.party_id = v_party and not p.is_opted_out;
        end if;
        stopped := core.campaign_withdraw(v_party, v_dealer, p_channel);
        -- R147: who takes back the processing itself is the data-protection desk's within its term
        if p_purpose = 'PROCESSING' then perform core.privacy_ask('withdrawal', v_party, 'withdrawal', core.now(), p_evidence); end if;
    end if;
    perform core.notify(o.seat_id, 'N13', p_person_id::text, core.now()::text) from core.ownership o
    where o.party_id = v_party and o.state <> 'CLOSED' and o.seat_id is not null and (v_dealer is null or o.dealer_id = v_dealer);
    perform core.ledger_add('consent.withdraw', p_person_id::text, v_party, 'R147', jsonb_build_object('purpose', p_purpose, 'channel', p_channel,
        'scope', p_scope, 'stopped', stopped));
    return row(true, stopped)::api.consent_withdrawn;
end $$;
comment on function api.consent_withdraw is $$
The person withdraws: marketing of the named scope stops at once, queued messages included; the right stays.
in: person_id; purpose; channel NULL = all; scope dealer | everybody; evidence
out: ok, stopped - messages taken back    errors: bad-field scope, missing-field evidence, not-found    rule: R147 $$;

create type api.ownership_entry as (at timestamptz, brand_id int, line core.line, state core.right_state, dealer_name text, reason text, rule text,
    staff_name text, event text, protect_until timestamptz, cursor_ text);

create function api.ownership_list(p_person_id uuid, p_limit int default null, p_after text default null)
returns setof api.ownership_entry language sql stable security definer set search_path = '' as $$
select h.recorded_at, h.brand_id::int, h.line, h.state,
       d.name, coalesce(h.lost::text, h.reason::text), h.rule, s.name, h.event, h.protect_until,
       core.cursor_make(to_char(h.recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '/' || h.ver, h.public_id)
from core.ownership_history h join core.dealer d on d.dealer_id = h.dealer_id left join core.staff s on s.staff_id = h.staff_id
where h.party_id = any (core.party_all(core.visible_party(p_person_id)))
  and (session.dealer() is null or h.dealer_id = session.dealer())
  and (h.recorded_at, h.ver) < (coalesce(split_part(core.cursor_part(p_after, 1), '/', 1)::timestamptz, 'infinity'),
                                coalesce(split_part(core.cursor_part(p_after, 1), '/', 2)::int, 0))
order by h.recorded_at desc, h.ver desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.ownership_list is $$
The chain of rights of a person, newest first, with reasons and rules: "why do I (not) have this client?"
in: person_id    out: entries; a dealer is told of its own rights only: when another was active is nobody's business (R24)
errors: not-found    rule: R8, R24, R48, R139 $$;
