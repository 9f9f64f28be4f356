package dev.fluxion.ir.text;

import static java.lang.constant.ConstantDescs.CD_CallSite;
import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;
import static java.lang.constant.ConstantDescs.CD_MethodType;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bootstrap methods that {@code javac} uses, which are written by their names alone. */
final class Bootstraps {
  private static final Map<String, DirectMethodHandleDesc> BY_NAME = new HashMap<>();
  private static final ClassDesc OBJECTS = CD_Object.arrayType();

  static {
    add(
        "java.lang.invoke.LambdaMetafactory",
        "metafactory",
        CD_MethodType,
        CD_MethodHandle,
        CD_MethodType);
    add("java.lang.invoke.LambdaMetafactory", "altMetafactory", OBJECTS);
    add("java.lang.invoke.StringConcatFactory", "makeConcat");
    add("java.lang.invoke.StringConcatFactory", "makeConcatWithConstants", CD_String, OBJECTS);
    add("java.lang.runtime.SwitchBootstraps", "typeSwitch", OBJECTS);
    add("java.lang.runtime.SwitchBootstraps", "enumSwitch", OBJECTS);
    put(
        MethodHandleDesc.ofMethod(
            DirectMethodHandleDesc.Kind.STATIC,
            ClassDesc.of("java.lang.runtime.ObjectMethods"),
            "bootstrap",
            MethodTypeDesc.of(
                CD_Object,
                CD_MethodHandles_Lookup,
                CD_String,
                ClassDesc.of("java.lang.invoke.TypeDescriptor"),
                CD_Class,
                CD_String,
                CD_MethodHandle.arrayType())));
  }

  private Bootstraps() {}

  private static void add(String owner, String name, ClassDesc... parameters) {
    put(ConstantDescs.ofCallsiteBootstrap(ClassDesc.of(owner), name, CD_CallSite, parameters));
  }

  private static void put(DirectMethodHandleDesc bootstrap) {
    BY_NAME.put(bootstrap.methodName(), bootstrap);
  }

  /** The bootstrap method of a name, or null. */
  static @Nullable DirectMethodHandleDesc of(String name) {
    return BY_NAME.get(name);
  }

  /** Whether the name alone stands for a bootstrap method. */
  static boolean isUsual(MethodHandleDesc bootstrap) {
    return bootstrap instanceof DirectMethodHandleDesc direct
        && direct.equals(BY_NAME.get(direct.methodName()));
  }
}
