package brume.db;

import org.flywaydb.core.api.logging.Log;
import org.flywaydb.core.api.logging.LogCreator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets Flyway speak of what is wrong and of nothing else: it tells each of its steps, and some of
/// its advice is for its makers' other products.
public final class MigrationLog implements LogCreator {
  private static final Logger LOG = LoggerFactory.getLogger(MigrationLog.class);

  @Override
  public Log createLogger(Class<?> owner) {
    return new Troubles();
  }

  private static final class Troubles implements Log {
    @Override
    public void debug(String message) {}

    @Override
    public void info(String message) {}

    @Override
    public void notice(String message) {}

    @Override
    public void warn(String message) {
      LOG.warn(message);
    }

    @Override
    public void error(String message) {
      LOG.error(message);
    }

    @Override
    public void error(String message, Exception failure) {
      LOG.error(message, failure);
    }
  }
}
