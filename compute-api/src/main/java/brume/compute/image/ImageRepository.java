package brume.compute.image;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;
import org.springframework.data.repository.query.Param;

/// Images by who may launch them.
interface ImageRepository extends Repository<Image, String> {
  @Query(
      "SELECT i FROM Image i WHERE (i.accountId = :account OR i.accountId IS NULL)"
          + " AND i.deregisteredAt IS NULL"
          + " AND (:name IS NULL OR i.name = :name) AND (:after IS NULL OR i.id < :after)"
          + " ORDER BY i.id DESC")
  List<Image> page(
      @Param("account") String account,
      @Param("name") @Nullable String name,
      @Param("after") @Nullable String after,
      Limit limit);
}
