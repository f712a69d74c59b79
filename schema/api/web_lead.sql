-- SPDX-License-Identifier: Apache-2.0
-- What a site's server hands in, without a session: called by role login through the native handler of POST /v1/web-leads.

create function api.web_lead_add(p_data jsonb) returns void language plpgsql volatile security definer set search_path = '' as $$
begin
    perform core.web_lead_add(p_data);
end $$;
comment on function api.web_lead_add is $$
Hand in a lead of a site: 202 and nothing else, whoever the visitor is; the same external_id again is a no-op.
in: site_key, external_id, name, phone or email, consent; brand, model, line, interest, city, region, postal_code, lon, lat, dealer; or adf, which is also taken as a body
errors: bad-field, missing-field, too-many    rule: R24, R25, R40, R146 $$;
