package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;

import dev.fluxion.grad.runtime.AbsentClassError;
import dev.fluxion.grad.runtime.Adjoints;
import dev.fluxion.grad.runtime.Tape;
import java.lang.constant.MethodTypeDesc;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of ordinary Java.
 *
 * <p>The function's bytecode, and that of the methods it calls, is transformed once into code that
 * computes the gradient; later calls run that code.
 *
 * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="gradient"}
 */
public final class Grad {
  private static final MethodTypeDesc SCALAR_1 = MethodTypeDesc.of(CD_double, CD_double);
  private static final MethodTypeDesc SCALAR_2 = MethodTypeDesc.of(CD_double, CD_double, CD_double);
  private static final MethodTypeDesc SCALAR_3 =
      MethodTypeDesc.of(CD_double, CD_double, CD_double, CD_double);
  private static final MethodTypeDesc FN_1 = MethodTypeDesc.of(CD_Object, CD_Object);
  private static final MethodTypeDesc FN_2 = MethodTypeDesc.of(CD_Object, CD_Object, CD_Object);
  private static final MethodTypeDesc FN_3 =
      MethodTypeDesc.of(CD_Object, CD_Object, CD_Object, CD_Object);

  private Grad() {}

  /** The derivative of a function at a point. */
  public static double gradient(Scalar1 f, double x) {
    Compiled compiled = Compiled.of(f, SCALAR_1);
    Tape tape = Tape.acquire();
    try {
      double _ = (double) compiled.forward().invokeExact((Object) f, x, tape);
      return (double) compiled.reverse().invokeExact(tape, 1.0);
    } catch (Throwable e) {
      throw unchecked(e);
    } finally {
      tape.release();
    }
  }

  /** The partial derivatives of a function of two numbers. */
  public static Pair<Double, Double> gradient(Scalar2 f, double x, double y) {
    Compiled compiled = Compiled.of(f, SCALAR_2);
    Tape tape = Tape.acquire();
    try {
      double _ = (double) compiled.forward().invokeExact((Object) f, x, y, tape);
      compiled.reverse().invokeExact(tape, 1.0);
      return new Pair<>(tape.numbers[1], tape.numbers[2]);
    } catch (Throwable e) {
      throw unchecked(e);
    } finally {
      tape.release();
    }
  }

  /**
   * The gradient of a function: of the argument's own type, with derivatives in the place of
   * numbers. The argument is a number, an array, a vector such as a tensor, or a record of these;
   * the function returns a double, a float or a vector with one element.
   *
   * @throws GradientException if the function cannot be differentiated
   */
  public static <T, R> T gradient(Fn1<T, R> f, T x) {
    return valueAndGradient(f, x).gradient();
  }

  /** The value of a function and its gradient, in one go. */
  @SuppressWarnings("unchecked")
  public static <T, R> ValueAndGradient<T> valueAndGradient(Fn1<T, R> f, T x) {
    Compiled compiled = Compiled.of(f, FN_1);
    Tape tape = Tape.acquire();
    try {
      tape.borrow();
      Object at = Structure.fresh(x);
      Object shadow = tape.shadowOf(at);
      double value = (double) compiled.forward().invokeExact((Object) f, at, shadow, tape);
      compiled.reverse().invokeExact(tape, 1.0);
      T gradient = (T) Structure.gradient(x, shadow, tape);
      tape.giveBack();
      return new ValueAndGradient<>(value, gradient);
    } catch (Throwable e) {
      throw unchecked(e);
    } finally {
      tape.release();
    }
  }

