package brume.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.UUID;

/// Who may see whom, as docs/0001 and the tree say.
@AnalyzeClasses(packages = "brume", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String[] SERVICES = {
    "brume.compute..", "brume.scheduler..", "brume.node..", "brume.billing.."
  };

  @ArchTest
  static final ArchRule CONTRACT_STANDS_ALONE =
      classes()
          .that()
          .resideInAPackage("brume.contract..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("brume.contract..", "java..", "org.jspecify..");

  @ArchTest
  static final ArchRule HYPERVISOR_STANDS_ALONE =
      noClasses()
          .that()
          .resideInAPackage("brume.hypervisor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "brume.contract..",
              "brume.db..",
              "brume.compute..",
              "brume.scheduler..",
              "brume.node..",
              "brume.billing..",
              "brume.standalone..",
              "org.springframework..");

  @ArchTest static final ArchRule COMPUTE_SEES_NO_SIBLING = seesOnly("brume.compute..");

  @ArchTest static final ArchRule SCHEDULER_SEES_NO_SIBLING = seesOnly("brume.scheduler..");

  @ArchTest static final ArchRule BILLING_SEES_NO_SIBLING = seesOnly("brume.billing..");

  @ArchTest
  static final ArchRule NODE_SEES_NO_SIBLING =
      noClasses()
          .that()
          .resideInAPackage("brume.node..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "brume.compute..",
              "brume.scheduler..",
              "brume.billing..",
              "brume.db..",
              "brume.cli..");

  @ArchTest
  static final ArchRule COMMAND_LINE_IS_A_CLIENT =
      classes()
          .that()
          .resideInAPackage("brume.cli..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "brume.cli..",
              "java..",
              "javax.net.ssl..",
              "tools.jackson.core..",
              "io.burt.jmespath..",
              "org.jspecify..");

  @ArchTest
  static final ArchRule ONLY_STANDALONE_AND_BENCH_SEE_STANDALONE =
      noClasses()
          .that()
          .resideOutsideOfPackages("brume.standalone..", "brume.bench..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("brume.standalone..");

  @ArchTest
  static final ArchRule TIME_AND_CHANCE_ARE_GIVEN =
      noClasses()
          .that()
          .resideInAnyPackage(
              "brume.contract..",
              "brume.compute..",
              "brume.scheduler..",
              "brume.node..",
              "brume.billing..",
              "brume.cli..",
              "brume.hypervisor..")
          .should()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(UUID.class, "randomUUID")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .because("a test must be able to give the clock, the ids and the seed");

  @ArchTest
  static final ArchRule THE_CLOCK_COMES_FROM_ONE_PLACE =
      noClasses()
          .that()
          .resideInAnyPackage(SERVICES)
          .and()
          .haveSimpleNameNotEndingWith("Configuration")
          .and()
          .haveSimpleNameNotEndingWith("BuildImage")
          .should()
          .callMethod(java.time.Clock.class, "systemUTC");

  @ArchTest
  static final ArchRule PURE_PLACES_STAY_PURE =
      noClasses()
          .that()
          .resideInAnyPackage("brume.scheduler.placement..", "brume.billing.rating..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..", "java.sql..", "java.net..", "java.io..");

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_THING_IS =
      noClasses()
          .that()
          .resideOutsideOfPackage("brume.client..")
          .should()
          .haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|DTO|Info|Data)");

  private static ArchRule seesOnly(String own) {
    return noClasses()
        .that()
        .resideInAPackage(own)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            java.util.stream.Stream.concat(
                    java.util.Arrays.stream(SERVICES).filter(service -> !service.equals(own)),
                    java.util.stream.Stream.of(
                        "brume.hypervisor..", "brume.db..", "brume.cli..", "brume.standalone.."))
                .toArray(String[]::new));
  }
}
