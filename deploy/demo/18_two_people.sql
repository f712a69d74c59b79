-- SPDX-License-Identifier: Apache-2.0
-- What goes between two people: registrations that wait for a look, credits, permits, an announced campaign, approvals of four eyes.
-- Each act is a route's own function, called as the member of staff who would call it.

create function pg_temp.act_as(p_role core.staff_role, p_dealer int) returns bigint language plpgsql as $$
declare s core.staff;
begin
    select x.* into strict s from core.staff x where x.dealer_id = p_dealer and x.role = p_role and x.is_active order by x.staff_id limit 1;
    perform session.identify(s.staff_id, s.dealer_id, s.role_bit, null, 'demo', 'demo', 'ru', null);
    return s.staff_id;
end $$;

-- R32: a telephone and an e-mail that are somebody's, under another surname: STRONG, the steward looks
do $$
declare p record; n int := 0;
begin
    for p in select x.party_id, x.given_name, a.value as phone, b.value as email, h.dealer_id, h.brand_id, h.line from core.party x
             join core.contact_point a on a.party_id = x.party_id and a.kind = 'PHONE' and a.is_primary join core.contact_point b on b.party_id = x.party_id and b.kind = 'EMAIL' and b.is_primary
             cross join lateral (select y.dealer_id, y.brand_id, y.line from core.dealer_brand y where y.line in ('NEW', 'USED') and y.dealer_id > 0
                 and not exists (select from core.ownership o where o.party_id = x.party_id and (o.state <> 'CLOSED' or o.dealer_id = y.dealer_id)) order by (y.dealer_id + x.party_id) % 12, y.brand_id limit 1) h
             where x.kind = 'PERSON' and not x.is_opted_out and x.is_pool order by x.party_id offset 20 limit 3 loop
        n := n + 1;
        perform pg_temp.act_as('seller', p.dealer_id);
        perform api.registration_add(p_kind => 'PERSON', p_surname => (array['Горностаев', 'Лукошкин', 'Берестов'])[n], p_given_name => p.given_name, p_phone => p.phone,
            p_email => p.email, p_brand_id => p.brand_id, p_line => p.line, p_source => 'walk-in', p_occasion => 'walk_in', p_interest => 'кроссовер',
            p_consent_evidence => 'анкета ' || 100 + n, p_consent_channels => '{CALL}');
    end loop;
end $$;

-- R83, R84: guests who signed an order where they were served; the second one's owner had worked him, so the credit is split
do $$
declare g record; n int := 0;
begin
    for g in select distinct on (x.dealer_id) x.* from core.serve_grant x where x.ended_at is null and x.line = 'NEW' and x.dealer_id in (2, 4, 6) order by x.dealer_id, x.grant_id loop
        n := n + 1;
        perform pg_temp.act_as('seller', g.dealer_id);
        if n = 2 then
            insert into core.interaction (party_id, dealer_id, staff_id, kind, at, is_manual, is_qualifying, evidence)
            select g.party_id, o.dealer_id, o.seat_id, k.kind, core.now() - k.ago, false, k.kind <> 'OFFER', 'D-' || g.grant_id
            from core.ownership o, (values ('TEST_DRIVE'::core.interaction_kind, interval '6 days'), ('OFFER', interval '5 days')) k(kind, ago)
            where o.party_id = g.party_id and o.brand_id = g.brand_id and o.line = g.line and o.state <> 'CLOSED';
        end if;
        perform api.walk_in_order(g.public_id, 'ЗК-' || 2000 + g.grant_id);
    end loop;
end $$;

-- R71, R47: campaigns that need another's permit: of the owner, of head office for a territory; one granted, one waits, one refused
do $$
declare k record; c core.campaign; v_id uuid; y api.permit;
begin
    for k in select * from (values (1, 5, 2, 'GRANTED', 'Тест-драйв для гостей сервиса'), (3, 5, 1, null, 'Обмен с доплатой'), (5, 3, 0, null, 'День открытых дверей'), (2, 3, 0, 'REFUSED', 'Выездной показ'))
             v(dealer_id, class, holder, decided, name) loop
        perform pg_temp.act_as('manager', k.dealer_id);
        select x.id into v_id from api.campaign_add(p_name => k.name::core.name_text, p_grp => 'SALES', p_channel => 'EMAIL', p_definition => '{"and": []}', p_class => k.class,
            p_subject => 'Приглашение', p_body => E'Здравствуйте, {{name}}!\n\nЖдём вас в {{dealer_name}}.', p_topic => 'test_drive') x;
        y := api.permit_ask(v_id, (select d.public_id from core.dealer d where d.dealer_id = nullif(k.holder, 0)));
        continue when k.decided is null;
        perform pg_temp.act_as(case k.holder when 0 then 'router' else 'manager' end::core.staff_role, k.holder);
        if k.decided = 'GRANTED' then perform api.permit_grant(y.id); else perform api.permit_refuse(y.id); end if;
    end loop;
