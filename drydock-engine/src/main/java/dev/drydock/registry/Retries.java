package dev.drydock.registry;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.ThreadLocalRandom;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * When a request is worth another try, and after how long: for 408, 429, 5xx and connections that broke, never for other
 * answers of the 4xx kind.
 */
final class Retries {
    /** Attempts in all. */
    static final int ATTEMPTS = 6;

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    /** A registry that asks for more than this is not waited for. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final InstantSource clock;
    private final Sleep sleep;

    /** Waits. */
    @FunctionalInterface
    interface Sleep {
        void sleep(Duration time) throws InterruptedException;
    }

    Retries(InstantSource clock, Sleep sleep) {
        this.clock = clock;
        this.sleep = sleep;
    }

    static Retries real() {
        return new Retries(InstantSource.system(), Thread::sleep);
    }

    /** Whether an answer of this status may be another one later. */
    static boolean isPassing(int status) {
        return status == 408 || status == 429 || (status >= 500 && status != 501 && status != 505);
    }

    /** Whether a failure to get an answer may pass: a reset does, a name that is not known or a certificate does not. */
    static boolean isPassing(IOException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof HttpConnectTimeoutException
                    || cause instanceof UnknownHostException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnresolvedAddressException) {
                return false;
            }
            if (cause instanceof ProxyRefusal refusal) {
                return refusal.isPassing();
            }
            if (cause instanceof SSLException) {
                return cause.getCause() instanceof EOFException || cause.getCause() instanceof SocketException;
            }
        }
        return true;
    }

    /**
     * Waits before the next attempt.
     *
     * @param attempt how many failed so far, from 1
     * @param retryAfter the answer's {@code Retry-After}, null without one
     * @return whether it waited: not when attempts or patience are used up
     */
    boolean pause(int attempt, @Nullable String retryAfter) throws InterruptedException {
        if (attempt >= ATTEMPTS) {
            return false;
        }
        Duration asked = parse(retryAfter);
        if (asked != null) {
            if (asked.compareTo(PATIENCE) > 0) {
                return false;
            }
            sleep.sleep(asked);
            return true;
        }
        long exponential = Math.min(LONGEST.toMillis(), FIRST.toMillis() << (attempt - 1));
        sleep.sleep(
                Duration.ofMillis(exponential / 2 + ThreadLocalRandom.current().nextLong(exponential / 2 + 1)));
        return true;
    }

    private @Nullable Duration parse(@Nullable String retryAfter) {
        if (retryAfter == null) {
            return null;
        }
        String text = retryAfter.strip();
        try {
            return Duration.ofSeconds(Math.max(0, Long.parseLong(text)));
        } catch (NumberFormatException notSeconds) {
            try {
                Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant();
                Duration left = Duration.between(clock.instant(), then);
                return left.isNegative() ? Duration.ZERO : left;
            } catch (DateTimeParseException neither) {
                return null;
            }
        }
    }
}
