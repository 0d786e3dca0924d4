package brume.node.image.debian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import brume.node.image.BootImage;
import brume.node.image.ImageCache;
import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageException.MirrorUnknown;
import brume.node.image.ImageException.MirrorUnreachable;
import brume.node.image.ImageException.SignatureRefused;
import brume.node.image.ImageProgress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianMicroTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static TestKey key;

  @TempDir Path folder;
  private MirrorServer mirror;
  private TestRepository repository;
  private final Map<String, String> environment = new HashMap<>();
  private Mirrors.AptTargets apt = Optional::empty;

  @BeforeAll
  static void makeKey() {
    key = new TestKey(NOW.minus(Duration.ofDays(9)), 0);
  }

  @BeforeEach
  void startMirror() throws Exception {
    mirror = new MirrorServer();
    repository = new TestRepository();
    environment.put("BRUME_DEBIAN_MIRROR", mirror.address().toString());
    environment.put(
        "BRUME_DEBIAN_KEYRING", key.writeKeyring(folder.resolve("keyring.gpg")).toString());
  }

  @AfterEach
  void stopMirror() {
    mirror.close();
  }

  @Test
  void makesAnImageOfAMirrorsPackages() throws Exception {
    repository.publish(mirror.files, key);
    BootImage image = resolve("cache");
    assertThat(Files.size(image.kernel())).isEqualTo(300_000);
    assertThat(image.commandLine()).startsWith("console=ttyS0 ").hasSizeLessThan(1024);
    String initrd = Files.readString(image.initrd(), StandardCharsets.ISO_8859_1);
    String modules = "lib/modules/" + TestRepository.RELEASE + "/";
    assertThat(initrd)
        .contains("busybox program", "brume.control", modules + "ext4.ko\0")
        .contains("virtio_net.ko: net_failover.ko failover.ko\n")
        // crc16 is part of this kernel, and nothing in ext4 says that it needs crc32c.
        .containsPattern("\next4.ko: [^\n]*jbd2.ko [^\n]*crc32c_generic.ko\n")
        .doesNotContain("crc16.ko", "Module signature", "evil");
    assertThat(folder.resolve("cache/images").toFile().list()).hasSize(1);
    assertThat(Files.readString(image.kernel().resolveSibling("manifest")))
        .contains("origin busybox-static 6.12.9-1 ");
  }

  @Test
  void theSamePackagesGiveTheSameBytes() throws Exception {
    repository.publish(mirror.files, key);
    assertThat(resolve("one").digest()).isEqualTo(resolve("two").digest());
  }

  @Test
  void aMirrorWithoutByHashServesAsWell() throws Exception {
    repository.byHash = false;
    repository.publish(mirror.files, key);
    resolve("cache");
    assertThat(mirror.requests).contains(TestRepository.INDEX);
  }

  @Test
  void findsTheMirrorThatAptNamesAndPassesOverOneThatIsAway() throws Exception {
    environment.remove("BRUME_DEBIAN_MIRROR");
    apt =
        () ->
            Optional.of(
                List.of(
                    "Debian " + mirror.address() + "away",
                    "Debian " + mirror.address() + "away",
                    "Debian " + mirror.address()));
    repository.publish(mirror.files, key);
    resolve("cache");
    assertThat(mirror.requests).startsWith("away/" + TestRepository.IN_RELEASE);
  }

  @Test
  void withoutAptAndEnvironmentItSaysWhatToSet() {
    environment.remove("BRUME_DEBIAN_MIRROR");
    refused(MirrorUnknown.class, "set BRUME_DEBIAN_MIRROR", () -> resolve("cache"));
  }

  @Test
  void aMirrorThatIsAwayIsNamed() {
    mirror.close();
    refused(MirrorUnreachable.class, "look at this machine's network", () -> resolve("cache"));
    refused(MirrorUnreachable.class, mirror.address().toString(), () -> resolve("cache"));
  }

  @Test
  void anAlteredIndexIsRefused() throws Exception {
    repository.publish(mirror.files, key);
    String path =
        mirror.files.keySet().stream().filter(p -> p.contains("by-hash")).findAny().orElseThrow();
    mirror.files.get(path)[50] ^= 1;
    refused(ContentRefused.class, "is not the file that Debian signed", () -> resolve("cache"));
    assertNothingKept(path.substring(path.lastIndexOf('/') + 1));
  }

  @Test
  void anAlteredPackageIsRefused() throws Exception {
    repository.publish(mirror.files, key);
    mirror.files.get(TestRepository.KERNEL_DEB)[5000] ^= 1;
    refused(ContentRefused.class, "is not the file that Debian signed", () -> resolve("cache"));
    assertThat(folder.resolve("cache/images")).doesNotExist();
  }

  @Test
  void aPackageThatIsLongerThanSignedIsCutOff() throws Exception {
    repository.publish(mirror.files, key);
    byte[] file = mirror.files.get(TestRepository.KERNEL_DEB);
    mirror.files.put(TestRepository.KERNEL_DEB, java.util.Arrays.copyOf(file, file.length + 1));
    refused(ContentRefused.class, "is not the file that Debian signed", () -> resolve("cache"));
  }

  @Test
  void anotherKeysSignatureIsRefused() throws Exception {
    repository.publish(mirror.files, new TestKey(NOW.minus(Duration.ofDays(9)), 0));
    refused(SignatureRefused.class, "the key is not trusted", () -> resolve("cache"));
  }

  @Test
  void aReleaseWhoseTimeIsOverIsRefused() throws Exception {
    repository.moreOfRelease = "Valid-Until: Sat, 28 Feb 2026 23:59:59 UTC\n";
    repository.publish(mirror.files, key);
    refused(SignatureRefused.class, "set this machine's clock", () -> resolve("cache"));
    repository.moreOfRelease = "Valid-Until: Sun, 1 Mar 2026 00:00:01 UTC\n";
    repository.publish(mirror.files, key);
    resolve("cache");
  }

  @Test
  void anotherSuiteInItsPlaceIsRefused() throws Exception {
    repository.codename = "bookworm";
    repository.publish(mirror.files, key);
    refused(ContentRefused.class, "suite 'bookworm', not of trixie", () -> resolve("cache"));
  }

  @Test
  void aBrokenDownloadIsContinuedWhereItStopped() throws Exception {
    repository.publish(mirror.files, key);
    resolve("warm-up");
    mirror.requests.clear();
    // The index and busybox are kept; the kernel's connection breaks three times.
    Files.createDirectories(folder.resolve("cache/downloads"));
    try (Stream<Path> kept = Files.list(folder.resolve("warm-up/downloads"))) {
      for (Path file : kept.filter(f -> f.toFile().length() < 100_000).toList()) {
        Files.copy(file, folder.resolve("cache/downloads").resolve(file.getFileName()));
      }
    }
    MirrorServer server = mirror;
    ImageProgress breaker =
        (phase, what, done, total) -> {
          if (phase == ImageProgress.Phase.DOWNLOAD && what.startsWith("linux") && done == 0) {
            server.breaking.set(3);
          }
        };
    resolve("cache", breaker);
    assertThat(mirror.requests)
        .filteredOn(request -> request.startsWith(TestRepository.KERNEL_DEB))
        .hasSize(4)
        .satisfies(
            all -> assertThat(all.getFirst()).isEqualTo(TestRepository.KERNEL_DEB),
            all -> assertThat(all.subList(1, 4)).allMatch(r -> r.contains(" bytes=")));
  }

  @Test
  void anInterruptedBuildGoesOnFromWhatWasKept() throws Exception {
    repository.publish(mirror.files, key);
    byte[] kernel = mirror.files.remove(TestRepository.KERNEL_DEB);
    refused(MirrorUnreachable.class, "linux-image-", () -> resolve("cache"));
    mirror.files.put(TestRepository.KERNEL_DEB, kernel);
    mirror.requests.clear();
    resolve("cache");
    assertThat(mirror.requests)
        .containsExactly(TestRepository.IN_RELEASE, TestRepository.KERNEL_DEB);
  }

  @Test
  void offlineItMakesTheImageOfWhatWasDownloaded() throws Exception {
    repository.publish(mirror.files, key);
    BootImage first = resolve("cache");
    Files.delete(first.initrd());
    mirror.close();
    assertThat(resolve("cache").digest()).isEqualTo(first.digest());
    environment.remove("BRUME_DEBIAN_MIRROR");
    Files.delete(first.initrd());
    assertThat(resolve("cache").digest()).isEqualTo(first.digest());
  }

  @Test
  void whatLiesInTheCacheIsNotBelievedEither() throws Exception {
    repository.publish(mirror.files, key);
    BootImage first = resolve("cache");
    try (Stream<Path> kept = Files.list(folder.resolve("cache/downloads"))) {
      for (Path file : kept.filter(f -> !f.endsWith("InRelease-trixie")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
      }
    }
    Files.delete(first.initrd());
    assertThat(resolve("cache").digest()).isEqualTo(first.digest());
  }

  @Test
  void aPackageWithoutAModuleThatIsNeededIsRefusedByName() throws Exception {
    repository.without("failover");
    repository.publish(mirror.files, key);
    refused(ContentRefused.class, "lacks the modules [failover]", () -> resolve("cache"));
  }

  @Test
  void aModuleThatNobodyForesawIsFetchedInASecondPass() throws Exception {
    repository.module("lib", "crc64", "");
    repository.module("fs/jbd2", "jbd2", "crc64");
    repository.publish(mirror.files, key);
    assertThat(Files.readString(resolve("cache").initrd(), StandardCharsets.ISO_8859_1))
        .contains("crc64.ko:\n");
  }

  @Test
  void aKernelOfAnotherMachineIsRefused() throws Exception {
    repository.kernel(new byte[1000]);
    repository.publish(mirror.files, key);
    refused(ContentRefused.class, "not an uncompressed RISC-V image", () -> resolve("cache"));
  }

  private BootImage resolve(String cache) throws Exception {
    return resolve(cache, ImageProgress.silent());
  }

  private BootImage resolve(String cache, ImageProgress progress) throws Exception {
    DebianMicro builder =
        new DebianMicro(environment, apt, Clock.fixed(NOW, ZoneOffset.UTC), Duration.ofMillis(1));
    return new ImageCache(folder.resolve(cache), List.of(builder), Clock.systemUTC())
        .resolve("builtin:debian-micro", progress);
  }

  private void assertNothingKept(String sha256) {
    assertThat(folder.resolve("cache/downloads").resolve(sha256)).doesNotExist();
  }

  private static void refused(Class<?> type, String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(type).hasMessageContaining(message);
  }
}
