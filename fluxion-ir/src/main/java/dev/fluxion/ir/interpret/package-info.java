/**
 * The meaning of the intermediate representation, as a program: {@link
 * dev.fluxion.ir.interpret.Interpreter} executes bodies operation by operation. What it does is
 * what emitted code has to do.
 */
@NullMarked
package dev.fluxion.ir.interpret;

import org.jspecify.annotations.NullMarked;
