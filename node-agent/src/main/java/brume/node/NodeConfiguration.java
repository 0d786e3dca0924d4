package brume.node;

import brume.contract.Resources;
import brume.hypervisor.machine.VirtualProcessorScheduler;
import brume.hypervisor.translator.BackgroundTranslator;
import brume.node.capacity.Admission;
import brume.node.capacity.HostMemory;
import brume.node.capacity.MemoryProbe;
import brume.node.capacity.SimulatedMemory;
import brume.node.hypervisor.EmulatorHypervisor;
import brume.node.hypervisor.Hypervisor;
import brume.node.hypervisor.SimulatedHypervisor;
import brume.node.image.BuildImage;
import brume.node.sync.Lease;
import brume.node.sync.SchedulerLink;
import brume.node.vm.MonotonicClock;
import brume.node.vm.VmTable;
import brume.node.vm.VmWatcher;
import brume.node.web.AccessToken;
import brume.node.web.ConsoleController;
import brume.node.web.NodeHealth;
import brume.node.web.NodeMetrics;
import brume.node.web.TranslatorMetrics;
import brume.node.web.VmMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/// Puts the agent together. Time and randomness come from here alone.
@Configuration(proxyBeanMethods = false)
class NodeConfiguration {
  private static final long MIB = 1 << 20;
  private static final int OFFERED_PERCENT = 60;
  private static final int BOOT_ID_BYTES = 16;

  @Bean
  MonotonicClock monotonicClock() {
    return System::nanoTime;
  }

  /// Secrets are made with it too.
  @Bean
  RandomGenerator random() {
    return new SecureRandom();
  }

  @Bean
  MemoryProbe memoryProbe(NodeSettings settings) {
    MemoryProbe host = new HostMemory();
    return switch (settings.hypervisor()) {
      case EMULATOR -> host;
      case SIMULATED -> new SimulatedMemory(host);
    };
  }

  @Bean
  Admission admission(NodeSettings settings, MemoryProbe memory) {
    Integer vcpu = settings.vcpu();
    Integer memoryMib = settings.memoryMib();
    long processors = Runtime.getRuntime().availableProcessors();
    long share = memory.totalBytes() / MIB * OFFERED_PERCENT / 100;
    Resources offer =
        new Resources(
            vcpu != null
                ? vcpu
                : Math.clamp(processors * settings.vcpuOvercommit(), 1, NodeSettings.VCPU_MAX),
            memoryMib != null ? memoryMib : Math.clamp(share, 1, NodeSettings.MEMORY_MIB_MAX));
    return new Admission(offer, settings.memoryReserveMib() * MIB);
  }

  @Bean
  DataFolder dataFolder(NodeSettings settings) throws IOException {
    return DataFolder.open(settings.dataDir());
  }

  @Bean(destroyMethod = "") // NodeAgent closes it, after the VMs have ended
  Hypervisor hypervisor(
      NodeSettings settings, DataFolder folder, MonotonicClock clock, RandomGenerator random) {
    return switch (settings.hypervisor()) {
      case EMULATOR ->
          new EmulatorHypervisor(
              BuildImage.ofUser(System.getenv()),
              folder.path(),
              VirtualProcessorScheduler.ofProcessors(),
              clock,
              random);
      case SIMULATED -> new SimulatedHypervisor();
    };
  }

  @Bean
  VmMetrics vmMetrics(MeterRegistry registry) {
    return new VmMetrics(registry);
  }

  @Bean(destroyMethod = "")
  VmTable vmTable(
      Hypervisor hypervisor,
      MemoryProbe memory,
      MonotonicClock clock,
      VmWatcher watcher,
      Admission admission,
      NodeSettings settings) {
    return new VmTable(
        hypervisor,
        memory,
        clock,
        watcher,
        new VmTable.Settings(admission, settings.stopGrace(), settings.consoleKept()));
  }

  @Bean
  Lease lease(MonotonicClock clock) {
    return new Lease(clock);
  }

  @Bean
  AccessToken accessToken(RandomGenerator random) {
    return AccessToken.fresh(random);
  }

  @Bean(destroyMethod = "")
  NodeAgent nodeAgent(
      NodeSettings settings,
      DataFolder folder,
      Environment environment,
      Hypervisor hypervisor,
      VmTable table,
      Admission admission,
      AccessToken token,
      Lease lease,
      MonotonicClock clock,
      RandomGenerator random,
      JsonMapper json) {
    return new NodeAgent(
        hypervisor,
        table,
        () ->
            new SchedulerLink(
                linkSettings(settings, folder, environment, admission, token),
                freshBootId(random),
                table,
                lease,
                clock,
                random,
                json),
        settings.shutdownGrace());
  }

  private static SchedulerLink.Settings linkSettings(
      NodeSettings settings,
      DataFolder folder,
      Environment environment,
      Admission admission,
      AccessToken token) {
    String address = settings.address();
    String own = "http://127.0.0.1:" + environment.getRequiredProperty("local.server.port");
    return new SchedulerLink.Settings(
        settings.schedulerUrl(),
        settings.name(),
        settings.zone(),
        address == null || address.isBlank() ? own : address,
        token.text(),
        admission.capacity(),
        settings.joinToken(),
        folder.path(),
        (int) settings.pollWait().toMillis(),
        (int) settings.retryLeast().toMillis(),
        (int) settings.retryMost().toMillis());
  }

  private static String freshBootId(RandomGenerator random) {
    byte[] bytes = new byte[BOOT_ID_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Bean
  ConsoleController consoleController(VmTable table, AccessToken token) {
    return new ConsoleController(table, token);
  }

  @Bean
  NodeHealth schedulerHealth(NodeAgent agent, Lease lease) {
    return new NodeHealth(agent::trouble, lease);
  }

  @Bean
  TranslatorMetrics translatorMetrics() {
    return new TranslatorMetrics(BackgroundTranslator::statisticsOfProcess);
  }

  @Bean
  NodeMetrics nodeMetrics(VmTable table, Lease lease) {
    return new NodeMetrics(table, lease);
  }
}
