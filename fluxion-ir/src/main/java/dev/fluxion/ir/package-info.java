/**
 * The intermediate representation of Java methods: what is lifted from class files, transformed,
 * and emitted.
 *
 * <h2>The model</h2>
 *
 * A {@link dev.fluxion.ir.Body} is the code of one method: {@link dev.fluxion.ir.Block}s, the entry
 * first, in reverse postorder. A block has parameters, operations, and a {@link
 * dev.fluxion.ir.Terminator} that says where control goes next. An {@link dev.fluxion.ir.Op} reads
 * values, may define one, and knows the source line that it comes from. A {@link
 * dev.fluxion.ir.Value} is defined once, by an operation or as a parameter of a block, and has a
 * type.
 *
 * <p>There are no local variables and no phi functions: where paths meet, each edge, a {@link
 * dev.fluxion.ir.Successor}, passes arguments to the parameters of its target. The method
 *
 * <pre>{@code
 * static double power(double x, int n) {
 *   double r = 1;
 *   for (int i = 0; i < n; i++) {
 *     r = r * x;
 *   }
 *   return r;
 * }
 * }</pre>
 *
 * is lifted to this, where the loop's variables are the parameters of {@code ^1}: {@code ^0} passes
 * their first values, {@code ^3} the next ones.
 *
 * <pre>{@code
 * func @Samples.power(%0: double, %1: int) double {
 * ^0:
 *   %2: double = constant 1.0
 *   %3: int = constant 0
 *   branch ^1(%3, %2)
 * ^1(%4: int, %5: double):
 *   %6: boolean = ge %4 %1
 *   cbranch %6 ^2 ^3
 * ^2:
 *   return %5
 * ^3:
 *   %7: double = mul %5 %0
 *   %8: int = constant 1
 *   %9: int = add %4 %8
 *   branch ^1(%9, %7)
 * }
 * }</pre>
 *
 * <p>Types are those of the class file; a value of type {@code boolean}, {@code byte}, {@code char}
 * or {@code short} computes as an {@code int}, which its {@link dev.fluxion.ir.Kind} says. A method
 * is named as in the class file ({@link dev.fluxion.ir.MethodRef}); what is made at run time and
 * has no class is a {@link dev.fluxion.ir.Function}, which an operation applies.
 *
 * <h2>Exceptions</h2>
 *
 * A block may have {@linkplain dev.fluxion.ir.Block#handlers() handlers}. When one of its
 * operations throws, the first handler that catches the exception goes on, with the exception as
 * its first parameter. It may have been any operation, so a handler sees what was defined before
 * the block started, and nothing that the block defines: {@link dev.fluxion.ir.Availability}.
 *
 * <h2>Where bodies come from, and go</h2>
 *
 * <ul>
 *   <li>{@code dev.fluxion.ir.lift} makes bodies of bytecode, {@code dev.fluxion.ir.text} of text.
 *   <li>By hand they are made with a {@link dev.fluxion.ir.Body.Builder}, or a {@link
 *       dev.fluxion.ir.SsaBuilder} where variables are assigned more than once.
 *   <li>{@link dev.fluxion.ir.Body#transform} replaces operations one by one; a pass that changes
 *       blocks works with a {@link dev.fluxion.ir.Rewriter}. Either makes a new body. {@code
 *       dev.fluxion.ir.pass} has those that keep the meaning.
 *   <li>{@link dev.fluxion.ir.Dominators} and {@link dev.fluxion.ir.Loops} tell about the control
 *       flow.
 *   <li>{@code dev.fluxion.ir.verify} says what every body must hold to, {@code
 *       dev.fluxion.ir.interpret} what it means, {@code dev.fluxion.ir.emit} makes it run fast,
 *       {@code dev.fluxion.ir.structure} nested statements, for languages without jumps.
 * </ul>
 */
@NullMarked
package dev.fluxion.ir;

import org.jspecify.annotations.NullMarked;
