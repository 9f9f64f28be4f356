package dev.fluxion.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fluxion.grad.Primitive;
import dev.fluxion.grad.Pullback;
import dev.fluxion.grad.Pushforward;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every primitive has a pullback and a pushforward in each argument that it depends on. */
class PrimitivesTest {
  private static final List<Class<?>> OWNERS =
      List.of(
          Tensor.class,
          Slope.class,
          Elementwise.class,
          Softmax.class,
          Standardization.class,
          Rearrangements.class,
          MatrixProduct.class,
          Convolution.class,
          Pooling.class,
          Entries.class,
          Fourier.class,
          Scans.class,
          SpecialFunctions.class,
          LinearSolves.class,
          Determinants.class,
          Factors.class);

  private static final Set<Class<?>> CARRIERS =
      Set.of(Tensor.class, double.class, double[].class, float[].class);

  /** In these arguments the derivative is zero wherever there is one. */
  private static final Set<String> CONSTANT =
      Set.of(
          "Softmax.masked 1",
          "Tensor.ceil 0",
          "Tensor.equalTo 0",
          "Tensor.equalTo 1",
          "Tensor.fill 0",
          "Tensor.floor 0",
          "Tensor.greater 0",
          "Tensor.greater 1",
          "Tensor.greaterOrEqual 0",
          "Tensor.greaterOrEqual 1",
          "Tensor.isFinite 0",
          "Tensor.isNaN 0",
          "Tensor.less 0",
          "Tensor.less 1",
          "Tensor.lessOrEqual 0",
          "Tensor.lessOrEqual 1",
          "Tensor.notEqualTo 0",
          "Tensor.notEqualTo 1",
          "Tensor.round 0",
          "Tensor.sign 0",
          "Tensor.trunc 0",
          "Tensor.where 0",
          "Tensor.zero 0",
          "Elementwise.along 1",
          "Elementwise.share 0",
          "Elementwise.share 1",
          "Elementwise.toward 1",
          "Pooling.maxAlong 0",
          "Pooling.maxAlong 4",
          "Pooling.maxBack 0",
          "Pooling.maxBack 4",
          "Slope.timesStep 1");

  /** Whether the derivative of a primitive in an argument, the receiver first, is always zero. */
  static boolean isConstant(Method method, int index) {
    return method.isAnnotationPresent(Primitive.class) && CONSTANT.contains(name(method, index));
  }

  private static String name(Method method, int index) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName() + " " + index;
  }

  /** Derivatives that are missing. This may only shrink. */
  private static final Set<String> GAPS = Set.of();

  private static List<Method> primitives(Class<?> owner) {
    return Arrays.stream(owner.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Primitive.class) && !method.isBridge())
        .toList();
  }

  /** The types of the arguments, the receiver's first. */
  private static List<Class<?>> arguments(Method method) {
    List<Class<?>> arguments = new ArrayList<>();
    if (!Modifier.isStatic(method.getModifiers())) {
      arguments.add(method.getDeclaringClass());
    }
    arguments.addAll(List.of(method.getParameterTypes()));
    return arguments;
  }

  private static List<Method> rules(Method primitive) {
    List<Class<?>> holders =
        new ArrayList<>(List.of(primitive.getAnnotation(Primitive.class).value()));
    Primitive shared = primitive.getDeclaringClass().getAnnotation(Primitive.class);
    if (shared != null) {
      holders.addAll(List.of(shared.value()));
    }
    return holders.stream().flatMap(one -> Arrays.stream(one.getDeclaredMethods())).toList();
  }

  private static boolean hasPullback(Method primitive, int index) {
    List<Class<?>> types = arguments(primitive);
    types.add(primitive.getReturnType());
    types.add(primitive.getReturnType());
    for (Method rule : rules(primitive)) {
      Pullback pullback = rule.getAnnotation(Pullback.class);
      if (pullback != null
          && pullback.of().equals(primitive.getName())
          && pullback.argument() == index
          && List.of(rule.getParameterTypes()).equals(types)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasPushforward(Method primitive, int index) {
    List<Class<?>> types = arguments(primitive);
    types.add(primitive.getReturnType());
    types.add(types.get(index));
    for (Method rule : rules(primitive)) {
      Pushforward pushforward = rule.getAnnotation(Pushforward.class);
      if (pushforward != null
          && pushforward.of().equals(primitive.getName())
          && pushforward.argument() == index
          && List.of(rule.getParameterTypes()).equals(types)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void haveRulesInEveryArgument() {
    Set<String> missing = new TreeSet<>();
    int count = 0;
    for (Class<?> owner : OWNERS) {
      for (Method primitive : primitives(owner)) {
        count++;
        List<Class<?>> arguments = arguments(primitive);
        for (int i = 0; i < arguments.size(); i++) {
          boolean isDifferentiable =
              CARRIERS.contains(primitive.getReturnType()) && CARRIERS.contains(arguments.get(i));
          boolean isComplete = hasPullback(primitive, i) && hasPushforward(primitive, i);
          if (isDifferentiable && !isComplete) {
            missing.add(name(primitive, i));
          }
        }
      }
    }
    assertTrue(count > 100, "only " + count + " primitives were found");
    Set<String> expected = new TreeSet<>(CONSTANT);
    expected.addAll(GAPS);
    assertEquals(expected, missing);
  }
}
