package brume.hypervisor.translator;

/// What the translator of a process has done so far, for all its machines.
///
/// @param regions made
/// @param instructions of guests in them; one that is in two regions counts twice
/// @param compileNanos spent on making them; what the JVM's own compilers then do is not in it
/// @param shared how often a region was wanted that had been made before, as for another guest
/// @param evictions regions forgotten as others were used more recently
/// @param failures regions that could not be made; their code stays interpreted
/// @param kept regions that can be shared now
/// @param waiting regions that are wanted and not made yet
public record TranslatorStatistics(
    long regions,
    long instructions,
    long compileNanos,
    long shared,
    long evictions,
    long failures,
    int kept,
    int waiting) {
  public static final TranslatorStatistics NONE = new TranslatorStatistics(0, 0, 0, 0, 0, 0, 0, 0);
}
