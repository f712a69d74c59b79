-- SPDX-License-Identifier: Apache-2.0
-- Patterns of abuse (R151): looked for over the last day, a quarter of an hour apart; what is new is told to the auditors (N14).

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R151.sequence', '2000-01-01', 5, 'count', 3, 1000),             -- registered numbers in a row, each one more than the other
  ('R151.probes', '2000-01-01', 15, 'count', 1, 10000),             -- probes of a day, of which fewer than one in ten led to a registration
  ('R151.night', '2000-01-01', 10, 'count', 1, 10000),              -- manual entries between 23 and 6 at the dealer
  ('R151.names', '2000-01-01', 4, 'count', 2, 1000),                -- surnames under one number
  ('R151.expiry', '2000-01-01', 5, 'count', 1, 10000)               -- claims within a day of another dealer's expiry
on conflict (name, valid_from) do nothing;

create type core.watch_found as (pattern text, staff_id bigint, count bigint, first_at timestamptz, last_at timestamptz);
comment on type core.watch_found is 'A pattern at one seat.';

create function session.two_places(p_since timestamptz) returns table (staff_id bigint, n bigint, first_at timestamptz, last_at timestamptz)
language sql stable security definer set search_path = '' as $$
-- two sign-ins of one person from two networks (/16, IPv6 /32) whose use overlaps
select a.staff_id, count(*), min(greatest(a.created_at, b.created_at)), max(least(a.seen_at, b.seen_at))
from session.session a join session.session b on b.staff_id = a.staff_id and b.session_id > a.session_id
where a.seen_at > p_since and b.seen_at > p_since and a.letter <> 'S' and b.letter <> 'S'
  and set_masklen(a.address::cidr, case family(a.address) when 4 then 16 else 32 end) <> set_masklen(b.address::cidr, case family(b.address) when 4 then 16 else 32 end)
  and a.created_at < b.seen_at and b.created_at < a.seen_at
group by a.staff_id $$;
comment on function session.two_places(timestamptz) is 'Who used two sign-ins at once from two networks.    source: R151';

create function core.watch_look(p_since timestamptz) returns setof core.watch_found
language plpgsql stable as $$
begin
    -- registrations by sequential numbers
    return query
    select 'sequential_numbers', x.staff_id, max(x.run), min(x.first_at), max(x.last_at) from (
        select y.staff_id, count(*) as run, min(y.at) as first_at, max(y.at) as last_at from (
            select z.staff_id, z.at, z.n - row_number() over (partition by z.staff_id order by z.n) as island from (
                select r.staff_id, min(r.at) as at, substr(c.value, 2)::numeric as n
                from core.receipt r join core.contact_point c on c.party_id = r.party_id and c.kind = 'PHONE' and c.source_dealer_id = r.dealer_id
                where r.at > p_since and r.staff_id is not null and c.value ~ '^\+[0-9]{6,15}$' group by r.staff_id, c.value) z) y
        group by y.staff_id, y.island) x
    group by x.staff_id having max(x.run) >= core.policy_int('R151.sequence');
    -- many probes with few registrations
    return query
    select 'probes_without_registration', p.staff_id, count(*), min(p.at), max(p.at) from core.probe p where p.at > p_since group by p.staff_id
    having count(*) >= core.policy_int('R151.probes')
       and count(*) > 10 * (select count(*) from core.receipt r where r.staff_id = p.staff_id and r.at > p_since);
    -- work at night, by the dealer's clock
    return query
    select 'night', i.staff_id, count(*), min(i.recorded_at), max(i.recorded_at)
    from core.interaction i join core.dealer d on d.dealer_id = i.dealer_id
    where i.recorded_at > p_since and i.is_manual and i.staff_id is not null
      and extract(hour from i.recorded_at at time zone d.time_zone) not between 6 and 22
    group by i.staff_id having count(*) >= core.policy_int('R151.night');
    -- one phone for many names
    return query
    select 'one_phone_many_names', x.staff_id, max(x.names), min(x.at), max(x.at) from (
        select r.staff_id, max(r.at) as at, (select count(distinct m.surname_key) from core.match_key m where m.kind = 'PHONE' and m.value = c.value) as names
        from core.receipt r join core.contact_point c on c.party_id = r.party_id and c.kind = 'PHONE'
        where r.at > p_since and r.staff_id is not null group by r.staff_id, c.value) x
    group by x.staff_id having max(x.names) >= core.policy_int('R151.names');
    -- mass claims just after expiry
    return query
    select 'claims_at_expiry', r.staff_id, count(distinct r.receipt_id), min(r.at), max(r.at)
    from core.receipt r join core.ownership o on o.ownership_id = r.ownership_id
    where r.at > p_since and r.staff_id is not null and exists (
        select from core.ownership_history h where h.party_id = o.party_id and h.brand_id = o.brand_id and h.line = o.line and h.state = 'CLOSED'
          and h.reason = 'expired' and h.dealer_id <> r.dealer_id and h.recorded_at between r.at - interval '1 day' and r.at + interval '1 minute')
    group by r.staff_id having count(distinct r.receipt_id) >= core.policy_int('R151.expiry');
    return query select 'two_places', t.staff_id, t.n, t.first_at, t.last_at from session.two_places(p_since) t;
    -- what has been told already, as it happened
    return query
    select k.pattern, s.staff_id, count(*), min(l.at), max(l.at)
    from core.ledger l join (values ('unmask.many', 'many_unmasked'), ('export.many', 'many_exported'), ('probe.limit', 'probe_limit')) k(kind, pattern) on k.kind = l.kind
    join core.staff s on s.public_id::text = l.subject
    where l.at > p_since group by k.pattern, s.staff_id;
end $$;
comment on function core.watch_look(timestamptz) is $$
The patterns of R151 since an instant, by seat.
cost: what was registered, probed and entered since, by index    source: R151$$;

create function core.watch_tick() returns int
language plpgsql volatile security definer set search_path = '' as $$
declare w record; n int := 0;
begin
    for w in insert into core.watch_hit as h (pattern, staff_id, on_day, count, first_at, last_at)
             select f.pattern, f.staff_id, (f.last_at at time zone 'UTC')::date, f.count, f.first_at, f.last_at from core.watch_look(core.now() - interval '1 day') f
             on conflict (pattern, staff_id, on_day) do update set count = excluded.count, last_at = excluded.last_at
             where (h.count, h.last_at) is distinct from (excluded.count, excluded.last_at)
             returning h.pattern, h.staff_id, h.on_day, xmax = 0 as is_new loop
        n := n + 1;
        continue when not w.is_new or w.pattern in ('many_unmasked', 'many_exported', 'probe_limit');      -- those were told when they happened
        perform core.notify(a.staff_id, 'N14', s.public_id::text, 'watch.' || w.pattern || '.' || w.on_day)
        from core.staff a, core.staff s where a.role = 'auditor' and a.is_active and s.staff_id = w.staff_id;
        perform core.ledger_add('watch.' || w.pattern, (select s.public_id::text from core.staff s where s.staff_id = w.staff_id), null, 'R151');
    end loop;
    return n;
end $$;
comment on function core.watch_tick() is 'Keep what is found, and tell the auditors of what is new, once a pattern, seat and day.    out: rows    source: R151, N14';
