package dev.fluxion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The table has a line for each kernel, with a time and a share of the memory's bandwidth. */
class RooflineTest {
  @Test
  void table() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Roofline(0, new PrintStream(bytes, true, StandardCharsets.UTF_8)).print();
    List<String> lines =
        bytes.toString(StandardCharsets.UTF_8).lines().filter(l -> l.startsWith("| ")).toList();
    assertEquals(1 + 6 + 8 + 6, lines.size(), bytes::toString);
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\\|", -1);
      assertEquals(8, cells.length, line);
      assertTrue(Double.parseDouble(cells[2].strip()) > 0, line);
      assertTrue(Double.parseDouble(cells[5].strip()) >= 0, line);
      assertTrue(cells[6].strip().endsWith("%"), line);
    }
  }
}
