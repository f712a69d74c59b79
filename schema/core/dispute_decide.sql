-- SPDX-License-Identifier: Apache-2.0
-- The decision (R104, R107, R108): facts of both sides, the order of rules, what follows at once, appeal and committee.

create function core.dispute_facts_of(d core.dispute, p_dealer int) returns jsonb
language plpgsql stable set search_path = '' as $$
declare o core.ownership; v_start timestamptz; f jsonb;
begin
    select x.* into o from core.ownership x where x.ownership_id = d.ownership_id;
    with shown as materialized (
        select e.kind, e.happened_at, k.weight from core.dispute_evidence x
        join core.evidence e on e.evidence_id = x.evidence_id join core.evidence_kind k on k.kind = e.kind
        where x.dispute_id = d.dispute_id and x.dealer_id = p_dealer
          and not exists (select from core.dispute_finding g where g.dispute_id = d.dispute_id and g.ref = e.public_id)),
    done as materialized (
        select i.at from core.interaction i where i.party_id = d.party_id and i.dealer_id = p_dealer and i.is_qualifying
          and not exists (select from core.dispute_finding g where g.dispute_id = d.dispute_id and g.ref = i.public_id)),
    signed as (
        select min(h.recorded_at) as at from core.ownership_history h
        where h.party_id = d.party_id and h.brand_id = d.brand_id and h.line = d.line and h.ownership_id = d.ownership_id
          and h.dealer_id = p_dealer and h.event = 'order' and coalesce(d.was_state, o.state) = 'HELD'),
    sold as (
        select min(s.sold_on)::timestamptz as at from core.sale s where s.party_id = d.party_id and s.dealer_id = p_dealer
          and s.brand_id = d.brand_id and s.sold_on >= (d.filed_at - interval '180 days')::date and not core.is_aftersales(d.line)),
    rights as (
        select min(h.valid_from) as at from core.ownership_history h
        where h.party_id = d.party_id and h.brand_id = d.brand_id and h.line = d.line and h.dealer_id = p_dealer
          and (h.ownership_id = d.ownership_id or exists (select from core.ownership_history c where c.party_id = h.party_id
               and c.brand_id = h.brand_id and c.line = h.line and c.ownership_id = h.ownership_id and c.reason = 'merged'))),
    mine as (select case when o.dealer_id = p_dealer then o.registered_at end as at)
    select jsonb_strip_nulls(jsonb_build_object(
        'choice_at', greatest((select max(s.happened_at) from shown s where s.kind = 'choice'), (select max(c.done_at) from core.choice c
            where c.party_id = d.party_id and c.brand_id = d.brand_id and c.line = d.line and c.to_dealer_id = p_dealer and c.state in ('DONE', 'KEPT'))),
        'order_at', least((select g.at from signed g), (select s.at from sold s), (select min(s.happened_at) from shown s where s.kind = 'order')),
        'registered_at', least((select m.at from mine m), (select r.at from rights r),
            (select coalesce(min(s.happened_at) filter (where s.weight >= 30), min(s.happened_at)) from shown s)),
        'qualifying', (select count(*) from done) + (select count(*) from shown s where s.weight >= 30),
        'recent', (select count(*) from done n where n.at > d.filed_at - interval '30 days')
            + (select count(*) from shown s where s.weight >= 30 and s.happened_at > d.filed_at - interval '30 days'),
        'evidence', (select count(*) from shown), 'strongest', (select s.kind from shown s order by s.weight desc limit 1),
        'in_territory', core.dispute_territory(d, p_dealer),
        'false', nullif((select count(*) from core.dispute_finding g where g.dispute_id = d.dispute_id and g.dealer_id = p_dealer), 0))) into f;
    return f;
end $$;
comment on function core.dispute_facts_of(core.dispute, int) is $$
What can be counted of one side, without what the arbiter found false: the customer's choice, the signed order, the earliest registration
or evidence, qualifying activities (evidence of an offer and stronger counts as one), those of the last 30 days, territory.    source: R104$$;

