/// How an answer is printed: tables that fit the terminal, JSON, YAML, CSV, and JMESPath queries
/// before any of them. It knows no verb and no cloud, only values as JSON has them.
@NullMarked
package brume.cli.show;

import org.jspecify.annotations.NullMarked;
