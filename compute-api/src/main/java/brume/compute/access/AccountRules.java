package brume.compute.access;

/// What an account is held to, as of the request that is being judged.
///
/// @param suspended it may look and change nothing
public record AccountRules(boolean suspended) {}
