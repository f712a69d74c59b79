-- SPDX-License-Identifier: Apache-2.0
-- What an auditor is told of a row's verdict. The dealer's answer knows nothing of it (R24, R25).

create function core.row_verdict_add(p_channel text, p_dealer int, p_staff bigint, p_source text, p_seq bigint, p_kind text, p_verdict text,
    p_code text, p_rule text, p_field text, p_receipt text, p_party bigint, p_right bigint, p_brand smallint default null, p_line core.line default null)
returns void language plpgsql volatile as $$
begin            -- not an SQL function: its plan would be made anew at each row, at six times the price of the row
    insert into core.row_verdict (channel, dealer_id, staff_id, source, seq, kind, verdict, code, rule, field, receipt, person_id, brand_id, line,
        right_id, right_registered_at, right_state, right_dealer_id)
    select p_channel, p_dealer, p_staff, p_source, p_seq, left(p_kind, 40), p_verdict, p_code, p_rule, left(p_field, 100), p_receipt, p.public_id,
        coalesce(o.brand_id, p_brand), coalesce(o.line, p_line), o.public_id, o.registered_at, o.state, o.dealer_id
    from (select 1) one left join core.ownership o on o.ownership_id = p_right
    left join core.party p on p.party_id = coalesce(o.party_id, p_party);
end $$;
comment on function core.row_verdict_add is $$
Keep why a row has its verdict, at the moment of the decision.
in: channel exchange | import | hand; source, seq - spool and number, import and line, NULL by hand; right - the one made, renewed or in the way
guard: row_verdict_one, one line a row    source: R24, R31, R33$$;

create function core.row_verdict_words(p_lang text, v core.row_verdict) returns text
language sql stable as $$
with d as (select coalesce((select y.name from core.dealer y where y.dealer_id = v.right_dealer_id), '?') as holder,
    to_char(v.right_registered_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as since)
select case when p_lang = 'en' then case
    when v.verdict in ('created', 'updated', 'FREE') and v.right_state = 'PENDING' then 'Nobody held the right; it was made and waits for a review.'
    when v.verdict = 'created' and v.right_id is null then 'Nobody knew this person; he was stored without a right: the term of the document is over.'
    when v.verdict in ('created', 'FREE') then format('Nobody held the right; it was made for this dealer at %s UTC.', d.since)
    when v.verdict = 'updated' and v.right_id is not null then format('The network knew the person and nobody else held the right; it is this dealer''s since %s UTC.', d.since)
    when v.verdict = 'updated' then 'The network knew the person; the row added to him, no right was concerned.'
    when v.verdict = 'YOURS' then format('The right was this dealer''s own since %s UTC; what was new was added.', d.since)
    when v.verdict = 'PROTECTED' then format('The right was held by %s since %s UTC, state %s; first registration wins.', d.holder, d.since, v.right_state)
    when v.verdict = 'IN_GRACE' then format('The right of %s, registered %s UTC, was over but not yet free for others.', d.holder, d.since)
    when v.verdict = 'DISPUTED' then format('The right registered %s UTC was under dispute; nobody else can have it until the decision.', d.since)
    when v.verdict = 'HQ' then format('The right was held by head office since %s UTC.', d.since)
    when v.verdict = 'OPTED_OUT' then 'The person withdrew from everybody or was erased; nothing of the row was stored.'
    when v.verdict = 'draft' then format('The row lacks what a registration needs (%s): a draft, no right, deleted after 7 days.', coalesce(v.field, '?'))
    when v.verdict = 'stored' and v.right_id is not null then format('The document was stored; the right is this dealer''s since %s UTC.', d.since)
    when v.verdict = 'stored' then 'The row was stored with the dealer''s own client.'
    when v.verdict = 'cold' then 'A row of a cold list: no right until the person answers.'
    when v.verdict = 'duplicate' then 'The list holds this row already.'
    when v.verdict = 'error' then format('The row could not be taken: error %s, field %s; nothing was stored.', coalesce(v.code, '?'), coalesce(v.field, '-'))
    else format('Verdict %s by rule %s.', v.verdict, coalesce(v.rule, '-')) end
else case
    when v.verdict in ('created', 'updated', 'FREE') and v.right_state = 'PENDING' then 'Права ни у кого не было; оно создано и ждёт проверки.'
    when v.verdict = 'created' and v.right_id is null then 'Человека никто не знал; он записан без права: срок по документу прошёл.'
    when v.verdict in ('created', 'FREE') then format('Права ни у кого не было; оно создано за этим дилером %s UTC.', d.since)
    when v.verdict = 'updated' and v.right_id is not null then format('Человек сети известен, права у других не было; право за этим дилером с %s UTC.', d.since)
    when v.verdict = 'updated' then 'Человек сети известен; строка дополнила сведения, право не затронуто.'
    when v.verdict = 'YOURS' then format('Право уже было у этого дилера с %s UTC; новое из строки добавлено.', d.since)
    when v.verdict = 'PROTECTED' then format('Право было у «%s» с %s UTC, состояние %s; первая регистрация решает.', d.holder, d.since, v.right_state)
    when v.verdict = 'IN_GRACE' then format('Право «%s», зарегистрированное %s UTC, истекло, но для других ещё не свободно.', d.holder, d.since)
    when v.verdict = 'DISPUTED' then format('Право, зарегистрированное %s UTC, было предметом спора; до решения его не получит никто другой.', d.since)
    when v.verdict = 'HQ' then format('Право было у головного офиса с %s UTC.', d.since)
    when v.verdict = 'OPTED_OUT' then 'Человек отказался от всех или стёрт; из строки ничего не записано.'
    when v.verdict = 'draft' then format('В строке нет того, что нужно для регистрации (%s): черновик без права, удаляется через 7 дней.', coalesce(v.field, '?'))
    when v.verdict = 'stored' and v.right_id is not null then format('Документ записан; право за этим дилером с %s UTC.', d.since)
    when v.verdict = 'stored' then 'Строка записана к собственному клиенту дилера.'
    when v.verdict = 'cold' then 'Строка холодного списка: права нет, пока человек не ответит.'
    when v.verdict = 'duplicate' then 'Такая строка в списке уже есть.'
    when v.verdict = 'error' then format('Строка не принята: ошибка %s, поле %s; ничего не записано.', coalesce(v.code, '?'), coalesce(v.field, '-'))
    else format('Ответ %s по правилу %s.', v.verdict, coalesce(v.rule, '-')) end end from d $$;
comment on function core.row_verdict_words(text, core.row_verdict) is
'One sentence, from codes alone, that says why a row has its verdict. in: p_lang ru | en; the row. source: R48, R125';
