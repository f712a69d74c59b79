-- SPDX-License-Identifier: Apache-2.0
-- Service rights on the move (R72): the present owner sees that his customer is served elsewhere, not where; he may object.

create type api.service_move as (id uuid, person_id uuid, name text, brand_id int, vehicle text, is_leaving boolean, rule text, state text,
    announced_at timestamptz, object_until timestamptz, ended_at timestamptz, objection text, from_dealer text, to_dealer text, cursor_ text);

create function api.service_moves_list(p_state text default null, p_limit int default null, p_after text default null) returns setof api.service_move
language sql stable security definer set search_path = '' as $$
    select m.public_id, p.public_id, case when core.level_for(m.party_id) >= 'MASKED' then p.name::text end, m.brand_id::int,
        case when core.level_for(m.party_id) = 'FULL' then concat_ws(' ', b.name, v.model) end,
        session.dealer() = m.from_dealer_id, m.rule, m.state, m.announced_at, m.object_until, m.ended_at,
        case when session.dealer() is null or session.dealer() = m.from_dealer_id then m.objection::text end,
        case when session.dealer() is null then f.name end, case when session.dealer() is null then t.name end,
        m.move_id::text
    from core.service_move m join core.party p on p.party_id = m.party_id
    join core.dealer f on f.dealer_id = m.from_dealer_id join core.dealer t on t.dealer_id = m.to_dealer_id
    left join core.vehicle v on v.vehicle_id = m.vehicle_id left join core.brand b on b.brand_id = m.brand_id
    where (session.role_bit() in (4, 8)
           or (session.role_bit() = 16 and (m.from_dealer_id = session.dealer() or (m.to_dealer_id = session.dealer() and m.state = 'MOVED'))))
      and (p_state is null or m.state = p_state)
      and m.move_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
    order by m.move_id desc limit least(coalesce(p_limit, 50), 100)
$$;
comment on function api.service_moves_list is $$
Service customers that leave, newest first: a manager's own, and those that came to him; routers and arbiters all.
in: state ANNOUNCED | OBJECTED | MOVED | VOID    out: the other dealer is named to head office only    rule: R72, R133 $$;

create function api.service_move_object(p_move_id uuid, p_reason core.short_text) returns api.service_move
language plpgsql volatile security definer set search_path = '' as $$
declare m core.service_move; r api.service_move;
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    select x.* into m from core.service_move x where x.public_id = p_move_id and x.from_dealer_id = session.dealer() for update;
    if m.move_id is null then perform core.fail('ZC404'); end if;
    if m.state <> 'ANNOUNCED' or m.object_until <= core.now() then
        perform core.fail('ZC072', null, jsonb_build_object('state', m.state));
    end if;
    update core.service_move x set state = 'OBJECTED', objection = p_reason, dispute_id = core.move_dispute(m, p_reason) where x.move_id = m.move_id;
    perform core.ledger_add('service.object', m.public_id::text, m.party_id, 'R72', '{}', m.brand_id, 'SERVICE');
    select x.* into r from api.service_moves_list() x where x.id = p_move_id;
    return r;
end $$;
comment on function api.service_move_object is $$
Object to a move within five working days: a dispute decides, and the right stays until then.
in: move_id, reason    out: the move    errors: not-found, reason-missing, move-ended    rule: R72, R100 $$;
