package brume.billing;

import brume.billing.budget.BudgetStore;
import brume.billing.budget.SpendingStore;
import brume.billing.budget.SpendingWatch;
import brume.billing.budget.WalletQueries;
import brume.billing.invoice.CostQueries;
import brume.billing.invoice.StatementReader;
import brume.billing.terms.TermsStore;
import brume.billing.webhook.SecretSeal;
import brume.billing.webhook.WebhookDelivery;
import brume.billing.webhook.WebhookStore;
import brume.contract.IdGenerator;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// How what watches spending is put together.
@Configuration(proxyBeanMethods = false)
class SpendingConfiguration {
  private static final Duration LOOK = Duration.ofSeconds(1);

  @Bean
  BudgetStore budgetStore(JdbcClient jdbc, Clock clock) {
    return new BudgetStore(jdbc, clock);
  }

  @Bean
  SpendingStore spendingStore(
      JdbcClient jdbc, PlatformTransactionManager transactions, IdGenerator ids) {
    return new SpendingStore(jdbc, new TransactionTemplate(transactions), ids);
  }

  @Bean
  WalletQueries walletQueries(
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      StatementReader statements,
      TermsStore terms) {
    return new WalletQueries(
        jdbc, BillingConfiguration.snapshot(transactions, true), statements, terms);
  }

  @Bean
  SpendingWatch spendingWatch(
      SpendingStore store,
      BudgetStore budgets,
      CostQueries costs,
      TermsStore terms,
      WalletQueries wallets,
      Clock clock,
      BillingSettings settings) {
    return new SpendingWatch(
        store, budgets, costs, terms, wallets, clock, settings.spendingPeriod());
  }

  @Bean
  RoundLoop spendingLoop(SpendingWatch watch) {
    return new RoundLoop("spending", LOOK, watch::round);
  }

  @Bean
  WebhookStore webhookStore(
      JdbcClient jdbc,
      PlatformTransactionManager transactions,
      EncryptionSettings encryption,
      RandomGenerator random) {
    WebhookStore store =
        new WebhookStore(
            jdbc, new TransactionTemplate(transactions), new SecretSeal(encryption.keys(), random));
    if (store.canSeal()) {
      store.sealOld();
    }
    return store;
  }

  @Bean
  WebhookDelivery webhookDelivery(WebhookStore store, Clock clock, BillingSettings settings) {
    return new WebhookDelivery(store, clock, settings.webhookPrivateAddresses());
  }

  @Bean
  RoundLoop webhookLoop(WebhookDelivery delivery) {
    return new RoundLoop("webhooks", LOOK, delivery::round);
  }
}
