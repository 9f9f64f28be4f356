/** How code that runs here reaches the private members of the code that it came from. */
@NullMarked
package dev.fluxion.ir.access;

import org.jspecify.annotations.NullMarked;
