package dev.fluxion.grad;

import dev.fluxion.grad.Methods.Declared;
import dev.fluxion.ir.Location;
import dev.fluxion.ir.MethodRef;
import dev.fluxion.ir.lift.ClassFiles;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rules that the annotations of a {@link Primitive} name, from class files. */
final class DeclaredRules {
  private static final String PRIMITIVE = Primitive.class.descriptorString();
  private static final String PULLBACK = Pullback.class.descriptorString();
  private static final String PUSHFORWARD = Pushforward.class.descriptorString();

  private DeclaredRules() {}

  /** The rule that a method declares, or empty when it declares none. */
  static Optional<Rule> search(Declared method) {
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

  private static Rule declared(Declared method, List<Class<?>> rules) {
    List<ClassDesc> arguments = Rules.arguments(method);
    Rule rule = collect(method, rules, arguments);
    for (Class<?> holder : rules) {
      for (MethodModel candidate : ClassFiles.of(holder).orElseThrow().methods()) {
        refuseUnfit(method, holder, candidate, PULLBACK, rule);
        refuseUnfit(method, holder, candidate, PUSHFORWARD, rule);
      }
    }
    return rule;
  }

  static Rule collect(Declared method, List<Class<?>> rules, List<ClassDesc> arguments) {
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
    if (candidate.methodTypeSymbol().equals(type(kind, arguments, result, index))) {
      Rules.refuseObjects(method, arguments.get(index));
      Rules.refuseObjects(method, result);
      found.set(index, vjp(rules, candidate, candidate.methodTypeSymbol()));
    }
  }

  /** The type of a rule's method: the arguments, the result, and a cotangent or tangent. */
  private static MethodTypeDesc type(
      String kind, List<ClassDesc> arguments, ClassDesc result, int index) {
    boolean isPullback = kind.equals(PULLBACK);
    ClassDesc argument = Types.adjoint(arguments.get(index));
    ClassDesc adjoint = Types.adjoint(result);
    List<ClassDesc> parameters = new ArrayList<>(arguments);
    parameters.add(result);
    parameters.add(isPullback ? adjoint : argument);
    return MethodTypeDesc.of(isPullback ? argument : adjoint, parameters);
  }

  /** A rule with a slip in its signature must not become a derivative of zero. */
  private static void refuseUnfit(
      Declared method, Class<?> rules, MethodModel candidate, String kind, Rule rule) {
    Annotation annotation = annotation(candidate, kind);
    if (annotation == null || !method.name().equals(text(annotation, "of"))) {
      return;
    }
    int index = integer(annotation, "argument");
    if (index < rule.arguments().size() && rule.depends(index)) {
      return;
    }
    List<ClassDesc> arguments = Rules.arguments(method);
    for (MethodModel overload : ClassFiles.of(method.owner()).orElseThrow().methods()) {
      if (overload.methodName().equalsString(method.name())) {
        Declared other = new Declared(method.owner(), method.name(), overload.methodTypeSymbol());
        List<ClassDesc> others = Rules.arguments(other);
        boolean isFit =
            index < others.size()
                && candidate
                    .methodTypeSymbol()
                    .equals(type(kind, others, other.type().returnType(), index));
        if (isFit) {
          return;
        }
      }
    }
    throw new GradientException(
        "the rule "
            + rules.getName()
            + "."
            + candidate.methodName()
            + candidate.methodTypeSymbol().displayDescriptor()
            + " fits no argument of "
            + method
            + (index < arguments.size()
                ? ": for argument "
                    + index
                    + " it must be "
                    + type(kind, arguments, method.type().returnType(), index).displayDescriptor()
                    + ", the arguments, the result and "
                    + (kind.equals(PULLBACK) ? "the result's cotangent" : "the argument's tangent")
                : ", which has " + arguments.size()));
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
    if (!method.flags().has(AccessFlag.STATIC)) {
      throw new GradientException(
          "the rule " + rules.getName() + "." + method.methodName() + " is not static");
    }
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
}
