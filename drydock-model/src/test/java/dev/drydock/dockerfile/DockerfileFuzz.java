package dev.drydock.dockerfile;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;

/** No text makes a reader of the Dockerfile language fail with anything but {@link UserFault}. */
class DockerfileFuzz {
    @FuzzTest
    void file(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        try {
            DockerfileParser.parse("Dockerfile", text);
        } catch (UserFault _) {
            // Said with its reason.
        }
        try {
            DockerfileParser.parseTrigger(text, SourceRange.lines("Dockerfile", 1, 1));
        } catch (UserFault _) {
            // Said with its reason.
        }
    }

    @FuzzTest
    void word(FuzzedDataProvider data) {
        String value = data.consumeString(50);
        String word = data.consumeRemainingAsString();
        WordExpander.Lookup env = name -> name.length() % 2 == 0 ? value : null;
        for (WordExpander expander : new WordExpander[] {
            WordExpander.withEscape('\\'), WordExpander.withEscape('`'), WordExpander.forHeredocs()
        }) {
            try {
                expander.expand(word, env);
                expander.expandWords(word, env);
            } catch (UserFault _) {
                // Said with its reason.
            }
        }
    }

    @FuzzTest
    void mount(FuzzedDataProvider data) {
        try {
            MountFlag.parse(data.consumeRemainingAsString(), value -> value);
        } catch (UserFault _) {
            // Said with its reason.
        }
    }

    @FuzzTest
    void duration(FuzzedDataProvider data) {
        try {
            GoDuration.nanos(data.consumeRemainingAsString());
        } catch (UserFault _) {
            // Said with its reason.
        }
    }
}
