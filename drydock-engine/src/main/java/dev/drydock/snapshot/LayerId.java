package dev.drydock.snapshot;

/** Names a layer directory of one store: short, safe in file names and in overlay options, never reused. */
public record LayerId(String value) {
    public LayerId {
        if (!value.matches("[a-z0-9]{6,16}")) {
            throw new IllegalArgumentException("layer id " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
