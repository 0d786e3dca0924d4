package brume.compute.launch;

/// How a guest may ask for its metadata: kept and shown; no guest has that service yet.
public record MetadataOptions(
    String httpTokens,
    int httpPutResponseHopLimit,
    String httpEndpoint,
    String httpProtocolIpv6,
    String instanceMetadataTags) {
  public static final MetadataOptions USUAL =
      new MetadataOptions("optional", 1, "enabled", "disabled", "disabled");
}
