package brume.scheduler.forecast;

import brume.contract.plan.PlanAnswer;
import brume.contract.plan.PlanQuestion;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `POST /plan`. Only compute-api asks, for users; the answer tells no more than sizes, zones and
/// ids of nodes.
@RestController
public final class PlanController {
  private final Forecast forecast;

  public PlanController(Forecast forecast) {
    this.forecast = forecast;
  }

  @PostMapping("/plan")
  public PlanAnswer plan(@RequestBody PlanQuestion question) throws InterruptedException {
    return forecast.of(question);
  }
}
