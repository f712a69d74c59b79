-- SPDX-License-Identifier: Apache-2.0
-- The one place that says whether a campaign may touch a person, and why not. Asked by the dry run, the launch, the waiting
-- list, the dispatch gate and the call list, so all of them say the same.
-- Reads right, consent, contact, locks and budget as they are at this moment (R88, R93); writes nothing.

create function core.quiet_end(p_at timestamptz, p_zone text, p_is_call boolean, p_from int, p_to int)
returns timestamptz
language plpgsql stable as $$
declare
  v_local timestamp := p_at at time zone p_zone;
  v_day date := v_local::date;
  v_is_off boolean := p_is_call and exists (select 1 from core.calendar_day d
    where d.country = 'RU' and d.on_day = v_day and d.kind = 'off');
begin
  if extract(hour from v_local) >= p_to and extract(hour from v_local) < p_from and not v_is_off then return p_at; end if;
  if extract(hour from v_local) >= p_to or v_is_off then v_day := v_day + 1; end if;
  while p_is_call and v_day < v_local::date + 30 and exists (select 1 from core.calendar_day d
      where d.country = 'RU' and d.on_day = v_day and d.kind = 'off') loop
    v_day := v_day + 1;
  end loop;
  return (v_day + make_interval(hours => p_to)) at time zone p_zone;
end $$;
comment on function core.quiet_end(timestamptz, text, boolean, int, int) is $$
First moment from p_at on at which the person may be touched.
in: moment; IANA zone of the person; calls also avoid public holidays; hour at which quiet begins and ends
out: p_at itself outside quiet hours    source: P15$$;

create function core.quiet_next(p_at timestamptz, p_zone text, p_is_call boolean) returns timestamptz
language sql stable as $$
  select core.quiet_end(p_at, p_zone, p_is_call, core.policy_int('P15.from'), core.policy_int('P15.to'))
$$;
comment on function core.quiet_next(timestamptz, text, boolean) is 'core.quiet_end with the hours of the policy valid now. source: P15';

