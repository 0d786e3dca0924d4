/// The EC2 door: `/ec2` and `/sts`, so that AWS' clients work by changing only the endpoint. It
/// owns signatures, EC2's shapes, filters, pages and error codes. It owns no rule: every action
/// asks the same commands and queries as the REST door.
@NullMarked
package brume.compute.ec2;

import org.jspecify.annotations.NullMarked;
