/**
 * N-dimensional arrays and their primitives, each with its gradient rule.
 *
 * <p><b>How it is built.</b> {@link dev.fluxion.tensor.Tensor} is the whole public surface: a shape
 * and a buffer of elements in row-major order, which never changes once it is filled. A method of
 * {@code Tensor} checks shapes and hands over to a class of static functions ({@code Elementwise},
 * {@code Reductions}, {@code Softmax}, {@code Rearrangements}, {@code MatrixProduct}, {@code
 * Convolution}, {@code Pooling}). Its pullback stands in the class that its {@link
 * dev.fluxion.grad.Primitive} annotation names. A new function of one number is a line in {@code
 * Functions}, a method of {@code Tensor} and a pullback.
 *
 * <p><b>Storage.</b> Elements are in heap arrays, behind {@code Buffer}. The collector frees them,
 * without cleaners, budgets or {@code close}; C2 turns loops over them into vector instructions,
 * which it does not for native memory; and short native calls reach them without a copy. {@code
 * Allocations} counts the larger arrays for {@link dev.fluxion.tensor.Tensors#memory()}; {@code
 * Scratch} lends native calls memory.
 *
 * <p>The larger arrays that a gradient makes on its way are lent to it, see {@link
 * dev.fluxion.grad.Lender}: the compiler marks what a program may still find, and all else is given
 * back to {@code Spares} when the gradient is done, for the thread's next one. So whoever remembers
 * elements beyond a call tells its {@code Buffer} to {@code keep}, and {@code Buffer.unset} holds
 * anything until it is set. With {@code -Dfluxion.lending=spoil}, as in this module's tests, all
 * that is given back or not set is spoilt, {@code off} lends nothing.
 *
 * <p><b>Types.</b> Operations compute in arrays of floats, doubles or longs. Narrow types are kept
 * as bytes, {@code Packed}, which a tensor's constructor makes and its {@code buffer} method widens
 * again, so that loops know nothing of them: hold on to a buffer rather than ask for it in a loop.
 * {@link dev.fluxion.tensor.DType} says in which type two others meet.
 *
 * <p><b>Element-wise functions</b> have loops of their own, made by {@code Template} from one class
 * file, so that C2 sees a single function in each loop and inlines it. Functions such as {@code
 * exp} use the Vector API when {@code --add-modules jdk.incubator.vector} is given, {@link Math}
 * when not; results may then differ in the last places.
 *
 * <p><b>Matrix products and convolutions</b> use the single-precision and double-precision products
 * of OpenBLAS from the jar {@code org.bytedeco:openblas} (Linux, x86-64 and ARM), called through
 * {@code java.lang.foreign} without any Java binding. It was chosen for its cost in small products
 * (33 ns for a tiny one, where oneDNN takes 161 ns) and its size, 20 MB against 28 MB for oneDNN
 * and 189 MB for MKL; large products are about as fast in all three. Convolutions are products of
 * patches laid out in columns. Without the jar, or with {@code -Dfluxion.native=off}, plain loops
 * compute the same. {@link dev.fluxion.tensor.NativeMath#description} says what is used.
 *
 * <p><b>Decompositions</b> in {@link dev.fluxion.tensor.LinearAlgebra} are those of EJML, and gamma
 * and error functions in {@link dev.fluxion.tensor.SpecialFunctions} those of Apache Commons
 * Numbers: plain Java under the Apache licence, 0.7 and 0.2 MB, in float64. LAPACK would decompose
 * large matrices faster, but is not there without OpenBLAS.
 *
 * <p><b>Complex numbers</b> are two tensors in a record, {@link dev.fluxion.tensor.ComplexTensor},
 * so that all operations on them are made of real ones and need no rules. {@link
 * dev.fluxion.tensor.Fourier} transforms them with code of our own: the libraries for it in Java
 * take powers of two alone, or bring array libraries of several megabytes.
 *
 * <p><b>Files</b> of NumPy and safetensors are read and written by {@link dev.fluxion.tensor.Npy}
 * and {@link dev.fluxion.tensor.Safetensors}; Gson (Apache licence, 0.3 MB) reads the latter's
 * headers.
 *
 * <p><b>Reproducibility.</b> Work is cut for the machine's cores in a way that depends on shapes
 * alone, and partial sums are added in a fixed order, so the same program gives the same bits on
 * the same machine with the same flags. Random numbers come from seeds and are the same on every
 * machine up to the rounding of {@link Math}.
 */
@NullMarked
package dev.fluxion.tensor;

import org.jspecify.annotations.NullMarked;
