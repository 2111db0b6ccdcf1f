package dev.drydock.cli.command;

import dev.drydock.cli.render.CallText;
import dev.drydock.cli.render.Excerpt;
import dev.drydock.engine.BuildRequest;
import dev.drydock.engine.Inquiry;
import dev.drydock.fault.DrydockException;
import dev.drydock.frontend.CheckReport;
import dev.drydock.frontend.Frontend.Definition;
import dev.drydock.frontend.SubrequestJson;
import java.io.PrintStream;

/** One question about a Dockerfile, from its request to its exit code. The answer goes to standard output. */
final class CallRun {
    private final Session session;
    private final Call call;

    CallRun(Session session, Call call) {
        this.session = session;
        this.call = call;
    }

    int run(BuildRequest request) throws InterruptedException {
        Inquiry inquiry;
        try {
            inquiry = Inquiry.about(request, session.root());
        } catch (DrydockException fault) {
            return failed(fault, "");
        }
        try {
            int code = answer(inquiry);
            inquiry.unseen()
                    .forEach((image, reason) ->
                            session.err().println("note: the base image " + image + " was not looked at: " + reason));
            return code;
        } catch (DrydockException fault) {
            return failed(fault, excerpt(fault, inquiry.definition()));
        }
    }

    private int answer(Inquiry inquiry) throws InterruptedException {
        boolean json = call.format() == Call.Format.JSON;
        Definition definition = inquiry.definition();
        PrintStream out = session.out();
        switch (call.request()) {
            case CHECK -> {
                return check(inquiry.check(), definition);
            }
            case OUTLINE ->
                out.print(
                        json
                                ? SubrequestJson.of(inquiry.outline(), definition) + "\n"
                                : CallText.outline(inquiry.outline()));
            case TARGETS ->
                out.print(
                        json
                                ? SubrequestJson.of(inquiry.targets(), definition) + "\n"
                                : CallText.targets(inquiry.targets()));
            case DESCRIBE -> out.print(json ? SubrequestJson.describe() + "\n" : CallText.describe());
        }
        return 0;
    }

    private int check(CheckReport report, Definition definition) {
        boolean json = call.format() == Call.Format.JSON;
        session.out()
                .print(
                        json
                                ? SubrequestJson.of(report, definition) + "\n"
                                : CallText.findings(report, definition.text()));
        DrydockException fault = report.fault();
        if (fault != null) {
            session.out().flush();
            session.err().println("ERROR: " + fault.text());
            session.err().println(excerpt(fault, definition));
            Commands.hints(session, fault.hints());
            return 1;
        }
        return report.findings().isEmpty() || call.status() == Call.Status.IGNORED ? 0 : 1;
    }

    private static String excerpt(DrydockException fault, Definition definition) {
        return fault.range().map(range -> Excerpt.of(range, definition.text())).orElse("");
    }

    private int failed(DrydockException fault, String excerpt) {
        session.err().print(excerpt);
        session.err().println("ERROR: failed to build: failed to solve: " + fault.text());
        Commands.hints(session, fault.hints());
        if (session.debug()) {
            fault.printStackTrace(session.err());
        }
        return 1;
    }
}
