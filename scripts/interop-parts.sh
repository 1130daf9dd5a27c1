# What scripts/interop.sh and scripts/interop-prosody.sh share. Sourced; expects $root.
suite=$root/tests/interop
cache=$root/.cache/interop

# Runs the calling script again in a network of its own, so that port 5222 (the only one Smack knows) is free and no
# other server is met. Without the right to do so it goes on in the common network.
in_own_network() {
  [[ -n ${INTEROP_OWN_NETWORK:-} ]] && return
  export INTEROP_OWN_NETWORK=yes
  if unshare --net true 2>/dev/null; then
    exec unshare --net -- bash -c 'ip link set lo up && exec "$@"' own-network "$0" "$@"
  fi
}

# A folder that goes when the script ends, and the server with it.
begin() {
  work=$(mktemp -d "${TMPDIR:-/tmp}/interop-XXXXXX")
  server=
  trap end EXIT
  trap 'exit 130' INT TERM
}

end() {
  local code=$?
  set +e
  if [[ -n $server ]] && kill -0 "$server" 2>/dev/null; then
    kill "$server" 2>/dev/null
    local tries=100
    while kill -0 "$server" 2>/dev/null && ((tries-- > 0)); do sleep 0.1; done
    kill -9 "$server" 2>/dev/null
  fi
  wait "$server" 2>/dev/null
  rm -rf "$work"
  exit "$code"
}

# A certificate for the domain that is its own authority: $work/cert.pem and $work/key.pem.
make_certificate() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj "/CN=$1" \
    -addext "subjectAltName=DNS:$1,IP:127.0.0.1" -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
}

# Waits until the server accepts connections on all these ports; fails when it ends or after 30 seconds.
wait_for_ports() {
  local port deadline=$((SECONDS + 30))
  for port in "$@"; do
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
      if ! kill -0 "$server" 2>/dev/null || ((SECONDS > deadline)); then
        echo "the server does not listen on $port; its log ends:"
        tail -n 20 "$work/server.log"
        return 1
      fi
      sleep 0.05
    done
  done
}

# Runs everything and prints the sum of all parts as the last line. Arguments go to tests/interop/run.py.
# INTEROP_SMACK=no leaves Smack out; INTEROP_LOG=FILE keeps what Smack writes.
run_suites() {
  local sum=0 bad=0 line part code=0
  cd "$suite"
  "$cache/venv/bin/python" run.py --cert "$work/cert.pem" "$@" | tee "$work/clients.txt" || code=1
  parts=("$work/clients.txt")
  if [[ ${INTEROP_SMACK:-yes} == yes ]]; then
    python3 smack/run.py --cert "$work/cert.pem" --lib "$cache/smack/lib" --log "${INTEROP_LOG:-$work/smack.log}" \
      | tee "$work/smack.txt" || code=1
    parts+=("$work/smack.txt")
  fi
  for part in "${parts[@]}"; do
    line=$(tail -n 1 "$part")
    if [[ $line =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
      sum=$((sum + BASH_REMATCH[1]))
      bad=$((bad + BASH_REMATCH[2]))
    else
      bad=$((bad + 1)) # it broke before it could count
    fi
  done
  echo "$sum passed, $bad failed"
  return $((code || bad > 0))
}
