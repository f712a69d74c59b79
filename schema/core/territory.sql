-- SPDX-License-Identifier: Apache-2.0
-- Territories, shares, quality and stock: what routing goes by, each change under a number (R9, R41-R43).

create function core.routing_bump(p_what text, p_detail jsonb) returns bigint
language plpgsql volatile as $$
declare made bigint;
begin
    insert into core.routing_version (at, staff_id, what, detail) values (core.now(), session.staff(), p_what, p_detail) returning version into made;
    if p_what <> 'quality' then perform core.ledger_add('routing.' || p_what, made::text, null, 'R9', p_detail); end if;
    return made;
end $$;
comment on function core.routing_bump(text, jsonb) is 'A new number for what routing goes by; leads under way keep their decisions (R49). source: R8, R9';

create function core.territory_tell(p_dealer int, p_version bigint) returns void
language plpgsql volatile as $$
begin
    perform core.notify(s.staff_id, 'N15', 'territory', p_version::text) from core.staff s
    where s.is_active and s.dealer_id = p_dealer and s.role = 'manager' and s.staff_id is distinct from session.staff();
end $$;
comment on function core.territory_tell(int, bigint) is
'Tell a dealer''s managers that its territory changed, and nobody else: another''s is not theirs to know. in: the number of the change, of which each is told once. source: R9, R41, N15';

create function core.territory_of(p_brand smallint, p_line core.line, p_on date, p core.place) returns table (dealer_id int, piece text)
language plpgsql stable as $$
begin
    return query
    select x.dealer_id, min(x.piece) from (
        select t.dealer_id, 'region' as piece from core.territory t
        where t.region_code = p.region_code and t.brand_id = p_brand and t.line = p_line and t.from_on <= p_on and coalesce(t.to_on > p_on, true)
        union all
        select t.dealer_id, 'postal' from core.territory t
        where t.brand_id = p_brand and t.line = p_line and t.postal_from <= p.postal_code and t.postal_to >= p.postal_code
          and t.from_on <= p_on and coalesce(t.to_on > p_on, true)
        union all
        select t.dealer_id, 'ring' from core.territory t
        where t.ring @> point(p.lon, p.lat) and t.brand_id = p_brand and t.line = p_line and t.from_on <= p_on and coalesce(t.to_on > p_on, true)) x
    group by x.dealer_id order by x.dealer_id;
end $$;
comment on function core.territory_of(smallint, core.line, date, core.place) is $$
Dealers whose territory holds a place on a day.    out: each dealer once, by number, and by what piece    cost: three index probes    source: R41$$;

create function core.share_of(p_dealer int, p_brand smallint, p_line core.line, p_on date) returns core.dealer_share
language plpgsql stable as $$
begin
    return (select s from core.dealer_share s where s.dealer_id = p_dealer and s.brand_id = p_brand and s.line = p_line and s.from_on <= p_on
            order by s.from_on desc limit 1);
end $$;
comment on function core.share_of(int, smallint, core.line, date) is 'Agreed share and capacity in force on a day, NULL when none was agreed. source: R42';

create function core.quality_refresh() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare n int;
begin
    insert into core.dealer_quality as q (dealer_id, brand_id, line, factor, accepted, no_contact, ordered, kept_at)
    select f.dealer_id, f.brand_id, f.line,
        -- 100 at the network's mean; orders up to a half better or worse, recalled leads twice their share above the mean down
        case when f.accepted < core.policy_int('R42.quality_min') then 100 else least(150, greatest(50, 100
            + case when f.net_ordered > 0 then (f.ordered * f.net_accepted * 50 / (f.accepted * f.net_ordered) - 50)::int else 0 end
            - greatest(0, (f.no_contact * 100 / f.accepted - f.net_no_contact * 100 / f.net_accepted) * 2)::int)) end,
        f.accepted, f.no_contact, f.ordered, core.now()
    from (
        select k.dealer_id, k.brand_id, k.line, k.accepted, k.no_contact, k.ordered, sum(k.accepted) over n as net_accepted,
            sum(k.no_contact) over n as net_no_contact, sum(k.ordered) over n as net_ordered
        from (select r.dealer_id, r.brand_id, r.line, count(*) filter (where r.is_accepted) as accepted,
                     count(*) filter (where r.is_no_contact) as no_contact, count(*) filter (where r.is_accepted and r.is_order) as ordered
              from core.right_kpi r where r.start_on >= core.today() - core.policy_int('R42.quality_days') and r.is_offered and r.dealer_id > 0
              group by 1, 2, 3) k
        window n as (partition by k.brand_id, k.line)) f
    where f.net_accepted > 0
    on conflict (dealer_id, brand_id, line) do update set factor = excluded.factor, accepted = excluded.accepted, no_contact = excluded.no_contact,
        ordered = excluded.ordered, kept_at = excluded.kept_at
    where (q.factor, q.accepted, q.no_contact, q.ordered) is distinct from (excluded.factor, excluded.accepted, excluded.no_contact, excluded.ordered);
    get diagnostics n = row_count;
    if n > 0 then perform core.routing_bump('quality', jsonb_build_object('changed', n)); end if;
    return n;
end $$;
comment on function core.quality_refresh() is $$
The quality factor of each dealer, brand and line from the offers of the last quarter: orders won against the network's mean, recalled
leads (R112) above it; 50 to 150, 100 where too few were accepted to tell.
out: factors that changed    cost: one range of right_kpi; the clock calls it twice a day    source: R42, R112, R113$$;

create function core.territory_report(p_brand smallint, p_line core.line, p_on date)
returns table (region_code text, dealers int[], holders int)
language sql stable as $$
select r.code, coalesce(array_agg(distinct t.dealer_id order by t.dealer_id) filter (where t.dealer_id is not null), '{}'), count(distinct t.dealer_id)::int
from core.region r
left join core.territory t on t.region_code = r.code and t.brand_id = p_brand and t.line = p_line and t.from_on <= p_on and coalesce(t.to_on > p_on, true)
group by r.code order by r.code $$;
comment on function core.territory_report(smallint, core.line, date) is $$
Every region with the dealers who hold it: none is a gap, more than one an overlap; both are legal and reported.    source: R41$$;
