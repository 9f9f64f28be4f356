package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Training for long, and on many threads at once. */
class EnduranceTest {
  private static final int STEPS = Integer.getInteger("fluxion.endurance.steps", 300);

  private static double[] trained(int steps) {
    Chain model = Endurance.lenet(1);
    Adam adam = new Adam(1e-3);
    Tensor images = Tensor.uniform(3, 0, 1, 16, 1, 28, 28);
    int[] labels = Endurance.labels(16);
    double[] losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      losses[i] = Endurance.train(model, adam, images, labels);
    }
    return losses;
  }

  @Test
  void eightModelsOnEightThreadsTrainAsOneDoes() throws Exception {
    double[] alone = trained(20);
    assertTrue(alone[19] < alone[0]);
    List<Future<double[]>> others = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 8; i++) {
        others.add(threads.submit(() -> trained(20)));
      }
      for (Future<double[]> other : others) {
        assertArrayEquals(alone, other.get());
      }
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void memoryDoesNotGrow() throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process process =
        new ProcessBuilder(
                java,
                "-Xms256m", // of one size and touched at once, so that what grows is not the heap
                "-Xmx256m",
                "-XX:+AlwaysPreTouch",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                path,
                Endurance.class.getName(),
                Integer.toString(STEPS))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    Matcher line =
        Pattern.compile("resident (\\d+) KiB then (\\d+) KiB, step ([\\d.]+) ms then ([\\d.]+) ms")
            .matcher(output);
    int lines = 0;
    while (line.find()) {
      lines++;
      double growth = Double.parseDouble(line.group(2)) / Double.parseDouble(line.group(1));
      // in a short run the compilers' memory still grows
      assertTrue(growth < (STEPS < 10_000 ? 1.25 : 1.05), output);
    }
    assertEquals(2, lines, output);
  }
}
