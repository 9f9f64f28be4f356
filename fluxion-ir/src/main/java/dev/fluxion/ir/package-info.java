@NullMarked
package dev.fluxion.ir;

import org.jspecify.annotations.NullMarked;
