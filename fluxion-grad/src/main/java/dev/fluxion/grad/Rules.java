package dev.fluxion.grad;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.grad.runtime.MathRules;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.lift.ClassFiles;
import java.io.Serializable;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.LoadInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Finds the rule of a method: registered by the user, declared on it, or built in. */
final class Rules {
  private static final String PRIMITIVE = Primitive.class.descriptorString();
  private static final String PULLBACK = Pullback.class.descriptorString();
  private static final String PUSHFORWARD = Pushforward.class.descriptorString();
  private static final Set<String> COMBINERS = Set.of("sum", "max", "min"); // of Double and Float

  /** Libraries' own forms of {@code Math}, written with the bits of numbers and tables. */
  private static final Set<String> LIKE_MATH =
      Set.of(
          "org.hipparchus.util.FastMath",
          "org.apache.commons.math3.util.FastMath",
          "org.apache.commons.math4.core.jdkmath.AccurateMath",
          "org.apache.commons.math4.core.jdkmath.JdkMath",
          "net.jafama.FastMath",
          "net.jafama.StrictFastMath");

  /** The rules of a class's methods, kept with it and released with its loader. */
  private record OfOwner(Map<Declared, Rule> registered, Map<Declared, Optional<Rule>> found) {}

  private static final ClassValue<OfOwner> OF_OWNER =
      new ClassValue<>() {
        @Override
        protected OfOwner computeValue(Class<?> owner) {
          return new OfOwner(new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
        }
      };

  private static volatile int version;

  private Rules() {}

  /** Changes whenever a rule is registered: what was derived before is out of date then. */
  static int version() {
    return version;
  }

  static synchronized void register(Declared method, Rule rule) {
    OF_OWNER.get(method.owner()).registered.put(method, rule);
    version++;
  }

  /** The rule of a method, or null when it is to be differentiated by its bytecode. */
  static @Nullable Rule find(Declared method) {
    OfOwner rules = OF_OWNER.get(method.owner());
    Rule registered = rules.registered.get(method);
    return registered != null
        ? registered
        : rules.found.computeIfAbsent(method, Rules::search).orElse(null);
  }

  private static Optional<Rule> search(Declared method) {
    if (method.owner() == Math.class || method.owner() == StrictMath.class || isLikeMath(method)) {
      return Optional.of(builtIn(method));
    }
    if ((method.owner() == Double.class || method.owner() == Float.class)
        && COMBINERS.contains(method.name())) {
      return Optional.of(builtIn(method));
    }
    Optional<MethodModel> model = ClassFiles.method(method.owner(), method.name(), method.type());
    if (model.isEmpty() || model.get().flags().has(AccessFlag.BRIDGE)) {
      return Optional.empty(); // javac copies annotations to bridges, whose types fit no rule
    }
    Annotation primitive = annotation(model.get(), PRIMITIVE);
    if (primitive == null) {
      return Optional.empty();
    }
    List<Class<?>> holders = new ArrayList<>(holders(primitive, method.owner()));
    ClassFiles.of(method.owner())
        .map(owner -> annotation(owner, PRIMITIVE))
        .ifPresent(shared -> holders.addAll(holders(shared, method.owner())));
    return Optional.of(declared(method, holders));
  }

  /** Whether a library has a method of {@code Math} again, or its power with a whole exponent. */
  private static boolean isLikeMath(Declared method) {
    if (!LIKE_MATH.contains(method.owner().getName())) {
      return false;
    }
    String type = method.type().descriptorString();
    return (method.name().equals("pow") && (type.equals("(DI)D") || type.equals("(DJ)D")))
        || ClassFiles.method(Math.class, method.name(), method.type()).isPresent();
  }

  private static List<Class<?>> holders(Annotation primitive, Class<?> owner) {
    List<Class<?>> holders = new ArrayList<>();
    AnnotationValue value = primitive.elements().getFirst().value();
    if (value instanceof AnnotationValue.OfArray array) {
      for (AnnotationValue one : array.values()) {
        ClassDesc holder = ((AnnotationValue.OfClass) one).classSymbol();
        holders.add(Types.of(owner).resolve(holder, Location.NONE));
      }
    }
    return holders;
  }

  private static @Nullable Annotation annotation(AttributedElement element, String descriptor) {
    var attribute = element.findAttribute(Attributes.runtimeVisibleAnnotations()).orElse(null);
    if (attribute != null) {
      for (Annotation annotation : attribute.annotations()) {
        if (annotation.className().equalsString(descriptor)) {
          return annotation;
        }
      }
    }
    return null;
  }

  /** The methods of {@code Math}: those without a pullback are constant almost everywhere. */
  private static Rule builtIn(Declared method) {
    return collect(method, List.of(MathRules.class), method.type().parameterList());
  }

  private static Rule declared(Declared method, List<Class<?>> rules) {
    return collect(method, rules, arguments(method));
  }

  /** The types of a method's arguments, the receiver's first. */
  private static List<ClassDesc> arguments(Declared method) {
    List<ClassDesc> arguments = new ArrayList<>(method.type().parameterList());
    if (!Methods.has(method, AccessFlag.STATIC)) {
      arguments.add(0, method.owner().describeConstable().orElseThrow());
    }
    return arguments;
  }

  private static Rule collect(Declared method, List<Class<?>> rules, List<ClassDesc> arguments) {
    List<Rule.@Nullable Vjp> pullbacks =
        new ArrayList<>(Collections.nCopies(arguments.size(), null));
    List<Rule.@Nullable Vjp> pushforwards = new ArrayList<>(pullbacks);
    for (Class<?> holder : rules) {
      ClassModel model =
          ClassFiles.of(holder)
              .orElseThrow(
                  () -> new GradientException("the rules in " + holder + " cannot be read"));
      for (MethodModel candidate : model.methods()) {
        collect(method, holder, candidate, PULLBACK, arguments, pullbacks);
        collect(method, holder, candidate, PUSHFORWARD, arguments, pushforwards);
      }
    }
    return new Rule(pullbacks, pushforwards);
  }

  private static void collect(
      Declared method,
      Class<?> rules,
      MethodModel candidate,
      String kind,
      List<ClassDesc> arguments,
      List<Rule.@Nullable Vjp> found) {
    Annotation rule = annotation(candidate, kind);
    if (rule == null || !method.name().equals(text(rule, "of"))) {
      return;
    }
    int index = integer(rule, "argument");
    if (index >= arguments.size() || found.get(index) != null) {
      return;
    }
    ClassDesc result = method.type().returnType();
    List<ClassDesc> parameters = new ArrayList<>(arguments);
    parameters.add(result);
    parameters.add(Types.adjoint(kind.equals(PULLBACK) ? result : arguments.get(index)));
    MethodTypeDesc type = candidate.methodTypeSymbol();
    if (type.parameterList().equals(parameters)) {
      refuseObjects(method, arguments.get(index));
      refuseObjects(method, result);
      found.set(index, vjp(rules, candidate, type));
    }
  }

  /** A cotangent is a number, a vector, or an array of numbers; an object has none. */
  private static void refuseObjects(Declared method, ClassDesc type) {
    String descriptor = type.descriptorString();
    boolean isNumbers = descriptor.equals("[D") || descriptor.equals("[F");
    if (!isNumbers && Types.of(method.owner()).isShadowed(type)) {
      throw new GradientException(
          "a rule of "
              + method
              + " goes through a "
              + type.displayName()
              + ", which has no derivative of its own: use numbers, vectors or arrays of numbers");
    }
  }

  private static String text(Annotation annotation, String element) {
    for (AnnotationElement one : annotation.elements()) {
      if (one.name().equalsString(element)
          && one.value() instanceof AnnotationValue.OfString value) {
        return value.stringValue();
      }
    }
    return "";
  }

  private static int integer(Annotation annotation, String element) {
    for (AnnotationElement one : annotation.elements()) {
      if (one.name().equalsString(element) && one.value() instanceof AnnotationValue.OfInt value) {
        return value.intValue();
      }
    }
    return 0;
  }

  private static Rule.Vjp vjp(Class<?> rules, MethodModel method, MethodTypeDesc type) {
    boolean[] reads = reads(method, type);
    boolean isPublic =
        Modifier.isPublic(rules.getModifiers()) && method.flags().has(AccessFlag.PUBLIC);
    ClassDesc last = type.parameterType(type.parameterCount() - 1);
    MethodRef reference =
        MethodRef.ofStatic(
            rules.describeConstable().orElseThrow(), method.methodName().stringValue(), type);
    if (isPublic && !last.isClassOrInterface()) {
      return new Rule.Vjp(reference, null, type, reads);
    }
    try {
      MethodHandles.Lookup lookup =
          isPublic ? MethodHandles.publicLookup() : Types.privateLookup(rules);
      MethodHandle handle =
          lookup.findStatic(rules, reference.name(), Methods.methodType(type, rules));
      return new Rule.Vjp(null, PartialRules.handle(handle, reference, rules), type, reads);
    } catch (IllegalAccessException | NoSuchMethodException e) {
      throw new GradientException(
          "the rule "
              + rules.getName()
              + "."
              + method.methodName()
              + " is out of reach: make it static, and open its package to dev.fluxion.grad",
          e);
    }
  }

  /** Which parameters of a static method its code loads. */
  private static boolean[] reads(MethodModel method, MethodTypeDesc type) {
    boolean[] reads = new boolean[type.parameterCount()];
    int[] slots = new int[type.parameterCount()];
    int slot = 0;
    for (int i = 0; i < slots.length; i++) {
      slots[i] = slot;
      slot += TypeKind.from(type.parameterType(i)).slotSize();
    }
    for (CodeElement element : method.code().orElseThrow()) {
      if (element instanceof LoadInstruction load) {
        for (int i = 0; i < slots.length; i++) {
          reads[i] |= slots[i] == load.slot();
        }
      }
    }
    return reads;
  }

  /**
   * A rule whose pullbacks are handles over arguments, result and cotangent.
   *
   * @param sources the functional objects that the handles call
   */
  static Rule ofHandles(Declared method, List<MethodHandle> handles, Serializable... sources) {
    List<ClassDesc> arguments = arguments(method);
    if (arguments.size() != handles.size()) {
      throw new GradientException(
          "a rule for " + method + " needs " + arguments.size() + " derivatives, one an argument");
    }
    List<Rule.@Nullable Vjp> pullbacks = new ArrayList<>();
    ClassDesc result = method.type().returnType();
    refuseObjects(method, result);
    for (int i = 0; i < handles.size(); i++) {
      ClassDesc argument = arguments.get(i);
      if (!Types.of(method.owner()).mayCarry(argument)) {
        pullbacks.add(null);
        continue;
      }
      refuseObjects(method, argument);
      List<ClassDesc> parameters = new ArrayList<>(arguments);
      parameters.add(result);
      parameters.add(Types.adjoint(result));
      MethodTypeDesc type = MethodTypeDesc.of(Types.adjoint(argument), parameters);
      MethodHandle handle =
          PartialRules.handle(
              handles.get(i).asType(Methods.methodType(type, method.owner())), type, sources[i]);
      boolean[] reads = new boolean[type.parameterCount()];
      java.util.Arrays.fill(reads, true);
      pullbacks.add(new Rule.Vjp(null, handle, type, reads));
    }
    return new Rule(pullbacks);
  }

  /** Whether the method only puts a number in a box, or takes it out. */
  static boolean isBoxing(MethodRef method) {
    String owner = method.owner().descriptorString();
    if (owner.equals("Ljava/util/OptionalDouble;")) { // a box that may be empty
      return method.name().equals("of")
          || method.name().equals("getAsDouble")
          || (method.name().equals("orElseThrow") && method.type().parameterCount() == 0);
    }
    boolean box = owner.equals("Ljava/lang/Double;") || owner.equals("Ljava/lang/Float;");
    return box
        && ((method.name().equals("valueOf")
                && !method.type().parameterType(0).isClassOrInterface())
            || method.name().equals("doubleValue")
            || method.name().equals("floatValue"));
  }
}
