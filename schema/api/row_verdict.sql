-- SPDX-License-Identifier: Apache-2.0
-- Every row that came from outside or was typed, with its verdict and the right that decided: for auditors. No contact, no client's name.

create type api.row_verdict as (no bigint, at timestamptz, dealer_id uuid, dealer_name text, channel text, kind text, source text, seq bigint,
    verdict text, code text, field text, rule text, receipt text, person_id uuid, brand_id int, line core.line, right_id uuid,
    right_registered_at timestamptz, right_state core.right_state, right_dealer_name text, explanation text, cursor_ text);
comment on type api.row_verdict is 'A row''s verdict and why.';

create function core.row_verdict_page(p_from timestamptz, p_to timestamptz, p_dealer int, p_channel text, p_at timestamptz, p_before bigint, p_limit int)
returns setof api.row_verdict language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
    return query
    select v.verdict_id, v.at, d.public_id, d.name::text, v.channel, v.kind, v.source, v.seq, v.verdict, v.code, v.field, v.rule, v.receipt, v.person_id,
        v.brand_id::int, v.line, v.right_id, v.right_registered_at, v.right_state, h.name::text, core.row_verdict_words(session.lang(), v),
        to_char(v.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '|' || v.verdict_id
    from core.row_verdict v join core.dealer d on d.dealer_id = v.dealer_id left join core.dealer h on h.dealer_id = v.right_dealer_id
    where (p_from is null or v.at >= p_from) and (p_to is null or v.at < p_to) and (p_dealer is null or v.dealer_id = p_dealer)
      and (p_channel is null or v.channel = p_channel) and (p_at is null or (v.at, v.verdict_id) < (p_at, p_before))
    order by v.at desc, v.verdict_id desc limit p_limit;
end $$;
comment on function core.row_verdict_page(timestamptz, timestamptz, int, text, timestamptz, bigint, int) is
'Verdicts of rows, latest first; planned for the filters that are really given. cost: one index range a page';

create function api.verdicts_list(p_from timestamptz default null, p_to timestamptz default null, p_dealer_id uuid default null,
    p_channel text default null, p_limit int default null, p_after text default null) returns setof api.row_verdict
language sql stable begin atomic
    select p.no, p.at, p.dealer_id, p.dealer_name, p.channel, p.kind, p.source, p.seq, p.verdict, p.code, p.field, p.rule, p.receipt, p.person_id,
        p.brand_id, p.line, p.right_id, p.right_registered_at, p.right_state, p.right_dealer_name, p.explanation, p.cursor_
    from core.row_verdict_page(p_from, p_to,
        case when p_dealer_id is not null then coalesce((select d.dealer_id from core.dealer d where d.public_id = p_dealer_id), -1) end, p_channel,
        split_part(p_after, '|', 1)::timestamptz, split_part(p_after, '|', 2)::bigint, least(coalesce(p_limit, 50), 100)) p;
end;
comment on function api.verdicts_list is $$
List the rows that came from dealers' systems, in lists or by hand, each with its verdict and the right that decided, latest first.
in: from, to - times; dealer_id; channel - exchange import hand
out: no - order in which rows of one person took effect; source and seq of the row; person_id; right_id with its registration, state and holder
at the decision; explanation - a sentence in the caller's language; no contact and no name of a client    rule: R8, R24, R31, R125 $$;

create function api.verdicts_export(p_from timestamptz default null, p_to timestamptz default null, p_dealer_id uuid default null,
    p_channel text default null) returns setof api.row_verdict
language sql stable begin atomic
    select p.no, p.at, p.dealer_id, p.dealer_name, p.channel, p.kind, p.source, p.seq, p.verdict, p.code, p.field, p.rule, p.receipt, p.person_id,
        p.brand_id, p.line, p.right_id, p.right_registered_at, p.right_state, p.right_dealer_name, p.explanation, null::text
    from core.row_verdict_page(p_from, p_to,
        case when p_dealer_id is not null then coalesce((select d.dealer_id from core.dealer d where d.public_id = p_dealer_id), -1) end, p_channel,
        null, null, null) p;
end;
comment on function api.verdicts_export is $$
Stream the verdicts of rows with the filters of the list.
out: as the list    rule: R24, R125, R137 $$;
