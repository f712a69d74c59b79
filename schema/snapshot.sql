-- SPDX-License-Identifier: Apache-2.0
-- Written by deploy/snapshot from a fresh database: types, tables, keys, indexes, triggers, policies, privileges. Not applied by anything.

CREATE SCHEMA core;

CREATE SCHEMA session;

CREATE TYPE core.campaign_channel AS ENUM (
    'EMAIL',
    'CALL'
);

CREATE TYPE core.campaign_state AS ENUM (
    'DRAFT',
    'CHECKED',
    'LAUNCHING',
    'RUNNING',
    'PAUSED',
    'STOPPED',
    'FINISHED'
);

CREATE TYPE core.competition_group AS ENUM (
    'SALES',
    'AFTERSALES',
    'RELATION'
);

CREATE TYPE core.verdict AS ENUM (
    'FREE',
    'YOURS',
    'PROTECTED',
    'IN_GRACE',
    'DISPUTED',
    'HQ',
    'OPTED_OUT'
);

CREATE TYPE core.call_result AS ENUM (
    'agreed',
    'call_back',
    'refused',
    'no_answer',
    'wrong_number',
    'do_not_call'
);

CREATE TYPE core.line AS ENUM (
    'NEW',
    'USED',
    'FLEET',
    'SERVICE',
    'PARTS',
    'FIN'
);

CREATE TYPE core.dispute_kind AS ENUM (
    'earlier_evidence',
    'false_evidence',
    'hidden_inactivity',
    'wrong_match',
    'service_move',
    'credit',
    'offline'
);

CREATE TYPE core.dispute_outcome AS ENUM (
    'CLAIMANT',
    'OWNER',
    'POOL'
);

CREATE TYPE core.dispute_state AS ENUM (
    'FILED',
    'ADMITTED',
    'ANSWERED',
    'DECIDED',
    'APPEALED',
    'FINAL',
    'REJECTED',
    'WITHDRAWN'
);

CREATE TYPE core.task_state AS ENUM (
    'OPEN',
    'DONE',
    'CANCELLED'
);

CREATE TYPE core.right_state AS ENUM (
    'OFFERED',
    'PENDING',
    'ACTIVE',
    'HELD',
    'CUSTOMER',
    'GRACE',
    'DISPUTED',
    'CLOSED'
);

CREATE TYPE core.import_state AS ENUM (
    'UPLOADED',
    'PARSED',
    'MAPPED',
    'CHECKED',
    'RUNNING',
    'DONE',
    'UNDOING',
    'UNDONE',
    'FAILED'
);

CREATE TYPE core.job_state AS ENUM (
    'QUEUED',
    'RUNNING',
    'PAUSED',
    'DONE',
    'FAILED',
    'CANCELLED'
);

CREATE TYPE core.work_clock AS (
	is_open boolean,
	left_min integer,
	runs_from timestamp with time zone,
	runs_until timestamp with time zone
);

CREATE DOMAIN core.kopecks AS bigint
	CONSTRAINT kopecks_range CHECK (((VALUE >= '-1000000000000000'::bigint) AND (VALUE <= '1000000000000000'::bigint)));

CREATE TYPE core.abc AS ENUM (
    'A',
    'B',
    'C'
);

CREATE TYPE core.party_kind AS ENUM (
    'PERSON',
    'COMPANY'
);

CREATE TYPE core.see_level AS ENUM (
    'NONE',
    'VERDICT',
    'MASKED',
    'FULL'
);

CREATE TYPE core.drop_reason AS ENUM (
    'duplicate',
    'not_owner',
    'disputed',
    'complaint',
    'opted_out',
    'no_consent',
    'invalid_contact',
    'locked',
    'budget',
    'quiet',
    'excluded',
    'stopped',
    'out_of_area'
);

CREATE TYPE core.recipient_state AS ENUM (
    'PLANNED',
    'LOCKED',
    'QUEUED',
    'SENT',
    'DONE',
    'FAILED',
    'DROPPED',
    'CANCELLED'
);

CREATE TYPE core.interaction_kind AS ENUM (
    'CALL_OUT',
    'CALL_IN',
    'MAIL_OUT',
    'MAIL_IN',
    'SMS_OUT',
    'SMS_IN',
    'VISIT',
    'TEST_DRIVE',
    'OFFER',
    'APPRAISAL',
    'CREDIT',
    'ORDER',
    'DEPOSIT',
    'APPOINTMENT',
    'NOTE',
    'GREETING',
    'SYSTEM'
);

CREATE TYPE core.staff_role AS ENUM (
    'admin',
    'marketer',
    'router',
    'arbiter',
    'manager',
    'seller',
    'adviser',
    'operator',
    'auditor',
    'system',
    'steward',
    'dpo'
);

CREATE TYPE core.abc_end AS (
	kopecks bigint,
	party_id bigint
);

CREATE TYPE core.activity_result AS (
	interaction_id bigint,
	public_id uuid,
	is_qualifying boolean,
	protect_until timestamp with time zone,
	rule text
);

CREATE TYPE core.arrival_found AS (
	party_ids bigint[],
	shown json,
	verdict core.verdict,
	is_claim_possible boolean,
	claim_from date,
	rule text
);

CREATE TYPE core.batch_right AS (
	ownership_id bigint,
	party_id bigint,
	state core.right_state,
	act text,
	to_dealer_id integer
);

CREATE TYPE core.key_kind AS ENUM (
    'PHONE',
    'EMAIL',
    'VIN',
    'PLATE',
    'INN',
    'SOURCE',
    'DOCUMENT'
);

CREATE TYPE core.party_key AS (
	kind core.key_kind,
	value text
);

CREATE TYPE core.bulk_row AS (
	line_no integer,
	phone text,
	email text,
	inn text,
	external text,
	phone_raw text,
	email_raw text,
	name text,
	surname text,
	given_name text,
	patronymic text,
	born_on date,
	city text,
	address text,
	evidence text,
	channels text[],
	interest text,
	surname_key text,
	keys core.party_key[],
	party_id bigint,
	public_id uuid,
	ownership_id bigint,
	right_public uuid,
	phone_id bigint,
	email_id bigint,
	consent_ids bigint[],
	receipt text
);

CREATE TYPE core.calendar_given AS (
	on_day date,
	kind text,
	title text
);

CREATE TYPE core.channel AS ENUM (
    'EMAIL',
    'SMS',
    'CALL',
    'PUSH',
    'LETTER'
);

CREATE TYPE core.close_reason AS ENUM (
    'declined',
    'not_accepted',
    'no_contact',
    'expired',
    'lost',
    'transferred',
    'conflict',
    'withdrawn',
    'erased',
    'merged',
    'dealer_terminated'
);

CREATE TYPE core.consent_purpose AS ENUM (
    'PROCESSING',
    'ADVERTISING',
    'TRANSFER',
    'PROFILING',
    'CALL_RECORDING'
);

CREATE TYPE core.contact_kind AS ENUM (
    'PHONE',
    'EMAIL',
    'POSTAL'
);

CREATE TYPE core.document_result AS (
	document_id bigint,
	public_id uuid,
	is_new boolean,
	verdict text,
	ownership_id bigint,
	ver_before integer,
	decided_by bigint,
	undo jsonb
);

CREATE TYPE core.duplicate_class AS ENUM (
    'EXACT',
    'STRONG',
    'POSSIBLE'
);

CREATE TYPE core.duplicate_source AS ENUM (
    'registration',
    'edit',
    'import',
    'scan'
);

CREATE TYPE core.duplicate_state AS ENUM (
    'OPEN',
    'MERGED',
    'SEPARATE'
);

CREATE TYPE core.intake_result AS (
	verdict text,
	code text,
	receipt text,
	rule text,
	field text,
	party_id bigint,
	undo jsonb,
	decided_by bigint,
	area text
);

CREATE TYPE core.judgement AS (
	campaign_id bigint,
	party_id bigint,
	dealer_id integer,
	unit text,
	reason core.drop_reason,
	free_week date,
	next_at timestamp with time zone,
	address text
);

CREATE TYPE core.judgement_of_claim AS (
	verdict core.verdict,
	ownership_id bigint,
	claim_from date,
	is_claim_possible boolean,
	rule text
);

CREATE TYPE core.lock_state AS ENUM (
    'HELD',
    'ACTIVE',
    'COOLING',
    'RELEASED'
);

CREATE DOMAIN core.long_text AS text
	CONSTRAINT long_text_length CHECK ((length(VALUE) <= 20000));

CREATE TYPE core.lost_reason AS ENUM (
    'bought_in_network',
    'bought_other_brand',
    'no_money',
    'wrong_contact',
    'do_not_contact',
    'other'
);

CREATE TYPE core.match_record AS (
	party_id bigint,
	surname text,
	given_name text,
	patronymic text,
	born_on text,
	phone text,
	email text,
	city text,
	address text
);

CREATE DOMAIN core.mileage_km AS integer
	CONSTRAINT mileage_km_range CHECK (((VALUE >= 0) AND (VALUE <= 3000000)));

CREATE DOMAIN core.name_text AS text
	CONSTRAINT name_text_length CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 200)));

CREATE TYPE core.outbox_state AS ENUM (
    'ready',
    'leased',
    'accepted',
    'failed',
    'unknown',
    'cancelled'
);

CREATE TYPE core.outgoing AS (
	outbox_id bigint,
	message uuid,
	address text,
	sender_name text,
	sender_address text,
	subject text,
	body_text text,
	body_html text,
	vars json,
	is_marketing boolean,
	list_name text
);

CREATE TYPE core.party_taken AS (
	party_id bigint,
	public_id uuid,
	is_created boolean,
	added jsonb
);

CREATE TYPE core.people_filter AS (
	city text,
	brand_id smallint,
	line_no smallint,
	state_no smallint,
	seat_id bigint,
	is_queue boolean,
	abc_no smallint,
	model text,
	visit_before date,
	visit_after date,
	expired_to timestamp with time zone
);

CREATE TYPE core.people_range AS (
	s1 smallint,
	s2 smallint,
	l1 smallint,
	l2 smallint,
	b1 smallint,
	b2 smallint
);

CREATE TYPE core.people_sort AS ENUM (
    'name',
    '-updated',
    '-last_visit',
    'protect_until'
);

CREATE DOMAIN core.phone_e164 AS text
	CONSTRAINT phone_e164_format CHECK ((VALUE ~ '^\+[1-9][0-9]{5,14}$'::text));

CREATE TYPE core.place AS (
	region_code text,
	postal_code text,
	lon real,
	lat real,
	known_by text
);

CREATE TYPE core.proof AS (
	verdict text,
	ownership_id bigint,
	ver_before integer,
	decided_by bigint
);

CREATE TYPE core.registration AS (
	verdict text,
	state text,
	party_id bigint,
	ownership_id bigint,
	ver_before integer,
	receipt text,
	protect_until timestamp with time zone,
	missing text[],
	is_claim_possible boolean,
	claim_from date,
	rule text,
	is_created boolean,
	added jsonb,
	draft_id bigint,
	person_id uuid,
	right_id uuid,
	receipt_sha256 text,
	decided_by bigint,
	area text
);

CREATE TYPE core.registration_given AS (
	keys core.party_key[],
	brand_id smallint
);

CREATE TYPE core.rekey_row AS (
	contact_id bigint,
	vehicle_id bigint,
	party_id bigint,
	kind core.key_kind,
	old_value text,
	new_value text
);

CREATE DOMAIN core.search_text AS text
	CONSTRAINT search_text_length CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 100)));

CREATE DOMAIN core.short_text AS text
	CONSTRAINT short_text_length CHECK ((length(VALUE) <= 400));

CREATE TYPE core.sight_reason AS (
	viewer text,
	level core.see_level,
	rule text,
	state core.right_state,
	brand_id integer,
	line core.line,
	since timestamp with time zone,
	until timestamp with time zone
);

CREATE DOMAIN core.vin AS text
	CONSTRAINT vin_format CHECK ((VALUE ~ '^[A-HJ-NPR-Z0-9]{17}$'::text));

CREATE TYPE core.watch_found AS (
	pattern text,
	staff_id bigint,
	count bigint,
	first_at timestamp with time zone,
	last_at timestamp with time zone
);

CREATE TABLE core.approval (
    approval_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    subject uuid NOT NULL,
    dealer_id integer NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text DEFAULT 'ASKED'::text NOT NULL,
    asked_by bigint NOT NULL,
    asked_at timestamp with time zone DEFAULT core.now() NOT NULL,
    until_at timestamp with time zone NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    reason core.short_text,
    CONSTRAINT approval_check CHECK (((state = ANY (ARRAY['APPROVED'::text, 'REFUSED'::text])) = (decided_by IS NOT NULL))),
    CONSTRAINT approval_four_eyes CHECK ((decided_by <> asked_by)),
    CONSTRAINT approval_state_check CHECK ((state = ANY (ARRAY['ASKED'::text, 'APPROVED'::text, 'REFUSED'::text, 'LAPSED'::text])))
);

ALTER TABLE ONLY core.approval FORCE ROW LEVEL SECURITY;

CREATE TABLE core.approval_kind (
    kind text NOT NULL,
    roles integer NOT NULL,
    rule text NOT NULL,
    days smallint DEFAULT 7 NOT NULL,
    CONSTRAINT approval_kind_days_check CHECK (((days >= 1) AND (days <= 90)))
);

ALTER TABLE ONLY core.approval_kind FORCE ROW LEVEL SECURITY;

CREATE TABLE core.staff (
    staff_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    role core.staff_role NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    lang text DEFAULT 'ru'::text NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    left_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    role_bit integer GENERATED ALWAYS AS (
CASE role
    WHEN 'admin'::core.staff_role THEN 1
    WHEN 'marketer'::core.staff_role THEN 2
    WHEN 'router'::core.staff_role THEN 4
    WHEN 'arbiter'::core.staff_role THEN 8
    WHEN 'manager'::core.staff_role THEN 16
    WHEN 'seller'::core.staff_role THEN 32
    WHEN 'adviser'::core.staff_role THEN 64
    WHEN 'operator'::core.staff_role THEN 128
    WHEN 'auditor'::core.staff_role THEN 256
    WHEN 'steward'::core.staff_role THEN 1024
    WHEN 'dpo'::core.staff_role THEN 2048
    ELSE 512
END) STORED NOT NULL,
    CONSTRAINT staff_lang_check CHECK ((lang = ANY (ARRAY['ru'::text, 'en'::text]))),
    CONSTRAINT staff_office CHECK (((dealer_id = 0) = (role = ANY (ARRAY['admin'::core.staff_role, 'marketer'::core.staff_role, 'router'::core.staff_role, 'arbiter'::core.staff_role, 'auditor'::core.staff_role, 'steward'::core.staff_role, 'dpo'::core.staff_role]))))
);

ALTER TABLE ONLY core.staff FORCE ROW LEVEL SECURITY;

CREATE TABLE core.attachment (
    attachment_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint NOT NULL,
    name core.short_text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    deleted_at timestamp with time zone
);

ALTER TABLE ONLY core.attachment FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dealer_party (
    dealer_id integer NOT NULL,
    party_id bigint NOT NULL,
    public_id uuid NOT NULL,
    kind core.party_kind NOT NULL,
    name text NOT NULL,
    name_sort text NOT NULL COLLATE pg_catalog."C",
    name_search text NOT NULL COLLATE pg_catalog."C",
    city text,
    phone text,
    phone_masked text,
    email text,
    email_masked text,
    abc core.abc,
    state core.right_state NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    seat_id bigint,
    seat_public_id uuid,
    seat_name text,
    seat_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    protect_until timestamp with time zone,
    manager_level core.see_level NOT NULL,
    colleague_level core.see_level NOT NULL,
    vehicle text,
    last_visit_on date,
    order_count integer DEFAULT 0 NOT NULL,
    order_kopecks bigint DEFAULT 0 NOT NULL,
    next_task_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT core.now() NOT NULL,
    state_no smallint GENERATED ALWAYS AS (
CASE state
    WHEN 'OFFERED'::core.right_state THEN 1
    WHEN 'PENDING'::core.right_state THEN 2
    WHEN 'ACTIVE'::core.right_state THEN 3
    WHEN 'HELD'::core.right_state THEN 4
    WHEN 'CUSTOMER'::core.right_state THEN 5
    WHEN 'GRACE'::core.right_state THEN 6
    WHEN 'DISPUTED'::core.right_state THEN 7
    ELSE 8
END) STORED NOT NULL,
    line_no smallint GENERATED ALWAYS AS (
CASE line
    WHEN 'NEW'::core.line THEN 1
    WHEN 'USED'::core.line THEN 2
    WHEN 'FLEET'::core.line THEN 3
    WHEN 'SERVICE'::core.line THEN 4
    WHEN 'PARTS'::core.line THEN 5
    ELSE 6
END) STORED NOT NULL,
    abc_no smallint GENERATED ALWAYS AS (
CASE abc
    WHEN 'A'::core.abc THEN 1
    WHEN 'B'::core.abc THEN 2
    WHEN 'C'::core.abc THEN 3
    ELSE NULL::integer
END) STORED,
    visit_key date GENERATED ALWAYS AS (COALESCE(last_visit_on, '-infinity'::date)) STORED NOT NULL,
    protect_key timestamp with time zone GENERATED ALWAYS AS (COALESCE(protect_until, 'infinity'::timestamp with time zone)) STORED NOT NULL,
    masked_seat_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL,
    ends_at timestamp with time zone DEFAULT 'infinity'::timestamp with time zone NOT NULL,
    grace_level core.see_level DEFAULT 'NONE'::core.see_level NOT NULL
)
WITH (fillfactor='85');

ALTER TABLE ONLY core.dealer_party FORCE ROW LEVEL SECURITY;

CREATE TABLE core.calendar_day (
    country text NOT NULL,
    on_day date NOT NULL,
    kind text NOT NULL,
    title text,
    CONSTRAINT calendar_day_kind_check CHECK ((kind = ANY (ARRAY['off'::text, 'short'::text, 'work'::text]))),
    CONSTRAINT calendar_day_title_check CHECK ((length(title) <= 200))
);

ALTER TABLE ONLY core.calendar_day FORCE ROW LEVEL SECURITY;

CREATE TABLE core.calendar_year (
    country text NOT NULL,
    year integer NOT NULL,
    published_on date,
    off_days integer NOT NULL,
    short_days integer NOT NULL,
    work_days integer NOT NULL,
    loaded_at timestamp with time zone NOT NULL,
    loaded_by bigint,
    CONSTRAINT calendar_year_country_check CHECK ((country = ANY (ARRAY['RU'::text, 'BY'::text, 'KZ'::text]))),
    CONSTRAINT calendar_year_year_check CHECK (((year >= 2000) AND (year <= 2100)))
);

ALTER TABLE ONLY core.calendar_year FORCE ROW LEVEL SECURITY;

CREATE TABLE core.cold_row (
    cold_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    event_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    data jsonb NOT NULL,
    key_hash bytea NOT NULL,
    state text DEFAULT 'WAITING'::text NOT NULL,
    verdict core.verdict,
    party_id bigint,
    answered_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT cold_row_state_check CHECK ((state = ANY (ARRAY['WAITING'::text, 'REGISTERED'::text, 'REFUSED'::text])))
);

ALTER TABLE ONLY core.cold_row FORCE ROW LEVEL SECURITY;

CREATE TABLE core.event_list (
    event_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    kind text NOT NULL,
    name core.short_text NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    is_open boolean DEFAULT true NOT NULL,
    created_by bigint,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT event_list_check CHECK (((to_on >= from_on) AND (to_on <= (from_on + 366)))),
    CONSTRAINT event_list_kind_check CHECK ((kind = ANY (ARRAY['exhibition'::text, 'purchased'::text, 'cold'::text, 'other'::text]))),
    CONSTRAINT event_list_name_check CHECK ((length(btrim((name)::text)) > 0))
);

ALTER TABLE ONLY core.event_list FORCE ROW LEVEL SECURITY;

