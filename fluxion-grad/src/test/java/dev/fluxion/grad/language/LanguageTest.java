package dev.fluxion.grad.language;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fluxion.grad.Grad;
import dev.fluxion.grad.Scalar1;
import dev.fluxion.ir.roundtrip.RoundTrip;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What the language has: gradients agree with finite differences and with forward mode, and the
 * methods do the same when they have been lifted and emitted again.
 */
class LanguageTest {
  private static final List<Class<?>> SUBJECTS =
      List.of(Statements.class, Failures.class, Patterns.class, Classes.class, Functions.class);
  private static final double[] POINTS = {-1.7, -0.35, 0.45, 1.35, 2.65};

  /** All, so that none is forgotten: {@link #everyConstructIsDifferentiated}. */
  private static final Map<String, Scalar1> CONSTRUCTS = new HashMap<>();

  static {
    add("Statements.labelledBreak", x -> Statements.labelledBreak(x));
    add("Statements.labelledContinue", x -> Statements.labelledContinue(x));
    add("Statements.labelledBlock", x -> Statements.labelledBlock(x));
    add("Statements.doWhile", x -> Statements.doWhile(x));
    add("Statements.endless", x -> Statements.endless(x));
    add("Statements.overArray", x -> Statements.overArray(x));
    add("Statements.overIterable", x -> Statements.overIterable(x));
    add("Statements.overOwnIterable", x -> Statements.overOwnIterable(x));
    add("Statements.intSwitch", x -> Statements.intSwitch(x));
    add("Statements.fallThrough", x -> Statements.fallThrough(x));
    add("Statements.sparseSwitch", x -> Statements.sparseSwitch(x));
    add("Statements.stringSwitch", x -> Statements.stringSwitch(x));
    add("Statements.enumSwitch", x -> Statements.enumSwitch(x));
    add("Statements.yieldSwitch", x -> Statements.yieldSwitch(x));
    add("Statements.ternaryChain", x -> Statements.ternaryChain(x));
    add("Statements.shortCircuit", x -> Statements.shortCircuit(x));
    add("Statements.compoundAssignments", x -> Statements.compoundAssignments(x));
    add("Statements.shifts", x -> Statements.shifts(x));
    add("Statements.bitOperations", x -> Statements.bitOperations(x));
    add("Statements.charArithmetic", x -> Statements.charArithmetic(x));
    add("Statements.increments", x -> Statements.increments(x));
    add("Statements.multiDimensional", x -> Statements.multiDimensional(x));
    add("Statements.assertions", x -> Statements.assertions(x));
    add("Statements.inferred", x -> Statements.inferred(x));
    add("Statements.texts", x -> Statements.texts(x));
    add("Statements.constants", x -> Statements.constants(x));
    add("Failures.caught", x -> Failures.caught(x));
    add("Failures.finished", x -> Failures.finished(x));
    add("Failures.finallyReturns", x -> Failures.finallyReturns(x));
    add("Failures.finallyInLoop", x -> Failures.finallyInLoop(x));
    add("Failures.multiCatch", x -> Failures.multiCatch(x));
    add("Failures.rethrown", x -> Failures.rethrown(x));
    add("Failures.wrapped", x -> Failures.wrapped(x));
    add("Failures.carried", x -> Failures.carried(x));
    add("Failures.resources", x -> Failures.resources(x));
    add("Failures.suppressed", x -> Failures.suppressed(x));
    add("Failures.locked", x -> Failures.locked(x));
    add("Failures.runtimeFailures", x -> Failures.runtimeFailures(x));
    add("Failures.retried", x -> Failures.retried(x));
    add("Patterns.recordPatterns", x -> Patterns.recordPatterns(x));
    add("Patterns.recordMethods", x -> Patterns.recordMethods(x));
    add("Patterns.typePatterns", x -> Patterns.typePatterns(x));
    add("Patterns.instanceOf", x -> Patterns.instanceOf(x));
    add("Patterns.genericRecords", x -> Patterns.genericRecords(x));
    add("Patterns.enumMethods", x -> Patterns.enumMethods(x));
    add("Patterns.localTypes", x -> Patterns.localTypes(x));
    add("Classes.objectMethods", x -> Classes.objectMethods(x));
    add("Classes.classObjects", x -> Classes.classObjects(x));
    add("Classes.textReader", x -> Classes.textReader(x));
    add("Classes.instanceInitialisers", x -> Classes.instanceInitialisers(x));
    add("Classes.innerClasses", x -> Classes.innerClasses(x));
    add("Classes.anonymousClasses", x -> Classes.anonymousClasses(x));
    add("Classes.interfaceMethods", x -> Classes.interfaceMethods(x));
    add("Classes.inheritance", x -> Classes.inheritance(x));
    add("Classes.bridges", x -> Classes.bridges(x));
    add("Classes.varargs", x -> Classes.varargs(x));
    add("Classes.overloads", x -> Classes.overloads(x));
    add("Classes.flexibleConstructors", x -> Classes.flexibleConstructors(x));
    add("Classes.linkedStructures", x -> Classes.linkedStructures(x));
    add("Classes.mutualRecursion", x -> Classes.mutualRecursion(x));
    add("Classes.clones", x -> Classes.clones(x));
    add("Classes.clonesRefused", x -> Classes.clonesRefused(x));
    add("Functions.lambdas", x -> Functions.lambdas(x));
    add("Functions.nestedLambdas", x -> Functions.nestedLambdas(x));
    add("Functions.genericLambdas", x -> Functions.genericLambdas(x));
    add("Functions.staticReference", x -> Functions.staticReference(x));
    add("Functions.boundReference", x -> Functions.boundReference(x));
    add("Functions.unboundReference", x -> Functions.unboundReference(x));
    add("Functions.constructorReference", x -> Functions.constructorReference(x));
    add("Functions.arrayReference", x -> Functions.arrayReference(x));
    add("Functions.thisReference", x -> Functions.thisReference(x));
    add("Functions.superReference", x -> Functions.superReference(x));
    add("Functions.callbacks", x -> Functions.callbacks(x));
    add("Functions.recursiveLambda", x -> Functions.recursiveLambda(x));
    add("Functions.comparators", x -> Functions.comparators(x));
    add("Functions.optionals", x -> Functions.optionals(x));
    add("Functions.streams", x -> Functions.streams(x));
    add("Functions.boxedNumbers", x -> Functions.boxedNumbers(x));
    add("Functions.floats", x -> Functions.floats(x));
    add("Functions.numericCasts", x -> Functions.numericCasts(x));
    add("Functions.constants", x -> Functions.constants(x));
    add("Functions.objectsInConstants", x -> Functions.objectsInConstants(x));
  }

