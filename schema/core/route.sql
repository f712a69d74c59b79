-- SPDX-License-Identifier: Apache-2.0
-- The routing of a lead (R40-R46) in three parts: core.route_inputs gathers what is known, core.route_decide applies the order of rules,
-- core.wheel_turn picks by smooth weighted round robin. The last two are IMMUTABLE and see nothing but the inputs: a stored decision is
-- replayed by calling them again (R42, R48). Inputs hold numbers of dealers, counts and weights; no person.

create function core.dealer_facts(p_dealers int[], p_brand smallint, p_line core.line, p_tried int[], p_model smallint) returns jsonb
language plpgsql stable as $$
begin
    return (select coalesce(jsonb_object_agg(d.dealer_id::text, jsonb_strip_nulls(jsonb_build_object(
            'share', coalesce(s.share, 100), 'capacity', s.capacity, 'open', x.n, 'quality', coalesce(q.factor, 100),
            'stock', case when p_model is not null then exists (select from core.dealer_stock k where k.dealer_id = d.dealer_id and k.model_id = p_model
                and k.cars > 0 and k.due_on <= core.today() + core.policy_int('R43.stock')) end,
            'out', case when not d.is_active then 'inactive' when d.routing_stop is not null then 'suspended'
                when not exists (select from core.dealer_brand b where b.dealer_id = d.dealer_id and b.brand_id = p_brand and b.line = p_line) then 'no_brand'
                when d.dealer_id = any (p_tried) then 'refused' when x.n >= s.capacity then 'full' end))), '{}')
    from core.dealer d
    left join lateral core.share_of(d.dealer_id, p_brand, p_line, core.today()) s on true
    left join core.dealer_quality q on q.dealer_id = d.dealer_id and q.brand_id = p_brand and q.line = p_line
    cross join lateral (select count(*)::int as n from core.ownership o where o.dealer_id = d.dealer_id and o.brand_id = p_brand and o.line = p_line
        and (o.state = 'OFFERED' or (o.state = 'ACTIVE' and o.first_contact_at is null and o.contact_until is not null)) and core.is_lead(o.source, o.accept_until)) x
    where d.dealer_id = any (p_dealers) and d.dealer_id > 0);
end $$;
comment on function core.dealer_facts(int[], smallint, core.line, int[], smallint) is $$
What routing weighs of each dealer: share, capacity and open leads, quality, stock of the model, and why he is out (R46).
out: {"<dealer>": {share, capacity, open, quality, stock, out}}    source: R42, R43, R46$$;

create function core.lead_place(l core.lead) returns core.place
language plpgsql stable as $$
declare given core.place;
begin
    given := core.place_read(l.city, null, l.postal_code, 'given');
    given.region_code := coalesce(l.region_code, given.region_code);
    if l.at_point is not null then given.lon := l.at_point[0]; given.lat := l.at_point[1]; end if;
    if coalesce(given.region_code, given.postal_code) is not null or given.lon is not null then given.known_by := 'given'; end if;
    return core.place_of(l.party_id, given);
end $$;
comment on function core.lead_place(core.lead) is 'The place of the person of a lead. source: R41';

