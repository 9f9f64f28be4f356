package dev.fluxion.ir.text;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Constants as they are written. */
final class Constants {
  private Constants() {}

  static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Integer number -> number.toString();
      case Long number -> number + "L";
      case Float number -> single(number);
      case Double number -> floating(number);
      case String text -> Names.quoted(text, '"');
      case ClassDesc type -> "class " + Names.type(type);
      case MethodTypeDesc type -> "type " + Names.signature(type);
      case DirectMethodHandleDesc handle -> "handle " + handle(handle);
      case DynamicConstantDesc<?> constant ->
          "dynamic "
              + Names.name(constant.constantName())
              + ": "
              + Names.type(constant.constantType())
              + bootstrap(constant.bootstrapMethod(), constant.bootstrapArgs());
      default -> "object " + Names.name(className(value));
    };
  }

  /** Bits that are not the usual NaN's follow it. */
  private static String single(float number) {
    int bits = Float.floatToRawIntBits(number);
    return Float.isNaN(number) && bits != Float.floatToIntBits(Float.NaN)
        ? "NaNf#" + Integer.toHexString(bits)
        : number + "f";
  }

  private static String floating(double number) {
    long bits = Double.doubleToRawLongBits(number);
    return Double.isNaN(number) && bits != Double.doubleToLongBits(Double.NaN)
        ? "NaN#" + Long.toHexString(bits)
        : Double.toString(number);
  }

  /** The class of a live object, without what differs from run to run. */
  private static String className(Object value) {
    if (value instanceof MethodHandle) {
      return MethodHandle.class.getName();
    }
    String name = value.getClass().getTypeName();
    int address = name.indexOf('/');
    return address < 0 ? name : name.substring(0, address);
  }

  static String handle(DirectMethodHandleDesc handle) {
    String member = Names.type(handle.owner()) + "::" + Names.name(handle.methodName());
    String descriptor = handle.lookupDescriptor();
    return handle.kind().name().toLowerCase(Locale.ROOT)
        + " "
        + member
        + (descriptor.startsWith("(")
            ? Names.signature(MethodTypeDesc.ofDescriptor(descriptor))
            : ": " + Names.type(ClassDesc.ofDescriptor(descriptor)));
  }

  /** A call site: its name and type, its bootstrap method unless that goes without saying. */
  static String site(DynamicCallSiteDesc site, @Nullable String unsaid) {
    MethodHandleDesc bootstrap = site.bootstrapMethod();
    boolean isUnsaid =
        Bootstraps.isUsual(bootstrap)
            && ((DirectMethodHandleDesc) bootstrap).methodName().equals(unsaid);
    return Names.name(site.invocationName())
        + Names.signature(site.invocationType())
        + (isUnsaid ? arguments(site.bootstrapArgs()) : bootstrap(bootstrap, site.bootstrapArgs()));
  }

  private static String bootstrap(MethodHandleDesc bootstrap, ConstantDesc[] arguments) {
    DirectMethodHandleDesc direct = (DirectMethodHandleDesc) bootstrap;
    String by = Bootstraps.isUsual(direct) ? direct.methodName() : handle(direct);
    return " by " + by + arguments(arguments);
  }

  private static String arguments(ConstantDesc[] arguments) {
    List<String> texts = new ArrayList<>();
    for (ConstantDesc argument : arguments) {
      texts.add(text(argument));
    }
    return " {" + String.join(", ", texts) + "}";
  }
}
