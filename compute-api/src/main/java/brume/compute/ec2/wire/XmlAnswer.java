package brume.compute.ec2.wire;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Writes records as EC2 writes XML: a component is an element of its own name, a list has one
/// `item` for each (or what [ItemName] says), what is null is left out, a time has milliseconds. A
/// page of instances is some thousand elements, so tags are made once for each shape.
public final class XmlAnswer {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Map<Class<?>, List<Member>> MEMBERS = new ConcurrentHashMap<>();
  private static final Element ITEM = Element.of("item");

  /// An element's tags.
  private record Element(String start, String end, String empty) {
    static Element of(String name) {
      return new Element("<" + name + ">", "</" + name + ">", "<" + name + "/>");
    }
  }

  private record Member(Element element, Element item, Method accessor) {}

  private final StringBuilder xml = new StringBuilder(1024);

  private XmlAnswer() {}

  /// @param namespace null for none
  public static byte[] document(String root, @Nullable String namespace, Record content) {
    XmlAnswer answer = new XmlAnswer();
    answer.xml.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    String space = namespace == null ? "" : " xmlns=\"" + namespace + "\"";
    answer.xml.append('<').append(root).append(space).append('>');
    answer.members(content);
    answer.xml.append("</").append(root).append('>');
    return answer.xml.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void members(Record content) {
    for (Member member : MEMBERS.computeIfAbsent(content.getClass(), XmlAnswer::read)) {
      Object value = get(content, member);
      if (value instanceof Inline inline) {
        members(inline.content());
      } else if (value != null) {
        element(member.element(), member.item(), value);
      }
    }
  }

  private void element(Element element, Element itemElement, Object value) {
    if (value instanceof Collection<?> none && none.isEmpty()) {
      xml.append(element.empty());
      return;
    }
    xml.append(element.start());
    switch (value) {
      case Record structure -> members(structure);
      case Collection<?> items -> {
        for (Object item : items) {
          element(itemElement, ITEM, Objects.requireNonNull(item));
        }
      }
      case Instant time -> TIME.formatTo(time, xml);
      default -> text(String.valueOf(value));
    }
    xml.append(element.end());
  }

  private void text(String text) {
    int written = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
        continue;
      }
      String instead = instead(c);
      if (instead != null) {
        xml.append(text, written, i).append(instead);
        written = i + 1;
      }
    }
    xml.append(text, written, text.length());
  }

  /// What stands for a character that can't stand for itself; null where it can. XML 1.0 has no way
  /// to write most control characters and no half of a pair (§2.2), and a parser makes a plain
  /// carriage return a line feed (§2.11).
  private static @Nullable String instead(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '<' -> "&lt;";
      case '>' -> "&gt;";
      case '\r' -> "&#13;";
      case '\t', '\n' -> null;
      default -> c < ' ' || c >= '\uFFFE' || Character.isSurrogate(c) ? "\uFFFD" : null;
    };
  }

  private static List<Member> read(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(XmlAnswer::member).toList();
  }

  private static Member member(RecordComponent component) {
    WireName name = component.getAnnotation(WireName.class);
    Method accessor = component.getAccessor();
    accessor.setAccessible(true);
    ItemName item = component.getAnnotation(ItemName.class);
    return new Member(
        Element.of(name == null ? component.getName() : name.value()),
        item == null ? ITEM : Element.of(item.value()),
        accessor);
  }

  private static @Nullable Object get(Record content, Member member) {
    try {
      return member.accessor().invoke(content);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(content.getClass() + "." + member.accessor().getName(), e);
    }
  }

  /// Content that has no element of its own: its members stand where it stands.
  public record Inline(Record content) {}
}
