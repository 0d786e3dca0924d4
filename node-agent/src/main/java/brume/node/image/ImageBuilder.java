package brume.node.image;

import java.io.IOException;
import java.nio.file.Path;

/// Makes one built-in image from nothing. The cache calls it under the image's lock, in a fresh
/// folder, and keeps the folder only if [#build] returns.
public interface ImageBuilder {

  /// The name after `builtin:`.
  String name();

  /// Changes whenever the same inputs would give another image (another init, other modules), so
  /// that a newer Brume does not boot what an older one left in the cache. Hexadecimal.
  String recipe();

  /// Writes the files and then the manifest ([ImageManifest#write]) into `folder`.
  ///
  /// @param downloads kept between builds and shared by all of them; what lies there may be of any
  ///   age and is verified before it is used
  void build(Path folder, Path downloads, ImageProgress progress)
      throws ImageException, IOException;
}
