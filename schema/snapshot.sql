-- SPDX-License-Identifier: Apache-2.0
-- Written by deploy/snapshot from a fresh database: types, tables, keys, indexes, triggers, policies, privileges. Not applied by anything.

CREATE SCHEMA core;

CREATE SCHEMA session;

CREATE TYPE core.call_result AS ENUM (
    'agreed',
    'call_back',
    'refused',
    'no_answer',
    'wrong_number',
    'do_not_call'
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

CREATE TYPE core.campaign_channel AS ENUM (
    'EMAIL',
    'CALL'
);

CREATE TYPE core.competition_group AS ENUM (
    'SALES',
    'AFTERSALES',
    'RELATION'
);

CREATE TYPE core.line AS ENUM (
    'NEW',
    'USED',
    'FLEET',
    'SERVICE',
    'PARTS',
    'FIN'
);

CREATE TYPE core.task_state AS ENUM (
    'OPEN',
    'DONE',
    'CANCELLED'
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
    'stopped'
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

CREATE TYPE core.verdict AS ENUM (
    'FREE',
    'YOURS',
    'PROTECTED',
    'IN_GRACE',
    'DISPUTED',
    'HQ',
    'OPTED_OUT'
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
    'system'
);

CREATE TYPE core.activity_result AS (
	interaction_id bigint,
	public_id uuid,
	is_qualifying boolean,
	protect_until timestamp with time zone,
	rule text
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
	ver_before integer
);

CREATE TYPE core.intake_result AS (
	verdict text,
	code text,
	receipt text,
	rule text,
	field text,
	party_id bigint,
	undo jsonb
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

CREATE TYPE core.key_kind AS ENUM (
    'PHONE',
    'EMAIL',
    'VIN',
    'PLATE',
    'INN',
    'SOURCE'
);

CREATE DOMAIN core.kopecks AS bigint
	CONSTRAINT kopecks_range CHECK (((VALUE >= '-1000000000000000'::bigint) AND (VALUE <= '1000000000000000'::bigint)));

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

CREATE TYPE core.party_key AS (
	kind core.key_kind,
	value text
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
	visit_after date
);

CREATE TYPE core.people_sort AS ENUM (
    'name',
    '-updated',
    '-last_visit',
    'protect_until'
);

CREATE DOMAIN core.phone_e164 AS text
	CONSTRAINT phone_e164_format CHECK ((VALUE ~ '^\+[1-9][0-9]{5,14}$'::text));

CREATE TYPE core.proof AS (
	verdict text,
	ownership_id bigint,
	ver_before integer
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
	receipt_sha256 text
);

CREATE TYPE core.registration_given AS (
	keys core.party_key[],
	brand_id smallint
);

CREATE DOMAIN core.search_text AS text
	CONSTRAINT search_text_length CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 100)));

CREATE DOMAIN core.short_text AS text
	CONSTRAINT short_text_length CHECK ((length(VALUE) <= 400));

CREATE DOMAIN core.vin AS text
	CONSTRAINT vin_format CHECK ((VALUE ~ '^[A-HJ-NPR-Z0-9]{17}$'::text));

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
    name_sort text NOT NULL COLLATE pg_catalog."ru-x-icu",
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
    masked_seat_ids bigint[] DEFAULT '{}'::bigint[] NOT NULL
)
WITH (fillfactor='85');

ALTER TABLE ONLY core.dealer_party FORCE ROW LEVEL SECURITY;

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
    ELSE 512
END) STORED NOT NULL,
    version integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT core.now() NOT NULL,
    CONSTRAINT staff_check CHECK (((dealer_id = 0) = (role = ANY (ARRAY['admin'::core.staff_role, 'marketer'::core.staff_role, 'router'::core.staff_role, 'arbiter'::core.staff_role, 'auditor'::core.staff_role])))),
    CONSTRAINT staff_lang_check CHECK ((lang = ANY (ARRAY['ru'::text, 'en'::text])))
);

ALTER TABLE ONLY core.staff FORCE ROW LEVEL SECURITY;

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
    CONSTRAINT import_kind_check CHECK ((kind = ANY (ARRAY['client'::text, 'vehicle'::text, 'repair_order'::text, 'sale'::text])))
);

ALTER TABLE ONLY core.import FORCE ROW LEVEL SECURITY;

CREATE TABLE core.import_row (
    import_id bigint NOT NULL,
    line_no integer NOT NULL,
    cells jsonb NOT NULL,
    verdict text,
    field text,
    error text,
    party_id bigint,
    receipt text,
    undo jsonb
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
    created_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.dealer FORCE ROW LEVEL SECURITY;

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
    CONSTRAINT party_sex_check CHECK ((sex = ANY (ARRAY['m'::text, 'f'::text])))
);

ALTER TABLE ONLY core.party FORCE ROW LEVEL SECURITY;

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

CREATE TABLE core.notice (
    notice_id bigint NOT NULL,
    public_id uuid DEFAULT gen_random_uuid() NOT NULL,
    staff_id bigint NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    at timestamp with time zone DEFAULT core.now() NOT NULL,
    read_at timestamp with time zone,
    occurrence text DEFAULT ''::text NOT NULL
);

ALTER TABLE ONLY core.notice FORCE ROW LEVEL SECURITY;

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
    done_at timestamp with time zone
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
    CONSTRAINT campaign_class_check CHECK (((class >= 0) AND (class <= 5))),
    CONSTRAINT campaign_ends_after_start CHECK ((ends_at > starts_at)),
    CONSTRAINT campaign_lock_days_check CHECK (((lock_days >= 1) AND (lock_days <= 21)))
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
    first_contact_at timestamp with time zone
);

