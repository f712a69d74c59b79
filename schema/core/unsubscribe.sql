-- SPDX-License-Identifier: Apache-2.0
-- One-click unsubscription (RFC 8058) and the public page behind the link of a message.
-- Called by role login without a session: the C server has verified the link's signature. The link is the message's uuid.

create function core.unsubscribe(p_link uuid, p_is_everybody boolean) returns int
language plpgsql security definer set search_path = '' as $$
declare
  m core.message;
  c core.campaign;
  v_dealers int[];
  v_rows int;
  v_stopped int := 0;
  v_dealer int;
begin
  select x.* into m from core.message x where x.message = p_link and x.kind = 'campaign' and x.party_id is not null;
  if not found then perform core.fail('ZC411'); end if;
  select k.* into c from core.campaign k where k.campaign_id = m.campaign_id;
  v_dealers := array[c.dealer_id, m.dealer_id];
  update core.consent s set withdrawn_at = core.now()
  where s.party_id = m.party_id and s.purpose = 'ADVERTISING' and s.withdrawn_at is null
    and (p_is_everybody or (s.dealer_id = any (v_dealers) and (s.channel is null or s.channel = m.channel)));
  get diagnostics v_rows = row_count;
  if p_is_everybody then
    update core.party p set is_opted_out = true where p.party_id = m.party_id and not p.is_opted_out;
    v_rows := v_rows + case when found then 1 else 0 end;
    v_stopped := core.campaign_withdraw(m.party_id, null, null);
  else
    for v_dealer in select distinct d from unnest(v_dealers) d loop
      v_stopped := v_stopped + core.campaign_withdraw(m.party_id, v_dealer, m.channel);
    end loop;
  end if;
  if v_rows > 0 then
    update core.campaign k set unsubscribed = k.unsubscribed + 1 where k.campaign_id = c.campaign_id;
    insert into core.interaction (party_id, dealer_id, kind, at, is_manual, text, campaign_id)
    values (m.party_id, m.dealer_id, 'SYSTEM', core.now(), false,
      case when p_is_everybody then 'Отказ от рекламы всей сети по ссылке из письма'
        else 'Отказ от рассылки по ссылке из письма' end, c.campaign_id);
    perform core.ledger_add('consent.unsubscribed', (select p.public_id::text from core.party p
      where p.party_id = m.party_id), m.party_id, 'R147', jsonb_build_object('campaign', c.public_id,
      'scope', case when p_is_everybody then 'everybody' else 'sender' end, 'stopped', v_stopped));
  end if;
  return v_stopped;
end $$;
comment on function core.unsubscribe(uuid, boolean) is $$
Withdraw advertising for whoever got the message; at once, queued messages included, safe to repeat.
in: message uuid of the signed link; everybody - all principals and channels, else the sender's legal entities and the channel
out: messages stopped    errors: bad-link    source: R147, RFC 8058$$;
