package brume.compute;

import static org.assertj.core.api.Assertions.assertThat;

import brume.compute.ec2.Operation;
import brume.compute.ec2.Operations;
import brume.compute.ec2.wire.ItemName;
import brume.compute.ec2.wire.Text;
import brume.compute.ec2.wire.WireName;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.traits.ListTrait;

/// Every parameter that an action takes and every element that it answers is one that AWS' own
/// client knows by that name, for every action of the door.
@ExtendWith(SharedCloud.class)
final class Ec2ShapeTest {
  private static final String MODEL = "software.amazon.awssdk.services.ec2.model.";

  /// What an answer may have beside what the client reads.
  private static final List<String> EXTRA = List.of("return", "imageOwnerAlias");

  @TestFactory
  Stream<DynamicTest> everyNameIsOneOfEc2s() {
    return SharedCloud.get().context.getBean(Operations.class).all().stream()
        .map(operation ->
            DynamicTest.dynamicTest(
                operation.name(),
                () -> {
                  List<String> foreign = new ArrayList<>();
                  Map<String, SdkField<?>> known = fields(operation, "Request");
                  for (String name : operation.parameters().keySet()) {
                    if (!isKnown(name.split("\\."), 0, known)) {
                      foreign.add("parameter " + name);
                    }
                  }
                  answers(operation.answer(), fields(operation, "Response"), "", foreign);
                  assertThat(foreign).isEmpty();
                }));
  }

  private static Map<String, SdkField<?>> fields(Operation operation, String kind)
      throws ReflectiveOperationException {
    Class<?> model = Class.forName(MODEL + operation.name() + kind);
    Object builder = model.getMethod("builder").invoke(null);
    return byName((SdkPojo) builder, kind.equals("Request"));
  }

  private static Map<String, SdkField<?>> byName(SdkPojo pojo, boolean request) {
    Map<String, SdkField<?>> fields = new TreeMap<>();
    for (SdkField<?> field : pojo.sdkFields()) {
      String name = request ? field.locationName() : field.unmarshallLocationName();
      fields.put(request ? Text.capitalized(name) : name, field);
    }
    return fields;
  }

  private static boolean isKnown(String[] steps, int at, Map<String, SdkField<?>> known) {
    SdkField<?> field = known.get(steps[at]);
    if (field == null) {
      return false;
    }
    int next = at + 1;
    Optional<ListTrait> list = Optional.ofNullable(field.getTrait(ListTrait.class));
    if (list.isPresent()) {
      if (next >= steps.length || !steps[next].equals("n")) {
        return false;
      }
      next++;
      field = list.get().memberFieldInfo();
    }
    return next >= steps.length
        || (field.constructor() != null
            && isKnown(steps, next, byName(field.constructor().get(), true)));
  }

  private static void answers(
      Class<?> shape, Map<String, SdkField<?>> known, String path, List<String> foreign) {
    for (RecordComponent component : shape.getRecordComponents()) {
      WireName wire = component.getAnnotation(WireName.class);
      String name = wire == null ? component.getName() : wire.value();
      SdkField<?> field = known.get(name);
      if (field == null) {
        if (!EXTRA.contains(name)) {
          foreign.add("element " + path + name + " of " + known.keySet());
        }
        continue;
      }
      Class<?> type = component.getType();
      ListTrait list = field.getTrait(ListTrait.class);
      if (component.getGenericType() instanceof ParameterizedType items) {
        if (list == null) {
          foreign.add("a list at " + path + name);
          continue;
        }
        Type item = items.getActualTypeArguments()[0];
        type = item instanceof Class<?> plain ? plain : Object.class;
        field = list.memberFieldInfo();
        ItemName itemName = component.getAnnotation(ItemName.class);
        String named = itemName == null ? "item" : itemName.value();
        if (!named.equals(field.unmarshallLocationName())) {
          foreign.add("items of " + path + name + " are " + field.unmarshallLocationName());
        }
      }
      if (type.isRecord() && field.constructor() != null) {
        answers(type, byName(field.constructor().get(), false), path + name + ".", foreign);
      }
    }
  }
}
