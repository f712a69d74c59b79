-- SPDX-License-Identifier: Apache-2.0
-- What a merge does to rights, and how an undo gives them back (R28, R29). R1 is never broken: a right leaves one person before it begins
-- at the other, and of two owners of one (brand, line) the earlier valid registration stays, under dispute.

create function core.right_terms(o core.ownership) returns jsonb
language sql stable as $$
select jsonb_build_object('state', o.state, 'since', o.since, 'registered_at', o.registered_at, 'accept_until', o.accept_until,
    'contact_until', o.contact_until, 'first_contact_at', o.first_contact_at, 'protect_until', o.protect_until, 'limit_until', o.limit_until,
    'free_from', o.free_from, 'manual_run', o.manual_run, 'prolonged_on', o.prolonged_on) $$;
comment on function core.right_terms(core.ownership) is 'The terms of a right as core.right_succeed takes them.';

create function core.manual_stricter(a core.ownership, b core.ownership) returns jsonb
language sql stable as $$
select jsonb_build_object('manual_run', greatest(a.manual_run, b.manual_run), 'prolonged_on', greatest(a.prolonged_on, b.prolonged_on)) $$;
comment on function core.manual_stricter(core.ownership, core.ownership) is
'What two rights of one dealer leave of the prolongations by hand: those of the one that used more, or a merge would give new ones. source: R54';

create function core.manual_before(p_now core.ownership, p_was core.ownership) returns jsonb
language plpgsql stable as $$
begin
    -- unchanged since the merge: as it was before; else it went on living
    return (select case when (h.manual_run, h.prolonged_on) is not distinct from (p_now.manual_run, p_now.prolonged_on)
                   then jsonb_build_object('manual_run', p_was.manual_run, 'prolonged_on', p_was.prolonged_on) else '{}' end
            from core.ownership_history h where h.party_id = p_now.party_id and h.brand_id = p_now.brand_id and h.line = p_now.line
              and h.ownership_id = p_now.ownership_id and (h.event = 'merge' or h.ver = 1) order by h.ver desc limit 1);
end $$;
comment on function core.manual_before(core.ownership, core.ownership) is
'The prolongations by hand that an undone merge gives back. in: the right as it is, as it was before the merge. source: R29, R54';

create function core.seat_still(p_seat bigint, p_dealer int) returns bigint
language plpgsql stable as $$
begin
    return (select s.staff_id from core.staff s where s.staff_id = p_seat and s.dealer_id = p_dealer and s.is_active);
end $$;
comment on function core.seat_still(bigint, int) is 'The seat, if he still works there; else NULL, the dealer''s queue. source: R7';

create function core.merge_rights(p_merge bigint, p_survivor bigint, p_merged bigint) returns jsonb
language plpgsql volatile as $$
declare r core.ownership; s core.ownership; made core.ownership; v_outcome text; v_other text; is_rival boolean; r_first boolean; shown jsonb := '[]';
begin
    for r in select o.* from core.ownership o where o.party_id = p_merged and o.state <> 'CLOSED' order by o.ownership_id for update loop
        select o.* into s from core.ownership o
        where o.party_id = p_survivor and o.state <> 'CLOSED' and o.brand_id = r.brand_id and o.line = r.line
          and (o.vehicle_id is not distinct from r.vehicle_id or o.vehicle_id is null or r.vehicle_id is null)
        order by o.ownership_id limit 1 for update;
        v_other := null;
        if s.ownership_id is null then
            made := core.right_succeed(r, r.dealer_id, r.seat_id, 'merge', 'merged', core.right_terms(r), p_survivor);
            v_outcome := 'moved';
            perform core.dispute_follow(r.ownership_id, made);
        else
            is_rival := s.dealer_id <> r.dealer_id;
            r_first := r.registered_at < s.registered_at;
            if r_first then           -- the survivor's own right gives way to the earlier one
                perform core.right_closed_by_merge(s);
                made := core.right_succeed(r, r.dealer_id, r.seat_id, 'merge', 'merged', core.right_terms(r)
                    || case when is_rival then '{}' else core.manual_stricter(r, s) end, p_survivor);
                if r.state = 'DISPUTED' then perform core.dispute_follow(r.ownership_id, made); end if;
            else
                perform core.right_closed_by_merge(r);
                made := s;
                if not is_rival and s.manual_run < r.manual_run then
                    made := core.right_change(jsonb_populate_record(s, core.manual_stricter(s, r)), 'merge');
                end if;
            end if;
            if is_rival then made := core.merge_disputed(made, case when r_first then s.dealer_id else r.dealer_id end); end if;
            v_outcome := case when r_first and is_rival then 'moved_disputed' when r_first then 'moved' else 'closed' end;
            v_other := case when r_first then 'closed' when is_rival then 'disputed' else 'kept' end;
            insert into core.merge_right (merge_id, side, ownership_id, outcome, after_id, before)
            values (p_merge, 'survivor', s.ownership_id, v_other, case when r_first then null else made.ownership_id end, to_jsonb(s))
            on conflict do nothing;
        end if;
        insert into core.merge_right (merge_id, side, ownership_id, outcome, after_id, before)
        values (p_merge, 'merged', r.ownership_id, v_outcome, case when v_outcome <> 'closed' then made.ownership_id end, to_jsonb(r));
        shown := shown || jsonb_build_object('brand_id', r.brand_id, 'line', r.line, 'state', made.state, 'outcome', v_outcome,
            'owner', (select d.public_id from core.dealer d where d.dealer_id = made.dealer_id),
            'other', case when is_rival and s.ownership_id is not null then (select d.public_id from core.dealer d
                          where d.dealer_id = case when r_first then s.dealer_id else r.dealer_id end) end);
    end loop;
    return shown;
