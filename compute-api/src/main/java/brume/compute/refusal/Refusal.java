package brume.compute.refusal;

import org.jspecify.annotations.Nullable;

/// An expected refusal: what a door tells its client. `code` is stable and part of the contract,
/// `detail` says what to do, `field` names what is at fault where one field is. Each kind becomes
/// one HTTP status at the REST door.
public sealed interface Refusal {
  String code();

  String detail();

  default @Nullable String field() {
    return null;
  }

  /// The body is no JSON at all.
  record Malformed(String detail) implements Refusal {
    @Override
    public String code() {
      return "malformed_json";
    }
  }

  /// A value that can't be accepted, whatever the state of the account.
  record Invalid(String code, @Nullable String field, String detail) implements Refusal {}

  /// No credential, or one that does not hold.
  record Unauthenticated(String detail) implements Refusal {
    @Override
    public String code() {
      return "unauthenticated";
    }
  }

  /// The caller is known and may not do this.
  record Forbidden(@Nullable String field, String detail) implements Refusal {
    @Override
    public String code() {
      return "forbidden";
    }
  }

  /// Nothing of that name is there for this caller.
  record NotFound(String code, @Nullable String field, String detail) implements Refusal {}

  /// The state of a thing does not allow it now.
  record Conflict(String code, @Nullable String field, String detail) implements Refusal {}

  /// The request's form is not one that the door takes: method, media type, size, key.
  record Unfit(Form form, String detail) implements Refusal {
    @Override
    public String code() {
      return form.code;
    }
  }

  /// What can be unfit about a request's form.
  enum Form {
    METHOD("method_not_allowed"),
    ANSWER_TYPE("not_acceptable"),
    BODY_TYPE("unsupported_media_type"),
    BODY_SIZE("body_too_large"),
    VERSION("version_changed"),
    KEY_REUSED("idempotency_key_reused");

    private final String code;

    Form(String code) {
      this.code = code;
    }
  }

  /// What the account may spend is spent.
  record Spent(String code, String detail) implements Refusal {}

  /// Too much at once: come back later.
  record Busy(String code, String detail, int retryAfterSeconds) implements Refusal {}

  /// Another part of the cloud is away.
  record Unavailable(String code, String detail) implements Refusal {}
}
