-- SPDX-License-Identifier: Apache-2.0
-- R156: the right begins when the server has the registration, never before. But when our own monitor saw the line of the dealer down, a
-- registration that his system wrote in that time within a day of a competing one opens a dispute: outside his quota, with the system's
-- statement as its evidence, decided by an arbiter like any other.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R156.gap', '2000-01-01', 30, 'minute', 5, 1440),                -- so long without a sign the line was down
  ('R156.steady', '2000-01-01', 60, 'minute', 10, 10080),           -- so long it must have come steadily before, or silence says nothing
  ('R156.hours', '2000-01-01', 24, 'hour', 1, 168),                 -- the competing registration came within so long
  ('R156.day', '2000-01-01', 50, 'count', 0, 1000)                  -- such disputes of a dealer in a day
on conflict (name, valid_from) do nothing;

create function core.link_note(p_dealer int) returns void
language plpgsql volatile security definer set search_path = '' as $$
declare w core.link_watch; v_now timestamptz := core.now();
begin
    select x.* into w from core.link_watch x where x.dealer_id = p_dealer for update;
    if w.dealer_id is null then
        insert into core.link_watch (dealer_id, seen_at, steady_at) values (p_dealer, v_now, v_now) on conflict do nothing;
    elsif v_now - w.seen_at > make_interval(mins => core.policy_int('R156.gap')) then
        if w.seen_at - w.steady_at >= make_interval(mins => core.policy_int('R156.steady')) then
            insert into core.link_gap (dealer_id, from_at, until_at) values (p_dealer, w.seen_at, v_now) on conflict do nothing;
            perform core.ledger_add('exchange.gap', null, null, 'R156', jsonb_build_object('dealer', p_dealer,
                'minutes', extract(epoch from v_now - w.seen_at)::bigint / 60));
        end if;
        update core.link_watch x set seen_at = v_now, steady_at = v_now where x.dealer_id = p_dealer;
    elsif v_now > w.seen_at then
        update core.link_watch x set seen_at = v_now where x.dealer_id = p_dealer;
    end if;
end $$;
comment on function core.link_note(int) is $$
The monitor of a dealer's line: its system has just been heard (a token, a push). Silence after a steady hour is a gap; a system that comes
once a day has no line that could be down.    in: dealer    source: R156$$;

create function core.link_was_down(p_dealer int, p_at timestamptz) returns boolean
language plpgsql stable as $$
begin
    return exists (select from core.link_gap g where g.dealer_id = p_dealer and g.from_at <= p_at and g.until_at >= p_at)
        or exists (select from core.outage u where not u.is_planned and u.from_at <= p_at and u.until_at >= p_at);
end $$;
comment on function core.link_was_down(int, timestamptz) is 'Whether our monitor saw a dealer''s line down at an instant, or the system itself was away (R17). source: R156';

create function core.offline_at(p_text text) returns timestamptz
language plpgsql stable as $$
declare at timestamptz;
begin
    if p_text !~ '^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:?\d\d)$' then return null; end if;
    at := p_text::timestamptz;
    return case when at <= core.now() + interval '5 minutes' then least(at, core.now()) end;
exception when datetime_field_overflow or invalid_datetime_format then return null;
end $$;
comment on function core.offline_at(text) is 'The local time of a record, with its zone; NULL for what is none, or lies in the future.';

create function core.offline_dispute(p_dealer int, p_staff bigint, p_source text, p_seq bigint, p_hash text, p_at text, x core.intake_result) returns uuid
language plpgsql volatile as $$
declare at timestamptz; o core.ownership; e core.evidence; d core.dispute; v_note text;
begin
    if x.decided_by is null or x.verdict not in ('PROTECTED', 'IN_GRACE', 'HQ') then return null; end if;
    at := core.offline_at(p_at);
    if at is null or not core.link_was_down(p_dealer, at) then return null; end if;
    if (select count(*) from core.dispute y where y.claimant_id = p_dealer and y.kind = 'offline' and y.filed_at > core.now() - interval '1 day')
       >= core.policy_int('R156.day') then return null; end if;
    perform 1 from core.party p join core.ownership y on y.party_id = p.party_id where y.ownership_id = x.decided_by for no key update of p;
    select y.* into o from core.ownership y where y.ownership_id = x.decided_by;
    if o.ownership_id is null or o.state in ('CLOSED', 'DISPUTED') or o.dealer_id = p_dealer then return null; end if;
    v_note := concat_ws(E'\n', 'offline registration', 'source ' || p_source, 'number ' || p_seq,
        'local time ' || to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'sha256 ' || p_hash,
        'received ' || to_char(core.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));
    insert into core.evidence (dealer_id, staff_id, kind, happened_at, name, media_type, size_bytes, sha256, note)
    values (p_dealer, p_staff, 'offline', at, 'offline ' || p_seq, 'text/plain', octet_length(v_note), encode(sha256(convert_to(v_note, 'UTF8')), 'hex'), v_note)
    returning * into e;
    d := core.dispute_file('offline', o.ownership_id, p_dealer, null, p_staff, core.now(), 'R156', array[e.evidence_id], true);
    if d.dispute_id is null then return null; end if;
    perform core.ledger_add('dispute.offline', d.public_id::text, o.party_id, 'R156', jsonb_build_object('evidence', e.public_id, 'sha256', e.sha256), o.brand_id, o.line);
    return d.public_id;
end $$;
comment on function core.offline_dispute(int, bigint, text, bigint, text, text, core.intake_result) is $$
Open the dispute of an offline registration that was refused, when our monitor saw the line down at its local time. Whether the competing
registration came within a day after it is decided by the admission (core.dispute_inadmissible), as for every dispute told to nobody.
in: the row's name, hash and local time; what became of it    out: the dispute, NULL none: another line holds him, one runs already, no gap
guard: dispute_one_open; at most R156.day of a dealer and day    source: R156, R100$$;
