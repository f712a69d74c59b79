-- SPDX-License-Identifier: Apache-2.0
-- A term that runs out changes what a list shows of a person and nothing else: GRACE instead of ACTIVE or CUSTOMER, and no sight for
-- colleagues. Written to the list row, that cost more than all the rest of an expiry, because each of its indexes took a new entry. So the
-- row says itself when that happens, and the reader compares with how far the clock has come (core.expired_to). A row with 'infinity'
-- (several rights, or written before this column) is renewed by the clock as ever; whatever renews a row for another reason fills it.

alter table core.dealer_party
  add column ends_at timestamptz not null default 'infinity',           -- the term of a pair's only right, ACTIVE or CUSTOMER
  add column grace_level core.see_level not null default 'NONE';        -- a colleague's sight from then on (D.14)

alter table core.clock_state add column expired_to timestamptz;         -- of 'rights': every term up to here has been ended
