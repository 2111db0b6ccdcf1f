package dev.drydock.cli.render;

import dev.drydock.frontend.GitSource;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.JsonValue;
import dev.drydock.oci.JsonValue.Members;
import dev.drydock.oci.Platform;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An op as the JSON form of LLB has it: {@code pb.Op} of {@code solver/pb/ops.proto}, zeros and empty values left out.
 */
final class OpJson {
    private static final int UNCHANGED = -1;

    private OpJson() {}

    static JsonValue of(Vertex vertex) {
        Members members = JsonValue.object();
        return switch (vertex.op()) {
            case Op.Exec exec ->
                members.put("Op", one("exec", exec(exec)))
                        .put("platform", platform(exec.platform()))
                        .build();
            case Op.Files files ->
                members.put(
                                "Op",
                                one(
                                        "file",
                                        one(
                                                "actions",
                                                JsonValue.array(files.actions().stream()
                                                        .map(OpJson::action)
                                                        .toList()))))
                        .build();
            case Op.Merge _ ->
                members.put("Op", one("merge", merge(vertex.inputs().size()))).build();
            case Op.Diff(int lower, int upper) ->
                members.put(
                                "Op",
                                one(
                                        "diff",
                                        JsonValue.object()
                                                .put("lower", input(lower))
                                                .put("upper", input(upper))
                                                .build()))
                        .build();
            case Op.Image image ->
                members.put("Op", source("docker-image://" + image.reference(), Map.of()))
                        .put("platform", platform(image.platform()))
                        .build();
            case Op.OciLayout layout ->
                members.put("Op", source("oci-layout://" + layout.store() + "@" + layout.manifest(), Map.of()))
                        .put("platform", platform(layout.platform()))
                        .build();
            case Op.Local local ->
                members.put("Op", source("local://" + local.name(), attributes(local)))
                        .build();
            case Op.Git git ->
                members.put("Op", source(identifier(git), attributes(git))).build();
            case Op.Http http ->
                members.put("Op", source(http.url(), attributes(http))).build();
        };
    }

    private static JsonValue one(String name, JsonValue value) {
        return JsonValue.object().put(name, value).build();
    }

    private static JsonValue platform(Platform platform) {
        return JsonValue.object()
                .put("Architecture", platform.architecture())
                .put("OS", platform.os())
                .putUnlessEmpty("Variant", platform.variant())
                .putUnlessEmpty("OSVersion", platform.osVersion())
                .build();
    }

    private static JsonValue source(String identifier, Map<String, String> attributes) {
        return one(
                "source",
                JsonValue.object()
                        .put("identifier", identifier)
                        .putUnlessEmpty("attrs", attributes)
                        .build());
    }

