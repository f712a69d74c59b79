-- SPDX-License-Identifier: Apache-2.0
-- Carve-outs and key accounts (R64, R67): another owner for a branch, or one owner of FLEET for all members of a group, with dates.
-- Planned ones come into force by the clock; a signed order stays with its dealer until the delivery or until he agrees.

create function core.carve_terms(c core.carve_out, p_state core.right_state) returns jsonb
language plpgsql stable as $$
declare v_end timestamptz := core.day_end(c.dealer_id, c.to_on);
begin
    if p_state in ('HELD', 'CUSTOMER') then return '{}'; end if;         -- an order and a customer keep their terms
    return jsonb_build_object('state', 'ACTIVE', 'protect_until', v_end, 'limit_until', v_end, 'accept_until', null, 'contact_until', null);
end $$;
comment on function core.carve_terms(core.carve_out, core.right_state) is 'Terms of the right that a carve-out makes: until its last day. source: R64';

create function core.carve_start(p_carve bigint) returns boolean
language plpgsql volatile set search_path = '' as $$
declare c core.carve_out; o core.ownership; made core.ownership; v_end timestamptz;
begin
    select x.* into c from core.carve_out x where x.carve_id = p_carve for update;
    if c.state <> 'PLANNED' or c.from_on > core.dealer_local_on(c.dealer_id, core.now()) then return false; end if;
    if not exists (select from core.dealer d where d.dealer_id = c.dealer_id and d.is_active) then
        perform core.carve_end(p_carve);               -- R131: who has left the network gets nobody
        return true;
    end if;
    perform 1 from core.party p where p.party_id = c.party_id for no key update;
    select x.* into o from core.ownership x
    where x.party_id = c.party_id and x.brand_id = c.brand_id and x.line = c.line and x.state <> 'CLOSED'
    order by x.vehicle_id is not null, x.since limit 1 for update;
    if o.ownership_id is not null and o.dealer_id <> c.dealer_id and (o.state = 'DISPUTED' or (o.state = 'HELD' and not c.is_agreed)) then
        return false;                                  -- R67, R103
    end if;
    update core.carve_out x set state = 'IN_FORCE', started_at = core.now() where x.carve_id = p_carve;
    if o.ownership_id is null then
        v_end := core.day_end(c.dealer_id, c.to_on);
        made := core.right_claim(c.party_id, c.brand_id, c.line, null, c.dealer_id, null, 'offer',
            jsonb_build_object('accept_until', core.now() + interval '1 minute'), 'R64', null, true);
        if made.ownership_id is not null then
            made.state := 'ACTIVE'; made.accept_until := null; made.protect_until := v_end; made.limit_until := v_end;
            made.first_contact_at := core.now();
            made := core.right_change(made, 'accept');
        end if;
    elsif o.dealer_id = c.dealer_id then
        made := o;
    else
        made := core.right_succeed(o, c.dealer_id, null, 'transfer', 'transferred', core.carve_terms(c, o.state));
        perform core.notify_role('manager', o.dealer_id, 'N10', p.public_id::text, c.public_id::text) from core.party p where p.party_id = c.party_id;
    end if;
    update core.carve_out x set ownership_id = made.ownership_id where x.carve_id = p_carve;
    if c.dealer_id <> 0 then
        perform core.notify_role('manager', c.dealer_id, 'N10', p.public_id::text, c.public_id::text) from core.party p where p.party_id = c.party_id;
    end if;
    perform core.ledger_add('carve.start', c.public_id::text, c.party_id, 'R64', jsonb_build_object('dealer', c.dealer_id), c.brand_id, c.line);
    return true;
end $$;
comment on function core.carve_start(bigint) is $$
Bring a carve-out into force: the named owner gets the branch's right, by succession where another holds it.
out: false when it waits: its day has not come, a signed order is not delivered and its owner did not agree, or a dispute runs; a dealer
    that has left meanwhile gets nothing: the carve-out ends
guard: locks of carve-out, party, right    source: R64, R67, R103$$;

