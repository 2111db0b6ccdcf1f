# Sourced by the launcher, the build and quickstart: find_jdk25 prints the home of a JDK 25 or newer, or says what to install.

# Prints the feature release of the JDK in $1, from its release file (no process of that JDK is started).
jdk_feature() {
  [ -r "$1/release" ] && [ -x "$1/bin/java" ] || return 1
  while IFS='=' read -r key value; do
    if [ "$key" = JAVA_VERSION ]; then
      value=${value#\"}
      printf '%s\n' "${value%%[.\"+-]*}"
      return 0
    fi
  done < "$1/release"
  return 1
}

is_jdk25() {
  feature=$(jdk_feature "$1") || return 1
  [ "$feature" -ge 25 ] 2>/dev/null
}

find_jdk25() {
  if [ -n "${JAVA_HOME:-}" ] && is_jdk25 "$JAVA_HOME"; then
    printf '%s\n' "$JAVA_HOME"
    return 0
  fi
  if path_java=$(command -v java 2>/dev/null); then
    home=$(dirname "$(dirname "$(readlink -f "$path_java")")")
    if is_jdk25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  fi
  for home in "${DRYDOCK_JVM_DIR:-/usr/lib/jvm}"/* /opt/java/* /opt/jdk* "${HOME:-/nonexistent}"/.sdkman/candidates/java/*; do
    if is_jdk25 "$home"; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  echo "drydock: find Java: no JDK 25 or newer in JAVA_HOME, on the PATH or in /usr/lib/jvm." >&2
  echo "Install one (for example Eclipse Temurin: https://adoptium.net/installation/) or set JAVA_HOME to one." >&2
  return 1
}
