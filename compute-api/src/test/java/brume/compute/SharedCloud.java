package brume.compute;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Gives several test classes one [TestCloud] whose billing is away, and closes it after the last
/// of them, before its database ends.
final class SharedCloud implements BeforeAllCallback {
  private static TestCloud cloud;

  static TestCloud get() {
    return cloud;
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(SharedCloud.class))
        .computeIfAbsent(SharedCloud.class, key -> open());
  }

  private static AutoCloseable open() {
    StubScheduler scheduler = new StubScheduler();
    TestCloud opened =
        TestCloud.start(
            "--brume.billing.url=http://127.0.0.1:1", "--brume.scheduler.url=" + scheduler.url());
    cloud = opened;
    return () -> {
      opened.close();
      scheduler.close();
    };
  }
}
