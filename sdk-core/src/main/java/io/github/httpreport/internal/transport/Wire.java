package io.github.httpreport.internal.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The bytes of one connection: those of its socket, or those within its TLS. On a socket that
 * blocks, zero is never returned: the calls wait instead.
 */
interface Wire {

  /** Reads some: zero if nothing is there now, below zero at the end. */
  int read(ByteBuffer target) throws IOException;

  /** Writes some: zero if the socket takes nothing now. */
  int write(ByteBuffer source) throws IOException;

  /** Whether the socket has all that was written. Tries to hand it over. */
  boolean flush() throws IOException;
}
