import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;

/** What the language has gained from Java 9 to 21. */
class Features21 {
  sealed interface Shape permits Circle, Box, Pair {}

  record Circle(double radius) implements Shape {
    Circle {
      if (radius < 0) {
        throw new IllegalArgumentException("negative: " + radius);
      }
    }
  }

  record Box(int width, long height, String name) implements Shape {}

  record Pair<A extends Shape, B extends Shape>(A first, B second) implements Shape {}

  static String match(Object o) {
    return switch (o) {
      case null -> "null";
      case Circle(double r) when r > 2 -> "big " + r;
      case Circle c -> "circle " + c;
      case Pair<?, ?>(Circle(var r), Box(int w, long h, String n)) when w > h -> n + r + w + h;
      case Pair<?, ?>(var a, var b) -> match(a) + "+" + match(b);
      case Box b when b.name() == null -> "nameless";
      case Integer i when i > 10 -> "large " + i;
      case Integer i -> "small " + i;
      case String s -> s.isEmpty() ? "empty" : s;
      case int[] a -> "ints" + a.length;
      case Enum<?> e -> e.name();
      default -> o.getClass().getSimpleName();
    };
  }

  enum Level {
    LOW,
    HIGH
  }

  static int yields(Level level, int n) {
    int x =
        switch (level) {
          case LOW -> {
            try {
              yield 10 / n;
            } catch (ArithmeticException e) {
              yield -1;
            } finally {
              n++;
            }
          }
          case HIGH -> n > 0 ? n : -n;
        };
    return x * 100 + n;
  }

  interface Greeter {
    private String hello(String who) {
      return "hello " + who;
    }

    private static String shout(String text) {
      return text.toUpperCase() + "!";
    }

    default String greet(String who) {
      return shout(hello(who));
    }
  }

  int counter;
  static final VarHandle COUNTER;

  static {
    try {
      COUNTER = MethodHandles.lookup().findVarHandle(Features21.class, "counter", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  static String handles() throws Throwable {
    Features21 f = new Features21();
    COUNTER.set(f, 5);
    int before = (int) COUNTER.getAndAdd(f, 3);
    boolean swapped = COUNTER.compareAndSet(f, 8, 9);
    long wide = (long) (int) COUNTER.getVolatile(f);
    MethodHandle length =
        MethodHandles.lookup()
            .findVirtual(String.class, "length", MethodType.methodType(int.class));
    int n = (int) length.invokeExact("four");
    Object boxed = length.invoke((Object) "three");
    length.invoke("ignored");
    return before + " " + swapped + wide + n + boxed;
  }

  static String concat(byte b, char c, short s, long l, float f, double d, boolean z, Object o) {
    String text = "\1" + b + c + "\2" + s + l + f + d + z + o + "\u2026" + null + Level.LOW;
    text += text.length();
    return text;
  }

  static String instance(Object o) {
    if (!(o instanceof String s) || s.isEmpty()) {
      return "no";
    }
    return o instanceof String t && t.length() > 2 ? t + s : s;
  }

  static int nested(int n) {
    record Local(int a) {
      int twice() {
        return a * 2;
      }
    }
    IntSupplier supplier =
        () ->
            new Local(n).twice()
                + new Object() {
                  int x = n;
                }.x;
    return supplier.getAsInt();
  }

  static String run() throws Throwable {
    StringBuilder s = new StringBuilder();
    Shape pair = new Pair<>(new Circle(1), new Box(5, 3, "b"));
    Object[] all = {
      null,
      new Circle(3),
      new Circle(1),
      pair,
      new Pair<>(pair, new Box(1, 1, null)),
      new Box(1, 2, "c"),
      11,
      10,
      "",
      "text",
      new int[2],
      Level.HIGH,
      2.5
    };
    for (Object o : all) {
      s.append(match(o)).append(instance(o)).append('\n');
    }
    s.append(pair).append(pair.equals(new Pair<>(new Circle(1), new Box(5, 3, "b"))));
    s.append(Objects.hash(pair) == Objects.hash(new Pair<>(new Circle(1), new Box(5, 3, "b"))));
    for (int n = -1; n < 2; n++) {
      s.append(yields(Level.LOW, n)).append(yields(Level.HIGH, n)).append(' ');
    }
    s.append(new Greeter() {}.greet("you")).append(handles());
    s.append(concat((byte) -1, 'c', (short) 3, 4L, 5.5f, 6.25, true, List.of(1)));
    s.append(nested(4));
    try {
      new Circle(-1);
    } catch (IllegalArgumentException e) {
      s.append(e.getMessage()).append(e.getStackTrace()[0].getLineNumber());
    }
    return s.toString();
  }
}
