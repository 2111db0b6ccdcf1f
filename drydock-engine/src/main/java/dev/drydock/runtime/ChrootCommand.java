package dev.drydock.runtime;

import static dev.drydock.runtime.MountScript.quote;

import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The words of a shell that become the command of a step whose root is the current directory: its environment, limits,
 * groups, capabilities, root and user. Made of util-linux and env(1); pure.
 */
final class ChrootCommand {
    private static final Pattern SHELL_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final ProcessSpec process;
    private final Host host;
    private final Programs programs;
    private final List<String> limits = new ArrayList<>();
    private boolean ownNetwork;
    private boolean withoutUnshare;

    ChrootCommand(ProcessSpec process, Host host, Programs programs) {
        this.process = process;
        this.host = host;
        this.programs = programs;
        for (Op.Ulimit limit : process.ulimits()) {
            limits.add(limit.name() + "=" + limit(limit.soft()) + ":" + limit(limit.hard()));
        }
    }

    /** Adds a limit of prlimit(1): its long name, {@code =} and its value. */
    ChrootCommand limited(String limit) {
        limits.add(limit);
        return this;
    }

    /** The command has an empty network of its own. */
    ChrootCommand inOwnNetwork() {
        ownNetwork = true;
        return this;
    }

    /** Does without unshare(2), which filters of system calls refuse even when nothing is unshared. */
    ChrootCommand withoutUnshare() {
        withoutUnshare = true;
        return this;
    }

    /** What comes before: no word of the environment that is secret becomes an argument of a program. */
    String prelude() {
        StringBuilder lines = new StringBuilder();
        for (String secret : process.secretEnv()) {
            int equals = secret.indexOf('=');
            String name = secret.substring(0, equals);
            if (!SHELL_NAME.matcher(name).matches()) {
                throw new UserFault(
                                "secret variable " + name + ": chroot isolation takes names of letters, digits and _")
                        .hint("Name it otherwise in --mount=type=secret,env=NAME, or install runc.");
            }
            lines.append("export ").append(name).append('=');
            lines.append(quote(secret.substring(equals + 1))).append('\n');
        }
        lines.append("read -r groups < /proc/self/setgroups 2> /dev/null || groups=allow\n");
        lines.append("if [ \"$groups\" = deny ]; then groups=--keep-groups; else groups=");
        return lines.append(groups()).append("; fi\n").toString();
    }

    /** The command itself, one line without its end. */
    String words() {
        StringBuilder words = new StringBuilder();
        if (ownNetwork) {
            words.append(program("unshare")).append(" --net ");
        }
        words.append(program("env")).append(" -u PWD -u OLDPWD -u LIBMOUNT_FORCE_MOUNT2 -u PATH");
        process.env().forEach(variable -> words.append(' ').append(quote(variable)));
        if (!limits.isEmpty()) {
            words.append(' ').append(program("prlimit"));
            limits.forEach(limit -> words.append(" --").append(limit));
        }
        words.append(' ').append(program("setpriv"));
        words.append(" --regid ")
                .append(Integer.toUnsignedString(process.gid()))
                .append(" \"$groups\" --inh-caps=-all");
        if (process.security() != Op.Security.INSECURE) {
            words.append(" --bounding-set=-all");
            for (String name : Capabilities.sandbox(host.capabilities())) {
                words.append(",+").append(name.substring("CAP_".length()).toLowerCase(Locale.ROOT));
            }
        }
        // one looks for the directory after it has entered the root, the other before: it leads through no link
        words.append(' ')
                .append(program(withoutUnshare ? "nsenter" : "unshare"))
                .append(" --root=. --wd=");
        words.append(quote((withoutUnshare ? "." : "") + process.cwd()));
        words.append(" --setuid=")
                .append(Integer.toUnsignedString(process.uid()))
                .append(" --");
        process.args().forEach(word -> words.append(' ').append(quote(word)));
        return words.append(" < /dev/null").toString();
    }

    private String program(String name) {
        return quote(programs.find(name).orElse(Path.of("/usr/bin", name)));
    }

    private static String limit(long value) {
        return value < 0 ? "unlimited" : Long.toString(value);
    }

    private String groups() {
        List<Integer> groups = process.groups();
        return groups.isEmpty()
                ? "--clear-groups"
                : "--groups=" + groups.stream().map(Integer::toUnsignedString).collect(Collectors.joining(","));
    }
}
