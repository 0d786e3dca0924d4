/// What may be typed: verbs with their parameters and options as values, the reading of arguments
/// by them, the help and the completion made from them. It does not own what a verb does, and knows
/// no cloud. It stands in for a library because one that reads annotations takes as long to start
/// as a whole command may take.
@NullMarked
package brume.cli.grammar;

import org.jspecify.annotations.NullMarked;
