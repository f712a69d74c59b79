-- SPDX-License-Identifier: Apache-2.0
-- Cars and those around them: who owned one when (R69), who leases it (R68), who drives it (R66), and who may speak to a company's
-- people (R65).

create function core.vehicle_last_service(p_vehicle bigint, p_brand smallint) returns int
language plpgsql stable as $$
begin
    return (select r.dealer_id from core.repair_order r join core.dealer d on d.dealer_id = r.dealer_id and d.is_active
        where r.vehicle_id = p_vehicle and r.kind = 'PAID' and r.amount_kopecks > 0
          and exists (select from core.dealer_brand b where b.dealer_id = r.dealer_id and b.brand_id = p_brand and b.line = 'SERVICE')
        order by r.opened_on desc, r.order_id desc limit 1);
end $$;
comment on function core.vehicle_last_service(bigint, smallint) is 'The active dealer who serves this brand and was the last to be paid for work on the car, or NULL. source: R69';

create function core.vehicle_ended(p_vehicle bigint, p_old bigint, p_new bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; v_brand smallint; v_dealer int;
begin
    for o in select x.* from core.ownership x where x.party_id = p_old and x.vehicle_id = p_vehicle
             and x.state not in ('CLOSED', 'DISPUTED') order by x.ownership_id for update loop
        perform core.right_close(o, 'transfer', 'transferred');
    end loop;
    update core.service_move m set state = 'VOID', ended_at = core.now()
    where m.vehicle_id = p_vehicle and m.party_id = p_old and m.state = 'ANNOUNCED';
    update core.fleet_driver d set to_on = greatest(core.today(), d.from_on) where d.vehicle_id = p_vehicle and d.company_id = p_old and d.to_on is null;
    if p_new is null then return; end if;
    select v.brand_id into v_brand from core.vehicle v where v.vehicle_id = p_vehicle;
    v_dealer := core.vehicle_last_service(p_vehicle, v_brand);
    if v_dealer is null then return; end if;
    o := core.right_claim(p_new, v_brand, 'SERVICE', p_vehicle, v_dealer, null, 'offer', jsonb_build_object('accept_until',
        core.working_until(v_dealer, core.now(), core.policy_int('P1.accept'))), 'R69', null);
    if o.ownership_id is not null then perform core.lead_announce(o); end if;
end $$;
comment on function core.vehicle_ended(bigint, bigint, bigint) is $$
A car has another owner: the service rights of the old one for this car end, and its last service dealer is offered the new one.
in: p_new NULL when he is not known    source: R69    guard: a disputed right waits for its decision (R103)$$;

create function core.vehicle_hand_over(p_vehicle bigint, p_new bigint, p_on date, p_dealer int) returns boolean
language plpgsql volatile set search_path = '' as $$
declare w core.vehicle_owner; v record;
begin
    perform 1 from core.vehicle x where x.vehicle_id = p_vehicle for no key update;
    select x.* into w from core.vehicle_owner x where x.vehicle_id = p_vehicle and x.to_on is null for update;
    if w.party_id = p_new or (w.party_id is not null and p_on < w.from_on) then return false; end if;
    update core.vehicle_owner x set to_on = p_on where x.vehicle_id = p_vehicle and x.to_on is null;
    if p_new is not null then
        insert into core.vehicle_owner (vehicle_id, party_id, from_on, source_dealer_id) values (p_vehicle, p_new, p_on, p_dealer)
        on conflict (vehicle_id, party_id, from_on) do update set to_on = null;
        select x.vin, x.plate into v from core.vehicle x where x.vehicle_id = p_vehicle;
        if v.vin is not null then perform core.key_add(p_new, 'VIN', v.vin); end if;
        if v.plate is not null then perform core.key_add(p_new, 'PLATE', v.plate); end if;
    end if;
    if w.party_id is not null then perform core.vehicle_ended(p_vehicle, w.party_id, p_new); end if;
    return true;
end $$;
comment on function core.vehicle_hand_over(bigint, bigint, date, int) is $$
Enter the next owner of a car in its dated series, NULL when it was sold to somebody unknown, with what follows for its service.
out: false when he owns it already, or the present owner came later than that day: history is not rewritten
guard: vehicle_owner_current, one current owner a car    source: R69$$;

create function core.lease_user(p_vehicle bigint, p_party bigint, p_on date) returns bigint
language plpgsql stable as $$
begin
    return coalesce((select l.lessee_id from core.vehicle_lease l
        where l.vehicle_id = p_vehicle and l.lessor_id = p_party and l.from_on <= p_on and (l.to_on is null or l.to_on >= p_on)
        order by l.from_on desc limit 1), p_party);
end $$;
comment on function core.lease_user(bigint, bigint, date) is $$
Whose right a document proves: the lessee's, when the car was leased from this party on that day; else the party's own.    source: R68$$;

create function core.driver_holds(p_party bigint, p_brand smallint, p_dealer int) returns boolean
language plpgsql stable as $$
begin
    return exists (select from core.fleet_driver f join core.vehicle v on v.vehicle_id = f.vehicle_id and (p_brand is null or v.brand_id = p_brand)
        join core.ownership o on o.party_id = f.company_id and o.brand_id = v.brand_id and o.line = 'SERVICE'
            and (o.vehicle_id is null or o.vehicle_id = f.vehicle_id) and o.dealer_id = p_dealer and o.state in ('ACTIVE', 'HELD', 'CUSTOMER')
        where f.party_id = p_party and f.to_on is null);
end $$;
comment on function core.driver_holds(bigint, smallint, int) is $$
Does this dealer hold SERVICE of a fleet car that the person drives? Then he may remind him of its service, and of nothing else.
source: R66$$;

create function core.sale_undone(p_sale bigint, p_dealer int) returns void
language plpgsql volatile set search_path = '' as $$
declare s core.sale; v_old bigint; o core.ownership; v_state core.right_state;
begin
    select x.* into s from core.sale x where x.sale_id = p_sale and x.dealer_id = p_dealer and x.vehicle_id is not null;
    select w.party_id into v_old from core.vehicle_owner w
    where w.vehicle_id = s.vehicle_id and w.to_on = s.sold_on and w.party_id <> s.party_id order by w.from_on desc limit 1;
    if v_old is null then return; end if;
    delete from core.vehicle_owner w where w.vehicle_id = s.vehicle_id and w.party_id = s.party_id and w.from_on = s.sold_on
        and w.source_dealer_id = p_dealer and w.to_on is null;
    if not found then return; end if;
    update core.vehicle_owner w set to_on = null where w.vehicle_id = s.vehicle_id and w.party_id = v_old and w.to_on = s.sold_on;
    for o in select x.* from core.ownership x where x.party_id = s.party_id and x.vehicle_id = s.vehicle_id and x.state = 'OFFERED' and x.source in ('R69', 'R70') for update loop
        perform core.right_close(o, 'erase', 'erased');
    end loop;
    for o in select x.* from core.ownership x where x.party_id = v_old and x.vehicle_id = s.vehicle_id and x.state = 'CLOSED' and x.event = 'transfer'
             and x.changed_at >= s.recorded_at for update loop
        select h.state into v_state from core.ownership_history h where h.party_id = o.party_id and h.brand_id = o.brand_id and h.line = o.line
            and h.ownership_id = o.ownership_id and h.ver = o.ver - 1;
        perform core.right_succeed(o, o.dealer_id, o.seat_id, 'transfer', 'transferred', jsonb_build_object('state', v_state)) where v_state <> 'CLOSED';
    end loop;
end $$;
comment on function core.sale_undone(bigint, int) is $$
A sale of a car is taken back: the car is the former owner's again, and so are the service rights that ended with it, as new rows with
their terms; the offer to the buyer ends. What others entered since stays.    source: R3, R69$$;
