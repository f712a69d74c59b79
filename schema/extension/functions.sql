-- SPDX-License-Identifier: Apache-2.0
-- SQL face of the extension library clientele.so. Applied by a superuser at every migration, after the
-- schemas and roles exist and before any policy or function that reads the identity.
-- The library is found through dynamic_library_path and preloaded by session_preload_libraries.

create or replace function session.identity() returns text
    language c stable parallel restricted as 'clientele', 'clientele_identity';
comment on function session.identity() is $$
The identity of this transaction as session.bind set it, or NULL.
out: staff_id|dealer_id|role_bit|session_id|request_id|route|lang|idem_id    cost: one pointer$$;

create or replace function session.staff() returns bigint
    language c stable parallel restricted as 'clientele', 'clientele_staff';
comment on function session.staff() is 'Staff member who is calling, or NULL.';

create or replace function session.dealer() returns int
    language c stable parallel restricted as 'clientele', 'clientele_dealer';
comment on function session.dealer() is
    'Dealer of the caller, or NULL for head office, auditors and nobody. Policies: (select session.dealer()).';

create or replace function session.role_bit() returns int
    language c stable parallel restricted as 'clientele', 'clientele_role_bit';
comment on function session.role_bit() is 'Fine role of the caller as one bit, or NULL.';

create or replace function session.session_id() returns bigint
    language c stable parallel restricted as 'clientele', 'clientele_session_id';
comment on function session.session_id() is 'Session row of the caller, or NULL in jobs.';

create or replace function session.request_id() returns text
    language c stable parallel restricted as 'clientele', 'clientele_request_id';
comment on function session.request_id() is 'Request id as the server log has it, or NULL.';

create or replace function session.route() returns text
    language c stable parallel restricted as 'clientele', 'clientele_route';
comment on function session.route() is 'Name of the route called, or NULL.';

create or replace function session.lang() returns text
    language c stable parallel restricted as 'clientele', 'clientele_lang';
comment on function session.lang() is 'Language of the caller, ru or en, or NULL.';

create or replace function session.idem_id() returns bigint
    language c stable parallel restricted as 'clientele', 'clientele_idem_id';
comment on function session.idem_id() is 'Row of the Idempotency-Key of this request, or NULL.';

create or replace function core.now() returns timestamptz
    language c stable parallel safe as 'clientele', 'clientele_now';
comment on function core.now() is
    'The transaction''s timestamp plus clientele.clock_offset_s, which only a superuser may set.';

create or replace function core.phone_norm(raw text, area_code text) returns text
    language c immutable parallel safe as 'clientele', 'clientele_phone_norm';
comment on function core.phone_norm(text, text) is $$
Telephone number as E.164, or NULL when it is no plausible number.
in: raw as typed; area_code completes local digits, may be NULL    source: R20, ITU-T E.164$$;

create or replace function core.phone_mask(e164 text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_phone_mask';
comment on function core.phone_mask(text) is 'Masked number: +7 903 ***-**-60. source: D.14';

create or replace function core.email_norm(raw text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_email_norm';
comment on function core.email_norm(text) is
    'E-mail address in lower case with its domain in ASCII, or NULL when no gateway would take it. source: R20, RFC 5321';

create or replace function core.email_mask(address text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_email_mask';
comment on function core.email_mask(text) is 'Masked address: i***@m***.ru. source: D.14';

create or replace function core.vin_norm(raw text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_vin_norm';
comment on function core.vin_norm(text) is
    'VIN of 17 characters without I, O, Q, or NULL; Cyrillic look-alikes become Latin. source: R20, ISO 3779';

create or replace function core.vin_is_checked(raw text) returns boolean
    language c immutable strict parallel safe as 'clientele', 'clientele_vin_is_checked';
comment on function core.vin_is_checked(text) is
    'False when a North American VIN has a wrong check digit: accept and flag. NULL when it is no VIN.';

create or replace function core.plate_norm(raw text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_plate_norm';
comment on function core.plate_norm(text) is
    'Plate in Latin capitals without spaces and RUS: A123BC77, or NULL. source: R20, GOST R 50577-2018';

create or replace function core.inn_norm(raw text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_inn_norm';
comment on function core.inn_norm(text) is 'INN of 10 or 12 digits with right check digits, or NULL. source: R20';

create or replace function core.kpp_norm(raw text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_kpp_norm';
comment on function core.kpp_norm(text) is 'KPP of 9 characters, or NULL.';

create or replace function core.name_fold(raw text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_name_fold';
comment on function core.name_fold(text) is
    'Name folded for prefix search: case, ё, alphabet, punctuation. Empty for a text without letters. source: R21';

create or replace function core.name_key(raw text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_name_key';
comment on function core.name_key(text) is
    'What orders names as people do (ICU, ru), as bytes: stored, so that an index compares it by memory. Not for reading.';

create or replace function core.surname_key(raw text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_surname_key';
comment on function core.surname_key(text) is
    'What all writings of a surname share: Алексеев, Alekseyev -> aleksev. Confirms a match, never makes one. source: R21';

create or replace function core.key_hash(value text) returns bytea
    language c stable strict parallel safe as 'clientele', 'clientele_key_hash';
comment on function core.key_hash(text) is
    'HMAC-SHA256 of a normalised key under the installation''s hash key, 32 bytes: document numbers, stop list. source: R20, R149';

create or replace function core.name_alike(a text, b text) returns int
    language c immutable strict parallel safe as 'clientele', 'clientele_name_alike';
comment on function core.name_alike(text, text) is $$
How one name is the other: 0 not, 1 a case or the other sex of it, 2 another alphabet or keyboard layout, 3 one key. source: R21$$;

create or replace function core.given_alike(a text, b text) returns boolean
    language c immutable strict parallel safe as 'clientele', 'clientele_given_alike';
comment on function core.given_alike(text, text) is
    'True when two given names may be of one person: any writing or case, or a pet name. source: R21';

create or replace function core.match_level(kind text, a text, b text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_match_level';
comment on function core.match_level(text, text, text) is $$
How far two values of a field agree: none, far, near, close, same; NULL when one is not known.
in: kind name surname title date phone email city address number code    source: R21, R22$$;

create or replace function core.code_norm(raw text) returns text
    language c immutable strict parallel safe as 'clientele', 'clientele_code_norm';
comment on function core.code_norm(text) is 'Letters and digits of a number as small Latin ones, look-alikes folded; at most 95.';

-- Nobody by default; roles/ grants the readers to those whose policies use them.
revoke all on function session.identity(), session.staff(), session.dealer(), session.role_bit(),
    session.session_id(), session.request_id(), session.route(), session.lang(), session.idem_id(),
    core.now(), core.phone_norm(text, text), core.phone_mask(text), core.email_norm(text),
    core.email_mask(text), core.vin_norm(text), core.vin_is_checked(text), core.plate_norm(text),
    core.inn_norm(text), core.kpp_norm(text), core.name_fold(text), core.name_key(text), core.surname_key(text),
    core.key_hash(text), core.name_alike(text, text), core.given_alike(text, text), core.match_level(text, text, text),
    core.code_norm(text)
    from public;
