package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of one connection: those of its socket, or those within its TLS. */
interface Wire {

  /**
   * Reads some: zero if nothing is there on a socket that does not block, below zero at the end.
   */
  int read(ByteBuffer target) throws IOException;

  /** Writes some: zero if a socket that does not block takes nothing now. */
  int write(ByteBuffer source) throws IOException;

  /** Whether the socket has all that was written. Tries to hand it over. */
  boolean flush() throws IOException;
}
