package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StreamTokenizer;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Ways on which a derivative could get lost: each is followed or refused, never a silent zero. */
class LostDerivativesTest {
  private static void assertRefused(String part, Scalar1 f) {
    for (Runnable derivative :
        List.<Runnable>of(() -> Grad.gradient(f, 3), () -> Grad.derivative(f, 3))) {
      String message = assertThrows(GradientException.class, derivative::run).getMessage();
      assertTrue(message.toLowerCase(Locale.ROOT).contains(part), message);
      assertTrue(message.contains("LostDerivativesTest"), message); // its line, or its class
    }
  }

  // ---------------------------------------------------------------- other threads

  static double scheduled(double x) {
    try (ScheduledExecutorService executor = Executors.newScheduledThreadPool(1)) {
      return executor.schedule(() -> x * x, 1, TimeUnit.MILLISECONDS).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<Arguments> threads() {
    return Stream.of(
        Arguments.of("ScheduledExecutorService.schedule", (Scalar1) x -> scheduled(x)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("threads")
  void anotherThread(String name, Scalar1 f) {
    assertEquals(9, f.apply(3));
    assertRefused("thread", f);
  }

  // ---------------------------------------------------------------- proxies

  /** Public, so that its proxies belong to a package of the platform. */
  public interface Filler {
    /** Fills an array. */
    void fill(double[] from, double[] to);
  }

  private static final Filler SQUARES =
      (Filler)
          Proxy.newProxyInstance(
              Filler.class.getClassLoader(),
              new Class<?>[] {Filler.class},
              (_, _, arguments) -> {
                double[] from = (double[]) arguments[0];
                ((double[]) arguments[1])[0] = from[0] * from[0];
                return null;
              });

  static double fills(Filler filler, double x) {
    double[] to = new double[1];
    filler.fill(new double[] {x}, to);
    return to[0];
  }

  @SuppressWarnings("unchecked")
  private static final UnaryOperator<double[]> DOUBLES =
      (UnaryOperator<double[]>)
          Proxy.newProxyInstance(
              Filler.class.getClassLoader(),
              new Class<?>[] {UnaryOperator.class},
              (_, _, arguments) -> {
                double[] array = (double[]) arguments[0];
                array[0] *= 2;
                return array;
              });

  static double doubles(double x) {
    List<double[]> list = new ArrayList<>();
    list.add(new double[] {x});
    list.replaceAll(DOUBLES);
    return list.get(0)[0];
  }

  @Test
  void aProxy() {
    assertEquals(9, fills(SQUARES, 3));
    assertRefused("its class file cannot be read", x -> fills(SQUARES, x));
    assertEquals(6, doubles(3));
    String message =
        assertThrows(GradientException.class, () -> Grad.gradient((double x) -> doubles(x), 3))
            .getMessage();
    assertTrue(message.contains("its class file cannot be read"), message);
  }

  // ---------------------------------------------------------------- bits

  private static void mayThrow(double x) {
    if (x > 100) {
      throw new IllegalStateException();
    }
  }

  static double doubledInACatch(double x) {
    long bits = 0;
    try {
      bits = Double.doubleToRawLongBits(x);
      mayThrow(x * 100);
      bits = 0;
    } catch (IllegalStateException e) {
      bits += 1L << 52;
    }
    return Double.longBitsToDouble(bits);
  }

  @Test
  void bitsThatAnExceptionBrings() {
    assertEquals(6, doubledInACatch(3));
    assertRefused("bits have no derivative", x -> doubledInACatch(x));
  }

  static double product(double x) {
    return product(x, new AtomicLong(Double.doubleToRawLongBits(1)));
  }

  private static double product(double x, AtomicLong bits) {
    for (int i = 0; i < 3; i++) {
      long before;
      long after;
      do {
        before = bits.get();
        after = Double.doubleToRawLongBits(Double.longBitsToDouble(before) * x);
      } while (!bits.compareAndSet(before, after));
    }
    return Double.longBitsToDouble(bits.get());
  }

  /** Compared as whole numbers, of which the negative ones are turned round. */
  static double least(double x, double y) {
    long[] keys = {Double.doubleToRawLongBits(x), Double.doubleToRawLongBits(y)};
    for (int i = 0; i < keys.length; i++) {
      keys[i] ^= keys[i] >> 63 & Long.MAX_VALUE;
    }
    long key = Math.min(keys[0], keys[1]);
    return Double.longBitsToDouble(key ^ (key >> 63 & Long.MAX_VALUE));
  }

  /** An object that knows its hash code. */
  static final class Hashed {
    final double value;
    final int hash;
    long sum;

    Hashed(double value) {
      long bits = Double.doubleToLongBits(value);
      this.value = value;
      this.hash = (int) (bits ^ bits >>> 32);
      this.sum = 31 * sum + bits;
    }
  }

  /** A fraction is exact, as its parts are whole numbers of any length. */
  record Ratio(BigInteger above, int digits) {
    static Ratio of(double value) {
      long digits = (Double.doubleToLongBits(value) & ((1L << 52) - 1)) | (1L << 52);
      return new Ratio(BigInteger.valueOf(digits), 52 - Math.getExponent(value));
    }

    double value() {
      return Math.scalb(above.doubleValue(), -digits);
    }
  }

  @Test
  void bitsThatAreDigits() {
    assertEquals(0.7, Ratio.of(0.7).value());
    assertRefused("bits have no derivative", x -> Ratio.of(x).value() * x);
  }

  @Test
  void bitsThatAreKept() {
    assertEquals(27, product(3));
    assertRefused("atomicreference are followed", x -> product(x));
    assertEquals(-2, least(-2, 3));
    assertRefused("bits have no derivative", x -> least(x, 3));
    assertEquals(
        4,
        Grad.gradient(
            x -> {
              Hashed hashed = new Hashed(x);
              return hashed.hash == 1 && hashed.sum == 2 ? 0 : hashed.value * hashed.value;
            },
            2));
  }

  // ---------------------------------------------------------------- streams of bytes

  /** Counts what is written, at a price. */
  static final class Priced extends OutputStream {
    private final double price;
    private double total;

    Priced(double price) {
      this.price = price;
    }

    @Override
    public void write(int written) {
      total += price * written;
    }
  }

  static double written(double x) {
    Priced priced = new Priced(x);
    priced.write(2);
    return priced.total * x;
  }

  static double writtenByAnother(double x) {
    Priced priced = new Priced(x);
    new PrintStream(priced, true).write(5);
    return priced.total * x;
  }

  @Test
  void anActiveStreamInsideOfAnother() {
    assertEquals(4 * 3, Grad.gradient(LostDerivativesTest::written, 3));
    assertEquals(5 * 4, writtenByAnother(2));
    assertRefused("a class of the platform", LostDerivativesTest::writtenByAnother);
  }

  // ---------------------------------------------------------------- constructors of records

  private static int count;

  record Counted(double value) {
    Counted {
      count++;
      IO.print("");
    }
  }

  record Checked(double value, double[] copy) {
    Checked {
      if (value > 100) {
        throw new IllegalArgumentException("too large: " + value);
      }
      copy = copy.clone();
      copy[0] *= value;
      value = square(value);
    }

    private static double square(double x) {
      return x * x;
    }
  }

  private static final Random RANDOM = new Random(1);

  record Noisy(double value) {
    Noisy {
      value *= RANDOM.nextDouble();
    }
  }

  record Changing(double[] values) {
    Changing {
      values[0] *= 2;
    }
  }

  record Noted(List<Double> notes, double value) {
    Noted {
      notes.add(value);
    }
  }

  @Test
  void whatAConstructorDoesBesidesIsDoneOnce() {
    Scalar1 f = x -> new Counted(x * x).value();
    count = 0;
    assertEquals(6, Grad.gradient(f, 3));
    assertEquals(1, count);
    assertEquals(6, Grad.derivative(f, 3));
    assertEquals(2, count);
  }

  static double checked(double x) {
    Checked checked = new Checked(x, new double[] {x});
    return checked.value() + checked.copy()[0];
  }

  @Test
  void whatAConstructorMakesOfItsArgumentsIsFollowed() {
    assertEquals(12, Grad.gradient((double x) -> checked(x), 3));
    assertEquals(12, Grad.derivative(x -> checked(x), 3));
  }

  @Test
  void aConstructorThatCannotBeRepeatedIsRefused() {
    String part = "would be done twice";
    assertRefused(part, x -> List.of(new Noisy(x)).get(0).value());
    assertRefused(part, x -> List.of(new Changing(new double[] {x})).get(0).values()[0]);
    assertRefused(part, x -> List.of(new Noted(new ArrayList<>(), x)).get(0).value());
  }

  @Test
  void aConstructorOfWhatNobodyElseSeesIsRunOnce() {
    Scalar1 noisy = x -> new Noisy(x).value();
    RANDOM.setSeed(1);
    double slope = noisy.apply(1);
    RANDOM.setSeed(1);
    assertEquals(slope, Grad.gradient(noisy, 3));
    assertEquals(2, Grad.gradient(x -> new Changing(new double[] {x}).values()[0], 3));
    assertEquals(1, Grad.gradient(x -> new Noted(new ArrayList<>(), x).value(), 3));
    assertEquals(2, Grad.derivative(x -> new Changing(new double[] {x}).values()[0], 3));
  }

  // ---------------------------------------------------------------- variables of threads

  /** The platform asks for its value, out of sight. */
  static final class Own extends ThreadLocal<double[]> {
    private final double x;

    Own(double x) {
      this.x = x;
    }

    @Override
    protected double[] initialValue() {
      return new double[] {x * x};
    }
  }

  @Test
  void whatAThreadLocalComputesOutOfSightIsRefused() {
    Scalar1 f = x -> new Own(x).get()[0];
    GradientException e = assertThrows(GradientException.class, () -> Grad.gradient(f, 3));
    assertTrue(e.getMessage().contains("through ThreadLocal.get"), e.getMessage());
  }

  // ---------------------------------------------------------------- fields of the platform

  private static StreamTokenizer tokenizer() {
    return new StreamTokenizer(Reader.nullReader());
  }

  static double setAndRead(double x) {
    StreamTokenizer tokenizer = tokenizer();
    tokenizer.nval = x;
    return tokenizer.nval * tokenizer.nval;
  }

  static double set(double x, StreamTokenizer tokenizer) {
    tokenizer.nval = x;
    return x;
  }

  /** A number that does not depend on anything. */
  static double constant(double x) {
    StreamTokenizer tokenizer = tokenizer();
    tokenizer.nval = 4;
    return tokenizer.nval * x;
  }

  /** A list that looks into the array of the platform's. */
  @SuppressWarnings("JdkObsolete") // other lists keep theirs to themselves
  static final class Bare extends java.util.Vector<Double> {
    private static final long serialVersionUID = 1L;

    double first() {
      return (Double) elementData[0];
    }
  }

  static double inherited(double x) {
    Bare list = new Bare();
    list.add(x * x);
    return list.first();
  }

  @Test
  void fieldsOfThePlatformAreRefused() {
    assertRefused("nval of a streamtokenizer", x -> setAndRead(x));
    assertRefused("nval of a streamtokenizer", x -> set(x, tokenizer()));
    assertRefused("elementdata of a vector", x -> inherited(x));
    assertEquals(4, Grad.gradient(x -> constant(x), 3));
    assertEquals(4, Grad.derivative(x -> constant(x), 3));
  }

  // ---------------------------------------------------------------- constants of enums

  @SuppressWarnings("ImmutableEnumChecker") // the case in point
  enum Cell {
    FIRST,
    SECOND {
      private double last;

      @Override
      double next(double x) {
        double before = last;
        last = x;
        return x * x + before;
      }
    };

    double value;
    final double[] values = new double[2];

    double next(double x) {
      return x;
    }
  }

  static double inAField(double x) {
    Cell.FIRST.value = x;
    return Cell.FIRST.value * x;
  }

  static double inAnArray(double x) {
    Cell.FIRST.values[1] = x;
    return Cell.FIRST.values[1] * x;
  }

  static double[] values() {
    return Cell.FIRST.values;
  }

  static double byAnAccessor(double x) {
    values()[1] = x;
    return Cell.FIRST.values[1] * x;
  }

  static double twice(Cell cell, double x) {
    double first = cell.next(x);
    return first + cell.next(1);
  }

  @Test
  void whatConstantsOfEnumsKeepIsRefused() {
    assertRefused("of the enum", x -> inAField(x));
    assertRefused("of the enum", x -> inAnArray(x));
    assertRefused("of an enum", x -> byAnAccessor(x));
    assertRefused("of the enum", x -> twice(Cell.SECOND, x));
    assertEquals(1, Grad.derivative((Scalar1) x -> twice(Cell.FIRST, x), 3), 0);
  }
}