CREATE TABLE core.draft (
    draft_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    source text NOT NULL,
    data jsonb NOT NULL,
    missing text[] NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.draft FORCE ROW LEVEL SECURITY;

CREATE TABLE core.event_quota (
    event_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint NOT NULL,
    used integer DEFAULT 0 NOT NULL,
    CONSTRAINT event_quota_used_check CHECK ((used >= 0))
);

ALTER TABLE ONLY core.event_quota FORCE ROW LEVEL SECURITY;

CREATE TABLE core.evidence (
    evidence_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint NOT NULL,
    kind text NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    name core.short_text NOT NULL,
    media_type text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    note core.long_text,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    erased_at timestamp with time zone,
    CONSTRAINT evidence_check1 CHECK ((happened_at <= at)),
    CONSTRAINT evidence_note_kind CHECK (((note IS NULL) OR (kind = ANY (ARRAY['note'::text, 'offline'::text])))),
    CONSTRAINT evidence_sha256_check CHECK ((sha256 ~ '^[0-9a-f]{64}$'::text))
);

ALTER TABLE ONLY core.evidence FORCE ROW LEVEL SECURITY;

CREATE TABLE core.evidence_kind (
    kind text NOT NULL,
    weight smallint NOT NULL,
    is_file boolean DEFAULT true NOT NULL
);

ALTER TABLE ONLY core.evidence_kind FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dealer (
    dealer_id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name text NOT NULL,
    legal_name text NOT NULL,
    city text NOT NULL,
    time_zone text NOT NULL,
    area_code text,
    is_active boolean DEFAULT true NOT NULL,
    opens_at time without time zone DEFAULT '09:00:00'::time without time zone NOT NULL,
    closes_at time without time zone DEFAULT '20:00:00'::time without time zone NOT NULL,
    work_days smallint[] DEFAULT '{1,2,3,4,5,6,7}'::smallint[] NOT NULL,
    sender_address text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    country text DEFAULT 'RU'::text NOT NULL,
    region_code text,
    lon real,
    lat real,
    routed_from date,
    routing_stop text,
    group_id integer,
    CONSTRAINT dealer_country CHECK ((country = ANY (ARRAY['RU'::text, 'BY'::text, 'KZ'::text]))),
    CONSTRAINT dealer_lat CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
    CONSTRAINT dealer_lon CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
    CONSTRAINT dealer_routing_stop_check CHECK ((length(routing_stop) <= 200))
);

ALTER TABLE ONLY core.dealer FORCE ROW LEVEL SECURITY;

CREATE TABLE core.export (
    export_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    number text NOT NULL,
    staff_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    route text NOT NULL,
    subject text,
    state text NOT NULL,
    is_personal boolean NOT NULL,
    row_count bigint NOT NULL,
    reason core.short_text,
    asked_at timestamp with time zone NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    valid_until timestamp with time zone,
    done_at timestamp with time zone,
    request_id text,
    CONSTRAINT export_check CHECK (((state = 'DONE'::text) = (done_at IS NOT NULL))),
    CONSTRAINT export_other_hand CHECK (((decided_by IS NULL) OR (decided_by <> staff_id))),
    CONSTRAINT export_row_count_check CHECK ((row_count >= 0)),
    CONSTRAINT export_state_check CHECK ((state = ANY (ARRAY['WAITING'::text, 'APPROVED'::text, 'REFUSED'::text, 'EXPIRED'::text, 'DONE'::text])))
);

ALTER TABLE ONLY core.export FORCE ROW LEVEL SECURITY;

CREATE TABLE core.import (
    import_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint NOT NULL,
    upload_id bigint NOT NULL,
    kind text DEFAULT 'client'::text NOT NULL,
    brand_id smallint,
    line core.line,
    state core.import_state DEFAULT 'UPLOADED'::core.import_state NOT NULL,
    encoding text,
    separator text,
    header jsonb,
    mapping jsonb,
    rows_total integer DEFAULT 0 NOT NULL,
    rows_done integer DEFAULT 0 NOT NULL,
    error text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    done_at timestamp with time zone,
    format text DEFAULT 'csv'::text NOT NULL,
    sheets text[],
    sheet text,
    is_named boolean DEFAULT false NOT NULL,
    signature text,
    is_remembered boolean DEFAULT false NOT NULL,
    event_id bigint,
    flaw_count integer DEFAULT 0 NOT NULL,
    done_line integer DEFAULT 0 NOT NULL,
    started_at timestamp with time zone,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    emptied_at timestamp with time zone,
    undo_line integer,
    is_shared boolean DEFAULT false NOT NULL,
    ahead int4multirange DEFAULT '{}'::int4multirange NOT NULL,
    document_columns jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT import_document_columns_check CHECK ((jsonb_typeof(document_columns) = 'object'::text)),
    CONSTRAINT import_kind_check CHECK ((kind = ANY (ARRAY['client'::text, 'vehicle'::text, 'repair_order'::text, 'order_line'::text, 'sale'::text, 'order'::text, 'odometer'::text, 'lead'::text, 'exchange'::text])))
);

ALTER TABLE ONLY core.import FORCE ROW LEVEL SECURITY;

CREATE TABLE core.import_result (
    import_id bigint NOT NULL,
    line_no integer NOT NULL,
    verdict text NOT NULL,
    field text,
    error text,
    party_id bigint,
    receipt text,
    undo jsonb,
    area text,
    CONSTRAINT import_result_area_check CHECK ((area = ANY (ARRAY['own'::text, 'other'::text, 'nobody'::text, 'unknown'::text])))
);

ALTER TABLE ONLY core.import_result FORCE ROW LEVEL SECURITY;

CREATE TABLE core.import_row (
    import_id bigint NOT NULL,
    line_no integer NOT NULL,
    cells jsonb NOT NULL,
    flaw text
);

ALTER TABLE ONLY core.import_row FORCE ROW LEVEL SECURITY;

CREATE TABLE core.job (
    job_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    spec jsonb DEFAULT '{}'::jsonb NOT NULL,
    staff_id bigint,
    dealer_id integer NOT NULL,
    letter "char" NOT NULL,
    role core.staff_role,
    state core.job_state DEFAULT 'QUEUED'::core.job_state NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    total bigint DEFAULT 0 NOT NULL,
    result jsonb,
    error text,
    lease bytea,
    lease_until timestamp with time zone,
    node text,
    attempts smallint DEFAULT 0 NOT NULL,
    not_before timestamp with time zone DEFAULT core.now() NOT NULL,
    told_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    finished_at timestamp with time zone
);

ALTER TABLE ONLY core.job FORCE ROW LEVEL SECURITY;

CREATE TABLE core.upload (
    upload_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint NOT NULL,
    name core.short_text NOT NULL,
    size_bytes bigint NOT NULL,
    sha256 text NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.upload FORCE ROW LEVEL SECURITY;

CREATE TABLE core.lead (
    lead_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    state text NOT NULL,
    outcome text,
    came_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    source text,
    interest text,
    model_id smallint,
    named_dealer_id integer,
    referrer_id bigint,
    city text,
    region_code text,
    postal_code text,
    at_point point,
    ownership_id bigint,
    dealer_id integer,
    tried integer[] DEFAULT '{}'::integer[] NOT NULL,
    refusals integer DEFAULT 0 NOT NULL,
    decisions integer DEFAULT 0 NOT NULL,
    desk_at timestamp with time zone,
    desk_rule text,
    done_at timestamp with time zone,
    staff_id bigint,
    CONSTRAINT lead_check CHECK (((state = 'DESK'::text) <= (desk_at IS NOT NULL))),
    CONSTRAINT lead_check1 CHECK ((((state = 'DONE'::text) = (done_at IS NOT NULL)) AND ((state = 'DONE'::text) = (outcome IS NOT NULL)))),
    CONSTRAINT lead_check2 CHECK (((state = ANY (ARRAY['OFFERED'::text, 'ACCEPTED'::text])) <= ((ownership_id IS NOT NULL) AND (dealer_id IS NOT NULL)))),
    CONSTRAINT lead_outcome_check CHECK ((outcome = ANY (ARRAY['contacted'::text, 'owner'::text, 'assigned'::text, 'dropped'::text, 'owned_meanwhile'::text, 'ended'::text]))),
    CONSTRAINT lead_postal_code_check CHECK ((postal_code ~ '^[0-9]{6}$'::text)),
    CONSTRAINT lead_state_check CHECK ((state = ANY (ARRAY['ROUTING'::text, 'OFFERED'::text, 'ACCEPTED'::text, 'DESK'::text, 'DONE'::text])))
);

ALTER TABLE ONLY core.lead FORCE ROW LEVEL SECURITY;

CREATE TABLE core.ownership (
    ownership_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    vehicle_id bigint,
    dealer_id integer NOT NULL,
    seat_id bigint,
    state core.right_state NOT NULL,
    reason core.close_reason,
    lost core.lost_reason,
    since timestamp with time zone NOT NULL,
    registered_at timestamp with time zone NOT NULL,
    accept_until timestamp with time zone,
    contact_until timestamp with time zone,
    first_contact_at timestamp with time zone,
    protect_until timestamp with time zone,
    limit_until timestamp with time zone,
    free_from timestamp with time zone NOT NULL,
    manual_run smallint DEFAULT 0 NOT NULL,
    prolonged_on date,
    source text,
    interest text,
    event text NOT NULL,
    rule text NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    changed_by bigint,
    ver integer DEFAULT 1 NOT NULL,
    successor_of bigint,
    extended_at timestamp with time zone,
    parked_on date,
    is_void boolean DEFAULT false NOT NULL,
    CONSTRAINT ownership_check CHECK (((state = 'CLOSED'::core.right_state) = (reason IS NOT NULL))),
    CONSTRAINT ownership_check1 CHECK (((lost IS NULL) OR (reason = 'lost'::core.close_reason)))
)
WITH (fillfactor='85');

ALTER TABLE ONLY core.ownership FORCE ROW LEVEL SECURITY;

CREATE TABLE core.party (
    party_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind core.party_kind NOT NULL,
    name core.name_text NOT NULL,
    surname text,
    given_name text,
    patronymic text,
    sex text,
    born_on date,
    inn text,
    city text,
    region text,
    address text,
    time_zone text,
    name_sort text GENERATED ALWAYS AS (name) STORED NOT NULL COLLATE pg_catalog."ru-x-icu",
    name_search text GENERATED ALWAYS AS (core.name_fold((name)::text)) STORED NOT NULL COLLATE pg_catalog."C",
    surname_key text GENERATED ALWAYS AS (COALESCE(core.surname_key(
CASE
    WHEN (kind = 'COMPANY'::core.party_kind) THEN (name)::text
    ELSE surname
END), ''::text)) STORED NOT NULL COLLATE pg_catalog."C",
    abc core.abc,
    is_pool boolean DEFAULT true NOT NULL,
    router_level core.see_level DEFAULT 'FULL'::core.see_level NOT NULL,
    is_opted_out boolean DEFAULT false NOT NULL,
    has_complaint boolean DEFAULT false NOT NULL,
    household_id bigint,
    source text DEFAULT 'hand'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    updated_at timestamp with time zone DEFAULT core.now() NOT NULL,
    merged_into bigint,
    erased_at timestamp with time zone,
    CONSTRAINT party_not_into_itself CHECK ((merged_into <> party_id)),
    CONSTRAINT party_sex_check CHECK ((sex = ANY (ARRAY['m'::text, 'f'::text])))
);

ALTER TABLE ONLY core.party FORCE ROW LEVEL SECURITY;

CREATE TABLE core.route_decision (
    decision_id bigint NOT NULL,
    lead_id bigint NOT NULL,
    seq integer NOT NULL,
    at timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    inputs jsonb NOT NULL,
    outcome jsonb NOT NULL,
    wheel text,
    wheel_was jsonb,
    wheel_is jsonb,
    step integer NOT NULL,
    rule text NOT NULL,
    dealer_id integer,
    ownership_id bigint,
    staff_id bigint,
    reason text,
    CONSTRAINT route_decision_reason_check CHECK ((length(reason) <= 400))
);

ALTER TABLE ONLY core.route_decision FORCE ROW LEVEL SECURITY;

CREATE TABLE core.ledger (
    ledger_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    staff_id bigint,
    dealer_id integer,
    role text,
    session_id bigint,
    request_id text,
    kind text NOT NULL,
    subject text,
    party_id bigint,
    brand_id smallint,
    line core.line,
    rule text,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL
);

ALTER TABLE ONLY core.ledger FORCE ROW LEVEL SECURITY;

CREATE TABLE core.notice_kind (
    kind text NOT NULL,
    receivers text NOT NULL,
    owner text NOT NULL,
    due_min integer,
    is_urgent boolean DEFAULT false NOT NULL,
    by_email boolean DEFAULT false NOT NULL,
    rank smallint NOT NULL
);

ALTER TABLE ONLY core.notice_kind FORCE ROW LEVEL SECURITY;

CREATE TABLE core.notice_setting (
    staff_id bigint NOT NULL,
    muted text[] DEFAULT '{}'::text[] NOT NULL,
    is_digest boolean DEFAULT false NOT NULL,
    digest_hour smallint DEFAULT 9 NOT NULL,
    quiet_from smallint,
    quiet_to smallint,
    digest_on date,
    CONSTRAINT notice_setting_check CHECK (((quiet_from IS NULL) = (quiet_to IS NULL))),
    CONSTRAINT notice_setting_digest_hour_check CHECK (((digest_hour >= 0) AND (digest_hour <= 23))),
    CONSTRAINT notice_setting_quiet_from_check CHECK (((quiet_from >= 0) AND (quiet_from <= 23))),
    CONSTRAINT notice_setting_quiet_to_check CHECK (((quiet_to >= 0) AND (quiet_to <= 23)))
);

ALTER TABLE ONLY core.notice_setting FORCE ROW LEVEL SECURITY;

CREATE TABLE core.notice (
    notice_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    staff_id bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    read_at timestamp with time zone,
    occurrence text DEFAULT ''::text NOT NULL,
    mail_at timestamp with time zone,
    message uuid,
    mail_state text,
    escalate_at timestamp with time zone,
    escalated_to integer,
    CONSTRAINT notice_mail_state_check CHECK ((mail_state = ANY (ARRAY['queued'::text, 'sent'::text, 'failed'::text, 'digest'::text])))
);

ALTER TABLE ONLY core.notice FORCE ROW LEVEL SECURITY;

CREATE TABLE core.repair_order (
    order_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    party_id bigint NOT NULL,
    vehicle_id bigint,
    brand_id smallint,
    number text NOT NULL,
    opened_on date NOT NULL,
    amount_kopecks core.kopecks NOT NULL,
    mileage_km core.mileage_km,
    is_paid boolean DEFAULT true NOT NULL,
    what core.short_text,
    source text DEFAULT 'hand'::text NOT NULL,
    staff_id bigint,
    recorded_at timestamp with time zone DEFAULT core.now() NOT NULL,
    kind text DEFAULT 'PAID'::text NOT NULL,
    CONSTRAINT repair_order_kind_check CHECK ((kind = ANY (ARRAY['PAID'::text, 'RECALL'::text, 'WARRANTY'::text, 'EMERGENCY'::text])))
);

ALTER TABLE ONLY core.repair_order FORCE ROW LEVEL SECURITY;

CREATE TABLE core.repair_order_line (
    order_id bigint NOT NULL,
    "position" smallint NOT NULL,
    code text,
    what core.short_text NOT NULL,
    is_work boolean DEFAULT false NOT NULL,
    quantity numeric(12,3) DEFAULT 1 NOT NULL,
    price_kopecks core.kopecks,
    amount_kopecks core.kopecks NOT NULL,
    CONSTRAINT repair_order_line_code_check CHECK ((length(code) <= 100)),
    CONSTRAINT repair_order_line_position_check CHECK ((("position" >= 1) AND ("position" <= 9999)))
);

ALTER TABLE ONLY core.repair_order_line FORCE ROW LEVEL SECURITY;

CREATE TABLE core.outage (
    outage_id bigint NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    is_planned boolean DEFAULT false NOT NULL,
    reason core.short_text,
    created_by bigint,
    done_to bigint DEFAULT 0 NOT NULL,
    rights bigint DEFAULT 0 NOT NULL,
    finished_at timestamp with time zone,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    cancelled_at timestamp with time zone,
    cancelled_by bigint,
    CONSTRAINT outage_cancelled_planned CHECK (((cancelled_at IS NULL) OR (is_planned AND (finished_at IS NOT NULL)))),
    CONSTRAINT outage_check CHECK ((until_at > from_at))
);

ALTER TABLE ONLY core.outage FORCE ROW LEVEL SECURITY;

CREATE TABLE core.policy (
    name text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    value_int integer NOT NULL,
    unit text NOT NULL,
    min_int integer,
    max_int integer,
    version integer DEFAULT 1 NOT NULL,
    staff_id bigint,
    recorded_at timestamp with time zone DEFAULT core.now() NOT NULL,
    reason text,
    CONSTRAINT policy_check CHECK (((value_int >= COALESCE(min_int, value_int)) AND (value_int <= COALESCE(max_int, value_int)))),
    CONSTRAINT policy_reason_check CHECK ((length(reason) <= 400)),
    CONSTRAINT policy_unit_check CHECK ((unit = ANY (ARRAY['day'::text, 'minute'::text, 'count'::text, 'hour'::text, 'month'::text, 'percent'::text, 'permille'::text, 'point'::text])))
);

ALTER TABLE ONLY core.policy FORCE ROW LEVEL SECURITY;

CREATE TABLE core.receipt (
    receipt_id bigint NOT NULL,
    number text NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    party_id bigint,
    ownership_id bigint,
    at timestamp with time zone NOT NULL,
    body text NOT NULL,
    sha256 text NOT NULL
);
ALTER TABLE ONLY core.receipt ALTER COLUMN receipt_id SET STATISTICS 10;
ALTER TABLE ONLY core.receipt ALTER COLUMN number SET STATISTICS 10;
ALTER TABLE ONLY core.receipt ALTER COLUMN dealer_id SET STATISTICS 10;
ALTER TABLE ONLY core.receipt ALTER COLUMN staff_id SET STATISTICS 10;
ALTER TABLE ONLY core.receipt ALTER COLUMN party_id SET STATISTICS 10;
ALTER TABLE ONLY core.receipt ALTER COLUMN ownership_id SET STATISTICS 10;
ALTER TABLE ONLY core.receipt ALTER COLUMN at SET STATISTICS 10;
ALTER TABLE ONLY core.receipt ALTER COLUMN body SET STATISTICS 10;
ALTER TABLE ONLY core.receipt ALTER COLUMN sha256 SET STATISTICS 10;

ALTER TABLE ONLY core.receipt FORCE ROW LEVEL SECURITY;

CREATE TABLE core.segment (
    segment_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    name core.name_text NOT NULL,
    definition jsonb NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_by bigint NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.segment FORCE ROW LEVEL SECURITY;

CREATE TABLE session.session (
    session_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    secret_hash bytea NOT NULL,
    staff_id bigint NOT NULL,
    letter "char" NOT NULL,
    agent text,
    address inet,
    certificate_hash bytea,
    created_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    authenticated_at timestamp with time zone NOT NULL,
    idle_until timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

ALTER TABLE ONLY session.session FORCE ROW LEVEL SECURITY;

CREATE TABLE core.task_outcome (
    kind text NOT NULL,
    code text NOT NULL,
    place smallint NOT NULL,
    next_kind text,
    next_minutes integer,
    needs_note boolean DEFAULT false NOT NULL,
    is_reached boolean DEFAULT true NOT NULL,
    CONSTRAINT task_outcome_check CHECK (((next_kind IS NULL) = (next_minutes IS NULL))),
    CONSTRAINT task_outcome_next_minutes_check CHECK ((next_minutes > 0))
);

ALTER TABLE ONLY core.task_outcome FORCE ROW LEVEL SECURITY;

CREATE TABLE core.task (
    task_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    seat_id bigint,
    party_id bigint,
    kind text NOT NULL,
    title core.short_text NOT NULL,
    due_at timestamp with time zone NOT NULL,
    state core.task_state DEFAULT 'OPEN'::core.task_state NOT NULL,
    outcome core.short_text,
    version integer DEFAULT 1 NOT NULL,
    created_by bigint,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    done_at timestamp with time zone,
    outcome_code text,
    follows bigint
);

ALTER TABLE ONLY core.task FORCE ROW LEVEL SECURITY;

CREATE TABLE core.campaign (
    campaign_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    name core.name_text NOT NULL,
    class smallint NOT NULL,
    grp core.competition_group NOT NULL,
    brand_id smallint,
    channel core.campaign_channel NOT NULL,
    definition jsonb NOT NULL,
    subject core.short_text,
    body core.long_text,
    script core.long_text,
    state core.campaign_state DEFAULT 'DRAFT'::core.campaign_state NOT NULL,
    lock_days smallint DEFAULT 21 NOT NULL,
    starts_at timestamp with time zone,
    ends_at timestamp with time zone,
    checked_at timestamp with time zone,
    launched_at timestamp with time zone,
    finished_at timestamp with time zone,
    check_result jsonb,
    requested_at timestamp with time zone,
    is_prepared boolean DEFAULT false NOT NULL,
    job_id bigint,
    stop_reason core.short_text,
    unsubscribed integer DEFAULT 0 NOT NULL,
    told jsonb,
    version integer DEFAULT 1 NOT NULL,
    created_by bigint NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    topic text,
    occasion text,
    is_direct boolean DEFAULT false NOT NULL,
    announced_at timestamp with time zone,
    exclude_until timestamp with time zone,
    told_dropped bigint DEFAULT 0 NOT NULL,
    CONSTRAINT campaign_class_check CHECK (((class >= 0) AND (class <= 5))),
    CONSTRAINT campaign_ends_after_start CHECK ((ends_at > starts_at)),
    CONSTRAINT campaign_lock_days_check CHECK (((lock_days >= 1) AND (lock_days <= 21))),
    CONSTRAINT campaign_occasion CHECK (((COALESCE(topic, ''::text) = ANY (ARRAY['greeting'::text, 'survey'::text])) = (occasion IS NOT NULL))),
    CONSTRAINT campaign_occasion_form CHECK ((occasion ~ '^[a-z0-9][a-z0-9:_.-]{0,39}$'::text)),
    CONSTRAINT campaign_topic_of_group CHECK (((topic IS NULL) OR (topic = ANY (ARRAY['brand'::text, 'safety'::text, 'loyalty'::text])) OR ((grp = 'SALES'::core.competition_group) AND (topic = ANY (ARRAY['models'::text, 'trade_in'::text, 'test_drive'::text, 'finance'::text, 'thanks'::text, 'delivery'::text]))) OR ((grp = 'AFTERSALES'::core.competition_group) AND (topic = ANY (ARRAY['service_due'::text, 'recall'::text, 'tyres'::text, 'parts'::text, 'repair_quote'::text]))) OR ((grp = 'RELATION'::core.competition_group) AND (topic = ANY (ARRAY['greeting'::text, 'survey'::text, 'news'::text])))))
);

ALTER TABLE ONLY core.campaign FORCE ROW LEVEL SECURITY;

CREATE TABLE core.consent (
    consent_id bigint NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    purpose core.consent_purpose NOT NULL,
    channel core.channel,
    text_version text NOT NULL,
    evidence text NOT NULL,
    source text NOT NULL,
    given_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    recorded_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT consent_evidence_check CHECK (((length(evidence) >= 1) AND (length(evidence) <= 400)))
);

ALTER TABLE ONLY core.consent FORCE ROW LEVEL SECURITY;

CREATE TABLE core.interaction (
    interaction_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    kind core.interaction_kind NOT NULL,
    at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT core.now() NOT NULL,
    is_manual boolean DEFAULT true NOT NULL,
    is_qualifying boolean DEFAULT false NOT NULL,
    evidence text,
    text core.long_text,
    campaign_id bigint
);

ALTER TABLE ONLY core.interaction FORCE ROW LEVEL SECURITY;

CREATE TABLE core.ownership_history (
    ownership_id bigint NOT NULL,
    ver integer NOT NULL,
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    vehicle_id bigint,
    dealer_id integer NOT NULL,
    seat_id bigint,
    state core.right_state NOT NULL,
    reason core.close_reason,
    lost core.lost_reason,
    protect_until timestamp with time zone,
    limit_until timestamp with time zone,
    free_from timestamp with time zone,
    valid_from timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    staff_id bigint,
    event text NOT NULL,
    rule text NOT NULL,
    public_id uuid NOT NULL,
    source text,
    accept_until timestamp with time zone,
    contact_until timestamp with time zone,
    first_contact_at timestamp with time zone,
    successor_of bigint,
    since timestamp with time zone,
    registered_at timestamp with time zone,
    manual_run smallint,
    prolonged_on date,
    extended_at timestamp with time zone,
    parked_on date,
    is_void boolean DEFAULT false NOT NULL,
    policy_from timestamp with time zone
);

ALTER TABLE ONLY core.ownership_history FORCE ROW LEVEL SECURITY;

CREATE TABLE core.sale (
    sale_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    party_id bigint NOT NULL,
    vehicle_id bigint,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    number text NOT NULL,
    sold_on date NOT NULL,
    amount_kopecks core.kopecks NOT NULL,
    margin_kopecks core.kopecks,
    source text DEFAULT 'hand'::text NOT NULL,
    staff_id bigint,
    recorded_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.sale FORCE ROW LEVEL SECURITY;

CREATE TABLE core.signed_order (
    order_id bigint NOT NULL,
    interaction_id bigint,
    dealer_id integer NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    signed_on date NOT NULL,
    held_until timestamp with time zone NOT NULL,
    amount_kopecks core.kopecks,
    currency text DEFAULT 'RUB'::text NOT NULL,
    ownership_id bigint,
    base_ver integer,
    recorded_at timestamp with time zone DEFAULT core.now() NOT NULL,
    cancelled_at timestamp with time zone,
    undone_at timestamp with time zone,
    CONSTRAINT signed_order_amount_kopecks_check CHECK (((amount_kopecks)::bigint >= 0)),
    CONSTRAINT signed_order_check CHECK (((undone_at IS NULL) OR (interaction_id IS NULL))),
    CONSTRAINT signed_order_currency_check CHECK ((currency ~ '^[A-Z]{3}$'::text))
);

ALTER TABLE ONLY core.signed_order FORCE ROW LEVEL SECURITY;

CREATE TABLE core.touch (
    touch_id bigint NOT NULL,
    party_id bigint NOT NULL,
    channel core.channel NOT NULL,
    campaign_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    class smallint NOT NULL,
    grp core.competition_group NOT NULL,
    unit text COLLATE pg_catalog."C",
    token uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    returned_at timestamp with time zone
);

ALTER TABLE ONLY core.touch FORCE ROW LEVEL SECURITY;

CREATE TABLE core.vehicle (
    vehicle_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    vin core.vin,
    plate text,
    plate_raw text,
    brand_id smallint,
    model text,
    model_year smallint,
    color text,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT vehicle_model_year_check CHECK (((model_year >= 1900) AND (model_year <= 2100)))
);

ALTER TABLE ONLY core.vehicle FORCE ROW LEVEL SECURITY;

CREATE TABLE core.saved_view (
    view_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    staff_id bigint NOT NULL,
    screen text NOT NULL,
    name core.short_text NOT NULL,
    query core.long_text NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.saved_view FORCE ROW LEVEL SECURITY;

CREATE TABLE core.waiting_claim (
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    typed jsonb DEFAULT '{}'::jsonb NOT NULL,
    claim_from date
);

ALTER TABLE ONLY core.waiting_claim FORCE ROW LEVEL SECURITY;

CREATE TABLE core.watch_hit (
    pattern text NOT NULL,
    staff_id bigint NOT NULL,
    on_day date NOT NULL,
    count integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT watch_hit_pattern_check CHECK ((pattern = ANY (ARRAY['sequential_numbers'::text, 'probes_without_registration'::text, 'night'::text, 'one_phone_many_names'::text, 'claims_at_expiry'::text, 'two_places'::text, 'many_unmasked'::text, 'many_exported'::text, 'probe_limit'::text])))
);

ALTER TABLE ONLY core.watch_hit FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dispute (
    dispute_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    number text NOT NULL,
    kind core.dispute_kind NOT NULL,
    state core.dispute_state DEFAULT 'FILED'::core.dispute_state NOT NULL,
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    vehicle_id bigint,
    ownership_id bigint NOT NULL,
    claimant_id integer NOT NULL,
    claimant_staff bigint,
    owner_id integer NOT NULL,
    owner_seat bigint,
    is_system boolean DEFAULT false NOT NULL,
    basis_at timestamp with time zone NOT NULL,
    claim core.long_text NOT NULL,
    answer core.long_text,
    appeal core.long_text,
    is_accepted boolean DEFAULT false NOT NULL,
    was_state core.right_state,
    frozen_at timestamp with time zone,
    left_protect interval,
    left_limit interval,
    left_grace interval,
    arbiter_id bigint,
    filed_at timestamp with time zone DEFAULT core.now() NOT NULL,
    due_at timestamp with time zone,
    answered_at timestamp with time zone,
    decided_at timestamp with time zone,
    appealed_at timestamp with time zone,
    appealed_by integer,
    final_at timestamp with time zone,
    refused text,
    outcome core.dispute_outcome,
    first_outcome core.dispute_outcome,
    rule text,
    facts jsonb,
    departure core.long_text,
    decision core.long_text,
    credit_bp integer,
    is_abuse boolean DEFAULT false NOT NULL,
    ver integer DEFAULT 1 NOT NULL,
    search tsvector GENERATED ALWAYS AS (to_tsvector('russian'::regconfig, COALESCE((decision)::text, ''::text))) STORED,
    CONSTRAINT dispute_check CHECK (((outcome IS NULL) = (decided_at IS NULL))),
    CONSTRAINT dispute_check1 CHECK ((claimant_id <> owner_id)),
    CONSTRAINT dispute_credit_bp_check CHECK (((credit_bp >= 0) AND (credit_bp <= 10000)))
);

ALTER TABLE ONLY core.dispute FORCE ROW LEVEL SECURITY;

CREATE TABLE core.transfer_batch (
    batch_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    from_dealer_id integer NOT NULL,
    is_ceasing boolean NOT NULL,
    reason text NOT NULL,
    brand_id smallint,
    line core.line,
    city text,
    mode text NOT NULL,
    targets jsonb NOT NULL,
    effective_at timestamp with time zone NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    state text DEFAULT 'CHECKED'::text NOT NULL,
    cursor bigint DEFAULT 0 NOT NULL,
    total integer DEFAULT 0 NOT NULL,
    moved integer DEFAULT 0 NOT NULL,
    stayed integer DEFAULT 0 NOT NULL,
    result jsonb DEFAULT '{}'::jsonb NOT NULL,
    job_id bigint,
    approval_id bigint,
    asked_by bigint NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    started_at timestamp with time zone,
    done_at timestamp with time zone,
    CONSTRAINT transfer_batch_mode_check CHECK ((mode = ANY (ARRAY['one'::text, 'shares'::text, 'territory'::text]))),
    CONSTRAINT transfer_batch_reason_check CHECK ((reason = ANY (ARRAY['owner_consent'::text, 'dealer_closed'::text, 'dealer_terminated'::text, 'dealer_sold'::text, 'territory'::text, 'key_account'::text]))),
    CONSTRAINT transfer_batch_state_check CHECK ((state = ANY (ARRAY['CHECKED'::text, 'ASKED'::text, 'APPROVED'::text, 'RUNNING'::text, 'DONE'::text, 'REFUSED'::text, 'CANCELLED'::text])))
);

ALTER TABLE ONLY core.transfer_batch FORCE ROW LEVEL SECURITY;

CREATE TABLE core.call_item (
    call_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    campaign_id bigint NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    state text DEFAULT 'queued'::text NOT NULL,
    operator_id bigint,
    offered_until timestamp with time zone,
    attempts smallint DEFAULT 0 NOT NULL,
    next_at timestamp with time zone DEFAULT core.now() NOT NULL,
    result core.call_result,
    note core.long_text,
    called_at timestamp with time zone,
    interaction_id bigint,
    token uuid,
    n integer DEFAULT 0 NOT NULL,
    is_not_reached boolean DEFAULT false NOT NULL,
    undo jsonb,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT call_item_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'offered'::text, 'done'::text, 'exhausted'::text, 'cancelled'::text])))
);

ALTER TABLE ONLY core.call_item FORCE ROW LEVEL SECURITY;

CREATE TABLE core.carve_out (
    carve_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    key_id bigint,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    dealer_id integer NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    reason core.short_text NOT NULL,
    is_agreed boolean DEFAULT false NOT NULL,
    state text DEFAULT 'PLANNED'::text NOT NULL,
    ownership_id bigint,
    made_by bigint,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT carve_out_check CHECK ((to_on >= from_on)),
    CONSTRAINT carve_out_state_check CHECK ((state = ANY (ARRAY['PLANNED'::text, 'IN_FORCE'::text, 'ENDED'::text])))
);

ALTER TABLE ONLY core.carve_out FORCE ROW LEVEL SECURITY;

CREATE TABLE core.choice (
    choice_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    vehicle_id bigint,
    kind text NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    to_dealer_id integer,
    from_dealer_id integer,
    code_hash bytea,
    tries smallint DEFAULT 0 NOT NULL,
    evidence_id bigint,
    state text DEFAULT 'ASKED'::text NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    until_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    next_at timestamp with time zone,
    ownership_id bigint,
    slot bigint GENERATED ALWAYS AS (((brand_id * 10) +
CASE line
    WHEN 'NEW'::core.line THEN 1
    WHEN 'USED'::core.line THEN 2
    WHEN 'FLEET'::core.line THEN 3
    WHEN 'SERVICE'::core.line THEN 4
    WHEN 'PARTS'::core.line THEN 5
    ELSE 6
END)) STORED NOT NULL,
    CONSTRAINT choice_check CHECK (((state = ANY (ARRAY['DONE'::text, 'KEPT'::text])) = (done_at IS NOT NULL))),
    CONSTRAINT choice_check1 CHECK (((state <> 'DONE'::text) OR (to_dealer_id IS NOT NULL))),
    CONSTRAINT choice_check2 CHECK (((kind <> 'FORM'::text) OR (evidence_id IS NOT NULL))),
    CONSTRAINT choice_check3 CHECK (((kind <> 'CALL'::text) OR (evidence_id IS NOT NULL))),
    CONSTRAINT choice_kind_check CHECK ((kind = ANY (ARRAY['LINK'::text, 'CODE'::text, 'FORM'::text, 'CALL'::text, 'ORDER'::text]))),
    CONSTRAINT choice_state_check CHECK ((state = ANY (ARRAY['ASKED'::text, 'DONE'::text, 'KEPT'::text, 'REFUSED'::text, 'EXPIRED'::text]))),
    CONSTRAINT choice_tries_check CHECK (((tries >= 0) AND (tries <= 5)))
);

ALTER TABLE ONLY core.choice FORCE ROW LEVEL SECURITY;

CREATE TABLE core.company (
    party_id bigint NOT NULL,
    inn text NOT NULL,
    kpp text,
    head_id bigint,
    made_by integer NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT company_check CHECK (((head_id IS NULL) OR ((kpp IS NOT NULL) AND (head_id <> party_id)))),
    CONSTRAINT company_kpp_check CHECK ((kpp ~ '^[0-9]{4}[0-9A-Z]{2}[0-9]{3}$'::text))
);

ALTER TABLE ONLY core.company FORCE ROW LEVEL SECURITY;

CREATE TABLE core.credit (
    credit_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    seller_id integer NOT NULL,
    other_id integer NOT NULL,
    ownership_id bigint,
    sale_id bigint,
    seller_bp integer NOT NULL,
    other_bp integer GENERATED ALWAYS AS ((10000 - seller_bp)) STORED NOT NULL,
    facts jsonb DEFAULT '{}'::jsonb NOT NULL,
    rule text DEFAULT 'R84'::text NOT NULL,
    state text DEFAULT 'RULED'::text NOT NULL,
    dispute_id bigint,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    CONSTRAINT credit_check CHECK ((seller_id <> other_id)),
    CONSTRAINT credit_check1 CHECK (((ownership_id IS NOT NULL) OR (sale_id IS NOT NULL))),
    CONSTRAINT credit_seller_bp_check CHECK (((seller_bp >= 0) AND (seller_bp <= 10000))),
    CONSTRAINT credit_state_check CHECK ((state = ANY (ARRAY['RULED'::text, 'DISPUTED'::text, 'DECIDED'::text])))
);

ALTER TABLE ONLY core.credit FORCE ROW LEVEL SECURITY;

CREATE TABLE core.duplicate (
    duplicate_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_low bigint NOT NULL,
    party_high bigint NOT NULL,
    class core.duplicate_class NOT NULL,
    score real NOT NULL,
    weights jsonb DEFAULT '[]'::jsonb NOT NULL,
    source core.duplicate_source NOT NULL,
    state core.duplicate_state DEFAULT 'OPEN'::core.duplicate_state NOT NULL,
    found_at timestamp with time zone DEFAULT core.now() NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    ver integer DEFAULT 1 NOT NULL,
    CONSTRAINT duplicate_decided CHECK (((state = 'OPEN'::core.duplicate_state) = (decided_at IS NULL))),
    CONSTRAINT duplicate_ordered CHECK ((party_low < party_high)),
    CONSTRAINT duplicate_weights_check CHECK (((jsonb_typeof(weights) = 'array'::text) AND (pg_column_size(weights) <= 4096)))
);

ALTER TABLE ONLY core.duplicate FORCE ROW LEVEL SECURITY;

CREATE TABLE core.exchange_row (
    dealer_id integer NOT NULL,
    source text NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    sha256 text NOT NULL,
    verdict text NOT NULL,
    code text,
    receipt text,
    party_id bigint,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.exchange_row FORCE ROW LEVEL SECURITY;

CREATE TABLE core.company_group (
    group_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name core.name_text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.company_group FORCE ROW LEVEL SECURITY;

CREATE TABLE core.serve_grant (
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    reason text NOT NULL,
    document text NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    grant_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    staff_id bigint,
    told_name text,
    typed jsonb DEFAULT '{}'::jsonb NOT NULL,
    is_place_told boolean DEFAULT false NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT serve_grant_told_name_check CHECK ((length(told_name) <= 200))
);

ALTER TABLE ONLY core.serve_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE core.household_link (
    link_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    relative_id bigint NOT NULL,
    relation text NOT NULL,
    is_confirmed boolean DEFAULT false NOT NULL,
    evidence core.short_text,
    dealer_id integer NOT NULL,
    staff_id bigint,
    from_on date NOT NULL,
    to_on date,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT household_link_check CHECK ((party_id <> relative_id)),
    CONSTRAINT household_link_check1 CHECK (((to_on IS NULL) OR (to_on >= from_on))),
    CONSTRAINT household_link_relation_check CHECK ((relation = ANY (ARRAY['spouse'::text, 'parent'::text, 'child'::text, 'sibling'::text, 'relative'::text, 'other'::text])))
);

ALTER TABLE ONLY core.household_link FORCE ROW LEVEL SECURITY;

CREATE TABLE core.contact_point (
    contact_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    kind core.contact_kind NOT NULL,
    value text NOT NULL,
    raw text NOT NULL,
    is_primary boolean DEFAULT false NOT NULL,
    is_valid boolean DEFAULT true NOT NULL,
    source_dealer_id integer,
    shared_ids integer[] DEFAULT '{}'::integer[] NOT NULL,
    source text DEFAULT 'hand'::text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.contact_point FORCE ROW LEVEL SECURITY;

CREATE TABLE core.key_account (
    key_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    group_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    dealer_id integer NOT NULL,
    from_on date NOT NULL,
    to_on date NOT NULL,
    reason core.short_text NOT NULL,
    ended_at timestamp with time zone,
    made_by bigint,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT key_account_check CHECK ((to_on >= from_on))
);

ALTER TABLE ONLY core.key_account FORCE ROW LEVEL SECURITY;

CREATE TABLE core.merge (
    merge_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    survivor_id bigint NOT NULL,
    merged_id bigint NOT NULL,
    duplicate_id bigint,
    merged_by bigint,
    merged_at timestamp with time zone NOT NULL,
    alone_until timestamp with time zone NOT NULL,
    undone_by bigint,
    undone_at timestamp with time zone,
    reason core.short_text,
    before jsonb NOT NULL,
    result jsonb NOT NULL,
    owners jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT merge_check CHECK ((survivor_id <> merged_id))
);

ALTER TABLE ONLY core.merge FORCE ROW LEVEL SECURITY;

CREATE TABLE core.service_move (
    move_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    vehicle_id bigint,
    ownership_id bigint NOT NULL,
    from_dealer_id integer NOT NULL,
    to_dealer_id integer NOT NULL,
    order_id bigint NOT NULL,
    rule text NOT NULL,
    state text DEFAULT 'ANNOUNCED'::text NOT NULL,
    object_until timestamp with time zone NOT NULL,
    objection core.short_text,
    dispute_id uuid,
    announced_at timestamp with time zone DEFAULT core.now() NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT service_move_check CHECK ((from_dealer_id <> to_dealer_id)),
    CONSTRAINT service_move_rule_check CHECK ((rule = ANY (ARRAY['second_visit'::text, 'long_unseen'::text]))),
    CONSTRAINT service_move_state_check CHECK ((state = ANY (ARRAY['ANNOUNCED'::text, 'OBJECTED'::text, 'MOVED'::text, 'VOID'::text])))
);

ALTER TABLE ONLY core.service_move FORCE ROW LEVEL SECURITY;

CREATE TABLE core.campaign_permit (
    permit_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    campaign_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    state text DEFAULT 'ASKED'::text NOT NULL,
    asked_by bigint NOT NULL,
    asked_at timestamp with time zone DEFAULT core.now() NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    CONSTRAINT campaign_permit_check CHECK (((state = 'ASKED'::text) = (decided_by IS NULL))),
    CONSTRAINT campaign_permit_state_check CHECK ((state = ANY (ARRAY['ASKED'::text, 'GRANTED'::text, 'REFUSED'::text])))
);

ALTER TABLE ONLY core.campaign_permit FORCE ROW LEVEL SECURITY;

CREATE TABLE core.erasure (
    erasure_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    party_id bigint NOT NULL,
    person_id uuid NOT NULL,
    request_id bigint,
    reason text NOT NULL,
    rows jsonb NOT NULL,
    files integer DEFAULT 0 NOT NULL,
    staff_id bigint,
    at timestamp with time zone NOT NULL,
    CONSTRAINT erasure_reason_check CHECK ((reason = ANY (ARRAY['request'::text, 'retention'::text])))
);

ALTER TABLE ONLY core.erasure FORCE ROW LEVEL SECURITY;

CREATE TABLE core.privacy_request (
    request_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    source text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    evidence core.short_text NOT NULL,
    state text DEFAULT 'OPEN'::text NOT NULL,
    outcome core.short_text,
    created_by bigint,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    decided_by bigint,
    decided_at timestamp with time zone,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT privacy_request_check CHECK (((state = ANY (ARRAY['DONE'::text, 'REFUSED'::text])) = (decided_at IS NOT NULL))),
    CONSTRAINT privacy_request_check1 CHECK ((received_at <= created_at)),
    CONSTRAINT privacy_request_evidence_check CHECK ((length(btrim((evidence)::text)) > 0)),
    CONSTRAINT privacy_request_kind_check CHECK ((kind = ANY (ARRAY['access'::text, 'correction'::text, 'withdrawal'::text, 'erasure'::text]))),
    CONSTRAINT privacy_request_source_check CHECK ((source = ANY (ARRAY['desk'::text, 'dealer'::text, 'withdrawal'::text]))),
    CONSTRAINT privacy_request_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'ASKED'::text, 'DONE'::text, 'REFUSED'::text])))
);

ALTER TABLE ONLY core.privacy_request FORCE ROW LEVEL SECURITY;

CREATE TABLE core.row_verdict (
    verdict_id bigint NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    channel text NOT NULL,
    source text,
    seq bigint,
    kind text NOT NULL,
    verdict text NOT NULL,
    code text,
    rule text,
    field text,
    receipt text,
    person_id uuid,
    brand_id smallint,
    line core.line,
    right_id uuid,
    right_registered_at timestamp with time zone,
    right_state core.right_state,
    right_dealer_id integer,
    CONSTRAINT row_verdict_channel_check CHECK ((channel = ANY (ARRAY['exchange'::text, 'import'::text, 'hand'::text]))),
    CONSTRAINT row_verdict_check CHECK (((source IS NULL) = (seq IS NULL))),
    CONSTRAINT row_verdict_check1 CHECK (((right_id IS NULL) = (right_state IS NULL)))
);
ALTER TABLE ONLY core.row_verdict ALTER COLUMN verdict_id SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN at SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN dealer_id SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN staff_id SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN channel SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN source SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN seq SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN kind SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN verdict SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN code SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN rule SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN field SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN receipt SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN person_id SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN brand_id SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN line SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN right_id SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN right_registered_at SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN right_state SET STATISTICS 10;
ALTER TABLE ONLY core.row_verdict ALTER COLUMN right_dealer_id SET STATISTICS 10;

ALTER TABLE ONLY core.row_verdict FORCE ROW LEVEL SECURITY;

CREATE TABLE core.sample (
    sample_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    interaction_id bigint NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    rights bigint[] NOT NULL,
    before_at timestamp with time zone[] NOT NULL,
    state text DEFAULT 'OPEN'::text NOT NULL,
    note core.short_text,
    decided_by bigint,
    decided_at timestamp with time zone,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT sample_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'TRUE'::text, 'FALSE'::text, 'UNREACHED'::text])))
);