create function core.dispute_territory(d core.dispute, p_dealer int) returns boolean
language plpgsql stable set search_path = '' as $$
begin
    return exists (select from core.territory_of(d.brand_id, d.line, d.filed_at::date, core.place_of(d.party_id)) t where t.dealer_id = p_dealer);
end $$;
comment on function core.dispute_territory(core.dispute, int) is 'Whether the person lives in a dealer''s territory. source: R41, R104';

create function core.dispute_facts(d core.dispute) returns jsonb
language plpgsql stable set search_path = '' as $$
declare a jsonb := core.dispute_facts_of(d, d.claimant_id); b jsonb := core.dispute_facts_of(d, d.owner_id); winner text; step text;
begin
    if d.kind = 'credit' then return core.credit_case(d); end if;       -- R84: the right is not asked for
    -- R104: the first rule that tells the sides apart
    if a ? 'choice_at' or b ? 'choice_at' then
        step := 'choice';
        winner := case when coalesce(a ->> 'choice_at', '') > coalesce(b ->> 'choice_at', '') then 'CLAIMANT' else 'OWNER' end;
    elsif a ? 'order_at' or b ? 'order_at' then
        step := 'order';
        winner := case when coalesce((a ->> 'order_at')::timestamptz, 'infinity') < coalesce((b ->> 'order_at')::timestamptz, 'infinity') then 'CLAIMANT' else 'OWNER' end;
    elsif (a ->> 'qualifying')::int > 0 or (b ->> 'qualifying')::int > 0 then
        step := 'registration';
        winner := case when (a ->> 'qualifying')::int > 0 and ((b ->> 'qualifying')::int = 0 or coalesce((a ->> 'registered_at')::timestamptz, 'infinity')
                            < coalesce((b ->> 'registered_at')::timestamptz, 'infinity')) then 'CLAIMANT' else 'OWNER' end;
    elsif (a ->> 'recent')::int <> (b ->> 'recent')::int then
        step := 'density';
        winner := case when (a ->> 'recent')::int > (b ->> 'recent')::int then 'CLAIMANT' else 'OWNER' end;
    elsif coalesce((a ->> 'in_territory')::boolean, false) <> coalesce((b ->> 'in_territory')::boolean, false) then
        step := 'territory';
        winner := case when coalesce((a ->> 'in_territory')::boolean, false) then 'CLAIMANT' else 'OWNER' end;
    else
        step := 'split';
        winner := case when coalesce((a ->> 'registered_at')::timestamptz, 'infinity') < coalesce((b ->> 'registered_at')::timestamptz, 'infinity')
                  then 'CLAIMANT' else 'OWNER' end;
    end if;
    return jsonb_build_object('claimant', a, 'owner', b, 'accepted', d.is_accepted, 'outcome', winner, 'step', step,
        'credit_bp', case when step = 'split' then 5000 when winner = 'CLAIMANT' then 10000 else 0 end);
end $$;
comment on function core.dispute_facts(core.dispute) is $$
The facts of both sides and the proposal that follows from them.
out: {claimant, owner, accepted, outcome CLAIMANT | OWNER, step choice | order | registration | density | territory | split, credit_bp}
rule: customer's verified choice > signed order > earlier valid registration with a qualifying activity > later activity density >
territory > equal split of the credit with the right to the earlier; a dispute about credit goes by core.credit_case    source: R84, R104$$;

create function core.text_names(d core.dispute, p_text text) returns boolean
language plpgsql stable set search_path = '' as $$
declare
    v_text text := lower(replace(p_text, 'ё', 'е'));
    v_bare text := regexp_replace(v_text, '\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.\d{2,4}|\d{1,2}:\d{2}(:\d{2})?', ' ', 'g');
