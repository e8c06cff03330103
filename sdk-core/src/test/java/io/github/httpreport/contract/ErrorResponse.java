package io.github.httpreport.contract;

/**
 * A response that is no success, and what a sender makes of it.
 *
 * @param name of the case
 * @param response status line, headers and body, one char for a byte
 * @param meaning what comes of it
 * @param code what an {@code Attempt} tells of it
 */
record ErrorResponse(String name, String response, Meaning meaning, String code) {

  enum Meaning {
    /** Tried again; nothing was stored. */
    RETRIED,
    /** Tried again; it may have been stored. */
    RETRIED_UNCLEAR,
    /** Sent in halves. */
    SPLIT,
    /** Sent again with new credentials. */
    REAUTHENTICATED,
    /** Given up; nothing was stored. */
    REJECTED,
    /** Given up; it may have been stored. */
    REJECTED_UNCLEAR
  }

  @Override
  public String toString() {
    return name;
  }
}
