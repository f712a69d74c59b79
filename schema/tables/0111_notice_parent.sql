-- SPDX-License-Identifier: Apache-2.0
-- A notice for each right that ends looked its receiver up and locked his row, one by one; with two connections at it the locks became
-- a list of lockers a row. Staff leave, and are never deleted or numbered anew (core.parent_kept), so one look a statement is enough
-- (core.notice_received).

alter table core.notice drop constraint notice_staff_id_fkey;
