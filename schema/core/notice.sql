-- SPDX-License-Identifier: Apache-2.0
-- Notices (D.15): once per event and receiver, a letter where the kind asks for one, on to the manager when nobody reads it.
-- A notice never changes a right: terms run from events, not from reading (R145).

create function core.notify(p_staff bigint, p_kind text, p_subject text, p_occurrence text default '') returns void
language plpgsql volatile as $$
begin
    insert into core.notice (public_id, staff_id, kind, subject, occurrence, mail_at, escalate_at)
    select core.uuid_ordered(), p_staff, p_kind, p_subject, p_occurrence,
        case when k.by_email then core.now() + case when k.is_urgent then interval '0' else interval '2 minutes' end end,   -- who is at work reads it there
        case when p_occurrence not like 'up %' then core.now() + make_interval(mins => k.due_min) end
    from (select 1) one left join core.notice_kind k on k.kind = p_kind
    where p_staff is not null
    on conflict (staff_id, kind, subject, occurrence) do nothing;
    if found then
        perform core.event_add(p_staff, 'notice', jsonb_build_object('kind', p_kind));
    end if;
end $$;
comment on function core.notify(bigint, text, text, text) is $$
Give one notice to one receiver, once.
in: p_kind of core.notice_kind; p_subject public id of the thing (a person for N1, N5, N6; a dispute for N8, N9); p_occurrence tells
    repeats apart    source: R140, R141$$;

create function core.notify_all(p_kind text, p_staff bigint[], p_subjects text[], p_occurrences text[]) returns int
language plpgsql volatile as $$
declare n int;
begin
    perform pg_current_xact_id();                      -- as core.event_add
    with made as (
        insert into core.notice (public_id, staff_id, kind, subject, occurrence, mail_at, escalate_at)
        select core.uuid_ordered(), u.staff_id, p_kind, u.subject, u.occurrence,
            case when k.by_email then core.now() + case when k.is_urgent then interval '0' else interval '2 minutes' end end,
            core.now() + make_interval(mins => k.due_min)
        from unnest(p_staff, p_subjects, p_occurrences) u (staff_id, subject, occurrence) left join core.notice_kind k on k.kind = p_kind
        where u.staff_id is not null
        on conflict (staff_id, kind, subject, occurrence) do nothing returning staff_id)
    insert into core.event (staff_id, kind, payload) select distinct m.staff_id, 'notice', jsonb_build_object('kind', p_kind) from made m;
    get diagnostics n = row_count;
    return n;
end $$;
comment on function core.notify_all(text, bigint[], text[], text[]) is $$
The same for many at once: one statement, and one event a receiver.
in: parallel arrays    out: receivers told    cost: 15 us a notice    source: R14, R141$$;

create function core.notice_title(p_kind text, p_lang text) returns text
language plpgsql stable as $$
begin
    return coalesce((select t.subject from core.notice_template t where t.kind = p_kind and t.lang = p_lang and t.valid_from <= core.now()
                     order by t.version desc limit 1), p_kind);
end $$;
comment on function core.notice_title(text, text) is 'What a kind of notice is called, by the version valid now. source: R144';

create function core.notice_letter(p_staff bigint, p_kind text, p_title text, p_count int, p_lines text) returns uuid
language plpgsql volatile set search_path = '' as $$
declare s core.staff; t core.notice_template; sent uuid; net text;
begin
    select x.* into s from core.staff x where x.staff_id = p_staff and x.is_active;
    select x.* into t from core.notice_template x where x.kind = p_kind and x.lang = s.lang and x.valid_from <= core.now() order by x.version desc limit 1;
    select x.value into net from core.setting x where x.name = 'network_name';
    if s.staff_id is null or t.kind is null or position('@' in s.email) = 0 then return null; end if;
    insert into core.message (channel, dealer_id, kind, address, subject, body, expires_at)
    select 'EMAIL', s.dealer_id, 'notice', s.email, v.subject, v.body, core.now() + interval '2 days'
    from (select replace(replace(replace(t.subject, '{{network}}', coalesce(net, '')), '{{title}}', p_title), '{{count}}', p_count::text) as subject,
                 replace(replace(replace(replace(t.body, '{{network}}', coalesce(net, '')), '{{title}}', p_title), '{{count}}', p_count::text), '{{lines}}', p_lines) as body) v
    returning message into sent;
    insert into core.outbox (message, prio) values (sent, 0);
    return sent;
