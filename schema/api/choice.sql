-- SPDX-License-Identifier: Apache-2.0
-- The customer's choice: asked at the desk or by head office, confirmed by a code, or made by himself on the page behind the letter.

create type api.choice as (id uuid, kind text, brand_id int, line core.line, to_dealer text, state text, at timestamptz, until_at timestamptz,
    done_at timestamptz, next_on date, is_mine boolean, person_id uuid, cursor_ text);

create function core.choice_row(c core.choice) returns api.choice
language plpgsql stable as $$
begin
    -- the person only when the choice made him the reader's own
    return (select row(c.public_id, c.kind, c.brand_id::int, c.line, d.name, case when c.state = 'ASKED' and c.until_at <= core.now() then 'EXPIRED' else c.state end,
        c.at, c.until_at, c.done_at, core.dealer_local_on(coalesce(session.dealer(), 0), c.next_at), c.staff_id = session.staff(),
        case when c.state = 'DONE' and c.to_dealer_id = session.dealer() then p.public_id end, core.cursor_make(c.choice_id::text, c.public_id))::api.choice
        from core.party p left join core.dealer d on d.dealer_id = c.to_dealer_id where p.party_id = c.party_id);
end $$;
comment on function core.choice_row(core.choice) is 'A choice as told to the dealer who asked for it.';

create function api.choice_ask(p_kind text, p_grant_id uuid default null, p_person_id uuid default null, p_brand_id int default null,
    p_line core.line default null, p_to_dealer_id uuid default null, p_evidence_id uuid default null)
returns api.choice language plpgsql volatile security definer set search_path = '' as $$
declare c core.choice; g core.serve_grant; v_party bigint; v_brand smallint := p_brand_id; v_line core.line := p_line; v_to int; v_evidence bigint; d int := session.dealer();
    e core.evidence;
begin
    if p_kind not in ('LINK', 'CODE', 'FORM', 'CALL') then perform core.fail('ZC402', 'kind'); end if;
    if p_grant_id is not null then
        g := core.serve_own(p_grant_id);               -- the person is at the desk
        v_party := g.party_id; v_brand := g.brand_id; v_line := g.line; v_to := d;
    else
        if p_person_id is null then perform core.fail('ZC400', 'person_id'); end if;
        if p_brand_id is null then perform core.fail('ZC400', 'brand_id'); end if;
        if p_line is null then perform core.fail('ZC400', 'line'); end if;
        if not exists (select from core.brand b where b.brand_id = p_brand_id) then perform core.fail('ZC402', 'brand_id'); end if;
        v_party := core.visible_party(p_person_id);
        v_to := coalesce(d, (select x.dealer_id from core.dealer x where x.public_id = p_to_dealer_id and x.dealer_id > 0));
        if p_to_dealer_id is not null and d is not null then perform core.fail('ZC402', 'to_dealer_id'); end if;
        if p_kind in ('CODE', 'FORM', 'CALL') and v_to is null then perform core.fail('ZC400', 'to_dealer_id'); end if;
    end if;
    if p_kind in ('FORM', 'CALL') then
        if p_evidence_id is null then perform core.fail('ZC400', 'evidence_id'); end if;
        select x.* into e from core.evidence x where x.public_id = p_evidence_id and x.dealer_id = coalesce(d, 0);
        if e.evidence_id is null or e.kind <> (case p_kind when 'FORM' then 'choice' else 'incoming' end) then perform core.fail('ZC402', 'evidence_id'); end if;
        -- R101: a form is one customer's; a second choice by the same sheet is none
        if exists (select from core.choice x where x.evidence_id = e.evidence_id) then perform core.fail('ZC081', 'evidence_id'); end if;
    elsif p_evidence_id is not null then perform core.fail('ZC402', 'evidence_id');
    end if;
    c := core.choice_ask(v_party, v_brand, v_line, null, p_kind, case when p_kind = 'LINK' then null else v_to end, e.evidence_id);
    if p_kind = 'FORM' then c := core.choice_apply(c, v_to, case when session.role_bit() in (32, 64) then session.staff() end); end if;
    return core.choice_row(c);
end $$;
comment on function api.choice_ask is $$
Ask a customer whom he chooses: a LINK or a CODE goes to the address the network knows; a signed FORM counts at once; a recorded CALL is
heard by head office first.
in: kind; grant_id - the walk-in at the desk, or person_id with brand_id and line of a person the caller sees; to_dealer_id - head office
    alone, for all but LINK; evidence_id - own evidence: kind choice for FORM, incoming for CALL
