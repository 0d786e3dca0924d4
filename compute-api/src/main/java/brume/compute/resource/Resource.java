package brume.compute.resource;

/// A thing with an id that belongs to an account and a region.
public interface Resource {
  String id();

  String accountId();

  String region();
}
