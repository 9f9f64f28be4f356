package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each piece is done once, by whomever, and the caller goes on when all are. */
@Timeout(60)
class WorkersTest {
  private final Workers workers = new Workers(3);

  private static void nap(long micros) {
    long until = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(micros);
    while (System.nanoTime() < until) {
      Thread.onSpinWait();
    }
  }

  @Test
  void eachPieceIsDoneOnce() throws InterruptedException {
    for (int round = 0; round < 3000; round++) {
      int count = 2 + round % 17;
      AtomicIntegerArray done = new AtomicIntegerArray(count);
      int pause = round % 300;
      workers.run(
          count,
          i -> {
            nap(i % 3 * pause / 10);
            done.incrementAndGet(i);
          });
      for (int i = 0; i < count; i++) {
        assertEquals(1, done.get(i));
      }
      if (round % 500 == 499) {
        Thread.sleep(5); // the workers fall asleep
      }
    }
  }

  @Test
  void otherThreadsTakePart() throws InterruptedException {
    CountDownLatch together = new CountDownLatch(4);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int round = 0; round < 2; round++) {
      workers.run(
          4,
          i -> {
            threads.add(Thread.currentThread());
            together.countDown();
            try {
              together.await(); // ends only when all four are at a piece
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      Thread.sleep(20);
    }
    assertTrue(threads.size() >= 4, threads::toString);
  }

  @Test
  void piecesMayHavePieces() {
    AtomicIntegerArray done = new AtomicIntegerArray(64);
    workers.run(8, i -> workers.run(8, j -> done.incrementAndGet(8 * i + j)));
    for (int i = 0; i < 64; i++) {
      assertEquals(1, done.get(i));
    }
  }

  @Test
  void callersDoNotWaitForEachOther() throws InterruptedException {
    List<Thread> callers = new ArrayList<>();
    AtomicIntegerArray done = new AtomicIntegerArray(8);
    for (int c = 0; c < 8; c++) {
      int caller = c;
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    for (int round = 0; round < 500; round++) {
                      workers.run(5, _ -> done.incrementAndGet(caller));
                    }
                  }));
    }
    for (Thread caller : callers) {
      caller.join();
    }
    for (int c = 0; c < 8; c++) {
      assertEquals(2500, done.get(c));
    }
  }

  @Test
  void theFirstPiecesFailureIsThrown() {
    for (int round = 0; round < 200; round++) {
      AtomicIntegerArray done = new AtomicIntegerArray(6);
      IllegalArgumentException failure =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  workers.run(
                      6,
                      i -> {
                        done.incrementAndGet(i);
                        if (i % 2 == 1) {
                          throw new IllegalArgumentException("piece " + i);
                        }
                      }));
      assertEquals("piece 1", failure.getMessage());
      assertEquals(1, done.get(5));
    }
  }
}
