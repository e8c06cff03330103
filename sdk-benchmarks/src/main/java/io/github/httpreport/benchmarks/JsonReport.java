package io.github.httpreport.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.ToDoubleFunction;

/** What came out, for programs. */
final class JsonReport {

  private JsonReport() {}

  static String of(Results results) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("rounds", results.plan().rounds());
    root.put("secondsPerRound", results.plan().seconds());
    root.put("server", results.plan().server().name());
    root.set("machine", Machine.json());
    ArrayNode blocks = root.putArray("blocks");
    results.blocks().forEach(block -> blocks.add(json(block, results.plan().server())));
    ArrayNode targets = root.putArray("targets");
    results.targets().forEach(target -> targets.add(json(target)));
    ArrayNode limits = root.putArray("limits");
    results.limits().forEach(limit -> limits.add(json(limit)));
    return root.toPrettyString();
  }

  private static ObjectNode json(Measured block, ServerKind server) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", block.block().name());
    ArrayNode contestants = node.putArray("contestants");
    block.turns().keySet().forEach(scenario -> contestants.add(json(block, scenario, server)));
    return node;
  }

  private static ObjectNode json(Measured block, Scenario scenario, ServerKind server) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", scenario.name());
    node.set("messagesPerSecond", json(block.figures(scenario, Sample::messagesPerSecond)));
    node.put("clientCpuMicrosPerMessage", median(block, scenario, Sample::cpuMicrosPerMessage));
    if (scenario.kind().isBlocking()) {
      node.put("medianMicros", median(block, scenario, Sample::medianMicros));
      node.put("p99Micros", median(block, scenario, Sample::p99Micros));
    }
    if (server == ServerKind.lean) {
      node.put("requestsPerSecond", median(block, scenario, Sample::requestsPerSecond));
      node.put("wireBytesPerMessage", median(block, scenario, Sample::wireBytesPerMessage));
    }
    if (server == ServerKind.lean && scenario.kind() != MessageKind.RAW) {
      node.put("extraBytesPerRequest", median(block, scenario, Sample::extraBytesPerRequest));
      node.put("extraBytesPerMessage", median(block, scenario, Sample::extraBytesPerMessage));
    }
    return node;
  }

  private static double median(Measured block, Scenario scenario, ToDoubleFunction<Sample> figure) {
    return block.figures(scenario, figure).median();
  }

  private static ObjectNode json(Summary summary) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return node.put("median", summary.median()).put("min", summary.min()).put("max", summary.max());
  }

  private static ObjectNode json(Limit limit) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", limit.name());
    node.set("toRaw", json(limit.toRaw()));
    node.set("libraryToIt", json(limit.reached()));
    return node;
  }

  private static ObjectNode json(BenchTarget target) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", target.name());
    node.put(target.bound().most() ? "atMost" : "atLeast", target.bound().limit());
    node.put("unit", target.bound().unit());
    if (target.measured() != null) {
      node.set("measured", json(target.measured()));
    }
    return node.put("state", target.state().label());
  }
}
