-- SPDX-License-Identifier: Apache-2.0
-- "Why this dealer?" (R48): every decision on a lead with the steps tried, who was out and why, the weights, the turn, and what came of it.

create function core.why_dealer(p_dealer int, p_own int) returns json
language sql stable as $$
select case when p_own is null or p_dealer = p_own then (select json_build_object('id', d.public_id, 'name', d.name) from core.dealer d where d.dealer_id = p_dealer) end $$;
comment on function core.why_dealer(int, int) is 'A dealer in an explanation; another dealer is nameless for a dealer. in: p_own NULL for head office';

create function core.why_path(p_path jsonb, p_own int) returns json
language sql stable as $$
select coalesce(json_agg(json_build_object('step', (s ->> 'step')::int, 'rule', s ->> 'rule', 'result', s ->> 'result', 'by_stock', coalesce((s ->> 'stock')::boolean, false),
        'dealers', (select coalesce(json_agg(json_build_object('dealer', core.why_dealer((e ->> 0)::int, p_own),
                'out', case when p_own is null or (e ->> 0)::int = p_own then e ->> 1 end) order by n), '[]')
            from jsonb_array_elements(s -> 'dealers') with ordinality x(e, n) where p_own is null or (e ->> 0)::int = p_own),
        'count', jsonb_array_length(s -> 'dealers')) order by m), '[]')
from jsonb_array_elements(p_path) with ordinality y(s, m) $$;
comment on function core.why_path(jsonb, int) is 'The steps of a decision as a screen tells them; a dealer sees itself and how many there were.';

create function core.why_weights(r core.route_decision, p_own int) returns json
language sql stable as $$
select json_agg(json_build_object('dealer', core.why_dealer(w.key::int, p_own), 'weight', w.value::bigint,
        'share', (f ->> 'share')::int, 'capacity', (f ->> 'capacity')::int, 'open', (f ->> 'open')::int, 'quality', (f ->> 'quality')::int,
        'credit_before', coalesce((r.wheel_was ->> w.key)::bigint, 0), 'credit_after', (r.wheel_is ->> w.key)::bigint) order by w.value::bigint desc, w.key::int)
from jsonb_each_text(r.outcome -> 'weights') w cross join lateral (select r.inputs #> array['dealers', w.key] as f) x
where p_own is null or w.key::int = p_own $$;
comment on function core.why_weights(core.route_decision, int) is 'Shares, capacity, quality and the turn of a decision among several; a dealer sees its own. source: R42';

create function core.why_decision(r core.route_decision, p_own int) returns json
language sql stable as $$
select json_build_object('seq', r.seq, 'at', r.at, 'version', r.version, 'step', r.step, 'rule', r.rule,
    'result', case when r.reason is not null then 'hand' else r.outcome ->> 'result' end, 'reason', r.reason,
    'staff_name', case when p_own is null then (select s.name from core.staff s where s.staff_id = r.staff_id) end,
    'dealer', core.why_dealer(r.dealer_id, p_own), 'region', (select case when session.lang() = 'en' then g.name_en else g.name end from core.region g where g.code = r.inputs ->> 'region'), 'place', r.inputs ->> 'place',
    'refusals', (r.inputs ->> 'refusals')::int, 'is_late', coalesce((r.inputs ->> 'late')::boolean, false),
    'path', core.why_path(coalesce(r.outcome -> 'path', '[]'), p_own),
    'candidates', (select count(*) from jsonb_object_keys(coalesce(r.outcome -> 'weights', '{}'))),
    'weights', case when r.reason is null then core.why_weights(r, p_own) end,
    'replay', core.route_replay(r.decision_id),
    'answer', (select json_build_object('answer', a.answer, 'reason', a.reason, 'at', a.at) from core.lead_answer a
               where a.lead_id = r.lead_id and a.ownership_id = r.ownership_id and a.dealer_id = r.dealer_id order by a.at desc limit 1)) $$;
comment on function core.why_decision(core.route_decision, int) is 'One decision as it is told, replayed from its inputs. in: p_own the dealer who asks, NULL for head office. source: R48';

create function api.lead_why(p_lead_id uuid) returns json language plpgsql stable security definer set search_path = '' as $$
declare l core.lead; v_own int := session.dealer(); r json;
begin
    select x.* into l from core.lead x where x.public_id = p_lead_id;
    if l.lead_id is null then                          -- or by the right that was offered
        select x.* into l from core.route_decision d join core.lead x on x.lead_id = d.lead_id
        where d.ownership_id = (select h.ownership_id from core.ownership h where h.public_id = p_lead_id) limit 1;
    end if;
    if l.lead_id is null or (v_own is not null and (l.dealer_id is distinct from v_own or core.level_for(l.party_id) = 'NONE')) then perform core.fail('ZC404'); end if;
    select json_build_object('lead_id', l.public_id, 'brand_id', l.brand_id, 'line', l.line, 'state', l.state, 'outcome', l.outcome,
        'came_at', l.came_at, 'due_at', l.due_at, 'source', l.source, 'refusals', case when v_own is null then l.refusals end,
        'desk_at', case when v_own is null then l.desk_at end, 'desk_rule', case when v_own is null then l.desk_rule end, 'done_at', l.done_at,
        'decisions', (select json_agg(core.why_decision(d, v_own) order by d.seq) from core.route_decision d
                      where d.lead_id = l.lead_id and (v_own is null or d.dealer_id = v_own))) into r;
    return r;
end $$;
comment on function api.lead_why is $$
Why this dealer? Every decision on a lead: the steps of R40 in their order with the dealers each found and why one was out, shares, capacity,
quality and the turn of the round robin, the version of what it went by, the dealer's answer; each decision is decided again from its stored
inputs (replay). The dealer who has the lead sees its own decision, other dealers without names and figures.
in: lead_id - of the lead, or of the right that was offered    out: one document without personal data    errors: not-found
rule: R40-R48    cost: index probes $$;
