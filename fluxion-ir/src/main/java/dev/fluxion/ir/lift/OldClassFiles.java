package dev.fluxion.ir.lift;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.instruction.DiscontinuedInstruction;

/**
 * Class files of Java 5 and before, which do not say of what types variables are where paths meet.
 * Code that is emitted anew must say so, and derivatives depend on the types: they are inferred.
 */
final class OldClassFiles {
  private static final int FIRST_VERSION_WITH_FRAMES = 50;

  private OldClassFiles() {}

  /** The class file with stack maps, or as it is if it has them or none can be inferred. */
  static ClassModel withStackMaps(ClassModel model, ClassLoader loader) {
    if (hasStackMaps(model)) {
      return model;
    }
    ClassFile context =
        ClassFile.of(
            StackMapsOption.GENERATE_STACK_MAPS,
            ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(loader)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    ClassTransform again =
        ClassTransform.transformingMethodBodies(
            method -> method.code().isPresent() && !hasSubroutines(method.code().get()),
            (CodeTransform) (code, element) -> code.with(element));
    try {
      return context.parse(context.transformClass(model, again));
    } catch (IllegalArgumentException e) { // classes that it needs are missing
      return model;
    }
  }

  /** Class files of Java 6 may lack them too, and the virtual machine then infers them. */
  private static boolean hasStackMaps(ClassModel model) {
    if (model.majorVersion() != FIRST_VERSION_WITH_FRAMES) {
      return model.majorVersion() > FIRST_VERSION_WITH_FRAMES;
    }
    return model.methods().stream()
        .flatMap(method -> method.findAttribute(Attributes.code()).stream())
        .anyMatch(code -> code.findAttribute(Attributes.stackMapTable()).isPresent());
  }

  private static boolean hasSubroutines(CodeModel code) {
    for (CodeElement element : code) {
      if (element instanceof DiscontinuedInstruction) {
        return true;
      }
    }
    return false;
  }
}