end $$;
comment on function core.notice_letter(bigint, text, text, int, text) is $$
Queue a letter to a member of staff: that something waits, never about whom.
in: p_kind one | digest; title and lines are kinds and counts only    out: message, NULL when he has left or has no address    source: R140, R144$$;

create function core.notice_quiet_end(p_staff bigint) returns timestamptz
language plpgsql stable as $$
begin
    return (select case when (q.quiet_from < q.quiet_to and h.hour >= q.quiet_from and h.hour < q.quiet_to)
                          or (q.quiet_from > q.quiet_to and (h.hour >= q.quiet_from or h.hour < q.quiet_to))
                   then ((h.local::date + case when h.hour >= q.quiet_to then 1 else 0 end)::timestamp + make_interval(hours => q.quiet_to)) at time zone d.time_zone end
    from core.notice_setting q join core.staff s on s.staff_id = q.staff_id join core.dealer d on d.dealer_id = s.dealer_id
    cross join lateral (select core.now() at time zone d.time_zone as local, extract(hour from core.now() at time zone d.time_zone)::int as hour) h
    where q.staff_id = p_staff);
end $$;
comment on function core.notice_quiet_end(bigint) is 'When a user''s quiet hours end; NULL outside them. source: R143';

create function core.notice_mail(p_limit int default 500) returns int
language plpgsql volatile set search_path = '' as $$
declare r record; v_until timestamptz; n int := 0;
begin
    for r in select x.notice_id, x.staff_id, x.kind, x.read_at, k.is_urgent, s.lang, s.is_active, q.is_digest, coalesce(x.kind = any (q.muted), false) as is_muted
             from core.notice x join core.notice_kind k on k.kind = x.kind join core.staff s on s.staff_id = x.staff_id
             left join core.notice_setting q on q.staff_id = x.staff_id
             where x.mail_at <= core.now() order by x.mail_at limit p_limit for update of x skip locked loop
        n := n + 1;
        if r.read_at is not null or not r.is_active or (r.is_muted and not r.is_urgent) then
            update core.notice x set mail_at = null where x.notice_id = r.notice_id;
        elsif r.is_digest and not r.is_urgent then
            update core.notice x set mail_at = null, mail_state = 'digest' where x.notice_id = r.notice_id;
        else
            v_until := case when not r.is_urgent then core.notice_quiet_end(r.staff_id) end;
            if v_until > core.now() then
                update core.notice x set mail_at = v_until where x.notice_id = r.notice_id;
            else
                update core.notice x set mail_at = null, message = core.notice_letter(r.staff_id, 'one', core.notice_title(r.kind, r.lang), 1, ''), mail_state = 'queued'
                where x.notice_id = r.notice_id;
                update core.notice x set mail_state = 'failed' where x.notice_id = r.notice_id and x.message is null;
            end if;
        end if;
    end loop;
    -- what became of the letters (R141)
    with known as (
        select x.notice_id, o.state from core.notice x join core.outbox o on o.message = x.message
        where x.mail_state = 'queued' and o.state in ('accepted', 'unknown', 'failed', 'cancelled') limit p_limit)
    update core.notice x set mail_state = case when k.state in ('accepted', 'unknown') then 'sent' else 'failed' end from known k where x.notice_id = k.notice_id;
    return n;
end $$;
comment on function core.notice_mail(int) is $$
Letters for notices whose time has come: none for what was read meanwhile or muted, later in quiet hours, with the digest for who wants it;
urgent kinds (N1, N8, N13, N14) wait for nothing. Then the delivery state of those sent.    source: R141, R143$$;

create function core.notice_digest(p_limit int default 200) returns int
language plpgsql volatile set search_path = '' as $$
declare r record; v_lines text; v_count int; v_mail uuid; n int := 0;
begin
    for r in select q.staff_id, s.lang, (core.now() at time zone d.time_zone)::date as today
             from core.notice_setting q join core.staff s on s.staff_id = q.staff_id and s.is_active join core.dealer d on d.dealer_id = s.dealer_id
             where q.is_digest and q.digest_on is distinct from (core.now() at time zone d.time_zone)::date
               and extract(hour from core.now() at time zone d.time_zone) >= q.digest_hour
             limit p_limit for update of q skip locked loop
        select string_agg(t.line, E'\n' order by t.rank), sum(t.n)::int into v_lines, v_count from (
            select core.notice_title(x.kind, r.lang) || ': ' || count(*) as line, count(*) as n, k.rank
            from core.notice x join core.notice_kind k on k.kind = x.kind
            where x.staff_id = r.staff_id and x.read_at is null and x.mail_state = 'digest' and x.message is null group by x.kind, k.rank) t;
        if v_count > 0 then
            v_mail := core.notice_letter(r.staff_id, 'digest', '', v_count, v_lines);
            update core.notice x set message = v_mail, mail_state = case when v_mail is null then 'failed' else 'queued' end
            where x.staff_id = r.staff_id and x.read_at is null and x.mail_state = 'digest' and x.message is null;
        end if;
        update core.notice_setting q set digest_on = r.today where q.staff_id = r.staff_id;
        n := n + 1;
    end loop;
    return n;
