-- SPDX-License-Identifier: Apache-2.0
-- R32: a row of a list is a claim like any other, and is told whose territory the client lives in.

alter table core.import_result add column area text check (area in ('own', 'other', 'nobody', 'unknown'));
