-- SPDX-License-Identifier: Apache-2.0
-- Incoming calls: told by the dealer's telephone system, or typed by an operator. The row keeps whom the number means, whether or not
-- the dealer may see him: nobody reads that, but an erasure finds the call by it (R149).

create type api.arrival as (id uuid, verdict core.verdict, is_claim_possible boolean, claim_from date, rule text, people json, padding text);

create function core.arrival_row(p_id uuid, f core.arrival_found) returns api.arrival
language plpgsql stable as $$
begin
    return row(p_id, f.verdict, f.is_claim_possible, f.claim_from, f.rule, f.shown,
        core.verdict_padding(length(f.verdict::text) + length(f.rule) + length(f.is_claim_possible::text) + case when f.claim_from is null then 4 else 12 end))::api.arrival;
end $$;
comment on function core.arrival_row(uuid, core.arrival_found) is 'A call as its operator is told of it: every verdict equally long. source: R25';

create function api.call_arrived(p_number core.search_text, p_brand_id int default null, p_line core.line default null)
returns api.arrival language plpgsql volatile security definer set search_path = '' as $$
declare v_number text := core.phone_norm(p_number, (select d.area_code from core.dealer d where d.dealer_id = session.dealer())); f core.arrival_found; v_id uuid;
begin
    if v_number is null then perform core.fail('ZC402', 'number'); end if;
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('probe' || session.dealer(), 3));   -- the count is exact
    perform core.probe_guard(session.dealer(), session.staff());
    f := core.arrival_find(v_number, p_brand_id, p_line);
    -- a typed number is a probe, whoever it means: one's own would else be told apart from strangers for nothing (R26)
    perform core.probe_count(session.dealer(), session.staff(), array[('PHONE', v_number)::core.party_key], f.verdict, 'call');
    insert into core.call_arrival (dealer_id, staff_id, call_id, number, is_attested, party_id, verdict, at)
    values (session.dealer(), session.staff(), 'typed-' || gen_random_uuid(), v_number, false, f.party_ids[1], f.verdict, core.now()) returning public_id into v_id;
    return core.arrival_row(v_id, f);
