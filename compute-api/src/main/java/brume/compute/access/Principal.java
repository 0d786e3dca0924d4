package brume.compute.access;

/// Who a bearer token is.
public record Principal(String tokenId, String accountId, Role role, boolean cloudOperator) {}