out: the choice; never whether an address is known
errors: not-found, choice-too-soon, choice-limit, choice-ended, grant-ended, dealer-unsuited, bad-field, missing-field, approval-open    rule: R80, P20 $$;

create function api.choice_code(p_choice_id uuid, p_code core.search_text) returns api.choice
language plpgsql volatile security definer set search_path = '' as $$
declare c core.choice;
begin
    select x.* into c from core.choice x where x.public_id = p_choice_id for update;
    if c.choice_id is null or c.dealer_id <> coalesce(session.dealer(), 0) or c.kind <> 'CODE' then perform core.fail('ZC404'); end if;
    if c.state <> 'ASKED' or c.until_at <= core.now() or c.tries >= 5 then perform core.fail('ZC081'); end if;
    if c.code_hash <> sha256(convert_to(c.public_id || ':' || btrim(p_code), 'UTF8')) then
        -- counted in this transaction: a wrong code is an answer, not an error
        update core.choice x set tries = x.tries + 1, state = case when x.tries >= 4 then 'EXPIRED' else x.state end where x.choice_id = c.choice_id returning x.* into c;
        perform core.ledger_add('choice.wrong_code', c.public_id::text, c.party_id, 'R80', jsonb_build_object('tries', c.tries), c.brand_id, c.line);
        return core.choice_row(c);
    end if;
    c := core.choice_apply(c, c.to_dealer_id, case when session.role_bit() in (32, 64) then session.staff() end);
    return core.choice_row(c);
end $$;
comment on function api.choice_code is $$
Enter the code the customer read from his letter: the right moves at once.
in: choice_id; code - six digits    out: the choice: DONE, KEPT (a signed order or dispute elsewhere), still ASKED when the code is wrong,
    EXPIRED after five    errors: not-found, choice-ended, choice-too-soon    rule: R80 $$;

create function api.choices_list(p_limit int default null, p_after text default null)
returns setof api.choice language sql stable security definer set search_path = '' as $$
select r.* from core.choice c cross join lateral core.choice_row(c) r
where c.dealer_id = coalesce(session.dealer(), 0) and (session.dealer() is null or session.role_bit() = 16 or c.staff_id = session.staff())
  and c.choice_id < coalesce(core.cursor_part(p_after, 1)::bigint, 9223372036854775807)
order by c.choice_id desc limit least(coalesce(p_limit, 50), 100) $$;
comment on function api.choices_list is $$
Choices the caller asked for, a manager those of the dealer, the newest first.
out: state; person_id only of those who chose the caller's dealer    rule: R80 $$;

create function api.approval_recording_get(p_approval_id uuid) returns api.download
language plpgsql stable security definer set search_path = '' as $$
declare r api.download;
begin
    select e.sha256, e.name, e.media_type into r from core.approval a join core.approval_kind k on k.kind = a.kind
    join core.choice c on c.public_id = a.subject join core.evidence e on e.evidence_id = c.evidence_id
    where a.public_id = p_approval_id and a.kind = 'choice' and a.state = 'ASKED' and a.until_at > core.now() and a.asked_by <> session.staff()
      and k.roles & session.role_bit() > 0 and e.note is null and e.erased_at is null;
    if r.sha256 is null then perform core.fail('ZC404'); end if;
    return r;
