package io.github.httpreport.faults;

import io.github.httpreport.faults.ScriptedFaultScenario.NodeScript;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** One way in which the only node goes wrong. It makes two rows: the fault passes, or it lasts. */
final class NodeFault {

  private static final int ATTEMPTS = 3;

  private final String name;
  private final Supplier<NodeScript> script;
  private boolean doubt;
  private List<Class<?>> reasons = List.of();
  private TimeoutProfile timeouts = TimeoutProfile.AMPLE;
  private Consumer<Traffic> play = Traffic::wave;

  private NodeFault(String name, Supplier<NodeScript> script) {
    this.name = name;
    this.script = script;
  }

  static NodeFault of(String name, NodeScript script) {
    return new NodeFault(name, () -> script);
  }

  /** One whose script remembers something of its scene. */
  static NodeFault made(String name, Supplier<NodeScript> script) {
    return new NodeFault(name, script);
  }

  /** It leaves nothing open, and while it lasts, messages fail for one of these reasons. */
  NodeFault failing(Class<?>... value) {
    reasons = List.of(value);
    return this;
  }

  /** It leaves open if messages were stored, and while it lasts, they fail for one of these. */
  NodeFault leavingOpen(Class<?>... value) {
    doubt = true;
    reasons = List.of(value);
    return this;
  }

  /** It ends when the sender's time is over, not before. */
  NodeFault outwaited() {
    timeouts = TimeoutProfile.HASTY;
    return this;
  }

  /** What is sent instead of one wave. */
  NodeFault sending(Consumer<Traffic> value) {
    play = value;
    return this;
  }

  Stream<FaultCase> rows() {
    return Stream.concat(passing(), lasting());
  }

  Stream<FaultCase> passing() {
    Expected expected = doubt ? Expected.deliveredPerhapsTwice() : Expected.delivered();
    return Stream.of(new FaultCase(name + ", then well", this::sceneOfTwo, timeouts, expected));
  }

  Stream<FaultCase> lasting() {
    return Stream.of(
        new FaultCase(
            name + ", for good",
            () -> ScriptedFaultScenario.node(script.get()).sending(play),
            timeouts.attempts(ATTEMPTS),
            new Expected(false, doubt, reasons, ATTEMPTS)));
  }

  private FaultScenario sceneOfTwo() {
    NodeScript bad = script.get();
    return ScriptedFaultScenario.node(bad, bad, ScriptedFaultScenario::serve).sending(play);
  }
}
