package brume.compute.template;

import brume.compute.resource.Resource;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One version of a launch template, which never changes.
///
/// @param content the launch's settings, in the form of the door that wrote them
public record TemplateVersion(
    String id,
    String accountId,
    String region,
    String templateId,
    long number,
    @Nullable String description,
    JsonNode content,
    String createdBy,
    Instant createdAt)
    implements Resource {}
