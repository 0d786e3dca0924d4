package brume.hypervisor.machine;

import brume.hypervisor.cpu.Hart;

/// How a machine's harts get their turns: ordinarily by [Hart#run], and for those who watch a guest
/// (debugger, trace, profile) in smaller pieces with a look in between.
public interface HartRunner {
  HartRunner ORDINARY =
      new HartRunner() {
        @Override
        public long run(Hart hart, long budget) {
          return hart.run(budget);
        }

        @Override
        public boolean seesEachInstruction() {
          return false;
        }
      };

  /// Runs a hart that has something to do for about `budget` instructions, or less; answers how
  /// many retired. On the thread that runs the hart.
  long run(Hart hart, long budget);

  /// True for a runner that goes by single instructions: the machine's harts then take turns on one
  /// thread, and nothing of the guest is translated.
  boolean seesEachInstruction();
}