  /** The gradients of a function in both its arguments. */
  @SuppressWarnings("unchecked")
  public static <A, B, R> Pair<A, B> gradient(Fn2<A, B, R> f, A a, B b) {
    Compiled compiled = Compiled.of(f, FN_2);
    Tape tape = Tape.acquire();
    try {
      tape.borrow();
      Object atA = Structure.fresh(a);
      Object atB = Structure.fresh(b);
      Object first = tape.shadowOfArgument(atA);
      Object second = tape.shadowOfArgument(atB);
      double _ = (double) compiled.forward().invokeExact((Object) f, atA, atB, first, second, tape);
      compiled.reverse().invokeExact(tape, 1.0);
      A inA = (A) Structure.gradient(a, first, tape);
      B inB = (B) Structure.gradient(b, second, tape);
      tape.giveBack();
      return new Pair<>(inA, inB);
    } catch (Throwable e) {
      throw unchecked(e);
    } finally {
      tape.release();
    }
  }

  /**
   * The value of a function and its pullback, which gives the gradient for any cotangent of the
   * value and can be called with several: the vector-Jacobian product of JAX's {@code vjp} and
   * Zygote's {@code pullback}. The function runs once, here; a call of the pullback is a reverse
   * sweep.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="pullback"}
   *
   * @param f a function of an argument as for {@link #gradient(Fn1, Object)} that returns anything
   *     that holds floating-point numbers: one of them, an array, a tensor, a record or another
   *     object, a list or map
   * @param x where
   * @throws GradientException if the function cannot be differentiated
   */
  @SuppressWarnings("unchecked")
  public static <T, R> ValueAndPullback<R, T> pullback(Fn1<T, R> f, T x) {
    return TapedPullback.of(f, FN_1, List.of(x), parts -> (T) parts.get(0));
  }

  /** The value of a function and its pullback, which gives the gradients in both arguments. */
  @SuppressWarnings("unchecked")
  public static <A, B, R> ValueAndPullback<R, Pair<A, B>> pullback(Fn2<A, B, R> f, A a, B b) {
    return TapedPullback.of(
        f, FN_2, List.of(a, b), parts -> new Pair<>((A) parts.get(0), (B) parts.get(1)));
  }

  /** The value of a function and its pullback, which gives the gradients in three arguments. */
  @SuppressWarnings("unchecked")
  public static <A, B, C, R> ValueAndPullback<R, Triple<A, B, C>> pullback(
      Fn3<A, B, C, R> f, A a, B b, C c) {
    return TapedPullback.of(
        f,
        FN_3,
        List.of(a, b, c),
        parts -> new Triple<>((A) parts.get(0), (B) parts.get(1), (C) parts.get(2)));
  }

  /** The partial derivatives of a function of three numbers. */
  public static Triple<Double, Double, Double> gradient(Scalar3 f, double x, double y, double z) {
    Compiled compiled = Compiled.of(f, SCALAR_3);
    Tape tape = Tape.acquire();
    try {
      double _ = (double) compiled.forward().invokeExact((Object) f, x, y, z, tape);
      compiled.reverse().invokeExact(tape, 1.0);
      return new Triple<>(tape.numbers[1], tape.numbers[2], tape.numbers[3]);
    } catch (Throwable e) {
      throw unchecked(e);
    } finally {
      tape.release();
    }
  }

  /** The gradients of a function in its three arguments. */
  @SuppressWarnings("unchecked")
  public static <A, B, C, R> Triple<A, B, C> gradient(Fn3<A, B, C, R> f, A a, B b, C c) {
    Compiled compiled = Compiled.of(f, FN_3);
    Tape tape = Tape.acquire();
    try {
      tape.borrow();
      Object atA = Structure.fresh(a);
      Object atB = Structure.fresh(b);
      Object atC = Structure.fresh(c);
      Object first = tape.shadowOfArgument(atA);
      Object second = tape.shadowOfArgument(atB);
      Object third = tape.shadowOfArgument(atC);
      double _ =
          (double)
              compiled.forward().invokeExact((Object) f, atA, atB, atC, first, second, third, tape);
      compiled.reverse().invokeExact(tape, 1.0);
      A inA = (A) Structure.gradient(a, first, tape);
      B inB = (B) Structure.gradient(b, second, tape);
      C inC = (C) Structure.gradient(c, third, tape);
      tape.giveBack();
      return new Triple<>(inA, inB, inC);
    } catch (Throwable e) {
      throw unchecked(e);
    } finally {
      tape.release();
    }
  }

