package brume.standalone;

import brume.node.image.BuildImage;
import brume.node.image.ImageException;

/// The guest image, fetched before the first launch needs it, so that the one who waits sees why.
final class GuestImage {
  private static final String SOURCE = "builtin:debian-micro";

  private static final long WORTH_TELLING_BYTES = 4 << 20;

  private GuestImage() {}

  /// @param needed whether to give up without it: a cloud can be up, but a tour can't go on
  static void prepare(Progress progress, boolean needed) {
    try {
      BuildImage.ofUser(System.getenv())
          .resolve(
              SOURCE,
              (phase, what, done, total) ->
                  progress.line(
                      "Image debian-micro: " + phase.words() + " " + what + share(done, total)));
    } catch (ImageException e) {
      if (needed) {
        throw new StartFailure(String.valueOf(e.getMessage()));
      }
      progress.line("The image debian-micro is not there yet: " + e.getMessage());
    }
  }

  /// In quarters, and only of what takes a while.
  private static String share(long done, long total) {
    return total < WORTH_TELLING_BYTES
        ? ""
        : ", " + done * 4 / total * 25 + " % of " + (total >> 20) + " MiB";
  }
}
