import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the language had in Java 8; compiled for every release since. */
class Features8 {
  static final StringBuilder LOG = new StringBuilder();

  static int log(Object what) {
    LOG.append(what).append(' ');
    return 1;
  }

  static class Noisy {
    static {
      log("Noisy-init");
    }

    final int value;

    Noisy(int value) {
      this.value = value;
      log("Noisy(" + value + ")");
    }
  }

  static class Broken {
    static int fail = 1 / zero();

    Broken(int ignored) {}
  }

  static int zero() {
    return 0;
  }

  static int argument(String name) {
    log(name);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("empty");
    }
    return name.length();
  }

  static void order() {
    Noisy noisy = new Noisy(argument("arg")); // the class comes before its argument
    log(noisy.value);
    try {
      new Broken(argument("")); // so its failure is the one that is seen
    } catch (Throwable e) {
      log(e.getClass().getSimpleName());
    }
    try {
      log(new Noisy(LOG.length() > 3 ? argument("a") : argument("bb")).value);
      log(new StringBuilder(tried("x") + tried("12")).append(new Noisy(tried("7")).value));
    } finally {
      log("finally");
    }
  }

  static int tried(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  static int finallyChain(int n) {
    int x = 0;
    for (int i = 0; i < 5; i++) {
      try {
        try {
          x += i;
          if (i == n) {
            continue;
          }
          if (i == n + 1) {
            break;
          }
          if (n == 9) {
            throw new IllegalStateException("n" + i);
          }
          x *= 2;
        } catch (IllegalStateException e) {
          x -= e.getMessage().length();
          if (i == 3) {
            return x;
          }
        } finally {
          x++;
        }
      } finally {
        x = x * 3 + i;
        log(x);
      }
    }
    return x;
  }

  @SuppressWarnings("finally")
  static int finallyReturns() {
    int x = 1;
    while (true) {
      try {
        x = x + 1;
        throw new RuntimeException();
      } finally {
        x = x * 10;
        if (x > 100) {
          return x;
        }
        continue;
      }
    }
  }

  static class Resource implements Closeable {
    final String name;

    Resource(String name) {
      this.name = name;
      log("open-" + name);
    }

    @Override
    public void close() throws IOException {
      log("close-" + name);
      throw new IOException(name);
    }
  }

  static String resources(boolean fail) {
    try (Resource a = new Resource("a");
        Resource b = new Resource(fail ? "b" : "c")) {
      if (fail) {
        throw new IllegalStateException("body");
      }
      return a.name + b.name;
    } catch (IOException | IllegalStateException e) {
      return e.getMessage() + Arrays.toString(e.getSuppressed());
    }
  }

  private final Object lock = new Object();
  private int counter;

  int locked(int[] a, int i) {
    synchronized (lock) {
      synchronized (this) {
        counter += a[i]++;
        if (counter > 5) {
          return counter;
        }
      }
      counter = -counter;
    }
    return Thread.holdsLock(lock) || Thread.holdsLock(this) ? -999 : counter;
  }

  synchronized int lockedMethod() {
    return Thread.holdsLock(this) ? 1 : 0;
  }

  enum Color {
    RED {
      @Override
      int code() {
        return 1;
      }
    },
    GREEN,
    BLUE;

    int code() {
      return ordinal() * 100;
    }
  }

  static int colors(Color c) {
    switch (c) {
      case RED:
        return c.code();
      case BLUE:
        return 3 * c.code();
      default:
        return -1;
    }
  }

  static String strings(String s) {
    switch (s) {
      case "Aa":
      case "BB":
        return "same hash " + s;
      case "x":
        s = "y";
      default:
        return s;
    }
  }

  static long sparse(int k, long d) {
    switch (k) {
      case Integer.MIN_VALUE:
        return d;
      case 0:
        d++;
        break;
      case Integer.MAX_VALUE:
        return -d;
      default:
        d += k;
    }
    return d * 2;
  }

  static class Base {
    final String text;

    Base(String text, long a, double b, Object... more) {
      this.text = text + a + b + more.length;
      hook();
    }

    void hook() {
      log("base-hook");
    }

    protected String name() {
      return "base";
    }
  }

  static class Derived extends Base {
    int initialised = 7;
    final Supplier<String> superName = super::name;

    Derived(boolean b, Object o) {
      super(
          b ? "yes" : o == null ? "null" : o.toString(),
          b ? 1L : 2L,
          o instanceof String ? ((String) o).length() : 0.5,
          new Object[] {b ? new Noisy(1) : null, new int[] {1, 2}[b ? 1 : 0]});
      log(initialised);
    }

    Derived(int n) {
      this(n > 0 && n < 10 || n == 50, n == 3 ? "three" : Integer.valueOf(n));
    }

    @Override
    void hook() {
      log("hook" + initialised);
    }

    @Override
    protected String name() {
      return "derived of " + super.name();
    }
  }

  class Inner {
    int twice = counter * 2;

    class Deeper {
      int sum() {
        return twice + counter + Features8.this.counter;
      }
    }
  }

  interface Shape extends Comparable<Shape> {
    double area();

    default int compareTo(Shape other) {
      return Double.compare(area(), other.area());
    }

    static Shape square(double side) {
      return () -> side * side;
    }

    default Shape twice() {
      return () -> Shape.this.area() * 2;
    }
  }

  static class Numbered implements Shape, Cloneable, Iterable<Integer> {
    int n = 3;

    @Override
    public double area() {
      return n;
    }

    @Override
    public Numbered clone() {
      try {
        Numbered copy = (Numbered) super.clone();
        copy.n++;
        return copy;
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public int compareTo(Shape other) {
      return -Shape.super.compareTo(other);
    }

    @Override
    public Iterator<Integer> iterator() {
      return new Iterator<Integer>() {
        int at;

        @Override
        public boolean hasNext() {
          return at < n;
        }

        @Override
        public Integer next() {
          return at++;
        }
      };
    }
  }

  static String arrays() {
    int[][] grid = new int[3][4];
    long[][][] cube = new long[2][2][];
    byte[] bytes = {1, -2, 3};
    boolean[] flags = new boolean[2];
    char[] chars = {'a'};
    short[] shorts = {1};
    float[] floats = {1.5f};
    double[] doubles = {2};
    grid[1][2] += 5;
    grid[1][2] <<= 2;
    cube[1][0] = new long[] {5};
    cube[1][0][0]++;
    long old = cube[1][0][0]--;
    bytes[1] -= 127;
    flags[0] ^= true;
    flags[1] |= flags[0] & !flags[1];
    chars[0]++;
    shorts[0] = (short) (shorts[0] * 40000);
    floats[0] /= 3;
    doubles[0] %= 0.3;
    int[][] copy = grid.clone();
    copy[0] = new int[] {9};
    String[] texts = {"a", null};
    texts[0] += texts[1];
    int i = 0;
    i = i++ + ++i;
    int j = grid[i][i = 1] = i + 3;
    return Arrays.deepToString(grid)
        + Arrays.deepToString(cube)
        + Arrays.toString(bytes)
        + Arrays.toString(flags)
        + chars[0]
        + shorts[0]
        + floats[0]
        + doubles[0]
        + copy.length
        + texts[0]
        + old
        + i
        + j;
  }

  static String loops(int n) {
    StringBuilder s = new StringBuilder();
    outer:
    for (int i = 0, k = n; ; i++, k -= 2) {
      do {
        if (k < 0) {
          break outer;
        }
        if ((i & 1) == 0) {
          continue outer;
        }
        s.append(i).append(k > 3 ? i > 2 ? 'x' : 'y' : 'z');
      } while (k-- > 4);
    }
    return s.toString();
  }

  static Object wide(Object o, long a, double b, int c) {
    long x = a;
    double y = b;
    int z = c;
    Object p = o;
    for (int i = 0; i < 3; i++) {
      Object t = p;
      p = i % 2 == 0 ? x + y : (Object) z;
      x = (long) y;
      y = z + i;
      z = (int) a + i;
      log(t);
    }
    return p;
  }

  static int never() {
    while (true) {
      if (log("never") == 1) {
        throw new UnsupportedOperationException("never");
      }
    }
  }

  static String lambdas(int n) {
    List<Function<Integer, Integer>> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int j = i;
      all.add(x -> x * n + j);
      all.add(Math::abs);
      all.add(Integer::new);
    }
    Function<Integer, Integer> sum = all.stream().reduce(Function.identity(), Function::andThen);
    Comparator<String> comparator = Comparator.comparing(String::length);
    return sum.apply(3) + " " + comparator.reversed().compare("a", "bb");
  }

  static String missing() {
    String result = "";
    try {
      Object o = Broken.class;
      result += o;
    } catch (NoClassDefFoundError e) {
      result += "no class";
    }
    try {
      Features8 nothing = null;
      result += nothing.counter + argument("not evaluated");
    } catch (NullPointerException e) {
      result += " null " + e.getStackTrace()[0].getLineNumber();
    }
    try {
      Object text = "text";
      Integer number = (Integer) text;
      result += number;
    } catch (ClassCastException e) {
      result += " cast";
    }
    return result;
  }

  static strictfp float floats(float a, double b) {
    float c = a * (float) b;
    boolean less = c < a || !(c >= b) && b != b;
    return less ? c : c % a + (-0.0f == c ? 1 : 0);
  }

  static String numbers() {
    StringBuilder s = new StringBuilder();
    double[] all = {0.0, -0.0, 1.5, -2.5, Double.NaN, 1e300, Double.NEGATIVE_INFINITY};
    for (double a : all) {
      for (double b : all) {
        s.append(a < b ? 1 : 0).append(a <= b ? 1 : 0).append(a > b ? 1 : 0);
        s.append(!(a >= b) ? 1 : 0).append(a == b ? 1 : 0).append(a != b ? 1 : 0);
        s.append(floats((float) a, b)).append((int) a).append((long) b).append((char) a);
      }
    }
    s.append(5 / -2).append(-5 % 3).append(5L >>> 62).append(-5 >> 1).append(-5 >>> 28);
    s.append(Integer.MIN_VALUE / -1).append(1 << 33).append(1L << 33).append((byte) 200);
    return s.toString();
  }

  static int length(String name, long skipped, int[] from) {
    int first = from[0];
    return first + name.length();
  }

  static String messages() {
    String result = "";
    for (int i = 0; i < 2; i++) {
      try {
        result += length(null, 1L, i == 0 ? null : new int[1]);
      } catch (NullPointerException e) {
        result += e.getMessage();
      }
    }
    return result;
  }

  static Object[] parts() {
    Features8 f = new Features8();
    Inner inner = f.new Inner();
    return new Object[] {
      f.locked(new int[] {3, 4}, 0),
      f.locked(new int[] {3, 40}, 1),
      f.lockedMethod(),
      inner.new Deeper().sum(),
      colors(Color.RED) + colors(Color.GREEN) + colors(Color.BLUE),
      strings("Aa") + strings("BB") + strings("x") + strings("C#"),
      sparse(Integer.MIN_VALUE, 5) + sparse(0, 5) + sparse(77, 5) + sparse(Integer.MAX_VALUE, 5),
      new Derived(3).text + new Derived(50).text + new Derived(-1).superName.get(),
      new Derived(true, null).name(),
      Shape.square(3).twice().compareTo(new Numbered()) + new Numbered().clone().compareTo(() -> 1),
      arrays(),
      loops(12),
      wide("o", 5, 2.5, 9),
      lambdas(4),
      missing(),
      numbers(),
      resources(true) + resources(false),
      finallyReturns(),
      messages(),
    };
  }

  static String run() {
    order();
    for (int n = 0; n < 10; n++) {
      log(finallyChain(n));
    }
    int sum = 0;
    for (int i : new Numbered()) {
      sum += i;
    }
    Object[] parts = parts();
    try {
      never();
    } catch (UnsupportedOperationException e) {
      log(e.getMessage());
    }
    try {
      new Features8().locked(null, 1);
    } catch (NullPointerException e) {
      log("unlocked");
    }
    return Arrays.toString(parts) + sum + LOG;
  }
}
