/// Accounts, their quotas and their API tokens. It does not own what is counted against a quota.
@NullMarked
package brume.compute.account;

import org.jspecify.annotations.NullMarked;
