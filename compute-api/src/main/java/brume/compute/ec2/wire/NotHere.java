package brume.compute.ec2.wire;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Parameters that EC2 has at the place of this shape and this cloud has nothing for: they are
/// refused as unsupported, and not as unknown.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface NotHere {
  String[] value();
}
