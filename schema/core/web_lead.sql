-- SPDX-License-Identifier: Apache-2.0
-- Leads that sites hand in (R40, R146): kept at once without a look at any person, taken by the clock, so that the answer tells nothing.
-- A site hands in fields or an ADF document; its server does, with the site's key.

create function core.adf_read(p_adf text) returns jsonb
language plpgsql stable as $$
declare d xml;
begin
    if p_adf ~* '<!(doctype|entity)' then perform core.fail('ZC402', 'adf'); end if;
    begin
        -- instructions in the old manner and in any order; the text is UTF-8 whatever it was declared
        d := xmlparse(document btrim(regexp_replace(p_adf, '<\?(adf|xml)[^>]*\?>', '', 'gi'), E'\uFEFF \t\r\n'));
        if (xpath('count(/adf/prospect)', d))[1]::text <> '1' then perform core.fail('ZC402', 'adf'); end if;   -- a second one would be lost in silence
        return (select jsonb_strip_nulls(jsonb_build_object('external_id', nullif(concat_ws(' ', x.source, x.id), ''), 'consent', 'ADF ' || nullif(concat_ws(' ', x.source, x.id), '') || ' ' || nullif(btrim(x.asked), ''), 'name', nullif(btrim(concat_ws(' ', x.last, x.first, x.whole)), ''), 'surname', nullif(btrim(x.last), ''), 'given_name', nullif(btrim(x.first), ''), 'phone', x.phone,
            'email', x.email, 'city', x.city, 'region', x.region, 'postal_code', x.postal, 'brand', x.make, 'model', x.model,
            'line', case lower(x.status) when 'used' then 'USED' when 'new' then 'NEW' end, 'interest', nullif(concat_ws(' ', x.model, x.comments), '')))
            from xmltable('/adf/prospect[1]' passing d columns id text path 'id[1]', source text path 'id[1]/@source', asked text path 'requestdate[1]', last text path 'customer/contact/name[@part="last"][1]',
                first text path 'customer/contact/name[@part="first"][1]', whole text path 'customer/contact/name[not(@part) or @part="full"][1]',
                phone text path 'customer/contact/phone[1]', email text path 'customer/contact/email[1]', city text path 'customer/contact/address/city[1]',
                region text path 'customer/contact/address/regioncode[1]', postal text path 'customer/contact/address/postalcode[1]',
                make text path 'vehicle[not(@interest="trade-in")][1]/make[1]', model text path 'vehicle[not(@interest="trade-in")][1]/model[1]', status text path 'vehicle[not(@interest="trade-in")][1]/@status',
                comments text path 'customer/comments[1]') x);
    exception when query_canceled then raise; when others then perform core.fail('ZC402', 'adf');
    end;
end $$;
comment on function core.adf_read(text) is $$
The fields of an ADF document of one prospect. The person has asked by himself: the request, with its number, source and date, is what he
agreed to; a vehicle given in exchange is not the one he asks for.    errors: ZC402 adf    source: R154$$;

create function core.web_lead_add(p_data jsonb) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare s core.web_site; d jsonb := p_data; v_key text := p_data ->> 'site_key'; v_line text; f text;
begin
    if jsonb_typeof(p_data) <> 'object' then perform core.fail('ZC402', 'site_key'); end if;
    select x.* into s from core.web_site x where x.key_hash = sha256(convert_to(coalesce(v_key, ''), 'UTF8')) and x.closed_at is null;
    if s.site_id is null then perform core.fail('ZC402', 'site_key'); end if;
    for f in select k from jsonb_object_keys(p_data) k loop
        if f <> all ('{site_key,external_id,name,phone,email,city,region,postal_code,lon,lat,brand,model,line,interest,dealer,consent,adf}') then perform core.fail('ZC402', f); end if;
        if length(p_data ->> f) > (case f when 'adf' then 20000 when 'interest' then 400 else 200 end)
           or jsonb_typeof(p_data -> f) not in ('string', 'number', 'null') then
            perform core.fail('ZC402', f);
        end if;
    end loop;
    if d ->> 'adf' <> '' then d := core.adf_read(d ->> 'adf') || jsonb_strip_nulls(d - 'adf'); end if;
    d := jsonb_strip_nulls(d - 'site_key' - 'adf');
    if coalesce(btrim(d ->> 'consent'), '') = '' then perform core.fail('ZC400', 'consent'); end if;
    if coalesce(btrim(d ->> 'external_id'), '') = '' then perform core.fail('ZC400', 'external_id'); end if;
    if coalesce(btrim(d ->> 'name'), '') = '' then perform core.fail('ZC400', 'name'); end if;
    if coalesce(d ->> 'phone', '') <> '' and core.phone_norm(d ->> 'phone', null) is null then perform core.fail('ZC402', 'phone'); end if;
    if coalesce(d ->> 'email', '') <> '' and core.email_norm(d ->> 'email') is null then perform core.fail('ZC402', 'email'); end if;
    if coalesce(d ->> 'phone', '') = '' and coalesce(d ->> 'email', '') = '' then perform core.fail('ZC400', 'phone'); end if;
    if coalesce(core.brand_of(d ->> 'brand'), s.brand_id) is null then perform core.fail('ZC402', 'brand'); end if;
    v_line := upper(coalesce(d ->> 'line', s.line::text, 'NEW'));
    if v_line <> all (enum_range(null::core.line)::text[]) then perform core.fail('ZC402', 'line'); end if;
    foreach f in array array['lon', 'lat'] loop
        if d ->> f !~ '^-?[0-9]{1,3}(\.[0-9]{1,8})?$' then perform core.fail('ZC402', f); end if;
    end loop;
    if (select count(*) from core.web_lead w where w.site_id = s.site_id and w.came_at > core.now() - interval '1 hour') >= s.per_hour then
        perform core.fail('ZC429');
    end if;
    insert into core.web_lead (site_id, external_id, data, came_at)
    values (s.site_id, left(btrim(d ->> 'external_id'), 100), d || jsonb_build_object('brand_id', coalesce(core.brand_of(d ->> 'brand'), s.brand_id), 'line', v_line), core.now())
    on conflict (site_id, external_id) do nothing;
