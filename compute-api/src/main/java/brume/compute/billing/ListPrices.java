package brume.compute.billing;

import java.math.BigDecimal;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Reads the prices that billing publishes. It does no more with them than multiply: what something
/// did cost is billing's alone to say.
@Component
public class ListPrices {
  private static final int MICROS_DIGITS = 6;

  private final JdbcClient database;

  ListPrices(JdbcClient database) {
    this.database = database;
  }

  /// Of so many instances of a type, one for each currency; empty where it has no price.
  public List<ListPrice> perHour(String type, int count) {
    return database
        .sql(
            """
            SELECT currency, micros_per_hour, minimum_seconds, price_book_id
            FROM billing.instance_list_price WHERE instance_type = ? ORDER BY currency
            """)
        .param(type)
        .query((row, number) ->
            new ListPrice(
                row.getString("currency"),
                BigDecimal.valueOf(row.getLong("micros_per_hour"), MICROS_DIGITS)
                    .multiply(BigDecimal.valueOf(count))
                    .toPlainString(),
                row.getInt("minimum_seconds"),
                row.getString("price_book_id")))
        .list();
  }
}
