-- SPDX-License-Identifier: Apache-2.0
-- Outages (R17): those that were made good, and those that head office announces beforehand so that they count whatever their length.

create type api.outage as (from_at timestamptz, until_at timestamptz, is_planned boolean, reason text, rights bigint, finished_at timestamptz, cursor_ text);

create function api.outages_list(p_limit int default null, p_after text default null)
returns setof api.outage language sql stable begin atomic
    select o.from_at, o.until_at, o.is_planned, o.reason::text, o.rights, o.finished_at, o.outage_id::text
    from core.outage o where o.outage_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
    order by o.outage_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.outages_list is $$
Announced outages and those by which running terms grew, the latest first.
out: from_at, until_at; is_planned; rights whose terms grew; finished_at - announced ones end with the outage itself or unused    rule: R17 $$;

create function api.outage_add(p_from_at timestamptz, p_until_at timestamptz, p_reason core.short_text)
returns api.outage language plpgsql volatile security definer set search_path = '' as $$
declare o core.outage;
begin
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    if p_from_at < core.now() - interval '5 minutes' then perform core.fail('ZC010', 'from_at'); end if;
    if p_until_at <= p_from_at or p_until_at > p_from_at + interval '7 days' or p_from_at > core.now() + interval '1 year' then perform core.fail('ZC402', 'until_at'); end if;
    insert into core.outage (from_at, until_at, is_planned, reason, created_by) values (p_from_at, p_until_at, true, p_reason, session.staff()) returning * into o;
    perform core.ledger_add('outage.plan', o.outage_id::text, null, 'R17', jsonb_build_object('from', p_from_at, 'until', p_until_at));
    return row(o.from_at, o.until_at, true, o.reason, 0, null, null)::api.outage;
end $$;
comment on function api.outage_add is $$
Announce an outage: when the clock stands still inside it, every running term grows by that time, however short.
in: from_at, until_at - at most a week; reason    out: the outage    errors: policy-past, bad-field, reason-missing    rule: R17 $$;
