package dev.fluxion.ir.access;

import static java.lang.constant.ConstantDescs.CD_MethodHandles;
import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Lookups with which hidden nestmates of a class can be defined.
 *
 * <p>A lookup that crosses from one module into another loses the privilege to define them. A class
 * beside the target, which does nothing but give away its own lookup, has it.
 */
public final class Privileges {
  private static final ClassValue<MethodHandles.Lookup> LOOKUPS =
      new ClassValue<>() {
        @Override
        protected MethodHandles.Lookup computeValue(Class<?> type) {
          return find(type);
        }
      };

  private Privileges() {}

  /** A lookup with full privileges in a class. */
  public static MethodHandles.Lookup lookup(Class<?> type) {
    return LOOKUPS.get(type);
  }

  private static MethodHandles.Lookup find(Class<?> type) {
    Privileges.class.getModule().addReads(type.getModule());
    try {
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      return lookup.hasFullPrivilegeAccess() ? lookup : throughNeighbour(type, lookup);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          "the code of "
              + type.getName()
              + " is out of reach: add `opens "
              + type.getPackageName()
              + " to dev.fluxion.ir, dev.fluxion.grad;` to the module-info of "
              + type.getModule().getName(),
          e);
    }
  }

  private static MethodHandles.Lookup throughNeighbour(Class<?> type, MethodHandles.Lookup lookup)
      throws ReflectiveOperationException {
    ClassDesc name =
        ClassDesc.ofDescriptor("L" + type.getName().replace('.', '/') + "$FluxionLookup;");
    byte[] bytes =
        ClassFile.of()
            .build(
                name,
                builder ->
                    builder.withMethodBody(
                        "lookup",
                        MethodTypeDesc.of(CD_MethodHandles_Lookup),
                        ClassFile.ACC_STATIC,
                        code ->
                            code.invokestatic(
                                    CD_MethodHandles,
                                    "lookup",
                                    MethodTypeDesc.of(CD_MethodHandles_Lookup))
                                .areturn()));
    Class<?> neighbour = lookup.defineClass(bytes);
    try {
      MethodHandles.Lookup own =
          (MethodHandles.Lookup)
              lookup
                  .findStatic(
                      neighbour, "lookup", MethodType.methodType(MethodHandles.Lookup.class))
                  .invoke();
      return MethodHandles.privateLookupIn(type, own);
    } catch (ReflectiveOperationException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
