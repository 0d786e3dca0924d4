package brume.node.image.debian;

import brume.node.image.ImageBuilder;
import brume.node.image.ImageException;
import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageException.MirrorUnknown;
import brume.node.image.ImageException.MirrorUnreachable;
import brume.node.image.ImageManifest;
import brume.node.image.ImageProgress;
import brume.node.image.ImageProgress.Phase;
import brume.node.image.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The image `debian-micro`: the unmodified kernel of Debian's stable release for riscv64, and a
/// user space of busybox and our init (the resource `init` says what a guest can rely on). Where
/// the files come from and what is believed about them: [Mirrors], [SignedText], [Downloads].
public final class DebianMicro implements ImageBuilder {
  private static final String SUITE = "trixie";
  private static final String ARCHITECTURE = "riscv64";
  private static final String KERNEL = "linux-image-" + ARCHITECTURE;
  private static final String BUSYBOX = "busybox-static";
  private static final String INDEX = "main/binary-" + ARCHITECTURE + "/Packages";
  private static final int IN_RELEASE_BYTES_MAX = 4 << 20;
  private static final int BUSYBOX_BYTES_MAX = 16 << 20;
  private static final long SPACE_BYTES = 400L << 20;
  private static final Duration PAUSE = Duration.ofMillis(500);

  /// Measured in our own machine: 80 MiB fail, 96 MiB come up with 15 MiB free.
  private static final int MIN_MEMORY_MIB = 96;

  /// Left out are self-tests and registrations of Debian's kernel that cost much and give a guest
  /// nothing. Measured with QEMU, from reset to `ready`, in millions of instructions: 245 with this
  /// line, 355 without its last four entries, 3,800 without any and with signed modules. The
  /// kernel's more important messages (level 5 and worse) cost 4 of them.
  ///
  /// The settings in front of them let an idle kernel sleep: looking twice a second whether memory
  /// should be compacted ahead of need, once a second for counters to gather, and once in two for
  /// pressure averages makes two thirds of what wakes it.
  private static final String COMMAND_LINE =
      "console=ttyS0 loglevel=6 sysctl.vm.compaction_proactiveness=0 sysctl.vm.stat_interval=60"
          + " psi=0 cryptomgr.notests initcall_blacklist="
          + String.join(
              ",",
              "jent_mod_init",
              "load_system_certificate_list",
              "crypto_kdf108_init",
              "init_kprobe_trace",
              "bpf_tcp_ca_kfunc_init",
              "bpf_dummy_struct_ops_init",
              "check_unaligned_access_all_cpus",
              "trace_eval_init",
              "blake2s_mod_init",
              "init_encrypted",
              "slab_sysfs_init");

  private final Map<String, String> environment;
  private final Mirrors.AptTargets apt;
  private final Clock clock;
  private final Duration pause;

  DebianMicro(
      Map<String, String> environment, Mirrors.AptTargets apt, Clock clock, Duration pause) {
    this.environment = Map.copyOf(environment);
    this.apt = apt;
    this.clock = clock;
    this.pause = pause;
  }

  public static DebianMicro of(Map<String, String> environment, Clock clock) {
    return new DebianMicro(environment, Mirrors::askApt, clock, PAUSE);
  }

  @Override
  public String name() {
    return "debian-micro";
  }

  @Override
  public String recipe() {
    MessageDigest digester = Sha256.digester();
    digester.update(MicroInitrd.recipe());
    digester.update(
        (SUITE + " " + COMMAND_LINE + " " + MIN_MEMORY_MIB).getBytes(StandardCharsets.UTF_8));
    return Sha256.hex(digester);
  }

  @Override
  public void build(Path folder, Path downloads, ImageProgress progress)
      throws ImageException, IOException {
    requireSpace(downloads);
    Source source = open(downloads, progress);
    DebianPackage kernel = source.index.need(source.index.need(KERNEL).firstDependency());
    DebianPackage busybox = source.index.need(BUSYBOX);
    Path busyboxDeb = source.fetch(busybox, progress);
    Path kernelDeb = source.fetch(kernel, progress);

    byte[] program = busybox(busyboxDeb, progress);
    KernelPackage unpacked =
        KernelPackage.unpack(kernelDeb, MicroInitrd.MODULES, folder.resolve("kernel"), progress);
    progress.report(Phase.ASSEMBLE, name(), 0, -1);
    Files.write(
        folder.resolve("initrd"),
        MicroInitrd.make(unpacked.release(), program, unpacked.modules()));
    ImageManifest.of(
            folder,
            COMMAND_LINE,
            MIN_MEMORY_MIB,
            List.of(
                kernel.label() + " " + kernel.sha256(), busybox.label() + " " + busybox.sha256()))
        .write(folder);
  }

