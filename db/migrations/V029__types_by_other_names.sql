-- What a client of EC2 calls an instance's type, which is shown again; null for its own name.
ALTER TABLE compute.instance_option ADD COLUMN type_asked text CHECK (length(type_asked) <= 50);
