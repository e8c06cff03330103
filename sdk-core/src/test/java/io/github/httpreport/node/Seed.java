package io.github.httpreport.node;

import java.security.SecureRandom;

/** The seed of a randomised test: a new one each time, or the one given by {@code -Dseed=...}. */
public final class Seed {

  private Seed() {}

  /** Prints the seed, so that a failure can be repeated. */
  public static long next() {
    Long given = Long.getLong("seed");
    long seed = given != null ? given : new SecureRandom().nextLong();
    System.out.println("seed " + seed);
    return seed;
  }
}
