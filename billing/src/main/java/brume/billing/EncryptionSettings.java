package brume.billing;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What seals secrets that the database keeps, the same for all services.
///
/// @param keys each a random text of at least 32 characters: the first seals, all open
@ConfigurationProperties("brume.encryption")
public record EncryptionSettings(@DefaultValue List<String> keys) {}
