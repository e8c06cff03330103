package io.github.httpreport.testkit;

/**
 * One JSON object as a rule of eKuiper would have got it.
 *
 * @param path the path it came to, decoded, which is the DATASOURCE of the stream
 * @param json the object, byte for byte as it was sent
 */
public record ReceivedTuple(String path, String json) {

  /** Shows the length of the object only: it may be personal data and must not reach a log. */
  @Override
  public String toString() {
    return "ReceivedTuple[" + path + ", object of " + json.length() + " characters]";
  }
}
