package brume.billing.meter;

import java.util.Locale;

/// What a log speaks of. Each kind stands in one log.
public enum ResourceKind {
  INSTANCE(TransitionSource.INSTANCES),
  VOLUME(TransitionSource.RESOURCES),
  SNAPSHOT(TransitionSource.RESOURCES),
  IMAGE(TransitionSource.RESOURCES),
  ADDRESS(TransitionSource.RESOURCES),
  /// Bytes that left an instance for the world.
  TRAFFIC(TransitionSource.RESOURCES);

  private final String log;

  ResourceKind(String log) {
    this.log = log;
  }

  /// The name of the log that it stands in.
  public String log() {
    return log;
  }

  /// As it stands in the log.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static ResourceKind named(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /// As people call it: `Instance`.
  public String title() {
    return name().charAt(0) + text().substring(1);
  }
}
