package io.github.httpreport.benchmarks;

import java.io.IOException;

/** A way to report messages, measured in turn with others. */
interface Contestant extends AutoCloseable {

  /**
   * Reports once, from one of its threads.
   *
   * @param thread which one, counted from 0; used by this thread alone
   * @return how many messages were handed over
   * @throws IOException if they were not acknowledged
   * @throws io.github.httpreport.error.SendException if they were not acknowledged
   */
  int call(int thread) throws IOException;

  /**
   * Waits for the answers that are still to come. Called when no thread calls any more.
   *
   * @throws IOException if one of all messages was not acknowledged
   */
  default void complete() throws IOException {}

  /**
   * How many bytes the contestant allocates itself for each message, in addition to the client that
   * it measures.
   */
  default double ownBytesPerMessage() {
    return 0;
  }

  @Override
  void close();
}
