package brume.node.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against pictures of `/proc` and `/sys`, as kernels show them.
class HostMemoryTest {
  private static final long MIB = 1 << 20;

  @TempDir Path root;

  @BeforeEach
  void meminfo() throws IOException {
    write(
        "proc/meminfo",
        """
        MemTotal:        8388608 kB
        MemFree:          102400 kB
        MemAvailable:    4194304 kB
        """);
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private long available() {
    return new HostMemory(root).availableBytes() / MIB;
  }

  private long total() {
    return new HostMemory(root).totalBytes() / MIB;
  }

  @Test
  void aPlainHostHasWhatMeminfoSays() {
    assertThat(total()).isEqualTo(8192);
    assertThat(available()).isEqualTo(4096);
  }

  @Test
  void aContainersLimitCountsAndItsPageCacheDoesNot() throws IOException {
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", (1024 * MIB) + "\n");
    write("sys/fs/cgroup/memory.current", (600 * MIB) + "\n");
    write("sys/fs/cgroup/memory.stat", "anon 5\ninactive_file " + 100 * MIB + "\n");
    assertThat(total()).isEqualTo(1024);
    assertThat(available()).isEqualTo(1024 - 500);
  }

  @Test
  void everyGroupAboveCounts() throws IOException {
    write("proc/self/cgroup", "0::/system.slice/brume.service\n");
    write("sys/fs/cgroup/system.slice/memory.max", (512 * MIB) + "\n");
    write("sys/fs/cgroup/system.slice/memory.current", (12 * MIB) + "\n");
    write("sys/fs/cgroup/system.slice/brume.service/memory.max", "max\n");
    assertThat(total()).isEqualTo(512);
    assertThat(available()).isEqualTo(500);
  }

  @Test
  void versionOneGroupsCountToo() throws IOException {
    write("proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/box\n0::/\n");
    write("sys/fs/cgroup/memory/box/memory.limit_in_bytes", (256 * MIB) + "\n");
    write("sys/fs/cgroup/memory/box/memory.usage_in_bytes", (56 * MIB) + "\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    assertThat(total()).isEqualTo(256);
    assertThat(available()).isEqualTo(200);
  }

  @Test
  void aGroupOverItsLimitHasNothingLeft() throws IOException {
    write("proc/self/cgroup", "0::/\n");
    write("sys/fs/cgroup/memory.max", "1000\n");
    write("sys/fs/cgroup/memory.current", "2000\n");
    assertThat(new HostMemory(root).availableBytes()).isZero();
  }

  @Test
  void whatCantBeReadIsTakenForNoLimit() throws IOException {
    write("proc/self/cgroup", "nonsense\n0::/../../escape\n4:memory\n");
    write("sys/fs/cgroup/memory.max", "not a number\n");
    assertThat(available()).isEqualTo(4096);
  }

  @Test
  void thisHostHasSome() {
    assertThat(new HostMemory().availableBytes()).isBetween(1L, new HostMemory().totalBytes());
  }
}
