package io.github.httpreport.testkit;

/** What a server says on one connection. For one thread. */
interface Service {

  /** Serves a request that was read whole, and tells the answer of a server that is well. */
  Reply answer(ReceivedRequest request);

  /** Whether such a request is counted and meets faults. */
  boolean meetsFaults(RequestHead head);

  /** The largest body that is read. */
  int maxBytes();

  /** What is written behind what is no HTTP. */
  Reply undecodable();

  /** What is written on a connection that was idle for too long. */
  Reply idle();
}
