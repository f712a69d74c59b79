#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Four campaigns reserve the same people at the same time, each in processes of its own, in a database made for it.
# Called by lock_race_test.sql with PGHOST, PGPORT and PGUSER of a superuser; prints one line: what was found.
#   lock_race.sh arbiter    through the launch jobs: priority decides, whatever process is faster
#   lock_race.sh free       past the arbiter: the primary key alone must hold, without a deadlock
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
kind=$1 processes=4
export PGDATABASE=clientele_race PGOPTIONS='-c client_min_messages=warning -c test.clock=now' PGCLIENTENCODING=UTF8
q() { psql -X -q -A -t -v ON_ERROR_STOP=1 "$@"; }
work=$(mktemp -d)
trap 'rm -rf "$work"; PGDATABASE=postgres psql -X -q -c "drop database if exists clientele_race with (force)" >/dev/null 2>&1 || true' EXIT

PGDATABASE=postgres q -c 'drop database if exists clientele_race with (force)' \
    -c "create database clientele_race template clientele_sql" -c 'grant connect on database clientele_race to login, dealer, head_office, auditor, system'

# 3,000 people of dealer 1, 1,000 of the pool; the dealer's campaign and three of head office, each over another part
q >"$work/load" <<'SQL'
begin;
\i tests/sql/fixture.sql
\i tests/sql/campaign.sql
set local session_replication_role = replica;
insert into core.party (kind, name, surname, city, source)
select 'PERSON', format('Клиент%s', i), format('Клиент%s', i), 'Город' || i % 4, 'test' from generate_series(1, 4000) i;
insert into core.contact_point (party_id, kind, value, raw, is_primary)
select party_id, 'EMAIL', 'k' || party_id || '@mail.example', 'k', true from core.party;
insert into core.consent (party_id, dealer_id, purpose, channel, text_version, evidence, source, given_at)
select party_id, d, 'ADVERTISING', 'EMAIL', 'v1', 'form', 'test', now() - interval '1 day'
from core.party, generate_series(0, 1) d where d = 0 or party_id <= 3000;
insert into core.ownership (party_id, brand_id, line, dealer_id, state, since, registered_at, protect_until, limit_until, free_from, event, rule, changed_at)
select party_id, 1, 'NEW', 1, 'ACTIVE', now() - interval '9 days', now() - interval '9 days', now() + interval '20 days', now() + interval '99 days', 'infinity', 'test', 'R31', now()
from core.party where party_id <= 3000;
select core.project(array_fill(1, array[3000]), array(select generate_series(1, 3000)::bigint));
set local session_replication_role = origin;
create table test.c (n int primary key, id uuid, job bigint);
insert into test.c (n, id) values
  (1, test.campaign('marketer', 'Сеть 1', p_definition => '{"attr":"city","op":"in","value":["Город0","Город1","Город2"]}')),
  (2, test.campaign('marketer', 'Сеть 2', p_definition => '{"attr":"city","op":"in","value":["Город1","Город2","Город3"]}')),
  (3, test.campaign('marketer', 'Сеть 3')),
  (4, test.campaign('manager_a', 'Дилер', p_definition => '{"attr":"city","op":"in","value":["Город0","Город1"]}'));
select test.check('marketer', id) from test.c where n < 4;
select test.check('manager_a', id) from test.c where n = 4;
commit;
begin;
select test.call(case when n = 4 then 'manager_a' else 'marketer' end,
  format('select * from api.campaign_launch(%L, %s)', id, (select check_result ->> 'will_get' from core.campaign k where k.public_id = c.id)))
from (select * from test.c order by n) c;
update core.campaign set requested_at = requested_at + campaign_id * interval '1 millisecond';
update test.c set job = (select job_id from core.campaign k where k.public_id = test.c.id);
create function test.step(p_job bigint, p_lease bytea, p_letter "char") returns boolean language plpgsql as $$
declare is_done boolean;
begin
  execute format('set local session authorization %I', case p_letter when 'D' then 'dealer' else 'head_office' end);
  perform session.bind_job(p_job, p_lease);
  select s.is_done into is_done from core.job_step(p_job) s;
  set local session authorization default;
  return is_done;
