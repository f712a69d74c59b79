-- SPDX-License-Identifier: Apache-2.0
-- Leads of today, routed by the product itself, with its triggers on: offers that run, and some for head office's desk.

do $$
declare p record; l core.lead;
begin
    for p in select x.party_id, row_number() over (order by x.party_id) as n from core.party x
             where x.is_pool and x.kind = 'PERSON' and not x.is_opted_out and x.city is not null order by x.party_id limit 16 loop
        l := core.lead_take(p.party_id, (1 + p.n % 3)::smallint, case when p.n % 4 = 0 then 'USED' else 'NEW' end::core.line, 'web_request',
            (select m.name from core.model m where m.brand_id = 1 + p.n % 3 order by m.model_id offset p.n % 3 limit 1));
        if p.n % 5 = 0 then        -- nobody can place him: the desk
            update core.lead x set refusals = core.policy_int('R45.refusals') where x.lead_id = l.lead_id;
        end if;
        perform core.lead_route(l.lead_id);
    end loop;
end $$;
