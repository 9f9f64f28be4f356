package dev.fluxion.grad;

import dev.fluxion.ir.Function;

/**
 * A function's derivative in two halves: the forward function computes the result and leaves on the
 * tape what the reverse function takes from it.
 *
 * @param function what is differentiated
 * @param parameters which parameters are active
 * @param result whether the result is
 * @param forward takes the arguments, the shadows of the active references among them, and the tape
 * @param reverse takes the tape and, if it is an active number or vector, the result's cotangent;
 *     it returns the cotangent of the only active number or vector among the parameters, or leaves
 *     those of several on the tape
 */
record Derived(
    Function function, boolean[] parameters, boolean result, Function forward, Function reverse) {}
