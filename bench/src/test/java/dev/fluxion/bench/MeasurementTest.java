package dev.fluxion.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is printed, and what is read of what others print. */
class MeasurementTest {
  private static final Measurement POW =
      new Measurement("pow", "fluxion", 1.25e-4, 1.0e-4, 97.125, 1000, 267.80334944767577);

  @Test
  void aMeasurementIsALineOfJson() {
    assertEquals(
        "{\"workload\": \"pow\", \"system\": \"fluxion\", \"ms\": 1.25E-4, \"min_ms\": 1.0E-4,"
            + " \"first_ms\": 97.125, \"runs\": 1000, \"check\": 267.80334944767577}",
        POW.toJson());
  }

  @Test
  void aPrintedMeasurementIsReadBack() {
    assertEquals(Optional.of(POW), Measurement.parse(POW.toJson()));
  }

  @Test
  void linesOfThePeersAreRead() {
    assertEquals(
        Optional.of(
            new Measurement(
                "lorenz", "jax", 42.164492, 41.143151, 415.001, 12, -52.39476173207515)),
        Measurement.parse(
            "{\"workload\": \"lorenz\", \"system\": \"jax\", \"ms\": 42.164492, \"min_ms\":"
                + " 41.143151, \"first_ms\": 415.001, \"runs\": 12, \"check\":"
                + " -52.39476173207515}"));
  }

  @Test
  void whatIsNoMeasurementIsNotRead() {
    String error =
        "{\"workload\": \"pow\", \"system\": \"jax\", \"error\": \"ImportError: no \\\"jax\\\"\"}";
    assertEquals(Optional.empty(), Measurement.parse(error));
    assertEquals("ImportError: no \\\"jax\\\"", Measurement.fields(error).get("error"));
    assertEquals(Optional.empty(), Measurement.parse("Traceback (most recent call last):"));
    assertEquals(Map.of(), Measurement.fields(""));
  }

  @Test
  void whatIsNotFiniteIsNotANumberInJson() {
    Measurement diverged = new Measurement("mlp", "fluxion", 1, 1, 1, 3, Double.NaN);
    assertTrue(diverged.toJson().endsWith("\"check\": null}"), diverged.toJson());
    assertTrue(Double.isNaN(Measurement.parse(diverged.toJson()).orElseThrow().check()));
  }

  @Test
  void mediansAndDifferences() {
    assertEquals(2, Statistics.median(List.of(3.0, 1.0, 2.0)));
    assertEquals(2.5, Statistics.median(List.of(4.0, 1.0, 2.0, 3.0)));
    assertEquals(1, Statistics.min(List.of(3.0, 1.0, 2.0)));
    assertEquals(0.5, Statistics.relativeDifference(1, 2));
    assertEquals(0, Statistics.relativeDifference(0, 0));
    assertTrue(Double.isNaN(Statistics.relativeDifference(Double.NaN, 1)));
  }
}
