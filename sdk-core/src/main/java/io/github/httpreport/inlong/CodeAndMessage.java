package io.github.httpreport.inlong;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The code and message of a DataProxy's answer. Not read as JSON, because the server does not
 * escape its message: a quote in a group's name must not hide the code.
 *
 * @param code the server's code
 * @param message the server's message without what it echoes of a body
 */
record CodeAndMessage(String code, String message) {

  /** An error the server has no code for; its message goes on with the request it failed on. */
  static final String UNKNOWN_ERROR = "2147483647";

  private static final String FAILURE = "Process message failure";

  private static final Pattern CODE =
      Pattern.compile(
          "\\uFEFF?\\s*\\{\\s*\"code\"\\s*:\\s*(?:\"([\\w.-]{1,32})\"|(-?\\d{1,20})(?=[\\s,}]))");
  private static final Pattern MESSAGE = Pattern.compile("\\s*,\\s*\"msg\"\\s*:\\s*\"");
  private static final Pattern END = Pattern.compile("\"\\s*}\\s*\\z");

  /**
   * A DataProxy writes a string and a message and nothing else. The message of code 0 is a constant
   * of the server; any other may hold quotes.
   */
  private static final Pattern SUCCESS =
      Pattern.compile(
          "\\uFEFF?\\s*\\{\\s*\"code\"\\s*:\\s*\"(?:0\"\\s*,\\s*\"msg\"\\s*:\\s*\"[^\"]*"
              + "|120\"\\s*,\\s*\"msg\"\\s*:\\s*\".*)\"\\s*}\\s*",
          Pattern.DOTALL);

  /** Code and message stand at the start; what comes after may be a whole request. */
  private static final int READ_BYTES = 1024;

  static Optional<CodeAndMessage> read(byte[] body) {
    String text = new String(body, 0, Math.min(body.length, READ_BYTES), StandardCharsets.UTF_8);
    Matcher matcher = CODE.matcher(text);
    if (!matcher.lookingAt()) {
      return Optional.empty();
    }
    String code = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return Optional.of(new CodeAndMessage(code, message(code, text.substring(matcher.end()))));
  }

  /** Whether a body is, from its start to its end, what a DataProxy writes for a success. */
  static boolean isSuccess(byte[] body) {
    return SUCCESS.matcher(new String(body, StandardCharsets.UTF_8)).matches();
  }

  private static String message(String code, String rest) {
    Matcher start = MESSAGE.matcher(rest);
    if (!start.lookingAt()) {
      return "";
    }
    String message = END.matcher(rest.substring(start.end())).replaceFirst("");
    return withoutEcho(code, message);
  }

  private static String withoutEcho(String code, String message) {
    if (message.equals(FAILURE + ": null")) {
      return message;
    }
    if (message.contains(FAILURE)) {
      return FAILURE;
    }
    return code.equals(UNKNOWN_ERROR) ? "" : message;
  }
}
