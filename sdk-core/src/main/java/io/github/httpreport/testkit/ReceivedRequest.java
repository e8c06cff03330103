package io.github.httpreport.testkit;

/**
 * A request read whole.
 *
 * @param head its first line and headers
 * @param body a buffer that the connection uses again for its next request
 * @param length how much of the buffer is the body
 */
record ReceivedRequest(RequestHead head, byte[] body, int length) {}
