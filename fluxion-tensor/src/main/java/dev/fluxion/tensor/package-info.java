@NullMarked
package dev.fluxion.tensor;

import org.jspecify.annotations.NullMarked;
