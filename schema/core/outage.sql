-- SPDX-License-Identifier: Apache-2.0
-- What an outage extends beside rights (R17). core.clock_outage (clock_right.sql) finds it and moves the rights in batches; the terms
-- here are few and are moved at once. One ledger row an outage.

create function core.outage_since(p_from timestamptz) returns interval
language plpgsql stable security definer set search_path = '' as $$
begin            -- not an SQL function: asked for each row of a list, it would be planned anew for each
    return (select coalesce(sum(u.until_at - greatest(u.from_at, p_from)), interval '0') from core.outage u where u.until_at > p_from and not u.is_planned);
end $$;
comment on function core.outage_since(timestamptz) is $$
How long the system was away since an instant: what a time limit that is counted backwards (R19, R30, R54, R100) has grown by. Announced
outages are in it once they happened.    source: R17$$;

create function core.outage_terms(p_from timestamptz, p_until timestamptz) returns void
language plpgsql volatile set search_path = '' as $$
declare gap interval := p_until - p_from;
begin
    perform core.dispute_outage(gap);
    update core.dispute_seat s set due_at = s.due_at + gap where s.left_at is null and s.due_at > p_from;
    update core.lead l set due_at = l.due_at + gap where l.state in ('ROUTING', 'OFFERED') and l.desk_at is null and l.due_at > p_from;
    update core.review r set until_at = r.until_at + gap where r.state = 'OPEN' and r.until_at > p_from;
    update core.task t set due_at = t.due_at + gap, version = t.version + 1 where t.state = 'OPEN' and t.kind = 'lead' and t.due_at > p_from;
    update core.transfer t set until_at = t.until_at + gap where t.state = 'OFFERED' and t.until_at > p_from;
    update core.service_move m set object_until = m.object_until + gap where m.state = 'ANNOUNCED' and m.object_until > p_from;
    update core.campaign k set exclude_until = k.exclude_until + gap where k.state = 'CHECKED' and k.exclude_until > p_from;
    update core.approval a set until_at = a.until_at + gap where a.state = 'ASKED' and a.until_at > p_from;
    update core.choice c set until_at = c.until_at + gap where c.state = 'ASKED' and c.until_at > p_from;
    update core.serve_grant g set until_at = g.until_at + gap where g.until_at > p_from and g.ended_at is null;
    update core.notice x set escalate_at = x.escalate_at + gap where x.read_at is null and x.escalate_at > p_from;
end $$;
comment on function core.outage_terms(timestamptz, timestamptz) is $$
Extend by the length of an outage what ran when it began: disputes and their arbiters, the 24 hours of a lead (R45), reviews (R32), the
first-contact tasks of P2, transfer offers (R127), objections to a service move (R72), exclusions from a network campaign (P19), approvals
(R53 and four eyes), a customer's choice that is asked (R80), permissions to serve (R81), notices nobody read (R142).
Not extended: what protects the customer (locks and budgets of R86-R95, the days of a data request, R147), bars a dealer (P17, P20), ends a look
into masked or exported data (R137), or names a day that somebody chose (parking, carve-outs, agreed calls).    source: R17$$;
