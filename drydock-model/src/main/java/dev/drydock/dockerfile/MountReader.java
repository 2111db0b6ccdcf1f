package dev.drydock.dockerfile;

import dev.drydock.dockerfile.MountFlag.Sharing;
import dev.drydock.fault.Suggestion;
import dev.drydock.fault.UserFault;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Collects the fields of one mount, left to right: what a key may mean depends on the type read so far. */
final class MountReader {
    private static final long MAX_ID = 0xFFFF_FFFFL;

    private MountFlag.Type type = MountFlag.Type.BIND;
    private @Nullable String from;
    private @Nullable String source;
    private @Nullable String target;
    private @Nullable Boolean readOnly;
    private @Nullable String id;
    private @Nullable Sharing sharing;
    private boolean required;
    private long size;
    private @Nullable Integer mode;
    private @Nullable Long uid;
    private @Nullable Long gid;
    private @Nullable String env;

    void bare(String key, String field) {
        switch (key) {
            case "readonly", "ro" -> readOnly = true;
            case "readwrite", "rw" -> readOnly = false;
            case "required" -> {
                onlyFor(key, type == MountFlag.Type.SECRET || type == MountFlag.Type.SSH);
                required = true;
            }
            default -> throw new UserFault("invalid field '" + field + "' must be a key=value pair").about(field);
        }
    }

    void pair(String key, String value, String field) {
        switch (key) {
            case "type" -> type = type(value);
            case "from" -> from = value;
            case "source", "src" -> source = value;
            case "target", "dst", "destination" -> target = value;
            case "readonly", "ro" -> readOnly = bool(key, value);
            case "readwrite", "rw" -> readOnly = !bool(key, value);
            case "required" -> {
                onlyFor(key, type == MountFlag.Type.SECRET || type == MountFlag.Type.SSH);
                required = bool(key, value);
            }
            case "size" -> {
                onlyFor(key, type == MountFlag.Type.TMPFS);
                size = ByteSize.parse(value)
                        .orElseThrow(() -> new UserFault("invalid value for " + key + ": " + value).about(value));
            }
            case "id" -> id = value;
            case "sharing" -> sharing = sharing(value);
            case "mode" -> mode = (int) number(key, value, 8);
            case "uid" -> uid = number(key, value, 10);
            case "gid" -> gid = number(key, value, 10);
            case "env" -> env = value;
            default ->
                throw new UserFault("unexpected key '" + key + "' in '" + field + "'"
                                + Suggestion.didYouMean(key, MountFlag.KEYS))
                        .about(field);
        }
    }

    private void onlyFor(String key, boolean allowed) {
        if (!allowed) {
            throw new UserFault("unexpected key '" + key + "' for mount type '" + type.text() + "'")
                    .about(key)
                    .hint("Write type= before " + key + ".");
        }
    }

    private static MountFlag.Type type(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "bind" -> MountFlag.Type.BIND;
            case "cache" -> MountFlag.Type.CACHE;
            case "tmpfs" -> MountFlag.Type.TMPFS;
            case "secret" -> MountFlag.Type.SECRET;
            case "ssh" -> MountFlag.Type.SSH;
            default ->
                throw new UserFault("unsupported mount type " + GoText.quote(value)
                                + Suggestion.didYouMean(value, List.of("bind", "cache", "tmpfs", "secret", "ssh")))
                        .about(value)
                        .hint("The types are bind, cache, tmpfs, secret and ssh.");
        };
    }

    private static Sharing sharing(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "shared" -> Sharing.SHARED;
            case "private" -> Sharing.PRIVATE;
            case "locked" -> Sharing.LOCKED;
            default ->
                throw new UserFault("unsupported sharing value " + GoText.quote(value)
                                + Suggestion.didYouMean(value, List.of("shared", "private", "locked")))
                        .about(value);
        };
    }

    static boolean bool(String key, String value) {
        return switch (value) {
            case "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new UserFault("invalid value for " + key + ": " + value).about(value);
        };
    }

    private static long number(String key, String value, int radix) {
        boolean digits = !value.isEmpty() && value.length() <= 20;
        for (int i = 0; i < value.length() && digits; i++) {
            digits = value.charAt(i) >= '0' && value.charAt(i) < '0' + radix;
        }
        // Twenty digits overflow a long, so that the length is checked again behind the leading zeros.
        String significant = value.replaceFirst("^0+(?=.)", "");
        if (!digits || significant.length() > 12 || Long.parseLong(significant, radix) > MAX_ID) {
            throw new UserFault("invalid value " + value + " for " + key).about(value);
        }
        return Long.parseLong(significant, radix);
    }

    MountFlag mount() {
        if (type == MountFlag.Type.BIND || type == MountFlag.Type.TMPFS) {
            refuse("mode", mode != null);
            refuse("uid", uid != null);
            refuse("gid", gid != null);
        }
        if (type == MountFlag.Type.SECRET) {
            checkSecret();
        }
        if (type == MountFlag.Type.SSH && source != null && !source.isEmpty()) {
            throw new UserFault("ssh does not support source").about(source);
        }
        if (sharing != null && type != MountFlag.Type.CACHE) {
            throw new UserFault("invalid cache sharing set for " + type.text() + " mount").about("sharing");
        }
        boolean writable = type == MountFlag.Type.CACHE || type == MountFlag.Type.TMPFS;
        return new MountFlag(
                type,
                from,
                source,
                target,
                readOnly == null ? !writable : readOnly,
                id,
                sharing,
                required,
                size,
                mode,
                uid,
                gid,
                env);
    }

    private void refuse(String key, boolean given) {
        if (given) {
            throw new UserFault(key + " not allowed for " + GoText.quote(type.text()) + " type mounts").about(key);
        }
    }

    private void checkSecret() {
        if (from != null && !from.isEmpty()) {
            throw new UserFault("secret mount should not have a from").about(from);
        }
        if (sharing != null) {
            throw new UserFault("secret mount should not define sharing").about("sharing");
        }
        if (!isGiven(source) && !isGiven(target) && !isGiven(id)) {
            throw new UserFault("invalid secret mount. one of source, target required");
        }
        if (source != null && !source.isEmpty() && isGiven(id)) {
            throw new UserFault("both source and id can't be set").about(source);
        }
    }

    private static boolean isGiven(@Nullable String value) {
        return value != null && !value.isEmpty();
    }
}
