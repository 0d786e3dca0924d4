-- Prices by more than one model. `micros` is the price that is shown beside a line: the one of the first
-- tier. Tiers begin at a number of the meter's own units, and the first at 0.
ALTER TABLE billing.price RENAME micros_per_hour TO micros;
ALTER TABLE billing.price
  ADD model       text NOT NULL DEFAULT 'per-unit' CHECK (model IN ('per-unit', 'graduated', 'volume')),
  ADD free_units  bigint NOT NULL DEFAULT 0 CHECK (free_units >= 0),  -- of the account's month, counted before the tiers
  ADD tier_from   bigint[] NOT NULL DEFAULT '{0}',
  ADD tier_micros bigint[] NOT NULL DEFAULT '{0}',
  ADD CONSTRAINT tiers_fit CHECK (
    cardinality(tier_from) = cardinality(tier_micros) AND tier_from[1] = 0
    AND (model = 'per-unit') = (cardinality(tier_from) = 1));
ALTER TABLE billing.price DISABLE TRIGGER guard_price;  -- what was published says the same in the new words
UPDATE billing.price SET tier_micros = ARRAY[micros];
ALTER TABLE billing.price ENABLE TRIGGER guard_price;
ALTER TABLE billing.price ALTER tier_from DROP DEFAULT, ALTER tier_micros DROP DEFAULT,
  ADD CONSTRAINT shown_first CHECK (micros = tier_micros[1]);
