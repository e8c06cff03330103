package io.github.httpreport.inlong;

/** How bodies are written into a form; the server reads both to the same text. */
public enum FormEncoding {
  /**
   * Escapes everything but {@code A-Z a-z 0-9 - . _ ~}, as every form decoder expects. A Chinese
   * character takes nine bytes.
   */
  STANDARD,
  /**
   * Escapes only what a DataProxy's decoder needs: {@code % + & ; #} and control characters. Other
   * text travels as raw UTF-8, so that a Chinese character takes three bytes. For nodes that are
   * reached directly: a gateway in between may insist on ASCII.
   */
  COMPACT
}
