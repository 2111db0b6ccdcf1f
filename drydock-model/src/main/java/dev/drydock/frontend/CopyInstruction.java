package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.dockerfile.Instruction.Heredoc;
import dev.drydock.dockerfile.WordExpander;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.FileAction;
import dev.drydock.graph.FileAction.Mode;
import dev.drydock.graph.Op;
import dev.drydock.oci.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** COPY and ADD: one layer of copies, one for each source. */
final class CopyInstruction {
    private static final int HEREDOC_MODE = 0644;
    private static final int DOWNLOAD_MODE = 0600;
    private static final String NO_NAME = "__unnamed__";

    private final StageState state;
    private final Command command;
    private final Instruction.Copy copy;
    private final String keyword;
    private final List<String> sources = new ArrayList<>();
    private final String dest;
    private final String target;
    private final @Nullable String chown;
    private final @Nullable String chmod;
    private final @Nullable Mode mode;
    private final boolean link;
    private final String checksum;
    private final FileActions actions;

    CopyInstruction(StageState state, Command command, Instruction.Copy copy) {
        this.state = state;
        this.command = command;
        this.copy = copy;
        this.keyword = copy.add() ? "ADD" : "COPY";
        copy.sources().forEach(source -> sources.add(state.expand(source, command)));
        this.dest = state.expand(copy.dest(), command);
        this.target = UnixPath.resolveDestination(state.config().directory(), dest);
        this.chown = expandedOrNull(copy.chown());
        this.chmod = expandedOrNull(copy.chmod());
        this.mode = Faults.valueAbout(copy.chmod(), () -> Ownership.mode(chmod));
        String sum = expandedOrNull(copy.flags().get("checksum"));
        this.checksum = sum == null ? "" : sum;
        // with --chmod BuildKit makes an ordinary layer; the step's name does not say so either
        this.link = copy.link() && mode == null;
        this.actions = new FileActions(link ? null : state.root());
    }

    private @Nullable String expandedOrNull(@Nullable String word) {
        return word == null ? null : state.expand(word, command);
    }

    void apply() {
        checkChecksum();
        String name = state.stepName(copy.written().original(), command);
        StringBuilder history = new StringBuilder(keyword);
        history.append(flag("parents") ? " --parents" : "")
                .append(chown == null || chown.isEmpty() ? "" : " --chown=" + chown)
                .append(chmod == null || chmod.isEmpty() ? "" : " --chmod=" + chmod);
        for (int i = 0; i < sources.size(); i++) {
            String source = sources.get(i);
            history.append(' ').append(source);
            Faults.about(copy.sources().get(i), () -> add(source, name));
        }
        for (Heredoc heredoc : copy.heredocs()) {
            history.append(" <<").append(heredoc.name());
            document(heredoc);
        }
        history.append(' ').append(dest).append(" # buildkit");
        place(actions.node(state.step(name, command.place())), name);
        state.config().layer(history.toString());
    }

    private void add(String source, String name) {
        if (GitSource.isGit(source)) {
            git(source, name);
        } else if (GitSource.isHttp(source)) {
            download(source, name);
        } else {
            files(source);
        }
    }

    private void place(Node copied, String name) {
        state.plan().add(copied);
        Node below = state.root();
        if (!link || below == null) {
            state.root(copied);
            return;
        }
        int end = name.indexOf("] ") + 2;
        String linked = name.substring(0, end) + "LINK " + name.substring(end);
        state.root(state.plan()
                .add(new Node(new Op.Merge(), List.of(below, copied), state.step(linked, command.place()))));
    }

    private boolean flag(String name) {
        return "true".equals(copy.flags().get(name));
    }

    private boolean unpacks(boolean byDefault) {
        return copy.flags().containsKey("unpack") ? flag("unpack") : byDefault;
    }

    private void checkChecksum() {
        if (checksum.isEmpty()) {
            return;
        }
        if (sources.size() != 1 || !copy.heredocs().isEmpty()) {
            throw new UserFault("checksum can't be specified for multiple sources")
                    .about("--checksum=" + checksum)
                    .about(copy.flags().getOrDefault("checksum", ""))
                    .hint("Write one ADD for each source.");
        }
        if (!GitSource.isHttp(sources.getFirst()) && !GitSource.isGit(sources.getFirst())) {
            throw new UserFault("checksum requires HTTP(S) or Git sources").about(sources.getFirst());
        }
    }