end $$;
comment on function api.approval_recording_get is $$
Send the recording of a call in which a customer chose, to who must hear it before he decides; held against the hash of the upload.
in: approval_id, while it waits    out: the file    errors: not-found (also when it is one's own asking), evidence-broken    rule: R80, R101 $$;

-- --- the page (server/api/pages.c draws the rows; role login calls, the signature of the link is verified) ------------------------

create type api.page_row as (kind text, value text, label text);

create function api.choice_page(p_link uuid, p_is_ru boolean) returns setof api.page_row
language plpgsql stable security definer set search_path = '' as $$
declare c core.choice; v_brand text; v_line text; r record; ru boolean := p_is_ru; v_state text;
begin
    select x.* into c from core.choice x where x.public_id = p_link and x.kind = 'LINK';
    return next row('title', '', case when ru then 'Ваш дилер' else 'Your dealer' end)::api.page_row;
    v_state := case when c.choice_id is null or (c.state = 'ASKED' and c.until_at <= core.now()) then 'EXPIRED' else c.state end;
    if v_state <> 'ASKED' then
        return next row(case when v_state in ('DONE', 'KEPT') then 'done' else 'gone' end, '', case v_state
            when 'DONE' then case when ru then 'Готово. Ваш выбор действует.' else 'Done. Your choice is in force.' end
            when 'KEPT' then case when ru then 'Ваш выбор записан. Подписанный заказ завершит прежний дилер.' else 'Your choice is recorded. The signed order is completed where it was made.' end
            else case when ru then 'Ссылка недействительна.' else 'This link is not valid.' end end)::api.page_row;
        return;
    end if;
    select b.name into v_brand from core.brand b where b.brand_id = c.brand_id;
    v_line := case when ru then case c.line when 'NEW' then 'новые автомобили' when 'USED' then 'автомобили с пробегом' when 'FLEET' then 'корпоративный парк'
            when 'SERVICE' then 'сервис' when 'PARTS' then 'запчасти' else 'кредит и страхование' end
        else case c.line when 'NEW' then 'new cars' when 'USED' then 'used cars' when 'FLEET' then 'fleet' when 'SERVICE' then 'service' when 'PARTS' then 'parts'
            else 'credit and insurance' end end;
    return next row('text', '', v_brand || ', ' || v_line)::api.page_row;
    for r in select distinct d.name, d.city from core.ownership o join core.dealer d on d.dealer_id = o.dealer_id
             where o.party_id = c.party_id and o.brand_id = c.brand_id and o.line = c.line and o.state not in ('CLOSED', 'OFFERED', 'PENDING') and o.dealer_id > 0 limit 5 loop
        return next row('text', '', (case when ru then 'Сейчас вас обслуживает: ' else 'You are served by: ' end) || r.name || ', ' || r.city)::api.page_row;
    end loop;
    if core.choice_soon(c.party_id, c.brand_id, c.line, c.vehicle_id) > core.now() then
        return next row('gone', '', (case when ru then 'Вы уже выбирали. Следующий выбор возможен с ' else 'You have chosen already. You may choose again from ' end)
            || to_char(core.choice_soon(c.party_id, c.brand_id, c.line, c.vehicle_id) at time zone 'Europe/Moscow', 'DD.MM.YYYY'))::api.page_row;
        return;
    end if;
    return next row('text', '', case when ru then 'Кто должен вас обслуживать?' else 'Who shall serve you?' end)::api.page_row;
    for r in select d.public_id, d.name, d.city from core.dealer d join core.dealer_brand b on b.dealer_id = d.dealer_id
             where d.is_active and d.dealer_id > 0 and b.brand_id = c.brand_id and b.line = c.line
             order by d.city = (select p.city from core.party p where p.party_id = c.party_id) desc nulls last, d.city, d.name limit 400 loop
        return next row('option', r.public_id::text, r.name || ', ' || r.city)::api.page_row;
    end loop;
    return next row('text', '', case when ru then 'Выбирая дилера, вы соглашаетесь, что ему передаются ваши контакты. На рекламу это согласия не даёт.'
        else 'By choosing a dealer you agree that your contacts are passed to it. This is no consent to advertising.' end)::api.page_row;
    return next row('button', '', case when ru then 'Выбрать' else 'Choose' end)::api.page_row;
end $$;
comment on function api.choice_page(uuid, boolean) is $$
The page behind the letter: who serves the customer, whom he may choose. Reading changes nothing.
in: link of the signed address; is_ru    out: rows kind (title, text, option, button, done, gone), value, label    rule: R80 $$;

create function api.choice_make(p_link uuid, p_dealer text, p_is_ru boolean) returns setof api.page_row
language plpgsql volatile security definer set search_path = '' as $$
declare c core.choice; v_dealer int; v_state text; v_from text;
begin
    select x.* into c from core.choice x where x.public_id = p_link and x.kind = 'LINK' for update;
    select d.dealer_id into v_dealer from core.dealer d where d.public_id::text = lower(p_dealer) and d.dealer_id > 0;
    if c.choice_id is not null and c.state = 'ASKED' and c.until_at > core.now() and v_dealer is not null then
        begin
            c := core.choice_apply(c, v_dealer);
        exception when sqlstate 'ZC080' or sqlstate 'ZC123' or sqlstate 'ZC033' then null;      -- the page says which
        end;
    end if;
    return query select * from api.choice_page(p_link, p_is_ru);
end $$;
comment on function api.choice_make(uuid, text, boolean) is $$
The customer chooses, once.
in: link; dealer - id of an option; is_ru    out: the page as it is now: done, or what may still be chosen    rule: R80, P20 $$;
