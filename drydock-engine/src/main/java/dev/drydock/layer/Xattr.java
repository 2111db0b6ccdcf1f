package dev.drydock.layer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An extended attribute: a name and bytes. */
public final class Xattr {
    /** The only attribute that goes into layers, as BuildKit does it. */
    public static final String CAPABILITY = "security.capability";

    private final String name;
    private final byte[] value;

    public Xattr(String name, byte[] value) {
        this.name = name;
        this.value = value.clone();
    }

    public String name() {
        return name;
    }

    public byte[] value() {
        return value.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Xattr xattr && name.equals(xattr.name) && Arrays.equals(value, xattr.value);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return name + "=" + value.length + " bytes";
    }
}
