package brume.compute.account;

import java.util.Optional;
import org.springframework.data.repository.Repository;

/// Accounts, as users and operators edit them.
interface AccountRepository extends Repository<Account, String> {
  Account save(Account account);

  Optional<Account> findById(String id);

  long count();
}
