-- SPDX-License-Identifier: Apache-2.0
-- Walk-ins (R81-R83): a customer of another dealer stands at the desk. He is served; nobody learns more than he says.

create type api.walk_in_answer as (verdict core.verdict, is_claim_possible boolean, claim_from date, rule text, person_id uuid, padding text,
    grant_id uuid, until_at timestamptz);
create type api.walk_in as (id uuid, name text, reason text, brand_id int, line core.line, document text, from_at timestamptz, until_at timestamptz,
    is_open boolean, is_place_told boolean, staff_name text, visits int, last_at timestamptz, person_id uuid, cursor_ text);
create type api.walk_in_visit as (id uuid, kind text, at timestamptz, staff_name text, note text);
create type api.walk_in_card as (id uuid, name text, reason text, brand_id int, line core.line, document text, from_at timestamptz, until_at timestamptz,
    is_open boolean, is_place_told boolean, staff_name text, told json, visits json, choices json, person_id uuid);

create function api.walk_in_open(p_brand_id int, p_line core.line, p_name core.name_text, p_consent_evidence core.short_text,
    p_phone core.search_text default null, p_email core.short_text default null, p_vin core.search_text default null,
    p_plate core.search_text default null, p_inn core.search_text default null, p_surname core.search_text default null)
returns api.walk_in_answer language plpgsql volatile security definer set search_path = '' as $$
declare v_data jsonb; given core.registration_given; j core.judgement_of_claim; v api.verdict; g core.serve_grant; a api.walk_in_answer; v_vehicle bigint; v_parties bigint[];
begin
    if btrim(p_consent_evidence) = '' then perform core.fail('ZC027', 'consent_evidence'); end if;
    v_data := jsonb_build_object('phone', p_phone, 'email', p_email, 'vin', p_vin, 'plate', p_plate, 'inn', p_inn, 'surname', p_surname,
                                 'brand_id', p_brand_id, 'line', p_line);
    given := core.registration_check(session.dealer(), v_data);
    if cardinality(given.keys) = 0 then perform core.fail('ZC400', 'phone'); end if;
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('probe' || session.dealer(), 3));   -- it is a probe (R26)
    perform core.probe_guard(session.dealer(), session.staff());
    if core.is_aftersales(p_line) then select y.vehicle_id into v_vehicle from core.vehicle y where y.vin = core.vin_norm(p_vin); end if;
    v_parties := core.party_exact(given.keys, core.surname_key_of(v_data));
    j := core.claim_judge(v_parties, p_brand_id::smallint, p_line, v_vehicle, session.dealer());
    perform core.probe_count(session.dealer(), session.staff(), given.keys, j.verdict, 'walk-in');
    v := core.verdict_row(j);
    if j.verdict in ('PROTECTED', 'IN_GRACE', 'HQ', 'DISPUTED', 'OPTED_OUT') then
        g := core.serve_open(coalesce((select o.party_id from core.ownership o where o.ownership_id = j.ownership_id), v_parties[1]),
            p_brand_id::smallint, p_line, btrim(p_name), jsonb_strip_nulls(v_data - 'brand_id' - 'line' || jsonb_build_object('consent_evidence', p_consent_evidence)));
    end if;
    a.verdict := v.verdict; a.is_claim_possible := v.is_claim_possible; a.claim_from := v.claim_from; a.rule := v.rule; a.person_id := v.person_id;
    a.padding := v.padding; a.grant_id := g.public_id; a.until_at := g.until_at;
    return a;
end $$;
comment on function api.walk_in_open is $$
Serve a customer who stands at the desk and is protected elsewhere: opens the permission to serve for seven days. Counts as a probe.
in: as POST /v1/probes, and the name as he says it
out: the verdict, and the permission when it is neither FREE (register him) nor YOURS    errors: as POST /v1/probes    rule: R81, R26 $$;

create function core.guest_name(g core.serve_grant, y core.dealer_party) returns text
language sql stable as $$
select coalesce(g.told_name, case when y.party_id is not null and core.level_for(g.party_id) >= 'MASKED' then y.name end) $$;
comment on function core.guest_name(core.serve_grant, core.dealer_party) is
'How the dealer calls whom it serves: as he named himself, else by the name on its own list, if the caller sees him. source: R81, R127, R133';

