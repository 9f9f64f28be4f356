package dev.fluxion.ir.roundtrip;

import dev.fluxion.ir.Kind;
import dev.fluxion.ir.emit.Members.NamedParameter;
import java.lang.classfile.Attributes;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.LocalVariableInfo;
import java.lang.classfile.instruction.IncrementInstruction;
import java.lang.classfile.instruction.StoreInstruction;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The names that a method's local variable table has for parameters that are never assigned to. */
final class ParameterNames {
  private ParameterNames() {}

  static List<NamedParameter> of(MethodModel method, CodeModel code) {
    List<LocalVariableInfo> variables = new ArrayList<>();
    code.findAttribute(Attributes.localVariableTable())
        .ifPresent(table -> variables.addAll(table.localVariables()));
    List<NamedParameter> names = new ArrayList<>();
    if (variables.isEmpty()) {
      return names;
    }
    BitSet assigned = assignedSlots(code);
    int index = 0;
    int slot = 0;
    List<ClassDesc> types = new ArrayList<>(method.methodTypeSymbol().parameterList());
    if (!method.flags().has(AccessFlag.STATIC)) {
      types.addFirst(method.parent().orElseThrow().thisClass().asSymbol());
    }
    for (ClassDesc type : types) {
      for (LocalVariableInfo variable : variables) {
        if (variable.slot() == slot && variable.startPc() == 0 && !assigned.get(slot)) {
          names.add(
              new NamedParameter(index, variable.name().stringValue(), variable.typeSymbol()));
          break;
        }
      }
      index++;
      slot += Kind.of(type).slots();
    }
    return names;
  }

  private static BitSet assignedSlots(CodeModel code) {
    BitSet assigned = new BitSet();
    for (CodeElement element : code) {
      switch (element) {
        case StoreInstruction store -> {
          assigned.set(store.slot());
          assigned.set(store.slot() + store.typeKind().slotSize() - 1);
        }
        case IncrementInstruction increment -> assigned.set(increment.slot());
        default -> {}
      }
    }
    return assigned;
  }
}