ALTER TABLE ONLY core.ownership_history FORCE ROW LEVEL SECURITY;

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
    recorded_at timestamp with time zone DEFAULT core.now() NOT NULL
);

ALTER TABLE ONLY core.repair_order FORCE ROW LEVEL SECURITY;

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

CREATE TABLE core.abc_change (
    party_id bigint NOT NULL,
    abc core.abc
);

ALTER TABLE ONLY core.abc_change FORCE ROW LEVEL SECURITY;

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

CREATE TABLE core.calendar_day (
    country text NOT NULL,
    on_day date NOT NULL,
    kind text NOT NULL,
    CONSTRAINT calendar_day_kind_check CHECK ((kind = ANY (ARRAY['off'::text, 'short'::text, 'work'::text])))
);

ALTER TABLE ONLY core.calendar_day FORCE ROW LEVEL SECURITY;

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

CREATE TABLE core.city (
    name text NOT NULL,
    region text,
    time_zone text DEFAULT 'Europe/Moscow'::text NOT NULL
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
    real_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.clock_state FORCE ROW LEVEL SECURITY;

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

CREATE TABLE core.dealer_brand (
    dealer_id integer NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL
);

ALTER TABLE ONLY core.dealer_brand FORCE ROW LEVEL SECURITY;

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

ALTER TABLE core.draft ALTER COLUMN draft_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.draft_draft_id_seq
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

ALTER TABLE core.import ALTER COLUMN import_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.import_import_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

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

CREATE TABLE core.match_key (
    kind core.key_kind NOT NULL,
    value text NOT NULL COLLATE pg_catalog."C",
    party_id bigint NOT NULL,
    surname_key text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    is_exact boolean DEFAULT false NOT NULL
);

ALTER TABLE ONLY core.match_key FORCE ROW LEVEL SECURITY;

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

CREATE TABLE core.odometer_reading (
    vehicle_id bigint NOT NULL,
    read_on date NOT NULL,
    mileage_km core.mileage_km NOT NULL,
    dealer_id integer
);

ALTER TABLE ONLY core.odometer_reading FORCE ROW LEVEL SECURITY;

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

ALTER TABLE core.party ALTER COLUMN party_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.party_party_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

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

CREATE TABLE core.policy (
    name text NOT NULL,
    valid_from timestamp with time zone NOT NULL,
    value_int integer NOT NULL,
    unit text NOT NULL,
    min_int integer,
    max_int integer,
    version integer DEFAULT 1 NOT NULL,
    CONSTRAINT policy_check CHECK (((value_int >= COALESCE(min_int, value_int)) AND (value_int <= COALESCE(max_int, value_int)))),
    CONSTRAINT policy_unit_check CHECK ((unit = ANY (ARRAY['day'::text, 'minute'::text, 'count'::text, 'hour'::text, 'month'::text])))
);

ALTER TABLE ONLY core.policy FORCE ROW LEVEL SECURITY;

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

ALTER TABLE core.repair_order ALTER COLUMN order_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.repair_order_order_id_seq
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
    kept_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.right_kpi FORCE ROW LEVEL SECURITY;

CREATE TABLE core.right_transition (
    event text NOT NULL,
    from_state core.right_state,
    to_state core.right_state NOT NULL,
    rule text NOT NULL
);

ALTER TABLE ONLY core.right_transition FORCE ROW LEVEL SECURITY;

ALTER TABLE core.sale ALTER COLUMN sale_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.sale_sale_id_seq
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

CREATE TABLE core.serve_grant (
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    reason text NOT NULL,
    document text NOT NULL,
    from_at timestamp with time zone NOT NULL,
    until_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.serve_grant FORCE ROW LEVEL SECURITY;

CREATE TABLE core.setting (
    name text NOT NULL,
    value text NOT NULL
);

ALTER TABLE ONLY core.setting FORCE ROW LEVEL SECURITY;

ALTER TABLE core.staff ALTER COLUMN staff_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.staff_staff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE core.task ALTER COLUMN task_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.task_task_id_seq
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

ALTER TABLE core.upload ALTER COLUMN upload_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME core.upload_upload_id_seq
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

CREATE TABLE core.waiting_claim (
    party_id bigint NOT NULL,
    brand_id smallint NOT NULL,
    line core.line NOT NULL,
    dealer_id integer NOT NULL,
    staff_id bigint NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.waiting_claim FORCE ROW LEVEL SECURITY;

CREATE TABLE core.waiting_list (
    unit text NOT NULL COLLATE pg_catalog."C",
    grp core.competition_group NOT NULL,
    campaign_id bigint NOT NULL,
    party_id bigint NOT NULL,
    dealer_id integer NOT NULL,
    at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY core.waiting_list FORCE ROW LEVEL SECURITY;

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

ALTER TABLE ONLY core.abc_change
    ADD CONSTRAINT abc_change_pkey PRIMARY KEY (party_id);

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

ALTER TABLE ONLY core.campaign
    ADD CONSTRAINT campaign_pkey PRIMARY KEY (campaign_id);

ALTER TABLE ONLY core.campaign
    ADD CONSTRAINT campaign_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.city
    ADD CONSTRAINT city_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.clock_mark
    ADD CONSTRAINT clock_mark_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.clock_state
    ADD CONSTRAINT clock_state_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (consent_id);

ALTER TABLE ONLY core.contact_point
    ADD CONSTRAINT contact_point_party_id_kind_value_key UNIQUE (party_id, kind, value);

ALTER TABLE ONLY core.contact_point
    ADD CONSTRAINT contact_point_pkey PRIMARY KEY (contact_id);

ALTER TABLE ONLY core.contact_point
    ADD CONSTRAINT contact_point_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.dealer_brand
    ADD CONSTRAINT dealer_brand_pkey PRIMARY KEY (dealer_id, brand_id, line);

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

ALTER TABLE ONLY core.draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (draft_id);

ALTER TABLE ONLY core.draft
    ADD CONSTRAINT draft_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (event_id);

ALTER TABLE ONLY core.exchange_row
    ADD CONSTRAINT exchange_row_pkey PRIMARY KEY (dealer_id, source, seq);

ALTER TABLE ONLY core.import
    ADD CONSTRAINT import_pkey PRIMARY KEY (import_id);

ALTER TABLE ONLY core.import
    ADD CONSTRAINT import_public_id_key UNIQUE (public_id);

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

ALTER TABLE ONLY core.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (ledger_id);

ALTER TABLE ONLY core.ledger_seal
    ADD CONSTRAINT ledger_seal_pkey PRIMARY KEY (seal_id);

ALTER TABLE ONLY core.line_group
    ADD CONSTRAINT line_group_pkey PRIMARY KEY (line);

ALTER TABLE ONLY core.match_key
    ADD CONSTRAINT match_key_pkey PRIMARY KEY (kind, value, party_id);

ALTER TABLE ONLY core.message
    ADD CONSTRAINT message_once UNIQUE (campaign_id, wave, party_id, channel);

ALTER TABLE ONLY core.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (message);

ALTER TABLE ONLY core.model
    ADD CONSTRAINT model_brand_id_name_key UNIQUE (brand_id, name);

ALTER TABLE ONLY core.model
    ADD CONSTRAINT model_pkey PRIMARY KEY (model_id);

ALTER TABLE ONLY core.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (notice_id);

ALTER TABLE ONLY core.notice
    ADD CONSTRAINT notice_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.notice
    ADD CONSTRAINT notice_staff_id_kind_subject_occurrence_key UNIQUE (staff_id, kind, subject, occurrence);

ALTER TABLE ONLY core.odometer_reading
    ADD CONSTRAINT odometer_reading_pkey PRIMARY KEY (vehicle_id, read_on);

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

ALTER TABLE ONLY core.party
    ADD CONSTRAINT party_pkey PRIMARY KEY (party_id);

ALTER TABLE ONLY core.party
    ADD CONSTRAINT party_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.party_summary
    ADD CONSTRAINT party_summary_pkey PRIMARY KEY (party_id, dealer_id);

ALTER TABLE ONLY core.party_total
    ADD CONSTRAINT party_total_pkey PRIMARY KEY (party_id);

ALTER TABLE ONLY core.policy
    ADD CONSTRAINT policy_pkey PRIMARY KEY (name, valid_from);

ALTER TABLE ONLY core.probe
    ADD CONSTRAINT probe_pkey PRIMARY KEY (probe_id);

ALTER TABLE ONLY core.receipt
    ADD CONSTRAINT receipt_number_key UNIQUE (number);

ALTER TABLE ONLY core.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (receipt_id);

ALTER TABLE ONLY core.recipient
    ADD CONSTRAINT recipient_pkey PRIMARY KEY (campaign_id, party_id);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_dealer_id_number_key UNIQUE (dealer_id, number);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.right_kpi
    ADD CONSTRAINT right_kpi_pkey PRIMARY KEY (ownership_id);

ALTER TABLE ONLY core.right_transition
    ADD CONSTRAINT right_transition_event_from_state_to_state_key UNIQUE NULLS NOT DISTINCT (event, from_state, to_state);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_dealer_id_number_key UNIQUE (dealer_id, number);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_pkey PRIMARY KEY (sale_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.saved_view
    ADD CONSTRAINT saved_view_pkey PRIMARY KEY (view_id);

ALTER TABLE ONLY core.saved_view
    ADD CONSTRAINT saved_view_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.saved_view
    ADD CONSTRAINT saved_view_staff_id_screen_name_key UNIQUE (staff_id, screen, name);

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

ALTER TABLE ONLY core.setting
    ADD CONSTRAINT setting_pkey PRIMARY KEY (name);

ALTER TABLE ONLY core.staff
    ADD CONSTRAINT staff_pkey PRIMARY KEY (staff_id);

ALTER TABLE ONLY core.staff
    ADD CONSTRAINT staff_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (task_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.touch
    ADD CONSTRAINT touch_pkey PRIMARY KEY (touch_id);

ALTER TABLE ONLY core.touch
    ADD CONSTRAINT touch_token_key UNIQUE (token);

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_pkey PRIMARY KEY (upload_id);

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.vehicle_owner
    ADD CONSTRAINT vehicle_owner_pkey PRIMARY KEY (vehicle_id, party_id, from_on);

ALTER TABLE ONLY core.vehicle
    ADD CONSTRAINT vehicle_pkey PRIMARY KEY (vehicle_id);

ALTER TABLE ONLY core.vehicle
    ADD CONSTRAINT vehicle_public_id_key UNIQUE (public_id);

ALTER TABLE ONLY core.vehicle
    ADD CONSTRAINT vehicle_vin_key UNIQUE (vin);

ALTER TABLE ONLY core.visibility
    ADD CONSTRAINT visibility_pkey PRIMARY KEY (state, viewer);

ALTER TABLE ONLY core.waiting_claim
    ADD CONSTRAINT waiting_claim_pkey PRIMARY KEY (party_id, brand_id, line, dealer_id);

ALTER TABLE ONLY core.waiting_list
    ADD CONSTRAINT waiting_list_pkey PRIMARY KEY (unit, grp, campaign_id, party_id);

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

CREATE INDEX attachment_party ON core.attachment USING btree (dealer_id, party_id);

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

CREATE INDEX consent_party ON core.consent USING btree (party_id, purpose, channel, dealer_id);

CREATE UNIQUE INDEX contact_point_one_primary ON core.contact_point USING btree (party_id, kind) WHERE is_primary;

CREATE INDEX dealer_key_party ON core.dealer_key USING btree (dealer_id, party_id);

CREATE INDEX dealer_party_abc ON core.dealer_party USING btree (dealer_id, abc_no, name_sort, party_id);

CREATE INDEX dealer_party_brand ON core.dealer_party USING btree (dealer_id, brand_id, name_sort, party_id);

CREATE INDEX dealer_party_city ON core.dealer_party USING btree (dealer_id, city, name_sort, party_id);

CREATE INDEX dealer_party_line ON core.dealer_party USING btree (dealer_id, line_no, name_sort, party_id);

CREATE INDEX dealer_party_name ON core.dealer_party USING btree (dealer_id, name_sort, party_id);

CREATE INDEX dealer_party_party ON core.dealer_party USING btree (party_id);

CREATE INDEX dealer_party_protect ON core.dealer_party USING btree (dealer_id, protect_key, party_id);

CREATE INDEX dealer_party_seat ON core.dealer_party USING btree (dealer_id, seat_id, name_sort, party_id);

CREATE INDEX dealer_party_state ON core.dealer_party USING btree (dealer_id, state_no, name_sort, party_id);

CREATE INDEX dealer_party_updated ON core.dealer_party USING btree (dealer_id, updated_at, party_id);

CREATE INDEX dealer_party_visit ON core.dealer_party USING btree (dealer_id, visit_key, party_id);

CREATE INDEX draft_dealer ON core.draft USING btree (dealer_id, created_at);

CREATE INDEX exchange_row_at ON core.exchange_row USING btree (dealer_id, at DESC);

CREATE INDEX import_dealer ON core.import USING btree (dealer_id, created_at DESC);

CREATE INDEX interaction_dealer ON core.interaction USING btree (dealer_id, at DESC);

CREATE INDEX interaction_party ON core.interaction USING btree (party_id, at DESC, interaction_id DESC);

CREATE INDEX interaction_recorded ON core.interaction USING brin (recorded_at);

CREATE INDEX job_dealer ON core.job USING btree (dealer_id, created_at DESC);

CREATE UNIQUE INDEX job_nightly ON core.job USING btree (kind, ((spec ->> 'on'::text))) WHERE (staff_id IS NULL);

CREATE INDEX job_queue ON core.job USING btree (not_before, job_id) WHERE (state = ANY (ARRAY['QUEUED'::core.job_state, 'RUNNING'::core.job_state]));

CREATE INDEX ledger_at ON core.ledger USING btree (at DESC, ledger_id DESC);

CREATE INDEX ledger_entries ON core.ledger USING btree (at DESC, ledger_id DESC) WHERE (kind = ANY (ARRAY['session.begin'::text, 'session.refused'::text]));

CREATE INDEX ledger_staff ON core.ledger USING btree (staff_id, ledger_id DESC);

CREATE UNIQUE INDEX match_key_one_party ON core.match_key USING btree (kind, value, surname_key) WHERE is_exact;

CREATE INDEX match_key_party ON core.match_key USING btree (party_id);

CREATE INDEX outbox_campaign ON core.outbox USING btree (campaign_id) WHERE (state = ANY (ARRAY['ready'::core.outbox_state, 'leased'::core.outbox_state]));

CREATE INDEX outbox_leased ON core.outbox USING btree (lease_until) WHERE (state = 'leased'::core.outbox_state);

CREATE INDEX outbox_ready ON core.outbox USING btree (prio, not_before, outbox_id) WHERE (state = 'ready'::core.outbox_state);

CREATE INDEX ownership_accept ON core.ownership USING btree (accept_until) WHERE (state = ANY (ARRAY['OFFERED'::core.right_state, 'PENDING'::core.right_state]));

CREATE INDEX ownership_clock ON core.ownership USING btree (protect_until) WHERE (state = ANY (ARRAY['ACTIVE'::core.right_state, 'CUSTOMER'::core.right_state, 'HELD'::core.right_state]));

CREATE INDEX ownership_contact ON core.ownership USING btree (contact_until) WHERE ((state = 'ACTIVE'::core.right_state) AND (first_contact_at IS NULL) AND (contact_until IS NOT NULL));

CREATE INDEX ownership_dealer ON core.ownership USING btree (dealer_id, state, party_id);

CREATE INDEX ownership_grace ON core.ownership USING btree (free_from) WHERE (state = 'GRACE'::core.right_state);

CREATE INDEX ownership_history_recorded ON core.ownership_history USING brin (recorded_at);

CREATE INDEX ownership_lead ON core.ownership USING btree (dealer_id, since) WHERE ((state = 'OFFERED'::core.right_state) OR ((state = 'ACTIVE'::core.right_state) AND (first_contact_at IS NULL) AND (contact_until IS NOT NULL)));

CREATE UNIQUE INDEX ownership_number ON core.ownership USING btree (ownership_id);

CREATE INDEX ownership_seat ON core.ownership USING btree (seat_id, state) WHERE (state <> 'CLOSED'::core.right_state);

CREATE INDEX party_pool ON core.party USING btree (name_sort, party_id) WHERE is_pool;

CREATE INDEX party_search ON core.party USING btree (name_search);

CREATE INDEX party_sort ON core.party USING btree (name_sort, party_id);

CREATE INDEX probe_dealer ON core.probe USING btree (dealer_id, at);

CREATE INDEX probe_staff ON core.probe USING btree (staff_id, at);

CREATE INDEX recipient_dealer ON core.recipient USING btree (dealer_id, campaign_id, party_id);

CREATE INDEX recipient_due ON core.recipient USING btree (campaign_id, next_at, party_id) WHERE (state = 'LOCKED'::core.recipient_state);

CREATE INDEX recipient_household ON core.recipient USING btree (campaign_id, unit) WHERE ("left"(unit, 1) = 'h'::text);

CREATE INDEX recipient_open ON core.recipient USING btree (campaign_id, party_id) WHERE (state = ANY (ARRAY['PLANNED'::core.recipient_state, 'LOCKED'::core.recipient_state, 'QUEUED'::core.recipient_state]));

CREATE INDEX recipient_planned ON core.recipient USING btree (campaign_id, party_id) WHERE (state = 'PLANNED'::core.recipient_state);

CREATE INDEX repair_order_dealer ON core.repair_order USING btree (dealer_id, opened_on);

CREATE INDEX repair_order_party ON core.repair_order USING btree (party_id, opened_on);

CREATE INDEX right_kpi_start ON core.right_kpi USING btree (start_on, dealer_id);

CREATE INDEX sale_dealer ON core.sale USING btree (dealer_id, sold_on);

CREATE INDEX sale_party ON core.sale USING btree (party_id, sold_on);

CREATE INDEX staff_dealer ON core.staff USING btree (dealer_id, staff_id);

CREATE INDEX task_dealer ON core.task USING btree (dealer_id, due_at) WHERE (state = 'OPEN'::core.task_state);

CREATE INDEX task_party ON core.task USING btree (party_id);

CREATE INDEX task_seat ON core.task USING btree (dealer_id, seat_id, due_at) WHERE (state = 'OPEN'::core.task_state);

CREATE INDEX touch_campaign ON core.touch USING btree (campaign_id, party_id);

CREATE INDEX touch_party ON core.touch USING btree (party_id, at);

CREATE INDEX touch_unit ON core.touch USING btree (unit, grp);

CREATE UNIQUE INDEX vehicle_owner_current ON core.vehicle_owner USING btree (vehicle_id) WHERE (to_on IS NULL);

CREATE INDEX vehicle_owner_latest ON core.vehicle_owner USING btree (party_id, from_on DESC, vehicle_id DESC) WHERE (to_on IS NULL);

CREATE INDEX vehicle_plate ON core.vehicle USING btree (plate);

CREATE INDEX waiting_list_campaign ON core.waiting_list USING btree (campaign_id);

CREATE INDEX idempotency_at ON session.idempotency USING btree (at);

CREATE INDEX session_staff ON session.session USING btree (staff_id) WHERE (revoked_at IS NULL);

CREATE TRIGGER campaign_lock_inserted AFTER INSERT ON core.campaign_lock REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.lock_history_keep();

CREATE TRIGGER campaign_lock_updated AFTER UPDATE ON core.campaign_lock REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.lock_history_keep();

CREATE TRIGGER contact_deleted AFTER DELETE ON core.contact_point REFERENCING OLD TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.contact_projected();

CREATE TRIGGER contact_inserted AFTER INSERT ON core.contact_point REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.contact_projected();

CREATE TRIGGER contact_updated AFTER UPDATE ON core.contact_point REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.contact_projected();

CREATE TRIGGER order_deleted AFTER DELETE ON core.repair_order REFERENCING OLD TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.document_summed();

CREATE TRIGGER order_inserted AFTER INSERT ON core.repair_order REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.document_summed();

CREATE TRIGGER owner_deleted AFTER DELETE ON core.vehicle_owner REFERENCING OLD TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.owner_projected();

CREATE TRIGGER owner_inserted AFTER INSERT ON core.vehicle_owner REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.owner_projected();

CREATE TRIGGER owner_updated AFTER UPDATE ON core.vehicle_owner REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.owner_projected();

CREATE TRIGGER ownership_campaign_stop AFTER UPDATE ON core.ownership REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.ownership_campaign_stop();

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

CREATE TRIGGER task_inserted AFTER INSERT ON core.task REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.task_projected();

CREATE TRIGGER task_updated AFTER UPDATE ON core.task REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.task_projected();

CREATE TRIGGER vehicle_updated AFTER UPDATE ON core.vehicle REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION core.vehicle_projected();

ALTER TABLE ONLY core.attachment
    ADD CONSTRAINT attachment_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.attachment
    ADD CONSTRAINT attachment_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.attachment
    ADD CONSTRAINT attachment_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

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

ALTER TABLE ONLY core.consent
    ADD CONSTRAINT consent_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.consent
    ADD CONSTRAINT consent_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.contact_point
    ADD CONSTRAINT contact_point_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.contact_point
    ADD CONSTRAINT contact_point_source_dealer_id_fkey FOREIGN KEY (source_dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.dealer_brand
    ADD CONSTRAINT dealer_brand_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.dealer_brand
    ADD CONSTRAINT dealer_brand_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.draft
    ADD CONSTRAINT draft_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.draft
    ADD CONSTRAINT draft_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.exchange_row
    ADD CONSTRAINT exchange_row_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.import
    ADD CONSTRAINT import_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.import_row
    ADD CONSTRAINT import_row_import_id_fkey FOREIGN KEY (import_id) REFERENCES core.import(import_id);

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

ALTER TABLE ONLY core.match_key
    ADD CONSTRAINT match_key_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.model
    ADD CONSTRAINT model_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.notice
    ADD CONSTRAINT notice_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.odometer_reading
    ADD CONSTRAINT odometer_reading_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.odometer_reading
    ADD CONSTRAINT odometer_reading_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.outbox
    ADD CONSTRAINT outbox_message_fkey FOREIGN KEY (message) REFERENCES core.message(message);

ALTER TABLE ONLY core.ownership
    ADD CONSTRAINT ownership_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.ownership
    ADD CONSTRAINT ownership_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.ownership
    ADD CONSTRAINT ownership_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.ownership
    ADD CONSTRAINT ownership_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.ownership
    ADD CONSTRAINT ownership_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.party_summary
    ADD CONSTRAINT party_summary_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.party_summary
    ADD CONSTRAINT party_summary_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.repair_order
    ADD CONSTRAINT repair_order_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.sale
    ADD CONSTRAINT sale_vehicle_id_fkey FOREIGN KEY (vehicle_id) REFERENCES core.vehicle(vehicle_id);

ALTER TABLE ONLY core.saved_view
    ADD CONSTRAINT saved_view_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.segment
    ADD CONSTRAINT segment_created_by_fkey FOREIGN KEY (created_by) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.segment
    ADD CONSTRAINT segment_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.serve_grant
    ADD CONSTRAINT serve_grant_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.serve_grant
    ADD CONSTRAINT serve_grant_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.staff
    ADD CONSTRAINT staff_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_party_id_fkey FOREIGN KEY (party_id) REFERENCES core.party(party_id);

ALTER TABLE ONLY core.task
    ADD CONSTRAINT task_seat_id_fkey FOREIGN KEY (seat_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_dealer_id_fkey FOREIGN KEY (dealer_id) REFERENCES core.dealer(dealer_id);

ALTER TABLE ONLY core.upload
    ADD CONSTRAINT upload_staff_id_fkey FOREIGN KEY (staff_id) REFERENCES core.staff(staff_id);

ALTER TABLE ONLY core.vehicle
    ADD CONSTRAINT vehicle_brand_id_fkey FOREIGN KEY (brand_id) REFERENCES core.brand(brand_id);

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

CREATE POLICY "a dealer knows its own campaigns and the network's by name" ON core.campaign FOR SELECT TO dealer USING ((dealer_id = ANY (ARRAY[( SELECT session.dealer() AS dealer), 0])));

CREATE POLICY "a dealer knows its own people at work" ON core.staff FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer lists the people it has a right on, each role at its l" ON core.dealer_party FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND ((( SELECT session.role_bit() AS role_bit) = 16) OR (colleague_level > 'VERDICT'::core.see_level) OR (( SELECT session.staff() AS staff) = ANY (seat_ids)) OR (( SELECT session.staff() AS staff) = ANY (masked_seat_ids)))));

CREATE POLICY "a dealer reads a person it lists" ON core.party FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = party.party_id)))));

CREATE POLICY "a dealer reads consents given to itself and to head office, in " ON core.consent FOR SELECT TO dealer USING (((dealer_id = ANY (ARRAY[( SELECT session.dealer() AS dealer), 0])) AND (EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = consent.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level))))));