create function api.walk_ins_list(p_scope text default 'open', p_limit int default null, p_after text default null)
returns setof api.walk_in language sql stable security definer set search_path = '' as $$
select g.public_id, core.guest_name(g, y), g.reason, g.brand_id::int, g.line, case when g.reason = 'R154' then g.document end, g.from_at, g.until_at,
    g.ended_at is null and g.until_at > core.now(), g.is_place_told, s.name, v.n::int, v.at, case when y.party_id is not null then p.public_id end, core.cursor_make(g.grant_id::text, g.public_id)
from core.serve_grant g
left join core.staff s on s.staff_id = g.staff_id
left join core.party p on p.party_id = g.party_id
left join core.dealer_party y on y.dealer_id = g.dealer_id and y.party_id = g.party_id
cross join lateral (select count(*) as n, max(x.at) as at from core.serve_visit x where x.grant_id = g.grant_id) v
where g.dealer_id = session.dealer() and (p_scope is distinct from 'open' or (g.ended_at is null and g.until_at > core.now()))
  and g.grant_id < coalesce(core.cursor_part(p_after, 1)::bigint, 9223372036854775807)
order by g.grant_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.walk_ins_list is $$
Whom the dealer serves now without owning him: walk-ins, documents that met a stranger's right, the days after a transfer.
in: scope open (default) | all    out: names as the customers said them; person_id only of a person the dealer lists itself    rule: R81, R127, R154 $$;

create function api.walk_in_get(p_grant_id uuid) returns api.walk_in_card language sql stable security definer set search_path = '' as $$
select w.id, w.name, w.reason, w.brand_id, w.line, w.document, w.from_at, w.until_at, w.is_open, w.is_place_told, w.staff_name,
    (g.typed - 'consent_evidence')::json,
    (select coalesce(json_agg(json_build_object('id', v.public_id, 'kind', v.kind, 'at', v.at, 'staff_name', s.name, 'note', v.note) order by v.visit_id desc), '[]')
     from (select x.* from core.serve_visit x where x.grant_id = g.grant_id order by x.visit_id desc limit 100) v left join core.staff s on s.staff_id = v.staff_id),
    (select coalesce(json_agg(json_build_object('id', c.public_id, 'kind', c.kind, 'at', c.at, 'until_at', c.until_at,
        'state', case when c.state = 'ASKED' and c.until_at <= core.now() then 'EXPIRED' else c.state end) order by c.choice_id desc), '[]')
     from (select x.* from core.choice x where x.party_id = g.party_id and x.brand_id = g.brand_id and x.line = g.line and x.dealer_id = g.dealer_id
           order by x.choice_id desc limit 20) c), w.person_id
from core.serve_grant g
left join core.dealer_party y on y.dealer_id = g.dealer_id and y.party_id = g.party_id
cross join lateral (select g.public_id as id, core.guest_name(g, y) as name, g.reason, g.brand_id::int as brand_id, g.line, case when g.reason = 'R154' then g.document end as document,
    g.from_at, g.until_at, g.ended_at is null and g.until_at > core.now() as is_open, g.is_place_told,
    (select s.name from core.staff s where s.staff_id = g.staff_id) as staff_name,
    (select p.public_id from core.party p where y.party_id is not null and p.party_id = g.party_id) as person_id) w
where g.public_id = p_grant_id and g.dealer_id = session.dealer() $$;
comment on function api.walk_in_get is $$
One permission to serve: what the customer gave today, the dealer's own visits and documents, choices asked. Nothing of another dealer.
errors: not-found    rule: R81, D.14 (G) $$;

create function api.walk_in_visit(p_grant_id uuid, p_kind text, p_note core.long_text default null) returns api.walk_in_card
language plpgsql volatile security definer set search_path = '' as $$
declare g core.serve_grant := core.serve_own(p_grant_id); done bigint;
begin
    if p_kind not in ('visit', 'repair', 'note') then perform core.fail('ZC402', 'kind'); end if;
    if p_kind = 'note' and coalesce(btrim(p_note), '') = '' then perform core.fail('ZC400', 'note'); end if;
    done := core.serve_note(g, p_kind, p_note);
    return api.walk_in_get(p_grant_id);
