package brume.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts our own programs as users do: in a JVM of their own.
public final class Processes {
  private static final String JVM =
      "-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow";

  private Processes() {}

  static ProcessBuilder java(String mainClass, List<String> arguments) {
    return java(List.of(), mainClass, arguments);
  }

  /// With the JVM's options of `./brume`, which hands them down in the property `brume.jvm`, and
  /// more that come after them.
  public static ProcessBuilder java(
      List<String> options, String mainClass, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(System.getProperty("brume.jvm", JVM).split(" +")));
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }
}