CREATE POLICY "a dealer reads its own contacts with people, in full sight" ON core.interaction FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = interaction.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level))))));

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

CREATE POLICY "a dealer reads the odometer of its people's cars" ON core.odometer_reading FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.vehicle_owner o
  WHERE ((o.vehicle_id = odometer_reading.vehicle_id) AND (o.to_on IS NULL)))));

CREATE POLICY "a dealer reads whose car it is, in full sight" ON core.vehicle_owner FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.dealer_party t
  WHERE ((t.dealer_id = ( SELECT session.dealer() AS dealer)) AND (t.party_id = vehicle_owner.party_id) AND (core.level_seen(t.manager_level, t.seat_ids, t.masked_seat_ids, t.colleague_level) = 'FULL'::core.see_level)))));

CREATE POLICY "a dealer searches the keys of its own people" ON core.dealer_key FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a dealer sees the audiences it saved" ON core.segment FOR SELECT TO dealer USING ((dealer_id = ( SELECT session.dealer() AS dealer)));

CREATE POLICY "a manager reads the dealer's imports" ON core.import FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (( SELECT session.role_bit() AS role_bit) = 16)));

CREATE POLICY "a manager reads the rows of the dealer's imports" ON core.import_row FOR SELECT TO dealer USING ((EXISTS ( SELECT
   FROM core.import i
  WHERE (i.import_id = import_row.import_id))));

