-- SPDX-License-Identifier: Apache-2.0
-- R114 counts registrations: a right that only goes on - after a merge, at another vehicle, a close taken back - is a part of the one it follows,
-- and one that came by transfer or choice is work of its dealer, but nothing he registered.

alter table core.right_kpi add column is_registered boolean not null default true;
