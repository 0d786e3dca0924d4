package brume.compute.account;

import brume.compute.ComputeApiSettings;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/// Before the first request: makes the first account, with the token that the operator gave, in a
/// database that has none. On every later start it changes nothing.
@Component
class AccountBootstrap implements SmartInitializingSingleton {
  private static final Logger LOG = LoggerFactory.getLogger(AccountBootstrap.class);

  private final AccountCommands commands;
  private final AccountStore store;
  private final ComputeApiSettings settings;
  private final UsualQuotas usual;

  AccountBootstrap(
      AccountCommands commands,
      AccountStore store,
      ComputeApiSettings settings,
      UsualQuotas usual) {
    this.commands = commands;
    this.store = store;
    this.settings = settings;
    this.usual = usual;
  }

  @Override
  public void afterSingletonsInstantiated() {
    @Nullable String token = settings.bootstrap().token();
    if (token == null || token.isBlank()) {
      return;
    }
    if (!token.matches("[!-~]{20,200}")) {
      throw new IllegalArgumentException(
          "brume.bootstrap.token must have 20 to 200 printable ASCII characters without spaces");
    }
    try {
      if (store.isEmpty() && commands.createFirst(usual.quotas(), token)) {
        LOG.info("made the first account, {}, and its owner's token", AccountCommands.FIRST_ID);
      }
    } catch (DataIntegrityViolationException e) {
      LOG.info("another compute-api made the first account at the same time");
    }
  }
}
