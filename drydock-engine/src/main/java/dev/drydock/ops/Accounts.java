package dev.drydock.ops;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The user and group names of a file tree: the lines of its {@code /etc/passwd} and {@code /etc/group}. */
final class Accounts {
    private final String passwd;
    private final String group;

    /** Takes the files' contents; an absent file is an empty one. */
    Accounts(byte[] passwd, byte[] group) {
        this.passwd = new String(passwd, StandardCharsets.UTF_8);
        this.group = new String(group, StandardCharsets.UTF_8);
    }

    /** A user's number and primary group. */
    record User(int uid, int gid) {}

    /** The first user of that name. */
    Optional<User> user(String name) {
        return passwd.lines()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 4 && fields[0].equals(name))
                .filter(fields -> isNumber(fields[2]) && isNumber(fields[3]))
                .map(fields -> new User(number(fields[2]), number(fields[3])))
                .findFirst();
    }

    /** The number of the first group of that name. */
    Optional<Integer> group(String name) {
        return group.lines()
                .map(line -> line.split(":", -1))
                .filter(fields -> fields.length >= 3 && fields[0].equals(name) && isNumber(fields[2]))
                .map(fields -> number(fields[2]))
                .findFirst();
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /** Ids are 32 bits without a sign. */
    private static int number(String digits) {
        return (int) Long.parseLong(digits);
    }
}
