package dev.drydock.frontend;

/** What the frontend needs to know about heredocs. */
final class Heredocs {
    private Heredocs() {}

    /** The body of {@code <<-}: without the tabs at the beginning of lines. */
    static String withoutTabs(String content) {
        StringBuilder out = new StringBuilder(content.length());
        boolean start = true;
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (!start || c != '\t') {
                out.append(c);
                start = c == '\n';
            }
        }
        return out.toString();
    }

    /** The first line, with dots if there are more. */
    static String summary(String content) {
        String trimmed = content.strip();
        int end = trimmed.indexOf('\n');
        return end < 0 ? trimmed : trimmed.substring(0, end).stripTrailing() + "...";
    }
}
