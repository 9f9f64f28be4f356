package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CD_void;

import dev.fluxion.grad.runtime.Tape;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.Function;
import dev.fluxion.ir.emit.CodeSizeException;
import dev.fluxion.ir.emit.Compiler;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The derivatives of a class's functions, made once for each set of active parameters. */
final class Derivations {
  static final ClassDesc TAPE = Tape.class.describeConstable().orElseThrow();

  private static final ClassValue<Derivations> OF_HOST =
      new ClassValue<>() {
        @Override
        protected Derivations computeValue(Class<?> type) {
          return new Derivations();
        }
      };

  private record Key(
      Function function,
      String pattern,
      boolean result,
      Statics statics,
      boolean isUndisturbed,
      boolean isLoss) {}

  private final RuleCache<Key, Derived> derived = new RuleCache<>();

  private Derivations() {}

  /** The derivative of a function in the parameters marked, with a tape of its own. */
  static Derived of(Function function, boolean[] parameters, boolean result) {
    return of(function, parameters, result, Statics.of(function, parameters));
  }

  /**
   * The derivative of a function in the parameters marked.
   *
   * @param statics the static fields that are active, each with its cell on the tape
   */
  static Derived of(Function function, boolean[] parameters, boolean result, Statics statics) {
    return of(function, parameters, result, statics, false);
  }

  /**
   * The derivative of a function in the parameters marked.
   *
   * @param isUndisturbed whether nothing writes to arrays between its two halves
   */
  static Derived of(
      Function function,
      boolean[] parameters,
      boolean result,
      Statics statics,
      boolean isUndisturbed) {
    return of(function, parameters, result, statics, isUndisturbed, false);
  }

  /**
   * The derivative of a function in the parameters marked.
   *
   * @param isUndisturbed whether nothing writes to arrays between its two halves
   * @param isLoss whether the cotangent of the result is always one
   */
  static Derived of(
      Function function,
      boolean[] parameters,
      boolean result,
      Statics statics,
      boolean isUndisturbed,
      boolean isLoss) {
    if (!statics.isEmpty() && isOfPlatform(function)) { // it must not hold the fields' classes
      return derive(function, parameters, result, statics, isUndisturbed, isLoss);
    }
    Key key =
        new Key(function, Arrays.toString(parameters), result, statics, isUndisturbed, isLoss);
    return OF_HOST
        .get(function.host())
        .derived
        .get(key, () -> derive(function, parameters, result, statics, isUndisturbed, isLoss));
  }

  /** Whether a function serves everybody, and so outlives the classes of static fields. */
  static boolean isOfPlatform(Function function) {
    return function.host() == Foreign.class || function.host() == CalledForm.class;
  }

  private static Derived derive(
      Function function,
      boolean[] parameters,
      boolean result,
      Statics statics,
      boolean isUndisturbed,
      boolean isLoss) {
    Types types = Types.of(function.host());
    Halves halves = new Halves(function, parameters, result, statics, isUndisturbed, isLoss, types);
    Derived derived =
        new Derived(
            function,
            parameters,
            result,
            new Function(
                Constructors.derivedName(function),
                forwardType(function.type(), parameters, types),
                function.host(),
                () -> halves.bodies().forward(),
                body -> finish(body, types)),
            new Function(
                Constructors.derivedName(function),
                reverseType(function.type(), parameters, result, types),
                function.host(),
                () -> halves.bodies().reverse(),
                body -> finish(body, types)));
    Handwritten handwritten = Handwritten.of(function);
    if (handwritten != null) {
      handwritten.give(derived);
    }
    return derived;
  }

  /** The code of one half as it runs. */
  private static Body finish(Body body, Types types) {
    return Lending.apply(Fusion.apply(body, types), types);
  }

  /** The code of a derivative. */
  static MethodHandle handle(Function function) {
    try {
      return function.handle(Compiler.INSTANCE);
    } catch (CodeSizeException e) {
      throw Grad.unchecked(e);
    }
  }

  /** Both bodies come from one run of the transform. */
  private static final class Halves {
    private final Function function;
    private final boolean[] parameters;
    private final boolean result;
    private final Statics statics;
    private final boolean isUndisturbed;
    private final boolean isLoss;
    private final Types types;
    private Adjoint.@Nullable Bodies bodies;

    Halves(
        Function function,
        boolean[] parameters,
        boolean result,
        Statics statics,
        boolean isUndisturbed,
        boolean isLoss,
        Types types) {
      this.function = function;
      this.parameters = parameters;
      this.result = result;
      this.statics = statics;
      this.isUndisturbed = isUndisturbed;
      this.isLoss = isLoss;
      this.types = types;
    }

    synchronized Adjoint.Bodies bodies() {
      if (bodies == null) {
        Handwritten handwritten = Handwritten.of(function);
        bodies =
            handwritten == null
                ? Nesting.derive(
                    function.name(),
                    () ->
                        Adjoint.split(
                            function, parameters, result, statics, isUndisturbed, isLoss, types))
                : handwritten.split(parameters, result, statics);
      }
      return bodies;
    }
  }

  static MethodTypeDesc forwardType(MethodTypeDesc type, boolean[] active, Types types) {
    List<ClassDesc> parameters = new ArrayList<>(type.parameterList());
    for (int i = 0; i < active.length; i++) {
      if (active[i] && types.isShadowed(type.parameterType(i))) {
        parameters.add(types.shadow(type.parameterType(i)));
      }
    }
    parameters.add(TAPE);
    return MethodTypeDesc.of(type.returnType(), parameters);
  }

  static MethodTypeDesc reverseType(
      MethodTypeDesc type, boolean[] active, boolean result, Types types) {
    List<ClassDesc> parameters = new ArrayList<>();
    parameters.add(TAPE);
    if (result && types.isValue(type.returnType())) {
      parameters.add(Types.adjoint(type.returnType()));
    }
    int only = onlyValue(type.parameterList(), active, types);
    ClassDesc returned = only < 0 ? CD_void : Types.adjoint(type.parameterType(only));
    return MethodTypeDesc.of(returned, parameters);
  }

  /** The index of the only active number or vector among the parameters, or -1. */
  static int onlyValue(List<ClassDesc> parameters, boolean[] active, Types types) {
    int only = -1;
    for (int i = 0; i < active.length; i++) {
      if (active[i] && types.isValue(parameters.get(i))) {
        if (only >= 0) {
          return -1;
        }
        only = i;
      }
    }
    return only;
  }
}
