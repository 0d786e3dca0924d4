package brume.compute.image;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/// An image as accounts see it.
public record ImageView(
    String id,
    String name,
    String description,
    String architecture,
    @JsonProperty("public") boolean isPublic,
    int memoryMibMin,
    Instant createdAt) {}
