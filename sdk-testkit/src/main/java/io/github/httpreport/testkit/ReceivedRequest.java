package io.github.httpreport.testkit;

/** A request read whole. */
final class ReceivedRequest {

  private final RequestHead head;
  private final byte[] body;
  private final int length;

  ReceivedRequest(RequestHead head, byte[] body, int length) {
    this.head = head;
    this.body = body;
    this.length = length;
  }

  RequestHead head() {
    return head;
  }

  /** A buffer that begins with the body; the connection uses it again for its next request. */
  byte[] body() {
    return body;
  }

  /** How much of the buffer is the body. */
  int length() {
    return length;
  }
}