ALTER TABLE ONLY core.sample FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dealer_share (
    dealer_id integer NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    from_on date NOT NULL,
    share integer NOT NULL,
    capacity integer,
    version bigint NOT NULL,
    staff_id bigint,
    CONSTRAINT dealer_share_capacity_check CHECK (((capacity >= 0) AND (capacity <= 100000))),
    CONSTRAINT dealer_share_share_check CHECK (((share >= 0) AND (share <= 1000)))
);

ALTER TABLE ONLY core.dealer_share FORCE ROW LEVEL SECURITY;

CREATE TABLE core.transfer (
    transfer_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    ownership_id bigint NOT NULL,
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    vehicle_id bigint,
    from_dealer_id integer NOT NULL,
    to_dealer_id integer NOT NULL,
    from_seat_id bigint,
    reason text NOT NULL,
    state text DEFAULT 'OFFERED'::text NOT NULL,
    asked_by bigint,
    asked_at timestamp with time zone DEFAULT core.now() NOT NULL,
    until_at timestamp with time zone NOT NULL,
    answered_by bigint,
    answered_at timestamp with time zone,
    answer core.short_text,
    made_id bigint,
    is_covered boolean,
    notes_asked_at timestamp with time zone,
    notes_released_at timestamp with time zone,
    batch_id bigint,
    CONSTRAINT transfer_check CHECK ((from_dealer_id <> to_dealer_id)),
    CONSTRAINT transfer_check1 CHECK (((state = 'ACCEPTED'::text) = (made_id IS NOT NULL))),
    CONSTRAINT transfer_check2 CHECK (((state = 'OFFERED'::text) = (answered_at IS NULL))),
    CONSTRAINT transfer_reason_check CHECK ((reason = ANY (ARRAY['owner_consent'::text, 'customer_choice'::text, 'decision'::text, 'dealer_closed'::text, 'dealer_terminated'::text, 'dealer_sold'::text, 'territory'::text, 'key_account'::text]))),
    CONSTRAINT transfer_state_check CHECK ((state = ANY (ARRAY['OFFERED'::text, 'ACCEPTED'::text, 'REFUSED'::text, 'WITHDRAWN'::text, 'EXPIRED'::text])))
);

ALTER TABLE ONLY core.transfer FORCE ROW LEVEL SECURITY;

CREATE TABLE core.web_lead (
    web_lead_id bigint NOT NULL,
    site_id integer NOT NULL,
    external_id text NOT NULL,
    data jsonb,
    came_at timestamp with time zone NOT NULL,
    taken_at timestamp with time zone,
    lead_id bigint,
    error text,
    CONSTRAINT web_lead_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 100)))
);

ALTER TABLE ONLY core.web_lead FORCE ROW LEVEL SECURITY;

CREATE TABLE core.web_site (
    site_id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    name core.name_text NOT NULL,
    key_hash bytea NOT NULL,
    dealer_id integer,
    brand_id smallint,
    line core.line,
    per_hour integer DEFAULT 600 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    created_by bigint,
    closed_at timestamp with time zone,
    CONSTRAINT web_site_per_hour_check CHECK (((per_hour >= 1) AND (per_hour <= 100000)))
);

ALTER TABLE ONLY core.web_site FORCE ROW LEVEL SECURITY;

CREATE TABLE core.abc_value (
    kopecks bigint NOT NULL,
    people bigint NOT NULL
);

ALTER TABLE ONLY core.abc_value FORCE ROW LEVEL SECURITY;

ALTER TABLE core.approval ALTER COLUMN approval_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.approval_approval_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.attachment ALTER COLUMN attachment_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.attachment_attachment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.brand (
    brand_id smallint NOT NULL,
    name text NOT NULL,
    color_index smallint DEFAULT 0 NOT NULL
);

ALTER TABLE ONLY core.brand FORCE ROW LEVEL SECURITY;

CREATE TABLE core.call_arrival (
    arrival_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    call_id text NOT NULL,
    number text,
    is_attested boolean NOT NULL,
    party_id bigint,
    verdict core.verdict NOT NULL,
    said_name core.short_text,
    said_text core.short_text,
    at timestamp with time zone NOT NULL,
    CONSTRAINT call_arrival_call_id_check CHECK (((length(call_id) >= 1) AND (length(call_id) <= 100)))
);

ALTER TABLE ONLY core.call_arrival FORCE ROW LEVEL SECURITY;

ALTER TABLE core.call_arrival ALTER COLUMN arrival_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.call_arrival_arrival_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.call_item ALTER COLUMN call_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.call_item_call_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.campaign_address (
    job_id bigint NOT NULL,
    address_hash bigint NOT NULL
);

ALTER TABLE ONLY core.campaign_address FORCE ROW LEVEL SECURITY;

ALTER TABLE core.campaign ALTER COLUMN campaign_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.campaign_campaign_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.campaign_count (
    campaign_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    state core.recipient_state NOT NULL,
    reason core.drop_reason,
    n bigint NOT NULL
);

ALTER TABLE ONLY core.campaign_count FORCE ROW LEVEL SECURITY;

CREATE TABLE core.campaign_lock (
    unit text NOT NULL COLLATE pg_catalog."C",
    grp core.competition_group NOT NULL,
    campaign_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    class smallint NOT NULL,
    state core.lock_state NOT NULL,
    party_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    ver integer DEFAULT 1 NOT NULL
)
WITH (fillfactor='85');

ALTER TABLE ONLY core.campaign_lock FORCE ROW LEVEL SECURITY;

CREATE TABLE core.campaign_lock_history (
    unit text NOT NULL COLLATE pg_catalog."C",
    grp core.competition_group NOT NULL,
    ver integer NOT NULL,
    campaign_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    class smallint NOT NULL,
    state core.lock_state NOT NULL,
    party_id bigint NOT NULL,
    since timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.campaign_lock_history FORCE ROW LEVEL SECURITY;

CREATE TABLE core.campaign_part (
    campaign_id bigint NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    excluded_at timestamp with time zone,
    reason core.short_text,
    staff_id bigint,
    CONSTRAINT campaign_part_check CHECK (((excluded_at IS NULL) = (reason IS NULL)))
);

ALTER TABLE ONLY core.campaign_part FORCE ROW LEVEL SECURITY;

CREATE TABLE core.campaign_part_count (
    campaign_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    people integer DEFAULT 0 NOT NULL,
    excluded integer DEFAULT 0 NOT NULL,
    CONSTRAINT campaign_part_count_check CHECK (((excluded >= 0) AND (excluded <= people)))
);

ALTER TABLE ONLY core.campaign_part_count FORCE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_permit ALTER COLUMN permit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.campaign_permit_permit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.carve_out ALTER COLUMN carve_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.carve_out_carve_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.choice ALTER COLUMN choice_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.choice_choice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.city (
    name text NOT NULL,
    region text,
    time_zone text DEFAULT 'Europe/Moscow'::text NOT NULL,
    region_code text,
    lon real,
    lat real
);

ALTER TABLE ONLY core.city FORCE ROW LEVEL SECURITY;

CREATE TABLE core.clock_mark (
    name text NOT NULL,
    at timestamp with time zone NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE ONLY core.clock_mark FORCE ROW LEVEL SECURITY;

CREATE TABLE core.clock_state (
    name text NOT NULL,
    real_at timestamp with time zone NOT NULL,
    expired_to timestamp with time zone
);

ALTER TABLE ONLY core.clock_state FORCE ROW LEVEL SECURITY;

ALTER TABLE core.cold_row ALTER COLUMN cold_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.cold_row_cold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.company_contact (
    contact_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    company_id bigint NOT NULL,
    party_id bigint NOT NULL,
    name core.name_text NOT NULL,
    job core.short_text NOT NULL,
    dealer_id integer NOT NULL,
    from_on date NOT NULL,
    to_on date,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT company_contact_check CHECK (((to_on IS NULL) OR (to_on >= from_on)))
);

ALTER TABLE ONLY core.company_contact FORCE ROW LEVEL SECURITY;

ALTER TABLE core.company_contact ALTER COLUMN contact_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.company_contact_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.company_group ALTER COLUMN group_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.company_group_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.company_group_member (
    group_id bigint NOT NULL,
    party_id bigint NOT NULL,
    from_on date NOT NULL,
    to_on date,
    CONSTRAINT company_group_member_check CHECK (((to_on IS NULL) OR (to_on >= from_on)))
);

ALTER TABLE ONLY core.company_group_member FORCE ROW LEVEL SECURITY;

ALTER TABLE core.consent ALTER COLUMN consent_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.consent_consent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.contact_point ALTER COLUMN contact_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.contact_point_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.credit ALTER COLUMN credit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.credit_credit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.dealer_brand (
    dealer_id integer NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL
);

ALTER TABLE ONLY core.dealer_brand FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dealer_group (
    group_id integer NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    parent_id integer,
    name core.short_text NOT NULL,
    CONSTRAINT dealer_group_check CHECK ((parent_id <> group_id))
);

ALTER TABLE ONLY core.dealer_group FORCE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_group ALTER COLUMN group_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.dealer_group_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.dealer_key (
    dealer_id integer NOT NULL,
    kind text NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C",
    party_id bigint NOT NULL,
    CONSTRAINT dealer_key_kind_check CHECK ((kind = ANY (ARRAY['name'::text, 'phone'::text, 'vin'::text, 'plate'::text, 'email'::text, 'inn'::text])))
);

ALTER TABLE ONLY core.dealer_key FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dealer_month (
    dealer_id integer NOT NULL,
    month_on date NOT NULL,
    brand_id smallint NOT NULL,
    visited integer NOT NULL,
    back_12m integer NOT NULL,
    back_24m integer NOT NULL,
    order_count integer NOT NULL,
    order_kopecks bigint NOT NULL
);

ALTER TABLE ONLY core.dealer_month FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dealer_quality (
    dealer_id integer NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    factor integer NOT NULL,
    accepted integer NOT NULL,
    no_contact integer NOT NULL,
    ordered integer NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    CONSTRAINT dealer_quality_factor_check CHECK (((factor >= 50) AND (factor <= 150)))
);

ALTER TABLE ONLY core.dealer_quality FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dealer_stock (
    dealer_id integer NOT NULL,
    model_id smallint NOT NULL,
    due_on date NOT NULL,
    cars integer NOT NULL,
    reported_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT dealer_stock_cars_check CHECK (((cars >= 0) AND (cars <= 10000)))
);

ALTER TABLE ONLY core.dealer_stock FORCE ROW LEVEL SECURITY;

ALTER TABLE core.dispute ALTER COLUMN dispute_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.dispute_dispute_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.dispute_evidence (
    dispute_id bigint NOT NULL,
    evidence_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.dispute_evidence FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dispute_finding (
    dispute_id bigint NOT NULL,
    ref uuid NOT NULL,
    what text NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    found_by bigint NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    is_final boolean DEFAULT false NOT NULL,
    CONSTRAINT dispute_finding_what_check CHECK ((what = ANY (ARRAY['evidence'::text, 'activity'::text])))
);

ALTER TABLE ONLY core.dispute_finding FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dispute_seat (
    dispute_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    role text NOT NULL,
    assigned_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone,
    left_at timestamp with time zone,
    reason text,
    vote core.dispute_outcome,
    vote_text core.long_text,
    voted_at timestamp with time zone,
    CONSTRAINT dispute_seat_role_check CHECK ((role = ANY (ARRAY['arbiter'::text, 'committee'::text])))
);

ALTER TABLE ONLY core.dispute_seat FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dispute_step (
    dispute_id bigint NOT NULL,
    ver integer NOT NULL,
    at timestamp with time zone NOT NULL,
    staff_id bigint,
    event text NOT NULL,
    state core.dispute_state NOT NULL,
    rule text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL
);

ALTER TABLE ONLY core.dispute_step FORCE ROW LEVEL SECURITY;

CREATE TABLE core.dispute_transition (
    event text NOT NULL,
    from_state core.dispute_state,
    to_state core.dispute_state NOT NULL,
    rule text NOT NULL
);

ALTER TABLE ONLY core.dispute_transition FORCE ROW LEVEL SECURITY;

ALTER TABLE core.draft ALTER COLUMN draft_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.draft_draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.duplicate ALTER COLUMN duplicate_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.duplicate_duplicate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.erasure ALTER COLUMN erasure_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.erasure_erasure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.event (
    event_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    kind text NOT NULL,
    payload jsonb DEFAULT '{}'::jsonb NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL
);

ALTER TABLE ONLY core.event FORCE ROW LEVEL SECURITY;

ALTER TABLE core.event ALTER COLUMN event_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.event_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.event_list ALTER COLUMN event_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.event_list_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.evidence ALTER COLUMN evidence_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.evidence_evidence_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.export ALTER COLUMN export_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.export_export_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.file_gone (
    sha256 text NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    gone_at timestamp with time zone
);

ALTER TABLE ONLY core.file_gone FORCE ROW LEVEL SECURITY;

CREATE TABLE core.fleet_driver (
    driver_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    vehicle_id bigint NOT NULL,
    company_id bigint NOT NULL,
    party_id bigint NOT NULL,
    name core.name_text NOT NULL,
    dealer_id integer NOT NULL,
    from_on date NOT NULL,
    to_on date,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT fleet_driver_check CHECK (((to_on IS NULL) OR (to_on >= from_on)))
);

ALTER TABLE ONLY core.fleet_driver FORCE ROW LEVEL SECURITY;

ALTER TABLE core.fleet_driver ALTER COLUMN driver_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.fleet_driver_driver_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.follow_up (
    follow_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    ownership_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    due_on date NOT NULL,
    state text DEFAULT 'OPEN'::text NOT NULL,
    note core.short_text,
    decided_by bigint,
    decided_at timestamp with time zone,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT follow_up_kind_check CHECK ((kind = ANY (ARRAY['recontact'::text, 'contact_check'::text, 'credit_check'::text]))),
    CONSTRAINT follow_up_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'DONE'::text, 'DROPPED'::text])))
);

ALTER TABLE ONLY core.follow_up FORCE ROW LEVEL SECURITY;

