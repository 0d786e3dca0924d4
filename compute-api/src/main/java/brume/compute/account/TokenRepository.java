package brume.compute.account;

import java.util.Optional;
import org.springframework.data.repository.Repository;

/// Tokens by account.
interface TokenRepository extends Repository<ApiToken, String> {
  ApiToken save(ApiToken token);

  Optional<ApiToken> findById(String id);

  Optional<ApiToken> findByIdAndAccountId(String id, String accountId);
}
