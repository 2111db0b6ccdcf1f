package dev.drydock.frontend;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.drydock.fault.UserFault;
import dev.drydock.graph.Op;
import java.util.TreeMap;

/** What people write for a repository or a named context is read or refused, and never becomes a flag of git. */
class GitSourceFuzz {
    @FuzzTest
    void address(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        if (!GitSource.isGit(text)) {
            return;
        }
        Op.Git op;
        try {
            op = GitSource.parse(text).op();
        } catch (UserFault _) {
            return; // said with its reason
        }
        if (op.remote().startsWith("-") || op.ref().startsWith("-") || op.ref().startsWith("+")) {
            throw new AssertionError("git would take it for a flag: " + op);
        }
        GitSource again = new GitSource(op.remote(), op.ref(), op.subdir(), new TreeMap<>(op.attributes()));
        if (!again.op().equals(op)) {
            throw new AssertionError("not what was read: " + op);
        }
    }

    @FuzzTest
    void contextName(FuzzedDataProvider data) {
        String name = data.consumeRemainingAsString();
        String key;
        try {
            key = NamedContexts.key(name);
        } catch (UserFault _) {
            return; // said with its reason
        }
        if (!NamedContexts.key(key).equals(key)) {
            throw new AssertionError(name + " is " + key + ", which is " + NamedContexts.key(key));
        }
    }
}
