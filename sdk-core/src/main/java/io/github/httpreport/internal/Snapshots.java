package io.github.httpreport.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Node lists on disk, one file a group, for a start while no Manager answers. */
final class Snapshots {

  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_NAME = 200;

  private final @Nullable Path directory;
  private final Executor executor;

  Snapshots(@Nullable Path directory, Executor executor) {
    this.directory = directory;
    this.executor = executor;
  }

  /** Tells the saved list of a group, if there is a readable one; in the background if need be. */
  void read(String groupId, Consumer<Optional<NodeList>> result) {
    Path file = file(groupId);
    if (file == null) {
      result.accept(Optional.empty());
    } else {
      executor.execute(() -> result.accept(read(file)));
    }
  }

  /** Saves a list in the background. A failure is logged. */
  void write(String groupId, NodeList list) {
    Path file = file(groupId);
    if (file != null) {
      executor.execute(() -> write(file, list));
    }
  }

  private @Nullable Path file(String groupId) {
    if (directory == null) {
      return null;
    }
    // Percent-encoded, so that no group names a file outside of the directory.
    String name = URLEncoder.encode(groupId, StandardCharsets.UTF_8).replace("*", "%2A");
    return name.length() > LONGEST_NAME ? null : directory.resolve("nodes-" + name + ".json");
  }

  private static Optional<NodeList> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      NodeList list = parse(JSON.readTree(Files.readAllBytes(file)));
      return list.nodes().isEmpty() ? Optional.empty() : Optional.of(list);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("The saved node list {} is unreadable: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private static void write(Path file, NodeList list) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
      Files.write(temporary, print(list));
      move(temporary, file);
    } catch (IOException e) {
      LOG.warn("The node list could not be saved to {}: {}", file, e.toString());
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static byte[] print(NodeList list) throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode();
    list.maxRequestBytes().ifPresent(max -> root.put("maxRequestBytes", max));
    ArrayNode nodes = root.putArray("nodes");
    list.loads()
        .forEach(
            (node, load) ->
                nodes.addObject().put("origin", node.origin().toString()).put("load", load));
    return JSON.writeValueAsBytes(root);
  }

  private static NodeList parse(JsonNode root) {
    Map<Node, Integer> loads = new LinkedHashMap<>();
    for (JsonNode node : root.path("nodes")) {
      loads.put(
          Node.parse(node.path("origin").asText()), node.path("load").asInt(NodeList.UNKNOWN_LOAD));
    }
    JsonNode max = root.path("maxRequestBytes");
    return new NodeList(
        loads,
        max.canConvertToLong() && max.isNumber()
            ? OptionalLong.of(max.asLong())
            : OptionalLong.empty());
  }
}
