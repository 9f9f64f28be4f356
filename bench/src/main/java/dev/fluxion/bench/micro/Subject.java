package dev.fluxion.bench.micro;

import dev.fluxion.grad.Scalar1;
import java.io.IOException;
import java.io.InputStream;

/**
 * The method on which the compiler is measured: a loop, a branch and calls. Loaded anew by a class
 * loader of its own, it is new to the compiler each time.
 */
public final class Subject implements Scalar1 {
  private static final long serialVersionUID = 1;

  /** The function as an object; its class is what is compiled. */
  public Subject() {}

  @Override
  public double apply(double x) {
    return energy(x, 20);
  }

  static double energy(double x, int steps) {
    double position = x;
    double velocity = 0;
    double energy = 0;
    for (int i = 0; i < steps; i++) {
      double force = position > 0 ? -position : -2 * position + Math.sin(position);
      velocity += 0.1 * force;
      position += 0.1 * velocity;
      energy += 0.5 * velocity * velocity + Math.exp(-position * position);
    }
    return energy;
  }

  /** A fresh copy of this class. */
  static Class<?> fresh() {
    try {
      return new Fresh().loadClass(Subject.class.getName());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An object of a fresh copy of this class. */
  static Scalar1 freshFunction() {
    try {
      return (Scalar1) fresh().getConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Fresh extends ClassLoader {
    Fresh() {
      super(Subject.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        if (!name.equals(Subject.class.getName())) {
          return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : define(name);
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