end $$;
commit;
SQL

if [ "$kind" = free ]; then                                # every candidate is a request at once; no arbiter in between
    q >"$work/plan" <<'SQL'
update core.campaign set is_prepared = true, state = 'RUNNING';
insert into core.recipient (campaign_id, party_id, dealer_id, unit, state, next_at)
select k.campaign_id, p.party_id, 1, 'p' || p.party_id, 'PLANNED', now() from core.campaign k, core.party p;
SQL
    for n in $(seq 1 "$processes"); do
        for part in 0 1 2 3 4 5 6 7; do                    # each walks the people in another order
            echo "select core.lock_take($n, array(select party_id from core.recipient where campaign_id = $n and party_id % 8 = ($part * (2 * $n - 1) + $n) % 8 order by random()));"
        done >"$work/take.$n.sql"
        q -f "$work/take.$n.sql" >"$work/out.$n" 2>&1 &
    done
    wait
    cat "$work"/out.* | grep -i 'error\|deadlock' || true
    q -c "select format('locks %s, granted %s, double %s, decided %s', (select count(*) from core.campaign_lock),
        (select count(*) from core.recipient where state = 'LOCKED'),
        (select count(*) from (select party_id from core.recipient where state = 'LOCKED' group by 1 having count(*) > 1) x),
        (select count(*) from core.recipient where state in ('LOCKED', 'DROPPED')))"
    exit 0
fi

sleep 2.2
for n in $(seq 1 "$processes"); do
    {
        for turn in $(seq 1 150); do
            echo "select coalesce((select job_id || '|' || encode(lease, 'hex') || '|' || letter::text from session.job_lease('race$n', 1)), '') as got \\gset"
            echo "select :'got' <> '' as has, split_part(:'got', '|', 1) as job, split_part(:'got', '|', 2) as lease, split_part(:'got', '|', 3) as letter \\gset"
            echo '\if :has'
            for step in $(seq 1 12); do
                echo "begin; select coalesce(test.step(:job, decode(:'lease', 'hex'), :'letter'::\"char\"), true) as is_done \\gset"
                echo "commit;"
                echo '\if :is_done' ; echo '\else'
            done
            echo "select session.job_release(:job, decode(:'lease', 'hex'));"
            for step in $(seq 1 12); do echo '\endif'; done
            echo '\else' ; echo "select pg_sleep(0.05);"
            echo '\endif'
            echo "select not exists (select 1 from core.job where state in ('QUEUED', 'RUNNING')) as over \\gset"
            echo '\if :over' ; echo '\q' ; echo '\endif'
        done
    } >"$work/run.$n.sql"
    psql -X -q -A -t -f "$work/run.$n.sql" >"$work/out.$n" 2>&1 &
    # and beside each a process that only drives the arbiter
    { for turn in $(seq 1 60); do echo "select core.lock_tick(137);"; done; } >"$work/tick.$n.sql"
    psql -X -q -A -t -f "$work/tick.$n.sql" >"$work/tick.$n" 2>&1 &
done
wait
grep -hi 'error\|deadlock' "$work"/out.* "$work"/tick.* | sort | uniq -c | head -3 || true
q -c "select string_agg(format('%s:%s', c.n, (select count(*) from core.recipient r join core.campaign k using (campaign_id)
        where k.public_id = c.id and r.state = 'LOCKED')), ' ' order by c.n) || format(' locks %s double %s undecided %s',
        (select count(*) from core.campaign_lock),
        (select count(*) from (select unit from core.recipient where state = 'LOCKED' group by 1 having count(*) > 1) x),
        (select count(*) from core.recipient where state = 'PLANNED')) from test.c c"
