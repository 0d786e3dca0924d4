package brume.hypervisor.machine;

import brume.hypervisor.memory.AccessFault;
import brume.hypervisor.memory.MmioDevice;

/// A device of ours threw what it should not have: a bug, which costs this one machine.
final class DeviceFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DeviceFailure(String device, RuntimeException cause) {
    super("device " + device + " failed: " + cause, cause);
  }

  /// Gives what goes wrong in `device` its name.
  static MmioDevice named(String name, MmioDevice device) {
    return new MmioDevice() {
      @Override
      public long load(long offset, int bytes) {
        try {
          return device.load(offset, bytes);
        } catch (AccessFault notAnswered) {
          throw notAnswered;
        } catch (RuntimeException broken) {
          throw new DeviceFailure(name, broken);
        }
      }

      @Override
      public void store(long offset, int bytes, long value) {
        try {
          device.store(offset, bytes, value);
        } catch (AccessFault notAnswered) {
          throw notAnswered;
        } catch (RuntimeException broken) {
          throw new DeviceFailure(name, broken);
        }
      }
    };
  }
}
