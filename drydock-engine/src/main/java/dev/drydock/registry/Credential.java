package dev.drydock.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What somebody shows to a registry. Its text form never holds the secret. */
public sealed interface Credential {
    /** Nothing. */
    record Anonymous() implements Credential {}

    /** A user and a password or access token. */
    record Password(String user, String secret) implements Credential {
        String basic() {
            return "Basic "
                    + Base64.getEncoder().encodeToString((user + ":" + secret).getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "Password[user=" + user + "]";
        }
    }

    /** A refresh token that a token server takes in place of a password. */
    record IdentityToken(String token) implements Credential {
        @Override
        public String toString() {
            return "IdentityToken[]";
        }
    }

    /** A token to be sent to the registry as it is. */
    record RegistryToken(String token) implements Credential {
        @Override
        public String toString() {
            return "RegistryToken[]";
        }
    }
}
