package dev.fluxion.grad;

import dev.fluxion.grad.runtime.Tangents;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.Kind;
import dev.fluxion.ir.pass.Simplify;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The dual functions of a class's functions, made once for each set of active parameters. */
final class Duals {
  static final ClassDesc TANGENTS = Tangents.class.describeConstable().orElseThrow();

  private static final int MAX_SLOTS = 255;

  private static final ClassValue<RuleCache<Key, Function>> OF_HOST =
      new ClassValue<>() {
        @Override
        protected RuleCache<Key, Function> computeValue(Class<?> type) {
          return new RuleCache<>();
        }
      };

  private record Key(
      Function function, String pattern, boolean result, int directions, Statics statics) {}

  private Duals() {}

  /**
   * The function that also computes the tangent of its result: takes the arguments, the tangents of
   * the active ones among them, and where to leave the result's tangents.
   *
   * @param active which parameters are active
   * @param result whether the result is
   * @param directions how many tangents each active value has
   */
  static Function of(Function function, boolean[] active, boolean result, int directions) {
    return of(function, active, result, directions, Statics.of(function, active));
  }

  /**
   * The same within a derivative.
   *
   * @param statics the static fields that are active, each with its cell among the tangents
   */
  static Function of(
      Function function, boolean[] active, boolean result, int directions, Statics statics) {
    if (!statics.isEmpty() && Derivations.isOfPlatform(function)) {
      return derive(function, active.clone(), result, directions, statics); // see Derivations
    }
    String pattern = Arrays.toString(active);
    Key key = new Key(function, pattern, result, directions, statics);
    return OF_HOST
        .get(function.host())
        .get(key, () -> derive(function, active.clone(), result, directions, statics));
  }

  private static Function derive(
      Function function, boolean[] active, boolean result, int directions, Statics statics) {
    Types types = Types.of(function.host());
    MethodTypeDesc type = type(function.type(), active, directions, types);
    int slots = 0;
    for (ClassDesc parameter : type.parameterList()) {
      slots += Kind.of(parameter).slots();
    }
    if (slots > MAX_SLOTS) {
      throw new GradientException(
          function.name() + " has too many parameters to pass tangents beside them; use an array");
    }
    return new Function(
        Constructors.derivedName(function),
        type,
        function.host(),
        () -> body(function, active, result, directions, statics, types),
        body -> Fusion.apply(body, types));
  }

  private static Body body(
      Function function,
      boolean[] active,
      boolean result,
      int directions,
      Statics statics,
      Types types) {
    Handwritten handwritten = Handwritten.of(function);
    return handwritten == null
        ? Nesting.derive(
            function.name(),
            () ->
                Simplify.simplify(
                    new Dual(function, active, result, directions, statics, types).build()))
        : handwritten.dual(active, result, directions, statics);
  }

  /** The type of a dual function. */
  static MethodTypeDesc type(MethodTypeDesc type, boolean[] active, int directions, Types types) {
    List<ClassDesc> parameters = new ArrayList<>(type.parameterList());
    for (int i = 0; i < active.length; i++) {
      if (active[i]) {
        ClassDesc tangent = tangent(type.parameterType(i), types);
        for (int k = 0; k < directions; k++) {
          parameters.add(tangent);
        }
      }
    }
    parameters.add(TANGENTS);
    return MethodTypeDesc.of(type.returnType(), parameters);
  }

  /** The type of a tangent. */
  static ClassDesc tangent(ClassDesc type, Types types) {
    return types.isValue(type) ? Types.adjoint(type) : types.shadow(type);
  }
}
