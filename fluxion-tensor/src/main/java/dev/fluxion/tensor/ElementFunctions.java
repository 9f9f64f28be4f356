package dev.fluxion.tensor;

import dev.fluxion.grad.Pointwise;
import dev.fluxion.ir.Function;
import java.lang.constant.ClassDesc;
import java.util.List;

/**
 * Functions for an {@link ElementLoop}: all take the same constants, then the same numbers.
 *
 * @param constants the types of the constants
 * @param isNumber which of the numbers are captured, and the same for all elements
 * @param outputs the functions
 * @param host the class whose private members they may use
 */
record ElementFunctions(
    List<ClassDesc> constants, List<Boolean> isNumber, List<Function> outputs, Class<?> host) {
  static ElementFunctions of(Pointwise functions, List<Boolean> isNumber) {
    return new ElementFunctions(
        functions.constants(), isNumber, functions.outputs(), functions.host());
  }

  String name() {
    return outputs.get(0).name();
  }
}
