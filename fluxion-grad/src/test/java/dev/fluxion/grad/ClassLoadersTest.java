package dev.fluxion.grad;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is derived of a class is released with its class loader. */
class ClassLoadersTest {
  /** Loads a program anew. */
  private static final class Fresh extends ClassLoader {
    Fresh() {
      super(ClassLoadersTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith(LoadedAnew.class.getName())) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> known = findLoadedClass(name);
        return known == null ? define(name) : known;
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

  private static double[] run(List<WeakReference<?>> released) throws Exception {
    Class<?> program = new Fresh().loadClass(LoadedAnew.class.getName());
    assertEquals(false, program == LoadedAnew.class);
    double[] result = (double[]) ((Supplier<?>) program.getConstructor().newInstance()).get();
    released.add(new WeakReference<>(program));
    released.add(new WeakReference<>(program.getClassLoader()));
    return result;
  }

  @Test
  void aClassIsReleasedWithWhatWasMadeOfIt() throws Exception {
    List<WeakReference<?>> released = new ArrayList<>();
    double[] expected = {6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6};
    assertArrayEquals(expected, run(released), 1e-15);
    assertArrayEquals(expected, run(released), 1e-15); // classes of the same names
    for (int i = 0; i < 50 && released.stream().anyMatch(one -> one.get() != null); i++) {
      System.gc();
      Thread.sleep(20);
      Grad.gradient((double x) -> x, 1.0); // uses this thread's tape again
    }
    for (WeakReference<?> one : released) {
      assertNull(one.get());
    }
  }
}
