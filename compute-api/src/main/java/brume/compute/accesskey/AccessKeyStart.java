package brume.compute.accesskey;

import brume.compute.ComputeApiSettings;
import brume.compute.account.AccountCommands;
import brume.compute.loop.DatabaseSignals;
import brume.compute.loop.Loop;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.dao.DataIntegrityViolationException;

/// What happens to access keys without anyone's asking: the first account's own at the start, where
/// the operator gave one, and new seals where the operator gave another key.
@Configuration(proxyBeanMethods = false)
class AccessKeyStart {
  private static final Logger LOG = LoggerFactory.getLogger(AccessKeyStart.class);
  private static final Duration PERIOD = Duration.ofMinutes(1);
  private static final int ROUND_MAX = 500;

  @Bean
  @DependsOn("accountBootstrap") // singletons are told in the order in which they were made
  SmartInitializingSingleton firstAccessKey(
      AccessKeyCommands commands, ComputeApiSettings settings) {
    return () -> {
      String id = settings.bootstrap().accessKeyId();
      String secret = settings.bootstrap().secretAccessKey();
      if (id != null && secret != null && !id.isBlank() && !secret.isBlank()) {
        try {
          commands.createFirst(AccountCommands.FIRST_ID, id, secret);
        } catch (DataIntegrityViolationException e) {
          LOG.info("the first access key is made by another compute-api, or has no account yet");
        }
      }
    };
  }

  @Bean
  Loop sealingLoop(AccessKeyCommands commands, DatabaseSignals signals) {
    return new Loop("sealing", PERIOD, PERIOD, signals, () -> commands.sealAnew(ROUND_MAX));
  }
}
