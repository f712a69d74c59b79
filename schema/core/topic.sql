-- SPDX-License-Identifier: Apache-2.0
-- What each owner may say (R71), one greeting and one survey an occasion (R73, R74), and the drivers of fleet cars in an audience (R66).
-- The judge (campaign_judge.sql) decides; here is what it leans on, and the key that holds it.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values ('R74.pause', '2000-01-01', 30, 'day', 0, 365)
on conflict (name, valid_from) do nothing;

create function core.greeting_owner(p_party bigint) returns int
language plpgsql stable security definer set search_path = '' as $$
begin
    return coalesce((select o.dealer_id from core.ownership o join core.line_group g on g.line = o.line
        where o.party_id = p_party and o.state in ('ACTIVE', 'HELD', 'CUSTOMER')
        order by g.grp = 'SALES' desc, o.state = 'CUSTOMER' desc, o.since desc limit 1), 0);
end $$;
comment on function core.greeting_owner(bigint) is 'The one principal who greets a person: the SALES owner, else the AFTERSALES owner, else head office (0). source: R73';

create function core.occasion_keep() returns trigger
language plpgsql security definer set search_path = '' as $$
declare wanted int; kept int;
begin
    if not exists (select from new_rows n join core.campaign k on k.campaign_id = n.campaign_id where k.occasion is not null) then return null; end if;
    select count(distinct (n.party_id, k.occasion)) into wanted from new_rows n join core.campaign k on k.campaign_id = n.campaign_id where k.occasion is not null;
    insert into core.occasion as o (party_id, occasion, kind, campaign_id, at)
    select distinct on (n.party_id, k.occasion) n.party_id, k.occasion, k.topic, n.campaign_id, n.at
    from new_rows n join core.campaign k on k.campaign_id = n.campaign_id where k.occasion is not null order by n.party_id, k.occasion, n.touch_id
    on conflict (party_id, occasion) do update set at = excluded.at where o.campaign_id = excluded.campaign_id;
    get diagnostics kept = row_count;
    if kept < wanted then raise exception 'a person is greeted or asked twice for one occasion' using errcode = 'unique_violation'; end if;
    return null;
end $$;
comment on function core.occasion_keep() is $$
Trigger of core.touch: a send token of a greeting or survey takes the person's occasion; its primary key lets nobody else have it.
source: R73, R74, R98$$;

create trigger touch_occasion after insert on core.touch referencing new table as new_rows
    for each statement execute function core.occasion_keep();

create function core.campaign_with_drivers(p_job bigint, p_ids bigint[]) returns bigint[]
language plpgsql security definer set search_path = '' as $$
declare j core.job := core.job_claim(p_job); k core.campaign; added bigint[];
begin
    select x.* into k from core.campaign x where x.campaign_id = (j.spec ->> 'campaign')::bigint;
    if p_ids is null or cardinality(p_ids) = 0 or not (k.class in (0, 1) or (k.class = 2 and k.grp = 'AFTERSALES')) then return p_ids; end if;
    select array_agg(distinct f.party_id) into added from core.fleet_driver f
    where f.company_id = any (p_ids) and f.to_on is null and f.party_id <> all (p_ids)
      and (k.dealer_id = 0 or core.driver_holds(f.party_id, k.brand_id, k.dealer_id))
      -- once a run: with the first of his companies, and not when he is in the audience himself
      and not exists (select from core.fleet_driver y where y.party_id = f.party_id and y.to_on is null and y.company_id < f.company_id)
      and not exists (select from core.dealer_party t where t.dealer_id = k.dealer_id and t.party_id = f.party_id);
    return p_ids || coalesce(added, '{}');
end $$;
comment on function core.campaign_with_drivers(bigint, bigint[]) is $$
The candidates of a batch and, for a recall, an appointment or service due, the drivers of their fleet cars; for every other campaign the
batch as it is.
in: running job; candidates    out: candidates    guard: core.job_claim; primary key (campaign, party)    source: R66$$;
