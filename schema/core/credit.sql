-- SPDX-License-Identifier: Apache-2.0
-- Who counts a sale (R84): the seller, all of it; unless the dealer who had the customer worked him in the last 14 days with a live offer,
-- then both by policy. Decided by rule at once; what remains open is a dispute about credit, never about the customer (R83).

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R84.days', '2000-01-01', 14, 'day', 1, 90), ('R84.offer', '2000-01-01', 30, 'day', 1, 180),     -- how long an offer lives
  ('R84.split', '2000-01-01', 50, 'percent', 0, 100),                                            -- the share of who had him
  ('R84.look_back', '2000-01-01', 30, 'day', 1, 180)                                             -- a sale elsewhere before a loss
on conflict (name, valid_from) do nothing;

create function core.credit_facts(p_party bigint, p_line core.line, p_other int, p_at timestamptz) returns jsonb
language plpgsql stable as $$
begin
    return (select jsonb_strip_nulls(jsonb_build_object(
        'activity_on', core.dealer_local_on(p_other, max(i.at) filter (where i.is_qualifying and i.at > p_at - make_interval(days => core.policy_int('R84.days')))),
        'offer_on', core.dealer_local_on(p_other, max(i.at) filter (where i.kind = 'OFFER'))))
        from core.interaction i where i.party_id = p_party and i.dealer_id = p_other and i.at <= p_at
          and core.is_of_line(i.kind, p_line) and i.at > p_at - make_interval(days => greatest(core.policy_int('R84.offer'), core.policy_int('R84.days'))));
end $$;
comment on function core.credit_facts(bigint, core.line, int, timestamptz) is
'What speaks for a share of the dealer who had the customer: day of his last qualifying activity, day of his live offer. Absent = no. source: R84';

create function core.credit_rule(p_party bigint, p_brand smallint, p_line core.line, p_seller int, p_other int, p_ownership bigint, p_sale bigint, p_at timestamptz)
returns core.credit language plpgsql volatile as $$
declare c core.credit; f jsonb := core.credit_facts(p_party, p_line, p_other, p_at); is_split boolean := f ? 'activity_on' and f ? 'offer_on';
begin
    insert into core.credit (party_id, brand_id, line, seller_id, other_id, ownership_id, sale_id, seller_bp, facts)
    values (p_party, p_brand, p_line, p_seller, p_other, p_ownership, p_sale, 10000 - case when is_split then core.policy_int('R84.split') * 100 else 0 end, f)
    on conflict do nothing returning * into c;
    if c.credit_id is not null then
        perform core.ledger_add('credit.rule', c.public_id::text, p_party, 'R84', jsonb_build_object('seller_bp', c.seller_bp), p_brand, p_line);
    end if;
    return c;
end $$;
comment on function core.credit_rule(bigint, smallint, core.line, int, int, bigint, bigint, timestamptz) is $$
Decide by rule who counts a sale of a customer whom another dealer had, once.
in: seller, other; the seller's right by order or the sale; when it was signed    out: the credit, NULL when it was decided before    source: R4, R84$$;

create function core.credit_sold() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
    if not exists (select from new_rows n where n.sold_on > core.now()::date - 60) then return null; end if;      -- a load of history
    update core.credit c set sale_id = n.sale_id from new_rows n join core.ownership o on o.party_id = n.party_id and o.brand_id = n.brand_id
        and o.line = n.line and o.dealer_id = n.dealer_id
    where c.ownership_id = o.ownership_id and c.sale_id is null and o.state <> 'CLOSED';
    perform core.credit_rule(n.party_id, n.brand_id, n.line, n.dealer_id, o.dealer_id, null, n.sale_id, core.now())
    from new_rows n join core.ownership o on o.party_id = n.party_id and o.brand_id = n.brand_id and o.line = n.line
    where n.sold_on > core.now()::date - 60 and o.dealer_id <> n.dealer_id and o.dealer_id > 0 and o.state in ('ACTIVE', 'HELD', 'CUSTOMER', 'GRACE', 'DISPUTED')
      and not exists (select from core.credit c where c.sale_id = n.sale_id);
    return null;
