package brume.compute.ec2.wire;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// A client's token: the door gives the first answer again to the same request with the same token,
/// and refuses another request with it. An action whose answer must not be an old one has a token
/// without this mark, and sees to it itself.
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Once {}