CREATE POLICY "a manager reads what the dealer uploaded" ON core.upload FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (( SELECT session.role_bit() AS role_bit) = 16)));

CREATE POLICY "a manager sees the jobs of the dealer" ON core.job FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (( SELECT session.role_bit() AS role_bit) = 16)));

CREATE POLICY "a router reads everybody's name" ON core.party FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = 4));

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

CREATE POLICY "a seat reads its own drafts, a manager the dealer's" ON core.draft FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND ((( SELECT session.role_bit() AS role_bit) = 16) OR (staff_id = ( SELECT session.staff() AS staff)))));

CREATE POLICY "a seat sees its own tasks and the queue's, a manager the team's" ON core.task FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND ((( SELECT session.role_bit() AS role_bit) = 16) OR (seat_id IS NULL) OR (seat_id = ( SELECT session.staff() AS staff)))));

CREATE POLICY "a seat sees the jobs it ordered" ON core.job FOR SELECT TO dealer USING (((dealer_id = ( SELECT session.dealer() AS dealer)) AND (staff_id = ( SELECT session.staff() AS staff))));

ALTER TABLE core.abc_change ENABLE ROW LEVEL SECURITY;

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

CREATE POLICY "an auditor sees the jobs he ordered" ON core.job FOR SELECT TO auditor USING ((staff_id = ( SELECT session.staff() AS staff)));