ALTER TABLE core.follow_up ALTER COLUMN follow_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.follow_up_follow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.household (
    household_id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.household FORCE ROW LEVEL SECURITY;

ALTER TABLE core.household ALTER COLUMN household_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.household_household_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.household_link ALTER COLUMN link_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.household_link_link_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.import ALTER COLUMN import_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.import_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.import_mapping (
    dealer_id integer NOT NULL,
    kind text NOT NULL,
    signature text NOT NULL,
    mapping jsonb NOT NULL,
    brand_id smallint,
    line core.line,
    staff_id bigint NOT NULL,
    used_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.import_mapping FORCE ROW LEVEL SECURITY;

ALTER TABLE core.interaction ALTER COLUMN interaction_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.interaction_interaction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.job ALTER COLUMN job_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.job_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.key_account ALTER COLUMN key_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.key_account_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.lead_answer (
    lead_id bigint NOT NULL,
    ownership_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    answer text NOT NULL,
    reason text,
    at timestamp with time zone NOT NULL,
    CONSTRAINT lead_answer_answer_check CHECK ((answer = ANY (ARRAY['accepted'::text, 'declined'::text, 'not_accepted'::text, 'no_contact'::text, 'ended'::text]))),
    CONSTRAINT lead_answer_reason_check CHECK ((length(reason) <= 400))
);

ALTER TABLE ONLY core.lead_answer FORCE ROW LEVEL SECURITY;

ALTER TABLE core.lead ALTER COLUMN lead_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.lead_lead_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.ledger ALTER COLUMN ledger_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.ledger_ledger_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.ledger_seal (
    seal_id bigint NOT NULL,
    from_xid xid8 NOT NULL,
    to_xid xid8 NOT NULL,
    row_count integer NOT NULL,
    is_whole boolean DEFAULT true NOT NULL,
    ids bigint[] NOT NULL,
    hashes bytea NOT NULL,
    sha256 bytea NOT NULL,
    previous bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT ledger_seal_check CHECK (((length(hashes) = (row_count * 16)) AND (cardinality(ids) = row_count)))
);

ALTER TABLE ONLY core.ledger_seal FORCE ROW LEVEL SECURITY;

ALTER TABLE core.ledger_seal ALTER COLUMN seal_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.ledger_seal_seal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.line_group (
    line core.line NOT NULL,
    grp core.competition_group NOT NULL
);

ALTER TABLE ONLY core.line_group FORCE ROW LEVEL SECURITY;

CREATE TABLE core.link_gap (
    dealer_id integer NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    CONSTRAINT link_gap_check CHECK ((until_at > from_at))
);

ALTER TABLE ONLY core.link_gap FORCE ROW LEVEL SECURITY;

CREATE TABLE core.link_watch (
    dealer_id integer NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    steady_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.link_watch FORCE ROW LEVEL SECURITY;

CREATE TABLE core.match_key (
    kind core.key_kind NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C",
    party_id bigint NOT NULL,
    surname_key text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    is_exact boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY core.match_key FORCE ROW LEVEL SECURITY;

CREATE TABLE core.match_weight (
    field text NOT NULL,
    level text NOT NULL,
    bits real NOT NULL,
    CONSTRAINT match_weight_bits_check CHECK (((bits >= ('-60'::integer)::double precision) AND (bits <= (60)::double precision))),
    CONSTRAINT match_weight_level_check CHECK ((level = ANY (ARRAY['prior'::text, 'none'::text, 'far'::text, 'near'::text, 'close'::text, 'same'::text, 'swapped'::text])))
);

ALTER TABLE ONLY core.match_weight FORCE ROW LEVEL SECURITY;

ALTER TABLE core.merge ALTER COLUMN merge_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.merge_merge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.merge_right (
    merge_id bigint NOT NULL,
    side text NOT NULL,
    ownership_id bigint NOT NULL,
    outcome text NOT NULL,
    after_id bigint,
    before jsonb NOT NULL,
    CONSTRAINT merge_right_outcome_check CHECK ((outcome = ANY (ARRAY['kept'::text, 'disputed'::text, 'closed'::text, 'moved'::text, 'moved_disputed'::text]))),
    CONSTRAINT merge_right_side_check CHECK ((side = ANY (ARRAY['survivor'::text, 'merged'::text])))
);

ALTER TABLE ONLY core.merge_right FORCE ROW LEVEL SECURITY;

CREATE TABLE core.merge_row (
    merge_id bigint NOT NULL,
    row_no bigint NOT NULL,
    table_name text NOT NULL,
    key jsonb NOT NULL,
    before jsonb
);

ALTER TABLE ONLY core.merge_row FORCE ROW LEVEL SECURITY;

ALTER TABLE core.merge_row ALTER COLUMN row_no ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.merge_row_row_no_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.message (
    message uuid DEFAULT gen_random_uuid() NOT NULL,
    campaign_id bigint,
    wave smallint DEFAULT 1 NOT NULL,
    party_id bigint,
    channel core.channel NOT NULL,
    dealer_id integer NOT NULL,
    kind text NOT NULL,
    address text NOT NULL,
    vars jsonb DEFAULT '{}'::jsonb NOT NULL,
    subject text,
    body text,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    expires_at timestamp with time zone
);

ALTER TABLE ONLY core.message FORCE ROW LEVEL SECURITY;

CREATE TABLE core.model (
    model_id smallint NOT NULL,
    brand_id smallint NOT NULL,
    name text NOT NULL
);

ALTER TABLE ONLY core.model FORCE ROW LEVEL SECURITY;

ALTER TABLE core.notice ALTER COLUMN notice_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.notice_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.notice_template (
    kind text NOT NULL,
    lang text NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    valid_from timestamp with time zone DEFAULT '2000-01-01 00:00:00+00'::timestamp with time zone NOT NULL,
    subject core.short_text NOT NULL,
    body core.long_text,
    CONSTRAINT notice_template_lang_check CHECK ((lang = ANY (ARRAY['ru'::text, 'en'::text])))
);

ALTER TABLE ONLY core.notice_template FORCE ROW LEVEL SECURITY;

CREATE TABLE core.occasion (
    party_id bigint NOT NULL,
    occasion text NOT NULL,
    kind text NOT NULL,
    campaign_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT occasion_kind_check CHECK ((kind = ANY (ARRAY['greeting'::text, 'survey'::text])))
);

ALTER TABLE ONLY core.occasion FORCE ROW LEVEL SECURITY;

CREATE TABLE core.odometer_reading (
    vehicle_id bigint NOT NULL,
    read_on date NOT NULL,
    mileage_km core.mileage_km NOT NULL,
    dealer_id integer
);

ALTER TABLE ONLY core.odometer_reading FORCE ROW LEVEL SECURITY;

ALTER TABLE core.outage ALTER COLUMN outage_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.outage_outage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.outbox (
    outbox_id bigint NOT NULL,
    message uuid NOT NULL,
    prio smallint DEFAULT 5 NOT NULL,
    state core.outbox_state DEFAULT 'ready'::core.outbox_state NOT NULL,
    campaign_id bigint,
    attempt smallint DEFAULT 0 NOT NULL,
    not_before timestamp with time zone DEFAULT core.now() NOT NULL,
    lease_until timestamp with time zone,
    worker text,
    epoch bigint,
    dispatched_at timestamp with time zone,
    last_code text,
    changed_at timestamp with time zone DEFAULT core.now() NOT NULL
)
WITH (fillfactor='80');

ALTER TABLE ONLY core.outbox FORCE ROW LEVEL SECURITY;

ALTER TABLE core.outbox ALTER COLUMN outbox_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.outbox_outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.ownership ALTER COLUMN ownership_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME core.ownership_ownership_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.party_alias (
    public_id uuid NOT NULL,
    into_id bigint NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.party_alias FORCE ROW LEVEL SECURITY;

CREATE TABLE core.party_mark (
    party_id bigint NOT NULL,
    kind text NOT NULL,
    staff_id bigint,
    set_by bigint,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT party_mark_check CHECK (((kind = 'test'::text) = (staff_id IS NULL))),
    CONSTRAINT party_mark_kind_check CHECK ((kind = ANY (ARRAY['staff'::text, 'relative'::text, 'test'::text])))
);

ALTER TABLE ONLY core.party_mark FORCE ROW LEVEL SECURITY;

ALTER TABLE core.party ALTER COLUMN party_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.party_party_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.party_reference (
    table_name text NOT NULL,
    act text NOT NULL,
    key text[] DEFAULT '{}'::text[] NOT NULL,
    twin text[] DEFAULT '{}'::text[] NOT NULL,
    made_at text,
    column_name text DEFAULT 'party_id'::text NOT NULL,
    CONSTRAINT party_reference_act_check CHECK ((act = ANY (ARRAY['move'::text, 'special'::text, 'derived'::text, 'stay'::text])))
);

ALTER TABLE ONLY core.party_reference FORCE ROW LEVEL SECURITY;

CREATE TABLE core.party_summary (
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    sale_count integer DEFAULT 0 NOT NULL,
    sale_kopecks bigint DEFAULT 0 NOT NULL,
    order_count integer DEFAULT 0 NOT NULL,
    order_kopecks bigint DEFAULT 0 NOT NULL,
    last_visit_on date,
    last_sale_on date
);

ALTER TABLE ONLY core.party_summary FORCE ROW LEVEL SECURITY;

CREATE TABLE core.party_total (
    party_id bigint NOT NULL,
    sale_count integer DEFAULT 0 NOT NULL,
    sale_kopecks bigint DEFAULT 0 NOT NULL,
    order_count integer DEFAULT 0 NOT NULL,
    order_kopecks bigint DEFAULT 0 NOT NULL,
    last_visit_on date,
    last_sale_on date
)
WITH (fillfactor='85');

ALTER TABLE ONLY core.party_total FORCE ROW LEVEL SECURITY;

CREATE TABLE core.personal_data (
    table_name text NOT NULL,
    column_name text DEFAULT 'party_id'::text NOT NULL,
    act text NOT NULL,
    sets jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT personal_data_act_check CHECK ((act = ANY (ARRAY['delete'::text, 'empty'::text]))),
    CONSTRAINT personal_data_check CHECK (((act = 'empty'::text) = (sets <> '{}'::jsonb)))
);

ALTER TABLE ONLY core.personal_data FORCE ROW LEVEL SECURITY;

CREATE TABLE core.phone_area (
    prefix text NOT NULL,
    code text NOT NULL,
    CONSTRAINT phone_area_prefix_check CHECK ((prefix ~ '^[0-9]{3,6}$'::text))
);

ALTER TABLE ONLY core.phone_area FORCE ROW LEVEL SECURITY;

ALTER TABLE core.privacy_request ALTER COLUMN request_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.privacy_request_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.probe (
    probe_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    key_hash bytea NOT NULL,
    verdict core.verdict NOT NULL,
    purpose text NOT NULL
);

ALTER TABLE ONLY core.probe FORCE ROW LEVEL SECURITY;

ALTER TABLE core.probe ALTER COLUMN probe_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.probe_probe_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.receipt ALTER COLUMN receipt_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.receipt_receipt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.recipient (
    campaign_id bigint NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    unit text COLLATE pg_catalog."C",
    state core.recipient_state NOT NULL,
    reason core.drop_reason,
    free_week date,
    next_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT recipient_check CHECK (((state = ANY (ARRAY['DROPPED'::core.recipient_state, 'CANCELLED'::core.recipient_state])) = (reason IS NOT NULL)))
);

ALTER TABLE ONLY core.recipient FORCE ROW LEVEL SECURITY;

CREATE TABLE core.region (
    code text NOT NULL,
    iso text NOT NULL,
    name text NOT NULL,
    name_en text NOT NULL,
    lon real NOT NULL,
    lat real NOT NULL,
    CONSTRAINT region_code_check CHECK ((code ~ '^[0-9]{2}$'::text))
);

ALTER TABLE ONLY core.region FORCE ROW LEVEL SECURITY;

CREATE TABLE core.region_alias (
    fold text NOT NULL,
    code text NOT NULL
);

ALTER TABLE ONLY core.region_alias FORCE ROW LEVEL SECURITY;

CREATE TABLE core.rekey (
    is_only boolean DEFAULT true NOT NULL,
    version integer NOT NULL,
    after_party bigint DEFAULT 0 NOT NULL,
    repaired bigint DEFAULT 0 NOT NULL,
    done_at timestamp with time zone,
    CONSTRAINT rekey_is_only_check CHECK (is_only)
);

ALTER TABLE ONLY core.rekey FORCE ROW LEVEL SECURITY;

ALTER TABLE core.repair_order ALTER COLUMN order_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.repair_order_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.review (
    review_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    ownership_id bigint NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    reasons text[] NOT NULL,
    other_id bigint,
    until_at timestamp with time zone NOT NULL,
    state text DEFAULT 'OPEN'::text NOT NULL,
    note core.short_text,
    decided_by bigint,
    decided_at timestamp with time zone,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT review_reasons_check CHECK (((cardinality(reasons) >= 1) AND (cardinality(reasons) <= 10))),
    CONSTRAINT review_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'STANDS'::text, 'REFUSED'::text, 'EXPIRED'::text])))
);

ALTER TABLE ONLY core.review FORCE ROW LEVEL SECURITY;

ALTER TABLE core.review ALTER COLUMN review_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.review_review_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.right_kpi (
    ownership_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    start_on date NOT NULL,
    is_offered boolean NOT NULL,
    is_accepted boolean NOT NULL,
    accept_min integer,
    contact_min integer,
    is_no_contact boolean NOT NULL,
    is_contacted boolean NOT NULL,
    is_visited boolean NOT NULL,
    is_test_drive boolean NOT NULL,
    is_offer boolean NOT NULL,
    is_order boolean NOT NULL,
    is_delivered boolean NOT NULL,
    kept_at timestamp with time zone NOT NULL,
    source text,
    used_days integer,
    prolonged smallint DEFAULT 0 NOT NULL,
    is_manual_only boolean DEFAULT false NOT NULL,
    is_hoarded boolean DEFAULT false NOT NULL,
    is_registered boolean DEFAULT true NOT NULL
);

ALTER TABLE ONLY core.right_kpi FORCE ROW LEVEL SECURITY;

CREATE TABLE core.right_stage (
    ownership_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    stage smallint NOT NULL,
    reached_at timestamp with time zone NOT NULL,
    CONSTRAINT right_stage_stage_check CHECK (((stage >= 1) AND (stage <= 4)))
);

ALTER TABLE ONLY core.right_stage FORCE ROW LEVEL SECURITY;

CREATE TABLE core.right_transition (
    event text NOT NULL,
    from_state core.right_state,
    to_state core.right_state NOT NULL,
    rule text NOT NULL
);

ALTER TABLE ONLY core.right_transition FORCE ROW LEVEL SECURITY;

ALTER TABLE core.route_decision ALTER COLUMN decision_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.route_decision_decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.route_wheel (
    wheel text NOT NULL,
    state jsonb NOT NULL,
    turns bigint DEFAULT 0 NOT NULL,
    decision_id bigint
);

ALTER TABLE ONLY core.route_wheel FORCE ROW LEVEL SECURITY;

CREATE TABLE core.routing_version (
    version bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    staff_id bigint,
    what text NOT NULL,
    detail jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT routing_version_what_check CHECK ((what = ANY (ARRAY['territory'::text, 'share'::text, 'stock'::text, 'quality'::text, 'dealer'::text, 'start'::text])))
);

ALTER TABLE ONLY core.routing_version FORCE ROW LEVEL SECURITY;

ALTER TABLE core.routing_version ALTER COLUMN version ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.routing_version_version_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.row_verdict ALTER COLUMN verdict_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.row_verdict_verdict_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.sale ALTER COLUMN sale_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.sale_sale_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.sample ALTER COLUMN sample_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.sample_sample_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.saved_view ALTER COLUMN view_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.saved_view_view_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.seat_mark (
    mark_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    kind text NOT NULL,
    ownership_id bigint,
    subject text,
    rule text NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT seat_mark_kind_check CHECK ((kind = ANY (ARRAY['void'::text, 'false_activity'::text, 'review_refused'::text, 'lost_dispute'::text])))
);

ALTER TABLE ONLY core.seat_mark FORCE ROW LEVEL SECURITY;

ALTER TABLE core.seat_mark ALTER COLUMN mark_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.seat_mark_mark_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.segment_attribute (
    attr text NOT NULL,
    op text NOT NULL,
    scope text NOT NULL,
    value_type text NOT NULL,
    entity text NOT NULL,
    clause text NOT NULL,
    CONSTRAINT segment_attribute_entity_check CHECK ((entity = ANY (ARRAY['party'::text, 'car'::text, 'right'::text, 'brand'::text, 'consent'::text]))),
    CONSTRAINT segment_attribute_scope_check CHECK ((scope = ANY (ARRAY['both'::text, 'dealer'::text, 'network'::text]))),
    CONSTRAINT segment_attribute_value_type_check CHECK ((value_type = ANY (ARRAY['texts'::text, 'ints'::text, 'uuids'::text, 'number'::text, 'number_pair'::text, 'date'::text, 'days'::text, 'flag'::text, 'abcs'::text, 'kinds'::text, 'lines'::text, 'states'::text])))
);

ALTER TABLE ONLY core.segment_attribute FORCE ROW LEVEL SECURITY;

ALTER TABLE core.segment ALTER COLUMN segment_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.segment_segment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.sender_epoch (
    worker text NOT NULL,
    epoch bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.sender_epoch FORCE ROW LEVEL SECURITY;

ALTER TABLE core.serve_grant ALTER COLUMN grant_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.serve_grant_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.serve_visit (
    visit_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    grant_id bigint NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    owner_id integer,
    kind text NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    note core.long_text,
    told_at timestamp with time zone,
    CONSTRAINT serve_visit_kind_check CHECK ((kind = ANY (ARRAY['visit'::text, 'repair'::text, 'order'::text, 'sale'::text, 'document'::text, 'note'::text])))
);

ALTER TABLE ONLY core.serve_visit FORCE ROW LEVEL SECURITY;

ALTER TABLE core.serve_visit ALTER COLUMN visit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.serve_visit_visit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.service_move ALTER COLUMN move_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.service_move_move_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.setting (
    name text NOT NULL,
    value text NOT NULL
);

ALTER TABLE ONLY core.setting FORCE ROW LEVEL SECURITY;

ALTER TABLE core.signed_order ALTER COLUMN order_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.signed_order_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.staff ALTER COLUMN staff_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.staff_staff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.staff_tie (
    staff_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    kind text NOT NULL,
    set_by bigint,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT staff_tie_kind_check CHECK ((kind = ANY (ARRAY['employed'::text, 'reports'::text, 'family'::text, 'share'::text])))
);

ALTER TABLE ONLY core.staff_tie FORCE ROW LEVEL SECURITY;

CREATE TABLE core.stop_key (
    key_hash bytea NOT NULL,
    erasure_id bigint,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    lifted_at timestamp with time zone,
    lifted_by bigint,
    evidence core.short_text,
    CONSTRAINT stop_key_key_hash_check CHECK ((length(key_hash) = 32))
);

ALTER TABLE ONLY core.stop_key FORCE ROW LEVEL SECURITY;

ALTER TABLE core.task ALTER COLUMN task_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.task_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.territory (
    territory_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    dealer_id integer NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    region_code text,
    postal_from text,
    postal_to text,
    ring polygon,
    name text,
    from_on date NOT NULL,
    to_on date,
    version bigint NOT NULL,
    staff_id bigint,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT territory_check CHECK (((postal_to ~ '^[0-9]{6}$'::text) AND (postal_to >= postal_from))),
    CONSTRAINT territory_check1 CHECK ((to_on >= from_on)),
    CONSTRAINT territory_check2 CHECK ((((((region_code IS NOT NULL))::integer + ((postal_from IS NOT NULL))::integer) + ((ring IS NOT NULL))::integer) = 1)),
    CONSTRAINT territory_check3 CHECK (((postal_from IS NULL) = (postal_to IS NULL))),
    CONSTRAINT territory_name_check CHECK ((length(name) <= 200)),
    CONSTRAINT territory_postal_from_check CHECK ((postal_from ~ '^[0-9]{6}$'::text))
);

ALTER TABLE ONLY core.territory FORCE ROW LEVEL SECURITY;

ALTER TABLE core.territory ALTER COLUMN territory_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.territory_territory_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.touch ALTER COLUMN touch_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.touch_touch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.transfer_batch ALTER COLUMN batch_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.transfer_batch_batch_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.transfer_batch_plan (
    batch_id bigint NOT NULL,
    ownership_id bigint NOT NULL,
    to_dealer_id integer NOT NULL,
    is_closing boolean NOT NULL
);

ALTER TABLE ONLY core.transfer_batch_plan FORCE ROW LEVEL SECURITY;

CREATE TABLE core.transfer_batch_right (
    made_id bigint NOT NULL,
    batch_id bigint NOT NULL,
    old_id bigint NOT NULL,
    to_dealer_id integer NOT NULL
);

ALTER TABLE ONLY core.transfer_batch_right FORCE ROW LEVEL SECURITY;

CREATE TABLE core.transfer_told (
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    message uuid,
    at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.transfer_told FORCE ROW LEVEL SECURITY;

ALTER TABLE core.transfer ALTER COLUMN transfer_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.transfer_transfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.unmask_grant (
    grant_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    party_id bigint NOT NULL,
    reason text NOT NULL,
    note core.short_text,
    at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL,
    CONSTRAINT unmask_grant_check CHECK ((until_at > at)),
    CONSTRAINT unmask_reason CHECK ((reason = ANY (ARRAY['client_asked'::text, 'colleague_absent'::text, 'urgent'::text, 'complaint'::text, 'dispute'::text, 'subject_request'::text, 'duplicate'::text])))
);

ALTER TABLE ONLY core.unmask_grant FORCE ROW LEVEL SECURITY;

ALTER TABLE core.unmask_grant ALTER COLUMN grant_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.unmask_grant_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.upload ALTER COLUMN upload_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.upload_upload_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.vehicle_lease (
    lease_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    vehicle_id bigint NOT NULL,
    lessor_id bigint NOT NULL,
    lessee_id bigint NOT NULL,
    contract core.short_text,
    dealer_id integer NOT NULL,
    from_on date NOT NULL,
    to_on date,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT vehicle_lease_check CHECK ((lessor_id <> lessee_id)),
    CONSTRAINT vehicle_lease_check1 CHECK (((to_on IS NULL) OR (to_on >= from_on)))
);

ALTER TABLE ONLY core.vehicle_lease FORCE ROW LEVEL SECURITY;

ALTER TABLE core.vehicle_lease ALTER COLUMN lease_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.vehicle_lease_lease_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.vehicle_owner (
    vehicle_id bigint NOT NULL,
    party_id bigint NOT NULL,
    from_on date NOT NULL,
    to_on date,
    source_dealer_id integer,
    CONSTRAINT vehicle_owner_check CHECK (((to_on IS NULL) OR (to_on >= from_on)))
);

ALTER TABLE ONLY core.vehicle_owner FORCE ROW LEVEL SECURITY;

ALTER TABLE core.vehicle ALTER COLUMN vehicle_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.vehicle_vehicle_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE core.visibility (
    state core.right_state NOT NULL,
    viewer text NOT NULL,
    level core.see_level NOT NULL
);

ALTER TABLE ONLY core.visibility FORCE ROW LEVEL SECURITY;

CREATE TABLE core.visibility_case (
    kind text NOT NULL,
    viewer text NOT NULL,
    level core.see_level NOT NULL,
    CONSTRAINT visibility_case_kind_check CHECK ((kind = ANY (ARRAY['pool'::text, 'erased'::text])))
);

ALTER TABLE ONLY core.visibility_case FORCE ROW LEVEL SECURITY;

CREATE TABLE core.waiting_list (
    unit text NOT NULL COLLATE pg_catalog."C",
    grp core.competition_group NOT NULL,
    campaign_id bigint NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.waiting_list FORCE ROW LEVEL SECURITY;

ALTER TABLE core.web_lead ALTER COLUMN web_lead_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.web_lead_web_lead_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.web_site ALTER COLUMN site_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.web_site_site_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE session.account (
    account_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    login text NOT NULL,
    password_phc text,
    totp_secret bytea,
    totp_pending bytea,
    totp_last_step bigint DEFAULT 0 NOT NULL,
    epoch integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY session.account FORCE ROW LEVEL SECURITY;

ALTER TABLE session.account ALTER COLUMN account_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME session.account_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE session.certificate (
    spki_sha256 bytea NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint NOT NULL,
    enrolled_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

ALTER TABLE ONLY session.certificate FORCE ROW LEVEL SECURITY;

CREATE TABLE session.challenge (
    secret_hash bytea NOT NULL,
    account_id bigint NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY session.challenge FORCE ROW LEVEL SECURITY;

CREATE TABLE session.enrol_code (
    code_hash bytea NOT NULL,
    dealer_id integer NOT NULL,
    created_by bigint,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY session.enrol_code FORCE ROW LEVEL SECURITY;

CREATE TABLE session.failure (
    kind text NOT NULL,
    key text NOT NULL,
    window_at timestamp with time zone NOT NULL,
    n integer NOT NULL,
    last_at timestamp with time zone NOT NULL,
    CONSTRAINT failure_kind_check CHECK ((kind = ANY (ARRAY['account'::text, 'address'::text, 'pair'::text, 'link'::text])))
);

ALTER TABLE ONLY session.failure FORCE ROW LEVEL SECURITY;

CREATE TABLE session.idempotency (
    idem_id bigint NOT NULL,
    staff_id bigint NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    answer json,
    status integer,
    at timestamp with time zone DEFAULT core.now() NOT NULL
);
ALTER TABLE ONLY session.idempotency ALTER COLUMN idem_id SET STATISTICS 10;
ALTER TABLE ONLY session.idempotency ALTER COLUMN staff_id SET STATISTICS 10;
ALTER TABLE ONLY session.idempotency ALTER COLUMN route SET STATISTICS 10;
ALTER TABLE ONLY session.idempotency ALTER COLUMN key SET STATISTICS 10;
ALTER TABLE ONLY session.idempotency ALTER COLUMN request_hash SET STATISTICS 10;
ALTER TABLE ONLY session.idempotency ALTER COLUMN answer SET STATISTICS 10;
ALTER TABLE ONLY session.idempotency ALTER COLUMN status SET STATISTICS 10;
ALTER TABLE ONLY session.idempotency ALTER COLUMN at SET STATISTICS 10;

ALTER TABLE ONLY session.idempotency FORCE ROW LEVEL SECURITY;

ALTER TABLE session.idempotency ALTER COLUMN idem_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME session.idempotency_idem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE session.link (
    link uuid DEFAULT gen_random_uuid() NOT NULL,
    account_id bigint NOT NULL,
    kind text NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT link_kind_check CHECK ((kind = ANY (ARRAY['invitation'::text, 'reset'::text])))
);

ALTER TABLE ONLY session.link FORCE ROW LEVEL SECURITY;

CREATE TABLE session.recovery_code (
    account_id bigint NOT NULL,
    code_hash bytea NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE ONLY session.recovery_code FORCE ROW LEVEL SECURITY;

ALTER TABLE session.session ALTER COLUMN session_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME session.session_session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY core.abc_value
    ADD CONSTRAINT abc_value_pkey PRIMARY KEY (kopecks);

ALTER TABLE ONLY core.approval_kind
    ADD CONSTRAINT approval_kind_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY core.approval
    ADD CONSTRAINT approval_pkey PRIMARY KEY (approval_id);

ALTER TABLE ONLY core.approval
    ADD CONSTRAINT approval_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.attachment
    ADD CONSTRAINT attachment_pkey PRIMARY KEY (attachment_id);

ALTER TABLE ONLY core.attachment
    ADD CONSTRAINT attachment_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.brand
    ADD CONSTRAINT brand_name_key UNIQUE (name);

ALTER TABLE ONLY core.brand
    ADD CONSTRAINT brand_pkey PRIMARY KEY (brand_id);

ALTER TABLE ONLY core.calendar_day
    ADD CONSTRAINT calendar_day_pkey PRIMARY KEY (country, on_day);

ALTER TABLE ONLY core.calendar_year
    ADD CONSTRAINT calendar_year_pkey PRIMARY KEY (country, year);

ALTER TABLE ONLY core.call_arrival
    ADD CONSTRAINT call_arrival_dealer_id_call_id_key UNIQUE (dealer_id, call_id);

ALTER TABLE ONLY core.call_arrival
    ADD CONSTRAINT call_arrival_pkey PRIMARY KEY (arrival_id);

ALTER TABLE ONLY core.call_arrival
    ADD CONSTRAINT call_arrival_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.call_item
    ADD CONSTRAINT call_item_campaign_id_party_id_key UNIQUE (campaign_id, party_id);

ALTER TABLE ONLY core.call_item
    ADD CONSTRAINT call_item_pkey PRIMARY KEY (call_id);

ALTER TABLE ONLY core.call_item
    ADD CONSTRAINT call_item_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.campaign_address
    ADD CONSTRAINT campaign_address_pkey PRIMARY KEY (job_id, address_hash);

ALTER TABLE ONLY core.campaign_count
    ADD CONSTRAINT campaign_count_campaign_id_dealer_id_state_reason_key UNIQUE NULLS NOT DISTINCT (campaign_id, dealer_id, state, reason);

ALTER TABLE ONLY core.campaign_lock_history
    ADD CONSTRAINT campaign_lock_history_pkey PRIMARY KEY (unit, grp, campaign_id, ver);

ALTER TABLE ONLY core.campaign_lock
    ADD CONSTRAINT campaign_lock_pkey PRIMARY KEY (unit, grp);

ALTER TABLE ONLY core.campaign_part_count
    ADD CONSTRAINT campaign_part_count_pkey PRIMARY KEY (campaign_id, dealer_id);

ALTER TABLE ONLY core.campaign_part
    ADD CONSTRAINT campaign_part_pkey PRIMARY KEY (campaign_id, party_id);

ALTER TABLE ONLY core.campaign_permit
    ADD CONSTRAINT campaign_permit_campaign_id_dealer_id_key UNIQUE (campaign_id, dealer_id);

ALTER TABLE ONLY core.campaign_permit
    ADD CONSTRAINT campaign_permit_pkey PRIMARY KEY (permit_id);

ALTER TABLE ONLY core.campaign_permit
    ADD CONSTRAINT campaign_permit_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (campaign_id);

ALTER TABLE ONLY core.campaign
    ADD CONSTRAINT campaign_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.carve_out
    ADD CONSTRAINT carve_out_pkey PRIMARY KEY (carve_id);

ALTER TABLE ONLY core.carve_out
    ADD CONSTRAINT carve_out_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_once EXCLUDE USING gist (int8range(party_id, party_id, '[]'::text) WITH &&, int8range(slot, slot, '[]'::text) WITH &&, int8range(COALESCE(vehicle_id, (0)::bigint), COALESCE(vehicle_id, (0)::bigint), '[]'::text) WITH &&, tstzrange(done_at, next_at) WITH &&) WHERE (((state = 'DONE'::text) AND (kind <> 'ORDER'::text)));

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_pkey PRIMARY KEY (choice_id);

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.city
    ADD CONSTRAINT city_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.clock_mark
    ADD CONSTRAINT clock_mark_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.clock_state
    ADD CONSTRAINT clock_state_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.cold_row
    ADD CONSTRAINT cold_row_event_id_dealer_id_key_hash_key UNIQUE (event_id, dealer_id, key_hash);

ALTER TABLE ONLY core.cold_row
    ADD CONSTRAINT cold_row_pkey PRIMARY KEY (cold_id);

ALTER TABLE ONLY core.cold_row
    ADD CONSTRAINT cold_row_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.company_contact
    ADD CONSTRAINT company_contact_pkey PRIMARY KEY (contact_id);

ALTER TABLE ONLY core.company_contact
    ADD CONSTRAINT company_contact_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.company_group_member
    ADD CONSTRAINT company_group_member_pkey PRIMARY KEY (group_id, party_id, from_on);

ALTER TABLE ONLY core.company_group
    ADD CONSTRAINT company_group_pkey PRIMARY KEY (group_id);

ALTER TABLE ONLY core.company_group
    ADD CONSTRAINT company_group_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.company
    ADD CONSTRAINT company_pkey PRIMARY KEY (party_id);

ALTER TABLE ONLY core.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (consent_id);

ALTER TABLE ONLY core.contact_point
    ADD CONSTRAINT contact_point_party_id_kind_value_key UNIQUE (party_id, kind, value);

ALTER TABLE ONLY core.contact_point
    ADD CONSTRAINT contact_point_pkey PRIMARY KEY (contact_id);

ALTER TABLE ONLY core.contact_point
    ADD CONSTRAINT contact_point_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.credit
    ADD CONSTRAINT credit_pkey PRIMARY KEY (credit_id);

ALTER TABLE ONLY core.credit
    ADD CONSTRAINT credit_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.dealer_brand
    ADD CONSTRAINT dealer_brand_pkey PRIMARY KEY (dealer_id, brand_id, line);

ALTER TABLE ONLY core.dealer_group
    ADD CONSTRAINT dealer_group_name_key UNIQUE (name);

ALTER TABLE ONLY core.dealer_group
    ADD CONSTRAINT dealer_group_pkey PRIMARY KEY (group_id);

ALTER TABLE ONLY core.dealer_group
    ADD CONSTRAINT dealer_group_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.dealer_key
    ADD CONSTRAINT dealer_key_pkey PRIMARY KEY (dealer_id, value, kind, party_id);

ALTER TABLE ONLY core.dealer_month
    ADD CONSTRAINT dealer_month_pkey PRIMARY KEY (dealer_id, month_on, brand_id);

ALTER TABLE ONLY core.dealer_party
    ADD CONSTRAINT dealer_party_pkey PRIMARY KEY (dealer_id, party_id);

ALTER TABLE ONLY core.dealer
    ADD CONSTRAINT dealer_pkey PRIMARY KEY (dealer_id);

ALTER TABLE ONLY core.dealer
    ADD CONSTRAINT dealer_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.dealer_quality
    ADD CONSTRAINT dealer_quality_pkey PRIMARY KEY (dealer_id, brand_id, line);

ALTER TABLE ONLY core.dealer_share
    ADD CONSTRAINT dealer_share_pkey PRIMARY KEY (dealer_id, brand_id, line, from_on);

ALTER TABLE ONLY core.dealer_stock
    ADD CONSTRAINT dealer_stock_pkey PRIMARY KEY (dealer_id, model_id, due_on);

ALTER TABLE ONLY core.dispute_evidence
    ADD CONSTRAINT dispute_evidence_pkey PRIMARY KEY (dispute_id, evidence_id);

ALTER TABLE ONLY core.dispute_finding
    ADD CONSTRAINT dispute_finding_pkey PRIMARY KEY (dispute_id, ref);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_number_key UNIQUE (number);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_pkey PRIMARY KEY (dispute_id);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.dispute_seat
    ADD CONSTRAINT dispute_seat_pkey PRIMARY KEY (dispute_id, staff_id);

ALTER TABLE ONLY core.dispute_step
    ADD CONSTRAINT dispute_step_pkey PRIMARY KEY (dispute_id, ver);

ALTER TABLE ONLY core.dispute_transition
    ADD CONSTRAINT dispute_transition_event_from_state_to_state_key UNIQUE NULLS NOT DISTINCT (event, from_state, to_state);

ALTER TABLE ONLY core.draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (draft_id);

ALTER TABLE ONLY core.draft
    ADD CONSTRAINT draft_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.duplicate
    ADD CONSTRAINT duplicate_one_pair UNIQUE (party_low, party_high);

ALTER TABLE ONLY core.duplicate
    ADD CONSTRAINT duplicate_pkey PRIMARY KEY (duplicate_id);

ALTER TABLE ONLY core.duplicate
    ADD CONSTRAINT duplicate_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.erasure
    ADD CONSTRAINT erasure_party_id_key UNIQUE (party_id);

ALTER TABLE ONLY core.erasure
    ADD CONSTRAINT erasure_pkey PRIMARY KEY (erasure_id);

ALTER TABLE ONLY core.erasure
    ADD CONSTRAINT erasure_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.event_list
    ADD CONSTRAINT event_list_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY core.event_list
    ADD CONSTRAINT event_list_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY core.event_quota
    ADD CONSTRAINT event_quota_pkey PRIMARY KEY (event_id, dealer_id, staff_id);

ALTER TABLE ONLY core.evidence_kind
    ADD CONSTRAINT evidence_kind_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY core.evidence_kind
    ADD CONSTRAINT evidence_kind_weight_key UNIQUE (weight);

ALTER TABLE ONLY core.evidence
    ADD CONSTRAINT evidence_pkey PRIMARY KEY (evidence_id);

ALTER TABLE ONLY core.evidence
    ADD CONSTRAINT evidence_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.exchange_row
    ADD CONSTRAINT exchange_row_pkey PRIMARY KEY (dealer_id, source, seq);

ALTER TABLE ONLY core.export
    ADD CONSTRAINT export_number_key UNIQUE (number);

ALTER TABLE ONLY core.export
    ADD CONSTRAINT export_pkey PRIMARY KEY (export_id);

ALTER TABLE ONLY core.export
    ADD CONSTRAINT export_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.file_gone
    ADD CONSTRAINT file_gone_pkey PRIMARY KEY (sha256);

ALTER TABLE ONLY core.fleet_driver
    ADD CONSTRAINT fleet_driver_pkey PRIMARY KEY (driver_id);

ALTER TABLE ONLY core.fleet_driver
    ADD CONSTRAINT fleet_driver_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.follow_up
    ADD CONSTRAINT follow_up_kind_ownership_id_key UNIQUE (kind, ownership_id);

ALTER TABLE ONLY core.follow_up
    ADD CONSTRAINT follow_up_pkey PRIMARY KEY (follow_id);

ALTER TABLE ONLY core.follow_up
    ADD CONSTRAINT follow_up_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.household_link
    ADD CONSTRAINT household_link_pkey PRIMARY KEY (link_id);

ALTER TABLE ONLY core.household_link
    ADD CONSTRAINT household_link_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.household
    ADD CONSTRAINT household_pkey PRIMARY KEY (household_id);

ALTER TABLE ONLY core.import_mapping
    ADD CONSTRAINT import_mapping_pkey PRIMARY KEY (dealer_id, kind, signature);

ALTER TABLE ONLY core.import
    ADD CONSTRAINT import_pkey PRIMARY KEY (import_id);

ALTER TABLE ONLY core.import
    ADD CONSTRAINT import_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.import_result
    ADD CONSTRAINT import_result_pkey PRIMARY KEY (import_id, line_no);

ALTER TABLE ONLY core.import_row
    ADD CONSTRAINT import_row_pkey PRIMARY KEY (import_id, line_no);

ALTER TABLE ONLY core.interaction
    ADD CONSTRAINT interaction_pkey PRIMARY KEY (interaction_id);

ALTER TABLE ONLY core.interaction
    ADD CONSTRAINT interaction_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (job_id);

ALTER TABLE ONLY core.job
    ADD CONSTRAINT job_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.key_account
    ADD CONSTRAINT key_account_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY core.key_account
    ADD CONSTRAINT key_account_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.lead_answer
    ADD CONSTRAINT lead_answer_pkey PRIMARY KEY (lead_id, ownership_id, answer);

ALTER TABLE ONLY core.lead
    ADD CONSTRAINT lead_pkey PRIMARY KEY (lead_id);

ALTER TABLE ONLY core.lead
    ADD CONSTRAINT lead_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (ledger_id);

ALTER TABLE ONLY core.ledger_seal
    ADD CONSTRAINT ledger_seal_pkey PRIMARY KEY (seal_id);

ALTER TABLE ONLY core.line_group
    ADD CONSTRAINT line_group_pkey PRIMARY KEY (line);

ALTER TABLE ONLY core.link_gap
    ADD CONSTRAINT link_gap_pkey PRIMARY KEY (dealer_id, from_at);

ALTER TABLE ONLY core.link_watch
    ADD CONSTRAINT link_watch_pkey PRIMARY KEY (dealer_id);

ALTER TABLE ONLY core.match_key
    ADD CONSTRAINT match_key_pkey PRIMARY KEY (kind, value, party_id);

ALTER TABLE ONLY core.match_weight
    ADD CONSTRAINT match_weight_pkey PRIMARY KEY (field, level);

ALTER TABLE ONLY core.merge
    ADD CONSTRAINT merge_pkey PRIMARY KEY (merge_id);

ALTER TABLE ONLY core.merge
    ADD CONSTRAINT merge_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.merge_right
    ADD CONSTRAINT merge_right_pkey PRIMARY KEY (merge_id, ownership_id);

ALTER TABLE ONLY core.merge_row
    ADD CONSTRAINT merge_row_pkey PRIMARY KEY (merge_id, row_no);

ALTER TABLE ONLY core.message
    ADD CONSTRAINT message_once UNIQUE (campaign_id, wave, party_id, channel);

ALTER TABLE ONLY core.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (message);

ALTER TABLE ONLY core.model
    ADD CONSTRAINT model_brand_id_name_key UNIQUE (brand_id, name);

ALTER TABLE ONLY core.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (model_id);

ALTER TABLE ONLY core.notice_kind
    ADD CONSTRAINT notice_kind_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY core.notice_kind
    ADD CONSTRAINT notice_kind_rank_key UNIQUE (rank);

ALTER TABLE ONLY core.notice
    ADD CONSTRAINT notice_once UNIQUE (staff_id, kind, occurrence, subject);

ALTER TABLE ONLY core.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (notice_id);

ALTER TABLE ONLY core.notice
    ADD CONSTRAINT notice_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.notice_setting
    ADD CONSTRAINT notice_setting_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY core.notice_template
    ADD CONSTRAINT notice_template_pkey PRIMARY KEY (kind, lang, version);

ALTER TABLE ONLY core.occasion
    ADD CONSTRAINT occasion_pkey PRIMARY KEY (party_id, occasion);

ALTER TABLE ONLY core.odometer_reading
    ADD CONSTRAINT odometer_reading_pkey PRIMARY KEY (vehicle_id, read_on);

ALTER TABLE ONLY core.outage
    ADD CONSTRAINT outage_pkey PRIMARY KEY (outage_id);

ALTER TABLE ONLY core.outage
    ADD CONSTRAINT outage_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.outbox
    ADD CONSTRAINT outbox_message_key UNIQUE (message);

ALTER TABLE ONLY core.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (outbox_id);

ALTER TABLE ONLY core.ownership_history
    ADD CONSTRAINT ownership_history_pkey PRIMARY KEY (party_id, brand_id, line, ownership_id, ver);

ALTER TABLE ONLY core.ownership
    ADD CONSTRAINT ownership_one_owner UNIQUE NULLS NOT DISTINCT (party_id, brand_id, line, vehicle_id);

ALTER TABLE ONLY core.ownership
    ADD CONSTRAINT ownership_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.party_alias
    ADD CONSTRAINT party_alias_pkey PRIMARY KEY (public_id);

ALTER TABLE ONLY core.party_mark
    ADD CONSTRAINT party_mark_pkey PRIMARY KEY (party_id);

ALTER TABLE ONLY core.party
    ADD CONSTRAINT party_pkey PRIMARY KEY (party_id);

ALTER TABLE ONLY core.party
    ADD CONSTRAINT party_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.party_reference
    ADD CONSTRAINT party_reference_pkey PRIMARY KEY (table_name);

ALTER TABLE ONLY core.party_summary
    ADD CONSTRAINT party_summary_pkey PRIMARY KEY (party_id, dealer_id);

ALTER TABLE ONLY core.party_total
    ADD CONSTRAINT party_total_pkey PRIMARY KEY (party_id);

ALTER TABLE ONLY core.personal_data
    ADD CONSTRAINT personal_data_pkey PRIMARY KEY (table_name);

ALTER TABLE ONLY core.phone_area
    ADD CONSTRAINT phone_area_pkey PRIMARY KEY (prefix);

ALTER TABLE ONLY core.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (name, valid_from);

ALTER TABLE ONLY core.privacy_request
    ADD CONSTRAINT privacy_request_pkey PRIMARY KEY (request_id);

ALTER TABLE ONLY core.privacy_request
    ADD CONSTRAINT privacy_request_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.probe
    ADD CONSTRAINT probe_pkey PRIMARY KEY (probe_id);

ALTER TABLE ONLY core.receipt
    ADD CONSTRAINT receipt_number_key UNIQUE (number);

ALTER TABLE ONLY core.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (receipt_id);

ALTER TABLE ONLY core.recipient
    ADD CONSTRAINT recipient_pkey PRIMARY KEY (campaign_id, party_id);

ALTER TABLE ONLY core.region_alias
    ADD CONSTRAINT region_alias_pkey PRIMARY KEY (fold);

ALTER TABLE ONLY core.region
    ADD CONSTRAINT region_iso_key UNIQUE (iso);

ALTER TABLE ONLY core.region
    ADD CONSTRAINT region_name_key UNIQUE (name);

ALTER TABLE ONLY core.region
    ADD CONSTRAINT region_pkey PRIMARY KEY (code);

ALTER TABLE ONLY core.rekey
    ADD CONSTRAINT rekey_pkey PRIMARY KEY (is_only);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_dealer_id_number_key UNIQUE (dealer_id, number);

ALTER TABLE ONLY core.repair_order_line
    ADD CONSTRAINT repair_order_line_pkey PRIMARY KEY (order_id, "position");

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.review
    ADD CONSTRAINT review_ownership_id_key UNIQUE (ownership_id);

ALTER TABLE ONLY core.review
    ADD CONSTRAINT review_pkey PRIMARY KEY (review_id);

ALTER TABLE ONLY core.review
    ADD CONSTRAINT review_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.right_kpi
    ADD CONSTRAINT right_kpi_pkey PRIMARY KEY (ownership_id);

ALTER TABLE ONLY core.right_stage
    ADD CONSTRAINT right_stage_pkey PRIMARY KEY (ownership_id);

ALTER TABLE ONLY core.right_transition
    ADD CONSTRAINT right_transition_event_from_state_to_state_key UNIQUE NULLS NOT DISTINCT (event, from_state, to_state);

ALTER TABLE ONLY core.route_decision
    ADD CONSTRAINT route_decision_lead_id_seq_key UNIQUE (lead_id, seq);

ALTER TABLE ONLY core.route_decision
    ADD CONSTRAINT route_decision_pkey PRIMARY KEY (decision_id);

ALTER TABLE ONLY core.route_wheel
    ADD CONSTRAINT route_wheel_pkey PRIMARY KEY (wheel);

ALTER TABLE ONLY core.routing_version
    ADD CONSTRAINT routing_version_pkey PRIMARY KEY (version);

ALTER TABLE ONLY core.row_verdict
    ADD CONSTRAINT row_verdict_one UNIQUE (dealer_id, source, seq);

ALTER TABLE ONLY core.row_verdict
    ADD CONSTRAINT row_verdict_pkey PRIMARY KEY (verdict_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_dealer_id_number_key UNIQUE (dealer_id, number);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_pkey PRIMARY KEY (sale_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.sample
    ADD CONSTRAINT sample_interaction_id_key UNIQUE (interaction_id);

ALTER TABLE ONLY core.sample
    ADD CONSTRAINT sample_pkey PRIMARY KEY (sample_id);

ALTER TABLE ONLY core.sample
    ADD CONSTRAINT sample_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.saved_view
    ADD CONSTRAINT saved_view_pkey PRIMARY KEY (view_id);

ALTER TABLE ONLY core.saved_view
    ADD CONSTRAINT saved_view_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.saved_view
    ADD CONSTRAINT saved_view_staff_id_screen_name_key UNIQUE (staff_id, screen, name);

ALTER TABLE ONLY core.seat_mark
    ADD CONSTRAINT seat_mark_pkey PRIMARY KEY (mark_id);

ALTER TABLE ONLY core.segment_attribute
    ADD CONSTRAINT segment_attribute_pkey PRIMARY KEY (attr, op, scope);

ALTER TABLE ONLY core.segment
    ADD CONSTRAINT segment_pkey PRIMARY KEY (segment_id);

ALTER TABLE ONLY core.segment
    ADD CONSTRAINT segment_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.sender_epoch
    ADD CONSTRAINT sender_epoch_pkey PRIMARY KEY (worker);

ALTER TABLE ONLY core.serve_grant
    ADD CONSTRAINT serve_grant_pkey PRIMARY KEY (dealer_id, party_id, brand_id, line, document);

ALTER TABLE ONLY core.serve_visit
    ADD CONSTRAINT serve_visit_pkey PRIMARY KEY (visit_id);

ALTER TABLE ONLY core.serve_visit
    ADD CONSTRAINT serve_visit_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.service_move
    ADD CONSTRAINT service_move_pkey PRIMARY KEY (move_id);

ALTER TABLE ONLY core.service_move
    ADD CONSTRAINT service_move_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.signed_order
    ADD CONSTRAINT signed_order_interaction_id_key UNIQUE (interaction_id);

ALTER TABLE ONLY core.signed_order
    ADD CONSTRAINT signed_order_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY core.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY core.staff
    ADD CONSTRAINT staff_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.staff_tie
    ADD CONSTRAINT staff_tie_pkey PRIMARY KEY (staff_id, dealer_id, kind);

ALTER TABLE ONLY core.stop_key
    ADD CONSTRAINT stop_key_pkey PRIMARY KEY (key_hash);

ALTER TABLE ONLY core.task_outcome
    ADD CONSTRAINT task_outcome_pkey PRIMARY KEY (kind, code);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (task_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.territory
    ADD CONSTRAINT territory_pkey PRIMARY KEY (territory_id);

ALTER TABLE ONLY core.territory
    ADD CONSTRAINT territory_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.touch
    ADD CONSTRAINT touch_pkey PRIMARY KEY (touch_id);

ALTER TABLE ONLY core.touch
    ADD CONSTRAINT touch_token_key UNIQUE (token);

ALTER TABLE ONLY core.transfer_batch
    ADD CONSTRAINT transfer_batch_pkey PRIMARY KEY (batch_id);

ALTER TABLE ONLY core.transfer_batch_plan
    ADD CONSTRAINT transfer_batch_plan_pkey PRIMARY KEY (batch_id, ownership_id);

ALTER TABLE ONLY core.transfer_batch
    ADD CONSTRAINT transfer_batch_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.transfer_batch_right
    ADD CONSTRAINT transfer_batch_right_old_id_key UNIQUE (old_id);

ALTER TABLE ONLY core.transfer_batch_right
    ADD CONSTRAINT transfer_batch_right_pkey PRIMARY KEY (made_id);

ALTER TABLE ONLY core.transfer
    ADD CONSTRAINT transfer_pkey PRIMARY KEY (transfer_id);

ALTER TABLE ONLY core.transfer
    ADD CONSTRAINT transfer_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.transfer_told
    ADD CONSTRAINT transfer_told_pkey PRIMARY KEY (party_id, dealer_id);

ALTER TABLE ONLY core.unmask_grant
    ADD CONSTRAINT unmask_grant_pkey PRIMARY KEY (grant_id);

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_pkey PRIMARY KEY (upload_id);

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.vehicle_lease
    ADD CONSTRAINT vehicle_lease_pkey PRIMARY KEY (lease_id);

ALTER TABLE ONLY core.vehicle_lease
    ADD CONSTRAINT vehicle_lease_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.vehicle_owner
    ADD CONSTRAINT vehicle_owner_pkey PRIMARY KEY (vehicle_id, party_id, from_on);

ALTER TABLE ONLY core.vehicle
    ADD CONSTRAINT vehicle_pkey PRIMARY KEY (vehicle_id);

ALTER TABLE ONLY core.vehicle
    ADD CONSTRAINT vehicle_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.vehicle
    ADD CONSTRAINT vehicle_vin_key UNIQUE (vin);

ALTER TABLE ONLY core.visibility_case
    ADD CONSTRAINT visibility_case_pkey PRIMARY KEY (kind, viewer);

ALTER TABLE ONLY core.visibility
    ADD CONSTRAINT visibility_pkey PRIMARY KEY (state, viewer);

ALTER TABLE ONLY core.waiting_claim
    ADD CONSTRAINT waiting_claim_pkey PRIMARY KEY (party_id, brand_id, line, dealer_id);

ALTER TABLE ONLY core.waiting_claim
    ADD CONSTRAINT waiting_claim_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.waiting_list
    ADD CONSTRAINT waiting_list_pkey PRIMARY KEY (unit, grp, campaign_id, party_id);

ALTER TABLE ONLY core.watch_hit
    ADD CONSTRAINT watch_hit_pkey PRIMARY KEY (pattern, staff_id, on_day);

ALTER TABLE ONLY core.web_lead
    ADD CONSTRAINT web_lead_pkey PRIMARY KEY (web_lead_id);

ALTER TABLE ONLY core.web_lead
    ADD CONSTRAINT web_lead_site_id_external_id_key UNIQUE (site_id, external_id);

ALTER TABLE ONLY core.web_site
    ADD CONSTRAINT web_site_key_hash_key UNIQUE (key_hash);

ALTER TABLE ONLY core.web_site
    ADD CONSTRAINT web_site_pkey PRIMARY KEY (site_id);

ALTER TABLE ONLY core.web_site
    ADD CONSTRAINT web_site_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY session.account
    ADD CONSTRAINT account_login_key UNIQUE (login);

ALTER TABLE ONLY session.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY session.account
    ADD CONSTRAINT account_staff_id_key UNIQUE (staff_id);

ALTER TABLE ONLY session.certificate
    ADD CONSTRAINT certificate_pkey PRIMARY KEY (spki_sha256);

ALTER TABLE ONLY session.challenge
    ADD CONSTRAINT challenge_pkey PRIMARY KEY (secret_hash);

ALTER TABLE ONLY session.enrol_code
    ADD CONSTRAINT enrol_code_pkey PRIMARY KEY (code_hash);

ALTER TABLE ONLY session.failure
    ADD CONSTRAINT failure_pkey PRIMARY KEY (kind, key, window_at);

ALTER TABLE ONLY session.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (idem_id);

ALTER TABLE ONLY session.idempotency
    ADD CONSTRAINT idempotency_staff_id_route_key_key UNIQUE (staff_id, route, key);

ALTER TABLE ONLY session.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (link);

ALTER TABLE ONLY session.recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (account_id, code_hash);

ALTER TABLE ONLY session.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY session.session
    ADD CONSTRAINT session_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY session.session
    ADD CONSTRAINT session_secret_hash_key UNIQUE (secret_hash);

CREATE INDEX approval_asked ON core.approval USING btree (asked_by, approval_id);

CREATE INDEX approval_kind_open ON core.approval USING btree (kind, asked_at) WHERE (state = 'ASKED'::text);

CREATE UNIQUE INDEX approval_open ON core.approval USING btree (kind, subject) WHERE (state = 'ASKED'::text);

CREATE INDEX attachment_party ON core.attachment USING btree (dealer_id, party_id);

CREATE INDEX call_arrival_dealer ON core.call_arrival USING btree (dealer_id, at DESC);

CREATE INDEX call_arrival_kept ON core.call_arrival USING btree (at) WHERE (number IS NOT NULL);

CREATE INDEX call_item_list ON core.call_item USING btree (dealer_id, campaign_id, n);

CREATE INDEX call_item_next ON core.call_item USING btree (dealer_id, next_at, call_id) WHERE (state = 'queued'::text);

CREATE INDEX call_item_offered ON core.call_item USING btree (offered_until) WHERE (state = 'offered'::text);

CREATE INDEX call_item_operator ON core.call_item USING btree (operator_id) WHERE (state = 'offered'::text);

CREATE INDEX campaign_dealer ON core.campaign USING btree (dealer_id, created_at DESC, campaign_id DESC);

CREATE INDEX campaign_live ON core.campaign USING btree (state, campaign_id) WHERE (state = ANY (ARRAY['LAUNCHING'::core.campaign_state, 'RUNNING'::core.campaign_state, 'PAUSED'::core.campaign_state]));

CREATE INDEX campaign_lock_campaign ON core.campaign_lock USING btree (campaign_id);

CREATE INDEX campaign_lock_due ON core.campaign_lock USING btree ((
CASE
    WHEN (state <> 'RELEASED'::core.lock_state) THEN (EXTRACT(epoch FROM (until AT TIME ZONE 'UTC'::text)))::bigint
    ELSE NULL::bigint
END));

CREATE INDEX campaign_lock_party ON core.campaign_lock USING btree (party_id, grp);

CREATE INDEX campaign_part_dealer ON core.campaign_part USING btree (dealer_id, campaign_id, party_id);

CREATE INDEX campaign_part_excluded ON core.campaign_part USING btree (campaign_id, dealer_id) WHERE (excluded_at IS NOT NULL);

CREATE INDEX campaign_permit_dealer ON core.campaign_permit USING btree (dealer_id, permit_id);

CREATE INDEX carve_out_due ON core.carve_out USING btree (from_on) WHERE (state = 'PLANNED'::text);

CREATE INDEX carve_out_key ON core.carve_out USING btree (key_id) WHERE (state <> 'ENDED'::text);

CREATE UNIQUE INDEX carve_out_one ON core.carve_out USING btree (party_id, brand_id, line) WHERE (state <> 'ENDED'::text);

CREATE INDEX carve_out_over ON core.carve_out USING btree (to_on) WHERE (state = 'IN_FORCE'::text);

CREATE INDEX choice_dealer ON core.choice USING btree (dealer_id, choice_id DESC);

CREATE INDEX choice_open ON core.choice USING btree (until_at) WHERE (state = 'ASKED'::text);

CREATE INDEX choice_party ON core.choice USING btree (party_id, brand_id, line, done_at);

CREATE INDEX cold_row_dealer ON core.cold_row USING btree (dealer_id, state, cold_id);

CREATE INDEX cold_row_made ON core.cold_row USING btree (created_at);

CREATE UNIQUE INDEX company_contact_one ON core.company_contact USING btree (company_id, party_id, dealer_id) WHERE (to_on IS NULL);

CREATE INDEX company_contact_party ON core.company_contact USING btree (party_id) WHERE (to_on IS NULL);

CREATE INDEX company_group_member_group ON core.company_group_member USING btree (group_id) WHERE (to_on IS NULL);

CREATE UNIQUE INDEX company_group_member_one ON core.company_group_member USING btree (party_id) WHERE (to_on IS NULL);

CREATE INDEX company_head ON core.company USING btree (head_id) WHERE (head_id IS NOT NULL);

CREATE UNIQUE INDEX company_one_branch ON core.company USING btree (inn, kpp) WHERE (kpp IS NOT NULL);

CREATE UNIQUE INDEX company_one_head ON core.company USING btree (inn) WHERE (head_id IS NULL);

CREATE INDEX consent_party ON core.consent USING btree (party_id, purpose, channel, dealer_id);

CREATE INDEX consent_withdrawn ON core.consent USING btree (withdrawn_at) WHERE (withdrawn_at IS NOT NULL);

CREATE UNIQUE INDEX contact_point_one_primary ON core.contact_point USING btree (party_id, kind) WHERE is_primary;

CREATE INDEX credit_other ON core.credit USING btree (other_id, credit_id DESC);

CREATE INDEX credit_party ON core.credit USING btree (party_id);

CREATE UNIQUE INDEX credit_right ON core.credit USING btree (ownership_id) WHERE (ownership_id IS NOT NULL);

CREATE UNIQUE INDEX credit_sale ON core.credit USING btree (sale_id) WHERE (sale_id IS NOT NULL);

CREATE INDEX credit_seller ON core.credit USING btree (seller_id, credit_id DESC);

CREATE INDEX dealer_key_party ON core.dealer_key USING btree (dealer_id, party_id);

CREATE INDEX dealer_party_closed ON core.dealer_party USING btree (dealer_id, party_id) WHERE (state = 'CLOSED'::core.right_state);

CREATE INDEX dealer_party_party ON core.dealer_party USING btree (party_id);

CREATE INDEX dealer_party_protect ON core.dealer_party USING btree (dealer_id, protect_key, party_id);

CREATE INDEX dealer_party_updated ON core.dealer_party USING btree (dealer_id, updated_at, party_id);

CREATE INDEX dealer_party_visit ON core.dealer_party USING btree (dealer_id, visit_key, party_id);

CREATE INDEX dealer_party_walk ON core.dealer_party USING btree (dealer_id, name_sort, party_id, state_no, line_no, brand_id, abc_no, seat_id, city);

CREATE INDEX dealer_stock_model ON core.dealer_stock USING btree (model_id, due_on) WHERE (cars > 0);

CREATE INDEX dispute_arbiter ON core.dispute USING btree (arbiter_id, dispute_id DESC);

CREATE INDEX dispute_claimant ON core.dispute USING btree (claimant_id, dispute_id DESC);

CREATE INDEX dispute_due ON core.dispute USING btree (due_at) WHERE (state = ANY (ARRAY['FILED'::core.dispute_state, 'ADMITTED'::core.dispute_state, 'ANSWERED'::core.dispute_state, 'DECIDED'::core.dispute_state, 'APPEALED'::core.dispute_state]));

CREATE INDEX dispute_evidence_where ON core.dispute_evidence USING btree (evidence_id);

CREATE INDEX dispute_finding_seat ON core.dispute_finding USING btree (staff_id) WHERE is_final;

CREATE UNIQUE INDEX dispute_one_open ON core.dispute USING btree (party_id, brand_id, line, COALESCE(vehicle_id, (0)::bigint)) WHERE (state = ANY (ARRAY['FILED'::core.dispute_state, 'ADMITTED'::core.dispute_state, 'ANSWERED'::core.dispute_state, 'DECIDED'::core.dispute_state, 'APPEALED'::core.dispute_state]));

CREATE INDEX dispute_owner ON core.dispute USING btree (owner_id, dispute_id DESC);

CREATE INDEX dispute_precedent ON core.dispute USING btree (decided_at DESC, dispute_id DESC) WHERE (decision IS NOT NULL);

CREATE INDEX dispute_right ON core.dispute USING btree (ownership_id);

CREATE INDEX dispute_search ON core.dispute USING gin (search) WHERE (state = ANY (ARRAY['DECIDED'::core.dispute_state, 'APPEALED'::core.dispute_state, 'FINAL'::core.dispute_state]));

CREATE INDEX dispute_seat_staff ON core.dispute_seat USING btree (staff_id, assigned_at DESC);

CREATE INDEX draft_dealer ON core.draft USING btree (dealer_id, created_at);

CREATE INDEX draft_external ON core.draft USING btree (dealer_id, ((data ->> 'external_id'::text))) WHERE ((data ->> 'external_id'::text) IS NOT NULL);

CREATE INDEX draft_same ON core.draft USING btree (dealer_id, hashtextextended((data)::text, (0)::bigint));

CREATE INDEX duplicate_high ON core.duplicate USING btree (party_high);

CREATE INDEX duplicate_open ON core.duplicate USING btree (class, score DESC, duplicate_id DESC) WHERE (state = 'OPEN'::core.duplicate_state);

CREATE INDEX erasure_at ON core.erasure USING btree (at DESC, erasure_id DESC);

CREATE INDEX event_list_dealer ON core.event_list USING btree (dealer_id, from_on DESC, event_id DESC);

CREATE INDEX evidence_dealer ON core.evidence USING btree (dealer_id, evidence_id DESC);

CREATE INDEX exchange_row_at ON core.exchange_row USING btree (dealer_id, at DESC);

CREATE INDEX export_at ON core.export USING btree (asked_at);

CREATE INDEX export_dealer ON core.export USING btree (dealer_id, asked_at DESC);

CREATE UNIQUE INDEX export_one_asked ON core.export USING btree (staff_id, route, COALESCE(subject, ''::text)) WHERE (state = ANY (ARRAY['WAITING'::text, 'APPROVED'::text]));

CREATE INDEX export_staff ON core.export USING btree (staff_id, asked_at DESC);

CREATE INDEX file_gone_open ON core.file_gone USING btree (at) WHERE (gone_at IS NULL);

CREATE INDEX fleet_driver_company ON core.fleet_driver USING btree (company_id) WHERE (to_on IS NULL);

CREATE UNIQUE INDEX fleet_driver_one ON core.fleet_driver USING btree (vehicle_id, party_id) WHERE (to_on IS NULL);

CREATE INDEX fleet_driver_party ON core.fleet_driver USING btree (party_id) WHERE (to_on IS NULL);

CREATE INDEX follow_up_open ON core.follow_up USING btree (kind, due_on, follow_id) WHERE (state = 'OPEN'::text);

CREATE INDEX follow_up_party ON core.follow_up USING btree (party_id);

CREATE UNIQUE INDEX household_link_one ON core.household_link USING btree (LEAST(party_id, relative_id), GREATEST(party_id, relative_id)) WHERE (to_on IS NULL);

CREATE INDEX household_link_party ON core.household_link USING btree (party_id) WHERE (to_on IS NULL);

CREATE INDEX household_link_relative ON core.household_link USING btree (relative_id) WHERE (to_on IS NULL);

CREATE INDEX import_dealer ON core.import USING btree (dealer_id, created_at DESC);

CREATE INDEX import_kept ON core.import USING btree (created_at) WHERE (emptied_at IS NULL);

CREATE INDEX import_result_verdict ON core.import_result USING btree (import_id, verdict, line_no);

CREATE INDEX interaction_dealer ON core.interaction USING btree (dealer_id, at DESC);

CREATE INDEX interaction_party ON core.interaction USING btree (party_id, at DESC, interaction_id DESC);

CREATE INDEX interaction_recorded ON core.interaction USING brin (recorded_at);

CREATE INDEX job_dealer ON core.job USING btree (dealer_id, created_at DESC);

CREATE UNIQUE INDEX job_nightly ON core.job USING btree (kind, ((spec ->> 'on'::text))) WHERE (staff_id IS NULL);

CREATE UNIQUE INDEX job_one_match_scan ON core.job USING btree (kind) WHERE ((kind = 'match_scan'::text) AND (state = ANY (ARRAY['QUEUED'::core.job_state, 'RUNNING'::core.job_state, 'PAUSED'::core.job_state])));

CREATE INDEX job_queue ON core.job USING btree (not_before, job_id) WHERE (state = ANY (ARRAY['QUEUED'::core.job_state, 'RUNNING'::core.job_state]));

CREATE UNIQUE INDEX key_account_one ON core.key_account USING btree (group_id, brand_id) WHERE (ended_at IS NULL);

CREATE INDEX lead_dealer ON core.lead USING btree (dealer_id, lead_id) WHERE (dealer_id IS NOT NULL);

CREATE UNIQUE INDEX lead_one_open ON core.lead USING btree (party_id, brand_id, line) WHERE (state <> 'DONE'::text);

CREATE INDEX lead_open ON core.lead USING btree (state, came_at) WHERE (state <> 'DONE'::text);

CREATE INDEX lead_party ON core.lead USING btree (party_id);

CREATE UNIQUE INDEX lead_right ON core.lead USING btree (ownership_id) WHERE (ownership_id IS NOT NULL);

CREATE INDEX ledger_at ON core.ledger USING btree (at DESC, ledger_id DESC);

CREATE INDEX ledger_conduct ON core.ledger USING btree (at) WHERE (kind = ANY (ARRAY['probe.limit'::text, 'staff.add'::text, 'staff.edit'::text, 'staff.leave'::text, 'read.ledger_check'::text]));

CREATE INDEX ledger_entries ON core.ledger USING btree (at DESC, ledger_id DESC) WHERE (kind = ANY (ARRAY['session.begin'::text, 'session.refused'::text]));

CREATE INDEX ledger_staff ON core.ledger USING btree (staff_id, ledger_id DESC);

CREATE UNIQUE INDEX match_key_one_party ON core.match_key USING btree (kind, value, surname_key) WHERE is_exact;

CREATE INDEX match_key_party ON core.match_key USING btree (party_id);

CREATE INDEX merge_at ON core.merge USING btree (merged_at DESC, merge_id DESC);

CREATE UNIQUE INDEX merge_one_life ON core.merge USING btree (merged_id) WHERE (undone_at IS NULL);

CREATE INDEX merge_survivor ON core.merge USING btree (survivor_id) WHERE (undone_at IS NULL);

CREATE INDEX notice_escalate ON core.notice USING btree (escalate_at) WHERE (escalate_at IS NOT NULL);

CREATE INDEX notice_mail ON core.notice USING btree (mail_at) WHERE (mail_at IS NOT NULL);

CREATE INDEX notice_sent ON core.notice USING btree (message) WHERE (mail_state = 'queued'::text);

CREATE INDEX notice_staff_at ON core.notice USING btree (staff_id, notice_id DESC);

CREATE INDEX occasion_survey ON core.occasion USING btree (party_id, at) WHERE (kind = 'survey'::text);

CREATE UNIQUE INDEX outage_one ON core.outage USING btree ((true)) WHERE ((finished_at IS NULL) AND (NOT is_planned));

CREATE INDEX outbox_campaign ON core.outbox USING btree (campaign_id) WHERE (state = ANY (ARRAY['ready'::core.outbox_state, 'leased'::core.outbox_state]));

CREATE INDEX outbox_leased ON core.outbox USING btree (lease_until) WHERE (state = 'leased'::core.outbox_state);

CREATE INDEX outbox_ready ON core.outbox USING btree (prio, not_before, outbox_id) WHERE (state = 'ready'::core.outbox_state);

CREATE INDEX ownership_accept ON core.ownership USING btree (accept_until) WHERE (state = ANY (ARRAY['OFFERED'::core.right_state, 'PENDING'::core.right_state]));

CREATE INDEX ownership_clock ON core.ownership USING btree (((party_id % (2)::bigint)), protect_until, ownership_id) WHERE (state = ANY (ARRAY['ACTIVE'::core.right_state, 'CUSTOMER'::core.right_state]));

CREATE INDEX ownership_contact ON core.ownership USING btree (contact_until) WHERE ((state = 'ACTIVE'::core.right_state) AND (first_contact_at IS NULL) AND (contact_until IS NOT NULL));

CREATE INDEX ownership_dealer ON core.ownership USING btree (dealer_id, state, party_id);

CREATE INDEX ownership_delivered ON core.ownership USING btree (dealer_id, changed_at) WHERE ((state = 'CUSTOMER'::core.right_state) AND (event = 'delivery'::text));

CREATE INDEX ownership_grace ON core.ownership USING btree (free_from) WHERE (state = 'GRACE'::core.right_state);

CREATE INDEX ownership_held ON core.ownership USING btree (protect_until) WHERE (state = 'HELD'::core.right_state);

CREATE INDEX ownership_history_recorded ON core.ownership_history USING brin (recorded_at);

CREATE INDEX ownership_lead ON core.ownership USING btree (dealer_id, since) WHERE ((state = 'OFFERED'::core.right_state) OR ((state = 'ACTIVE'::core.right_state) AND (first_contact_at IS NULL) AND (contact_until IS NOT NULL)));

CREATE UNIQUE INDEX ownership_number ON core.ownership USING btree (ownership_id);

CREATE INDEX ownership_seat ON core.ownership USING btree (seat_id, state) WHERE (state <> 'CLOSED'::core.right_state);

CREATE INDEX party_address ON core.party USING btree (surname_key, "left"(lower(address), 60)) WHERE (address IS NOT NULL);

CREATE INDEX party_alias_into ON core.party_alias USING btree (into_id);

CREATE INDEX party_born ON core.party USING btree (surname_key, born_on) WHERE (born_on IS NOT NULL);

CREATE INDEX party_erased ON core.party USING btree (erased_at) WHERE (erased_at IS NOT NULL);

CREATE INDEX party_household ON core.party USING btree (household_id) WHERE (household_id IS NOT NULL);

CREATE INDEX party_mark_staff ON core.party_mark USING btree (staff_id) WHERE (staff_id IS NOT NULL);

CREATE INDEX party_merged ON core.party USING btree (merged_into) WHERE (merged_into IS NOT NULL);

CREATE INDEX party_pool ON core.party USING btree (name_sort, party_id) WHERE is_pool;

CREATE INDEX party_search ON core.party USING btree (name_search);

CREATE INDEX party_sort ON core.party USING btree (name_sort, party_id);

CREATE INDEX policy_from ON core.policy USING btree (valid_from);

CREATE INDEX privacy_request_due ON core.privacy_request USING btree (due_at, request_id) WHERE (state = ANY (ARRAY['OPEN'::text, 'ASKED'::text]));

CREATE UNIQUE INDEX privacy_request_one ON core.privacy_request USING btree (party_id, kind) WHERE (state = ANY (ARRAY['OPEN'::text, 'ASKED'::text]));

CREATE INDEX privacy_request_party ON core.privacy_request USING btree (party_id);

CREATE INDEX probe_at ON core.probe USING brin (at) WITH (pages_per_range='16');

CREATE INDEX probe_dealer ON core.probe USING btree (dealer_id, at);

CREATE INDEX probe_keys ON core.probe USING btree (dealer_id, key_hash, at);

CREATE INDEX probe_staff ON core.probe USING btree (staff_id, at);

CREATE INDEX receipt_at ON core.receipt USING brin (at) WITH (pages_per_range='16');

CREATE INDEX recipient_dealer ON core.recipient USING btree (dealer_id, campaign_id, party_id);

CREATE INDEX recipient_due ON core.recipient USING btree (campaign_id, next_at, party_id) WHERE (state = 'LOCKED'::core.recipient_state);

CREATE INDEX recipient_household ON core.recipient USING btree (campaign_id, unit) WHERE ("left"(unit, 1) = 'h'::text);

CREATE INDEX recipient_open ON core.recipient USING btree (campaign_id, party_id) WHERE (state = ANY (ARRAY['PLANNED'::core.recipient_state, 'LOCKED'::core.recipient_state, 'QUEUED'::core.recipient_state]));

CREATE INDEX recipient_planned ON core.recipient USING btree (campaign_id, party_id) WHERE (state = 'PLANNED'::core.recipient_state);

CREATE INDEX repair_order_dealer ON core.repair_order USING btree (dealer_id, opened_on);

CREATE INDEX repair_order_party ON core.repair_order USING btree (party_id, opened_on);

CREATE INDEX repair_order_unpaid ON core.repair_order USING btree (dealer_id, party_id) WHERE (NOT is_paid);

CREATE INDEX repair_order_vehicle ON core.repair_order USING btree (vehicle_id, opened_on DESC) WHERE (vehicle_id IS NOT NULL);

CREATE INDEX review_open ON core.review USING btree (until_at, review_id) WHERE (state = 'OPEN'::text);

CREATE INDEX review_party ON core.review USING btree (party_id);

CREATE INDEX right_kpi_start ON core.right_kpi USING btree (start_on, dealer_id);

CREATE INDEX right_stage_dealer ON core.right_stage USING btree (dealer_id, stage);

CREATE INDEX route_decision_wheel ON core.route_decision USING btree (wheel, decision_id) WHERE (wheel IS NOT NULL);

CREATE INDEX row_verdict_at ON core.row_verdict USING btree (at DESC, verdict_id DESC);

CREATE INDEX row_verdict_dealer ON core.row_verdict USING btree (dealer_id, at DESC, verdict_id DESC);

CREATE INDEX sale_dealer ON core.sale USING btree (dealer_id, sold_on);

CREATE INDEX sale_party ON core.sale USING btree (party_id, sold_on);

CREATE INDEX sample_dealer ON core.sample USING btree (dealer_id, at);

CREATE INDEX sample_open ON core.sample USING btree (sample_id) WHERE (state = 'OPEN'::text);

CREATE INDEX sample_party ON core.sample USING btree (party_id);

CREATE INDEX seat_mark_dealer ON core.seat_mark USING btree (dealer_id, at);

CREATE INDEX seat_mark_staff ON core.seat_mark USING btree (staff_id, at);

CREATE INDEX serve_grant_dealer ON core.serve_grant USING btree (dealer_id, until_at DESC, grant_id DESC);

CREATE UNIQUE INDEX serve_grant_number ON core.serve_grant USING btree (grant_id);

CREATE INDEX serve_grant_party ON core.serve_grant USING btree (party_id);

CREATE UNIQUE INDEX serve_grant_public ON core.serve_grant USING btree (public_id);

CREATE INDEX serve_visit_grant ON core.serve_visit USING btree (grant_id, visit_id);

CREATE INDEX serve_visit_owner ON core.serve_visit USING btree (owner_id, visit_id DESC) WHERE (owner_id IS NOT NULL);

CREATE INDEX serve_visit_party ON core.serve_visit USING btree (party_id);

CREATE INDEX serve_visit_untold ON core.serve_visit USING btree (owner_id, at) WHERE ((told_at IS NULL) AND (owner_id IS NOT NULL));

CREATE INDEX service_move_dispute ON core.service_move USING btree (dispute_id) WHERE (state = 'OBJECTED'::text);

CREATE INDEX service_move_due ON core.service_move USING btree (object_until) WHERE (state = 'ANNOUNCED'::text);

CREATE INDEX service_move_from ON core.service_move USING btree (from_dealer_id, announced_at DESC);

CREATE UNIQUE INDEX service_move_one ON core.service_move USING btree (ownership_id) WHERE (state = ANY (ARRAY['ANNOUNCED'::text, 'OBJECTED'::text]));

CREATE INDEX service_move_order ON core.service_move USING btree (order_id);

CREATE INDEX service_move_to ON core.service_move USING btree (to_dealer_id, announced_at DESC);

CREATE INDEX signed_order_dealer ON core.signed_order USING btree (dealer_id);

CREATE INDEX signed_order_right ON core.signed_order USING btree (ownership_id);

CREATE INDEX staff_dealer ON core.staff USING btree (dealer_id, staff_id);

CREATE INDEX staff_email ON core.staff USING btree (lower(email)) WHERE is_active;

CREATE INDEX task_dealer ON core.task USING btree (dealer_id, due_at) WHERE (state = 'OPEN'::core.task_state);

CREATE INDEX task_party ON core.task USING btree (party_id);

CREATE INDEX task_seat ON core.task USING btree (dealer_id, seat_id, due_at) WHERE (state = 'OPEN'::core.task_state);

CREATE INDEX territory_dealer ON core.territory USING btree (dealer_id, brand_id, line);

CREATE INDEX territory_postal ON core.territory USING btree (brand_id, line, postal_to) WHERE (postal_from IS NOT NULL);

CREATE INDEX territory_region ON core.territory USING btree (region_code, brand_id, line) WHERE (region_code IS NOT NULL);

CREATE UNIQUE INDEX territory_region_once ON core.territory USING btree (dealer_id, brand_id, line, region_code) WHERE ((region_code IS NOT NULL) AND (to_on IS NULL));

CREATE INDEX territory_ring ON core.territory USING gist (ring) WHERE (ring IS NOT NULL);

CREATE INDEX touch_campaign ON core.touch USING btree (campaign_id, party_id);

CREATE INDEX touch_party ON core.touch USING btree (party_id, at);

CREATE INDEX touch_unit ON core.touch USING btree (unit, grp);

CREATE INDEX transfer_batch_made ON core.transfer_batch USING btree (batch_id DESC);

CREATE UNIQUE INDEX transfer_batch_one ON core.transfer_batch USING btree (from_dealer_id) WHERE (state = ANY (ARRAY['ASKED'::text, 'APPROVED'::text, 'RUNNING'::text]));

CREATE INDEX transfer_batch_right_batch ON core.transfer_batch_right USING btree (batch_id);

CREATE INDEX transfer_from ON core.transfer USING btree (from_dealer_id, transfer_id DESC);

CREATE UNIQUE INDEX transfer_made ON core.transfer USING btree (made_id) WHERE (made_id IS NOT NULL);

CREATE UNIQUE INDEX transfer_open ON core.transfer USING btree (ownership_id) WHERE (state = 'OFFERED'::text);

CREATE INDEX transfer_party ON core.transfer USING btree (party_id, transfer_id);

CREATE INDEX transfer_to ON core.transfer USING btree (to_dealer_id, transfer_id DESC);

CREATE INDEX transfer_until ON core.transfer USING btree (until_at) WHERE (state = 'OFFERED'::text);

CREATE INDEX unmask_grant_at ON core.unmask_grant USING btree (at);

CREATE INDEX unmask_grant_party ON core.unmask_grant USING btree (party_id, staff_id, until_at);

CREATE INDEX unmask_grant_staff ON core.unmask_grant USING btree (staff_id, at);

CREATE INDEX vehicle_lease_lessee ON core.vehicle_lease USING btree (lessee_id) WHERE (to_on IS NULL);

CREATE INDEX vehicle_lease_lessor ON core.vehicle_lease USING btree (lessor_id) WHERE (to_on IS NULL);

CREATE UNIQUE INDEX vehicle_lease_one ON core.vehicle_lease USING btree (vehicle_id) WHERE (to_on IS NULL);

CREATE UNIQUE INDEX vehicle_owner_current ON core.vehicle_owner USING btree (vehicle_id) WHERE (to_on IS NULL);

CREATE INDEX vehicle_owner_latest ON core.vehicle_owner USING btree (party_id, from_on DESC, vehicle_id DESC) WHERE (to_on IS NULL);

CREATE INDEX vehicle_plate ON core.vehicle USING btree (plate);

CREATE INDEX waiting_claim_dealer ON core.waiting_claim USING btree (dealer_id, at);

CREATE INDEX waiting_list_campaign ON core.waiting_list USING btree (campaign_id);

CREATE INDEX watch_hit_day ON core.watch_hit USING btree (on_day, pattern);

CREATE INDEX web_lead_failed ON core.web_lead USING btree (taken_at) WHERE ((error IS NOT NULL) AND (data IS NOT NULL));

CREATE INDEX web_lead_site ON core.web_lead USING btree (site_id, came_at);

CREATE INDEX web_lead_waiting ON core.web_lead USING btree (web_lead_id) WHERE (taken_at IS NULL);

CREATE INDEX idempotency_at ON session.idempotency USING btree (at);

CREATE INDEX session_staff ON session.session USING btree (staff_id) WHERE (revoked_at IS NULL);

CREATE TRIGGER brand_kept BEFORE DELETE ON core.brand FOR EACH ROW EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER brand_not_emptied BEFORE TRUNCATE ON core.brand FOR EACH STATEMENT EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER brand_number_kept BEFORE UPDATE OF brand_id ON core.brand FOR EACH ROW WHEN ((old.brand_id <> new.brand_id)) EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER campaign_lock_inserted AFTER INSERT ON core.campaign_lock REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.lock_history_keep();

CREATE TRIGGER campaign_lock_updated AFTER UPDATE ON core.campaign_lock REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.lock_history_keep();

CREATE TRIGGER contact_deleted AFTER DELETE ON core.contact_point REFERENCING OLD TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.contact_projected();

CREATE TRIGGER contact_inserted AFTER INSERT ON core.contact_point REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.contact_projected();

CREATE TRIGGER contact_updated AFTER UPDATE ON core.contact_point REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.contact_projected();

CREATE TRIGGER credit_checked AFTER INSERT ON core.follow_up REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.credit_checked();

CREATE TRIGGER credit_sold AFTER INSERT ON core.sale REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.credit_sold();

CREATE TRIGGER dealer_kept BEFORE DELETE ON core.dealer FOR EACH ROW EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER dealer_not_emptied BEFORE TRUNCATE ON core.dealer FOR EACH STATEMENT EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER dealer_number_kept BEFORE UPDATE OF dealer_id ON core.dealer FOR EACH ROW WHEN ((old.dealer_id <> new.dealer_id)) EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER dispute_guarded BEFORE INSERT OR UPDATE OF state ON core.dispute FOR EACH ROW EXECUTE FUNCTION core.dispute_guard();

CREATE TRIGGER dispute_step_kept BEFORE DELETE OR UPDATE ON core.dispute_step FOR EACH ROW EXECUTE FUNCTION core.dispute_step_keep();

CREATE TRIGGER evidence_kept BEFORE DELETE OR UPDATE ON core.evidence FOR EACH ROW EXECUTE FUNCTION core.evidence_keep();

CREATE TRIGGER evidence_kept_whole BEFORE TRUNCATE ON core.evidence FOR EACH STATEMENT EXECUTE FUNCTION core.evidence_keep();

CREATE TRIGGER history_append_only BEFORE DELETE OR UPDATE ON core.ownership_history FOR EACH ROW EXECUTE FUNCTION core.append_only();

CREATE TRIGGER history_no_truncate BEFORE TRUNCATE ON core.ownership_history FOR EACH STATEMENT EXECUTE FUNCTION core.append_only();

CREATE TRIGGER import_left AFTER UPDATE OF state ON core.job FOR EACH ROW WHEN (((new.kind ^@ 'import_'::text) AND (new.state = ANY (ARRAY['CANCELLED'::core.job_state, 'FAILED'::core.job_state])) AND (old.state <> new.state) AND (NOT (new.spec ? 'helps'::text)))) EXECUTE FUNCTION core.import_left();

CREATE TRIGGER ledger_append_only BEFORE DELETE OR UPDATE ON core.ledger FOR EACH ROW EXECUTE FUNCTION core.append_only();

CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON core.ledger FOR EACH STATEMENT EXECUTE FUNCTION core.append_only();

CREATE TRIGGER notice_inserted AFTER INSERT ON core.notice REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.notice_received();

CREATE TRIGGER notice_kept BEFORE UPDATE OF staff_id ON core.notice FOR EACH ROW WHEN ((old.staff_id <> new.staff_id)) EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER order_deleted AFTER DELETE ON core.repair_order REFERENCING OLD TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.document_summed();

CREATE TRIGGER order_inserted AFTER INSERT ON core.repair_order REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.document_summed();

CREATE TRIGGER own_self_guarded BEFORE INSERT OR UPDATE OF seat_id ON core.ownership FOR EACH ROW WHEN (((new.seat_id IS NOT NULL) AND (new.state <> 'CLOSED'::core.right_state))) EXECUTE FUNCTION core.own_self_guard();

CREATE TRIGGER owner_deleted AFTER DELETE ON core.vehicle_owner REFERENCING OLD TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.owner_projected();

CREATE TRIGGER owner_inserted AFTER INSERT ON core.vehicle_owner REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.owner_projected();

CREATE TRIGGER owner_updated AFTER UPDATE ON core.vehicle_owner REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.owner_projected();

CREATE TRIGGER ownership_campaign_stop AFTER UPDATE ON core.ownership REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.ownership_campaign_stop();

CREATE TRIGGER parent_seen BEFORE UPDATE OF party_id, source_dealer_id ON core.contact_point FOR EACH ROW WHEN (((old.party_id IS DISTINCT FROM new.party_id) OR (old.source_dealer_id IS DISTINCT FROM new.source_dealer_id))) EXECUTE FUNCTION core.parent_seen();

CREATE TRIGGER parent_seen BEFORE UPDATE OF party_id, dealer_id, brand_id ON core.ownership FOR EACH ROW WHEN ((((old.party_id IS DISTINCT FROM new.party_id) OR (old.dealer_id IS DISTINCT FROM new.dealer_id)) OR (old.brand_id IS DISTINCT FROM new.brand_id))) EXECUTE FUNCTION core.parent_seen();

CREATE TRIGGER party_kept BEFORE DELETE ON core.party FOR EACH ROW EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER party_not_emptied BEFORE TRUNCATE ON core.party FOR EACH STATEMENT EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER party_number_kept BEFORE UPDATE OF party_id ON core.party FOR EACH ROW WHEN ((old.party_id <> new.party_id)) EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER party_total_delete AFTER DELETE ON core.party_summary REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION core.party_total_keep();

CREATE TRIGGER party_total_insert AFTER INSERT ON core.party_summary REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.party_total_keep();

CREATE TRIGGER party_total_update AFTER UPDATE ON core.party_summary REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.party_total_keep();

CREATE TRIGGER party_updated AFTER UPDATE ON core.party REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.party_projected();

CREATE TRIGGER recipient_inserted AFTER INSERT ON core.recipient REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.recipient_count_keep();

CREATE TRIGGER recipient_updated AFTER UPDATE ON core.recipient REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.recipient_count_keep();

CREATE TRIGGER right_inserted AFTER INSERT ON core.ownership REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.right_log_insert();

CREATE TRIGGER right_updated AFTER UPDATE ON core.ownership REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.right_log();

CREATE TRIGGER sale_deleted AFTER DELETE ON core.sale REFERENCING OLD TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.document_summed();

CREATE TRIGGER sale_inserted AFTER INSERT ON core.sale REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.document_summed();

CREATE TRIGGER serve_granted AFTER INSERT ON core.serve_grant REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.serve_granted();

CREATE TRIGGER staff_kept BEFORE DELETE ON core.staff FOR EACH ROW EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER staff_not_emptied BEFORE TRUNCATE ON core.staff FOR EACH STATEMENT EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER staff_number_kept BEFORE UPDATE OF staff_id ON core.staff FOR EACH ROW WHEN ((old.staff_id <> new.staff_id)) EXECUTE FUNCTION core.parent_kept();

CREATE TRIGGER task_inserted AFTER INSERT ON core.task REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.task_projected();

CREATE TRIGGER task_updated AFTER UPDATE ON core.task REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.task_projected();

CREATE TRIGGER touch_occasion AFTER INSERT ON core.touch REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.occasion_keep();

CREATE TRIGGER transfer_void AFTER UPDATE ON core.ownership REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.transfer_void();

CREATE TRIGGER vehicle_updated AFTER UPDATE ON core.vehicle REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.vehicle_projected();

ALTER TABLE ONLY core.approval
    ADD CONSTRAINT approval_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.approval
    ADD CONSTRAINT approval_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.approval
    ADD CONSTRAINT approval_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.approval
    ADD CONSTRAINT approval_kind_fkey FOREIGN KEY (kind) REFERENCES core.approval_kind(kind);

ALTER TABLE ONLY core.attachment
    ADD CONSTRAINT attachment_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.attachment
    ADD CONSTRAINT attachment_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.attachment
    ADD CONSTRAINT attachment_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.call_arrival
    ADD CONSTRAINT call_arrival_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.call_arrival
    ADD CONSTRAINT call_arrival_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.call_arrival
    ADD CONSTRAINT call_arrival_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.call_item
    ADD CONSTRAINT call_item_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES core.campaign(campaign_id);

ALTER TABLE ONLY core.call_item
    ADD CONSTRAINT call_item_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.campaign
    ADD CONSTRAINT campaign_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.campaign
    ADD CONSTRAINT campaign_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.campaign
    ADD CONSTRAINT campaign_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.campaign_part_count
    ADD CONSTRAINT campaign_part_count_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.campaign_permit
    ADD CONSTRAINT campaign_permit_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.campaign_permit
    ADD CONSTRAINT campaign_permit_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES core.campaign(campaign_id);

ALTER TABLE ONLY core.campaign_permit
    ADD CONSTRAINT campaign_permit_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.campaign_permit
    ADD CONSTRAINT campaign_permit_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.carve_out
    ADD CONSTRAINT carve_out_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.carve_out
    ADD CONSTRAINT carve_out_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.carve_out
    ADD CONSTRAINT carve_out_key_id_fkey FOREIGN KEY (key_id) REFERENCES core.key_account(key_id);

ALTER TABLE ONLY core.carve_out
    ADD CONSTRAINT carve_out_made_by_fkey FOREIGN KEY (made_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.carve_out
    ADD CONSTRAINT carve_out_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.company(party_id);

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_from_dealer_id_fkey FOREIGN KEY (from_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_to_dealer_id_fkey FOREIGN KEY (to_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.choice
    ADD CONSTRAINT choice_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.city
    ADD CONSTRAINT city_region_code_fkey FOREIGN KEY (region_code) REFERENCES core.region(code);

ALTER TABLE ONLY core.cold_row
    ADD CONSTRAINT cold_row_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.cold_row
    ADD CONSTRAINT cold_row_event_id_fkey FOREIGN KEY (event_id) REFERENCES core.event_list(event_id);

ALTER TABLE ONLY core.cold_row
    ADD CONSTRAINT cold_row_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.company_contact
    ADD CONSTRAINT company_contact_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.company_contact
    ADD CONSTRAINT company_contact_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.company_contact
    ADD CONSTRAINT company_contact_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.company_group_member
    ADD CONSTRAINT company_group_member_group_id_fkey FOREIGN KEY (group_id) REFERENCES core.company_group(group_id);

ALTER TABLE ONLY core.company_group_member
    ADD CONSTRAINT company_group_member_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.company(party_id);

ALTER TABLE ONLY core.company
    ADD CONSTRAINT company_head_id_fkey FOREIGN KEY (head_id) REFERENCES core.company(party_id);

ALTER TABLE ONLY core.company
    ADD CONSTRAINT company_made_by_fkey FOREIGN KEY (made_by) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.company
    ADD CONSTRAINT company_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.consent
    ADD CONSTRAINT consent_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.consent
    ADD CONSTRAINT consent_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.credit
    ADD CONSTRAINT credit_other_id_fkey FOREIGN KEY (other_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.credit
    ADD CONSTRAINT credit_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.credit
    ADD CONSTRAINT credit_sale_id_fkey FOREIGN KEY (sale_id) REFERENCES core.sale(sale_id);

ALTER TABLE ONLY core.credit
    ADD CONSTRAINT credit_seller_id_fkey FOREIGN KEY (seller_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.dealer_brand
    ADD CONSTRAINT dealer_brand_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.dealer_brand
    ADD CONSTRAINT dealer_brand_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.dealer
    ADD CONSTRAINT dealer_group_id_fkey FOREIGN KEY (group_id) REFERENCES core.dealer_group(group_id);

ALTER TABLE ONLY core.dealer_group
    ADD CONSTRAINT dealer_group_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES core.dealer_group(group_id);

ALTER TABLE ONLY core.dealer_quality
    ADD CONSTRAINT dealer_quality_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.dealer_quality
    ADD CONSTRAINT dealer_quality_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.dealer
    ADD CONSTRAINT dealer_region_code_fkey FOREIGN KEY (region_code) REFERENCES core.region(code);

ALTER TABLE ONLY core.dealer_share
    ADD CONSTRAINT dealer_share_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.dealer_share
    ADD CONSTRAINT dealer_share_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.dealer_share
    ADD CONSTRAINT dealer_share_version_fkey FOREIGN KEY (version) REFERENCES core.routing_version(version);

ALTER TABLE ONLY core.dealer_stock
    ADD CONSTRAINT dealer_stock_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.dealer_stock
    ADD CONSTRAINT dealer_stock_model_id_fkey FOREIGN KEY (model_id) REFERENCES core.model(model_id);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_arbiter_id_fkey FOREIGN KEY (arbiter_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_claimant_id_fkey FOREIGN KEY (claimant_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_claimant_staff_fkey FOREIGN KEY (claimant_staff) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.dispute_evidence
    ADD CONSTRAINT dispute_evidence_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES core.dispute(dispute_id);

ALTER TABLE ONLY core.dispute_evidence
    ADD CONSTRAINT dispute_evidence_evidence_id_fkey FOREIGN KEY (evidence_id) REFERENCES core.evidence(evidence_id);

ALTER TABLE ONLY core.dispute_finding
    ADD CONSTRAINT dispute_finding_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES core.dispute(dispute_id);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_owner_seat_fkey FOREIGN KEY (owner_seat) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.dispute_seat
    ADD CONSTRAINT dispute_seat_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES core.dispute(dispute_id);

ALTER TABLE ONLY core.dispute_seat
    ADD CONSTRAINT dispute_seat_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.dispute_step
    ADD CONSTRAINT dispute_step_dispute_id_fkey FOREIGN KEY (dispute_id) REFERENCES core.dispute(dispute_id);

ALTER TABLE ONLY core.dispute
    ADD CONSTRAINT dispute_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.draft
    ADD CONSTRAINT draft_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.draft
    ADD CONSTRAINT draft_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.duplicate
    ADD CONSTRAINT duplicate_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.duplicate
    ADD CONSTRAINT duplicate_party_high_fkey FOREIGN KEY (party_high) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.duplicate
    ADD CONSTRAINT duplicate_party_low_fkey FOREIGN KEY (party_low) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.erasure
    ADD CONSTRAINT erasure_request_id_fkey FOREIGN KEY (request_id) REFERENCES core.privacy_request(request_id);

ALTER TABLE ONLY core.event_list
    ADD CONSTRAINT event_list_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.event_quota
    ADD CONSTRAINT event_quota_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.event_quota
    ADD CONSTRAINT event_quota_event_id_fkey FOREIGN KEY (event_id) REFERENCES core.event_list(event_id);

ALTER TABLE ONLY core.event_quota
    ADD CONSTRAINT event_quota_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.evidence
    ADD CONSTRAINT evidence_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.evidence
    ADD CONSTRAINT evidence_kind_fkey FOREIGN KEY (kind) REFERENCES core.evidence_kind(kind);

ALTER TABLE ONLY core.evidence
    ADD CONSTRAINT evidence_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.exchange_row
    ADD CONSTRAINT exchange_row_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.export
    ADD CONSTRAINT export_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.export
    ADD CONSTRAINT export_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.export
    ADD CONSTRAINT export_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.fleet_driver
    ADD CONSTRAINT fleet_driver_company_id_fkey FOREIGN KEY (company_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.fleet_driver
    ADD CONSTRAINT fleet_driver_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.fleet_driver
    ADD CONSTRAINT fleet_driver_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.fleet_driver
    ADD CONSTRAINT fleet_driver_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.follow_up
    ADD CONSTRAINT follow_up_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.household_link
    ADD CONSTRAINT household_link_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.household_link
    ADD CONSTRAINT household_link_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.household_link
    ADD CONSTRAINT household_link_relative_id_fkey FOREIGN KEY (relative_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.import
    ADD CONSTRAINT import_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.import
    ADD CONSTRAINT import_event_id_fkey FOREIGN KEY (event_id) REFERENCES core.event_list(event_id);

ALTER TABLE ONLY core.import_mapping
    ADD CONSTRAINT import_mapping_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.import_mapping
    ADD CONSTRAINT import_mapping_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.import_mapping
    ADD CONSTRAINT import_mapping_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.import
    ADD CONSTRAINT import_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.import
    ADD CONSTRAINT import_upload_id_fkey FOREIGN KEY (upload_id) REFERENCES core.upload(upload_id);

ALTER TABLE ONLY core.interaction
    ADD CONSTRAINT interaction_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.interaction
    ADD CONSTRAINT interaction_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.interaction
    ADD CONSTRAINT interaction_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.job
    ADD CONSTRAINT job_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.key_account
    ADD CONSTRAINT key_account_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.key_account
    ADD CONSTRAINT key_account_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.key_account
    ADD CONSTRAINT key_account_group_id_fkey FOREIGN KEY (group_id) REFERENCES core.company_group(group_id);

ALTER TABLE ONLY core.key_account
    ADD CONSTRAINT key_account_made_by_fkey FOREIGN KEY (made_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.lead_answer
    ADD CONSTRAINT lead_answer_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.lead_answer
    ADD CONSTRAINT lead_answer_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES core.lead(lead_id);

ALTER TABLE ONLY core.lead
    ADD CONSTRAINT lead_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.lead
    ADD CONSTRAINT lead_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.lead
    ADD CONSTRAINT lead_model_id_fkey FOREIGN KEY (model_id) REFERENCES core.model(model_id);

ALTER TABLE ONLY core.lead
    ADD CONSTRAINT lead_named_dealer_id_fkey FOREIGN KEY (named_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.lead
    ADD CONSTRAINT lead_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.lead
    ADD CONSTRAINT lead_referrer_id_fkey FOREIGN KEY (referrer_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.lead
    ADD CONSTRAINT lead_region_code_fkey FOREIGN KEY (region_code) REFERENCES core.region(code);

ALTER TABLE ONLY core.link_gap
    ADD CONSTRAINT link_gap_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.link_watch
    ADD CONSTRAINT link_watch_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.match_key
    ADD CONSTRAINT match_key_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.merge
    ADD CONSTRAINT merge_duplicate_id_fkey FOREIGN KEY (duplicate_id) REFERENCES core.duplicate(duplicate_id);

ALTER TABLE ONLY core.merge
    ADD CONSTRAINT merge_merged_by_fkey FOREIGN KEY (merged_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.merge
    ADD CONSTRAINT merge_merged_id_fkey FOREIGN KEY (merged_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.merge_right
    ADD CONSTRAINT merge_right_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES core.merge(merge_id);

ALTER TABLE ONLY core.merge_row
    ADD CONSTRAINT merge_row_merge_id_fkey FOREIGN KEY (merge_id) REFERENCES core.merge(merge_id);

ALTER TABLE ONLY core.merge
    ADD CONSTRAINT merge_survivor_id_fkey FOREIGN KEY (survivor_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.merge
    ADD CONSTRAINT merge_undone_by_fkey FOREIGN KEY (undone_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.model
    ADD CONSTRAINT model_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.notice_setting
    ADD CONSTRAINT notice_setting_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.odometer_reading
    ADD CONSTRAINT odometer_reading_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.odometer_reading
    ADD CONSTRAINT odometer_reading_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.outbox
    ADD CONSTRAINT outbox_message_fkey FOREIGN KEY (message) REFERENCES core.message(message);

ALTER TABLE ONLY core.ownership
    ADD CONSTRAINT ownership_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.ownership
    ADD CONSTRAINT ownership_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.party_alias
    ADD CONSTRAINT party_alias_into_id_fkey FOREIGN KEY (into_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.party_mark
    ADD CONSTRAINT party_mark_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.party_mark
    ADD CONSTRAINT party_mark_set_by_fkey FOREIGN KEY (set_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.party_mark
    ADD CONSTRAINT party_mark_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.party
    ADD CONSTRAINT party_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.party_summary
    ADD CONSTRAINT party_summary_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.party_summary
    ADD CONSTRAINT party_summary_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.phone_area
    ADD CONSTRAINT phone_area_code_fkey FOREIGN KEY (code) REFERENCES core.region(code);

ALTER TABLE ONLY core.policy
    ADD CONSTRAINT policy_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.privacy_request
    ADD CONSTRAINT privacy_request_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.privacy_request
    ADD CONSTRAINT privacy_request_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.privacy_request
    ADD CONSTRAINT privacy_request_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.privacy_request
    ADD CONSTRAINT privacy_request_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.region_alias
    ADD CONSTRAINT region_alias_code_fkey FOREIGN KEY (code) REFERENCES core.region(code);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.repair_order_line
    ADD CONSTRAINT repair_order_line_order_id_fkey FOREIGN KEY (order_id) REFERENCES core.repair_order(order_id) ON DELETE CASCADE;

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.review
    ADD CONSTRAINT review_other_id_fkey FOREIGN KEY (other_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.review
    ADD CONSTRAINT review_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.route_decision
    ADD CONSTRAINT route_decision_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.route_decision
    ADD CONSTRAINT route_decision_lead_id_fkey FOREIGN KEY (lead_id) REFERENCES core.lead(lead_id);

ALTER TABLE ONLY core.route_decision
    ADD CONSTRAINT route_decision_version_fkey FOREIGN KEY (version) REFERENCES core.routing_version(version);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.sample
    ADD CONSTRAINT sample_interaction_id_fkey FOREIGN KEY (interaction_id) REFERENCES core.interaction(interaction_id);

ALTER TABLE ONLY core.sample
    ADD CONSTRAINT sample_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.saved_view
    ADD CONSTRAINT saved_view_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.seat_mark
    ADD CONSTRAINT seat_mark_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.seat_mark
    ADD CONSTRAINT seat_mark_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.segment
    ADD CONSTRAINT segment_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.segment
    ADD CONSTRAINT segment_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.serve_grant
    ADD CONSTRAINT serve_grant_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.serve_grant
    ADD CONSTRAINT serve_grant_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.serve_grant
    ADD CONSTRAINT serve_grant_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.serve_visit
    ADD CONSTRAINT serve_visit_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.serve_visit
    ADD CONSTRAINT serve_visit_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.serve_visit
    ADD CONSTRAINT serve_visit_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.serve_visit
    ADD CONSTRAINT serve_visit_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.service_move
    ADD CONSTRAINT service_move_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.service_move
    ADD CONSTRAINT service_move_from_dealer_id_fkey FOREIGN KEY (from_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.service_move
    ADD CONSTRAINT service_move_order_id_fkey FOREIGN KEY (order_id) REFERENCES core.repair_order(order_id) ON DELETE CASCADE;

ALTER TABLE ONLY core.service_move
    ADD CONSTRAINT service_move_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.service_move
    ADD CONSTRAINT service_move_to_dealer_id_fkey FOREIGN KEY (to_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.service_move
    ADD CONSTRAINT service_move_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.signed_order
    ADD CONSTRAINT signed_order_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.signed_order
    ADD CONSTRAINT signed_order_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.signed_order
    ADD CONSTRAINT signed_order_interaction_id_fkey FOREIGN KEY (interaction_id) REFERENCES core.interaction(interaction_id) ON DELETE SET NULL;

ALTER TABLE ONLY core.staff
    ADD CONSTRAINT staff_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.staff_tie
    ADD CONSTRAINT staff_tie_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.staff_tie
    ADD CONSTRAINT staff_tie_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.stop_key
    ADD CONSTRAINT stop_key_lifted_by_fkey FOREIGN KEY (lifted_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_follows_fkey FOREIGN KEY (follows) REFERENCES core.task(task_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.territory
    ADD CONSTRAINT territory_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.territory
    ADD CONSTRAINT territory_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.territory
    ADD CONSTRAINT territory_region_code_fkey FOREIGN KEY (region_code) REFERENCES core.region(code);

ALTER TABLE ONLY core.territory
    ADD CONSTRAINT territory_version_fkey FOREIGN KEY (version) REFERENCES core.routing_version(version);

ALTER TABLE ONLY core.transfer
    ADD CONSTRAINT transfer_answered_by_fkey FOREIGN KEY (answered_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.transfer
    ADD CONSTRAINT transfer_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.transfer_batch
    ADD CONSTRAINT transfer_batch_asked_by_fkey FOREIGN KEY (asked_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.transfer_batch
    ADD CONSTRAINT transfer_batch_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.transfer_batch
    ADD CONSTRAINT transfer_batch_from_dealer_id_fkey FOREIGN KEY (from_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.transfer_batch_plan
    ADD CONSTRAINT transfer_batch_plan_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES core.transfer_batch(batch_id);

ALTER TABLE ONLY core.transfer_batch_plan
    ADD CONSTRAINT transfer_batch_plan_to_dealer_id_fkey FOREIGN KEY (to_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.transfer_batch_right
    ADD CONSTRAINT transfer_batch_right_batch_id_fkey FOREIGN KEY (batch_id) REFERENCES core.transfer_batch(batch_id);

ALTER TABLE ONLY core.transfer_batch_right
    ADD CONSTRAINT transfer_batch_right_to_dealer_id_fkey FOREIGN KEY (to_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.transfer
    ADD CONSTRAINT transfer_from_dealer_id_fkey FOREIGN KEY (from_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.transfer
    ADD CONSTRAINT transfer_from_seat_id_fkey FOREIGN KEY (from_seat_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.transfer
    ADD CONSTRAINT transfer_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.transfer
    ADD CONSTRAINT transfer_to_dealer_id_fkey FOREIGN KEY (to_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.transfer_told
    ADD CONSTRAINT transfer_told_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.transfer_told
    ADD CONSTRAINT transfer_told_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.unmask_grant
    ADD CONSTRAINT unmask_grant_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.unmask_grant
    ADD CONSTRAINT unmask_grant_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.unmask_grant
    ADD CONSTRAINT unmask_grant_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.vehicle
    ADD CONSTRAINT vehicle_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.vehicle_lease
    ADD CONSTRAINT vehicle_lease_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.vehicle_lease
    ADD CONSTRAINT vehicle_lease_lessee_id_fkey FOREIGN KEY (lessee_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.vehicle_lease
    ADD CONSTRAINT vehicle_lease_lessor_id_fkey FOREIGN KEY (lessor_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.vehicle_lease
    ADD CONSTRAINT vehicle_lease_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.vehicle_owner
    ADD CONSTRAINT vehicle_owner_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.vehicle_owner
    ADD CONSTRAINT vehicle_owner_source_dealer_id_fkey FOREIGN KEY (source_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.vehicle_owner
    ADD CONSTRAINT vehicle_owner_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.waiting_claim
    ADD CONSTRAINT waiting_claim_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.waiting_claim
    ADD CONSTRAINT waiting_claim_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.watch_hit
    ADD CONSTRAINT watch_hit_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.web_lead
    ADD CONSTRAINT web_lead_site_id_fkey FOREIGN KEY (site_id) REFERENCES core.web_site(site_id);

ALTER TABLE ONLY core.web_site
    ADD CONSTRAINT web_site_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.web_site
    ADD CONSTRAINT web_site_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY session.account
    ADD CONSTRAINT account_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY session.certificate
    ADD CONSTRAINT certificate_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY session.certificate
    ADD CONSTRAINT certificate_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY session.enrol_code
    ADD CONSTRAINT enrol_code_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY session.link
    ADD CONSTRAINT link_account_id_fkey FOREIGN KEY (account_id) REFERENCES session.account(account_id);

ALTER TABLE ONLY session.recovery_code
    ADD CONSTRAINT recovery_code_account_id_fkey FOREIGN KEY (account_id) REFERENCES session.account(account_id);

ALTER TABLE ONLY session.session
    ADD CONSTRAINT session_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

CREATE POLICY "a data-protection officer reads consents" ON core.consent FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 2048) AND (core.level_for(party_id) = 'FULL'::core.see_level)));

CREATE POLICY "a data-protection officer reads contacts, of the pool on reques" ON core.contact_point FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 2048) AND (core.level_for(party_id) = 'FULL'::core.see_level)));

CREATE POLICY "a data-protection officer reads the person of a request" ON core.party FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = 2048));

CREATE POLICY "a data-protection officer reads those cars" ON core.vehicle FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 2048) AND (EXISTS ( SELECT
   FROM core.vehicle_owner o
  WHERE ((o.vehicle_id = vehicle.vehicle_id) AND (o.to_on IS NULL))))));

CREATE POLICY "a data-protection officer reads whose car it is" ON core.vehicle_owner FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 2048) AND (core.level_for(party_id) = 'FULL'::core.see_level)));

CREATE POLICY "a dealer counts the rows its own seats took of an event" ON core.event_quota FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer knows how tasks may end" ON core.task_outcome FOR SELECT TO dealer USING (true);

CREATE POLICY "a dealer knows its own campaigns and the network's by name" ON core.campaign FOR SELECT TO dealer USING ((dealer_id = ANY (ARRAY[( SELECT session.dealer() AS dealer), 0])));

CREATE POLICY "a dealer knows its own people at work" ON core.staff FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer knows the lead of a right of its own" ON core.lead FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer lists the people it has a right on, each role at its l" ON core.dealer_party FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND ((( SELECT session.role_bit() AS role_bit) = 16) OR (core.colleague_seen(colleague_level, grace_level, ends_at, ( SELECT core.expired_to() AS expired_to)) > 'VERDICT'::core.see_level) OR (( SELECT session.staff() AS staff) = ANY (seat_ids)) OR (( SELECT session.staff() AS staff) = ANY (masked_seat_ids)))));

CREATE POLICY "a dealer reads a person it lists" ON core.party FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = party.party_id)))));

CREATE POLICY "a dealer reads consents given to itself and to head office, in " ON core.consent FOR SELECT TO dealer USING (((dealer_id = ANY (ARRAY[( SELECT session.dealer() AS dealer), 0])) AND (EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = consent.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level))))));

CREATE POLICY "a dealer reads its own contacts with people, in full sight" ON core.interaction FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = interaction.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level))))));

CREATE POLICY "a dealer reads its own events and head office's" ON core.event_list FOR SELECT TO dealer USING ((dealer_id = ANY (ARRAY[( SELECT session.dealer() AS dealer), 0])));

CREATE POLICY "a dealer reads its own repair orders, in full sight of the pers" ON core.repair_order FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = repair_order.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level))))));

CREATE POLICY "a dealer reads its own rights" ON core.ownership FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer reads its own sales, in full sight of the person" ON core.sale FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = sale.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level))))));

CREATE POLICY "a dealer reads its own sums per client" ON core.party_summary FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer reads its own touches and head office's to its people" ON core.touch FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) OR ((dealer_id = 0) AND (EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = touch.party_id)))))));

CREATE POLICY "a dealer reads its permissions to serve" ON core.serve_grant FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer reads its receipts" ON core.receipt FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer reads the cars of its people" ON core.vehicle FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.vehicle_owner o
  WHERE ((o.vehicle_id = vehicle.vehicle_id) AND (o.to_on IS NULL)))));

CREATE POLICY "a dealer reads the contacts it was given, in full sight" ON core.contact_point FOR SELECT TO dealer USING ((((COALESCE(source_dealer_id, 0) = 0) OR (source_dealer_id = ( SELECT session.dealer() AS dealer)) OR (( SELECT session.dealer() AS dealer) = ANY (shared_ids))) AND (EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = contact_point.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level))))));

CREATE POLICY "a dealer reads the files its people attached, in full sight" ON core.attachment FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = attachment.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level))))));

