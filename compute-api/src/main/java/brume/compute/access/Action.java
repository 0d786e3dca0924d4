package brume.compute.access;

import java.util.Map;
import java.util.regex.Pattern;

/// What a caller wants done, by the one name that both doors, scopes, policies and the audit trail
/// use: EC2's own (`RunInstances`) where EC2 has the action, else a name of the same form.
///
/// @param right the least that it asks for
public record Action(String name, Right right) {
  private static final Pattern NAME = Pattern.compile("[A-Z][A-Za-z0-9]{1,63}");
  private static final Pattern LOOKS = Pattern.compile("(Describe|Get|List|Search)[A-Z].*");

  private static final Map<String, Right> NAMED =
      Map.ofEntries(
          Map.entry("CreateSession", Right.ANYBODY),
          Map.entry("GetSession", Right.CREDENTIAL),
          Map.entry("DeleteSession", Right.ANYBODY),
          Map.entry("GetAccount", Right.BILLING),
          Map.entry("GetCallerIdentity", Right.BILLING),
          Map.entry("GetBilling", Right.BILLING),
          Map.entry("ListTokens", Right.OWNER),
          Map.entry("CreateToken", Right.OWNER),
          Map.entry("RotateToken", Right.OWNER),
          Map.entry("RevokeToken", Right.OWNER),
          Map.entry("ListAccessKeys", Right.OWNER),
          Map.entry("CreateAccessKey", Right.OWNER),
          Map.entry("RotateAccessKey", Right.OWNER),
          Map.entry("DeleteAccessKey", Right.OWNER),
          Map.entry("ListUsers", Right.OWNER),
          Map.entry("CreateUser", Right.OWNER),
          Map.entry("UpdateUser", Right.OWNER),
          Map.entry("RemoveUser", Right.OWNER),
          Map.entry("ListPolicies", Right.OWNER),
          Map.entry("CreatePolicy", Right.OWNER),
          Map.entry("GetPolicy", Right.OWNER),
          Map.entry("UpdatePolicy", Right.OWNER),
          Map.entry("DeletePolicy", Right.OWNER),
          Map.entry("ListAuditEntries", Right.OWNER),
          Map.entry("ListAccounts", Right.CLOUD_OPERATOR),
          Map.entry("CreateAccount", Right.CLOUD_OPERATOR),
          Map.entry("DescribeAccount", Right.CLOUD_OPERATOR),
          Map.entry("UpdateAccount", Right.CLOUD_OPERATOR),
          Map.entry("PublishPriceBook", Right.CLOUD_OPERATOR),
          Map.entry("SettleInvoice", Right.CLOUD_OPERATOR),
          Map.entry("CloseBillingPeriod", Right.CLOUD_OPERATOR),
          Map.entry("AuditBillingPeriod", Right.CLOUD_OPERATOR),
          Map.entry("ArchiveBillingPeriod", Right.CLOUD_OPERATOR),
          Map.entry("GetBillingTerms", Right.CLOUD_OPERATOR),
          Map.entry("PutBillingTerms", Right.CLOUD_OPERATOR),
          Map.entry("ListCredits", Right.CLOUD_OPERATOR),
          Map.entry("GrantCredit", Right.CLOUD_OPERATOR),
          Map.entry("GetAccountWallet", Right.CLOUD_OPERATOR),
          Map.entry("PutAccountWallet", Right.CLOUD_OPERATOR),
          Map.entry("PutBudget", Right.OWNER),
          Map.entry("DeleteBudget", Right.OWNER),
          Map.entry("PutSpendingLimit", Right.OWNER),
          Map.entry("GetBillingWebhook", Right.OWNER),
          Map.entry("PutBillingWebhook", Right.OWNER),
          Map.entry("DeleteBillingWebhook", Right.OWNER),
          Map.entry("ListNodes", Right.CLOUD_OPERATOR),
          Map.entry("UpdateNode", Right.CLOUD_OPERATOR));

  public Action {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("no name of an action: " + name);
    }
  }

  /// Whether it leaves everything as it is, and so leaves no trace in the audit trail.
  public boolean onlyLooks() {
    return right.onlyLooks() || LOOKS.matcher(name).matches();
  }

  /// The action of this name: what is named as looking asks for READER, everything else that has no
  /// right of its own above for OPERATOR.
  public static Action of(String name) {
    Right usual = LOOKS.matcher(name).matches() ? Right.READER : Right.OPERATOR;
    return new Action(name, NAMED.getOrDefault(name, usual));
  }

  @Override
  public String toString() {
    return name;
  }
}
