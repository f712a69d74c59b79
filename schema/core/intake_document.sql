-- SPDX-License-Identifier: Apache-2.0
-- Rows from outside that are documents: sales, work orders with their lines, readings of odometers; and how a row is taken back.

create function core.intake_document(p_dealer int, p_staff bigint, p_kind text, p_data jsonb, p_source text)
returns core.intake_result language plpgsql set search_path = '' as $$
declare x core.intake_result; v_external text := core.intake_text(p_data, 'external_id'); d core.draft; t core.party_taken;
begin
    if v_external is not null and core.source_party(p_dealer, v_external) is null then
        select y.* into d from core.draft y where y.dealer_id = p_dealer and y.data ->> 'external_id' = v_external
        order by y.draft_id desc limit 1 for update;
    end if;
    if d.draft_id is null then
        return core.intake_document_of(p_dealer, p_staff, core.intake_party(p_dealer, p_data), p_kind, p_data, p_source);
    end if;
    -- the client came before without evidence and waits as a draft: the document is the evidence (R154)
    t := core.party_take(p_dealer, p_staff, d.data, p_source);
    x := core.intake_document_of(p_dealer, p_staff, t.party_id, p_kind, p_data, p_source);
    delete from core.draft y where y.draft_id = d.draft_id;
    x.undo := coalesce(x.undo, '{}') || jsonb_build_object('party', t.party_id, 'is_created', t.is_created, 'added', t.added,
        'redraft', jsonb_build_object('data', d.data, 'missing', d.missing, 'source', d.source));
    return x;
end $$;
comment on function core.intake_document(int, bigint, text, jsonb, text) is $$
A sale or repair order of a client the sender has named before, be it as a draft: then the document makes the client.
errors: those of core.intake_document_of; ZC402 external_id    rule: R154$$;

create function core.intake_document_of(p_dealer int, p_staff bigint, p_party bigint, p_kind text, p_data jsonb, p_source text)
returns core.intake_result language plpgsql set search_path = '' as $$
declare x core.intake_result; d core.document_result; v_vehicle bigint; v_mileage text := regexp_replace(core.intake_text(p_data, 'mileage_km'), '[\s ]', '', 'g'); v_owned bigint;
    v_number text := core.intake_text(p_data, 'number'); v_on date := core.intake_date(p_data, 'on');
begin
    if v_number is null then perform core.fail('ZC400', 'number'); end if;
    if v_on is null then perform core.fail('ZC400', 'on'); end if;
    if v_on > core.now()::date + 1 or v_on < core.now()::date - 36525 then perform core.fail('ZC054', 'on'); end if;
    if v_mileage !~ '^\d{1,7}$' then perform core.fail('ZC402', 'mileage_km'); end if;
    -- the sums of clients are roubles
    if p_kind <> 'order' and core.currency_of(core.intake_text(p_data, 'currency')) <> 'RUB' then perform core.fail('ZC402', 'currency'); end if;
    select v.vehicle_id into v_vehicle from core.vehicle v where v.vin = core.vin_norm(core.intake_text(p_data, 'vin'));
    if v_vehicle is null and core.vin_norm(core.intake_text(p_data, 'vin')) is not null then
        -- a car the network has not met: whoever bought it or had it repaired is its owner until a document says otherwise
        v_vehicle := core.vehicle_take(p_party, p_dealer, p_data, v_on);
        v_owned := v_vehicle;
    end if;
    if p_kind = 'repair_order' then
        d := core.document_order(p_dealer, p_staff, p_party, case when coalesce(core.intake_text(p_data, 'brand_id'),
            core.intake_text(p_data, 'brand')) is not null then core.intake_brand(p_data) end, v_number, v_on,
            core.intake_kopecks(p_data, 'amount'), v_vehicle, v_mileage::int, left(core.intake_text(p_data, 'what'), 400), p_source,
            coalesce(upper(core.intake_text(p_data, 'order_kind')), 'PAID'),
            lower(core.intake_text(p_data, 'is_paid')) not in ('0', 'нет', 'no', 'false', 'ложь'));
    elsif p_kind = 'sale' then
        d := core.document_sale(p_dealer, p_staff, p_party, core.intake_brand(p_data), core.intake_line(p_data, 'NEW'), v_number, v_on,
            core.intake_kopecks(p_data, 'amount'), v_vehicle, p_source);
    elsif p_kind = 'order' then
        d := core.document_signed(p_dealer, p_staff, p_party, core.intake_brand(p_data), core.intake_line(p_data, 'NEW'), v_number, v_on,
            lower(coalesce(core.intake_text(p_data, 'is_cancelled'), '')) in ('1', 'да', 'yes', 'true', 'истина'), v_vehicle, p_source,
            case when coalesce(core.intake_text(p_data, 'amount'), core.intake_text(p_data, 'amount_kopecks')) is not null then core.intake_kopecks(p_data, 'amount') end,
            core.intake_text(p_data, 'currency'));
    else perform core.fail('ZC402', 'kind');
    end if;
    x.verdict := case when coalesce(d.verdict, 'YOURS') in ('FREE', 'YOURS') then 'stored' else d.verdict end;
    x.party_id := p_party; x.decided_by := d.decided_by;
    x.undo := jsonb_build_object('kind', p_kind, 'document', case when d.is_new then d.document_id end, 'ownership', d.ownership_id,
        'ver_before', d.ver_before, 'party', p_party, 'owned', v_owned) || coalesce(d.undo, '{}');
    return x;
