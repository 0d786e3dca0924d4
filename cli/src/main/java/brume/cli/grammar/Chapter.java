package brume.cli.grammar;

/// Where a verb stands in the help.
public enum Chapter {
  INSTANCES("Instances"),
  CATALOG("What can be launched"),
  ACCOUNT("The account and who acts for it"),
  BILLING("What it costs"),
  OPERATION("For operators of the cloud"),
  HERE("This command line"),
  CLOUD("A cloud on this machine");

  private final String title;

  Chapter(String title) {
    this.title = title;
  }

  public String title() {
    return title;
  }
}
