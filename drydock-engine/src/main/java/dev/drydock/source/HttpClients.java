package dev.drydock.source;

import java.net.http.HttpClient;
import java.time.Duration;

/** Makes clients for downloads. */
public final class HttpClients {
    /** The JDK reads it once; with the 16 KiB that it has by itself, downloads take twice as long. */
    private static final String BUFFER = "jdk.httpclient.bufsize";

    private HttpClients() {}

    /** A client that follows no redirects. It takes a moment to make; the caller closes it. */
    public static HttpClient open() {
        if (System.getProperty(BUFFER) == null) {
            System.setProperty(BUFFER, "262144");
        }
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(30))
                .build();
    }
}
