package dev.fluxion.grad.runtime;

/**
 * That code came to where it needs a class which is not there. As the virtual machine's own error
 * it may be caught, by code that can do without the class; what is not caught is said to the user
 * as what cannot be differentiated.
 */
public final class AbsentClassError extends NoClassDefFoundError {
  private static final long serialVersionUID = 1;

  private final String problem;

  private AbsentClassError(String name, String problem) {
    super(name);
    this.problem = problem;
  }

  /**
   * The error for a class.
   *
   * @param name the class's, with slashes
   * @param problem what cannot be differentiated, for the user
   */
  public static AbsentClassError of(String name, String problem) {
    return new AbsentClassError(name, problem);
  }

  /** What cannot be differentiated, for the user. */
  public String problem() {
    return problem;
  }
}
