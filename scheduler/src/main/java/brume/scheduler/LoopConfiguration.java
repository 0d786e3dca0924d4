package brume.scheduler;

import brume.scheduler.fleet.DrainRound;
import brume.scheduler.fleet.HintListener;
import brume.scheduler.fleet.Hints;
import brume.scheduler.fleet.JoinTokens;
import brume.scheduler.fleet.LeaseRound;
import brume.scheduler.fleet.PlacementRound;
import brume.scheduler.fleet.RoundLoop;
import brume.scheduler.sync.DesiredWatch;
import brume.scheduler.sync.SampleRound;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.dao.DataAccessException;

/// What runs by itself. Loops end before the web server does, so that answers that are held are
/// given while there is still somebody to send them.
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "brume.scheduler.loops", matchIfMissing = true)
class LoopConfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(LoopConfiguration.class);

  @Bean
  Hints hints() {
    return new Hints();
  }

  @Bean
  HintListener hintListener(DataSource dataSource, Hints hints) {
    return new HintListener(dataSource, List.of(hints));
  }

  @Bean
  RoundLoop placementLoop(PlacementRound round, Hints hints, SchedulerProperties properties) {
    return new RoundLoop("placement", properties.round(), hints, round);
  }

  @Bean
  RoundLoop drainLoop(DrainRound round, Hints hints, SchedulerProperties properties) {
    return new RoundLoop("drains", properties.round(), hints, round);
  }

  /// Leases end by the clock and by nothing that is announced.
  @Bean
  RoundLoop leaseLoop(LeaseRound round, SchedulerProperties properties) {
    return new RoundLoop("leases", properties.round().dividedBy(2), new Hints(), round);
  }

  @Bean
  RoundLoop sampleLoop(SampleRound round) {
    return new RoundLoop("samples", SampleRound.PERIOD, new Hints(), round);
  }

  @Bean
  RoundLoop watchLoop(DesiredWatch watch, Hints hints, SchedulerProperties properties) {
    return new RoundLoop("desired", Duration.ofMillis(properties.lookMillis()), hints, watch);
  }

  @Bean
  SmartLifecycle doors(DesiredWatch watch, JoinTokens tokens, SchedulerProperties properties) {
    return new SmartLifecycle() {
      private volatile boolean running;

      @Override
      public void start() {
        running = true;
        addTokens(tokens, properties.joinTokens());
      }

      @Override
      public void stop() {
        running = false;
        watch.close();
      }

      @Override
      public boolean isRunning() {
        return running;
      }

      // Before the first node can ask; and later where the database is not there yet, which must
      // not keep the service from starting and saying so.
      private void addTokens(JoinTokens tokens, List<String> configured) {
        try {
          tokens.addAll(configured);
        } catch (DataAccessException e) {
          LOG.warn("join tokens wait for the database: {}", e.toString());
          Thread.ofVirtual().name("join-tokens").start(() -> retry(tokens, configured));
        }
      }

      private void retry(JoinTokens tokens, List<String> configured) {
        while (running) {
          try {
            Thread.sleep(properties.round());
            tokens.addAll(configured);
            return;
          } catch (DataAccessException e) {
            LOG.debug("join tokens wait for the database: {}", e.toString());
          } catch (InterruptedException e) {
            return;
          }
        }
      }
    };
  }

  @Bean
  ApplicationListener<ApplicationReadyEvent> announcement(Environment settings) {
    return ready -> LOG.info("ready on port {}", settings.getProperty("local.server.port"));
  }
}
