package brume.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "images", description = "List what can be booted.", mixinStandardHelpOptions = true)
final class ImagesCommand implements Callable<Integer> {
  private static final int PAGE = 1000;

  @ParentCommand
  @SuppressWarnings("NullAway.Init") // picocli sets it before call()
  Brume brume;

  @Override
  public Integer call() {
    var images =
        brume
            .connection()
            .call(() -> brume.connection().catalog().listImages(null, PAGE, null))
            .getItems();
    if (brume.json()) {
      brume.printJson(images);
      return 0;
    }
    Table table = new Table("IMAGE", "NAME", "ARCHITECTURE", "LEAST MEMORY", "DESCRIPTION");
    images.forEach(image ->
        table.row(
            image.getId(),
            image.getName(),
            image.getArchitecture(),
            image.getMemoryMibMin() + " MiB",
            image.getDescription()));
    table.print(brume.out());
    return 0;
  }
}
