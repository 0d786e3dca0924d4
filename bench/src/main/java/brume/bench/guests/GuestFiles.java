package brume.bench.guests;

import brume.node.image.BootImage;
import brume.node.image.BuildImage;
import brume.node.image.CpioArchive;
import brume.node.image.ImageException;
import brume.node.image.ImageProgress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What all engines boot: the kernel of the image debian-micro, and initial RAM disks whose init is
/// the benchmark itself. They are made in a folder that is removed in the end.
final class GuestFiles implements AutoCloseable {
  private final Path folder;
  private final BootImage image;
  private final byte[] programs;

  private GuestFiles(Path folder, BootImage image, byte[] programs) {
    this.folder = folder;
    this.image = image;
    this.programs = programs;
  }

  static GuestFiles make() throws IOException, ImageException {
    BootImage image =
        BuildImage.ofUser(System.getenv()).resolve("builtin:debian-micro", ImageProgress.silent());
    try (@Nullable InputStream in = GuestFiles.class.getResourceAsStream("guest.elf")) {
      if (in == null) {
        throw new IllegalStateException("guest.elf is not on the class path");
      }
      return new GuestFiles(Files.createTempDirectory("brume-guests"), image, in.readAllBytes());
    }
  }

  /// A file of this name, gone with the others.
  Path path(String name) {
    return folder.resolve(name);
  }

  Path kernel() {
    return image.kernel();
  }

  /// The init and, for cold code, that code.
  Path initrd(String name, byte @Nullable [] coldCode) throws IOException {
    CpioArchive archive =
        new CpioArchive().characterDevice("dev/console", 0600, 5, 1).file("init", 0755, programs);
    if (coldCode != null) {
      archive.file("cold", 0644, coldCode);
    }
    return Files.write(folder.resolve(name), archive.toByteArray());
  }

  /// What comes after `--` is for the init (the kernel's admin-guide/kernel-parameters.rst).
  String append(String program, long times) {
    return image.commandLine() + " -- " + program + " " + times;
  }

  @Override
  public void close() throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
