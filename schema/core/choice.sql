-- SPDX-License-Identifier: Apache-2.0
-- The customer's verified choice (R80): he says who shall serve him, and the right moves at once. Ways in: the page behind a letter to
-- his known address, a code of such a letter told at the desk, a signed form, a recorded call that head office has heard, and the order
-- he signs (R83). core.choice_apply is the one place where a choice takes effect.

insert into core.policy (name, valid_from, value_int, unit, min_int, max_int) values
  ('R80.link', '2000-01-01', 7, 'day', 1, 30), ('R80.code', '2000-01-01', 30, 'minute', 5, 1440),
  ('R80.letters', '2000-01-01', 3, 'count', 1, 20)                 -- letters to one person by one dealer in a day
on conflict (name, valid_from) do nothing;
insert into core.approval_kind (kind, roles, rule, days) values ('choice', 4 | 8, 'R80', 3) on conflict do nothing;
insert into core.party_reference (table_name, act, key, twin, made_at) values
  ('choice', 'stay', '{}', '{}', null), ('serve_visit', 'move', '{visit_id}', '{}', 'at'), ('credit', 'move', '{credit_id}', '{}', null),
  ('transfer', 'move', '{transfer_id}', '{}', null), ('transfer_told', 'stay', '{}', '{}', null)
on conflict (table_name) do update set act = excluded.act, key = excluded.key, twin = excluded.twin, made_at = excluded.made_at;
insert into core.personal_data (table_name, act, sets) values
  ('serve_grant', 'empty', '{"told_name": null, "typed": {}}'), ('serve_visit', 'empty', '{"note": null}'), ('transfer', 'empty', '{"answer": null}')
on conflict (table_name) do update set act = excluded.act, sets = excluded.sets;

create function core.is_served_by(p_dealer int, p_brand smallint, p_line core.line) returns boolean
language plpgsql stable as $$
begin
    return exists (select from core.dealer_brand b join core.dealer d on d.dealer_id = b.dealer_id
                   where b.dealer_id = p_dealer and d.is_active and d.dealer_id > 0 and b.brand_id = p_brand and b.line = p_line);
end $$;
comment on function core.is_served_by(int, smallint, core.line) is 'Whether an active dealer holds this brand and line.';

create function core.choice_soon(p_party bigint, p_brand smallint, p_line core.line, p_vehicle bigint) returns timestamptz
language plpgsql stable as $$
begin
    return (select max(x.next_at) from core.choice x where x.party_id = any (core.party_all(p_party)) and x.brand_id = p_brand and x.line = p_line
            and (x.vehicle_id is null or p_vehicle is null or x.vehicle_id = p_vehicle) and x.state = 'DONE');
end $$;
comment on function core.choice_soon(bigint, smallint, core.line, bigint) is 'From when this person may choose again; NULL when he never chose. source: P20';

create function core.choice_ask(p_party bigint, p_brand smallint, p_line core.line, p_vehicle bigint, p_kind text, p_to int, p_evidence bigint)
returns core.choice language plpgsql volatile as $$
declare c core.choice; v_code text; v_asker int := coalesce(session.dealer(), 0);
begin
    if p_to is not null and not core.is_served_by(p_to, p_brand, p_line) then perform core.fail('ZC123', 'line'); end if;
    if p_kind in ('LINK', 'CODE') then
        perform pg_catalog.pg_advisory_xact_lock(hashtextextended('choice' || p_party, 3));      -- the count is exact
        if (select count(*) from core.choice x where x.party_id = p_party and x.dealer_id = v_asker and x.kind in ('LINK', 'CODE')
              and x.at > core.now() - interval '1 day') >= core.policy_int('R80.letters') then
            perform core.fail('ZC083');
        end if;
        v_code := lpad(((('x' || left(replace(gen_random_uuid()::text, '-', ''), 8))::bit(32)::bigint) % 1000000)::text, 6, '0');
    end if;
    insert into core.choice (party_id, brand_id, line, vehicle_id, kind, dealer_id, staff_id, to_dealer_id, evidence_id, until_at)
    values (p_party, p_brand, p_line, case when core.is_aftersales(p_line) then p_vehicle end, p_kind, v_asker, session.staff(), p_to, p_evidence,
        core.now() + case p_kind when 'CODE' then make_interval(mins => core.policy_int('R80.code'))
            when 'CALL' then make_interval(days => 3) else make_interval(days => core.policy_int('R80.link')) end)
    returning * into c;
    if p_kind = 'CODE' then
        update core.choice x set code_hash = sha256(convert_to(c.public_id || ':' || v_code, 'UTF8')) where x.choice_id = c.choice_id returning x.* into c;
    end if;
    perform core.ledger_add('choice.ask', c.public_id::text, c.party_id, 'R80', jsonb_build_object('way', p_kind), c.brand_id, c.line);
    if p_kind in ('LINK', 'CODE') then perform core.choice_letter(c, v_code); end if;
    if p_kind = 'CALL' then
        perform core.approval_ask('choice', c.public_id, jsonb_build_object('brand', (select b.name from core.brand b where b.brand_id = c.brand_id),
            'line', c.line, 'to', (select d.name from core.dealer d where d.dealer_id = p_to),
            'evidence', (select e.sha256 from core.evidence e where e.evidence_id = p_evidence)));
    end if;
    return c;
