-- SPDX-License-Identifier: Apache-2.0
-- Announced network campaigns (R78): head office announces, an owner sees his part and leaves people out.

create type api.announced as (id uuid, announced_at timestamptz, exclude_until timestamptz, job_id uuid);
create type api.announcement as (id uuid, name text, grp core.competition_group, topic text, channel core.campaign_channel, subject text, body text, script text,
  announced_at timestamptz, exclude_until timestamptz, is_open boolean, people int, excluded int, most int, state core.campaign_state, cursor_ text);
create type api.announcement_person as (person_id uuid, name text, city text, is_excluded boolean, reason text, cursor_ text);
create type api.announcement_change as (people int, excluded int, most int);

create function core.exclusions_most(p_people int) returns int
language plpgsql stable as $$
begin
  return ceil(p_people * core.policy_int('P19.exclusions') / 100.0)::int;
end $$;
comment on function core.exclusions_most(int) is 'How many of so many people an owner may leave out. source: P19';

create function api.campaign_announce(p_campaign_id uuid) returns api.announced
language plpgsql volatile security definer set search_path = '' as $$
declare
  k core.campaign := core.campaign_mine(p_campaign_id, array['CHECKED']::core.campaign_state[]);
  j core.job;
begin
  if k.class <> 4 or k.dealer_id <> 0 then perform core.fail('ZC402', 'campaign_id', '{"reason": "class"}'); end if;
  if k.announced_at is not null then perform core.fail('ZC089', null, '{"state": "ANNOUNCED"}'); end if;
  perform core.campaign_complete(k);
  perform core.announce_forget(k.campaign_id);
  update core.campaign x set announced_at = core.now(), version = x.version + 1,
    exclude_until = case core.policy_int('P19.notice') when 0 then core.now() else core.working_days_end(0, core.now(), core.policy_int('P19.notice')) end
  where x.campaign_id = k.campaign_id returning x.* into k;
  j := core.job_add('campaign_announce', jsonb_build_object('campaign', k.campaign_id, 'version', k.version), 0, core.job_letter(),
    (k.check_result ->> 'total')::bigint);
  return row(k.public_id, k.announced_at, k.exclude_until, j.public_id)::api.announced;
end $$;
comment on function api.campaign_announce is $$
Announce a checked network campaign to the owners of its audience; it may be launched when they had their days (P19).
in: campaign_id    out: until when they may leave people out; the job that notes their parts
errors: not-found, campaign-state - also announced already, campaign-incomplete, bad-field    rule: R78, P19 $$;

create function api.announcements_list(p_limit int default null, p_after text default null) returns setof api.announcement
language sql stable security definer set search_path = '' as $$
  select k.public_id, k.name::text, k.grp, k.topic, k.channel, k.subject::text, k.body::text, k.script::text, k.announced_at, k.exclude_until,
    k.exclude_until > core.now() and k.state = 'CHECKED', c.people, c.excluded, core.exclusions_most(c.people), k.state, k.campaign_id::text
  from core.campaign_part_count c join core.campaign k on k.campaign_id = c.campaign_id
  where session.role_bit() = 16 and c.dealer_id = session.dealer() and k.announced_at is not null
    and k.campaign_id < coalesce(nullif(p_after, '')::bigint, 9223372036854775807)
  order by k.campaign_id desc limit least(coalesce(p_limit, 50), 100)
$$;
comment on function api.announcements_list is $$
Network campaigns announced to the caller's dealer, newest first: what they say, how many of its people they reach, how many it left out
and may leave out, until when.    out: announcements    rule: R78, P19 $$;

create function core.announcement_of(p_campaign uuid) returns core.campaign
language plpgsql stable set search_path = '' as $$
declare k core.campaign;
begin
  select x.* into k from core.campaign x join core.campaign_part_count c on c.campaign_id = x.campaign_id and c.dealer_id = session.dealer()
  where x.public_id = p_campaign and x.announced_at is not null;
  if k.campaign_id is null or session.role_bit() <> 16 then perform core.fail('ZC404'); end if;
  return k;
end $$;
comment on function core.announcement_of(uuid) is 'An announced campaign in which the caller''s dealer has a part. errors: ZC404';

