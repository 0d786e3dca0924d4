-- Networks as objects: who may talk to whom is written down and checked here; no data plane enforces it yet.
-- Ids of the account and region stand in every row, as every question is asked within them.

CREATE TABLE compute.vpc (
  id            text PRIMARY KEY CHECK (id ~ '^vpc-[0-9a-f]{17}$'),
  account_id    text NOT NULL REFERENCES compute.account,
  region        text NOT NULL,
  cidr_block    text NOT NULL CHECK (family(cidr_block::cidr) = 4 AND masklen(cidr_block::cidr) BETWEEN 16 AND 28),
  is_default    boolean NOT NULL,
  tenancy       text NOT NULL CHECK (tenancy IN ('default', 'dedicated')),
  dns_support   boolean NOT NULL,
  dns_hostnames boolean NOT NULL,
  created_at    timestamptz NOT NULL
);
CREATE INDEX vpc_by_account ON compute.vpc (account_id, region, id);
CREATE UNIQUE INDEX vpc_default ON compute.vpc (account_id, region) WHERE is_default;

-- Where a default network has been made: it is made once, so that who deletes theirs is not given another.
CREATE TABLE compute.default_network (
  account_id text NOT NULL REFERENCES compute.account,
  region     text NOT NULL,
  PRIMARY KEY (account_id, region)
);

CREATE TABLE compute.subnet (
  id            text PRIMARY KEY CHECK (id ~ '^subnet-[0-9a-f]{17}$'),
  account_id    text NOT NULL REFERENCES compute.account,
  region        text NOT NULL,
  vpc_id        text NOT NULL REFERENCES compute.vpc,
  zone          text NOT NULL,
  cidr_block    text NOT NULL CHECK (family(cidr_block::cidr) = 4 AND masklen(cidr_block::cidr) BETWEEN 16 AND 28),
  default_for_zone boolean NOT NULL,
  map_public_ip boolean NOT NULL,
  created_at    timestamptz NOT NULL,
  EXCLUDE USING gist (vpc_id WITH =, (cidr_block::inet) inet_ops WITH &&)  -- no two of one network share an address
);
CREATE INDEX subnet_by_account ON compute.subnet (account_id, region, id);
CREATE UNIQUE INDEX subnet_default ON compute.subnet (vpc_id, zone) WHERE default_for_zone;

CREATE TABLE compute.security_group (
  id          text PRIMARY KEY CHECK (id ~ '^sg-[0-9a-f]{17}$'),
  account_id  text NOT NULL REFERENCES compute.account,
  region      text NOT NULL,
  vpc_id      text NOT NULL REFERENCES compute.vpc,
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  description text NOT NULL CHECK (length(description) <= 255),
  UNIQUE (vpc_id, name)
);
CREATE INDEX security_group_by_account ON compute.security_group (account_id, region, id);

CREATE TABLE compute.security_group_rule (
  id            text PRIMARY KEY CHECK (id ~ '^sgr-[0-9a-f]{17}$'),
  account_id    text NOT NULL REFERENCES compute.account,
  region        text NOT NULL,
  group_id      text NOT NULL REFERENCES compute.security_group,
  egress        boolean NOT NULL,
  protocol      text NOT NULL,
  from_port     integer CHECK (from_port BETWEEN -1 AND 65535),
  to_port       integer CHECK (to_port BETWEEN -1 AND 65535),
  cidr_ipv4     text,
  cidr_ipv6     text,
  peer_group_id text REFERENCES compute.security_group,
  description   text CHECK (length(description) <= 255),
  CONSTRAINT one_peer CHECK (num_nonnulls(cidr_ipv4, cidr_ipv6, peer_group_id) = 1),
  CONSTRAINT once UNIQUE NULLS NOT DISTINCT
    (group_id, egress, protocol, from_port, to_port, cidr_ipv4, cidr_ipv6, peer_group_id)
);
CREATE INDEX security_group_rule_by_account ON compute.security_group_rule (account_id, region, id);
CREATE INDEX security_group_rule_by_peer ON compute.security_group_rule (peer_group_id);

CREATE TABLE compute.network_interface (
  id                    text PRIMARY KEY CHECK (id ~ '^eni-[0-9a-f]{17}$'),
  account_id            text NOT NULL REFERENCES compute.account,
  region                text NOT NULL,
  vpc_id                text NOT NULL REFERENCES compute.vpc,
  subnet_id             text NOT NULL REFERENCES compute.subnet,
  zone                  text NOT NULL,
  description           text NOT NULL CHECK (length(description) <= 255),
  address               bigint NOT NULL,   -- IPv4 as a number, so that the next free one is found by order
  mac_address           text NOT NULL,
  security_groups       jsonb NOT NULL,
  source_dest_check     boolean NOT NULL,
  attachment_id         text,
  instance_id           text,
  device_index          integer,
  attached_at           timestamptz,
  delete_on_termination boolean NOT NULL,
  created_at            timestamptz NOT NULL,
  UNIQUE (subnet_id, address),
  CONSTRAINT attached_whole CHECK
    (num_nonnulls(attachment_id, instance_id, device_index, attached_at) IN (0, 4))
);
CREATE INDEX network_interface_by_account ON compute.network_interface (account_id, region, id);
CREATE UNIQUE INDEX network_interface_by_instance ON compute.network_interface (instance_id, device_index)
  WHERE instance_id IS NOT NULL;

CREATE TABLE compute.internet_gateway (
  id         text PRIMARY KEY CHECK (id ~ '^igw-[0-9a-f]{17}$'),
  account_id text NOT NULL REFERENCES compute.account,
  region     text NOT NULL,
  vpc_id     text REFERENCES compute.vpc UNIQUE,   -- a network has one at most
  created_at timestamptz NOT NULL
);
CREATE INDEX internet_gateway_by_account ON compute.internet_gateway (account_id, region, id);

CREATE TABLE compute.route_table (
  id         text PRIMARY KEY CHECK (id ~ '^rtb-[0-9a-f]{17}$'),
  account_id text NOT NULL REFERENCES compute.account,
  region     text NOT NULL,
  vpc_id     text NOT NULL REFERENCES compute.vpc,
  routes     jsonb NOT NULL,   -- beside the one to the network itself
  created_at timestamptz NOT NULL
);
CREATE INDEX route_table_by_account ON compute.route_table (account_id, region, id);

CREATE TABLE compute.route_table_association (
  id             text PRIMARY KEY CHECK (id ~ '^rtbassoc-[0-9a-f]{17}$'),
  account_id     text NOT NULL REFERENCES compute.account,
  region         text NOT NULL,
  route_table_id text NOT NULL REFERENCES compute.route_table,
  vpc_id         text NOT NULL REFERENCES compute.vpc,
  subnet_id      text REFERENCES compute.subnet UNIQUE   -- null: the network's main one
);
CREATE UNIQUE INDEX route_table_main ON compute.route_table_association (vpc_id) WHERE subnet_id IS NULL;
CREATE INDEX route_table_association_by_table ON compute.route_table_association (route_table_id);

CREATE TABLE compute.address (
  id             text PRIMARY KEY CHECK (id ~ '^eipalloc-[0-9a-f]{17}$'),
  account_id     text NOT NULL REFERENCES compute.account,
  region         text NOT NULL,
  public_ip      text NOT NULL UNIQUE,
  association_id text,
  network_interface_id text REFERENCES compute.network_interface UNIQUE,
  created_at     timestamptz NOT NULL,
  CONSTRAINT associated_whole CHECK ((association_id IS NULL) = (network_interface_id IS NULL))
);
CREATE INDEX address_by_account ON compute.address (account_id, region, id);
