package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class GradualLoopTest {
  private static final int MANY = 1 << 20;

  private final MethodHandle handle = MethodHandles.identity(int.class);
  private boolean before;

  @BeforeEach
  void gradually() {
    before = GradualLoop.isImmediate;
    GradualLoop.isImmediate = false;
  }

  @AfterEach
  void asBefore() {
    GradualLoop.isImmediate = before;
  }

  private static @Nullable MethodHandle await(GradualLoop loop, GradualLoop.Trial trial)
      throws InterruptedException {
    MethodHandle found = loop.get(MANY, trial);
    while (found == null) {
      TimeUnit.MILLISECONDS.sleep(1);
      found = loop.get(MANY, trial);
    }
    return found;
  }

  @Test
  @Timeout(60)
  void isUsedOnceItIsFast() throws InterruptedException {
    GradualLoop loop = new GradualLoop(() -> handle);
    AtomicInteger empty = new AtomicInteger();
    AtomicInteger slow = new AtomicInteger();
    CountDownLatch slowlyTried = new CountDownLatch(20);
    CountDownLatch compiled = new CountDownLatch(1);
    GradualLoop.Trial trial =
        (one, count) -> {
          assertSame(handle, one);
          if (count == 0) {
            empty.incrementAndGet();
          } else if (compiled.getCount() > 0) {
            long start = System.nanoTime();
            while (System.nanoTime() - start < 300_000) {
              Thread.onSpinWait();
            }
            slow.incrementAndGet();
            slowlyTried.countDown();
          }
        };
    assertNull(loop.get(10, trial));
    assertNull(loop.get(MANY, trial));
    slowlyTried.await();
    assertNull(loop.get(MANY, trial));
    assertTrue(empty.get() > 10_000, "calls that only count: " + empty);
    compiled.countDown();
    assertSame(handle, await(loop, trial));
    assertTrue(slow.get() >= 20);
  }

  @Test
  void isNotTriedForFewElements() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    GradualLoop loop =
        new GradualLoop(
            () -> {
              made.incrementAndGet();
              return handle;
            });
    for (int i = 0; i < 100; i++) {
      assertNull(loop.get(100, (_, _) -> {}));
    }
    TimeUnit.MILLISECONDS.sleep(50);
    assertEquals(0, made.get());
  }

  @Test
  @Timeout(60)
  void staysAwayWhereThereIsNone() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    GradualLoop loop =
        new GradualLoop(
            () -> {
              asked.countDown();
              return null;
            });
    assertNull(loop.get(MANY, (_, _) -> {}));
    asked.await();
    assertNull(loop.get(MANY, (_, _) -> {}));
  }
}
