package io.github.httpreport.benchmarks;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Manager and its nodes on one thread, each node a port on loopback, with the HTTP stack that a
 * DataProxy is made of: it reads a request, takes the count of messages that its form ends with,
 * and answers. It does nothing else, so what is measured against it is the client.
 *
 * <p>The Manager at {@code /3/inlong/manager} lists the first three nodes for any group.
 */
final class LeanServer implements AutoCloseable {

  private static final int BACKLOG = 1024;
  private static final int MAX_BODY_BYTES = 16 * 1024 * 1024;

  private final EventLoopGroup thread =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final LeanCounts counts = new LeanCounts();
  private final List<Integer> ports = new ArrayList<>();
  private final List<DelayingProxy> proxies = new ArrayList<>();
  private volatile long delayNanos;

  private final @Nullable SslContext tls;

  private LeanServer(@Nullable SslContext tls) {
    this.tls = tls;
  }

  /** Starts a server without TLS, which listens when this returns. */
  static LeanServer start(int nodes) {
    return start(nodes, (SslContext) null);
  }

  /**
   * Starts a server, which listens when this returns.
   *
   * @param keyFile of a {@link SelfSignedCertificate}; null for a server without TLS
   */
  static LeanServer start(int nodes, @Nullable Path keyFile) throws IOException {
    return start(nodes, keyFile == null ? null : SelfSignedCertificate.serverContext(keyFile));
  }

  private static LeanServer start(int nodes, @Nullable SslContext tls) {
    LeanServer server = new LeanServer(tls);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(server.thread)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(server.pipeline());
    for (int i = 0; i < nodes; i++) {
      Channel listener =
          bootstrap.bind(InetAddress.getLoopbackAddress(), 0).syncUninterruptibly().channel();
      server.ports.add(((InetSocketAddress) listener.localAddress()).getPort());
    }
    return server;
  }

  private ChannelInitializer<SocketChannel> pipeline() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        if (tls != null) {
          // Tells TLS from plain HTTP by the first bytes, and then is gone.
          channel.pipeline().addLast(new OptionalSslHandler(tls));
        }
        ByteCounter bytes = new ByteCounter();
        channel
            .pipeline()
            .addLast(
                bytes,
                new HttpServerCodec(),
                new HttpObjectAggregator(MAX_BODY_BYTES),
                new LeanHandler(LeanServer.this, bytes));
      }
    };
  }

  /** Before the number of nodes that its Manager is to list. */
  String managerUrl() {
    return "http://127.0.0.1:" + ports.get(0);
  }

  /** The addresses of the nodes, as {@code host:port}. */
  List<String> nodes() {
    return ports.stream().map(port -> "127.0.0.1:" + port).toList();
  }

  /** The ports of the first nodes. */
  List<Integer> ports(int count) {
    return ports.subList(0, Math.min(count, ports.size()));
  }

  /** Addresses of the first nodes on a network with this delay each way. */
  List<String> farNodes(Duration delay) {
    DelayingProxy proxy = new DelayingProxy(delay);
    proxies.add(proxy);
    return proxy.inFrontOf(ports(Topology.NEAR.nodes()));
  }

  LeanCounts counts() {
    return counts;
  }

  /** From now on reports are answered so much later. */
  void delay(Duration value) {
    delayNanos = value.toNanos();
  }

  long delayNanos() {
    return delayNanos;
  }

  @Override
  public void close() {
    proxies.forEach(DelayingProxy::close);
    thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
