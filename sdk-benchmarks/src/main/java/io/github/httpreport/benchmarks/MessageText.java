package io.github.httpreport.benchmarks;

import io.github.httpreport.inlong.FormEncoding;

/**
 * What the messages of a contestant say, and how that is encoded.
 *
 * @param body of each message
 * @param encoding of the form
 */
record MessageText(Body body, FormEncoding encoding) {

  static final MessageText ASCII = new MessageText(Body.ASCII, FormEncoding.STANDARD);
}
