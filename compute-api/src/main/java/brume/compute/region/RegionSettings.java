package brume.compute.region;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What an operator may set of regions, under `brume.region`.
///
/// @param names each as `NAME:ZONE,ZONE,…`; a zone is a letter, or `LETTER=NODE ZONE` where nodes
///   call theirs otherwise. The first region is the one of whatever is made at the REST door.
/// @param publicAddresses the block that elastic addresses are taken from
@ConfigurationProperties("brume.region")
public record RegionSettings(
    @DefaultValue({"us-east-1:a b c", "us-west-2:a b c", "eu-west-1:a b c"}) List<String> names,
    @DefaultValue("198.18.0.0/16") String publicAddresses) {
  public RegionSettings {
    names = List.copyOf(names);
  }
}
