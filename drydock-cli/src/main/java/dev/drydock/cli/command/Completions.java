package dev.drydock.cli.command;

import dev.drydock.cli.command.CommandSpec.OperandKind;
import java.util.ArrayList;
import java.util.List;

/** Completion scripts for shells, made from the command specs. */
final class Completions {
    private static final String IMAGES = "drydock images --format '{{.Repository}}:{{.Tag}}' 2>/dev/null";

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
                _drydock_images() { COMPREPLY=($(compgen -W "$(%s)" -- "$cur")); __ltrim_colon_completions "$cur" 2>/dev/null; }
                _drydock() {
                  local cur prev words cword command= i
                  if declare -F _init_completion >/dev/null; then _init_completion -n : || return; else
                    cur=${COMP_WORDS[COMP_CWORD]}; prev=${COMP_WORDS[COMP_CWORD-1]}; words=("${COMP_WORDS[@]}"); cword=$COMP_CWORD
                  fi
                  for ((i = 1; i < cword; i++)); do
                    case ${words[i]} in
                      --root) ((i++)) ;;
                      -*) ;;
                      image | builder | buildx) [ -n "$command" ] || continue ;;
                      *) command=${words[i]}; break ;;
                    esac
                  done
                  case $command in ls | list) command=images ;; rm | remove) command=rmi ;; esac
                  case $prev in
                """.formatted(IMAGES));
        out.append("    --root) compopt -o nospace; COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n");
        List<CommandSpec> specs = specs();
        for (CommandSpec spec : specs) {
            for (Flag flag : spec.flags()) {
                if (!flag.values().isEmpty()) {
                    out.append("    --").append(flag.name()).append(") COMPREPLY=($(compgen -W '");
                    out.append(String.join(" ", flag.values())).append("' -- \"$cur\")); return ;;\n");
                }
            }
        }
        out.append("""
                    -f | -o | --file | --output | --iidfile) COMPREPLY=($(compgen -f -- "$cur")); return ;;
                  esac
                  case $command in
                """);
        for (CommandSpec spec : specs) {
            out.append("    ").append(word(spec)).append(")\n      case $cur in -*) COMPREPLY=($(compgen -W '");
            out.append(words(spec)).append("' -- \"$cur\")); return ;; esac\n      ");
            out.append(
                    switch (spec.operandKind()) {
                        case IMAGE -> "_drydock_images";
                        case DIRECTORY -> "COMPREPLY=($(compgen -d -- \"$cur\"))";
                        case FILE -> "COMPREPLY=($(compgen -f -- \"$cur\"))";
                        case SHELL -> "COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$cur\"))";
                        case NOTHING -> "COMPREPLY=()";
                    });
            out.append(" ;;\n");
        }
        out.append("    *) COMPREPLY=($(compgen -W '").append(names(specs)).append("' -- \"$cur\")) ;;\n");
        return out.append("""
                  esac
                }
                complete -F _drydock drydock
                """).toString();
    }

    private static String names(List<CommandSpec> specs) {
        List<String> names = new ArrayList<>();
        specs.forEach(spec -> names.add(word(spec)));
        names.add("image");
        return String.join(" ", names);
    }

    private static String words(CommandSpec spec) {
        List<String> words = new ArrayList<>();
        for (Flag flag : flags(spec)) {
            words.add("--" + flag.name());
            if (flag.hasLetter()) {
                words.add("-" + flag.shorthand());
            }
        }
        return String.join(" ", words);
    }

    static String zsh() {
        StringBuilder out = new StringBuilder("""
                #compdef drydock
                # zsh completion for drydock
                _drydock_images() {
                  local -a names
                  names=(${(f)"$(%s)"})
                  _describe image names
                }
                _drydock() {
                  local -a commands
                  commands=(
                """.formatted(IMAGES));
        List<CommandSpec> specs = specs();
        for (CommandSpec spec : specs) {
            out.append("    '")
                    .append(word(spec))
                    .append(':')
                    .append(zshText(spec.summary()))
                    .append("'\n");
        }
        out.append("""
                    'image:Manage images'
                  )
                  local command=
                  local -i i=2
                  while (( i < CURRENT )); do
                    case $words[i] in
                      --root) (( i++ )) ;;
                      -*|image|builder|buildx) ;;
                      *) command=$words[i]; break ;;
                    esac
                    (( i++ ))
                  done
                  case $command in ls|list) command=images ;; rm|remove) command=rmi ;; esac
                  case $command in
                """);
        for (CommandSpec spec : specs) {
            out.append("    ").append(word(spec)).append(")\n      shift $(( i - 1 )) words; (( CURRENT -= i - 1 ))\n");
            out.append("      _arguments -s");
            for (Flag flag : flags(spec)) {
                zshFlag(out, flag);
            }
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
        return out.append("""
                    *) _describe command commands ;;
                  esac
                }
                if [ "$funcstack[1]" = _drydock ]; then _drydock "$@"; else compdef _drydock drydock; fi
                """).toString();
    }

    private static void zshFlag(StringBuilder out, Flag flag) {
        String about = "[" + zshText(flag.help()).replace("[", "\\[").replace("]", "\\]") + "]";
        String value = "";
        if (!flag.isToggle()) {
            value = ":" + flag.name() + ":"
                    + (flag.values().isEmpty() ? "_files" : "(" + String.join(" ", flag.values()) + ")");
        }
        String star = flag.repeated() ? "*" : "";
        out.append(" \\\n        '").append(star).append("--").append(flag.name());
        out.append(flag.isToggle() ? "" : "=").append(about).append(value).append('\'');
        if (flag.hasLetter()) {
            out.append(" \\\n        '").append(star).append('-').append(flag.shorthand());
            out.append(flag.isToggle() ? "" : "+").append(about).append(value).append('\'');
        }
    }

    private static String zshText(String text) {
        return text.replace("\\", "\\\\")
                .replace("'", "'\\''")
                .replace(":", "\\:")
                .replace("\n", " ");
    }

    static String fish() {
        StringBuilder out = new StringBuilder("""
                # fish completion for drydock
                function __drydock_images
                    %s
                end
                complete -c drydock -f
                """.formatted(IMAGES));
        List<CommandSpec> specs = specs();
        String none = "not __fish_seen_subcommand_from " + names(specs);
        for (CommandSpec spec : specs) {
            String word = word(spec);
            out.append("complete -c drydock -n '").append(none).append("' -a ").append(word);
            out.append(" -d '").append(fishText(spec.summary())).append("'\n");
            String seen = " -n '__fish_seen_subcommand_from " + word + "'";
            for (Flag flag : flags(spec)) {
                out.append("complete -c drydock").append(seen).append(" -l ").append(flag.name());
                out.append(flag.hasLetter() ? " -s " + flag.shorthand() : "");
                if (!flag.values().isEmpty()) {
                    out.append(" -x -a '")
                            .append(String.join(" ", flag.values()))
                            .append('\'');
                } else if (!flag.isToggle()) {
                    out.append(" -r -F");
                }
                out.append(" -d '").append(fishText(flag.help())).append("'\n");
            }
            String operands = operands(spec.operandKind());
            if (!operands.isEmpty()) {
                out.append("complete -c drydock").append(seen).append(operands).append('\n');
            }
        }
        return out.toString();
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
        return text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", " ");
    }
}