create function core.route_inputs(l core.lead) returns jsonb
language plpgsql stable as $$
declare p core.place := core.lead_place(l); i jsonb; v_all int[]; v_near jsonb; own record; r core.region;
begin
    select o.dealer_id, o.state::text as state into own from core.ownership o
    where o.party_id = l.party_id and o.brand_id = l.brand_id and o.line = l.line and o.state <> 'CLOSED' order by o.vehicle_id nulls first limit 1;
    i := jsonb_build_object('brand', l.brand_id, 'line', l.line, 'on', core.today(), 'region', p.region_code, 'place', p.known_by, 'model', l.model_id,
        'existing', case when found then jsonb_build_object('dealer', own.dealer_id, 'state', own.state) end,
        'named', l.named_dealer_id, 'refusals', l.refusals, 'tried', to_jsonb(l.tried), 'late', core.now() >= l.due_at,
        'limits', jsonb_build_object('refusals', core.policy_int('R45.refusals')),
        'first', (select jsonb_agg(f.dealer_id order by f.dealer_id) from core.first_refusal(l.party_id, l.brand_id, l.line) f),
        'service', (select jsonb_agg(x.dealer_id order by x.last_on desc, x.dealer_id) from (
            select w.dealer_id, max(w.opened_on) as last_on from core.repair_order w where w.party_id = l.party_id and w.is_paid
              and (w.brand_id is null or w.brand_id = l.brand_id) and w.opened_on > core.today() - make_interval(months => core.policy_int('P9.aftersales'))
            group by w.dealer_id) x),
        'seller', (select jsonb_agg(x.dealer_id order by x.last_on desc, x.dealer_id) from (
            select s.dealer_id, max(s.sold_on) as last_on from core.sale s where s.party_id = l.party_id and s.brand_id = l.brand_id
              and s.sold_on > core.today() - make_interval(months => core.policy_int('P8.sales')) group by s.dealer_id) x),
        'family', core.family_owner(l.party_id, l.brand_id, l.line),
        'referrer', case when l.referrer_id is not null then (select o.dealer_id from core.ownership o join core.line_group g on g.line = o.line
            join core.line_group asked on asked.grp = g.grp and asked.line = l.line
            where o.party_id = l.referrer_id and o.brand_id = l.brand_id and o.state in ('ACTIVE', 'HELD', 'CUSTOMER') and o.dealer_id > 0
            order by (o.line = l.line) desc, o.since limit 1) end,
        'territory', (select jsonb_agg(jsonb_build_array(t.dealer_id, t.piece) order by t.dealer_id) from core.territory_of(l.brand_id, l.line, core.today(), p) t));
    if p.lon is null then select * into r from core.region x where x.code = p.region_code; p.lon := r.lon; p.lat := r.lat; end if;
    select jsonb_agg(jsonb_build_array(n.dealer_id, n.km) order by n.km, n.dealer_id) into v_near from (
        select d.dealer_id, core.distance_km(p.lon, p.lat, coalesce(d.lon, c.lon, g.lon), coalesce(d.lat, c.lat, g.lat)) as km
        from core.dealer d join core.dealer_brand b on b.dealer_id = d.dealer_id and b.brand_id = l.brand_id and b.line = l.line
        left join core.city c on c.name = d.city left join core.region g on g.code = d.region_code
        where d.dealer_id > 0 and d.is_active) n
    where n.km <= core.policy_int('R40.near_km');
    i := jsonb_strip_nulls(i || jsonb_build_object('near', v_near));
    select array_agg(distinct x.d::int) into v_all from (
        select i ->> 'named' union all select i ->> 'family' union all select i ->> 'referrer'
        union all select e #>> '{}' from jsonb_array_elements(coalesce(i -> 'first', '[]') || coalesce(i -> 'service', '[]') || coalesce(i -> 'seller', '[]')) e
        union all select e ->> 0 from jsonb_array_elements(coalesce(i -> 'territory', '[]') || coalesce(i -> 'near', '[]')) e) x(d) where x.d is not null;
    return i || jsonb_build_object('dealers', core.dealer_facts(v_all, l.brand_id, l.line, l.tried, l.model_id));
end $$;
comment on function core.route_inputs(core.lead) is $$
Everything the order of rules looks at, as it stands now. Only numbers of dealers, a region and how it is known.
out: {brand, line, on, region, place, model, existing, named, first, service, seller, family, referrer, territory [[dealer, piece]],
    near [[dealer, km]], dealers {…}, tried, refusals, late, limits}    cost: a dozen index probes and one walk over the dealers of a brand
source: R40, R41$$;

