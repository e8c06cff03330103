package io.github.httpreport.examples.bench;

import io.github.httpreport.inlong.FormEncoding;

/**
 * What the messages of a contestant say, and how that is encoded.
 *
 * @param body of each message
 * @param encoding of the form
 */
record Text(Body body, FormEncoding encoding) {

  static final Text ASCII = new Text(Body.ASCII, FormEncoding.STANDARD);
}
