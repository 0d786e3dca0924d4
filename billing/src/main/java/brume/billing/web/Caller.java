package brume.billing.web;

/// Whose billing is asked for. Every role of an account may read it.
record Caller(String tokenId, String accountId, String accountName) {}
