-- SPDX-License-Identifier: Apache-2.0
-- The vocabulary: schemas, enums and domains. Every field rule stands here once and binds tables and endpoints alike.
-- Applied once per database (append-only: a later value is added by a table file).

create schema core authorization clientele_owner;
create schema session authorization clientele_owner;

create type core.line as enum ('NEW', 'USED', 'FLEET', 'SERVICE', 'PARTS', 'FIN');
create type core.competition_group as enum ('SALES', 'AFTERSALES', 'RELATION');
create type core.party_kind as enum ('PERSON', 'COMPANY');
create type core.contact_kind as enum ('PHONE', 'EMAIL', 'POSTAL');
create type core.key_kind as enum ('PHONE', 'EMAIL', 'VIN', 'PLATE', 'INN', 'SOURCE');
-- D.2; DRAFT rows of R30 live in core.draft, never here
create type core.right_state as enum
  ('OFFERED', 'PENDING', 'ACTIVE', 'HELD', 'CUSTOMER', 'GRACE', 'DISPUTED', 'CLOSED');
-- R18
create type core.close_reason as enum ('declined', 'not_accepted', 'no_contact', 'expired', 'lost', 'transferred',
  'conflict', 'withdrawn', 'erased', 'merged', 'dealer_terminated');
create type core.lost_reason as enum
  ('bought_in_network', 'bought_other_brand', 'no_money', 'wrong_contact', 'do_not_contact', 'other');
-- R24
create type core.verdict as enum ('FREE', 'YOURS', 'PROTECTED', 'IN_GRACE', 'DISPUTED', 'HQ', 'OPTED_OUT');
create type core.channel as enum ('EMAIL', 'SMS', 'CALL', 'PUSH', 'LETTER');
create type core.consent_purpose as enum ('PROCESSING', 'ADVERTISING', 'TRANSFER', 'PROFILING', 'CALL_RECORDING');
create type core.staff_role as enum ('admin', 'marketer', 'router', 'arbiter', 'manager', 'seller', 'adviser',
  'operator', 'auditor', 'system');
create type core.see_level as enum ('NONE', 'VERDICT', 'MASKED', 'FULL');
create type core.interaction_kind as enum ('CALL_OUT', 'CALL_IN', 'MAIL_OUT', 'MAIL_IN', 'SMS_OUT', 'SMS_IN', 'VISIT',
  'TEST_DRIVE', 'OFFER', 'APPRAISAL', 'CREDIT', 'ORDER', 'DEPOSIT', 'APPOINTMENT', 'NOTE', 'GREETING', 'SYSTEM');
create type core.task_state as enum ('OPEN', 'DONE', 'CANCELLED');
create type core.campaign_state as enum
  ('DRAFT', 'CHECKED', 'LAUNCHING', 'RUNNING', 'PAUSED', 'STOPPED', 'FINISHED');
create type core.campaign_channel as enum ('EMAIL', 'CALL');
create type core.lock_state as enum ('HELD', 'ACTIVE', 'COOLING', 'RELEASED');
-- R90, in the order in which the launch tests them
create type core.drop_reason as enum ('duplicate', 'not_owner', 'disputed', 'complaint', 'opted_out', 'no_consent',
  'invalid_contact', 'locked', 'budget', 'quiet', 'excluded', 'stopped');
create type core.recipient_state as enum
  ('PLANNED', 'LOCKED', 'QUEUED', 'SENT', 'DONE', 'FAILED', 'DROPPED', 'CANCELLED');
create type core.outbox_state as enum ('ready', 'leased', 'accepted', 'failed', 'unknown', 'cancelled');
-- A000-32..38
create type core.call_result as enum
  ('agreed', 'call_back', 'refused', 'no_answer', 'wrong_number', 'do_not_call');
create type core.job_state as enum ('QUEUED', 'RUNNING', 'PAUSED', 'DONE', 'FAILED', 'CANCELLED');
create type core.import_state as enum
  ('UPLOADED', 'PARSED', 'MAPPED', 'CHECKED', 'RUNNING', 'DONE', 'UNDOING', 'UNDONE', 'FAILED');
create type core.abc as enum ('A', 'B', 'C');
create type core.people_sort as enum ('name', '-updated', '-last_visit', 'protect_until');

create domain core.phone_e164 as text constraint phone_e164_format check (value ~ '^\+[1-9][0-9]{5,14}$');
create domain core.vin as text constraint vin_format check (value ~ '^[A-HJ-NPR-Z0-9]{17}$');
create domain core.kopecks as bigint constraint kopecks_range check (value between -1000000000000000 and 1000000000000000);
create domain core.name_text as text constraint name_text_length check (length(value) between 1 and 200);
create domain core.short_text as text constraint short_text_length check (length(value) <= 400);
create domain core.long_text as text constraint long_text_length check (length(value) <= 20000);
create domain core.search_text as text constraint search_text_length check (length(value) between 1 and 100);
create domain core.mileage_km as int constraint mileage_km_range check (value between 0 and 3000000);
