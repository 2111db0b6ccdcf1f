package dev.drydock.e2e;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A request or an answer of HTTP/1.1, whole in memory. */
record HttpMessage(String start, List<String> headers, byte[] body) {
    String header(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        for (String header : headers) {
            if (header.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                return header.substring(prefix.length()).strip();
            }
        }
        return "";
    }

    HttpMessage with(String name, String value) {
        List<String> others = new ArrayList<>(headers);
        others.removeIf(each -> each.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"));
        if (!value.isEmpty()) {
            others.add(name + ": " + value);
        }
        return new HttpMessage(start, others, body);
    }

    byte[] head() {
        return (start + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Reads a message; of an answer to HEAD only its headers come. */
    static HttpMessage read(InputStream in, boolean headOnly) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!endsWithBlankLine(head)) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            head.write(next);
        }
        List<String> lines = head.toString(StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> !line.isEmpty())
                .toList();
        HttpMessage message = new HttpMessage(lines.getFirst(), lines.subList(1, lines.size()), new byte[0]);
        byte[] body = new byte[0];
        String length = message.header("Content-Length");
        if (headOnly) {
            return message;
        }
        if (message.header("Transfer-Encoding").equals("chunked")) {
            body = chunks(in);
        } else if (!length.isEmpty()) {
            body = in.readNBytes(Integer.parseInt(length));
        }
        return new HttpMessage(message.start, message.headers, body);
    }

    private static boolean endsWithBlankLine(ByteArrayOutputStream head) {
        byte[] bytes = head.toByteArray();
        int n = bytes.length;
        return n >= 4 && Arrays.equals(Arrays.copyOfRange(bytes, n - 4, n), new byte[] {'\r', '\n', '\r', '\n'});
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(in).replaceAll(";.*", "").strip(), 16);
            all.writeBytes(in.readNBytes(size));
            line(in);
            if (size == 0) {
                return all.toByteArray();
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }
}