CREATE POLICY "a dealer reads the history of its own rights" ON core.ownership_history FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer reads the kinds of evidence" ON core.evidence_kind FOR SELECT TO dealer USING (true);

CREATE POLICY "a dealer reads the lines of its own repair orders, in full sigh" ON core.repair_order_line FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.repair_order o
  WHERE (o.order_id = repair_order_line.order_id))));

CREATE POLICY "a dealer reads the odometer of its people's cars" ON core.odometer_reading FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.vehicle_owner o
  WHERE ((o.vehicle_id = odometer_reading.vehicle_id) AND (o.to_on IS NULL)))));

CREATE POLICY "a dealer reads what its signed orders are worth, in full sight " ON core.signed_order FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.interaction i
  WHERE (i.interaction_id = signed_order.interaction_id))));

CREATE POLICY "a dealer reads whom it waits for, as it typed him" ON core.waiting_claim FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND ((( SELECT session.role_bit() AS role_bit) = 16) OR (staff_id = ( SELECT session.staff() AS staff)))));

CREATE POLICY "a dealer reads whose car it is, in full sight" ON core.vehicle_owner FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = vehicle_owner.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level)))));

CREATE POLICY "a dealer searches the keys of its own people" ON core.dealer_key FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer sees the audiences it saved" ON core.segment FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a manager reads the dealer's imports" ON core.import FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (( SELECT session.role_bit() AS role_bit) = 16)));

