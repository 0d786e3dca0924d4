-- One home for the protection from termination: the instance's own column, which both doors read and write.
UPDATE compute.instance i SET termination_protected = o.disable_api_termination
FROM compute.instance_option o WHERE o.instance_id = i.id;
ALTER TABLE compute.instance_option DROP COLUMN disable_api_termination;

-- DHCP options as objects: nothing hands them to a guest yet.
CREATE TABLE compute.dhcp_options (
  id             text PRIMARY KEY CHECK (id ~ '^dopt-[0-9a-f]{17}$'),
  account_id     text NOT NULL REFERENCES compute.account,
  region         text NOT NULL,
  configurations jsonb NOT NULL,
  created_at     timestamptz NOT NULL
);
CREATE INDEX dhcp_options_by_account ON compute.dhcp_options (account_id, region, id);
ALTER TABLE compute.vpc ADD COLUMN dhcp_options_id text;   -- null: the cloud's own

-- Network ACLs as objects: every network has a default one, every subnet follows one.
CREATE TABLE compute.network_acl (
  id         text PRIMARY KEY CHECK (id ~ '^acl-[0-9a-f]{17}$'),
  account_id text NOT NULL REFERENCES compute.account,
  region     text NOT NULL,
  vpc_id     text NOT NULL REFERENCES compute.vpc,
  is_default boolean NOT NULL,
  entries    jsonb NOT NULL,   -- beside the last one, which denies the rest
  created_at timestamptz NOT NULL
);
CREATE INDEX network_acl_by_account ON compute.network_acl (account_id, region, id);
CREATE UNIQUE INDEX network_acl_default ON compute.network_acl (vpc_id) WHERE is_default;

CREATE TABLE compute.network_acl_association (
  id             text PRIMARY KEY CHECK (id ~ '^aclassoc-[0-9a-f]{17}$'),
  account_id     text NOT NULL REFERENCES compute.account,
  region         text NOT NULL,
  network_acl_id text NOT NULL REFERENCES compute.network_acl,
  subnet_id      text NOT NULL REFERENCES compute.subnet UNIQUE
);
CREATE INDEX network_acl_association_by_acl ON compute.network_acl_association (network_acl_id);

INSERT INTO compute.network_acl
SELECT 'acl-' || substr(id, 5), account_id, region, id, true,
  '[{"number":100,"egress":false,"protocol":"-1","allow":true,"cidr":"0.0.0.0/0"},
    {"number":100,"egress":true,"protocol":"-1","allow":true,"cidr":"0.0.0.0/0"}]', created_at
FROM compute.vpc;
INSERT INTO compute.network_acl_association
SELECT 'aclassoc-' || substr(id, 8), account_id, region, 'acl-' || substr(vpc_id, 5), id FROM compute.subnet;

-- An interface's addresses beside its first one.
ALTER TABLE compute.network_interface ADD COLUMN secondary_addresses jsonb NOT NULL DEFAULT '[]';

ALTER TABLE compute.volume
  ADD COLUMN auto_enable_io boolean NOT NULL DEFAULT false,
  ADD COLUMN modification jsonb;   -- the last change of its size or speed

-- EC2's lengths of tags.
ALTER TABLE compute.resource_tag
  DROP CONSTRAINT resource_tag_key_check,
  DROP CONSTRAINT resource_tag_value_check,
  ADD CONSTRAINT resource_tag_key_check CHECK (length(key) BETWEEN 1 AND 128),
  ADD CONSTRAINT resource_tag_value_check CHECK (length(value) <= 256);
CREATE INDEX network_interface_with_more ON compute.network_interface (subnet_id) WHERE secondary_addresses <> '[]';
