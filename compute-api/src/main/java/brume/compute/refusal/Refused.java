package brume.compute.refusal;

/// Carries a [Refusal] from where it is found to the door. It is no bug, so it has no stack trace.
public final class Refused extends RuntimeException {
  private final transient Refusal refusal;

  public Refused(Refusal refusal) {
    super(refusal.detail(), null, false, false);
    this.refusal = refusal;
  }

  public Refusal refusal() {
    return refusal;
  }

  public static Refused invalid(String field, String detail) {
    return new Refused(new Refusal.Invalid("invalid_value", field, detail));
  }

  public static Refused invalid(String code, String field, String detail) {
    return new Refused(new Refusal.Invalid(code, field, detail));
  }

  public static Refused notFound(String code, String field, String detail) {
    return new Refused(new Refusal.NotFound(code, field, detail));
  }

  public static Refused conflict(String code, String detail) {
    return new Refused(new Refusal.Conflict(code, null, detail));
  }

  public static Refused forbidden(String detail) {
    return new Refused(new Refusal.Forbidden(null, detail));
  }

  public static Refused unauthenticated(String detail) {
    return new Refused(new Refusal.Unauthenticated(detail));
  }
}
