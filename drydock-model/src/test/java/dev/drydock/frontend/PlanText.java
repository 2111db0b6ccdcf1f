package dev.drydock.frontend;

import dev.drydock.dockerfile.Finding;
import dev.drydock.graph.Edge;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.Op;
import dev.drydock.graph.Vertex;
import dev.drydock.oci.Digest;
import dev.drydock.oci.ImageConfig;
import dev.drydock.oci.ImageConfigJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A plan as text that a person can check against the reference: defaults are left out. */
final class PlanText {
    private final Map<Digest, Integer> numbers = new HashMap<>();
    private final StringBuilder out = new StringBuilder();

    static String of(BuildPlan plan, List<Finding> findings) {
        PlanText text = new PlanText();
        text.graph(plan);
        text.config(plan.config());
        for (Finding finding : findings) {
            text.line("finding " + finding.rule().title() + ": " + finding.detail() + " (line "
                    + finding.range().startLine() + ")");
        }
        return text.out.toString();
    }

    private void line(String line) {
        out.append(line.replace("\n", "\\n")).append('\n');
    }

    private void graph(BuildPlan plan) {
        plan.steps().keySet().forEach(digest -> numbers.put(digest, numbers.size() + 1));
        for (Map.Entry<Digest, BuildPlan.Step> step : plan.steps().entrySet()) {
            Vertex vertex = plan.graph().vertex(step.getKey());
            List<Edge> inputs = vertex.inputs();
            line("#" + numbers.get(step.getKey()) + " " + step.getValue().name()
                    + (step.getValue().ignoreCache() ? " (again)" : ""));
            op(vertex.op(), inputs);
        }
        Edge target = plan.target();
        line("target " + (target == null ? "none" : "#" + numbers.get(target.vertex())));
        line("");
    }

    private String input(List<Edge> inputs, int position) {
        if (position < 0) {
            return "scratch";
        }
        return position < inputs.size()
                ? "#" + numbers.get(inputs.get(position).vertex())
                : "action " + (position - inputs.size() + 1);
    }

    private void op(Op op, List<Edge> inputs) {
        switch (op) {
            case Op.Image image -> line("   image " + image.reference() + " " + image.platform());
            case Op.Local local ->
                line("   local " + local.name() + " follow=" + local.followPaths() + " exclude=" + local.excludes());
            case Op.Git git ->
                line("   git " + git.remote() + " ref=" + git.ref() + " subdir=" + git.subdir() + " "
                        + git.attributes());
            case Op.Http http ->
                line("   http " + http.url() + " as " + http.filename() + " checksum=" + http.checksum());
            case Op.OciLayout layout -> line("   layout " + layout.store());
            case Op.Exec exec -> exec(exec, inputs);
            case Op.Files files -> files.actions().forEach(action -> action(action, inputs));
            case Op.Merge _ -> line("   merge " + input(inputs, 0) + " " + input(inputs, 1));
            case Op.Diff _ -> line("   diff");
        }
    }

    private void exec(Op.Exec exec, List<Edge> inputs) {
        Op.Meta meta = exec.meta();
        line("   exec " + meta.args());
        line("     env " + meta.env() + " cwd " + meta.cwd() + (meta.user().isEmpty() ? "" : " user " + meta.user())
                + (exec.network() == Op.Network.DEFAULT ? "" : " network " + exec.network())
                + (exec.security() == Op.Security.SANDBOX ? "" : " security " + exec.security())
                + (meta.proxyEnv() == null ? "" : " " + meta.proxyEnv())
                + (meta.extraHosts().isEmpty() ? "" : " hosts " + meta.extraHosts())
                + (exec.secretEnv().isEmpty() ? "" : " " + exec.secretEnv())
                + (exec.devices().isEmpty() ? "" : " " + exec.devices()));
        for (Op.Mount mount : exec.mounts()) {
            String selector = mount.selector().equals("/") ? "" : mount.selector();
            line("     mount " + input(inputs, mount.input()) + selector + " on " + mount.dest()
                    + (mount.readOnly() ? " ro" : "") + (mount.output() == 0 ? " out" : "")
                    + (mount.type() instanceof Op.MountType.Bind ? "" : " " + mount.type()));
        }
    }

    private void action(FileAction action, List<Edge> inputs) {
        switch (action) {
            case FileAction.Copy copy ->
                line("   copy " + input(inputs, copy.secondaryInput()) + copy.source() + " to "
                        + input(inputs, copy.input()) + copy.dest() + owner(copy.owner(), inputs)
                        + (copy.mode() == null ? "" : " mode " + mode(copy.mode()))
                        + (copy.includePatterns().isEmpty() ? "" : " include " + copy.includePatterns())
                        + (copy.excludePatterns().isEmpty() ? "" : " exclude " + copy.excludePatterns())
                        + (copy.requiredPaths().isEmpty() ? "" : " required " + copy.requiredPaths())
                        + (copy.attemptUnpack() ? " unpack" : "")
                        + (copy.allowWildcard()
                                        && copy.allowEmptyWildcard()
                                        && copy.followSymlink()
                                        && copy.dirCopyContents()
                                        && copy.createDestPath()
                                ? ""
                                : " plain")
                        + (copy.output() == 0 ? "" : " ..."));
            case FileAction.MakeFile file ->
                line("   file " + input(inputs, file.input()) + file.path() + " "
                        + Integer.toOctalString(file.mode()) + " \""
                        + new String(file.data().bytes(), StandardCharsets.UTF_8) + "\"");
            case FileAction.MakeDirectory directory ->
                line("   mkdir " + input(inputs, directory.input()) + directory.path() + " "
                        + Integer.toOctalString(directory.mode()) + owner(directory.owner(), inputs)
                        + (directory.makeParents() ? " -p" : "")
                        + (directory.timestamp() < 0 ? "" : " time " + directory.timestamp()));
            case FileAction.Remove remove -> line("   rm " + remove.path());
            case FileAction.Symlink symlink -> line("   ln " + symlink.path());
        }
    }

    private String owner(FileAction.@Nullable Owner owner, List<Edge> inputs) {
        if (owner == null) {
            return "";
        }
        return " owner " + id(owner.user(), inputs) + (owner.group() == null ? "" : ":" + id(owner.group(), inputs));
    }

    private String id(FileAction.Id id, List<Edge> inputs) {
        return switch (id) {
            case FileAction.Id.Number(int value) -> Integer.toString(value);
            case FileAction.Id.Name(String name, int position) -> name + "(" + input(inputs, position) + ")";
        };
    }

    private static String mode(FileAction.Mode mode) {
        return switch (mode) {
            case FileAction.Mode.Octal(int bits) -> Integer.toOctalString(bits);
            case FileAction.Mode.Symbolic(String text) -> text;
        };
    }

    private void config(ImageConfig config) {
        line("config " + ImageConfigJson.write(config.config()).compactForPeople());
        line("platform " + config.platform() + (config.author() == null ? "" : " author " + config.author()));
        List<ImageConfig.History> history = new ArrayList<>(config.history());
        for (ImageConfig.History entry : history) {
            line("history " + (entry.emptyLayer() ? "- " : "L ") + entry.createdBy()
                    + (entry.comment() == null ? " (base)" : ""));
        }
    }
}