  private static void add(String name, Scalar1 f) {
    CONSTRUCTS.put(name, f);
  }

  private static List<Method> methods() {
    List<Method> methods = new ArrayList<>();
    for (Class<?> subject : SUBJECTS) {
      for (Method method : subject.getDeclaredMethods()) {
        boolean isSubject =
            !method.isSynthetic()
                && Arrays.equals(method.getParameterTypes(), new Class<?>[] {double.class})
                && method.getReturnType() == double.class
                && CONSTRUCTS.containsKey(subject.getSimpleName() + "." + method.getName());
        if (isSubject) {
          methods.add(method);
        }
      }
    }
    return methods;
  }

  @Test
  void everyConstructIsDifferentiated() {
    assertEquals(CONSTRUCTS.size(), methods().size());
  }

  @TestFactory
  List<DynamicTest> gradientsAgreeWithDifferencesAndForwardMode() {
    return CONSTRUCTS.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getValue())))
        .toList();
  }

  private static void check(Scalar1 f) {
    for (double x : POINTS) {
      double h = 1e-6;
      double expected = (f.apply(x + h) - f.apply(x - h)) / (2 * h);
      double gradient = Grad.gradient(f, x);
      assertEquals(expected, gradient, 1e-6 * Math.max(1, Math.abs(expected)), "at " + x);
      double derivative = Grad.derivative(f, x);
      assertEquals(gradient, derivative, 1e-12 * Math.max(1, Math.abs(gradient)), "at " + x);
    }
  }

  @TestFactory
  List<DynamicTest> methodsDoTheSameWhenReEmitted() {
    Map<String, byte[]> files = new HashMap<>();
    Set<Class<?>> known = new HashSet<>();
    SUBJECTS.forEach(subject -> collect(subject, known));
    for (Class<?> type : known) {
      RoundTrip trip = RoundTrip.of(read(type));
      assertEquals(List.of(), trip.left());
      files.put(type.getName(), trip.classFile());
    }
    ClassLoader loader = new Loader(files);
    return methods().stream()
        .map(
            method ->
                DynamicTest.dynamicTest(
                    method.getDeclaringClass().getSimpleName() + "." + method.getName(),
                    () -> {
                      String name = method.getDeclaringClass().getName();
                      Method again =
                          Class.forName(name, true, loader)
                              .getDeclaredMethod(method.getName(), double.class);
                      method.setAccessible(true);
                      again.setAccessible(true);
                      for (double x : POINTS) {
                        assertEquals(method.invoke(null, x), again.invoke(null, x));
                      }
                    }))
        .toList();
  }

  /** A class, what it declares, and the anonymous and local classes within. */
  private static void collect(Class<?> type, Set<Class<?>> known) {
    for (Class<?> member : type.getNestMembers()) {
      known.add(member);
    }
  }

  private static byte[] read(Class<?> type) {
    String name = type.getName();
    try (InputStream in =
        type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Defines these classes itself and leaves the others to the usual loader. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> files;

    Loader(Map<String, byte[]> files) {
      super(LanguageTest.class.getClassLoader());
      this.files = files;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        byte[] bytes = files.get(name);
        Class<?> loaded = findLoadedClass(name);
        if (bytes == null || loaded != null) {
          return loaded != null ? loaded : super.loadClass(name, resolve);
        }
        return defineClass(name, bytes, 0, bytes.length);
      }
    }
  }
}
