/** Runs the examples. */
@NullMarked
package dev.fluxion.examples;

import org.jspecify.annotations.NullMarked;
