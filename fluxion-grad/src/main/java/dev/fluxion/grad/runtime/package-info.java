/** What generated derivative code calls; not for use by hand. */
@NullMarked
package dev.fluxion.grad.runtime;

import org.jspecify.annotations.NullMarked;
