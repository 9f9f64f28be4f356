package dev.fluxion.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.fluxion.grad.Fluxion;
import dev.fluxion.grad.Fn1;
import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndPullback;
import dev.fluxion.tensor.DType;
import dev.fluxion.tensor.Tensor;
import dev.fluxion.tensor.Tensors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Memory that derivatives have given back is used again, and nothing that a program still finds is
 * given back.
 */
class LendingTest {
  private static final int ROWS = 64;
  private static final int COLUMNS = 80; // so many that their memory is lent
  private static final int STEPS = 1000;
  private static final long ENOUGH = (long) STEPS / 2 * ROWS * COLUMNS * Float.BYTES;

  /** Where programs leave tensors that they have computed on the way. */
  private static @Nullable Object left;

  private static @Nullable Tensor tensor;
  private static final Tensor BEFORE = Tensor.zeros(ROWS, COLUMNS);

  private record Named(String name, Tensor value) {}

  private static final class Holder {
    private @Nullable Tensor value;
    private final List<Tensor> history = new ArrayList<>();
  }

  private static final class Carrier extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Tensor value;

    Carrier(Tensor value) {
      super("carries");
      this.value = value;
    }
  }

  // ---------------------------------------------------------------- programs

  private static Tensor loss(Tensor y) {
    return y.times(y).sum();
  }

  private static Tensor inField(Tensor x) {
    Holder holder = new Holder();
    holder.value = x.sin();
    left = holder;
    return loss(holder.value);
  }

  private static Tensor inStaticField(Tensor x) {
    Tensor y = x.exp().plus(1);
    tensor = y;
    left = "tensor";
    return loss(y);
  }

  private static Tensor shared(Tensor x) {
    Tensor y = x.sin().times(2);
    left = y.reshape(COLUMNS, ROWS);
    return loss(y.plus(x));
  }

  private static Tensor inArray(Tensor x) {
    Tensor[] all = new Tensor[2];
    all[0] = x.cos();
    all[1] = all[0].times(x);
    left = all;
    return loss(all[1]);
  }

  private static Tensor inArrayOfObjects(Tensor x) {
    Object[] all = {"name", x.tanh()};
    left = all;
    return loss((Tensor) all[1]);
  }

  private static Tensor[] two(Tensor x) {
    Tensor[] all = new Tensor[2];
    for (int i = 0; i < all.length; i++) {
      all[i] = x.times(i + 1.5).sin();
    }
    return all;
  }

  private static Tensor returnedArray(Tensor x) {
    Tensor[] all = two(x);
    left = all;
    return loss(all[0].times(all[1]));
  }

  private static Tensor elementOfReturnedArray(Tensor x) {
    Tensor[] all = two(x);
    left = all[1];
    return loss(all[0].times(all[1]));
  }

  private static Tensor splitParts(Tensor x) {
    Tensor[] parts = x.sin().split(0, 2);
    left = parts[1];
    return loss(parts[0].times(parts[1]));
  }

  private static Tensor inArrays(Tensor x) {
    Tensor[][] all = new Tensor[2][1];
    all[1][0] = x.square();
    left = all[1];
    return loss(all[1][0]);
  }

  private static Tensor inList(Tensor x) {
    List<Tensor> all = new ArrayList<>();
    all.add(x.sin());
    all.add(all.get(0).exp());
    left = all;
    return loss(all.get(1));
  }

  private static Tensor inListOf(Tensor x) {
    List<Tensor> all = List.of(x.sin(), x.cos());
    left = all;
    return loss(all.get(0).times(all.get(1)));
  }

  private static Tensor inMap(Tensor x) {
    Map<String, Tensor> all = new HashMap<>();
    all.put("y", x.sin());
    left = all.get("y");
    return loss(all.get("y"));
  }

  private static Tensor computedIfAbsent(Tensor x) {
    Map<String, Tensor> all = new LinkedHashMap<>();
    Tensor y = all.computeIfAbsent("y", _ -> x.sin().times(3));
    left = all;
    return loss(y);
  }

  private static Tensor inDeque(Tensor x) {
    Deque<Tensor> all = new ArrayDeque<>();
    all.push(x.sin());
    left = all;
    return loss(all.peek());
  }

  private static Tensor inStream(Tensor x) {
    List<Tensor> all = Stream.of(1.0, 2.0).map(k -> x.times(k).sin()).toList();
    left = all;
    return loss(all.get(0).plus(all.get(1)));
  }

  private static Tensor inOptional(Tensor x) {
    Optional<Tensor> y = Optional.of(x.sin());
    left = y;
    return loss(y.orElseThrow());
  }

  private static Tensor inReference(Tensor x) {
    AtomicReference<Tensor> y = new AtomicReference<>();
    y.set(x.sin());
    left = y;
    return loss(y.get());
  }

  private static Tensor captured(Tensor x) {
    Tensor y = x.sin();
    Supplier<Tensor> later = () -> y.times(2);
    left = later;
    return loss(y);
  }

  private static <T> T same(T object) {
    left = object;
    return object;
  }

  private static Tensor throughGeneric(Tensor x) {
    return loss(same(x.sin()));
  }

  private static Tensor inRecord(Tensor x) {
    Named named = new Named("y", x.exp().neg());
    left = named;
    return loss(named.value());
  }

  private static Tensor inException(Tensor x) {
    try {
      throw new Carrier(x.sin());
    } catch (Carrier e) {
      left = e;
      return loss(e.value);
    }
  }

  private static Tensor ofLoop(Tensor x) {
    Holder holder = new Holder();
    Tensor state = x;
    for (int i = 0; i < 4; i++) {
      state = state.times(0.5).plus(x.sin());
      if (i % 2 == 1) {
        holder.history.add(state);
      }
    }
    left = holder.history;
    return loss(state);
  }

  private static Tensor assigned(Tensor x) {
    Tensor y = x.sin();
    BEFORE.assign(Grad.stopGradient(y.times(2)));
    left = BEFORE;
    return loss(y);
  }

  private static Tensor stopped(Tensor x) {
    Tensor y = x.sin().times(x);
    left = Grad.stopGradient(y);
    return loss(y);
  }

  private static Tensor cast(Tensor x) {
    Tensor positive = x.greater(0).cast(DType.FLOAT32);
    left = positive;
    return loss(x.times(positive));
  }

  private static Tensor deferred(Tensor x) {
    Tensor y = x.plus(1).times(3).relu();
    left = y;
    return loss(y.sigmoid());
  }

  private static Tensor product(Tensor x) {
    Tensor y = x.slice(1, 0, 2).matmul(x.slice(0, 0, 2)); // of thin factors
    left = y;
    return loss(y);
  }

  private static Tensor inMatmul(Tensor x) {
    Tensor y = x.matmul(x.transpose());
    left = y.softmax();
    return loss(y);
  }

  private static Tensor images(Tensor x) {
    Tensor in = x.reshape(1, 8, 16, 40);
    Tensor kernel = x.reshape(ROWS * COLUMNS).slice(0, 0, 8 * 8 * 9).reshape(8, 8, 3, 3);
    Tensor y = in.conv2d(kernel, 1, 1).relu();
    left = y;
    return loss(y);
  }

  private static Tensor checkpointed(Tensor x) {
    Fn1<Tensor, Tensor> part = z -> z.sin().times(z);
    Tensor y = Fluxion.checkpointed(part).apply(x);
    left = y;
    return loss(y);
  }

  private static Tensor innerGradient(Tensor x) {
    Tensor slope = Grad.gradient((Tensor z) -> z.sin().times(z).sum(), x);
    left = slope;
    return loss(slope.times(x));
  }

  private static Tensor pulledBackLater(Tensor x) {
    Tensor factor = x.cos();
    ValueAndPullback<Tensor, Tensor> y = Grad.pullback(z -> z.sin().times(factor).exp(), x);
    left = y;
    return loss(y.value());
  }

  private static Tensor doubles(Tensor x) {
    Tensor y = x.sin();
    left = y.toDoubleArray();
    return loss(y);
  }

  private static Tensor floats(Tensor x) {
    Tensor y = x.cast(DType.FLOAT64).sin();
    left = Grad.stopGradient(y).toFloatArray();
    return loss(y);
  }

  private static Tensor mapped(Tensor x) {
    Tensor y = Tensor.map(v -> v > 0 ? Math.sin(v) : v * v, x);
    left = y;
    return loss(y);
  }

  private static Tensor ruled(Tensor x) {
    return x.cos();
  }

  private static Tensor inRule(Tensor x) {
    return loss(ruled(x.times(2)));
  }

  private static final Map<String, Fn1<Tensor, Tensor>> PROGRAMS = new LinkedHashMap<>();

  static {
    PROGRAMS.put("field", LendingTest::inField);
    PROGRAMS.put("static field", LendingTest::inStaticField);
    PROGRAMS.put("shared elements", LendingTest::shared);
    PROGRAMS.put("array", LendingTest::inArray);
    PROGRAMS.put("array of objects", LendingTest::inArrayOfObjects);
    PROGRAMS.put("returned array", LendingTest::returnedArray);
    PROGRAMS.put("element of returned array", LendingTest::elementOfReturnedArray);
    PROGRAMS.put("parts of split", LendingTest::splitParts);
    PROGRAMS.put("array of arrays", LendingTest::inArrays);
    PROGRAMS.put("list", LendingTest::inList);
    PROGRAMS.put("List.of", LendingTest::inListOf);
    PROGRAMS.put("map", LendingTest::inMap);
    PROGRAMS.put("computeIfAbsent", LendingTest::computedIfAbsent);
    PROGRAMS.put("deque", LendingTest::inDeque);
    PROGRAMS.put("stream", LendingTest::inStream);
    PROGRAMS.put("optional", LendingTest::inOptional);
    PROGRAMS.put("atomic reference", LendingTest::inReference);
    PROGRAMS.put("captured", LendingTest::captured);
    PROGRAMS.put("generic method", LendingTest::throughGeneric);
    PROGRAMS.put("record", LendingTest::inRecord);
    PROGRAMS.put("exception", LendingTest::inException);
    PROGRAMS.put("loop", LendingTest::ofLoop);
    PROGRAMS.put("assigned", LendingTest::assigned);
    PROGRAMS.put("stopGradient", LendingTest::stopped);
    PROGRAMS.put("cast", LendingTest::cast);
    PROGRAMS.put("deferred", LendingTest::deferred);
    PROGRAMS.put("product of thin factors", LendingTest::product);
    PROGRAMS.put("matmul and softmax", LendingTest::inMatmul);
    PROGRAMS.put("images", LendingTest::images);
    PROGRAMS.put("checkpointed", LendingTest::checkpointed);
    PROGRAMS.put("inner gradient", LendingTest::innerGradient);
    PROGRAMS.put("pulled back later", LendingTest::pulledBackLater);
    PROGRAMS.put("array of doubles", LendingTest::doubles);
    PROGRAMS.put("array of floats", LendingTest::floats);
    PROGRAMS.put("map of numbers", LendingTest::mapped);
  }

  // ---------------------------------------------------------------- what is left

  private static Tensor input(int seed) {
    return Tensor.normal(seed, 0, 1, ROWS, COLUMNS);
  }

  /** The elements of all tensors that a program has left. */
  private static List<float[]> elements(@Nullable Object found) {
    List<float[]> all = new ArrayList<>();
    collect(found, all);
    assertTrue(!all.isEmpty(), "nothing was left");
    return all;
  }

  private static void collect(@Nullable Object found, List<float[]> all) {
    switch (found) {
      case Tensor x -> all.add(x.toFloatArray());
      case String _ -> collect(tensor, all);
      case Holder holder -> collect(holder.value, all);
      case Named named -> collect(named.value(), all);
      case Carrier carrier -> collect(carrier.value, all);
      case float[] numbers -> all.add(numbers.clone());
      case double[] numbers -> {
        float[] rounded = new float[numbers.length];
        for (int i = 0; i < rounded.length; i++) {
          rounded[i] = (float) numbers[i];
        }
        all.add(rounded);
      }
      case ValueAndPullback<?, ?> y -> collect(pulledBack(y), all);
      case Supplier<?> supplier -> collect(supplier.get(), all);
      case Optional<?> optional -> collect(optional.orElseThrow(), all);
      case AtomicReference<?> reference -> collect(reference.get(), all);
      case Map<?, ?> map -> map.values().forEach(value -> collect(value, all));
      case Iterable<?> many -> many.forEach(one -> collect(one, all));
      case Object[] many -> {
        for (Object one : many) {
          collect(one, all);
        }
      }
      case null, default -> {}
    }
  }

  private static <R> @Nullable Object pulledBack(ValueAndPullback<R, ?> y) {
    return y.gradient(y.value());
  }

  private static void assertSame(List<float[]> expected, List<float[]> actual, float tolerance) {
    assertEquals(expected.size(), actual.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), actual.get(i), tolerance);
    }
  }

  @TestFactory
  Stream<DynamicTest> whatIsFoundLaterStays() {
    return PROGRAMS.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(), () -> whatIsFoundLaterStays(entry.getValue())));
  }

  private static void whatIsFoundLaterStays(Fn1<Tensor, Tensor> program) {
    Tensor x = input(1);
    Tensor _ = program.apply(x);
    List<float[]> plain = elements(left);
    Tensor gradient = Grad.gradient(program, x);
    Object found = left == BEFORE ? BEFORE.plus(0) : left;
    if ("tensor".equals(found)) {
      found = tensor;
    }
    List<float[]> before = elements(found);
    float[] slopes = gradient.toFloatArray();
    assertSame(plain, before, 1e-5f);
    for (int i = 0; i < 3; i++) {
      Tensor other = input(2 + i);
      Tensor _ = Grad.gradient(program, other);
      Tensor _ = Grad.gradient(LendingTest::ofLoop, other);
    }
    assertSame(before, elements(found), 0);
    assertArrayEquals(slopes, gradient.toFloatArray());
    assertArrayEquals(slopes, Grad.gradient(program, x).toFloatArray());
  }

  @Test
  void whatARuleOfTheUsersHasSeenStays() {
    Grad.rule(
        LendingTest::ruled,
        (Tensor a, Tensor y, Tensor dy) -> {
          left = List.of(a, y, dy);
          return dy.times(a.sin()).neg();
        });
    Tensor x = input(1);
    Tensor _ = Grad.gradient(LendingTest::inRule, x);
    List<Tensor> seen = new ArrayList<>();
    ((List<?>) Objects.requireNonNull(left)).forEach(one -> seen.add((Tensor) one));
    List<float[]> before = elements(seen);
    assertArrayEquals(x.times(2).toFloatArray(), before.get(0), 1e-5f);
    assertArrayEquals(x.times(2).cos().toFloatArray(), before.get(1), 1e-5f);
    for (int i = 0; i < 3; i++) {
      Tensor _ = Grad.gradient(LendingTest::inRule, input(2 + i));
    }
    assertSame(before, elements(seen), 0);
  }

  // ---------------------------------------------------------------- what is used again

  private static Tensor layers(Tensor x) {
    Tensor y = x;
    for (int i = 0; i < 10; i++) {
      y = y.matmul(x.transpose()).sin().matmul(x).times(0.01).tanh();
    }
    return loss(y);
  }

  @Test
  void aStepUsesTheMemoryOfTheStepBefore() {
    assumeFalse("spoil".equals(System.getProperty("fluxion.lending")));
    Tensor x = input(1);
    for (int i = 0; i < 3; i++) {
      Tensor _ = Grad.gradient(LendingTest::layers, x);
    }
    long before = Tensors.memory().peak();
    long live = Tensors.memory().live();
    int steps = 200;
    for (int i = 0; i < steps; i++) {
      Tensor _ = Grad.gradient(LendingTest::layers, x);
    }
    long made = Math.max(Tensors.memory().peak() - before, Tensors.memory().live() - live);
    long gradients = (long) steps * ROWS * COLUMNS * Float.BYTES;
    assertTrue(made < 2 * gradients, () -> made + " bytes were made in " + steps + " steps");
  }

  @Test
  void threadsHaveMemoryOfTheirOwn() throws InterruptedException {
    Tensor x = input(1);
    float[] expected = Grad.gradient(LendingTest::layers, x).toFloatArray();
    List<Thread> threads = new ArrayList<>();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, e) -> failure.set(e))
              .start(
                  () -> {
                    for (int k = 0; k < 20; k++) {
                      assertArrayEquals(
                          expected, Grad.gradient(LendingTest::layers, x).toFloatArray());
                    }
                  }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(null, failure.get());
  }

  private static Tensor solved(Tensor x) {
    return x.sin();
  }

  /** A rule that computes for long, and how much memory it has left when it is done. */
  private static Tensor solve(Tensor dy, AtomicLong left) {
    long before = Tensors.memory().live();
    Tensor y = dy;
    for (int i = 0; i < STEPS; i++) {
      y = y.times(0.5).sin().plus(dy);
    }
    left.set(Long.MAX_VALUE);
    for (int i = 0; i < 100 && left.get() > ENOUGH; i++) {
      System.gc();
      left.set(Tensors.memory().live() - before);
    }
    return y;
  }

  @Test
  void whatOtherCodeHasDroppedIsNotHeld() {
    AtomicLong left = new AtomicLong();
    Grad.rule(LendingTest::solved, (Tensor x, Tensor y, Tensor dy) -> solve(dy, left));
    Tensor _ = Grad.gradient((Tensor x) -> loss(solved(x.times(2))), input(1));
    assertTrue(left.get() <= ENOUGH, () -> left + " bytes are held");
  }

  private static Tensor failing(Tensor x) {
    Tensor y = x.sin();
    if (x.size() > 0) {
      throw new Carrier(y);
    }
    return loss(y);
  }

  @Test
  void aFailedDerivativeGivesNothingBack() {
    Tensor x = input(1);
    Tensor value;
    try {
      Tensor _ = Grad.gradient(LendingTest::failing, x);
      throw new AssertionError("it should have failed");
    } catch (Carrier e) {
      value = e.value;
    }
    for (int i = 0; i < 3; i++) {
      Tensor _ = Grad.gradient(LendingTest::layers, input(i));
    }
    assertArrayEquals(x.sin().toFloatArray(), value.toFloatArray());
  }
}
