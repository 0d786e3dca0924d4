package brume.billing;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/// What an operator may set, under `brume.billing`.
///
/// @param currency of all invoices
/// @param priceBooks published at the start unless they are already
/// @param meterPeriod how often the meter looks without being told to
/// @param meterBatchMax transitions in one transaction
@ConfigurationProperties("brume.billing")
public record BillingSettings(
    @DefaultValue("USD") String currency,
    @DefaultValue("classpath:prices/2026-01.yaml") List<Resource> priceBooks,
    @DefaultValue("500ms") Duration meterPeriod,
    @DefaultValue("1000") int meterBatchMax) {}