begin
    if v_text ~ '@' or v_bare ~ '(\d[\s().+-]*){7,}' or v_text ~ '\m[a-hj-npr-z0-9]{17}\M'
       or v_text ~ '\m[авекмнорстухabekmhopctyx]\s?\d{3}\s?[авекмнорстухabekmhopctyx]{2}\s?\d{2,3}\M' then
        return true;
    end if;
    return exists (
        select from core.party p, regexp_split_to_table(lower(replace(concat_ws(' ', p.name, p.surname), 'ё', 'е')), '[^а-яa-z0-9]+') w
        where p.party_id = d.party_id and length(w) >= 3 and w not in ('ооо', 'зао', 'оао', 'пао', 'ltd', 'llc', 'inc')
          and v_text ~ ('\m' || case when length(w) > 4 then left(w, -1) else w end))
      or exists (
        select from core.dealer x where x.dealer_id in (d.claimant_id, d.owner_id) and x.dealer_id <> 0
          and (position(lower(replace(x.name, 'ё', 'е')) in v_text) > 0 or position(lower(replace(x.legal_name, 'ё', 'е')) in v_text) > 0));
end $$;
comment on function core.text_names(core.dispute, text) is $$
Whether a text names the person or a side of a case: e-mail, phone, VIN, plate, the person's names in any case form, the dealers' names.
A decision is read by both sides and becomes a precedent.    source: R105, R107$$;

create function core.dispute_act(d core.dispute) returns void
language plpgsql volatile set search_path = '' as $$
declare o core.ownership; winner int := case d.outcome when 'CLAIMANT' then d.claimant_id when 'OWNER' then d.owner_id end; v_seat bigint; terms jsonb; v_now timestamptz := core.now();
begin
    if d.kind = 'credit' then perform core.dispute_credit(d); return; end if;
    select x.* into o from core.ownership x where x.ownership_id = d.ownership_id for update;
    if o.ownership_id is null or o.state = 'CLOSED' then                       -- ended meanwhile: forward only, but R38 reverses what it took
        select y.* into o from core.ownership_history h cross join lateral jsonb_populate_record(null::core.ownership, to_jsonb(h)) y
        where h.party_id = d.party_id and h.brand_id = d.brand_id and h.line = d.line and h.ownership_id = d.ownership_id order by h.ver desc limit 1;
        if d.kind = 'false_evidence' and o.state = 'CLOSED' and winner is distinct from o.dealer_id
           and exists (select from core.dispute_finding f where f.dispute_id = d.dispute_id and f.dealer_id = o.dealer_id)
           and not exists (select from core.seat_mark m where m.ownership_id = o.ownership_id and m.subject = d.public_id::text) then
            perform core.right_void(o, 'void', d.public_id::text);
        end if;
        return;
    end if;
    if d.kind = 'wrong_match' and d.outcome = 'CLAIMANT' then                  -- two people in one: the steward parts them, the right stays
        perform core.notify_role('steward', 0, 'N9', d.public_id::text);
        winner := o.dealer_id;
    end if;
    if winner = o.dealer_id then
        if o.state = 'DISPUTED' then perform core.dispute_thaw(d); end if;
        return;
    end if;
    if o.state <> 'DISPUTED' then                                              -- a decision overturned on appeal
        o.state := 'DISPUTED';
        o := core.right_change(o, 'dispute');
    end if;
    -- R38: what false evidence got never was a right; anything else ends by the decision
    if exists (select from core.dispute_finding f where f.dispute_id = d.dispute_id and f.dealer_id = o.dealer_id) and d.kind = 'false_evidence' then
        o := core.right_void(o, 'void', d.public_id::text);
    elsif winner is null then
        o := core.right_close(o, 'decide', 'conflict');
    end if;
    if winner is null then return; end if;
    v_seat := (select s.staff_id from core.staff s where s.is_active and s.dealer_id = winner
               and s.staff_id = case when winner = d.claimant_id then d.claimant_staff else d.owner_seat end and s.role in ('seller', 'adviser'));
    -- the remaining term of a customer goes on; any other right begins as a registration does (P3, P5)
    terms := case when d.was_state = 'CUSTOMER' then jsonb_build_object('state', 'CUSTOMER', 'protect_until', v_now + coalesce(d.left_protect, interval '0'))
             else jsonb_build_object('state', 'ACTIVE', 'protect_until', core.term_end(winner, v_now, core.policy_int('P3.' || o.line)),
                  'limit_until', core.term_end(winner, v_now, core.policy_int('P5.' || o.line)), 'registered_at', v_now) end
             || jsonb_build_object('since', v_now, 'first_contact_at', v_now, 'accept_until', null, 'contact_until', null);
    o := core.right_succeed(o, winner, v_seat, 'decide', 'conflict', terms);
    update core.dispute x set ownership_id = o.ownership_id where x.dispute_id = d.dispute_id;
