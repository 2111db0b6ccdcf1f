package dev.drydock.scaffold;

/** The compose file: the application, and a database to be uncommented. */
final class ComposeFile {
    private static final String HEAD = """
            # Written by drydock init. Starts the application, and what it needs, with one command.
            # Reference: https://docs.docker.com/go/compose-spec-reference/

            # The application is the service "server", built from the Dockerfile beside this file. Add others here, such as
            # a database or a cache: https://github.com/docker/awesome-compose has examples.
            services:
              server:
                build:
                  context: .
                  target: {{target}}
            """;

    private static final String PORTS = """
                ports:
                  - {{port}}:{{port}}
            """;

    private static final String DATABASE = """

            # A PostgreSQL database for the application, to be uncommented. `depends_on` makes the application wait until the
            # database answers, `db-data` keeps the data between runs, and the password stands in db/password.txt, which you
            # make before `docker compose up` and keep out of version control. These lines belong to "server" above and to
            # the top level of the file.
            #     depends_on:
            #       db:
            #         condition: service_healthy
            #   db:
            #     image: postgres:18
            #     restart: always
            #     user: postgres
            #     secrets:
            #       - db-password
            #     volumes:
            #       - db-data:/var/lib/postgresql
            #     environment:
            #       - POSTGRES_DB=example
            #       - POSTGRES_PASSWORD_FILE=/run/secrets/db-password
            #     expose:
            #       - 5432
            #     healthcheck:
            #       test: ["CMD", "pg_isready"]
            #       interval: 10s
            #       timeout: 5s
            #       retries: 5
            # volumes:
            #   db-data:
            # secrets:
            #   db-password:
            #     file: db/password.txt
            """;

    private ComposeFile() {}

    /** For a server. */
    static String of(String port, String target) {
        return HEAD.replace("{{target}}", target) + PORTS.replace("{{port}}", port) + DATABASE;
    }

    /** For a program that listens on no port. */
    static String of(String target) {
        return HEAD.replace("{{target}}", target) + DATABASE;
    }
}