    /** Files of the context, of a stage or of an image. */
    private void files(String written) {
        if (copy.add() || command.sources().getFirst() == null) {
            Planning plan = state.plan();
            state.rules().contextSource(written, plan.ignored(), plan.options().ignorePatterns(), command);
        }
        String source = written;
        List<String> patterns = List.of();
        List<String> required = List.of();
        if (flag("parents")) {
            int pivot = written.indexOf("/./");
            String pattern = UnixPath.clean(pivot < 0 ? written : written.substring(pivot + 3))
                    .substring(1);
            source = pivot < 0 ? "/" : written.substring(0, pivot);
            patterns = pattern.isEmpty() ? List.of() : List.of(pattern);
            required = pattern.isEmpty() || hasWildcard(pattern) ? List.of() : patterns;
        }
        copyFrom(tree(UnixPath.clean(written)), UnixPath.clean(source), true, unpacks(copy.add()), patterns, required);
    }

    private static boolean hasWildcard(String pattern) {
        return pattern.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    private @Nullable Node tree(String path) {
        Stage from = command.sources().getFirst();
        if (from != null) {
            if (from.index() >= state.stage().index()) {
                throw new UserFault("cannot copy from stage \"" + copy.flags().get("from")
                                + "\", it needs to be defined before current stage \""
                                + state.stage().title() + "\"")
                        .about(String.valueOf(copy.flags().get("from")))
                        .hint("Move the stage that it copies from above this one.");
            }
            return state.plan().tree(from, path);
        }
        if (!copy.heredocs().isEmpty() && sources.isEmpty()) {
            return null;
        }
        return state.plan().context(path);
    }

    private void git(String source, String name) {
        refuseInCopy(source, "source can't be a git ref for COPY");
        GitSource git = GitSource.parse(source);
        git = flag("keep-git-dir") ? git.keepingGitDirectory() : git;
        git = checksum.isEmpty() ? git : valueOfChecksum(git::withChecksum);
        Node node = state.plan().add(new Node(git.op(), List.of(), state.step(name, command.place())));
        copyFrom(node, "/", false, false, List.of(), List.of());
    }

    private void download(String source, String name) {
        refuseInCopy(source, "source can't be a URL for COPY");
        String path = source.replaceFirst("^https?://[^/?#]*", "").replaceFirst("[?#].*$", "");
        String base = UnixPath.baseName(PercentEncoding.decode(path));
        String file = base.equals("/") || base.indexOf('\0') >= 0 ? NO_NAME : base;
        Digest expected = checksum.isEmpty() ? null : valueOfChecksum(Digest::parse);
        Op.Http op = new Op.Http(source, expected, file, DOWNLOAD_MODE, 0, 0);
        Node node = state.plan().add(new Node(op, List.of(), state.step(name, command.place())));
        copyFrom(node, "/" + file, false, unpacks(false), List.of(), List.of());
    }

    private <T> T valueOfChecksum(Function<String, T> reader) {
        String written = copy.flags().get("checksum");
        return Faults.valueAbout(checksum, () -> Faults.valueAbout(written, () -> reader.apply(checksum)));
    }

    private void refuseInCopy(String source, String text) {
        if (!copy.add()) {
            throw new UserFault(text).about(source).hint("Use ADD.");
        }
    }

    /** A file with the heredoc's body, named after it. */
    private void document(Heredoc heredoc) {
        String body = heredoc.chomp() ? Heredocs.withoutTabs(heredoc.content()) : heredoc.content();
        if (heredoc.expand()) {
            body = state.expand(WordExpander.forHeredocs(), body, command);
        }
        FileAction.Data data = new FileAction.Data(body.getBytes(StandardCharsets.UTF_8));
        String path = UnixPath.clean(heredoc.name());
        FileActions file = new FileActions(null);
        file.add((input, output) -> new FileAction.MakeFile(input, output, path, HEREDOC_MODE, data, null, -1));
        Node node = state.plan()
                .add(file.node(new BuildPlan.Step(
                        "[internal] preparing inline document", state.stageKey(), command.place(), false)));
        copyFrom(node, path, false, false, List.of(), List.of());
    }

    private void copyFrom(
            @Nullable Node tree,
            String path,
            boolean local,
            boolean unpack,
            List<String> includes,
            List<String> required) {
        int from = actions.source(tree);
        actions.add((input, output) -> new FileAction.Copy(
                input,
                from,
                output,
                path,
                target,
                Faults.valueAbout(copy.chown(), () -> Ownership.owner(chown, actions.base())),
                mode,
                local,
                local,
                unpack,
                true,
                local,
                local,
                -1,
                includes,
                copy.excludes(),
                false,
                required));
    }
}
