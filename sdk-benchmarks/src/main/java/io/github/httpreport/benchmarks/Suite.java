package io.github.httpreport.benchmarks;

import io.github.httpreport.inlong.FormEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Contestants that run in turn, so that they can be compared.
 *
 * @param name tells what they are compared by
 * @param setups of the contestants
 */
record Suite(String name, List<Scenario> setups) {

  static final String SPEED = "speed";
  static final String MANY = "many nodes, many groups";
  static final String LIMITS = "limits of every client";
  static final String TLS = "TLS and plain HTTP";
  static final String WIRE = "bytes on the wire";

  static final Scenario RAW_1 = Scenario.of(MessageKind.RAW, 1, 1);
  static final Scenario RAW_8 = Scenario.of(MessageKind.RAW, 8, 1);
  static final Scenario RAW_16 = Scenario.of(MessageKind.RAW, 16, 1);
  static final Scenario RAW_8_BY_50 = Scenario.of(MessageKind.RAW, 8, 50);
  static final Scenario RAW_4_BY_500 = Scenario.of(MessageKind.RAW, 4, 500);
  static final Scenario ENCODING_8_BY_50 = Scenario.of(MessageKind.RAW_ENCODING, 8, 50);
  static final Scenario ENCODING_4_BY_500 = Scenario.of(MessageKind.RAW_ENCODING, 4, 500);
  static final Scenario MINIMAL_16 = Scenario.of(MessageKind.MINIMAL, 16, 1);
  static final Scenario MINIMAL_BLOCKING_8 = Scenario.of(MessageKind.MINIMAL_BLOCKING, 8, 1);
  static final Scenario MINIMAL_CHAINED_16 = Scenario.of(MessageKind.MINIMAL_CHAINED, 16, 1);
  static final Scenario DOCUMENTED_1 = Scenario.of(MessageKind.DOCUMENTED, 1, 1);
  static final Scenario DOCUMENTED_4 = Scenario.of(MessageKind.DOCUMENTED, 4, 1);
  static final Scenario DOCUMENTED_8_BY_50 = Scenario.of(MessageKind.DOCUMENTED, 8, 50);
  static final Scenario SEND_1 = Scenario.of(MessageKind.SEND, 1, 1);
  static final Scenario SEND_8 = Scenario.of(MessageKind.SEND, 8, 1);
  static final Scenario SEND_8_BY_50 = Scenario.of(MessageKind.SEND, 8, 50);
  static final Scenario ASYNC_16 = Scenario.of(MessageKind.SEND_ASYNC, 16, 1);
  static final Scenario CHAINED_16 = Scenario.of(MessageKind.SEND_CHAINED, 16, 1);
  static final Scenario ENQUEUE_4 = Scenario.of(MessageKind.ENQUEUE, 4, 1);
  static final Scenario MANY_NODES = ASYNC_16.with(Topology.MANY_NODES);
  static final Scenario MANY_GROUPS = ASYNC_16.with(Topology.MANY_GROUPS);
  static final Scenario STANDARD =
      Scenario.of(MessageKind.SEND, 1, 50)
          .with(new MessageText(Body.CHINESE, FormEncoding.STANDARD));
  static final Scenario COMPACT =
      Scenario.of(MessageKind.SEND, 1, 50)
          .with(new MessageText(Body.CHINESE, FormEncoding.COMPACT));

  /** Measured over TLS beside plain HTTP. */
  static final List<Scenario> ALSO_WITH_TLS = List.of(SEND_1, SEND_8, ASYNC_16, ENQUEUE_4);

  /** More than that in one request is too much for a server with its own defaults. */
  private static final int LARGEST_FORM = 512 * 1024;

  /** What the targets need. Who is compared runs close to each other. */
  static List<Suite> forTargets() {
    return List.of(
        new Suite(
            SPEED,
            List.of(
                DOCUMENTED_1,
                RAW_1,
                SEND_1,
                RAW_8,
                SEND_8,
                RAW_16,
                ASYNC_16,
                CHAINED_16,
                RAW_8_BY_50,
                SEND_8_BY_50,
                DOCUMENTED_8_BY_50,
                DOCUMENTED_4,
                RAW_4_BY_500,
                ENQUEUE_4)),
        new Suite(
            MANY,
            List.of(RAW_16, RAW_16.with(Topology.MANY_NODES), ASYNC_16, MANY_NODES, MANY_GROUPS)),
        new Suite(
            TLS,
            ALSO_WITH_TLS.stream()
                .flatMap(plain -> Stream.of(plain, plain.with(Topology.SECURE)))
                .toList()),
        new Suite(WIRE, List.of(STANDARD, COMPACT)),
        // The last, because the compiler sees the encoder used in a second way from here.
        new Suite(
            LIMITS,
            List.of(
                RAW_16,
                MINIMAL_16,
                ASYNC_16,
                MINIMAL_CHAINED_16,
                CHAINED_16,
                RAW_8_BY_50,
                ENCODING_8_BY_50,
                SEND_8_BY_50,
                RAW_4_BY_500,
                ENCODING_4_BY_500,
                ENQUEUE_4)));
  }

  /** Whatever can be combined. */
  static List<Suite> matrix() {
    List<Suite> blocks = new ArrayList<>();
    for (Body body : Body.values()) {
      List<Scenario> setups = new ArrayList<>();
      for (FormEncoding encoding : FormEncoding.values()) {
        setups.addAll(combinations(new MessageText(body, encoding)));
      }
      blocks.add(new Suite("matrix, " + body.label(), List.copyOf(setups)));
    }
    return blocks;
  }

  private static List<Scenario> combinations(MessageText text) {
    List<Scenario> setups = new ArrayList<>();
    for (int batch : new int[] {1, 50, 500}) {
      for (int threads : new int[] {1, 8, 16}) {
        setups.add(Scenario.of(MessageKind.RAW, threads, batch));
      }
      for (int threads : new int[] {1, 8}) {
        setups.add(Scenario.of(MessageKind.SEND, threads, batch));
        if (batch < 500 && text.encoding() == FormEncoding.STANDARD) {
          setups.add(Scenario.of(MessageKind.DOCUMENTED, threads, batch));
        }
      }
    }
    for (int inFlight : new int[] {1, 8, 16, 64}) {
      setups.add(Scenario.of(MessageKind.SEND_ASYNC, inFlight, 1));
    }
    setups.add(Scenario.of(MessageKind.SEND_CHAINED, 16, 1));
    for (int threads : new int[] {1, 4}) {
      setups.add(Scenario.of(MessageKind.ENQUEUE, threads, 1));
    }
    return setups.stream().map(scenario -> scenario.with(text)).filter(Suite::isUsual).toList();
  }

  private static boolean isUsual(Scenario scenario) {
    return new RawRequest(scenario, "").form().length <= LARGEST_FORM;
  }

  boolean usesTls() {
    return setups.stream().anyMatch(scenario -> scenario.topology().tls());
  }

  Suite only(Predicate<String> names) {
    return new Suite(
        name, setups.stream().filter(scenario -> names.test(scenario.name())).toList());
  }
}