CREATE POLICY "a manager reads the rows of the dealer's imports" ON core.import_row FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.import i
  WHERE (i.import_id = import_row.import_id))));

CREATE POLICY "a manager reads what became of the rows of the dealer's imports" ON core.import_result FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.import i
  WHERE (i.import_id = import_result.import_id))));

CREATE POLICY "a manager reads what the dealer uploaded" ON core.upload FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (( SELECT session.role_bit() AS role_bit) = 16)));

CREATE POLICY "a manager reads which files his dealer's people fetched" ON core.export FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (( SELECT session.role_bit() AS role_bit) = 16)));

CREATE POLICY "a manager sees the jobs of the dealer" ON core.job FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (( SELECT session.role_bit() AS role_bit) = 16)));

CREATE POLICY "a router reads everybody's name" ON core.party FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 4) AND (merged_into IS NULL)));

CREATE POLICY "a router reads the cars of the free and the offered" ON core.vehicle_owner FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 4) AND (EXISTS ( SELECT
   FROM core.party p
  WHERE ((p.party_id = vehicle_owner.party_id) AND (p.router_level = 'FULL'::core.see_level))))));

CREATE POLICY "a router reads the consents of the free and the offered" ON core.consent FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 4) AND (EXISTS ( SELECT
   FROM core.party p
  WHERE ((p.party_id = consent.party_id) AND (p.router_level = 'FULL'::core.see_level))))));

