package io.kaitoflow.testcluster.faults;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The events of one watch on their way to its client; all calls come from one event loop. */
final class EventStream {

    private static final String TOO_OLD = """
            {"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",
             "message":"too old resource version","reason":"Expired","code":410}}""";

    private final Vertx vertx;
    private final Striking faults;
    private final ServerWebSocket sink;
    private final HttpConnection connection;
    private @Nullable String late;

    EventStream(Vertx vertx, Striking faults, ServerWebSocket sink, HttpConnection connection) {
        this.vertx = vertx;
        this.faults = faults;
        this.sink = sink;
        this.connection = connection;
    }

    void pass(String event) {
        if (faults.strike(Fault.WATCH_GONE)) {
            send(TOO_OLD);
            var unused = sink.close();
        } else if (faults.strike(Fault.WATCH_CUT)) {
            var unused = connection.close();
        } else if (late == null && faults.strike(Fault.EVENT_LATE)) {
            late = event;
            vertx.setTimer(faults.plan().lateness().toMillis(), due -> sendLate());
        } else {
            send(event);
            sendLate();
            if (faults.strike(Fault.EVENT_DOUBLED)) {
                send(event);
            }
        }
    }

    private void sendLate() {
        String event = late;
        late = null;
        if (event != null) {
            send(event);
        }
    }

    private void send(String event) {
        if (!sink.isClosed()) {
            var unused = sink.writeTextMessage(strange(event));
        }
    }

    private String strange(String event) {
        return event.contains("\"kind\":\"Workspace\"") && faults.strike(Fault.STRANGE_FIELDS)
                ? StrangeFields.added(new JsonObject(event)).encode()
                : event;
    }
}
