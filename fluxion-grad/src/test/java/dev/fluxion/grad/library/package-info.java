/** Classes as of a library: their subclasses and callers are in another package. */
@NullMarked
package dev.fluxion.grad.library;

import org.jspecify.annotations.NullMarked;
