package brume.compute.account;

import brume.compute.refusal.Refusal;
import brume.compute.refusal.Refused;

/// What an account may hold at once, and how often it may ask.
public record Quotas(
    int instancesMax,
    int vcpuMax,
    long memoryMibMax,
    int volumesMax,
    int addressesMax,
    int requestsPerSecondMax) {

  /// Throws a refusal where `more` do not fit beside what is held.
  ///
  /// @param field of the request that asks for them
  /// @param what is counted, as a sentence says it
  public static void require(String field, String what, long most, long used, long more) {
    if (used + more > most) {
      throw new Refused(
          new Refusal.Conflict(
              "quota_exceeded",
              field,
              "the account may hold "
                  + most
                  + " "
                  + what
                  + " and holds "
                  + used
                  + ": "
                  + more
                  + " more do not fit; give some up, or ask the cloud's operator for a higher"
                  + " quota"));
    }
  }
}
