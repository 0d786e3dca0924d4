package brume.compute.gather;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Answers questions of many threads by work that takes many of them at once, such as a statement
/// or a transaction. The work on a question begins after it was asked, so an answer is never older
/// than its question. Only as many questions wait as there are threads that ask.
///
/// @param <Q> a question
/// @param <A> its answer
public final class Gathering<Q, A> {
  private final String name;
  private final int serversMax;
  private final int together;
  private final Work<Q, A> work;
  private final Deque<Waiting<Q, A>> waiting = new ArrayDeque<>();
  private int servers;

  /// What is done with all that came: each question's future is completed, in whatever way. One
  /// that was left open fails with what the work threw.
  public interface Work<Q, A> {
    void on(List<Waiting<Q, A>> together);
  }

  /// A question, and who waits for its answer.
  public record Waiting<Q, A>(Q question, CompletableFuture<A> answer) {}

  /// @param serversMax how often the work may be under way at once
  /// @param together how many questions it takes at most
  public Gathering(String name, int serversMax, int together, Work<Q, A> work) {
    this.name = name;
    this.serversMax = serversMax;
    this.together = together;
    this.work = work;
  }

  /// Waits for the answer, or throws what the question failed with.
  public A ask(Q question) {
    CompletableFuture<A> answer = new CompletableFuture<>();
    boolean serve;
    synchronized (waiting) {
      waiting.add(new Waiting<>(question, answer));
      serve = servers < serversMax;
      if (serve) {
        servers++;
      }
    }
    if (serve) {
      var _ = Thread.ofVirtual().name(name).start(this::serve);
    }
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw e;
    }
  }

  private void serve() {
    for (List<Waiting<Q, A>> next = next(); !next.isEmpty(); next = next()) {
      try {
        work.on(next);
        fail(next, new IllegalStateException(name + " left a question without an answer"));
      } catch (Throwable fault) { // an Error too must not leave anyone waiting
        fail(next, fault);
      }
    }
  }

  private List<Waiting<Q, A>> next() {
    List<Waiting<Q, A>> next = new ArrayList<>();
    synchronized (waiting) {
      while (next.size() < together && !waiting.isEmpty()) {
        next.add(waiting.remove());
      }
      if (next.isEmpty()) {
        servers--;
      }
    }
    return next;
  }

  private void fail(List<Waiting<Q, A>> left, Throwable fault) {
    left.forEach(one -> one.answer().completeExceptionally(fault));
  }
}
