package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.OperandKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Completion scripts for shells, made from the command specs. They stand alone: no library of the shell is needed. */
final class Completions {
    private static final String IMAGES = "drydock images --format '{{.Repository}}:{{.Tag}}' 2>/dev/null";

    /** The flags whose value is a file. */
    private static final Set<String> FILES = Set.of("file", "iidfile", "input", "metadata-file", "output");

    private Completions() {}

    /** Every command by its first word, {@code image} and {@code builder} left out. */
    static List<CommandSpec> specs() {
        List<CommandSpec> specs = new ArrayList<>();
        for (String name : Commands.NAMES) {
            Command command = Commands.named(name);
            if (command != null) {
                specs.add(command.spec());
            }
        }
        return specs;
    }

    static String word(CommandSpec spec) {
        return spec.path().substring("drydock ".length());
    }

    private static List<Flag> flags(CommandSpec spec) {
        List<Flag> flags = new ArrayList<>(spec.flags());
        flags.addAll(CommandSpec.GLOBAL);
        return flags;
    }

    static String bash() {
        StringBuilder out = new StringBuilder("""
                # bash completion for drydock
                _drydock_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
                _drydock_files() { compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -f -- "$cur")); }
                _drydock_directories() { compopt -o filenames 2> /dev/null; COMPREPLY=($(compgen -d -- "$cur")); }
                _drydock_images() { _drydock_words "$(%s)"; }
                _drydock() {
                  # by blanks, as bash has cut names at colons and flags at equals signs
                  local line=${COMP_LINE:0:COMP_POINT} cur prev command= group= i
                  local -a words
                  read -ra words <<< "$line"
                  [[ $line == *[[:space:]] ]] && words+=("")
                  cur=${words[${#words[@]} - 1]} prev=${words[${#words[@]} - 2]}
                  case $cur in --*=*) prev=${cur%%%%=*} cur=${cur#*=} ;; esac
                  for ((i = 1; i < ${#words[@]} - 1; i++)); do
                    case ${words[i]} in
                      --root) ((i++)) ;;
                      -*) ;;
                      image | builder | buildx) group=${words[i]} ;;
                      *) command=${words[i]}; break ;;
                    esac
                  done
                  case $command in ls | list) command=images ;; rm | remove) command=rmi ;; b) command=build ;; esac
                  COMPREPLY=()
                  case $command in
                    '')
                      case $prev:$cur in
                        --root:*) _drydock_directories ;;
                        *:-*) _drydock_words '--debug -D --help --root --version -v' ;;
                """.formatted(IMAGES));
        out.append("        *) case $group in image) _drydock_words '")
                .append(String.join(" ", Commands.inGroup("image")));
        out.append("' ;; '') _drydock_words '").append(names()).append("' ;; *) _drydock_words build ;; esac ;;\n");
        out.append("      esac ;;\n");
        specs().forEach(spec -> bash(out, spec));
        return out.append("""
                  esac
                  # bash replaces only what follows the last colon
                  if [[ $COMP_WORDBREAKS == *:* && $cur == *:* ]]; then
                    COMPREPLY=("${COMPREPLY[@]#"${cur%"${cur##*:}"}"}")
                  fi
                }
                complete -F _drydock drydock
                """).toString();
    }

    private static void bash(StringBuilder out, CommandSpec spec) {
        out.append("    ").append(word(spec)).append(")\n      case $prev in\n");
        List<String> words = new ArrayList<>();
        for (Flag flag : flags(spec)) {
            String names = "--" + flag.name() + (flag.hasLetter() ? " -" + flag.shorthand() : "");
            words.add(names);
            if (!flag.isToggle()) {
                out.append("        ").append(names.replace(" ", " | ")).append(") ");
                out.append(
                                !flag.values().isEmpty()
                                        ? "_drydock_words '" + String.join(" ", flag.values()) + "'"
                                        : flag.name().equals("root")
                                                ? "_drydock_directories"
                                                : FILES.contains(flag.name()) ? "_drydock_files" : ":")
                        .append(" ;;\n");
            }
        }
        out.append("        *)\n          case $cur in\n            -*) _drydock_words '");
        out.append(String.join(" ", words)).append("' ;;\n            *) ");
        out.append(
                switch (spec.operandKind()) {
                    case IMAGE -> "_drydock_images";
                    case DIRECTORY -> "_drydock_directories";
                    case FILE -> "_drydock_files";
                    case SHELL -> "_drydock_words 'bash zsh fish'";
                    case NOTHING -> ":";
                });
        out.append(" ;;\n          esac ;;\n      esac ;;\n");
    }

