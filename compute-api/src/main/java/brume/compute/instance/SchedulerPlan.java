package brume.compute.instance;

import brume.compute.ComputeApiSettings;
import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;
import brume.contract.plan.PlanAnswer;
import brume.contract.plan.PlanQuestion;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Asks the scheduler where something would go. A launch itself never does: it waits in the
/// database for the scheduler to come by.
@Component
class SchedulerPlan {
  private static final Logger LOG = LoggerFactory.getLogger(SchedulerPlan.class);
  private static final int BYTES_MAX = 1 << 20;

  private final HttpClient http;
  private final ComputeApiSettings.Scheduler scheduler;
  private final JsonMapper json;

  SchedulerPlan(HttpClient http, ComputeApiSettings settings, JsonMapper json) {
    this.http = http;
    this.scheduler = settings.scheduler();
    this.json = json;
  }

  PlanAnswer plan(PlanQuestion question) {
    try {
      String base = scheduler.url().toString().replaceFirst("/+$", "");
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(base + "/plan"))
              .timeout(scheduler.timeout())
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(json.writeValueAsBytes(question)))
              .build();
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        byte[] bytes = body.readNBytes(BYTES_MAX);
        if (response.statusCode() == 200) {
          return json.readValue(bytes, PlanAnswer.class);
        }
        LOG.warn("the scheduler answers {} to a plan", response.statusCode());
      }
    } catch (IOException | JacksonException e) {
      LOG.warn("the scheduler is away: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new Refused(
        new Refusal.Unavailable(
            "scheduler_unavailable",
            "the scheduler does not answer, so where this would go is not known: ask again;"
                + " launches are accepted meanwhile"));
  }
}
