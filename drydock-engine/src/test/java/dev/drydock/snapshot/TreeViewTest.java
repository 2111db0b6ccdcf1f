package dev.drydock.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.fault.UserFault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TreeViewTest {
    private static final Map<String, String> LINKS = Map.of(
            "/abs", "/real/dir",
            "/rel", "real",
            "/real/up", "../other",
            "/escape", "../../../etc",
            "/chain", "rel/dir",
            "/loop", "loop2",
            "/loop2", "/loop",
            "/dangling", "real/missing/x");

    @ParameterizedTest
    @CsvSource({
        "/, /",
        "'', /",
        "/real/dir, /real/dir",
        "/abs/f, /real/dir/f",
        "/rel/dir, /real/dir",
        "/rel/up/x, /other/x",
        "/escape/passwd, /etc/passwd",
        "/chain/../x, /real/x",
        "/dangling, /real/missing/x",
        "/nothing/../real/./dir//, /real/dir",
        "../../real, /real",
    })
    void linksAreFollowedInsideTheRoot(String path, String expected) {
        assertThat(new Links().resolve(path)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"/abs, /abs", "/rel/up, /real/up", "/, /", "/abs/../rel, /rel", "/chain/abs, /real/dir/abs"})
    void theLastPartMayStayUnfollowed(String path, String expected) {
        assertThat(new Links().resolveParent(path)).isEqualTo(expected);
    }

    @Test
    void aLoopOfLinksIsAFault() {
        assertThatThrownBy(() -> new Links().resolve("/loop/x"))
                .isInstanceOf(UserFault.class)
                .hasMessage("resolve /loop/x: too many levels of symbolic links");
    }

    @ParameterizedTest
    @CsvSource({"a/b, /a/b", "'', /", "/../.., /", "/a//./b/../c/, /a/c", ".hidden, /.hidden"})
    void cleaningIsLexical(String path, String expected) {
        assertThat(TreeView.clean(path)).isEqualTo(expected);
    }

    private static final class Links implements TreeView {
        @Override
        public Optional<TreeNode> lstat(String path) {
            String target = LINKS.get(path);
            if (target != null) {
                return Optional.of(node(path, TreeNode.Kind.SYMLINK, target));
            }
            boolean missing = path.contains("missing") || path.contains("nothing");
            return missing ? Optional.empty() : Optional.of(node(path, TreeNode.Kind.DIRECTORY, ""));
        }

        @Override
        public List<TreeNode> list(String path) {
            return List.of();
        }

        private static TreeNode node(String path, TreeNode.Kind kind, String target) {
            return new TreeNode(path, kind, 0755, 0, 0, 0, 0, target, 0, 0, "/nowhere");
        }
    }
}
