package dev.fluxion.ir;

import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A function of this representation: a name, a type, and a body that is made when first needed, so
 * that functions may call themselves and each other.
 */
public final class Function {
  private final String name;
  private final MethodTypeDesc type;
  private final Class<?> host;
  private final Supplier<Body> source;
  private final UnaryOperator<Body> finish;
  private volatile @Nullable Body body;
  private volatile @Nullable MethodHandle handle;

  /** Turns a function into something that runs. */
  @FunctionalInterface
  public interface Linker {
    /** A handle of exactly the function's type. */
    MethodHandle link(Function function);
  }

  /**
   * A function.
   *
   * @param name for people: printed, and shown in stack traces
   * @param type parameter types and the result's type
   * @param host the class whose private members the body may use
   * @param source makes the body, at most once if it does not fail
   */
  public Function(String name, MethodTypeDesc type, Class<?> host, Supplier<Body> source) {
    this(name, type, host, source, UnaryOperator.identity());
  }

  /**
   * A function whose code is made of another body than the one to be read and transformed.
   *
   * @param finish makes the one of the other
   */
  public Function(
      String name,
      MethodTypeDesc type,
      Class<?> host,
      Supplier<Body> source,
      UnaryOperator<Body> finish) {
    this.name = name;
    this.type = type;
    this.host = host;
    this.source = source;
    this.finish = finish;
  }

  /** The name, for people. */
  public String name() {
    return name;
  }

  /** The parameter types and the result's type. */
  public MethodTypeDesc type() {
    return type;
  }

  /** The class whose private members the body may use. */
  public Class<?> host() {
    return host;
  }

  /** The body, made on the first call. */
  public Body body() {
    Body made = body;
    if (made == null) {
      synchronized (this) {
        made = body;
        if (made == null) {
          made = source.get();
          body = made;
        }
      }
    }
    return made;
  }

  /** The body of which code is made. */
  public Body finished() {
    return finish.apply(body());
  }

  /** The function as a method handle, linked on the first call. */
  public MethodHandle handle(Linker linker) {
    MethodHandle made = handle;
    if (made == null) {
      synchronized (this) {
        made = handle;
        if (made == null) {
          made = linker.link(this);
          handle = made;
        }
      }
    }
    return made;
  }

  @Override
  public String toString() {
    return name + type.displayDescriptor();
  }
}
