package brume.compute;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/// Starts compute-api, alone or as one context among others of one JVM: its configuration is in
/// `compute-api.yaml`, so that no two services share a file.
@SpringBootApplication
@EnableConfigurationProperties(ComputeApiSettings.class)
public class ComputeApiApplication {
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(ComputeApiApplication.class)
        .properties("spring.config.name=compute-api");
  }

  public static void main(String[] arguments) {
    builder().run(arguments);
  }
}
