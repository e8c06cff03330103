package io.github.httpreport.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides what the Manager answers. Unlike a node's, it is shared by all connections. */
final class ManagerService implements Service {

  private static final String CONTEXT = "/inlong/manager";
  private static final String OPENAPI = CONTEXT + "/openapi/";
  private static final String BY_GROUP = OPENAPI + "dataproxy/getIpList/";
  private static final String BY_CLUSTER = OPENAPI + "dataproxy/getIpListByClusterName/";

  /** The server under the Manager reads no path that holds one of these. */
  private static final Pattern NO_PATH = Pattern.compile("(?i)%2f|%00");

  /** What the Manager takes in no path, decoded: anything but ASCII, and what would cut it. */
  private static final Pattern REFUSED = Pattern.compile("[^ -~]|;");

  private static final int MAX_BODY = 2 * 1024 * 1024;
  private static final String NO_SUCH_METHOD =
      "There was an error in the service...Please try again later! If there are still problems,"
          + " please contact the administrator";

  /**
   * State that the responses depend on, apart from the request and the switches.
   *
   * @param clusterName the name that the second path asks for
   * @param topics the groups that are known
   * @param registry the nodes
   * @param maxPacketLength the limit that the Manager reports, or null
   */
  record ServiceSettings(
      String clusterName,
      Topics topics,
      NodeRegistry registry,
      @Nullable Integer maxPacketLength) {}

  private final ServiceSettings settings;
  private final Map<String, LocalManager.GroupState> states = new ConcurrentHashMap<>();
  private volatile @Nullable String authorization;

  ManagerService(ServiceSettings settings) {
    this.settings = settings;
  }

  void authentication(String secretId, String secretKey) {
    byte[] pair = (secretId + ':' + secretKey).getBytes(UTF_8);
    authorization = "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  void noAuthentication() {
    authorization = null;
  }

  void group(String groupId, LocalManager.GroupState state) {
    states.put(groupId, state);
  }

  @Override
  public int maxBytes() {
    return MAX_BODY;
  }

  @Override
  public Reply undecodable(String received) {
    return ManagerReplies.badRequestPage();
  }

  @Override
  public Reply goAhead() {
    return ManagerReplies.GO_AHEAD;
  }

  @Override
  public Reply response(ReceivedRequest request) {
    Reply reply = decide(request);
    Reply whole = request.head().saysClose() ? new Reply(reply.bytes(), true) : reply;
    return request.head().method().equals("HEAD") ? whole.withoutBody() : whole;
  }

  private Reply decide(ReceivedRequest request) {
    RequestHead head = request.head();
    String path = head.rawPath();
    FormDecoder decoder = new FormDecoder();
    try {
      if (NO_PATH.matcher(path).find()) {
        return ManagerReplies.badRequestPage();
      }
      if (!path.startsWith(CONTEXT + '/')) {
        return ManagerReplies.noSuchPage(path);
      }
      if (REFUSED.matcher(decoder.path(path)).find()) {
        return ManagerReplies.refusal(path);
      }
      return decide(request, path, decoder);
    } catch (BadEscapeException e) {
      return ManagerReplies.badRequestPage();
    }
  }

  private Reply decide(ReceivedRequest request, String path, FormDecoder decoder)
      throws BadEscapeException {
    RequestHead head = request.head();
    String expected = authorization;
    if (expected != null
        && path.startsWith(OPENAPI)
        && !expected.equals(head.header("authorization"))) {
      return ManagerReplies.error(403, "Forbidden", path);
    }
    return route(request, decoder);
  }

  private Reply route(ReceivedRequest request, FormDecoder decoder) throws BadEscapeException {
    String path = request.head().rawPath();
    String prefix = path.startsWith(BY_GROUP) ? BY_GROUP : BY_CLUSTER;
    String rest = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
    String name = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    if (name.isEmpty() || name.indexOf('/') >= 0) {
      return ManagerReplies.error(404, "Not Found", path);
    }
    if (request.head().method().equals("OPTIONS")) {
      return ManagerReplies.options();
    }
    if (!request.head().method().equals("POST")) {
      return ManagerReplies.failure(NO_SUCH_METHOD);
    }
    String protocol = fields(request, decoder).get("protocolType");
    String decoded = decoder.path(name);
    return prefix.equals(BY_GROUP) ? byGroup(decoded, protocol) : byCluster(decoded, protocol);
  }

  private static Map<String, String> fields(ReceivedRequest request, FormDecoder decoder)
      throws BadEscapeException {
    byte[] query = request.head().rawQuery().getBytes(ISO_8859_1);
    Map<String, String> fields = new HashMap<>(decoder.fields(query, 0, query.length));
    String type = request.head().headers().getOrDefault("content-type", "");
    if (type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded")) {
      decoder.fields(request.body(), 0, request.length()).forEach(fields::putIfAbsent);
    }
    return fields;
  }

  private Reply byGroup(String groupId, @Nullable String protocol) {
    boolean known = settings.topics().knows(groupId);
    LocalManager.GroupState state =
        states.getOrDefault(
            groupId, known ? LocalManager.GroupState.READY : LocalManager.GroupState.UNKNOWN);
    if (state == LocalManager.GroupState.READY) {
      return ManagerReplies.nodes(
          settings.registry().entries(protocol), settings.maxPacketLength());
    }
    return ManagerReplies.failure(state.errMsg(groupId));
  }

  private Reply byCluster(String name, @Nullable String protocol) {
    if (!name.equals(settings.clusterName())) {
      return ManagerReplies.failure("not found any data proxy cluster for clusterName=" + name);
    }
    List<NodeRegistry.Entry> alive =
        settings.registry().entries(protocol).stream().filter(NodeRegistry.Entry::alive).toList();
    return ManagerReplies.nodes(alive, settings.maxPacketLength());
  }
}
