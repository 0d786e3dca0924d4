package brume.cli.serial;

import brume.cli.process.CommandFailure;
import brume.cli.process.ExitCode;
import java.util.regex.Pattern;

/// The key that leaves the console and is not sent to the guest: `ctrl-]`, a letter with Ctrl, or
/// `none`.
///
/// @param code what the terminal sends for it; -1 for none
public record DetachKey(String name, int code) {
  public static final DetachKey DEFAULT = new DetachKey("ctrl-]", 0x1d);

  private static final Pattern CONTROL = Pattern.compile("ctrl-([a-z\\[\\]\\\\^_@])");

  /// Throws [CommandFailure] where it is no such key.
  public static DetachKey of(String given) {
    String name = given.toLowerCase(java.util.Locale.ROOT);
    if (name.equals("none")) {
      return new DetachKey(name, -1);
    }
    if (!CONTROL.matcher(name).matches()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "the detach key must look like ctrl-], ctrl-a or none, not '" + given + "'");
    }
    return new DetachKey(name, Character.toUpperCase(name.charAt(5)) & 0x1f);
  }

  /// Where it was pressed in these bytes; -1 where it was not.
  int in(byte[] bytes, int length) {
    for (int at = 0; at < length; at++) {
      if (bytes[at] == code) {
        return at;
      }
    }
    return -1;
  }

  public String shown() {
    return code < 0 ? "no key" : "Ctrl-" + Character.toUpperCase(name.charAt(5));
  }
}
