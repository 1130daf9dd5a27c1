# Sourced by bench.sh and kill.sh: configurations of a server under test on this machine, in a folder of its own.
# Usage: write_config magpie|prosody FOLDER PORT; sets COMMAND to what runs the server in the foreground.

write_config() {
  local kind=$1 folder=$2 port=$3
  mkdir -p "$folder/data"
  case $kind in
    magpie) magpie_config "$folder" "$port" > "$folder/magpie.toml"
      COMMAND="${MAGPIE:-target/release/magpie} serve --config $folder/magpie.toml" ;;
    prosody) prosody_config "$folder" "$port" > "$folder/prosody.cfg.lua"
      openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
        -keyout "$folder/localhost.key" -out "$folder/localhost.crt" 2> "$folder/openssl.log"
      COMMAND="prosody --config $folder/prosody.cfg.lua -F" ;;
    *) echo "unknown server: $kind" >&2; return 1 ;;
  esac
}

# The archive on, every commit on disk, no rate limits; a password may be sent without TLS on this machine.
magpie_config() {
  cat <<CONFIG
[data]
dir = "$1/data"
[net]
starttls = ["127.0.0.1:$2"]
direct_tls = []
plain_on_loopback = true
connections_per_ip = 20000
max_connections = 20000
connects_per_ip_per_minute = 0
failures_per_minute = 0
stanzas_per_sec = 0
bytes_per_sec = 0
[http]
listen = ["127.0.0.1:$(($2 + 1))"]
private_listen = ["127.0.0.1:$(($2 + 2))"]
[features.registration]
per_ip_per_hour = 0
[log]
level = "warn"
CONFIG
}

# The archive on for everyone, passwords hashed, no limits, files as storage: what Debian's default does, plus what a
# messenger needs.
prosody_config() {
  cat <<CONFIG
run_as_root = true
data_path = "$1/data"
pidfile = "$1/prosody.pid"
interfaces = { "127.0.0.1" }
c2s_ports = { $2 }
s2s_ports = {}
http_ports = {}
https_ports = {}
ssl = { key = "$1/localhost.key", certificate = "$1/localhost.crt" }
modules_enabled = { "roster", "saslauth", "tls", "disco", "ping", "register", "register_ibr", "offline", "mam",
  "smacks", "carbons", "csi", "pep", "blocklist" }
modules_disabled = { "s2s" }
allow_registration = true
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
authentication = "internal_hashed"
storage = "internal"
archive_expires_after = "never"
storage_archive_item_limit = 1000000
default_archive_policy = true
limits = { c2s = { rate = "1000mb/s" } }
log = { warn = "$1/prosody.log" }
VirtualHost "localhost"
Component "conference.localhost" "muc"
  modules_enabled = { "muc_mam" }
CONFIG
}
