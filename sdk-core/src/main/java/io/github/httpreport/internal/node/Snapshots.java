package io.github.httpreport.internal.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.httpreport.common.PercentEncoding;
import io.github.httpreport.node.Node;
import io.github.httpreport.node.NodeList;
import java.io.IOException;
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

/**
 * Saved node lists, one file a group, for a start while no Manager responds.
 *
 * <p>A file is written whole into a temporary file and then renamed, so a reader sees the old list
 * or the new one. Reads and writes run on the executor, never on the thread that asks, and never on
 * two threads at once for one sender; several senders may share a directory, because each write has
 * a temporary file of its own. A list that cannot be read or saved is logged and costs nothing
 * else.
 */
public final class Snapshots {

  private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

  /** Never configured after it was made, and so safe for all threads. */
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Characters of an encoded group id; names of files end at 255 bytes, prefix and suffix included.
   */
  private static final int MAX_NAME_LENGTH = 200;

  private final @Nullable Path directory;
  private final Executor executor;

  public Snapshots(@Nullable Path directory, Executor executor) {
    this.directory = directory;
    this.executor = executor;
  }

  /** Passes on the saved list of a group, if there is a readable one, from the executor. */
  void read(String groupId, Consumer<Optional<NodeList>> result) {
    Path file = file(groupId);
    if (file == null) {
      result.accept(Optional.empty());
    } else {
      executor.execute(() -> result.accept(read(groupId, file)));
    }
  }

  /** Saves a list in the background. A failure is logged. */
  void write(String groupId, NodeList list) {
    Path file = file(groupId);
    if (file != null) {
      executor.execute(() -> write(groupId, file, list));
    }
  }

  /**
   * The file of a group; null where nothing is saved, or the encoded id is too long for a file
   * name.
   */
  private @Nullable Path file(String groupId) {
    if (directory == null) {
      return null;
    }
    // Percent-encoded, so that no group names a file outside of the directory.
    String name = PercentEncoding.segment(groupId);
    return name.length() > MAX_NAME_LENGTH ? null : directory.resolve("nodes-" + name + ".json");
  }

  /**
   * Reads a list. A file that is damaged or edited costs a log line: the group is then without a
   * list, as if nothing had been saved.
   */
  private static Optional<NodeList> read(String groupId, Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(groupId, JSON.readTree(Files.readAllBytes(file))));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("The saved node list {} is unreadable: {}", file, e.toString());
      return Optional.empty();
    }
  }

  private static void write(String groupId, Path file, NodeList list) {
    try {
      Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
      // A name of its own: other senders, in other processes too, may save the same group now.
      Path temporary = Files.createTempFile(directory, "nodes-", ".tmp");
      try {
        Files.write(temporary, print(groupId, list));
        move(temporary, file);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      LOG.warn("The node list could not be saved to {}: {}", file, e.toString());
    }
  }

  /** Renames over the old file; where the file system cannot do that in one step, in two. */
  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** The list as JSON, which a person can read and mend while no Manager works. */
  private static byte[] print(String groupId, NodeList list) throws JsonProcessingException {
    ObjectNode root = JSON.createObjectNode().put("group", groupId);
    list.maxRequestBytes().ifPresent(max -> root.put("maxRequestBytes", max));
    ArrayNode nodes = root.putArray("nodes");
    list.loads()
        .forEach(
            (node, load) ->
                nodes.addObject().put("origin", node.origin().toString()).put("load", load));
    return JSON.writeValueAsBytes(root);
  }

  /**
   * Reads what {@link #print} wrote.
   *
   * @throws IllegalArgumentException if the file is of another group, has no node, or a bad limit
   */
  private static NodeList parse(String groupId, JsonNode root) {
    // On a file system that ignores case, two groups may share one file name.
    require(root.path("group").asText().equals(groupId), "it is not of this group");
    Map<Node, Integer> loads = new LinkedHashMap<>();
    for (JsonNode node : root.path("nodes")) {
      loads.put(
          Node.parse(node.path("origin").asText()), node.path("load").asInt(NodeList.UNKNOWN_LOAD));
    }
    require(!loads.isEmpty(), "it has no node");
    JsonNode max = root.path("maxRequestBytes");
    require(max.isMissingNode() || max.asLong() > 0, "maxRequestBytes is not above 0");
    return new NodeList(
        loads, max.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(max.asLong()));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
