-- SPDX-License-Identifier: Apache-2.0
-- What a dealer is told about a person he may not see: a verdict and nothing more (R24), counted and limited (R26, P16).

create type core.judgement_of_claim as (verdict core.verdict, ownership_id bigint, claim_from date, is_claim_possible boolean, rule text);
comment on type core.judgement_of_claim is 'The verdict on a claim; claim_from is the Monday after the present term, never a date of activity.';

create function core.week_after(p_at timestamptz) returns date
language sql stable as $$
select case when p_at is null or p_at = 'infinity' then null
       else (date_trunc('week', p_at at time zone 'UTC') + interval '7 days')::date end $$;
comment on function core.week_after(timestamptz) is 'The Monday after an instant: what a claim date is rounded to. source: R25';

create function core.claim_judge(p_parties bigint[], p_brand smallint, p_line core.line, p_vehicle bigint, p_dealer int)
returns core.judgement_of_claim language plpgsql stable as $$
declare j core.judgement_of_claim; o core.ownership; p6 interval;
begin
    j.verdict := 'FREE'; j.is_claim_possible := true; j.rule := 'R31';
    if cardinality(p_parties) = 0 then return j; end if;
    -- R1, R33: the same brand and line (and car), or a signed order in another line of the group at another dealer
    select x.* into o from core.ownership x
    where x.party_id = any (p_parties) and x.state <> 'CLOSED' and x.brand_id = p_brand
      and ((x.line = p_line and (x.vehicle_id is null or p_vehicle is null or x.vehicle_id = p_vehicle))
           or (x.state = 'HELD' and x.dealer_id <> p_dealer and core.is_aftersales(x.line) = core.is_aftersales(p_line)))
    order by (x.dealer_id = p_dealer and x.line = p_line) desc, x.line = p_line desc, x.since limit 1;
    if not found then o := core.company_right(p_parties, p_brand, p_line, p_dealer); end if;          -- R64: branches inherit
    if o.ownership_id is not null then
        j.ownership_id := o.ownership_id;
        p6 := make_interval(days => core.policy_int('P6.grace'));
        if o.dealer_id = p_dealer and o.line = p_line then
            j.verdict := 'YOURS'; j.is_claim_possible := false; j.rule := 'R24'; j.claim_from := null;
            return j;
        end if;
        j.verdict := case when o.state = 'DISPUTED' then 'DISPUTED' when o.dealer_id = 0 then 'HQ' when o.state = 'GRACE' then 'IN_GRACE'
                     else 'PROTECTED' end;
        j.rule := case o.state when 'GRACE' then 'R15' when 'DISPUTED' then 'R103' else 'R33' end;
        j.claim_from := core.week_after(case o.state when 'GRACE' then o.free_from when 'HELD' then null when 'DISPUTED' then null
                                        else greatest(coalesce(o.protect_until, o.accept_until, core.now()), core.now()) + p6 end);
        j.is_claim_possible := j.claim_from is not null;
        return j;
    end if;
    if exists (select from core.party p where p.party_id = any (p_parties) and p.is_opted_out) then
        j.verdict := 'OPTED_OUT'; j.is_claim_possible := false; j.rule := 'R24';
        return j;
    end if;
    -- closed, and not yet free for others (R57: no money, postponed)
    select x.* into o from core.ownership x
    where x.party_id = any (p_parties) and x.state = 'CLOSED' and x.brand_id = p_brand and x.line = p_line
      and (x.vehicle_id is null or p_vehicle is null or x.vehicle_id = p_vehicle)
      and x.free_from > core.now() and x.dealer_id <> p_dealer limit 1;
    if found then
        j.verdict := 'IN_GRACE'; j.rule := 'R57'; j.claim_from := core.week_after(o.free_from); j.ownership_id := o.ownership_id;
    end if;
    return j;
end $$;
comment on function core.claim_judge(bigint[], smallint, core.line, bigint, int) is $$
The verdict on a dealer's claim to one of these parties for a brand and line.
in: p_parties exact matches, may be empty; p_vehicle NULL = the whole person
out: FREE, YOURS, PROTECTED, IN_GRACE, DISPUTED, HQ, OPTED_OUT with claim date    source: R24, R25, R33$$;

create function core.probe_guard(p_dealer int, p_staff bigint) returns void
language plpgsql volatile as $$
declare is_user boolean := false; is_dealer boolean := false; of_user bigint; of_dealer bigint;
begin
    select (select count(*) from core.probe p where p.staff_id = p_staff and p.at > core.now() - interval '1 hour'),
           (select count(*) from core.probe p where p.dealer_id = p_dealer and p.at > core.now() - interval '1 day') into of_user, of_dealer;
    if of_user > 0 then is_user := of_user >= core.policy_int('P16.user_hour'); end if;          -- a limit is at least one
    if of_dealer > 0 then is_dealer := of_dealer >= core.policy_int('P16.dealer_day'); end if;
    if is_user or is_dealer then
        perform core.fail('ZC026', null, jsonb_build_object('limit', case when is_user then 'user_hour' else 'dealer_day' end));
    end if;
end $$;
comment on function core.probe_guard(int, bigint) is 'Refuse when the probes of the user''s hour or the dealer''s day are used up. errors: ZC026. source: P16';

create function core.probe_count(p_dealer int, p_staff bigint, p_keys core.party_key[], p_verdict core.verdict, p_purpose text) returns void
language plpgsql volatile as $$
declare v_who uuid; is_user boolean; is_dealer boolean;
begin
    insert into core.probe (dealer_id, staff_id, at, key_hash, verdict, purpose)
    values (p_dealer, p_staff, core.now(), sha256(convert_to(array_to_string(p_keys, ','), 'UTF8')), p_verdict, left(p_purpose, 200));
    perform core.ledger_add('probe.' || lower(p_verdict::text), null, null, 'R26');
    -- the last one allowed: the auditor learns before the first refusal
    is_user := (select count(*) from core.probe p where p.staff_id = p_staff and p.at > core.now() - interval '1 hour') = core.policy_int('P16.user_hour');
    is_dealer := (select count(*) from core.probe p where p.dealer_id = p_dealer and p.at > core.now() - interval '1 day') = core.policy_int('P16.dealer_day');
    if is_user or is_dealer then
        v_who := (select f.public_id from core.staff f where f.staff_id = p_staff);
        if is_user then perform core.notify_limit(v_who, 'user_hour', interval '1 hour'); end if;
        if is_dealer then perform core.notify_limit(v_who, 'dealer_day', interval '1 day'); end if;
        perform core.ledger_add('probe.limit', v_who::text, null, 'R26');
    end if;
end $$;
comment on function core.probe_count(int, bigint, core.party_key[], core.verdict, text) is $$
Keep a probe: hash of its keys, verdict, purpose; tell the auditors when the limit is reached.    source: R26, P16, N14$$;

create function core.verdict_padding(p_shown int) returns text
language sql immutable as $$ select repeat(' ', greatest(120 - p_shown, 0)) $$;
comment on function core.verdict_padding(int) is 'Blanks that make every refusal equally long. in: characters shown. source: R25';
