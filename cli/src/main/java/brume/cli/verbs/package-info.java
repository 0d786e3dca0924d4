/// The verbs: what each one takes, asks of the API, and shows. They own no rule of the cloud; what
/// it refuses is told in its own words.
@NullMarked
package brume.cli.verbs;

import org.jspecify.annotations.NullMarked;
