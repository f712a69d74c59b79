-- SPDX-License-Identifier: Apache-2.0
-- The owner of yesterday (R129, D.14 row CLOSED). A right that went to another dealer has left its row of core.ownership to its
-- successor; for thirty days its history stands in for it in the projection, then contacts are gone and documents are nobody's
-- (api.past_documents_list).

create function core.listed_until(p_dealer int, p_party bigint, p_closed_at timestamptz) returns timestamptz
language plpgsql stable as $$
begin
    return p_closed_at + make_interval(days => case when exists (select from core.repair_order x where x.dealer_id = p_dealer and x.party_id = p_party
        and not x.is_paid and x.amount_kopecks > 0 and x.kind in ('PAID', 'EMERGENCY')) then core.policy_int('R129.account') else core.policy_int('D14.closed') end);
end $$;
comment on function core.listed_until(int, bigint, timestamptz) is
'Until when a dealer lists a client of whom he has documents and no right: thirty days, with an unpaid work order until it is paid, a year at most. source: R129, D.14';

create function core.former_rights(p_dealer int, p_party bigint) returns setof core.ownership
language plpgsql stable as $$
begin
    if exists (select from core.ownership o where o.party_id = p_party and o.dealer_id = p_dealer and (o.state <> 'CLOSED' or core.is_listed(o)))
       or not exists (select from core.party_summary s where s.party_id = p_party and s.dealer_id = p_dealer) then
        return;
    end if;
    return query
    select f.*                                            -- made once a row; (f(x)).* would make it once a column
    from (select y.* from core.ownership_history y where y.party_id = p_party and y.dealer_id = p_dealer and y.state = 'CLOSED' offset 0) h
    cross join lateral jsonb_populate_record(null::core.ownership, to_jsonb(h) || jsonb_build_object('changed_at', h.recorded_at)) f
    where h.reason not in ('erased', 'merged', 'conflict') and not h.is_void
      and core.listed_until(p_dealer, p_party, h.recorded_at) > core.now()
      and not exists (select from core.ownership o where o.ownership_id = h.ownership_id)
    order by h.recorded_at desc limit 1;
end $$;
comment on function core.former_rights(int, bigint) is $$
A dealer's right that closed within thirty days, or with an open account longer, and whose row another dealer's has taken, while the dealer lists the person by nothing else
and has documents of him.    out: one row at most    source: R129, D.14$$;

create function core.former_step(p_look int default 2000) returns int
language plpgsql volatile security definer set search_path = '' as $$
declare m core.clock_mark; v_dealers int[]; v_parties bigint[]; n int;
begin
    select x.* into m from core.clock_mark x where x.name = 'former.people';
    if m.at > core.now() - interval '1 hour' and m.at <= core.now() and m.detail ->> 'party' is null then return 0; end if;
    if m.detail ->> 'party' is null then m.at := core.now(); end if;      -- a new round
    select array_agg(y.dealer_id), array_agg(y.party_id) into v_dealers, v_parties from (
        select x.dealer_id, x.party_id from core.dealer_party x where x.state = 'CLOSED'
          and (x.dealer_id, x.party_id) > (coalesce((m.detail ->> 'dealer')::int, -1), coalesce((m.detail ->> 'party')::bigint, 0))
        order by x.dealer_id, x.party_id limit p_look) y;
    n := coalesce(cardinality(v_parties), 0);
    -- by when the right ended, not by when the row was last written: whoever renews it would give the look another thirty days
    perform core.project(array_agg(u.d), array_agg(u.p), false) from unnest(v_dealers, v_parties) u(d, p)
    where not exists (select from core.ownership o where o.party_id = u.p and o.dealer_id = u.d and core.is_listed(o))
      and not exists (select from core.former_rights(u.d, u.p)) having count(*) > 0;
    insert into core.clock_mark as x (name, at, detail) values ('former.people', m.at,
        case when n = p_look then jsonb_build_object('dealer', v_dealers[n], 'party', v_parties[n]) else '{}' end)
    on conflict (name) do update set at = excluded.at, detail = excluded.detail;
    return n;
end $$;
comment on function core.former_step(int) is $$
The end of the look at a client of yesterday: whoever a dealer lists for his documents alone and whose term is over leaves its list. Goes round,
a round an hour, on from where the step before ended, so that whom an open account keeps holds nobody else back.
in: so many list rows at most    out: rows looked at    cost: 0.1 ms a row    source: R129, D.14$$;
