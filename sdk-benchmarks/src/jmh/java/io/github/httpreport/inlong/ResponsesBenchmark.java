package io.github.httpreport.inlong;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.httpreport.http.Response;
import io.github.httpreport.protocol.Verdict;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The meaning of an answer. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponsesBenchmark {

  /** Answers as a DataProxy writes them. */
  public enum Answer {
    SUCCESS(200, "{\"code\":\"0\",\"msg\":\"Ok\"}"),
    QUEUE_FULL(
        200, "{\"code\":\"114\",\"msg\":\"Put HTTP event to channel failure: queue is full\"}"),
    TOO_LARGE(413, "");

    private final int status;
    private final String body;

    Answer(int status, String body) {
      this.status = status;
      this.body = body;
    }

    Response response() {
      return Response.status(status)
          .headers(Map.of("content-type", "application/json;charset=utf-8"))
          .body(body.getBytes(UTF_8))
          .build();
    }
  }

  @Param Answer answer;

  private final InLongProtocol protocol = InLongProtocol.create();
  private Response response = Answer.SUCCESS.response();

  /** Makes the answer. */
  @Setup
  public void makeResponse() {
    response = answer.response();
  }

  @Benchmark
  public Verdict classify() {
    return protocol.classify(response);
  }
}
