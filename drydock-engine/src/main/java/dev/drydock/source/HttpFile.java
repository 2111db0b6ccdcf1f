package dev.drydock.source;

import dev.drydock.fault.CorruptData;
import dev.drydock.fault.UserFault;
import dev.drydock.oci.Digest;
import java.nio.charset.StandardCharsets;

/**
 * What is known of a file on a web server.
 *
 * @param modified seconds since the epoch, 0 when the server does not say
 * @param entityTag what the server calls this version of it, empty for no name
 * @param lastModified the server's words for its time, empty for none
 */
public record HttpFile(Digest digest, long size, long modified, String entityTag, String lastModified) {
    private static final String MAGIC = "drydock-http-1";

    byte[] write() {
        String text = String.join("\n", MAGIC, digest.toString(), size + "", modified + "", entityTag, lastModified);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #write} made.
     *
     * @throws CorruptData if it did not
     */
    static HttpFile read(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        try {
            if (lines.length == 6 && lines[0].equals(MAGIC)) {
                return new HttpFile(
                        Digest.parse(lines[1]), Long.parseLong(lines[2]), Long.parseLong(lines[3]), lines[4], lines[5]);
            }
        } catch (UserFault | NumberFormatException e) {
            throw new CorruptData("read facts of a downloaded file: " + e.getMessage(), e);
        }
        throw new CorruptData("read facts of a downloaded file: they have no such form");
    }
}
