package brume.compute.gather;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Questions of many threads, answered by work that takes many at once.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a bug would wait for ever
final class GatheringTest {
  @Test
  void whoComesWhileOneIsServedIsServedWithTheOthersWhoDid() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    ConcurrentLinkedQueue<Integer> sizes = new ConcurrentLinkedQueue<>();
    Gathering<Integer, Integer> doubles =
        new Gathering<>(
            "doubles",
            1,
            5,
            all -> {
              sizes.add(all.size());
              first.countDown();
              await(go);
              all.forEach(one -> one.answer().complete(2 * one.question()));
            });
    AtomicInteger asking = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> answers = new ArrayList<>();
      answers.add(threads.submit(() -> doubles.ask(0)));
      first.await();
      for (int i = 1; i <= 12; i++) {
        int question = i;
        answers.add(
            threads.submit(() -> {
              asking.incrementAndGet();
              return doubles.ask(question);
            }));
      }
      while (asking.get() < 12) {
        Thread.onSpinWait();
      }
      go.countDown();
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(2 * i);
      }
    }
    assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(13);
    assertThat(sizes).first().isEqualTo(1);
    assertThat(sizes).allMatch(size -> size <= 5);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void oneThatFailsFailsAloneAndWorkThatFailsFailsAllOfItsOwn() {
    Gathering<String, String> picky =
        new Gathering<>(
            "picky",
            1,
            10,
            all -> {
              for (var one : all) {
                switch (one.question()) {
                  case "good" -> one.answer().complete("yes");
                  case "bad" ->
                      one.answer().completeExceptionally(new IllegalArgumentException("no"));
                  case "lost" -> {}
                  default -> throw new AssertionError("not even an exception");
                }
              }
            });
    assertThat(picky.ask("good")).isEqualTo("yes");
    assertThatThrownBy(() -> picky.ask("bad"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no");
    assertThatThrownBy(() -> picky.ask("lost"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("without an answer");
    assertThatThrownBy(() -> picky.ask("broken")).hasRootCauseInstanceOf(AssertionError.class);
    assertThat(picky.ask("good")).as("and goes on").isEqualTo("yes");
  }

  @Test
  void manyThreadsAreAllAnsweredOnce() throws Exception {
    AtomicInteger served = new AtomicInteger();
    Gathering<Integer, Integer> squares =
        new Gathering<>(
            "squares",
            2,
            7,
            all ->
                all.forEach(one -> {
                  served.incrementAndGet();
                  one.answer().complete(one.question() * one.question());
                }));
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        int question = i;
        answers.add(threads.submit(() -> squares.ask(question)));
      }
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isEqualTo(i * i);
      }
    }
    assertThat(served).hasValue(5_000);
  }
}
