-- SPDX-License-Identifier: Apache-2.0
-- Permits, campaign by campaign: one dealer's campaign may speak to another's people when their holder lets it (class 5: R71, R88), and to
-- prospects in another's territory when its dealer or head office lets it (class 3: R47).

create type api.permit as (id uuid, campaign text, topic text, text text, asking text, holder text, is_asked boolean, state text, asked_at timestamptz,
    decided_at timestamptz, cursor_ text);

create function core.permit_side() returns int
language sql stable as $$ select case session.role_bit() when 16 then session.dealer() when 4 then 0 end $$;
comment on function core.permit_side() is 'Whose permits the caller decides: a manager his dealer''s, a router head office''s (0). source: R47, R71';

create function core.permit_row(y core.campaign_permit) returns api.permit
language plpgsql stable as $$
begin
    return (select row(y.public_id, k.name, k.topic, coalesce(k.subject, k.script), a.name, h.name, y.dealer_id = core.permit_side(), y.state, y.asked_at,
        y.decided_at, y.permit_id::text)::api.permit
    from core.campaign k join core.dealer a on a.dealer_id = k.dealer_id join core.dealer h on h.dealer_id = y.dealer_id where k.campaign_id = y.campaign_id);
end $$;
comment on function core.permit_row(core.campaign_permit) is 'A permit as both sides see it. source: R71';

create function api.permit_ask(p_campaign_id uuid, p_dealer_id uuid default null) returns api.permit
language plpgsql volatile security definer set search_path = '' as $$
declare k core.campaign := core.campaign_mine(p_campaign_id, array['DRAFT', 'CHECKED']::core.campaign_state[]); v_dealer int; y core.campaign_permit;
begin
    if k.class not in (3, 5) then perform core.fail('ZC402', 'campaign_id', '{"reason": "class"}'); end if;
    if p_dealer_id is null and k.class = 3 then v_dealer := 0;         -- head office, for any territory
    else select d.dealer_id into v_dealer from core.dealer d where d.public_id = p_dealer_id and d.is_active and d.dealer_id not in (0, k.dealer_id); end if;
    if v_dealer is null then perform core.fail('ZC402', 'dealer_id'); end if;
    insert into core.campaign_permit (campaign_id, dealer_id, asked_by) values (k.campaign_id, v_dealer, session.staff())
    on conflict (campaign_id, dealer_id) do nothing returning * into y;
    if y.permit_id is null then
        select x.* into y from core.campaign_permit x where x.campaign_id = k.campaign_id and x.dealer_id = v_dealer;
    else
        perform core.notify_role((case v_dealer when 0 then 'router' else 'manager' end)::core.staff_role, v_dealer, 'N11', y.public_id::text);
        perform core.ledger_add('permit.ask', y.public_id::text, null, case k.class when 3 then 'R47' else 'R71' end, jsonb_build_object('dealer', v_dealer));
    end if;
    return core.permit_row(y);
end $$;
comment on function api.permit_ask is $$
Ask another dealer to let one campaign of class 5 speak to the clients he holds and the caller serves; or, for one of class 3, him or head
office to let it go to prospects who live in his territory.
in: campaign_id - not launched yet; dealer_id - without it head office, for class 3    out: the permit; asked twice it is the same
errors: not-found, campaign-state, bad-field    rule: R47, R71, R88 $$;

create function api.permits_list(p_state text default null, p_limit int default null, p_after text default null) returns setof api.permit
language sql stable security definer set search_path = '' as $$
    select r.* from core.campaign_permit y join core.campaign k on k.campaign_id = y.campaign_id cross join lateral core.permit_row(y) r
    where session.role_bit() in (4, 16) and core.permit_side() in (y.dealer_id, k.dealer_id)
      and (p_state is null or y.state = p_state) and y.permit_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
    order by y.permit_id desc limit least(coalesce(p_limit, 50), 100)
$$;
comment on function api.permits_list is 'Permits that were asked of the dealer and by it, for a router those of head office, newest first. in: state ASKED | GRANTED | REFUSED. out: permits. rule: R47, R71';

create function core.permit_decide(p_permit uuid, p_state text) returns api.permit
language plpgsql volatile set search_path = '' as $$
declare y core.campaign_permit; v_stopped int;
begin
    select x.* into y from core.campaign_permit x where x.public_id = p_permit and x.dealer_id = core.permit_side() for update;
    if y.permit_id is null then perform core.fail('ZC404'); end if;
    if y.state = p_state then return core.permit_row(y); end if;       -- said before: nobody is told again (R141)
    update core.campaign_permit x set state = p_state, decided_by = session.staff(), decided_at = core.now() where x.permit_id = y.permit_id returning x.* into y;
    if p_state = 'REFUSED' then v_stopped := core.campaign_leave(y.campaign_id); end if;
    perform core.notify(y.asked_by, 'N11', y.public_id::text, p_state || to_char(core.now(), 'YYYYMMDDHH24MISSUS'));
    perform core.ledger_add('permit.' || lower(p_state), y.public_id::text, null, (select case k.class when 3 then 'R47' else 'R71' end from core.campaign k where k.campaign_id = y.campaign_id),
        case when v_stopped > 0 then jsonb_build_object('stopped', v_stopped) else '{}' end);
    return core.permit_row(y);
end $$;
comment on function core.permit_decide(uuid, text) is $$
The holder decides, and may change his mind: what is not sent yet stops, for class 3 at once (core.campaign_leave), for class 5 at the gate, which
asks for the permit with each message. A permit is of one campaign and ends with it.    errors: ZC404    source: R47, R88, R93$$;

create function api.permit_grant(p_permit_id uuid) returns api.permit
language plpgsql volatile security definer set search_path = '' as $$
begin
    return core.permit_decide(p_permit_id, 'GRANTED');
end $$;
comment on function api.permit_grant is 'Let the campaign speak to one''s own clients, or go into one''s own territory. in: permit_id. out: the permit. errors: not-found. rule: R47, R71, R88';

create function api.permit_refuse(p_permit_id uuid) returns api.permit
language plpgsql volatile security definer set search_path = '' as $$
begin
    return core.permit_decide(p_permit_id, 'REFUSED');
end $$;
comment on function api.permit_refuse is 'Refuse or take back a permit; what is queued under it is not sent. in: permit_id. out: the permit. errors: not-found. rule: R47, R71, R93';