end $$;
comment on function core.merge_rights(bigint, bigint, bigint) is $$
Pass the merged person's open rights to the survivor. Where both have one for the same brand and line, the earlier registration stays;
with two owners it goes to dispute with the other as claimant, and the later right is closed as merged.
out: [{brand_id, line, state, outcome moved | closed | moved_disputed, owner, other}]    source: R28, R1$$;

create function core.right_closed_by_merge(p_row core.ownership) returns void
language plpgsql volatile set search_path = '' as $$
begin
    p_row.state := 'CLOSED'; p_row.reason := 'merged'; p_row.lost := null; p_row.free_from := core.now();
    p_row.accept_until := null; p_row.contact_until := null;
    perform core.right_change(p_row, 'merge');
end $$;
comment on function core.right_closed_by_merge(core.ownership) is 'Close a right because its person is another''s; nobody who waits is told: the person is not free. source: R18, R28';

create function core.merge_disputed(p_right core.ownership, p_claimant int) returns core.ownership
language plpgsql volatile as $$
declare o core.ownership;
begin
    if p_right.state <> 'DISPUTED' then
        perform core.dispute_admit(core.dispute_file('earlier_evidence', p_right.ownership_id, p_claimant, null, null, core.now(),
            'Объединены две записи одного клиента, у второй был другой владелец.', '{}', true));
    end if;
    perform core.ledger_add('merge.dispute', p_right.public_id::text, p_right.party_id, 'R28',
        jsonb_build_object('claimant', p_claimant, 'owner', p_right.dealer_id), p_right.brand_id, p_right.line);
    select x.* into o from core.ownership x where x.ownership_id = p_right.ownership_id;
    return o;
end $$;
comment on function core.merge_disputed(core.ownership, int) is $$
Two dealers own one person: the right that stays is disputed by the owner of the one that closed; a dispute that runs already goes on.
in: the right that stays; the other owner    out: the right, frozen    source: R28, R100, R103$$;

create function core.dispute_follow(p_old bigint, p_new core.ownership) returns void
language sql volatile as $$
update core.dispute d set ownership_id = p_new.ownership_id, party_id = p_new.party_id
where d.ownership_id = p_old and d.state in ('FILED', 'ADMITTED', 'ANSWERED', 'DECIDED', 'APPEALED') $$;
comment on function core.dispute_follow(bigint, core.ownership) is 'A dispute goes on about the right that follows the one it was filed about. source: R28';

