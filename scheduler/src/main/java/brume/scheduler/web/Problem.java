package brume.scheduler.web;

import org.jspecify.annotations.Nullable;

/// A refusal, as `application/problem+json` shows it (RFC 9457). `code` is stable; `detail` says
/// what is wrong and what to do.
///
/// @param field the offending field, such as `events[3].cause`
public record Problem(
    int status, String code, String title, String detail, @Nullable String field) {

  public static Problem unauthenticated() {
    return new Problem(
        401,
        "unauthenticated",
        "Unknown node",
        "send the secret that the node got when it joined: Authorization: Bearer <secret>",
        null);
  }

  public static Problem otherNode(String nodeId) {
    return new Problem(
        403,
        "other_node",
        "Another node's report",
        "this secret is not that of node " + nodeId,
        null);
  }

  public static Problem joinTokenUnknown() {
    return new Problem(
        403,
        "join_token_unknown",
        "Unknown join token",
        "this join token was never issued here: ask the operator for one",
        "joinToken");
  }

  public static Problem joinTokenUsed() {
    return new Problem(
        409,
        "join_token_used",
        "Join token used",
        "a node has joined with this token already, and each token lets one node in:"
            + " ask the operator for another",
        "joinToken");
  }

  public static Problem nodeNameTaken(String name) {
    return new Problem(
        409,
        "node_name_taken",
        "Node name taken",
        "a node named "
            + name
            + " has joined already: choose another name, or start the node with"
            + " the data folder that holds its credential",
        "name");
  }

  /// A field of a request breaks a limit.
  public static Problem invalid(String field, String detail) {
    return new Problem(400, "invalid_field", "Invalid field", detail, field);
  }

  public static Problem malformed(String detail, @Nullable String field) {
    return new Problem(400, "malformed_request", "Malformed request", detail, field);
  }

  public static Problem eventGap(long expected, long got) {
    return new Problem(
        409,
        "event_gap",
        "Events are missing",
        "the next event of this boot is " + expected + ", not " + got + ": send again from there",
        "events");
  }

  public static Problem staleReport() {
    return new Problem(
        409,
        "stale_report",
        "A late report",
        "a newer report of this boot was accepted already: send a new one",
        "monotonicNanos");
  }

  public static Problem staleBoot() {
    return new Problem(
        409,
        "stale_boot",
        "A report of an earlier boot",
        "the agent has restarted since this boot: only the newest one may report",
        "bootId");
  }

  public static Problem tooLarge(long bytesMax) {
    return new Problem(
        413, "body_too_large", "Body too large", "the body may have " + bytesMax + " bytes", null);
  }

  public static Problem notFound() {
    return new Problem(
        404,
        "not_found",
        "Not found",
        "there are POST /nodes, POST /nodes/{id}/sync, POST /plan",
        null);
  }

  public static Problem busy() {
    return new Problem(
        503, "busy", "Busy", "others are being answered: ask again in a second", null);
  }

  public static Problem unavailable() {
    return new Problem(
        503,
        "unavailable",
        "Not available now",
        "the database does not answer: try again in a second",
        null);
  }
}
