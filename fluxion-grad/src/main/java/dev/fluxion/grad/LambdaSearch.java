package dev.fluxion.grad;

import static java.lang.constant.ConstantDescs.CLASS_INIT_NAME;
import static java.lang.constant.ConstantDescs.INIT_NAME;

import dev.fluxion.ir.Block;
import dev.fluxion.ir.Body;
import dev.fluxion.ir.FieldRef;
import dev.fluxion.ir.LambdaRef;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.Op;
import dev.fluxion.ir.Value;
import dev.fluxion.ir.lift.ClassFiles;
import dev.fluxion.ir.lift.LiftException;
import dev.fluxion.ir.lift.Lifter;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds where a lambda was made whose interface is not serializable, as the functions that
 * libraries keep in constants are: in the code of the class that its own class is named after.
 *
 * <p>Often there is but one place that makes a lambda of this interface, with captured values of
 * these types. Of several, what the class's initialiser does decides: which lambda it stores in the
 * static field that holds this one, or hands to the constructor of the object there, such as a
 * constant of an enum. Else what they compute may tell ({@link LambdaValues}).
 */
final class LambdaSearch {
  private static final int MOST_CONSTRUCTORS = 8;
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";

  private final Object lambda;
  private final Class<?> host;
  private final List<LambdaRef> candidates;

  private LambdaSearch(Object lambda, Class<?> host, List<LambdaRef> candidates) {
    this.lambda = lambda;
    this.host = host;
    this.candidates = candidates;
  }

  /** Where a lambda was made, or null when that cannot be told. */
  static Lambdas.@Nullable Site find(Object lambda) {
    Class<?> host = host(lambda.getClass());
    if (host == null) {
      return null;
    }
    List<LambdaRef> candidates = candidates(lambda.getClass(), host);
    if (candidates.isEmpty()) {
      return null;
    }
    LambdaRef found =
        candidates.size() == 1
            ? candidates.get(0)
            : new LambdaSearch(lambda, host, candidates).inConstants();
    LambdaRef told = found == null ? LambdaValues.find(lambda, host, candidates) : found;
    return told == null ? null : new Lambdas.Site(told, host);
  }