create function core.unmerge_rights(p_merge bigint, p_survivor bigint, p_merged bigint) returns int
language plpgsql volatile as $$
declare m record; was core.ownership; now_row core.ownership; n int := 0;
begin
    -- first what went over goes back, with the life it had since; then what was closed is restored as it was; then the dispute ends
    for was in select o.* from core.merge_right x join core.ownership o on o.ownership_id = x.after_id where x.merge_id = p_merge
               and x.outcome in ('disputed', 'moved_disputed') and o.state = 'DISPUTED'
               and (select y.before ->> 'state' from core.merge_right y where y.merge_id = p_merge
                    and y.side = case x.outcome when 'moved_disputed' then x.side else 'survivor' end and y.ownership_id = x.ownership_id) <> 'DISPUTED' loop
        perform core.dispute_move(d, 'withdraw', 'WITHDRAWN') from core.dispute d
        where d.ownership_id = was.ownership_id and d.is_system and d.state in ('FILED', 'ADMITTED', 'ANSWERED');
    end loop;
    for m in select x.* from core.merge_right x where x.merge_id = p_merge
             order by x.after_id is null, x.side = 'survivor', x.ownership_id loop
        was := jsonb_populate_record(null::core.ownership, m.before);
        if m.outcome in ('moved', 'moved_disputed') then
            select o.* into now_row from core.ownership o where o.ownership_id = m.after_id for update;
            continue when now_row.ownership_id is null or (now_row.state = 'CLOSED' and now_row.reason not in ('merged', 'conflict'));
            if now_row.state = 'CLOSED' or now_row.dealer_id <> was.dealer_id or (m.outcome = 'moved_disputed' and was.state <> 'DISPUTED') then
                if now_row.state <> 'CLOSED' then perform core.right_closed_by_merge(now_row); end if;
                perform core.right_restore(was, p_merged);
            else
                perform core.dispute_follow(now_row.ownership_id, core.right_succeed(now_row, now_row.dealer_id,
                    core.seat_still(now_row.seat_id, now_row.dealer_id), 'merge', 'merged', core.right_terms(now_row) || core.manual_before(now_row, was), p_merged));
            end if;
            perform core.merge_follow(was, p_merged);
            n := n + 1;
        elsif m.outcome = 'closed' then
            perform core.right_restore(was, case m.side when 'merged' then p_merged else p_survivor end);
            perform core.merge_follow(was, case m.side when 'merged' then p_merged else p_survivor end);
            n := n + 1;
        elsif m.outcome = 'kept' then
            select o.* into now_row from core.ownership o where o.ownership_id = was.ownership_id and o.state = was.state for update;
            if now_row.manual_run > was.manual_run and core.manual_before(now_row, was) <> '{}' then
                perform core.right_change(jsonb_populate_record(now_row, core.manual_before(now_row, was)), 'unmerge');
            end if;
        elsif m.outcome = 'disputed' and was.state <> 'DISPUTED' then          -- else an earlier case, which goes on
            select o.* into now_row from core.ownership o where o.ownership_id = m.after_id for update;
            if now_row.state = 'DISPUTED' then
                now_row.state := was.state;
                now_row.protect_until := was.protect_until; now_row.limit_until := was.limit_until; now_row.free_from := was.free_from;
                now_row.accept_until := was.accept_until; now_row.contact_until := was.contact_until;
                perform core.right_change(now_row, 'unmerge');
                n := n + 1;
            end if;
        end if;
    end loop;
    return n;
end $$;
comment on function core.unmerge_rights(bigint, bigint, bigint) is $$
Give both persons the rights they had: new rows with the original terms, or with those a right has reached since, when it went on living.
A right that ended by itself since stays ended.    out: rights given back    source: R29, R12$$;

create function core.merge_follow(p_was core.ownership, p_party bigint) returns void
language plpgsql volatile as $$
declare o core.ownership;
begin
    select x.* into o from core.ownership x where x.party_id = p_party and x.brand_id = p_was.brand_id and x.line = p_was.line
        and x.vehicle_id is not distinct from p_was.vehicle_id and x.dealer_id = p_was.dealer_id and x.state <> 'CLOSED';
    if o.ownership_id is null or o.ownership_id = p_was.ownership_id then return; end if;
    -- an earlier merge, still in force, and a case that runs were about the row that was: now they are about this one
    update core.merge_right m set after_id = o.ownership_id from core.merge g
    where g.merge_id = m.merge_id and g.undone_at is null and m.after_id = p_was.ownership_id;
    if o.state = 'DISPUTED' then perform core.dispute_follow(p_was.ownership_id, o); end if;
end $$;
comment on function core.merge_follow(core.ownership, bigint) is $$
A right given back by an undo is a new row (R12): what refers to the row that was follows it, so that merges within merges can be undone one
after another.    in: the right before the merge, whose it is    source: R28, R29$$;

create function core.right_restore(p_was core.ownership, p_party bigint) returns void
language plpgsql volatile as $$
declare row_now core.ownership;
begin
    select o.* into row_now from core.ownership o where o.party_id = p_party and o.brand_id = p_was.brand_id and o.line = p_was.line
        and o.vehicle_id is not distinct from p_was.vehicle_id for update;
    if row_now.state <> 'CLOSED' then return; end if;          -- somebody holds it by a later act: that stands
    row_now := p_was; row_now.state := 'CLOSED'; row_now.party_id := p_party;
    perform core.right_succeed(row_now, p_was.dealer_id, core.seat_still(p_was.seat_id, p_was.dealer_id), 'merge', 'merged', core.right_terms(p_was), p_party);
end $$;
comment on function core.right_restore(core.ownership, bigint) is 'Begin a right anew with the terms it had, unless somebody holds its place by now. source: R29';
