package brume.compute.account;

/// What a new token shall be.
///
/// @param cloudOperator whether it may see nodes and accounts
public record CreateToken(NewCredential credential, boolean cloudOperator) {}
