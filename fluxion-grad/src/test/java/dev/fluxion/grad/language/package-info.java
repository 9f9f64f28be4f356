/** Each construct of the language in a method of its own, differentiated. */
@NullUnmarked // code as users write it
package dev.fluxion.grad.language;

import org.jspecify.annotations.NullUnmarked;
