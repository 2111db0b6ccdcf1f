package dev.drydock.cli.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.drydock.oci.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {
    private static final JsonValue DATA = JsonValue.parse("""
            {"Id": "sha256:9f2d", "Size": 1073512, "RepoTags": ["a:1", "b:2"], "Empty": [], "Ok": true,
             "Config": {"Env": ["PATH=/bin", "A=b"], "Labels": {"y": "2", "x": "<1>"}, "Cmd": null}}
            """.getBytes(StandardCharsets.UTF_8));

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "{{.Id}} {{.RepoTags}}~sha256:9f2d [a:1 b:2]",
                "{{json .Config.Env}}~[\"PATH=/bin\",\"A=b\"]",
                "{{json .Config.Labels}}~{\"y\":\"2\",\"x\":\"<1>\"}",
                "{{.Config.Labels}}~map[x:<1> y:2]",
                "{{.Config.Cmd}}~<no value>",
                "{{range .RepoTags}}<{{.}}>{{end}}~<a:1><b:2>",
                "{{range $i, $t := .RepoTags}}{{if $i}}, {{end}}{{$i}}={{$t}}{{end}}~0=a:1, 1=b:2",
                "{{range $k, $v := .Config.Labels}}{{$k}}={{$v}};{{end}}~x=<1>;y=2;",
                "{{range .Empty}}x{{else}}none{{end}}~none",
                "{{range .RepoTags}}{{.}}{{break}}{{end}}~a:1",
                "{{range .RepoTags}}{{if eq . \"a:1\"}}{{continue}}{{end}}{{.}}{{end}}~b:2",
                "{{if .Ok}}yes{{else}}no{{end}}~yes",
                "{{if not .Ok}}yes{{else if .Id}}id{{else}}no{{end}}~id",
                "{{with .Config}}{{index .Env 1}} {{$.Id}}{{end}}~A=b sha256:9f2d",
                "{{index .Config.Labels \"y\"}}~2",
                "{{len .RepoTags}}~2",
                "{{join .RepoTags \",\"}}~a:1,b:2",
                "{{.RepoTags | len | printf \"%03d|%-4s|%q\" 7 \"x\"}}~007|x   |\"2\"",
                "{{upper .Id}} {{lower \"ABC\"}} {{title \"hello world\"}}~SHA256:9F2D abc Hello World",
                "{{truncate .Id 6}}{{pad \"x\" 1 2}}|~sha256 x  |",
                "{{index (split .Id \":\") 1}}~9f2d",
                "{{$x := .Id}}{{$x}}~sha256:9f2d",
                "a {{- .Ok -}} b~atrueb",
                "a{{/* nothing */}}b~ab",
                "{{and .Ok .Id}} {{or .Empty .Id}}~sha256:9f2d sha256:9f2d",
                "{{lt 1 2}} {{ge 1.5 2}} {{ne \"a\" \"b\"}} {{eq 1 2 1}}~true false true true",
                "{{println \"a\" 1}}~'a 1\n'",
                "{{print \"a\" \"b\" 1 2}}~ab1 2",
                "{{`raw \"`}}~raw \"",
                "{{(index .RepoTags 0)}}~a:1",
                "{{printf \"%.2f MB\" 3.14159}}~3.14 MB",
                "{{slice .Id 7 9}} {{slice .RepoTags 1}}~9f [b:2]",
                "{{html \"<a>\"}} {{urlquery \"a b&c\"}}~&lt;a&gt; a+b%26c",
            })
    void fills(String template, String expected) {
        assertThat(Template.parse(template).fill(DATA, Map.of())).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "{{~template: :1: unclosed action",
                "{{.ID~template: :1: unclosed action",
                "{{nope}}~template: :1: function \"nope\" not defined",
                "{{.Nope}}~template: :1:2: executing \"\" at <.Nope>: map has no entry for key \"Nope\"",
                "x{{if .Ok}}~template: :1: unexpected EOF",
                "{{end}}~template: :1: unexpected {{end}}",
                "{{\"x}}~template: :1: unterminated quoted string",
                "{{$x}}~template: :1: undefined variable \"$x\"",
                "{{}}~template: :1: missing value for command",
                "{{.Id.Foo}}~template: :1:2: executing \"\" at <.Id.Foo>: can't evaluate field Foo in type string",
                "{{slice .Id 7 99}}~template: :1:2: executing \"\" at <slice>: error calling slice: index out of range: 99",
                "{{index .RepoTags 9}}~template: :1:2: executing \"\" at <index>: error calling index: reflect: slice index out of range",
            })
    void saysWhatIsWrong(String template, String message) {
        assertThatThrownBy(() -> Template.parse(template).fill(DATA, Map.of())).hasMessage(message);
    }

    @org.junit.jupiter.api.Test
    void namesTheTypeOfRows() {
        assertThatThrownBy(() -> Template.parse("{{.Nope}}").fill(DATA, "*formatter.imageContext"))
                .hasMessage("template: :1:2: executing \"\" at <.Nope>: can't evaluate field Nope in type"
                        + " *formatter.imageContext");
    }
}