ALTER TABLE core.attachment ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.brand ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.calendar_day ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.call_item ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_address ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_lock ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.campaign_lock_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.city ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.clock_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.clock_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.consent ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.contact_point ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_brand ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_month ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.dealer_party ENABLE ROW LEVEL SECURITY;

CREATE POLICY "decisions of the engine see every row" ON core.abc_change TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.attachment TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.brand TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.calendar_day TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.call_item TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_address TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_count TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_lock TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.campaign_lock_history TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.city TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.clock_mark TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.clock_state TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.consent TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.contact_point TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_brand TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_key TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_month TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.dealer_party TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.draft TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.event TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.exchange_row TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.import TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.import_row TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.interaction TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.job TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.ledger TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.ledger_seal TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.line_group TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.match_key TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.message TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.model TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.notice TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.odometer_reading TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.outbox TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.ownership TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.ownership_history TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.party TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.party_summary TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.party_total TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.policy TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.probe TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.receipt TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.recipient TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.repair_order TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.right_kpi TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.right_transition TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.sale TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.saved_view TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.segment TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.segment_attribute TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.sender_epoch TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.serve_grant TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.setting TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.staff TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.task TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.touch TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.upload TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.vehicle TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.vehicle_owner TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.visibility TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.waiting_claim TO engine USING (true) WITH CHECK (true);

