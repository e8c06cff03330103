package io.github.httpreport.inlong;

import io.github.httpreport.common.Printable;
import io.github.httpreport.http.Origin;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a Manager is.
 *
 * @param origin scheme, host and port
 * @param path the Manager's context path, without a slash at its end
 */
record ManagerUrl(Origin origin, String path) {

  private static final String CONTEXT = "/inlong/manager";

  private static final Pattern FORM =
      Pattern.compile(
          "(https?)://"
              + "(?:\\[([0-9a-f:.]+)]|([a-z0-9._-]+))"
              + "(?::([0-9]{1,5}))?"
              + "(/[a-z0-9._~!$&'()*+,;=:%/-]*)?",
          Pattern.CASE_INSENSITIVE);

  static ManagerUrl parse(@Nullable String url) {
    if (url == null) {
      throw new IllegalArgumentException("a Manager URL must not be null");
    }
    if (url.indexOf('@') >= 0) {
      // Not shown: what stands before the @ may be a password.
      throw new IllegalArgumentException(
          "a Manager URL must not hold an @; a secretId and its key are set as credentials");
    }
    int query = indexOfQuery(url);
    if (query >= 0) {
      // Only its start is shown: a query may hold a token.
      throw new IllegalArgumentException(
          "a Manager URL must have neither query nor fragment, but one follows "
              + Printable.quoted(url.substring(0, query)));
    }
    Matcher matcher = FORM.matcher(url);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a Manager URL must be http://host:port or https://host:port, but is "
              + Printable.quoted(url));
    }
    return new ManagerUrl(originOf(matcher, url), contextOf(matcher.group(5)));
  }

  private static int indexOfQuery(String url) {
    int question = url.indexOf('?');
    int hash = url.indexOf('#');
    return question < 0 || hash < 0 ? Math.max(question, hash) : Math.min(question, hash);
  }

  private static Origin originOf(Matcher matcher, String url) {
    boolean secure = matcher.group(1).toLowerCase(Locale.ROOT).equals("https");
    String host = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
    int defaultPort = secure ? 443 : 80;
    int port = matcher.group(4) == null ? defaultPort : Integer.parseInt(matcher.group(4));
    try {
      return new Origin(secure, host, port);
    } catch (IllegalArgumentException badAddress) {
      throw new IllegalArgumentException(
          "bad Manager URL " + Printable.quoted(url) + ": " + badAddress.getMessage(), badAddress);
    }
  }

  /** A path is what a gateway puts before the Manager's own; some will write that as well. */
  private static String contextOf(@Nullable String path) {
    String base = path == null ? "" : path.replaceAll("/+\\z", "");
    return base.endsWith(CONTEXT) ? base : base + CONTEXT;
  }

  @Override
  public String toString() {
    String base = path.substring(0, path.length() - CONTEXT.length());
    return origin + base;
  }
}
