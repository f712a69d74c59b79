-- SPDX-License-Identifier: Apache-2.0
-- Lines of work orders, as the dealer's system sent them: labour and parts.

create type api.order_line as (position_no int, code text, what text, is_work boolean, quantity text, price_kopecks bigint, amount_kopecks bigint,
    cursor_ text);

create function api.order_lines_list(p_order_id uuid, p_limit int default null, p_after text default null)
returns setof api.order_line language sql stable begin atomic
    select l.position::int, l.code, l.what::text, l.is_work, trim_scale(l.quantity)::text, l.price_kopecks::bigint, l.amount_kopecks::bigint, l.position::text
    from core.repair_order o join core.repair_order_line l on l.order_id = o.order_id
    where o.public_id = p_order_id and l.position > coalesce(nullif(p_after, '')::int, 0)
    order by l.position limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.order_lines_list is $$
The lines of a work order of the calling dealer, for whom the person is in full sight.
in: order_id    out: position_no, code, what, is_work (labour, else a part), quantity (hours or pieces), price and amount in kopecks
errors: none: a foreign order has no lines    rule: D.14, R157 $$;