    private static String names() {
        List<String> names = new ArrayList<>();
        specs().forEach(spec -> names.add(word(spec)));
        names.add("image");
        return String.join(" ", names);
    }

    static String zsh() {
        StringBuilder out = new StringBuilder("""
                #compdef drydock
                # zsh completion for drydock
                _drydock_images() {
                  local -a names
                  names=(${(f)"$(%s)"})
                  names=(${names//:/\\\\:})
                  _describe image names
                }
                _drydock() {
                  local -a commands image_commands builder_commands
                """.formatted(IMAGES));
        List<CommandSpec> specs = specs();
        out.append("  commands=(\n");
        specs.forEach(spec -> zshCommand(out, word(spec), spec));
        out.append("    'image:Manage images'\n  )\n  image_commands=(\n");
        for (String word : Commands.inGroup("image")) {
            Command command = Commands.inGroup("image", word);
            if (command != null) {
                zshCommand(out, word, command.spec());
            }
        }
        out.append("  )\n  builder_commands=(\n");
        zshCommand(out, "build", new BuildCommand().spec());
        out.append("""
                  )
                  local command= group=
                  local -i i=2
                  while (( i < CURRENT )); do
                    case $words[i] in
                      --root) (( i++ )) ;;
                      -*) ;;
                      image|builder|buildx) group=$words[i] ;;
                      *) command=$words[i]; break ;;
                    esac
                    (( i++ ))
                  done
                  case $command in ls|list) command=images ;; rm|remove) command=rmi ;; b) command=build ;; esac
                  case $command in
                """);
        for (CommandSpec spec : specs) {
            out.append("    ").append(word(spec)).append(")\n      shift $(( i - 1 )) words; (( CURRENT -= i - 1 ))\n");
            out.append("      _arguments -s");
            flags(spec).forEach(flag -> zshFlag(out, flag));
            out.append(
                    switch (spec.operandKind()) {
                        case IMAGE -> " \\\n        '*:image:_drydock_images'";
                        case DIRECTORY -> " \\\n        '*:directory:_files -/'";
                        case FILE -> " \\\n        '*:file:_files'";
                        case SHELL -> " \\\n        '1:shell:(bash zsh fish)'";
                        case NOTHING -> "";
                    });
            out.append(" ;;\n");
        }
        out.append("    *)\n      if [[ $words[CURRENT-1] == --root ]]; then _files -/\n");
        out.append("      elif [[ $words[CURRENT] == -* ]]; then\n        _arguments -s");
        CommandSpec.GLOBAL.forEach(flag -> zshFlag(out, flag));
        return out.append("""
                 '--version[Print version information and quit]'
                      else
                        case $group in
                          image) _describe command image_commands ;;
                          '') _describe command commands ;;
                          *) _describe command builder_commands ;;
                        esac
                      fi ;;
                  esac
                }
                if [ "$funcstack[1]" = _drydock ]; then _drydock "$@"; else compdef _drydock drydock; fi
                """).toString();
    }

    private static void zshCommand(StringBuilder out, String word, CommandSpec spec) {
        out.append("    '")
                .append(word)
                .append(':')
                .append(zshText(spec.summary()))
                .append("'\n");
    }

