package dev.drydock.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.drydock.dockerfile.Instruction.Command;
import dev.drydock.dockerfile.Instruction.Copy;
import dev.drydock.dockerfile.Instruction.From;
import dev.drydock.dockerfile.Instruction.Run;
import dev.drydock.fault.SourceRange;
import dev.drydock.fault.UserFault;
import dev.drydock.house.ProcessorTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DockerfileParserTest {
    @Test
    void ordinaryDockerfileIsRead() {
        Dockerfile file = DockerfileParser.parse("Dockerfile", """
                # syntax=docker/dockerfile:1
                ARG VERSION=1.2
                # build compiles
                FROM --platform=$BUILDPLATFORM rust:${VERSION} AS Build
                WORKDIR /app
                RUN --mount=type=cache,target=/app/target \\
                    cargo build && \\
                    # a comment

                    cp x /bin/server
                FROM scratch
                COPY --from=build --chown=1:1 /bin/server /bin/
                CMD ["/bin/server", "--port"]
                """);
        assertThat(file.instructions()).hasSize(7);
        From from = (From) file.instructions().get(1);
        assertThat(from.name()).isEqualTo("build");
        assertThat(from.platform()).isEqualTo("$BUILDPLATFORM");
        assertThat(from.written().comments()).containsExactly("build compiles");
        Run run = (Run) file.instructions().get(3);
        assertThat(run.command()).isEqualTo(new Command.Shell("cargo build &&     cp x /bin/server"));
        assertThat(run.mounts()).containsExactly("type=cache,target=/app/target");
        assertThat(run.range().startLine()).isEqualTo(6);
        assertThat(run.range().endLine()).isEqualTo(10);
        Copy copy = (Copy) file.instructions().get(5);
        assertThat(copy.flags()).containsEntry("from", "build");
        assertThat(copy.dest()).isEqualTo("/bin/");
        assertThat(file.instructions().getLast())
                .isInstanceOfSatisfying(
                        Instruction.Cmd.class,
                        cmd -> assertThat(cmd.command()).isEqualTo(new Command.Exec(List.of("/bin/server", "--port"))));
    }

    private static List<Instruction> parse(String text) {
        return DockerfileParser.parse("Dockerfile", text).instructions();
    }

    private static Instruction second(String line) {
        return parse("FROM x\n" + line).get(1);
    }

    private static Command command(String line) {
        return ((Run) second(line)).command();
    }

    @Test
    void continuedLinesAreJoinedWithoutCommentsAndEmptyLines() {
        assertThat(command("RUN echo a \\\n# c\n  && echo b")).isEqualTo(new Command.Shell("echo a   && echo b"));
        assertThat(command("RUN a\\ \t\nb")).isEqualTo(new Command.Shell("ab"));
        assertThat(command("RUN a \\\n  # c \\\n\n b\\")).isEqualTo(new Command.Shell("a  b"));
        assertThat(command("RUN a \\\\\nUSER x")).isEqualTo(new Command.Shell("a \\\\"));
        assertThat(command("RUN a \\\\\\\nUSER x")).isEqualTo(new Command.Shell("a \\\\\\"));
        assertThat(command("RUN \\\n--network=none \\\n x")).isEqualTo(new Command.Shell("x"));
        assertThat(command("RUN x # y")).isEqualTo(new Command.Shell("x # y"));
        assertThat(command("RUN x \\")).isEqualTo(new Command.Shell("x"));
    }

    @Test
    void jsonThatIsNoArrayOfTextIsShellForm() {
        assertThat(command("RUN ['a','b']")).isEqualTo(new Command.Shell("['a','b']"));
        assertThat(command("RUN [\"a\",]")).isEqualTo(new Command.Shell("[\"a\",]"));
        assertThat(command("RUN [\"a\"")).isEqualTo(new Command.Shell("[\"a\""));
        assertThat(command("RUN [\"a\"] b")).isEqualTo(new Command.Shell("[\"a\"] b"));
        assertThat(command("RUN [\"a\", x]")).isEqualTo(new Command.Shell("[\"a\", x]"));
        assertThat(command("RUN [\"\\x\"]")).isEqualTo(new Command.Shell("[\"\\x\"]"));
        assertThat(command("RUN [ \"a\\n\\u00e9\\ud83d\\ude00\\ud800\", \\\n \"b\" ]"))
                .isEqualTo(new Command.Exec(List.of("a\n\u00e9\uD83D\uDE00\uFFFD", "b")));
        assertThat(command("RUN []")).isEqualTo(new Command.Exec(List.of()));
        assertThat(command("RUN")).isEqualTo(new Command.Shell(""));
        assertThat(command("RUN [[1, 2] x")).isEqualTo(new Command.Shell("[[1, 2] x"));
        assertThat(command("RUN [ -f x ] && y")).isEqualTo(new Command.Shell("[ -f x ] && y"));
    }

    @Test
    void pairsHaveAnOldAndANewForm() {
        Instruction.Env env = (Instruction.Env) second("ENV a b=c  d");
        assertThat(env.legacy()).isTrue();
        assertThat(env.pairs()).containsExactly(new Instruction.Pair("a", "b=c  d"));
        env = (Instruction.Env) second("ENV abc=bye def=$abc g=\"a b\" h=a\\ b i= 'j k'=l");
        assertThat(env.legacy()).isFalse();
        assertThat(env.pairs())
                .containsExactly(
                        new Instruction.Pair("abc", "bye"),
                        new Instruction.Pair("def", "$abc"),
                        new Instruction.Pair("g", "\"a b\""),
                        new Instruction.Pair("h", "a\\ b"),
                        new Instruction.Pair("i", ""),
                        new Instruction.Pair("'j k'", "l"));
        Instruction.Arg arg = (Instruction.Arg) second("ARG a=1 b=$a c");
        assertThat(arg.pairs())
                .containsExactly(
                        new Instruction.Pair("a", "1"),
                        new Instruction.Pair("b", "$a"),
                        new Instruction.Pair("c", null));
    }

    @Test
    void flagsLoseQuotesAndEndAtABareDoubleDash() {
        Run run = (Run) second("RUN --mount=\"type=bind,target=/a b\" --mount=target=/c\\ d -- --network=x");
        assertThat(run.mounts()).containsExactly("type=bind,target=/a b", "target=/c d");
        assertThat(run.command()).isEqualTo(new Command.Shell("--network=x"));
        Copy copy = (Copy) second("COPY --link --exclude=a --exclude=b --chmod= --parents=TRUE x y z");
        assertThat(copy.link()).isTrue();
        assertThat(copy.excludes()).containsExactly("a", "b");
        assertThat(copy.chmod()).isEmpty();
        assertThat(copy.flags()).containsExactly(Map.entry("parents", "true"));
        assertThat(((Copy) second("ADD --link=false --unpack x z")).flags()).containsEntry("unpack", "true");
        assertThat(((Copy) second("COPY --chmod=999 ../../etc/passwd nope* z")).sources())
                .containsExactly("../../etc/passwd", "nope*");
    }

    @Test
    void someInstructionsDropTheirFlagsUnseen() {
        assertThat(second("STOPSIGNAL --x FOO")).isInstanceOf(Instruction.StopSignal.class);
        assertThat(((Instruction.Arg) second("ARG --x a")).pairs()).containsExactly(new Instruction.Pair("a", null));
        assertThat(second("HEALTHCHECK --x NONE"))
                .isInstanceOfSatisfying(
                        Instruction.Healthcheck.class,
                        check -> assertThat(check.command()).isNull());
    }

    @Test
    void otherInstructionsKeepTheirText() {
        assertThat(((Instruction.Workdir) second("WORKDIR  /a b ")).path()).isEqualTo("/a b");
        assertThat(((Instruction.User) second("user \"x\"")).user()).isEqualTo("\"x\"");
        assertThat(((Instruction.Expose) second("EXPOSE 443 80\t80/UDP")).ports())
                .containsExactly("443", "80", "80/UDP");
        assertThat(((Instruction.Volume) second("VOLUME [\"/a b\", \" /c\"]")).paths())
                .containsExactly("/a b", "/c");
        assertThat(((Instruction.Volume) second("VOLUME /a /b")).paths()).containsExactly("/a", "/b");
        assertThat(((Instruction.Shell) second("SHELL [\"a\", \"-c\"]")).shell())
                .containsExactly("a", "-c");
        assertThat(((Instruction.OnBuild) second("onbuild  copy a \\\n b")).trigger())
                .isEqualTo("copy a  b");
        Instruction.Healthcheck check =
                (Instruction.Healthcheck) second("HEALTHCHECK --interval=1m30s --retries=5 cmd curl x");
        assertThat(check.command()).isEqualTo(new Command.Shell("curl x"));
        assertThat(check.interval()).isEqualTo("1m30s");
        assertThat(check.retries()).isEqualTo("5");
        assertThat(GoDuration.nanos("1m30s")).isEqualTo(90_000_000_000L);
        assertThat(GoDuration.nanos("1.5h")).isEqualTo(5_400_000_000_000L);
        assertThat(GoDuration.nanos(".5ms")).isEqualTo(500_000);
    }

    @Test
    void commentsAreAttachedToTheNextInstruction() {
        List<Instruction> instructions = parse("# syntax=a\n# one\n\n#  two \nFROM x\n# gone\n#\n# three\nUSER y\n");
        assertThat(instructions.get(0).written().comments()).containsExactly("one", "two");
        assertThat(instructions.get(1).written().comments()).containsExactly("three");
    }

    /** As BuildKit cuts the first character off the line, not off the comment. */
    @Test
    void anIndentedCommentKeepsItsSign() {
        List<Instruction> instructions = parse("  # a stage\nFROM x\n\t# check=skip=all\nUSER y\n");
        assertThat(instructions.get(0).written().comments()).containsExactly("# a stage");
        assertThat(instructions.get(1).written().comments()).containsExactly("# check=skip=all");
    }

    @Test
    void faultOfOneWordNamesItsColumns() {
        UserFault fault = catchThrowableOfType(UserFault.class, () -> parse("FROM x\n  RUN --foo=bar y"));
        assertThat(fault.range()).contains(new SourceRange("Dockerfile", 2, 7, 2, 16));
        fault = catchThrowableOfType(UserFault.class, () -> parse("FROM x\nRUM \\\n y"));
        assertThat(fault.range()).contains(SourceRange.lines("Dockerfile", 2, 3));
    }

    @Test
    void longFilesAreReadInLinearTime() {
        long start = ProcessorTime.millisOfThisThread();
        parse("FROM x\nRUN " + ("x".repeat(1000) + " \\\n").repeat(10_000) + "y\n");
        parse("FROM x\nENV " + ("a=" + "x".repeat(1000) + " \\\n").repeat(10_000) + "b=c\n");
        parse("FROM x\nRUN " + ("<".repeat(1000) + " \\\n").repeat(10_000) + "y\n");
        parse("FROM x\nCOPY [" + ("\"" + "x".repeat(1000) + "\", \\\n").repeat(10_000) + "\"y\"]\n");
        parse("FROM x\nRUN [" + "[".repeat(20_000) + "\n");
        parse("FROM x\nRUN <<EOF\n" + "line\n".repeat(2_000_000) + "EOF\n");
        parse("ARG A=1\n".repeat(100_000) + "FROM x\n");
        parse("# comment\n".repeat(1_000_000) + "FROM x\n");
        assertThat(ProcessorTime.millisOfThisThread() - start)
                .as("milliseconds")
                .isLessThan(60_000);
    }
}
