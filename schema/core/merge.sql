-- SPDX-License-Identifier: Apache-2.0
-- One person in two rows becomes one row again, and can be parted again (R28, R29).

create function core.party_of(p_public uuid) returns bigint
language plpgsql stable security definer set search_path = '' as $$
begin
    return coalesce((select a.into_id from core.party_alias a where a.public_id = p_public),
                    (select p.party_id from core.party p where p.public_id = p_public));
end $$;
comment on function core.party_of(uuid) is
'The party a public id stands for, now and after any merge. Says nothing of who may see it: the caller asks that. source: R28';

create function core.party_all(p_party bigint) returns bigint[]
language plpgsql stable security definer set search_path = '' as $$
begin
    return array(select p_party union all select p.party_id from core.party_alias a join core.party p on p.public_id = a.public_id where a.into_id = p_party);
end $$;
comment on function core.party_all(bigint) is 'A party and those merged into it: whose history is told together. source: R28';

create function core.merge_consents(p_merge bigint, p_survivor bigint, p_merged bigint) returns int
language plpgsql volatile as $$
declare n int;
begin
    -- the stricter of both sides, unless the grant is newer than the refusal
    with both_sides as (
        select c.dealer_id, c.purpose, c.channel, c.party_id, bool_or(c.withdrawn_at is null) as is_given,
               max(c.given_at) filter (where c.withdrawn_at is null) as given_at, max(c.withdrawn_at) as withdrawn_at
        from core.consent c where c.party_id in (p_survivor, p_merged) group by 1, 2, 3, 4),
    refused as (
        select g.party_id, g.dealer_id, g.purpose, g.channel from both_sides g
        join both_sides r on r.party_id <> g.party_id and r.dealer_id = g.dealer_id and r.purpose = g.purpose and r.channel is not distinct from g.channel
        where g.is_given and not r.is_given and r.withdrawn_at >= g.given_at),
    ended as (
        update core.consent c set withdrawn_at = core.now() from refused x
        where c.party_id = x.party_id and c.dealer_id = x.dealer_id and c.purpose = x.purpose and c.channel is not distinct from x.channel
          and c.withdrawn_at is null
        returning c.consent_id)
    insert into core.merge_row (merge_id, table_name, key, before)
    select p_merge, 'consent', jsonb_build_object('consent_id', e.consent_id), '{"withdrawn_at": null}' from ended e;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.merge_consents(bigint, bigint, bigint) is $$
Bring two persons' consents to the stricter side per legal entity, purpose and channel; a grant newer than the refusal stands.
out: consents that end by it    source: R28$$;

create function core.merge_keys(p_merge bigint, p_survivor bigint, p_merged bigint) returns void
language plpgsql volatile as $$
begin
    insert into core.merge_row (merge_id, table_name, key, before)
    select p_merge, 'match_key', jsonb_build_object('kind', k.kind, 'value', k.value), to_jsonb(k) from core.match_key k where k.party_id = p_merged;
    delete from core.match_key k where k.party_id = p_merged
      and exists (select from core.match_key y where y.kind = k.kind and y.value = k.value and y.party_id = p_survivor);
    update core.match_key k set party_id = p_survivor where k.party_id = p_merged;
    -- a contact both had: the survivor's row learns who was given it; the other stays behind
    with shared as (
        update core.contact_point s set shared_ids = array(select distinct x from unnest(s.shared_ids || m.shared_ids || m.source_dealer_id) x
            where x is not null and x is distinct from s.source_dealer_id order by 1), version = s.version + 1
        from core.contact_point m, core.contact_point was
        where s.party_id = p_survivor and m.party_id = p_merged and m.kind = s.kind and m.value = s.value and was.contact_id = s.contact_id
        returning s.contact_id, was.shared_ids)
    insert into core.merge_row (merge_id, table_name, key, before)
    select p_merge, 'contact_shared', jsonb_build_object('contact_id', x.contact_id), jsonb_build_object('shared_ids', x.shared_ids) from shared x;
    with gone as (
        update core.contact_point m set party_id = p_survivor, version = m.version + 1, is_primary = m.is_primary and not exists (
            select from core.contact_point y where y.party_id = p_survivor and y.kind = m.kind and y.is_primary)
        from core.contact_point was
        where m.party_id = p_merged and was.contact_id = m.contact_id
          and not exists (select from core.contact_point y where y.party_id = p_survivor and y.kind = m.kind and y.value = m.value)
        returning m.contact_id, was.is_primary)
    insert into core.merge_row (merge_id, table_name, key, before)
    select p_merge, 'contact_point', jsonb_build_object('contact_id', g.contact_id), jsonb_build_object('is_primary', g.is_primary) from gone g;
