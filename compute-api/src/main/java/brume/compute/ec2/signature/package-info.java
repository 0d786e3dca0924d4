/// AWS Signature Version 4: who signed a request, checked in constant time within a window of the
/// clock. It does not own the keys (`account`) nor what their holders may do (`access`).
@NullMarked
package brume.compute.ec2.signature;

import org.jspecify.annotations.NullMarked;
