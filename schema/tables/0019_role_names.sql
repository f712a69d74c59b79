-- SPDX-License-Identifier: Apache-2.0
-- Two more roles of head office: who keeps the base clean (R27-R29) and who answers for personal data (R146-R152). A new value of an
-- enum may be used only after its transaction, so it stands in a file of its own.

alter type core.staff_role add value if not exists 'steward';
alter type core.staff_role add value if not exists 'dpo';
