-- SPDX-License-Identifier: Apache-2.0
-- R152: an employee who is a client too is known by his address at once.

create index staff_email on core.staff (lower(email)) where is_active;