  private static @Nullable Class<?> host(Class<?> type) {
    int end = type.getName().indexOf("$$Lambda");
    if (!type.isHidden() || end < 0) {
      return null;
    }
    try {
      return Class.forName(type.getName().substring(0, end), false, type.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      return null;
    }
  }

  /** The lambdas, with different code, that a class makes and that could be of a lambda's class. */
  private static List<LambdaRef> candidates(Class<?> type, Class<?> host) {
    Map<Object, LambdaRef> found = new LinkedHashMap<>();
    for (MethodModel method : ClassFiles.of(host).map(file -> file.methods()).orElse(List.of())) {
      CodeModel code = method.code().orElse(null);
      if (code == null) {
        continue;
      }
      for (CodeElement element : code) {
        if (element instanceof InvokeInstruction call
            && call.owner().name().equalsString(FACTORY)) {
          return List.of(); // it makes some by itself
        }
        Optional<LambdaRef> made =
            element instanceof InvokeDynamicInstruction instruction
                ? LambdaRef.of(instruction.invokedynamic().asSymbol())
                : Optional.empty();
        if (made.isPresent() && couldBe(made.get(), type)) {
          found.putIfAbsent(made.get().implementation(), made.get());
        }
      }
    }
    return new ArrayList<>(found.values());
  }

  private static boolean couldBe(LambdaRef made, Class<?> type) {
    List<ClassDesc> captured = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers())) {
        captured.add(described(field.getType()));
      }
    }
    ClassDesc implemented = made.functionalInterface();
    for (Class<?> one : type.getInterfaces()) {
      if (described(one).equals(implemented)) {
        return made.site().invocationType().parameterList().equals(captured);
      }
    }
    return false;
  }

  private static ClassDesc described(Class<?> type) {
    return type.describeConstable().orElse(ConstantDescs.CD_Object);
  }

  // ---------------------------------------------------------------- in static fields

  private @Nullable LambdaRef inConstants() {
    Body body = lifted(host, CLASS_INIT_NAME, MethodTypeDesc.of(ConstantDescs.CD_void));
    if (body == null) {
      return null;
    }
    Map<Value, Op> definitions = body.definitions();
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        LambdaRef found =
            op instanceof Op.StoreField store && store.receiver() == null
                ? stored(store, body, definitions)
                : null;
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** The lambda that is stored, or that the object which is stored was made with. */
  private @Nullable LambdaRef stored(Op.StoreField store, Body body, Map<Value, Op> definitions) {
    Object held = held(store.field());
    if (held == null) {
      return null;
    }
    Op made = made(store.value(), definitions);
    if (held == lambda) {
      return candidate(made);
    }
    if (held instanceof Object[] array && made instanceof Op.NewArray created) {
      return element(array, created, body, definitions);
    }
    Field field = made instanceof Op.New ? fieldOf(held) : null;
    if (field == null || !(made instanceof Op.New created)) {
      return null;
    }
    int index = argument(created.constructor(), field.getName(), MOST_CONSTRUCTORS);
    return index < 1 ? null : candidate(made(created.arguments().get(index - 1), definitions));
  }

  /** The lambda that is put where an array has this one. */
  private @Nullable LambdaRef element(
      Object[] array, Op.NewArray created, Body body, Map<Value, Op> definitions) {
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        if (op instanceof Op.StoreElement store
            && store.array() == created.result()
            && definitions.get(store.index()) instanceof Op.Constant constant
            && constant.value() instanceof Integer index
            && array[index] == lambda) {
          return candidate(made(store.value(), definitions));
        }
      }
    }
    return null;
  }

  private @Nullable LambdaRef candidate(@Nullable Op made) {
    return made instanceof Op.Lambda one
        ? candidates.stream()
            .filter(each -> each.implementation().equals(one.lambda().implementation()))
            .findFirst()
            .orElse(null)
        : null;
  }

  private static @Nullable Op made(Value value, Map<Value, Op> definitions) {
    Op op = definitions.get(value);
    return op instanceof Op.Cast cast ? made(cast.operand(), definitions) : op;
  }

  /** What a static field of the class holds. */
  private @Nullable Object held(FieldRef reference) {
    try {
      Field field = host.getDeclaredField(reference.name());
      return !Modifier.isFinal(field.getModifiers()) || field.getType().isPrimitive()
          ? null
          : Types.privateLookup(host).unreflectGetter(field).invoke();
    } catch (Throwable e) { // it is another class's, or out of reach
      return null;
    }
  }

  /** The final field of an object that holds the lambda. */
  private @Nullable Field fieldOf(Object holder) {
    for (Class<?> at = holder.getClass(); at != null; at = at.getSuperclass()) {
      if (at.getNestHost() != host.getNestHost()) {
        continue;
      }
      try {
        MethodHandles.Lookup lookup = Types.privateLookup(at);
        for (Field field : at.getDeclaredFields()) {
          boolean mayHold =
              Modifier.isFinal(field.getModifiers())
                  && !Modifier.isStatic(field.getModifiers())
                  && field.getType().isInstance(lambda);
          if (mayHold && lookup.unreflectGetter(field).invoke(holder) == lambda) {
            return field;
          }
        }
      } catch (Throwable e) {
        return null;
      }
    }
    return null;
  }

  /**
   * Which argument a constructor sets a field to, counted from 1; 0 if it is not seen to be one.
   */
  private int argument(MethodRef constructor, String field, int most) {
    Class<?> owner = resolved(constructor.owner());
    Body body = owner == null || most == 0 ? null : lifted(owner, INIT_NAME, constructor.type());
    if (owner == null || body == null) {
      return 0;
    }
    List<Value> parameters = body.parameters();
    int found = 0;
    for (Block block : body.blocks()) {
      for (Op op : block.ops()) {
        Value value = null;
        if (op instanceof Op.StoreField store
            && store.receiver() == parameters.get(0)
            && store.field().name().equals(field)) {
          value = store.value();
        } else if (op instanceof Op.Call call
            && call.method().name().equals(INIT_NAME)
            && call.arguments().get(0) == parameters.get(0)) {
          int index = argument(call.method(), field, most - 1);
          value = index == 0 ? null : call.arguments().get(index);
        }
        if (value != null && (found != 0 || !parameters.contains(value))) {
          return 0; // set twice, or to something else
        }
        found = value == null ? found : parameters.indexOf(value);
      }
    }
    return found;
  }

  private @Nullable Class<?> resolved(ClassDesc type) {
    Class<?> found = Types.of(host).resolve(type, Location.NONE);
    return found.getNestHost() == host.getNestHost() ? found : null;
  }

  private static @Nullable Body lifted(Class<?> owner, String name, MethodTypeDesc type) {
    try {
      return ClassFiles.method(owner, name, type).isPresent()
          ? Lifter.lift(owner, name, type)
          : null;
    } catch (LiftException e) {
      return null;
    }
  }
}
