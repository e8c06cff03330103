package io.github.httpreport.examples.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows that every line arrives. */
@Command(
    name = "demo",
    description = {
      "Starts servers on 127.0.0.1, sends them a file, stops one node half-way, and compares what"
          + " was stored with what was read, line by line.",
      "",
      "Ends with 0 only if every line was stored.",
      ""
    })
public final class DemoCommand implements Callable<Integer> {

  private static final String SHIPPED = "access-log.txt";

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file to send. Default: a log of 5,000 lines that ships with this tool.")
  private @Nullable Path file;

  @Option(
      names = "--lines",
      paramLabel = "COUNT",
      description = "Send this many lines made on the spot instead of a file.")
  private @Nullable Long lines;

  @Option(
      names = "--nodes",
      defaultValue = "3",
      paramLabel = "COUNT",
      description =
          "How many nodes there are; a single one is not stopped." + " Default: ${DEFAULT-VALUE}.")
  private int nodes = 3;

  @Option(
      names = "--batch-messages",
      defaultValue = "200",
      paramLabel = "COUNT",
      description = "How many lines a batch holds at most. Default: ${DEFAULT-VALUE}.")
  private int batchMessages = 200;

  @Option(
      names = "--protocol",
      defaultValue = "inlong",
      paramLabel = "PROTOCOL",
      converter = ProtocolConverter.class,
      description = "Which servers to start: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private Protocol protocol = Protocol.INLONG;

  private final Consumer<DemoServers> onStart;

  DemoCommand() {
    this(servers -> {});
  }

  /** A demo on servers that somebody tampers with. */
  DemoCommand(Consumer<DemoServers> onStart) {
    this.onStart = onStart;
  }

  @Override
  public Integer call() throws IOException {
    requireAtLeastOne("--nodes", nodes);
    requireAtLeastOne("--batch-messages", batchMessages);
    requireAtLeastOne("--lines", lines == null ? 1 : lines);
    if (lines != null && file != null) {
      throw usage("give either a FILE or --lines");
    }
    PrintWriter out = spec().commandLine().getOut();
    PrintWriter err = spec().commandLine().getErr();
    long total = countLines();
    if (total == 0) {
      throw usage(file + " has no lines");
    }
    try (LineSource source = open();
        Progress progress = Progress.of(err, total, Terminal.columns(spec()));
        Demo demo = new Demo(protocol, nodes, batchMessages, total, progress)) {
      onStart.accept(demo.servers());
      demo.send(source, file == null ? "sample lines" : file.toString());
      progress.finish();
      return demo.report(out);
    }
  }

  private long countLines() throws IOException {
    if (lines != null) {
      return lines;
    }
    if (file != null) {
      requireRegular(file);
    }
    return Inputs.countLines(file == null ? shipped() : Files.newInputStream(file));
  }

  private void requireRegular(Path named) {
    try {
      Inputs.requireReadable(named);
    } catch (IOException unreadable) {
      throw usage(Format.of(unreadable));
    }
    if (!Files.isRegularFile(named)) {
      throw usage(named + " is no regular file, so nobody knows where its half is");
    }
  }

  private LineSource open() throws IOException {
    if (lines != null) {
      return new SampleLines(lines);
    }
    return new LineReader(file == null ? shipped() : Files.newInputStream(file));
  }

  private static InputStream shipped() {
    return requireNonNull(DemoCommand.class.getResourceAsStream(SHIPPED), SHIPPED);
  }

  private void requireAtLeastOne(String option, long value) {
    if (value < 1) {
      throw usage(option + " must be at least 1, but is " + value);
    }
  }

  private ParameterException usage(String text) {
    return new ParameterException(spec().commandLine(), text);
  }

  private CommandSpec spec() {
    return requireNonNull(spec, "spec");
  }
}
