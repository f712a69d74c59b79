-- SPDX-License-Identifier: Apache-2.0
-- What a site handed in and nobody could read is kept for the desk a month and then emptied.

create index web_lead_failed on core.web_lead (taken_at) where error is not null and data is not null;