  private static void requireSpace(Path downloads) throws IOException {
    long free = Files.getFileStore(downloads).getUsableSpace();
    if (free < SPACE_BYTES) {
      throw new IOException(
          "only " + (free >> 20) + " MiB are free, " + (SPACE_BYTES >> 20) + " are needed");
    }
  }

  private static byte[] busybox(Path deb, ImageProgress progress)
      throws IOException, ContentRefused {
    byte[][] found = new byte[1][];
    DebFile.read(
        deb,
        (path, size, content) -> {
          if (path.equals("usr/bin/busybox") || path.equals("bin/busybox")) {
            found[0] = content.readNBytes(BUSYBOX_BYTES_MAX);
          }
          return found[0] == null;
        },
        progress);
    if (found[0] == null || found[0].length == BUSYBOX_BYTES_MAX) {
      throw new ContentRefused(deb + " holds no busybox of a usable size");
    }
    return found[0];
  }

  /// A suite whose signature was verified, and the mirrors to fetch its packages from.
  private record Source(List<URI> mirrors, Downloads downloads, PackageIndex index) {
    Path fetch(DebianPackage wanted, ImageProgress progress) throws ImageException, IOException {
      List<URI> addresses = mirrors.stream().map(m -> m.resolve(wanted.filename())).toList();
      return downloads.file(addresses, wanted.label(), wanted.sha256(), wanted.size(), progress);
    }
  }

  private Source open(Path folder, ImageProgress progress) throws ImageException, IOException {
    Downloads downloads = new Downloads(folder, pause);
    ArchiveKeys keys = ArchiveKeys.of(environment);
    progress.report(Phase.INDEX, SUITE, 0, -1);
    List<URI> mirrors = new ArrayList<>();
    ReleaseFile release = release(folder, downloads, keys, mirrors);

    String suffix = ".xz";
    ReleaseFile.Index packed = release.need(INDEX + suffix);
    String plain = "dists/" + SUITE + "/" + INDEX + suffix;
    String byHash =
        plain.substring(0, plain.lastIndexOf('/') + 1) + "by-hash/SHA256/" + packed.sha256();
    List<URI> addresses = new ArrayList<>();
    for (URI mirror : mirrors) {
      if (release.byHash()) {
        addresses.add(mirror.resolve(byHash));
      }
      addresses.add(mirror.resolve(plain));
    }
    Path file =
        downloads.file(addresses, "package index", packed.sha256(), packed.size(), progress);
    progress.report(Phase.INDEX, SUITE, packed.size(), packed.size());
    PackageIndex index =
        PackageIndex.read(
            file,
            release.need(INDEX).size(),
            name -> name.equals(BUSYBOX) || name.startsWith("linux-image-"));
    return new Source(mirrors, downloads, index);
  }

  /// The suite's signed release: of the first mirror that answers, else the one seen last. A mirror
  /// that answers with something unsigned is refused and not passed over.
  ///
  /// @param mirrors filled with those to use, the one that answered first
  private ReleaseFile release(Path folder, Downloads downloads, ArchiveKeys keys, List<URI> mirrors)
      throws ImageException, IOException {
    Path seen = folder.resolve("InRelease-" + SUITE);
    ImageException failure = new MirrorUnknown("no mirror");
    try {
      for (URI mirror : Mirrors.find(environment, apt)) {
        URI address = mirror.resolve("dists/" + SUITE + "/InRelease");
        try {
          byte[] content = downloads.small(address, IN_RELEASE_BYTES_MAX);
          ReleaseFile release = verified(address.toString(), content, keys);
          Path fresh = folder.resolve("InRelease-" + SUITE + ".part");
          Files.write(fresh, content);
          Files.move(fresh, seen, StandardCopyOption.ATOMIC_MOVE);
          mirrors.add(mirror);
          return release;
        } catch (MirrorUnreachable e) {
          failure = e;
        }
      }
    } catch (MirrorUnknown e) {
      failure = e;
    }
    if (Files.exists(seen)) {
      return verified(seen.toString(), Files.readAllBytes(seen), keys);
    }
    if (failure instanceof MirrorUnreachable) {
      throw new MirrorUnreachable(
          failure.getMessage()
              + ": look at this machine's network, or set "
              + Mirrors.VARIABLE
              + " to another mirror",
          failure);
    }
    throw failure;
  }

  private ReleaseFile verified(String name, byte[] content, ArchiveKeys keys)
      throws ImageException {
    SignedText text = SignedText.verify(name, content, keys, clock.instant());
    ReleaseFile release = ReleaseFile.parse(text, clock.instant());
    if (!release.codename().equals(SUITE)) {
      throw new ContentRefused(
          name + " is of the suite '" + release.codename() + "', not of " + SUITE);
    }
    return release;
  }
}
