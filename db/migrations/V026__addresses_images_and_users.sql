-- Public addresses that come with a launch, as EC2 gives them: they are taken from the same block, go with their
-- interface, and are no business of the account's.
ALTER TABLE compute.address ADD COLUMN automatic boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT automatic_goes_with_its_interface CHECK (NOT automatic OR network_interface_id IS NOT NULL);

-- Images for other processors, and of snapshots without a system, can be registered, described and shared as in
-- EC2; it is a launch that is refused.
ALTER TABLE compute.image
  DROP CONSTRAINT image_architecture_check,
  ADD CONSTRAINT image_architecture_check
    CHECK (architecture IN ('riscv64', 'x86_64', 'i386', 'arm64', 'x86_64_mac', 'arm64_mac')),
  ALTER COLUMN source DROP NOT NULL,              -- null: there is nothing in it to boot
  ADD COLUMN source_instance_id text;             -- the instance that it was made of

-- Counts the edits of a person, for If-Match.
ALTER TABLE compute.account_user ADD COLUMN version bigint NOT NULL DEFAULT 1;
