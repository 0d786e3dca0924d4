package brume.compute.ec2.wire;

import brume.compute.table.Getter;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Writes records as EC2 writes XML: a component is an element of its own name, a list has one
/// `item` for each (or what [ItemName] says), what is null is left out, a time has milliseconds. A
/// page of instances is some ten thousand elements, so tags are made once for each shape, as bytes.
public final class XmlAnswer {
  private static final ClassValue<List<Member>> MEMBERS =
      new ClassValue<>() {
        @Override
        protected List<Member> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents()).map(XmlAnswer::member).toList();
        }
      };
  private static final Map<String, Element> ELEMENTS = new ConcurrentHashMap<>();
  private static final Element ITEM = Element.of("item");
  private static final byte[] HEAD = bytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");

  /// An element's tags.
  @SuppressWarnings("ArrayRecordComponent") // nobody compares or changes them
  private record Element(byte[] start, byte[] end, byte[] empty) {
    static Element of(String name) {
      return new Element(
          bytes("<" + name + ">"), bytes("</" + name + ">"), bytes("<" + name + "/>"));
    }
  }

  private record Member(Element element, Element item, Getter getter) {}

  private final XmlBytes xml = new XmlBytes();

  private XmlAnswer() {}

  /// @param namespace null for none
  public static byte[] document(String root, @Nullable String namespace, Record content) {
    XmlAnswer answer = new XmlAnswer();
    String space = namespace == null ? "" : " xmlns=\"" + namespace + "\"";
    answer.xml.markup(HEAD);
    answer.xml.markup(bytes("<" + root + space + ">"));
    answer.members(content);
    answer.xml.markup(bytes("</" + root + ">"));
    return answer.xml.toArray();
  }

  private static byte[] bytes(String markup) {
    return markup.getBytes(StandardCharsets.UTF_8);
  }

  private void members(Record content) {
    List<Member> members = MEMBERS.get(content.getClass());
    for (int i = 0; i < members.size(); i++) { // no iterator for each of thousands of records
      Member member = members.get(i);
      Object value = member.getter().of(content);
      if (value instanceof Inline inline) {
        members(inline.content());
      } else if (value != null) {
        element(member.element(), member.item(), value);
      }
    }
  }

  private void element(Element element, Element itemElement, Object value) {
    if (value instanceof String text) { // most are
      xml.markup(element.start());
      xml.text(text);
      xml.markup(element.end());
      return;
    }
    if (value instanceof Collection<?> none && none.isEmpty()) {
      xml.markup(element.empty());
      return;
    }
    xml.markup(element.start());
    switch (value) {
      case Record structure -> members(structure);
      case Collection<?> items -> {
        for (Object item : items) {
          element(itemElement, ITEM, Objects.requireNonNull(item));
        }
      }
      case Instant time -> xml.time(time);
      default -> xml.text(String.valueOf(value));
    }
    xml.markup(element.end());
  }

  private static Member member(RecordComponent component) {
    WireName name = component.getAnnotation(WireName.class);
    String shown = name == null ? component.getName() : name.value();
    ItemName item = component.getAnnotation(ItemName.class);
    return new Member(
        ELEMENTS.computeIfAbsent(shown, Element::of),
        item == null ? ITEM : Element.of(item.value()),
        Getter.of(component));
  }

  /// Content that has no element of its own: its members stand where it stands.
  public record Inline(Record content) {}
}
