-- SPDX-License-Identifier: Apache-2.0
-- A dealer's waiting claims (R34): whom it waits for, as it typed him; never who has him.

create type api.waiting_claim as (id uuid, name text, phone text, email text, vin text, brand_id int, line core.line, staff_name text, at timestamptz,
    claim_from date, cursor_ text);

create function api.waiting_claims_list(p_limit int default null, p_after text default null)
returns setof api.waiting_claim language sql stable begin atomic
    select c.public_id, c.typed ->> 'surname', c.typed ->> 'phone', c.typed ->> 'email', c.typed ->> 'vin', c.brand_id::int, c.line, s.name, c.at,
        c.claim_from, core.cursor_make(c.at::text, c.public_id)
    from core.waiting_claim c left join core.staff s on s.staff_id = c.staff_id
    where c.dealer_id = (select session.dealer())
      and ((select session.role_bit()) = 16 or c.staff_id = (select session.staff()))
      and (c.at, c.public_id) > (coalesce(core.cursor_part(p_after, 1)::timestamptz, '-infinity'),
            coalesce(core.cursor_part(p_after, 2)::uuid, '00000000-0000-0000-0000-000000000000'))
    order by c.at, c.public_id limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.waiting_claims_list is $$
Whom the caller waits for, the oldest claim first; a manager sees the dealer's. Claims are tried in the order in which the network got them.
out: what was typed at the claim, and the Monday that was told then    rule: R15, R34 $$;

create function api.waiting_claim_delete(p_claim_id uuid) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare c core.waiting_claim;
begin
    delete from core.waiting_claim x where x.public_id = p_claim_id and x.dealer_id = session.dealer()
      and (session.role_bit() = 16 or x.staff_id = session.staff()) returning x.* into c;
    if c.public_id is null then perform core.fail('ZC404'); end if;
    perform core.ledger_add('claim.withdraw', p_claim_id::text, null, 'R34', '{}', c.brand_id, c.line);
end $$;
comment on function api.waiting_claim_delete is 'Wait no longer. in: claim_id. errors: not-found, also for another dealer''s    rule: R34';
