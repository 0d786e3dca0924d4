package brume.hypervisor.cpu;

/// The machine's clock, in ticks of 100 ns (10 MHz `timebase-frequency`), never going back.
public interface TimeSource {
  long now();
}
