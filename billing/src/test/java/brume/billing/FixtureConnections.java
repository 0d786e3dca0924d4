package brume.billing;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// After each class: its fixtures' connections are given back, as all classes of a JVM share one
/// server.
public final class FixtureConnections implements AfterAllCallback {
  @Override
  public void afterAll(ExtensionContext context) {
    BillingFixture.giveBackConnections();
  }
}
