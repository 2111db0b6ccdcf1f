package dev.drydock.runtime;

import dev.drydock.fault.Bug;
import dev.drydock.oci.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The system call filter of sandboxed steps: what Docker documents for its default profile. The names are in
 * {@code seccomp.txt}; the rules that look at arguments are here. Calls of the kernel's table for this machine ({@code
 * syscalls.txt}) that are not allowed fail with EPERM; a call that is younger than the table, or than the libseccomp of the
 * runtime, fails with ENOSYS, because a C library that tries it must think it is missing: EPERM would be an answer.
 */
final class SeccompProfile {
    private static final String X32 = "SCMP_ARCH_X32";
    private static final long ENOSYS = 38;
    private static final long EPERM = 1;
    private static final long ADDR_NO_RANDOMIZE = 0x40000;
    private static final long AF_ALG = 38;
    private static final long AF_NFC = 39;
    private static final long AF_VSOCK = 40;
    /** Every CLONE_NEW* flag. */
    private static final long CLONE_NAMESPACES = 0x7E020000L;

    /** Allowed or refused by what their arguments are. */
    private static final List<String> BY_ARGUMENT = List.of("clone", "clone3", "personality", "socket");

    private SeccompProfile() {}

    /** The profile for a process that holds the capabilities. */
    static JsonValue of(Host host, List<String> capabilities) {
        return of(host, capabilities, table(host.arch()), architectures(host.arch()));
    }

    /**
     * The same for a runtime that itself lets every call fail with ENOSYS that is younger than those of the profile: what
     * is not allowed fails with EPERM without being named, which is a fifth less to compile. Without x32 it is half of that:
     * libseccomp's work grows with the square of the rules.
     *
     * @param x32 whether programs of that form may run; where not, their calls end the thread
     */
    static JsonValue brief(Host host, List<String> capabilities, boolean x32) {
        List<String> forms = new ArrayList<>(architectures(host.arch()));
        if (!x32) {
            forms.remove(X32);
        }
        return of(host, capabilities, Set.of(), forms);
    }

    private static JsonValue of(Host host, List<String> capabilities, Set<String> table, List<String> architectures) {
        List<JsonValue> rules = new ArrayList<>();
        List<String> allowed = names(host, capabilities);
        rules.add(rule("SCMP_ACT_ALLOW", allowed).build());
        Set<String> refused = new TreeSet<>(table);
        boolean known = !refused.isEmpty();
        refused.removeAll(allowed);
        BY_ARGUMENT.forEach(refused::remove);
        for (long personality : new long[] {0x0, 0x8, 0x20000, 0x20008, 0xffffffffL}) {
            rules.add(allowIf("personality", argument(0, personality, "SCMP_CMP_EQ")));
        }
        // every family but two: one reaches the hypervisor, the other much of the kernel's crypto code
        rules.add(allowIf("socket", argument(0, AF_ALG, "SCMP_CMP_LT")));
        rules.add(allowIf("socket", argument(0, AF_NFC, "SCMP_CMP_EQ")));
        rules.add(allowIf("socket", argument(0, AF_VSOCK, "SCMP_CMP_GT")));
        if (known) {
            rules.add(refuse(List.copyOf(refused)).build());
            for (long family : new long[] {AF_ALG, AF_VSOCK}) {
                rules.add(refuseIf("socket", argument(0, family, "SCMP_CMP_EQ")));
            }
            rules.add(refuseIf("personality", argument(0, ADDR_NO_RANDOMIZE, "SCMP_CMP_EQ")));
        }
        if (!capabilities.contains("CAP_SYS_ADMIN")) {
            // s390 takes clone's flags second; clone3 hides its flags in memory, so that libc must think it is missing
            int flags = host.arch().equals("s390x") ? 1 : 0;
            rules.add(allowIf("clone", masked(flags, CLONE_NAMESPACES, 0)));
            for (long flag = 1; known && flag <= CLONE_NAMESPACES; flag <<= 1) {
                if ((flag & CLONE_NAMESPACES) != 0) {
                    rules.add(refuseIf("clone", masked(flags, flag, flag)));
                }
            }
            rules.add(rule("SCMP_ACT_ERRNO", List.of("clone3"))
                    .put("errnoRet", ENOSYS)
                    .build());
        }
        return JsonValue.object()
                .put("defaultAction", "SCMP_ACT_ERRNO")
                .put("defaultErrnoRet", known ? ENOSYS : EPERM)
                .put("architectures", JsonValue.strings(architectures))
                .put("syscalls", JsonValue.array(rules))
                .build();
    }

