package io.github.httpreport.inlong;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.Destination;
import io.github.httpreport.Message;
import io.github.httpreport.protocol.Payload;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.net.WWWFormCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Messages into the whole body of a request, by us and by others. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BatchBenchmark {

  private static final Destination DESTINATION = new Destination("test_group", "test_stream");
  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_001L);

  @Param SampleText text;

  @Param({"1", "50"})
  int batch;

  private final InLongProtocol standard = InLongProtocol.create();
  private final InLongProtocol compact =
      InLongProtocol.builder().encoding(FormEncoding.COMPACT).build();
  private List<Message> messages = List.of();

  /** Makes the batch. */
  @Setup
  public void makeMessages() {
    messages = Collections.nCopies(batch, Message.of(text.body));
  }

  @Benchmark
  public Payload standard() {
    return standard.encode(DESTINATION, messages, TIME);
  }

  @Benchmark
  public Payload compact() {
    return compact.encode(DESTINATION, messages, TIME);
  }

  @Benchmark
  public byte[] othersUrlEncoder() {
    String form =
        "groupId="
            + URLEncoder.encode(DESTINATION.groupId(), UTF_8)
            + "&streamId="
            + URLEncoder.encode(DESTINATION.streamId(), UTF_8)
            + "&dt="
            + TIME.toEpochMilli()
            + "&body="
            + URLEncoder.encode(joined(), UTF_8)
            + "&cnt="
            + batch;
    return form.getBytes(US_ASCII);
  }

  @Benchmark
  public byte[] othersHttpcore() {
    List<NameValuePair> fields =
        List.of(
            new BasicNameValuePair("groupId", DESTINATION.groupId()),
            new BasicNameValuePair("streamId", DESTINATION.streamId()),
            new BasicNameValuePair("dt", Long.toString(TIME.toEpochMilli())),
            new BasicNameValuePair("body", joined()),
            new BasicNameValuePair("cnt", Integer.toString(batch)));
    return WWWFormCodec.format(fields, UTF_8).getBytes(US_ASCII);
  }

  @Benchmark
  public byte[] othersGetBytes() {
    return joined().getBytes(UTF_8);
  }

  private String joined() {
    return batch == 1
        ? text.body
        : messages.stream().map(Message::body).collect(Collectors.joining("\n"));
  }
}
