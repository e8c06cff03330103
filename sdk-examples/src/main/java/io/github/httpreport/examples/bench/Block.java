package io.github.httpreport.examples.bench;

import io.github.httpreport.inlong.FormEncoding;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Contestants that run in turn, so that they can be compared.
 *
 * @param name tells what they are compared by
 * @param setups of the contestants
 */
record Block(String name, List<Setup> setups) {

  static final String SPEED = "speed";
  static final String MANY = "many nodes, many groups";
  static final String LIMITS = "limits of every client";
  static final String WIRE = "bytes on the wire";

  static final Setup RAW_1 = Setup.of(Kind.RAW, 1, 1);
  static final Setup RAW_8 = Setup.of(Kind.RAW, 8, 1);
  static final Setup RAW_16 = Setup.of(Kind.RAW, 16, 1);
  static final Setup RAW_8_BY_50 = Setup.of(Kind.RAW, 8, 50);
  static final Setup RAW_4_BY_500 = Setup.of(Kind.RAW, 4, 500);
  static final Setup ENCODING_8_BY_50 = Setup.of(Kind.RAW_ENCODING, 8, 50);
  static final Setup ENCODING_4_BY_500 = Setup.of(Kind.RAW_ENCODING, 4, 500);
  static final Setup MINIMAL_16 = Setup.of(Kind.MINIMAL, 16, 1);
  static final Setup MINIMAL_CHAINED_16 = Setup.of(Kind.MINIMAL_CHAINED, 16, 1);
  static final Setup DOCUMENTED_1 = Setup.of(Kind.DOCUMENTED, 1, 1);
  static final Setup DOCUMENTED_4 = Setup.of(Kind.DOCUMENTED, 4, 1);
  static final Setup DOCUMENTED_8_BY_50 = Setup.of(Kind.DOCUMENTED, 8, 50);
  static final Setup SEND_1 = Setup.of(Kind.SEND, 1, 1);
  static final Setup SEND_8 = Setup.of(Kind.SEND, 8, 1);
  static final Setup SEND_8_BY_50 = Setup.of(Kind.SEND, 8, 50);
  static final Setup ASYNC_16 = Setup.of(Kind.SEND_ASYNC, 16, 1);
  static final Setup CHAINED_16 = Setup.of(Kind.SEND_CHAINED, 16, 1);
  static final Setup ENQUEUE_4 = Setup.of(Kind.ENQUEUE, 4, 1);
  static final Setup MANY_NODES = ASYNC_16.with(Reach.MANY_NODES);
  static final Setup MANY_GROUPS = ASYNC_16.with(Reach.MANY_GROUPS);
  static final Setup STANDARD =
      Setup.of(Kind.SEND, 1, 50).with(new Text(Body.CHINESE, FormEncoding.STANDARD));
  static final Setup COMPACT =
      Setup.of(Kind.SEND, 1, 50).with(new Text(Body.CHINESE, FormEncoding.COMPACT));

  /** More than that in one request is too much for a server with its own defaults. */
  private static final int LARGEST_FORM = 512 * 1024;

  /** What the targets need. Who is compared runs close to each other. */
  static List<Block> forTargets() {
    return List.of(
        new Block(
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
        new Block(
            MANY,
            List.of(RAW_16, RAW_16.with(Reach.MANY_NODES), ASYNC_16, MANY_NODES, MANY_GROUPS)),
        new Block(WIRE, List.of(STANDARD, COMPACT)),
        // The last, because the compiler sees the encoder used in a second way from here.
        new Block(
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
  static List<Block> matrix() {
    List<Block> blocks = new ArrayList<>();
    for (Body body : Body.values()) {
      List<Setup> setups = new ArrayList<>();
      for (FormEncoding encoding : FormEncoding.values()) {
        setups.addAll(combinations(new Text(body, encoding)));
      }
      blocks.add(new Block("matrix, " + body.label(), List.copyOf(setups)));
    }
    return blocks;
  }

  private static List<Setup> combinations(Text text) {
    List<Setup> setups = new ArrayList<>();
    for (int batch : new int[] {1, 50, 500}) {
      for (int threads : new int[] {1, 8, 16}) {
        setups.add(Setup.of(Kind.RAW, threads, batch));
      }
      for (int threads : new int[] {1, 8}) {
        setups.add(Setup.of(Kind.SEND, threads, batch));
        if (batch < 500 && text.encoding() == FormEncoding.STANDARD) {
          setups.add(Setup.of(Kind.DOCUMENTED, threads, batch));
        }
      }
    }
    for (int inFlight : new int[] {1, 8, 16, 64}) {
      setups.add(Setup.of(Kind.SEND_ASYNC, inFlight, 1));
    }
    setups.add(Setup.of(Kind.SEND_CHAINED, 16, 1));
    for (int threads : new int[] {1, 4}) {
      setups.add(Setup.of(Kind.ENQUEUE, threads, 1));
    }
    return setups.stream().map(setup -> setup.with(text)).filter(Block::isUsual).toList();
  }

  private static boolean isUsual(Setup setup) {
    return new RawRequest(setup, "").form().length <= LARGEST_FORM;
  }

  Block only(Predicate<String> names) {
    return new Block(name, setups.stream().filter(setup -> names.test(setup.name())).toList());
  }
}
