-- SPDX-License-Identifier: Apache-2.0
-- A mass expiry writes a notice a right. The subject is a person's random number, and behind the seat it spread the entries over the whole
-- index, each page of which went into the log anew after a checkpoint. The occurrence begins with the right's number, which a run takes
-- in order; notices get public ids that grow with time (core.uuid_ordered) for the same reason.
alter table core.notice drop constraint notice_staff_id_kind_subject_occurrence_key;
alter table core.notice add constraint notice_once unique (staff_id, kind, occurrence, subject);
