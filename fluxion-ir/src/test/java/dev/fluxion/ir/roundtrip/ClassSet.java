package dev.fluxion.ir.roundtrip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Some class files, by the classes' binary names. */
record ClassSet(Map<String, byte[]> files) {
  /** What {@code javac} makes of a class. */
  static ClassSet compile(int release, String name, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Map<String, ByteArrayOutputStream> output = new TreeMap<>();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavaFileManager memory =
          new ForwardingJavaFileManager<>(files) {
            @Override
            public JavaFileObject getJavaFileForOutput(
                Location location, String type, JavaFileObject.Kind kind, FileObject sibling) {
              return new SimpleJavaFileObject(URI.create("memory:///" + type + ".class"), kind) {
                @Override
                public OutputStream openOutputStream() {
                  return output.computeIfAbsent(type, _ -> new ByteArrayOutputStream());
                }
              };
            }
          };
      JavaFileObject unit =
          new SimpleJavaFileObject(
              URI.create("memory:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
              return source;
            }
          };
      List<String> options =
          List.of("-proc:none", "-nowarn", "-Xlint:none", "-g", "--release", "" + release);
      boolean compiled =
          compiler.getTask(messages, memory, null, options, null, List.of(unit)).call();
      assertTrue(compiled, messages::toString);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, byte[]> classes = new TreeMap<>();
    output.forEach((type, bytes) -> classes.put(type, bytes.toByteArray()));
    return new ClassSet(classes);
  }

  /** One class file. */
  static ClassSet of(String name, byte[] bytes) {
    return new ClassSet(Map.of(name, bytes));
  }

  /** The classes again; no method may be left as it was. */
  ClassSet reEmitted() {
    Map<String, byte[]> again = new HashMap<>();
    files.forEach(
        (name, bytes) -> {
          RoundTrip trip = RoundTrip.of(bytes);
          assertEquals(List.of(), trip.left(), name);
          again.put(name, trip.classFile());
        });
    return new ClassSet(again);
  }

  /** What {@code static String run()} of a class returns, or what it throws, in a new loader. */
  String run(String name) throws ReflectiveOperationException {
    ClassLoader loader =
        new ClassLoader(ClassSet.class.getClassLoader()) {
          @Override
          protected Class<?> findClass(String type) throws ClassNotFoundException {
            byte[] bytes = files.get(type);
            if (bytes == null) {
              throw new ClassNotFoundException(type);
            }
            return defineClass(type, bytes, 0, bytes.length);
          }
        };
    Method run = Class.forName(name, true, loader).getDeclaredMethod("run");
    run.setAccessible(true);
    try {
      return String.valueOf(run.invoke(null));
    } catch (InvocationTargetException e) {
      return String.valueOf(e.getCause());
    }
  }

  /** Asserts that the class does the same, re-emitted once and twice, and gives what it does. */
  String assertSame(String name) throws ReflectiveOperationException {
    String expected = run(name);
    ClassSet once = reEmitted();
    assertEquals(expected, once.run(name));
    assertEquals(expected, once.reEmitted().run(name));
    return expected;
  }

  /** The descriptor of the class with a name, for tests that build class files. */
  static ClassDesc type(String name) {
    return ClassDesc.of(name);
  }

  /** A class file of a version. */
  static ClassSet build(
      String name,
      int version,
      java.util.function.Consumer<java.lang.classfile.ClassBuilder> parts) {
    byte[] bytes =
        ClassFile.of()
            .build(
                type(name),
                builder -> {
                  builder.withVersion(version, 0);
                  parts.accept(builder);
                });
    return of(name, bytes);
  }
}