end $$;
comment on function api.call_arrived is $$
Somebody calls: who is it? For a number that an operator types; it counts as a probe.
in: number as heard or shown; brand_id, line - what he asks about (default the dealer's first)
out: people - at most 5 whom the caller may see; verdict FREE YOURS PROTECTED IN_GRACE DISPUTED HQ OPTED_OUT with claim_from, equally long for all
errors: bad-field number, probe-limit    rule: R23, R24, R25, R26, R158 $$;

create function api.arrival_open(p_arrival_id uuid, p_brand_id int default null, p_line core.line default null)
returns api.arrival language plpgsql volatile security definer set search_path = '' as $$
declare a core.call_arrival; f core.arrival_found;
begin
    select x.* into a from core.call_arrival x where x.public_id = p_arrival_id and x.dealer_id = session.dealer() and x.is_attested
      and x.at > core.now() - interval '1 hour' for update;
    if not found or a.number is null then perform core.fail('ZC404'); end if;
    f := core.arrival_find(a.number, p_brand_id, p_line);
    update core.call_arrival x set staff_id = session.staff(), verdict = f.verdict where x.arrival_id = a.arrival_id;
    perform core.ledger_add('call.open', p_arrival_id::text, null, 'R158');
    return core.arrival_row(a.public_id, f);
end $$;
comment on function api.arrival_open is $$
Take a ringing call that the telephone system told of: within the hour, no probe - the call itself is the purpose.
in: arrival_id; brand_id, line    out: as POST /v1/calls/arrived    errors: not-found    rule: R24, R25, R158 $$;

create type api.arrival_noted as (ok boolean);

create function api.arrival_said(p_arrival_id uuid, p_name core.short_text default null, p_text core.short_text default null)
returns api.arrival_noted language plpgsql volatile security definer set search_path = '' as $$
begin
    update core.call_arrival x set said_name = nullif(btrim(p_name), ''), said_text = nullif(btrim(p_text), '')
    where x.public_id = p_arrival_id and x.dealer_id = session.dealer() and x.staff_id = session.staff() and x.at > core.now() - interval '1 day';
    if not found then perform core.fail('ZC404'); end if;
    perform core.ledger_add('call.said', p_arrival_id::text, null, 'R158');
    return row(true)::api.arrival_noted;
end $$;
comment on function api.arrival_said is $$
Note what a caller said himself - his name, what he wants - for one's own dealer and the day: it joins no person's record.
in: arrival_id of a call one took; name, text    errors: not-found    rule: D.14 (G), R158 $$;

create type api.arrival_item as (id uuid, at timestamptz, number text, verdict core.verdict, is_attested boolean, staff_name text, said_name text, said_text text,
    cursor_ text);

create function api.arrivals_list(p_limit int default null, p_after text default null)
returns setof api.arrival_item language sql stable security definer set search_path = '' as $$
select a.public_id, a.at, core.phone_mask(a.number), a.verdict, a.is_attested, s.name, a.said_name, a.said_text,
    core.cursor_make(to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a.public_id)
from core.call_arrival a left join core.staff s on s.staff_id = a.staff_id
where a.dealer_id = session.dealer() and (session.role_bit() = 16 or a.staff_id = session.staff() or (a.staff_id is null and session.role_bit() = 128))
  and a.at >= core.dealer_local_on(session.dealer(), core.now())::timestamp at time zone (select d.time_zone from core.dealer d where d.dealer_id = session.dealer())
  and (a.at, a.public_id) < (coalesce(core.cursor_part(p_after, 1)::timestamptz, 'infinity'),
                             coalesce(core.cursor_part(p_after, 2)::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
order by a.at desc, a.public_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.arrivals_list is $$
List the calls of the dealer's present day: one's own and, for an operator, those nobody has taken; a manager all. Numbers masked.
out: verdict and what the caller said himself - for today, not later    rule: D.14 (G), R158 $$;

create type api.arrival_told as (id uuid, verdict core.verdict, is_new boolean, rang int);

create function api.exchange_arrival(p_call_id core.search_text, p_number core.search_text)
returns api.arrival_told language plpgsql volatile security definer set search_path = '' as $$
declare d int := session.dealer(); v_number text := core.phone_norm(p_number, (select x.area_code from core.dealer x where x.dealer_id = d)); f core.arrival_found;
        a core.call_arrival; rang int;
begin
    if v_number is null then perform core.fail('ZC402', 'number'); end if;
    perform pg_catalog.pg_advisory_xact_lock(hashtextextended('arrival' || d, 3));
    select x.* into a from core.call_arrival x where x.dealer_id = d and x.call_id = p_call_id;
    if found then return row(a.public_id, a.verdict, false, 0)::api.arrival_told; end if;          -- R153: a repeat is acknowledged without effect
    if (select count(*) from core.call_arrival x where x.dealer_id = d and x.is_attested and x.at > core.now() - interval '1 day') >= core.policy_int('R158.day') then
        perform core.fail('ZC158');
    end if;
    f := core.arrival_find(v_number, null, null);
    insert into core.call_arrival (dealer_id, call_id, number, is_attested, party_id, verdict, at)
    values (d, p_call_id, v_number, true, f.party_ids[1], f.verdict, core.now()) returning * into a;
    rang := core.arrival_ring(a.public_id, f.party_ids, d);
    perform core.ledger_add('call.arrive', a.public_id::text, null, 'R158');
    return row(a.public_id, a.verdict, true, rang)::api.arrival_told;
end $$;
comment on function api.exchange_arrival is $$
The dealer's telephone system tells of an incoming call: it rings on the screens of the person's seats, else of the operators.
in: call_id - the system's own, exactly once; number    out: verdict as for a claim, never a name or contact (R155); rang - on how many screens
errors: bad-field number, call-quota    rule: R23, R153, R155, R158 $$;
