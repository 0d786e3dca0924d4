package brume.billing.web;

/// Who asks. Every role of an account may read its billing.
///
/// @param role `owner`, `operator`, `reader` or `billing`
/// @param cloudOperator may change what holds for all accounts
record Caller(
    String tokenId, String accountId, String accountName, String role, boolean cloudOperator) {
  Caller requireCloudOperator() {
    if (!cloudOperator) {
      throw Refused.forbidden("this is for operators of the cloud: ask one, or use their token");
    }
    return this;
  }

  Caller requireOwner() {
    if (!role.equals("owner")) {
      throw Refused.forbidden(
          "this is for owners of the account, and this token's role is " + role);
    }
    return this;
  }
}
