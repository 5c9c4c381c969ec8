# Sourced by ./mvnw and ./sluice: points JAVA_HOME at the newest JDK of version 21 or later.
# A JAVA_HOME that is already new enough wins. Versions are read from each JDK's `release` file,
# so that looking costs no JVM start.

sluice_jdk_major() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || { echo 0; return; }
  v=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  echo "${v:-0}"
}

sluice_find_jdk() {
  if [ -n "${JAVA_HOME-}" ] && [ "$(sluice_jdk_major "$JAVA_HOME")" -ge 21 ]; then
    sluice_jdk=$(sluice_jdk_major "$JAVA_HOME")
    export JAVA_HOME
    return 0
  fi
  best_home='' best=20
  for home in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home; do
    major=$(sluice_jdk_major "$home")
    if [ "$major" -gt "$best" ]; then
      best=$major
      best_home=$home
    fi
  done
  if [ -z "$best_home" ]; then
    echo "No JDK 21 or newer found; install one (for example Temurin 25, package temurin-25-jdk) or set JAVA_HOME to it." >&2
    return 1
  fi
  JAVA_HOME=$best_home
  sluice_jdk=$best
  export JAVA_HOME
}

sluice_find_jdk || return 1
if [ "${sluice_jdk:-0}" -ge 24 ]; then
  # Maven's own libraries still use sun.misc.Unsafe; without this every build starts with four lines about it.
  export MAVEN_OPTS="${MAVEN_OPTS-} --sun-misc-unsafe-memory-access=allow"
fi
