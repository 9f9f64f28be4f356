/**
 * Bodies as text, and text as bodies.
 *
 * <p>The text of a body is stable: values and blocks are numbered in their order, and nothing in it
 * depends on the run. Parsing it gives a body that prints as the same text and does the same.
 *
 * <pre>{@code
 * func @Loop.power(%0: double, %1: int) double {
 * ^0:
 *   %2: double = constant 1.0 // Loop.java:4
 *   %3: int = constant 0 // Loop.java:5
 *   branch ^1(%2, %3) // Loop.java:5
 * ^1(%4: double, %5: int):
 *   %6: boolean = lt %5 %1 // Loop.java:5
 *   cbranch %6 ^2 ^3 // Loop.java:5
 * ^2:
 *   %7: double = mul %4 %0 // Loop.java:6
 *   %8: int = constant 1 // Loop.java:5
 *   %9: int = add %5 %8 // Loop.java:5
 *   branch ^1(%7, %9) // Loop.java:5
 * ^3:
 *   return %4 // Loop.java:8
 * }
 * }</pre>
 *
 * <p>The parts:
 *
 * <ul>
 *   <li>Types are Java's names, of nested classes the binary ones: {@code int}, {@code
 *       java.util.Map$Entry}, {@code double[][]}. A name that is no word is written in backquotes.
 *   <li>Constants are {@code 1}, {@code 1L}, {@code 1.0f}, {@code 1.0}, {@code NaN}, {@code
 *       -Infinityf}, {@code "text"}, {@code null}, {@code class T}, {@code type (T, T) T}, {@code
 *       handle static T::name(T) T} (or {@code virtual}, {@code special}, {@code getter}, …),
 *       {@code dynamic name: T by BOOTSTRAP {constants}}. A NaN with bits of its own is {@code
 *       NaN#7ff8…}. A live object is {@code object T}, which tells what it is and cannot be parsed.
 *   <li>Members are {@code T::name(T, T) T} and {@code T::name: T}.
 *   <li>Arithmetic and comparisons are {@code add}, {@code sub}, {@code mul}, {@code div}, {@code
 *       rem}, {@code and}, {@code or}, {@code xor}, {@code shl}, {@code shr}, {@code ushr}, {@code
 *       neg}, {@code eq}, {@code ne}, {@code lt}, {@code le}, {@code gt}, {@code ge}, and {@code
 *       threeway}, followed by the result with a NaN; then {@code convert}, {@code cast}, {@code
 *       instanceof T}.
 *   <li>Memory: {@code newarray} with the lengths, {@code length}, {@code loadelement array index},
 *       {@code storeelement array index value}, {@code loadfield T::name: T receiver}, {@code
 *       storefield T::name: T receiver value}, both with {@code static} before a static field.
 *   <li>Calls: {@code call static T::name(T) T} (or {@code virtual}, {@code interface}, {@code
 *       special}; a second {@code interface} says that the owner of a static or special method is
 *       one), {@code new T(T)}, {@code allocate T}, {@code lambda name(captured) T {constants}} and
 *       {@code invokedynamic name(T) T by BOOTSTRAP {constants}}, where a bootstrap method is a
 *       method handle without the word {@code handle}, and the usual ones ({@code typeSwitch}) are
 *       written by their names alone, {@code apply @function(T) T}, {@code monitorenter}, {@code
 *       monitorexit}.
 *   <li>Blocks end with {@code branch}, {@code cbranch condition ^then ^else}, {@code switch key
 *       {1: ^1, default: ^2(%3)}}, {@code return}, {@code throw}. Below a block's first line,
 *       {@code catch T ^5(%1)} and {@code catch * ^6} are its handlers, in the order in which they
 *       are tried.
 *   <li>What follows {@code //} is a comment; {@code File.java:12} there is the line that the
 *       operation comes from, and {@code File.java:12 in Class.method} names the method where it is
 *       not the body's.
 * </ul>
 */
@NullMarked
package dev.fluxion.ir.text;

import org.jspecify.annotations.NullMarked;
