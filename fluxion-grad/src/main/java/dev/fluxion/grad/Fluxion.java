package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_double;

import java.lang.constant.MethodTypeDesc;

/**
 * Looks into the derivatives that {@link Grad} makes, and says how they are to be made.
 *
 * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="explain"}
 *
 * <p>What is printed is what runs: the method after inlining and simplification, which of its
 * values carry derivatives and why the others do not, the code of the forward and the reverse
 * sweep, and what is kept between the two, each with the lines of the source. Of tensors,
 * operations that work element by element run as one where they follow one another. Variables have
 * their names where the class file tells them ({@code javac -g}, as Maven and {@code bin/fluxion
 * run} compile). The text of the lines is shown where the source file is found: as a resource
 * beside the class, in the project's {@code src} folders, under the working directory, or under a
 * folder of the system property {@code fluxion.sources}; else only their numbers are.
 */
public final class Fluxion {
  private Fluxion() {}

  /**
   * Explains the derivative of a function of a number. A lambda says the type of its parameter, or
   * comes with an argument, as in {@link #explain(Scalar1, double)}.
   *
   * @throws GradientException if the function cannot be differentiated
   */
  @SuppressWarnings("overloads") // a method reference or a typed lambda says which is meant
  public static Explanation explain(Scalar1 f) {
    return Explaining.explain(f, MethodTypeDesc.of(CD_double, CD_double));
  }

  /** Explains the derivative of a function of two numbers. */
  @SuppressWarnings("overloads") // a method reference or a typed lambda says which is meant
  public static Explanation explain(Scalar2 f) {
    return Explaining.explain(f, MethodTypeDesc.of(CD_double, CD_double, CD_double));
  }

  /** Explains the derivative of a function of three numbers. */
  @SuppressWarnings("overloads") // a method reference or a typed lambda says which is meant
  public static Explanation explain(Scalar3 f) {
    return Explaining.explain(f, MethodTypeDesc.of(CD_double, CD_double, CD_double, CD_double));
  }

  /** Explains the gradient of a function of an object. */
  @SuppressWarnings("overloads") // a method reference or a typed lambda says which is meant
  public static <A, R> Explanation explain(Fn1<A, R> f) {
    return Explaining.explain(f, MethodTypeDesc.of(CD_Object, CD_Object));
  }

  /** Explains the gradient of a function of two objects. */
  @SuppressWarnings("overloads") // a method reference or a typed lambda says which is meant
  public static <A, B, R> Explanation explain(Fn2<A, B, R> f) {
    return Explaining.explain(f, MethodTypeDesc.of(CD_Object, CD_Object, CD_Object));
  }

  /** Explains the gradient of a function of three objects. */
  @SuppressWarnings("overloads") // a method reference or a typed lambda says which is meant
  public static <A, B, C, R> Explanation explain(Fn3<A, B, C, R> f) {
    return Explaining.explain(f, MethodTypeDesc.of(CD_Object, CD_Object, CD_Object, CD_Object));
  }

  /** Explains {@code Grad.gradient(f, x)}. */
  public static Explanation explain(Scalar1 f, double x) {
    return explain(f);
  }

  /** Explains {@code Grad.gradient(f, x, y)}. */
  public static Explanation explain(Scalar2 f, double x, double y) {
    return explain(f);
  }

  /** Explains {@code Grad.gradient(f, x, y, z)}. */
  public static Explanation explain(Scalar3 f, double x, double y, double z) {
    return explain(f);
  }

  /** Explains {@code Grad.gradient(f, x)}. */
  public static <A, R> Explanation explain(Fn1<A, R> f, A x) {
    return explain(f);
  }

  /** Explains {@code Grad.gradient(f, a, b)}. */
  public static <A, B, R> Explanation explain(Fn2<A, B, R> f, A a, B b) {
    return explain(f);
  }

  /** Explains {@code Grad.gradient(f, a, b, c)}. */
  public static <A, B, C, R> Explanation explain(Fn3<A, B, C, R> f, A a, B b, C c) {
    return explain(f);
  }