create function api.announcement_people(p_campaign_id uuid, p_is_excluded boolean default null, p_limit int default null, p_after text default null)
returns setof api.announcement_person language plpgsql stable security definer set search_path = '' as $$
declare
  k core.campaign := core.announcement_of(p_campaign_id);
begin
  return query
  select d.public_id, d.name, d.city, p.excluded_at is not null, p.reason::text, p.party_id::text
  from core.campaign_part p join core.dealer_party d on d.dealer_id = p.dealer_id and d.party_id = p.party_id
  where p.dealer_id = session.dealer() and p.campaign_id = k.campaign_id and p.party_id > coalesce(nullif(p_after, '')::bigint, 0)
    and (p_is_excluded is null or (p.excluded_at is not null) = p_is_excluded)
  order by p.party_id limit least(coalesce(p_limit, 50), 100);
end $$;
comment on function api.announcement_people is 'The dealer''s own people in an announced campaign. in: campaign_id; is_excluded. out: people. errors: not-found. rule: R78, R133';

create function core.exclusion_set(p_campaign uuid, p_person uuid, p_reason text) returns api.announcement_change
language plpgsql volatile set search_path = '' as $$
declare
  k core.campaign := core.announcement_of(p_campaign);
  c core.campaign_part_count;
  v_party bigint := core.visible_party(p_person);
begin
  if k.exclude_until <= core.now() or k.state <> 'CHECKED' then perform core.fail('ZC079'); end if;
  select x.* into c from core.campaign_part_count x where x.campaign_id = k.campaign_id and x.dealer_id = session.dealer() for update;
  update core.campaign_part p set excluded_at = case when p_reason is not null then core.now() end, reason = p_reason, staff_id = session.staff()
  where p.campaign_id = k.campaign_id and p.party_id = v_party and p.dealer_id = session.dealer() and (p.excluded_at is null) = (p_reason is not null);
  if found then
    c.excluded := c.excluded + case when p_reason is not null then 1 else -1 end;
    if p_reason is not null and c.excluded > core.exclusions_most(c.people) then
      perform core.fail('ZC077', null, jsonb_build_object('most', core.exclusions_most(c.people)));
    end if;
    update core.campaign_part_count x set excluded = c.excluded where x.campaign_id = c.campaign_id and x.dealer_id = c.dealer_id;
    perform core.ledger_add(case when p_reason is not null then 'campaign.exclude' else 'campaign.include' end, p_campaign::text, v_party, 'R78');
  elsif not exists (select from core.campaign_part p where p.campaign_id = k.campaign_id and p.party_id = v_party and p.dealer_id = session.dealer()) then
    perform core.fail('ZC404');
  end if;
  return row(c.people, c.excluded, core.exclusions_most(c.people))::api.announcement_change;
end $$;
comment on function core.exclusion_set(uuid, uuid, text) is $$
Leave one person out, or take him in again (no reason).
errors: ZC404, ZC077 more than P19 allows, ZC079 the term is over    guard: the part's row is locked, so two cannot both take the last place$$;

create function api.announcement_exclude(p_campaign_id uuid, p_person_id uuid, p_reason core.short_text) returns api.announcement_change
language plpgsql volatile security definer set search_path = '' as $$
begin
  if btrim(p_reason) = '' then perform core.fail('ZC057', 'reason'); end if;
  return core.exclusion_set(p_campaign_id, p_person_id, btrim(p_reason));
end $$;
comment on function api.announcement_exclude is $$
Leave one of the dealer's people out of an announced campaign, with the reason; at most a tenth of its part.
in: campaign_id, person_id, reason    out: people, excluded, most    errors: not-found, reason-missing, exclusions-used, exclusion-over    rule: R78, P19 $$;

create function api.announcement_include(p_campaign_id uuid, p_person_id uuid) returns api.announcement_change
language plpgsql volatile security definer set search_path = '' as $$
begin
  return core.exclusion_set(p_campaign_id, p_person_id, null);
end $$;
comment on function api.announcement_include is 'Take a person in again. in: campaign_id, person_id. out: people, excluded, most. errors: not-found, exclusion-over. rule: R78';
