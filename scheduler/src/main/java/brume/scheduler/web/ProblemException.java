package brume.scheduler.web;

/// Carries an expected refusal to the one place that answers it.
public final class ProblemException extends RuntimeException {
  private final transient Problem problem;

  public ProblemException(Problem problem) {
    // Refusals are answers and not bugs: nobody looks at their stack.
    super(problem.code() + ": " + problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