create function core.route_weight(p_facts jsonb) returns int
language sql immutable as $$
select (p_facts ->> 'share')::int * (p_facts ->> 'quality')::int
       * case when p_facts ->> 'capacity' is null then 100
              else greatest(1, ((p_facts ->> 'capacity')::int - (p_facts ->> 'open')::int) * 100 / greatest(1, (p_facts ->> 'capacity')::int)) end / 100 $$;
comment on function core.route_weight(jsonb) is 'Weight of a dealer: agreed share x capacity left in percent x quality factor; whole numbers, so that it is the same everywhere. source: R42';

create function core.route_decide(p_inputs jsonb) returns jsonb
language plpgsql immutable as $$
declare v_path jsonb := '[]'; s record; v_in int[]; v_ok int[]; v_stock int[]; v_weights jsonb; d int;
begin
    if p_inputs -> 'existing' is not null then
        d := (p_inputs #>> '{existing,dealer}')::int;
        return jsonb_build_object('step', 1, 'rule', case d when 0 then 'R2' else 'R40' end, 'result', case d when 0 then 'desk' else 'owner' end, 'dealer', d,
            'path', jsonb_build_array(jsonb_build_object('step', 1, 'rule', 'R40', 'result', 'hit', 'dealers', jsonb_build_array(jsonb_build_array(d)))));
    end if;
    if (p_inputs ->> 'late')::boolean or (p_inputs ->> 'refusals')::int >= (p_inputs #>> '{limits,refusals}')::int then
        return jsonb_build_object('step', 8, 'rule', 'R45', 'result', 'desk', 'path', v_path);
    end if;
    for s in select * from (values
            (1, 'R35', coalesce(p_inputs -> 'first', '[]'), true),
            (2, 'R40', jsonb_build_array(p_inputs -> 'named'), false),
            (3, 'R40', coalesce(p_inputs -> 'service', '[]'), false),
            (4, 'R40', coalesce(p_inputs -> 'seller', '[]'), false),
            (5, 'R61', jsonb_build_array(p_inputs -> 'family'), false),
            (5, 'R39', jsonb_build_array(p_inputs -> 'referrer'), false),
            (6, 'R41', coalesce(p_inputs -> 'territory', '[]'), true),
            (7, 'R40', coalesce(p_inputs -> 'near', '[]'), false)) v(step, rule, list, is_turn) loop
        select array_agg(x.d order by x.n) into v_in from (
            select case jsonb_typeof(e) when 'array' then e ->> 0 else e #>> '{}' end::int as d, n
            from jsonb_array_elements(s.list) with ordinality y(e, n) where e <> 'null') x;
        continue when v_in is null;
        if v_in[1] = 0 then                                  -- a company that head office keeps (R64, R75)
            return jsonb_build_object('step', s.step, 'rule', 'R64', 'result', 'desk', 'dealer', 0,
                'path', v_path || jsonb_build_object('step', s.step, 'rule', 'R64', 'result', 'hit', 'dealers', '[[0]]'::jsonb));
        end if;
        -- R46: out of routing; a share of nothing takes no turn
        select array_agg(x.d order by x.n) into v_ok from unnest(v_in) with ordinality x(d, n)
        where p_inputs #> array['dealers', x.d::text] is not null and p_inputs #>> array['dealers', x.d::text, 'out'] is null
          and not (s.is_turn and core.route_weight(p_inputs #> array['dealers', x.d::text]) = 0);
        -- R43: who has the model comes first inside the step
        select array_agg(x.d order by x.n) into v_stock from unnest(v_ok) with ordinality x(d, n)
        where (p_inputs #>> array['dealers', x.d::text, 'stock'])::boolean;
        v_path := v_path || jsonb_strip_nulls(jsonb_build_object('step', s.step, 'rule', s.rule,
            'result', case when v_ok is null then 'out' else 'hit' end, 'stock', case when v_stock is not null then true end,
            'dealers', (select jsonb_agg(jsonb_build_array(x.d, p_inputs #>> array['dealers', x.d::text, 'out']) order by x.n)
                        from unnest(v_in) with ordinality x(d, n))));
        continue when v_ok is null;
        v_ok := coalesce(v_stock, v_ok);
        if not s.is_turn then v_ok := v_ok[1:1]; end if;     -- the latest visit, the nearest
        if cardinality(v_ok) = 1 then
            return jsonb_build_object('step', s.step, 'rule', s.rule, 'result', 'offer', 'dealer', v_ok[1], 'path', v_path);
        end if;
        select jsonb_object_agg(x.d::text, core.route_weight(p_inputs #> array['dealers', x.d::text])) into v_weights from unnest(v_ok) x(d);
        return jsonb_build_object('step', s.step, 'rule', s.rule, 'result', 'turn', 'weights', v_weights, 'path', v_path);
    end loop;
    return jsonb_build_object('step', 8, 'rule', 'R40', 'result', 'desk', 'path', v_path);
end $$;
comment on function core.route_decide(jsonb) is $$
The order of R40, first hit wins, over stored inputs and nothing else.
out: {step 1-8, rule, result owner | offer | turn | desk, dealer (not for turn), weights (for turn), path: every step tried with its
    dealers and why each was out}    source: R40-R46$$;

create function core.wheel_turn(p_state jsonb, p_weights jsonb, out state jsonb, out chosen int)
language plpgsql immutable as $$
declare v_sum bigint;
begin
    select sum(w.value::bigint) into v_sum from jsonb_each_text(p_weights) w;
    select w.key::int into chosen from jsonb_each_text(p_weights) w
    order by coalesce((p_state ->> w.key)::bigint, 0) + w.value::bigint desc, w.key::int limit 1;
    select jsonb_object_agg(w.key, coalesce((p_state ->> w.key)::bigint, 0) + w.value::bigint - case when w.key::int = chosen then v_sum else 0 end)
    into state from jsonb_each_text(p_weights) w;
end $$;
comment on function core.wheel_turn(jsonb, jsonb) is $$
One turn of the smooth weighted round robin: everybody gains his weight, the fullest is chosen and pays the sum; the lower number wins a tie.
in: p_state {"<dealer>": credit}, p_weights {"<dealer>": weight > 0}    out: the new state, who is chosen    source: R42$$;

create function core.route_wheel(p_brand smallint, p_line core.line, p_weights jsonb) returns text
language sql immutable as $$
select p_brand || ':' || p_line || ':' || (select string_agg(k, ',' order by k::int) from jsonb_object_keys(p_weights) k) $$;
comment on function core.route_wheel(smallint, core.line, jsonb) is 'Name of the wheel of a set of candidates: brand, line and their numbers.';

create function core.route_replay(p_decision bigint) returns text
language plpgsql stable as $$
declare r core.route_decision; t record; v_was jsonb;
begin
    select * into strict r from core.route_decision d where d.decision_id = p_decision;
    if core.route_decide(r.inputs) <> r.outcome then return 'another outcome'; end if;
    if r.wheel is null then
        return case when r.staff_id is not null or r.dealer_id is not distinct from nullif((r.outcome ->> 'dealer')::int, 0) then 'same' else 'another dealer' end;
    end if;
    select d.wheel_is into v_was from core.route_decision d where d.wheel = r.wheel and d.decision_id < r.decision_id order by d.decision_id desc limit 1;
    if coalesce(v_was, '{}') <> r.wheel_was then return 'another state before'; end if;
    select * into t from core.wheel_turn(r.wheel_was, r.outcome -> 'weights');
    return case when t.chosen <> r.dealer_id then 'another dealer' when t.state <> r.wheel_is then 'another state after' else 'same' end;
end $$;
comment on function core.route_replay(bigint) is $$
Decide a stored decision again from its inputs, and check that its wheel goes on where the one before it stopped.
out: 'same', else what differs    source: R42, R48$$;
