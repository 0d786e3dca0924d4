package brume.node.image.debian;

import brume.node.image.ImageException;
import brume.node.image.ImageException.ContentRefused;
import brume.node.image.ImageException.MirrorUnreachable;
import brume.node.image.ImageProgress;
import brume.node.image.ImageProgress.Phase;
import brume.node.image.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/// Files from a mirror, kept under their digest. A file whose digest is known is fetched once,
/// continued where a broken connection left it, and used only if size and digest are right; so a
/// mirror can at worst be slow or absent.
final class Downloads {
  private static final int CONNECT_MILLIS = 15_000;
  private static final int SILENCE_MILLIS = 30_000;
  private static final int ATTEMPTS = 5;
  private static final int REPORT_EACH_BYTES = 1 << 19;

  private final Path folder;
  private final Duration pause;

  /// @param pause before the second attempt at a file; doubled before each further one
  Downloads(Path folder, Duration pause) {
    this.folder = folder;
    this.pause = pause;
  }

  /// A small file whose digest nobody knows.
  byte[] small(URI address, int bytesMax) throws MirrorUnreachable {
    IOException last = new IOException("not tried");
    for (int attempt = 0; attempt < 2; attempt++) {
      rest(attempt);
      try {
        HttpURLConnection connection = connect(address, 0);
        try (InputStream in = connection.getInputStream()) {
          byte[] content = in.readNBytes(bytesMax + 1);
          if (content.length > bytesMax) {
            throw new MirrorUnreachable(
                address + " has more than " + bytesMax + " bytes: is this a Debian mirror?");
          }
          return content;
        } finally {
          connection.disconnect();
        }
      } catch (Absent e) {
        throw new MirrorUnreachable(address + " is not there (" + e.getMessage() + ")", e);
      } catch (IOException e) {
        last = e;
      }
    }
    throw new MirrorUnreachable(address + " does not answer (" + last + ")", last);
  }

  /// The file with this digest, from what was kept or from the first address that has it.
  Path file(List<URI> addresses, String what, String sha256, long size, ImageProgress progress)
      throws ImageException, IOException {
    Path kept = folder.resolve(sha256);
    if (Files.exists(kept)) {
      if (Files.size(kept) == size && Sha256.of(kept).equals(sha256)) {
        return kept;
      }
      Files.delete(kept);
    }
    if (addresses.isEmpty()) {
      throw new MirrorUnreachable(what + " was not downloaded before, and there is no mirror");
    }
    Path part = folder.resolve(sha256 + ".part");
    IOException last = new IOException("not tried");
    for (URI address : addresses) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        rest(attempt);
        boolean continued = Files.exists(part);
        try {
          append(address, part, size, report(what, size, progress));
          if (Sha256.of(part).equals(sha256)) {
            Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE);
            return kept;
          }
          Files.delete(part);
          if (!continued) {
            throw wrong(address);
          }
        } catch (Absent e) {
          last = e;
          break;
        } catch (TooLong e) {
          Files.deleteIfExists(part);
          throw wrong(address);
        } catch (java.nio.file.FileSystemException e) {
          throw e; // The disk, not the mirror: another attempt does not help.
        } catch (IOException e) {
          last = e;
        }
      }
    }
    throw new MirrorUnreachable(
        what
            + " can't be had from "
            + addresses.getLast()
            + " ("
            + last
            + "): try again, what came so far is kept; or set "
            + Mirrors.VARIABLE
            + " to another mirror",
        last);
  }

  private static ContentRefused wrong(URI address) {
    return new ContentRefused(
        address
            + " is not the file that Debian signed: the mirror may be in the middle of an update, or"
            + " something alters what it sends; try later, or set "
            + Mirrors.VARIABLE
            + " to another mirror");
  }

  private interface Report {
    void at(long done);
  }

  private static Report report(String what, long size, ImageProgress progress) {
    return done -> progress.report(Phase.DOWNLOAD, what, done, size);
  }

  private static void append(URI address, Path part, long size, Report report) throws IOException {
    long have = Files.exists(part) ? Files.size(part) : 0;
    if (have > size) {
      Files.delete(part);
      have = 0;
    }
    report.at(have);
    if (have == size) {
      return;
    }
    HttpURLConnection connection = connect(address, have);
    // A server may ignore the range and send all of it (RFC 9110 §14.2).
    boolean continued = connection.getResponseCode() == HttpURLConnection.HTTP_PARTIAL;
    long done = continued ? have : 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = connection.getInputStream();
        OutputStream out =
            Files.newOutputStream(
                part,
                StandardOpenOption.CREATE,
                continued ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      long reported = done;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        done += read;
        if (done > size) {
          throw new TooLong();
        }
        out.write(buffer, 0, read);
        if (done - reported >= REPORT_EACH_BYTES) {
          report.at(done);
          reported = done;
        }
      }
    } finally {
      connection.disconnect();
    }
    if (done < size) {
      throw new IOException("the connection ended after " + done + " of " + size + " bytes");
    }
    report.at(done);
  }

  private static HttpURLConnection connect(URI address, long from) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(SILENCE_MILLIS);
    connection.setUseCaches(false);
    if (from > 0) {
      connection.setRequestProperty("Range", "bytes=" + from + "-");
    }
    int status = connection.getResponseCode();
    String range = connection.getHeaderField("Content-Range");
    boolean fits =
        status == HttpURLConnection.HTTP_OK
            || (status == HttpURLConnection.HTTP_PARTIAL
                && range != null
                && range.startsWith("bytes " + from + "-"));
    if (fits) {
      return connection;
    }
    connection.disconnect();
    if (status >= 400 && status < 500 && status != 408 && status != 429) {
      throw new Absent("status " + status);
    }
    throw new IOException("status " + status);
  }

  private void rest(int attempt) throws MirrorUnreachable {
    if (attempt == 0) {
      return;
    }
    try {
      Thread.sleep(pause.multipliedBy(1L << (attempt - 1)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MirrorUnreachable("interrupted while downloading; what came so far is kept", e);
    }
  }

  /// The mirror answers and does not have it: no use in asking again.
  private static final class Absent extends IOException {
    Absent(String message) {
      super(message);
    }
  }

  private static final class TooLong extends IOException {}
}
