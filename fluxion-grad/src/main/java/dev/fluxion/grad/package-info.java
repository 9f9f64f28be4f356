@NullMarked
package dev.fluxion.grad;

import org.jspecify.annotations.NullMarked;
