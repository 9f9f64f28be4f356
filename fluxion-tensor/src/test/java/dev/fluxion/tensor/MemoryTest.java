package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Alone, since what is counted is of the whole JVM. */
@Isolated
class MemoryTest {
  private static final long MEGABYTE = 1 << 20;

  /** What is live once the collector has been through. */
  private static long settled() throws InterruptedException {
    long before = -1;
    int same = 0;
    for (int i = 0; i < 100 && same < 3; i++) { // a thread may be about to drop what it worked on
      System.gc();
      Thread.sleep(20); // references are handed over a little later
      long now = Tensors.memory().live();
      same = now == before ? same + 1 : 0;
      before = now;
    }
    return before;
  }

  /** Until here they are live. */
  private static void use(Tensor... tensors) {
    for (Tensor tensor : tensors) {
      assertTrue(tensor.size() > 0);
    }
  }

  @Test
  void tensorsCountWhileTheyAreLive() throws InterruptedException {
    long before = settled();
    Tensor x = Tensor.zeros(DType.FLOAT64, 1024, 1024);
    Tensor y = x.plus(1.5).reshape(1024 * 1024);
    assertEquals(16 * MEGABYTE, settled() - before, "two arrays of 8 MiB, the second shared");
    use(x, y);
    x = null;
    y = null;
    assertEquals(before, settled());
    assertTrue(Tensors.memory().peak() >= before + 16 * MEGABYTE);
  }

  @Test
  void arraysOfAllTypesCount() throws InterruptedException {
    long before = settled();
    int count = 1 << 18;
    Tensor[] all = {
      Tensor.of(new float[count], count),
      Tensor.of(new double[count], count),
      Tensor.of(new long[count], count),
      Tensor.arange(count).cast(DType.FLOAT16),
      Tensor.of(new float[count], count).expand()
    };
    assertEquals(count * (4 + 8 + 8 + 2 + 4L), settled() - before);
    use(all);
  }

  @Test
  void smallTensorsAreNotWorthCounting() throws InterruptedException {
    long before = settled();
    Tensor x = Tensor.zeros(16);
    assertEquals(before, settled());
    use(x);
  }

  @Test
  void nativeMemoryIsKeptAndFreedBeyondItsLimit() {
    Scratch.Pool pool = new Scratch.Pool(1000);
    Scratch first = pool.lend(400);
    Scratch second = pool.lend(400);
    first.close();
    second.close();
    assertEquals(800, pool.live());
    Scratch third = pool.lend(700); // those that are too small make room
    assertEquals(700, pool.live());
    third.close();
    assertEquals(third, pool.lend(600), "what is large enough is lent again");
    assertEquals(800, pool.peak());
  }

  @Test
  void nativeCallsWaitForEachOtherAtTheLimit() throws Exception {
    Scratch.Pool pool = new Scratch.Pool(1000);
    Scratch first = pool.lend(600);
    CompletableFuture<Scratch> other = CompletableFuture.supplyAsync(() -> pool.lend(500));
    assertThrows(
        java.util.concurrent.TimeoutException.class, () -> other.get(50, TimeUnit.MILLISECONDS));
    first.close();
    other.get(10, TimeUnit.SECONDS).close();
    assertTrue(pool.peak() <= 1000);
  }

  @Test
  void aCallThatNeedsMoreThanTheLimitSaysSo() {
    Scratch.Pool pool = new Scratch.Pool(1000);
    IllegalStateException e = assertThrows(IllegalStateException.class, () -> pool.lend(4096));
    assertEquals(
        "a native call needs 4.0 KiB to work in, and may have 1000 B; raise"
            + " -Dfluxion.memory.native, in bytes, or compute in smaller batches",
        e.getMessage());
  }

  @Test
  void snippet() {
    // @start region="memory"
    Tensor weights = Tensor.uniform(1, -1, 1, 1024, 1024);
    Memory memory = Tensors.memory();
    System.out.println(memory); // tensors: 4.0 MiB, at most …
    // @end
    assertTrue(memory.live() >= 4 * MEGABYTE);
    assertFalse(memory.toString().isBlank());
    assertTrue(memory.nativeLive() <= memory.nativeLimit());
    use(weights);
  }
}
