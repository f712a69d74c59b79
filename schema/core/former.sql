-- SPDX-License-Identifier: Apache-2.0
-- The owner of yesterday (R129, D.14 row CLOSED). A right that went to another dealer has left its row of core.ownership to its
-- successor; for thirty days its history stands in for it in the projection, then contacts are gone and documents are nobody's
-- (api.past_documents_list).

create function core.former_rights(p_dealer int, p_party bigint) returns setof core.ownership
language plpgsql stable as $$
begin
    if exists (select from core.ownership o where o.party_id = p_party and o.dealer_id = p_dealer and (o.state <> 'CLOSED' or core.is_listed(o)))
       or not exists (select from core.party_summary s where s.party_id = p_party and s.dealer_id = p_dealer) then
        return;
    end if;
    return query
    select (jsonb_populate_record(null::core.ownership, to_jsonb(h) || jsonb_build_object('changed_at', h.recorded_at))).*
    from core.ownership_history h
    where h.party_id = p_party and h.dealer_id = p_dealer and h.state = 'CLOSED' and h.reason not in ('erased', 'merged', 'conflict') and not h.is_void
      and h.recorded_at > core.now() - make_interval(days => core.policy_int('D14.closed'))
      and not exists (select from core.ownership o where o.ownership_id = h.ownership_id)
    order by h.recorded_at desc limit 1;
end $$;
comment on function core.former_rights(int, bigint) is $$
A dealer's right that closed within thirty days and whose row another dealer's has taken, while the dealer lists the person by nothing else
and has documents of him.    out: one row at most    source: R129, D.14$$;
