package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Gradients go through buffers of numbers that have an array. */
class BuffersTest {
  private static final DoubleBuffer DATA = DoubleBuffer.wrap(Cases.of(1, 2, 3));
  private static final DoubleBuffer OUTSIDE = ByteBuffer.allocateDirect(64).asDoubleBuffer();

  static {
    OUTSIDE.put(1, 5);
  }

  static double putAndGot(double x) {
    DoubleBuffer buffer = DoubleBuffer.allocate(4);
    buffer.put(x).put(x * x).put(3, 7);
    buffer.flip();
    double product = 1;
    while (buffer.hasRemaining()) {
      product *= buffer.get();
    }
    return product;
  }

  static double wrapped(double x) {
    double[] array = {1, x, 2 * x, 3};
    DoubleBuffer buffer = DoubleBuffer.wrap(array, 1, 2).slice();
    buffer.put(1, x * x);
    return buffer.get(0) * array[2] + buffer.duplicate().array()[1];
  }

  static double inBulk(double x) {
    DoubleBuffer buffer = DoubleBuffer.allocate(5);
    buffer.put(new double[] {x, x * x, 1});
    buffer.put(3, new double[] {2, 3 * x, 4}, 1, 1);
    buffer.rewind();
    double[] first = new double[2];
    buffer.get(first).position(1).compact(); // x², 1, 3x, 0, 0
    DoubleBuffer other = DoubleBuffer.allocate(8);
    other.put(buffer.flip()).put(6, buffer, 2, 1);
    return first[0] * other.get(0) + other.get(6) + other.position();
  }

  static double singles(float x) {
    FloatBuffer buffer = FloatBuffer.allocate(2).put(x).put(x * x).flip();
    return buffer.get() * buffer.get();
  }

  static double overflowing(double x) {
    DoubleBuffer buffer = DoubleBuffer.allocate(1);
    double sum = 0;
    try {
      buffer.put(x).put(2 * x);
    } catch (BufferOverflowException e) {
      sum = x * x;
    }
    buffer.flip();
    try {
      sum += buffer.get();
      sum += buffer.get();
    } catch (BufferUnderflowException e) {
      sum *= x;
    }
    return sum;
  }

  record Weights(DoubleBuffer numbers) {
    double apply(double x) {
      numbers.put(0, numbers.get(0) * x);
      return numbers.get(0) + numbers.get(1);
    }
  }

  static double held(double x) {
    Map<String, DoubleBuffer> buffers = new HashMap<>();
    buffers.put("weights", DoubleBuffer.wrap(Cases.of(2, 3)));
    return new Weights(buffers.get("weights")).apply(x) * new Weights(DATA.duplicate()).apply(1);
  }

  static double constants(double x) {
    double sum = 0;
    for (int i = 0; i < DATA.limit(); i++) {
      sum += DATA.get(i) * x * OUTSIDE.get(1);
    }
    return sum;
  }

  @TestFactory
  Stream<DynamicTest> areFollowed() {
    double x = 0.75;
    return new Cases()
        .number("put and got", x, 3 * x * x, a -> putAndGot(a))
        .number("wrapped", x, 3 * x * x + 1, a -> wrapped(a))
        .number("in bulk", x, 3 * x * x + 3, a -> inBulk(a))
        .number("singles", x, 3 * x * x, a -> singles((float) a))
        .number("overflowing", x, 3 * x * x + 2 * x, a -> overflowing(a))
        .number("held", x, 2 * 3, a -> held(a))
        .number("constants", x, 30, a -> constants(a))
        .hessian("second derivatives", Cases.of(x), new double[][] {{6 * x}}, a -> putAndGot(a[0]))
        .tests();
  }

  @Test
  void memoryThatIsNoArrayIsRefused() {
    Scalar1 put = x -> ByteBuffer.allocateDirect(64).asDoubleBuffer().put(0, x).get(0);
    Scalar1 read = x -> DoubleBuffer.wrap(new double[] {x}).asReadOnlyBuffer().get(0);
    assertEquals(3, put.apply(3));
    Scalar1 bytes = x -> ByteBuffer.allocate(64).putDouble(0, x).getDouble(0);
    Map<Scalar1, String> refused =
        Map.of(put, "memory that is no array", read, "bare numbers", bytes, "numbers as bytes");
    refused.forEach(
        (f, why) -> {
          String message =
              assertThrows(GradientException.class, () -> Grad.gradient(f, 3)).getMessage();
          assertTrue(message.contains(why), message);
          assertThrows(GradientException.class, () -> Grad.derivative(f, 3));
        });
  }
}
