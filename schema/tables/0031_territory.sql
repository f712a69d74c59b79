-- SPDX-License-Identifier: Apache-2.0
-- Territories (R41), agreed shares, capacity, quality and stock (R42, R43), and what tells a person's place: regions, codes, cities.
-- Everything a router decides by is dated; each change has a number (routing_version), which every decision stores (R9).

create table core.region (                           -- ISO 3166-2:RU; code = first two digits of the address classifier
  code    text primary key check (code ~ '^[0-9]{2}$'),
  iso     text not null unique,
  name    text not null unique,
  name_en text not null,
  lon     real not null, lat real not null);         -- a point inside, for distances
insert into core.region values
  ('01','RU-AD','Республика Адыгея','Republic of Adygea',40.129,44.466), ('02','RU-BA','Республика Башкортостан','Bashkortostan',56.557,54.209),
  ('03','RU-BU','Республика Бурятия','Republic of Buryatia',109.341,52.906), ('04','RU-AL','Республика Алтай','Altai Republic',86.937,50.978),
  ('05','RU-DA','Республика Дагестан','Republic of Dagestan',47.142,42.36), ('06','RU-IN','Республика Ингушетия','Republic of Ingushetia',44.847,43.366),
  ('07','RU-KB','Кабардино-Балкарская Республика','Kabardino-Balkaria',43.398,43.376), ('08','RU-KL','Республика Калмыкия','Republic of Kalmykia',45.468,46.519),
  ('09','RU-KC','Карачаево-Черкесская Республика','Karachay-Cherkess Republic',41.687,43.707), ('10','RU-KR','Республика Карелия','Karelia',33.145,63.529),
  ('11','RU-KO','Республика Коми','Komi Republic',55.818,64.119), ('12','RU-ME','Республика Марий Эл','Mari El Republic',47.913,56.541),
  ('13','RU-MO','Республика Мордовия','Republic of Mordovia',44.463,54.115), ('14','RU-SA','Республика Саха (Якутия)','Sakha Republic',130.989,65.596),
  ('15','RU-SE','Республика Северная Осетия — Алания','Republic of North Ossetia-Alania',44.165,42.997), ('16','RU-TA','Республика Татарстан','Republic of Tatarstan',50.736,55.374),
  ('17','RU-TY','Республика Тыва','Tuva Republic',93.993,51.605), ('18','RU-UD','Удмуртская Республика','Udmurt Republic',52.796,57.343),
  ('19','RU-KK','Республика Хакасия','Republic of Khakassia',89.841,53.364), ('20','RU-CE','Чеченская Республика','Chechen Republic',45.757,43.215),
  ('21','RU-CU','Чувашская Республика','Chuvash Republic',47.166,55.488), ('22','RU-ALT','Алтайский край','Altai Krai',82.867,52.427),
  ('23','RU-KDA','Краснодарский край','Krasnodar Krai',39.469,45.84), ('24','RU-KYA','Красноярский край','Krasnoyarsk Krai',95.203,65.56),
  ('25','RU-PRI','Приморский край','Primorsky Krai',134.594,44.862), ('26','RU-STA','Ставропольский край','Stavropol Krai',43.279,44.981),
  ('27','RU-KHA','Хабаровский край','Khabarovsk Krai',135.443,57.023), ('28','RU-AMU','Амурская область','Amur Oblast',128.354,52.924),
  ('29','RU-ARK','Архангельская область','Arkhangelsk Oblast',41.994,63.313), ('30','RU-AST','Астраханская область','Astrakhan Oblast',47.723,47.033),
  ('31','RU-BEL','Белгородская область','Belgorod Oblast',37.277,50.876), ('32','RU-BRY','Брянская область','Bryansk Oblast',33.28,53.087),
  ('33','RU-VLA','Владимирская область','Vladimir Oblast',40.621,55.897), ('34','RU-VGG','Волгоградская область','Volgograd Oblast',44.449,49.501),
  ('35','RU-VLG','Вологодская область','Vologda Oblast',40.933,59.64), ('36','RU-VOR','Воронежская область','Voronezh Oblast',40.522,50.777),
  ('37','RU-IVA','Ивановская область','Ivanovo Oblast',41.624,57.121), ('38','RU-IRK','Иркутская область','Irkutsk Oblast',105.966,56.825),
  ('39','RU-KGD','Калининградская область','Kaliningrad Oblast',21.229,54.664), ('40','RU-KLU','Калужская область','Kaluga Oblast',35.342,54.242),
  ('41','RU-KAM','Камчатский край','Kamchatka Krai',160.187,56.532), ('42','RU-KEM','Кемеровская область','Kemerovo Oblast',87.168,54.646),
  ('43','RU-KIR','Кировская область','Kirov Oblast',50.111,58.193), ('44','RU-KOS','Костромская область','Kostroma Oblast',43.469,58.388),
  ('45','RU-KGN','Курганская область','Kurgan Oblast',65.35,55.432), ('46','RU-KRS','Курская область','Kursk Oblast',36.292,51.736),
  ('47','RU-LEN','Ленинградская область','Leningrad Oblast',32.774,59.99), ('48','RU-LIP','Липецкая область','Lipetsk Oblast',39.207,52.746),
  ('49','RU-MAG','Магаданская область','Magadan Oblast',153.797,62.626), ('50','RU-MOS','Московская область','Moscow Oblast',38.671,55.151),
  ('51','RU-MUR','Мурманская область','Murmansk Oblast',34.321,67.961), ('52','RU-NIZ','Нижегородская область','Nizhny Novgorod Oblast',44.775,56.138),
  ('53','RU-NGR','Новгородская область','Novgorod Oblast',32.945,58.423), ('54','RU-NVS','Новосибирская область','Novosibirsk Oblast',80.083,55.314),
  ('55','RU-OMS','Омская область','Omsk Oblast',73.4,56.047), ('56','RU-ORE','Оренбургская область','Orenburg Oblast',56.215,51.516),
  ('57','RU-ORL','Орловская область','Oryol Oblast',36.417,52.878), ('58','RU-PNZ','Пензенская область','Penza Oblast',44.816,53.056),
  ('59','RU-PER','Пермский край','Perm Krai',56.588,58.873), ('60','RU-PSK','Псковская область','Pskov Oblast',29.123,57.245),
  ('61','RU-ROS','Ростовская область','Rostov Oblast',41.261,47.991), ('62','RU-RYA','Рязанская область','Ryazan Oblast',40.626,54.336),
  ('63','RU-SAM','Самарская область','Samara Oblast',50.438,53.178), ('64','RU-SAR','Саратовская область','Saratov Oblast',46.637,51.674),
  ('65','RU-SAK','Сахалинская область','Sakhalin Oblast',143.0,50.2), ('66','RU-SVE','Свердловская область','Sverdlovsk Oblast',61.708,58.895),
  ('67','RU-SMO','Смоленская область','Smolensk Oblast',33.08,54.673), ('68','RU-TAM','Тамбовская область','Tambov Oblast',41.594,52.781),
  ('69','RU-TVE','Тверская область','Tver Oblast',34.544,57.03), ('70','RU-TOM','Томская область','Tomsk Oblast',82.23,58.447),
  ('71','RU-TUL','Тульская область','Tula Oblast',37.416,54.067), ('72','RU-TYU','Тюменская область','Tyumen Oblast',68.519,57.264),
  ('73','RU-ULY','Ульяновская область','Ulyanovsk Oblast',47.377,53.925), ('74','RU-CHE','Челябинская область','Chelyabinsk Oblast',60.238,54.113),
  ('75','RU-ZAB','Забайкальский край','Zabaykalsky Krai',116.559,52.159), ('76','RU-YAR','Ярославская область','Yaroslavl Oblast',39.255,57.733),
  ('77','RU-MOW','Москва','Moscow',37.619,55.718), ('78','RU-SPE','Санкт-Петербург','Saint Petersburg',30.29,59.806),
  ('79','RU-YEV','Еврейская автономная область','Jewish Autonomous Oblast',132.758,48.64), ('83','RU-NEN','Ненецкий автономный округ','Nenets Autonomous Okrug',56.288,67.827),
  ('86','RU-KHM','Ханты-Мансийский автономный округ — Югра','Khanty-Mansi Autonomous Okrug',71.381,61.431), ('87','RU-CHU','Чукотский автономный округ','Chukotka Autonomous Okrug',170.516,66.752),
  ('89','RU-YAN','Ямало-Ненецкий автономный округ','Yamalo-Nenets Autonomous Okrug',75.187,65.412);

