package dev.drydock.dockerfile;

import dev.drydock.fault.SourceRange;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the author wrote, with its place, unexpanded and unevaluated. Words keep their quotes and escapes where the
 * language expands them later; flags have lost theirs.
 */
public sealed interface Instruction {
    /** Where and how it was written. */
    Written written();

    /** The keyword in upper case. */
    default String keyword() {
        return written().keyword();
    }

    /** Where it stands, all its lines. */
    default SourceRange range() {
        return written().range();
    }

    /**
     * What every instruction has.
     *
     * @param keyword in upper case
     * @param keywordAsWritten for the checks of letter case
     * @param original the joined instruction line as written: keyword, flags and arguments, without heredoc bodies
     * @param comments the comment lines attached above it, without {@code #} and surrounding blanks
     */
    record Written(String keyword, String keywordAsWritten, String original, SourceRange range, List<String> comments) {
        public Written {
            comments = List.copyOf(comments);
        }
    }

    /** Shell form (one text) or exec form (an argument vector). */
    sealed interface Command {
        /** The text after the keyword, with heredocs attached in {@link Run}. */
        record Shell(String text) implements Command {}

        record Exec(List<String> args) implements Command {
            public Exec {
                args = List.copyOf(args);
            }
        }
    }

    /**
     * A heredoc.
     *
     * @param name the delimiter without quotes
     * @param fileDescriptor digits before {@code <<}, empty for none
     * @param expand whether variables in the body are expanded (the delimiter was not quoted)
     * @param chomp {@code <<-}: leading tabs removed; {@code content} is still as written
     * @param content the body as written, line ends included, without the terminator
     */
    record Heredoc(String name, String fileDescriptor, boolean expand, boolean chomp, String content) {
        /** Whether a text is nothing but the opening of a heredoc, such as {@code <<EOF}. */
        public static boolean opens(String text) {
            return HeredocToken.of(GoText.trim(text)) != null;
        }
    }

    /** A key and a value as written, in the order written. {@code value} is null in {@code ARG name}. */
    record Pair(String key, @Nullable String value) {}

    /** {@code FROM [--platform=P] base [AS name]}; {@code name} is lower case. */
    record From(
            Written written,
            String base,
            @Nullable String name,
            @Nullable String nameAsWritten,
            @Nullable String as,
            @Nullable String platform)
            implements Instruction {}

    record Arg(Written written, List<Pair> pairs) implements Instruction {
        public Arg {
            pairs = List.copyOf(pairs);
        }
    }

    /** {@code legacy} is the form {@code ENV key value}. */
    record Env(Written written, List<Pair> pairs, boolean legacy) implements Instruction {
        public Env {
            pairs = List.copyOf(pairs);
        }
    }

    record Label(Written written, List<Pair> pairs, boolean legacy) implements Instruction {
        public Label {
            pairs = List.copyOf(pairs);
        }
    }

    record Maintainer(Written written, String name) implements Instruction {}

    /**
     * {@code mounts} are the raw CSV values; the other flags are raw too, null when absent. A shell-form command with
     * heredocs keeps them apart: {@code command} is the line without bodies.
     */
    record Run(
            Written written,
            Command command,
            List<Heredoc> heredocs,
            List<String> mounts,
            @Nullable String network,
            @Nullable String security,
            List<String> devices)
            implements Instruction {
        public Run {
            heredocs = List.copyOf(heredocs);
            mounts = List.copyOf(mounts);
            devices = List.copyOf(devices);
        }
    }

    /**
     * COPY or ADD. {@code sources} are words; a heredoc source appears in {@code heredocs} instead and not in
     * {@code sources}. {@code flags} holds the flags that only one of the two has, raw, by name without dashes:
     * from, parents, keep-git-dir, checksum, unpack.
     */
    record Copy(
            Written written,
            List<String> sources,
            List<Heredoc> heredocs,
            String dest,
            @Nullable String chown,
            @Nullable String chmod,
            boolean link,
            List<String> excludes,
            Map<String, String> flags)
            implements Instruction {
        public Copy {
            sources = List.copyOf(sources);
            heredocs = List.copyOf(heredocs);
            excludes = List.copyOf(excludes);
            flags = Collections.unmodifiableMap(new LinkedHashMap<>(flags));
        }

        /** Whether this is ADD. */
        public boolean add() {
            return written.keyword().equals("ADD");
        }
    }

    record Cmd(Written written, Command command) implements Instruction {}

    record Entrypoint(Written written, Command command) implements Instruction {}

    record Expose(Written written, List<String> ports) implements Instruction {
        public Expose {
            ports = List.copyOf(ports);
        }
    }

    record Volume(Written written, List<String> paths) implements Instruction {
        public Volume {
            paths = List.copyOf(paths);
        }
    }

    record User(Written written, String user) implements Instruction {}

    record Workdir(Written written, String path) implements Instruction {}

    record StopSignal(Written written, String signal) implements Instruction {}

    record Shell(Written written, List<String> shell) implements Instruction {
        public Shell {
            shell = List.copyOf(shell);
        }
    }

    /**
     * {@code command} is null for {@code HEALTHCHECK NONE}. Durations and retries are raw flag values, null when absent.
     */
    record Healthcheck(
            Written written,
            @Nullable Command command,
            @Nullable String interval,
            @Nullable String timeout,
            @Nullable String startPeriod,
            @Nullable String startInterval,
            @Nullable String retries)
            implements Instruction {}

    /** {@code trigger} is the text as it goes into the image's config, heredocs included. */
    record OnBuild(Written written, String trigger) implements Instruction {}
}
