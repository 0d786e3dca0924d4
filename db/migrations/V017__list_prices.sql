-- Published by billing: what an instance type costs for an hour by the books in force, so that a launch can
-- be priced before it is made. Of a price with tiers the first.
CREATE VIEW billing.instance_list_price AS
  SELECT p.sku AS instance_type, b.currency, p.micros AS micros_per_hour, p.minimum_seconds,
         b.id AS price_book_id
  FROM billing.price p JOIN billing.price_book b ON b.id = p.price_book_id
  WHERE p.meter = 'instance-seconds' AND b.sealed_at IS NOT NULL AND b.valid @> now();
GRANT SELECT ON billing.instance_list_price TO brume_compute;
