package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients go through code that runs on several threads. */
@SuppressWarnings({"NullAway", "FutureReturnValueIgnored", "UnusedVariable"}) // as users write it
class ParallelTest {
  private static final int COUNT = 40;
  private static final ExecutorService POOL = Executors.newFixedThreadPool(4);
  private static final ForkJoinPool FORKS = new ForkJoinPool(3);

  @AfterAll
  static void shutDown() {
    POOL.shutdown();
    FORKS.shutdown();
  }

  /** The same in all tests: the sum of f(i, x) = sin(i x) x over i < COUNT. */
  static double term(int i, double x) {
    return Math.sin(i * x) * x;
  }

  static double serial(double x) {
    double s = 0;
    for (int i = 0; i < COUNT; i++) {
      s += term(i, x);
    }
    return s;
  }

  static double slope(double x) {
    double s = 0;
    for (int i = 0; i < COUNT; i++) {
      s += Math.cos(i * x) * i * x + Math.sin(i * x);
    }
    return s;
  }

  // ---------------------------------------------------------------- streams

  static double mapped(double x) {
    return IntStream.range(0, COUNT).parallel().mapToDouble(i -> term(i, x)).sum();
  }

  static double intoSlots(double x) {
    double[] out = new double[COUNT];
    IntStream.range(0, COUNT).parallel().forEach(i -> out[i] = term(i, x));
    double s = 0;
    for (double v : out) {
      s += v;
    }
    return s;
  }

  static double numbers(double x) {
    double[] in = new double[COUNT];
    Arrays.setAll(in, i -> i * x);
    return Arrays.stream(in).parallel().map(v -> Math.sin(v) * x).sum();
  }

  static double objects(double x) {
    List<Integer> all = IntStream.range(0, COUNT).boxed().toList();
    return all.parallelStream().map(i -> term(i, x)).reduce(0.0, Double::sum);
  }

  static double collected(double x) {
    List<Double> terms =
        IntStream.range(0, COUNT).parallel().mapToObj(i -> term(i, x)).collect(Collectors.toList());
    double s = 0;
    for (double v : terms) {
      s += v;
    }
    return s;
  }

  static double lockedStream(double x) {
    double[] total = new double[1];
    Object lock = new Object();
    IntStream.range(0, COUNT)
        .parallel()
        .forEach(
            i -> {
              double v = term(i, x);
              synchronized (lock) {
                total[0] += v;
              }
            });
    return total[0];
  }

  static double concurrentMap(double x) {
    ConcurrentHashMap<Integer, Double> sums = new ConcurrentHashMap<>();
    IntStream.range(0, COUNT).parallel().forEach(i -> sums.merge(i % 3, term(i, x), Double::sum));
    return sums.get(0) + sums.get(1) + sums.get(2);
  }

  static double arrays(double x) {
    double[] out = new double[COUNT];
    Arrays.parallelSetAll(out, i -> term(i, x));
    Arrays.parallelPrefix(out, Double::sum);
    return out[COUNT - 1];
  }

  static double sorted(double x) {
    double[] out = new double[COUNT];
    Arrays.parallelSetAll(out, i -> term(i, x));
    Arrays.parallelSort(out);
    Double[] boxes = new Double[COUNT];
    Arrays.parallelSetAll(boxes, i -> out[i]);
    Arrays.parallelPrefix(boxes, (a, b) -> a + b);
    return boxes[COUNT - 1];
  }

  // ---------------------------------------------------------------- executors

