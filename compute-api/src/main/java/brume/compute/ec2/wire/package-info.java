/// EC2's form of requests and answers: records are the shapes, one reader makes them from query
/// parameters and one writer makes XML of them. It does not own what any action means.
@NullMarked
package brume.compute.ec2.wire;

import org.jspecify.annotations.NullMarked;
