package brume.compute.ec2.instance;

import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.launch.LaunchOrder;
import brume.compute.network.InterfaceCommands;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The network interfaces that a launch asks for: as a list, or as one subnet with groups and an
/// address. The first has device index 0.
final class OrderCards {
  private OrderCards() {}

  static List<LaunchOrder.Card> of(LaunchSettings settings, Orders.Extra extra) {
    List<LaunchSettings.CardShape> asked = settings.networkInterface();
    if (!settings.securityGroup().isEmpty() && extra.subnetId() != null) {
      throw Ec2Fault.combination(
          "The parameter groupName cannot be used with the parameter subnet");
    }
    if (asked.isEmpty()) {
      return List.of(
          new LaunchOrder.Card(
              0,
              null,
              extra.subnetId(),
              "",
              settings.securityGroupId(),
              settings.securityGroup(),
              extra.privateIpAddress(),
              InterfaceCommands.More.NONE,
              true,
              null));
    }
    requireAlone("subnet ID", extra.subnetId() != null);
    requireAlone(
        "security groups",
        !settings.securityGroupId().isEmpty() || !settings.securityGroup().isEmpty());
    requireAlone("private address", extra.privateIpAddress() != null);
    if (asked.size() > InterfaceCommands.PER_INSTANCE_MAX) {
      throw new Ec2Fault(
          "AttachmentLimitExceeded",
          "Interface count "
              + asked.size()
              + " exceeds the limit of an instance, "
              + InterfaceCommands.PER_INSTANCE_MAX);
    }
    return inOrder(asked);
  }

  private static void requireAlone(String what, boolean given) {
    if (given) {
      throw Ec2Fault.combination(
          "Network interfaces and an instance-level "
              + what
              + " may not be specified on the same request");
    }
  }

  private static List<LaunchOrder.Card> inOrder(List<LaunchSettings.CardShape> asked) {
    boolean several = asked.size() > 1;
    Set<Integer> indexes = new HashSet<>();
    List<LaunchOrder.Card> cards = new ArrayList<>();
    for (LaunchSettings.CardShape shape : asked) {
      Integer index = shape.deviceIndex();
      if (index == null && several) {
        throw new Ec2Fault(
            "InvalidParameterValue", "Each network interface requires a device index.");
      }
      if (!indexes.add(index == null ? 0 : index)) {
        throw new Ec2Fault(
            "InvalidParameterValue", "Each network interface requires a unique device index.");
      }
      if (Boolean.TRUE.equals(shape.associatePublicIpAddress())
          && (several || shape.networkInterfaceId() != null)) {
        throw Ec2Fault.combination(
            "The associatePublicIPAddress parameter cannot be specified when launching with "
                + (several ? "multiple network interfaces." : "a network interface ID."));
      }
      cards.add(card(shape, index == null ? 0 : index));
    }
    if (!indexes.contains(0)) {
      throw Ec2Fault.value(
          "NetworkInterface.1.DeviceIndex",
          String.valueOf(asked.getFirst().deviceIndex()),
          "The first must be 0.");
    }
    return cards.stream()
        .sorted((one, other) -> Integer.compare(one.deviceIndex(), other.deviceIndex()))
        .toList();
  }

  private static LaunchOrder.Card card(LaunchSettings.CardShape shape, int index) {
    String id = shape.networkInterfaceId();
    if (id != null && Boolean.TRUE.equals(shape.deleteOnTermination())) {
      throw Ec2Fault.combination(
          "A network interface may not specify a network interface ID and delete on termination as"
              + " true");
    }
    if (id != null
        && (!shape.securityGroupId().isEmpty()
            || shape.subnetId() != null
            || !shape.privateIpAddresses().isEmpty()
            || shape.privateIpAddress() != null)) {
      throw Ec2Fault.combination(
          "A network interface may not specify both a network interface ID and a subnet, groups or"
              + " addresses");
    }
    if (index < 0) {
      throw Ec2Fault.value("DeviceIndex", String.valueOf(index), "It must be 0 or more.");
    }
    return new LaunchOrder.Card(
        index,
        id,
        shape.subnetId(),
        shape.description() == null ? "" : shape.description(),
        shape.securityGroupId(),
        List.of(),
        first(shape),
        more(shape),
        id == null && !Boolean.FALSE.equals(shape.deleteOnTermination()),
        shape.associatePublicIpAddress());
  }

  /// The address that is marked as the first, where the interface names no other.
  private static @Nullable String first(LaunchSettings.CardShape card) {
    return card.privateIpAddress() != null
        ? card.privateIpAddress()
        : card.privateIpAddresses().stream()
            .filter(address -> Boolean.TRUE.equals(address.primary()))
            .flatMap(address -> Stream.ofNullable(address.privateIpAddress()))
            .findFirst()
            .orElse(null);
  }

  private static InterfaceCommands.More more(LaunchSettings.CardShape card) {
    Integer count = card.secondaryPrivateIpAddressCount();
    if (count != null && (count < 0 || count >= InterfaceCommands.ADDRESSES_MAX)) {
      throw Ec2Fault.value(
          "SecondaryPrivateIpAddressCount",
          count.toString(),
          "It must be 0 to " + (InterfaceCommands.ADDRESSES_MAX - 1) + ".");
    }
    return new InterfaceCommands.More(
        card.privateIpAddresses().stream()
            .filter(address -> !Boolean.TRUE.equals(address.primary()))
            .map(address -> String.valueOf(address.privateIpAddress()))
            .toList(),
        count == null ? 0 : count);
  }
}