end $$;
comment on function core.merge_keys(bigint, bigint, bigint) is
'Let the survivor be found by every key and reached by every contact of both; each dealer goes on seeing what it was given. source: R27, R28';

create function core.merge_campaigns(p_survivor bigint, p_merged bigint) returns void
language plpgsql volatile as $$
declare l core.campaign_lock; v_unit text; is_taken boolean;
begin
    -- one person is one candidate: who stands twice in a campaign leaves it once, and a live lock is never broken (R86, R92)
    for l in select x.* from core.campaign_lock x where x.party_id = p_merged and x.unit like 'p%' order by x.unit, x.grp for update loop
        v_unit := 'p' || p_survivor || substr(l.unit, length('p' || p_merged) + 1);
        update core.campaign_lock x set state = 'RELEASED', ver = x.ver + 1 where x.unit = l.unit and x.grp = l.grp;
        if l.state <> 'RELEASED' and l.until > core.now() then
            insert into core.campaign_lock as s (unit, grp, campaign_id, dealer_id, class, state, party_id, since, until)
            values (v_unit, l.grp, l.campaign_id, l.dealer_id, l.class, l.state, p_survivor, l.since, l.until)
            on conflict (unit, grp) do update set campaign_id = excluded.campaign_id, dealer_id = excluded.dealer_id, class = excluded.class,
                state = excluded.state, party_id = excluded.party_id, since = excluded.since, until = excluded.until, ver = s.ver + 1
            where s.state = 'RELEASED' or s.until <= core.now();
            is_taken := found;
            if not is_taken then
                update core.recipient r set state = 'CANCELLED', reason = 'locked', changed_at = core.now()
                where r.campaign_id = l.campaign_id and r.party_id = p_merged and r.state in ('PLANNED', 'LOCKED', 'QUEUED')
                  and not exists (select from core.campaign_lock y where y.unit = v_unit and y.grp = l.grp and y.campaign_id = l.campaign_id);
            end if;
        end if;
    end loop;
    update core.recipient r set state = 'CANCELLED', reason = 'duplicate', changed_at = core.now()
    where r.party_id = p_merged and r.state in ('PLANNED', 'LOCKED', 'QUEUED')
      and (r.state = 'QUEUED' or exists (select from core.recipient y where y.campaign_id = r.campaign_id and y.party_id = p_survivor));
    update core.recipient r set party_id = p_survivor, unit = regexp_replace(r.unit, '^p' || p_merged || '(v|$)', 'p' || p_survivor || '\1'), changed_at = core.now()
    where r.party_id = p_merged and r.state in ('PLANNED', 'LOCKED');
    update core.waiting_list w set party_id = p_survivor, unit = regexp_replace(w.unit, '^p' || p_merged || '(v|$)', 'p' || p_survivor || '\1')
    where w.party_id = p_merged and not exists (select from core.waiting_list y where y.grp = w.grp and y.campaign_id = w.campaign_id and y.party_id = p_survivor);
end $$;
comment on function core.merge_campaigns(bigint, bigint) is $$
Locks, open candidates and waiting places of the merged person pass to the survivor; where he has them already, they end with a reason.
cost: what the person has in running campaigns    source: R28, R86, R90$$;

create function core.merge_sums(p_parties bigint[]) returns void
language plpgsql volatile as $$
begin
    delete from core.party_summary s where s.party_id = any (p_parties);
    insert into core.party_summary (party_id, dealer_id, sale_count, sale_kopecks, order_count, order_kopecks, last_visit_on, last_sale_on)
    select x.party_id, x.dealer_id, sum(x.sales), sum(x.sale_kopecks), sum(x.orders), sum(x.order_kopecks), max(x.visit_on), max(x.sale_on) from (
        select s.party_id, s.dealer_id, 1 as sales, s.amount_kopecks as sale_kopecks, 0 as orders, 0 as order_kopecks, null::date as visit_on, s.sold_on as sale_on
        from core.sale s where s.party_id = any (p_parties)
        union all select r.party_id, r.dealer_id, 0, 0, 1, r.amount_kopecks, r.opened_on, null
        from core.repair_order r where r.party_id = any (p_parties)) x group by 1, 2;
    perform core.project(array_agg(u.dealer_id), array_agg(u.party_id)) from (
        select o.dealer_id, o.party_id from core.ownership o where o.party_id = any (p_parties)
        union select t.dealer_id, t.party_id from core.dealer_party t where t.party_id = any (p_parties)) u having count(*) > 0;
end $$;
comment on function core.merge_sums(bigint[]) is 'Make anew what is derived of these persons: sums per dealer, list rows, search keys. cost: their documents';
