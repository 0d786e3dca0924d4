package brume.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import brume.billing.Seeds;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResourceTableTest {
  private static final class Count extends ResourceTable.Entry {
    private long count;

    @Override
    long look() {
      return count;
    }
  }

  @Test
  void itHoldsWhatAMapHolds() {
    Seeds.each(
        30,
        random -> {
          ResourceTable<Count> table = new ResourceTable<>();
          Map<String, Long> map = new HashMap<>();
          String[] forms = {"i-%017x", "%d", "vol-%d-\u00e9", "\u03b1%d", "%040d", "a%x\u0000"};
          int kinds = 1 + random.nextInt(4_000);
          for (int step = 0; step < 6_000; step++) {
            String id = forms[random.nextInt(forms.length)].formatted(random.nextInt(kinds));
            table.lookAhead(List.of(id, "none", "", "\u03b1"));
            table.entry(id, Count::new).count++;
            map.merge(id, 1L, Long::sum);
          }
          assertThat(counts(table)).isEqualTo(map);
          table.keep(id -> id.hashCode() % 3 == 0);
          map.keySet().removeIf(id -> id.hashCode() % 3 != 0);
          assertThat(counts(table)).isEqualTo(map);
          map.forEach((id, count) -> assertThat(table.get(id).count).isEqualTo(count));
          assertThat(table.get("none")).isNull();
          assertThat(table.get("")).isNull();
        });
  }

  private static Map<String, Long> counts(ResourceTable<Count> table) {
    Map<String, Long> counts = new HashMap<>();
    table.each((id, entry) -> counts.put(id, entry.count));
    assertThat(counts).hasSize(table.size());
    return counts;
  }
}
