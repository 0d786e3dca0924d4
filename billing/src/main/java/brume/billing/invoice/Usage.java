package brume.billing.invoice;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A usage record as it is shown.
///
/// @param end exclusive; absent while it goes on
/// @param seconds up to now while it goes on
/// @param cpuSeconds of processor time that the VM has used; shown, and not billed
/// @param memoryBytes that it has touched; shown, and not billed
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
    @Nullable Long units,
    @Nullable BigDecimal cpuSeconds,
    @Nullable Long memoryBytes) {}
