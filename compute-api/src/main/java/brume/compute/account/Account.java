package brume.compute.account;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/// Who pays: an account with its quotas, which count all of its instances that are not terminated.
@Entity
@Table(schema = "compute", name = "account")
public class Account {
  @Id private String id = "";
  private String name = "";

  @Column(name = "instances_max")
  private int instancesMax;

  @Column(name = "vcpu_max")
  private int vcpuMax;

  @Column(name = "memory_mib_max")
  private long memoryMibMax;

  @Column(name = "created_at")
  private Instant createdAt = Instant.EPOCH;

  protected Account() {}

  Account(String id, String name, Quotas quotas, Instant createdAt) {
    this.id = id;
    this.name = name;
    this.instancesMax = quotas.instancesMax();
    this.vcpuMax = quotas.vcpuMax();
    this.memoryMibMax = quotas.memoryMibMax();
    this.createdAt = createdAt;
  }

  String id() {
    return id;
  }

  String name() {
    return name;
  }

  Quotas quotas() {
    return new Quotas(instancesMax, vcpuMax, memoryMibMax);
  }

  Instant createdAt() {
    return createdAt;
  }
}
