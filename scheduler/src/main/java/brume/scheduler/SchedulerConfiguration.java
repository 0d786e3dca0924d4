package brume.scheduler;

import brume.contract.IdGenerator;
import brume.scheduler.fleet.DemandQueries;
import brume.scheduler.fleet.DrainRound;
import brume.scheduler.fleet.DrainStore;
import brume.scheduler.fleet.FactStore;
import brume.scheduler.fleet.JoinTokens;
import brume.scheduler.fleet.LeaseRound;
import brume.scheduler.fleet.LeaseStore;
import brume.scheduler.fleet.NodeStore;
import brume.scheduler.fleet.PlacementRound;
import brume.scheduler.fleet.PlanStore;
import brume.scheduler.forecast.Forecast;
import brume.scheduler.sync.DesiredQueries;
import brume.scheduler.sync.DesiredWatch;
import brume.scheduler.sync.NodeGuard;
import brume.scheduler.sync.NodeSync;
import brume.scheduler.sync.ReportStore;
import brume.scheduler.sync.SampleRound;
import brume.scheduler.web.ProblemWriter;
import brume.scheduler.web.RequestGuard;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/// Puts the service together; what runs by itself is in [LoopConfiguration].
@Configuration(proxyBeanMethods = false)
class SchedulerConfiguration {
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  RandomGenerator random() {
    return new SecureRandom();
  }

  @Bean
  IdGenerator ids(Clock clock, RandomGenerator random) {
    return new IdGenerator(clock, random);
  }

  @Bean
  TransactionTemplate transaction(PlatformTransactionManager transactions) {
    TransactionTemplate template = new TransactionTemplate(transactions);
    template.setTimeout(10);
    return template;
  }

  @Bean
  JoinTokens joinTokens(JdbcClient jdbc, Clock clock) {
    return new JoinTokens(jdbc, clock);
  }

  @Bean
  NodeStore nodeStore(
      JdbcClient jdbc, TransactionTemplate transaction, IdGenerator ids, RandomGenerator random) {
    return new NodeStore(jdbc, transaction, ids, random);
  }

  @Bean
  FactStore factStore(JdbcTemplate jdbc) {
    return new FactStore(jdbc);
  }

  @Bean
  DemandQueries demandQueries(JdbcClient jdbc) {
    return new DemandQueries(jdbc);
  }

  @Bean
  PlanStore planStore(JdbcClient jdbc, TransactionTemplate transaction) {
    return new PlanStore(jdbc, transaction);
  }

  @Bean
  LeaseStore leaseStore(
      JdbcClient jdbc, TransactionTemplate transaction, NodeStore nodes, FactStore facts) {
    return new LeaseStore(jdbc, transaction, nodes, facts);
  }

  @Bean
  PlacementRound placementRound(
      DemandQueries queries,
      PlanStore store,
      Clock clock,
      RandomGenerator random,
      SchedulerProperties properties) {
    return new PlacementRound(queries, store, clock, random, properties.demandsMax());
  }

  @Bean
  DrainRound drainRound(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      DemandQueries queries,
      Clock clock,
      RandomGenerator random,
      SchedulerProperties properties) {
    return new DrainRound(
        new DrainStore(jdbc, transaction), queries, clock, random, properties.demandsMax());
  }

  @Bean
  Forecast forecast(
      DemandQueries queries, Clock clock, RandomGenerator random, SchedulerProperties properties) {
    return new Forecast(queries, clock, random, properties.demandsMax());
  }

  @Bean
  LeaseRound leaseRound(LeaseStore store, Clock clock, SchedulerProperties properties) {
    return new LeaseRound(store, clock, properties.leaseMargin());
  }

  @Bean
  ReportStore reportStore(
      JdbcClient jdbc,
      TransactionTemplate transaction,
      NodeStore nodes,
      FactStore facts,
      SchedulerProperties properties) {
    return new ReportStore(
        jdbc,
        transaction,
        nodes,
        facts,
        properties.lease(),
        Duration.ofMillis(properties.countersMillis()));
  }

  @Bean
  SampleRound sampleRound(JdbcClient jdbc, Clock clock) {
    return new SampleRound(jdbc, clock);
  }

  @Bean
  DesiredQueries desiredQueries(JdbcClient jdbc) {
    return new DesiredQueries(jdbc);
  }

  @Bean
  DesiredWatch desiredWatch(DesiredQueries queries, SchedulerProperties properties) {
    return new DesiredWatch(queries, properties.waitingPollsMax());
  }

  @Bean
  NodeSync nodeSync(
      ReportStore reports,
      DesiredQueries desired,
      DesiredWatch watch,
      Clock clock,
      SchedulerProperties properties) {
    return new NodeSync(reports, desired, watch, clock, properties.lease());
  }

  @Bean
  ProblemWriter problemWriter(JsonMapper json) {
    return new ProblemWriter(json);
  }

  @Bean
  RequestGuard requestGuard(IdGenerator ids, ProblemWriter problems) {
    return new RequestGuard(ids, problems);
  }

  @Bean
  WebMvcConfigurer guards(NodeStore nodes) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new NodeGuard(nodes)).addPathPatterns(NodeGuard.PATHS);
      }
    };
  }
}
