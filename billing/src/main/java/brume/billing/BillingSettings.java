package brume.billing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/// What an operator may set, under `brume.billing`.
///
/// @param currency of all invoices
/// @param priceBooks published at the start unless they are already
/// @param meterPeriod how often the meter looks without being told to
/// @param meterBatchMax transitions in one transaction
/// @param taxes which account pays which
/// @param invoiceAfter how long after its end a month stays open for what comes late
/// @param invoiceByItself whether a month is closed without an operator's asking
/// @param archiveFolder where months of usage go that leave the database; none where it is not set
/// @param spendingPeriod how old may be what is said of an account's budgets, limit and wallet
/// @param webhookPrivateAddresses whether webhooks may lead into the operator's own network
@ConfigurationProperties("brume.billing")
public record BillingSettings(
    @DefaultValue("USD") String currency,
    @DefaultValue("classpath:prices/2026-01.yaml") List<Resource> priceBooks,
    @DefaultValue("500ms") Duration meterPeriod,
    @DefaultValue("1000") int meterBatchMax,
    @DefaultValue("classpath:taxes/none.yaml") Resource taxes,
    @DefaultValue("6h") Duration invoiceAfter,
    @DefaultValue("true") boolean invoiceByItself,
    @Nullable Path archiveFolder,
    @DefaultValue("10s") Duration spendingPeriod,
    @DefaultValue("false") boolean webhookPrivateAddresses) {}
