package brume.node.sync;

import brume.contract.sync.NodeCredential;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The file that makes this node the same node after a restart. Only its owner can read it, from
/// the moment it exists, and it is there wholly or not at all.
final class CredentialFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final JsonMapper json;

  CredentialFile(Path dataFolder, JsonMapper json) {
    this.path = dataFolder.resolve("credential.json");
    this.json = json;
  }

  Path path() {
    return path;
  }

  Optional<NodeCredential> read() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try {
      NodeCredential credential = json.readValue(Files.readAllBytes(path), NodeCredential.class);
      if (credential == null || credential.nodeId() == null || credential.secret() == null) {
        throw new IOException(path + " lacks nodeId or secret");
      }
      return Optional.of(credential);
    } catch (JacksonException damaged) {
      throw new IOException(path + " is damaged: " + damaged.getOriginalMessage(), damaged);
    }
  }

  void write(NodeCredential credential) throws IOException {
    Files.createDirectories(path.getParent());
    Path unfinished = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(unfinished);
    if (Files.getFileStore(path.getParent()).supportsFileAttributeView("posix")) {
      Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    } else {
      Files.createFile(unfinished);
    }
    Files.write(
        unfinished,
        json.writeValueAsBytes(credential),
        StandardOpenOption.WRITE,
        StandardOpenOption.DSYNC);
    Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
  }
}
