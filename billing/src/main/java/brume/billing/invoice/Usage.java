package brume.billing.invoice;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A usage record as it is shown.
///
/// @param end exclusive; absent while it goes on
/// @param seconds up to now while it goes on
/// @param units of the meter, where they are no seconds
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Usage(
    String id,
    String resourceId,
    String meter,
    String sku,
    Instant start,
    @Nullable Instant end,
    long seconds,
    @Nullable Long units) {}
