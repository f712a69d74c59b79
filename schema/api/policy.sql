-- SPDX-License-Identifier: Apache-2.0
-- The numbers of the rules (R9): every value with its versions, and publishing the next one. Nothing is edited: a change is a new dated row.

create type api.policy as (name text, value int, unit text, min_value int, max_value int, rule text, valid_from timestamptz, changed_by text,
    version int, planned json, history json, cursor_ text);

create function api.policies_list(p_limit int default null, p_after text default null)
returns setof api.policy language sql stable begin atomic
    select n.name, v.value_int, v.unit, v.min_int, v.max_int, split_part(n.name, '.', 1), v.valid_from, s.name, h.version,
        h.planned, h.history, n.name
    from (select distinct p.name from core.policy p where p.name > coalesce(p_after, '') order by p.name limit least(coalesce(p_limit, 100), 100)) n
    cross join lateral (select x.* from core.policy x where x.name = n.name and x.valid_from <= (select core.now()) order by x.valid_from desc limit 1) v
    left join core.staff s on s.staff_id = v.staff_id
    cross join lateral (
        select max(y.version) as version,
            json_agg(json_build_object('value', y.value_int, 'valid_from', y.valid_from, 'by', f.name, 'reason', y.reason) order by y.valid_from)
                filter (where y.valid_from > (select core.now())) as planned,
            json_agg(json_build_object('value', y.value_int, 'valid_from', y.valid_from, 'by', f.name, 'reason', y.reason, 'recorded_at', y.recorded_at)
                order by y.valid_from desc) filter (where y.valid_from <= (select core.now())) as history
        from core.policy y left join core.staff f on f.staff_id = y.staff_id where y.name = n.name) h
    order by n.name;
end;
comment on function api.policies_list is $$
Every number of the rules: value in force, unit, range, rule, what is planned, and all versions with author and reason.
out: by name; version is what POST /v1/policies expects    rule: R9, R138 $$;

create function api.policy_add(p_name core.search_text, p_value int, p_version int, p_reason core.short_text, p_valid_from timestamptz default null)
returns api.policy language plpgsql volatile security definer set search_path = '' as $$
declare k core.policy; v_before int; v_from timestamptz := coalesce(p_valid_from, core.now());
begin
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('policy' || p_name, 5));
    select p.* into k from core.policy p where p.name = p_name order by p.version desc, p.valid_from desc limit 1;
    if k.name is null then perform core.fail('ZC404'); end if;
    if p_version is distinct from k.version then perform core.fail('ZC412'); end if;
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    if p_value is null then perform core.fail('ZC400', 'value'); end if;
    if p_value < coalesce(k.min_int, p_value) or p_value > coalesce(k.max_int, p_value) then
        perform core.fail('ZC009', 'value', jsonb_build_object('min', k.min_int, 'max', k.max_int));
    end if;
    if v_from < core.now() then perform core.fail('ZC010', 'valid_from'); end if;
    if v_from > core.now() + interval '3 years' then perform core.fail('ZC402', 'valid_from'); end if;
    if exists (select from core.policy p where p.name = p_name and p.valid_from = v_from) then perform core.fail('ZC412'); end if;
    v_before := core.policy_int(p_name);
    insert into core.policy (name, valid_from, value_int, unit, min_int, max_int, version, staff_id, reason)
    values (p_name, v_from, p_value, k.unit, k.min_int, k.max_int, k.version + 1, session.staff(), p_reason);
    perform core.ledger_add('policy.publish', p_name, null, 'R9', jsonb_build_object('value', p_value, 'before', v_before, 'from', v_from));
    perform core.notify(s.staff_id, 'N15', p_name, (k.version + 1)::text) from core.staff s
    where s.is_active and s.staff_id <> session.staff() and (s.dealer_id = 0 or s.role = 'manager');
    return row(p_name, p_value, k.unit, k.min_int, k.max_int, split_part(p_name, '.', 1), v_from,
        (select s.name from core.staff s where s.staff_id = session.staff()), k.version + 1, null, null, null)::api.policy;
end $$;
comment on function api.policy_add is $$
Publish the next value of a number, from now on or from a later day; what was decided before stays as it was decided.
in: name; value within its range; version - the one the editor saw; reason; valid_from not in the past, default now
out: the new version    errors: not-found, changed, policy-range, policy-past, reason-missing    rule: R9, R49, N15 $$;
