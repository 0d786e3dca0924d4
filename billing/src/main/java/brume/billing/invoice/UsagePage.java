package brume.billing.invoice;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of usage, in the order in which it began.
///
/// @param nextCursor absent on the last page
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UsagePage(List<Usage> items, @Nullable String nextCursor) {}
