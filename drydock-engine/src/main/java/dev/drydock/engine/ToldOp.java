package dev.drydock.engine;

import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Ops as they are told: without the users and passwords of addresses, wherever those stand. */
final class ToldOp {
    private ToldOp() {}

    /** Images are told as they are: their names have no users. */
    static Op of(Op op) {
        return switch (op) {
            case Op.Local local ->
                new Op.Local(masked(local.name()), masked(local.excludes()), masked(local.followPaths()));
            case Op.Git git ->
                new Op.Git(
                        masked(git.remote()), masked(git.ref()), maskedOrNull(git.subdir()), masked(git.attributes()));
            case Op.Http http ->
                new Op.Http(
                        masked(http.url()),
                        http.checksum(),
                        masked(http.filename()),
                        http.mode(),
                        http.uid(),
                        http.gid());
            case Op.Exec exec ->
                new Op.Exec(
                        told(exec.meta()),
                        exec.mounts().stream().map(ToldOp::told).toList(),
                        exec.network(),
                        exec.security(),
                        exec.secretEnv().stream()
                                .map(each -> new Op.SecretEnv(masked(each.id()), masked(each.name()), each.required()))
                                .toList(),
                        exec.devices().stream()
                                .map(each -> new Op.Device(masked(each.name()), each.required()))
                                .toList(),
                        exec.platform());
            case Op.Files files ->
                new Op.Files(files.actions().stream().map(ToldOp::told).toList());
            case Op.Image _, Op.OciLayout _, Op.Merge _, Op.Diff _ -> op;
        };
    }

    private static String masked(String text) {
        return UserInfo.masked(text);
    }

    private static @Nullable String maskedOrNull(@Nullable String text) {
        return text == null ? null : masked(text);
    }

    private static List<String> masked(List<String> texts) {
        return texts.stream().map(UserInfo::masked).toList();
    }

    private static Map<String, String> masked(Map<String, String> texts) {
        Map<String, String> masked = new TreeMap<>(texts);
        masked.replaceAll((_, value) -> masked(value));
        return masked;
    }

    private static Op.Meta told(Op.Meta meta) {
        return new Op.Meta(
                masked(meta.args()),
                masked(meta.env()),
                masked(meta.cwd()),
                masked(meta.user()),
                told(meta.proxyEnv()),
                meta.extraHosts(),
                masked(meta.hostname()),
                meta.ulimits(),
                maskedOrNull(meta.cgroupParent()),
                meta.validExitCodes());
    }

    private static Op.@Nullable ProxyEnv told(Op.@Nullable ProxyEnv proxy) {
        return proxy == null
                ? null
                : new Op.ProxyEnv(
                        maskedOrNull(proxy.httpProxy()),
                        maskedOrNull(proxy.httpsProxy()),
                        maskedOrNull(proxy.ftpProxy()),
                        maskedOrNull(proxy.noProxy()),
                        maskedOrNull(proxy.allProxy()));
    }

    private static Op.Mount told(Op.Mount mount) {
        Op.MountType type = switch (mount.type()) {
            case Op.MountType.Cache(String id, Op.Sharing sharing) -> new Op.MountType.Cache(masked(id), sharing);
            case Op.MountType.Secret it ->
                new Op.MountType.Secret(masked(it.id()), it.uid(), it.gid(), it.mode(), it.required());
            case Op.MountType.Ssh it ->
                new Op.MountType.Ssh(masked(it.id()), it.uid(), it.gid(), it.mode(), it.required());
            case Op.MountType.Bind _, Op.MountType.Tmpfs _ -> mount.type();
        };
        return new Op.Mount(
                mount.input(), masked(mount.selector()), masked(mount.dest()), mount.output(), mount.readOnly(), type);
    }

    private static FileAction told(FileAction action) {
        return switch (action) {
            case FileAction.Copy it ->
                new FileAction.Copy(
                        it.input(),
                        it.secondaryInput(),
                        it.output(),
                        masked(it.source()),
                        masked(it.dest()),
                        it.owner(),
                        it.mode(),
                        it.followSymlink(),
                        it.dirCopyContents(),
                        it.attemptUnpack(),
                        it.createDestPath(),
                        it.allowWildcard(),
                        it.allowEmptyWildcard(),
                        it.timestamp(),
                        masked(it.includePatterns()),
                        masked(it.excludePatterns()),
                        it.alwaysReplaceExistingDestPaths(),
                        masked(it.requiredPaths()));
            case FileAction.MakeFile it ->
                new FileAction.MakeFile(
                        it.input(),
                        it.output(),
                        masked(it.path()),
                        it.mode(),
                        masked(it.data()),
                        it.owner(),
                        it.timestamp());
            case FileAction.MakeDirectory it ->
                new FileAction.MakeDirectory(
                        it.input(),
                        it.output(),
                        masked(it.path()),
                        it.mode(),
                        it.makeParents(),
                        it.owner(),
                        it.timestamp());
            case FileAction.Remove it ->
                new FileAction.Remove(
                        it.input(), it.output(), masked(it.path()), it.allowNotFound(), it.allowWildcard());
            case FileAction.Symlink it ->
                new FileAction.Symlink(
                        it.input(), it.output(), masked(it.path()), masked(it.target()), it.owner(), it.timestamp());
        };
    }

    /** Byte for byte, as what is around an address is ASCII in whatever the text is written. */
    private static FileAction.Data masked(FileAction.Data data) {
        String text = new String(data.bytes(), StandardCharsets.ISO_8859_1);
        return new FileAction.Data(masked(text).getBytes(StandardCharsets.ISO_8859_1));
    }
}