end $$;
comment on function api.walk_in_visit is 'Record a visit, a repair or a note of one''s own under a permission to serve. in: kind visit | repair | note; note. out: the card. errors: not-found, grant-ended, bad-field    rule: R81';

create function api.walk_in_place(p_grant_id uuid, p_is_told boolean) returns api.walk_in_card
language plpgsql volatile security definer set search_path = '' as $$
declare g core.serve_grant := core.serve_own(p_grant_id);
begin
    update core.serve_grant x set is_place_told = p_is_told where x.grant_id = g.grant_id;
    perform core.ledger_add('serve.place', g.public_id::text, g.party_id, 'R82', jsonb_build_object('is_told', p_is_told), g.brand_id, g.line);
    return api.walk_in_get(p_grant_id);
end $$;
comment on function api.walk_in_place is 'The customer allows, or no longer allows, that the owner learns where he was served. in: grant_id, is_told. out: the card. errors: not-found, grant-ended    rule: R82';

create function api.walk_in_end(p_grant_id uuid) returns api.walk_in_card
language plpgsql volatile security definer set search_path = '' as $$
declare g core.serve_grant := core.serve_own(p_grant_id);
begin
    update core.serve_grant x set ended_at = core.now() where x.grant_id = g.grant_id;
    perform core.ledger_add('serve.end', g.public_id::text, g.party_id, 'R81', '{}', g.brand_id, g.line);
    return api.walk_in_get(p_grant_id);
end $$;
comment on function api.walk_in_end is 'End a permission to serve before its time. out: the card. errors: not-found, grant-ended    rule: R81';

create type api.walk_in_ordered as (state core.right_state, person_id uuid, right_id uuid, is_kept boolean, credit_bp int);

create function api.walk_in_order(p_grant_id uuid, p_document core.search_text, p_amount_kopecks core.kopecks default null, p_currency core.search_text default null) returns api.walk_in_ordered
language plpgsql volatile security definer set search_path = '' as $$
declare g core.serve_grant := core.serve_own(p_grant_id); c core.choice; o core.ownership; r api.walk_in_ordered; k core.credit; v_other int; d core.dealer; v_value text; own core.ownership; v_id bigint;
    v_seat bigint := case when session.role_bit() = 32 then session.staff() end;
begin
    if btrim(p_document) = '' then perform core.fail('ZC400', 'document'); end if;
    if core.is_aftersales(g.line) then perform core.fail('ZC402', 'grant_id'); end if;
    if p_amount_kopecks < 0 then perform core.fail('ZC402', 'amount_kopecks'); end if;
    perform 1 from core.party p where p.party_id = g.party_id for no key update;
    select x.* into own from core.ownership x where x.party_id = g.party_id and x.brand_id = g.brand_id and x.line = g.line and x.dealer_id = g.dealer_id
        and x.vehicle_id is null and x.state <> 'CLOSED' for update;
    v_other := core.serve_owner(g.party_id, g.brand_id, g.line, g.dealer_id);
    c := core.choice_ask(g.party_id, g.brand_id, g.line, null, 'ORDER', g.dealer_id, null);
    c := core.choice_apply(c, g.dealer_id, v_seat);    -- R83: the order is the choice
    perform core.serve_note(g, 'order', p_document);
    if c.state = 'DONE' then
        select x.* into o from core.ownership x where x.ownership_id = c.ownership_id;
        select x.* into d from core.dealer x where x.dealer_id = g.dealer_id;
        v_value := core.phone_norm(g.typed ->> 'phone', d.area_code);
        if v_value is not null then perform core.contact_take(g.party_id, g.dealer_id, 'PHONE', v_value, g.typed ->> 'phone', 'walk-in'); end if;
        v_value := core.email_norm(g.typed ->> 'email');
        if v_value is not null then perform core.contact_take(g.party_id, g.dealer_id, 'EMAIL', v_value, g.typed ->> 'email', 'walk-in'); end if;
        perform core.consents_take(g.party_id, g.dealer_id, g.typed, 'walk-in');
        insert into core.interaction (party_id, dealer_id, staff_id, kind, at, is_manual, is_qualifying, evidence)
        values (g.party_id, g.dealer_id, session.staff(), 'ORDER', core.now(), false, true, p_document) returning interaction_id into v_id;
        perform core.order_sign(v_id, o, g.dealer_id, g.brand_id, g.line, core.dealer_local_on(g.dealer_id, core.now()), p_amount_kopecks, core.currency_of(p_currency),
            case when own.ownership_id is distinct from o.ownership_id then 0 when own.state = 'HELD' then core.order_base(own) else own.ver end);
        if v_other > 0 then
            k := core.credit_rule(g.party_id, g.brand_id, g.line, g.dealer_id, v_other, o.ownership_id, null, core.now());
        end if;
        r.state := o.state; r.right_id := o.public_id; r.credit_bp := coalesce(k.seller_bp, 10000);
        select p.public_id into r.person_id from core.party p where p.party_id = g.party_id;
        update core.serve_grant x set ended_at = core.now() where x.grant_id = g.grant_id;
    end if;
    r.is_kept := c.state = 'KEPT';
    return r;
