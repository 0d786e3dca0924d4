package brume.compute.ec2;

import brume.compute.ec2.wire.WireName;

/// The answer of an action that has nothing else to say.
public record Done(@WireName("return") boolean result) {
  public static final Done TRUE = new Done(true);
}
