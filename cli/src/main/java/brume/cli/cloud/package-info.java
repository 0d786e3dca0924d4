/// The way to a cloud: which one and as whom (options, environment, profiles, the cloud beside),
/// requests with their repetition, refusals as one line. It owns HTTP, JSON and the profiles' file;
/// it does not own what is asked for or how an answer is shown.
@NullMarked
package brume.cli.cloud;

import org.jspecify.annotations.NullMarked;
