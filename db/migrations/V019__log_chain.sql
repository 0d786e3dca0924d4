-- A chain of digests over the transition log, as far as the meter has read: who changes what was metered
-- breaks it, and the audit says so. Invoices keep the head that they were made with.
ALTER TABLE billing.meter_cursor ADD chain bytea CHECK (length(chain) = 32);  -- null: not computed yet
ALTER TABLE billing.invoice
  ADD chain_head  bytea CHECK (length(chain_head) = 32),
  ADD certificate bytea CHECK (length(certificate) = 32);  -- of all that the invoice shows
