-- SPDX-License-Identifier: Apache-2.0
-- Credit of sales (R84): each side its own share, the arbiter and the auditor both.

create type api.credit as (id uuid, side text, document text, on_day date, brand_id int, line core.line, own_bp int, state text, rule text, facts json,
    person_id uuid, seller text, other text, dispute_id uuid, can_dispute boolean, cursor_ text);

create function core.credit_rows(p_only uuid, p_limit int, p_after text)
returns setof api.credit language sql stable set search_path = '' as $$
select c.public_id, case when d.id is null then 'both' when c.seller_id = d.id then 'seller' else 'other' end,
    case when d.id is null or c.seller_id = d.id then s.number end, core.dealer_local_on(coalesce(d.id, 0), c.at), c.brand_id::int, c.line,
    case when c.seller_id = d.id or d.id is null then c.seller_bp else c.other_bp end,
    case when c.state = 'DISPUTED' and x.state in ('FINAL', 'REJECTED', 'WITHDRAWN', 'DECIDED') then 'RULED' else c.state end, c.rule,
    case when d.id is distinct from c.seller_id then c.facts::json end,
    (select p.public_id from core.party p join core.dealer_party y on y.dealer_id = d.id and y.party_id = p.party_id where p.party_id = c.party_id),
    case when d.id is null then a.name end, case when d.id is null then b.name end, case when core.dispute_side(x) is not null then x.public_id end,
    d.id is not null and session.role_bit() = 16 and c.state = 'RULED'
        and core.now() < core.working_days_end(d.id, c.at, core.policy_int('R100.file')) + core.outage_since(c.at), core.cursor_make(c.credit_id::text, c.public_id)
from (select session.dealer() as id) d
cross join core.credit c
join core.dealer a on a.dealer_id = c.seller_id join core.dealer b on b.dealer_id = c.other_id
left join core.sale s on s.sale_id = c.sale_id left join core.dispute x on x.dispute_id = c.dispute_id
where (d.id is null or d.id in (c.seller_id, c.other_id)) and (p_only is null or c.public_id = p_only) and c.credit_id < coalesce(core.cursor_part(p_after, 1)::bigint, 9223372036854775807)
order by c.credit_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function core.credit_rows(uuid, int, text) is
'Credits as the caller may read them, one or a page. A side may dispute while a dispute would be admissible (R100), in working days and without outages (R17).';

create function api.credits_list(p_limit int default null, p_after text default null)
returns setof api.credit language sql stable security definer set search_path = '' as $$
select * from core.credit_rows(null, p_limit, p_after) $$;
comment on function api.credits_list is $$
Sales of customers whom two dealers worked, and who counts them, the newest first.
out: side seller | other | both; own_bp - the caller's share in 1/10000 (head office: the seller's); dispute_id when the caller may read it; a dealer never
    learns who the other is
rule: R84, R105 $$;

create function api.credit_dispute(p_credit_id uuid, p_claim core.long_text, p_evidence_ids uuid[] default null) returns api.credit
language plpgsql volatile security definer set search_path = '' as $$
declare c core.credit; v_right bigint; x core.dispute; d int := session.dealer(); r api.credit;
begin
    select y.* into c from core.credit y where y.public_id = p_credit_id for update;
    if c.credit_id is null or d is null or d not in (c.seller_id, c.other_id) then perform core.fail('ZC404'); end if;
    if coalesce(btrim(p_claim), '') = '' then perform core.fail('ZC057', 'claim'); end if;
    if c.state <> 'RULED' then perform core.fail('ZC084', null, jsonb_build_object('state', c.state)); end if;
    select o.ownership_id into v_right from core.ownership o where o.party_id = c.party_id and o.brand_id = c.brand_id and o.line = c.line
    order by o.state <> 'CLOSED' desc, o.ownership_id = c.ownership_id desc, o.dealer_id = c.seller_id desc limit 1;
    if v_right is null then perform core.fail('ZC104'); end if;
    x := core.dispute_file('credit', v_right, d, case when d = c.seller_id then c.other_id else c.seller_id end, session.staff(), c.at, p_claim,
        core.evidence_own(coalesce(p_evidence_ids, '{}'), d));
    if x.dispute_id is null then perform core.fail('ZC084', null, '{"state": "DISPUTED"}'); end if;
    update core.credit y set state = 'DISPUTED', dispute_id = x.dispute_id where y.credit_id = c.credit_id;
    select l.* into r from core.credit_rows(p_credit_id, 1, null) l;
    return r;
end $$;
comment on function api.credit_dispute is $$
Dispute the shares of a sale; the customer and the right are not in dispute.
in: credit_id; claim; evidence_ids of one's own    out: the credit
errors: not-found, reason-missing, credit-disputed, and those of disputes    rule: R83, R84, R100 $$;