end $$;
comment on function core.intake_document_of(int, bigint, bigint, text, jsonb, text) is $$
Store a document of a known party and let it make or renew the right (D.2); a stranger's right stays, the document is kept with a
serve grant and the verdict says so (R5, R154).    errors: ZC400, ZC402, ZC054 with the field $$;

create function core.intake_quantity(p_data jsonb, p_field text, p_default numeric) returns numeric language plpgsql stable as $$
declare v text := replace(regexp_replace(core.intake_text(p_data, p_field), '[\s ]', '', 'g'), ',', '.');
begin
    if v is null then return p_default; end if;
    if v !~ '^-?\d{1,9}(\.\d{1,6})?$' then perform core.fail('ZC402', p_field); end if;
    return round(v::numeric, 3);
end $$;
comment on function core.intake_quantity(jsonb, text, numeric) is 'A number of pieces or hours, three decimals kept. errors: ZC402.';

create function core.intake_order_line(p_dealer int, p_data jsonb) returns core.intake_result
language plpgsql set search_path = '' as $$
declare x core.intake_result; o core.repair_order; v_number text := core.intake_text(p_data, 'number'); v_new boolean;
    v_position text := core.intake_text(p_data, 'position'); v_work text := lower(coalesce(core.intake_text(p_data, 'is_work'), ''));
begin
    if v_number is null then perform core.fail('ZC400', 'number'); end if;
    if coalesce(v_position, '') !~ '^[1-9]\d{0,3}$' then perform core.fail(case when v_position is null then 'ZC400' else 'ZC402' end, 'position'); end if;
    if core.intake_text(p_data, 'what') is null then perform core.fail('ZC400', 'what'); end if;
    select y.* into o from core.repair_order y where y.dealer_id = p_dealer and y.number = left(v_number, 100);
    if o.order_id is null then perform core.fail('ZC402', 'number'); end if;
    insert into core.repair_order_line as l (order_id, position, code, what, is_work, quantity, price_kopecks, amount_kopecks)
    values (o.order_id, v_position::smallint, left(core.intake_text(p_data, 'code'), 100), left(core.intake_text(p_data, 'what'), 400),
        v_work in ('1', 'да', 'yes', 'true', 'работа', 'услуга'), core.intake_quantity(p_data, 'quantity', 1),
        case when coalesce(core.intake_text(p_data, 'price'), core.intake_text(p_data, 'price_kopecks')) is not null then core.intake_kopecks(p_data, 'price') end,
        core.intake_kopecks(p_data, 'amount'))
    on conflict (order_id, position) do update set code = excluded.code, what = excluded.what, is_work = excluded.is_work,
        quantity = excluded.quantity, price_kopecks = excluded.price_kopecks, amount_kopecks = excluded.amount_kopecks
    returning xmax = 0 into v_new;
    x.verdict := 'stored'; x.party_id := o.party_id;
    if v_new then x.undo := jsonb_build_object('line_of', o.order_id, 'position', v_position::int); end if;
    return x;
