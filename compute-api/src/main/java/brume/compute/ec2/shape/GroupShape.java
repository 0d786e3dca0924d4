package brume.compute.ec2.shape;

/// A security group by id and name.
public record GroupShape(String groupId, String groupName) {}
