package io.github.httpreport.benchmarks;

import io.github.httpreport.inlong.FormEncoding;
import java.util.Collections;
import java.util.List;

/**
 * What a contestant does.
 *
 * @param kind how it reports
 * @param width how many threads it has, or requests in flight
 * @param batch how many messages a call has
 * @param text what the messages say
 * @param topology where it reports to
 */
record Scenario(MessageKind kind, int width, int batch, MessageText text, Topology topology) {

  static Scenario of(MessageKind kind, int width, int batch) {
    return new Scenario(kind, width, batch, MessageText.ASCII, Topology.NEAR);
  }

  Scenario with(MessageText other) {
    return new Scenario(kind, width, batch, other, topology);
  }

  Scenario with(Topology other) {
    return new Scenario(kind, width, batch, text, other);
  }

  /** What it is called in the report, where no other is called so. */
  String name() {
    StringBuilder name = new StringBuilder(kind.label()).append(", ").append(width).append(' ');
    name.append(width == 1 && kind.unit().equals("threads") ? "thread" : kind.unit());
    if (kind != MessageKind.ENQUEUE) {
      name.append(", batch ").append(batch);
    }
    if (text.body() != Body.ASCII) {
      name.append(", ").append(text.body().label());
    }
    if (text.encoding() == FormEncoding.COMPACT) {
      name.append(", compact");
    }
    if (topology.nodes() != Topology.NEAR.nodes()) {
      name.append(", ").append(topology.nodes()).append(" nodes");
    }
    if (topology.groups() != Topology.NEAR.groups()) {
      name.append(", ").append(topology.groups()).append(" groups");
    }
    if (topology.tls()) {
      name.append(", TLS");
    }
    return name.toString();
  }

  /** What a call sends. */
  List<String> bodies() {
    return Collections.nCopies(batch, text.body().text());
  }

  int threads() {
    return kind.unit().equals("threads") ? width : 1;
  }
}
