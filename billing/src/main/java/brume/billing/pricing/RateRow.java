package brume.billing.pricing;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// How a rate stands in `billing.price`.
record RateRow(String model, long free, List<Tier> tiers) {
  private static final String PER_UNIT = "per-unit";
  private static final String GRADUATED = "graduated";
  private static final String VOLUME = "volume";

  static RateRow of(Rate rate) {
    return switch (rate) {
      case PerUnit each -> new RateRow(PER_UNIT, 0, List.of(new Tier(0, each.micros())));
      case Graduated each -> new RateRow(GRADUATED, 0, each.tiers());
      case Volume each -> new RateRow(VOLUME, 0, each.tiers());
      case Allowance each -> {
        RateRow above = of(each.above());
        yield new RateRow(above.model(), each.free(), above.tiers());
      }
    };
  }

  static RateRow read(ResultSet row) throws SQLException {
    Long[] from = longs(row.getArray("tier_from"));
    Long[] micros = longs(row.getArray("tier_micros"));
    List<Tier> tiers = new ArrayList<>();
    for (int i = 0; i < from.length; i++) {
      tiers.add(new Tier(from[i], micros[i]));
    }
    return new RateRow(row.getString("model"), row.getLong("free_units"), tiers);
  }

  private static Long[] longs(Array array) throws SQLException {
    return (Long[]) array.getArray();
  }

  Rate rate() {
    Rate paid =
        switch (model) {
          case PER_UNIT -> new PerUnit(tiers.getFirst().micros());
          case GRADUATED -> new Graduated(tiers);
          case VOLUME -> new Volume(tiers);
          default -> throw new IllegalStateException("unknown model " + model);
        };
    return free == 0 ? paid : new Allowance(free, paid);
  }

  Object[] row(String priceBookId, Price price) {
    return new Object[] {
      priceBookId,
      price.meter().name(),
      price.sku(),
      price.rate().listMicros(),
      price.minimumSeconds(),
      model,
      free,
      tiers.stream().map(Tier::from).toArray(Long[]::new),
      tiers.stream().map(Tier::micros).toArray(Long[]::new)
    };
  }
}