CREATE POLICY "decisions of the engine see every row" ON core.waiting_list TO engine USING (true) WITH CHECK (true);

ALTER TABLE core.draft ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.event ENABLE ROW LEVEL SECURITY;

CREATE POLICY "everybody at work reads the network's own words" ON core.brand FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.calendar_day FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.city FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.dealer FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.dealer_brand FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.line_group FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.model FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.policy FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.right_transition FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.setting FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody at work reads the network's own words" ON core.visibility FOR SELECT TO dealer, head_office, auditor USING (true);

CREATE POLICY "everybody may read the catalogue of conditions" ON core.segment_attribute FOR SELECT TO dealer, head_office USING (true);

CREATE POLICY "everybody reads his own notices" ON core.notice FOR SELECT TO dealer, head_office, auditor USING ((staff_id = ( SELECT session.staff() AS staff)));

CREATE POLICY "everybody reads his own views" ON core.saved_view FOR SELECT TO dealer, head_office, auditor USING ((staff_id = ( SELECT session.staff() AS staff)));

ALTER TABLE core.exchange_row ENABLE ROW LEVEL SECURITY;

CREATE POLICY "head office knows who works in the network" ON core.staff FOR SELECT TO head_office USING (true);

CREATE POLICY "head office sees the audiences it saved" ON core.segment FOR SELECT TO head_office USING ((dealer_id = 0));

