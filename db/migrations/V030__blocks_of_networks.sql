-- Blocks that a network has beside its first one: [{"id": …, "cidrBlock": …}].
ALTER TABLE compute.vpc ADD COLUMN more_blocks jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_array_length(more_blocks) <= 4);
