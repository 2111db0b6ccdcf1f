package dev.drydock.graph;

import dev.drydock.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a vertex's digest is made of, version 1. Every value is a one-byte tag and then its content; numbers are
 * big endian:
 *
 * <pre>
 * 0            null
 * S n bytes    string: length in UTF-8 bytes (int), the bytes
 * I long       integer of any width;  T/F  boolean true/false
 * B n bytes    byte string
 * L n items    list: count (int), the items
 * M n k v...   map in key order: count (int), keys and values
 * E name       enum constant, as S
 * R name n ... record: simple class name as S, component count (int), components in declaration order; a digest is written
 *              as one of its algorithm and its hex digits
 * </pre>
 *
 * A vertex is {@code S "drydock-vertex-1"}, the op, and the list of its input edges. Adding a component to an op changes
 * every digest of that op, which costs a cache miss and nothing else.
 */
final class VertexEncoding {
    private VertexEncoding() {}

    static Digest digest(Op op, List<Edge> inputs) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            write(out, "drydock-vertex-1");
            write(out, op);
            write(out, inputs);
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array takes every byte", e);
        }
        return Digest.of(bytes.toByteArray());
    }

    private static void write(DataOutputStream out, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> out.writeByte('0');
            case String text -> {
                out.writeByte('S');
                writeBytes(out, text.getBytes(StandardCharsets.UTF_8));
            }
            case Integer number -> writeNumber(out, number);
            case Long number -> writeNumber(out, number);
            case Boolean flag -> out.writeByte(flag ? 'T' : 'F');
            case FileAction.Data data -> {
                out.writeByte('B');
                writeBytes(out, data.bytes());
            }
            case List<?> list -> {
                out.writeByte('L');
                out.writeInt(list.size());
                for (Object item : list) {
                    write(out, item);
                }
            }
            case Map<?, ?> map -> {
                out.writeByte('M');
                out.writeInt(map.size());
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    write(out, entry.getKey());
                    write(out, entry.getValue());
                }
            }
            case Enum<?> constant -> {
                out.writeByte('E');
                write(out, constant.name());
            }
            case Digest digest -> {
                out.writeByte('R');
                write(out, "Digest");
                out.writeInt(2);
                write(out, digest.algorithm());
                write(out, digest.hex());
            }
            case Record fields -> writeRecord(out, fields);
            default -> throw new IllegalArgumentException("no encoding for " + value.getClass());
        }
    }

    private static void writeNumber(DataOutputStream out, long number) throws IOException {
        out.writeByte('I');
        out.writeLong(number);
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static void writeRecord(DataOutputStream out, Record fields) throws IOException {
        RecordComponent[] components = fields.getClass().getRecordComponents();
        out.writeByte('R');
        write(out, fields.getClass().getSimpleName());
        out.writeInt(components.length);
        for (RecordComponent component : components) {
            try {
                write(out, component.getAccessor().invoke(fields));
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("read " + component, e);
            }
        }
    }
}
