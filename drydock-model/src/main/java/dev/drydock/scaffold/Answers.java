package dev.drydock.scaffold;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the person chose.
 *
 * @param image the name for the image in the instructions
 * @param composeFile the name of the compose file to write
 * @param bySetting answers by the setting's id, each one accepted by its question
 */
public record Answers(String image, String composeFile, Map<String, String> bySetting) {
    public Answers {
        bySetting = Collections.unmodifiableMap(new LinkedHashMap<>(bySetting));
    }

    /** The answer to a question, or what it starts with. */
    String to(Question question) {
        return bySetting.getOrDefault(question.setting().id(), question.initial());
    }
}
