-- SPDX-License-Identifier: Apache-2.0
-- Disputes at work (D.11): every right that the past left in dispute has its case, some answered, and a few decided ones are precedents.
-- Runs the trade's own functions after the load, as the clock would.

create function pg_temp.demo_case(o core.ownership, p_kind core.dispute_kind, p_claim text, p_note text) returns core.dispute language plpgsql as $$
declare v_claimant int; v_staff bigint; e core.evidence; d core.dispute;
begin
    select b.dealer_id into v_claimant from core.dealer_brand b where b.brand_id = o.brand_id and b.line = o.line and b.dealer_id not in (0, o.dealer_id)
    order by (b.dealer_id + o.ownership_id) % 7, b.dealer_id limit 1;
    select s.staff_id into v_staff from core.staff s where s.dealer_id = v_claimant and s.role = 'seller' and s.is_active order by s.staff_id limit 1;
    if v_staff is null then return null; end if;
    insert into core.evidence (dealer_id, staff_id, kind, happened_at, name, media_type, size_bytes, sha256, note)
    values (v_claimant, v_staff, 'note', core.now() - interval '40 days', 'Заметка о визите', 'text/plain', octet_length(p_note),
        encode(pg_catalog.sha256(convert_to(p_note, 'UTF8')), 'hex'), p_note) returning * into e;
    d := core.dispute_file(p_kind, o.ownership_id, v_claimant, null, v_staff, core.now() - interval '1 day', p_claim, array[e.evidence_id], true);
    if d.dispute_id is null then return null; end if;
    d := core.dispute_admit(d);
    update core.dispute x set is_system = false where x.dispute_id = d.dispute_id returning x.* into d;
    return d;
end $$;

do $$
declare o core.ownership; d core.dispute; n int := 0;
begin
    for o in select x.* from core.ownership x where x.state = 'DISPUTED' and not exists (select from core.dispute y where y.ownership_id = x.ownership_id)
             order by x.ownership_id limit 200 loop
        n := n + 1;
        d := pg_temp.demo_case(o, 'earlier_evidence', 'Клиент приезжал к нам на осмотр автомобиля раньше, чем его зарегистрировали у другого дилера.',
            'Был на осмотре в салоне, оставил визитку, просил перезвонить после праздников.');
        if n % 2 = 0 and d.dispute_id is not null then
            d.answer := 'Клиент обратился к нам через сайт, мы с ним работаем: отправлено предложение, назначена встреча.';
            d := core.dispute_answered(d, 'answer');
        end if;
    end loop;
    n := 0;
    for o in select x.* from core.ownership x where x.state = 'ACTIVE' and x.line = 'NEW' and x.dealer_id > 0
               and x.protect_until > core.now() + interval '10 days' order by x.ownership_id limit 3 loop
        n := n + 1;
        d := pg_temp.demo_case(o, 'earlier_evidence', 'Мы вели переговоры с клиентом до регистрации.', 'Говорили по телефону о комплектации.');
        continue when d.dispute_id is null;
        d.answer := 'Регистрация сделана при первом визите клиента.';
        d := core.dispute_answered(d, 'answer');
        d := core.dispute_decide(d, 'OWNER', (array[
            'Заметка о разговоре не подтверждена документом; у владельца регистрация с засчитанными действиями.',
            'Переписка заявителя с клиентом не предъявлена. Владелец показал соглашение о тест-драйве.',
            'Стороны обратились к клиенту в один день; раньше оформлена регистрация владельца.'])[n],
            'Заметка без второго подтверждения не считается обращением клиента.', null);
        d := core.dispute_final(d, 'final');
    end loop;
end $$;
