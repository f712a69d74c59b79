-- SPDX-License-Identifier: Apache-2.0
-- Pins what each login may read, and that it may write nothing and call nothing but its routes. A change of a privilege is a change
-- of this file, reviewed with the sentence in roles/.
begin;
set local client_min_messages = warning;
create extension if not exists pgtap;
select plan(1 + 12);

create function pg_temp.may_read(p_role name) returns text language sql as $$
select coalesce(string_agg(x.t, ' ' order by x.t), '') from (
    select case when has_table_privilege(p_role, c.oid, 'select') then c.relname::text else c.relname || '(' || (
        select string_agg(a.attname, ',' order by a.attnum) from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and has_column_privilege(p_role, c.oid, a.attnum, 'select')) || ')' end as t
    from pg_class c where c.relnamespace in ('core'::regnamespace, 'session'::regnamespace) and c.relkind = 'r'
      and has_any_column_privilege(p_role, c.oid, 'select')) x $$;

select is(pg_temp.may_read('login'),
    '',
    'login reads exactly this');
select is(pg_temp.may_read('system'),
    '',
    'system reads exactly this');
select is(pg_temp.may_read('auditor'),
    'approval approval_kind brand calendar_day calendar_year city '
    'dealer(dealer_id,public_id,name,city,time_zone,area_code,is_active,opens_at,closes_at,work_days,version,country) '
    'dealer_brand export '
    'interaction(interaction_id,party_id,dealer_id,staff_id,kind,at,recorded_at,is_manual,is_qualifying,campaign_id) job '
    'ledger ledger_seal line_group model notice notice_kind notice_setting outage '
    'ownership(ownership_id,party_id,brand_id,line,dealer_id,state,reason,lost,since,registered_at,accept_until,contact_until,first_contact_at,protect_until,limit_until,free_from,manual_run,source) '
    'ownership_history policy probe(dealer_id,staff_id,at,verdict) '
    'repair_order(order_id,dealer_id,party_id,brand_id,opened_on,amount_kopecks,is_paid) right_transition row_verdict '
    'sale(sale_id,dealer_id,party_id,brand_id,line,sold_on,amount_kopecks) saved_view '
    'session(session_id,public_id,staff_id,agent,address,created_at,seen_at,idle_until,expires_at,revoked_at) setting '
    'staff(staff_id,public_id,dealer_id,role,name,is_active,role_bit) visibility watch_hit',
    'auditor reads exactly this');
select is(pg_temp.may_read('dealer'),
    'approval approval_kind attachment brand calendar_day calendar_year '
    'campaign(campaign_id,public_id,dealer_id,name,class,channel) city cold_row consent contact_point '
    'dealer(dealer_id,public_id,name,city,time_zone,area_code,is_active,opens_at,closes_at,work_days,version,country) '
    'dealer_brand dealer_key dealer_party draft event_list event_quota evidence evidence_kind export import import_result '
    'import_row interaction job lead(lead_id,public_id,party_id,brand_id,line,state,came_at,due_at,source,interest,ownership_id,dealer_id,decisions,desk_at) line_group model notice notice_kind notice_setting odometer_reading ownership '
    'ownership_history party party_summary policy receipt repair_order repair_order_line right_transition route_decision sale '
    'saved_view segment segment_attribute serve_grant '
    'session(session_id,public_id,staff_id,agent,address,created_at,seen_at,idle_until,expires_at,revoked_at) setting signed_order '
    'staff(staff_id,public_id,dealer_id,role,name,is_active,role_bit) task task_outcome '
    'touch(touch_id,party_id,channel,campaign_id,dealer_id,at,returned_at) upload vehicle vehicle_owner visibility '
    'waiting_claim(brand_id,line,dealer_id,staff_id,at,public_id,typed,claim_from)',
    'dealer reads exactly this');
