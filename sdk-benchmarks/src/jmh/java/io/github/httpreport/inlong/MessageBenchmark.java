package io.github.httpreport.inlong;

import io.github.httpreport.Message;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What {@code enqueue} asks of the protocol for each message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MessageBenchmark {

  @Param SampleText text;

  @Param FormEncoding encoding;

  private InLongProtocol protocol = InLongProtocol.create();
  private Message message = Message.of("");

  /** Makes the protocol and the message. */
  @Setup
  public void makeMessage() {
    protocol = InLongProtocol.builder().encoding(encoding).build();
    message = Message.of(text.body);
  }

  @Benchmark
  public void check() {
    protocol.validate(message);
  }

  @Benchmark
  public long checkAndSizeOf() {
    protocol.validate(message);
    return protocol.sizeOf(message);
  }
}
