-- SPDX-License-Identifier: Apache-2.0
-- One stream of everything that happened with a person, as far as the caller may see it: row policies decide, source by source.
-- An entry's id is its public one or its place among the person's: a number of the whole table would count what others do (threat 18).

create type api.timeline_entry as (id text, at timestamptz, kind text, title text, text text, staff_name text, is_own boolean,
    is_qualifying boolean, brand_id int, line core.line, amount_kopecks bigint, currency text, document text, cursor_ text);

create function api.timeline_list(p_person_id uuid, p_kind text default null, p_limit int default null, p_after text default null)
returns setof api.timeline_entry language sql stable begin atomic
    select e.id, e.at, e.kind, e.title, e.text, s.name, e.staff_id = (select session.staff()), e.is_qualifying, e.brand_id, e.line,
           case when core.is_price_seen(prices.seen, e.line) then e.amount_kopecks end, case when core.is_price_seen(prices.seen, e.line) then e.currency end, e.document, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '|' || e.id
    from core.party p
    cross join lateral (
        select 'i' || i.public_id as id, i.at, i.kind::text as kind, null::text as title, i.text::text as text, i.staff_id,
               i.is_qualifying, y.brand_id::int as brand_id, y.line, y.amount_kopecks::bigint as amount_kopecks,
               case when y.amount_kopecks is not null then y.currency end as currency, i.evidence as document
        from core.interaction i left join core.signed_order y on y.interaction_id = i.interaction_id where i.party_id = p.party_id
        union all
        select 's' || x.public_id, x.sold_on::timestamp at time zone 'UTC', 'SALE', v.model, null, null, true, x.brand_id, x.line,
               x.amount_kopecks, 'RUB', x.number
        from core.sale x left join core.vehicle v on v.vehicle_id = x.vehicle_id where x.party_id = p.party_id
        union all
        select 'o' || x.public_id, x.opened_on::timestamp at time zone 'UTC', 'REPAIR_ORDER', x.what::text, null, null, true,
               x.brand_id, 'SERVICE', x.amount_kopecks, 'RUB', x.number
        from core.repair_order x where x.party_id = p.party_id
        union all
        select 'r' || h.public_id || '.' || h.ver, h.recorded_at, 'RIGHT', h.state::text,
               coalesce(h.lost::text, h.reason::text), h.staff_id, false, h.brand_id, h.line, null, null, h.rule
        from core.ownership_history h where h.party_id = p.party_id
        union all
        select 'c' || row_number() over (order by c.given_at, c.purpose, c.channel, c.consent_id), c.given_at, 'CONSENT_GIVEN', c.purpose::text, c.channel::text, null, false, null, null, null, null,
               c.evidence
        from core.consent c where c.party_id = p.party_id
        union all
        select 'w' || row_number() over (order by c.given_at, c.purpose, c.channel, c.consent_id), c.withdrawn_at, 'CONSENT_WITHDRAWN', c.purpose::text, c.channel::text, null, false, null,
               null, null, null, null
        from core.consent c where c.party_id = p.party_id and c.withdrawn_at is not null
        union all
        select 't' || row_number() over (order by t.touch_id), t.at, 'TOUCH', g.name::text, t.channel::text, null, false, null, null, null, null, null
        from core.touch t join core.campaign g on g.campaign_id = t.campaign_id
        where t.party_id = p.party_id and t.returned_at is null) e
    left join core.staff s on s.staff_id = e.staff_id
    cross join (select core.prices_seen(core.visible_party(p_person_id)) as seen) prices
    where p.party_id = core.visible_party(p_person_id) and (p_kind is null or e.kind = p_kind)
      and (e.at, e.id) < (coalesce(nullif(split_part(p_after, '|', 1), '')::timestamptz, 'infinity'),
                          coalesce(nullif(split_part(p_after, '|', 2), ''), '~'))
    order by e.at desc, e.id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.timeline_list is $$
List what happened with a person, newest first: contacts, documents and orders with their amounts, changes of rights, consents, campaign touches.
in: person_id; kind - only entries of it    out: entries    errors: not-found, the same for an invisible person as for none
cost: all entries of one person    rule: R133 - each source is seen through its own row policy $$;
