package io.github.httpreport.examples.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * What came out, for people and for programs.
 *
 * @param plan what was run
 * @param standings of the contestants, in the order they ran
 * @param targets what they were to reach
 */
record Report(Plan plan, List<Standing> standings, List<Target> targets) {

  private static final String HEAD = "%-24s %10s  %-21s %8s  %-15s %14s %13s%n";
  private static final String ROW = "%-24s %,10.0f  %-21s %8.1f  %-15s %14.2f %,13.0f%n";

  boolean meetsAllTargets() {
    return targets.stream().allMatch(target -> target.isMetBy(standing(target)));
  }

  private Standing standing(Target target) {
    return standings.stream()
        .filter(standing -> standing.name().equals(target.contestant()))
        .findAny()
        .orElseThrow();
  }

  /** A table and what became of the targets. */
  String text() {
    StringBuilder text = new StringBuilder();
    append(text, HEAD, "", "messages/s", "", "x plain", "", "client CPU", "allocated");
    append(text, HEAD, "", "median", "min..max", "median", "min..max", "us/message", "B/message");
    for (Standing standing : standings) {
      append(
          text,
          ROW,
          standing.name(),
          standing.messagesPerSecond().median(),
          range(standing.messagesPerSecond(), "%,.0f..%,.0f"),
          standing.timesPlain().median(),
          range(standing.timesPlain(), "%.1f..%.1f"),
          standing.cpuMicrosPerMessage(),
          standing.allocatedBytesPerMessage());
    }
    append(
        text,
        "%nRounds of %s s for each: %d. Messages: %,d bytes. Nodes: %d.%n%s%n%n",
        seconds(),
        plan.rounds(),
        plan.bodyBytes(),
        plan.nodes(),
        Machine.describe());
    for (Target target : targets) {
      Standing standing = standing(target);
      append(
          text,
          "Target %s: %s at least %.0f x plain, measured %.1f x%n",
          target.isMetBy(standing) ? "met" : "MISSED",
          target.contestant(),
          target.timesPlain(),
          standing.timesPlain().median());
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values));
  }

  private static String range(Spread spread, String format) {
    return String.format(Locale.ROOT, format, spread.min(), spread.max());
  }

  private double seconds() {
    return plan.turn().toMillis() / 1000.0;
  }

  /** The same as a JSON object. */
  String json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("rounds", plan.rounds());
    root.put("secondsPerRound", seconds());
    root.put("bodyBytes", plan.bodyBytes());
    root.put("nodes", plan.nodes());
    root.set("machine", Machine.json());
    ArrayNode contestants = root.putArray("contestants");
    standings.forEach(standing -> contestants.add(json(standing)));
    ArrayNode reached = root.putArray("targets");
    targets.forEach(target -> reached.add(json(target)));
    return root.toPrettyString();
  }

  private static ObjectNode json(Standing standing) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("name", standing.name());
    node.set("messagesPerSecond", json(standing.messagesPerSecond()));
    node.set("timesPlain", json(standing.timesPlain()));
    node.put("clientCpuMicrosPerMessage", standing.cpuMicrosPerMessage());
    node.put("allocatedBytesPerMessage", standing.allocatedBytesPerMessage());
    return node;
  }

  private static ObjectNode json(Spread spread) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return node.put("median", spread.median()).put("min", spread.min()).put("max", spread.max());
  }

  private ObjectNode json(Target target) {
    Standing standing = standing(target);
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    return node.put("contestant", target.contestant())
        .put("timesPlainAtLeast", target.timesPlain())
        .put("timesPlain", standing.timesPlain().median())
        .put("met", target.isMetBy(standing));
  }
}
