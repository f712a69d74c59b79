-- SPDX-License-Identifier: Apache-2.0
-- Four eyes: one person asks, another grants, and what was asked happens in the same transaction. The asker can never grant
-- (approval_four_eyes); one matter is asked once at a time (approval_open).

create function core.approval_ask(p_kind text, p_subject uuid, p_detail jsonb default '{}') returns uuid
language plpgsql volatile as $$
declare made uuid; k core.approval_kind;
begin
    select x.* into strict k from core.approval_kind x where x.kind = p_kind;
    update core.approval a set state = 'LAPSED' where a.kind = p_kind and a.subject = p_subject and a.state = 'ASKED' and a.until_at <= core.now();
    insert into core.approval (kind, subject, dealer_id, detail, asked_by, until_at)
    values (p_kind, p_subject, coalesce(session.dealer(), 0), p_detail, session.staff(), core.now() + make_interval(days => k.days))
    on conflict (kind, subject) where state = 'ASKED' do nothing returning public_id into made;
    if made is null then perform core.fail('ZC131', null, jsonb_build_object('kind', p_kind)); end if;
    perform core.ledger_add('approval.ask', made::text, null, k.rule, jsonb_build_object('kind', p_kind, 'subject', p_subject));
    perform core.notify(s.staff_id, 'A1', made::text, '') from core.staff s
    where s.is_active and s.role_bit & k.roles > 0 and s.dealer_id in (0, coalesce(session.dealer(), 0)) and s.staff_id <> session.staff();
    return made;
end $$;
comment on function core.approval_ask(text, uuid, jsonb) is $$
Ask a second person. The caller's own function has checked that he may ask.
in: p_kind a row of core.approval_kind; p_subject public id of the matter; p_detail counts and reasons, never contact data
out: the approval    errors: ZC131 the same matter waits already$$;

create function core.approval_apply(p_kind text, p_subject uuid, p_approval bigint) returns void
language plpgsql volatile as $$
begin
    case p_kind
        when 'erase' then perform core.erase_approved(p_subject, p_approval);
        when 'unmerge' then perform core.unmerge_approved(p_subject, p_approval);
        when 'extension' then perform core.right_extend_approved(p_subject, p_approval);
        when 'export' then perform core.export_approved(p_subject, p_approval);
        when 'choice' then perform core.choice_approved(p_subject, p_approval);
        when 'transfer_batch' then perform core.transfer_batch_approved(p_subject, p_approval);
        else raise exception 'no act for approvals of kind %', p_kind;
    end case;
end $$;
comment on function core.approval_apply(text, uuid, bigint) is
'What happens when a matter of this kind is granted: one branch a kind, in the transaction of the grant. in: kind; subject; approval_id';

create function core.approval_refused(p_kind text, p_subject uuid, p_approval bigint) returns void
language plpgsql volatile as $$
begin
    -- a kind whose matter must learn that it was refused has its branch here
    if p_kind = 'export' then perform core.export_refused(p_subject, p_approval); end if;
    if p_kind = 'erase' then perform core.erase_refused(p_subject); end if;
    if p_kind = 'choice' then perform core.choice_refused(p_subject, p_approval); end if;
    if p_kind = 'transfer_batch' then perform core.transfer_batch_refused(p_subject, p_approval); end if;
end $$;
comment on function core.approval_refused(text, uuid, bigint) is 'What happens when a matter of this kind is refused; most only stay as they are.';

create function core.approval_done(p_kind text, p_subject uuid) returns boolean
language plpgsql stable as $$
begin
    return exists (select from core.approval a where a.kind = p_kind and a.subject = p_subject and a.state = 'APPROVED');
end $$;
comment on function core.approval_done(text, uuid) is 'Whether a matter was granted.';

create function core.approval_decide(p_approval_id uuid, p_is_granted boolean, p_reason text) returns core.approval
language plpgsql volatile as $$
declare a core.approval; k core.approval_kind;
begin
    select x.* into a from core.approval x where x.public_id = p_approval_id for update;
    select x.* into k from core.approval_kind x where x.kind = a.kind;
    if a.approval_id is null or (session.dealer() is not null and session.dealer() <> a.dealer_id)
       or (k.roles & session.role_bit() = 0 and a.asked_by <> session.staff()) then
        perform core.fail('ZC404');
    end if;
    if a.asked_by = session.staff() then perform core.fail('ZC132'); end if;
    if a.state <> 'ASKED' or a.until_at <= core.now() then
        perform core.fail('ZC133', null, jsonb_build_object('state', case a.state when 'ASKED' then 'LAPSED' else a.state end));
    end if;
    if not p_is_granted and coalesce(btrim(p_reason), '') = '' then perform core.fail('ZC057', 'reason'); end if;
    update core.approval x set state = case when p_is_granted then 'APPROVED' else 'REFUSED' end, decided_by = session.staff(),
        decided_at = core.now(), reason = nullif(btrim(p_reason), '')
    where x.approval_id = a.approval_id returning x.* into a;
    perform core.ledger_add(case when p_is_granted then 'approval.grant' else 'approval.refuse' end, a.public_id::text, null, k.rule,
        jsonb_build_object('kind', a.kind, 'subject', a.subject));
    if p_is_granted then perform core.approval_apply(a.kind, a.subject, a.approval_id);
    else perform core.approval_refused(a.kind, a.subject, a.approval_id); end if;
    perform core.notify(a.asked_by, 'A2', a.public_id::text, '');
    return a;
end $$;
comment on function core.approval_decide(uuid, boolean, text) is $$
Grant or refuse, by somebody else than the asker; a grant acts at once.
errors: ZC404 not his to decide, ZC132 his own, ZC133 decided or lapsed, ZC057 a refusal needs its reason$$;
