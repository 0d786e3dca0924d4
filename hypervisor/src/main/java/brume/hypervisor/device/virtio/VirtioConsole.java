package brume.hypervisor.device.virtio;

import brume.hypervisor.device.TrafficCounter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Named byte streams between host and guest: a console device (virtio 1.2 §5.3) with the multiport
/// feature. A driver without that feature gets port 0 only. Queues: receive and transmit of port 0,
/// the two of the control channel, then a pair for each further port.
public final class VirtioConsole implements VirtioDevice {
  private static final long MULTIPORT = 1L << 1;
  private static final int CONTROL_RECEIVE = 2, CONTROL_TRANSMIT = 3;
  private static final int DEVICE_READY = 0, PORT_ADD = 1, PORT_READY = 3, PORT_OPEN = 6;
  private static final int PORT_NAME = 7;
  private static final int CONTROL_BYTES = 8;
  private static final int PORTS_MAX = 16;

  /// Control messages for a driver that takes none; a driver that answers has a handful.
  private static final int CONTROL_WAITING_MAX = 256;

  private final List<ConsolePort> ports;
  private final TrafficCounter traffic = new TrafficCounter();
  private final ArrayDeque<byte[]> control = new ArrayDeque<>();
  private final byte[] buffer = new byte[4096];
  private @Nullable VirtioHost host;
  private boolean multiport;

  public VirtioConsole(List<ConsolePort> ports) {
    if (ports.isEmpty() || ports.size() > PORTS_MAX) {
      throw new IllegalArgumentException("ports: must be 1 to " + PORTS_MAX);
    }
    this.ports = List.copyOf(ports);
  }

  @Override
  public int deviceId() {
    return 3;
  }

  @Override
  public String name() {
    return "console";
  }

  @Override
  public long features() {
    return MULTIPORT;
  }

  @Override
  public int queues() {
    return 2 + 2 * ports.size();
  }

  @Override
  public int queueSizeMax() {
    return 64;
  }

  /// Columns and rows (not offered), then `max_nr_ports`.
  @Override
  public byte[] configuration() {
    return ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN).putInt(4, ports.size()).array();
  }

  @Override
  public void attach(VirtioHost newHost) {
    host = newHost;
  }

  @Override
  public void activate(long features) {
    multiport = (features & MULTIPORT) != 0;
  }

  @Override
  public void reset() {
    multiport = false;
    control.clear();
    ports.forEach(ConsolePort::reset);
  }

  @Override
  public TrafficCounter traffic() {
    return traffic;
  }

  /// Bytes for the guest on one port; returns how many had room.
  public int send(ConsolePort port, byte[] bytes) {
    int taken = port.input().add(bytes, 0, bytes.length);
    request(receiveQueue(ports.indexOf(port)));
    return taken;
  }

  private static int receiveQueue(int port) {
    return port == 0 ? 0 : 2 + 2 * port;
  }

  private void request(int queue) {
    if (host != null) {
      host.requestService(queue);
    }
  }

  @Override
  public boolean service(int index, SplitQueue queue, long workMax) {
    if (index == CONTROL_RECEIVE) {
      return sendControl(queue);
    }
    if (index == CONTROL_TRANSMIT) {
      return takeControl(queue, workMax);
    }
    ConsolePort port = ports.get(index < 2 ? 0 : (index - 2) / 2);
    return (index & 1) == 0 ? deliver(port, queue) : transmit(port, queue, workMax);
  }

  private boolean deliver(ConsolePort port, SplitQueue queue) {
    while (!port.input().isEmpty()) {
      DescriptorChain chain = queue.take();
      if (chain == null) {
        return false;
      }
      int room = (int) Math.min(buffer.length, chain.writableBytes());
      int count = port.input().poll(buffer, 0, room);
      chain.write(buffer, 0, count);
      queue.complete(chain);
      traffic.toGuest(count);
    }
    return false;
  }

  private boolean transmit(ConsolePort port, SplitQueue queue, long workMax) {
    long work = 0;
    while (work < workMax) {
      DescriptorChain chain = queue.take();
      if (chain == null) {
        return false;
      }
      long bytes = Math.min(chain.readableBytes(), workMax);
      for (long done = 0; done < bytes; ) {
        int count = chain.read(buffer, 0, (int) Math.min(buffer.length, bytes - done));
        port.fromGuest().accept(buffer, 0, count);
        done += count;
      }
      traffic.fromGuest(bytes);
      work += 64 + bytes;
      queue.complete(chain);
    }
    return queue.hasAvailable();
  }

  private boolean takeControl(SplitQueue queue, long workMax) {
    long work = 0;
    while (work < workMax) {
      DescriptorChain chain = queue.take();
      if (chain == null) {
        return false;
      }
      byte[] message = new byte[CONTROL_BYTES];
      if (chain.read(message, 0, CONTROL_BYTES) < CONTROL_BYTES) {
        throw new VirtioFault("a control message of less than 8 bytes");
      }
      ByteBuffer fields = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
      control(fields.getInt(0), fields.getShort(4), fields.getShort(6));
      work += 1024;
      queue.complete(chain);
    }
    return queue.hasAvailable();
  }

  private void control(int id, int event, int value) {
    if (!multiport) {
      return;
    }
    if (event == DEVICE_READY && value == 1) {
      for (int port = 0; port < ports.size(); port++) {
        tell(port, PORT_ADD, 0, "");
      }
      return;
    }
    if (id < 0 || id >= ports.size()) {
      return;
    }
    if (event == PORT_READY && value == 1) {
      tell(id, PORT_NAME, 0, ports.get(id).name());
      tell(id, PORT_OPEN, 1, "");
    } else if (event == PORT_OPEN) {
      ports.get(id).setOpen(value == 1);
    }
  }

  private void tell(int port, int event, int value, String text) {
    if (control.size() >= CONTROL_WAITING_MAX) {
      throw new VirtioFault("control messages are sent but not taken");
    }
    ByteBuffer fields = ByteBuffer.allocate(CONTROL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    fields.putInt(port).putShort((short) event).putShort((short) value);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    message.writeBytes(fields.array());
    message.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    control.add(message.toByteArray());
    request(CONTROL_RECEIVE);
  }

  private boolean sendControl(SplitQueue queue) {
    while (!control.isEmpty()) {
      DescriptorChain chain = queue.take();
      if (chain == null) {
        return false;
      }
      byte[] message = control.remove();
      chain.write(message, 0, message.length);
      queue.complete(chain);
    }
    return false;
  }
}
