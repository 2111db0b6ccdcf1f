package dev.drydock.registry;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A request to a registry, before it is known how to get there.
 *
 * @param path from the root of the host, with its query; or a whole address that the registry gave
 * @param scopes what a token must allow
 * @param body made anew for each attempt
 * @param timeout for the answer's headers, sending the body included; null for the usual patience
 * @param idle how long the body has not moved; then that counts instead of a timeout; null otherwise
 */
record Call(
        String method,
        String path,
        List<String> scopes,
        Map<String, String> headers,
        Supplier<BodyPublisher> body,
        @Nullable Duration timeout,
        Repeat repeat,
        @Nullable Supplier<Duration> idle) {
    /** Whether a request that failed may simply be sent again. */
    enum Repeat {
        YES,
        /** What it did so far must be looked at first. */
        NO
    }

    static Call of(String method, String path, List<String> scopes) {
        return new Call(method, path, scopes, Map.of(), BodyPublishers::noBody, null, Repeat.YES, null);
    }

    Call header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Call(method, path, scopes, more, body, timeout, repeat, idle);
    }

    Call sending(Supplier<BodyPublisher> publisher, @Nullable Duration within, Repeat again) {
        return new Call(method, path, scopes, headers, publisher, within, again, idle);
    }

    /** The same, broken off when its body stands still for too long. */
    Call moving(Supplier<Duration> still) {
        return new Call(method, path, scopes, headers, body, timeout, repeat, still);
    }
}
