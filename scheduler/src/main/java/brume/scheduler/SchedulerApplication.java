package brume.scheduler;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/// The scheduler as a process. All services share one class path where they run in one JVM, so its
/// configuration has a name of its own (`scheduler.yaml`) and only this package is scanned.
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(SchedulerProperties.class)
public class SchedulerApplication {
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(SchedulerApplication.class)
        .properties("spring.config.name=scheduler");
  }

  public static void main(String[] args) {
    builder().run(args);
  }
}
