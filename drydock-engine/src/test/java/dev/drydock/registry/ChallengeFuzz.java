package dev.drydock.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Headers come from outside: whatever they are, reading them ends. */
class ChallengeFuzz {
    @FuzzTest
    void headers(byte[] bytes) {
        String header = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        for (Challenge challenge : Challenge.parse(List.of(header, header))) {
            assertThat(challenge.scheme()).isNotEmpty();
        }
    }
}