  /**
   * The same function, of which nothing is kept for the reverse sweep but the state from which it
   * starts: it is run again when its turn comes in the reverse sweep, so that a gradient takes the
   * memory of one such run at a time, and the time of one run more.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="checkpointed"}
   *
   * <p>What the function changes in its arguments, or in what it has captured, is what it was
   * before while it runs again, and afterwards as its first run has left it. Input, output, clocks,
   * random numbers and stores to static fields happen once, in its own code and in the methods that
   * it can be seen to call; the second run gets the results of the first. A function that does
   * something else all the same, since a static field has changed that it reads, say, is refused.
   * Second derivatives keep what they need and run it once.
   *
   * @throws GradientException when a gradient is taken and the function has not done the same again
   */
  @SuppressWarnings("overloads") // a variable or a typed lambda says which is meant
  public static <A, R> Fn1<A, R> checkpointed(Fn1<A, R> f) {
    return new Checkpointed.Of1<>(f);
  }

  /**
   * The same function, faster where it is not differentiated: short methods become part of its
   * code, and calls of tensors that work element by element run as one, as they do in derivatives.
   * What it gives has the same bits. Methods that an object's class chooses, as those of layers,
   * are done likewise, if their types name tensors; code that cannot be read runs as it is.
   *
   * {@snippet file="dev/fluxion/tensor/SnippetsTest.java" region="compiled"}
   */
  public static <A, R> Fn1<A, R> compiled(Fn1<A, R> f) {
    return new Inference.Of1<>(f);
  }

  /** The same function of two arguments, faster where it is not differentiated. */
  public static <A, B, R> Fn2<A, B, R> compiled(Fn2<A, B, R> f) {
    return new Inference.Of2<>(f);
  }

  /** The same function of three arguments, faster where it is not differentiated. */
  public static <A, B, C, R> Fn3<A, B, C, R> compiled(Fn3<A, B, C, R> f) {
    return new Inference.Of3<>(f);
  }

  /** The same function of two arguments, run again in the reverse sweep. */
  @SuppressWarnings("overloads") // a variable or a typed lambda says which is meant
  public static <A, B, R> Fn2<A, B, R> checkpointed(Fn2<A, B, R> f) {
    return new Checkpointed.Of2<>(f);
  }

  /** The same function of three arguments, run again in the reverse sweep. */
  @SuppressWarnings("overloads") // a variable or a typed lambda says which is meant
  public static <A, B, C, R> Fn3<A, B, C, R> checkpointed(Fn3<A, B, C, R> f) {
    return new Checkpointed.Of3<>(f);
  }

  /** The same function of four arguments, run again in the reverse sweep. */
  @SuppressWarnings("overloads") // a variable or a typed lambda says which is meant
  public static <A, B, C, D, R> Fn4<A, B, C, D, R> checkpointed(Fn4<A, B, C, D, R> f) {
    return new Checkpointed.Of4<>(f);
  }

  /** The same function of a number, run again in the reverse sweep. */
  @SuppressWarnings("overloads") // a variable or a typed lambda says which is meant
  public static Scalar1 checkpointed(Scalar1 f) {
    return new Checkpointed.OfNumber(f);
  }

  /** The same function of two numbers, run again in the reverse sweep. */
  @SuppressWarnings("overloads") // a variable or a typed lambda says which is meant
  public static Scalar2 checkpointed(Scalar2 f) {
    return new Checkpointed.Of2Numbers(f);
  }

  /** The same function of three numbers, run again in the reverse sweep. */
  @SuppressWarnings("overloads") // a variable or a typed lambda says which is meant
  public static Scalar3 checkpointed(Scalar3 f) {
    return new Checkpointed.Of3Numbers(f);
  }

  /**
   * The state that some steps lead to, one after another, as many time steps of a simulation do. A
   * gradient keeps a few of the states in between and runs steps again from these: no step more
   * than three times before it is reversed, so that of ten thousand states 38 are kept, and of a
   * million 180.
   *
   * {@snippet file="dev/fluxion/grad/SnippetsTest.java" region="iterate"}
   *
   * @param steps how many
   * @param state where to start
   * @param step leads from a state to the next: a function as for {@link #checkpointed(Fn1)}
   */
  public static <T> T iterate(int steps, T state, Fn1<T, T> step) {
    return iterate(steps, state, step, Revolve.snapshots(Math.max(1, steps), 3));
  }

  /**
   * The same with a number of states kept at a time. Which ones is the choice that runs as few
   * steps again as possible (Griewank and Walther, "Algorithm 799: Revolve", 2000): with c states
   * kept, (c + r)! / (c! r!) steps can be reversed with none of them run more than r times before.
   *
   * @param snapshots how many states are kept at a time, the first one among them
   * @throws IllegalArgumentException if steps are fewer than none, or snapshots fewer than one
   */
  public static <T> T iterate(int steps, T state, Fn1<T, T> step, int snapshots) {
    return new Iteration<>(steps, snapshots, step).apply(state);
  }
}
