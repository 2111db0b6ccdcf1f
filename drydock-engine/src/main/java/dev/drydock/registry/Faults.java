package dev.drydock.registry;

import dev.drydock.fault.RemoteFault;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What went wrong at a registry, in Docker's words, and what to do about it. */
final class Faults {
    private final Redactor redactor;

    Faults(Redactor redactor) {
        this.redactor = redactor;
    }

    /** A request that got no answer. */
    RemoteFault noAnswer(String method, URI address, String host, IOException failure) {
        String verb = method.substring(0, 1) + method.substring(1).toLowerCase(Locale.ROOT);
        String words = Words.of(failure);
        RemoteFault fault = new RemoteFault(
                "failed to do request: " + verb + " \"" + redactor.url(address) + "\": " + redactor.text(words));
        if (Words.isAboutCertificate(failure)) {
            return fault.hint("Put the certificate of the authority that signed it into /etc/docker/certs.d/" + host
                    + "/ca.crt, or name it in registries.json.");
        }
        if (words.startsWith("http: server gave HTTP")) {
            return fault.hint(
                    "If " + host + " has no TLS and that is fine, allow it: DRYDOCK_INSECURE_REGISTRIES=" + host);
        }
        if (words.startsWith("the proxy ")) {
            return fault.hint(
                    "Check HTTPS_PROXY and HTTP_PROXY: http://USER:PASSWORD@HOST:PORT; NO_PROXY names hosts that"
                            + " are reached without one.");
        }
        return switch (words) {
            case Words.OURS ->
                fault.hint("Put your certificate and its key into /etc/docker/certs.d/" + host
                        + "/ as client.cert and client.key, or name them as cert and key in registries.json.");
            case "no such host" ->
                fault.hint("Check the spelling of " + host
                        + " and the network; behind a proxy set HTTPS_PROXY, or name a mirror in registries.json.");
            case "connect: connection refused" ->
                fault.hint("Nothing listens there: check the port, and that the registry is running.");
            case "connect: no answer in time", "connect: connection timed out" ->
                fault.hint("Check the network and firewalls; behind a proxy set HTTPS_PROXY, or name a mirror in"
                        + " registries.json.");
            default -> fault.hint("Try again; if it stays, look at the registry's own log.");
        };
    }

    /** An answer that is not what a request is for. */
    RemoteFault unexpected(Answer answer) {
        String said = said(answer);
        if (answer.status() == 429) {
            return rateLimit(answer, said);
        }
        RemoteFault fault = new RemoteFault("unexpected status from " + answer.method() + " request to "
                + redactor.url(answer.address()) + ": " + status(answer.status())
                + (said.isEmpty() ? "" : ": " + said));
        return answer.status() >= 500
                ? fault.hint("The registry is in trouble; try again later, or name a mirror in registries.json.")
                : fault;
    }

    private RemoteFault rateLimit(Answer answer, String said) {
        RemoteFault fault = new RemoteFault(
                said.isEmpty() ? "toomanyrequests: the registry allows no more requests for now" : said);
        String limit = answer.header("ratelimit-limit");
        if (limit != null) {
            fault.hint("The limit is " + limit(limit) + ".");
        }
        String wait = answer.header("Retry-After");
        if (wait != null && wait.strip().matches("\\d{1,9}")) {
            fault.hint("It asks to wait for " + wait.strip() + " s.");
        }
        return fault.hint(
                "Log in with \"drydock login\" for a higher limit, wait, or name a mirror in registries.json.");
    }

    /** {@code 100;w=21600} in words. */
    private String limit(String header) {
        String text = redactor.text(header);
        int window = text.indexOf(";w=");
        if (window > 0 && text.substring(window + 3).matches("\\d{1,9}")) {
            long seconds = Long.parseLong(text.substring(window + 3));
            String time = seconds % 3600 == 0 ? seconds / 3600 + " h" : seconds + " s";
            return text.substring(0, window) + " in " + time;
        }
        return text;
    }

    /** Why a registry does not let us in. */
    String refusal(Answer answer) {
        String said = said(answer);
        if (answer.status() == 401) {
            String error = error(answer);
            if (error != null) {
                return "server message: " + redactor.text(error) + ": authorization failed";
            }
        }
        return said.isEmpty() ? status(answer.status()) : "server message: " + said;
    }

    private static @Nullable String error(Answer answer) {
        for (Challenge challenge : Challenge.parse(answer.headers("WWW-Authenticate"))) {
            String error = challenge.parameter("error");
            if (error != null) {
                return error;
            }
        }
        return null;
    }

    /** The registry's own words, empty without any. */
    String said(Answer answer) {
        return answer.problems().stream()
                .findFirst()
                .map(problem -> redactor.text(problem.toString()))
                .orElse("");
    }

    String redacted(String words) {
        return redactor.text(words);
    }

    private static String status(int code) {
        String words = switch (code) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Request Entity Too Large";
            case 416 -> "Requested Range Not Satisfiable";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "";
        };
        return Optional.of(words)
                .filter(text -> !text.isEmpty())
                .map(text -> code + " " + text)
                .orElse(String.valueOf(code));
    }
}
