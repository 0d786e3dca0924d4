package brume.compute.ec2.filter;

import brume.compute.ec2.wire.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A filter as it is asked for: any of its values.
public record Filter(@Nullable String name, @WireName("Value") List<String> values) {}
