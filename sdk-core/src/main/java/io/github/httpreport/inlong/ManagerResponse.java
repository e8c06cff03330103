package io.github.httpreport.inlong;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.httpreport.http.Response;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import io.github.httpreport.node.NodeSourceException;
import io.github.httpreport.node.NodeSourceException.Kind;
import io.github.httpreport.protocol.support.StatusVerdict;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * Nodes of a group, as a Manager lists them. The texts of what cannot be read go on from "Manager
 * http://manager:8083 ".
 *
 * @param nodes the usable HTTP nodes
 * @param unusable how many HTTP nodes have an address that is none
 */
record ManagerResponse(NodeList nodes, int unusable) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** The Manager says it when its own code failed, so that another Manager may do better. */
  private static final String SERVICE_ERROR = "There was an error in the service";

  /**
   * Reads a response.
   *
   * @param hideSecret takes the secret out of the Manager's own text, before that is cut: half of
   *     an echoed secret would not be found any more
   */
  static ManagerResponse read(Response response, UnaryOperator<String> hideSecret)
      throws NodeSourceException {
    JsonNode root = response.status() == 200 ? parse(response) : JSON.missingNode();
    JsonNode success = root.path("success");
    if (!success.isBoolean()) {
      throw unreadable(response);
    }
    if (!success.booleanValue()) {
      throw refusal(hideSecret.apply(root.path("errMsg").asText("")));
    }
    JsonNode data = root.path("data");
    JsonNode list = data.path("nodeList");
    if (!data.isObject() || !(list.isArray() || list.isNull() || list.isMissingNode())) {
      throw unreadable(response);
    }
    return nodesOf(list, limitOf(data.path("maxPacketLength")));
  }

  private static JsonNode parse(Response response) throws NodeSourceException {
    if (response.truncated()) {
      throw unreadable(response);
    }
    try {
      return JSON.readTree(response.body());
    } catch (IOException notJson) {
      // Not kept as the cause: its text may quote whatever was answered.
      throw unreadable(response);
    }
  }

  private static NodeSourceException unreadable(Response response) {
    return unavailable("gave no node list: " + StatusVerdict.describe(response));
  }

  private static NodeSourceException unavailable(String text) {
    return new NodeSourceException(Kind.UNAVAILABLE, text, null);
  }

  private static NodeSourceException refusal(String errMsg) {
    String text = errMsg.isBlank() ? "it gave no reason" : errMsg;
    if (errMsg.startsWith(SERVICE_ERROR)) {
      return unavailable("failed: " + text);
    }
    return new NodeSourceException(Kind.REFUSED, "refused: " + text, null);
  }

  private static ManagerResponse nodesOf(JsonNode list, OptionalLong limit)
      throws NodeSourceException {
    Map<Node, Integer> loads = new LinkedHashMap<>();
    int unusable = 0;
    for (JsonNode entry : list) {
      if (!isHttp(entry)) {
        continue;
      }
      Optional<Node> node = nodeOf(entry);
      node.ifPresent(usable -> loads.putIfAbsent(usable, loadOf(entry)));
      unusable += node.isEmpty() ? 1 : 0;
    }
    if (loads.isEmpty() && unusable > 0) {
      throw unavailable("listed only nodes without a usable ip and port: " + unusable);
    }
    return new ManagerResponse(new NodeList(loads, limit), unusable);
  }

  private static boolean isHttp(JsonNode entry) {
    JsonNode type = entry.path("protocolType");
    return !type.isTextual() || type.textValue().equalsIgnoreCase("HTTP");
  }

  private static Optional<Node> nodeOf(JsonNode entry) {
    JsonNode ip = entry.path("ip");
    JsonNode port = entry.path("port");
    if (!ip.isTextual() || !port.isIntegralNumber() || !port.canConvertToInt()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Node.of(ip.textValue(), port.intValue()));
    } catch (IllegalArgumentException badAddress) {
      return Optional.empty();
    }
  }

  private static int loadOf(JsonNode entry) {
    JsonNode load = entry.path("nodeLoad");
    boolean known = load.isIntegralNumber() && load.canConvertToInt() && load.intValue() >= 0;
    return known ? load.intValue() : NodeList.UNKNOWN_LOAD;
  }

  private static OptionalLong limitOf(JsonNode maxPacketLength) {
    boolean known = maxPacketLength.isIntegralNumber() && maxPacketLength.canConvertToLong();
    return known && maxPacketLength.longValue() > 0
        ? OptionalLong.of(maxPacketLength.longValue())
        : OptionalLong.empty();
  }
}
