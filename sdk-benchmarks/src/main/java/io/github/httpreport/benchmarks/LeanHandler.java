package io.github.httpreport.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Answers the requests of one connection as a Manager and a DataProxy do. */
final class LeanHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

  private static final String REPORT = "/dataproxy/message";
  private static final String HEARTBEAT = "/dataproxy/heartbeat";
  private static final Pattern NODES =
      Pattern.compile("/(\\d{1,5})/inlong/manager/openapi/dataproxy/getIpList/[^/]+");
  private static final byte[] SUCCESS = "{\"code\":\"0\",\"msg\":\"Ok\"}".getBytes(UTF_8);

  /** How many digits a count of messages has at most, with what stands before it. */
  private static final int MAX_COUNT_DIGITS = 12;

  private final LeanServer server;
  private final ByteCounter bytes;

  LeanHandler(LeanServer server, ByteCounter bytes) {
    this.server = server;
    this.bytes = bytes;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    Matcher nodes = NODES.matcher(request.uri());
    if (request.uri().equals(REPORT)) {
      count(request);
      respondLater(context, keepAlive);
    } else if (request.uri().equals(HEARTBEAT)) {
      bytes.take();
      respond(context, response("application/json;charset=utf-8", SUCCESS), keepAlive);
    } else if (nodes.matches()) {
      bytes.take();
      byte[] list = list(Integer.parseInt(nodes.group(1))).getBytes(UTF_8);
      respond(context, response("application/json", list), keepAlive);
    } else {
      context.close();
    }
  }

  /** The number that the form ends with, which stands behind {@code &cnt=}. */
  private void count(FullHttpRequest request) {
    ByteBuf form = request.content();
    long count = 0;
    for (int i = Math.max(0, form.writerIndex() - MAX_COUNT_DIGITS); i < form.writerIndex(); i++) {
      byte next = form.getByte(i);
      count = next >= '0' && next <= '9' ? count * 10 + next - '0' : 0;
    }
    server.counts().add(bytes.take(), form.readableBytes(), count);
  }

  private void respondLater(ChannelHandlerContext context, boolean keepAlive) {
    FullHttpResponse success = response("application/json;charset=utf-8", SUCCESS);
    long delay = server.delayNanos();
    if (delay == 0) {
      respond(context, success, keepAlive);
    } else {
      context
          .executor()
          .schedule(() -> respond(context, success, keepAlive), delay, TimeUnit.NANOSECONDS);
    }
  }

  private static FullHttpResponse response(String type, byte[] body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(body));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
    return response;
  }

  private static void respond(
      ChannelHandlerContext context, FullHttpResponse response, boolean keepAlive) {
    if (keepAlive) {
      context.writeAndFlush(response, context.voidPromise());
    } else {
      context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private String list(int nodes) {
    String entries =
        server.ports(nodes).stream()
            .map(
                port ->
                    "{\"id\":%d,\"ip\":\"127.0.0.1\",\"port\":%d,".formatted(port, port)
                        + "\"protocolType\":\"HTTP\",\"nodeLoad\":65535}")
            .collect(Collectors.joining(","));
    return "{\"success\":true,\"errMsg\":null,\"data\":{\"clusterId\":2,\"load\":20,"
        + "\"maxPacketLength\":null,\"nodeList\":["
        + entries
        + "]}}";
  }
}
