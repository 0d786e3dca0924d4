/// What a command has around it: where it reads and prints, the environment, the clock, chance, the
/// terminal, and how it ends. Nothing else here touches the process.
@NullMarked
package brume.cli.process;

import org.jspecify.annotations.NullMarked;
