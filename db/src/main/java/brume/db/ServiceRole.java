package brume.db;

/// The PostgreSQL role of a service: it writes its own schema and reads the views that others
/// publish for it, and nothing else.
public enum ServiceRole {
  COMPUTE("brume_compute"),
  SCHEDULING("brume_scheduling"),
  BILLING("brume_billing");

  private final String roleName;

  ServiceRole(String roleName) {
    this.roleName = roleName;
  }

  public String roleName() {
    return roleName;
  }
}
