package dev.drydock.frontend;

import dev.drydock.dockerfile.Instruction;
import dev.drydock.fault.UserFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Instructions that change one member of the config. */
final class ConfigInstructions {
    private ConfigInstructions() {}

    static void maintainer(StageState state, Instruction.Maintainer maintainer) {
        state.config().author = maintainer.name();
        state.config().metadata("MAINTAINER " + maintainer.name());
    }

    /** The words are sorted as they are written; a variable may hold several ports. */
    static void expose(StageState state, Command command, Instruction.Expose expose) {
        List<String> words = new ArrayList<>();
        List<String> written = new ArrayList<>();
        for (String port : expose.ports().stream().sorted().toList()) {
            for (String word :
                    state.plan().words().expandWords(port, state.env()::get).words()) {
                words.add(word);
                written.add(port);
            }
        }
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            Faults.about(written.get(i), () -> {
                Ports.Spec spec = Ports.parse(word);
                state.rules().port(word, spec, command);
                keys.addAll(spec.keys());
            });
        }
        state.config().exposedPorts.addAll(keys);
        state.config().metadata("EXPOSE " + GoFormat.list(keys));
    }

    static void volume(StageState state, Command command, Instruction.Volume volume) {
        List<String> paths = new ArrayList<>();
        for (String path : volume.paths()) {
            paths.add(state.expand(path, command));
        }
        if (paths.contains("")) {
            throw new UserFault("VOLUME specified can not be an empty string")
                    .about(volume.paths().get(paths.indexOf("")));
        }
        state.config().volumes.addAll(paths);
        state.config().metadata("VOLUME " + GoFormat.list(paths));
    }

    static void user(StageState state, Command command, Instruction.User user) {
        String name = state.expand(user.user(), command);
        state.config().user = name;
        state.config().metadata("USER " + name);
    }

    static void stopSignal(StageState state, Command command, Instruction.StopSignal stopSignal) {
        String signal = state.expand(stopSignal.signal(), command);
        if (!Signals.isValid(signal)) {
            throw new UserFault("invalid signal: " + signal)
                    .about(signal)
                    .about(stopSignal.signal())
                    .hint("Write a name such as " + nearest(signal) + " or a number.");
        }
        state.config().stopSignal = signal;
        state.config().metadata("STOPSIGNAL " + signal);
    }

    private static String nearest(String signal) {
        return Signals.nearest(signal.toUpperCase(Locale.ROOT)).orElse("SIGTERM");
    }
}
