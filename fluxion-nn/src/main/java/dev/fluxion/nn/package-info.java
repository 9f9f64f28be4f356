/**
 * Neural networks, as a thin layer over tensors and gradients.
 *
 * <p><b>A layer is a function</b> from tensor to tensor, a {@link dev.fluxion.nn.Layer}; one with
 * weights is a record of them. {@link dev.fluxion.nn.Dense}, {@link dev.fluxion.nn.Conv} and {@link
 * dev.fluxion.nn.MaxPool} are such records, {@link dev.fluxion.nn.Activations} and {@code
 * Tensor::flatten} such functions, and {@link dev.fluxion.nn.Chain} puts them one after the other.
 * A layer of your own is as long as what it says:
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="residual"}
 *
 * <p><b>A model is any such structure</b> of records, arrays and lists. Its parameters are the
 * tensors in it ({@link dev.fluxion.nn.Parameters}); its gradient, which {@code Grad} gives, is the
 * same structure with derivatives in their places. {@link dev.fluxion.nn.Initialisers} draw first
 * weights from a generator that you pass, so that a seed repeats them.
 *
 * <p><b>A loss is a tensor with one element.</b> {@link dev.fluxion.nn.Losses} has the usual ones,
 * which average over the batch.
 *
 * <p><b>An optimiser is a rule</b> ({@link dev.fluxion.nn.Optimiser}) that makes a step of a
 * derivative, with what it remembers as a state beside it: {@link dev.fluxion.nn.Descent}, {@link
 * dev.fluxion.nn.Momentum}, {@link dev.fluxion.nn.Adam}, {@link dev.fluxion.nn.AdamW}, and {@link
 * dev.fluxion.nn.WeightDecay} before any other.
 *
 * <p><b>Data comes in batches</b> of any type from a {@link dev.fluxion.nn.Loader}, or from
 * whatever else is iterable. {@link dev.fluxion.nn.LabelledImages} reads digits and MNIST.
 *
 * <p>Together:
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="loop"}
 *
 * <p>{@link dev.fluxion.nn.Training} is that loop with epochs, a progress bar, early stopping and a
 * clear word when the loss is no number. It adds no magic: the same seed gives the same weights, to
 * the bit, with it or without.
 */
@NullMarked
package dev.fluxion.nn;

import org.jspecify.annotations.NullMarked;
