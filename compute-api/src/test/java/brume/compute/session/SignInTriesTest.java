package brume.compute.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Wrong tokens by address, with a clock that the test moves.
final class SignInTriesTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5_000_000_000L); // it wraps
  private final SignInTries tries = new SignInTries(nanos::get);

  private void pass(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Test
  void tenWrongOnesAreTooManyAndOneMayComeAgainAfterItsTime() {
    for (int i = 0; i < SignInTries.WRONG_MAX; i++) {
      tries.requireRoom("a");
      tries.wrong("a");
    }
    assertThatThrownBy(() -> tries.requireRoom("a"))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.refusal())
                    .isInstanceOfSatisfying(
                        Refusal.Busy.class,
                        busy -> assertThat(busy.retryAfterSeconds()).isEqualTo(6)));
    assertThatCode(() -> tries.requireRoom("b")).doesNotThrowAnyException();
    pass(5_999);
    assertThatThrownBy(() -> tries.requireRoom("a")).isInstanceOf(Refused.class);
    pass(1);
    tries.requireRoom("a");
    tries.wrong("a");
    assertThatThrownBy(() -> tries.requireRoom("a")).isInstanceOf(Refused.class);
  }

  @Test
  void anHourLaterNothingIsHeldAgainstIt() {
    for (int i = 0; i < 10 * SignInTries.WRONG_MAX; i++) {
      tries.wrong("a");
    }
    pass(3_600_000);
    for (int i = 0; i < SignInTries.WRONG_MAX; i++) {
      tries.requireRoom("a");
      tries.wrong("a");
    }
    assertThatThrownBy(() -> tries.requireRoom("a")).isInstanceOf(Refused.class);
  }

  @Test
  void manyAddressesTakeNoMoreRoomAndForgetNobodyWhoIsRefused() {
    for (int i = 0; i < SignInTries.WRONG_MAX; i++) {
      tries.wrong("a");
    }
    for (int i = 0; i < 2 * SignInTries.ADDRESSES_MAX; i++) {
      tries.wrong("other " + i);
    }
    assertThatThrownBy(() -> tries.requireRoom("a")).isInstanceOf(Refused.class);
  }
}
