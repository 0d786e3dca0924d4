package brume.compute.ec2.image;

import brume.compute.ec2.Done;
import brume.compute.ec2.Ec2Actions;
import brume.compute.ec2.Ec2Call;
import brume.compute.ec2.shape.EbsShape;
import brume.compute.ec2.shape.Value;
import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.NotHere;
import brume.compute.ec2.wire.Required;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.WireName;
import brume.compute.image.ImageCommands;
import brume.compute.image.ImageRow;
import brume.compute.refusal.Fields;
import brume.compute.table.Parts;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// DescribeImageAttribute, ModifyImageAttribute, ResetImageAttribute: who may launch an image, and
/// what is said of it.
@Component
class ImageAttributeActions implements Ec2Actions {
  private final ImageCommands images;

  ImageAttributeActions(ImageCommands images) {
    this.images = images;
  }

  @NotHere({"OrganizationArn", "OrganizationalUnitArn"})
  record PermissionShape(@Nullable String userId, @Nullable String group) {}

  record DescribeImageAttribute(@Required String imageId, @Required String attribute) {}

  record ImageAttributeAnswer(
      String imageId,
      @Nullable List<PermissionShape> launchPermission,
      Value.@Nullable OfText description,
      @Nullable List<EbsShape.Mapping> blockDeviceMapping,
      @Nullable List<String> productCodes,
      Value.@Nullable OfText kernel,
      Value.@Nullable OfText ramdisk,
      Value.@Nullable OfText sriovNetSupport,
      Value.@Nullable OfText bootMode,
      Value.@Nullable OfText lastLaunchedTime,
      Value.@Nullable OfText imdsSupport) {}

  public ImageAttributeAnswer describeImageAttribute(Ec2Call call, DescribeImageAttribute request) {
    ImageRow image = own(call, request.imageId());
    Object value =
        switch (request.attribute()) {
          case "launchPermission" -> permissions(image);
          case "description" -> new Value.OfText(image.description());
          case "blockDeviceMapping" -> EbsShape.mappings(image.devices());
          case "productCodes" -> List.of();
          case "kernel",
              "ramdisk",
              "sriovNetSupport",
              "bootMode",
              "lastLaunchedTime",
              "imdsSupport" ->
              new Value.OfText(null);
          default -> throw new Ec2Fault("InvalidRequest", "The request received was invalid");
        };
    return Parts.of(ImageAttributeAnswer.class, image.id(), request.attribute(), value);
  }

  private static List<PermissionShape> permissions(ImageRow image) {
    List<PermissionShape> permissions = new ArrayList<>();
    if (image.isPublic()) {
      permissions.add(new PermissionShape(null, "all"));
    }
    image.sharedWith().forEach(id -> permissions.add(new PermissionShape(id, null)));
    return permissions;
  }

  private ImageRow own(Ec2Call call, String id) {
    return images.requireOwn(call.scope(), id);
  }

  record ChangesShape(List<PermissionShape> add, List<PermissionShape> remove) {}

  @NotHere({"ProductCode", "OrganizationArn", "OrganizationalUnitArn", "ImdsSupport"})
  record ModifyImageAttribute(
      @Required String imageId,
      @Nullable String attribute,
      @Nullable String value,
      @Nullable String operationType,
      List<String> userId,
      @WireName("UserGroup") List<String> userGroups,
      @Nullable ChangesShape launchPermission,
      Value.@Nullable OfText description) {}

  public Done modifyImageAttribute(Ec2Call call, ModifyImageAttribute request) {
    ImageRow image = own(call, request.imageId());
    String description = request.description() == null ? null : request.description().value();
    if ("description".equals(request.attribute())) {
      description = request.value();
    }
    if (description != null) {
      images.update(image.described(Fields.text("Description", description, 0, 255)));
      return Done.TRUE;
    }
    List<PermissionShape> add = new ArrayList<>();
    List<PermissionShape> remove = new ArrayList<>();
    ChangesShape changes = request.launchPermission();
    if (changes != null) {
      add.addAll(changes.add());
      remove.addAll(changes.remove());
    }
    List<PermissionShape> older = new ArrayList<>();
    request.userId().forEach(id -> older.add(new PermissionShape(id, null)));
    request.userGroups().forEach(group -> older.add(new PermissionShape(null, group)));
    ("remove".equals(request.operationType()) ? remove : add).addAll(older);
    if (add.isEmpty() && remove.isEmpty()) {
      throw new Ec2Fault("InvalidParameterCombination", "No attributes specified.");
    }
    boolean everyone = image.isPublic();
    TreeSet<String> accounts = new TreeSet<>(image.sharedWith());
    for (PermissionShape one : add) {
      everyone |= isEveryone(one);
      if (one.userId() != null) {
        accounts.add(account(one.userId()));
      }
    }
    for (PermissionShape one : remove) {
      everyone &= !isEveryone(one);
      if (one.userId() != null) {
        accounts.remove(one.userId());
      }
    }
    images.update(image.shared(everyone, List.copyOf(accounts)));
    return Done.TRUE;
  }

  private static boolean isEveryone(PermissionShape permission) {
    String group = permission.group();
    if (group != null && !group.equals("all")) {
      throw new Ec2Fault(
          "InvalidAMIAttributeItemValue",
          "Invalid attribute item value \"" + Text.shown(group) + "\" for group item type.");
    }
    return group != null;
  }

  private static String account(String id) {
    if (!id.matches("[0-9]{12}")) {
      throw new Ec2Fault(
          "InvalidAMIAttributeItemValue",
          "Invalid attribute item value \"" + Text.shown(id) + "\" for userId item type.");
    }
    return id;
  }

  record ResetImageAttribute(@Required String imageId, @Required String attribute) {}

  public Done resetImageAttribute(Ec2Call call, ResetImageAttribute request) {
    if (!request.attribute().equals("launchPermission")) {
      throw new Ec2Fault("InvalidRequest", "The request received was invalid");
    }
    images.update(own(call, request.imageId()).shared(false, List.of()));
    return Done.TRUE;
  }
}
