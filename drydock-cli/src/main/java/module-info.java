/** Flags to requests, events to screen, faults to exit codes. */
module dev.drydock.cli {
    requires static org.jspecify;
    requires dev.drydock.engine;
    requires org.jline;
    requires java.net.http;
    requires jdk.httpserver;
    requires jdk.unsupported;
}
