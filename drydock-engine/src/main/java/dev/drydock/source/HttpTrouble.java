package dev.drydock.source;

import dev.drydock.fault.RemoteFault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Words for what goes wrong with web servers, and whether trying again may help. */
final class HttpTrouble {
    private HttpTrouble() {}

    /** The server says that it is in trouble itself. */
    static final class BadStatus extends IOException {
        private final int status;

        BadStatus(int status) {
            super("status " + status);
            this.status = status;
        }
    }

    /** The client wraps an interrupt like any other reason. */
    static void stopIfInterrupted(IOException e) throws InterruptedException {
        if (Thread.interrupted() || e.getCause() instanceof InterruptedException) {
            throw new InterruptedException();
        }
    }

    /** A connection that broke may hold the next time; a name that does not exist or a wrong certificate stays. */
    static boolean mayPass(IOException e) {
        return switch (e) {
            case BadStatus bad -> bad.status == 502 || bad.status == 503 || bad.status == 504;
            case ConnectException _, HttpTimeoutException _, SSLException _ -> false;
            default -> true;
        };
    }

    static RemoteFault refused(HttpAddress address, int status) {
        RemoteFault fault = new RemoteFault("invalid response status " + status);
        return switch (status) {
            case 401, 403 ->
                fault.hint(address + " wants to know who asks: give a secret HTTP_AUTH_TOKEN_" + address.host()
                        + " or HTTP_AUTH_HEADER_" + address.host() + ".");
            case 404, 410 -> fault.hint("There is no " + address + " any more: check the address.");
            default -> fault.hint("That is what " + address + " answered.");
        };
    }

    static RemoteFault fault(HttpAddress address, IOException e) {
        if (e instanceof BadStatus bad) {
            return refused(address, bad.status);
        }
        RemoteFault fault = new RemoteFault("Get \"" + address + "\": " + reason(address, e), e);
        return e instanceof SSLException
                ? fault.hint("Have the server's authority trusted by this system, or use an address that is.")
                : fault.hint("Check the address, the network and, where one is needed, the proxy.");
    }

    private static String reason(HttpAddress address, IOException e) {
        return switch (e) {
            case HttpConnectTimeoutException _ -> "connect to " + address.host() + ": timed out";
            case HttpTimeoutException _ -> "no answer from " + address.host() + " in time";
            case ConnectException refused
            when isUnresolved(refused) -> "lookup " + address.uri().getHost() + ": no such host";
            case ConnectException _ -> "connect to " + address.host() + ": connection refused";
            case SSLException tls -> "tls: " + tls.getMessage();
            default -> {
                String message = e.getMessage();
                yield message == null ? "the connection broke" : "the connection broke: " + message;
            }
        };
    }

    private static boolean isUnresolved(Throwable e) {
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }
}