end $$;
comment on function core.notice_digest(int) is 'One letter a day for who asked for it, at his hour where he works: kinds and counts. out: users. source: R143';

create function core.notice_offers(p_limit int default 500) returns int
language plpgsql volatile set search_path = '' as $$
declare n int;
begin
    -- N1 again at half of P1, to whom it was given and who has not read it
    select count(core.notify(x.staff_id, 'N1', x.subject, x.occurrence || ':half')) into n from (
        select y.staff_id, y.subject, y.occurrence from core.ownership o join core.party p on p.party_id = o.party_id
        join core.notice y on y.kind = 'N1' and y.subject = p.public_id::text and y.occurrence = o.ownership_id::text and y.read_at is null
        where o.state = 'OFFERED' and o.accept_until > core.now() and core.now() >= o.since + (o.accept_until - o.since) / 2
          and not exists (select from core.notice z where z.staff_id = y.staff_id and z.kind = 'N1' and z.subject = y.subject and z.occurrence = y.occurrence || ':half')
        limit p_limit) x;
    return n;
end $$;
comment on function core.notice_offers(int) is 'Offers nobody looked at are told again at half of their term. out: notices. source: N1';

create function core.notice_escalate(p_limit int default 500) returns int
language plpgsql volatile set search_path = '' as $$
declare r record; o core.ownership; v_told int; n int := 0;
begin
    for r in select x.notice_id, x.staff_id, x.kind, x.subject, x.occurrence, x.read_at, s.dealer_id, s.role
             from core.notice x join core.staff s on s.staff_id = x.staff_id
             where x.escalate_at <= core.now() order by x.escalate_at limit p_limit for update of x skip locked loop
        n := n + 1; v_told := 0;
        if r.read_at is null and r.kind = 'N1' then                    -- an offer goes on at the end of its term, when nobody took it
            select h.* into o from core.ownership h where h.ownership_id = case when r.occurrence ~ '^[0-9]{1,18}(:|$)' then split_part(r.occurrence, ':', 1)::bigint end;
            if o.state = 'OFFERED' and o.accept_until > core.now() then
                update core.notice x set escalate_at = o.accept_until where x.notice_id = r.notice_id;
                continue;
            end if;
            if o.ownership_id is not null and o.state not in ('OFFERED', 'CLOSED') then r.read_at := core.now(); end if;
        end if;
        if r.read_at is null then
            select count(core.notify(m.staff_id, r.kind, r.subject, left('up ' || r.occurrence, 200))) into v_told from core.staff m
            where m.is_active and m.dealer_id = r.dealer_id and m.staff_id <> r.staff_id
              and m.role = case when r.dealer_id = 0 then 'admin' else 'manager' end::core.staff_role;
            perform core.ledger_add('notice.escalate', (select s.public_id::text from core.staff s where s.staff_id = r.staff_id), null, 'R142',
                jsonb_build_object('kind', r.kind, 'told', v_told));
        end if;
        update core.notice x set escalate_at = null, escalated_to = case when r.read_at is null then v_told end where x.notice_id = r.notice_id;
    end loop;
    return n;
end $$;
comment on function core.notice_escalate(int) is $$
What stays unread goes on to the managers (head office: to the administrators), once: N1 when its offer ends, N5 and N8 after their time.
out: notices looked at    source: R142$$;

create function core.notice_tick() returns int
language plpgsql volatile security definer set search_path = '' as $$
begin
    return core.notice_offers() + core.notice_escalate() + core.notice_mail() + core.notice_digest();
end $$;
comment on function core.notice_tick() is 'One turn of the clock of notices: repeats, escalation, letters, digests. cost: four index probes when nothing is due. source: R140-R145';
