-- SPDX-License-Identifier: Apache-2.0
-- Territory where it limits and where it only tells (R32, R47). Whoever finds a client outside his territory has him (R31 beats R40.6);
-- a campaign that he sends out of his area needs a permit. No trade is stopped by it (R5): service, customers, orders and greetings go everywhere.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('R47.permit', '2000-01-01', 1, 'count', 0, 1)
on conflict (name, valid_from) do nothing;

create function core.campaign_outside(p_campaign bigint, p_ids bigint[]) returns bigint[]
language plpgsql stable set search_path = '' as $$
declare k core.campaign; v_on date := core.today(); v_postal boolean; outside bigint[];
begin
    select x.* into k from core.campaign x where x.campaign_id = p_campaign;
    if k.class <> 3 or k.dealer_id = 0 or k.grp = 'RELATION' or p_ids is null or core.policy_int('R47.permit') = 0
       or not exists (select from core.territory t join core.line_group g on g.line = t.line and g.grp = k.grp
                      where t.dealer_id <> k.dealer_id and (k.brand_id is null or t.brand_id = k.brand_id) and t.from_on <= v_on and coalesce(t.to_on > v_on, true))
       or exists (select from core.campaign_permit y where y.campaign_id = k.campaign_id and y.dealer_id = 0 and y.state = 'GRANTED') then
        return '{}';
    end if;
    v_postal := exists (select from core.territory t where t.postal_from is not null and t.from_on <= v_on and coalesce(t.to_on > v_on, true));
    with own as materialized (                         -- his prospects, and nobody who is a customer of his in this group
        select o.party_id, o.brand_id, o.line, o.ownership_id, o.successor_of, p.city, p.region,
            case when v_postal then substring(p.address from '\m[1-9][0-9]{5}\M') end as postal
        from core.ownership o join core.line_group g on g.line = o.line and g.grp = k.grp join core.party p on p.party_id = o.party_id
        where o.party_id = any (p_ids) and o.dealer_id = k.dealer_id and o.state = 'ACTIVE' and (k.brand_id is null or o.brand_id = k.brand_id)
          and not exists (select from core.ownership c join core.line_group cg on cg.line = c.line and cg.grp = k.grp
                          where c.party_id = o.party_id and c.dealer_id = k.dealer_id and c.state in ('HELD', 'CUSTOMER'))),
    spot as materialized (                             -- a few hundred places, however many people
        select distinct w.city, w.region, w.postal, w.brand_id, w.line from own w where coalesce(w.city, w.region, w.postal) is not null),
    held as materialized (
        select s.*, (select array_agg(t.dealer_id) from core.territory_of(s.brand_id, s.line, v_on, core.place_read(s.city, s.region, s.postal, 'residence')) t) as holders from spot s)
    select array_agg(distinct w.party_id) into outside
    from own w join held h on h.city is not distinct from w.city and h.region is not distinct from w.region and h.postal is not distinct from w.postal
        and h.brand_id = w.brand_id and h.line = w.line
    where h.holders is not null and k.dealer_id <> all (h.holders)
      and not exists (select from core.campaign_permit y where y.campaign_id = k.campaign_id and y.dealer_id = any (h.holders) and y.state = 'GRANTED')
      -- whom head office itself sent to this dealer is no foray of his
      and not exists (select from core.ownership_history x where x.ownership_id in (w.ownership_id, w.successor_of) and x.dealer_id = k.dealer_id and x.event = 'offer');
    return coalesce(outside, '{}');
end $$;
comment on function core.campaign_outside(bigint, bigint[]) is $$
Of a batch, the prospects of a dealer's own campaign (class 3) who live in another dealer's territory of their brand and line and not in
his: they need the permit of one who holds it, or of head office (campaign_permit, dealer 0). A gap belongs to nobody and needs none; whose
residence is unknown, neither. Asked by dry run and launch, and again when a permit is taken back (core.campaign_leave): then the area is as it is on
that day. A territory that changes while a campaign runs changes nothing of it (R49).
in: campaign; people    out: those who are left out as out_of_area    cost: nothing where nobody holds a territory, else a few ms a batch    source: R47$$;

create function core.campaign_leave(p_campaign bigint) returns int
language plpgsql volatile set search_path = '' as $$
declare v_after bigint := 0; v_ids bigint[]; n int := 0;
begin
    loop
        select array_agg(x.party_id), max(x.party_id) into v_ids, v_after from (
            select r.party_id from core.recipient r join core.campaign k on k.campaign_id = r.campaign_id
            where r.campaign_id = p_campaign and k.class = 3 and k.state in ('LAUNCHING', 'RUNNING', 'PAUSED') and r.state in ('PLANNED', 'LOCKED', 'QUEUED')
              and r.party_id > v_after order by r.party_id limit 5000) x;
        exit when v_ids is null;
        n := n + core.recipient_cancel(p_campaign, core.campaign_outside(p_campaign, v_ids), 'out_of_area');
    end loop;
    return n;
end $$;
comment on function core.campaign_leave(bigint) is $$
A permit was taken back: whom a running campaign has not touched yet and may not without it leaves it, his lock is free (R94).
out: how many    guard: the permit's row, which each batch of a launch shares (core.campaign_sift), so none slips through    source: R47, R93$$;

create function core.area_note(p_dealer int, p_brand smallint, p_line core.line, p_city text, p_phone text) returns text
language plpgsql stable as $$
declare p core.place; holders int[]; v_on date := core.today(); v_phone text;
begin
    if not exists (select from core.territory t where t.brand_id = p_brand and t.line = p_line and t.from_on <= v_on and coalesce(t.to_on > v_on, true)) then return null; end if;
    if btrim(coalesce(p_city, '')) <> '' then p := core.place_read(left(p_city, 100), null, null, 'given'); end if;
    if (p).known_by is null then
        v_phone := core.phone_norm(p_phone, (select d.area_code from core.dealer d where d.dealer_id = p_dealer));
        if v_phone like '+7%' then
            p.region_code := (select a.code from core.phone_area a
                where a.prefix in (substr(v_phone, 3, 3), substr(v_phone, 3, 4), substr(v_phone, 3, 5), substr(v_phone, 3, 6)) order by length(a.prefix) desc limit 1);
        end if;
    end if;
    if p.region_code is null and p.postal_code is null then return 'unknown'; end if;
    holders := array(select t.dealer_id from core.territory_of(p_brand, p_line, v_on, p) t);
    return case when cardinality(holders) = 0 then 'nobody' when p_dealer = any (holders) then 'own' else 'other' end;
end $$;
comment on function core.area_note(int, smallint, core.line, text, text) is $$
The note of territory at a claim, by what the dealer himself gave and nothing that is stored: own | other | nobody | unknown; NULL where the
network has no territories for brand and line. A note: it stops nothing (R31 beats R40.6).    source: R32, R47$$;
