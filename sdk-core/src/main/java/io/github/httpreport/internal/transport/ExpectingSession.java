package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the reactor that reports to a {@link ResponseExpectation} which request httpcore
 * takes from it and what of it leaves. While httpcore is told that the connection is there it takes
 * none: it would write it at once, before anybody has looked at what the server wrote first, and
 * where nobody reads what made that write fail.
 */
abstract class ExpectingSession extends ForwardingSession {

  private @Nullable ResponseExpectation expectation;
  private boolean connecting;

  ExpectingSession(IOSession session) {
    super(session);
  }

  /** Takes the step that tells httpcore of the connection; a request is taken after it. */
  void connect(ResponseExpectation value, DirectSession.Step step) throws IOException {
    expectation = value;
    connecting = true;
    try {
      step.run();
    } finally {
      connecting = false;
    }
  }

  boolean isInputDue() {
    return expectation != null && expectation.isInputDue(hasCommands());
  }

  @Override
  public @Nullable Command poll() {
    if (connecting) {
      return null;
    }
    Command command = nextCommand();
    if (expectation != null) {
      expectation.polled(command);
    }
    return command;
  }

  /** What httpcore gets to do next. */
  @Nullable Command nextCommand() {
    return super.poll();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int written = super.write(source);
    if (written > 0 && expectation != null) {
      expectation.written();
    }
    return written;
  }
}
