package brume.compute.ec2.shape;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What an operator may set of types at the EC2 door, under `brume.ec2`.
///
/// @param types whether EC2's own names of types are taken for this cloud's
@ConfigurationProperties("brume.ec2")
public record TypeSettings(@DefaultValue("true") boolean types) {}
