package dev.fluxion.grad;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Gradients go through the handles of variables and methods that constants hold. */
@SuppressWarnings({"NullAway", "UnusedVariable"}) // handles set the fields
class HandlesTest {
  /** A sum as code without locks keeps it. */
  static final class Total {
    private static final VarHandle VALUE;
    private static final VarHandle SINGLE;
    private static final VarHandle SHARED;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        VALUE = lookup.findVarHandle(Total.class, "value", double.class);
        SINGLE = lookup.findVarHandle(Total.class, "single", float.class);
        SHARED = lookup.findStaticVarHandle(Total.class, "shared", double.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private static double shared;
    private volatile double value;
    private float single;

    void add(double x) {
      double before;
      do {
        before = (double) VALUE.getVolatile(this);
      } while (!VALUE.weakCompareAndSet(this, before, before + x));
    }
  }

  static double added(double x) {
    Total total = new Total();
    total.add(x);
    total.add(x * x);
    return total.value * (double) Total.VALUE.getAcquire(total);
  }

  static double exchanged(double x) {
    Total total = new Total();
    Total.VALUE.set(total, x);
    double before = (double) Total.VALUE.compareAndExchange(total, x, x * x);
    double kept = (double) Total.VALUE.compareAndExchange(total, x, 7.0);
    double swapped = (double) Total.VALUE.getAndSet(total, x * 2);
    return before * kept * swapped * (double) Total.VALUE.getOpaque(total);
  }

  static double single(double x) {
    Total total = new Total();
    Total.SINGLE.setRelease(total, (float) x);
    float before = (float) Total.SINGLE.getAndAdd(total, (float) x);
    return before * (float) Total.SINGLE.get(total);
  }

  static double shared(double x) {
    Total.SHARED.setVolatile(x * x);
    Total.SHARED.getAndAdd(x);
    return (double) Total.SHARED.get() * 2;
  }

  /** Treiber's stack. */
  static final class Stack {
    private static final class Node {
      final double value;
      @Nullable Node next;

      Node(double value) {
        this.value = value;
      }
    }

    private static final VarHandle HEAD;
    private static final VarHandle SIZE;

    static {
      try {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        HEAD = lookup.findVarHandle(Stack.class, "head", Node.class);
        SIZE = lookup.findVarHandle(Stack.class, "size", int.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    private volatile @Nullable Node head;
    private volatile int size;

    void push(double value) {
      Node node = new Node(value);
      do {
        node.next = head;
      } while (!HEAD.compareAndSet(this, node.next, node));
      SIZE.getAndAdd(this, 1);
    }

    double pop() {
      while (true) {
        Node node = (Node) HEAD.getAcquire(this);
        if (HEAD.compareAndSet(this, node, node.next)) {
          SIZE.getAndAdd(this, -1);
          return node.value;
        }
      }
    }
  }

  static double stacked(double x) {
    Stack stack = new Stack();
    for (int i = 1; i < 5; i++) {
      stack.push(i * x);
    }
    double product = stack.size;
    while (stack.size > 0) {
      product *= stack.pop();
    }
    return product;
  }

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(double[].class);
  private static final VarHandle ROW = MethodHandles.arrayElementVarHandle(double[][].class);

  static double elements(double x) {
    double[] a = {x, 1};
    ELEMENT.setRelease(a, 1, Math.sin(x));
    double before = (double) ELEMENT.getAndAdd(a, 0, 2 * x);
    return before * (double) ELEMENT.getVolatile(a, 0) * a[1];
  }

  static double rows(double x) {
    double[][] a = {{x}, {2 * x}};
    ROW.setRelease(a, 0, new double[] {x * x});
    return ((double[]) ROW.getAcquire(a, 0))[0] * a[1][0];
  }

  static double outside(double x) {
    double[] a = {x};
    try {
      ELEMENT.set(a, 1, x * x);
    } catch (ArrayIndexOutOfBoundsException e) {
      return 3 * x;
    }
    return a[0];
  }

  private static final MethodHandle SINE;
  private static final MethodHandle CUBE;
  private static final MethodHandle SCALED;
  private static final MethodHandle MADE;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodType ofNumber = MethodType.methodType(double.class, double.class);
      SINE = lookup.findStatic(Math.class, "sin", ofNumber);
      CUBE = lookup.findStatic(HandlesTest.class, "cube", ofNumber);
      SCALED = lookup.findVirtual(Scale.class, "apply", ofNumber);
      MADE = lookup.findConstructor(Scale.class, MethodType.methodType(void.class, double.class));
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static double cube(double x) {
    return x * x * x;
  }

  private static final class Scale {
    private final double factor;

    private Scale(double factor) {
      this.factor = factor;
    }

    private double apply(double x) {
      return factor * x;
    }
  }

  static double called(double x) {
    try {
      Scale scale = (Scale) MADE.invokeExact(x);
      Object boxed = CUBE.invoke(x);
      return (double) SINE.invokeExact(x) * (Double) boxed + (double) SCALED.invokeExact(scale, x);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @TestFactory
  Stream<DynamicTest> areFollowed() {
    double x = 0.75;
    double sum = x + x * x;
    double sine = Math.sin(x);
    double cosine = Math.cos(x);
    return new Cases()
        .number("added", x, 2 * sum * (1 + 2 * x), a -> added(a))
        .number("exchanged", x, 2 * 6 * Math.pow(x, 5), a -> exchanged(a))
        .number("single", x, 4 * x, a -> single(a))
        .number("shared", x, 2 * (2 * x + 1), a -> shared(a))
        .number("stacked", x, 4 * 24 * 4 * x * x * x, a -> stacked(a))
        .number("elements", x, 6 * x * sine + 3 * x * x * cosine, a -> elements(a))
        .number("rows", x, 6 * x * x, a -> rows(a))
        .number("outside", x, 3, a -> outside(a))
        .number("called", x, cosine * x * x * x + sine * 3 * x * x + 2 * x, a -> called(a))
        .hessian("second derivatives", Cases.of(x), new double[][] {{12 * x}}, a -> rows(a[0]))
        .tests();
  }
}
