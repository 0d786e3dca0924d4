-- What EC2's launches say beside what every launch says, and volumes and snapshots as objects: no data
-- plane backs them yet, a guest does not see them.

ALTER TABLE compute.instance ADD COLUMN region text NOT NULL DEFAULT 'us-east-1';
-- A page of what lives, in order, without a look at the dead; and the few that died within the hour.
CREATE INDEX instance_by_region_alive ON compute.instance (account_id, region, id) WHERE terminated_at IS NULL;
CREATE INDEX instance_by_end ON compute.instance (account_id, region, terminated_at) WHERE terminated_at IS NOT NULL;
CREATE INDEX instance_by_end_alone ON compute.instance (terminated_at) WHERE terminated_at IS NOT NULL;

-- Instances that hold nothing any more, as soon as the facts say so.
CREATE VIEW compute.ended_instance AS
  SELECT i.id, i.account_id, i.region
  FROM compute.instance i
  LEFT JOIN LATERAL (
    SELECT * FROM scheduling.instance_fact WHERE instance_id = i.id LIMIT 1) f ON true
  WHERE i.intent = 'TERMINATE'
    AND (i.terminated_at IS NOT NULL OR NOT coalesce(f.vm_state NOT IN ('GONE', 'FAILED'), f.allocated, false));
GRANT SELECT ON compute.ended_instance TO brume_compute;

CREATE TABLE compute.instance_option (
  instance_id             text PRIMARY KEY REFERENCES compute.instance,
  account_id              text NOT NULL REFERENCES compute.account,
  region                  text NOT NULL,
  zone                    text NOT NULL,
  vpc_id                  text,
  subnet_id               text,
  key_name                text CHECK (length(key_name) <= 255),
  client_token            text CHECK (length(client_token) <= 64),
  shutdown_behavior       text NOT NULL CHECK (shutdown_behavior IN ('stop', 'terminate')),
  disable_api_termination boolean NOT NULL,
  disable_api_stop        boolean NOT NULL,
  ebs_optimized           boolean NOT NULL,
  monitoring              boolean NOT NULL,
  cpu_credits             text NOT NULL CHECK (cpu_credits IN ('standard', 'unlimited')),
  metadata                jsonb NOT NULL,
  placement_group         text,
  tenancy                 text NOT NULL CHECK (tenancy IN ('default', 'dedicated', 'host')),
  launch_template_id      text,
  launch_template_version text
);
CREATE INDEX instance_option_by_account ON compute.instance_option (account_id, region, instance_id);

CREATE TABLE compute.volume (
  id                    text PRIMARY KEY CHECK (id ~ '^vol-[0-9a-f]{17}$'),
  account_id            text NOT NULL REFERENCES compute.account,
  region                text NOT NULL,
  zone                  text NOT NULL,
  size_gib              integer NOT NULL CHECK (size_gib BETWEEN 1 AND 65536),
  type                  text NOT NULL CHECK (type IN ('gp2', 'gp3', 'io1', 'io2', 'st1', 'sc1', 'standard')),
  iops                  integer,
  throughput            integer,
  encrypted             boolean NOT NULL,
  snapshot_id           text,
  image_source          text,        -- what an instance could boot from it
  instance_id           text REFERENCES compute.instance,
  device                text,
  attached_at           timestamptz,
  delete_on_termination boolean NOT NULL,
  created_at            timestamptz NOT NULL,
  CONSTRAINT attached_whole CHECK (num_nonnulls(instance_id, device, attached_at) IN (0, 3)),
  UNIQUE (instance_id, device)
);
CREATE INDEX volume_by_account ON compute.volume (account_id, region, id);

CREATE TABLE compute.snapshot (
  id           text PRIMARY KEY CHECK (id ~ '^snap-[0-9a-f]{17}$'),
  account_id   text NOT NULL REFERENCES compute.account,
  region       text NOT NULL,
  volume_id    text NOT NULL,
  size_gib     integer NOT NULL CHECK (size_gib BETWEEN 1 AND 65536),
  description  text NOT NULL CHECK (length(description) <= 255),
  encrypted    boolean NOT NULL,
  image_source text,
  shared_with  jsonb NOT NULL,        -- accounts that may make volumes of it; 'all' for everyone
  created_at   timestamptz NOT NULL
);
CREATE INDEX snapshot_by_account ON compute.snapshot (account_id, region, id);

CREATE TABLE compute.launch_template (
  id              text PRIMARY KEY CHECK (id ~ '^lt-[0-9a-f]{17}$'),
  account_id      text NOT NULL REFERENCES compute.account,
  region          text NOT NULL,
  name            text NOT NULL CHECK (name ~ '^[a-zA-Z0-9()./_-]{3,128}$'),
  default_version bigint NOT NULL CHECK (default_version >= 1),
  latest_version  bigint NOT NULL CHECK (latest_version >= 1),
  created_by      text NOT NULL,
  created_at      timestamptz NOT NULL,
  UNIQUE (account_id, region, name)
);

CREATE TABLE compute.launch_template_version (
  id          text PRIMARY KEY,      -- TEMPLATE:NUMBER
  account_id  text NOT NULL REFERENCES compute.account,
  region      text NOT NULL,
  template_id text NOT NULL REFERENCES compute.launch_template,
  number      bigint NOT NULL CHECK (number >= 1),
  description text CHECK (length(description) <= 255),
  content     jsonb NOT NULL,
  created_by  text NOT NULL,
  created_at  timestamptz NOT NULL,
  UNIQUE (template_id, number)
);

CREATE TABLE compute.placement_group (
  id          text PRIMARY KEY CHECK (id ~ '^pg-[0-9a-f]{17}$'),
  account_id  text NOT NULL REFERENCES compute.account,
  region      text NOT NULL,
  name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 255),
  strategy    text NOT NULL CHECK (strategy IN ('cluster', 'spread', 'partition')),
  partitions  integer CHECK (partitions BETWEEN 1 AND 7),
  created_at  timestamptz NOT NULL,
  UNIQUE (account_id, region, name)
);

-- Images beyond the cloud's own: made here, shared, taken back. One that instances were started from stays as a row.
ALTER TABLE compute.image
  ADD COLUMN region text,                         -- null: in every region
  ADD COLUMN is_public boolean NOT NULL DEFAULT false,
  ADD COLUMN shared_with jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN root_device text NOT NULL DEFAULT '/dev/sda1',
  ADD COLUMN devices jsonb NOT NULL DEFAULT '[]', -- what else a launch makes volumes of
  ADD COLUMN deregistered_at timestamptz,
  DROP CONSTRAINT image_account_id_name_key,
  DROP CONSTRAINT image_name_check,
  ADD CONSTRAINT image_name_check CHECK (name ~ '^[a-zA-Z0-9()\[\]./_@'' -]{3,128}$');
CREATE UNIQUE INDEX image_name ON compute.image (account_id, region, name) NULLS NOT DISTINCT WHERE deregistered_at IS NULL;
