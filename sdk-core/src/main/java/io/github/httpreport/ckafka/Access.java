package io.github.httpreport.ckafka;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.http.Origin;
import io.github.httpreport.node.Node;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where requests go and what they are signed for.
 *
 * @param node what is connected to, unless the sender is given other nodes
 * @param host the Host header where it is not the name of the node
 * @param service in the signature's scope
 * @param region in a header, where one is set
 */
record Access(Node node, @Nullable String host, String service, @Nullable String region) {

  private static final int HTTPS = 443;
  private static final int HTTP = 80;

  private static final Pattern WITHOUT_PORT =
      Pattern.compile("(https?)://([^:/@\\[\\]]+|\\[[0-9A-Fa-f:.]+])/?");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]{1,255}");
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** Behind the patterns that it is read with. */
  static final Access DEFAULT =
      new Access(address("https://ckafka.tencentcloudapi.com"), null, "ckafka", null);

  Access withNode(String url) {
    return new Access(address(url), host, service, region);
  }

  Access withHost(String value) {
    return new Access(node, matching(HOST, value, "host"), service, region);
  }

  Access withService(String value) {
    return new Access(node, host, matching(TOKEN, value, "service"), region);
  }

  Access withRegion(String value) {
    return new Access(node, host, service, matching(TOKEN, value, "region"));
  }

  /** The Host header: without the port where it is the scheme's own, as clients write it. */
  String hostHeader() {
    if (host != null) {
      return host;
    }
    Origin origin = node.origin();
    String authority = origin.authority();
    boolean usual = origin.port() == (origin.secure() ? HTTPS : HTTP);
    return usual ? authority.substring(0, authority.lastIndexOf(':')) : authority;
  }

  private static Node address(String url) {
    Matcher matcher = WITHOUT_PORT.matcher(requireNonNull(url, "endpoint"));
    if (!matcher.matches()) {
      return parse(url);
    }
    String scheme = matcher.group(1);
    int port = scheme.equals("https") ? HTTPS : HTTP;
    return parse(scheme + "://" + matcher.group(2) + ':' + port);
  }

  private static Node parse(String address) {
    if (!address.contains("://")) {
      throw new IllegalArgumentException("endpoint must start with https:// or http://");
    }
    try {
      return Node.parse(address);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("endpoint: " + e.getMessage(), e);
    }
  }

  private static String matching(Pattern form, String value, String name) {
    if (!form.matcher(requireNonNull(value, name)).matches()) {
      throw new IllegalArgumentException(name + " must match " + form);
    }
    return value;
  }
}
