package brume.cli.show;

import java.util.List;

/// Text that hangs on text, for people: each branch on a line of its own.
public record Tree(String text, List<Tree> branches) {
  public Tree {
    branches = List.copyOf(branches);
  }

  public static Tree of(String text, Tree... branches) {
    return new Tree(text, List.of(branches));
  }

  /// Ends with a line's end.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(Text.visible(text)).append('\n');
    hang(out, "");
    return out.toString();
  }

  private void hang(StringBuilder out, String indent) {
    for (int i = 0; i < branches.size(); i++) {
      boolean last = i == branches.size() - 1;
      Tree branch = branches.get(i);
      out.append(indent).append(last ? "└─ " : "├─ ");
      out.append(Text.visible(branch.text)).append('\n');
      branch.hang(out, indent + (last ? "   " : "│  "));
    }
  }
}
