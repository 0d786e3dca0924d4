package brume.billing.invoice;

import brume.billing.TimeText;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One row in the text form of PostgreSQL's COPY: fields between tabs, `\N` for null.
final class CopyText {
  private final StringBuilder text = new StringBuilder();
  private final TimeText times = new TimeText();
  private boolean first = true;

  CopyText add(@Nullable Object value) {
    if (!first) {
      text.append('\t');
    }
    first = false;
    switch (value) {
      case null -> text.append("\\N");
      case BigDecimal number -> text.append(number.toPlainString());
      case Instant time -> times.append(text, time);
      case Number number -> text.append(number);
      default -> escaped(value.toString());
    }
    return this;
  }

  CopyText endRow() {
    text.append('\n');
    first = true;
    return this;
  }

  private void escaped(String value) {
    if (value.indexOf('\\') < 0
        && value.indexOf('\t') < 0
        && value.indexOf('\n') < 0
        && value.indexOf('\r') < 0) {
      text.append(value);
      return;
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '\\' -> text.append("\\\\");
        case '\t' -> text.append("\\t");
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        default -> text.append(c);
      }
    }
  }

  int length() {
    return text.length();
  }

  /// What was written since the last call.
  String take() {
    String taken = text.toString();
    text.setLength(0);
    return taken;
  }
}
