package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  private static final int SERVICES = 8;
  private static final int ROUNDS = 50;

  @TempDir private Path folder;

  @Test
  void servicesThatStartTogetherGetTheSameSecret() throws Exception {
    CyclicBarrier start = new CyclicBarrier(SERVICES);
    try (DataFolder data = DataFolder.open(folder);
        ExecutorService services = Executors.newFixedThreadPool(SERVICES)) {
      for (int round = 0; round < ROUNDS; round++) {
        String name = "key-" + round;
        Set<String> seen = new HashSet<>();
        Callable<String> service =
            () -> {
              start.await();
              return data.secret(name);
            };
        for (Future<String> found :
            services.invokeAll(java.util.Collections.nCopies(SERVICES, service))) {
          seen.add(found.get());
        }
        assertThat(seen).hasSize(1);
      }
    }
  }
}
