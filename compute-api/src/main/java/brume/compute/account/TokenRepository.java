package brume.compute.account;

import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.repository.Repository;

/// Tokens by account.
interface TokenRepository extends Repository<ApiToken, String> {
  ApiToken save(ApiToken token);

  Optional<ApiToken> findByIdAndAccountId(String id, String accountId);

  List<ApiToken> findByAccountIdOrderByIdDesc(String accountId, Limit limit);

  List<ApiToken> findByAccountIdAndIdLessThanOrderByIdDesc(
      String accountId, String id, Limit limit);

  List<ApiToken> findByAccountIdAndRoleAndRevokedAtIsNull(String accountId, String role);
}