end $$;
comment on function core.intake_order_line(int, jsonb) is $$
A line of a work order that the dealer has sent: labour or a part. The same position again replaces the line.
errors: ZC400, ZC402 number (no such order of this dealer), position, quantity, price, amount$$;

create function core.intake_odometer(p_dealer int, p_data jsonb) returns core.intake_result
language plpgsql set search_path = '' as $$
declare x core.intake_result; v_vehicle bigint; v_party bigint; v_on date := core.intake_date(p_data, 'on'); v_new boolean;
    v_km text := regexp_replace(core.intake_text(p_data, 'mileage_km'), '[\s ]', '', 'g');
begin
    if core.vin_norm(core.intake_text(p_data, 'vin')) is null then perform core.fail('ZC402', 'vin'); end if;
    if v_on is null then perform core.fail('ZC400', 'on'); end if;
    if v_on > core.now()::date + 1 or v_on < '1990-01-01' then perform core.fail('ZC054', 'on'); end if;
    if coalesce(v_km, '') !~ '^\d{1,7}$' then perform core.fail(case when v_km is null then 'ZC400' else 'ZC402' end, 'mileage_km'); end if;
    -- of one's own clients only: a car that is somebody else's and one that nobody knows are the same answer
    select v.vehicle_id, o.party_id into v_vehicle, v_party from core.vehicle v
    join core.vehicle_owner o on o.vehicle_id = v.vehicle_id and o.to_on is null
    join core.dealer_party d on d.dealer_id = p_dealer and d.party_id = o.party_id
    where v.vin = core.vin_norm(core.intake_text(p_data, 'vin'));
    if v_vehicle is null then perform core.fail('ZC402', 'vin'); end if;
    insert into core.odometer_reading as r (vehicle_id, read_on, mileage_km, dealer_id) values (v_vehicle, v_on, v_km::int, p_dealer)
    on conflict (vehicle_id, read_on) do update set mileage_km = greatest(r.mileage_km, excluded.mileage_km)
    returning xmax = 0 into v_new;
    x.verdict := 'stored'; x.party_id := v_party;
    if v_new then x.undo := jsonb_build_object('reading_of', v_vehicle, 'on', v_on); end if;
    return x;
end $$;
comment on function core.intake_odometer(int, jsonb) is 'A reading of the odometer of a client''s car; of two on one day the larger stays. errors: ZC400, ZC402, ZC054 with the field.';

