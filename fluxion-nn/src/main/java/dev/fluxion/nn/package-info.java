@NullMarked
package dev.fluxion.nn;

import org.jspecify.annotations.NullMarked;