CREATE POLICY "head office sees the jobs it ordered" ON core.job FOR SELECT TO head_office USING (((dealer_id = 0) AND (staff_id = ( SELECT session.staff() AS staff))));

ALTER TABLE core.import ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.import_row ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.interaction ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.job ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ledger ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ledger_seal ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.line_group ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.match_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.message ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.model ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.notice ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.odometer_reading ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.outbox ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ownership ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.ownership_history ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.party ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.party_summary ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.party_total ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.policy ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.probe ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.receipt ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.recipient ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.repair_order ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.right_kpi ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.right_transition ENABLE ROW LEVEL SECURITY;

CREATE POLICY "routers and arbiters read all rights" ON core.ownership FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[4, 8])));

CREATE POLICY "routers and arbiters read the history of rights" ON core.ownership_history FOR SELECT TO head_office USING ((( SELECT session.role_bit() AS role_bit) = ANY (ARRAY[4, 8])));

ALTER TABLE core.sale ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.saved_view ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.segment ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.segment_attribute ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.sender_epoch ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.serve_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.setting ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.staff ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.task ENABLE ROW LEVEL SECURITY;

CREATE POLICY "the binder ends streams" ON core.event FOR INSERT TO binder WITH CHECK (true);

CREATE POLICY "the binder knows the dealers" ON core.dealer TO binder USING (true);

CREATE POLICY "the binder knows the staff" ON core.staff TO binder USING (true);

CREATE POLICY "the binder knows who ordered a job" ON core.job FOR SELECT TO binder USING (true);

CREATE POLICY "the binder writes the audit of reads" ON core.ledger FOR INSERT TO binder WITH CHECK (true);

