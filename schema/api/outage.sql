-- SPDX-License-Identifier: Apache-2.0
-- Outages (R17): those that were made good, and those that head office announces beforehand so that they count whatever their length.

create type api.outage as (id uuid, from_at timestamptz, until_at timestamptz, is_planned boolean, state text, reason text, rights bigint,
    finished_at timestamptz, can_cancel boolean, cursor_ text);

create function core.outage_state(o core.outage) returns text language sql stable as $$
select case when o.cancelled_at is not null then 'CANCELLED'
            when not o.is_planned then case when o.finished_at is null then 'RUNNING' else 'EXTENDED' end
            when o.finished_at is not null or o.until_at < core.now() then 'OVER'
            when o.from_at > core.now() then 'PLANNED' else 'NOW' end $$;
comment on function core.outage_state(core.outage) is $$
What became of an outage: PLANNED, NOW (inside its time), OVER, CANCELLED; one by which terms grow: RUNNING, then EXTENDED. source: R17$$;

create function api.outages_list(p_limit int default null, p_after text default null)
returns setof api.outage language sql stable begin atomic
    select o.public_id, o.from_at, o.until_at, o.is_planned, core.outage_state(o), o.reason::text, o.rights, o.finished_at,
        core.outage_state(o) in ('PLANNED', 'NOW') and (select session.role_bit()) = 1, o.outage_id::text
    from core.outage o where o.outage_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
    order by o.outage_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.outages_list is $$
Announced outages and those by which running terms grew, the latest first.
out: from_at, until_at; is_planned; state PLANNED | NOW | OVER | CANCELLED, or RUNNING | EXTENDED of one that was made good; rights whose
terms grew; finished_at - announced ones end with the outage itself or unused; can_cancel    rule: R17 $$;

create function api.outage_add(p_from_at timestamptz, p_until_at timestamptz, p_reason core.short_text)
returns api.outage language plpgsql volatile security definer set search_path = '' as $$
declare o core.outage;
begin
    if session.role_bit() <> 1 then perform core.fail('ZC403'); end if;
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    if p_from_at < core.now() - interval '5 minutes' then perform core.fail('ZC010', 'from_at'); end if;
    if p_until_at <= p_from_at or p_until_at > p_from_at + interval '7 days' or p_from_at > core.now() + interval '1 year' then perform core.fail('ZC402', 'until_at'); end if;
    insert into core.outage (from_at, until_at, is_planned, reason, created_by) values (p_from_at, p_until_at, true, p_reason, session.staff()) returning * into o;
    perform core.ledger_add('outage.plan', o.outage_id::text, null, 'R17', jsonb_build_object('from', p_from_at, 'until', p_until_at));
    return row(o.public_id, o.from_at, o.until_at, true, core.outage_state(o), o.reason, 0, null, true, null)::api.outage;
end $$;
comment on function api.outage_add is $$
Announce an outage: when the clock stands still inside it, every running term grows by that time, however short.
in: from_at, until_at - at most a week; reason    out: the outage    errors: policy-past, bad-field, reason-missing    rule: R17 $$;

create function api.outage_cancel(p_outage_id uuid, p_reason core.short_text)
returns api.outage language plpgsql volatile security definer set search_path = '' as $$
declare o core.outage;
begin
    if session.role_bit() <> 1 then perform core.fail('ZC403'); end if;
    if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
    select x.* into o from core.outage x where x.public_id = p_outage_id for update;     -- the clock takes the same row first
    if o.outage_id is null then perform core.fail('ZC404'); end if;
    if core.outage_state(o) not in ('PLANNED', 'NOW') then perform core.fail('ZC171', null, jsonb_build_object('state', core.outage_state(o))); end if;
    update core.outage x set finished_at = core.now(), cancelled_at = core.now(), cancelled_by = session.staff()
    where x.outage_id = o.outage_id returning x.* into o;
    perform core.ledger_add('outage.cancel', o.outage_id::text, null, 'R17', jsonb_build_object('reason', p_reason));
    return row(o.public_id, o.from_at, o.until_at, true, core.outage_state(o), o.reason, 0, o.finished_at, false, null)::api.outage;
end $$;
comment on function api.outage_cancel is $$
Call an announced outage off before it is over: a stop inside its time then counts as any other, from four hours.
in: outage_id; reason    out: the outage, CANCELLED    errors: not-found, outage-over, reason-missing    rule: R17 $$;
