package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.drydock.dockerfile.Instruction.Command;
import dev.drydock.dockerfile.Instruction.Copy;
import dev.drydock.dockerfile.Instruction.Heredoc;
import dev.drydock.dockerfile.Instruction.OnBuild;
import dev.drydock.dockerfile.Instruction.Run;
import dev.drydock.fault.SourceRange;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeredocTest {
    private static List<Instruction> parse(String lines) {
        return DockerfileParser.parse("Dockerfile", "FROM x\n" + lines)
                .instructions()
                .subList(
                        1,
                        DockerfileParser.parse("Dockerfile", "FROM x\n" + lines)
                                .instructions()
                                .size());
    }

    private static Run run(String lines) {
        return (Run) parse(lines).getFirst();
    }

    private static Copy copy(String lines) {
        return (Copy) parse(lines).getFirst();
    }

    @Test
    void bodyIsKeptAsWritten() {
        Run run = run("RUN <<EOF\n# not a comment\n  a \\\n\nEOF \r\n\tEOF\nEOF\r\nUSER x");
        assertThat(run.heredocs())
                .containsExactly(new Heredoc("EOF", "", true, false, "# not a comment\n  a \\\n\nEOF \r\n\tEOF\n"));
        assertThat(run.command()).isEqualTo(new Command.Shell("<<EOF"));
        assertThat(run.range()).isEqualTo(SourceRange.lines("Dockerfile", 2, 8));
        assertThat(run.written().original()).isEqualTo("RUN <<EOF");
    }

    @Test
    void dashTakesTabsFromTheTerminatorAndLeavesTheContent() {
        Copy copy = copy("COPY <<-EOF /x\n\ta\n  b\n\t\tEOF\n");
        assertThat(copy.heredocs()).containsExactly(new Heredoc("EOF", "", true, true, "\ta\n  b\n"));
        assertThat(copy.sources()).isEmpty();
        assertThat(copy.dest()).isEqualTo("/x");
    }

    @Test
    void quotedDelimiterMeansNoExpansion() {
        assertThat(copy("COPY <<\"EOF\" /x\n$A\nEOF").heredocs())
                .containsExactly(new Heredoc("EOF", "", false, false, "$A\n"));
        assertThat(copy("COPY <<'E'OF /x\n$A\nEOF").heredocs())
                .containsExactly(new Heredoc("EOF", "", false, false, "$A\n"));
        assertThat(copy("COPY <<E\\OF /x\n$A\nEOF").heredocs())
                .containsExactly(new Heredoc("EOF", "", false, false, "$A\n"));
    }

    @Test
    void severalBodiesFollowInOrder() {
        Copy copy = copy("COPY <<f1 <<f2 g /dir/\n1\nf1\n2\nf2\n");
        assertThat(copy.heredocs()).extracting(Heredoc::name).containsExactly("f1", "f2");
        assertThat(copy.heredocs()).extracting(Heredoc::content).containsExactly("1\n", "2\n");
        assertThat(copy.sources()).containsExactly("g");
    }

    @Test
    void fileDescriptorAndCommandStay() {
        Run run = run("RUN cat 3<<A <<\"B\" && x\na\nA\nb\nB\n");
        assertThat(run.heredocs())
                .containsExactly(new Heredoc("A", "3", true, false, "a\n"), new Heredoc("B", "", false, false, "b\n"));
        assertThat(run.command()).isEqualTo(new Command.Shell("cat 3<<A <<\"B\" && x"));
    }

    @Test
    void blankBeforeTheDelimiterStandsForTheShellOnly() {
        assertThat(run("RUN << EOF\na\nEOF\n").heredocs()).containsExactly(new Heredoc("EOF", "", true, false, "a\n"));
        assertThat(copy("COPY << EOF /x\na\nEOF\n").heredocs()).isEmpty();
        assertThat(copy("COPY << EOF /x\na\nEOF\n").sources()).containsExactly("<<", "EOF");
        assertThat(run("RUN echo << <<EOF\n").heredocs()).isEmpty();
        assertThat(run("RUN <<- EOF\n").heredocs()).isEmpty();
    }

    @Test
    void otherUsesOfTheOperatorAreNoHeredocs() {
        assertThat(run("RUN echo $((1<<2))").heredocs()).isEmpty();
        assertThat(run("RUN cat <<<x").heredocs()).isEmpty();
        assertThat(run("RUN echo \"<<EOF\"").heredocs()).isEmpty();
        assertThat(run("RUN echo it's x<<y").heredocs()).isEmpty();
        assertThat(parse("CMD cat <<EOF")).hasSize(1);
    }

    @Test
    void jsonFormHasNoHeredoc() {
        assertThat(run("RUN [\"x\", \"<<EOF\"]").command()).isEqualTo(new Command.Exec(List.of("x", "<<EOF")));
        Run run = run("RUN [\"x\"] <<EOF\na\nEOF\n");
        assertThat(run.command()).isEqualTo(new Command.Shell("[\"x\"] <<EOF"));
        assertThat(run.heredocs()).hasSize(1);
        Copy copy = copy("COPY [\"<<EOF\", \"/x\"]");
        assertThat(copy.heredocs()).containsExactly(new Heredoc("EOF", "", true, false, ""));
    }

    @Test
    void triggerTextHoldsTheBodies() {
        OnBuild onBuild = (OnBuild) parse("ONBUILD  RUN <<EOF\na\nEOF\n").getFirst();
        assertThat(onBuild.trigger()).isEqualTo("RUN <<EOF\na\nEOF");
        Run run = (Run) DockerfileParser.parseTrigger(onBuild.trigger(), SourceRange.lines("Dockerfile", 1, 1));
        assertThat(run.heredocs()).containsExactly(new Heredoc("EOF", "", true, false, "a\n"));
    }
}
