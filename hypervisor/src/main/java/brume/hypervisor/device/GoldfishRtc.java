package brume.hypervisor.device;

import brume.hypervisor.cpu.TimeSource;
import brume.hypervisor.memory.AccessFault;
import brume.hypervisor.memory.MmioDevice;
import java.util.function.LongSupplier;

/// The goldfish real-time clock: nanoseconds since 1970 in two halves, latched by reading the low
/// one, and one alarm. A guest that sets the time moves only its own clock.
public final class GoldfishRtc implements MmioDevice, TimedDevice {
  private static final int TIME_LOW = 0x00, TIME_HIGH = 0x04;
  private static final int ALARM_LOW = 0x08, ALARM_HIGH = 0x0c;
  private static final int INTERRUPT_ENABLED = 0x10, CLEAR_ALARM = 0x14;
  private static final int ALARM_STATUS = 0x18, CLEAR_INTERRUPT = 0x1c;
  private static final long NANOS_PER_TICK = 100;

  private final LongSupplier epochNanos;
  private final TimeSource time;
  private final InterruptLine interrupt;
  private long offset;
  private long latched;
  private long settingHigh;
  private long alarmHigh;
  private long alarmAt = Long.MAX_VALUE;
  private boolean enabled;
  private boolean pending;

  public GoldfishRtc(LongSupplier epochNanos, TimeSource time, InterruptLine interrupt) {
    this.epochNanos = epochNanos;
    this.time = time;
    this.interrupt = interrupt;
  }

  @Override
  public long load(long register, int bytes) {
    requireWord(register, bytes);
    return switch ((int) register) {
      case TIME_LOW -> {
        latched = epochNanos.getAsLong() + offset;
        yield latched & 0xffff_ffffL;
      }
      case TIME_HIGH -> latched >>> 32;
      case INTERRUPT_ENABLED -> enabled ? 1 : 0;
      case ALARM_STATUS -> alarmAt != Long.MAX_VALUE ? 1 : 0;
      default -> 0;
    };
  }

  @Override
  public void store(long register, int bytes, long wide) {
    requireWord(register, bytes);
    long value = wide & 0xffff_ffffL;
    switch ((int) register) {
      case TIME_HIGH -> settingHigh = value;
      case TIME_LOW -> offset = (settingHigh << 32 | value) - epochNanos.getAsLong();
      case ALARM_HIGH -> alarmHigh = value;
      case ALARM_LOW -> setAlarm(alarmHigh << 32 | value);
      case INTERRUPT_ENABLED -> enabled = (value & 1) != 0;
      case CLEAR_ALARM -> alarmAt = Long.MAX_VALUE;
      case CLEAR_INTERRUPT -> pending = false;
      default -> {}
    }
    interrupt.set(enabled && pending);
  }

  private void setAlarm(long nanos) {
    long ahead = nanos - (epochNanos.getAsLong() + offset);
    if (ahead <= 0) {
      alarmAt = Long.MAX_VALUE;
      pending = true;
    } else {
      alarmAt = time.now() + (ahead + NANOS_PER_TICK - 1) / NANOS_PER_TICK;
    }
  }

  @Override
  public long nextDeadline() {
    return alarmAt;
  }

  @Override
  public void advance(long now) {
    if (now >= alarmAt) {
      alarmAt = Long.MAX_VALUE;
      pending = true;
      interrupt.set(enabled);
    }
  }

  private static void requireWord(long register, int bytes) {
    if (bytes != 4) {
      throw new AccessFault(MemoryMap.RTC + register);
    }
  }
}
