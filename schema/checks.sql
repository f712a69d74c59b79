-- SPDX-License-Identifier: Apache-2.0
-- What must be true of the catalogue before a migration may take force. Each rule is one query of what breaks it; the
-- migration stops with the whole list. Add a rule here when a mistake taught one.

do $$
declare
    -- reads that must be SECURITY DEFINER: they answer about rows their caller may not see, and each checks by itself
    definer_reads text[] := array['choices_list', 'choice_page', 'walk_ins_list', 'walk_in_get', 'served_elsewhere_list', 'credits_list', 'transfers_list',
        'inheritance_get', 'owners_list', 'past_documents_list', 'transfer_batches_list', 'transfer_batch_get',
        'reviews_list', 'samples_list', 'follow_ups_list', 'evidence_quality_list', 'funnel_counts', 'funnel_list',
        'lead_why', 'territories_get', 'routing_dealers', 'web_sites_list',
        'people_pool', 'segment_count', 'segment_people', 'staff_list', 'dealers_list',
        'family_get', 'company_get', 'fleet_list', 'company_groups_list', 'company_group_get', 'vehicle_get', 'service_moves_list', 'permits_list', 'announcements_list', 'announcement_people',
        'staff_row', 'campaigns_list', 'campaign_get', 'recipients_list', 'campaign_dealers', 'conflicts_list',
        'ownership_list', 'call_lists', 'call_items_list', 'branches_list', 'branches_export', 'branch_own', 'branch_series', 'conduct_list', 'conduct_export', 'conduct_network',
        'competing_touches', 'exchange_tasks', 'exchange_calls', 'exchange_status', 'ledger_check', 'unsubscribe_page', 'disputes_list', 'dispute_get', 'dispute_file_get', 'approval_recording_get', 'dispute_export', 'dealer_groups_list', 'staff_ties_list', 'precedents_list', 'dictionary_get', 'home_get', 'session_get', 'sight_get', 'arrivals_list',
        'duplicates_list', 'duplicate_get', 'merges_list',
        'privacy_requests_list', 'privacy_request_get'];
    ours regnamespace[] := array['core', 'session', 'api']::regnamespace[];
    logins text[] := array['login', 'dealer', 'head_office', 'auditor', 'system'];
    wrong text[];
