package brume.compute.resource;

/// Whose things, and where: nothing is ever looked for outside of one.
public record Scope(String accountId, String region) {}
