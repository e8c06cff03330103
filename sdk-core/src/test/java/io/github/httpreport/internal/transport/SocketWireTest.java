package io.github.httpreport.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SocketWireTest {

  private static final int SMALL = 4 * 1024;
  private static final byte[] ONE_WRITE_OF_MORE_THAN_FITS = new byte[100_000];

  private final AtomicReference<Throwable> thrown = new AtomicReference<>();
  private ServerSocketChannel listener;
  private SocketChannel client;
  private SocketChannel server;
  private SocketWire output;

  @BeforeEach
  void connect() throws IOException {
    listener = ServerSocketChannel.open();
    listener.setOption(StandardSocketOptions.SO_RCVBUF, SMALL);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client = SocketChannel.open();
    client.setOption(StandardSocketOptions.SO_SNDBUF, SMALL);
    client.connect(listener.getLocalAddress());
    server = listener.accept();
    output = new SocketWire(client);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
    listener.close();
  }

  @Test
  void write_anyBytes_arrivesAndIsSeenToHaveLeft() throws IOException {
    assertThat(output.wrote()).isFalse();

    output.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}, 1, 2));
    output.write(ByteBuffer.wrap(new byte[] {5}));

    ByteBuffer arrived = ByteBuffer.allocate(3);
    while (arrived.hasRemaining()) {
      server.read(arrived);
    }
    assertThat(arrived.array()).containsExactly(2, 3, 5);
    assertThat(output.wrote()).isTrue();
    output.begin();
    assertThat(output.wrote()).isFalse();
  }

  @Test
  void write_closedBefore_nothingLeft() throws IOException {
    client.close();

    assertThatThrownBy(() -> output.write(ByteBuffer.allocate(10))).isInstanceOf(IOException.class);
    assertThat(output.wrote()).isFalse();
  }

  @Test
  void write_interruptedInTheMiddle_countsAsLeft() throws Exception {
    Thread writer = startToWrite();
    writer.interrupt();
    writer.join(10_000);

    assertThat(thrown.get()).isInstanceOf(ClosedByInterruptException.class);
    assertThat(output.wrote()).isTrue();
  }

  @Test
  void write_closedInTheMiddle_countsAsLeft() throws Exception {
    Thread writer = startToWrite();
    client.close();
    writer.join(10_000);

    assertThat(thrown.get()).isInstanceOf(ClosedChannelException.class);
    assertThat(output.wrote()).isTrue();
  }

  /** Hands over one write, so that only its end could tell that it began. */
  private Thread startToWrite() throws IOException {
    Thread writer =
        new Thread(
            () -> {
              try {
                ByteBuffer left = ByteBuffer.wrap(ONE_WRITE_OF_MORE_THAN_FITS);
                while (left.hasRemaining()) {
                  output.write(left);
                }
              } catch (IOException e) {
                thrown.set(e);
              }
            });
    writer.start();
    server.read(ByteBuffer.allocate(1));
    return writer;
  }
}
