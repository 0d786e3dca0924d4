package brume.compute.ec2.filter;

import brume.compute.ec2.wire.Ec2Fault;
import brume.compute.ec2.wire.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The filters that a describing action has, as a table from a name to what it looks at. A filter
/// holds where any of its values matches, a request where all of its filters hold. Values differ by
/// case, as EC2's do.
public final class Filters<T> {
  public static final int FILTERS_MAX = 50;
  public static final int VALUES_MAX = 200;

  private final Map<String, Function<T, Stream<String>>> known = new LinkedHashMap<>();
  private @Nullable Function<T, Map<String, String>> tags;

  /// A name and the value that it looks at, which may be null.
  public Filters<T> on(String name, Function<T, @Nullable Object> value) {
    return onAny(name, thing -> Stream.ofNullable(value.apply(thing)).map(String::valueOf));
  }

  /// A name and the values of which any may match.
  public Filters<T> onAny(String name, Function<T, Stream<String>> values) {
    known.put(name, values);
    return this;
  }

  /// Names that EC2 documents, of what nothing in this cloud has: they match nothing.
  public Filters<T> never(String... names) {
    for (String name : names) {
      onAny(name, thing -> Stream.empty());
    }
    return this;
  }

  /// `tag:KEY`, `tag-key` and `tag-value`.
  public Filters<T> onTags(Function<T, Map<String, String>> tags) {
    this.tags = tags;
    onAny("tag-key", thing -> tags.apply(thing).keySet().stream());
    return onAny("tag-value", thing -> tags.apply(thing).values().stream());
  }

  public Set<String> names() {
    return known.keySet();
  }

  /// What the asked filters select. Throws [Ec2Fault] for one that there is not.
  public Predicate<T> select(List<Filter> asked) {
    check(asked);
    Predicate<T> all = thing -> true;
    for (Filter filter : asked) {
      Function<T, Stream<String>> values = values(String.valueOf(filter.name()));
      List<Wildcard> wanted = filter.values().stream().map(Wildcard::of).toList();
      all =
          all.and(thing ->
              values
                  .apply(thing)
                  .anyMatch(value -> wanted.stream().anyMatch(one -> one.matches(value))));
    }
    return all;
  }

  private Function<T, Stream<String>> values(String name) {
    Function<T, Map<String, String>> tagged = tags;
    if (tagged != null && name.startsWith("tag:")) {
      String key = name.substring("tag:".length());
      return thing -> Stream.ofNullable(tagged.apply(thing).get(key));
    }
    Function<T, Stream<String>> values = known.get(name);
    if (values == null) {
      throw unknown(name);
    }
    return values;
  }

  /// What holds for filters of any action.
  public static void check(List<Filter> asked) {
    if (asked.size() > FILTERS_MAX) {
      throw new Ec2Fault(
          "FilterLimitExceeded",
          "A request has at most " + FILTERS_MAX + " filters, not " + asked.size());
    }
    int values = 0;
    for (Filter filter : asked) {
      if (filter.name() == null || filter.name().isEmpty()) {
        throw unknown("null");
      }
      if (filter.values().isEmpty()) {
        throw new Ec2Fault(
            "InvalidParameterValue",
            "The filter '" + Text.shown(String.valueOf(filter.name())) + "' has no values");
      }
      values += filter.values().size();
    }
    if (values > VALUES_MAX) {
      throw new Ec2Fault(
          "FilterLimitExceeded",
          "The maximum number of filter values specified on a single call is " + VALUES_MAX);
    }
  }

  public static Ec2Fault unknown(String name) {
    return new Ec2Fault(
        "InvalidParameterValue", "The filter '" + Text.shown(name) + "' is invalid");
  }
}
