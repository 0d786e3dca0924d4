package brume.billing.rating;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CommitmentTest {
  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0, 5, 0", "10, 0, 10", "10, 4, 6", "10, 10, 0", "10, 11, 0"})
  void whatIsMissingToThePromiseIsDue(long promised, long used, long due) {
    assertThat(new Commitment(promised).shortfall(Amount.ofMicros(used)))
        .isEqualTo(Amount.ofMicros(due));
  }
}
