package brume.compute.ec2;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An action of which several that come at once share a transaction, and each statement in it.
public interface SharedAction {
  /// A call with its request.
  record Asked(Ec2Call call, Record request) {}

  /// What became of it: one of the two.
  record Outcome(@Nullable Record answer, @Nullable RuntimeException refused) {}

  /// The action's name.
  String name();

  /// The client's token, of which no two may be done at once; null for none.
  @Nullable String token(Record request);

  /// Done in a transaction of the caller's. What is thrown takes all of them back.
  ///
  /// @param all of one account and region, with different tokens
  /// @return for each what became of it
  List<Outcome> doAll(List<Asked> all);
}
