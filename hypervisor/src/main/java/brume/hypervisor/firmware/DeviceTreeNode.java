package brume.hypervisor.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One node of a device tree while it is built: properties and children in the order they were
/// added. Property values are bytes as the Devicetree Specification 0.4 §2.2.4 encodes them.
public final class DeviceTreeNode {
  private final String name;
  private final Map<String, byte[]> properties = new LinkedHashMap<>();
  private final List<DeviceTreeNode> children = new ArrayList<>();

  /// @param name with its unit address, as `serial@10000000`; empty for the root
  public DeviceTreeNode(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  public Map<String, byte[]> properties() {
    return Collections.unmodifiableMap(properties);
  }

  public List<DeviceTreeNode> children() {
    return Collections.unmodifiableList(children);
  }

  /// A new child.
  public DeviceTreeNode child(String childName) {
    DeviceTreeNode child = new DeviceTreeNode(childName);
    children.add(child);
    return child;
  }

  /// A property without a value: its being there is what it says.
  public DeviceTreeNode flag(String property) {
    return bytes(property, new byte[0]);
  }

  public DeviceTreeNode bytes(String property, byte[] value) {
    if (properties.put(property, value.clone()) != null) {
      throw new IllegalStateException(name + " has " + property + " already");
    }
    return this;
  }

  public DeviceTreeNode cells(String property, int... values) {
    ByteBuffer encoded = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      encoded.putInt(value);
    }
    return bytes(property, encoded.array());
  }

  /// Values of two cells each: addresses and sizes where `#address-cells` and `#size-cells` are 2.
  public DeviceTreeNode wide(String property, long... values) {
    ByteBuffer encoded = ByteBuffer.allocate(8 * values.length);
    for (long value : values) {
      encoded.putLong(value);
    }
    return bytes(property, encoded.array());
  }

  public DeviceTreeNode text(String property, String... values) {
    return text(property, List.of(values));
  }

  public DeviceTreeNode text(String property, List<String> values) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    for (String value : values) {
      encoded.writeBytes(value.getBytes(StandardCharsets.UTF_8));
      encoded.write(0);
    }
    return bytes(property, encoded.toByteArray());
  }
}
