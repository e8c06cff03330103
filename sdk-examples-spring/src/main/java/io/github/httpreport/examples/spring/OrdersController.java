package io.github.httpreport.examples.spring;

import io.github.httpreport.ProxySender;
import io.github.httpreport.error.SendException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** The endpoint for orders. It answers when a node has the message. */
@RestController
class OrdersController {

  private final ProxySender sender;

  OrdersController(ProxySender sender) {
    this.sender = sender;
  }

  @PostMapping("/orders")
  CompletableFuture<Map<String, Object>> accept(@RequestBody String order) {
    return sender
        .enqueue(order, "shop", "orders")
        .thenApply(
            result ->
                Map.of("node", result.node(), "possibleDuplicate", result.possibleDuplicate()));
  }

  /** The order holds what the server cannot take. */
  @ExceptionHandler
  ResponseEntity<String> refused(IllegalArgumentException e) {
    return ResponseEntity.badRequest().body(e.getMessage());
  }

  @ExceptionHandler
  ResponseEntity<String> failed(SendException e) {
    HttpStatus status = e.retryable() ? HttpStatus.SERVICE_UNAVAILABLE : HttpStatus.BAD_GATEWAY;
    return ResponseEntity.status(status).body(e.getMessage());
  }
}
