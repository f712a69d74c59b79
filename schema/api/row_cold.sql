-- SPDX-License-Identifier: Apache-2.0
-- The rows of cold lists (R37): a dealer's own notes of strangers, until one of them answers.

create type api.cold_row as (id uuid, event_id uuid, event_name text, name text, phone text, email text, city text, state text, verdict core.verdict,
    person_id uuid, at timestamptz, cursor_ text);

create function core.cold_shown(c core.cold_row) returns api.cold_row
language sql stable as $$
    select row(c.public_id, e.public_id, e.name::text, core.name_of(c.data), c.data ->> 'phone', c.data ->> 'email', c.data ->> 'city', c.state, c.verdict,
        p.public_id, c.created_at, c.cold_id::text)::api.cold_row
    from core.event_list e left join core.party p on p.party_id = c.party_id and c.state = 'REGISTERED' where e.event_id = c.event_id $$;
comment on function core.cold_shown(core.cold_row) is 'A row of a cold list as its dealer typed it.';

create function api.cold_rows_list(p_state text default null, p_event_id uuid default null, p_limit int default null, p_after text default null)
returns setof api.cold_row language sql stable begin atomic
    select y.* from core.cold_row c cross join lateral core.cold_shown(c) y
    where c.dealer_id = (select session.dealer()) and c.state = coalesce(p_state, 'WAITING')
      and (p_event_id is null or c.event_id = (select e.event_id from core.event_list e where e.public_id = p_event_id))
      and c.cold_id > coalesce(nullif(p_after, '')::bigint, 0)
    order by c.cold_id limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.cold_rows_list is $$
Rows of cold lists: what the dealer itself typed. They give no right and no place in any queue.
in: state WAITING (default), REGISTERED, REFUSED; event_id    rule: R37 $$;

create function api.cold_row_add(p_event_id uuid, p_name core.name_text, p_phone core.search_text default null, p_email core.short_text default null,
    p_city core.search_text default null, p_brand_id int default null, p_line core.line default null, p_interest core.short_text default null)
returns api.cold_row language plpgsql volatile security definer set search_path = '' as $$
declare e core.event_list; c core.cold_row; v_data jsonb;
begin
    select x.* into e from core.event_list x where x.public_id = p_event_id and x.dealer_id in (0, session.dealer());
    if e.event_id is null then perform core.fail('ZC039', 'event_id'); end if;
    v_data := jsonb_strip_nulls(jsonb_build_object('kind', 'PERSON', 'name', p_name, 'phone', p_phone, 'email', p_email, 'city', p_city,
        'brand_id', p_brand_id, 'line', p_line, 'interest', p_interest));
    perform core.cold_add(session.dealer(), session.staff(), e.event_id, v_data);
    select x.* into c from core.cold_row x where x.event_id = e.event_id and x.dealer_id = session.dealer()
      and x.key_hash = sha256(convert_to(array_to_string(core.keys_of(session.dealer(), v_data), ',') || '|' || core.surname_key_of(v_data), 'UTF8'));
    return core.cold_shown(c);
end $$;
comment on function api.cold_row_add is $$
Keep a row of a cold list; it is no registration.
in: event_id; name; phone or email; city, brand_id, line, interest    out: the row, also when the event had it already
errors: event-closed, list-quota, missing-field, bad-field    rule: R36, R37 $$;

create function api.cold_row_contact(p_cold_id uuid, p_kind core.interaction_kind, p_brand_id int, p_line core.line, p_interest core.short_text,
    p_consent_evidence core.short_text, p_evidence core.short_text default null, p_at timestamptz default null, p_text core.long_text default null,
    p_consent_channels core.channel[] default null)
returns api.registration language plpgsql volatile security definer set search_path = '' as $$
declare c core.cold_row; r core.registration; v_data jsonb;
begin
    select x.* into c from core.cold_row x where x.public_id = p_cold_id and x.dealer_id = session.dealer()
      and (session.role_bit() = 16 or x.staff_id = session.staff()) for update;
    if c.cold_id is null then perform core.fail('ZC404'); end if;
    if c.state <> 'WAITING' then perform core.fail('ZC040', null, jsonb_build_object('state', c.state)); end if;
    if not core.is_two_sided(p_kind) or (p_kind in ('CALL_OUT', 'CALL_IN') and coalesce(btrim(p_evidence), '') = '') then perform core.fail('ZC040', 'kind'); end if;
    if p_at > core.now() + interval '5 minutes' or p_at < core.now() - make_interval(hours => core.policy_int('P21.backdate')) - core.outage_since(p_at) then perform core.fail('ZC054', 'at'); end if;
    perform core.probe_guard(session.dealer(), session.staff());
    v_data := c.data || jsonb_build_object('brand_id', p_brand_id, 'line', p_line, 'interest', p_interest, 'source', 'cold', 'occasion', 'other',
        'consent_evidence', p_consent_evidence, 'consent_channels', to_jsonb(coalesce(p_consent_channels, '{}')),
        'seat', case when session.role_bit() in (32, 64) then session.staff() end);
    r := core.register(session.dealer(), session.staff(), v_data, 'hand');
    if r.verdict in ('PROTECTED', 'IN_GRACE', 'DISPUTED', 'HQ', 'OPTED_OUT') then
        perform core.probe_count(session.dealer(), session.staff(), core.keys_of(session.dealer(), v_data), r.verdict::core.verdict, 'cold');
    elsif r.verdict in ('FREE', 'YOURS') then
        perform core.activity_add(r.party_id, session.dealer(), session.staff(), p_kind, p_at, p_text, p_evidence);
    end if;
    update core.cold_row x set state = case when r.verdict in ('FREE', 'YOURS') then 'REGISTERED' when r.verdict is null then x.state else 'REFUSED' end,
        verdict = r.verdict::core.verdict, party_id = r.party_id, answered_at = core.now(),
        data = case when r.verdict in ('FREE', 'YOURS') then jsonb_build_object('name', core.name_of(x.data)) else x.data end
    where x.cold_id = c.cold_id;
    perform core.ledger_add('registration.' || lower(coalesce(r.verdict, 'draft')), r.receipt, case when r.verdict in ('FREE', 'YOURS') then r.party_id end,
        'R37', '{}', p_brand_id::smallint, p_line);
    perform core.row_verdict_add('hand', session.dealer(), session.staff(), null, null, 'registration', coalesce(r.verdict, 'draft'), null, 'R37', r.missing[1],
        r.receipt, r.party_id, r.decided_by, p_brand_id::smallint, p_line);
    return core.registration_row(r);
end $$;
comment on function api.cold_row_contact is $$
The client of a cold row answered: only now it is a registration attempt, with the verdict of any other.
in: cold_id; kind of a two-way contact, calls with their id in evidence; at within 24 hours; brand_id, line, interest, consent_evidence
out: as POST /v1/registrations, equally long for every refusal    errors: cold-row, not-found, activity-date, probe-limit, bad-field    rule: R37 $$;