create table core.region_alias (fold text primary key, code text not null references core.region);   -- as people write them
insert into core.region_alias values ('адыгея','01'), ('башкирия','02'), ('кабардино балкария','07'), ('карачаево черкесия','09'),
  ('марий эл','12'), ('марийэл','12'), ('якутия','14'), ('саха','14'), ('саха якутия','14'), ('алания','15'), ('северная осетия','15'), ('осетия','15'),
  ('тува','17'), ('удмуртия','18'), ('чечня','20'), ('чувашия','21'), ('кузбасс','42'), ('мск','77'), ('спб','78'), ('питер','78'),
  ('петербург','78'), ('югра','86'), ('хмао','86'), ('янао','89'), ('нао','83'), ('подмосковье','50');

create table core.phone_area (                       -- region of a geographic number: longest prefix after +7 wins
  prefix text primary key check (prefix ~ '^[0-9]{3,6}$'), code text not null references core.region);
insert into core.phone_area values
  ('301','03'), ('302','75'), ('341','18'), ('342','59'), ('343','66'), ('345','72'), ('346','86'), ('349','89'), ('347','02'), ('351','74'),
  ('352','45'), ('353','56'), ('381','55'), ('382','70'), ('383','54'), ('384','42'), ('385','22'), ('388','04'), ('390','19'), ('391','24'),
  ('394','17'), ('395','38'), ('401','39'), ('411','14'), ('413','49'), ('415','41'), ('416','28'), ('421','27'), ('423','25'), ('424','65'),
  ('426','79'), ('427','87'), ('471','46'), ('472','31'), ('473','36'), ('474','48'), ('475','68'), ('481','67'), ('482','69'), ('483','32'),
  ('484','40'), ('485','76'), ('486','57'), ('487','71'), ('491','62'), ('492','33'), ('493','37'), ('494','44'), ('495','77'), ('496','50'),
  ('498','50'), ('499','77'), ('811','60'), ('812','78'), ('813','47'), ('814','10'), ('815','51'), ('816','53'), ('817','35'), ('818','29'),
  ('81853','83'), ('820','35'), ('821','11'), ('831','52'), ('833','43'), ('834','13'), ('835','21'), ('836','12'), ('841','58'), ('842','73'),
  ('843','16'), ('844','34'), ('845','64'), ('846','63'), ('847','08'), ('848','63'), ('851','30'), ('855','16'), ('861','23'), ('862','23'),
  ('863','61'), ('865','26'), ('866','07'), ('867','15'), ('871','20'), ('872','05'), ('873','06'), ('877','01'), ('878','09'), ('879','26');

