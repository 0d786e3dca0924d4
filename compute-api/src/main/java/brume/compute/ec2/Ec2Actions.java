package brume.compute.ec2;

/// A family of actions: each public method of two arguments, an [Ec2Call] and a record that is the
/// request's shape, is the action of its own name with a capital; the record that it gives back is
/// the answer's shape. Names that begin with `Describe` or `Get` only look.
public interface Ec2Actions {}