end $$;
comment on function core.choice_ask(bigint, smallint, core.line, bigint, text, int, bigint) is $$
Ask a customer whom he chooses. The caller's own function has checked that he may ask about this person.
in: p_kind LINK | CODE | FORM | CALL | ORDER; p_to the dealer he would choose, NULL for LINK; p_evidence for FORM and CALL
out: the choice; whether a letter could go out is told to nobody (R24)    errors: ZC123 the dealer does not hold the line, ZC083 letters of the day    source: R80$$;

create function core.choice_letter(p_choice core.choice, p_code text) returns void
language plpgsql volatile as $$
declare v_address text; v_name text; v_brand text; sent uuid; net text; d core.dealer;
begin
    -- the known address, as marked first; never one that came with this very request
    select x.value into v_address from core.contact_point x
    where x.party_id = p_choice.party_id and x.kind = 'EMAIL' and x.is_valid and x.created_at < p_choice.at
    order by x.is_primary desc, x.contact_id limit 1;
    if v_address is null then return; end if;
    select coalesce(p.given_name, p.name) into v_name from core.party p where p.party_id = p_choice.party_id;
    select b.name into v_brand from core.brand b where b.brand_id = p_choice.brand_id;
    select x.value into net from core.setting x where x.name = 'network_name';
    select x.* into d from core.dealer x where x.dealer_id = p_choice.to_dealer_id;
    insert into core.message (channel, party_id, dealer_id, kind, address, vars, subject, body, expires_at)
    values ('EMAIL', p_choice.party_id, 0, 'choice', v_address,
        jsonb_strip_nulls(jsonb_build_object('name', v_name, 'brand', v_brand, 'dealer', d.name, 'network', net, 'code', case p_choice.kind when 'CODE' then p_code end,
            'choice_link', case p_choice.kind when 'LINK' then p_choice.public_id end)),
        'Выбор дилера / Your choice of dealer',
        case p_choice.kind when 'LINK' then
            E'Здравствуйте, {{name}}!\n\nВы можете выбрать дилера {{brand}}, который будет вас обслуживать:\n{{choice_url}}\n\nСсылка действует один раз. Если вы ничего не хотите менять, ничего не делайте.\n\n'
            '--\n\nHello {{name}},\n\nyou may choose the {{brand}} dealer who serves you:\n{{choice_url}}\n\nThe link works once. If nothing is to change, do nothing.'
        else
            E'Здравствуйте, {{name}}!\n\nЧтобы вас обслуживал дилер «{{dealer}}» ({{brand}}), назовите сотруднику код: {{code}}\nЭтим вы соглашаетесь, что ваши контакты передаются этому дилеру.\n\nЕсли вы об этом не просили, никому не называйте код.\n\n'
            '--\n\nHello {{name}},\n\nto be served by {{dealer}} ({{brand}}), tell this code to the staff: {{code}}\nBy this you agree that your contacts are passed to that dealer.\n\nIf you did not ask for it, tell the code to nobody.'
        end, p_choice.until_at)
    returning message into sent;
    insert into core.outbox (message, prio) values (sent, 0);
