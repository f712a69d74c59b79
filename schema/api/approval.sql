-- SPDX-License-Identifier: Apache-2.0
-- Four eyes as those see it who ask and who decide.

create type api.approval_item as (id uuid, kind text, subject uuid, detail json, state text, rule text, asked_by text, asked_at timestamptz,
    until_at timestamptz, decided_by text, decided_at timestamptz, reason text, can_decide boolean, cursor_ text);

create function api.approvals_list(p_state text default null, p_limit int default null, p_after text default null)
returns setof api.approval_item language sql stable begin atomic
    select a.public_id, a.kind, a.subject, a.detail::json, case when a.state = 'ASKED' and a.until_at <= (select core.now()) then 'LAPSED' else a.state end,
           k.rule, s.name, a.asked_at, a.until_at, d.name, a.decided_at, a.reason::text,
           a.state = 'ASKED' and a.until_at > (select core.now()) and a.asked_by <> (select session.staff())
               and k.roles & (select session.role_bit()) > 0,
           a.approval_id::text
    from core.approval a join core.approval_kind k on k.kind = a.kind join core.staff s on s.staff_id = a.asked_by
    left join core.staff d on d.staff_id = a.decided_by
    where (p_state is null or (case when a.state = 'ASKED' and a.until_at <= (select core.now()) then 'LAPSED' else a.state end) = p_state)
      and a.approval_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
    order by a.approval_id desc limit least(coalesce(p_limit, 50), 100);
end;
comment on function api.approvals_list is $$
What waits for a second person, and what became of it: the caller's own asks and what he may decide.
in: state ASKED | APPROVED | REFUSED | LAPSED    out: the newest first; can_decide is never true for one's own    rule: R131 $$;

create function api.approval_approve(p_approval_id uuid, p_reason core.short_text default null) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare a core.approval := core.approval_decide(p_approval_id, true, p_reason);
begin
    return json_build_object('id', a.public_id, 'state', a.state, 'decided_at', a.decided_at);
end $$;
comment on function api.approval_approve is $$
Grant what another person asked; it happens at once, in this transaction.
errors: approval-own, approval-ended, and those of the act itself    rule: R131 $$;

create function api.approval_refuse(p_approval_id uuid, p_reason core.short_text) returns json
language plpgsql volatile security definer set search_path = '' as $$
declare a core.approval := core.approval_decide(p_approval_id, false, p_reason);
begin
    return json_build_object('id', a.public_id, 'state', a.state, 'decided_at', a.decided_at);
end $$;
comment on function api.approval_refuse is 'Refuse what another person asked, with the reason. errors: approval-own, approval-ended, reason-missing    rule: R131';
