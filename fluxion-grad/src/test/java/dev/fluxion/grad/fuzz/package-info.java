/** Gradients of random Java programs, compared with differences and with forward mode. */
@NullMarked
package dev.fluxion.grad.fuzz;

import org.jspecify.annotations.NullMarked;