create function core.carve_end(p_carve bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare c core.carve_out; o core.ownership;
begin
    update core.carve_out x set state = 'ENDED', ended_at = core.now() where x.carve_id = p_carve and x.state <> 'ENDED' returning x.* into c;
    if c.carve_id is null then return; end if;
    select x.* into o from core.ownership x where x.ownership_id = c.ownership_id and x.dealer_id = c.dealer_id and x.state = 'ACTIVE' for update;
    if o.ownership_id is not null then perform core.right_close(o, 'transfer', 'transferred'); end if;
    perform core.ledger_add('carve.end', c.public_id::text, c.party_id, 'R64', '{}', c.brand_id, c.line);
end $$;
comment on function core.carve_end(bigint) is $$
End a carve-out: the branch is the company's again; who has a signed order or a customer there keeps him for his term.    source: R64, R67$$;

create function core.carve_follow(p_made bigint[]) returns void
language plpgsql volatile set search_path = '' as $$
begin
    update core.carve_out c set ownership_id = o.ownership_id, dealer_id = o.dealer_id from core.ownership o
    where o.ownership_id = any (p_made) and o.successor_of is not null and c.party_id = o.party_id and c.brand_id = o.brand_id and c.line = o.line
      and c.state = 'IN_FORCE' and c.ownership_id = o.successor_of;
end $$;
comment on function core.carve_follow(bigint[]) is $$
Who has the right of a carved-out branch now is the owner the carve-out names, and its end is the end of his right: it would otherwise name one
who has nothing there, and end nothing.    in: rights that follow others    source: R64, R127$$;

create function core.company_pass(p_party bigint, p_from int, p_to int) returns int
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    -- R65, R128: who speaks for the company, as far as his own consent goes
    perform core.contacts_pass(c.party_id, p_to) from core.company_contact c
    where c.company_id = p_party and c.dealer_id = p_from and c.to_on is null and core.is_covered(c.party_id, p_to);
    insert into core.company_contact (company_id, party_id, name, job, dealer_id, from_on)
    select c.company_id, c.party_id, c.name, c.job, p_to, c.from_on from core.company_contact c
    where c.company_id = p_party and c.dealer_id = p_from and c.to_on is null and p_to > 0 and core.is_covered(c.party_id, p_to)
    on conflict do nothing;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.company_pass(bigint, int, int) is
'The contact persons of a company go to its new owner, each as far as his own consent reaches; the others he asks himself. out: how many. source: R65, R128, R130';

create function core.key_spread(p_key bigint) returns int
language plpgsql volatile set search_path = '' as $$
declare k core.key_account; n int; r record;
begin
    select x.* into k from core.key_account x where x.key_id = p_key for update;
    -- who left the group, or an account that is over
    for r in select v.carve_id from core.carve_out v where v.key_id = p_key and v.state <> 'ENDED'
             and (k.ended_at is not null or core.today() > k.to_on or not exists (select from core.company c
                  join core.company_group_member m on m.party_id = coalesce(c.head_id, c.party_id) and m.group_id = k.group_id and m.to_on is null
                  where c.party_id = v.party_id)) loop
        perform core.carve_end(r.carve_id);
    end loop;
    if k.ended_at is not null or core.today() > k.to_on then return 0; end if;
    insert into core.carve_out (party_id, key_id, brand_id, line, dealer_id, from_on, to_on, reason, made_by)
    select m.party_id, k.key_id, k.brand_id, 'FLEET', k.dealer_id, greatest(k.from_on, m.from_on), k.to_on, k.reason, k.made_by
    from core.company_group_member m where m.group_id = k.group_id and m.to_on is null
    on conflict do nothing;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.key_spread(bigint) is $$
Give every member of the group its row of the key account, and end those of members who left.
out: rows made; a member whom a carve-out of his own names another owner keeps it    source: R64$$;

create function core.clock_carve(p_limit int default 500) returns int
language plpgsql volatile set search_path = '' as $$
declare r record; n int := 0;
begin
    for r in select k.key_id from core.key_account k where k.ended_at is null loop
        n := n + core.key_spread(r.key_id);
    end loop;
    for r in select v.carve_id from core.carve_out v where v.state = 'PLANNED' and v.from_on <= core.today() + 1 order by v.from_on, v.carve_id limit p_limit loop
        n := n + core.carve_start(r.carve_id)::int;
    end loop;
    for r in select v.carve_id from core.carve_out v where v.state = 'IN_FORCE' and v.to_on < core.today() order by v.to_on limit p_limit loop
        perform core.carve_end(r.carve_id);
        n := n + 1;
    end loop;
    return n;
end $$;
comment on function core.clock_carve(int) is 'What key accounts and carve-outs are due: begins, ends, new members.    out: rows moved    source: R64, R67, R14';
