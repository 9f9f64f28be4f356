package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Grad;
import dev.fluxion.tensor.Memory;
import dev.fluxion.tensor.Tensor;
import dev.fluxion.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, since what is counted is of the whole JVM. */
@Isolated
class AllocationSitesTest {
  @AfterEach
  void off() {
    Tensors.traceAllocations(false);
  }

  private static Tensor twice(Tensor x) {
    return x.plus(x);
  }

  private static Tensor loss(Tensor x) {
    return x.exp().times(x).sum();
  }

  private static Memory.Site site(String method) {
    List<Memory.Site> sites = Tensors.memory().sites();
    return sites.stream()
        .filter(site -> site.where().startsWith("example.AllocationSitesTest." + method + "("))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + method + " in " + sites));
  }

  /** Until here they are live. */
  private static void use(Tensor... tensors) {
    for (Tensor tensor : tensors) {
      assertTrue(tensor.size() > 0);
    }
  }

  @Test
  void liveTensorsAreNamedByTheLineThatMadeThem() {
    Tensor x = Tensor.uniform(1, 0, 1, 100);
    Tensors.traceAllocations(true);
    Tensor y = twice(x);
    Tensor z = twice(x);
    Memory.Site site = site("twice");
    assertEquals(800, site.bytes());
    assertEquals(2, site.count());
    assertTrue(
        site.toString().startsWith("800 B in 2 tensors at example.AllocationSitesTest.twice("));
    use(y, z);
  }

  @Test
  void soAreThoseOfGradients() {
    Tensor x = Tensor.uniform(1, 0, 1, 100);
    Tensors.traceAllocations(true);
    Tensor gradient = Grad.gradient(AllocationSitesTest::loss, x);
    assertTrue(site("gradient").bytes() > 0);
    use(gradient);
  }
}