    private static void zshFlag(StringBuilder out, Flag flag) {
        String about = "[" + zshText(firstLine(flag.help())).replace("[", "\\[").replace("]", "\\]") + "]";
        String value = "";
        if (!flag.isToggle()) {
            value = ":" + flag.name() + ":"
                    + (!flag.values().isEmpty()
                            ? "(" + String.join(" ", flag.values()) + ")"
                            : flag.name().equals("root") ? "_files -/" : FILES.contains(flag.name()) ? "_files" : " ");
        }
        String star = flag.repeated() ? "*" : "";
        out.append(" \\\n        '").append(star).append("--").append(flag.name());
        out.append(flag.isToggle() ? "" : "=").append(about).append(value).append('\'');
        if (flag.hasLetter()) {
            out.append(" \\\n        '").append(star).append('-').append(flag.shorthand());
            out.append(flag.isToggle() ? "" : "+").append(about).append(value).append('\'');
        }
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        return line.endsWith(":") ? line.substring(0, line.length() - 1) : line;
    }

    private static String zshText(String text) {
        return text.replace("\\", "\\\\").replace("'", "'\\''").replace(":", "\\:");
    }

    static String fish() {
        StringBuilder out = new StringBuilder("""
                # fish completion for drydock
                function __drydock_images
                    %s
                end
                # the command that the line is at; "image:" or ":" where none is written yet
                function __drydock_command
                    set -l group ''
                    set -l skip ''
                    for word in (commandline -opc)[2..]
                        if test -n "$skip"
                            set skip ''
                            continue
                        end
                        switch $word
                            case --root
                                set skip 1
                            case '-*'
                            case image builder buildx
                                set group $word
                            case ls list
                                echo images
                                return
                            case rm remove
                                echo rmi
                                return
                            case b
                                echo build
                                return
                            case '*'
                                echo $word
                                return
                        end
                    end
                    echo $group:
                end
                function __drydock_at
                    contains -- (__drydock_command) $argv
                end
                complete -c drydock -f
                """.formatted(IMAGES));
        List<CommandSpec> specs = specs();
        specs.forEach(spec -> fishCommand(out, ":", word(spec), spec.summary()));
        fishCommand(out, ":", "image", "Manage images");
        for (String word : Commands.inGroup("image")) {
            Command command = Commands.inGroup("image", word);
            if (command != null) {
                fishCommand(out, "image:", word, command.spec().summary());
            }
        }
        fishCommand(out, "builder: buildx:", "build", new BuildCommand().spec().summary());
        CommandSpec.GLOBAL.forEach(flag -> fishFlag(out, ": image: builder: buildx:", flag));
        for (CommandSpec spec : specs) {
            flags(spec).forEach(flag -> fishFlag(out, word(spec), flag));
            String operands = operands(spec.operandKind());
            if (!operands.isEmpty()) {
                out.append("complete -c drydock -n '__drydock_at ").append(word(spec));
                out.append('\'').append(operands).append('\n');
            }
        }
        return out.toString();
    }

    private static void fishCommand(StringBuilder out, String at, String word, String summary) {
        out.append("complete -c drydock -n '__drydock_at ")
                .append(at)
                .append("' -a ")
                .append(word);
        out.append(" -d '").append(fishText(summary)).append("'\n");
    }

    private static void fishFlag(StringBuilder out, String at, Flag flag) {
        out.append("complete -c drydock -n '__drydock_at ")
                .append(at)
                .append("' -l ")
                .append(flag.name());
        out.append(flag.hasLetter() ? " -s " + flag.shorthand() : "");
        if (!flag.values().isEmpty()) {
            out.append(" -x -a '").append(String.join(" ", flag.values())).append('\'');
        } else if (flag.name().equals("root")) {
            out.append(" -x -a '(__fish_complete_directories)'");
        } else if (!flag.isToggle()) {
            out.append(FILES.contains(flag.name()) ? " -r -F" : " -x");
        }
        out.append(" -d '").append(fishText(firstLine(flag.help()))).append("'\n");
    }

    private static String operands(OperandKind kind) {
        return switch (kind) {
            case IMAGE -> " -a '(__drydock_images)'";
            case DIRECTORY -> " -a '(__fish_complete_directories)'";
            case FILE -> " -F";
            case SHELL -> " -a 'bash zsh fish'";
            case NOTHING -> "";
        };
    }

    private static String fishText(String text) {
        return text.replace("\\", "\\\\").replace("'", "\\'");
    }
}
