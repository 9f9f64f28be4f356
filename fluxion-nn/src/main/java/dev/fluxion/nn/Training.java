package dev.fluxion.nn;

import dev.fluxion.grad.Grad;
import dev.fluxion.grad.ValueAndGradient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Passes over data that lower a loss, with a progress bar:
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="train"}
 *
 * <p>Without it a loop is as short, and does the same:
 *
 * {@snippet file="dev/fluxion/nn/SnippetsTest.java" region="loop"}
 *
 * <p>A training is a value: {@link #accuracy}, {@link #until} and {@link #quiet} give another one.
 * On a terminal there is a bar for each epoch; elsewhere a plain line is printed.
 *
 * @param <M> the type of the model
 * @param <B> the type of a batch
 */
public final class Training<M, B> {
  private final M model;
  private final Iterable<B> batches;
  private final Loss<M, B> loss;
  private final Optimiser<?> optimiser;
  private final Optional<ToDoubleFunction<M>> accuracy;
  private final List<Predicate<Epoch>> stops;
  private final boolean isQuiet;

  private Training(
      M model,
      Iterable<B> batches,
      Loss<M, B> loss,
      Optimiser<?> optimiser,
      Optional<ToDoubleFunction<M>> accuracy,
      List<Predicate<Epoch>> stops,
      boolean isQuiet) {
    this.model = model;
    this.batches = batches;
    this.loss = loss;
    this.optimiser = optimiser;
    this.accuracy = accuracy;
    this.stops = stops;
    this.isQuiet = isQuiet;
  }

  /**
   * The training of a model.
   *
   * @param model what is changed: a record, array or list with tensors
   * @param batches the data, which each epoch goes over once
   * @param loss of the model and a batch, a tensor with one element
   * @param optimiser takes the steps
   */
  public static <M, B> Training<M, B> of(
      M model, Iterable<B> batches, Loss<M, B> loss, Optimiser<?> optimiser) {
    return new Training<>(model, batches, loss, optimiser, Optional.empty(), List.of(), false);
  }

  /** This training, which also measures and shows an accuracy after each epoch. */
  public Training<M, B> accuracy(ToDoubleFunction<M> measure) {
    return new Training<>(model, batches, loss, optimiser, Optional.of(measure), stops, isQuiet);
  }

  /**
   * This training, which calls a function after each epoch and stops when that returns true. With
   * several, any of them stops it, and each is called.
   */
  public Training<M, B> until(Predicate<Epoch> stop) {
    List<Predicate<Epoch>> all = new ArrayList<>(stops);
    all.add(stop);
    return new Training<>(model, batches, loss, optimiser, accuracy, all, isQuiet);
  }

  /** This training, which prints nothing. */
  public Training<M, B> quiet() {
    return new Training<>(model, batches, loss, optimiser, accuracy, stops, true);
  }

  /**
   * Trains for so many epochs, or fewer if told to stop.
   *
   * @return what each epoch gave
   * @throws NonFiniteLossException if a loss is not a number or infinite
   */
  public List<Epoch> run(int epochs) {
    List<Epoch> history = new ArrayList<>();
    try (Progress progress = isQuiet ? Progress.NONE : Progress.onOutput(epochs, size())) {
      for (int number = 1; number <= epochs; number++) {
        Epoch epoch = pass(number, progress);
        progress.after(epoch);
        history.add(epoch);
        if (stops.stream().filter(stop -> stop.test(epoch)).count() > 0) { // calls each
          break;
        }
      }
    }
    return history;
  }

  private int size() {
    return batches instanceof Loader<B> loader
        ? loader.size()
        : batches instanceof Collection<B> collection ? collection.size() : -1;
  }

  private Epoch pass(int number, Progress progress) {
    long start = System.nanoTime();
    double sum = 0;
    int count = 0;
    for (B batch : batches) {
      ValueAndGradient<M> step = Grad.valueAndGradient(m -> loss.apply(m, batch), model);
      count++;
      if (!Double.isFinite(step.value())) {
        throw nonFinite(number, count, step.value());
      }
      optimiser.update(model, step.gradient());
      sum += step.value();
      progress.afterBatch(number, count, sum / count);
    }
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    OptionalDouble measured =
        accuracy
            .map(measure -> OptionalDouble.of(measure.applyAsDouble(model)))
            .orElse(OptionalDouble.empty());
    return new Epoch(number, sum / count, measured, count, time);
  }

  private NonFiniteLossException nonFinite(int epoch, int batch, double value) {
    boolean isModelFinite =
        Parameters.of(model).stream()
            .flatMapToDouble(x -> Arrays.stream(x.toDoubleArray()))
            .allMatch(Double::isFinite);
    String line =
        UserCode.of(loss).or(UserCode::caller).map(place -> ", by the loss at " + place).orElse("");
    String advice =
        isModelFinite
            ? """
            the model's parameters are finite, so look at the loss for a division by zero or the \
            logarithm or root of what may be zero or less, at the batch for numbers that are not \
            finite, and try a lower learning rate if the outputs have grown\
            """
            : """
            the model's parameters are not finite any more, so the steps have been too large: try \
            a lower learning rate, or inputs scaled to about 1\
            """;
    return new NonFiniteLossException(
        "the loss is %s in epoch %d, batch %d%s: %s".formatted(value, epoch, batch, line, advice));
  }
}