end $$;
comment on function core.dispute_act(core.dispute) is $$
What a decision does, at once and forward only: the right goes back to its owner with the term it had left, or to the other side as its
successor, or to the pool. A right that false evidence got is void from its start.    source: R38, R107, R108, D.2$$;

create function core.dispute_credit(d core.dispute) returns void
language plpgsql volatile set search_path = '' as $$
begin
    perform core.credit_decided(d.dispute_id, d.claimant_id, d.credit_bp);
end $$;
comment on function core.dispute_credit(core.dispute) is 'What a decided credit dispute does to the credit of the sale. source: R84';

create function core.dispute_mark(d core.dispute) returns core.dispute
language plpgsql volatile set search_path = '' as $$
begin
    insert into core.seat_mark (dealer_id, staff_id, kind, ownership_id, subject, rule)
    select f.dealer_id, f.staff_id, case when f.dealer_id = d.claimant_id then 'lost_dispute' else 'false_activity' end, d.ownership_id, d.public_id::text, 'R38'
    from core.dispute_finding f where f.dispute_id = d.dispute_id and not f.is_final;
    perform core.ledger_add('seat.false_evidence', s.public_id::text, d.party_id, 'R38', jsonb_build_object('dispute', d.public_id, 'ref', f.ref, 'what', f.what))
    from core.dispute_finding f left join core.staff s on s.staff_id = f.staff_id where f.dispute_id = d.dispute_id and not f.is_final;
    update core.dispute_finding f set is_final = true where f.dispute_id = d.dispute_id and not f.is_final;
    d.is_abuse := d.outcome = 'OWNER' and exists (select from core.dispute_finding f where f.dispute_id = d.dispute_id
                                                  and f.dealer_id = d.claimant_id and f.what = 'evidence');
    return d;
end $$;
comment on function core.dispute_mark(core.dispute) is 'Count what was found false against the seats that brought it, and a claim lost for it against the dealer. source: R38, R108';

create function core.dispute_decide(d core.dispute, p_outcome core.dispute_outcome, p_decision text, p_departure text, p_credit_bp int) returns core.dispute
language plpgsql volatile set search_path = '' as $$
declare f jsonb := core.dispute_facts(d);
begin
    if d.state <> 'ANSWERED' then perform core.fail('ZC107', null, jsonb_build_object('state', d.state)); end if;
    if length(btrim(coalesce(p_decision, ''))) < 10 then perform core.fail('ZC400', 'decision'); end if;
    if core.text_names(d, p_decision) then perform core.fail('ZC109', 'decision'); end if;
    if p_outcome::text <> f ->> 'outcome' and length(btrim(coalesce(p_departure, ''))) < 10 then perform core.fail('ZC110', 'departure'); end if;
    if core.text_names(d, coalesce(p_departure, '')) then perform core.fail('ZC109', 'departure'); end if;
    if d.kind = 'credit' and p_outcome = 'POOL' then perform core.fail('ZC402', 'outcome'); end if;      -- shares are always the whole
    d.outcome := p_outcome; d.facts := f; d.decision := btrim(p_decision);
    d.departure := case when p_outcome::text <> f ->> 'outcome' then btrim(p_departure) end;
    d.rule := case when p_outcome::text = f ->> 'outcome' then f ->> 'step' else 'departure' end;
    d.credit_bp := coalesce(p_credit_bp, case when d.kind = 'credit' then core.credit_share(d, f, p_outcome)
                                         when p_outcome::text = f ->> 'outcome' then (f ->> 'credit_bp')::int
                                         when p_outcome = 'CLAIMANT' then 10000 else 0 end);
    d.decided_at := core.now();
    d.due_at := core.working_days_end(0, core.now(), core.policy_int('P11.appeal'));
    d := core.dispute_mark(d);
    d := core.dispute_move(d, 'decide', 'DECIDED', jsonb_build_object('outcome', d.outcome, 'step', d.rule, 'credit_bp', d.credit_bp, 'appeal_until', d.due_at));
    perform core.dispute_act(d);
    perform core.dispute_tell(d, 'N9', d.claimant_id, 'decided'), core.dispute_tell(d, 'N9', d.owner_id, 'decided');
    return d;