  /**
   * The derivative of a function, to be called many times; a lambda says the type of its parameter,
   * for there are functions of objects too.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="grad"}
   */
  @SuppressWarnings("overloads") // a variable or a typed lambda says which is meant
  public static Scalar1 grad(Scalar1 f) {
    return x -> gradient(f, x);
  }

  /**
   * The gradient of a function of an object, to be called many times; a lambda says the type of its
   * parameter.
   */
  @SuppressWarnings("overloads")
  public static <T, R> Fn1<T, T> grad(Fn1<T, R> f) {
    return x -> gradient(f, x);
  }

  /**
   * The derivative of a function at a point, in forward mode: for a function of one number the same
   * as {@link #gradient(Scalar1, double)} and faster.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="derivative"}
   */
  public static double derivative(Scalar1 f, double x) {
    return Forward.derivative(f, x);
  }

  /**
   * The value of a function and its directional derivative, the product of the Jacobian with a
   * vector, in forward mode and in one go.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="jvp"}
   *
   * @param f a function of numbers, arrays, vectors such as tensors, records or other objects
   * @param x where
   * @param dx in which direction: of the same type and shape as {@code x}
   * @throws GradientException if the function cannot be differentiated
   */
  public static <A, R> ValueAndTangent<R> jvp(Fn1<A, R> f, A x, A dx) {
    return Forward.jvp(f, x, dx);
  }

  /**
   * The Jacobian of a function: row {@code i} holds the partial derivatives of component {@code i},
   * so that its shape is (outputs, inputs). A wide Jacobian, with many more inputs than outputs, is
   * made by reverse passes, one a row; any other by forward passes, several columns at once.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="jacobian"}
   *
   * @throws GradientException if the function cannot be differentiated
   */
  public static double[][] jacobian(Fn1<double[], double[]> f, double[] x) {
    return Forward.jacobian(f, x);
  }

  /**
   * The matrix of second derivatives of a function that returns a number: forward mode over reverse
   * mode, several columns at once.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="hessian"}
   *
   * @throws GradientException if the function cannot be differentiated
   */
  public static <R> double[][] hessian(Fn1<double[], R> f, double[] x) {
    return Forward.hessian(f, x);
  }

  /**
   * The product of the matrix of second derivatives with a vector, for a few times the cost of the
   * function itself: the matrix is never made (Pearlmutter, "Fast Exact Multiplication by the
   * Hessian", 1994).
   *
   * @param f a function that returns a number, of an argument as for {@link #gradient(Fn1, Object)}
   * @param x where
   * @param v the vector, of the same type and shape as {@code x}
   * @throws GradientException if the function cannot be differentiated
   */
  public static <T, R> T hessianVectorProduct(Fn1<T, R> f, T x, T v) {
    return Forward.hessianVectorProduct(f, x, v);
  }

  /** The argument itself, with a derivative of zero. */
  @Primitive(Grad.class)
  public static double stopGradient(double x) {
    return x;
  }

  /** The argument itself, with a derivative of zero. */
  @Primitive(Grad.class)
  public static <T> T stopGradient(T x) {
    return x;
  }

  /** Whether this code is being differentiated, as when a model is trained: else false. */
  public static boolean isTraining() {
    return false;
  }

  /**
   * Gives a method a derivative in place of that of its bytecode. It holds from now on, wherever
   * the method is called, in reverse and in forward mode and in derivatives of derivatives. A
   * method that overrides it has its own.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="rule"}
   *
   * @param method a reference to the method
   * @param derivative the derivative at a point
   */
  public static void rule(Scalar1 method, Scalar1 derivative) {
    RegisteredRules.register(method, List.of(derivative), List.of());
  }

  /**
   * Gives a method of two numbers its partial derivatives.
   *
   * @param method a reference to the method
   * @param first the partial derivative in the first argument
   * @param second the partial derivative in the second argument
   */
  public static void rule(Scalar2 method, Scalar2 first, Scalar2 second) {
    RegisteredRules.register(method, List.of(first, second), List.of());
  }

