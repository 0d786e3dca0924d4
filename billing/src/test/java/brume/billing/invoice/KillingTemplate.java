package brume.billing.invoice;

import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementCreator;

/// A database client that dies after some statements.
final class KillingTemplate extends JdbcTemplate {
  private final Supplier<RuntimeException> death;
  private int left;

  KillingTemplate(DataSource dataSource, int statements, Supplier<RuntimeException> death) {
    super(dataSource);
    this.left = statements;
    this.death = death;
  }

  private void count() {
    if (left-- <= 0) {
      throw death.get();
    }
  }

  @Override
  public <T> @Nullable T execute(ConnectionCallback<T> action) {
    T result = super.execute(action);
    count();
    return result;
  }

  @Override
  public <T> @Nullable T execute(
      PreparedStatementCreator psc, PreparedStatementCallback<T> action) {
    T result = super.execute(psc, action);
    count();
    return result;
  }
}
