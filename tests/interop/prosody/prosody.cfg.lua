-- Prosody as a second opinion: the suite must pass here before a failure against Magpie means anything.
-- Directory, ports and domain come from the environment, set by scripts/interop-prosody.sh.
local dir = ENV_INTEROP_DIR

data_path = dir .. "/data"
pidfile = dir .. "/prosody.pid"
certificates = dir
run_as_root = true
log = { { levels = { min = "debug" }, to = "file", filename = dir .. "/prosody.log" } }
plugin_paths = { ENV_INTEROP_PLUGINS }

interfaces = { "127.0.0.1" }
local_interfaces = { "127.0.0.1" }
c2s_ports = { ENV_INTEROP_PORT + 0 }
c2s_direct_tls_ports = { ENV_INTEROP_TLS_PORT + 0 }
http_ports = { ENV_INTEROP_HTTP_PORT + 0 }
https_ports = {}
s2s_ports = {}
s2s_direct_tls_ports = {}

ssl = { key = dir .. "/key.pem", certificate = dir .. "/cert.pem" }
c2s_require_encryption = true
consider_websocket_secure = true
http_paths = { websocket = "/xmpp" }
http_default_host = ENV_INTEROP_DOMAIN

-- Kept plain so that every SCRAM hash can be offered.
authentication = "internal_plain"
storage = "internal"
allow_registration = true
allow_user_registration = true

default_archive_policy = true
archive_expires_after = "never"
max_archive_query_results = 50
smacks_hibernation_time = 60

modules_disabled = { "s2s" }
modules_enabled = {
	"roster", "saslauth", "tls", "disco", "carbons", "pep", "private", "blocklist", "vcard4", "vcard_legacy",
	"version", "uptime", "time", "ping", "register", "mam", "smacks", "csi", "csi_simple", "websocket", "offline",
	"lastactivity", "user_account_management", "advertise_mam",
}

VirtualHost(ENV_INTEROP_DOMAIN)

Component("conference." .. ENV_INTEROP_DOMAIN)("muc")