CREATE POLICY "a router reads the contacts of the free and the offered" ON core.contact_point FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 4) AND (EXISTS ( SELECT
   FROM core.party p
  WHERE ((p.party_id = contact_point.party_id) AND (p.router_level = 'FULL'::core.see_level))))));

CREATE POLICY "a router reads their odometers" ON core.odometer_reading FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 4) AND (EXISTS ( SELECT
   FROM core.vehicle_owner o
  WHERE ((o.vehicle_id = odometer_reading.vehicle_id) AND (o.to_on IS NULL))))));

CREATE POLICY "a router reads those cars" ON core.vehicle FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 4) AND (EXISTS ( SELECT
   FROM core.vehicle_owner o
  WHERE ((o.vehicle_id = vehicle.vehicle_id) AND (o.to_on IS NULL))))));

CREATE POLICY "a seat reads its own cold rows, a manager the dealer's" ON core.cold_row FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND ((( SELECT session.role_bit() AS role_bit) = 16) OR (staff_id = ( SELECT session.staff() AS staff)))));

CREATE POLICY "a seat reads its own drafts, a manager the dealer's" ON core.draft FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND ((( SELECT session.role_bit() AS role_bit) = 16) OR (staff_id = ( SELECT session.staff() AS staff)))));

CREATE POLICY "a seat reads its own evidence, a manager the dealer's" ON core.evidence FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND ((( SELECT session.role_bit() AS role_bit) = 16) OR (staff_id = ( SELECT session.staff() AS staff)))));

CREATE POLICY "a seat sees its own tasks and the queue's, a manager the team's" ON core.task FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND ((( SELECT session.role_bit() AS role_bit) = 16) OR (seat_id IS NULL) OR (seat_id = ( SELECT session.staff() AS staff)))));

CREATE POLICY "a seat sees the jobs it ordered" ON core.job FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (staff_id = ( SELECT session.staff() AS staff))));

CREATE POLICY "a steward reads everybody's name" ON core.party FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = 1024));

ALTER TABLE core.abc_value ENABLE ROW LEVEL SECURITY;

CREATE POLICY "an administrator and a data-protection officer read which files" ON core.export FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[1, 2048])));

CREATE POLICY "an administrator sees head office's jobs" ON core.job FOR SELECT TO head_office USING (((dealer_id = 0) AND (( SELECT session.role_bit() AS role_bit) = 1)));

CREATE POLICY "an arbiter reads the contacts of a dispute" ON core.contact_point FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 8) AND (EXISTS ( SELECT
   FROM core.ownership o
  WHERE ((o.party_id = contact_point.party_id) AND (o.state = 'DISPUTED'::core.right_state))))));

CREATE POLICY "an arbiter reads the person of a dispute" ON core.party FOR SELECT TO head_office USING (((( SELECT session.role_bit() AS role_bit) = 8) AND (EXISTS ( SELECT
   FROM core.ownership o
  WHERE ((o.party_id = party.party_id) AND (o.state = 'DISPUTED'::core.right_state))))));

CREATE POLICY "an auditor counts changes of rights" ON core.ownership_history FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor counts contacts, without their text" ON core.interaction FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor counts probes" ON core.probe FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor counts repair orders" ON core.repair_order FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor counts rights" ON core.ownership FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor counts sales" ON core.sale FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor knows who works in the network" ON core.staff FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor reads the ledger" ON core.ledger FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor reads the seals" ON core.ledger_seal FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor reads the watch list" ON core.watch_hit FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor reads which files left" ON core.export FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor reads why a row has its verdict" ON core.row_verdict FOR SELECT TO auditor USING (true);

CREATE POLICY "an auditor sees the jobs he ordered" ON core.job FOR SELECT TO auditor USING ((staff_id = ( SELECT session.staff() AS staff)));

ALTER TABLE core.approval ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.approval_kind ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.attachment ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.brand ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.calendar_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.calendar_year ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.call_arrival ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.call_item ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_address ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_lock ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_lock_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_part ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_part_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_permit ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.carve_out ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.choice ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.city ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.clock_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.clock_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.cold_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.company ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.company_contact ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.company_group ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.company_group_member ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.consent ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.contact_point ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.credit ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_brand ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_group ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_month ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_party ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_quality ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_share ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_stock ENABLE ROW LEVEL SECURITY;

CREATE POLICY "decisions of the engine see every row" ON core.abc_value TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.approval TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.approval_kind TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.attachment TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.brand TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.calendar_day TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.calendar_year TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.call_arrival TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.call_item TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_address TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_count TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_lock TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_lock_history TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_part TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_part_count TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_permit TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.carve_out TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.choice TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.city TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.clock_mark TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.clock_state TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.cold_row TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.company TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.company_contact TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.company_group TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.company_group_member TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.consent TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.contact_point TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.credit TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_brand TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_group TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_key TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_month TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_party TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_quality TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_share TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_stock TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dispute TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dispute_evidence TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dispute_finding TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dispute_seat TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dispute_step TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dispute_transition TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.draft TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.duplicate TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.erasure TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.event TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.event_list TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.event_quota TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.evidence TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.evidence_kind TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.exchange_row TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.export TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.file_gone TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.fleet_driver TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.follow_up TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.household TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.household_link TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.import TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.import_mapping TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.import_result TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.import_row TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.interaction TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.job TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.key_account TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.lead TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.lead_answer TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.ledger TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.ledger_seal TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.line_group TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.link_gap TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.link_watch TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.match_key TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.match_weight TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.merge TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.merge_right TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.merge_row TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.message TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.model TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.notice TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.notice_kind TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.notice_setting TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.notice_template TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.occasion TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.odometer_reading TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.outage TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.outbox TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.ownership TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.ownership_history TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.party TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.party_alias TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.party_mark TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.party_reference TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.party_summary TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.party_total TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.personal_data TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.phone_area TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.policy TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.privacy_request TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.probe TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.receipt TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.recipient TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.region TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.region_alias TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.rekey TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.repair_order TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.repair_order_line TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.review TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.right_kpi TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.right_stage TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.right_transition TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.route_decision TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.route_wheel TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.routing_version TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.row_verdict TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.sale TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.sample TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.saved_view TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.seat_mark TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.segment TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.segment_attribute TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.sender_epoch TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.serve_grant TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.serve_visit TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.service_move TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.setting TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.signed_order TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.staff TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.staff_tie TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.stop_key TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.task TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.task_outcome TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.territory TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.touch TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.transfer TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.transfer_batch TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.transfer_batch_plan TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.transfer_batch_right TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.transfer_told TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.unmask_grant TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.upload TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.vehicle TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.vehicle_lease TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.vehicle_owner TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.visibility TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.visibility_case TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.waiting_claim TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.waiting_list TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.watch_hit TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.web_lead TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.web_site TO engine USING (true) WITH CHECK (true);

ALTER TABLE core.dispute ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dispute_evidence ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dispute_finding ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dispute_seat ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dispute_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dispute_transition ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.draft ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.duplicate ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.erasure ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.event ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.event_list ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.event_quota ENABLE ROW LEVEL SECURITY;

CREATE POLICY "everybody at work reads the network's own words" ON core.brand FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.calendar_day FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.calendar_year FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.city FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.dealer FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.dealer_brand FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.line_group FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.model FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.policy FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.right_transition FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.setting FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.visibility FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads what needs a second person" ON core.approval_kind FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody knows what he may be told" ON core.notice_kind FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody may read the catalogue of conditions" ON core.segment_attribute FOR SELECT TO dealer, head_office USING (true);

CREATE POLICY "everybody reads his own notices" ON core.notice FOR SELECT TO dealer, head_office, auditor USING ((staff_id = ( SELECT session.staff() AS staff)));

CREATE POLICY "everybody reads his own views" ON core.saved_view FOR SELECT TO dealer, head_office, auditor USING ((staff_id = ( SELECT session.staff() AS staff)));

CREATE POLICY "everybody reads how he himself is told" ON core.notice_setting FOR SELECT TO dealer, head_office, auditor USING ((staff_id = ( SELECT session.staff() AS staff)));

CREATE POLICY "everybody reads the files he fetched himself" ON core.export FOR SELECT TO dealer, head_office USING ((staff_id = ( SELECT session.staff() AS staff)));

ALTER TABLE core.evidence ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.evidence_kind ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.exchange_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.export ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.file_gone ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.fleet_driver ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.follow_up ENABLE ROW LEVEL SECURITY;

