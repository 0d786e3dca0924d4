/// Launch templates and their versions. It owns names, numbers and which version is the default.
/// What a version says is the EC2 door's.
@NullMarked
package brume.compute.template;

import org.jspecify.annotations.NullMarked;