alter table core.city add column region_code text references core.region, add column lon real, add column lat real;
alter table core.dealer add column region_code text references core.region,   -- where the salon stands
  add column lon real constraint dealer_lon check (lon between -180 and 180), add column lat real constraint dealer_lat check (lat between -90 and 90),
  add column routed_from date, add column routing_stop text check (length(routing_stop) <= 200);   -- R46: suspended, with the reason

create table core.routing_version (                  -- R9: each change of what routing goes by
  version  bigint generated always as identity primary key,
  at       timestamptz not null,
  staff_id bigint,
  what     text not null check (what in ('territory', 'share', 'stock', 'quality', 'dealer', 'start')),
  detail   jsonb not null default '{}');
insert into core.routing_version (at, what) values (core.now(), 'start');

-- One piece of a territory: a region, a range of postal codes, or a ring. Pieces of different dealers may overlap and leave gaps.
-- A piece ends with a date and is never deleted; one that ends on the day it begins never was in force.
create table core.territory (
  territory_id bigint generated always as identity primary key,
  public_id uuid not null unique default gen_random_uuid(),
  dealer_id int not null references core.dealer,
  brand_id  smallint not null references core.brand,
  line      core.line not null,
  region_code text references core.region,
  postal_from text check (postal_from ~ '^[0-9]{6}$'),
  postal_to   text check (postal_to ~ '^[0-9]{6}$' and postal_to >= postal_from),
  ring      polygon,                                 -- lon, lat
  name      text check (length(name) <= 200),
  from_on   date not null,
  to_on     date check (to_on >= from_on),           -- first day on which it is not in force
  version   bigint not null references core.routing_version,
  staff_id  bigint,
  created_at timestamptz not null default core.now(),
  check ((region_code is not null)::int + (postal_from is not null)::int + (ring is not null)::int = 1),
  check ((postal_from is null) = (postal_to is null)));
create index territory_region on core.territory (region_code, brand_id, line) where region_code is not null;
create index territory_postal on core.territory (brand_id, line, postal_to) where postal_from is not null;
create index territory_ring on core.territory using gist (ring) where ring is not null;
create index territory_dealer on core.territory (dealer_id, brand_id, line);
-- the same region of a dealer is open once: two routers at one map cannot both add it
create unique index territory_region_once on core.territory (dealer_id, brand_id, line, region_code) where region_code is not null and to_on is null;

create table core.dealer_share (                     -- R42: agreed share and capacity, dated
  dealer_id int not null references core.dealer,
  brand_id  smallint not null references core.brand,
  line      core.line not null,
  from_on   date not null,
  share     int not null check (share between 0 and 1000),     -- 0 = gets nothing by turn
  capacity  int check (capacity between 0 and 100000),         -- open offers and first contacts at once; NULL = no limit
  version   bigint not null references core.routing_version,
  staff_id  bigint,
  primary key (dealer_id, brand_id, line, from_on));

create table core.dealer_quality (                   -- R42: 50-150 of a hundred, from R112 and R113, kept by the clock
  dealer_id int not null references core.dealer,
  brand_id  smallint not null references core.brand,
  line      core.line not null,
  factor    int not null check (factor between 50 and 150),
  accepted  int not null, no_contact int not null, ordered int not null,
  kept_at   timestamptz not null,
  primary key (dealer_id, brand_id, line));

create table core.dealer_stock (                     -- R43: cars of a model in stock or due
  dealer_id int not null references core.dealer,
  model_id  smallint not null references core.model,
  due_on    date not null,                           -- in stock: the day it was reported
  cars      int not null check (cars between 0 and 10000),
  reported_at timestamptz not null default core.now(),
  primary key (dealer_id, model_id, due_on));
create index dealer_stock_model on core.dealer_stock (model_id, due_on) where cars > 0;
