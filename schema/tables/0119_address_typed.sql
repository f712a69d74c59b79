-- SPDX-License-Identifier: Apache-2.0
-- An edit of a person, a new branch and a correction once wrote the network address of the editor where the postal address belongs (the server
-- filled any argument of that name). What is a network address and nothing else is none where anybody lives: it is emptied, in the record,
-- in what an unmerge would bring back, and where two records were taken for one because both had it. What was typed stays.

do $$
declare v_none text[] := '{}'; v text;
begin
    for v in select p.address from core.party p where p.address ~ '^[0-9a-fA-F.:]{2,45}$'
             union select y.address from core.merge m, lateral (values (m.before #>> '{survivor,address}'), (m.before #>> '{merged,address}')) y(address)
             where y.address ~ '^[0-9a-fA-F.:]{2,45}$' loop
        begin
            perform v::inet;
            v_none := v_none || v;
        exception when invalid_text_representation then null;          -- a postal code, a house
        end;
    end loop;
    if cardinality(v_none) = 0 then return; end if;
    delete from core.duplicate d using core.party a, core.party b
    where d.state = 'OPEN' and a.party_id = d.party_low and b.party_id = d.party_high and a.address = b.address and a.address = any (v_none)
      and jsonb_path_exists(d.weights, '$[*] ? (@.field == "address" && @.level != "none")');
    update core.party p set address = null, version = p.version + 1, updated_at = core.now() where p.address = any (v_none);
    update core.merge m set before = jsonb_set(m.before, '{survivor,address}', 'null') where m.before #>> '{survivor,address}' = any (v_none);
    update core.merge m set before = jsonb_set(m.before, '{merged,address}', 'null') where m.before #>> '{merged,address}' = any (v_none);
end $$;