end $$;
comment on function core.choice_letter(core.choice, text) is $$
Send the link or the code to the address the network already knew; to none when there is none. A letter about the person's own business:
class 1, no advertising (R87).    in: the choice; the code of kind CODE$$;

create function core.choice_terms(p_row core.ownership, p_dealer int, p_line core.line, p_state core.right_state) returns jsonb
language plpgsql stable as $$
declare v_protect timestamptz := core.term_end(p_dealer, core.now(), core.policy_int('P3.' || p_line));
begin
    if p_state = 'HELD' then                           -- R83: the order is there
        return jsonb_build_object('state', 'HELD', 'protect_until', core.term_end(p_dealer, core.now(), core.policy_int('P7.hold')),
            'registered_at', core.now(), 'first_contact_at', core.now(), 'limit_until', core.term_end(p_dealer, core.now(), core.policy_int('P5.' || p_line)));
    end if;
    if p_row.state = 'CUSTOMER' then return '{}'; end if;          -- a customer stays one, with the term he has
    return jsonb_build_object('state', 'ACTIVE', 'registered_at', core.now(), 'protect_until', greatest(v_protect, p_row.protect_until),
        'limit_until', core.term_end(p_dealer, core.now(), core.policy_int('P5.' || p_line)), 'first_contact_at', null,
        'contact_until', core.working_until(p_dealer, core.now(), core.policy_int('P2.limit')));
end $$;
comment on function core.choice_terms(core.ownership, int, core.line, core.right_state) is $$
The terms of the right that follows a choice: a customer's stay; a prospect's begin anew, never shorter than they were.
in: the right that ends, empty when there was none; the chosen dealer; HELD when the order is the choice    out: p_terms of core.right_succeed$$;

create function core.choice_apply(p_choice core.choice, p_dealer int, p_seat bigint default null) returns core.choice
language plpgsql volatile set search_path = '' as $$
declare c core.choice := p_choice; o core.ownership; made core.ownership; v_soon timestamptz; v_state core.right_state := case when p_choice.kind = 'ORDER' then 'HELD' end;
    kept boolean := false; moved boolean := false; v_days int := core.policy_int('P20.choice');
begin
    if not core.is_served_by(p_dealer, c.brand_id, c.line) then perform core.fail('ZC123', 'dealer_id'); end if;
    perform 1 from core.party p where p.party_id = c.party_id for no key update;
    v_soon := core.choice_soon(c.party_id, c.brand_id, c.line, c.vehicle_id);
    for o in select x.* from core.ownership x where x.party_id = c.party_id and x.brand_id = c.brand_id and x.line = c.line and x.state <> 'CLOSED'
             and (c.vehicle_id is null or x.vehicle_id is null or x.vehicle_id = c.vehicle_id) order by x.since, x.ownership_id for update loop
        if o.dealer_id = p_dealer then
            if v_state = 'HELD' and o.state not in ('HELD', 'DISPUTED') then     -- his own client signs: D.2's ordinary way
                if o.state = 'OFFERED' then o.state := 'ACTIVE'; o.accept_until := null; o.first_contact_at := core.now(); o := core.right_change(o, 'accept'); end if;
                if o.state = 'PENDING' then o.state := 'ACTIVE'; o.accept_until := null; o := core.right_change(o, 'checked'); end if;
                if o.state = 'GRACE' then o.state := 'ACTIVE'; o := core.right_change(o, 'activity'); end if;
                if o.state = 'ACTIVE' then
                    o.state := 'HELD'; o.contact_until := null; o.protect_until := core.term_end(p_dealer, core.now(), core.policy_int('P7.hold'));
                    o := core.right_change(o, 'order');
                end if;
            end if;
            made := o;
            continue;
        end if;
        c.from_dealer_id := o.dealer_id;
        if o.state in ('HELD', 'DISPUTED') then kept := true; continue; end if;  -- R80 except HELD; R103: the arbiter reads the choice (R104)
        if v_soon > core.now() and c.kind <> 'ORDER' then
            perform core.fail('ZC080', null, jsonb_build_object('from', core.dealer_local_on(p_dealer, v_soon)));
        end if;
        made := core.right_succeed(o, p_dealer, p_seat, 'transfer', 'transferred', core.choice_terms(o, p_dealer, c.line, v_state));
        perform core.transfer_follow(o, made, 'customer_choice', true);
        moved := true;
    end loop;
    if made.ownership_id is null and not kept then     -- nobody had him
        if v_soon > core.now() and c.kind <> 'ORDER' then
            perform core.fail('ZC080', null, jsonb_build_object('from', core.dealer_local_on(p_dealer, v_soon)));
        end if;
        made := core.right_claim(c.party_id, c.brand_id, c.line, c.vehicle_id, p_dealer, p_seat, case when v_state = 'HELD' then 'order' else 'checked' end,
            core.choice_terms(null, p_dealer, c.line, v_state), 'choice', null, true);
        if made.ownership_id is null then perform core.fail('ZC033'); end if;
        moved := true;
    end if;
    update core.choice x set state = case when made.ownership_id is null then 'KEPT' else 'DONE' end, done_at = core.now(), to_dealer_id = p_dealer,
        from_dealer_id = c.from_dealer_id, ownership_id = made.ownership_id, code_hash = null,
        -- who chooses whom he has changes nothing and may change his mind
        next_at = core.now() + case when moved then make_interval(days => v_days) else interval '0' end
    where x.choice_id = c.choice_id and x.state = 'ASKED' returning x.* into c;
    if c.choice_id is null then perform core.fail('ZC081'); end if;
    if c.state = 'DONE' then perform core.choice_give(c, p_dealer); end if;
    perform core.ledger_add('choice.' || lower(c.state), c.public_id::text, c.party_id, case c.kind when 'ORDER' then 'R83' else 'R80' end,
        jsonb_build_object('way', c.kind), c.brand_id, c.line);
    return c;
