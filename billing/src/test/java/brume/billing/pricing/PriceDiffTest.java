package brume.billing.pricing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PriceDiffTest {
  private static PriceBook book(String... prices) {
    return PriceBookYaml.read(
        "{id: a, currency: USD, validFrom: '2026-01-01T00:00:00Z', prices: ["
            + String.join(",", prices)
            + "]}");
  }

  @Test
  void eachChangeStandsBesideWhatItWas() {
    PriceBook before =
        book(
            "{meter: instance-seconds, sku: same, micros: 1}",
            "{meter: instance-seconds, sku: gone, micros: 2}",
            "{meter: instance-seconds, sku: dearer, micros: 300}",
            "{meter: instance-seconds, sku: was-free, micros: 0}",
            "{meter: instance-seconds, sku: longer, micros: 5}");
    PriceBook after =
        book(
            "{meter: instance-seconds, sku: same, micros: 1}",
            "{meter: instance-seconds, sku: dearer, free: 10,"
                + " graduated: [{from: 0, micros: 400}, {from: 50, micros: 100}]}",
            "{meter: instance-seconds, sku: was-free, micros: 7}",
            "{meter: instance-seconds, sku: longer, micros: 5, minimumSeconds: 60}",
            "{meter: instance-seconds, sku: fresh, volume: [{from: 0, micros: 9},"
                + " {from: 3, micros: 8}]}");
    assertThat(PriceDiff.between(before, after).changes())
        .extracting(PriceDiff.Change::toString)
        .map(text -> text.replaceAll("Change\\[meter=instance-seconds, |]$", ""))
        .containsExactly(
            "sku=dearer, before=300, after=10 free, then graduated: 400 from 0, 100 from 50,"
                + " percent=33",
            "sku=fresh, before=null, after=volume: 9 from 0, 8 from 3, percent=null",
            "sku=gone, before=2, after=null, percent=null",
            "sku=longer, before=5, after=5, minimum 60 s, percent=0",
            "sku=was-free, before=0, after=7, percent=null");
    assertThat(PriceDiff.between(before, before).changes()).isEmpty();
    assertThat(PriceDiff.between(null, after).changes()).hasSize(5);
  }
}
