package io.github.httpreport.examples.bench;

import java.io.IOException;
import java.util.function.BooleanSupplier;

/** A way to report messages, measured in turn with others. Used by one thread. */
interface Contestant extends AutoCloseable {

  /** What it is called in the report. */
  String name();

  /**
   * Reports a message, and more for as long as it is told to, then waits for the last answers.
   *
   * @return how many messages the server acknowledged, which is all of them
   * @throws IOException if one was not acknowledged
   * @throws io.github.httpreport.error.SendException if one was not acknowledged
   */
  long report(BooleanSupplier goOn) throws IOException;

  @Override
  void close();
}
