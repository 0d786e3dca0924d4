package brume.cli.show;

/// Colours of states, for people only.
enum Palette {
  PLAIN {
    @Override
    String paint(String cell) {
      return cell;
    }
  },
  COLOURS {
    @Override
    String paint(String cell) {
      return switch (cell) {
        case "running", "ready", "done" -> "\u001b[32m" + cell + "\u001b[0m";
        case "pending", "stopping", "shutting-down", "draining" ->
            "\u001b[33m" + cell + "\u001b[0m";
        case "refused", "lost" -> "\u001b[31m" + cell + "\u001b[0m";
        case "terminated", "revoked", "deleted", "-" -> "\u001b[2m" + cell + "\u001b[0m";
        default -> cell;
      };
    }
  };

  abstract String paint(String cell);
}
