package brume.compute.ec2.wire;

import java.io.ByteArrayOutputStream;
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
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/// Writes records as EC2 writes XML: a component is an element of its own name, a list has one
/// `item` for each, what is null is left out, a time has milliseconds.
public final class XmlAnswer {
  private static final XMLOutputFactory FACTORY = XMLOutputFactory.newDefaultFactory();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final Map<Class<?>, List<Member>> MEMBERS = new ConcurrentHashMap<>();

  private record Member(String name, Method accessor) {}

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
  private final XMLStreamWriter xml;

  private XmlAnswer() throws XMLStreamException {
    xml = FACTORY.createXMLStreamWriter(bytes, StandardCharsets.UTF_8.name());
  }

  /// @param namespace null for none
  public static byte[] document(String root, @Nullable String namespace, Record content) {
    try {
      XmlAnswer answer = new XmlAnswer();
      answer.xml.writeStartDocument("UTF-8", "1.0");
      answer.xml.writeStartElement(root);
      if (namespace != null) {
        answer.xml.writeDefaultNamespace(namespace);
      }
      answer.members(content);
      answer.xml.writeEndElement();
      answer.xml.writeEndDocument();
      answer.xml.close();
      return answer.bytes.toByteArray();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
  }

  private void members(Record content) throws XMLStreamException {
    for (Member member : MEMBERS.computeIfAbsent(content.getClass(), XmlAnswer::read)) {
      Object value = get(content, member);
      if (value instanceof Inline inline) {
        members(inline.content());
      } else if (value != null) {
        element(member.name(), value);
      }
    }
  }

  private void element(String name, Object value) throws XMLStreamException {
    boolean empty = value instanceof Collection<?> none && none.isEmpty();
    if (empty) {
      xml.writeEmptyElement(name);
      return;
    }
    xml.writeStartElement(name);
    switch (value) {
      case Record structure -> members(structure);
      case Collection<?> items -> {
        for (Object item : items) {
          element("item", Objects.requireNonNull(item));
        }
      }
      case Instant time -> xml.writeCharacters(TIME.format(time));
      default -> xml.writeCharacters(legal(String.valueOf(value)));
    }
    xml.writeEndElement();
  }

  /// XML 1.0 has no way to write most control characters and no half of a pair.
  private static String legal(String text) {
    StringBuilder legal = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      boolean space = c == '\t' || c == '\n' || c == '\r';
      boolean visible = c >= ' ' && c < '\uFFFE' && !Character.isSurrogate(c);
      boolean ok = pair || space || visible;
      if (!ok && legal == null) {
        legal = new StringBuilder(text);
      }
      if (!ok && legal != null) {
        legal.setCharAt(i, '\uFFFD');
      }
      if (pair) {
        i++;
      }
    }
    return legal == null ? text : legal.toString();
  }

  private static List<Member> read(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(XmlAnswer::member).toList();
  }

  private static Member member(RecordComponent component) {
    WireName name = component.getAnnotation(WireName.class);
    Method accessor = component.getAccessor();
    accessor.setAccessible(true);
    return new Member(name == null ? component.getName() : name.value(), accessor);
  }

  private static @Nullable Object get(Record content, Member member) {
    try {
      return member.accessor().invoke(content);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(content.getClass() + "." + member.name(), e);
    }
  }

  /// Content that has no element of its own: its members stand where it stands.
  public record Inline(Record content) {}
}
