package brume.cli.verbs;

import brume.cli.cloud.Json;
import brume.cli.show.Column;
import brume.cli.show.Text;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a launch would come to, in sentences for people.
final class Forecast {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("ACCEPTED", "accepted"),
          Column.of("WAITING", "waiting"),
          Column.elastic("WAITS FOR", "waitsFor"));

  private Forecast() {}

  /// Answers the exit code: 0 where the launch would be accepted.
  static int show(Session session, Object forecast) {
    if (session.printer().isForPeople()) {
      tell(session.out(), forecast);
      session.out().flush();
    } else {
      session.show(COLUMNS, forecast);
    }
    return Boolean.TRUE.equals(Json.at(forecast, "accepted")) ? 0 : 1;
  }

  private static void tell(PrintWriter out, Object forecast) {
    for (Object refusal : Json.list(forecast, "refusals")) {
      out.println("It would be refused: " + Text.visible(Json.text(refusal, "detail")));
    }
    Map<String, Integer> places = new LinkedHashMap<>();
    for (Object placement : Json.list(forecast, "placements")) {
      String node = Json.text(placement, "node.name");
      String place = "zone " + Json.text(placement, "zone") + (node.isEmpty() ? "" : ", " + node);
      places.merge(place, 1, Integer::sum);
    }
    places.forEach(
        (place, count) -> out.println("Room for " + count + " in " + Text.visible(place)));
    String waiting = Json.text(forecast, "waiting");
    if (!waiting.equals("0")) {
      String reason = Text.visible(Json.text(forecast, "waitsFor"));
      out.println(waiting + " would wait: " + reason);
    }
    for (Object price : Json.list(forecast, "prices")) {
      out.println(
          "An hour of all costs %s %s; each start is charged %s s at least (price book %s)"
              .formatted(
                  Json.text(price, "currency"),
                  Json.text(price, "perHour"),
                  Json.text(price, "minimumSeconds"),
                  Text.visible(Json.text(price, "priceBookId"))));
    }
    out.println("Nothing was launched.");
  }
}