  /**
   * Gives a method of three numbers its partial derivatives.
   *
   * @param method a reference to the method
   * @param first the partial derivative in the first argument
   * @param second the partial derivative in the second argument
   * @param third the partial derivative in the third argument
   */
  public static void rule(Scalar3 method, Scalar3 first, Scalar3 second, Scalar3 third) {
    RegisteredRules.register(method, List.of(first, second, third), List.of());
  }

  /**
   * Gives a method of one argument, such as a tensor or an array of numbers, its pullback: {@code
   * Grad.rule(Layers::swish, (x, y, dy) -> dy.times(…))}.
   *
   * <p>Forward mode follows where it can: between numbers, and from an array to a number, where the
   * tangent is the inner product of the gradient and the argument's tangent. Elsewhere it is
   * refused; give it with {@link #rule(Fn1, Fn3, Fn3)}.
   *
   * @param method a reference to the method
   * @param pullback takes the argument, the result and the result's cotangent, and gives the
   *     argument's cotangent; a cotangent has the type of what it belongs to
   */
  public static <A, R> void rule(Fn1<A, R> method, Fn3<A, R, R, A> pullback) {
    RegisteredRules.register(method, List.of(pullback), List.of());
  }

  /**
   * Gives a method of one argument its pullback and its pushforward, for reverse and forward mode.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="rule-both"}
   *
   * @param method a reference to the method
   * @param pullback takes the argument, the result and the result's cotangent, and gives the
   *     argument's cotangent
   * @param pushforward takes the argument, the result and the argument's tangent, and gives the
   *     result's tangent
   */
  public static <A, R> void rule(
      Fn1<A, R> method, Fn3<A, R, R, A> pullback, Fn3<A, R, A, R> pushforward) {
    RegisteredRules.register(method, List.of(pullback), List.of(pushforward));
  }

  /**
   * Gives a method of two arguments, or of an object and one argument, its pullbacks. Forward mode
   * follows where it can, as for {@link #rule(Fn1, Fn3)}.
   *
   * @param method a reference to the method
   * @param first takes both arguments, the result and the result's cotangent, and gives the first
   *     argument's cotangent; null when the derivative in it is zero
   * @param second gives the second argument's cotangent; null when the derivative in it is zero
   */
  public static <A, B, R> void rule(
      Fn2<A, B, R> method,
      @Nullable Fn4<A, B, R, R, A> first,
      @Nullable Fn4<A, B, R, R, B> second) {
    RegisteredRules.register(method, Arrays.asList(first, second), List.of());
  }

  /**
   * Gives a method of two arguments its pullbacks and its pushforwards.
   *
   * @param method a reference to the method
   * @param first takes both arguments, the result and the result's cotangent, and gives the first
   *     argument's cotangent; null when the derivative in it is zero
   * @param second gives the second argument's cotangent; null when the derivative in it is zero
   * @param firstForward takes both arguments, the result and the first argument's tangent, and
   *     gives what it adds to the result's tangent; null when the derivative in it is zero
   * @param secondForward takes the second argument's tangent instead
   */
  public static <A, B, R> void rule(
      Fn2<A, B, R> method,
      @Nullable Fn4<A, B, R, R, A> first,
      @Nullable Fn4<A, B, R, R, B> second,
      @Nullable Fn4<A, B, R, A, R> firstForward,
      @Nullable Fn4<A, B, R, B, R> secondForward) {
    RegisteredRules.register(
        method, Arrays.asList(first, second), Arrays.asList(firstForward, secondForward));
  }

  static RuntimeException unchecked(Throwable e) {
    GradientException refusal = Adjoints.refusal(e);
    if (refusal != null) {
      return refusal.reached();
    }
    if (e instanceof AbsentClassError absent) {
      return GradientException.reached(absent);
    }
    if (e instanceof Error error) {
      throw error;
    }
    return e instanceof RuntimeException exception
        ? exception
        : new GradientException("the function threw " + e, e);
  }
}