create function core.intake_undo(p_dealer int, p_undo jsonb) returns void language plpgsql set search_path = '' as $$
declare v_party bigint := (p_undo ->> 'party')::bigint; a jsonb := coalesce(p_undo -> 'added', '{}');
begin
    if p_undo -> 'redraft' is not null then
        insert into core.draft (dealer_id, source, data, missing)
        select p_dealer, p_undo #>> '{redraft,source}', p_undo #> '{redraft,data}',
               array(select jsonb_array_elements_text(p_undo #> '{redraft,missing}'));
    end if;
    delete from core.repair_order_line l where l.order_id = (p_undo ->> 'line_of')::bigint and l.position = (p_undo ->> 'position')::int;
    delete from core.odometer_reading r where r.vehicle_id = (p_undo ->> 'reading_of')::bigint and r.read_on = (p_undo ->> 'on')::date
        and r.dealer_id = p_dealer;
    delete from core.draft d where d.draft_id = (p_undo ->> 'draft')::bigint and d.dealer_id = p_dealer;
    if p_undo ->> 'document' is not null then
        if p_undo ->> 'kind' = 'sale' then
            perform core.sale_undone((p_undo ->> 'document')::bigint, p_dealer);
            delete from core.sale s where s.sale_id = (p_undo ->> 'document')::bigint and s.dealer_id = p_dealer;
        elsif p_undo ->> 'kind' = 'order' then
            perform core.order_undone(p_dealer, s.order_id) from core.signed_order s where s.interaction_id = (p_undo ->> 'document')::bigint;
        else
            delete from core.repair_order o where o.order_id = (p_undo ->> 'document')::bigint and o.dealer_id = p_dealer;
        end if;
    end if;
    if p_undo ->> 'task' is not null then
        update core.task t set state = 'CANCELLED' where t.task_id = (p_undo ->> 'task')::bigint and t.dealer_id = p_dealer and t.state = 'OPEN';
    end if;
    if p_undo ->> 'kind' = 'order' then
        perform core.order_revived(p_dealer, (p_undo ->> 'cancelled')::bigint);
        update core.signed_order s set amount_kopecks = (p_undo #>> '{priced,was}')::bigint, currency = p_undo #>> '{priced,was_in}'
        where s.order_id = (p_undo #>> '{priced,order}')::bigint and s.dealer_id = p_dealer
          and s.amount_kopecks = (p_undo #>> '{priced,now}')::bigint and s.currency = p_undo #>> '{priced,now_in}';
    elsif p_undo ->> 'ownership' is not null then
        perform core.right_undo(p_dealer, (p_undo ->> 'ownership')::bigint, (p_undo ->> 'ver_before')::int);
    end if;
    delete from core.contact_point c where c.party_id = v_party
        and c.contact_id in (select e::bigint from jsonb_array_elements_text(coalesce(a -> 'contacts', '[]')) e);
    delete from core.consent c where c.party_id = v_party
        and c.consent_id in (select e::bigint from jsonb_array_elements_text(coalesce(a -> 'consents', '[]')) e);
    delete from core.match_key k where k.party_id = v_party
        and exists (select from jsonb_array_elements(coalesce(a -> 'keys', '[]')) e
                    where e ->> 0 = k.kind::text and e ->> 1 = k.value);
    if p_undo ->> 'owned' is not null then
        delete from core.vehicle_owner o where o.vehicle_id = (p_undo ->> 'owned')::bigint and o.party_id = v_party;
        delete from core.match_key k using core.vehicle y where y.vehicle_id = (p_undo ->> 'owned')::bigint and k.party_id = v_party
            and ((k.kind = 'VIN' and k.value = y.vin) or (k.kind = 'PLATE' and k.value = y.plate));
    end if;
    delete from core.vehicle_owner o where o.party_id = v_party
        and o.vehicle_id in (select e::bigint from jsonb_array_elements_text(coalesce(a -> 'vehicles', '[]')) e);
    if a ?| '{company,kpp,branch}'::text[] then perform core.kpp_undo(v_party, a); end if;
    -- nobody else has used the party since: it leaves the pool and can never be matched
    if (p_undo ->> 'is_created')::boolean and not exists (select from core.ownership o where o.party_id = v_party and o.state <> 'CLOSED')
       and not exists (select from core.sale s where s.party_id = v_party)
       and not exists (select from core.repair_order s where s.party_id = v_party)
       and not exists (select from core.interaction i where i.party_id = v_party) then
        delete from core.match_key k where k.party_id = v_party;
        delete from core.contact_point c where c.party_id = v_party;
        delete from core.duplicate d where v_party in (d.party_low, d.party_high) and d.state = 'OPEN';
        update core.party p set source = 'undone' where p.party_id = v_party;
    end if;
end $$;
comment on function core.intake_undo(int, jsonb) is $$
Take one row back: its draft, its document, what it did to the right, what it added to the party. What others did since stays. rule: R3 $$;
