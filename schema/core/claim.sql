-- SPDX-License-Identifier: Apache-2.0
-- Waiting claims (R15, R34): when a person becomes free, the claims are tried in the order in which they were made, one at a time.

create function core.claim_used(p_row core.ownership) returns void
language plpgsql volatile as $$
begin
    delete from core.waiting_claim w where w.party_id = p_row.party_id and w.brand_id = p_row.brand_id and w.line = p_row.line and w.dealer_id = p_row.dealer_id;
end $$;
comment on function core.claim_used(core.ownership) is
'Who got the person, however he got him, waits no longer: losing him again he would be first in the line before those who still wait. in: the right made. source: R15, R34';

create function core.claim_next(p_party bigint, p_brand smallint, p_line core.line, p_vehicle bigint) returns core.ownership
language plpgsql volatile set search_path = '' as $$
declare c core.waiting_claim; made core.ownership; v_seat bigint; v_value text; d core.dealer;
begin
    if exists (select from core.party p where p.party_id = p_party and p.is_opted_out) then return null; end if;
    for c in select x.* from core.waiting_claim x where x.party_id = p_party and x.brand_id = p_brand and x.line = p_line
             order by x.at, x.dealer_id for update loop
        select x.* into d from core.dealer x where x.dealer_id = c.dealer_id;
        if not d.is_active or not exists (select from core.dealer_brand b where b.dealer_id = d.dealer_id and b.brand_id = p_brand and b.line = p_line) then
            delete from core.waiting_claim x where x.public_id = c.public_id;
            continue;
        end if;
        -- a signed order in another line of the group, a company's head: free for this line alone is not free (R33, R64)
        continue when (core.claim_judge(array[p_party], p_brand, p_line, p_vehicle, c.dealer_id)).verdict <> 'FREE';
        select s.staff_id into v_seat from core.staff s where s.staff_id = c.staff_id and s.is_active and s.dealer_id = c.dealer_id
            and s.role in ('seller', 'adviser');
        made := core.right_claim(p_party, p_brand, p_line, p_vehicle, c.dealer_id, v_seat, 'claim', jsonb_build_object(
            'accept_until', core.working_until(c.dealer_id, core.now(), core.policy_int('P1.accept'))), 'waiting_claim', null);
        if made.ownership_id is null then return null; end if;            -- somebody holds it: the others go on waiting
        -- what the client himself gave this dealer
        v_value := core.phone_norm(c.typed ->> 'phone', d.area_code);
        if v_value is not null then perform core.contact_take(p_party, c.dealer_id, 'PHONE', v_value, c.typed ->> 'phone', 'claim'); end if;
        v_value := core.email_norm(c.typed ->> 'email');
        if v_value is not null then perform core.contact_take(p_party, c.dealer_id, 'EMAIL', v_value, c.typed ->> 'email', 'claim'); end if;
        perform core.consents_take(p_party, c.dealer_id, c.typed, 'claim');
        perform core.lead_announce(made);
        perform core.notify(c.staff_id, 'N12', d.public_id::text, p_party || ':' || p_brand || ':' || p_line || ':' || made.ownership_id);
        perform core.ledger_add('claim.try', made.public_id::text, p_party, 'R15', '{}', p_brand, p_line);
        return made;
    end loop;
    return null;
end $$;
comment on function core.claim_next(bigint, smallint, core.line, bigint) is $$
Offer a free person to the dealer who has waited longest; his claim is used up. When he lets the offer go by, the next is tried.
out: the offer, NULL when nobody waits or somebody holds the person    source: R15, R34, N12$$;
