package dev.drydock.ops;

import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;

/**
 * Who a step runs as: USER's text looked up in the image's passwd and group files, as BuildKit does it.
 *
 * @param groups supplementary groups
 * @param home the home directory of the first line with that number, {@code /} when there is none
 */
record StepUser(int uid, int gid, List<Integer> groups, String home) {
    private static final int ID_DIGITS = 10;
    /** The field of passwd. */
    private static final int HOME = 5;

    StepUser {
        groups = List.copyOf(groups);
    }

    /**
     * Looks up {@code user[:group]}, names or numbers.
     *
     * @param spec empty for root
     * @param passwd the text of {@code /etc/passwd}, empty when there is none
     * @param group the text of {@code /etc/group}, empty when there is none
     * @throws UserFault {@code unable to find user x: no matching entries in passwd file}
     */
    static StepUser resolve(String spec, String passwd, String group) {
        int colon = spec.indexOf(':');
        String name = colon < 0 ? spec : spec.substring(0, colon);
        String user = name.isEmpty() ? "0" : name;
        String wantedGroup = colon < 0 ? "" : spec.substring(colon + 1);
        if (isId(user) && isId(wantedGroup)) {
            return of(id(user), id(wantedGroup), List.of(), passwd);
        }
        Entry found = entry(user, passwd);
        if (!wantedGroup.isEmpty()) {
            return of(found.uid, group(wantedGroup, group), List.of(), passwd);
        }
        List<Integer> groups = found.name.isEmpty() ? List.of() : memberships(found.name, group);
        return of(found.uid, found.gid, groups, passwd);
    }

    private static StepUser of(int uid, int gid, List<Integer> groups, String passwd) {
        for (String line : passwd.split("\n", -1)) {
            String[] fields = line.strip().split(":", -1);
            if (fields.length > HOME && isNumber(fields[2]) && number(fields[2]) == uid && !fields[HOME].isEmpty()) {
                return new StepUser(uid, gid, groups, fields[HOME]);
            }
        }
        return new StepUser(uid, gid, groups, "/");
    }

    /** {@code user:group} in numbers needs no files; there {@code root} is a number, too. */
    private static boolean isId(String text) {
        return text.equals("root") || isNumber(text);
    }

    private static int id(String text) {
        return text.equals("root") ? 0 : number(text);
    }

    /** A line of passwd; {@code name} is empty for a number that has none. */
    private record Entry(String name, int uid, int gid) {}

    private static Entry entry(String user, String passwd) {
        for (String line : passwd.split("\n", -1)) {
            String[] fields = line.strip().split(":", -1);
            if (fields.length >= 4 && isNumber(fields[2]) && isNumber(fields[3])) {
                boolean match = isNumber(user) ? number(fields[2]) == number(user) : fields[0].equals(user);
                if (match) {
                    return new Entry(fields[0], number(fields[2]), number(fields[3]));
                }
            }
        }
        if (isNumber(user)) {
            return new Entry("", number(user), 0);
        }
        throw new UserFault("unable to find user " + user + ": no matching entries in passwd file");
    }

    private static int group(String wanted, String group) {
        for (String line : group.split("\n", -1)) {
            String[] fields = line.strip().split(":", -1);
            if (fields.length >= 3 && isNumber(fields[2])) {
                boolean match = isNumber(wanted) ? number(fields[2]) == number(wanted) : fields[0].equals(wanted);
                if (match) {
                    return number(fields[2]);
                }
            }
        }
        if (isNumber(wanted)) {
            return number(wanted);
        }
        throw new UserFault("unable to find group " + wanted + ": no matching entries in group file");
    }

    private static List<Integer> memberships(String user, String group) {
        List<Integer> groups = new ArrayList<>();
        for (String line : group.split("\n", -1)) {
            String[] fields = line.strip().split(":", -1);
            boolean member = fields.length >= 4
                    && isNumber(fields[2])
                    && List.of(fields[3].split(",", -1)).contains(user);
            if (member) {
                groups.add(number(fields[2]));
            }
        }
        return groups;
    }

    private static boolean isNumber(String text) {
        if (text.isEmpty() || text.length() > ID_DIGITS) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** IDs are 32 bits without a sign; the runtime refuses what the kernel does not take. */
    private static int number(String digits) {
        long value = Long.parseLong(digits);
        if (value > Integer.MAX_VALUE) {
            throw new UserFault("uids and gids must be in range 0-2147483647");
        }
        return (int) value;
    }
}
