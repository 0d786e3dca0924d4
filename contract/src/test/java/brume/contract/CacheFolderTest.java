package brume.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheFolderTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          /own, /xdg,     /home/u, /own
          -,    /xdg,     /home/u, /xdg/brume
          -,    relative, /home/u, /home/u/.cache/brume
          -,    -,        /home/u, /home/u/.cache/brume
          ' ',  ' ',      /home/u, /home/u/.cache/brume
          """)
  void followsTheEnvironment(String own, String xdg, String home, String expected) {
    Map<String, String> environment = new HashMap<>();
    environment.put("BRUME_CACHE", own);
    environment.put("XDG_CACHE_HOME", xdg);
    environment.put("HOME", home);
    environment.values().removeIf(java.util.Objects::isNull);
    assertThat(CacheFolder.of(environment)).hasToString(expected);
  }
}