end $$;
comment on function core.dispute_decide(core.dispute, core.dispute_outcome, text, text, int) is $$
Decide: confirm the proposal or depart from it with a reason. It acts at once.
in: p_decision facts in neutral words, without anybody's name; p_credit_bp the claimant's share in 1/10000, default as proposed
errors: ZC107 not to be decided now, ZC109 the text names somebody, ZC110 a departure needs its reason    source: R104, R107, R108$$;

create function core.dispute_final(d core.dispute, p_event text) returns core.dispute
language plpgsql volatile set search_path = '' as $$
begin
    d.due_at := null;
    d := core.dispute_move(d, p_event, 'FINAL', jsonb_build_object('outcome', d.outcome));
    perform core.dispute_tell(d, 'N9', d.claimant_id, 'final'), core.dispute_tell(d, 'N9', d.owner_id, 'final');
    return d;
end $$;
comment on function core.dispute_final(core.dispute, text) is 'The end of a case: nobody appealed, or the committee has spoken. source: R102';

create function core.dispute_vote(d core.dispute, p_staff bigint, p_outcome core.dispute_outcome, p_text text) returns core.dispute
language plpgsql volatile set search_path = '' as $$
declare v_first core.dispute_outcome; v_other core.dispute_outcome; n int;
begin
    if length(btrim(coalesce(p_text, ''))) < 10 then perform core.fail('ZC400', 'text'); end if;
    if core.text_names(d, p_text) then perform core.fail('ZC109', 'text'); end if;
    if d.kind = 'credit' and p_outcome = 'POOL' then perform core.fail('ZC402', 'outcome'); end if;
    update core.dispute_seat s set vote = p_outcome, vote_text = btrim(p_text), voted_at = core.now()
    where s.dispute_id = d.dispute_id and s.staff_id = p_staff and s.role = 'committee' and s.left_at is null and s.vote is null;
    if not found then perform core.fail('ZC107', null, jsonb_build_object('state', d.state)); end if;
    perform core.ledger_add('dispute.vote', d.public_id::text, d.party_id, 'R102', jsonb_build_object('outcome', p_outcome), d.brand_id, d.line);
    select count(*), min(s.vote), max(s.vote) into n, v_first, v_other from core.dispute_seat s
    where s.dispute_id = d.dispute_id and s.role = 'committee' and s.left_at is null and s.vote is not null;
    if v_first is distinct from v_other or (n >= 1 and v_first = d.outcome) then return core.dispute_final(d, 'uphold'); end if;
    if n < 2 then return d; end if;
    d.first_outcome := d.outcome; d.outcome := v_first; d.rule := 'committee'; d.facts := core.dispute_facts(d);
    d.credit_bp := case when d.kind = 'credit' then core.credit_share(d, d.facts, v_first) when v_first = 'CLAIMANT' then 10000 else 0 end;
    d.decision := (select string_agg(s.vote_text, E'\n\n' order by s.voted_at) from core.dispute_seat s
                   where s.dispute_id = d.dispute_id and s.role = 'committee' and s.vote is not null);
    d := core.dispute_mark(d);
    d := core.dispute_final(d, 'overturn');
    perform core.dispute_act(d);
    return d;
end $$;
comment on function core.dispute_vote(core.dispute, bigint, core.dispute_outcome, text) is $$
One vote of the committee. A decision is overturned only when both agree on another outcome; otherwise it stands.
errors: ZC107 not a seat of this committee or voted already, ZC109, ZC400    source: R102, R108$$;
