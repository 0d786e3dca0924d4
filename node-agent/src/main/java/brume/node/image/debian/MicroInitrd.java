package brume.node.image.debian;

import brume.node.image.CpioArchive;
import brume.node.image.ImageException.ContentRefused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.TreeMap;

/// The guest's first user space: busybox, the modules that our devices need, and our init. It is
/// not compressed: unpacking 2 MB of gzip costs the guest more instructions than all of init.
final class MicroInitrd {
  /// What the devices of a machine of ours need, and ext4 for its disks. crc32c_generic is found by
  /// its algorithm's name at run time, so ext4 does not say that it needs it.
  static final List<String> MODULES =
      List.of("virtio_mmio", "virtio-rng", "virtio_blk", "virtio_net", "crc32c_generic", "ext4");

  private static final Map<String, List<String>> UNSAID =
      Map.of("ext4", List.of("crc32c_generic"), "jbd2", List.of("crc32c_generic"));

  /// Commands that init uses before it lets busybox make the links for all the others.
  private static final List<String> EARLY_COMMANDS =
      List.of("sh", "mount", "modprobe", "ip", "usleep", "sleep");

  private static final List<String> RESOURCES = List.of("init", "udhcpc.sh", "fstab");
  private static final int RESOURCE_BYTES_MAX = 1 << 20;

  private MicroInitrd() {}

  /// @param kernelRelease as `uname -r` says it
  /// @param modules by name, as they come from the package but uncompressed; with all they need
  ///   that is not built into the kernel
  static byte[] make(String kernelRelease, byte[] busybox, Map<String, byte[]> modules)
      throws ContentRefused {
    CpioArchive archive = new CpioArchive();
    for (String folder : List.of("proc", "sys", "run", "tmp", "mnt", "var/log")) {
      archive.folder(folder, 0755);
    }
    archive.folder("root", 0700);
    archive.folder("tmp", 01777);
    // The kernel opens it for init before anything is mounted on /dev.
    archive.characterDevice("dev/console", 0600, 5, 1);
    archive.file("bin/busybox", 0755, busybox);
    EARLY_COMMANDS.forEach(command -> archive.link("bin/" + command, "busybox"));
    archive.link("sbin", "bin").folder("usr", 0755);
    archive.link("usr/bin", "../bin").link("usr/sbin", "../bin");
    archive.file("init", 0755, resource("init"));
    archive.file("etc/udhcpc.sh", 0755, resource("udhcpc.sh"));
    archive.file("etc/fstab", 0644, resource("fstab"));
    archive.file("etc/passwd", 0644, ascii("root:x:0:0:root:/root:/bin/sh\n"));
    archive.file("etc/group", 0644, ascii("root:x:0:\n"));
    archive.file("etc/hosts", 0644, ascii("127.0.0.1 localhost\n::1 localhost\n"));

    Map<String, KernelModule> parsed = new TreeMap<>();
    for (var module : modules.entrySet()) {
      parsed.put(module.getKey(), KernelModule.parse(module.getKey(), module.getValue()));
    }
    String folder = "lib/modules/" + kernelRelease + "/";
    StringBuilder dependencies = new StringBuilder();
    for (var module : parsed.entrySet()) {
      archive.file(folder + module.getKey() + ".ko", 0644, module.getValue().stripped());
      dependencies.append(module.getKey()).append(".ko:");
      for (String need : loadOrder(module.getKey(), parsed)) {
        dependencies.append(' ').append(need).append(".ko");
      }
      dependencies.append('\n');
    }
    archive.file(folder + "modules.dep", 0644, ascii(dependencies.toString()));
    return archive.toByteArray();
  }

  static List<String> depends(String name, byte[] module) throws ContentRefused {
    List<String> all = new ArrayList<>(KernelModule.parse(name, module).depends());
    all.addAll(UNSAID.getOrDefault(name, List.of()));
    return all;
  }

  /// All that a module needs, the nearest first, as modules.dep has it: modprobe loads from the
  /// end.
  private static List<String> loadOrder(String name, Map<String, KernelModule> modules)
      throws ContentRefused {
    SequencedSet<String> order = new LinkedHashSet<>();
    collect(name, modules, order, 0);
    order.remove(name);
    return List.copyOf(order);
  }

  private static void collect(
      String name, Map<String, KernelModule> modules, SequencedSet<String> order, int depth)
      throws ContentRefused {
    KernelModule module = modules.get(name);
    if (module == null) {
      return; // Built into this kernel.
    }
    if (depth > 16) {
      throw new ContentRefused("the kernel module " + name + " needs itself");
    }
    // A module that is needed by several goes to the end, so that it is loaded before all of them.
    order.remove(name);
    order.addLast(name);
    List<String> needs = new ArrayList<>(module.depends());
    needs.addAll(UNSAID.getOrDefault(name, List.of()));
    for (String need : needs) {
      collect(need, modules, order, depth + 1);
    }
  }

  /// Everything of ours that goes into the image, for telling one recipe from another.
  static byte[] recipe() {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    RESOURCES.forEach(name -> all.writeBytes(resource(name)));
    all.writeBytes(ascii(MODULES + " " + UNSAID.get("ext4") + " " + EARLY_COMMANDS));
    return all.toByteArray();
  }

  private static byte[] resource(String name) {
    try (InputStream in = MicroInitrd.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from this build");
      }
      return in.readNBytes(RESOURCE_BYTES_MAX);
    } catch (IOException e) {
      throw new IllegalStateException("the resource " + name + " can't be read", e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
