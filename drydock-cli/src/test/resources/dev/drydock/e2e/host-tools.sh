# Copies this host's package managers into the root file system $1: enough of each to fetch a package.
set -eu
root=$1

# A file or directory, with the links that lead to it.
add() {
  for path; do
    while [ -L "$path" ]; do
      mkdir -p "$root$(dirname "$path")"
      [ -e "$root$path" ] || [ -L "$root$path" ] || cp -a "$path" "$root$path"
      link=$(readlink "$path")
      case $link in /*) path=$link ;; *) path=$(dirname "$path")/$link ;; esac
    done
    real=$(readlink -f "$path")
    mkdir -p "$root$(dirname "$real")"
    [ -e "$root$real" ] || cp -a "$real" "$root$real"
  done
}

# The shared libraries of programs, but for those below $1.
libraries() {
  own=$1
  shift
  for file; do ldd "$file" 2>/dev/null | awk '/=> \// { print $3 }'; done | sort -u | while read -r library; do
    case $library in "$own"/*) ;; *) add "$library" ;; esac
  done
}

# A shell, what scripts of package managers call, and apt with its keys and sources. Nothing of how this host is configured.
mkdir -p "$root/tmp" "$root/root" "$root/usr/bin" "$root/usr/lib" "$root/usr/sbin" "$root/etc/apt/apt.conf.d" \
  "$root/etc/apt/preferences.d" "$root/etc/apt/trusted.gpg.d" "$root/var/lib/dpkg" "$root/var/lib/apt/lists/partial" \
  "$root/var/cache/apt/archives/partial" "$root/var/log/apt" "$root/usr/local/bin"
chmod 1777 "$root/tmp"
for name in bin sbin lib lib64; do [ ! -L "/$name" ] || { cp -a "/$name" "$root/$name"; mkdir -p "$root/usr/$name"; }; done
: > "$root/var/lib/dpkg/status"
cp /etc/passwd /etc/group /etc/nsswitch.conf "$root/etc/"
for name in sh ls cat mkdir rm touch printf dirname basename uname expr tr sed grep cut head readlink env id sort date stat \
  chmod mv cp rmdir find xargs mktemp cmp comm uniq wc tee awk apt-get apt-key apt-config dpkg gpgv; do
  program=$(command -v -p "$name") || continue
  case $program in /*) add "$program"; libraries / "$(readlink -f "$program")" ;; esac
done
add /usr/lib/apt /usr/share/dpkg
libraries / /usr/lib/apt/methods/* /usr/lib/apt/apt-helper /usr/lib/*/libapt-pkg.so.*
add /etc/ld.so.cache /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 2> /dev/null || :
cp -a /etc/apt/trusted.gpg.d/. "$root/etc/apt/trusted.gpg.d/"
[ ! -d /usr/share/keyrings ] || { mkdir -p "$root/usr/share"; cp -a /usr/share/keyrings "$root/usr/share/"; }
cp -a /etc/apt/sources.list* "$root/etc/apt/" 2> /dev/null || :

python=$(readlink -f /usr/bin/python3)
add /usr/bin/python3 /usr/lib/python3 "/usr/lib/${python##*/}"
libraries / "$python" "/usr/lib/${python##*/}"/lib-dynload/*.so

npm=$(readlink -f "$(command -v npm)")
add "$(command -v node)" "${npm%/npm/bin/*}"
libraries / "$(readlink -f "$(command -v node)")"
ln -sf "$npm" "$root/usr/bin/npm"

go=$(go env GOROOT)
mkdir -p "$root/usr/local/go/pkg/tool" "$root/usr/local/go/src"
for part in bin VERSION go.env; do [ ! -e "$go/$part" ] || cp -aL "$go/$part" "$root/usr/local/go/"; done

# rustup looks for its toolchains in HOME, which may be a test's own
rustup=$(dirname "$(command -v rustc)")/../../.rustup
[ -n "${RUSTUP_HOME:-}" ] || [ ! -d "$rustup" ] || export RUSTUP_HOME="$rustup"
rust=$(rustc --print sysroot)
mkdir -p "$root/opt/rust/bin" "$root/opt/rust/lib"
cp -a "$rust/bin/cargo" "$rust/bin/rustc" "$root/opt/rust/bin/"
cp -a "$rust"/lib/*.so* "$root/opt/rust/lib/"
libraries "$rust" "$rust/bin/cargo" "$rust/bin/rustc"

java=$(readlink -f "$(dirname "$(readlink -f "$(command -v java)")")/..")
mkdir -p "$root$java"
cp -a "$java/." "$root$java/"
rm -rf "$root$java/jmods" "$root$java/lib/src.zip"
find "$java/conf" "$java/lib/security" -type l | while read -r link; do add "$link"; done
libraries "$java" "$java/bin/java" "$java"/lib/*.so
ln -sf "$java/bin/java" "$root/usr/bin/java"
add /usr/share/maven /etc/maven
find /usr/share/maven -type l | while read -r link; do add "$link"; done
ln -sf /usr/share/maven/bin/mvn "$root/usr/bin/mvn"

# What the image trusts: one authority that nobody knows.
own=$(mktemp -d)
trap 'rm -rf "$own"' EXIT
keytool="$java/bin/keytool"
"$keytool" -genkeypair -keystore "$own/store" -storepass changeit -alias own -dname CN=own -keyalg EC -storetype JKS 2>/dev/null
rm -rf "$root/etc/ssl/certs"
mkdir -p "$root/etc/ssl/certs/java"
"$keytool" -exportcert -rfc -keystore "$own/store" -storepass changeit -alias own 2>/dev/null > "$root/etc/ssl/certs/ca-certificates.crt"
"$keytool" -importcert -noprompt -storetype JKS -keystore "$root/etc/ssl/certs/java/cacerts" -storepass changeit -alias own \
  -file "$root/etc/ssl/certs/ca-certificates.crt" 2>/dev/null
rm -f "$root$java/lib/security/cacerts"
ln -s /etc/ssl/certs/java/cacerts "$root$java/lib/security/cacerts"
find "$root/etc/apt" -name '*.list' -o -name '*.sources' | xargs sed -i 's/http:/https:/'
