/// Filters with wildcards, and pages, as all of EC2's describing actions have them.
@NullMarked
package brume.compute.ec2.filter;

import org.jspecify.annotations.NullMarked;