    private static JsonValue.Members rule(String action, List<String> names) {
        return JsonValue.object().put("names", JsonValue.strings(names)).put("action", action);
    }

    private static JsonValue allowIf(String name, JsonValue argument) {
        return rule("SCMP_ACT_ALLOW", List.of(name))
                .put("args", JsonValue.array(List.of(argument)))
                .build();
    }

    private static JsonValue.Members refuse(List<String> names) {
        return rule("SCMP_ACT_ERRNO", names).put("errnoRet", EPERM);
    }

    private static JsonValue refuseIf(String name, JsonValue argument) {
        return refuse(List.of(name))
                .put("args", JsonValue.array(List.of(argument)))
                .build();
    }

    private static JsonValue masked(int index, long mask, long value) {
        return JsonValue.object()
                .put("index", index)
                .put("value", mask)
                .put("valueTwo", value)
                .put("op", "SCMP_CMP_MASKED_EQ")
                .build();
    }

    private static JsonValue argument(int index, long value, String operator) {
        return JsonValue.object()
                .put("index", index)
                .put("value", value)
                .put("op", operator)
                .build();
    }

    private static List<String> architectures(String arch) {
        return switch (arch) {
            case "amd64", "x86_64" -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", X32);
            case "aarch64" -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
            case "s390x" -> List.of("SCMP_ARCH_S390X", "SCMP_ARCH_S390");
            case "ppc64le" -> List.of("SCMP_ARCH_PPC64LE");
            case "riscv64" -> List.of("SCMP_ARCH_RISCV64");
            // no list means the machine's own
            default -> List.of();
        };
    }

    private static List<String> names(Host host, List<String> capabilities) {
        TreeSet<String> names = new TreeSet<>();
        for (String line : lines("seccomp.txt")) {
            String[] words = line.split(" ", -1);
            if (applies(words[0], host, capabilities)) {
                names.addAll(List.of(words).subList(1, words.length));
            }
        }
        return List.copyOf(names);
    }

    private static boolean applies(String condition, Host host, List<String> capabilities) {
        int equals = condition.indexOf('=');
        if (equals < 0) {
            return true;
        }
        String value = condition.substring(equals + 1);
        return switch (condition.substring(0, equals)) {
            case "arch" -> List.of(value.split(",", -1)).contains(host.arch());
            case "kernel" -> host.kernel() >= kernel(value);
            case "cap" -> capabilities.contains(value);
            default -> throw new Bug("seccomp.txt: unknown condition " + condition);
        };
    }

    private static int kernel(String version) {
        int dot = version.indexOf('.');
        return Integer.parseInt(version.substring(0, dot)) * 1000 + Integer.parseInt(version.substring(dot + 1));
    }

    /** The calls that the kernel has on a machine; empty for one whose table is not here. */
    static Set<String> table(String arch) {
        TreeSet<String> names = new TreeSet<>();
        for (String line : lines("syscalls.txt")) {
            List<String> words = List.of(line.split(" ", -1));
            if (List.of(words.getFirst().split(",", -1)).contains(arch)) {
                names.addAll(words.subList(1, words.size()));
            }
        }
        return names;
    }

    /** Without comments. */
    private static List<String> lines(String resource) {
        try (InputStream in = SeccompProfile.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new Bug("read " + resource + ": it is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new Bug("read " + resource + ": " + e.getMessage(), e);
        }
    }
}
