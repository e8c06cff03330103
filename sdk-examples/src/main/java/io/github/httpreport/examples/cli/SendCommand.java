package io.github.httpreport.examples.cli;

import static java.util.Objects.requireNonNull;

import io.github.httpreport.Destination;
import io.github.httpreport.HttpProxySender;
import io.github.httpreport.ProxySender;
import io.github.httpreport.spool.SpoolException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends lines of files or of standard input. */
@Command(
    name = "send",
    description = {
      "Sends lines of files, or of standard input, and tells what became of them.",
      "",
      "Lines end with LF or CRLF and are UTF-8; blank ones are skipped. Input that is gzip is"
          + " unpacked, and a byte order mark is not sent. Times are written like 500ms, 10s, 2m"
          + " or 1h, sizes like 64KiB or 32MB.",
      ""
    })
public final class SendCommand implements Callable<Integer> {

  /** For what comes after the sender's own time to close: the report. */
  private static final Duration TIME_TO_REPORT = Duration.ofSeconds(10);

  @Spec private @Nullable CommandSpec spec;

  @Mixin private ServerChoice servers = new ServerChoice();

  @Option(
      names = "--failed-file",
      paramLabel = "FILE",
      description =
          "Add lines that were not delivered to the end of this file, each as it was read, in"
              + " the order they were given up."
              + " Without it they are only counted.")
  private @Nullable Path failedFile;

  @Mixin private SenderOptions options = new SenderOptions();

  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description = "Files to send, one after the other. Default: standard input.")
  private List<Path> files = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    LineCounters counters = new LineCounters();
    servers.refuseOptionsOfOthers();
    Destination destination = checked(servers::destination);
    HttpProxySender.Builder builder = checked(() -> configure(counters));
    checkFiles();
    List<Input> inputs = files.isEmpty() ? List.of(Input.standard()) : Input.of(files);
    ProxySender sender = checked(builder::build);
    Duration closeTimeout = options.closeTimeout();
    PrintWriter out = spec().commandLine().getOut();
    try (FailedLines failed = openFailedFile();
        Termination termination = new Termination(closeTimeout.plus(TIME_TO_REPORT));
        Progress progress =
            Progress.of(
                spec().commandLine().getErr(), Progress.UNKNOWN, Terminal.columns(spec()))) {
      Sending sending = new Sending(sender, destination, counters, failed, progress);
      sending.run(inputs, options.rate(), termination.requested(), closeTimeout);
      progress.finish();
      return sending.report(out);
    }
  }

  private HttpProxySender.Builder configure(LineCounters counters) {
    HttpProxySender.Builder builder = options.applyTo(HttpProxySender.builder());
    return servers.applyTo(builder).metrics(counters).name("send");
  }

  private void checkFiles() {
    for (Path file : files) {
      try {
        Inputs.requireReadable(file);
        if (failedFile != null && Files.exists(failedFile) && Files.isSameFile(file, failedFile)) {
          throw usage("--failed-file " + failedFile + " is also to be sent; name another one");
        }
      } catch (IOException unreadable) {
        throw usage(Format.of(unreadable));
      }
    }
  }

  private FailedLines openFailedFile() {
    try {
      return FailedLines.open(failedFile);
    } catch (IOException unwritable) {
      throw usage(
          "--failed-file " + (failedFile == null ? "" : Inputs.textOf(failedFile, unwritable)));
    }
  }

  /** Runs what checks the user's values, and makes what it throws an error of usage. */
  private <T> T checked(Supplier<T> step) {
    try {
      return step.get();
    } catch (IllegalArgumentException | SpoolException badValue) {
      throw usage(Format.of(badValue));
    }
  }

  private ParameterException usage(String text) {
    return new ParameterException(spec().commandLine(), text);
  }

  private CommandSpec spec() {
    return requireNonNull(spec, "spec");
  }
}
