package io.github.httpreport.internal.transport;

import io.github.httpreport.http.Request;
import io.github.httpreport.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.DefaultConnectionReuseStrategy;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.http.message.MessageSupport;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;

/**
 * A connection of httpcore's blocking kind, without TLS, for one exchange at a time. A thread that
 * waits in it goes on when it is interrupted or when another thread closes the connection, and then
 * finds it closed.
 */
final class BlockingConnection extends DefaultBHttpClientConnection
    implements IdleConnections.Connection {

  private static final DefaultConnectionReuseStrategy REUSE =
      DefaultConnectionReuseStrategy.INSTANCE;

  private final SocketChannel channel;
  private final ChannelInput input;
  private final ChannelOutput output;
  private final HttpCoreContext context = HttpCoreContext.create();
  private boolean used;
  private boolean mayStayOpen;

  private BlockingConnection(Http1Config config, SocketChannel channel) {
    super(config);
    this.channel = channel;
    input = new ChannelInput(channel);
    output = new ChannelOutput(channel, input);
  }

  /** One that can be closed already, and is still to be connected. */
  static BlockingConnection create(Http1Config config) throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    BlockingConnection connection = new BlockingConnection(config, channel);
    connection.bind(connection.streams());
    return connection;
  }

  private SocketHolder streams() {
    return new SocketHolder(channel.socket()) {
      @Override
      protected InputStream getInputStream(Socket socket) {
        return input;
      }

      @Override
      protected OutputStream getOutputStream(Socket socket) {
        return output;
      }
    };
  }

  void connect(SocketAddress address) throws IOException {
    channel.connect(address);
  }

  @Override
  public void breakOff() {
    close(CloseMode.IMMEDIATE);
  }

  /** Whether nothing came since the last answer: no end, and no bytes that nobody asked for. */
  @Override
  public boolean isQuiet() {
    try {
      channel.configureBlocking(false);
      boolean quiet = !isDataAvailable(Timeout.ONE_MILLISECOND) && !input.ended();
      channel.configureBlocking(true);
      return quiet;
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether anything of the last request has left. */
  boolean began() {
    return output.began();
  }

  /** Whether the last exchange left it fit for another one, as far as HTTP says. */
  boolean mayStayOpen() {
    return mayStayOpen;
  }

  /**
   * Writes a request and reads its answer.
   *
   * @throws IOException if there is no whole answer
   * @throws HttpException if what came is not HTTP
   */
  Response exchange(Request request) throws IOException, HttpException {
    boolean reused = used;
    used = true;
    mayStayOpen = false;
    output.begin();
    BasicClassicHttpRequest message = message(request);
    boolean sent = write(message);
    ClassicHttpResponse head = readHead();
    boolean early = !sent || output.answered();
    Response.Builder response =
        Response.status(head.getCode())
            .headers(new ResponseHeaders(head))
            .reusedConnection(reused)
            .early(early);
    boolean earlyRefusal = early && head.getCode() >= HttpStatus.SC_REDIRECTION;
    boolean whole =
        earlyRefusal
            ? readWhatCame(message.getMethod(), head, request.maxResponseBytes(), response)
            : readBody(message.getMethod(), head, request.maxResponseBytes(), response);
    mayStayOpen = whole && !early && !input.ended() && REUSE.keepAlive(message, head, context);
    return response.build();
  }

  /**
   * False if the server has closed before it had all of it; its response may be there then. Nothing
   * blocks on such a connection any more.
   */
  private boolean write(BasicClassicHttpRequest message) throws IOException, HttpException {
    try {
      sendRequestHeader(message);
      sendRequestEntity(message);
      flush();
      return true;
    } catch (ClosedChannelException e) {
      // Closed at this end.
      throw e;
    } catch (IOException e) {
      if (!output.began()) {
        throw e;
      }
      return false;
    }
  }

  private static BasicClassicHttpRequest message(Request request) {
    BasicClassicHttpRequest message =
        new BasicClassicHttpRequest(
            request.method(), RequestHeaders.scheme(request.origin()), null, request.path());
    RequestHeaders.addFields(message, request);
    if (RequestHeaders.hasBody(request)) {
      message.setEntity(new ByteArrayEntity(request.body(), null));
    }
    return message;
  }

  private ClassicHttpResponse readHead() throws IOException, HttpException {
    ClassicHttpResponse head;
    do {
      // The bounds of httpcore's parser are not the same in all of its versions.
      input.beginHead(TransportSettings.MAX_HEAD);
      head = receiveResponseHeader();
    } while (head.getCode() < HttpStatus.SC_SUCCESS);
    input.endHead();
    if (input.ended()) {
      // The parser takes the end of the connection for the end of the head.
      throw new ConnectionClosedException("Connection closed within the head of an answer");
    }
    return head;
  }

  /** A server that refuses a request while it is written may be gone before its words arrive. */
  private boolean readWhatCame(
      String method, ClassicHttpResponse head, int limit, Response.Builder response)
      throws HttpException {
    try {
      return readBody(method, head, limit, response);
    } catch (IOException e) {
      response.truncated(true);
      return false;
    }
  }

  /** False if there was more than the limit. */
  private boolean readBody(
      String method, ClassicHttpResponse head, int limit, Response.Builder response)
      throws IOException, HttpException {
    if (!MessageSupport.canResponseHaveBody(method, head)) {
      return true;
    }
    receiveResponseEntity(head);
    InputStream content = head.getEntity().getContent();
    long announced = head.getEntity().getContentLength();
    int wanted = announced < 0 ? limit : (int) Math.min(announced, limit);
    response.body(content.readNBytes(wanted));
    boolean truncated = announced > limit || content.read() >= 0;
    response.truncated(truncated);
    return !truncated;
  }
}