end $$;
comment on function core.web_lead_add(jsonb) is $$
Keep what a site handed in. It looks at no person, so neither its answer nor its time tells whether one is known; a repeat is a no-op.
in: site_key, external_id, name, phone or email, consent (what the visitor agreed to), brand, model, line, interest, city, region,
    postal_code, lon, lat, dealer (public id he named), or adf with an ADF document
errors: ZC402 site_key and other fields, ZC400 what is missing, ZC429 more than the site's leads an hour    source: R24, R25, R40, R146$$;

create function core.web_lead_one(w core.web_lead) returns bigint
language plpgsql volatile as $$
declare s core.web_site; taken core.party_taken; d jsonb := w.data; v_dealer int; l core.lead;
begin
    select x.* into s from core.web_site x where x.site_id = w.site_id;
    v_dealer := coalesce((select x.dealer_id from core.dealer x where x.public_id::text = lower(d ->> 'dealer') and x.dealer_id > 0), s.dealer_id);
    taken := core.party_take(0, null, jsonb_strip_nulls(jsonb_build_object('kind', 'PERSON', 'name', case when d ->> 'surname' is null then d ->> 'name' end,
        'surname', d ->> 'surname', 'given_name', case when d ->> 'surname' is not null then d ->> 'given_name' end, 'phone', d ->> 'phone', 'email', d ->> 'email', 'city', d ->> 'city',
        'consent_evidence', left('site ' || s.public_id || ' ' || w.external_id || ': ' || (d ->> 'consent'), 400))), 'web');
    l := core.lead_take(taken.party_id, (d ->> 'brand_id')::smallint, (d ->> 'line')::core.line, 'web_request', coalesce(d ->> 'interest', d ->> 'model'), d, v_dealer);
    return l.lead_id;
end $$;
comment on function core.web_lead_one(core.web_lead) is 'A person and a lead of what a site handed in.';

create function core.web_lead_tick(p_limit int default 20) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare w core.web_lead; v_lead bigint; n int := 0;
begin
    for w in select * from core.web_lead x where x.taken_at is null order by x.web_lead_id limit p_limit for update skip locked loop
        -- the clock holds rows of other people: it waits for no registration of the same keys
        continue when exists (select from unnest(core.keys_of(0, w.data)) k
            where not pg_catalog.pg_try_advisory_xact_lock(hashtextextended(k.kind || ':' || k.value, 3)));
        begin
            v_lead := core.web_lead_one(w);
            update core.web_lead x set taken_at = core.now(), lead_id = v_lead, data = null where x.web_lead_id = w.web_lead_id;
        exception when query_canceled or admin_shutdown then raise;
        when others then
            update core.web_lead x set taken_at = core.now(), error = sqlstate where x.web_lead_id = w.web_lead_id;   -- the data stay for the desk to read
        end;
        n := n + 1;
    end loop;
    update core.web_lead x set data = null where x.error is not null and x.data is not null and x.taken_at < core.now() - make_interval(days => core.policy_int('R40.unread'));
    return n;
end $$;
comment on function core.web_lead_tick(int) is 'The clock takes what sites handed in; routing follows with the next turn. out: rows taken';
