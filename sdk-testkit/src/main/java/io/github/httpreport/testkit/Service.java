package io.github.httpreport.testkit;

import org.jspecify.annotations.Nullable;

/** What a server says on one connection. For one thread. */
interface Service {

  /** Serves a request that was read whole, and returns the response of a healthy server. */
  Reply response(ReceivedRequest request);

  /** Whether such a request is counted and meets faults. */
  default boolean meetsFaults(RequestHead head) {
    return true;
  }

  /** The largest body that is read. */
  int maxBytes();

  /**
   * What is written behind what is no HTTP.
   *
   * @param received what came, as far as it was read
   */
  Reply undecodable(String received);

  /** What is written behind a head that is too long to be read. */
  default Reply headTooLarge() {
    return undecodable("");
  }

  /**
   * What is written before a body that is too large has been read.
   *
   * @param close whether the request asks for the end of the connection, or has no known length
   */
  default Reply tooLarge(boolean close) {
    return Reply.tooLarge(close);
  }

  /** What lets a client go on that waits for it before it sends its body. */
  default Reply goAhead() {
    return Reply.CONTINUE;
  }

  /** What is written instead of reading a body, where a request expects what no server knows. */
  default Reply expectationFailed() {
    return Reply.NONE;
  }

  /** The fault that such a request, read whole, meets. */
  default @Nullable Fault fault(RequestHead head, FaultPlan faults) {
    return meetsFaults(head) ? faults.take(FaultPlan.ON_REQUEST) : faults.everyPath();
  }

  /** What is written on a connection that was idle for too long: as a rule nothing. */
  default Reply idle() {
    return Reply.NONE;
  }
}
