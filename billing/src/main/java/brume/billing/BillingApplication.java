package brume.billing;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;

/// Starts billing, alone or as one context among others of one JVM: its configuration is in
/// `billing.yaml`, and what other services bring to a shared class path is left out by name.
@SpringBootApplication(
    excludeName = {
      "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
      "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration",
      "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration",
      "org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration"
    })
@EnableConfigurationProperties({BillingSettings.class, EncryptionSettings.class})
public class BillingApplication {
  public static SpringApplicationBuilder builder() {
    return new SpringApplicationBuilder(BillingApplication.class)
        .properties("spring.config.name=billing");
  }

  public static void main(String[] arguments) {
    builder().run(arguments);
  }
}