CREATE POLICY "head office and auditors read how long the network stood still" ON core.outage FOR SELECT TO head_office, auditor USING (true);

CREATE POLICY "head office counts the rows taken of its events" ON core.event_quota FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[1, 2, 4])));

CREATE POLICY "head office knows who works in the network" ON core.staff FOR SELECT TO head_office USING (true);

CREATE POLICY "head office reads its own events" ON core.event_list FOR SELECT TO head_office USING (((dealer_id = 0) AND (( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[1, 2, 4]))));

CREATE POLICY "head office sees the audiences it saved" ON core.segment FOR SELECT TO head_office USING ((dealer_id = 0));

CREATE POLICY "head office sees the jobs it ordered" ON core.job FOR SELECT TO head_office USING (((dealer_id = 0) AND (staff_id = ( SELECT session.staff() AS staff))));

ALTER TABLE core.household ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.household_link ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.import ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.import_mapping ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.import_result ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.import_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.interaction ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.job ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.key_account ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.lead ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.lead_answer ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ledger ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ledger_seal ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.line_group ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.link_gap ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.link_watch ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.match_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.match_weight ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.merge ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.merge_right ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.merge_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.message ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.model ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.notice ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.notice_kind ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.notice_setting ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.notice_template ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.occasion ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.odometer_reading ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.outage ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ownership ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ownership_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.party ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.party_alias ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.party_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.party_reference ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.party_summary ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.party_total ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.personal_data ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.phone_area ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.policy ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.privacy_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.probe ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.receipt ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.recipient ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.region ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.region_alias ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.rekey ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.repair_order ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.repair_order_line ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.review ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.right_kpi ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.right_stage ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.right_transition ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.route_decision ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.route_wheel ENABLE ROW LEVEL SECURITY;

CREATE POLICY "routers and arbiters read all rights" ON core.ownership FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[4, 8])));

CREATE POLICY "routers and arbiters read leads on their way" ON core.lead FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[4, 8])));

CREATE POLICY "routers and arbiters read the history of rights" ON core.ownership_history FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[4, 8])));

CREATE POLICY "routers and arbiters read why a lead went where" ON core.route_decision FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[4, 8])));

ALTER TABLE core.routing_version ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.row_verdict ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.sale ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.sample ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.saved_view ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.seat_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.segment ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.segment_attribute ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.sender_epoch ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.serve_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.serve_visit ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.service_move ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.setting ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.signed_order ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.staff ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.staff_tie ENABLE ROW LEVEL SECURITY;

CREATE POLICY "stewards and data-protection officers read all rights" ON core.ownership FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[1024, 2048])));

ALTER TABLE core.stop_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.task ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.task_outcome ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.territory ENABLE ROW LEVEL SECURITY;

CREATE POLICY "the binder ends streams" ON core.event FOR INSERT TO binder WITH CHECK (true);

CREATE POLICY "the binder knows the dealers" ON core.dealer TO binder USING (true);

CREATE POLICY "the binder knows the staff" ON core.staff TO binder USING (true);

CREATE POLICY "the binder knows who ordered a job" ON core.job FOR SELECT TO binder USING (true);

CREATE POLICY "the binder writes the audit of reads" ON core.ledger FOR INSERT TO binder WITH CHECK (true);

CREATE POLICY "the data steward reads which people may be one" ON core.duplicate FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = 1024));

ALTER TABLE core.touch ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.transfer ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.transfer_batch ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.transfer_batch_plan ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.transfer_batch_right ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.transfer_told ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.unmask_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.upload ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.vehicle ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.vehicle_lease ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.vehicle_owner ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.visibility ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.visibility_case ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.waiting_claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.waiting_list ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.watch_hit ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.web_lead ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.web_site ENABLE ROW LEVEL SECURITY;

CREATE POLICY "who asks and who may decide reads an approval" ON core.approval FOR SELECT TO dealer, head_office, auditor USING (((asked_by = ( SELECT session.staff() AS staff)) OR (((( SELECT session.dealer() AS dealer) IS NULL) OR (dealer_id = ( SELECT session.dealer() AS dealer))) AND (EXISTS ( SELECT
   FROM core.approval_kind k
  WHERE ((k.kind = approval.kind) AND ((k.roles & ( SELECT session.role_bit() AS role_bit)) > 0)))))));

ALTER TABLE session.account ENABLE ROW LEVEL SECURITY;

ALTER TABLE session.certificate ENABLE ROW LEVEL SECURITY;

ALTER TABLE session.challenge ENABLE ROW LEVEL SECURITY;

ALTER TABLE session.enrol_code ENABLE ROW LEVEL SECURITY;

CREATE POLICY "everybody sees where he himself is signed in" ON session.session FOR SELECT TO dealer, head_office, auditor USING ((staff_id = ( SELECT session.staff() AS staff)));

ALTER TABLE session.failure ENABLE ROW LEVEL SECURITY;

ALTER TABLE session.idempotency ENABLE ROW LEVEL SECURITY;

ALTER TABLE session.link ENABLE ROW LEVEL SECURITY;

ALTER TABLE session.recovery_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE session.session ENABLE ROW LEVEL SECURITY;

CREATE POLICY "sessions are known to the binder" ON session.account TO binder USING (true) WITH CHECK (true);

CREATE POLICY "sessions are known to the binder" ON session.certificate TO binder USING (true) WITH CHECK (true);

CREATE POLICY "sessions are known to the binder" ON session.challenge TO binder USING (true) WITH CHECK (true);

CREATE POLICY "sessions are known to the binder" ON session.enrol_code TO binder USING (true) WITH CHECK (true);

CREATE POLICY "sessions are known to the binder" ON session.failure TO binder USING (true) WITH CHECK (true);

CREATE POLICY "sessions are known to the binder" ON session.idempotency TO binder USING (true) WITH CHECK (true);

CREATE POLICY "sessions are known to the binder" ON session.link TO binder USING (true) WITH CHECK (true);

CREATE POLICY "sessions are known to the binder" ON session.recovery_code TO binder USING (true) WITH CHECK (true);

CREATE POLICY "sessions are known to the binder" ON session.session TO binder USING (true) WITH CHECK (true);

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.approval TO engine;
GRANT SELECT ON TABLE core.approval TO dealer;
GRANT SELECT ON TABLE core.approval TO head_office;
GRANT SELECT ON TABLE core.approval TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.approval_kind TO engine;
GRANT SELECT ON TABLE core.approval_kind TO dealer;
GRANT SELECT ON TABLE core.approval_kind TO head_office;
GRANT SELECT ON TABLE core.approval_kind TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.staff TO engine;
GRANT SELECT ON TABLE core.staff TO binder;

GRANT SELECT(staff_id) ON TABLE core.staff TO auditor;
GRANT SELECT(staff_id) ON TABLE core.staff TO dealer;
GRANT SELECT(staff_id) ON TABLE core.staff TO head_office;

GRANT SELECT(public_id) ON TABLE core.staff TO auditor;
GRANT SELECT(public_id) ON TABLE core.staff TO dealer;
GRANT SELECT(public_id) ON TABLE core.staff TO head_office;

GRANT SELECT(dealer_id) ON TABLE core.staff TO auditor;
GRANT SELECT(dealer_id) ON TABLE core.staff TO dealer;
GRANT SELECT(dealer_id) ON TABLE core.staff TO head_office;

GRANT SELECT(role) ON TABLE core.staff TO auditor;
GRANT SELECT(role) ON TABLE core.staff TO dealer;
GRANT SELECT(role) ON TABLE core.staff TO head_office;

GRANT SELECT(name) ON TABLE core.staff TO auditor;
GRANT SELECT(name) ON TABLE core.staff TO dealer;
GRANT SELECT(name) ON TABLE core.staff TO head_office;

GRANT SELECT(is_active) ON TABLE core.staff TO auditor;
GRANT SELECT(is_active) ON TABLE core.staff TO dealer;
GRANT SELECT(is_active) ON TABLE core.staff TO head_office;

GRANT SELECT(role_bit) ON TABLE core.staff TO auditor;
GRANT SELECT(role_bit) ON TABLE core.staff TO dealer;
GRANT SELECT(role_bit) ON TABLE core.staff TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.attachment TO engine;
GRANT SELECT ON TABLE core.attachment TO dealer;
GRANT SELECT ON TABLE core.attachment TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_party TO engine;
GRANT SELECT ON TABLE core.dealer_party TO dealer;
GRANT SELECT ON TABLE core.dealer_party TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.calendar_day TO engine;
GRANT SELECT ON TABLE core.calendar_day TO dealer;
GRANT SELECT ON TABLE core.calendar_day TO head_office;
GRANT SELECT ON TABLE core.calendar_day TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.calendar_year TO engine;
GRANT SELECT ON TABLE core.calendar_year TO dealer;
GRANT SELECT ON TABLE core.calendar_year TO head_office;
GRANT SELECT ON TABLE core.calendar_year TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.cold_row TO engine;
GRANT SELECT ON TABLE core.cold_row TO dealer;
GRANT SELECT ON TABLE core.cold_row TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.event_list TO engine;
GRANT SELECT ON TABLE core.event_list TO dealer;
GRANT SELECT ON TABLE core.event_list TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.draft TO engine;
GRANT SELECT ON TABLE core.draft TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.event_quota TO engine;
GRANT SELECT ON TABLE core.event_quota TO dealer;
GRANT SELECT ON TABLE core.event_quota TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.evidence TO engine;
GRANT SELECT ON TABLE core.evidence TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.evidence_kind TO engine;
GRANT SELECT ON TABLE core.evidence_kind TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer TO engine;
GRANT SELECT ON TABLE core.dealer TO binder;

GRANT SELECT(dealer_id) ON TABLE core.dealer TO dealer;
GRANT SELECT(dealer_id) ON TABLE core.dealer TO head_office;
GRANT SELECT(dealer_id) ON TABLE core.dealer TO auditor;

GRANT SELECT(public_id) ON TABLE core.dealer TO dealer;
GRANT SELECT(public_id) ON TABLE core.dealer TO head_office;
GRANT SELECT(public_id) ON TABLE core.dealer TO auditor;

GRANT SELECT(name) ON TABLE core.dealer TO dealer;
GRANT SELECT(name) ON TABLE core.dealer TO head_office;
GRANT SELECT(name) ON TABLE core.dealer TO auditor;

GRANT SELECT(city) ON TABLE core.dealer TO dealer;
GRANT SELECT(city) ON TABLE core.dealer TO head_office;
GRANT SELECT(city) ON TABLE core.dealer TO auditor;

GRANT SELECT(time_zone) ON TABLE core.dealer TO dealer;
GRANT SELECT(time_zone) ON TABLE core.dealer TO head_office;
GRANT SELECT(time_zone) ON TABLE core.dealer TO auditor;

GRANT SELECT(area_code) ON TABLE core.dealer TO dealer;
GRANT SELECT(area_code) ON TABLE core.dealer TO head_office;
GRANT SELECT(area_code) ON TABLE core.dealer TO auditor;

GRANT SELECT(is_active) ON TABLE core.dealer TO dealer;
GRANT SELECT(is_active) ON TABLE core.dealer TO head_office;
GRANT SELECT(is_active) ON TABLE core.dealer TO auditor;

GRANT SELECT(opens_at) ON TABLE core.dealer TO dealer;
GRANT SELECT(opens_at) ON TABLE core.dealer TO head_office;
GRANT SELECT(opens_at) ON TABLE core.dealer TO auditor;

GRANT SELECT(closes_at) ON TABLE core.dealer TO dealer;
GRANT SELECT(closes_at) ON TABLE core.dealer TO head_office;
GRANT SELECT(closes_at) ON TABLE core.dealer TO auditor;

GRANT SELECT(work_days) ON TABLE core.dealer TO dealer;
GRANT SELECT(work_days) ON TABLE core.dealer TO head_office;
GRANT SELECT(work_days) ON TABLE core.dealer TO auditor;

GRANT SELECT(version) ON TABLE core.dealer TO dealer;
GRANT SELECT(version) ON TABLE core.dealer TO head_office;
GRANT SELECT(version) ON TABLE core.dealer TO auditor;

GRANT SELECT(country) ON TABLE core.dealer TO dealer;
GRANT SELECT(country) ON TABLE core.dealer TO head_office;
GRANT SELECT(country) ON TABLE core.dealer TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.export TO engine;
GRANT SELECT ON TABLE core.export TO dealer;
GRANT SELECT ON TABLE core.export TO head_office;
GRANT SELECT ON TABLE core.export TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.import TO engine;
GRANT SELECT ON TABLE core.import TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.import_result TO engine;
GRANT SELECT ON TABLE core.import_result TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.import_row TO engine;
GRANT SELECT ON TABLE core.import_row TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.job TO engine;
GRANT SELECT ON TABLE core.job TO binder;
GRANT SELECT ON TABLE core.job TO dealer;
GRANT SELECT ON TABLE core.job TO head_office;
GRANT SELECT ON TABLE core.job TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.upload TO engine;
GRANT SELECT ON TABLE core.upload TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.lead TO engine;
GRANT SELECT ON TABLE core.lead TO head_office;

GRANT SELECT(lead_id) ON TABLE core.lead TO dealer;

GRANT SELECT(public_id) ON TABLE core.lead TO dealer;

GRANT SELECT(party_id) ON TABLE core.lead TO dealer;

GRANT SELECT(brand_id) ON TABLE core.lead TO dealer;

GRANT SELECT(line) ON TABLE core.lead TO dealer;

GRANT SELECT(state) ON TABLE core.lead TO dealer;

GRANT SELECT(came_at) ON TABLE core.lead TO dealer;

GRANT SELECT(due_at) ON TABLE core.lead TO dealer;

GRANT SELECT(source) ON TABLE core.lead TO dealer;

GRANT SELECT(interest) ON TABLE core.lead TO dealer;

GRANT SELECT(ownership_id) ON TABLE core.lead TO dealer;

GRANT SELECT(dealer_id) ON TABLE core.lead TO dealer;

GRANT SELECT(decisions) ON TABLE core.lead TO dealer;

GRANT SELECT(desk_at) ON TABLE core.lead TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.ownership TO engine;
GRANT SELECT ON TABLE core.ownership TO dealer;
GRANT SELECT ON TABLE core.ownership TO head_office;

GRANT SELECT(ownership_id) ON TABLE core.ownership TO auditor;

GRANT SELECT(party_id) ON TABLE core.ownership TO auditor;

GRANT SELECT(brand_id) ON TABLE core.ownership TO auditor;

GRANT SELECT(line) ON TABLE core.ownership TO auditor;

GRANT SELECT(dealer_id) ON TABLE core.ownership TO auditor;

GRANT SELECT(state) ON TABLE core.ownership TO auditor;

GRANT SELECT(reason) ON TABLE core.ownership TO auditor;

GRANT SELECT(lost) ON TABLE core.ownership TO auditor;

GRANT SELECT(since) ON TABLE core.ownership TO auditor;

GRANT SELECT(registered_at) ON TABLE core.ownership TO auditor;

GRANT SELECT(accept_until) ON TABLE core.ownership TO auditor;

GRANT SELECT(contact_until) ON TABLE core.ownership TO auditor;

GRANT SELECT(first_contact_at) ON TABLE core.ownership TO auditor;

GRANT SELECT(protect_until) ON TABLE core.ownership TO auditor;

GRANT SELECT(limit_until) ON TABLE core.ownership TO auditor;

GRANT SELECT(free_from) ON TABLE core.ownership TO auditor;

GRANT SELECT(manual_run) ON TABLE core.ownership TO auditor;

GRANT SELECT(source) ON TABLE core.ownership TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.party TO engine;
GRANT SELECT ON TABLE core.party TO dealer;
GRANT SELECT ON TABLE core.party TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.route_decision TO engine;
GRANT SELECT ON TABLE core.route_decision TO dealer;
GRANT SELECT ON TABLE core.route_decision TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.ledger TO engine;
GRANT SELECT ON TABLE core.ledger TO auditor;
GRANT INSERT ON TABLE core.ledger TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.notice_kind TO engine;
GRANT SELECT ON TABLE core.notice_kind TO dealer;
GRANT SELECT ON TABLE core.notice_kind TO head_office;
GRANT SELECT ON TABLE core.notice_kind TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.notice_setting TO engine;
GRANT SELECT ON TABLE core.notice_setting TO dealer;
GRANT SELECT ON TABLE core.notice_setting TO head_office;
GRANT SELECT ON TABLE core.notice_setting TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.notice TO engine;
GRANT SELECT ON TABLE core.notice TO dealer;
GRANT SELECT ON TABLE core.notice TO head_office;
GRANT SELECT ON TABLE core.notice TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.repair_order TO engine;
GRANT SELECT ON TABLE core.repair_order TO dealer;
GRANT SELECT ON TABLE core.repair_order TO head_office;

GRANT SELECT(order_id) ON TABLE core.repair_order TO auditor;

GRANT SELECT(dealer_id) ON TABLE core.repair_order TO auditor;

GRANT SELECT(party_id) ON TABLE core.repair_order TO auditor;

GRANT SELECT(brand_id) ON TABLE core.repair_order TO auditor;

GRANT SELECT(opened_on) ON TABLE core.repair_order TO auditor;

GRANT SELECT(amount_kopecks) ON TABLE core.repair_order TO auditor;

GRANT SELECT(is_paid) ON TABLE core.repair_order TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.repair_order_line TO engine;
GRANT SELECT ON TABLE core.repair_order_line TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.outage TO engine;
GRANT SELECT ON TABLE core.outage TO head_office;
GRANT SELECT ON TABLE core.outage TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.policy TO engine;
GRANT SELECT ON TABLE core.policy TO dealer;
GRANT SELECT ON TABLE core.policy TO head_office;
GRANT SELECT ON TABLE core.policy TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.receipt TO engine;
GRANT SELECT ON TABLE core.receipt TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.segment TO engine;
GRANT SELECT ON TABLE core.segment TO dealer;
GRANT SELECT ON TABLE core.segment TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.session TO binder;

GRANT SELECT(session_id) ON TABLE session.session TO dealer;
GRANT SELECT(session_id) ON TABLE session.session TO head_office;
GRANT SELECT(session_id) ON TABLE session.session TO auditor;

GRANT SELECT(public_id) ON TABLE session.session TO dealer;
GRANT SELECT(public_id) ON TABLE session.session TO head_office;
GRANT SELECT(public_id) ON TABLE session.session TO auditor;

GRANT SELECT(staff_id) ON TABLE session.session TO dealer;
GRANT SELECT(staff_id) ON TABLE session.session TO head_office;
GRANT SELECT(staff_id) ON TABLE session.session TO auditor;

GRANT SELECT(agent) ON TABLE session.session TO dealer;
GRANT SELECT(agent) ON TABLE session.session TO head_office;
GRANT SELECT(agent) ON TABLE session.session TO auditor;

GRANT SELECT(address) ON TABLE session.session TO dealer;
GRANT SELECT(address) ON TABLE session.session TO head_office;
GRANT SELECT(address) ON TABLE session.session TO auditor;

GRANT SELECT(created_at) ON TABLE session.session TO dealer;
GRANT SELECT(created_at) ON TABLE session.session TO head_office;
GRANT SELECT(created_at) ON TABLE session.session TO auditor;

GRANT SELECT(seen_at) ON TABLE session.session TO dealer;
GRANT SELECT(seen_at) ON TABLE session.session TO head_office;
GRANT SELECT(seen_at) ON TABLE session.session TO auditor;

GRANT SELECT(idle_until) ON TABLE session.session TO dealer;
GRANT SELECT(idle_until) ON TABLE session.session TO head_office;
GRANT SELECT(idle_until) ON TABLE session.session TO auditor;

GRANT SELECT(expires_at) ON TABLE session.session TO dealer;
GRANT SELECT(expires_at) ON TABLE session.session TO head_office;
GRANT SELECT(expires_at) ON TABLE session.session TO auditor;

GRANT SELECT(revoked_at) ON TABLE session.session TO dealer;
GRANT SELECT(revoked_at) ON TABLE session.session TO head_office;
GRANT SELECT(revoked_at) ON TABLE session.session TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.task_outcome TO engine;
GRANT SELECT ON TABLE core.task_outcome TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.task TO engine;
GRANT SELECT ON TABLE core.task TO dealer;
GRANT SELECT ON TABLE core.task TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign TO engine;
GRANT SELECT ON TABLE core.campaign TO head_office;

GRANT SELECT(campaign_id) ON TABLE core.campaign TO dealer;

GRANT SELECT(public_id) ON TABLE core.campaign TO dealer;

GRANT SELECT(dealer_id) ON TABLE core.campaign TO dealer;

GRANT SELECT(name) ON TABLE core.campaign TO dealer;

GRANT SELECT(class) ON TABLE core.campaign TO dealer;

GRANT SELECT(channel) ON TABLE core.campaign TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.consent TO engine;
GRANT SELECT ON TABLE core.consent TO dealer;
GRANT SELECT ON TABLE core.consent TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.interaction TO engine;
GRANT SELECT ON TABLE core.interaction TO dealer;
GRANT SELECT ON TABLE core.interaction TO head_office;

GRANT SELECT(interaction_id) ON TABLE core.interaction TO auditor;

GRANT SELECT(party_id) ON TABLE core.interaction TO auditor;

GRANT SELECT(dealer_id) ON TABLE core.interaction TO auditor;

GRANT SELECT(staff_id) ON TABLE core.interaction TO auditor;

GRANT SELECT(kind) ON TABLE core.interaction TO auditor;

GRANT SELECT(at) ON TABLE core.interaction TO auditor;

GRANT SELECT(recorded_at) ON TABLE core.interaction TO auditor;

GRANT SELECT(is_manual) ON TABLE core.interaction TO auditor;

GRANT SELECT(is_qualifying) ON TABLE core.interaction TO auditor;

GRANT SELECT(campaign_id) ON TABLE core.interaction TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.ownership_history TO engine;
GRANT SELECT ON TABLE core.ownership_history TO auditor;
GRANT SELECT ON TABLE core.ownership_history TO dealer;
GRANT SELECT ON TABLE core.ownership_history TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.sale TO engine;
GRANT SELECT ON TABLE core.sale TO dealer;
GRANT SELECT ON TABLE core.sale TO head_office;

GRANT SELECT(sale_id) ON TABLE core.sale TO auditor;

GRANT SELECT(dealer_id) ON TABLE core.sale TO auditor;

GRANT SELECT(party_id) ON TABLE core.sale TO auditor;

GRANT SELECT(brand_id) ON TABLE core.sale TO auditor;

GRANT SELECT(line) ON TABLE core.sale TO auditor;

GRANT SELECT(sold_on) ON TABLE core.sale TO auditor;

GRANT SELECT(amount_kopecks) ON TABLE core.sale TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.signed_order TO engine;
GRANT SELECT ON TABLE core.signed_order TO dealer;
GRANT SELECT ON TABLE core.signed_order TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.touch TO engine;
GRANT SELECT ON TABLE core.touch TO head_office;

GRANT SELECT(touch_id) ON TABLE core.touch TO dealer;

GRANT SELECT(party_id) ON TABLE core.touch TO dealer;

GRANT SELECT(channel) ON TABLE core.touch TO dealer;

GRANT SELECT(campaign_id) ON TABLE core.touch TO dealer;

GRANT SELECT(dealer_id) ON TABLE core.touch TO dealer;

GRANT SELECT(at) ON TABLE core.touch TO dealer;

GRANT SELECT(returned_at) ON TABLE core.touch TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.vehicle TO engine;
GRANT SELECT ON TABLE core.vehicle TO dealer;
GRANT SELECT ON TABLE core.vehicle TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.saved_view TO engine;
GRANT SELECT ON TABLE core.saved_view TO dealer;
GRANT SELECT ON TABLE core.saved_view TO head_office;
GRANT SELECT ON TABLE core.saved_view TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.waiting_claim TO engine;

GRANT SELECT(brand_id) ON TABLE core.waiting_claim TO dealer;

GRANT SELECT(line) ON TABLE core.waiting_claim TO dealer;

GRANT SELECT(dealer_id) ON TABLE core.waiting_claim TO dealer;

GRANT SELECT(staff_id) ON TABLE core.waiting_claim TO dealer;

GRANT SELECT(at) ON TABLE core.waiting_claim TO dealer;

GRANT SELECT(public_id) ON TABLE core.waiting_claim TO dealer;

GRANT SELECT(typed) ON TABLE core.waiting_claim TO dealer;

GRANT SELECT(claim_from) ON TABLE core.waiting_claim TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.watch_hit TO engine;
GRANT SELECT ON TABLE core.watch_hit TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dispute TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.transfer_batch TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.call_item TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.carve_out TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.choice TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.company TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.credit TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.duplicate TO engine;
GRANT SELECT ON TABLE core.duplicate TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.exchange_row TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.company_group TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.serve_grant TO engine;
GRANT SELECT ON TABLE core.serve_grant TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.household_link TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.contact_point TO engine;
GRANT SELECT ON TABLE core.contact_point TO dealer;
GRANT SELECT ON TABLE core.contact_point TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.key_account TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.merge TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.service_move TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_permit TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.erasure TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.privacy_request TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.row_verdict TO engine;
GRANT SELECT ON TABLE core.row_verdict TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.sample TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_share TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.transfer TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.web_lead TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.web_site TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.abc_value TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.brand TO engine;
GRANT SELECT ON TABLE core.brand TO dealer;
GRANT SELECT ON TABLE core.brand TO head_office;
GRANT SELECT ON TABLE core.brand TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.call_arrival TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_address TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_count TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_lock TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_lock_history TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_part TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_part_count TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.city TO engine;
GRANT SELECT ON TABLE core.city TO dealer;
GRANT SELECT ON TABLE core.city TO head_office;
GRANT SELECT ON TABLE core.city TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.clock_mark TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.clock_state TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.company_contact TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.company_group_member TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_brand TO engine;
GRANT SELECT ON TABLE core.dealer_brand TO dealer;
GRANT SELECT ON TABLE core.dealer_brand TO head_office;
GRANT SELECT ON TABLE core.dealer_brand TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_group TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_key TO engine;
GRANT SELECT ON TABLE core.dealer_key TO dealer;
GRANT SELECT ON TABLE core.dealer_key TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_month TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_quality TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_stock TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dispute_evidence TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dispute_finding TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dispute_seat TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dispute_step TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dispute_transition TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.event TO engine;
GRANT INSERT ON TABLE core.event TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.file_gone TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.fleet_driver TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.follow_up TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.household TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.import_mapping TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.lead_answer TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.ledger_seal TO engine;
GRANT SELECT ON TABLE core.ledger_seal TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.line_group TO engine;
GRANT SELECT ON TABLE core.line_group TO dealer;
GRANT SELECT ON TABLE core.line_group TO head_office;
GRANT SELECT ON TABLE core.line_group TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.link_gap TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.link_watch TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.match_key TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.match_weight TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.merge_right TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.merge_row TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.message TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.model TO engine;
GRANT SELECT ON TABLE core.model TO dealer;
GRANT SELECT ON TABLE core.model TO head_office;
GRANT SELECT ON TABLE core.model TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.notice_template TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.occasion TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.odometer_reading TO engine;
GRANT SELECT ON TABLE core.odometer_reading TO dealer;
GRANT SELECT ON TABLE core.odometer_reading TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.outbox TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.party_alias TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.party_mark TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.party_reference TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.party_summary TO engine;
GRANT SELECT ON TABLE core.party_summary TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.party_total TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.personal_data TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.phone_area TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.probe TO engine;

GRANT SELECT(dealer_id) ON TABLE core.probe TO auditor;

GRANT SELECT(staff_id) ON TABLE core.probe TO auditor;

GRANT SELECT(at) ON TABLE core.probe TO auditor;

GRANT SELECT(verdict) ON TABLE core.probe TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.recipient TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.region TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.region_alias TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.rekey TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.review TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.right_kpi TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.right_stage TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.right_transition TO engine;
GRANT SELECT ON TABLE core.right_transition TO dealer;
GRANT SELECT ON TABLE core.right_transition TO head_office;
GRANT SELECT ON TABLE core.right_transition TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.route_wheel TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.routing_version TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.seat_mark TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.segment_attribute TO engine;
GRANT SELECT ON TABLE core.segment_attribute TO dealer;
GRANT SELECT ON TABLE core.segment_attribute TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.sender_epoch TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.serve_visit TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.setting TO engine;
GRANT SELECT ON TABLE core.setting TO dealer;
GRANT SELECT ON TABLE core.setting TO head_office;
GRANT SELECT ON TABLE core.setting TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.staff_tie TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.stop_key TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.territory TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.transfer_batch_plan TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.transfer_batch_right TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.transfer_told TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.unmask_grant TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.vehicle_lease TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.vehicle_owner TO engine;
GRANT SELECT ON TABLE core.vehicle_owner TO dealer;
GRANT SELECT ON TABLE core.vehicle_owner TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.visibility TO engine;
GRANT SELECT ON TABLE core.visibility TO dealer;
GRANT SELECT ON TABLE core.visibility TO head_office;
GRANT SELECT ON TABLE core.visibility TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.visibility_case TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.waiting_list TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.account TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.certificate TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.challenge TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.enrol_code TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.failure TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.idempotency TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.link TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.recovery_code TO binder;

