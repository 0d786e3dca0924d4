package brume.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The shape that the source promises to keep: files up to 500 lines, a doc in every package, and
/// no word that belongs to one machine.
class SourceShapeTest {
  private static final Path ROOT = Path.of(System.getProperty("brume.repository"));
  private static final int LINES_MAX = 500;
  private static final Set<String> LONGER_BY_NAME = Set.of();
  private static final Set<String> NOT_SOURCE = Set.of("target", ".git", ".brume", "node_modules");
  private static final Pattern FOREIGN = Pattern.compile("/work/|/root/|\\bTODO\\b|\\bFIXME\\b");

  @Test
  void filesStayShort() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources(".java")) {
      long lines;
      try (Stream<String> all = Files.lines(file)) {
        lines = all.count();
      }
      if (lines > LINES_MAX && !LONGER_BY_NAME.contains(file.getFileName().toString())) {
        tooLong.add(ROOT.relativize(file) + " " + lines);
      }
    }
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItOwns() throws IOException {
    List<String> silent = new ArrayList<>();
    for (Path file : sources(".java")) {
      Path folder = file.getParent();
      if (folder.toString().contains("/src/main/java/")
          && !Files.exists(folder.resolve("package-info.java"))) {
        silent.add(ROOT.relativize(folder).toString());
      }
      if (file.endsWith("package-info.java") && !Files.readString(file).contains("///")) {
        silent.add(ROOT.relativize(file).toString());
      }
    }
    assertThat(silent).isEmpty();
  }

  @Test
  void nothingBelongsToOneMachine() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : sources("")) {
      if (file.endsWith("SourceShapeTest.java")) {
        continue;
      }
      String text = new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.UTF_8);
      if (FOREIGN.matcher(text).find()) {
        found.add(ROOT.relativize(file).toString());
      }
    }
    assertThat(found).isEmpty();
  }

  private static List<Path> sources(String suffix) throws IOException {
    List<Path> found = new ArrayList<>();
    // Folders of packages and of builds hold more files than all the source: they are not entered.
    Files.walkFileTree(
        ROOT,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_SOURCE.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            // In a second checkout of the same repository `.git` is a file.
            if (attributes.isRegularFile()
                && file.toString().endsWith(suffix)
                && !NOT_SOURCE.contains(file.getFileName().toString())) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return found;
  }
}