end $$;
comment on function api.walk_in_order is $$
The walk-in signs an order: the right is held here for this order, the former owner may dispute the credit alone.
in: grant_id; document - number of the order; amount_kopecks - hundredths of currency, RUB when none is named
out: the right; is_kept true when an order is signed elsewhere or the right is in dispute: the sale goes on, the right stays (R5);
    credit_bp - this dealer's share in 1/10000 by rule    errors: not-found, grant-ended, bad-field grant_id for aftersales    rule: R83, R84 $$;

create function api.walk_in_sale(p_grant_id uuid, p_number core.search_text, p_amount_kopecks core.kopecks, p_sold_on date default null) returns api.walk_in_card
language plpgsql volatile security definer set search_path = '' as $$
declare g core.serve_grant := core.serve_own(p_grant_id); r core.document_result; done bigint;
begin
    if core.is_aftersales(g.line) then
        r := core.document_order(g.dealer_id, session.staff(), g.party_id, g.brand_id, p_number, coalesce(p_sold_on, core.dealer_local_on(g.dealer_id, core.now())),
            p_amount_kopecks, (select v.vehicle_id from core.vehicle v where v.vin = core.vin_norm(g.typed ->> 'vin')), null, null, 'walk-in');
    else
        r := core.document_sale(g.dealer_id, session.staff(), g.party_id, g.brand_id, g.line, p_number, coalesce(p_sold_on, core.dealer_local_on(g.dealer_id, core.now())),
            p_amount_kopecks, null, 'walk-in');
    end if;
    if not r.is_new then perform core.fail('ZC087', 'number'); end if;
    done := core.serve_note(g, 'sale', p_number);
    return api.walk_in_get(p_grant_id);
end $$;
comment on function api.walk_in_sale is $$
Store the sale or the paid repair order of a customer served here; no right stands in its way, and it moves none.
in: grant_id; number of the document; amount_kopecks; sold_on - default today    out: the card
errors: not-found, grant-ended, document-used, activity-date    rule: R5, R81, R154 $$;

create type api.served_elsewhere as (id uuid, on_day date, person_id uuid, person_name text, brand_id int, line core.line, kind text, place text, cursor_ text);

create function api.served_elsewhere_list(p_limit int default null, p_after text default null)
returns setof api.served_elsewhere language sql stable security definer set search_path = '' as $$
select v.public_id, (v.at at time zone d.time_zone)::date, p.public_id, p.name, v.brand_id::int, v.line, case v.kind when 'document' then 'sale' else v.kind end,
    case when g.is_place_told then w.name || ', ' || w.city end, core.cursor_make(v.visit_id::text, v.public_id)
from core.serve_visit v
join core.dealer d on d.dealer_id = v.owner_id
join core.dealer w on w.dealer_id = v.dealer_id
join core.party p on p.party_id = v.party_id
join core.dealer_party y on y.dealer_id = v.owner_id and y.party_id = v.party_id
left join core.serve_grant g on g.grant_id = v.grant_id
where v.owner_id = session.dealer() and v.told_at is not null and v.kind <> 'note'
  and core.level_seen(y.manager_level, y.seat_ids, y.masked_seat_ids, y.colleague_level) >= 'MASKED'
  and v.visit_id < coalesce(core.cursor_part(p_after, 1)::bigint, 9223372036854775807)
order by v.visit_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.served_elsewhere_list is $$
One's own customers who were served elsewhere, told at the end of the day; the place only where the customer allowed it.
rule: R82, N7, R119 $$;