end $$;

-- R78: head office announces a campaign to owners with few people: checked and judged by the jobs' own steps
do $$
declare v_id uuid; j core.job; is_done boolean; v_kind text; v_city text := (select d.city from core.dealer d where d.dealer_id = 1); v_person uuid;
begin
    perform pg_temp.act_as('marketer', 0);
    select x.id into v_id from api.campaign_add(p_name => ('Зимний тест-драйв, ' || v_city || ': класс A, были на сервисе недавно')::core.name_text, p_grp => 'SALES', p_channel => 'EMAIL', p_class => 4,
        p_definition => format('{"and": [{"attr": "abc", "op": "in", "value": ["A"]}, {"attr": "city", "op": "in", "value": [%s]}, {"attr": "last_visit", "op": "within_days", "value": 45}]}', to_json(v_city))::jsonb,
        p_subject => 'Зимний тест-драйв в {{dealer_name}}', p_body => E'Здравствуйте, {{name}}!\n\nПриезжайте на зимний маршрут: лёд, подъём и колея под присмотром инструктора.\n\n{{dealer_name}}', p_topic => 'test_drive') x;
    foreach v_kind in array array['check', 'announce'] loop
        perform pg_temp.act_as('marketer', 0);
        if v_kind = 'check' then perform api.campaign_check(v_id); else perform api.campaign_announce(v_id); end if;
        update core.job x set state = 'RUNNING', lease = '\x01', lease_until = core.now() + interval '1 hour' where x.kind = 'campaign_' || v_kind and x.state = 'QUEUED' returning x.* into j;
        perform session.identify(j.staff_id, 0, 2, null, 'job-' || j.public_id, 'job', 'ru', null);
        loop
            if v_kind = 'check' then select s.is_done into is_done from core.job_step_campaign_check(j.job_id) s;
            else select s.is_done into is_done from core.job_step_campaign_announce(j.job_id) s; end if;
            exit when is_done;
        end loop;
        update core.job x set state = 'DONE', finished_at = core.now(), lease = null, lease_until = null, done = x.total where x.job_id = j.job_id;
    end loop;
    -- demo campaigns go out the same day (P19 is 0 here); this one has the days of the rule, and its first dealer left one person out
    update core.campaign x set exclude_until = core.working_days_end(0, core.now(), 5) where x.public_id = v_id;
    perform pg_temp.act_as('manager', 1);
    select p.person_id into v_person from api.announcement_people(v_id, null, 1) p;
    if v_person is not null then perform api.announcement_exclude(v_id, v_person, 'Просил не беспокоить до весны'); end if;
end $$;

-- R131, R137, R53: a dealer's rights in bulk, a large file, a longer term: asked by one, to be granted by another
do $$
declare b api.transfer_batch; o record;
begin
    perform pg_temp.act_as('router', 0);
    b := api.transfer_batch_add((select d.public_id from core.dealer d where d.dealer_id = 12), 'territory', false,
        json_build_array(json_build_object('dealer_id', (select d.public_id from core.dealer d where d.dealer_id = 11))), 'one', 1, 'USED');
    b := api.transfer_batch_ask(b.id, (b.counts ->> 'move')::int);
    b := api.transfer_batch_add((select d.public_id from core.dealer d where d.dealer_id = 9), 'dealer_sold', true,
        json_build_array(json_build_object('dealer_id', (select d.public_id from core.dealer d where d.dealer_id = 8)),
                         json_build_object('dealer_id', (select d.public_id from core.dealer d where d.dealer_id = 10))), 'shares');
    perform pg_temp.act_as('manager', 3);
    perform api.export_request('people_export', 6200, 'Сверка с бухгалтерией за год');
    for o in select distinct on (x.dealer_id) x.* from core.ownership x where x.state = 'ACTIVE' and x.line = 'NEW' and x.dealer_id in (1, 7) and x.extended_at is null
             and x.limit_until > core.now() + interval '10 days' order by x.dealer_id, x.limit_until loop
        perform pg_temp.act_as('manager', o.dealer_id);
        perform api.right_extend(o.public_id, 'Клиент ждёт решения банка по кредиту', 'Повторная встреча в салоне', core.today() + 7);
    end loop;
end $$;
select set_config('clientele.identity', '', true) \g /dev/null