    private static Map<String, String> attributes(Op.Local local) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (!local.excludes().isEmpty()) {
            attributes.put(
                    "local.excludepatterns", JsonValue.strings(local.excludes()).compact());
        }
        if (!local.followPaths().isEmpty()) {
            attributes.put(
                    "local.followpaths", JsonValue.strings(local.followPaths()).compact());
        }
        return attributes;
    }

    private static String identifier(Op.Git git) {
        String subdir = git.subdir() == null ? "" : ":" + git.subdir();
        String fragment = git.ref().isEmpty() && subdir.isEmpty() ? "" : "#" + git.ref() + subdir;
        return "git://" + git.remote().replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*://", "") + fragment;
    }

    private static Map<String, String> attributes(Op.Git git) {
        Map<String, String> attributes = new TreeMap<>(git.attributes());
        if ("false".equals(attributes.remove(GitSource.SUBMODULES))) {
            attributes.put("git.skipsubmodules", "true");
        }
        attributes.put("git.fullurl", git.remote());
        return attributes;
    }

    private static Map<String, String> attributes(Op.Http http) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (http.checksum() != null) {
            attributes.put("http.checksum", http.checksum().toString());
        }
        attributes.put("http.filename", http.filename());
        attributes.put("http.gid", Integer.toString(http.gid()));
        attributes.put("http.perm", "0" + Integer.toOctalString(http.mode()));
        attributes.put("http.uid", Integer.toString(http.uid()));
        return attributes;
    }

    private static JsonValue merge(int inputs) {
        List<JsonValue> all = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            all.add(input(i));
        }
        return one("inputs", JsonValue.array(all));
    }

    private static JsonValue input(int position) {
        return JsonValue.object().putUnlessZero("input", position).build();
    }

    private static JsonValue exec(Op.Exec exec) {
        Members members = JsonValue.object()
                .put("meta", meta(exec.meta()))
                .put(
                        "mounts",
                        JsonValue.array(
                                exec.mounts().stream().map(OpJson::mount).toList()))
                .putUnlessZero(
                        "network",
                        switch (exec.network()) {
                            case DEFAULT -> 0;
                            case HOST -> 1;
                            case NONE -> 2;
                        })
                .putUnlessZero("security", exec.security() == Op.Security.INSECURE ? 1 : 0);
        putUnlessEmpty(
                members,
                "secretenv",
                exec.secretEnv().stream()
                        .map(secret -> JsonValue.object()
                                .put("ID", secret.id())
                                .put("name", secret.name())
                                .putIfTrue("optional", !secret.required())
                                .build())
                        .toList());
        putUnlessEmpty(
                members,
                "cdiDevices",
                exec.devices().stream()
                        .map(device -> JsonValue.object()
                                .put("name", device.name())
                                .putIfTrue("optional", !device.required())
                                .build())
                        .toList());
        return members.build();
    }

    private static void putUnlessEmpty(Members members, String name, List<? extends JsonValue> all) {
        if (!all.isEmpty()) {
            members.put(name, JsonValue.array(all));
        }
    }

    private static JsonValue meta(Op.Meta meta) {
        Members members = JsonValue.object()
                .putUnlessEmpty("args", meta.args())
                .putUnlessEmpty("env", meta.env())
                .putUnlessEmpty("cwd", meta.cwd())
                .putUnlessEmpty("user", meta.user());
        Op.ProxyEnv proxy = meta.proxyEnv();
        if (proxy != null) {
            members.put(
                    "proxy_env",
                    JsonValue.object()
                            .putUnlessEmpty("http_proxy", proxy.httpProxy())
                            .putUnlessEmpty("https_proxy", proxy.httpsProxy())
                            .putUnlessEmpty("ftp_proxy", proxy.ftpProxy())
                            .putUnlessEmpty("no_proxy", proxy.noProxy())
                            .putUnlessEmpty("all_proxy", proxy.allProxy())
                            .build());
        }
        putUnlessEmpty(
                members,
                "extraHosts",
                meta.extraHosts().stream()
                        .map(entry -> JsonValue.object()
                                .put("Host", entry.host())
                                .put("IP", entry.address())
                                .build())
                        .toList());
        members.putUnlessEmpty("hostname", meta.hostname());
        putUnlessEmpty(
                members,
                "ulimit",
                meta.ulimits().stream()
                        .map(limit -> JsonValue.object()
                                .put("Name", limit.name())
                                .putUnlessZero("Soft", limit.soft())
                                .putUnlessZero("Hard", limit.hard())
                                .build())
                        .toList());
        members.putUnlessEmpty("cgroupParent", meta.cgroupParent());
        putUnlessEmpty(
                members,
                "validExitCodes",
                meta.validExitCodes().stream()
                        .map(code -> JsonValue.of((long) code))
                        .toList());
        return members.build();
    }

    private static JsonValue mount(Op.Mount mount) {
        Members members = JsonValue.object()
                .putUnlessZero("input", mount.input())
                .putUnlessEmpty("selector", mount.selector().equals("/") ? "" : mount.selector())
                .put("dest", mount.dest())
                .putUnlessZero("output", mount.output())
                .putIfTrue("readonly", mount.readOnly());
        return switch (mount.type()) {
            case Op.MountType.Bind _ -> members.build();
            case Op.MountType.Secret(String id, int uid, int gid, int mode, boolean required) ->
                members.put("mountType", 1)
                        .put("secretOpt", lent(id, uid, gid, mode, required))
                        .build();
            case Op.MountType.Ssh(String id, int uid, int gid, int mode, boolean required) ->
                members.put("mountType", 2)
                        .put("SSHOpt", lent(id, uid, gid, mode, required))
                        .build();
            case Op.MountType.Cache(String id, Op.Sharing sharing) ->
                members.put("mountType", 3)
                        .put(
                                "cacheOpt",
                                JsonValue.object()
                                        .put("ID", id)
                                        .putUnlessZero(
                                                "sharing",
                                                switch (sharing) {
                                                    case SHARED -> 0;
                                                    case PRIVATE -> 1;
                                                    case LOCKED -> 2;
                                                })
                                        .build())
                        .build();
            case Op.MountType.Tmpfs(long size) ->
                members.put("mountType", 4)
                        .put(
                                "TmpfsOpt",
                                JsonValue.object().putUnlessZero("size", size).build())
                        .build();
        };
    }

    /** What the caller lends to a step. */
    private static JsonValue lent(String id, int uid, int gid, int mode, boolean required) {
        return JsonValue.object()
                .put("ID", id)
                .putUnlessZero("uid", uid)
                .putUnlessZero("gid", gid)
                .putUnlessZero("mode", mode)
                .putIfTrue("optional", !required)
                .build();
    }

    private static JsonValue action(FileAction action) {
        int secondary = action instanceof FileAction.Copy copy ? copy.secondaryInput() : Op.NO_INPUT;
        return JsonValue.object()
                .put("input", action.input())
                .put("secondaryInput", secondary)
                .put("output", action.output())
                .put("Action", kind(action))
                .build();
    }

    private static JsonValue kind(FileAction action) {
        return switch (action) {
            case FileAction.Copy copy -> one("copy", copy(copy));
            case FileAction.MakeFile file ->
                one(
                        "mkfile",
                        made(
                                made(file.path(), file.mode())
                                        .putUnlessEmpty(
                                                "data",
                                                Base64.getEncoder()
                                                        .encodeToString(
                                                                file.data().bytes())),
                                file.owner(),
                                file.timestamp()));
            case FileAction.MakeDirectory directory ->
                one(
                        "mkdir",
                        made(
                                made(directory.path(), directory.mode())
                                        .putIfTrue("makeParents", directory.makeParents()),
                                directory.owner(),
                                directory.timestamp()));
            case FileAction.Symlink link ->
                one(
                        "symlink",
                        made(
                                JsonValue.object().put("oldpath", link.target()).put("newpath", link.path()),
                                link.owner(),
                                link.timestamp()));
            case FileAction.Remove remove ->
                one(
                        "rm",
                        JsonValue.object()
                                .put("path", remove.path())
                                .putIfTrue("allowNotFound", remove.allowNotFound())
                                .putIfTrue("allowWildcard", remove.allowWildcard())
                                .build());
        };
    }

    private static Members made(String path, int mode) {
        return JsonValue.object().put("path", path).putUnlessZero("mode", mode);
    }

    private static JsonValue made(Members members, FileAction.@Nullable Owner owner, long timestamp) {
        return owned(members, owner).putUnlessZero("timestamp", timestamp).build();
    }

    private static JsonValue copy(FileAction.Copy copy) {
        FileAction.Mode mode = copy.mode();
        Members members = owned(JsonValue.object().put("src", copy.source()).put("dest", copy.dest()), copy.owner());
        return members.putUnlessZero("mode", mode instanceof FileAction.Mode.Octal(int bits) ? bits : UNCHANGED)
                .putIfTrue("followSymlink", copy.followSymlink())
                .putIfTrue("dirCopyContents", copy.dirCopyContents())
                .putIfTrue("attemptUnpackDockerCompatibility", copy.attemptUnpack())
                .putIfTrue("createDestPath", copy.createDestPath())
                .putIfTrue("allowWildcard", copy.allowWildcard())
                .putIfTrue("allowEmptyWildcard", copy.allowEmptyWildcard())
                .putUnlessZero("timestamp", copy.timestamp())
                .putUnlessEmpty("include_patterns", copy.includePatterns())
                .putUnlessEmpty("exclude_patterns", copy.excludePatterns())
                .putIfTrue("alwaysReplaceExistingDestPaths", copy.alwaysReplaceExistingDestPaths())
                .putUnlessEmpty("modeStr", mode instanceof FileAction.Mode.Symbolic(String text) ? text : "")
                .putUnlessEmpty("required_paths", copy.requiredPaths())
                .build();
    }

    private static Members owned(Members members, FileAction.@Nullable Owner owner) {
        if (owner != null) {
            Members ids = JsonValue.object().put("user", one("User", id(owner.user())));
            if (owner.group() != null) {
                ids.put("group", one("User", id(owner.group())));
            }
            members.put("owner", ids.build());
        }
        return members;
    }

    private static JsonValue id(FileAction.Id id) {
        return switch (id) {
            case FileAction.Id.Number(int value) ->
                JsonValue.object().put("ByID", value).build();
            case FileAction.Id.Name(String name, int input) ->
                one(
                        "ByName",
                        JsonValue.object()
                                .put("name", name)
                                .putUnlessZero("input", input)
                                .build());
        };
    }
}