begin
    select array_agg(x.what order by x.what) into wrong from (
        select format('table %s lacks ENABLE and FORCE row security', c.oid::regclass) as what
        from pg_class c where c.relnamespace = any (ours) and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
        union all
        select format('%s belongs to %s, not to clientele_owner', c.oid::regclass, c.relowner::regrole)
        from pg_class c where c.relnamespace = any (ours) and c.relkind in ('r', 'p', 'v', 'm', 'S') and c.relowner <> 'clientele_owner'::regrole
        union all
        select format('view %s lacks security_invoker', c.oid::regclass)
        from pg_class c where c.relnamespace = any (ours) and c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false)
        union all
        select format('materialized view %s: row security cannot hold it', c.oid::regclass)
        from pg_class c where c.relnamespace = any (ours) and c.relkind = 'm'
        union all
        select format('policy "%s" on %s names no role', p.polname, p.polrelid::regclass)
        from pg_policy p join pg_class c on c.oid = p.polrelid where c.relnamespace = any (ours) and p.polroles = '{0}'
        union all
        select format('policy "%s" on %s lets write without WITH CHECK', p.polname, p.polrelid::regclass)
        from pg_policy p join pg_class c on c.oid = p.polrelid
        where c.relnamespace = any (ours) and p.polcmd in ('a', 'w', '*') and p.polwithcheck is null
          and exists (select from unnest(p.polroles) r(o) where has_table_privilege(r.o, c.oid, 'insert') or has_table_privilege(r.o, c.oid, 'update'))
        union all
        select format('%s may write to %s', r.name, c.oid::regclass)
        from pg_class c, unnest(logins) r(name) where c.relnamespace = any (ours) and c.relkind in ('r', 'p', 'v')
          and (has_any_column_privilege(r.name, c.oid, 'insert') or has_any_column_privilege(r.name, c.oid, 'update')
               or has_table_privilege(r.name, c.oid, 'delete') or has_table_privilege(r.name, c.oid, 'truncate'))
        union all
        select format('%s is SECURITY DEFINER without search_path = ''''', p.oid::regprocedure)
        from pg_proc p where p.pronamespace = any (ours) and p.prosecdef and not coalesce('search_path=""' = any (p.proconfig), false)
        union all
        select format('%s may be executed by PUBLIC', p.oid::regprocedure)
        from pg_proc p where p.pronamespace = any (ours) and has_function_privilege('public', p.oid, 'execute')
        union all
        select format('%s is SECURITY DEFINER and belongs to %s', p.oid::regprocedure, p.proowner::regrole)
        from pg_proc p where p.pronamespace = any (ours) and p.prosecdef and p.proowner not in ('engine'::regrole, 'binder'::regrole)
        union all
        select format('%s reads (STABLE) as SECURITY DEFINER and is not in the list of schema/checks.sql', p.oid::regprocedure)
        from pg_proc p where p.pronamespace = 'api'::regnamespace and p.prosecdef and p.provolatile <> 'v' and p.proname <> all (definer_reads)
        union all
        select format('%s writes (VOLATILE) without SECURITY DEFINER', p.oid::regprocedure)
        from pg_proc p where p.pronamespace = 'api'::regnamespace and not p.prosecdef and p.provolatile = 'v'
        union all
        select format('function %s lacks a contract', p.oid::regprocedure)
        from pg_proc p where p.pronamespace = any (ours) and obj_description(p.oid, 'pg_proc') is null and p.prorettype <> 'trigger'::regtype
        union all
        select format('function %s: its contract is too short', p.oid::regprocedure)
        from pg_proc p where p.pronamespace = 'api'::regnamespace and length(obj_description(p.oid, 'pg_proc')) < 30
        union all
        select format('%s has two overloads: a route is one function', p.proname)
        from pg_proc p where p.pronamespace = 'api'::regnamespace group by p.proname having count(*) > 1
        union all
        select format('PUBLIC may create in schema %s', n.nspname) from pg_namespace n
        where n.nspname !~ '^pg_' and has_schema_privilege('public', n.oid, 'create')
        union all
        select 'PUBLIC may make temporary tables' where has_database_privilege('public', current_database(), 'temp')
        union all
        select format('%s may make temporary tables or schemas', r.name) from unnest(logins) r(name)
        where has_database_privilege(r.name, current_database(), 'temp') or has_database_privilege(r.name, current_database(), 'create')
        union all
        select format('role %s is too mighty', r.rolname) from pg_roles r
        where r.rolname = any (logins || array['engine', 'binder', 'clientele_owner'])
          and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolinherit)
        union all
        select format('%s is a member of %s', m.member::regrole, m.roleid::regrole) from pg_auth_members m
        join pg_roles r on r.oid = m.member where r.rolname = any (logins || array['engine', 'binder'])
        union all
        select format('%s may read secrets of %s', r.name, c.oid::regclass || '.' || a.attname)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0, unnest(logins) r(name)
        where c.relnamespace = 'session'::regnamespace and c.relkind = 'r'
          and a.attname in ('secret_hash', 'password_phc', 'totp_secret', 'totp_pending', 'code_hash', 'link')
          and has_column_privilege(r.name, c.oid, a.attnum, 'select')
        union all
        select format('auditor may read %s', c.oid::regclass || '.' || a.attname)
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'core'::regnamespace and c.relkind = 'r' and has_column_privilege('auditor', c.oid, a.attnum, 'select')
          and (c.relname in ('contact_point', 'match_key', 'dealer_key', 'draft', 'attachment', 'message', 'import_row')
               or c.relname in ('party', 'dealer_party') and a.attname in ('name', 'surname', 'given_name', 'patronymic', 'name_sort',
                  'name_search', 'surname_key', 'phone', 'phone_masked', 'email', 'email_masked', 'address', 'born_on', 'inn')
               or c.relname in ('interaction', 'call_item') and a.attname in ('text', 'note')
               or c.relname = 'vehicle' and a.attname in ('vin', 'plate', 'plate_raw'))
        union all
        select 'clientele.identity may be set by ' || r.rolname from pg_roles r
        where not r.rolsuper and r.rolname <> 'binder' and r.rolname !~ '^pg_' and has_parameter_privilege(r.oid, 'clientele.identity', 'set')
    ) x;
    if wrong is not null then
        raise exception E'the catalogue breaks % rules:\n  %', cardinality(wrong), array_to_string(wrong, E'\n  ');
    end if;
end $$;
