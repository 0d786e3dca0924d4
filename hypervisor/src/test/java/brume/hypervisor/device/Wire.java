package brume.hypervisor.device;

/// An interrupt wire with a lamp at its end.
public final class Wire implements InterruptLine {
  public boolean level;
  public int rises;

  @Override
  public void set(boolean newLevel) {
    if (newLevel && !level) {
      rises++;
    }
    level = newLevel;
  }
}
