package dev.drydock.snapshot;

/** Names a layer directory of one store: short, safe in file names and in overlay options, never reused. */
public record LayerId(String value) {
    public LayerId {
        if (value.length() < 6 || value.length() > 16) {
            throw new IllegalArgumentException("layer id " + value);
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) {
                throw new IllegalArgumentException("layer id " + value);
            }
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
