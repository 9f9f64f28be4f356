package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Results have the same bits on one core as on several. */
class SharedWorkTest {
  private static String onCores(int count) throws IOException, InterruptedException {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ActiveProcessorCount=" + count,
                "-Dfluxion.native=" + System.getProperty("fluxion.native", "on"),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path,
                SharedWork.class.getName())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor());
    return text;
  }

  @Test
  void doesNotDependOnTheNumberOfCores() throws IOException, InterruptedException {
    List<String> alone = onCores(1).lines().toList();
    List<String> differ = new ArrayList<>(onCores(3).lines().toList());
    assertEquals(40, differ.size());
    differ.removeAll(alone);
    assertEquals(List.of(), differ);
  }
}
