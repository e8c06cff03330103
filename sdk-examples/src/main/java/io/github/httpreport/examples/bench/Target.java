package io.github.httpreport.examples.bench;

/**
 * How many times as fast as the plain client a contestant is to be.
 *
 * @param contestant its name
 * @param timesPlain at least so many times
 */
record Target(String contestant, double timesPlain) {

  boolean isMetBy(Standing standing) {
    return standing.timesPlain().median() >= timesPlain;
  }
}
