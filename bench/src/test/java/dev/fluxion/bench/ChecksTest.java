package dev.fluxion.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The workloads compute what the peers do. */
class ChecksTest {
  /** What PyTorch 2.13.0 on a CPU printed as its check values; JAX 0.10.2 agrees. */
  private static final Map<String, Double> TORCH =
      Map.ofEntries(
          Map.entry("pow", 267.80334944767577),
          Map.entry("lorenz", -52.39476173207376),
          Map.entry("gmm", 621.2858549996213),
          Map.entry("gmm_tensors", 621.2858549996213),
          Map.entry("newton", 6726938.081395896),
          Map.entry("newton_grad", 90967.6151140107),
          Map.entry("hessian", 8237.196411102246),
          Map.entry("overhead", 3.4940495173823365), // NumPy's
          Map.entry("chain100", 3.3527383122621996),
          Map.entry("lstm_cell", 2.1116674720097453), // no peer's, but the gradient by hand
          Map.entry("lstm1", 8.17794434104441),
          Map.entry("treelstm", 178.20656382874762),
          Map.entry("fused", -528.6865234375),
          Map.entry("matmul", 18659.14550978504),
          Map.entry("mlp", 1.8514882326126099),
          Map.entry("lenet", 2.2707033157348633),
          Map.entry("resnet20", 1.636564016342163),
          Map.entry("gpt", 5.3955254554748535),
          Map.entry("vgg19", 3.0986015796661377));

  @Test
  void everyRowHasAReference() {
    assertTrue(TORCH.keySet().containsAll(Set.copyOf(Rows.ALL.keySet())), Rows.names().toString());
  }

  @TestFactory
  List<DynamicTest> checksAreThePeers() {
    List<DynamicTest> tests = new ArrayList<>();
    Rows.ALL.forEach(
        (name, row) -> {
          tests.add(test(name, name, row.fluxion(), row.tolerance()));
          if (row.hand() != null) {
            tests.add(test(name + " by hand", name, row.hand(), row.tolerance()));
          }
        });
    return tests;
  }

  private static DynamicTest test(
      String title, String name, Supplier<Workload> maker, double tolerance) {
    return DynamicTest.dynamicTest(
        title,
        () -> {
          double check = maker.get().check();
          double difference = Statistics.relativeDifference(TORCH.get(name), check);
          assertTrue(difference <= tolerance, check + " is off by " + difference);
        });
  }

  @Test
  void theStreamIsSplitmix64() {
    // the generator's first outputs for the seed 0, as Vigna's reference implementation prints
    long[] outputs = {0xE220A8397B1DCDAFL, 0x6E789E6AA1B965F4L, 0x06C45D188009454FL};
    double[] expected = new double[3];
    for (int i = 0; i < 3; i++) {
      expected[i] = (outputs[i] >>> 11) * 0x1p-53 * 2 - 1;
    }
    assertArrayEquals(expected, Inputs.u(0, 3));
  }

  @Test
  void indicesAreInRangeAndFollowTheStream() {
    int[] indices = Inputs.indices(43, 10, 1000);
    double[] stream = Inputs.u(43, 1000);
    int[] counts = new int[10];
    for (int i = 0; i < 1000; i++) {
      assertEquals((int) Math.floor((stream[i] + 1) * 5), indices[i]);
      counts[indices[i]]++;
    }
    for (int count : counts) {
      assertTrue(count > 50, "all indices occur");
    }
  }
}
