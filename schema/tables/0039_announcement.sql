-- SPDX-License-Identifier: Apache-2.0
-- R78, P19: head office announces a network campaign; each owner sees his part and may leave some of his people out.

alter table core.campaign add column announced_at timestamptz, add column exclude_until timestamptz;

create table core.campaign_part (                    -- who was in the audience when it was announced, and whose he was
  campaign_id bigint not null,
  party_id  bigint not null,
  dealer_id int not null,
  excluded_at timestamptz,                           -- the owner leaves him out
  reason    core.short_text,
  staff_id  bigint,
  primary key (campaign_id, party_id),
  check ((excluded_at is null) = (reason is null)));
create index campaign_part_dealer on core.campaign_part (dealer_id, campaign_id, party_id);
create index campaign_part_excluded on core.campaign_part (campaign_id, dealer_id) where excluded_at is not null;

create table core.campaign_part_count (              -- an owner's part; its row is locked while he leaves people out
  campaign_id bigint not null,
  dealer_id int not null references core.dealer,
  people    int not null default 0,
  excluded  int not null default 0,
  primary key (campaign_id, dealer_id),
  check (excluded between 0 and people));