ALTER TABLE core.touch ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.upload ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.vehicle ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.vehicle_owner ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.visibility ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.waiting_claim ENABLE ROW LEVEL SECURITY;

ALTER TABLE core.waiting_list ENABLE ROW LEVEL SECURITY;

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

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.attachment TO engine;
GRANT SELECT ON TABLE core.attachment TO dealer;
GRANT SELECT ON TABLE core.attachment TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_party TO engine;
GRANT SELECT ON TABLE core.dealer_party TO dealer;
GRANT SELECT ON TABLE core.dealer_party TO head_office;

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

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.draft TO engine;
GRANT SELECT ON TABLE core.draft TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.import TO engine;
GRANT SELECT ON TABLE core.import TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.import_row TO engine;
GRANT SELECT ON TABLE core.import_row TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.job TO engine;
GRANT SELECT ON TABLE core.job TO binder;
GRANT SELECT ON TABLE core.job TO dealer;
GRANT SELECT ON TABLE core.job TO head_office;
GRANT SELECT ON TABLE core.job TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.upload TO engine;
GRANT SELECT ON TABLE core.upload TO dealer;

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

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.ledger TO engine;
GRANT SELECT ON TABLE core.ledger TO auditor;
GRANT INSERT ON TABLE core.ledger TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.notice TO engine;
GRANT SELECT ON TABLE core.notice TO dealer;
GRANT SELECT ON TABLE core.notice TO head_office;
GRANT SELECT ON TABLE core.notice TO auditor;

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

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.call_item TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.exchange_row TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.contact_point TO engine;
GRANT SELECT ON TABLE core.contact_point TO dealer;
GRANT SELECT ON TABLE core.contact_point TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.abc_change TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.brand TO engine;
GRANT SELECT ON TABLE core.brand TO dealer;
GRANT SELECT ON TABLE core.brand TO head_office;
GRANT SELECT ON TABLE core.brand TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.calendar_day TO engine;
GRANT SELECT ON TABLE core.calendar_day TO dealer;
GRANT SELECT ON TABLE core.calendar_day TO head_office;
GRANT SELECT ON TABLE core.calendar_day TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_address TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_count TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_lock TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.campaign_lock_history TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.city TO engine;
GRANT SELECT ON TABLE core.city TO dealer;
GRANT SELECT ON TABLE core.city TO head_office;
GRANT SELECT ON TABLE core.city TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.clock_mark TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.clock_state TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_brand TO engine;
GRANT SELECT ON TABLE core.dealer_brand TO dealer;
GRANT SELECT ON TABLE core.dealer_brand TO head_office;
GRANT SELECT ON TABLE core.dealer_brand TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_key TO engine;
GRANT SELECT ON TABLE core.dealer_key TO dealer;
GRANT SELECT ON TABLE core.dealer_key TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.dealer_month TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.event TO engine;
GRANT INSERT ON TABLE core.event TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.ledger_seal TO engine;
GRANT SELECT ON TABLE core.ledger_seal TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.line_group TO engine;
GRANT SELECT ON TABLE core.line_group TO dealer;
GRANT SELECT ON TABLE core.line_group TO head_office;
GRANT SELECT ON TABLE core.line_group TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.match_key TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.message TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.model TO engine;
GRANT SELECT ON TABLE core.model TO dealer;
GRANT SELECT ON TABLE core.model TO head_office;
GRANT SELECT ON TABLE core.model TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.odometer_reading TO engine;
GRANT SELECT ON TABLE core.odometer_reading TO dealer;
GRANT SELECT ON TABLE core.odometer_reading TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.outbox TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.party_summary TO engine;
GRANT SELECT ON TABLE core.party_summary TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.party_total TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.policy TO engine;
GRANT SELECT ON TABLE core.policy TO dealer;
GRANT SELECT ON TABLE core.policy TO head_office;
GRANT SELECT ON TABLE core.policy TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.probe TO engine;

GRANT SELECT(dealer_id) ON TABLE core.probe TO auditor;

GRANT SELECT(staff_id) ON TABLE core.probe TO auditor;

GRANT SELECT(at) ON TABLE core.probe TO auditor;

GRANT SELECT(verdict) ON TABLE core.probe TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.recipient TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.right_kpi TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.right_transition TO engine;
GRANT SELECT ON TABLE core.right_transition TO dealer;
GRANT SELECT ON TABLE core.right_transition TO head_office;
GRANT SELECT ON TABLE core.right_transition TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.segment_attribute TO engine;
GRANT SELECT ON TABLE core.segment_attribute TO dealer;
GRANT SELECT ON TABLE core.segment_attribute TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.sender_epoch TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.serve_grant TO engine;
GRANT SELECT ON TABLE core.serve_grant TO dealer;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.setting TO engine;
GRANT SELECT ON TABLE core.setting TO dealer;
GRANT SELECT ON TABLE core.setting TO head_office;
GRANT SELECT ON TABLE core.setting TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.vehicle_owner TO engine;
GRANT SELECT ON TABLE core.vehicle_owner TO dealer;
GRANT SELECT ON TABLE core.vehicle_owner TO head_office;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.visibility TO engine;
GRANT SELECT ON TABLE core.visibility TO dealer;
GRANT SELECT ON TABLE core.visibility TO head_office;
GRANT SELECT ON TABLE core.visibility TO auditor;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.waiting_claim TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE core.waiting_list TO engine;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.account TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.certificate TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.challenge TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.enrol_code TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.failure TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.idempotency TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.link TO binder;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE session.recovery_code TO binder;