end $$;
comment on function core.choice_apply(core.choice, int, bigint) is $$
Let a verified choice take effect: the right moves at once to the chosen dealer, or begins there. A signed order elsewhere and a dispute
stay where they are: the choice is KEPT for the arbiter.
in: the choice as asked; the dealer; his seat, NULL = the queue
errors: ZC080 chosen within P20 (info.from a date), ZC123 the dealer does not hold the line, ZC033, ZC081 used before
guard: choice_once    source: R80, R83, P20$$;

create function core.choice_give(p_choice core.choice, p_dealer int) returns void
language plpgsql volatile as $$
begin
    -- the choice names the dealer who gets the contacts: processing, no advertising (R146)
    update core.contact_point x set shared_ids = x.shared_ids || p_dealer
    where x.party_id = p_choice.party_id and coalesce(x.source_dealer_id, 0) not in (0, p_dealer) and p_dealer <> all (x.shared_ids);
    insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
    select p_choice.party_id, p_dealer, 'PROCESSING', null, 'choice-1', 'choice ' || p_choice.public_id, 'choice', core.now()
    where not exists (select from core.consent k where k.party_id = p_choice.party_id and k.dealer_id = p_dealer and k.purpose = 'PROCESSING' and k.withdrawn_at is null);
end $$;
comment on function core.choice_give(core.choice, int) is 'Give the person''s contacts to the dealer he chose: his choice is the consent to that. source: R80, R130, R148';

create function core.choice_approved(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile set search_path = '' as $$
declare c core.choice;
begin
    select x.* into c from core.choice x where x.public_id = p_subject for update;
    if c.choice_id is null or c.state <> 'ASKED' then perform core.fail('ZC081'); end if;
    c := core.choice_apply(c, c.to_dealer_id);
end $$;
comment on function core.choice_approved(uuid, bigint) is 'Head office heard the recording and grants it: the choice takes effect. source: R80';

create function core.choice_refused(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile set search_path = '' as $$
begin
    update core.choice x set state = 'REFUSED' where x.public_id = p_subject and x.state = 'ASKED';
end $$;
comment on function core.choice_refused(uuid, bigint) is 'Head office heard the recording and does not take it for a choice. source: R80';

create function core.choice_clock() returns int
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    update core.choice x set state = 'EXPIRED', code_hash = null where x.state = 'ASKED' and x.until_at <= core.now();
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.choice_clock() is 'Links and codes whose time is over. out: how many';
