package brume.hypervisor.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Writes a device tree as the blob that a kernel is handed (Devicetree Specification 0.4 §5,
/// version 17), big-endian.
public final class FlattenedDeviceTree {
  private static final int MAGIC = 0xd00d_feed, VERSION = 17, LAST_COMPATIBLE = 16;
  private static final int HEADER_BYTES = 40, RESERVATION_BYTES = 16;
  private static final int BEGIN_NODE = 1, END_NODE = 2, PROPERTY = 3, END = 9;

  private final ByteArrayOutputStream structure = new ByteArrayOutputStream();
  private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
  private final Map<String, Integer> stringOffsets = new HashMap<>();

  private FlattenedDeviceTree() {}

  public static byte[] write(DeviceTreeNode root) {
    FlattenedDeviceTree writer = new FlattenedDeviceTree();
    writer.node(root);
    writer.word(END);
    return writer.blob();
  }

  private byte[] blob() {
    int structureAt = HEADER_BYTES + RESERVATION_BYTES;
    int stringsAt = structureAt + structure.size();
    ByteBuffer blob = ByteBuffer.allocate(stringsAt + strings.size());
    blob.putInt(MAGIC).putInt(blob.capacity());
    blob.putInt(structureAt).putInt(stringsAt).putInt(HEADER_BYTES);
    blob.putInt(VERSION).putInt(LAST_COMPATIBLE);
    // The hart that boots.
    blob.putInt(0);
    blob.putInt(strings.size()).putInt(structure.size());
    // No memory reservations: the list is its terminator.
    blob.putLong(0).putLong(0);
    blob.put(structure.toByteArray()).put(strings.toByteArray());
    return blob.array();
  }

  private void node(DeviceTreeNode node) {
    word(BEGIN_NODE);
    structure.writeBytes(node.name().getBytes(StandardCharsets.US_ASCII));
    structure.write(0);
    pad();
    node.properties().forEach(this::property);
    node.children().forEach(this::node);
    word(END_NODE);
  }

  private void property(String name, byte[] value) {
    word(PROPERTY);
    word(value.length);
    word(stringOffsets.computeIfAbsent(name, this::addString));
    structure.writeBytes(value);
    pad();
  }

  private int addString(String name) {
    int at = strings.size();
    strings.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    strings.write(0);
    return at;
  }

  private void word(int value) {
    structure.write(value >>> 24);
    structure.write(value >>> 16);
    structure.write(value >>> 8);
    structure.write(value);
  }

  private void pad() {
    while (structure.size() % 4 != 0) {
      structure.write(0);
    }
  }
}