end $$;
comment on function core.credit_sold() is 'Trigger of core.sale: the sale finds the credit of its order, or has one decided when another dealer has the customer. source: R84';
create trigger credit_sold after insert on core.sale referencing new table as new_rows for each statement execute function core.credit_sold();

create function core.credit_checked() returns trigger
language plpgsql security definer set search_path = '' as $$
declare f record; s core.sale;
begin
    for f in select n.* from new_rows n where n.kind = 'credit_check' loop
        select x.* into s from core.sale x where x.party_id = f.party_id and x.brand_id = f.brand_id and x.dealer_id <> f.dealer_id
            and not core.is_aftersales(x.line) and x.sold_on > core.now()::date - core.policy_int('R84.look_back') order by x.sold_on desc, x.sale_id desc limit 1;
        if s.sale_id is null then continue; end if;    -- not told by any document yet: head office looks
        perform core.credit_rule(f.party_id, f.brand_id, f.line, s.dealer_id, f.dealer_id, null, s.sale_id, s.recorded_at);
        update core.follow_up x set state = 'DONE', decided_at = core.now(), note = 'R84' where x.follow_id = f.follow_id;
    end loop;
    return null;
end $$;
comment on function core.credit_checked() is 'Trigger of core.follow_up: lost as bought elsewhere in the network, the sale there decides the credit. source: R57, R84';
create trigger credit_checked after insert on core.follow_up referencing new table as new_rows for each statement execute function core.credit_checked();

create function core.credit_of(d core.dispute) returns core.credit
language plpgsql stable set search_path = '' as $$
begin
    return (select c from core.credit c where c.dispute_id = d.dispute_id);
end $$;
comment on function core.credit_of(core.dispute) is 'The credit a dispute is about. out: the row, empty for other kinds. source: R84';

create function core.credit_case(d core.dispute) returns jsonb
language plpgsql stable set search_path = '' as $$
declare c core.credit := core.credit_of(d); f jsonb; v_seller int := 10000; v_now int; v_due int;
begin
    -- what the network recorded and what the former owner shows here count alike, except what an arbiter found false
    select jsonb_strip_nulls(jsonb_build_object(
        'activity_on', core.dealer_local_on(c.other_id, max(x.at) filter (where x.is_two_sided and x.at > c.at - make_interval(days => core.policy_int('R84.days')))),
        'offer_on', core.dealer_local_on(c.other_id, max(x.at) filter (where x.is_offer and x.at > c.at - make_interval(days => core.policy_int('R84.offer'))))))
    into f from (
        select i.at, i.is_qualifying as is_two_sided, i.kind = 'OFFER' as is_offer, i.public_id as ref from core.interaction i
        where i.party_id = any (core.party_all(c.party_id)) and i.dealer_id = c.other_id and core.is_of_line(i.kind, c.line)
        union all
        select e.happened_at, k.weight >= 30, e.kind = 'offer', e.public_id from core.dispute_evidence y
        join core.evidence e on e.evidence_id = y.evidence_id join core.evidence_kind k on k.kind = e.kind
        where y.dispute_id = d.dispute_id and y.dealer_id = c.other_id) x
    where x.at <= c.at and not exists (select from core.dispute_finding g where g.dispute_id = d.dispute_id and g.ref = x.ref);
    if f ? 'activity_on' and f ? 'offer_on' then v_seller := 10000 - core.policy_int('R84.split') * 100; end if;
    v_due := case when d.claimant_id = c.seller_id then v_seller else 10000 - v_seller end;
    v_now := coalesce((d.facts ->> 'ruled_bp')::int, case when d.claimant_id = c.seller_id then c.seller_bp else c.other_bp end);
    return jsonb_build_object('claimant', core.dispute_facts_of(d, d.claimant_id), 'owner', core.dispute_facts_of(d, d.owner_id), 'accepted', d.is_accepted,
        'shown', f, 'ruled_bp', v_now, 'outcome', case when v_due > v_now then 'CLAIMANT' else 'OWNER' end, 'step', 'credit', 'credit_bp', v_due);
