package io.github.httpreport.inlong;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.http.NameValuePair;
import org.apache.hc.core5.http.message.BasicNameValuePair;
import org.apache.hc.core5.net.WWWFormCodec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One text into the bytes of a form field, by us and by others. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncoderBenchmark {

  @Param SampleText text;

  private final FormBuffer buffer = new FormBuffer();

  @Benchmark
  public byte[] standard() {
    return encode(FormEncoder.STANDARD);
  }

  @Benchmark
  public byte[] compact() {
    return encode(FormEncoder.COMPACT);
  }

  private byte[] encode(FormEncoder encoder) {
    buffer.clear();
    return buffer.encoded(text.body, encoder).toBytes();
  }

  @Benchmark
  public long lengthStandard() {
    return FormEncoder.STANDARD.encodedLength(text.body);
  }

  @Benchmark
  public long lengthCompact() {
    return FormEncoder.COMPACT.encodedLength(text.body);
  }

  @Benchmark
  public byte[] othersUrlEncoder() {
    return URLEncoder.encode(text.body, UTF_8).getBytes(US_ASCII);
  }

  @Benchmark
  public byte[] othersHttpcore() {
    List<NameValuePair> field = List.of(new BasicNameValuePair("body", text.body));
    return WWWFormCodec.format(field, UTF_8).getBytes(US_ASCII);
  }

  @Benchmark
  public byte[] othersGetBytes() {
    return text.body.getBytes(UTF_8);
  }
}
