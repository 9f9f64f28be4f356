package dev.fluxion.grad;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Numbers in exceptions are found, whatever the exception is known as on the way. */
@SuppressWarnings("NullAway") // code as users write it
class CarriedExceptionsTest {
  static final class Carrying extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final double number;

    Carrying(double number) {
      super("carries a number");
      this.number = number;
    }

    Carrying(double number, Throwable cause) {
      super(cause);
      this.number = number;
    }
  }

  static double numberOf(@Nullable Throwable exception) {
    return exception instanceof Carrying carrying ? carrying.number : 0;
  }

  static RuntimeException caught(double x) {
    try {
      throw new Carrying(x * x);
    } catch (RuntimeException e) {
      return e;
    }
  }

  static double cause(double x) {
    try {
      throw new IllegalStateException("wrapped", new Carrying(x * x));
    } catch (IllegalStateException e) {
      return ((Carrying) e.getCause()).number * x;
    }
  }

  static double causes(double x) {
    try {
      throw new Carrying(x, new RuntimeException(caught(x)));
    } catch (Carrying e) {
      Throwable first = e;
      while (first.getCause() != null) {
        first = first.getCause();
      }
      return e.number * numberOf(first) * e.getMessage().length();
    }
  }

  static final class Resource implements AutoCloseable {
    private final double number;

    Resource(double number) {
      this.number = number;
    }

    @Override
    public void close() {
      throw new Carrying(number);
    }
  }

  @SuppressWarnings("try") // they are closed
  static double suppressed(double x) {
    try (Resource first = new Resource(x);
        Resource second = new Resource(x * x)) {
      throw new Carrying(2 * x);
    } catch (Carrying e) {
      double product = e.number;
      for (Throwable one : e.getSuppressed()) {
        product *= numberOf(one);
      }
      return product;
    }
  }

  static double unthrown(double x) {
    Carrying exception = new Carrying(x);
    exception.addSuppressed(new Carrying(x * x));
    exception.initCause(new Carrying(3 * x));
    return exception.number
        * numberOf(exception.getSuppressed()[0])
        * numberOf(exception.getCause());
  }

  static double listed(double x) {
    List<Exception> caught = new ArrayList<>();
    for (int i = 1; i < 4; i++) {
      try {
        throw new Carrying(i * x);
      } catch (RuntimeException e) {
        caught.add(e);
      }
    }
    double product = 1;
    for (Exception one : caught) {
      product *= numberOf(one);
    }
    return product;
  }

  static final class Context {
    @Nullable Throwable last;

    double number() {
      return numberOf(last);
    }
  }

  static double held(double x) {
    Context context = new Context();
    context.last = caught(x);
    return context.number() * x;
  }

  @FunctionalInterface
  interface Handler {
    double handle(Throwable exception);
  }

  static double handled(double x) {
    Map<Class<?>, Handler> handlers = new HashMap<>();
    handlers.put(Carrying.class, e -> ((Carrying) e).number * 2);
    handlers.put(ArithmeticException.class, e -> 1);
    RuntimeException exception = caught(x);
    return handlers.get(exception.getClass()).handle(exception);
  }

  static double ofFuture(double x) {
    return CompletableFuture.<Double>supplyAsync(
                () -> {
                  throw new Carrying(x * x);
                })
            .handle((value, e) -> e == null ? value : numberOf(e.getCause()))
            .join()
        * 3;
  }

  @TestFactory
  Stream<DynamicTest> areFound() {
    double x = 0.7;
    String message = caught(x).toString();
    double length = new RuntimeException(caught(x)).toString().length();
    return new Cases()
        .number("by itself", x, 2 * x, a -> numberOf(caught(a)))
        .number("cause", x, 3 * x * x, a -> cause(a))
        .number("causes", x, 3 * x * x * length, a -> causes(a))
        .number("suppressed", x, 8 * x * x * x, a -> suppressed(a))
        .number("unthrown", x, 12 * x * x * x, a -> unthrown(a))
        .number("listed", x, 18 * x * x, a -> listed(a))
        .number("held", x, 3 * x * x, a -> held(a))
        .number("handled", x, 4 * x, a -> handled(a))
        .number("of a future", x, 6 * x, a -> ofFuture(a))
        .number("text", x, message.length(), a -> caught(a).toString().length() * a)
        .hessian("second derivatives", Cases.of(x), new double[][] {{6 * x}}, a -> cause(a[0]))
        .tests();
  }
}
