package dev.drydock.registry;

/** Which hosts are this machine: plain HTTP to them needs no permission. */
final class Loopback {
    private Loopback() {}

    /** Tells of a host, with or without its port, whether it is {@code localhost}, in 127.0.0.0/8, or {@code ::1}. */
    static boolean is(String hostAndPort) {
        String host = name(hostAndPort);
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("::1")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static String name(String hostAndPort) {
        if (hostAndPort.startsWith("[")) {
            int end = hostAndPort.indexOf(']');
            return end < 0 ? hostAndPort : hostAndPort.substring(1, end);
        }
        int colon = hostAndPort.indexOf(':');
        boolean hasPort = colon >= 0 && hostAndPort.indexOf(':', colon + 1) < 0;
        return hasPort ? hostAndPort.substring(0, colon) : hostAndPort;
    }
}
