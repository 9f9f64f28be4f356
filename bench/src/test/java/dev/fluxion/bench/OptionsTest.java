package dev.fluxion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.bench.Options.UsageException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the command line means. */
class OptionsTest {
  private static String refused(String... arguments) {
    return assertThrows(UsageException.class, () -> Options.parse(List.of(arguments))).getMessage();
  }

  @Test
  void namesAndOptionsMix() throws UsageException {
    assertEquals(
        new Options(List.of("pow", "lenet"), "python3", Path.of("peers.py"), true, true, 0.5, 3),
        Options.parse(
            List.of(
                "pow",
                "--peers",
                "python3",
                "--json",
                "lenet",
                "--peers-script",
                "peers.py",
                "--hand",
                "--seconds",
                "0.5",
                "--rounds",
                "3",
                "pow")));
  }

  @Test
  void withoutNamesAllRowsAreMeant() throws UsageException {
    assertEquals(Rows.names(), Options.parse(List.of()).names());
  }

  @Test
  void unknownRowsAreRefusedAndTheRowsListed() {
    String message = refused("pow", "power");
    assertTrue(message.contains("no row is named power"), message);
    for (String name : Rows.names()) {
      assertTrue(message.contains(" " + name), message);
    }
  }

  @Test
  void optionsNeedTheirValues() {
    assertTrue(refused("--peers").contains("--peers needs a value"));
    assertTrue(refused("--seconds", "-1").contains("a positive number, not -1"));
    assertTrue(refused("--seconds", "soon").contains("a positive number, not soon"));
    assertTrue(refused("--fast").contains("unknown option --fast"));
  }
}
