package dev.drydock.source;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.DrydockException;
import dev.drydock.frontend.GitSource;

/** Addresses of servers are read or refused, and what they show holds no password. */
class AddressFuzz {
    private static final String PASSWORD = "geheim~7";

    @FuzzTest
    void web(FuzzedDataProvider data) {
        String scheme = data.consumeBoolean() ? "http://" : "HTTPS://";
        String location = data.consumeString(60);
        String rest = data.consumeRemainingAsString();
        try {
            HttpAddress address = HttpAddress.parse(scheme + rest);
            address.host();
            address.redirected(location).toString();
        } catch (DrydockException _) {
            // Said with its reason.
        }
        try {
            String shown =
                    HttpAddress.parse(scheme + "me:" + PASSWORD + "@" + rest).toString();
            if (shown.contains(PASSWORD) && !rest.contains("@") && !rest.contains(PASSWORD)) {
                throw new AssertionError("shows the password: " + shown);
            }
        } catch (DrydockException fault) {
            if (fault.text().contains(PASSWORD) && !rest.contains(PASSWORD)) {
                throw new AssertionError("shows the password: " + fault.text(), fault);
            }
        }
    }

    @FuzzTest
    void repository(FuzzedDataProvider data) {
        String scheme = data.consumeBoolean() ? "http://" : "Https://";
        String rest = data.consumeRemainingAsString();
        String text = scheme + "me:" + PASSWORD + "@" + rest;
        if (!GitSource.isGit(text) || rest.contains(PASSWORD)) {
            return;
        }
        try {
            GitRemote remote = GitRemote.parse(GitSource.parse(text).remote());
            if (remote.url().contains(PASSWORD)) {
                throw new AssertionError("shows the password: " + remote);
            }
            remote.server();
        } catch (DrydockException fault) {
            if (fault.text().contains(PASSWORD)) {
                throw new AssertionError("shows the password: " + fault.text(), fault);
            }
        }
    }
}