select is(pg_temp.may_read('head_office'),
    'approval approval_kind attachment brand calendar_day calendar_year campaign city cold_row consent contact_point '
    'dealer(dealer_id,public_id,name,city,time_zone,area_code,is_active,opens_at,closes_at,work_days,version,country) '
    'dealer_brand dealer_key dealer_party duplicate event_list event_quota export interaction job lead line_group model '
    'notice notice_kind notice_setting odometer_reading outage ownership ownership_history party policy repair_order '
    'right_transition route_decision sale saved_view segment segment_attribute '
    'session(session_id,public_id,staff_id,agent,address,created_at,seen_at,idle_until,expires_at,revoked_at) setting signed_order '
    'staff(staff_id,public_id,dealer_id,role,name,is_active,role_bit) task touch vehicle vehicle_owner visibility',
    'head_office reads exactly this');

create function pg_temp.hash_key_of(p_role name) returns text language plpgsql as $$
begin
    execute format('set local session authorization %I', p_role);
    perform current_setting('clientele.hash_key');
    set local session authorization default;
    return 'read';
exception when insufficient_privilege then return 'refused';
end $$;
select is((select string_agg(distinct pg_temp.hash_key_of(r), ' ') from unnest(array['login', 'dealer', 'head_office', 'auditor', 'system', 'engine', 'binder', 'clientele_owner']) r),
    'refused', 'the key of keyed hashes is read by none of the product''s roles (R20, R149)');

select is((select count(*) from pg_class c, unnest(array['login', 'dealer', 'head_office', 'auditor', 'system']) r
    where c.relnamespace in ('core'::regnamespace, 'session'::regnamespace, 'migration'::regnamespace) and c.relkind in ('r', 'S')
      and (has_table_privilege(r, c.oid, 'insert') or has_table_privilege(r, c.oid, 'update') or has_table_privilege(r, c.oid, 'delete'))), 0::bigint,
    'no login writes to any table');
select is((select string_agg(p.proname, ' ' order by p.proname) from pg_proc p where p.pronamespace = 'session'::regnamespace and has_function_privilege('login', p.oid, 'execute')),
    'certificate_session challenge_get challenge_open enrol_code_use flush link_get link_open login_begin login_end password_set recovery_use',
    'login signs in, follows links, and flushes');
select is((select string_agg(p.proname, ' ' order by p.proname) from pg_proc p where p.pronamespace = 'api'::regnamespace and has_function_privilege('login', p.oid, 'execute')),
    'choice_make choice_page unsubscribe unsubscribe_page web_lead_add', 'and stops advertising, chooses a dealer by a mailed link, and hands in a lead with a site''s key');
select is((select string_agg(p.proname, ' ' order by p.proname) from pg_proc p where p.pronamespace = 'api'::regnamespace and has_function_privilege('system', p.oid, 'execute')),
    'exchange_arrival exchange_calls exchange_push exchange_status exchange_tasks', 'a dealer''s system exchanges and nothing else');
select is((select count(*) from pg_proc p where p.pronamespace = 'core'::regnamespace and p.prosecdef and p.provolatile = 'v' and has_function_privilege('dealer', p.oid, 'execute')
    and p.proname !~ '^(job_|import_|campaign_)'), 0::bigint, 'a dealer calls no private function that writes, but steps of its jobs');
select is((select string_agg(r.rolname, ' ' order by r.rolname) from pg_roles r where has_parameter_privilege(r.oid, 'clientele.identity', 'set') and not r.rolsuper and r.rolname !~ '^pg_'),
    'binder', 'only the binder sets an identity');
select is((select count(*) from pg_roles r where r.rolname in ('login', 'dealer', 'head_office', 'auditor', 'system', 'engine', 'binder', 'clientele_owner')
    and (r.rolsuper or r.rolbypassrls or r.rolinherit or r.rolcreatedb or r.rolcreaterole)), 0::bigint, 'no role is mightier than its privileges');
select * from finish();
rollback;
