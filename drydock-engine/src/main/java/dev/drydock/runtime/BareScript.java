package dev.drydock.runtime;

import static dev.drydock.runtime.MountScript.quote;

import dev.drydock.fault.EnvironmentFault;
import dev.drydock.graph.Op;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Becomes the parent of a step in a root that is a plain directory, where neither namespaces nor mounts may be made. A pure
 * function but for the mark.
 *
 * <p>No namespace ends the step's processes, so they carry a mark that children inherit, that a plain process can only
 * lower, that does nothing, and that everybody can read in {@code /proc}: a limit of processor time for real-time processes
 * of some ten thousand years. When the command ends, all that have the mark are killed; when the helper itself is killed,
 * by whatever, a second process that waits for just that does it.
 */
final class BareScript implements StepScript {
    /** In microseconds. Marks go down from here, so that steps within a step can have theirs. */
    private static final long MARKS = 1L << 58;

    private static final int MARKS_PER_PROCESS_BITS = 18;
    private static final AtomicLong COUNTER = new AtomicLong();

    private static final String FUNCTIONS = """
            end() {
              found=1
              while [ -n "$found" ]; do
                found=
                for process in /proc/[0-9]*; do
                  while read -r _ kind _ _ hard _; do
                    [ "$kind $hard" = "realtime $mark" ] || continue
                    while read -r key state _; do
                      case $key$state in
                        State:[ZX]) ;;
                        State:*) found=1; kill -KILL "${process#/proc/}" ;;
                        *) continue ;;
                      esac
                      break
                    done < "$process/status"
                    break
                  done < "$process/limits"
                done
                [ -z "$found" ] || sleep 0.01
              done
              for secret in $secrets; do : > "secrets/$secret"; done
            }
            """;

    private final ProcessSpec process;
    private final Path directory;
    private final StringBuilder script = new StringBuilder(2048);

    /**
     * The script of a step.
     *
     * @param directory the step's own, in which {@link PlacedBinds} has put what the step is given
     */
    BareScript(ProcessSpec process, Host host, Programs programs, Path directory) {
        this.process = process;
        this.directory = directory;
        refuse();
        line("set -e");
        line("cd " + quote(directory));
        line("mark=" + mark() + " secrets='" + secrets() + "'");
        script.append(FUNCTIONS);
        // both ends are open before anybody waits for the other's, whoever is killed meanwhile
        line("mkfifo alive; exec 9<> alive");
        line(
                "(trap '' HUP INT TERM; exec 8< alive 9>&-; read -r _ <&8 || :; set +e; end) < /dev/null > /dev/null 2>&1 &");
        for (int i = 0; i < process.binds().size(); i++) {
            if (process.binds().get(i) instanceof ProcessSpec.Bind.InMemory secret) {
                line("printf %s " + quote(Base64.getEncoder().encodeToString(secret.content()))
                        + " | base64 -d > secrets/" + i);
            }
        }
        line("(: < root/dev/null) 2> /dev/null || { echo 'open /dev/null of the step: the file system of " + "'"
                + quote(directory) + "' lets no device be opened (nodev)' >&2; exit 1; }");
        ChrootCommand command = new ChrootCommand(process, host, programs)
                .limited("rttime=$mark:$mark")
                .withoutUnshare();
        script.append(command.prelude());
        line(": > started");
        // a shell says of its own how children die
        line("exec 7>&2 2> /dev/null; set +e");
        line("(cd root && exec " + command.words() + " 2>&7 7>&- 9>&-)");
        line("code=$?; end; exit $code");
    }

    /** Which of the process's binds are secrets. */
    private String secrets() {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < process.binds().size(); i++) {
            if (process.binds().get(i) instanceof ProcessSpec.Bind.InMemory) {
                all.append(all.isEmpty() ? "" : " ").append(i);
            }
        }
        return all.toString();
    }

    private void refuse() {
        String wanted = "";
        if (process.network() == Op.Network.NONE) {
            wanted = "--network=none";
        } else if (!process.devices().equals(DeviceEdits.NONE)) {
            wanted = "--device";
        }
        if (!wanted.isEmpty()) {
            throw new EnvironmentFault("run step: " + wanted + ": this container may not make namespaces or mounts")
                    .hint(Privileges.IN_A_CONTAINER);
        }
    }

    private static long mark() {
        long own = ProcessHandle.current().pid() << MARKS_PER_PROCESS_BITS;
        return MARKS - own - COUNTER.incrementAndGet() % (1 << MARKS_PER_PROCESS_BITS);
    }

    private void line(String text) {
        script.append(text).append('\n');
    }

    @Override
    public String text() {
        return script.toString();
    }

    @Override
    public Path root() {
        return directory.resolve("root");
    }

    @Override
    public Path started() {
        return directory.resolve("started");
    }

    @Override
    public List<MountScript.Copy> copies() {
        return List.of();
    }

    @Override
    public List<Path> directories() {
        return List.of(root(), directory.resolve(PlacedBinds.ASIDE), directory.resolve(PlacedBinds.SECRETS));
    }

    @Override
    public byte[] config() {
        return new byte[0];
    }
}