create function core.campaign_judge(p_campaigns bigint[], p_parties bigint[], p_messages uuid[] default null)
returns setof core.judgement
language sql stable set work_mem = '32MB' as $$
  with pair as materialized (
    select u.campaign_id, u.party_id, u.message
    from unnest(p_campaigns, p_parties, coalesce(p_messages, array_fill(null::uuid, array[cardinality(p_parties)])))
      as u (campaign_id, party_id, message)),
  term as materialized (
    select core.policy_int('P14.call') as call_n, core.policy_int('P14.call_days') as call_days,
      core.policy_int('P14.email') as email_n, core.policy_int('P14.email_days') as email_days,
      core.policy_int('P14.all') as all_n, core.policy_int('P14.all_days') as all_days,
      core.policy_int('P14.relation') as relation_n, core.policy_int('P14.relation_days') as relation_days, core.policy_int('R74.pause') as survey_days,
      core.policy_int('P15.from') as quiet_from, core.policy_int('P15.to') as quiet_to,
      core.now() as now),
  c as materialized (
    select k.campaign_id, k.dealer_id, k.class, k.grp, k.brand_id, k.channel, k.ends_at, k.class >= 2 as is_marketing,
      k.topic, k.occasion, k.is_direct,
      k.channel::text::core.channel as touch_channel,
      case k.channel when 'EMAIL' then 'EMAIL' else 'PHONE' end::core.contact_kind as contact_kind,
      array(select g.line from core.line_group g where g.grp = k.grp or k.grp = 'RELATION') as lines,
      array(select g.line from core.line_group g where g.grp = 'SALES') as sales_lines,
      greatest(term.now, k.starts_at) as start_at
    from core.campaign k cross join term where k.campaign_id in (select x.campaign_id from pair x)),
  -- what right and consent forbid is decided first; for whom they forbid it nothing more is looked up
  early as materialized (
    select c.campaign_id, p.party_id, x.message, who.dealer_id, who.unit, r.is_held, r.is_grace, r.is_parked,
      coalesce(p.time_zone, d.time_zone) as zone, case
        when c.dealer_id <> 0 and r.holder is distinct from c.dealer_id and not coalesce(r.is_mine, false)
          and not coalesce(r.is_mine_disputed, false) and not coalesce(f.is_driver, false) and not coalesce(g.is_permitted, false) then 'not_owner'
        -- R73: a greeting comes from the SALES owner, else the AFTERSALES owner, else head office; R77: what head office says in its own name
        when c.dealer_id = 0 and r.holder <> 0 and (c.topic = 'greeting'
          or (c.is_direct and coalesce(c.topic, '') not in ('brand', 'safety', 'loyalty'))) then 'not_owner'
        when c.is_marketing and case when c.dealer_id = 0 then r.is_disputed
          else not coalesce(r.is_mine, false) and r.holder is distinct from c.dealer_id and not coalesce(f.is_driver, false)
            and not coalesce(g.is_permitted, false) end then 'disputed'
        -- R103: neither side of a running dispute in this group, whatever else it holds
        when c.is_marketing and c.dealer_id <> 0 and r.is_disputed and (coalesce(r.is_mine_disputed, false) or exists (
          select 1 from core.dispute x where x.party_id = p.party_id and x.claimant_id = c.dealer_id and x.frozen_at is not null
            and x.state in ('ADMITTED', 'ANSWERED') and x.line = any (c.lines)
            and (c.brand_id is null or x.brand_id = c.brand_id))) then 'disputed'
        when c.is_marketing and p.has_complaint then 'complaint'
        when c.is_marketing and p.is_opted_out then 'opted_out'
        when c.is_marketing and not exists (
          select 1 from core.consent s where s.party_id = p.party_id and s.purpose = 'ADVERTISING'
            and s.withdrawn_at is null and s.given_at <= term.now
            and (s.channel is null or s.channel = c.touch_channel)
            and s.dealer_id in (c.dealer_id, who.dealer_id)) then 'no_consent'
      end::core.drop_reason as reason
    from pair x
    join c on c.campaign_id = x.campaign_id
    join core.party p on p.party_id = x.party_id
    cross join term
    left join lateral (
      select (array_agg(o.dealer_id order by o.line = any (c.sales_lines) desc, o.state = 'CUSTOMER' desc, o.since desc)
          filter (where o.state in ('ACTIVE', 'HELD', 'CUSTOMER') and f.is_match))[1] as holder,
        bool_or(o.dealer_id = c.dealer_id and o.state in ('ACTIVE', 'HELD', 'CUSTOMER') and f.is_match)
          and c.grp <> 'RELATION' as is_mine,
        bool_or(o.dealer_id = c.dealer_id and o.state = 'DISPUTED' and f.is_match) as is_mine_disputed,
        bool_or(o.state = 'DISPUTED') as is_disputed, bool_or(o.state = 'HELD') as is_held,
        bool_or(o.state = 'GRACE' and f.is_match)
          and not bool_or(o.state in ('ACTIVE', 'HELD', 'CUSTOMER') and f.is_match) as is_grace,
        bool_or(o.parked_on is not null and o.state = 'ACTIVE' and f.is_match
          and term.now < (o.parked_on::timestamp at time zone d0.time_zone)) as is_parked,     -- R55
        min(o.vehicle_id) filter (where o.dealer_id = c.dealer_id and f.is_match) as vehicle_id
      from core.ownership o join core.dealer d0 on d0.dealer_id = o.dealer_id
      cross join lateral (select o.line = any (c.lines) and (c.brand_id is null or o.brand_id = c.brand_id) as is_match) f
      -- written so that ownership_seat, an index over the same condition, is not walked whole for one person
      where o.party_id = p.party_id and (o.state <> 'CLOSED') is true) r on true
    left join lateral (                                -- R66: service-due may also go to who drives the car
      select core.driver_holds(p.party_id, c.brand_id, c.dealer_id) as is_driver
    ) f on c.class = 2 and c.grp = 'AFTERSALES' and c.dealer_id <> 0 and not coalesce(r.is_mine, false)
    left join lateral (                                -- R71, R88: the holder lets this one campaign speak to his people
      select true as is_permitted from core.campaign_permit y
      where y.campaign_id = c.campaign_id and y.dealer_id = r.holder and y.state = 'GRANTED'
    ) g on c.class = 5
    left join lateral (
      select min(w.vehicle_id) as vehicle_id from core.vehicle_owner w join core.vehicle v on v.vehicle_id = w.vehicle_id
      where c.class = 2 and c.grp = 'AFTERSALES' and w.party_id = p.party_id and w.to_on is null
        and (c.brand_id is null or v.brand_id = c.brand_id)) car on c.class = 2 and c.grp = 'AFTERSALES'
    cross join lateral (
      select case when c.dealer_id <> 0 then c.dealer_id when c.is_direct then 0 else coalesce(r.holder, 0) end as dealer_id,
        case when not c.is_marketing then null
          when c.grp = 'SALES' and p.household_id is not null then 'h' || p.household_id
          when c.class = 2 and c.grp = 'AFTERSALES' and coalesce(r.vehicle_id, car.vehicle_id) is not null
            then 'p' || p.party_id || 'v' || coalesce(r.vehicle_id, car.vehicle_id)
          else 'p' || p.party_id end collate "C" as unit) who
    join core.dealer d on d.dealer_id = who.dealer_id),
  quiet as materialized (                            -- once a zone: arithmetic with zones is dear
    select z.campaign_id, z.zone, case
        when c.class = 1 or (c.channel <> 'CALL' and z.hour >= term.quiet_to and z.hour < term.quiet_from) then c.start_at
        else core.quiet_end(c.start_at, z.zone, c.channel = 'CALL', term.quiet_from, term.quiet_to) end as next_at
    from (select y.campaign_id, y.zone, extract(hour from k.start_at at time zone y.zone)::int as hour
      from (select distinct e.campaign_id, e.zone from early e where e.reason is null) y
      join c k on k.campaign_id = y.campaign_id offset 0) z
    join c on c.campaign_id = z.campaign_id
    cross join term)
  select e.campaign_id, e.party_id, e.dealer_id, e.unit, coalesce(e.reason, case
      when a.value is null then 'invalid_contact'
      when c.occasion is not null and exists (select from core.occasion y where y.party_id = e.party_id and y.occasion = c.occasion
        and y.campaign_id <> c.campaign_id) then 'duplicate'
      when c.is_marketing and l.until is not null then 'locked'
      when c.is_marketing and case when c.grp = 'RELATION' then t.relation_n >= term.relation_n
        else t.all_n >= term.all_n or (c.channel = 'CALL' and t.call_n >= term.call_n)
          or (c.channel = 'EMAIL' and t.email_n >= term.email_n) end then 'budget'
      when c.topic = 'survey' and exists (select from core.occasion y where y.party_id = e.party_id and y.kind = 'survey'
        and y.campaign_id <> c.campaign_id and y.at > term.now - make_interval(days => term.survey_days)) then 'budget'
      when q.next_at >= c.ends_at then 'quiet'
      when c.is_marketing and e.is_parked then 'excluded'
      when c.class = 4 and (exists (select from core.campaign_part y where y.campaign_id = e.campaign_id and y.party_id = e.party_id
          and y.excluded_at is not null) or e.is_held or e.is_grace or (c.channel = 'CALL' and e.dealer_id = 0)
        or exists (select 1 from core.interaction i where i.party_id = e.party_id and i.kind = 'OFFER'
          and i.at > term.now - interval '14 days' and i.at <= term.now)) then 'excluded'
    end::core.drop_reason),
    date_trunc('week', l.until at time zone e.zone)::date, coalesce(q.next_at, c.start_at), a.value
  from early e
  join c on c.campaign_id = e.campaign_id
  cross join term
  left join quiet q on e.reason is null and q.campaign_id = e.campaign_id and q.zone = e.zone
  left join lateral (
    select k.value from core.contact_point k
    where e.reason is null and k.party_id = e.party_id and k.kind = c.contact_kind and k.is_valid
      and ((c.dealer_id = 0 and c.channel = 'EMAIL') or core.is_given(k, e.dealer_id))
    order by k.is_primary desc, k.contact_id limit 1) a on true
  left join lateral (
    select max(y.until) as until from (               -- a unit of a person names him; only a household's may be another member's
      select o.until from core.campaign_lock o
      where e.reason is null and c.is_marketing and o.party_id = e.party_id and o.grp = c.grp and o.campaign_id <> c.campaign_id
        and o.state <> 'RELEASED' and o.until > term.now
        and (o.unit = e.unit or position('v' in o.unit) = 0 or position('v' in e.unit) = 0)
      union all
      select o.until from core.campaign_lock o
      where e.reason is null and left(e.unit, 1) = 'h' and o.unit = e.unit and o.grp = c.grp and o.campaign_id <> c.campaign_id
        and o.state <> 'RELEASED' and o.until > term.now
      union all                                        -- or a member's own, from before they were one household (R62)
      select o.until from core.party m join core.campaign_lock o on o.party_id = m.party_id
      where e.reason is null and left(e.unit, 1) = 'h' and m.household_id = nullif(substr(e.unit, 2), '')::bigint and o.grp = c.grp
        and o.campaign_id <> c.campaign_id and o.state <> 'RELEASED' and o.until > term.now offset 0) y) l on true
  left join lateral (
    select count(*) filter (where y.grp = 'RELATION' and y.at > term.now - make_interval(days => term.relation_days))
        as relation_n,
      count(*) filter (where y.grp <> 'RELATION' and y.at > term.now - make_interval(days => term.all_days)) as all_n,
      count(*) filter (where y.grp <> 'RELATION' and y.channel = 'CALL'
        and y.at > term.now - make_interval(days => term.call_days)) as call_n,
      count(*) filter (where y.grp <> 'RELATION' and y.channel = 'EMAIL'
        and y.at > term.now - make_interval(days => term.email_days)) as email_n
    from core.touch y
    where e.reason is null and y.party_id = e.party_id and y.at > term.now - interval '60 days' and y.returned_at is null
      and y.class >= 2 and y.token is distinct from e.message) t on true
$$;
comment on function core.campaign_judge(bigint[], bigint[], uuid[]) is $$
Say for each pair (campaign, person) whether the campaign may touch the person now, and the first reason why not.
in: parallel arrays; messages whose own touch must not count again (a retry), or NULL
out: one core.judgement a pair, without address for whom right or consent forbids it; "duplicate" and "stopped" are not decided here
order of reasons: core.drop_reason
rules: dealers need a matching right in ACTIVE, HELD or CUSTOMER (R88); RELATION goes to the SALES owner, else the AFTERSALES
owner (R73); class 4 leaves out HELD, GRACE, DISPUTED, complaints and offers of 14 days (R15, R78); nobody markets to the parked (R55); class 0-1 need only a
contact (R87); consent counts for the principal or the owner in whose name it goes (R76, R146); budget over all principals
(P14, R95); a dealer uses only contacts that were given to him, and so does who calls for the network (R128)
cost: about 30 us a pair, half of it for whom right or consent forbids it    source: R4 (to market), R85-R90, R93$$;
