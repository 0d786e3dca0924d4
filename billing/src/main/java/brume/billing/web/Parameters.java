package brume.billing.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A request's query, where nothing is guessed: an unknown name, a repeated one or an unfit value
/// is refused by name.
final class Parameters {
  static final int LIMIT_MAX = 1000;
  static final int LIMIT_DEFAULT = 100;

  private static final int SHOWN_MAX = 80;
  private static final int YEAR_MAX = 9999;
  private static final int MONTH_YEAR_MIN = 2000;
  private static final int MONTH_YEAR_MAX = 2999;
  private static final Pattern CURSOR = Pattern.compile("usage:([0-9]{1,18})");

  private final HttpServletRequest request;

  Parameters(HttpServletRequest request, Set<String> known) {
    this.request = request;
    for (String name : request.getParameterMap().keySet()) {
      if (!known.contains(name)) {
        throw Refused.unknownParameter(
            shown(name),
            "there is no parameter '"
                + shown(name)
                + "'; known are "
                + known.stream().sorted().toList());
      }
      if (request.getParameterValues(name).length > 1) {
        throw Refused.invalid(name, name + " may be given once");
      }
    }
  }

  Instant time(String name, Instant otherwise) {
    String value = request.getParameter(name);
    if (value == null) {
      return otherwise;
    }
    try {
      Instant time = Instant.parse(value);
      int year = time.atOffset(ZoneOffset.UTC).getYear();
      if (year >= 1 && year <= YEAR_MAX) {
        return time;
      }
    } catch (DateTimeParseException e) {
      throw timeRefused(name);
    }
    throw timeRefused(name);
  }

  YearMonth month(String name, YearMonth otherwise) {
    String value = request.getParameter(name);
    return value == null ? otherwise : month(name, value);
  }

  /// A month of UTC as it stands in a path or a query.
  static YearMonth month(String name, String text) {
    try {
      YearMonth month = YearMonth.parse(text);
      if (month.getYear() >= MONTH_YEAR_MIN && month.getYear() <= MONTH_YEAR_MAX) {
        return month;
      }
    } catch (DateTimeParseException e) {
      throw monthRefused(name, text);
    }
    throw monthRefused(name, text);
  }

  private static Refused monthRefused(String name, String text) {
    return Refused.invalid(
        name, name + " must be a month such as 2026-10, not '" + shown(text) + "'");
  }

  boolean flag(String name) {
    String value = request.getParameter(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (value.equals("true")) {
      return true;
    }
    throw Refused.invalid(name, name + " must be true or false, not '" + shown(value) + "'");
  }

  String text(String name, String otherwise, int lengthMax) {
    String value = request.getParameter(name);
    if (value == null) {
      return otherwise;
    }
    if (value.length() > lengthMax || value.indexOf('\0') >= 0) {
      throw Refused.invalid(name, name + " must have 0 to " + lengthMax + " characters");
    }
    return value;
  }

  String oneOf(String name, List<String> values, String otherwise) {
    String value = request.getParameter(name);
    if (value == null) {
      return otherwise;
    }
    if (!values.contains(value)) {
      throw Refused.invalid(
          name, name + " must be one of " + values + ", not '" + shown(value) + "'");
    }
    return value;
  }

  int limit() {
    String value = request.getParameter("limit");
    if (value == null) {
      return LIMIT_DEFAULT;
    }
    try {
      int limit = Integer.parseInt(value);
      if (limit >= 1 && limit <= LIMIT_MAX) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw limitRefused(value);
    }
    throw limitRefused(value);
  }

  /// The transition that the page begins behind, 0 for the first page.
  long after() {
    String value = request.getParameter("cursor");
    if (value == null) {
      return 0;
    }
    try {
      Matcher matcher =
          CURSOR.matcher(
              new String(Base64.getUrlDecoder().decode(value), StandardCharsets.US_ASCII));
      if (matcher.matches()) {
        return Long.parseLong(matcher.group(1));
      }
    } catch (IllegalArgumentException e) {
      throw cursorRefused();
    }
    throw cursorRefused();
  }

  static String cursor(String position) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("usage:" + position).getBytes(StandardCharsets.US_ASCII));
  }

  private Refused timeRefused(String name) {
    return Refused.invalid(
        name,
        name
            + " must be a time such as 2026-11-22T11:29:42Z, not '"
            + shown(request.getParameter(name))
            + "'");
  }

  private static Refused limitRefused(String value) {
    return Refused.invalid(
        "limit", "limit must be 1 to " + LIMIT_MAX + ", not '" + shown(value) + "'");
  }

  private static Refused cursorRefused() {
    return Refused.invalid("cursor", "cursor must be the nextCursor of the page before");
  }

  static String shown(String value) {
    String cut = value.length() > SHOWN_MAX ? value.substring(0, SHOWN_MAX) + "…" : value;
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