end $$;
comment on function core.credit_case(core.dispute) is $$
What the rule of the credit gives when the evidence of both sides is counted with what was recorded: who has the customer's right does not matter,
nor does the order, for the seller has both.
out: as core.dispute_facts; step credit; shown {activity_on, offer_on} of who had the customer; ruled_bp the claimant's share before the dispute;
    credit_bp his share by the rule    source: R84, R104$$;

create function core.credit_share(d core.dispute, p_facts jsonb, p_outcome core.dispute_outcome) returns int
language plpgsql stable set search_path = '' as $$
declare v_ruled int := (p_facts ->> 'ruled_bp')::int; v_split int := core.policy_int('R84.split') * 100;
begin
    if d.claimant_id = (core.credit_of(d)).seller_id then v_split := 10000 - v_split; end if;
    return case when p_outcome::text = p_facts ->> 'outcome' then (p_facts ->> 'credit_bp')::int
        when p_outcome = 'OWNER' or v_ruled = 10000 then v_ruled
        when v_ruled < v_split then v_split else 10000 end;
end $$;
comment on function core.credit_share(core.dispute, jsonb, core.dispute_outcome) is $$
The claimant's share when who decides names none: by the rule as proposed; what he had when a departure leaves it; the next step up (the split, then
all of it) when a departure gives it to him.    in: facts of core.credit_case    out: 1/10000    source: R84, R107$$;

create function core.credit_decided(p_dispute bigint, p_claimant int, p_claimant_bp int) returns void
language plpgsql volatile as $$
declare c core.credit;
begin
    update core.credit x set seller_bp = case when x.seller_id = p_claimant then p_claimant_bp else 10000 - p_claimant_bp end, state = 'DECIDED',
        rule = 'R107', decided_by = session.staff(), decided_at = core.now()
    where x.dispute_id = p_dispute returning x.* into c;
    if c.credit_id is not null then
        perform core.ledger_add('credit.decide', c.public_id::text, c.party_id, 'R107', jsonb_build_object('seller_bp', c.seller_bp), c.brand_id, c.line);
    end if;
end $$;
comment on function core.credit_decided(bigint, int, int) is 'What an arbiter decides about a credit. in: the dispute, its claimant, his share in 1/10000. source: R84, R107';

create function core.credit_void(p_right core.ownership) returns void
language plpgsql volatile set search_path = '' as $$
declare c core.credit;
begin
    for c in update core.credit x set seller_bp = case when x.other_id = p_right.dealer_id then 10000 else 0 end, rule = 'R38', decided_at = core.now(),
            decided_by = session.staff(), state = case x.state when 'DISPUTED' then x.state else 'DECIDED' end
        where x.party_id = p_right.party_id and x.brand_id = p_right.brand_id and x.line = p_right.line
          and ((x.other_id = p_right.dealer_id and x.seller_bp < 10000 and x.at >= p_right.since
                and not exists (select from core.ownership_history n where n.party_id = x.party_id and n.brand_id = x.brand_id and n.line = x.line
                                and n.dealer_id = x.other_id and n.ownership_id > p_right.ownership_id and n.since <= x.at))
            or (x.ownership_id = p_right.ownership_id and x.sale_id is null and x.seller_bp > 0)) returning x.* loop
        perform core.ledger_add('credit.void', c.public_id::text, c.party_id, 'R38', jsonb_build_object('seller_bp', c.seller_bp), c.brand_id, c.line);
    end loop;
end $$;
comment on function core.credit_void(core.ownership) is $$
Reverse what a void right counted: a share of another's sale goes back to the seller; an order that never became a sale counts for the other side.
A sale with its document stays the seller's. A running dispute about the shares goes on from there.
in: the void right    source: R38, R84$$;
