package brume.bench.guests;

/// What a program mostly does, and how fast Brume has to be at it: QEMU's processor seconds over
/// ours, so more is better.
///
/// @see GuestProgram
enum Workload {
  INTEGER("integer loops", 1.0, 1.5),
  CALLS("calls and branches", 1.3, 2.0),
  MEMORY("memory", 0.9, 1.2),
  FLOATING("floating point", 3.0, 5.0),
  SYSTEM("system calls, fork, page faults", 1.0, 1.5),
  PIPES("pipes", 1.0, 2.5),
  COLD("cold code", 5.0, 7.0),
  MODIFIED("modified code", 1.0, 1.0);

  private final String words;
  private final double least;
  private final double aim;

  Workload(String words, double least, double aim) {
    this.words = words;
    this.least = least;
    this.aim = aim;
  }

  String words() {
    return words;
  }

  double least() {
    return least;
  }

  double aim() {
    return aim;
  }

  String verdict(double ratio) {
    if (ratio >= aim) {
      return "aim reached";
    }
    return ratio >= least ? "least reached" : "MISSED";
  }
}
