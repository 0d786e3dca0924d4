/// The actions about regions, zones and what the account may hold.
@NullMarked
package brume.compute.ec2.place;

import org.jspecify.annotations.NullMarked;