  static double submitted(double x) {
    try {
      List<Future<Double>> futures = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        int k = i;
        futures.add(POOL.submit(() -> term(k, x)));
      }
      double s = 0;
      for (Future<Double> future : futures) {
        s += future.get();
      }
      return s;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static double invokedAll(double x) {
    try {
      List<Callable<Double>> tasks = new ArrayList<>();
      for (int i = 0; i < COUNT; i++) {
        int k = i;
        tasks.add(() -> term(k, x));
      }
      double s = 0;
      for (Future<Double> future : POOL.invokeAll(tasks)) {
        s += future.get();
      }
      return s;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static double sharedArray(double x) {
    double[] out = new double[4];
    try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
      for (int t = 0; t < 4; t++) {
        int first = t;
        pool.execute(
            () -> {
              for (int i = first; i < COUNT; i += 4) {
                out[first] += term(i, x);
              }
            });
      }
    }
    return out[0] + out[1] + out[2] + out[3];
  }

  static double latched(double x) throws InterruptedException {
    double[] out = new double[2];
    CountDownLatch latch = new CountDownLatch(2);
    for (int t = 0; t < 2; t++) {
      int first = t;
      POOL.submit(
          () -> {
            for (int i = first; i < COUNT; i += 2) {
              out[first] += term(i, x);
            }
            latch.countDown();
          });
    }
    latch.await();
    return out[0] + out[1];
  }

  static double latchedUnchecked(double x) {
    try {
      return latched(x);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static double forked(double x) {
    try {
      return FORKS.submit(() -> mapped(x) / 2).get() + FORKS.submit(() -> serial(x) / 2).join();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static double any(double x) {
    try {
      return POOL.invokeAny(List.of(() -> serial(x), () -> mapped(x)));
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static double queued(double x) {
    BlockingQueue<Double> queue = new LinkedBlockingQueue<>();
    CyclicBarrier alone = new CyclicBarrier(1);
    try {
      for (int t = 0; t < 4; t++) {
        int first = t * 10;
        POOL.submit(
            () -> {
              queue.put(part(x, first, first + 10));
              return alone.await();
            });
      }
      return queue.take() + queue.take() + queue.take() + queue.take();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // ---------------------------------------------------------------- futures

  static double part(double x, int from, int to) {
    double s = 0;
    for (int i = from; i < to; i++) {
      s += term(i, x);
    }
    return s;
  }

  static double completable(double x) {
    CompletableFuture<Double> left = CompletableFuture.supplyAsync(() -> part(x, 0, COUNT / 2));
    CompletableFuture<Double> right =
        CompletableFuture.supplyAsync(() -> part(x, COUNT / 2, COUNT) * 2, POOL)
            .thenApplyAsync(v -> v / 2);
    return left.thenCombine(right, Double::sum).join();
  }

  static double composed(double x) {
    double[] seen = new double[1];
    CompletableFuture<Void> all =
        CompletableFuture.allOf(
            CompletableFuture.runAsync(() -> seen[0] += part(x, 0, 10)),
            CompletableFuture.supplyAsync(() -> x)
                .thenComposeAsync(v -> CompletableFuture.supplyAsync(() -> part(v, 10, 20)), POOL)
                .thenAcceptAsync(v -> seen[0] += v));
    all.join();
    return seen[0] + CompletableFuture.supplyAsync(() -> part(x, 20, COUNT)).join();
  }

  static double completedFirst(double x) {
    CompletionService<Double> service = new ExecutorCompletionService<>(POOL);
    service.submit(() -> part(x, 0, 10));
    service.submit(() -> part(x, 10, 20));
    try {
      return service.take().get()
          + service.poll(1, TimeUnit.SECONDS).get()
          + new CompletableFuture<Double>().completeAsync(() -> part(x, 20, 30), POOL).join()
          + new CompletableFuture<Double>().completeAsync(() -> part(x, 30, COUNT)).join();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static double scoped(double x) {
    return ScopedValue.where(SCOPED, x).call(() -> part(SCOPED.get(), 0, COUNT));
  }

  private static final ScopedValue<Double> SCOPED = ScopedValue.newInstance();

  static double recovered(double x) {
    return CompletableFuture.supplyAsync(
            () -> {
              if (x > 0) {
                throw new IllegalStateException("no");
              }
              return x;
            })
        .exceptionally(e -> serial(x))
        .join();
  }

  // ---------------------------------------------------------------- threads

  static double threads(double x) {
    double[] out = new double[4];
    Thread[] threads = new Thread[4];
    for (int t = 0; t < 4; t++) {
      int first = t;
      threads[t] =
          new Thread(
              () -> {
                for (int i = first; i < COUNT; i += 4) {
                  out[first] += term(i, x);
                }
              });
      threads[t].start();
    }
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return out[0] + out[1] + out[2] + out[3];
  }

  static double virtualThreads(double x) {
    double[] out = new double[2];
    Thread first = Thread.startVirtualThread(() -> out[0] = part(x, 0, 11));
    Thread second = Thread.ofVirtual().start(() -> out[1] = part(x, 11, COUNT));
    try {
      first.join();
      second.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return out[0] + out[1];
  }

  static final class Account {
    private double balance;

    synchronized void deposit(double amount) {
      balance += amount;
    }
  }

  private static double total;

  static synchronized void addToTotal(double v) {
    total += v;
  }

  static double shared(double x) {
    Account account = new Account();
    total = 0;
    Runnable one =
        () -> {
          account.deposit(part(x, 0, 20));
          addToTotal(part(x, 20, 30));
        };
    Runnable two =
        () -> {
          addToTotal(part(x, 30, 35));
          account.deposit(part(x, 35, COUNT));
        };
    Thread first = new Thread(one, "one");
    Thread second = new Thread(two, "two");
    first.start();
    second.start();
    try {
      first.join();
      second.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return account.balance + total;
  }

  record Case(String name, Scalar1 f) {}

  @TestFactory
  List<DynamicTest> agreeWithTheSerialLoop() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Case one :
        List.of(
            new Case("mapped", x -> mapped(x)),
            new Case("intoSlots", x -> intoSlots(x)),
            new Case("numbers", x -> numbers(x)),
            new Case("objects", x -> objects(x)),
            new Case("collected", x -> collected(x)),
            new Case("lockedStream", x -> lockedStream(x)),
            new Case("concurrentMap", x -> concurrentMap(x)),
            new Case("arrays", x -> arrays(x)),
            new Case("sorted", x -> sorted(x)),
            new Case("submitted", x -> submitted(x)),
            new Case("completedFirst", x -> completedFirst(x)),
            new Case("scoped", x -> scoped(x)),
            new Case("invokedAll", x -> invokedAll(x)),
            new Case("sharedArray", x -> sharedArray(x)),
            new Case("latched", x -> latchedUnchecked(x)),
            new Case("forked", x -> forked(x)),
            new Case("any", x -> any(x)),
            new Case("queued", x -> queued(x)),
            new Case("completable", x -> completable(x)),
            new Case("composed", x -> composed(x)),
            new Case("recovered", x -> recovered(x)),
            new Case("threads", x -> threads(x)),
            new Case("virtualThreads", x -> virtualThreads(x)),
            new Case("shared", x -> shared(x)))) {
      tests.add(DynamicTest.dynamicTest(one.name(), () -> check(one.f())));
    }
    return tests;
  }

  private static void check(Scalar1 f) {
    for (double x : new double[] {0.3, 1.1}) {
      assertEquals(serial(x), f.apply(x), 1e-10);
      double expected = slope(x);
      double gradient = Grad.gradient(f, x);
      double derivative = Grad.derivative(f, x);
      assertEquals(expected, gradient, 1e-9);
      assertEquals(expected, derivative, 1e-9);
      for (int i = 0; i < 200; i++) {
        assertEquals(gradient, Grad.gradient(f, x)); // to the last bit
        assertEquals(derivative, Grad.derivative(f, x));
      }
    }
  }

  // ---------------------------------------------------------------- exceptions

  static double failing(double x) {
    Future<Double> future =
        POOL.submit(
            () -> {
              if (x > 0) {
                throw new IllegalArgumentException("positive");
              }
              return x;
            });
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IllegalArgumentException cause) {
        return x * x * cause.getMessage().length();
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anExceptionInATaskSurfacesAsInPlainJava() {
    assertEquals(2 * 3 * 8, Grad.gradient(x -> failing(x), 3.0));
    assertEquals(2 * 3 * 8, Grad.derivative(x -> failing(x), 3.0));
    assertEquals(1, Grad.gradient(x -> failing(x), -3.0));
    Scalar1 joins =
        x ->
            CompletableFuture.<Double>supplyAsync(
                    () -> {
                      throw new IllegalStateException("no " + x);
                    })
                .join();
    Exception plain = assertThrows(RuntimeException.class, () -> joins.apply(2));
    Exception derived = assertThrows(RuntimeException.class, () -> Grad.gradient(joins, 2.0));
    assertEquals(plain.getClass(), derived.getClass());
    assertEquals(plain.getCause().getMessage(), derived.getCause().getMessage());
    Scalar1 streams =
        x -> IntStream.range(0, 9).parallel().mapToDouble(i -> new double[] {x}[i / 8]).sum();
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> streams.apply(2));
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> Grad.gradient(streams, 2.0));
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> Grad.derivative(streams, 2.0));
  }

  static double uncaught(double x, List<Throwable> caught) {
    double[] out = {x, 1};
    Thread thread =
        new Thread(
            () -> {
              out[1] = x * 3;
              if (x > 0) {
                throw new IllegalStateException("uncaught");
              }
            });
    thread.setUncaughtExceptionHandler((_, e) -> caught.add(e));
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return out[0] * out[1];
  }

  @Test
  void whatAThreadDoesNotCatchGoesToItsHandler() {
    List<Throwable> caught = new ArrayList<>();
    assertEquals(12, uncaught(2, caught));
    assertEquals(12, Grad.gradient(x -> uncaught(x, caught), 2.0));
    assertEquals(12, Grad.derivative(x -> uncaught(x, caught), 2.0));
    assertEquals(3, caught.size());
    caught.forEach(e -> assertEquals("uncaught", e.getMessage()));
  }

  // ---------------------------------------------------------------- side effects

  static double counting(double x, AtomicInteger runs) {
    return IntStream.range(0, 10)
            .parallel()
            .mapToDouble(
                i -> {
                  runs.incrementAndGet();
                  return i * x;
                })
            .sum()
        * CompletableFuture.supplyAsync(
                () -> {
                  runs.incrementAndGet();
                  return x;
                })
            .join();
  }

  @Test
  void whatIsPassiveRunsOnce() {
    AtomicInteger runs = new AtomicInteger();
    assertEquals(2 * 45 * 1.5, Grad.gradient(x -> counting(x, runs), 1.5), 1e-12);
    assertEquals(11, runs.get());
    assertEquals(2 * 45 * 1.5, Grad.derivative(x -> counting(x, runs), 1.5), 1e-12);
    assertEquals(22, runs.get());
  }

  static double background(double x, ExecutorService pool) throws Exception {
    Future<String> name = pool.submit(() -> Thread.currentThread().getName());
    return x * x * name.get().length();
  }

  @Test
  void passiveTasksStayOnTheirThreads() throws Exception {
    try (ExecutorService pool = Executors.newSingleThreadExecutor(r -> new Thread(r, "passive"))) {
      assertEquals(
          4 * 7,
          Grad.gradient(
              x -> {
                try {
                  return background(x, pool);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              2.0));
    }
  }

  @Test
  void aClosedExecutorTakesNoTasks() {
    ExecutorService pool = Executors.newSingleThreadExecutor();
    pool.shutdown();
    Scalar1 f =
        x -> {
          try {
            return pool.submit(() -> x * x).get();
          } catch (java.util.concurrent.RejectedExecutionException e) {
            return 3 * x;
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        };
    assertEquals(3, Grad.gradient(f, 2.0));
    assertEquals(3, Grad.derivative(f, 2.0));
  }

  // ---------------------------------------------------------------- refusals

  private static void assertSays(String expected, Scalar1 f) {
    for (Runnable derivative :
        List.<Runnable>of(() -> Grad.gradient(f, 2.0), () -> Grad.derivative(f, 2.0))) {
      GradientException e = assertThrows(GradientException.class, derivative::run);
      assertTrue(e.getMessage().contains(expected), e.getMessage());
    }
  }

  static double scheduled(double x) {
    try (ScheduledExecutorService pool = Executors.newScheduledThreadPool(1)) {
      return pool.schedule(() -> x * x, 1, TimeUnit.MILLISECONDS).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static double waiting(double x) {
    CountDownLatch started = new CountDownLatch(1);
    double[] out = {x, 0};
    Thread thread =
        new Thread(
            () -> {
              try {
                started.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              out[1] = out[0] * x;
            });
    thread.start();
    out[0] = x * 2;
    started.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return out[1];
  }

  /** What a task waits for, until another sets a flag. */
  @FunctionalInterface
  interface Waiting {
    void await() throws InterruptedException;
  }

  static double waitingFor(double x, Waiting event) {
    double[] out = {x, 0};
    Thread thread =
        new Thread(
            () -> {
              try {
                while (out[0] < 5) {
                  event.await();
                }
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              out[1] = out[0] * x;
            });
    thread.start();
    out[0] = x * 6;
    return out[1];
  }

  @Test
  @SuppressWarnings({"WaitNotInLoop", "NakedNotify"}) // the loop is in waitingFor
  void waitingForOtherThreadsIsRefused() {
    Object monitor = new Object();
    ReentrantLock lock = new ReentrantLock();
    Condition condition = lock.newCondition();
    assertSays(
        "waits at a monitor",
        x ->
            waitingFor(
                x,
                () -> {
                  synchronized (monitor) {
                    monitor.wait();
                  }
                }));
    assertSays(
        "waits at a Condition",
        x ->
            waitingFor(
                x,
                () -> {
                  lock.lock();
                  try {
                    condition.await();
                  } finally {
                    lock.unlock();
                  }
                }));
    assertSays("waits at a Phaser", x -> waitingFor(x, new Phaser(2)::arriveAndAwaitAdvance));
    assertSays("waits at a LockSupport.park", x -> waitingFor(x, LockSupport::park));
  }

  @Test
  void whatIsNotFollowedIsRefused() {
    assertSays("on another thread in a way that is not followed", x -> scheduled(x));
    assertSays("waits at a CountDownLatch", x -> waiting(x));
  }

  static double swallowing(double x) {
    return CompletableFuture.supplyAsync(() -> new java.math.BigDecimal(x).doubleValue())
        .exceptionally(e -> x)
        .join();
  }

  @Test
  void aRefusalIsNotTheProgramsToCatch() {
    assertSays("BigDecimal", x -> swallowing(x));
  }
}
